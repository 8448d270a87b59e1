"""A corrected file as a view of its movie: cropped frames lie where they were cut out, and left out ones are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from holdstill.contracts import Frames, ImagesInfo, Source
from holdstill.errors import FileError
from holdstill.io.blocks import check_range
from holdstill.io.view import SourceView
from holdstill.result.recalling import recall_box
from holdstill.result.value import RegistrationValue

__all__ = ["WrittenSource", "find_box", "show_written"]

Box = tuple[slice, ...]


class WrittenSource(SourceView):
    """A corrected file, its frames as many and as large as those of the movie; 0 where it holds nothing.

    Parameters
    ----------
    made : Source
        The corrected file; stays the caller's to close.
    movie : ImagesInfo
        What it was made of.
    box : tuple of slice
        Where its frames lie in those of the movie, ``([z,] y, x)``.
    places : sequence of int
        The number in the file of each frame of the movie, below 0 for one that was left out.
    """

    def __init__(self, made: Source, movie: ImagesInfo, box: Box, places: Sequence[int]) -> None:
        super().__init__(made)
        self.box, self._places = box, tuple(places)
        self.info = replace(movie, name=made.info.name, dtype=made.info.dtype)

    @property
    def n_written(self) -> int:
        """Frames that the file holds."""
        return self._source.info.n_frames

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        check_range(self.info, start, stop, channel)
        n_channels = self.info.n_channels if channel is None else 1
        out = np.zeros((stop - start, n_channels, *self.info.frame_shape), self.info.dtype)
        inside = out[(slice(None), slice(None), *self.box)]
        for i, t in enumerate(range(start, stop)):
            place = self._find(t)
            inside[i] = self._source.read(place, place + 1, channel=channel)[0]
        return out

    def read_window(self, frame: int, rows: slice, columns: slice, *, channel: int = 0) -> Frames:
        place, sides = self._find(frame), self.box[-2:]
        out = np.zeros((rows.stop - rows.start, columns.stop - columns.start), self.info.dtype)
        shown = [
            slice(max(side.start, wanted.start), min(side.stop, wanted.stop))
            for side, wanted in zip(sides, (rows, columns), strict=True)
        ]
        if all(side.start < side.stop for side in shown):
            inner, outer = (
                tuple(slice(each.start - by, each.stop - by) for each, by in zip(shown, origin, strict=True))
                for origin in ([side.start for side in sides], [rows.start, columns.start])
            )
            out[outer] = self._source.read_window(place, *inner, channel=channel)
        return out

    def _find(self, t: int) -> int:
        place = self._places[t]
        if place < 0:
            raise FileError(f"{self.info.name}: frame {t} was left out of it, as the result says (--repair drop)")
        return place


def find_box(found: RegistrationValue, made: ImagesInfo) -> Box | None:
    """Where the frames of a corrected file lie in those of the movie; None where they are not of this result."""
    if made.n_frames not in (len(found), int(found.kept.sum())):
        return None
    whole = tuple(slice(0, n) for n in found.frame_shape)
    for box in (whole, recall_box(found)):
        if box is not None and _shape_of(box) == made.frame_shape:
            return box
    covered = found.coverage  # cropped by `apply`, of which the result knows nothing
    return covered if _shape_of(covered) == made.frame_shape else None


def show_written(found: RegistrationValue, made: Source, movie: ImagesInfo) -> Source | None:
    """The corrected file as frames of the movie; None where it is not of this result."""
    box = find_box(found, made.info)
    if box is None or made.info.n_channels != movie.n_channels:
        return None
    kept = np.ones(len(found), bool) if made.info.n_frames == len(found) else found.kept
    if kept.all() and made.info.frame_shape == movie.frame_shape:
        return made
    places = np.where(kept, np.cumsum(kept) - 1, -1)
    return WrittenSource(made, movie, box, [int(place) for place in places])


def _shape_of(box: Box) -> tuple[int, ...]:
    return tuple(side.stop - side.start for side in box)
