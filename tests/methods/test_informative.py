"""Beside a reference of few frames, regions whose slopes are mostly noise are left out, and shifts are more exact."""

import numpy as np
import pytest

from holdstill.contracts import NoiseModel, Reference
from holdstill.devices.cpu import CpuDevice
from holdstill.estimators import Direct
from holdstill.evaluation.presets import texture
from holdstill.methods.likelihood import sharp
from holdstill.methods.likelihood.denoise import denoise_reference
from holdstill.methods.likelihood.informative import find_informative

NOISE = NoiseModel(gain=0.0, read_variance=100.0)
BEADS = np.array([(30.0, 41.0), (102.0, 77.0), (55.0, 120.0)])


def show_beads(shift: tuple[float, float] = (0.0, 0.0), shape: tuple[int, int] = (150, 170)) -> np.ndarray:
    """Three dim beads on a wide dark field, without noise: peaks of three standard deviations of a pixel."""
    y, x = np.ogrid[: shape[0], : shape[1]]
    beads = [np.exp(-((y - b - shift[0]) ** 2 + (x - a - shift[1]) ** 2) / 12) for b, a in BEADS]
    return np.asarray(500 + 30 * np.sum(beads, axis=0), np.float32)


def add_noise(image: np.ndarray, seed: int) -> np.ndarray:
    return (image + 10 * np.random.default_rng(seed).standard_normal(image.shape)).astype(np.float32)


def test_around_the_beads_pixels_count_and_on_the_dark_field_they_do_not() -> None:
    denoised = denoise_reference(Reference(image=add_noise(show_beads(), 0), noise=NOISE, n_averaged=1), NOISE)
    chosen = find_informative(denoised, NOISE)
    assert chosen is not None
    assert chosen.shape == denoised.image.shape
    assert chosen[tuple(BEADS.astype(int).T)].all()
    assert chosen.mean() < 0.35


def test_dim_beads_are_placed_more_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    shifts = np.random.default_rng(1).uniform(-2, 2, (24, 2))
    frames = np.stack([add_noise(show_beads(tuple(shift)), 10 + n) for n, shift in enumerate(shifts)])
    errors = []
    for is_asked in (True, False):
        if not is_asked:
            monkeypatch.setattr(sharp, "find_informative", lambda denoised, noise: None)
        squares = []
        for seed in range(4):
            reference = Reference(image=add_noise(show_beads(), 1000 + seed), noise=NOISE, n_averaged=1)
            method, device = Direct(max_shift=6), CpuDevice()
            found = method.estimate(method.prepare(reference, device), frames, device).parameters - shifts
            squares.append(np.square(found - np.median(found, axis=0)))  # where the reference's own beads seem to lie
        errors.append(np.sqrt(np.median(squares)))
    assert errors[0] < 0.85 * errors[1]


@pytest.mark.parametrize("n_averaged", [1, 400, np.inf])
def test_of_a_specimen_that_fills_the_image_all_pixels_count(n_averaged: float) -> None:
    light = texture((96, 96)).intensity((0.0, 0.0))
    image = np.asarray(500 + 60 * (light - light.mean()) / light.std(), np.float32)
    noisy = Reference(image=add_noise(image, 3), noise=NOISE, n_averaged=n_averaged)
    assert find_informative(denoise_reference(noisy, NOISE), NOISE) is None


def test_of_nothing_but_noise_nothing_is_chosen_at_the_border_of_a_mask_or_beyond() -> None:
    mask = np.zeros((61, 64), bool)
    mask[10:50, 7:] = True
    empty = Reference(image=add_noise(np.full(mask.shape, 500, np.float32), 4), mask=mask, noise=NOISE, n_averaged=1)
    chosen = find_informative(denoise_reference(empty, NOISE), NOISE)
    assert chosen is None or not (chosen & ~mask).any()


def test_a_bead_in_a_volume() -> None:
    z = np.exp(-((np.arange(7) - 3.0) ** 2) / 2)[:, None, None]
    volume = (500 + (show_beads() - 500) * 2 * z).astype(np.float32)
    denoised = denoise_reference(Reference(image=add_noise(volume, 5), noise=NOISE, n_averaged=1), NOISE)
    chosen = find_informative(denoised, NOISE)
    assert chosen is not None
    assert chosen.shape == volume.shape
    assert chosen[3][tuple(BEADS.astype(int).T)].all()
