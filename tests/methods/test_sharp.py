from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from holdstill.contracts import Estimates, NoiseModel, Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.devices.interpolation import make_fine_spline
from holdstill.evaluation.pictures import dead_leaves, move_picture
from holdstill.methods.direct import Direct
from holdstill.methods.likelihood.gauss_newton import Fit, refine
from holdstill.methods.likelihood.interpolants import (
    find_fine_coefficients,
    move_by_sinc,
    predict_bias,
    predict_fine_bias,
)
from holdstill.methods.likelihood.sharp import Versions

DEVICE = CpuDevice()
SHIFTS = np.array([[0.25, -1.3], [2.4, 0.7], [-1.75, 2.2], [1.0, -2.0]])


def _register(fixed: np.ndarray, frames: np.ndarray, guess: float, n: float = 1.0) -> Estimates:
    noise = NoiseModel(read_variance=guess)
    state = Direct().prepare(Reference(image=fixed.astype(np.float32), noise=noise, n_averaged=n), DEVICE)
    return Direct().estimate(state, frames.astype(np.float32), DEVICE)


def _scene(noise: float, seed: int = 0, size: int = 112) -> tuple[np.ndarray, np.ndarray]:
    picture, rng = dead_leaves((size + 64, size + 64), seed), np.random.default_rng(seed)
    images = np.stack([move_picture(picture, shift, (size, size)) for shift in [np.zeros(2), *SHIFTS]])
    images += noise * rng.normal(size=images.shape)
    return images[0], images[1:]


@pytest.mark.parametrize("noise", [0.0, 1.0, 3.0])
def test_sharp_pictures_are_not_biased(noise: float) -> None:
    """0.01 to 0.02 px and up to a hundred error bars off, when splines interpolated and the guess of noise filtered."""
    fixed, frames = _scene(noise)
    found = _register(fixed, frames, guess=max(9.0, noise**2))
    error = found.parameters - SHIFTS
    assert np.sqrt(np.mean(error**2)) < 0.002
    assert found.verdicts == (Verdict.OK,) * 4
    if noise:
        assert np.sqrt(np.mean((error / found.errors) ** 2)) < 2.0


def test_pictures_that_splines_moved_are_found_exactly() -> None:
    picture = dead_leaves((150, 150), 2)
    frames = np.stack([ndimage.shift(picture, shift, order=3, mode="mirror") for shift in SHIFTS])
    cut = (slice(None), slice(15, -15), slice(15, -15))
    found = _register(picture[15:-15, 15:-15], frames[cut], guess=20.0)
    np.testing.assert_allclose(found.parameters, SHIFTS, atol=5e-4)


def test_bias_is_predicted() -> None:
    fixed, frames = _scene(0.0, seed=3)
    spline_only = Direct().prepare(
        Reference(image=fixed.astype(np.float32), noise=NoiseModel(read_variance=1e4)), DEVICE
    )
    found = Direct().estimate(spline_only, frames.astype(np.float32), DEVICE)
    expected = predict_bias(fixed.astype(np.float32))
    assert (expected > 0.003).all()
    assert (np.abs(found.parameters - SHIFTS).max(axis=0) < 2 * expected).all()
    assert (predict_bias(ndimage.gaussian_filter(fixed, 2).astype(np.float32)) < 1e-4).all()


@pytest.mark.parametrize("waves_per_px", [0.3, 0.4, 0.45])
def test_bias_of_a_fine_spline_is_predicted(waves_per_px: float) -> None:
    """Beside the wave itself, moved by an eighth of a px, where the plain spline is far off."""
    x = np.arange(256.0)
    wave, moved = (np.cos(2 * np.pi * waves_per_px * (x - s))[None].repeat(64, 0) for s in (0.0, 0.125))
    wave = (wave + 0.3 * wave.T[:64, :64].mean()).astype(np.float32)
    reference = Reference(image=wave, noise=NoiseModel(read_variance=1e-8), n_averaged=np.inf)
    version = Versions(reference, NoiseModel(read_variance=1e-8), 6.0)[0]
    frame, off = moved[None].astype(np.float32), []
    for level in (version.level, version.fine):
        at = [frame, level.spline, np.array([[0.0, 0.125]]), np.ones(1), np.zeros(1), NoiseModel(), np.full(1, np.inf)]
        sums = DEVICE.direct_sums(*at)
        off.append(abs(sums.right[0, 1] / sums.normal[0, 1, 1]))
    assert off[1] < max(1.5 * predict_fine_bias(wave)[1], 2e-4)
    assert off[1] < off[0] / 8


def test_bias_of_sparse_spots_is_that_of_their_light() -> None:
    """By the power spectrum alone it was told four times as large: most of it is where there is no light to weigh."""
    noise, at = NoiseModel(gain=1.0, read_variance=4.0), np.random.default_rng(2).uniform(20, 76, (12, 2))
    shifts = np.array([[0.0, 0.0], [0.25, 0.0], [0.0, 0.25], [0.25, 0.5], [0.5, 0.25]])
    points, places = np.moveaxis(np.indices((96, 96)), 0, -1)[:, :, None], (shifts[:, None] + at)[:, None, None]
    light = np.exp(-0.5 * np.square((points - places) / 1.2).sum(axis=-1)).sum(axis=-1)
    reference, *frames = (1000 * light + 10).astype(np.float32)
    shifts = shifts[1:]
    version = Direct().prepare(Reference(image=reference, noise=noise, n_averaged=np.inf), DEVICE).versions[0]
    fit = Fit.start(shifts)
    fit.offsets[:] = version.mean
    refine(DEVICE, version.level, np.stack(frames), fit, cutoff=np.inf, max_iterations=5, accuracy=1e-3)
    off = np.abs(fit.shifts - shifts).max(axis=0)
    assert (off > 0.7 * version.bias).all()
    assert (off < 1.4 * version.bias).all()


