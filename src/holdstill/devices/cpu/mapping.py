"""Coordinates of a row of pixels under a map, as whole and fractional parts; see `holdstill.transforms.mapping`."""

from __future__ import annotations

from typing import Any

import numpy as np

from holdstill.devices.cpu.compiling import part, row_kernel

__all__ = ["AFFINE", "BILINEAR", "PROJECTIVE", "codes", "is_straight", "map_row", "run_end", "split_row", "unmap_row"]

AFFINE, PROJECTIVE, BILINEAR = 0, 1, 2
codes = {"affine": AFFINE, "projective": PROJECTIVE, "bilinear": BILINEAR}

NEWTON_STEPS = 6
# splines of 512 x 512 px: 0.6 ms in runs of 30 px, 1.4 in those of 4, 1.8 in those of 3, and 1.8 gathered
MIN_RUN = 4
# pixels whose neighbours are looked at together, vectors of them: 0.07 ms of 512 x 512 px, one by one 0.16
BLOCK = 32


@part
def map_row(kind: int, warp: Any, centre: Any, line: Any, points: Any, divisor: Any) -> None:
    """Where the map takes the pixels of a row; `line` is its (z,) y less the centre's, `points` (ndim, n) from 0."""
    ndim, n = points.shape
    last = ndim - 1
    width = ndim + 2 if kind == BILINEAR else ndim + 1
    for i in range(ndim):
        row = warp[i * width : (i + 1) * width]
        start = row[0]
        for j in range(last):
            start += row[1 + j] * line[j]
        slope = row[ndim]
        if kind == BILINEAR:
            slope += row[ndim + 1] * line[0]
        for x in range(n):
            points[i, x] = start + slope * (x - centre[last])
    if kind == PROJECTIVE:
        tilt = warp[ndim * width :]
        start = 1.0
        for j in range(last):
            start += tilt[j] * line[j]
        for x in range(n):
            divisor[x] = 1.0 / (start + tilt[last] * (x - centre[last]))
        for i in range(ndim):
            for x in range(n):
                points[i, x] *= divisor[x]
    for i in range(ndim):
        for x in range(n):
            points[i, x] += centre[i]


@part
def unmap_row(warp: Any, centre: Any, line: Any, points: Any) -> None:
    """Points that a bilinear map takes to the pixels of a row; Newton steps start where its neighbours point."""
    d0, d1 = line[0], -centre[1]
    ahead0, ahead1 = 0.0, 1.0
    for x in range(points.shape[1]):
        last0, last1 = d0, d1
        if x:
            d0 += ahead0
            d1 += ahead1
        for _ in range(NEWTON_STEPS if x else 4 * NEWTON_STEPS):
            r0 = warp[0] + warp[1] * d0 + warp[2] * d1 + warp[3] * d0 * d1 - line[0]
            r1 = warp[4] + warp[5] * d0 + warp[6] * d1 + warp[7] * d0 * d1 - (x - centre[1])
            a, b = warp[1] + warp[3] * d1, warp[2] + warp[3] * d0
            c, d = warp[5] + warp[7] * d1, warp[6] + warp[7] * d0
            scale = 1.0 / (a * d - b * c)
            step0, step1 = (d * r0 - b * r1) * scale, (a * r1 - c * r0) * scale
            d0 -= step0
            d1 -= step1
            if step0 * step0 + step1 * step1 < 1e-14:
                break
        if x:
            ahead0, ahead1 = d0 - last0, d1 - last1
        points[0, x], points[1, x] = d0 + centre[0], d1 + centre[1]


@part
def split_row(points: Any, shape: Any, strides: Any, first: int, index: Any, fractions: Any, inside: Any) -> bool:
    """Flat index of the first tap, `first` pixels past the point's own, fractions, and 1 where a point is inside.

    Points outside are moved to the border, so that whatever is looked up there exists. Returns whether any is inside.
    """
    ndim, n = points.shape
    for x in range(n):
        inside[x] = np.float32(1)
        index[x] = np.int32(0)
    for i in range(ndim):
        top, stride = float(shape[i] - 1), np.int32(strides[i])
        for x in range(n):
            p = points[i, x]
            bounded = min(max(p, 0.0), top)
            inside[x] = inside[x] if p == bounded else np.float32(0)
            base = np.floor(bounded)
            fractions[i, x] = np.float32(bounded - base)
            index[x] += (np.int32(base) + np.int32(first)) * stride
    count = np.float32(0)
    for x in range(n):
        count += inside[x]
    return bool(count > 0)


@row_kernel
def _count_breaks(before: Any, here: Any) -> Any:
    """How many pixels do not lie beside the one before."""
    breaks = np.int32(0)
    for x in range(here.size):
        breaks += np.int32(here[x] - before[x] != np.int32(1))
    return breaks


@part
def is_straight(index: Any) -> bool:
    """Whether neighbours of a row mostly lie side by side, so that runs of them are worth their while.

    Up to about 12 degrees of rotation they do; loading runs is up to three times as fast as gathering.
    """
    return int(_count_breaks(index[:-1], index[1:])) * MIN_RUN < index.size


@part
def run_end(index: Any, start: int) -> int:
    """Where the run of side-by-side pixels that begins at `start` ends; looked for by whole vectors first."""
    stop = start + 1
    while stop + BLOCK <= index.size:
        if _count_breaks(index[stop - 1 : stop - 1 + BLOCK], index[stop : stop + BLOCK]) > 0:
            break
        stop += BLOCK
    while stop < index.size and index[stop] - index[stop - 1] == 1:
        stop += 1
    return stop
