"""Pixels without noise, clipped, binary: what everyday preparations leave."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

import holdstill as hs
from holdstill.evaluation.pictures import clip_background, dead_leaves, rectangle

WHOLE = np.array([[0.0, 0.0], [2.0, 3.0], [5.0, 7.0], [-4.0, 1.0]])


def _roll(image: np.ndarray, dtype: type) -> np.ndarray:
    return np.stack([np.roll(image, shift.astype(int), axis=(0, 1)) for shift in WHOLE]).astype(dtype)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize("reference", ["image", "template"])
def test_a_rectangle(dtype: type, reference: str) -> None:
    """1 and 5 px off, ok, sigma 0: every pixel that differed was taken for an outlier."""
    movie = _roll(rectangle((64, 64)), dtype)
    reg = hs.register(movie, reference=movie[0] if reference == "image" else "template")
    np.testing.assert_allclose(reg.shifts, WHOLE, atol=1e-3)
    assert reg.ok.all()


def _spots(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    shifts = np.vstack([np.zeros(2), rng.uniform(-6, 6, (n - 1, 2))])
    points, heights = rng.uniform(0, 128, (60, 2)), rng.uniform(700, 4000, 60)
    frames = np.empty((n, 96, 96))
    for frame, shift in zip(frames, shifts, strict=True):
        rows, columns = np.arange(96.0)[:, None], np.arange(96.0)
        frame[:] = 20
        for (y, x), height in zip(points - 16 + shift, heights, strict=True):
            frame += height / 14 * np.exp(-0.5 * ((rows - y) ** 2 + (columns - x) ** 2) / 1.5**2)
    return frames, shifts


@pytest.mark.parametrize("reference", [0, "template"])
def test_a_background_that_was_subtracted_and_clipped(reference: int | str) -> None:
    """Half of the frames up to 3.6 px off: the dark shows no noise, and the bright seemed to be outliers."""
    frames, shifts = _spots(8)
    noisy = np.random.default_rng(1).poisson(frames).astype(float)
    reg = hs.register(clip_background(noisy, 25).astype(np.uint16), reference=reference)
    assert reg.ok.all()
    np.testing.assert_allclose(reg.shifts - reg.shifts[0], shifts, atol=0.08)


@pytest.mark.parametrize("top", [1, 255])
def test_masks(top: int) -> None:
    """2.2 px off, or all `saturated`."""
    frames, shifts = _spots(6)
    reg = hs.register(((frames > 60) * top).astype(np.uint8), reference=0)
    assert reg.ok.all()
    np.testing.assert_allclose(reg.shifts, shifts, atol=0.25)
    assert (np.abs(reg.shifts - shifts) < 5 * reg.errors + 1e-6).all()


def _near_copies() -> dict[str, np.ndarray]:
    image = np.rint(dead_leaves((96, 80), seed=4))
    one, row = image.copy(), image.copy()
    one[40, 30] += 1
    row[-1] = row[0]
    noisy = np.clip(np.rint(image + np.random.default_rng(0).normal(size=image.shape)), 0, 255)
    return {"itself": image, "one pixel": one, "last row": row, "one grey level of noise": noisy}


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("changed", ["itself", "one pixel", "last row", "one grey level of noise"])
@pytest.mark.parametrize("motion", ["translation", "affine"])
def test_the_reference_against_itself(dtype: type, changed: str, motion: str) -> None:
    image = _near_copies()["itself"].astype(dtype)
    reg = hs.align(image, _near_copies()[changed].astype(dtype), motion=motion)
    assert reg.ok.all()
    assert np.abs(reg.shifts).max() < (1e-3 if changed == "itself" else 0.01)


def test_frames_free_of_noise_against_the_first() -> None:
    """The reference against itself was found 40 px off."""
    picture = ndimage.gaussian_filter(np.random.default_rng(5).normal(size=(96, 96)), 2.5)
    movie = np.stack([picture, *(np.roll(picture, k, axis=1) for k in (1, 2))])[:, :, 8:-8].astype(np.float32)
    reg = hs.register(movie, reference=movie[0])
    assert reg.ok.all()
    np.testing.assert_allclose(reg.shifts, [[0, 0], [0, 1], [0, 2]], atol=2e-3)
