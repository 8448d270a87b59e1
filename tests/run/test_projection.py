"""Steering by projections of volumes."""

from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

import holdstill as hs
from holdstill.errors import InputError
from holdstill.io.array import ArraySource
from holdstill.run.projection import ProjectedSource


@pytest.fixture(scope="module")
def volumes() -> np.ndarray:
    """Blobs at different depths; all planes move alike, sideways."""
    rng = np.random.default_rng(4)
    spots = np.zeros((7, 90, 100))
    spots[tuple(rng.integers(0, n, 120) for n in spots.shape)] = rng.uniform(4e4, 9e4, 120)
    still = ndimage.gaussian_filter(spots, (1, 2, 2)) + 20
    moved = [ndimage.shift(still, (0, 0.7 * t, -0.4 * t), order=3, mode="nearest") for t in range(6)]
    return rng.poisson(np.maximum(moved, 0)).astype(np.uint16)


@pytest.mark.parametrize("kind", ["max", "mean"])
@pytest.mark.parametrize("motion", ["translation", "rigid", "similarity", "affine"])
def test_sideways_motion(volumes: np.ndarray, kind: str, motion: str) -> None:
    reg = hs.register(volumes, axes="TZYX", project=kind, motion=motion, reference="first")
    truth = np.stack([np.zeros(6), 0.7 * np.arange(6), -0.4 * np.arange(6)], axis=1)
    np.testing.assert_allclose(reg.shifts, truth, atol=0.1)
    assert reg.motion == ("affine" if motion == "similarity" else motion)
    assert reg.frame_shape == volumes.shape[1:]
    assert not reg.shifts[:, 0].any()
    assert (reg.shift_errors[1:, 1:] > 0).all()
    assert not reg.shift_errors[:, 0].any()
    still = reg.apply(volumes, axes="TZYX").astype(float)[:, :, 10:80, 10:90]
    assert np.corrcoef(still[0].ravel(), still[5].ravel())[0, 1] > 0.9


def test_with_bins_and_files(volumes: np.ndarray, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", volumes)
    reg = hs.correct(
        tmp_path / "a.npy", tmp_path / "out.ome.tif", axes="TZYX", project="max", bin=2, reference="first", crop=True
    )
    np.testing.assert_allclose(reg.shifts[:, 1], 0.7 * np.arange(6), atol=0.1)
    with hs.open(tmp_path / "out.ome.tif") as source:
        assert source.info.shape == (6, 7, *(box.stop - box.start for box in reg.coverage[1:]))


def test_what_does_not_go(volumes: np.ndarray) -> None:
    with pytest.raises(InputError, match="project='median' is unknown; choose max or mean"):
        hs.register(volumes, axes="TZYX", project="median")
    with pytest.raises(InputError, match="has no z axis to project along"):
        hs.register(volumes[:, 0], project="max")
    for motion in ("projective", "planes-z"):
        with pytest.raises(InputError, match=f"'{motion}' does not go with project; choose translation"):
            hs.register(volumes, axes="TZYX", project="max", motion=motion)


@pytest.mark.parametrize("dtype", [np.uint16, np.float64])
def test_pixels_of_projections(dtype: type) -> None:
    """Greatest values keep their type; means are float32, whatever they are of."""
    volumes = np.random.default_rng(0).integers(0, 9, (3, 2, 4, 5, 6)).astype(dtype)
    source = ArraySource(volumes, axes="TCZYX")
    for kind, expected in (("max", volumes.max(axis=2)), ("mean", volumes.mean(axis=2, dtype=np.float64))):
        projected = ProjectedSource(source, kind)
        assert (projected.info.axes, projected.info.shape) == ("TCYX", (3, 2, 5, 6))
        assert projected.info.dtype == (dtype if kind == "max" else np.float32)
        found = projected.read(1, 3)
        assert found.dtype == projected.info.dtype
        np.testing.assert_allclose(found, expected[1:], rtol=1e-6)
        np.testing.assert_array_equal(projected.read(1, 3, channel=1), found[:, 1:])
