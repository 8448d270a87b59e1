"""Files of microscope makers, read by bioio and its plugins."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.contracts import Frames, ImagesInfo, Source
from holdstill.errors import AxesError, FileError, HoldstillError, MissingExtra
from holdstill.extras import require
from holdstill.io.axes import COLOURS, check_axes
from holdstill.io.blocks import block_shape, check_dtype, check_range
from holdstill.io.colours import count_colours
from holdstill.io.foreign import ask_foreign, call_foreign
from holdstill.io.guards import pick_scene
from holdstill.io.quiet import quiet

__all__ = ["BioSource"]

PLUGINS = {".nd2": "bioio-nd2", ".czi": "bioio-czi", ".lif": "bioio-lif"}


class BioSource(Source):
    """Reads one scene of an ND2, CZI or LIF file, plane by plane.

    Parameters
    ----------
    path : str or path
    axes : str, optional
        Names of the axes longer than 1, where those of the file are not what is meant, as ``TYX`` for planes of a
        stack.
    scene : str or int, optional
        Name or number of one image of several.

    Raises
    ------
    FileError
        It is damaged.
    InputError, AxesError
        It holds several scenes; the axes do not fit.
    MissingExtra
        bioio, or its plugin for the format, is not installed.
    """

    def __init__(self, path: str | Path, *, axes: str | None = None, scene: str | int | None = None) -> None:
        self._path, self._axes, self._scene = Path(path), axes, scene
        image = _open(self._path)
        number = pick_scene(path, [str(name) for name in image.scenes], scene)
        image.set_scene(number)
        lengths = dict(image.dims.items())
        self._sample_axis = "S" if lengths.get("S", 1) > 1 else ""
        if self._sample_axis and lengths.get("C", 1) > 1:
            raise AxesError(f"{path}: has colours within channels, which is not read; export one of the channels")
        own = "".join(a for a in "TCZYX" if lengths.get(a, 1) > 1 or a in "YX" or (a == "C" and self._sample_axis))
        self._order = "".join("S" if a == "C" and self._sample_axis else a for a in own)
        wanted = check_axes(axes or own, str(path))
        if len(wanted) != len(own):
            raise AxesError(f"{path}: axes={axes!r} does not fit its axes {own}; name {len(own)} of them")
        shape = tuple(int(lengths[axis]) for axis in self._order)
        self.info = ImagesInfo(
            name=str(path), axes=wanted, shape=shape, dtype=check_dtype(np.dtype(image.dtype), str(path)),
            pixel_size_um=_sizes(image), frame_interval_s=_interval(image),
            channel_names=self._channels(image, dict(zip(wanted, shape, strict=True)).get("C", 1)),
            n_colours=count_colours(lengths["S"]) if self._sample_axis and "C" in wanted else 0,
        )  # fmt: skip
        self._lazy = _read(lambda: image.get_image_dask_data(self._order), self._path)

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        check_range(self.info, start, stop, channel)
        chosen = {"T": slice(start, stop)}
        if channel is not None:
            chosen["C"] = slice(channel, channel + 1)
        part = self._lazy[tuple(chosen.get(axis, slice(None)) for axis in self.info.axes)]
        pixels = _read(lambda: part.compute(scheduler="synchronous"), self._path, f": frames {start} to {stop - 1}")
        block = np.array(pixels, self.info.dtype, order="C", copy=True)
        block = block[:0] if "T" not in self.info.axes and start == stop else block
        return block.reshape(block_shape(self.info, stop - start, channel))

    @property
    def files(self) -> tuple[Path, ...]:
        return (self._path,)

    def close(self) -> None:
        """Do nothing: a file is open while it is read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self._path.absolute(), self._axes, self._scene)

    def _channels(self, image: Any, n_channels: int) -> tuple[str, ...]:
        if self._sample_axis:
            return tuple(COLOURS) if n_channels == len(COLOURS) else ()
        names = tuple(str(name) for name in image.channel_names or ())
        return names if len(names) == n_channels else ()


def _again(path: Path, axes: str | None, scene: str | int | None) -> BioSource:
    return BioSource(path, axes=axes, scene=scene)


def _open(path: Path) -> Any:
    bioio = require("bioio", "formats", f"reading {path}")

    def open_quietly() -> Any:
        with quiet("bioio.bio_image"):
            return bioio.BioImage(path)

    def explain(reason: str) -> HoldstillError:
        plugin = PLUGINS[path.suffix.lower()]
        if find_spec(plugin.replace("-", "_")) is None:
            return MissingExtra(f"{path}: no reader is installed for {path.suffix}: pip install {plugin}")
        return FileError(f"{path}: cannot be read ({reason}); copy or export it again")

    return call_foreign(open_quietly, explain)


def _read(job: Callable[[], Any], path: Path, what: str = "") -> Any:
    """The result of a job of a plugin, as a FileError where it fails."""
    return call_foreign(
        job, lambda reason: FileError(f"{path}{what} cannot be read ({reason}); copy or export it again")
    )


def _sizes(image: Any) -> tuple[float | None, float | None, float | None]:
    sizes = ask_foreign(lambda: tuple(image.physical_pixel_sizes), (None, None, None))
    z, y, x = (float(size) if size is not None and 0 < size < np.inf else None for size in sizes)
    return z, y, x


def _interval(image: Any) -> float | None:
    def seconds() -> float:
        interval = image.time_interval
        return float(interval.total_seconds() if hasattr(interval, "total_seconds") else interval)

    found = ask_foreign(seconds, 0.0)
    return found if 0 < found < np.inf else None
