"""Planes of any size resampled and written with a pyramid."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from holdstill.contracts import AnyTransform, Device, ImagesInfo, Source
from holdstill.engines.threads import available_cores
from holdstill.errors import FileError
from holdstill.io import slow
from holdstill.io.pyramids.bands import BAND_ROWS
from holdstill.resampling.settings import Resampling
from holdstill.resampling.slide_options import SlideOptions
from holdstill.resampling.tiles import Tiles

__all__ = ["is_plane", "is_slide", "is_volume", "write_resampled"]

# a plane of more bytes is a slide, whether it has a pyramid or not
LARGE_BYTES = 256 << 20


def is_plane(source: Source) -> bool:
    """Whether a source holds a single plane, of any number of channels."""
    return source.info.n_frames == 1 and len(source.info.frame_shape) == 2


def is_volume(source: Source) -> bool:
    """Whether a source holds a single volume, of any number of channels."""
    return source.info.n_frames == 1 and len(source.info.frame_shape) == 3


def is_slide(source: Source) -> bool:
    """Whether a source is a plane in several resolutions, or one too large to be held whole."""
    return is_plane(source) and (source.info.frame_bytes > LARGE_BYTES or len(slow.list_levels(source)) > 1)


def write_resampled(
    source: Source,
    way: AnyTransform,
    box: tuple[slice, slice],
    part: Path,
    *,
    name: Path,
    resampling: Resampling,
    options: SlideOptions,
    device: Device,
    pixel_size_um: tuple[float | None, float | None, float | None] | None = None,
    is_labels: bool = False,
) -> int:
    """Write a plane as the reference sees it, with a pyramid; returns how many pixels were clamped.

    Parameters
    ----------
    source : Source
    way : AnyTransform
        From the reference to the plane.
    box : tuple of 2 slice
        What is written, in px of the reference.
    part : Path
        Where; it gets the name `name`, which messages tell, later.
    pixel_size_um : tuple, optional
        Of the reference along z, y, x, where it is known; else that of the plane is kept.
    is_labels : bool
        Coarser resolutions hold single pixels, no means.

    Raises
    ------
    FileError
        The format holds no slides, or not such pixels.
    """
    if not slow.is_slide_name(name):
        raise FileError(f"{name}: a slide is written as .ome.tif or .ome.zarr; choose one of these")
    info = _describe(source.info, box, resampling, pixel_size_um)
    is_zarr = name.name.lower().endswith(".zarr")
    codec = slow.choose_codec(info, options.compression or ("zstd" if is_zarr else None), options.quality)
    tiles = Tiles(source=source, way=way, box=box, resampling=resampling, device=device)
    with ThreadPoolExecutor(available_cores()) as workers:
        slow.write_slide(
            part, info, lambda channel: tiles.bands(BAND_ROWS, workers, channel), codec, workers, is_labels=is_labels
        )
    return sum(tiles.clamped)


def _describe(
    info: ImagesInfo,
    box: tuple[slice, slice],
    resampling: Resampling,
    pixel_size_um: tuple[float | None, float | None, float | None] | None,
) -> ImagesInfo:
    """What is written: axes ``YX`` or ``CYX``, where its first pixel lies, and how large pixels are."""
    sizes = pixel_size_um if pixel_size_um is not None and any(pixel_size_um[1:]) else info.pixel_size_um
    shape = tuple(side.stop - side.start for side in box)
    origin = [
        place + side.start * (size or 0.0) for place, side, size in zip(info.origin_um[1:], box, sizes[1:], strict=True)
    ]
    axes = "CYX" if "C" in info.axes else "YX"
    return replace(
        resampling.result(info), axes=axes, shape=(info.n_channels, *shape) if "C" in axes else shape,
        pixel_size_um=sizes, origin_um=(info.origin_um[0], origin[0], origin[1]), frame_interval_s=None, times_s=(),
        bare_scales=(),
    )  # fmt: skip
