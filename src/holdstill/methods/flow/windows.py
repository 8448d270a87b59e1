"""Flow that explains each window by least squares: iterative Lucas and Kanade.

Lucas and Kanade, IJCAI 1981; Le Besnerais and Champagnat, Dense optical flow by iterative local window registration,
ICIP 2005.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.devices.cpu.compiling import kernel, row_kernel
from holdstill.methods.flow.levels import Level, linearise, warp_frame
from holdstill.methods.flow.volumes import solve_windows

__all__ = ["Windows", "refine_in_windows"]


@dataclass(frozen=True, kw_only=True)
class Windows:
    """How large windows are, and how often their contents are matched.

    Attributes
    ----------
    radius : int
        Px on either side of the middle.
    n_warps : int
        At each resolution.
    stiffness : float
        Added to the squared slopes, for images of slope one: what shows less keeps the flow that it has.
    """

    radius: int = 7
    n_warps: int = 5
    stiffness: float = 1e-3


def refine_in_windows(level: Level, frame: NDArray[np.float32], flow: NDArray[np.float32], settings: Windows) -> None:
    """Improve a flow, (ndim, [z,] y, x), in place."""
    shape = level.image.shape
    warped, rest = np.empty(shape, np.float32), np.empty(shape, np.float32)
    moved, steep = np.empty_like(flow), np.empty_like(flow)
    products, rows = np.empty((5, *shape[-2:]), np.float32), np.empty((5, shape[-1]), np.float32)
    for _ in range(settings.n_warps):
        warp_frame(frame, flow, warped)
        linearise(level.image, level.slopes, warped, moved, rest, steep)
        if level.image.ndim == 3:
            solve_windows(flow, rest, steep, settings.radius, settings.stiffness)
            continue
        _solve(flow, rest, steep, products, rows, settings.radius, np.float32(settings.stiffness))


@row_kernel
def _multiply(gy: Any, gx: Any, rest: Any, u: Any, v: Any, yy: Any, yx: Any, xx: Any, by: Any, bx: Any) -> None:
    """Products of one row, the right side for the flow as a whole."""
    for x in range(rest.size):
        miss = gy[x] * u[x] + gx[x] * v[x] - rest[x]
        yy[x], yx[x], xx[x] = gy[x] * gy[x], gy[x] * gx[x], gx[x] * gx[x]
        by[x], bx[x] = gy[x] * miss, gx[x] * miss


@kernel
def _sum_along(products: Any, y: int, radius: int, line: Any) -> None:
    """Sums over windows of row `y` of all products, side by side: alone, each addition waits for the one before."""
    n = products.shape[2]
    for k in range(5):
        line[k, :] = products[k, y]
    a, b, c, d, e = np.float32(0.0), np.float32(0.0), np.float32(0.0), np.float32(0.0), np.float32(0.0)
    for x in range(-radius, n):
        if x + radius < n:
            to = x + radius
            a, b, c, d, e = a + line[0, to], b + line[1, to], c + line[2, to], d + line[3, to], e + line[4, to]
        if x > radius:
            of = x - radius - 1
            a, b, c, d, e = a - line[0, of], b - line[1, of], c - line[2, of], d - line[3, of], e - line[4, of]
        if x >= 0:
            products[0, y, x], products[1, y, x], products[2, y, x] = a, b, c
            products[3, y, x], products[4, y, x] = d, e


@row_kernel
def _change(sums: Any, line: Any, sign: Any) -> None:
    for x in range(line.size):
        sums[x] += sign * line[x]


@row_kernel
def _settle(yy: Any, yx: Any, xx: Any, by: Any, bx: Any, stiffness: Any, u: Any, v: Any) -> None:
    """The flow of one row from the sums of its windows."""
    for x in range(u.size):
        a, c = yy[x] + stiffness, xx[x] + stiffness
        b, p, q = yx[x], by[x] + stiffness * u[x], bx[x] + stiffness * v[x]
        inverse = np.float32(1.0) / (a * c - b * b)
        u[x], v[x] = (c * p - b * q) * inverse, (a * q - b * p) * inverse


@kernel
def _solve(flow: Any, rest: Any, steep: Any, products: Any, sums: Any, radius: int, stiffness: Any) -> None:
    """The flow that explains each window best, from sums that run down the image; `products` and `sums` are room."""
    rows, columns = rest.shape
    line = np.empty((5, columns), np.float32)
    for y in range(rows):
        _multiply(
            steep[0, y], steep[1, y], rest[y], flow[0, y], flow[1, y], products[0, y], products[1, y], products[2, y],
            products[3, y], products[4, y],
        )  # fmt: skip
        _sum_along(products, y, radius, line)
    sums[:] = np.float32(0.0)
    area = np.float32((2 * radius + 1) ** 2)
    for y in range(min(radius, rows)):
        for k in range(5):
            _change(sums[k], products[k, y], np.float32(1.0))
    for y in range(rows):
        for k in range(5):
            if y + radius < rows:
                _change(sums[k], products[k, y + radius], np.float32(1.0))
            if y - radius - 1 >= 0:
                _change(sums[k], products[k, y - radius - 1], np.float32(-1.0))
        _settle(sums[0], sums[1], sums[2], sums[3], sums[4], stiffness * area, flow[0, y], flow[1, y])
