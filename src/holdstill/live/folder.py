"""Frames that arrive while one waits: in a folder of images, or at the end of a Zarr."""

from __future__ import annotations

import glob
import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Source
from holdstill.errors import AxesError, FileError, InputError, MissingFile
from holdstill.io.folder_source import SUFFIXES, FolderSource, are_parts
from holdstill.io.joined_source import natural_order
from holdstill.io.tiff.source import TiffSource
from holdstill.io.zarr.source import ZarrSource
from holdstill.live.taken import time_of

__all__ = ["Arrival", "arriving"]

POLL_S = 0.1
PATIENCE_S = 5.0  # an image that cannot be read for so long, with others behind it, is damaged


@dataclass(frozen=True, eq=False)
class Arrival:
    """One frame that came.

    Attributes
    ----------
    name : str
        Of its file, or its number in a Zarr.
    frame : ndarray, (channels, [z,] y, x), or None
        None where it cannot be read.
    is_coloured : bool
        Whether its channels are the colours of one picture.
    time_s : float
        When it was taken, s since 1970, where that was asked for.
    """

    name: str
    frame: NDArray[Any] | None
    time_s: float = 0.0
    is_coloured: bool = False


def arriving(
    path: str | Path,
    *,
    done: Iterable[str] = (),
    idle_s: float | None = None,
    tick: Callable[[], None] = lambda: None,
    by_time: bool = False,
) -> Iterator[Arrival]:
    """Frames of a growing folder or Zarr, each once, in the order in which they are named, numbered or were taken.

    Parameters
    ----------
    path : path
        A folder into which images are written, or an OME-Zarr that grows or is filled.
    done : iterable of str
        Names of frames that are known already.
    idle_s : float, optional
        Stop when nothing came for so long, s. Default: never.
    tick : callable
        Called at each look.
    by_time : bool
        Images of a folder come in the order of their times.

    Raises
    ------
    MissingFile
        There is no such folder.
    InputError
        Frames of a Zarr are wanted by time.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise MissingFile(f"{folder}: no such folder to watch; check the name, or make it first")
    if by_time and folder.suffix == ".zarr":
        raise InputError(f"{folder}: frames of a Zarr have numbers and no times; leave out order (--order)")
    look = _ZarrLook(folder) if folder.suffix == ".zarr" else _FolderLook(folder, by_time)
    known, last = set(done), time.monotonic()
    while idle_s is None or time.monotonic() - last < idle_s:
        tick()
        came = False
        for arrival in look.new(known):
            known.add(arrival.name)
            came = True
            yield arrival
            tick()
        if came:
            last = time.monotonic()
        else:
            time.sleep(POLL_S)


class _FolderLook:
    """Looks for images; one that grows is left until it does no more."""

    def __init__(self, folder: Path, by_time: bool = False) -> None:
        self._folder, self._by_time = folder, by_time
        self._sizes: dict[str, int] = {}
        self._since: dict[str, float] = {}

    def new(self, known: set[str]) -> Iterator[Arrival]:
        try:
            inside = list(self._folder.iterdir())
        except OSError as error:
            raise MissingFile(f"{self._folder}: cannot be looked into any more ({error.strerror})") from error
        there = [file for file in inside if file.suffix.lower() in SUFFIXES and file.name not in known]
        there = natural_order([file for file in there if not file.name.startswith(".")])
        times = {file: self._time(file) for file in there}
        there.sort(key=times.__getitem__)  # stable: those of one second stay in the order of their names
        for number, file in enumerate(there):
            arrival = self._read(file, is_first=not known)
            if arrival is None and not self._is_given_up(file, is_last=number == len(there) - 1):
                return  # those behind it wait, so that frames stay in order
            self._sizes.pop(file.name, None)
            self._since.pop(file.name, None)
            yield replace(arrival or Arrival(file.name, None), time_s=self._time(file))

    def _time(self, file: Path) -> float:
        """When an image was taken; of one that is being written, when it was written last."""
        if not self._by_time:
            return 0.0
        try:
            return time_of(file)
        except OSError:
            return math.inf

    def _read(self, file: Path, is_first: bool) -> Arrival | None:
        try:
            size = file.stat().st_size
        except OSError:  # a link that leads nowhere, or renamed since the folder was looked into
            return None
        settled = size > 0 and self._sizes.get(file.name) == size
        self._sizes[file.name] = size
        if not settled:
            return None
        try:
            if are_parts(file, "TYX"):
                return _of_pages(file)
            with FolderSource(glob.escape(str(file))) as source:
                return _read_frame(source, 0, file.name)
        except InputError as error:
            if is_first and not isinstance(error, AxesError):
                raise
            return None
        except FileError:
            return None

    def _is_given_up(self, file: Path, is_last: bool) -> bool:
        since = self._since.setdefault(file.name, time.monotonic())
        return not is_last and time.monotonic() - since > PATIENCE_S


def _of_pages(file: Path) -> Arrival:
    """A volume, or channels in pages of their own. Raises InputError for a movie."""
    with TiffSource(file) as source:
        if source.info.n_frames > 1:
            raise InputError(
                f"{file}: holds {source.info.n_frames} frames, or does not say what its pages are; write one frame to "
                "a file, with the axes of a volume in its metadata, or a Zarr"
            )
        return _read_frame(source, 0, file.name)


class _ZarrLook:
    """Looks at the length of a Zarr, and at which chunks there are where its length was fixed beforehand."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next = 0

    def new(self, known: set[str]) -> Iterator[Arrival]:
        try:
            source = ZarrSource(self._path)
        except (FileError, MissingFile):
            return  # its metadata are being written
        with source:
            while self._next < source.info.n_frames:
                name = str(self._next)
                if name not in known and not source.has(self._next):
                    return
                self._next += 1
                if name not in known:
                    yield _try_frame(source, int(name))


def _try_frame(source: Source, t: int) -> Arrival:
    try:
        return _read_frame(source, t, str(t))
    except FileError:
        return Arrival(str(t), None)


def _read_frame(source: Source, t: int, name: str) -> Arrival:
    return Arrival(name, np.asarray(source.read(t, t + 1)[0]), is_coloured=source.info.n_colours > 0)
