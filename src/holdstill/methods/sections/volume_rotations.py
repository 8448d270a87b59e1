"""Thumbnails of volumes over all rotations."""

from __future__ import annotations

import itertools

import numpy as np
import scipy  # loads `scipy.spatial` when volumes are turned: it takes 70 ms
from scipy import fft, ndimage

from holdstill.contracts import FloatArray
from holdstill.methods.sections.local import FloatImage, Picture

__all__ = ["measure_angle", "search_volume_rotations"]

# as evenly as can be they are 25 degrees from each other, and hardly any lies further than 22 from the nearest
N_ROTATIONS = 600
# and none of those near the way the volumes lie is further off than 6
NEAR_DEG = 10.0
# rotations nearer than this are one cluster
CLUSTER_DEG = 30.0
N_CLUSTERS = 8
PSI = 1.533751168755204288118041


def search_volume_rotations(
    fixed: Picture, moving: Picture, scales: tuple[float, ...] = (1.0,), *, may_turn: bool = True
) -> list[FloatArray]:
    """Affine coefficients, (12,), of the best candidate of each cluster of rotations and sizes, best first."""
    turns = list_rotations() if may_turn else np.eye(3)[None]
    lengths = [fft.next_fast_len(n + n // 2, True) for n in fixed.shape]
    spectra = [np.conj(fft.rfftn(layer.values, lengths)) for layer in fixed.layers]
    tried = [
        (scale, turn, *_place(fixed, moving, scale * turn, spectra, lengths)) for scale in scales for turn in turns
    ]
    tried.sort(key=lambda one: -one[3])
    chosen: list[tuple[float, FloatArray, FloatArray]] = []
    for scale, turn, warp, _ in tried:
        if not any(scale == size and measure_angle(turn, other) < CLUSTER_DEG for size, other, _ in chosen):
            chosen.append((scale, turn, warp))
        if len(chosen) == N_CLUSTERS:
            break
    return [warp for _, _, warp in chosen]


def list_rotations() -> FloatArray:
    """Rotation matrices, (n, 3, 3): none, small ones about each axis, and all others evenly.

    Super-Fibonacci spirals: Alexa, CVPR 2022.
    """
    k = np.arange(N_ROTATIONS) + 0.5
    inner, outer = np.sqrt(k / N_ROTATIONS), np.sqrt(1 - k / N_ROTATIONS)
    one, two = 2 * np.pi * k / np.sqrt(2), 2 * np.pi * k / PSI
    quaternions = np.stack([inner * np.sin(one), inner * np.cos(one), outer * np.sin(two), outer * np.cos(two)], axis=1)
    near = np.deg2rad(NEAR_DEG) * np.array(sorted(itertools.product((-1, 0, 1), repeat=3), key=np.linalg.norm), float)
    rotation = scipy.spatial.transform.Rotation
    return np.concatenate([rotation.from_rotvec(near).as_matrix(), rotation.from_quat(quaternions).as_matrix()])


def _place(
    fixed: Picture, moving: Picture, linear: FloatArray, spectra: list[FloatArray], lengths: list[int]
) -> tuple[FloatArray, float]:
    """Coefficients of the shift at which the turned volume correlates best, and how well, of what both show."""
    own, other = (np.array(picture.factors, np.float64) for picture in (fixed, moving))
    turn = linear * own / other[:, None]  # of pixels of thumbnails, which need not be cubes
    middle, centre = (np.array(fixed.shape) - 1) / 2, (np.array(moving.shape) - 1) / 2
    offset, product = centre - turn @ middle, np.zeros((), np.complex64)
    for layer, ours, spectrum in zip(moving.layers, fixed.layers, spectra, strict=True):
        turned = ndimage.affine_transform(layer.values, turn, offset, fixed.shape, order=1, cval=0.0)
        energy = max(float(np.sqrt(_energy(ours.values) * _energy(layer.values))), 1e-9)
        product = product + fft.rfftn(turned, lengths) * spectrum / np.float32(energy)
    surface = fft.irfftn(product, lengths)
    peak = np.array(np.unravel_index(int(surface.argmax()), surface.shape))
    # middles lie half a volume apart at most; beyond that, shifts go round
    shift = np.where(peak > np.array(lengths) // 2, peak - np.array(lengths), peak)
    # fixed(p) lies over turned(p + shift), that is moving(turn (p + shift) + offset)
    return np.column_stack([turn @ shift, turn]).ravel(), float(surface.max())


def _energy(image: FloatImage) -> float:
    return float(np.square(image, dtype=np.float64).sum())


def measure_angle(one: FloatArray, other: FloatArray) -> float:
    """Degrees between two rotations, of planes or volumes."""
    turned = np.trace(one.T @ other) - (len(one) - 2)
    return float(np.rad2deg(np.arccos(np.clip(turned / 2, -1, 1))))
