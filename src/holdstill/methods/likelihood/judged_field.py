"""What displacements of control points come to: told of the reference's points, with what they cannot follow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Covariance, Estimates, FloatArray, Verdict
from holdstill.methods.likelihood.bending import Prior
from holdstill.transforms.grids import displace_each
from holdstill.transforms.motions.grid import GridMotion

__all__ = [
    "MOST_LOST",
    "find_uncertainty_beyond",
    "find_unfollowed",
    "judge_fields",
    "move_to_reference",
    "spread_shifts",
]

# beyond that share of parts that do not agree frames are refused
MOST_LOST = 0.25
INVERSE_STEPS = 4
# verdicts on shifts that a frame whose parts agree all over does not deserve
APART = (Verdict.MISMATCH, Verdict.AMBIGUOUS)


def spread_shifts(rigid: Estimates, motion: GridMotion) -> Estimates:
    """Shifts as displacements of all control points alike."""
    n, ndim = rigid.parameters.shape
    repeats = motion.grid.n_parameters // ndim
    bands = np.zeros((n, min(ndim, motion.grid.n_parameters), motion.grid.n_parameters))
    matrices = rigid.covariance.matrices
    for k in range(bands.shape[1]):
        for a in range(ndim):
            bands[:, k, a::ndim] = matrices[:, a, (a + k) % ndim][:, None]
    bound = None if rigid.bound is None else Covariance.of_errors(np.tile(rigid.bound.errors, (1, repeats)))
    return replace(
        rigid, parameters=np.tile(rigid.parameters, (1, repeats)), covariance=Covariance.of_bands(bands), bound=bound
    )


def move_to_reference(nodes: FloatArray, shifts: FloatArray, motion: GridMotion) -> FloatArray:
    """Displacements of the reference's control points from those of the points that they come to lie at.

    The fit says which point of the reference a pixel shows, ``p - d(p)``; wanted is where a point went: ``u(p) = d(p +
    u(p))``, found by repetition.
    """
    grid = motion.grid
    d = motion.nodes(nodes)
    points = np.broadcast_to(grid.points(), (len(d), *grid.points().shape))
    moves = np.zeros(points.shape)
    for _ in range(INVERSE_STEPS):
        moves = displace_each(grid, d, points + moves)
    return np.asarray((moves + shifts[:, None]).reshape(len(d), -1), np.float64)


def find_unfollowed(motion: GridMotion, parameters: FloatArray) -> FloatArray:
    """By how much control points stand off the displacements there, whatever the light, (n, p) px.

    What is linear between control points and nearest to a parabola of second difference b all over stands off it by b /
    12 at each of them. On smooth fields at 5 photons that was nine tenths of what control points were off by.
    """
    nodes = motion.nodes(parameters)
    off = np.zeros(nodes.shape)
    for axis, count in enumerate(motion.grid.counts):
        if count > 2:
            bends = np.diff(nodes, n=2, axis=axis + 2) / 12
            outer = [(1, 1) if k == axis + 2 else (0, 0) for k in range(nodes.ndim)]
            off += np.pad(bends, outer, mode="reflect", reflect_type="odd")  # on along a line
    return motion.read_nodes(off)


def find_uncertainty_beyond(motion: GridMotion, prior: Prior, parameters: FloatArray, shifts: FloatArray) -> FloatArray:
    """What to add to variances of control points that come to lie beyond all that were solved, (n, p) px^2.

    They take what the outermost have, from which their own displacement differs by what the prior says.
    """
    grid = motion.grid
    points = grid.points() + parameters.reshape(len(parameters), -1, len(grid.moved)) - shifts[:, None]
    squares = np.zeros(points.shape[:2])
    for axis in (axis for axis, count in enumerate(grid.counts) if count > 1):
        places = grid.positions(axis)
        beyond = points[:, :, axis] - np.clip(points[:, :, axis], places[0], places[-1])
        squares += (beyond / grid.spacings[axis]) ** 2
    variances = prior.find_variance(np.sqrt(squares))
    return np.repeat(variances, len(grid.moved), axis=1)


def judge_fields(
    found: Estimates,
    rows: NDArray[np.intp],
    parameters: FloatArray,
    lost: FloatArray,
    motion: GridMotion,
    limit: FloatArray,
    shape: tuple[int, ...],
) -> tuple[Verdict, ...]:
    """Verdicts of the shifts; less those on parts that moved by themselves, against too large displacements and folds.

    What is a mismatch as a whole is none where, bent, it agrees with the reference all over.
    """
    verdicts, n_moved = list(found.verdicts), len(motion.grid.moved)
    most = np.abs(parameters[rows].reshape(len(rows), -1, n_moved)).max(axis=1)
    far = (most > limit).any(axis=1)
    for row, share in zip(rows, lost, strict=True):
        if share > MOST_LOST and verdicts[row] is Verdict.OK:
            verdicts[row] = Verdict.MISMATCH
        elif share <= MOST_LOST and verdicts[row] in APART:
            verdicts[row] = Verdict.OK
    areas, _ = motion.find_least_areas(parameters[rows], shape)
    for chosen, verdict in ((far, Verdict.OUT_OF_RANGE), (areas <= 0, Verdict.FOLDED)):
        for row in rows[chosen]:
            verdicts[row] = verdict if verdicts[row] is Verdict.OK else verdicts[row]
    return tuple(verdicts)
