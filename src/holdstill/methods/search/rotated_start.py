"""Where to begin when frames may be turned or scaled: as a shift, else by Fourier-Mellin, else by trying angles.

Each way is tried only for the frames that the one before left with a poor fit, so that the usual small rotations cost
no more than a shift.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from holdstill.contracts import Device, FloatArray, Frames, NoiseModel
from holdstill.devices.interpolation import make_spline
from holdstill.methods.likelihood.gauss_newton import Level
from holdstill.methods.likelihood.warp_newton import WarpFit, refine_warps
from holdstill.methods.search.start import Start, find_start
from holdstill.transforms.motions import WarpFamily, find_warp_motion

__all__ = ["blur_levels", "coarse_warps", "fit_binned", "fourier_mellin"]

COARSE_STEPS = 6
# a fit that the noise explains, or that correlates so well, is where it belongs
GOOD_CHI_SQUARE, GOOD_SCORE, FAIR_SCORE = 1.5, 0.9, 0.7
# blurred images, sd in binned px, let fits that begin far off find their way
BLURS = (6.0, 3.0, 1.5)
N_ANGLES, N_RADII = 180, 96
N_PEAKS = 2
TRIED_ANGLES_DEG = np.arange(-180.0, 180.0, 7.5)
TRIED_SCALES = (0.7, 1.0, 1.4)


@dataclass(frozen=True, eq=False)
class _Turn:
    """Candidates for rotation and scale of n frames, each (n, k): ``T = s R`` about the centre."""

    angles: FloatArray
    scales: FloatArray


def coarse_warps(
    level: Level,
    blurs: tuple[Level, ...],
    start: Start,
    binned: NDArray[np.float32],
    motion: WarpFamily,
    shape: tuple[int, ...],
    mean: float,
    device: Device,
    cutoff: float,
) -> tuple[WarpFit, FloatArray]:
    """Fit of binned frames, and by how many standard deviations the peak of each stood out, (n,)."""
    factors = np.array(level.factors, float)
    found = find_start(start, binned, device)
    peak_z = found.peak_z
    fit = fit_binned(level, binned, motion, shape, _as_parameters(motion, found.shifts * factors), mean, device, cutoff)
    for turned, score in ((_fourier_mellin, GOOD_SCORE), (_every_angle, FAIR_SCORE)):
        poor = np.flatnonzero((fit.chi_square > GOOD_CHI_SQUARE) & (fit.score < score))
        if len(shape) == 3 or not len(poor):
            break
        frames = np.ascontiguousarray(binned[poor])
        turn = turned(start, frames)
        parameters, heights = _best_turn(start, frames, turn, motion, level.factors, device)
        other = fit_binned(level, frames, motion, shape, parameters, mean, device, cutoff, blurs)
        better = other.score > fit.score[poor]
        peak_z[poor[better]] = heights[better]
        fit.replace_rows(poor[better], other.rows(np.flatnonzero(better)))
    return fit, peak_z


def fit_binned(
    level: Level, binned: Frames, motion: WarpFamily, shape: tuple[int, ...], parameters: FloatArray, mean: float,
    device: Device, cutoff: float, blurs: tuple[Level, ...] = ()
) -> WarpFit:  # fmt: skip
    """A fit of binned frames that begins at given parameters, through blurred levels if there are any."""
    fit = WarpFit.start(motion, shape, parameters, mean)
    for blurred, sd in zip(blurs, BLURS, strict=False):
        images = ndimage.gaussian_filter(binned, (0, *(sd for _ in shape)), mode="nearest")
        refine_warps(device, blurred, images, fit, cutoff=np.inf, max_iterations=COARSE_STEPS, accuracy=0.5)
    refine_warps(device, level, binned, fit, cutoff=cutoff, max_iterations=COARSE_STEPS, accuracy=0.5)
    return fit


def blur_levels(level: Level, coarse: NDArray[np.float32]) -> tuple[Level, ...]:
    """The binned reference, NaN where it does not count, ever less blurred."""
    known = np.isfinite(coarse)
    if not known.any():
        return ()
    made = []
    for sd in BLURS:
        weight = ndimage.gaussian_filter(known.astype(np.float32), sd, mode="nearest")
        image = ndimage.gaussian_filter(np.where(known, coarse, 0), sd, mode="nearest")
        made.append(
            Level(
                level.factors,
                make_spline(np.where(weight > 0.5, image / np.maximum(weight, 0.5), np.nan)),
                NoiseModel(read_variance=level.noise.read_variance),
            )
        )
    return tuple(made)


def _as_parameters(motion: WarpFamily, shifts: FloatArray) -> FloatArray:
    """Parameters of mere shifts, (n, ndim) px."""
    ndim = shifts.shape[1]
    parameters = np.tile(motion.identity(ndim), (len(shifts), 1))
    parameters[:, :ndim] = shifts
    return parameters


def _parameters_near(motion: WarpFamily, shifts: FloatArray, angles: FloatArray, scales: FloatArray) -> FloatArray:
    """Parameters of a motion nearest to shift, rotation and scale."""
    similar = find_warp_motion("similarity").warps(np.column_stack([shifts, angles, scales]), 2)
    return motion.parameters(motion.widen_affine(similar), 2)


def fourier_mellin(
    start: Start, binned: NDArray[np.float32], motion: str, factors: tuple[int, ...], device: Device
) -> tuple[FloatArray, FloatArray]:
    """Parameters (n, n_params) of a rigid or similar motion of binned frames, and the height of each peak, (n,)."""
    return _best_turn(start, binned, _fourier_mellin(start, binned), find_warp_motion(motion), factors, device)


def _best_turn(
    start: Start, binned: NDArray[np.float32], turn: _Turn, motion: WarpFamily, factors: tuple[int, ...], device: Device
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """Of each frame's candidates the one whose peak stands out most when turned back; parameters, and that height."""
    n, k = turn.angles.shape
    rigid, best, heights = find_warp_motion("similarity"), np.zeros((n, 4)), np.full(n, -np.inf)
    scaled = not motion.keeps_size
    turned = np.empty_like(binned)
    finite = np.where(np.isfinite(binned), binned, np.nanmean(binned)).astype(np.float32)
    for j in range(k):
        scales = turn.scales[:, j] if scaled else np.ones(n)
        back = np.column_stack([np.zeros((n, 2)), turn.angles[:, j], scales])
        device.resample_warp(
            finite, "affine", rigid.warps(back, 2), interpolation="linear", edge="nearest", fill=0, out=turned
        )
        beginning = find_start(start, turned, device)
        shifts, height = beginning.shifts, beginning.peak_z
        # turned(p) = frame(s R p), so that frame(s R (p + shift)) = reference(p)
        linear = rigid.warps(back, 2).reshape(n, 2, 3)[:, :, 1:]
        found = np.column_stack([np.einsum("nij,nj->ni", linear, shifts), turn.angles[:, j], scales])
        higher = height > heights
        best[higher], heights[higher] = found[higher], height[higher]
    shifts = best[:, :2] * np.array(factors, float)
    return _parameters_near(motion, shifts, best[:, 2], best[:, 3]), heights


