"""Thumbnails over all rotations, and scales where that is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import fft, ndimage

from holdstill.contracts import FloatArray
from holdstill.methods.sections.local import FloatImage, Picture

__all__ = ["CLUSTER_DEG", "SCALES", "Candidate", "find_shift", "search_rotations"]

STEP_DEG = 6.0
SCALES = (0.5, 0.6, 0.7, 0.85, 1.0, 1.18, 1.4, 1.7, 2.0)
# rotations nearer than this are one cluster
CLUSTER_DEG = 15.0
CLUSTER_SCALE = 1.3
N_CLUSTERS = 6


@dataclass(frozen=True, eq=False)
class Candidate:
    """A rotation with the shift at which thumbnails correlate best.

    Attributes
    ----------
    warp : ndarray of float64, (6,)
        Affine coefficients of the map from fixed to moving thumbnail.
    height : float
        Correlation of the locally normalised thumbnails, of what both show over what each shows.
    angle_deg, scale : float
    """

    warp: FloatArray
    height: float
    angle_deg: float
    scale: float


def search_rotations(fixed: Picture, moving: Picture, scales: tuple[float, ...] = (1.0,)) -> list[Candidate]:
    """The best candidate of each cluster of rotations of planes, best first; of several sizes."""
    found = [one for scale in scales for one in _turn(fixed, moving, scale)]
    found.sort(key=lambda one: -one.height)
    chosen: list[Candidate] = []
    for one in found:
        if not any(_is_near(one, other) for other in chosen):
            chosen.append(one)
        if len(chosen) == N_CLUSTERS:
            break
    return chosen


def find_shift(fixed: Picture, moving: Picture) -> FloatArray:
    """Affine coefficients of the shift at which the pictures correlate best, not turned."""
    return next(_turn(fixed, moving, 1.0)).warp


def _is_near(one: Candidate, other: Candidate) -> bool:
    apart = abs(one.angle_deg - other.angle_deg) % 360
    ratio = max(one.scale / other.scale, other.scale / one.scale)
    return min(apart, 360 - apart) < CLUSTER_DEG and ratio < CLUSTER_SCALE


def _turn(fixed: Picture, moving: Picture, scale: float) -> Iterator[Candidate]:
    """One candidate for each angle: ``moving(scale R d)`` over ``fixed(d)``."""
    side = int(np.ceil(np.hypot(moving.shape[0], moving.shape[1]) / scale)) + 2
    lengths = [fft.next_fast_len(n + side, True) for n in fixed.shape]
    ours = [(np.conj(fft.rfft2(layer.values, lengths)), _energy(layer.values)) for layer in fixed.layers]
    middle, centre = (np.array(fixed.shape) - 1) / 2, (np.array(moving.shape) - 1) / 2
    for angle in np.arange(0.0, 360.0, STEP_DEG):
        turn = np.deg2rad(angle)
        linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        offset = centre - linear @ np.full(2, (side - 1) / 2)
        surface = np.zeros(lengths, np.float32)
        for layer, (spectrum, energy) in zip(moving.layers, ours, strict=True):
            turned = ndimage.affine_transform(layer.values, linear, offset, (side, side), order=1, cval=0.0)
            product = fft.irfft2(fft.rfft2(turned, lengths) * spectrum, lengths)
            surface += product / max(float(np.sqrt(energy * _energy(turned))), 1e-9)
        peak = np.array(np.unravel_index(int(surface.argmax()), surface.shape))
        shift = np.where(peak >= side, peak - np.array(lengths), peak)
        # fixed(p) lies over turned(p + shift), that is moving(linear (p + shift) + offset)
        target = linear @ (middle + shift) + offset - middle
        warp = np.column_stack([target, linear]).ravel()
        yield Candidate(warp, float(surface.max()) / len(ours), float(angle), scale)


def _energy(image: FloatImage) -> float:
    return float(np.square(image, dtype=np.float64).sum())
