"""scikit-image: its tests of phase and masked correlation, on its own pictures."""

from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from scipy import ndimage

import holdstill as hs
from tests.peers.comparing import assert_no_worse, rms

data = pytest.importorskip("skimage.data")
registration = pytest.importorskip("skimage.registration")


def shifted(picture: np.ndarray, shift: tuple[float, ...]) -> np.ndarray:
    """As its tests shift: by the Fourier transform, around the border."""
    return np.asarray(np.fft.ifftn(ndimage.fourier_shift(np.fft.fftn(picture), shift)).real)


@pytest.mark.parametrize("shift", [(-7.0, 12.0), (-2.4, 1.32)])
def test_the_camera_shifted(shift: tuple[float, float]) -> None:
    picture = data.camera().astype(float)[100:356, 100:356]
    frame = shifted(picture, shift)
    theirs = registration.phase_cross_correlation(picture, frame, upsample_factor=100)[0]
    own = hs.align(picture, frame, motion="translation")
    assert own.ok.all()
    # what wraps around is no part of the specimen: it costs a hundredth of a pixel
    assert rms(own.shifts[0] - np.array(shift)) < max(rms(theirs + np.array(shift)), 0.02)


def test_a_volume_of_random_numbers_shifted() -> None:
    volume = ndimage.gaussian_filter(np.random.default_rng(0).random((24, 48, 48)), 1)
    reg = hs.align(volume, np.roll(volume, (2, -3, 5), (0, 1, 2)), motion="translation")
    assert reg.ok.all()
    np.testing.assert_allclose(reg.shifts[0], (2, -3, 5), atol=0.02)


def test_its_masked_pair(shared_data: Path) -> None:
    """The name of the file says the shift: 75 px each."""
    folder = shared_data / "skimage_masked"
    moving, fixed = (imagecodecs.imread(folder / f"{name}X75Y75.png") for name in ("Original", "Transformed"))
    frame = np.where(moving > 0, moving, np.nan).astype(np.float32)
    estimator = hs.estimators.MaskedCorrelation(max_shift=120, min_overlap=0.1, subpixel="none")
    reg = estimator.fit(frame[None].repeat(2, axis=0), fixed, mask=fixed > 0)
    theirs = registration.phase_cross_correlation(
        fixed, moving, reference_mask=fixed != 0, moving_mask=moving != 0, overlap_ratio=0.1
    )[0]
    np.testing.assert_array_equal(theirs, (-75, 75))
    np.testing.assert_array_equal(reg.estimates[0], -theirs)


def test_a_masked_part_moves_on_its_own() -> None:
    """Of its tests: what a mask leaves out does not decide."""
    picture = data.camera()[100:300, 100:300].astype(np.float32)
    frame, mask = np.roll(picture, (4, -9), (0, 1)), np.zeros(picture.shape, bool)
    mask[40:160, 40:160] = True
    frame[170:] = 255
    reg = hs.estimators.MaskedCorrelation(max_shift=20).fit(np.stack([frame, frame]), picture, mask=mask)
    theirs = registration.phase_cross_correlation(picture, frame, reference_mask=mask, moving_mask=mask)[0]
    assert reg.ok.all()
    assert_no_worse(rms(reg.shifts[0] - np.array([4, -9])), rms(theirs + np.array([4, -9])) + 0.05)
