"""What bends beyond an affine map: displacements of control points, by robust Gauss-Newton steps.

Displacements are those that explain the pictures best, where bending costs as much as pixels say: the likelihood of
residuals with their own scale against a prior on second differences. Pictures that agree to the pixel bend as they
need to; stains that agree in part bend little.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse
from scipy.sparse.linalg import cg

from holdstill.contracts import Device, FloatArray
from holdstill.methods.sections.affine_fit import LEAST_GAIN, robust_weights
from holdstill.methods.sections.local import WHOLE, FloatImage, Picture, look

__all__ = ["MOST_CELLS", "Bending", "fit_field", "refine_field"]

SETTLED_PX = 0.02
CG_STEPS, CG_ACCURACY = 300, 1e-4
# cells of control points along the longest side of planes and volumes: what varies faster than over 1/56 of a section
# is not followed
MOST_CELLS = {2: 112, 3: 48}


@dataclass(frozen=True, kw_only=True)
class Bending:
    """How displacements may vary.

    Attributes
    ----------
    spacing_px : float
        Between control points, px of each level.
    window_px : float
        Standard deviation of the window over which pixels speak for a control point, px of each level.
    bend_px : float
        Standard deviation of the second differences between control points that is taken for likely, px.
    pixels : float
        Neighbouring pixels that speak as one: what they show differently lies in the stains, not in noise.
    layers : int
        How many of the pictures' layers are looked at, the finest first.
    steps : int
        Most Gauss-Newton steps at each resolution.
    """

    spacing_px: float = 8.0
    window_px: float = 8.0
    bend_px: float = 1.0
    pixels: float = 20.0
    layers: int = 3
    steps: int = 8

    def widen(self, shape: tuple[int, ...]) -> Bending:
        """The same with control points, and windows, further apart, so that `MOST_CELLS` lie along the longest side."""
        spacing = max(self.spacing_px, (max(shape) - 1) / MOST_CELLS[len(shape)])
        return replace(self, spacing_px=spacing, window_px=self.window_px * spacing / self.spacing_px)


def fit_field(
    fixed: Picture, moving: Picture, warp: FloatArray, nodes: FloatArray | None, bending: Bending, device: Device,
    left_out: NDArray[np.bool_] | None = None,
) -> FloatArray:  # fmt: skip
    """Displacements of control points, (ndim, *counts) px of this level, beyond an affine map of this level.

    Parameters
    ----------
    fixed, moving : Picture
        Of the same shape.
    warp : ndarray of float64, (k,)
        Affine coefficients.
    nodes : ndarray of float64 or None
        Displacements to begin with.
    bending : Bending
    device : Device
    left_out : ndarray of bool, of the fixed picture's shape, optional
        Pixels that are not looked at.
    """
    ndim, bending = len(fixed.shape), bending.widen(fixed.shape)
    hats = [_make_hats(n, bending.spacing_px) for n in fixed.shape]
    counts = tuple(hat.shape[1] for hat in hats)
    found = np.zeros((ndim, *counts)) if nodes is None else refine_field(nodes, counts)
    stiff = _make_stiffness(counts) / bending.bend_px**2
    stiffness = sparse.block_diag([stiff] * ndim).tocsr()
    known = fixed.known if left_out is None else fixed.known & ~left_out
    for _ in range(bending.steps):
        normal, right = _gather(fixed, moving, warp, found, hats, known, bending, device)
        blocks = [[sparse.diags(normal[i][j].ravel()) for j in range(ndim)] for i in range(ndim)]
        system = (sparse.bmat(blocks) + stiffness).tocsr()
        step = _solve(system, right.ravel() - stiffness @ found.ravel()).reshape(found.shape)
        found = found + step
        if np.abs(step).max() < SETTLED_PX:
            break
    return found


def refine_field(nodes: FloatArray, counts: tuple[int, ...]) -> FloatArray:
    """The same displacements given by other numbers of control points, linear between."""
    if nodes.shape[1:] == counts:
        return nodes
    places = [np.linspace(0, old - 1, new) for old, new in zip(nodes.shape[1:], counts, strict=True)]
    points = np.stack(np.meshgrid(*places, indexing="ij"))
    return np.stack([ndimage.map_coordinates(one, points, order=1, mode="nearest") for one in nodes])


def _gather(
    fixed: Picture, moving: Picture, warp: FloatArray, nodes: FloatArray, hats: list[FloatImage],
    known: NDArray[np.bool_], bending: Bending, device: Device,
) -> tuple[list[list[Any]], FloatArray]:  # fmt: skip
    """Normal equations of each control point, and their right sides."""
    ndim, shape = len(fixed.shape), fixed.shape
    there = look(moving, warp, nodes, bending.layers, device)
    shown = (there[0] > WHOLE) & known
    turn = np.linalg.inv(warp.reshape(ndim, ndim + 1)[:, 1:].T).astype(np.float32)
    window = [bending.window_px / bending.spacing_px] * ndim
    normal: list[list[Any]] = [[0.0] * ndim for _ in range(ndim)]
    right = np.zeros(nodes.shape)

    def gather(values: FloatImage) -> FloatArray:
        return ndimage.gaussian_filter(_collect(values, hats), window, mode="constant", truncate=3.0) / bending.pixels

    for number, ours in enumerate(fixed.layers[: bending.layers]):
        seen, *inclines = there[1 + number * (1 + ndim) : 1 + (number + 1) * (1 + ndim)]
        own = ours.values
        both, mine = seen[shown], own[shown]
        gain = np.float32(max(float(mine @ both) / max(float(mine @ mine), 1e-9), LEAST_GAIN))
        residual = gain * own - seen
        weights = np.zeros(shape, np.float32)
        weights[shown] = robust_weights(residual[shown], mine, both)
        turned = np.tensordot(turn, np.stack(ours.slopes), 1)
        slopes = [(inclines[i] + gain * turned[i]) / 2 for i in range(ndim)]
        for i in range(ndim):
            right[i] += gather(weights * slopes[i] * residual)
            for j in range(i, ndim):
                normal[i][j] = normal[i][j] + gather(weights * slopes[i] * slopes[j])
                normal[j][i] = normal[i][j]
    return normal, right


def _solve(system: Any, right: FloatArray) -> FloatArray:
    diagonal = system.diagonal()
    scaling = sparse.diags(1 / np.maximum(diagonal, 1e-9 * diagonal.max()))
    found, _ = cg(system, right, rtol=CG_ACCURACY, maxiter=CG_STEPS, M=scaling)
    return np.asarray(found, np.float64)


def _make_hats(length: int, spacing: float) -> FloatImage:
    return _make_hats_of(length, max(2, round((length - 1) / spacing) + 1))


def _make_hats_of(length: int, count: int) -> FloatImage:
    """How much each control point, from the first pixel to the last, says about each pixel: (length, count)."""
    steps = np.arange(length) * (count - 1) / max(length - 1, 1)
    before = np.minimum(steps.astype(int), count - 2)
    hats = np.zeros((length, count), np.float32)
    hats[np.arange(length), before] = 1 - (steps - before)
    hats[np.arange(length), before + 1] = steps - before
    return hats


def _collect(values: FloatImage, hats: list[FloatImage]) -> FloatArray:
    found = values
    for axis, hat in enumerate(hats):
        found = np.moveaxis(np.tensordot(hat, found, (0, axis)), 0, axis)
    return found.astype(np.float64)


def _make_stiffness(counts: tuple[int, ...]) -> Any:
    """Sum of the squares of second differences between control points, mixed ones twice: a matrix."""

    def differ(axis: int, order: int) -> Any:
        parts = [sparse.identity(count) for count in counts]
        coefficients = {1: [-1.0, 1.0], 2: [1.0, -2.0, 1.0]}[order]
        n = counts[axis] - order
        parts[axis] = sparse.diags([[c] * n for c in coefficients], list(range(order + 1)), shape=(n, counts[axis]))
        return parts

    def join(parts: list[Any]) -> Any:
        made = parts[0]
        for part in parts[1:]:
            made = sparse.kron(made, part)
        return made

    total = 1e-9 * sparse.identity(int(np.prod(counts)))
    for axis, count in enumerate(counts):
        if count > 2:
            one = join(differ(axis, 2))
            total = total + one.T @ one
    for a, b in combinations(range(len(counts)), 2):
        first, second = differ(a, 1), differ(b, 1)
        mixed = join([first[k] if k == a else second[k] for k in range(len(counts))])
        total = total + 2 * mixed.T @ mixed
    return total.tocsr()
