"""Many files, one after the other, as one sequence."""

from __future__ import annotations

import re
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.contracts import Frames, ImagesInfo, Source
from holdstill.errors import FileError
from holdstill.io.blocks import block_shape, check_range

__all__ = ["JoinedSource", "natural_key", "natural_order"]

OPEN_LIMIT = 16  # a thousand open parts would use up the system's handles


class JoinedSource(Source):
    """Parts of a movie, strung together in time. Each is opened when it is needed.

    Parameters
    ----------
    openers : sequence of callable
        Each opens one part; parts are alike in all but their length.
    name : str
        What to call the whole.

    Raises
    ------
    FileError
        A part cannot be opened, or differs from the first in size, channels or dtype.
    """

    def __init__(self, openers: Sequence[Callable[[], Source]], name: str) -> None:
        self._openers, self._name = tuple(openers), name
        infos: list[ImagesInfo] = []
        files: list[Path] = []
        self._block_bytes = 0
        for opener in openers:
            with opener() as part:
                infos.append(part.info)
                files.extend(part.files)
                self._block_bytes = max(self._block_bytes, part.block_bytes)
        self._files = tuple(files)
        first = infos[0]
        odd = next((info for info in infos if _kind(info) != _kind(first)), None)
        if odd is not None:
            raise FileError(
                f"{odd.name}: is {_kind(odd)}, but {first.name} is {_kind(first)}; join files of one size and kind"
            )
        self._starts = np.cumsum([0, *(info.n_frames for info in infos)]).tolist()
        axes = first.axes if "T" in first.axes else "T" + first.axes
        shape = (self._starts[-1], *(first.length(axis) for axis in axes[1:]))
        self.info = replace(first, name=name, axes=axes, shape=shape, times_s=())
        self._open: dict[int, tuple[Source, int]] = {}  # and how many read from it
        self._lock = threading.Lock()

    @property
    def files(self) -> tuple[Path, ...]:
        return self._files

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        check_range(self.info, start, stop, channel)
        out = np.empty(block_shape(self.info, stop - start, channel), self.info.dtype)
        t = start
        while t < stop:
            number = bisect_right(self._starts, t) - 1
            begin, end = self._starts[number], min(self._starts[number + 1], stop)
            with self._part(number) as part:
                out[t - start : end - start] = part.read(t - begin, end - begin, channel=channel)
            t = end
        return out

    @property
    def block_bytes(self) -> int:
        return self._block_bytes

    def close(self) -> None:
        with self._lock:
            opened, self._open = self._open, {}
        for part, _ in opened.values():
            part.close()

    def __reduce__(self) -> tuple[Any, ...]:
        return JoinedSource, (self._openers, self._name)

    @contextmanager
    def _part(self, number: int) -> Iterator[Source]:
        """One part, opened; those that nobody reads are closed where there are too many."""
        with self._lock:
            part, readers = self._open.pop(number, (None, 0))
            part = part or self._openers[number]()
            self._open[number] = part, readers + 1
            idle = [other for other, (_, busy) in self._open.items() if not busy]
            for other in idle[: max(len(self._open) - OPEN_LIMIT, 0)]:
                self._open.pop(other)[0].close()
        try:
            yield part
        finally:
            with self._lock:
                if number in self._open:
                    self._open[number] = part, self._open[number][1] - 1


def _kind(info: ImagesInfo) -> str:
    sizes = [f"{size:g}" for size in info.pixel_size_um if size is not None]
    return f"{info.dtype} of {info.n_channels} x {info.frame_shape}" + (f" at {', '.join(sizes)} um" if sizes else "")


def natural_order(paths: Sequence[Path]) -> list[Path]:
    """Sorted so that 2 comes before 10."""
    return sorted(paths, key=natural_key)


def natural_key(name: Any) -> list[int | str]:
    """What a name is sorted by, so that 2 comes before 10: its numbers as such."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", str(name))]
