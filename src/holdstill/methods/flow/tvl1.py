"""Flow of least total variation that explains the frame by absolute differences (TV-L1).

Zach, Pock and Bischof, A duality based approach for realtime TV-L1 optical flow, DAGM 2007; the medians between warps
after Wedel et al., An improved algorithm for TV-L1 optical flow, 2009.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.devices.cpu.compiling import inner, kernel, row_kernel
from holdstill.methods.flow.levels import Level, linearise, warp_frame
from holdstill.methods.flow.volumes import descend_volume, take_medians

__all__ = ["TotalVariation", "refine_by_variation"]

# the dual may step by one over twice the number of axes
TIGHTNESS, DUAL_STEP = 0.3, 0.5
# steps of the iteration that follow each other row by row, while those rows are in the cache
AT_A_TIME = 10
# below that square of a slope there is nothing to go by
FLAT = 1e-12


@dataclass(frozen=True, kw_only=True)
class TotalVariation:
    """How strongly the flow follows the pixels, and how long it is sought.

    Attributes
    ----------
    attachment : float
        Weight of absolute differences against the variation of the flow, for images of slope one.
    n_warps, n_iterations : int
        At each resolution, and in each warp.
    """

    attachment: float
    n_warps: int = 5
    n_iterations: int = 30


def refine_by_variation(
    level: Level, frame: NDArray[np.float32], flow: NDArray[np.float32], settings: TotalVariation
) -> None:
    """Improve a flow, (ndim, [z,] y, x), in place."""
    shape, ndim, most = level.image.shape, level.image.ndim, settings.attachment * TIGHTNESS
    warped, rest, inverse = (np.empty(shape, np.float32) for _ in range(3))
    moved, steep, spare = (np.empty_like(flow) for _ in range(3))
    dual, step = np.zeros((ndim, ndim, *(n + 1 for n in shape)), np.float32), DUAL_STEP / ndim
    for _ in range(settings.n_warps):
        warp_frame(frame, flow, warped)
        linearise(level.image, level.slopes, warped, moved, rest, steep)
        if ndim == 3:
            descend_volume(flow, dual, rest, steep, most, TIGHTNESS, step, settings.n_iterations)
            take_medians(flow)
            continue
        _begin(flow, rest, steep, inverse)
        _iterate(
            flow, dual, rest, steep, inverse, np.float32(most), np.float32(TIGHTNESS), np.float32(step / TIGHTNESS),
            settings.n_iterations,
        )  # fmt: skip
        take_median(flow, spare)


@kernel
def _begin(flow: Any, rest: Any, steep: Any, inverse: Any) -> None:
    """The difference as it would be without any flow, and one over the squared slope."""
    for y in range(rest.shape[0]):
        for x in range(rest.shape[1]):
            gy, gx = steep[0, y, x], steep[1, y, x]
            rest[y, x] -= gy * flow[0, y, x] + gx * flow[1, y, x]
            square = gy * gy + gx * gx
            inverse[y, x] = np.float32(1.0) / square if square > FLAT else np.float32(0.0)


@row_kernel
def _move(
    u: Any, v: Any, ux: Any, uy: Any, uy_above: Any, vx: Any, vy: Any, vy_above: Any, rest: Any, gy: Any, gx: Any,
    inverse: Any, most: Any, tightness: Any
) -> None:  # fmt: skip
    """One row of flow: towards what the pixels say, no further than `most` slopes, and as its dual draws it."""
    for x in range(u.size):
        miss = (rest[x] + gy[x] * u[x] + gx[x] * v[x]) * inverse[x]
        step = -min(max(miss, -most), most)
        u[x] += step * gy[x] + tightness * (ux[x + 1] - ux[x] + uy[x + 1] - uy_above[x + 1])
        v[x] += step * gx[x] + tightness * (vx[x + 1] - vx[x] + vy[x + 1] - vy_above[x + 1])


@row_kernel
def _draw(u: Any, below: Any, ux: Any, uy: Any, step: Any) -> None:
    """One row of the dual of one component."""
    last = u.size - 1
    for x in range(last):
        along, down = u[x + 1] - u[x], below[x] - u[x]
        scale = np.float32(1.0) / (np.float32(1.0) + step * np.sqrt(along * along + down * down))
        ux[x + 1] = (ux[x + 1] + step * along) * scale
        uy[x + 1] = (uy[x + 1] + step * down) * scale
    down = below[last] - u[last]
    ux[last + 1] = np.float32(0.0)
    uy[last + 1] = (uy[last + 1] + step * down) / (np.float32(1.0) + step * abs(down))


@kernel
def _iterate(
    flow: Any, dual: Any, rest: Any, steep: Any, inverse: Any, most: Any, tightness: Any, step: Any, n_iterations: int
) -> None:  # fmt: skip
    """Steps of the primal and the dual; one step is two rows behind the one before, so that rows stay in the cache.

    Rows and columns of `dual` are one ahead: the first of either are zero.
    """
    rows = rest.shape[0]
    for first in range(0, n_iterations, AT_A_TIME):
        n = min(AT_A_TIME, n_iterations - first)
        for front in range(rows + 2 * n):
            for k in range(n):
                y = front - 2 * k
                if 0 <= y < rows:
                    _move(
                        flow[0, y], flow[1, y], dual[0, 1, y + 1], dual[0, 0, y + 1], dual[0, 0, y], dual[1, 1, y + 1],
                        dual[1, 0, y + 1], dual[1, 0, y], rest[y], steep[0, y], steep[1, y], inverse[y], most,
                        tightness,
                    )  # fmt: skip
                y -= 1
                if 0 <= y < rows:
                    below = min(y + 1, rows - 1)
                    for c in range(2):
                        _draw(flow[c, y], flow[c, below], dual[c, 1, y + 1], dual[c, 0, y + 1], step)


@inner
def _order(a: Any, b: Any) -> Any:
    return min(a, b), max(a, b)


@row_kernel
def _median_row(a: Any, b: Any, c: Any, out: Any) -> None:
    """Medians of three by three pixels, from columns in order: their largest least, middle and least largest pixels."""
    for x in range(1, a.size - 1):
        l0, l1 = _order(a[x - 1], b[x - 1])
        l1, l2 = _order(l1, c[x - 1])
        l0, l1 = _order(l0, l1)
        m0, m1 = _order(a[x], b[x])
        m1, m2 = _order(m1, c[x])
        m0, m1 = _order(m0, m1)
        r0, r1 = _order(a[x + 1], b[x + 1])
        r1, r2 = _order(r1, c[x + 1])
        r0, r1 = _order(r0, r1)
        low = max(l0, max(m0, r0))
        high = min(l2, min(m2, r2))
        s0, s1 = _order(l1, m1)
        middle = max(s0, min(s1, r1))
        t0, t1 = _order(low, middle)
        out[x] = max(t0, min(t1, high))


@kernel
def take_median(flow: Any, spare: Any) -> None:
    """Medians of three by three pixels of either component, in place; the border stays."""
    spare[:] = flow
    for c in range(2):
        for y in range(1, flow.shape[1] - 1):
            _median_row(spare[c, y - 1], spare[c, y], spare[c, y + 1], flow[c, y])
