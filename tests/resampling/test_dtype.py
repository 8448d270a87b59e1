"""Values beyond the range of the movie's dtype: clamped and counted, or kept as float32."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from holdstill.errors import UnknownName
from holdstill.result.registration import Registration
from holdstill.transforms.trajectory import Trajectory


@pytest.fixture
def half_shift() -> tuple[Registration, np.ndarray]:
    """A bright square on black, to be shifted by half a pixel: cubic interpolation goes below zero beside it."""
    movie = np.zeros((3, 24, 24), np.uint16)
    movie[:, 8:16, 8:16] = 60000
    return Registration.of_trajectory(Trajectory.of("translation", np.full((3, 2), 0.5), (24, 24))), movie


def test_float32_keeps_what_would_be_clamped(half_shift: tuple[Registration, np.ndarray], tmp_path: Path) -> None:
    found, movie = half_shift
    whole, kept = found.apply(movie), found.apply(movie, dtype="float32")
    assert (whole.dtype, kept.dtype) == (np.uint16, np.float32)
    assert kept.min() < -100
    assert kept.max() > 65535
    np.testing.assert_array_equal(np.rint(kept).clip(0, 65535).astype(np.uint16), whole)
    found.apply(movie, dtype="float32", out=tmp_path / "still.ome.tif")
    np.testing.assert_array_equal(tifffile.imread(tmp_path / "still.ome.tif"), kept)


def test_fill_may_be_nan_in_float32(half_shift: tuple[Registration, np.ndarray]) -> None:
    found, movie = half_shift
    assert np.isnan(found.apply(movie, dtype="float32", fill=np.nan)[:, -1]).all()


def test_other_dtypes_are_refused(half_shift: tuple[Registration, np.ndarray]) -> None:
    found, movie = half_shift
    with pytest.raises(UnknownName, match="choose float32"):
        found.apply(movie, dtype="uint8")
