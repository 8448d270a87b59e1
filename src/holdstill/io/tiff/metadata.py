"""Pixel size, frame interval and channel names of a TIFF file, as OME-XML or ImageJ say them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import numpy as np
import tifffile

from holdstill.io.axes import COLOURS
from holdstill.io.colours import count_colours
from holdstill.io.ome_xml import (
    MICROMETRES,
    SECONDS,
    carry_image,
    quantity,
    read_colours,
    read_origin,
    read_times,
)

__all__ = ["TiffMetadata", "count_page_colours", "read_metadata"]


@dataclass(frozen=True, kw_only=True)
class TiffMetadata:
    """What a file says beyond its pixels; see `ImagesInfo`."""

    pixel_size_um: tuple[float | None, float | None, float | None] = (None, None, None)
    frame_interval_s: float | None = None
    channel_names: tuple[str, ...] = ()
    origin_um: tuple[float, float, float] = (0.0, 0.0, 0.0)
    times_s: tuple[float, ...] = ()
    channel_colours: tuple[str, ...] = ()
    ome_xml: str = ""


def read_metadata(tif: tifffile.TiffFile, n_channels: int, n_frames: int = 1, scene: int = 0) -> TiffMetadata:
    """Read what is known of one image of an open file; None and empty where it says nothing that makes sense."""
    if tif.is_ome and tif.ome_metadata:
        return _read_ome(tif.ome_metadata, n_channels, n_frames, scene)
    if tif.is_imagej and tif.imagej_metadata:
        return _read_imagej(tif.pages.first, tif.imagej_metadata, n_channels)
    is_coloured = n_channels == len(COLOURS) == count_page_colours(tif.pages.first)
    sizes = _read_scanner(tif) if tif.is_svs or tif.is_ndpi else (None, None)
    return TiffMetadata(pixel_size_um=(None, *sizes), channel_names=tuple(COLOURS) if is_coloured else ())


def count_page_colours(page: tifffile.TiffPage) -> int:
    """How many samples of a pixel are colours: none of what is not red, green and blue, as channels side by side."""
    in_colours = page.photometric in (tifffile.PHOTOMETRIC.RGB, tifffile.PHOTOMETRIC.YCBCR)
    return count_colours(page.samplesperpixel) if in_colours else 0


def _read_ome(xml: str, n_channels: int, n_frames: int, scene: int) -> TiffMetadata:
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError:
        return TiffMetadata()
    images = root.findall(".//{*}Image/{*}Pixels")
    if scene >= len(images):
        return TiffMetadata()
    pixels = images[scene]
    size_z, size_y, size_x = (
        quantity(pixels.get(f"PhysicalSize{axis}"), pixels.get(f"PhysicalSize{axis}Unit", "µm"), MICROMETRES, least=0)
        for axis in "ZYX"
    )
    names = tuple(channel.get("Name", "") for channel in pixels.findall("{*}Channel"))
    carried = carry_image(xml, scene)
    colours = read_colours(carried)
    return TiffMetadata(
        origin_um=read_origin(carried),
        times_s=read_times(carried, n_frames),
        channel_colours=colours if len(colours) == n_channels else (),
        ome_xml=carried,
        pixel_size_um=(size_z, size_y, size_x),
        frame_interval_s=quantity(pixels.get("TimeIncrement"), pixels.get("TimeIncrementUnit", "s"), SECONDS, least=0),
        channel_names=names if len(names) == n_channels and all(names) else (),
    )


def _read_imagej(page: tifffile.TiffPage, metadata: dict[str, Any], n_channels: int) -> TiffMetadata:
    unit = str(metadata.get("unit", ""))
    labels = metadata.get("Labels", [])
    labels = [labels] if isinstance(labels, str) else labels  # tifffile unwraps a list of one
    size_z, size_y, size_x = (
        quantity(length, unit, MICROMETRES, least=0)
        for length in (metadata.get("spacing"), _pixel_length(page, "YResolution"), _pixel_length(page, "XResolution"))
    )
    return TiffMetadata(
        pixel_size_um=(size_z, size_y, size_x),
        frame_interval_s=_interval(metadata),
        channel_names=tuple(map(str, labels)) if len(labels) == n_channels else (),
        channel_colours=_read_luts(metadata.get("LUTs", []), n_channels),
        origin_um=(_start(metadata, "z", size_z), _start(metadata, "y", size_y), _start(metadata, "x", size_x)),
    )


def _read_scanner(tif: tifffile.TiffFile) -> tuple[float | None, float | None]:
    """Size of a pixel along y and x, um, as scanners of slides say it: in words, or as pixels per cm."""
    page = tif.pages.first
    found = re.search(r"\|\s*MPP\s*=\s*([\d.]+)", page.description)
    if found is not None:
        size = quantity(found[1], "um", MICROMETRES, least=0)
        return size, size
    unit = "cm" if page.tags.valueof("ResolutionUnit") == tifffile.RESUNIT.CENTIMETER else ""
    down, across = (quantity(_pixel_length(page, f"{axis}Resolution"), unit, MICROMETRES, least=0) for axis in "YX")
    return down, across


def _start(metadata: dict[str, Any], axis: str, size_um: float | None) -> float:
    """Where the first pixel lies, um: ImageJ says which pixel lies at 0."""
    pixel = quantity(metadata.get(f"{axis}origin"), "px", {"px": 1.0})
    return -pixel * size_um if pixel and size_um else 0.0


def _read_luts(luts: Any, n_channels: int) -> tuple[str, ...]:
    """The brightest colour of each channel's table; empty if one has none, or all are grey."""
    luts = [luts] if isinstance(luts, np.ndarray) else luts  # tifffile unwraps a list of one
    tables = [np.asarray(lut) for lut in luts]
    if len(tables) != n_channels or any(table.shape != (3, 256) for table in tables):
        return ()
    colours = tuple("".join(f"{int(value) & 255:02X}" for value in table[:, -1]) for table in tables)
    return () if set(colours) == {"FFFFFF"} else colours


def _interval(metadata: dict[str, Any]) -> float | None:
    """Seconds from one frame to the next, said as such or as frames a second."""
    interval = quantity(metadata.get("finterval"), str(metadata.get("tunit", "s")), SECONDS, least=0)
    rate = quantity(metadata.get("fps"), "s", SECONDS, least=0)
    return interval or (1 / rate if rate else None)


def _pixel_length(page: tifffile.TiffPage, tag: str) -> float | None:
    """Length of a pixel in the file's unit, from pixels per unit as a fraction."""
    value = page.tags.valueof(tag)
    return value[1] / value[0] if isinstance(value, tuple) and len(value) == 2 and value[0] else None
