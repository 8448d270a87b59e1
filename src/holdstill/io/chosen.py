"""Some of the frames of a sequence, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from holdstill.contracts import Frames, ImagesInfo, Source
from holdstill.io.blocks import block_shape, check_range
from holdstill.io.view import SourceView

__all__ = ["ChosenSource"]


class ChosenSource(SourceView):
    """Some frames of another source, read when asked for; those that are left out are not read.

    Parameters
    ----------
    source : Source
        Stays the caller's to close. It has an axis of time.
    numbers : array of int, (n,)
        Frames that are kept, ascending.
    """

    def __init__(self, source: Source, numbers: ArrayLike) -> None:
        super().__init__(source)
        self._numbers = np.asarray(numbers, np.int64)
        info = source.info
        lengths = (len(self._numbers) if axis == "T" else n for axis, n in zip(info.axes, info.shape, strict=True))
        self.info = replace(info, shape=tuple(lengths), times_s=_choose_times(info, self._numbers.tolist()))

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        check_range(self.info, start, stop, channel)
        out = np.empty(block_shape(self.info, stop - start, channel), self.info.dtype)
        wanted, row = self._numbers[start:stop], 0
        for run in np.split(wanted, np.flatnonzero(np.diff(wanted) != 1) + 1) if len(wanted) else []:
            out[row : row + len(run)] = self._source.read(int(run[0]), int(run[-1]) + 1, channel=channel)
            row += len(run)
        return out

    def unreadable(self, start: int, stop: int) -> tuple[int, ...]:
        numbers = self._numbers[start:stop].tolist()
        return tuple(start + row for row, t in enumerate(numbers) if self._source.unreadable(t, t + 1))


def _choose_times(info: ImagesInfo, numbers: Sequence[int]) -> tuple[float, ...]:
    """When each kept frame was taken, s, where that is known; frames are not evenly spaced any more."""
    if len(info.times_s) == info.n_frames:
        return tuple(info.times_s[t] for t in numbers)
    if info.frame_interval_s is None or len(numbers) == info.n_frames:
        return info.times_s
    return tuple(t * info.frame_interval_s for t in numbers)
