"""Which image of which file is which cycle."""

from __future__ import annotations

import glob
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.contracts import ImagesInfo, Source
from holdstill.errors import FileError, InputError
from holdstill.integrity.channels import select_channels
from holdstill.io import open_source
from holdstill.io.array import ArraySource
from holdstill.io.axes import COLOURS
from holdstill.io.folder_source import files_of
from holdstill.io.image import read_image
from holdstill.io.joined_source import natural_order

__all__ = ["Cycle", "describe", "list_files", "open_cycles", "open_plane"]

PICTURES = (".png", ".jpg", ".jpeg", ".bmp")


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """One cycle: the nuclear channel of one frame of one source.

    Attributes
    ----------
    source : Source
    frame, channel : int
    name : str
        Which image it is: the channel's name, or the file's, or its number.
    channels : tuple of str
        What was stained in it, as the file says: names of all its channels.
    """

    source: Source
    frame: int
    channel: int
    name: str
    channels: tuple[str, ...] = ()

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
        files = list_files(images)
        if files is None:
            source = stack.enter_context(open_plane(images, axes))
            cycles = _of_one(source, _list_channels(channel, [source]))
        else:
            if isinstance(images, list | tuple) and len(images) > 1:
                _warn_of_order(files)
            sources = [stack.enter_context(open_plane(file, axes)) for file in files]
            wanted = _list_channels(channel, sources)
            cycles = _of_many(sources, _one_each(wanted, len(sources)), files)
        _check(cycles)
        _warn_of_colours(cycles[0].source.info, channel)
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


def list_files(images: Any) -> list[Path] | None:
    """Files one for each cycle, None for a single one or an array."""
    if isinstance(images, list | tuple) and len(images) > 1:
        return [Path(path) for path in images]
    if isinstance(images, list | tuple) and images:
        return list_files(images[0])
    if not isinstance(images, str | os.PathLike):
        return None
    path = Path(images)
    if path.is_dir() and path.suffix.lower() != ".zarr":
        return files_of(path, (".zarr",))
    return files_of(path) if glob.has_magic(str(path)) and not path.exists() else None


def _warn_of_order(files: list[Path]) -> None:
    """Tell of files in the order in which a shell lists them, cycle10 before cycle2: not that of the cycles."""
    names = [str(file) for file in files]
    ordered = natural_order(files)
    if names == sorted(names) and files != ordered:
        first = next(k for k, (given, wanted) in enumerate(zip(files, ordered, strict=True)) if given != wanted)
        warnings.warn(
            f"{files[first].name} is taken for cycle {first + 1}, before {ordered[first].name}: the files stand in the "
            'order in which a shell lists them; a pattern in quotes, as "cycle*.tif", is sorted by number',
            stacklevel=2,
        )


def _warn_of_colours(info: ImagesInfo, channel: Any) -> None:
    """Tell which colour of a picture is measured, where nobody chose one: of a blue stain red shows nothing."""
    if info.channel_names == tuple(COLOURS) and str(channel) == "0":
        warnings.warn(
            f"{info.name}: is a picture in colours, of which red is measured; choose by --channel green or blue",
            stacklevel=2,
        )


def _of_one(source: Source, wanted: list[str | int]) -> list[Cycle]:
    """Frames of a movie, or several channels of one image."""
    info = source.info
    _check_planes(info)
    if info.n_frames == 1 and len(wanted) > 1:
        return _of_stack(source, [_number(info, channel) for channel in wanted])
    if info.n_frames == 1:
        hint = f" (it has {info.n_channels})" if info.n_channels > 1 else ""
        raise InputError(
            f"{info.name}: is one cycle; give a movie, one file a cycle, or the channels that are cycles, as "
            f"--channel DNA1,DNA2{hint}"
        )
    numbers = [_number(info, channel) for channel in _one_each(wanted, info.n_frames)]
    alike = len(set(numbers)) == 1
    return [
        Cycle(source=source, frame=t, channel=n, name=_name(info, n, t, alike=alike), channels=select_channels(info))
        for t, n in enumerate(numbers)
    ]


def _of_stack(source: Source, numbers: list[int]) -> list[Cycle]:
    """Channels of one image that are cycles; where they ascend, what was stained with each stands between them."""
    info, ascend = source.info, numbers == sorted(set(numbers))
    ends = [*numbers[1:], info.n_channels] if ascend else [n + 1 for n in numbers]
    return [
        Cycle(source=source, frame=0, channel=n, name=_name(info, n, k), channels=select_channels(info, n, end))
        for k, (n, end) in enumerate(zip(numbers, ends, strict=True))
    ]


def _of_many(sources: list[Source], wanted: list[str | int], files: list[Path]) -> list[Cycle]:
    cycles = []
    for source, channel, file in zip(sources, wanted, files, strict=True):
        info = source.info
        _check_planes(info)
        if info.n_frames != 1:
            raise InputError(f"{file}: has {info.n_frames} frames; give one file a cycle, or one movie alone")
        number = _number(info, channel)
        cycles.append(Cycle(source=source, frame=0, channel=number, name=file.name, channels=select_channels(info)))
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


def _check_planes(info: ImagesInfo) -> None:
    if info.ndim != 2:
        raise InputError(f"{info.name}: has planes along z; integrity is measured in single planes")


def _check(cycles: list[Cycle]) -> None:
    first = cycles[0]
    for number, cycle in enumerate(cycles, 1):
        if cycle.shape != first.shape:
            raise InputError(
                f"{cycle.source.info.name}: cycle {number} is {_size(cycle)} px and the first {_size(first)} px; "
                "give cycles of one size (holdstill correct makes them so)"
            )
        if cycle.dtype == np.float16:
            raise FileError(f"{cycle.source.info.name}: pixels of float16 are not computed with; convert to float32")


def _size(cycle: Cycle) -> str:
    return " x ".join(str(n) for n in cycle.shape)
