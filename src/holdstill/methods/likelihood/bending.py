"""What is expected of displacements before anything is seen: that neighbours move alike, and bend little."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from holdstill.contracts import ControlGrid, FloatArray
from holdstill.errors import InputError
from holdstill.methods.likelihood.banded import band_of, log_determinant

__all__ = ["RIGID", "Prior", "check_size", "find_candidates", "find_pilot", "list_near", "make_prior"]

# families of priors, and for each two numbers: standard deviation, px, and distance, in steps of the grid, over which
# displacements are alike (Rasmussen and Williams 2006, ch. 4); or stiffness per px^2, and slopes beside bends
SMOOTH, ROUGH, STIFF = 0.0, 1.0, 2.0
SPREADS, REACHES = (0.25, 0.5, 1.0, 2.0, 4.0), (1.0, 1.4, 2.0, 2.8, 4.0, 5.6)
# on longer grids, as of lines, distances up to their length: what moves slowly is alike over most of a frame
FAR_REACHES = (8.0, 11.0, 16.0, 23.0, 32.0, 45.0, 64.0)
STIFFNESSES, SLOPES = tuple(float(10 ** (k / 2)) for k in range(-4, 11)), (0.01, 0.1, 1.0, 10.0)
# so stiff that nothing bends
RIGID = (STIFF, 1e6, 1.0)
# covariances of all with all are for so many control points; beyond, the work grows with the cube of their number
MOST_POINTS = 128
# what a band of all control points may take; each worker holds one of its own beside that of the prior
MOST_BYTES = 1 << 28
# frames as a whole move as they like, by hundreds of px; and each point by a hundredth for itself
FREE_PX, LOOSE_PX = 100.0, 0.01


@dataclass(frozen=True, eq=False)
class Prior:
    """Displacements are Gaussian with mean zero and this precision, as a band; and the log of its determinant.

    `numbers` are those of `find_candidates` that it was made of.
    """

    band: FloatArray
    log_determinant: float
    numbers: tuple[float, float, float]

    def find_variance(self, steps: FloatArray) -> FloatArray:
        """Variance, px^2, of what displacements so many steps of the grid apart differ by."""
        family, first, second = self.numbers
        if family == STIFF:
            return np.asarray(steps / (first * second), np.float64)
        return np.asarray(2 * first**2 * (1 - _correlate(family, steps / second)), np.float64)


def check_size(grid: ControlGrid) -> None:
    """Raise InputError for so many control points that what they have to do with each other takes too much memory."""
    taken = _count_bytes(grid)
    if taken <= MOST_BYTES:
        return
    wider, by = grid, 1.0
    while _count_bytes(wider) > MOST_BYTES:
        by *= 1.1
        counts = tuple(max(2, math.ceil((count - 1) / by) + 1) if count > 1 else 1 for count in grid.counts)
        wider = replace(grid, counts=counts)
    least = tuple(math.ceil(by * s) for s, count in zip(grid.spacings, grid.counts, strict=True) if count > 1)
    raise InputError(
        f"{' x '.join(map(str, grid.counts))} control points are too many to be solved together, {taken / 1e9:.1f} GB "
        f"for each worker; take grid={least[0] if len(set(least)) == 1 else least} or more"
    )


def _count_bytes(grid: ControlGrid) -> int:
    """What a band takes, of all control points with those that the prior and cells join them to."""
    if int(np.prod(grid.counts)) <= MOST_POINTS:
        return 8 * grid.n_parameters**2
    return 8 * grid.n_parameters * (_count_bands(grid) + 1)


def find_candidates(grid: ControlGrid) -> tuple[tuple[float, ...], ...]:
    """The numbers of all priors that are weighed for a grid; the last is rigid."""
    return (*product(*_list_numbers(grid)), RIGID)


def find_pilot(grid: ControlGrid) -> tuple[float, ...]:
    """Numbers of a prior that lets things bend until the movie has told how much they do.

    Of many points it is one of stiffness too: covariances of 1,089 points took 0.4 s for each step of a frame.
    """
    return (STIFF, 1.0, 1.0) if int(np.prod(grid.counts)) > MOST_POINTS else (ROUGH, 2.0, 2.0)


def list_near(grid: ControlGrid, numbers: tuple[float, ...]) -> NDArray[np.bool_]:
    """Which candidates are no more than a step from one of them in either number, of any family, and rigid ones."""
    families, *steps = _list_numbers(grid)
    found = [all(abs(s.index(a) - s.index(b)) <= 1 for s, a, b in zip(steps, one[1:], numbers[1:], strict=True))
             for one in product(families, *steps)]  # fmt: skip
    return np.array([*found, True])


def _list_numbers(grid: ControlGrid) -> tuple[tuple[float, ...], ...]:
    """Families, and what their two numbers may be."""
    if int(np.prod(grid.counts)) > MOST_POINTS:
        return (STIFF,), STIFFNESSES, SLOPES
    return (SMOOTH, ROUGH), SPREADS, (*REACHES, *(reach for reach in FAR_REACHES if reach < max(grid.counts)))


def make_prior(grid: ControlGrid, family: float, first: float, second: float) -> Prior:
    """The prior of a family with its two numbers, each axis alike and independent of the others."""
    if int(np.prod(grid.counts)) > MOST_POINTS:
        return _make_prior(grid, family, first, second)
    with _recalling:  # what another worker is about to make is not made twice
        return _recall_prior(grid, family, first, second)


_recalling = threading.Lock()


# all candidates of a grid; each round of learning asks for them again, and to make them took half of its time
@lru_cache(maxsize=192)
def _recall_prior(grid: ControlGrid, family: float, first: float, second: float) -> Prior:
    return _make_prior(grid, family, first, second)


def _make_prior(grid: ControlGrid, family: float, first: float, second: float) -> Prior:
    n_moved, p = len(grid.moved), grid.n_parameters
    if family == STIFF:
        steps, bends = _energies(grid.counts)
        matrix = (first * (second * steps + bends) + FREE_PX**-2 * sparse.identity(steps.shape[0])).tocoo()
        n_bands = _count_bands(grid)
    else:
        # by eigenvalues: what the inverse itself loses is more than the precision of frames as a whole
        values, vectors = np.linalg.eigh(_covary(grid, family, first, second))
        inverse = (vectors / np.maximum(values, LOOSE_PX**2)) @ vectors.T
        matrix, n_bands = sparse.coo_matrix((inverse + inverse.T) / 2), p - 1
    axes: NDArray[np.intp] = np.arange(n_moved)
    rows = (matrix.row[:, None] * n_moved + axes).ravel().astype(np.intp)
    columns = (matrix.col[:, None] * n_moved + axes).ravel().astype(np.intp)
    band = band_of(rows, columns, np.repeat(matrix.data, n_moved), p, n_bands)
    return Prior(band, float(log_determinant(band)), (family, first, second))


def _covary(grid: ControlGrid, family: float, spread: float, reach: float) -> FloatArray:
    """Covariance of the displacements of control points: squared exponential, or Matern's of order 5/2."""
    places = np.stack(np.meshgrid(*(np.arange(n) for n in grid.counts), indexing="ij"), -1).reshape(-1, grid.ndim)
    alike = _correlate(family, np.sqrt(((places[:, None] - places) ** 2).sum(axis=2)) / reach)
    return np.asarray(spread**2 * alike + LOOSE_PX**2 * np.eye(len(places)) + FREE_PX**2)


