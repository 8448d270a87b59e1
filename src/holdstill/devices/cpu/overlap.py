"""Correlation in the overlap at whole-pixel shifts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray
from holdstill.devices.cpu.compiling import inner, kernel

__all__ = ["overlap_correlation"]


@inner
def _row_sums(a: Any, b: Any, s: Any) -> None:
    sa = sb = aa = bb = ab = np.float32(0)
    for i in range(a.size):
        sa += a[i]
        sb += b[i]
        aa += a[i] * a[i]
        bb += b[i] * b[i]
        ab += a[i] * b[i]
    s[0] += sa
    s[1] += sb
    s[2] += aa
    s[3] += bb
    s[4] += ab


@inner
def _correlate(frame: Any, reference: Any, dz: int, dy: int, dx: int) -> float:
    """Equals `PlainDevice.overlap_correlation` within 1e-4, for images whose mean is small beside their contrast."""
    depth, height, width = frame.shape
    s = np.zeros(5)
    x0, x1 = max(0, dx), min(width, width + dx)
    y0, y1 = max(0, dy), min(height, height + dy)
    z0, z1 = max(0, dz), min(depth, depth + dz)
    count = max(0, x1 - x0) * max(0, y1 - y0) * max(0, z1 - z0)
    if count < 2:
        return -1.0
    for z in range(z0, z1):
        for y in range(y0, y1):
            _row_sums(frame[z, y, x0:x1], reference[z - dz, y - dy, x0 - dx : x1 - dx], s)
    va = s[2] - s[0] * s[0] / count
    vb = s[3] - s[1] * s[1] / count
    if va <= 1e-6 * s[2] or vb <= 1e-6 * s[3]:
        return -1.0
    return (s[4] - s[0] * s[1] / count) / np.sqrt(va * vb)


@kernel
def _loop(frames: Any, reference: Any, shifts: Any, scores: Any) -> None:
    for n in range(shifts.shape[0]):
        for k in range(shifts.shape[1]):
            s = shifts[n, k]
            scores[n, k] = _correlate(frames[n], reference, s[0], s[1], s[2])


def overlap_correlation(
    frames: NDArray[np.float32], reference: NDArray[np.float32], shifts: NDArray[np.int64]
) -> FloatArray:
    """See `Device.overlap_correlation`."""
    scores = np.empty(shifts.shape[:2])
    if reference.ndim == 2:
        shifts = np.pad(shifts, ((0, 0), (0, 0), (1, 0)))
        frames, reference = frames[:, None], reference[None]
    # centred on the reference's mean: one-pass sums in float32 would lose a small contrast on a high pedestal
    centre = reference.mean(dtype=np.float64).astype(np.float32)
    _loop(np.ascontiguousarray(frames) - centre, np.ascontiguousarray(reference) - centre, shifts, scores)
    return scores
