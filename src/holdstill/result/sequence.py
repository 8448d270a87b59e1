"""What a sequence of transforms does: it is indexed, and takes points, tracks and labels along."""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdstill.contracts import AnyTransform
from holdstill.errors import InputError
from holdstill.resampling.labels import map_labels
from holdstill.result import devices
from holdstill.transforms.points import map_points, map_tracks
from holdstill.transforms.trajectory import Trajectory

__all__ = ["TransformSequence", "check_number"]


class TransformSequence(ABC):
    """A sequence of transforms; ``dict(reg)`` maps the number of each frame to its transform."""

    @property
    @abstractmethod
    def trajectory(self) -> Trajectory:
        """Motion and parameters of all frames."""

    def __len__(self) -> int:
        """Number of frames."""
        return len(self.trajectory)

    @overload
    def __getitem__(self, index: int) -> AnyTransform: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[AnyTransform, ...]: ...

    def __getitem__(self, index: int | slice) -> AnyTransform | tuple[AnyTransform, ...]:
        """The transform of one frame, or those of a slice."""
        if isinstance(index, slice):
            return tuple(self.trajectory.transform(t) for t in range(*index.indices(len(self))))
        number = operator.index(index)
        if not -len(self) <= number < len(self):
            raise IndexError(f"there is no frame {number}; the result has {len(self)}")
        return self.trajectory.transform(number % len(self))

    def __iter__(self) -> Iterator[AnyTransform]:
        """The transforms in order of time."""
        return (self[index] for index in range(len(self)))

    def keys(self) -> range:
        """Numbers of the frames: ``dict(reg)`` maps each to its transform."""
        return range(len(self))

    @property
    def transforms(self) -> tuple[AnyTransform, ...]:
        """One transform for each frame."""
        return tuple(self)

    def map(self, points: ArrayLike) -> NDArray[np.float64]:
        """Where points of the reference, (n, ndim) px, lie in each frame: (T, n, ndim) px.

        ``reg[t].map(points)`` is one frame, ``reg[t].inverse.map(points)`` the way back.
        """
        return map_points(self.trajectory, points)

    def map_tracks(self, tracks: Any, *, to: str = "reference") -> Any:
        """Move the positions of a table of tracks with the pixels.

        Parameters
        ----------
        tracks : ndarray or table
            Columns ``t, [z,] y, x`` of an array, perhaps after the number of the track, px and number of frame; or a
            dict of arrays or pandas table with columns of these names.
        to : {"reference", "frame"}
            From raw frames to the corrected movie, or back.

        Returns
        -------
        What was given, with new positions

        Raises
        ------
        InputError
            A column is missing, or a time is not a frame of this result.

        Examples
        --------
        >>> still = reg.map_tracks({"t": [0, 1], "y": [4.0, 5.0], "x": [7.0, 7.0]})  # doctest: +SKIP
        """
        return map_tracks(self.trajectory, tracks, to)

    def map_labels(self, labels: ArrayLike, frames: Sequence[int] | None = None) -> NDArray[Any]:
        """A label image or mask of the reference as it lies on each frame, (T, [z,] y, x), to measure raw pixels.

        Labels of raw frames go the other way by ``reg.apply(labels, interpolation="nearest")``.

        Parameters
        ----------
        labels : ndarray of int or bool, ([T,] [z,] y, x)
            Drawn on the corrected movie or the template; one for all frames, or one for each that is asked for.
        frames : sequence of int, optional
            Only onto these frames.

        Raises
        ------
        InputError
            The labels are not integers, of another shape than a frame, or not as many as frames.
        """
        chosen = range(len(self)) if frames is None else frames
        return map_labels(self.trajectory, labels, chosen, devices.CpuDevice())


def check_number(given: Any, what: str) -> None:
    """Raise InputError for what is not a whole number, as ``1.5``, ``"1"`` or True."""
    if isinstance(given, bool | np.bool_) or not isinstance(given, int | np.integer):
        raise InputError(f"{given!r} is not the number of a {what}; give a whole number")
