"""Which image of which file is which cycle."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.contracts import ImagesInfo, Source
from holdstill.errors import FileError, InputError
from holdstill.io import open_source
from holdstill.io.array import ArraySource
from holdstill.io.folder_source import files_of
from holdstill.io.image import read_image
from holdstill.io.inputs import input_paths

__all__ = ["Cycle", "check_labels", "describe", "open_cycles", "open_plane"]

PICTURES = (".png", ".jpg", ".jpeg", ".bmp")


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """One cycle: the nuclear channel of one frame of one source.

    Attributes
    ----------
    source : Source
    frame, channel : int
    name : str
        What to call it on screens: the channel's name, or the file's, or its number.
    """

    source: Source
    frame: int
    channel: int
    name: str

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""
        return self.source.info.frame_shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the pixels."""
        return self.source.info.dtype


@contextmanager
def open_cycles(
    images: Any, *, channel: str | int | Sequence[str | int] = 0, axes: str | None = None
) -> Iterator[list[Cycle]]:
    """Open cycles and close them at the end.

    Parameters
    ----------
    images : path, array, or list of paths
        A movie ``T(C)YX``; a stack ``CYX`` of which several channels are cycles; a pattern or folder of files in
        natural order; a list of files in the order of the cycles.
    channel : str, int or sequence of them
        The nuclear channel by number or name: one for all, or one for each cycle, as a list or with commas between.
    axes : str, optional
        Axes of each file, where it does not say.

    Raises
    ------
    InputError
        There are fewer than two cycles, they differ in size, or a channel is not there.
    """
    with ExitStack() as stack:
        files = _files(images)
        if files is None:
            source = stack.enter_context(open_plane(images, axes))
            cycles = _of_one(source, _list_channels(channel, [source]))
        else:
            sources = [stack.enter_context(open_plane(file, axes)) for file in files]
            wanted = _list_channels(channel, sources)
            cycles = _of_many(sources, _one_each(wanted, len(sources)), files)
        _check(cycles)
        yield cycles


@contextmanager
def open_plane(images: Any, axes: str | None = None) -> Iterator[Source]:
    """Open images of any kind, pictures such as PNG among them."""
    if isinstance(images, str | os.PathLike) and str(images).lower().endswith(PICTURES):
        source: Source = ArraySource(read_image(images), axes=axes, name=str(images))
    else:
        source = open_source(images, axes=axes)
    try:
        yield source
    finally:
        if source is not images:
            source.close()


def describe(cycles: Sequence[Cycle]) -> list[dict[str, Any]]:
    """File, frame, channel and name of each cycle as plain values; paths are absolute, None stands for an array."""
    return [
        {
            "file": _place_of(cycle.source.info.name),
            "frame": cycle.frame, "channel": cycle.channel, "name": cycle.name, "axes": cycle.source.info.axes,
        }
        for cycle in cycles
    ]  # fmt: skip


def _place_of(name: str) -> str | None:
    if name == ArraySource.unnamed:
        return None
    return name if "://" in name else os.path.abspath(name)


def check_labels(images: Any, labels: Any) -> None:
    """Raise InputError where a folder or pattern of cycles holds the labels too."""
    files = {path.resolve() for path in _files(images) or ()}
    shared = files & {path.resolve() for path in input_paths(labels)}
    if shared:
        name = min(shared).name
        raise InputError(f"{name}: is the image of labels and stands among the cycles; give the cycles without it")


def _files(images: Any) -> list[Path] | None:
    """Files one for each cycle, None for a single one or an array."""
    if isinstance(images, list | tuple) and len(images) > 1:
        return [Path(path) for path in images]
    if isinstance(images, list | tuple) and images:
        return _files(images[0])
    if not isinstance(images, str | os.PathLike):
        return None
    path = Path(images)
    if path.is_dir() and path.suffix.lower() != ".zarr":
        return files_of(path, (".zarr",))
    return files_of(path) if glob.has_magic(str(path)) and not path.exists() else None