def _correlate(family: float, apart: FloatArray) -> FloatArray:
    """Correlation of displacements so many reaches apart."""
    if family == SMOOTH:
        return np.asarray(np.exp(-(apart**2) / 2))
    return np.asarray((1 + np.sqrt(5) * apart + 5 / 3 * apart**2) * np.exp(-np.sqrt(5) * apart))


def _count_bands(grid: ControlGrid) -> int:
    """Bands beside the diagonal that energies and the Hessian of cells take."""
    strides = [int(np.prod(grid.counts[axis + 1 :])) for axis in range(grid.ndim)]
    cells = sum(stride for stride, count in zip(strides, grid.counts, strict=True) if count > 1)
    bends = max([0, *(2 * stride for stride, count in zip(strides, grid.counts, strict=True) if count > 2)])
    return min((max(cells, bends) + 1) * len(grid.moved) - 1, grid.n_parameters - 1)


@cache
def _energies(counts: tuple[int, ...]) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Squares of differences between neighbours, and of second differences, mixed ones twice, as matrices."""
    n = int(np.prod(counts))
    steps, bends = sparse.csr_matrix((n, n)), sparse.csr_matrix((n, n))
    for axis, count in enumerate(counts):
        if count > 1:
            first = _apply(counts, {axis: _differences(count)})
            steps = steps + first.T @ first
        if count > 2:
            second = _apply(counts, {axis: _differences(count - 1) @ _differences(count)})
            bends = bends + second.T @ second
        for other in range(axis):
            if count > 1 and counts[other] > 1:
                mixed = _apply(counts, {axis: _differences(count), other: _differences(counts[other])})
                bends = bends + 2 * mixed.T @ mixed
    return steps.tocsr(), bends.tocsr()


def _differences(count: int) -> sparse.csr_matrix:
    return sparse.diags([-1.0, 1.0], [0, 1], shape=(count - 1, count)).tocsr()


def _apply(counts: tuple[int, ...], by_axis: dict[int, sparse.csr_matrix]) -> sparse.csr_matrix:
    """A matrix on all points that works along some axes."""
    found = sparse.identity(1)
    for axis, count in enumerate(counts):
        found = sparse.kron(found, by_axis.get(axis, sparse.identity(count)))
    return found.tocsr()
