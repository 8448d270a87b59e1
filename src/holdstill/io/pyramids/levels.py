"""The coarser resolutions that a file holds of its image, read whole."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
import zarr

from holdstill.contracts import Frames, Source
from holdstill.io.damage import explain_damage
from holdstill.io.quiet import quiet_tifffile

__all__ = ["Level", "list_levels", "read_level"]

TIFF = (".tif", ".tiff", ".btf", ".tf2", ".tf8", ".svs", ".ndpi")


@dataclass(frozen=True, kw_only=True)
class Level:
    """One resolution of an image.

    Attributes
    ----------
    factor : int
        Pixels of the whole image along each axis that became one.
    shape : tuple of 2 int
        Rows and columns, px.
    place : str
        Number or name of it in the file.
    """

    factor: int
    shape: tuple[int, int]
    place: str


def list_levels(source: Source) -> tuple[Level, ...]:
    """Resolutions of a plane, (y, x) with any number of channels, the full one first.

    Those of which a whole number of pixels became one along both axes, the same along each. Of arrays, and of files
    that hold but one, there is the full one alone.
    """
    height, width = source.info.frame_shape[-2:]
    full = Level(factor=1, shape=(height, width), place="0")
    file = _find_file(source)
    if file is None:
        return (full,)
    shapes = _list_tiff(file, (height, width)) if _is_tiff(file) else _list_zarr(file)
    found = {1: full}
    for place, shape in shapes:
        factor = _find_factor((height, width), shape)
        if factor is not None:
            found.setdefault(factor, Level(factor=factor, shape=shape, place=place))
    return tuple(found[factor] for factor in sorted(found))


def read_level(source: Source, level: Level) -> Frames:
    """All pixels of one resolution, (channels, y, x), in the dtype of the images. Raises FileError for damage."""
    file = _find_file(source)
    if level.factor == 1 or file is None:
        return source.read(0, 1)[0]
    with explain_damage(file, f"its resolution {level.place} cannot be read", "copy it again"):
        if not _is_tiff(file):
            node: Any = zarr.open(str(file), path=level.place, mode="r")
            return _as_channels(np.asarray(node[...]), level.shape)
        with quiet_tifffile(), tifffile.TiffFile(file) as tif:
            found = _pick_series(tif, source.info.frame_shape[-2:]).levels[int(level.place)]
            return _as_channels(found.asarray(), level.shape)


def _find_file(source: Source) -> Path | None:
    """The only file or folder behind a source that may hold several resolutions."""
    files = source.files
    if len(files) != 1 or not files[0].exists():
        return None
    return files[0] if _is_tiff(files[0]) or (files[0] / "zarr.json").exists() or _is_old_zarr(files[0]) else None


def _is_old_zarr(path: Path) -> bool:
    return (path / ".zgroup").exists()


def _is_tiff(path: Path) -> bool:
    return path.name.lower().endswith(TIFF)


def _pick_series(tif: tifffile.TiffFile, shape: tuple[int, ...]) -> Any:
    """The first image of that size, which is what is read of a file that holds several."""
    alike = [one for one in tif.series if _sides(one) == tuple(shape)]
    return alike[0] if alike else tif.series[0]


def _sides(series: Any) -> tuple[int, int]:
    lengths = dict(zip(series.axes, series.shape, strict=True))
    return int(lengths.get("Y", 1)), int(lengths.get("X", 1))


def _list_tiff(path: Path, shape: tuple[int, int]) -> list[tuple[str, tuple[int, int]]]:
    with quiet_tifffile(), tifffile.TiffFile(path) as tif:
        return [(str(k), _sides(one)) for k, one in enumerate(_pick_series(tif, shape).levels)]


def _list_zarr(path: Path) -> list[tuple[str, tuple[int, int]]]:
    node: Any = zarr.open(str(path), mode="r")
    attributes: dict[str, Any] = dict(node.attrs) if isinstance(node, zarr.Group) else {}
    scales = attributes.get("ome", attributes).get("multiscales") or [{}]
    names = [str(one.get("path", "")) for one in scales[0].get("datasets", ())]
    return [(name, tuple(node[name].shape[-2:])) for name in names if name in node]


def _find_factor(whole: tuple[int, int], shape: tuple[int, int]) -> int | None:
    """How many pixels became one; None where that is no whole number, or another along each axis."""
    factor = max(1, round(math.prod(whole) ** 0.5 / max(math.prod(shape), 1) ** 0.5))
    pairs = zip(whole, shape, strict=True)
    return factor if all(n in (side // factor, -(-side // factor)) for side, n in pairs) else None


def _as_channels(pixels: Frames, shape: tuple[int, int]) -> Frames:
    """Pixels of one plane, whatever their axes of length one, as (channels, y, x)."""
    if pixels.shape[-2:] == shape:
        return np.ascontiguousarray(pixels.reshape(-1, *shape))
    return np.ascontiguousarray(np.moveaxis(pixels.reshape(*shape, -1), -1, 0))
