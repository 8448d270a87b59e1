"""Pixel size, frame interval and channel names of a TIFF file, as OME-XML or ImageJ say them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import tifffile

from holdstill.io.axes import COLOURS

__all__ = ["TiffMetadata", "read_metadata"]

MICROMETRES = {
    "pm": 1e-6, "Å": 1e-4, "nm": 1e-3, "µm": 1.0, "μm": 1.0, "um": 1.0, "\\u00b5m": 1.0, "micron": 1.0, "microns": 1.0,
    "micrometer": 1.0, "mm": 1e3, "cm": 1e4, "inch": 25400.0, "in": 25400.0, "m": 1e6,
}  # fmt: skip
SECONDS = {
    "ns": 1e-9, "µs": 1e-6, "μs": 1e-6, "us": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "min": 60.0, "h": 3600.0,
    "d": 86400.0,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class TiffMetadata:
    """What a file says beyond its pixels; see `ImagesInfo`."""

    pixel_size_um: tuple[float | None, float | None, float | None] = (None, None, None)
    frame_interval_s: float | None = None
    channel_names: tuple[str, ...] = ()


def read_metadata(tif: tifffile.TiffFile, n_channels: int, scene: int = 0) -> TiffMetadata:
    """Read what is known of one image of an open file; None and empty where it says nothing that makes sense."""
    if tif.is_ome and tif.ome_metadata:
        return _read_ome(tif.ome_metadata, n_channels, scene)
    if tif.is_imagej and tif.imagej_metadata:
        return _read_imagej(tif.pages.first, tif.imagej_metadata, n_channels)
    is_coloured = tif.pages.first.photometric == tifffile.PHOTOMETRIC.RGB and n_channels == len(COLOURS)
    return TiffMetadata(channel_names=tuple(COLOURS) if is_coloured else ())


def _read_ome(xml: str, n_channels: int, scene: int) -> TiffMetadata:
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError:
        return TiffMetadata()
    images = root.findall(".//{*}Image/{*}Pixels")
    if scene >= len(images):
        return TiffMetadata()
    pixels = images[scene]
    size_z, size_y, size_x = (
        _quantity(pixels.get(f"PhysicalSize{axis}"), pixels.get(f"PhysicalSize{axis}Unit", "µm"), MICROMETRES)
        for axis in "ZYX"
    )
    names = tuple(channel.get("Name", "") for channel in pixels.findall("{*}Channel"))
    return TiffMetadata(
        pixel_size_um=(size_z, size_y, size_x),
        frame_interval_s=_quantity(pixels.get("TimeIncrement"), pixels.get("TimeIncrementUnit", "s"), SECONDS),
        channel_names=names if len(names) == n_channels and all(names) else (),
    )


def _read_imagej(page: tifffile.TiffPage, metadata: dict[str, Any], n_channels: int) -> TiffMetadata:
    unit = str(metadata.get("unit", ""))
    labels = metadata.get("Labels", [])
    labels = [labels] if isinstance(labels, str) else labels  # tifffile unwraps a list of one
    return TiffMetadata(
        pixel_size_um=(
            _quantity(metadata.get("spacing"), unit, MICROMETRES),
            _quantity(_pixel_length(page, "YResolution"), unit, MICROMETRES),
            _quantity(_pixel_length(page, "XResolution"), unit, MICROMETRES),
        ),
        frame_interval_s=_quantity(metadata.get("finterval"), str(metadata.get("tunit", "s")), SECONDS),
        channel_names=tuple(map(str, labels)) if len(labels) == n_channels else (),
    )


def _pixel_length(page: tifffile.TiffPage, tag: str) -> float | None:
    """Length of a pixel in the file's unit, from pixels per unit as a fraction."""
    value = page.tags.valueof(tag)
    return value[1] / value[0] if isinstance(value, tuple) and len(value) == 2 and value[0] else None


def _quantity(value: Any, unit: str, factors: dict[str, float]) -> float | None:
    """`value` in the unit in which `factors` are given; None if it is not positive or the unit is unknown."""
    factor = factors.get(unit.strip()) or factors.get(unit.strip().lower())
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number * factor if factor and math.isfinite(number) and number > 0 else None
