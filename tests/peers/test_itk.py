"""ITK: the brain slices of its registration examples, shifted by 13 and 17 px, turned by 10 degrees."""

from pathlib import Path

import imagecodecs
import numpy as np
import pytest

import holdstill as hs

BORDER = "Border20"


def read(folder: Path, kind: str) -> np.ndarray:
    return np.asarray(np.atleast_3d(imagecodecs.imread(folder / f"BrainProtonDensitySlice{kind}.png"))[..., 0])


@pytest.mark.parametrize("method", ["direct", "phase_correlation", "cross_correlation", "masked_correlation"])
def test_the_shifted_brain(method: str, shared_data: Path) -> None:
    folder = shared_data / "itk_brain"
    reg = hs.align(read(folder, BORDER), read(folder, "Shifted13x17y"), motion="translation", method=method)
    assert reg.ok.all()
    np.testing.assert_allclose(reg.shifts[0], (17, 13), atol=0.01 if method == "direct" else 0.05)


@pytest.mark.parametrize("method", ["direct", "features"])
def test_the_turned_brain(method: str, shared_data: Path) -> None:
    folder = shared_data / "itk_brain"
    reg = hs.align(read(folder, BORDER), read(folder, "Rotated10"), motion="rigid", method=method)
    assert reg.ok.all()
    assert abs(np.rad2deg(reg.parameters[0, 2])) == pytest.approx(10, abs=0.05)
