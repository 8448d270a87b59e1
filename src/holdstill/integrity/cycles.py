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
from holdstill.io.folder_source import files_of
from holdstill.io.joined_source import natural_order
from holdstill.run.parts import channel_of, colours_of, see

__all__ = ["Cycle", "describe", "list_files", "open_cycles", "open_plane"]

Channel = str | int | None


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """One cycle: the nuclear channel of one frame of one source.

    Attributes
    ----------
    source : Source
        What is measured of it: the image itself, or the mean of its colours.
    frame, channel : int
    name : str
        Which image it is: the channel's name, or the file's, or its number.
    channels : tuple of str
        What was stained in it, as the file says: names of all its channels.
    axes : str
        Of the image as it is opened.
    colours : int
        How many of its channels are seen as their mean; 0: none.
    """

    source: Source
    frame: int
    channel: int
    name: str
    channels: tuple[str, ...] = ()
    axes: str = ""
    colours: int = 0

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
    images: Any, *, channel: str | int | Sequence[str | int] | None = None, axes: str | None = None
) -> Iterator[list[Cycle]]:
    """Open cycles and close them at the end.

    Parameters
    ----------
    images : path, array, or list of paths
        A movie ``T(C)YX``; a stack ``CYX`` of which several channels are cycles; a pattern or folder of files in
        natural order; a list of files in the order of the cycles.
    channel : str, int or sequence of them
        The nuclear channel by number or name: one for all, or one for each cycle, as a list or with commas between.
        Default: the first; of pictures in colours the mean of them.
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
        _warn_of_colours(cycles[0])
        yield cycles


@contextmanager
def open_plane(images: Any, axes: str | None = None) -> Iterator[Source]:
    """Open images of any kind."""
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
            "frame": cycle.frame, "channel": cycle.channel, "colours": cycle.colours,
            "name": cycle.name, "axes": cycle.axes,
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


def _warn_of_colours(cycle: Cycle) -> None:
    """Tell what is measured of pictures in colours where nobody chose one: of a blue stain red shows nothing."""
    if cycle.colours:
        warnings.warn(
            f"{cycle.source.info.name}: is a picture in colours, of which the mean is measured; choose one by "
            "--channel red, green or blue",
            stacklevel=2,
        )


def _of_one(source: Source, wanted: list[Channel]) -> list[Cycle]:
    """Frames of a movie, or several channels of one image."""
    info = source.info
    _check_planes(info)
    if info.n_frames == 1 and len(wanted) > 1:
        return _of_stack(source, [channel_of(channel, info) for channel in wanted])
    if info.n_frames == 1:
        hint = f" (it has {info.n_channels})" if info.n_channels > 1 else ""
        raise InputError(
            f"{info.name}: is one cycle; give a movie, one file a cycle, or the channels that are cycles, as "
            f"--channel DNA1,DNA2{hint}"
        )
    numbers = [channel_of(channel, info) for channel in _one_each(wanted, info.n_frames)]
    alike = len(set(numbers)) == 1
    return [
        _make_cycle(source, t, each, _name(info, n, t, alike=alike), select_channels(info))
        for t, (n, each) in enumerate(zip(numbers, _one_each(wanted, info.n_frames), strict=True))
    ]


def _make_cycle(source: Source, frame: int, channel: Channel, name: str, channels: tuple[str, ...]) -> Cycle:
    """One frame of a source as a cycle: its channel, or the mean of its colours where none is named."""
    seen, number = see(source, channel)
    return Cycle(
        source=seen, frame=frame, channel=number, name=name, channels=channels,
        axes=source.info.axes, colours=colours_of(channel, source.info),
    )  # fmt: skip


def _of_stack(source: Source, numbers: list[int]) -> list[Cycle]:
    """Channels of one image that are cycles; where they ascend, what was stained with each stands between them."""
    info, ascend = source.info, numbers == sorted(set(numbers))
    ends = [*numbers[1:], info.n_channels] if ascend else [n + 1 for n in numbers]
    return [
        _make_cycle(source, 0, n, _name(info, n, k), select_channels(info, n, end))
        for k, (n, end) in enumerate(zip(numbers, ends, strict=True))
    ]


def _of_many(sources: list[Source], wanted: list[Channel], files: list[Path]) -> list[Cycle]:
    cycles = []
    for source, channel, file in zip(sources, wanted, files, strict=True):
        info = source.info
        _check_planes(info)
        if info.n_frames != 1:
            raise InputError(f"{file}: has {info.n_frames} frames; give one file a cycle, or one movie alone")
        cycles.append(_make_cycle(source, 0, channel, file.name, select_channels(info)))
    return cycles


def _list_channels(channel: str | int | Sequence[str | int] | None, sources: list[Source]) -> list[Channel]:
    """Channels one by one. Of text what stands between commas, unless a channel's name itself holds commas."""
    if not isinstance(channel, str):
        return [channel] if channel is None or isinstance(channel, int) else list(channel)
    known = {name for source in sources for name in source.info.channel_names}
    parts, found = channel.split(","), list[Channel]()
    while parts:
        n = next(n for n in range(len(parts), 0, -1) if n == 1 or ",".join(parts[:n]).strip() in known)
        found.append(",".join(parts[:n]).strip())
        del parts[:n]
    return found


def _one_each(wanted: list[Channel], n_cycles: int) -> list[Channel]:
    if len(wanted) not in (1, n_cycles):
        raise InputError(f"{len(wanted)} channels for {n_cycles} cycles; name one for all, or one each")
    return wanted * n_cycles if len(wanted) == 1 else wanted


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
