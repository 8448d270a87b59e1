"""Images at halved resolutions, and what all methods of flow ask of them: their slopes, the frame where a flow says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.devices.cpu.compiling import kernel
from holdstill.methods.flow.stencils import cubic, slope
from holdstill.methods.flow.volumes import (
    differentiate_volume,
    double_volume,
    halve_volume,
    linearise_volume,
    warp_volume,
)

__all__ = ["Level", "double_flow", "linearise", "make_level", "make_pyramid", "warp_frame"]

# the coarsest image has no side below that
LEAST_PX = 16
# a pixel of a halved image shows something if so much of what it is made of does
SHOWN = 0.5


@dataclass(frozen=True, eq=False)
class Level:
    """The reference at one resolution.

    Attributes
    ----------
    image : ndarray of float32, ([z,] y, x)
        NaN where nothing is known.
    slopes : ndarray of float32, (ndim, [z,] y, x)
        Along all axes; NaN beside what is not known.
    """

    image: NDArray[np.float32]
    slopes: NDArray[np.float32]


def make_pyramid(image: NDArray[np.float32], n_levels: int = 0) -> list[NDArray[np.float32]]:
    """The image and its halves, from fine to coarse; point p of one is p / 2 of the next.

    Volumes are halved as long as their planes can be, along z only where there are enough of them.
    """
    found = [np.ascontiguousarray(image, np.float32)]
    while (min(found[-1].shape[-2:]) >= 2 * LEAST_PX) if not n_levels else len(found) < n_levels:
        fine = found[-1]
        if fine.ndim == 3:
            axes = tuple(axis for axis, n in enumerate(fine.shape) if axis or n >= 2 * LEAST_PX)
            half = np.ascontiguousarray(halve_volume(fine, axes))
        else:
            half = np.empty(((fine.shape[0] + 1) // 2, (fine.shape[1] + 1) // 2), np.float32)
            _halve(fine, half)
        found.append(half)
    return found


def make_level(image: NDArray[np.float32]) -> Level:
    """The image with its slopes."""
    if image.ndim == 3:
        return Level(image, differentiate_volume(image))
    slopes = np.empty((2, *image.shape), np.float32)
    _differentiate(image, slopes)
    return Level(image, slopes)


def double_flow(flow: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """A flow of a halved image, (ndim, [z,] y, x), as that of the image of this shape."""
    if len(shape) == 3:
        return double_volume(flow, shape)
    fine = np.empty((2, *shape), np.float32)
    _double(flow, fine)
    return fine


def warp_frame(frame: NDArray[np.float32], flow: NDArray[np.float32], warped: NDArray[np.float32]) -> None:
    """Fill `warped` with the frame where a flow, (ndim, [z,] y, x), takes each pixel of the reference.

    NaN beyond the outermost pixels of the frame.
    """
    (warp_volume if frame.ndim == 3 else _warp_plane)(frame, flow, warped)


def linearise(
    image: NDArray[np.float32], slopes: NDArray[np.float32], warped: NDArray[np.float32], moved: NDArray[np.float32],
    rest: NDArray[np.float32], steep: NDArray[np.float32]
) -> None:  # fmt: skip
    """Fill `rest` with how frame and reference differ, and `steep` with the mean of their slopes.

    None of either where one is not known. `moved`, as `steep`, is room for the warped frame's slopes.
    """
    if image.ndim == 3:
        linearise_volume(image, slopes, warped, rest, steep)
    else:
        _linearise_plane(image, slopes, warped, moved, rest, steep)


@kernel
def _halve(fine: Any, half: Any) -> None:
    """Binomial weights (1, 4, 6, 4, 1) about every second pixel, of those that are known."""
    rows, columns = fine.shape
    weights = (1.0, 4.0, 6.0, 4.0, 1.0)
    sums, counts = np.empty(columns, np.float32), np.empty(columns, np.float32)
    for i in range(half.shape[0]):
        sums[:], counts[:] = 0.0, 0.0
        for k in range(-2, 3):
            y, weight = 2 * i + k, np.float32(weights[k + 2])
            if y < 0 or y >= rows:
                continue
            for x in range(columns):
                value = fine[y, x]
                known = np.float32(0.0) if np.isnan(value) else weight
                sums[x] += known * (np.float32(0.0) if np.isnan(value) else value)
                counts[x] += known
        for j in range(half.shape[1]):
            total, count = 0.0, 0.0
            for k in range(-2, 3):
                x = 2 * j + k
                if 0 <= x < columns:
                    total += weights[k + 2] * sums[x]
                    count += weights[k + 2] * counts[x]
            half[i, j] = total / count if count > SHOWN * 36.0 else np.nan


@kernel
def _differentiate(image: Any, slopes: Any) -> None:
    """Slopes along y and x; at the border of those pixels that there are."""
    rows, columns = image.shape
    for y in range(rows):
        a, b, c, d = (
            image[max(y - 2, 0)],
            image[max(y - 1, 0)],
            image[min(y + 1, rows - 1)],
            image[min(y + 2, rows - 1)],
        )
        line = image[y]
        down, along = slopes[0, y], slopes[1, y]
        for x in range(columns):
            down[x] = slope(a[x], b[x], c[x], d[x])
        for x in range(2, columns - 2):
            along[x] = slope(line[x - 2], line[x - 1], line[x + 1], line[x + 2])
        for x in (0, 1, columns - 2, columns - 1):
            along[x] = slope(
                line[max(x - 2, 0)], line[max(x - 1, 0)], line[min(x + 1, columns - 1)], line[min(x + 2, columns - 1)]
            )


@kernel
def _double(flow: Any, fine: Any) -> None:
    """Twice the flow, linear between pixels."""
    rows, columns = flow.shape[1:]
    for k in range(2):
        for y in range(fine.shape[1]):
            i = min(y // 2, rows - 1)
            below = min(i + y % 2, rows - 1)
            for x in range(fine.shape[2]):
                j = min(x // 2, columns - 1)
                right = min(j + x % 2, columns - 1)
                fine[k, y, x] = np.float32(0.5) * (
                    flow[k, i, j] + flow[k, i, right] + flow[k, below, j] + flow[k, below, right]
                )


@kernel
def _warp_plane(frame: Any, flow: Any, warped: Any) -> None:
    """The frame where a flow, (2, y, x), takes each pixel of the reference; NaN beyond its outermost pixels."""
    rows, columns = frame.shape
    for y in range(warped.shape[0]):
        for x in range(warped.shape[1]):
            at_y, at_x = np.float32(y) + flow[0, y, x], np.float32(x) + flow[1, y, x]
            if not (at_y >= 0 and at_x >= 0 and at_y <= rows - 1 and at_x <= columns - 1):
                warped[y, x] = np.nan
                continue
            i, j = min(int(at_y), rows - 2), min(int(at_x), columns - 2)
            a0, a1, a2, a3 = cubic(at_y - np.float32(i))
            b0, b1, b2, b3 = cubic(at_x - np.float32(j))
            if i >= 1 and j >= 1 and i < rows - 2 and j < columns - 2:
                total = np.float32(0.0)
                for k, a in enumerate((a0, a1, a2, a3)):
                    line = frame[i - 1 + k]
                    total += a * (b0 * line[j - 1] + b1 * line[j] + b2 * line[j + 1] + b3 * line[j + 2])
                warped[y, x] = total
            else:
                s, t = at_y - np.float32(i), at_x - np.float32(j)
                above = frame[i, j] + t * (frame[i, j + 1] - frame[i, j])
                under = frame[i + 1, j] + t * (frame[i + 1, j + 1] - frame[i + 1, j])
                warped[y, x] = above + s * (under - above)


@kernel
def _linearise_plane(image: Any, slopes: Any, warped: Any, moved: Any, rest: Any, steep: Any) -> None:
    """How frame and reference differ, (y, x), and the mean of their slopes; none of either where one is not known.

    `moved`, (2, y, x), is room for the warped frame's slopes.
    """
    _differentiate(warped, moved)
    half = np.float32(0.5)
    for y in range(image.shape[0]):
        for x in range(image.shape[1]):
            gy, gx = half * (slopes[0, y, x] + moved[0, y, x]), half * (slopes[1, y, x] + moved[1, y, x])
            miss = warped[y, x] - image[y, x]
            if np.isnan(gy + gx + miss):
                gy, gx, miss = np.float32(0.0), np.float32(0.0), np.float32(0.0)
            steep[0, y, x], steep[1, y, x], rest[y, x] = gy, gx, miss