def _of_one(source: Source, wanted: list[str | int]) -> list[Cycle]:
    """Frames of a movie, or several channels of one image."""
    info = source.info
    if info.n_frames == 1 and len(wanted) > 1:
        numbers = [_number(info, channel) for channel in wanted]
        return [Cycle(source=source, frame=0, channel=n, name=_name(info, n, k)) for k, n in enumerate(numbers)]
    if info.n_frames == 1:
        hint = f" (it has {info.n_channels})" if info.n_channels > 1 else ""
        raise InputError(
            f"{info.name}: is one cycle; give a movie, one file a cycle, or the channels that are cycles, as "
            f"--channel DNA1,DNA2{hint}"
        )
    numbers = [_number(info, channel) for channel in _one_each(wanted, info.n_frames)]
    return [
        Cycle(source=source, frame=t, channel=n, name=_name(info, n, t, alike=len(set(numbers)) == 1))
        for t, n in enumerate(numbers)
    ]


def _of_many(sources: list[Source], wanted: list[str | int], files: list[Path]) -> list[Cycle]:
    cycles = []
    for source, channel, file in zip(sources, wanted, files, strict=True):
        if source.info.n_frames != 1:
            raise InputError(f"{file}: has {source.info.n_frames} frames; give one file a cycle, or one movie alone")
        cycles.append(Cycle(source=source, frame=0, channel=_number(source.info, channel), name=file.name))
    return cycles


def _list_channels(channel: str | int | Sequence[str | int], sources: list[Source]) -> list[str | int]:
    """Channels one by one. Of text what stands between commas, unless a channel's name itself holds commas."""
    if not isinstance(channel, str):
        return [channel] if isinstance(channel, int) else list(channel)
    known = {name for source in sources for name in source.info.channel_names}
    parts, found = channel.split(","), list[str | int]()
    while parts:
        n = next(n for n in range(len(parts), 0, -1) if n == 1 or ",".join(parts[:n]).strip() in known)
        found.append(",".join(parts[:n]).strip())
        del parts[:n]
    return found


def _one_each(wanted: list[str | int], n_cycles: int) -> list[str | int]:
    if len(wanted) not in (1, n_cycles):
        raise InputError(f"{len(wanted)} channels for {n_cycles} cycles; name one for all, or one each")
    return wanted * n_cycles if len(wanted) == 1 else wanted


def _number(info: ImagesInfo, channel: str | int) -> int:
    """Number of a channel given by number or name."""
    known = ", ".join(info.channel_names) or (f"0 to {info.n_channels - 1}" if info.n_channels > 1 else "0 alone")
    if isinstance(channel, str) and channel in info.channel_names:
        return info.channel_names.index(channel)
    told = str(channel)
    if not (told.isascii() and told.isdecimal()) or int(told) >= info.n_channels:
        raise InputError(f"{info.name}: has no channel {channel!r}; it has {known}")
    return int(told)


def _name(info: ImagesInfo, channel: int, cycle: int, *, alike: bool = False) -> str:
    return info.channel_names[channel] if info.channel_names and not alike else f"cycle {cycle + 1}"


def _check(cycles: list[Cycle]) -> None:
    first = cycles[0]
    for number, cycle in enumerate(cycles, 1):
        if cycle.source.info.ndim != 2:
            raise InputError(f"{cycle.source.info.name}: has planes along z; integrity is measured in single planes")
        if cycle.shape != first.shape:
            raise InputError(
                f"{cycle.source.info.name}: cycle {number} is {_size(cycle)} px and the first {_size(first)} px; "
                "give cycles of one size (holdstill correct makes them so)"
            )
        if cycle.dtype == np.float16:
            raise FileError(f"{cycle.source.info.name}: pixels of float16 are not computed with; convert to float32")


def _size(cycle: Cycle) -> str:
    return " x ".join(str(n) for n in cycle.shape)
