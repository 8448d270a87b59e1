"""Candidates for how frames were turned and scaled: from the magnitudes of their spectra, and by trying angles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from holdstill.contracts import Device, FloatArray
from holdstill.methods.search.start import Start, find_start
from holdstill.transforms.motions import find_warp_motion

__all__ = ["Turns", "compare_spectra", "place_turns", "try_angles"]

N_ANGLES, N_RADII = 180, 96
N_PEAKS = 4
TRIED_ANGLES_DEG = np.arange(-180.0, 180.0, 7.5)
TRIED_SCALES = (0.7, 1.0, 1.4)


@dataclass(frozen=True, eq=False)
class Turns:
    """Candidates for rotation and scale of n frames, each (n, k): ``T = s R`` about the centre."""

    angles: FloatArray
    scales: FloatArray


def place_turns(
    start: Start, binned: NDArray[np.float32], turns: Turns, scaled: bool, device: Device
) -> tuple[FloatArray, FloatArray]:
    """The shift that each candidate leaves: affine coefficients (n, k, 6) in binned px, and peaks' heights (n, k)."""
    n, k = turns.angles.shape
    family, found, heights = find_warp_motion("similarity"), np.zeros((n, k, 6)), np.zeros((n, k))
    turned = np.empty_like(binned)
    finite = np.where(np.isfinite(binned), binned, np.nanmean(binned)).astype(np.float32)
    for j in range(k):
        scales = turns.scales[:, j] if scaled else np.ones(n)
        back = family.warps(np.column_stack([np.zeros((n, 2)), turns.angles[:, j], scales]), 2)
        device.resample_warp(finite, "affine", back, interpolation="linear", edge="nearest", fill=0, out=turned)
        beginning = find_start(start, turned, device)
        # turned(p) = frame(s R p), so that frame(s R (p + shift)) = reference(p)
        shifts = np.einsum("nij,nj->ni", back.reshape(n, 2, 3)[:, :, 1:], beginning.shifts)
        found[:, j], heights[:, j] = back, beginning.peak_z
        found[:, j, [0, 3]] = shifts
    return found, heights


def try_angles(start: Start, binned: NDArray[np.float32], scaled: bool) -> Turns:
    """A grid of angles all round and, if frames may be scaled, of scales."""
    angles, scales = np.meshgrid(np.deg2rad(TRIED_ANGLES_DEG), TRIED_SCALES if scaled else (1.0,))
    shape = (len(binned), angles.size)
    return Turns(np.broadcast_to(angles.ravel(), shape), np.broadcast_to(scales.ravel(), shape))


def compare_spectra(start: Start, binned: NDArray[np.float32]) -> Turns:
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
    return Turns(angles, scales)


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
