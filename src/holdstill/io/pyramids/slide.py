"""Slides written in bands of rows: pyramidal, tiled OME-TIFF, or OME-Zarr; memory does not grow with their height."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack
from functools import partial
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
import zarr
from zarr.codecs import ZstdCodec

from holdstill.contracts import Frames, ImagesInfo
from holdstill.errors import FileError
from holdstill.io import disk
from holdstill.io.axes import COLOURS
from holdstill.io.inputs import MARK
from holdstill.io.pyramids.bands import TILE_PX, Bands
from holdstill.io.pyramids.codecs import ZSTD_LEVEL, Codec
from holdstill.io.pyramids.halving import count_levels, halve, thin
from holdstill.io.quiet import quiet_tifffile
from holdstill.io.zarr.metadata import ome_attributes

__all__ = ["choose_codec", "holds_colours", "is_slide_name", "write_slide"]

TIFF = (".tif", ".tiff", ".btf", ".tf2", ".tf8")
SHARD_TILES = 8
# bands of all the channels (None), or of one, (channels, rows, x), from top to bottom
BandsOf = Callable[[int | None], Iterator[Frames]]


def is_slide_name(path: Path) -> bool:
    """Whether a slide can be written under a name: one of TIFF or OME-Zarr."""
    return path.name.lower().endswith((*TIFF, ".zarr"))


def holds_colours(info: ImagesInfo) -> bool:
    """Whether the channels are the colours of a picture, which lie together in a file."""
    named = info.channel_names in ((), tuple(COLOURS))
    return info.n_channels == 3 and info.dtype in (np.uint8, np.uint16) and named


def choose_codec(info: ImagesInfo, compression: str | None, quality: int) -> Codec:
    """How tiles are packed: as asked for; else colours of 8 bit by JPEG, and other pixels, whole, by zstd."""
    in_colours = holds_colours(info)
    chosen = compression or ("jpeg" if in_colours and info.dtype == np.uint8 else "zstd")
    return Codec(compression=chosen, quality=quality, samples=3 if in_colours else 1, dtype=info.dtype)


def write_slide(
    part: Path, info: ImagesInfo, bands: BandsOf, codec: Codec, workers: Executor, *, is_labels: bool = False
) -> None:
    """Write a plane of any number of channels, with a pyramid, to `part`.

    Parameters
    ----------
    part : Path
        Its suffix says the format.
    info : ImagesInfo
        Axes ``YX`` or ``CYX``.
    bands : callable (channel or None)
        Bands of rows as `Bands` takes them.
    codec : Codec
        OME-Zarr is packed by zstd alone.
    workers : Executor
        Packs tiles.
    is_labels : bool
        Coarser resolutions hold single pixels, no means.
    """
    start = partial(Bands, reduce=thin if is_labels else halve)
    with disk.explain_errors(part):
        if part.name.lower().endswith(TIFF):
            _write_tiff(part, info, bands, codec, workers, start)
            disk.sync_file(part)
        else:
            if codec.compression != "zstd":
                raise FileError(f"{part.name}: OME-Zarr is packed by zstd; leave compression={codec.compression!r} out")
            _write_zarr(part, info, bands, start)
            disk.sync_tree(part)


def _level_shapes(info: ImagesInfo) -> list[tuple[int, int]]:
    height, width = info.frame_shape
    return [(height >> k, width >> k) for k in range(count_levels(height, width))]


def _write_tiff(
    part: Path, info: ImagesInfo, bands: BandsOf, codec: Codec, workers: Executor, start: Callable[[int], Bands]
) -> None:
    shapes, in_colours = _level_shapes(info), codec.samples == 3
    spools = [_Spool(part.with_name(f"{part.name}.level{k}")) for k in range(1, len(shapes))]
    common: dict[str, Any] = {
        "dtype": info.dtype, "photometric": "rgb" if in_colours else "minisblack", "tile": (TILE_PX, TILE_PX),
        **codec.tags,
    }  # fmt: skip

    def shape_of(level: int) -> tuple[int, ...]:
        return (*shapes[level], 3) if in_colours else (info.n_channels, *shapes[level])

    def pack() -> Iterator[bytes]:
        for channel in [None] if in_colours else range(info.n_channels):
            pyramid = start(len(shapes))
            for band, last in _mark_last(bands(channel)):
                for level, rows in pyramid.take(np.moveaxis(band, 0, -1), last=last):
                    packed = workers.map(codec.encode, _cut(rows))
                    if level:
                        spools[level - 1].extend(packed)
                    else:
                        yield from packed

    with ExitStack() as stack, quiet_tifffile(), tifffile.TiffWriter(part, bigtiff=True, ome=True) as tif:
        for spool in spools:
            stack.callback(spool.remove)
        packing = pack()
        # a chain cannot be closed: tifffile asks for nothing after the last tile, and coarser ones come after it
        tif.write(
            chain(packing), shape=shape_of(0), subifds=len(spools), metadata=_describe(info, in_colours), **common
        )
        assert next(packing, None) is None
        for level, spool in enumerate(spools, start=1):
            tif.write(spool.read(), shape=shape_of(level), subfiletype=1, metadata=None, **common)


def _describe(info: ImagesInfo, in_colours: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"axes": "YXS" if in_colours else "CYX"}
    for axis, size in zip("YX", info.pixel_size_um[1:], strict=True):
        if size is not None:
            said |= {f"PhysicalSize{axis}": size, f"PhysicalSize{axis}Unit": "µm"}
    if any(info.origin_um):
        n_planes = 1 if in_colours else info.n_channels
        said["Plane"] = {
            f"Position{axis}{unit}": [value] * n_planes
            for axis, place in zip("YX", info.origin_um[1:], strict=True)
            for unit, value in (("", place), ("Unit", "µm"))
        }
    if not in_colours and len(info.channel_names) == info.n_channels:
        said["Channel"] = {"Name": list(info.channel_names)}
    return said


def _mark_last(bands: Iterator[Frames]) -> Iterator[tuple[Frames, bool]]:
    """Each band, and whether it is the last one."""
    before: Frames | None = None
    for band in bands:
        if before is not None:
            yield before, False
        before = band
    if before is not None:
        yield before, True


def _cut(rows: Frames) -> Iterator[Frames]:
    """Tiles of rows, (y, x, samples), whole ones: those at the border go on with its last pixels."""
    high, wide = (-(-n // TILE_PX) * TILE_PX for n in rows.shape[:2])
    for y in range(0, high, TILE_PX):
        for x in range(0, wide, TILE_PX):
            tile = rows[y : y + TILE_PX, x : x + TILE_PX]
            beyond = [(0, TILE_PX - n) for n in tile.shape[:2]]
            if beyond != [(0, 0), (0, 0)]:
                tile = np.pad(tile, [*beyond, (0, 0)], mode="edge")
            yield np.ascontiguousarray(tile)


class _Spool:
    """Packed tiles of a coarser resolution, on the disk until it is their turn."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("w+b")

    def extend(self, tiles: Iterator[bytes]) -> None:
        for tile in tiles:
            self._file.write(struct.pack("<q", len(tile)))
            self._file.write(tile)

    def read(self) -> Iterator[bytes]:
        self._file.seek(0)
        while head := self._file.read(8):
            yield self._file.read(struct.unpack("<q", head)[0])

    def remove(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


def _write_zarr(part: Path, info: ImagesInfo, bands: BandsOf, start: Callable[[int], Bands]) -> None:
    shapes = _level_shapes(info)
    attributes = {**ome_attributes(info, [1 << k for k in range(len(shapes))]), MARK: {"version": version("holdstill")}}
    group = zarr.open_group(part, mode="w", zarr_format=3, attributes=attributes)
    create = partial(
        group.create_array, dtype=info.dtype, fill_value=0, compressors=ZstdCodec(level=ZSTD_LEVEL, checksum=True),
        dimension_names=[axis.lower() for axis in info.axes],
    )  # fmt: skip
    before = (info.n_channels,) if "C" in info.axes else ()
    one = (1,) * len(before)
    levels: list[Any] = []
    for level, shape in enumerate(shapes):
        across = min(SHARD_TILES, -(-shape[1] // TILE_PX))
        levels.append(
            create(
                str(level), shape=(*before, *shape), chunks=(*one, TILE_PX, TILE_PX),
                shards=(*one, TILE_PX, across * TILE_PX),
            )
        )  # fmt: skip
    pyramid, tops = start(len(shapes)), [0] * len(shapes)
    for band, last in _mark_last(bands(None)):
        for level, rows in pyramid.take(np.moveaxis(band, 0, -1), last=last):
            place = slice(tops[level], tops[level] + len(rows))
            pixels = np.moveaxis(rows, -1, 0)
            levels[level][(slice(None), place) if before else place] = pixels if before else pixels[0]
            tops[level] += len(rows)