def test_the_long_kernel_moves_what_is_smooth_by_what_it_should() -> None:
    """One tap more on one side moved slow waves, and all that is smooth, by 0.0015 px."""
    y, x = np.meshgrid(np.arange(64.0), np.arange(80.0), indexing="ij")
    image = np.sin(0.03 * y + 0.4) + np.cos(0.02 * x)
    moved = move_by_sinc(image.astype(np.float32), np.array([0.5, 0.25]))
    off = moved - np.sin(0.03 * (y + 0.5) + 0.4) - np.cos(0.02 * (x + 0.25))
    assert np.abs(off[17:-17, 17:-17] / 0.03).max() < 2e-4


def test_the_long_kernel_moves_waves_exactly() -> None:
    x = np.arange(200.0)
    wave = np.cos(0.8 * np.pi * x)[None].repeat(40, 0).astype(np.float32)
    moved = move_by_sinc(wave, np.array([0.0, 0.3]))
    np.testing.assert_allclose(moved[20, 40:-40], np.cos(0.8 * np.pi * (x + 0.3))[40:-40], atol=2e-3)


def _versions(n: float, guess: float = 9.0) -> tuple[Versions, np.ndarray]:
    picture, rng = dead_leaves((112, 112), 3), np.random.default_rng(3)
    image = picture + np.sqrt(guess / n) * rng.normal(size=picture.shape)
    reference = Reference(image=image.astype(np.float32), noise=NoiseModel(read_variance=guess), n_averaged=n)
    return Versions(reference, NoiseModel(read_variance=guess), 6.0), image


@pytest.mark.parametrize("n", [1.0, 4.0, 30.0])
def test_frames_that_may_show_less_noise_are_looked_at_again(n: float) -> None:
    """Whatever lies close to the reference as it is, a third of the noise away, passes; the first version is near."""
    versions, image = _versions(n)
    rng = np.random.default_rng(4)
    for share in (0.0, 0.1, 0.3):
        frame = image + np.sqrt(share * 9.0 * (1 + 1 / n)) * rng.normal(size=image.shape)
        chi_square = np.array([np.mean((frame - versions[0].image) ** 2) / 9.0])
        assert versions.may_be_closer(chi_square).all()
    assert versions.may_be_closer(np.array([np.nan, np.inf])).all()


def test_a_frame_of_which_a_third_is_not_known_lies_on_itself() -> None:
    """Found 0.03 px beside itself: what filtering took out of all of the reference was sought in two thirds of it."""
    fixed, _ = _scene(0.0, size=64)
    fixed[:21] = 0.0
    frame = np.where(np.arange(64)[:, None] < 21, np.nan, fixed)[None]
    found = _register(fixed, frame, guess=300.0)
    assert found.verdicts == (Verdict.OK,)
    assert np.abs(found.parameters).max() < 1e-3


def test_frames_with_the_noise_that_was_told_are_not() -> None:
    versions, _ = _versions(30.0)
    assert 0 < versions.distance < 1 / 30
    assert not versions.may_be_closer(np.array([0.85, 1.0, 4.0])).any()


@pytest.mark.parametrize("shape", [(61, 97), (140, 90)])
def test_fine_coefficients_are_those_of_the_spline_through_what_the_long_kernel_makes(shape: tuple[int, int]) -> None:
    image = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    values = np.empty([2 * n - 1 for n in shape], np.float32)
    for y, x in np.ndindex(2, 2):
        part = move_by_sinc(image, np.array([0.5 * y, 0.5 * x]))
        values[y::2, x::2] = part[: shape[0] - y, : shape[1] - x]
    expected = make_fine_spline(values, np.ones(shape, bool)).coefficients
    found = find_fine_coefficients(image)
    assert found.shape == expected.shape
    inside = np.s_[:, :, 26:-26, 26:-26]
    np.testing.assert_allclose(found[inside], expected[inside], atol=3e-6)
    # the taps of the long kernel are one more on one side, so that borders are not quite mirrored half way
    np.testing.assert_allclose(found, expected, atol=1e-3)


def test_rough_estimates_are_good_enough_for_averages() -> None:
    fixed, frames = _scene(1.0)
    reference = Reference(image=fixed.astype(np.float32), noise=NoiseModel(read_variance=9.0), n_averaged=1.0)
    state, seen = Direct().prepare(reference, DEVICE), frames.astype(np.float32)
    exact, rough = Direct().estimate(state, seen, DEVICE), Direct().estimate_roughly(state, seen, DEVICE)
    assert rough.verdicts == exact.verdicts == (Verdict.OK,) * 4
    off, at_best = (np.sqrt(np.mean((one.parameters - SHIFTS) ** 2)) for one in (rough, exact))
    assert at_best < off < 0.05
