"""What flow asks of volumes: halves, slopes, the frame where a flow says, and steps of both methods.

As for planes, but for axes that are too short to be halved: stacks have few planes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.devices.cpu.compiling import kernel, row_kernel
from holdstill.methods.flow.stencils import cubic

__all__ = [
    "descend_volume", "differentiate_volume", "double_volume", "halve_volume", "linearise_volume", "solve_windows",
    "take_medians", "warp_volume",
]  # fmt: skip

Image = NDArray[np.float32]

BINOMIAL = (1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16)
# a halved voxel shows something if so much of what weighs most does
SHOWN = 0.5 * max(BINOMIAL)
# below that square of a slope there is nothing to go by
FLAT = 1e-12


def halve_volume(image: Image, axes: tuple[int, ...]) -> Image:
    """Binomial weights about every second voxel along some axes, of voxels that are known."""
    known = np.isfinite(image)
    sums, counts = np.where(known, image, np.float32(0)), known.astype(np.float32)
    for axis in axes:
        sums, counts = _halve(sums, axis), _halve(counts, axis)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(counts > SHOWN ** len(axes), sums / counts, np.float32(np.nan)).astype(np.float32)


def _halve(image: Image, axis: int) -> Image:
    lines = np.moveaxis(image, axis, 0)
    n = (len(lines) + 1) // 2
    padded = np.pad(lines, [(2, 3), (0, 0), (0, 0)])
    found = sum(np.float32(weight) * padded[k : k + 2 * n : 2] for k, weight in enumerate(BINOMIAL))
    return np.moveaxis(np.asarray(found, np.float32), 0, axis)


def differentiate_volume(image: Image) -> Image:
    """Slopes along all axes, (3, z, y, x), of fourth order; at the border of those voxels that there are."""
    slopes = np.empty((3, *image.shape), np.float32)
    for axis in range(3):
        lines = np.pad(np.moveaxis(image, axis, 0), [(2, 2), (0, 0), (0, 0)], mode="edge")
        n = len(lines) - 4
        near, far = lines[3 : 3 + n] - lines[1 : 1 + n], lines[4 : 4 + n] - lines[:n]
        slopes[axis] = np.moveaxis(np.float32(2 / 3) * near - np.float32(1 / 12) * far, 0, axis)
    return slopes


def double_volume(flow: Image, shape: tuple[int, ...]) -> Image:
    """A flow of a halved volume as that of the one of this shape: linear, and twice as large along halved axes."""
    fine = flow
    for axis, n in enumerate(shape):
        if fine.shape[axis + 1] != n:
            lines = np.moveaxis(fine, axis + 1, 0)
            after = np.concatenate([lines[1:], lines[-1:]])
            both = np.stack([lines, (lines + after) / 2], axis=1).reshape(-1, *lines.shape[1:])[:n]
            fine = np.moveaxis(both, 0, axis + 1).copy()
            fine[axis] *= 2
    return np.ascontiguousarray(fine, np.float32)


@kernel
def warp_volume(frame: Any, flow: Any, warped: Any) -> None:
    """The frame where a flow, (3, z, y, x), takes each voxel of the reference; NaN beyond its outermost voxels."""
    planes, rows, columns = frame.shape
    for z in range(warped.shape[0]):
        for y in range(warped.shape[1]):
            for x in range(warped.shape[2]):
                at_z, at_y = np.float32(z) + flow[0, z, y, x], np.float32(y) + flow[1, z, y, x]
                at_x = np.float32(x) + flow[2, z, y, x]
                if not (
                    at_z >= 0 and at_y >= 0 and at_x >= 0
                    and at_z <= planes - 1 and at_y <= rows - 1 and at_x <= columns - 1
                ):  # fmt: skip
                    warped[z, y, x] = np.nan
                    continue
                h, i, j = min(int(at_z), planes - 2), min(int(at_y), rows - 2), min(int(at_x), columns - 2)
                r, s, t = at_z - np.float32(h), at_y - np.float32(i), at_x - np.float32(j)
                total = np.float32(0.0)
                if h >= 1 and i >= 1 and j >= 1 and h < planes - 2 and i < rows - 2 and j < columns - 2:
                    b0, b1, b2, b3 = cubic(t)
                    for m, a in enumerate(cubic(r)):
                        for k, b in enumerate(cubic(s)):
                            line = frame[h - 1 + m, i - 1 + k]
                            total += a * b * (b0 * line[j - 1] + b1 * line[j] + b2 * line[j + 1] + b3 * line[j + 2])
                else:
                    for m, a in enumerate((np.float32(1) - r, r)):
                        for k, b in enumerate((np.float32(1) - s, s)):
                            line = frame[h + m, i + k]
                            total += a * b * (line[j] + t * (line[j + 1] - line[j]))
                warped[z, y, x] = total


def linearise_volume(image: Image, slopes: Image, warped: Image, rest: Image, steep: Image) -> None:
    """How frame and reference differ, and the mean of their slopes; none of either where one is not known."""
    np.multiply(slopes + differentiate_volume(warped), np.float32(0.5), out=steep)
    np.subtract(warped, image, out=rest)
    unknown = np.isnan(rest) | np.isnan(steep).any(axis=0)
    rest[unknown] = 0
    steep[:, unknown] = 0


def descend_volume(
    flow: Image, dual: Image, rest: Image, steep: Image, most: float, tightness: float, dual_step: float, n: int
) -> None:
    """So many steps of the primal and the dual of total variation, in place; see `refine_by_variation`.

    Planes, rows and columns of `dual`, (3, 3, z + 1, y + 1, x + 1), are one ahead: the first of each are zero.
    """
    rest -= (steep * flow).sum(axis=0)
    square = (steep**2).sum(axis=0)
    inverse = np.where(square > FLAT, 1 / np.maximum(square, np.float32(FLAT)), np.float32(0)).astype(np.float32)
    _iterate(
        flow, dual, rest, steep, inverse, np.float32(most), np.float32(tightness), np.float32(dual_step / tightness), n
    )


@row_kernel
def _follow_pixels(u: Any, v: Any, w: Any, rest: Any, gz: Any, gy: Any, gx: Any, inverse: Any, most: Any) -> None:
    """One row of flow towards what the voxels say, no further than `most` slopes."""
    for x in range(u.size):
        miss = (rest[x] + gz[x] * u[x] + gy[x] * v[x] + gx[x] * w[x]) * inverse[x]
        step = -min(max(miss, -most), most)
        u[x] += step * gz[x]
        v[x] += step * gy[x]
        w[x] += step * gx[x]


@row_kernel
def _follow_dual(u: Any, uz: Any, before: Any, uy: Any, above: Any, ux: Any, tightness: Any) -> None:
    """One row of a component as its dual draws it."""
    for x in range(u.size):
        u[x] += tightness * (ux[x + 1] - ux[x] + uy[x + 1] - above[x + 1] + uz[x + 1] - before[x + 1])


@row_kernel
def _draw(u: Any, behind: Any, below: Any, uz: Any, uy: Any, ux: Any, step: Any) -> None:
    """One row of the dual of one component."""
    last = u.size - 1
    for x in range(u.size):
        along = u[min(x + 1, last)] - u[x]
        deep, down = behind[x] - u[x], below[x] - u[x]
        scale = np.float32(1.0) / (np.float32(1.0) + step * np.sqrt(along * along + deep * deep + down * down))
        ux[x + 1] = (ux[x + 1] + step * along) * scale
        uy[x + 1] = (uy[x + 1] + step * down) * scale
        uz[x + 1] = (uz[x + 1] + step * deep) * scale
    ux[last + 1] = np.float32(0.0)


@kernel
def _iterate(
    flow: Any, dual: Any, rest: Any, steep: Any, inverse: Any, most: Any, tightness: Any, step: Any, n: int
) -> None:  # fmt: skip
    """Steps of the primal and the dual."""
    planes, rows = rest.shape[:2]
    for _ in range(n):
        for z in range(planes):
            for y in range(rows):
                _follow_pixels(
                    flow[0, z, y], flow[1, z, y], flow[2, z, y], rest[z, y], steep[0, z, y], steep[1, z, y],
                    steep[2, z, y], inverse[z, y], most,
                )  # fmt: skip
                for c in range(3):
                    _follow_dual(
                        flow[c, z, y], dual[c, 0, z + 1, y + 1], dual[c, 0, z, y + 1], dual[c, 1, z + 1, y + 1],
                        dual[c, 1, z + 1, y], dual[c, 2, z + 1, y + 1], tightness,
                    )  # fmt: skip
        for z in range(planes):
            for y in range(rows):
                behind, below = min(z + 1, planes - 1), min(y + 1, rows - 1)
                for c in range(3):
                    _draw(
                        flow[c, z, y], flow[c, behind, y], flow[c, z, below], dual[c, 0, z + 1, y + 1],
                        dual[c, 1, z + 1, y + 1], dual[c, 2, z + 1, y + 1], step,
                    )  # fmt: skip


def take_medians(flow: Image) -> None:
    """Medians of three voxels along one axis after the other, in place; the border stays."""
    for axis in range(1, flow.ndim):
        lines = np.moveaxis(flow, axis, 0)
        a, b, c = lines[:-2].copy(), lines[1:-1], lines[2:].copy()
        lines[1:-1] = np.maximum(np.minimum(a, b), np.minimum(np.maximum(a, b), c))


def solve_windows(flow: Image, rest: Image, steep: Image, radius: int, stiffness: float) -> None:
    """The flow that explains each window of voxels best, in place."""
    miss = (steep * flow).sum(axis=0) - rest
    pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
    products = np.stack([_average(steep[i] * steep[j], radius) for i, j in pairs])
    right = np.stack([_average(one * miss, radius) for one in steep])
    _settle(products.reshape(6, -1), right.reshape(3, -1), flow.reshape(3, -1), np.float32(stiffness))


def _average(image: Image, radius: int) -> Image:
    return np.asarray(ndimage.uniform_filter(image, 2 * radius + 1, mode="constant"), np.float32)


@kernel
def _settle(products: Any, right: Any, flow: Any, stiffness: Any) -> None:
    """Solve three equations for each voxel."""
    for k in range(products.shape[1]):
        a, d, f = products[0, k] + stiffness, products[3, k] + stiffness, products[5, k] + stiffness
        b, c, e = products[1, k], products[2, k], products[4, k]
        p, q = right[0, k] + stiffness * flow[0, k], right[1, k] + stiffness * flow[1, k]
        r = right[2, k] + stiffness * flow[2, k]
        aa, bb, cc = d * f - e * e, c * e - b * f, b * e - c * d
        inverse = np.float32(1.0) / (a * aa + b * bb + c * cc)
        flow[0, k] = (aa * p + bb * q + cc * r) * inverse
        flow[1, k] = (bb * p + (a * f - c * c) * q + (b * c - a * e) * r) * inverse
        flow[2, k] = (cc * p + (b * c - a * e) * q + (a * d - b * b) * r) * inverse
