"""Resampling by displacements that vary from pixel to pixel.

Over runs of a row in which whole pixels of the displacement do not change, pixels are loaded side by side.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ControlGrid, FloatArray, Frames
from holdstill.devices.cpu.compiling import LANES, kernel, lanes, part, row_kernel
from holdstill.devices.cpu.sampling import (
    REFLECT,
    place_displaced,
    place_row,
    resample_frames,
    sample_row,
    work_type,
)

__all__ = ["resample_field"]


@row_kernel
def _spread(line: Any, starts: Any, shares: Any, out: Any) -> None:
    """Displacements of all pixels of a row from those of its control points, cell by cell.

    `starts` is the first pixel of each cell and, at the end, the number of pixels.
    """
    last = line.size - 1
    for k in range(line.size):
        left, rise = line[k], line[min(k + 1, last)] - line[k]
        for x in range(starts[k], starts[k + 1]):
            out[x] = left + shares[x] * rise


@row_kernel
def _mix_two(a: Any, b: Any, shares: Any, out: Any) -> None:
    """Displacements of a row between two rows."""
    for x in range(out.size):
        out[x] = shares[0] * a[x] + shares[1] * b[x]


@row_kernel
def _mix_four(a: Any, b: Any, c: Any, d: Any, shares: Any, out: Any) -> None:
    """As `_mix_two`, between two rows of either of two planes."""
    for x in range(out.size):
        out[x] = shares[0] * a[x] + shares[1] * b[x] + shares[2] * c[x] + shares[3] * d[x]


@part
def _mix_rows(rows: Any, z: int, y: int, share_z: float, share_y: float, out: Any) -> None:
    """Displacements of a row along one axis, from the rows of control points around it, or the one that it lies on."""
    below_z, below_y = min(z + 1, rows.shape[0] - 1), min(y + 1, rows.shape[1] - 1)
    kind = out.dtype.type
    shares = (
        kind((1.0 - share_z) * (1.0 - share_y)), kind((1.0 - share_z) * share_y),
        kind(share_z * (1.0 - share_y)), kind(share_z * share_y),
    )  # fmt: skip
    if share_z != 0.0:
        _mix_four(rows[z, y], rows[z, below_y], rows[below_z, y], rows[below_z, below_y], shares, out)
    elif share_y != 0.0:
        _mix_two(rows[z, y], rows[z, below_y], shares, out)
    else:
        out[:] = rows[z, y]


@kernel
def _spread_rows(nodes: Any, starts: Any, shares: Any, out: Any) -> None:
    """Displacements of the pixels of each row of control points, (n_moved, z, y, x)."""
    for k in range(nodes.shape[0]):
        for z in range(nodes.shape[1]):
            for y in range(nodes.shape[2]):
                _spread(nodes[k, z, y], starts, shares, out[k, z, y])


@kernel
def _resample(
    rows: Any, moved: Any, cells: Any, shares: Any, flat: Any, strides: Any, method: int, edge: int, fill: Any,
    rounded: bool, bounds: Any, shape: Any, out: Any
) -> int:  # fmt: skip
    """Equals `PlainDevice.resample_field` to one grey level. `out` is (z, y, x), with one z in two dimensions.

    `rows`, (n_moved, z, y, x), are displacements of the pixels of each row of control points: told once for a frame,
    not again for each of its rows, they take a sixth of the time.
    """
    ndim, n = len(shape), out.shape[2]
    m, dtype, flat_axes = lanes(n) + LANES, flat.dtype, 3 - len(shape)
    starts, lines, points = np.zeros(ndim), np.zeros((ndim, n), dtype), np.empty((ndim, n))
    index, fractions, inside = np.empty(n, np.int32), np.zeros((ndim, m), dtype), np.empty(n, np.bool_)
    planes, values, clamped = np.empty((6, m), dtype), np.empty(m, dtype), 0
    for z in range(out.shape[0]):
        for y in range(out.shape[1]):
            for axis in range(ndim - 1):
                starts[axis] = z if axis + flat_axes == 0 else y
            for k in range(rows.shape[0]):
                _mix_rows(rows[k], cells[0, z], cells[1, y], shares[0, z], shares[1, y], lines[moved[k]])
            if edge == REFLECT:
                for axis in range(ndim):
                    step = 1.0 if axis == ndim - 1 else 0.0
                    for x in range(n):
                        points[axis, x] = starts[axis] + step * x + lines[axis, x]
                place_row(points, shape, strides, edge, method, index, fractions, inside)
            else:
                place_displaced(lines, starts, shape, strides, method, index, fractions, inside)
            clamped += sample_row(
                flat, strides, method, edge, fill, rounded, bounds, index, fractions, inside, planes, values, out[z, y]
            )
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

    work = work_type(frames, out)
    rows = np.empty((0, 0, 0, 0), work) if is_dense else np.empty((*nodes.shape[1:4], shape[-1]), work)
    spread = [-1]  # the frame whose rows these are: of pixels that are not known one is resampled several times

    def sample(number: int, known: tuple[Any, ...], target: Frames) -> int:
        volume = target.reshape((1,) * (3 - target.ndim) + target.shape)
        if not is_dense and spread[0] != number:
            _spread_rows(nodes[number], starts, shares[2], rows)
            spread[0] = number
        displaced = nodes[number].astype(work) if is_dense else rows
        given: tuple[Any, ...] = (displaced, moved, cells, shares, *known, volume)
        return int(_resample(*given))

    return resample_frames(frames, sample, interpolation=interpolation, edge=edge, fill=fill, out=out)
