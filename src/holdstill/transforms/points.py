"""What was drawn or tracked on images moves with their pixels: points and tracks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdstill.contracts import FloatArray
from holdstill.errors import InputError
from holdstill.transforms.trajectory import Trajectory

__all__ = ["map_points", "map_tracks"]

TO = ("reference", "frame")


def map_points(trajectory: Trajectory, points: ArrayLike) -> FloatArray:
    """Where `points`, (n, ndim) of the reference, lie in each frame; (T, n, ndim)."""
    given = np.asarray(points, np.float64)
    if given.ndim != 2 or given.shape[1] != trajectory.ndim:
        raise InputError(f"points must have shape (n, {trajectory.ndim}), not {given.shape}")
    return trajectory.motion.map_points(trajectory.parameters, given, trajectory.shape)


def map_tracks(trajectory: Trajectory, tracks: Any, to: str) -> Any:
    """Positions of a table of tracks, moved between frames and reference.

    Parameters
    ----------
    trajectory : Trajectory
    tracks : ndarray, (n, 1 + ndim) or (n, 2 + ndim), or a table with columns t, [z,] y, x
        Columns of an array: ``t, [z,] y, x``, perhaps after the number of the track. Tables are dicts
        of arrays and what has pandas' `assign`; they are copied.
    to : {"reference", "frame"}

    Returns
    -------
    What was given, with new positions

    Raises
    ------
    InputError
        A column is missing, or a time is not a frame of the result.
    """
    if to not in TO:
        raise InputError(f"tracks cannot be moved to {to!r}; choose one of {', '.join(TO)}")
    names = ["t", *"zyx"[-trajectory.ndim :]]
    if isinstance(tracks, np.ndarray):
        _check_columns(tracks, names)
        moved = np.array(tracks, np.float64)
        times = moved[:, -len(names)]
        moved[:, 1 - len(names) :] = _move(trajectory, times, moved[:, 1 - len(names) :], to)
        return moved
    present = set(tracks.keys() if isinstance(tracks, dict) else tracks.columns)
    if not present.issuperset(names):
        missing = ", ".join(name for name in names if name not in present)
        raise InputError(f"the table of tracks has no column {missing}; it needs {', '.join(names)}")
    times = np.asarray(tracks["t"], np.float64)
    found = _move(trajectory, times, np.stack([np.asarray(tracks[name], np.float64) for name in names[1:]], 1), to)
    return _replace_columns(tracks, dict(zip(names[1:], found.T, strict=True)))


def _check_columns(tracks: NDArray[Any], names: list[str]) -> None:
    if tracks.ndim != 2 or tracks.shape[1] not in (len(names), len(names) + 1):
        wanted = ", ".join(names)
        raise InputError(f"an array of tracks has columns {wanted} or id, {wanted}; this one has shape {tracks.shape}")


def _move(trajectory: Trajectory, times: FloatArray, positions: FloatArray, to: str) -> FloatArray:
    """Positions (n, ndim) at times (n,)."""
    numbers = np.rint(times)
    if not (np.isfinite(times) & (numbers == times) & (numbers >= 0) & (numbers < len(trajectory))).all():
        raise InputError(f"times of tracks are numbers of frames, 0 to {len(trajectory) - 1}")
    found = np.empty_like(positions)
    for t in np.unique(numbers).astype(int):
        chosen, transform = numbers == t, trajectory.transform(t)
        move: Callable[[FloatArray], FloatArray] = transform.map if to == "frame" else transform.inverse.map
        found[chosen] = move(positions[chosen])
    return found


def _replace_columns(table: Any, columns: dict[str, FloatArray]) -> Any:
    """A copy of a table with some columns replaced."""
    if isinstance(table, dict):
        return {**table, **columns}
    if hasattr(table, "assign"):
        return table.assign(**columns)
    raise InputError(f"cannot write columns into a {type(table).__name__}; give an array, a dict or a pandas table")
