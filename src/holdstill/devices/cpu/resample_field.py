"""Resampling by displacements that vary from pixel to pixel.

Over runs of a row in which whole pixels of the displacement do not change, pixels are loaded side by side.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ControlGrid, FloatArray, Frames
from holdstill.devices.cpu.compiling import LANES, kernel, lanes, part, row_kernel
from holdstill.devices.cpu.sampling import N_TAPS, resample_frames, sample_row

__all__ = ["resample_field"]


@part
def _mix_lines(nodes: Any, z: int, y: int, share_z: float, share_y: float, line: Any) -> None:
    """Displacements at the control points of one row: four lines of them, mixed, or the one that it lies on."""
    a = nodes[z, y]
    if share_z == 0.0 and share_y == 0.0:
        for k in range(line.size):
            line[k] = a[k]
        return
    below_z, below_y = min(z + 1, nodes.shape[0] - 1), min(y + 1, nodes.shape[1] - 1)
    b, c, d = nodes[z, below_y], nodes[below_z, y], nodes[below_z, below_y]
    w0, w1 = (1.0 - share_z) * (1.0 - share_y), (1.0 - share_z) * share_y
    w2, w3 = share_z * (1.0 - share_y), share_z * share_y
    for k in range(line.size):
        line[k] = w0 * a[k] + w1 * b[k] + w2 * c[k] + w3 * d[k]


@row_kernel
def _spread(line: Any, starts: Any, shares: Any, origin: float, step: float, points: Any) -> None:
    """Where the pixels of a row go along one axis, on which they begin at `origin` and go on by `step`, cell by cell.

    `starts` is the first pixel of each cell and, at the end, the number of pixels.
    """
    last = line.size - 1
    for k in range(line.size):
        left, rise = line[k], line[min(k + 1, last)] - line[k]
        for x in range(starts[k], starts[k + 1]):
            points[x] = origin + step * x + left + shares[x] * rise


@part
def _add_line(line: Any, origin: float, step: float, points: Any) -> None:
    """As `_spread`, of a control point for each pixel."""
    for x in range(points.size):
        points[x] = origin + step * x + line[x]


@kernel
def _resample(
    nodes: Any, moved: Any, cells: Any, shares: Any, starts: Any, is_dense: bool, n_taps: int, flat: Any, strides: Any,
    method: int, edge: int, fill: Any, rounded: bool, bounds: Any, shape: Any, out: Any
) -> int:  # fmt: skip
    """Equals `PlainDevice.resample_field` to one grey level. `out` is (z, y, x), with one z in two dimensions."""
    ndim, n = len(shape), out.shape[2]
    m, dtype, flat_axes = lanes(n) + LANES, flat.dtype, 3 - len(shape)
    points, line = np.empty((ndim, n)), np.empty(nodes.shape[3])
    index, fractions, inside = np.empty(n, np.int32), np.zeros((ndim, m), dtype), np.empty(n, np.bool_)
    weights, product = np.empty((ndim, n_taps, n), dtype), np.empty(n, dtype)
    values, clamped = np.empty(m, dtype), 0
    for z in range(out.shape[0]):
        for y in range(out.shape[1]):
            for axis in range(ndim):
                origin = float(z if axis + flat_axes == 0 else y if axis + flat_axes == 1 else 0)
                step = 1.0 if axis == ndim - 1 else 0.0
                for x in range(n):
                    points[axis, x] = origin + step * x
            for k in range(nodes.shape[0]):
                axis = moved[k]
                origin = float(z if axis + flat_axes == 0 else y if axis + flat_axes == 1 else 0)
                step = 1.0 if axis == ndim - 1 else 0.0
                _mix_lines(nodes[k], cells[0, z], cells[1, y], shares[0, z], shares[1, y], line)
                if is_dense:
                    _add_line(line, origin, step, points[axis])
                else:
                    _spread(line, starts, shares[2], origin, step, points[axis])
            clamped += sample_row(
                flat, strides, method, edge, fill, rounded, bounds, shape, points, index, fractions, inside, weights,
                product, values, out[z, y],
            )  # fmt: skip
    return clamped


def resample_field(
    frames: Frames,
    grid: ControlGrid,
    displacements: FloatArray,
    *,
    interpolation: str,
    edge: str,
    fill: float,
    out: Frames,
) -> NDArray[np.int64]:
    """See `Device.resample_field`."""
    shape, flat_axes = out.shape[1:], 4 - frames.ndim
    # a control point on an axis that planes lack, and as many cells as the longest axis has pixels
    nodes = np.ascontiguousarray(displacements, np.float64)
    nodes = nodes.reshape(*nodes.shape[:2], *(1,) * flat_axes, *nodes.shape[2:])
    cells, shares = np.zeros((3, max(shape)), np.int64), np.zeros((3, max(shape)))
    for axis, length in enumerate(shape):
        before, share = grid.find_cells(axis, np.arange(length, dtype=np.float64))
        cells[axis + flat_axes, :length], shares[axis + flat_axes, :length] = before, share
    moved = np.array(grid.moved, np.int64)
    starts = np.searchsorted(cells[2, : shape[-1]], np.arange(grid.counts[-1] + 1)).astype(np.int64)
    is_dense = (grid.counts[-1], grid.origins[-1], grid.spacings[-1]) == (shape[-1], 0.0, 1.0)

    def sample(number: int, known: tuple[Any, ...], target: Frames) -> int:
        volume = target.reshape((1,) * (3 - target.ndim) + target.shape)
        given: tuple[Any, ...] = (
            nodes[number],
            moved,
            cells,
            shares,
            starts,
            is_dense,
            N_TAPS[known[2]],
            *known,
            volume,
        )
        return int(_resample(*given))

    return resample_frames(frames, sample, interpolation=interpolation, edge=edge, fill=fill, out=out)