def _every_angle(start: Start, binned: NDArray[np.float32]) -> _Turn:
    angles, scales = np.meshgrid(np.deg2rad(TRIED_ANGLES_DEG), TRIED_SCALES)
    shape = (len(binned), angles.size)
    return _Turn(np.broadcast_to(angles.ravel(), shape), np.broadcast_to(scales.ravel(), shape))


def _fourier_mellin(start: Start, binned: NDArray[np.float32]) -> _Turn:
    """Rotation and scale from the magnitudes of the spectra (Reddy and Chatterji, IEEE TIP 5:1266, 1996).

    Magnitudes do not tell a half turn from none, so that each peak gives two candidates.
    """
    fixed = _log_polar(start.local[None], start)
    moving = _log_polar(binned, start)
    cross = fft.rfft2(moving) * np.conj(fft.rfft2(fixed))
    surfaces = fft.irfft2(cross / np.maximum(np.abs(cross), 1e-12) ** 0.5, s=moving.shape[1:])
    n, step = len(binned), _radius_step(start.shape)
    angles, scales = np.empty((n, 2 * N_PEAKS)), np.empty((n, 2 * N_PEAKS))
    for row, surface in enumerate(surfaces):
        for k in range(N_PEAKS):
            a, r = np.unravel_index(int(surface.argmax()), surface.shape)
            surface[np.ix_((a + np.arange(-4, 5)) % N_ANGLES, (r + np.arange(-3, 4)) % (2 * N_RADII))] = -np.inf
            turn = np.pi * a / N_ANGLES
            stretch = np.exp(-step * ((r + N_RADII) % (2 * N_RADII) - N_RADII))
            angles[row, 2 * k : 2 * k + 2] = turn, turn + np.pi
            scales[row, 2 * k : 2 * k + 2] = np.clip(stretch, 0.4, 2.5)
    return _Turn(angles, scales)


def _radius_step(shape: tuple[int, ...]) -> float:
    """Step of the logarithm of the radius, from 4 cycles to the highest."""
    return float(np.log(min(shape) / 2 / 4.0) / (N_RADII - 1))


def _log_polar(images: NDArray[np.float32], start: Start) -> NDArray[np.float32]:
    """Logarithms of spectral magnitudes over angle (half a turn) and log radius, padded along the radius."""
    height, width = start.shape
    filled = np.where(np.isfinite(images), images, 0) - np.nanmean(images, axis=(1, 2), keepdims=True)
    spectra = np.log1p(np.abs(np.fft.fftshift(fft.fft2(filled * start.window, workers=1), axes=(1, 2))))
    theta = np.pi * np.arange(N_ANGLES) / N_ANGLES
    radius = 4.0 * np.exp(_radius_step(start.shape) * np.arange(N_RADII))
    # frequency along each axis in cycles per px, so that images need not be square
    y = height // 2 + np.outer(np.cos(theta), radius) * height / min(start.shape)
    x = width // 2 + np.outer(np.sin(theta), radius) * width / min(start.shape)
    made = np.zeros((len(images), N_ANGLES, 2 * N_RADII), np.float32)
    for n, spectrum in enumerate(spectra):
        polar = ndimage.map_coordinates(ndimage.gaussian_filter(spectrum, 0.7), [y, x], order=1, mode="nearest")
        polar -= polar.mean(axis=0)  # what all directions share tells nothing of rotation, and little of scale
        made[n, :, :N_RADII] = polar
    return made
