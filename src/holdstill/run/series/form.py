"""The form that sections have of themselves, against what chaining straightens: the banana effect.

Each section is bent onto its neighbour, so that a form that changes along z, as of a tube that curves, is straightened
a little with every section. What changes faster than over some sections is how they were cut and mounted; what changes
more slowly is taken for the form of the thing itself, and left as it is.
"""

from __future__ import annotations

import numpy as np

from holdstill.contracts import FloatArray
from holdstill.errors import InputError
from holdstill.transforms.motions import MatrixFamily
from holdstill.transforms.motions.dense import DenseMotion
from holdstill.transforms.motions.warp import centre_of
from holdstill.transforms.trajectory import Trajectory

__all__ = ["check_form", "keep_forms"]

# points along each axis at which forms are compared, for maps without control points
SIDE = 9


def check_form(sections: float | None, keeps_size: bool, motion: str) -> None:
    """Raise InputError for a number of sections that is none, or a motion that changes no form."""
    if sections is None:
        return
    if not (np.isfinite(sections) and sections > 0):
        raise InputError(f"keep_form={sections} is not a number of sections above zero")
    if keeps_size:
        raise InputError(f"{motion} motion changes no form; leave keep_form out")


def keep_forms(ways: dict[int, Trajectory], sections: float) -> dict[int, Trajectory]:
    """Maps from a common section to others, less the form that changes slowly from section to section.

    Parameters
    ----------
    ways : dict of int to Trajectory
        By number of the section; trajectories of length one, all of one motion.
    sections : float
        Standard deviation, in sections, of the window within which forms are taken to change evenly: a straight line
        through what the sections around show, weighed by a Gaussian, is left out of each map, beyond rotation and
        shift. The common section is moved as well, by what it differs from its neighbours.

    Returns
    -------
    dict of int to Trajectory
    """
    numbers = sorted(ways)
    first = ways[numbers[0]]
    points = _choose_points(first)
    rigid, forms = {}, []
    for number in numbers:
        rigid[number] = _fit_rigid(points, ways[number].transform(0).map(points))
        forms.append(_undo(rigid[number], ways[number].transform(0).map(points)) - points)
    kept = _smooth(np.array(numbers, np.float64), np.array(forms), sections)
    found = {}
    for number, form, slow in zip(numbers, forms, kept, strict=True):
        linear, shift = rigid[number]
        found[number] = _fit(ways[number], points, (points + form - slow) @ linear.T + shift)
    return found


def _choose_points(way: Trajectory) -> FloatArray:
    if isinstance(way.motion, DenseMotion):
        return way.motion.grid.points()
    axes = [np.linspace(0, n - 1, SIDE) for n in way.shape]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(way.shape))


def _fit_rigid(points: FloatArray, places: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Rotation, or rotation and mirror, and shift that take points nearest to places (Kabsch, 1976)."""
    middles = points.mean(axis=0), places.mean(axis=0)
    left, _, right = np.linalg.svd((places - middles[1]).T @ (points - middles[0]))
    turn = np.asarray(left @ right, np.float64)
    return turn, middles[1] - turn @ middles[0]


def _undo(rigid: tuple[FloatArray, FloatArray], places: FloatArray) -> FloatArray:
    return np.asarray((places - rigid[1]) @ rigid[0], np.float64)


def _smooth(at: FloatArray, values: FloatArray, width: float) -> FloatArray:
    """For each place a straight line through the values, (n, ...), around it, read there."""
    flat, found = values.reshape(len(at), -1), np.empty((len(at), values[0].size))
    for k, here in enumerate(at):
        weights = np.exp(-0.5 * ((at - here) / width) ** 2)
        basis = np.column_stack([np.ones(len(at)), at - here])
        normal = (basis * weights[:, None]).T @ basis + 1e-9 * np.eye(2)
        found[k] = np.linalg.solve(normal, (basis * weights[:, None]).T @ flat)[0]
    return found.reshape(values.shape)


def _fit(way: Trajectory, points: FloatArray, places: FloatArray) -> Trajectory:
    """The map of the same motion that takes points to places."""
    motion, shape = way.motion, way.shape
    if isinstance(motion, DenseMotion):
        return Trajectory(motion, motion.fit(points, places, shape)[None], shape)
    assert isinstance(motion, MatrixFamily)
    centre = centre_of(shape)
    basis = np.column_stack([points - centre, np.ones(len(points))])
    rows = np.linalg.lstsq(basis, places - centre, rcond=None)[0].T
    matrix = np.eye(len(shape) + 1)
    matrix[:-1] = rows
    return Trajectory(motion, motion.of_matrices(matrix[None]), shape)
