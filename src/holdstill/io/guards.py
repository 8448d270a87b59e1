"""What stands between a file and the rest: frames that cannot be read, files that unpack to far more than they are."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.contracts import Frames, Segment, Source
from holdstill.errors import FileError, InputError

__all__ = [
    "LARGE_BYTES", "LARGE_RATIO", "MAX_RATIO", "TolerantSource", "bytes_below", "no_scenes", "pick_scene",
    "refuse_bomb", "refuse_large", "refuse_source",
]  # fmt: skip

MAX_RATIO = 1000  # deflate at its best; real movies of few photons come to 50
# what is unpacked at once may be larger than this only if it is not packed tighter than real movies are
LARGE_BYTES, LARGE_RATIO = 256 << 20, 50


class TolerantSource(Source):
    """Reads on where frames are damaged: they come as NaN, or as 0 in integers, and are remembered.

    Parameters
    ----------
    source : Source
        Is closed with this one.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self.info = source.info
        self._bad: set[int] = set()

    @property
    def files(self) -> tuple[Path, ...]:
        return self._source.files

    @property
    def stored_bytes(self) -> int | None:
        return self._source.stored_bytes

    @property
    def segment(self) -> Segment | None:
        return self._source.segment

    @property
    def block_bytes(self) -> int:
        return self._source.block_bytes

    def check_travels(self) -> None:
        self._source.check_travels()

    def unreadable(self, start: int, stop: int) -> tuple[int, ...]:
        return tuple(t for t in range(start, stop) if t in self._bad)

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        try:
            return self._source.read(start, stop, channel=channel)
        except FileError:
            return np.concatenate([self._one(t, channel) for t in range(start, stop)])

    def close(self) -> None:
        self._source.close()

    def _one(self, t: int, channel: int | None) -> Frames:
        try:
            return self._source.read(t, t + 1, channel=channel)
        except FileError:
            self._bad.add(t)
            n_channels = self.info.n_channels if channel is None else 1
            nothing = np.nan if self.info.dtype.kind == "f" else 0
            return np.full((1, n_channels, *self.info.frame_shape), nothing, self.info.dtype)


def bytes_below(folder: Path, enough: int) -> int:
    """Bytes of the files of a folder; the count stops where they are enough, for a large store has many."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            total += os.stat(os.path.join(place, name)).st_size
            if total > enough:
                return total
    return total


def pick_scene(name: Any, scenes: Sequence[str], scene: str | int | None) -> int:
    """Number of the scene that was asked for by name or number; none need be where there is one alone.

    Raises
    ------
    InputError
        There is no such scene, or several of which none was asked for; the text lists them.
    """
    listed = ", ".join(f"{number} = {label}" for number, label in enumerate(scenes[:20]))
    listed += f" ... {len(scenes) - 1}" if len(scenes) > 20 else ""
    if scene is None:
        if len(scenes) > 1:
            raise InputError(f"{name}: holds {len(scenes)} images; choose one with scene=... (--scene): {listed}")
        return 0
    if isinstance(scene, str) and scenes.count(scene) == 1:
        return list(scenes).index(scene)
    if str(scene).isdecimal() and int(scene) < len(scenes):
        return int(scene)
    raise InputError(f"{name}: has no scene {scene!r}; it has {listed}")


def no_scenes(name: Any, scene: str | int | None) -> None:
    """Raise InputError where a scene is asked of what has none."""
    if scene is not None:
        raise InputError(f"{name}: has no scenes; leave out scene={scene!r} (--scene)")


def refuse_bomb(name: Any, stored: int | None, unpacked: int) -> None:
    """Raise FileError where pixels take more than a thousand times the bytes that they are stored in."""
    if stored is not None and unpacked > MAX_RATIO * max(stored, 1):
        raise FileError(
            f"{name}: {stored:,} bytes claim to unpack to {unpacked:,}, more than {MAX_RATIO:,} times as many; if you "
            "trust the file pass trust=True (--trust)"
        )


def refuse_large(name: Any, what: str, stored: int | None, unpacked: int) -> None:
    """Raise FileError where `what`, which is unpacked at once, is large and packed tighter than real movies are."""
    if unpacked > LARGE_BYTES and (stored is None or unpacked > LARGE_RATIO * max(stored, 1)):
        raise FileError(
            f"{name}: {what} unpacks to {unpacked >> 20:,} MB at once; write it in smaller pieces, or if you trust the "
            "file pass trust=True (--trust)"
        )


def refuse_source(source: Source) -> None:
    """Raise FileError where a source, a piece of it or a frame unpacks to far more than it is stored in.

    All is known from headers: nothing has been unpacked yet.
    """
    info, stored, segment = source.info, source.stored_bytes, source.segment
    refuse_bomb(info.name, stored, info.n_frames * info.frame_bytes)
    if segment is not None:
        refuse_large(info.name, "a tile, strip or chunk of it", segment.stored, segment.unpacked)
    if stored is not None:
        refuse_large(info.name, "a frame of it", stored // max(info.n_frames, 1), info.frame_bytes)
