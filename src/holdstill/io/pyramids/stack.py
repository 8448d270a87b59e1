"""A stack of planes, written plane by plane: OME-Zarr with a pyramid, or OME-TIFF."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
import zarr
from zarr.codecs import ZstdCodec

from holdstill.contracts import Frames, ImagesInfo
from holdstill.errors import FileError
from holdstill.io import disk
from holdstill.io.inputs import MARK, check_replaceable
from holdstill.io.pyramids.halving import count_levels, halve
from holdstill.io.zarr.metadata import ome_attributes

__all__ = ["check_stack", "write_stack"]

CHUNK_PX = 512
TIFF = (".tif", ".tiff")


def check_stack(path: Path, *, overwrite: bool) -> None:
    """Raise FileError where a stack cannot be written there: of another format, or in the way of something."""
    if not path.name.lower().endswith((".zarr", *TIFF)):
        raise FileError(f"{path}: a stack is written as .ome.zarr or .ome.tif; choose one of these")
    check_replaceable(path, overwrite)


def write_stack(path: Path, info: ImagesInfo, planes: Iterator[Frames], *, overwrite: bool = False) -> None:
    """Write planes, each (channels, y, x), in the order of z, complete or not at all.

    Parameters
    ----------
    path : Path
        ``.ome.zarr``, with a pyramid, or ``.ome.tif``.
    info : ImagesInfo
        Axes ``ZYX`` or ``CZYX``.
    planes : iterator of ndarray
    overwrite : bool
    """
    check_stack(path, overwrite=overwrite)
    part = path.with_name(f".{uuid.uuid4().hex[:8]}.part{'.tif' if path.name.lower().endswith(TIFF) else ''}")
    try:
        with disk.explain_errors(path):
            if path.name.lower().endswith(TIFF):
                _write_tiff(part, info, planes)
                disk.sync_file(part)
            else:
                _write_zarr(part, info, planes)
                disk.sync_tree(part)
            if os.path.lexists(path):
                disk.remove(path)
            disk.rename(part, path)
            disk.sync_folder(path.parent)
    finally:
        disk.remove(part)


def _write_zarr(part: Path, info: ImagesInfo, planes: Iterator[Frames]) -> None:
    height, width = info.frame_shape[-2:]
    factors = [1 << level for level in range(count_levels(height, width))]
    attributes = {**ome_attributes(info, factors), MARK: {"version": version("holdstill")}}
    group = zarr.open_group(part, mode="w", zarr_format=3, attributes=attributes)
    levels: list[Any] = []
    for number, factor in enumerate(factors):
        shape = tuple(n // factor if axis in "YX" else n for axis, n in zip(info.axes, info.shape, strict=True))
        chunks = tuple(min(n, CHUNK_PX) if axis in "YX" else 1 for axis, n in zip(info.axes, shape, strict=True))
        levels.append(
            group.create_array(
                str(number), shape=shape, dtype=info.dtype, chunks=chunks, fill_value=0,
                compressors=ZstdCodec(level=3, checksum=True), dimension_names=[axis.lower() for axis in info.axes],
            )
        )  # fmt: skip
    for z, plane in enumerate(planes):
        image = np.moveaxis(plane, 0, -1)
        for number, level in enumerate(levels):
            image = halve(image) if number else image
            channels = np.moveaxis(image, -1, 0)
            level[(slice(None), z) if "C" in info.axes else z] = channels if "C" in info.axes else channels[0]


def _write_tiff(part: Path, info: ImagesInfo, planes: Iterator[Frames]) -> None:
    n_channels, (height, width) = info.n_channels, info.frame_shape[-2:]
    in_colours = n_channels == 3 and info.dtype in (np.uint8, np.uint16)
    sizes = dict(zip("ZYX", info.pixel_size_um, strict=True))
    metadata: dict[str, Any] = {"axes": "ZYXS" if in_colours else "ZCYX"}
    for axis, size in sizes.items():
        if size is not None:
            metadata |= {f"PhysicalSize{axis}": size, f"PhysicalSize{axis}Unit": "µm"}
    if not in_colours and len(info.channel_names) == n_channels:
        metadata["Channel"] = {"Name": list(info.channel_names)}
    shape = (info.length("Z"), height, width, 3) if in_colours else (info.length("Z"), n_channels, height, width)

    def pages() -> Iterator[Frames]:
        for plane in planes:
            if in_colours:
                yield np.ascontiguousarray(np.moveaxis(plane, 0, -1))
            else:
                yield from np.ascontiguousarray(plane)

    with tifffile.TiffWriter(part, bigtiff=True, ome=True) as tif:
        tif.write(
            pages(), shape=shape, dtype=info.dtype, photometric="rgb" if in_colours else "minisblack",
            compression="zlib", metadata=metadata,
        )  # fmt: skip
