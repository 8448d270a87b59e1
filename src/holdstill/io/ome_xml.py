"""OME-XML of one image, carried from a source to a target as it is, with what the target stores differently adapted."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from holdstill.contracts import ImagesInfo

__all__ = [
    "MICROMETRES", "SECONDS", "carry_image", "describe", "has_more", "quantity", "read_colours", "read_origin",
    "read_times",
]  # fmt: skip

NAMESPACE = "http://www.openmicroscopy.org/Schemas/OME/2016-06"
# what changed since 2015 does not concern images; of older versions units are missing, so that they are not carried
CARRIED = (NAMESPACE, "http://www.openmicroscopy.org/Schemas/OME/2015-01")
MICROMETRES = {
    "pm": 1e-6, "Å": 1e-4, "nm": 1e-3, "µm": 1.0, "μm": 1.0, "um": 1.0, "\\u00b5m": 1.0, "micron": 1.0, "microns": 1.0,
    "micrometer": 1.0, "mm": 1e3, "cm": 1e4, "inch": 25400.0, "in": 25400.0, "m": 1e6,
}  # fmt: skip
SECONDS = {
    "ns": 1e-9, "µs": 1e-6, "μs": 1e-6, "us": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "min": 60.0, "h": 3600.0,
    "d": 86400.0,
}  # fmt: skip
TYPES = {"float32": "float", "float64": "double"}
STORAGE = ("TiffData", "BinData", "MetadataOnly")  # how pixels are stored: the target's own
FAR_UM = 1e12

ElementTree.register_namespace("", NAMESPACE)


def quantity(value: Any, unit: str, factors: dict[str, float], *, least: float = -math.inf) -> float | None:
    """`value` in the unit in which `factors` are given; None if it is not above `least`, or the unit is unknown."""
    factor = factors.get(unit.strip()) or factors.get(unit.strip().lower())
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number * factor if factor and math.isfinite(number) and number > least else None


def carry_image(xml: str, scene: int) -> str:
    """The OME-XML with one of its images alone, and without where its pixels are stored; empty if it is not carried."""
    root = _parse(xml)
    images = [] if root is None else root.findall(_tag("Image"))
    if root is None or scene >= len(images) or images[scene].find(_tag("Pixels")) is None:
        return ""
    for image in images:
        if image is not images[scene]:
            root.remove(image)
    pixels = _pixels(root)
    for child in [child for child in pixels if child.tag in map(_tag, STORAGE)]:
        pixels.remove(child)
    return ElementTree.tostring(root, encoding="unicode")


def read_times(xml: str, n_frames: int) -> tuple[float, ...]:
    """When each frame was taken, s: of the first plane of each that says so; empty if one does not."""
    times: dict[int, float] = {}
    for plane in _planes(xml):
        time = quantity(plane.get("DeltaT"), plane.get("DeltaTUnit", "s"), SECONDS)
        if time is not None:
            times.setdefault(_number(plane, "TheT"), time)
    return tuple(times[t] for t in range(n_frames)) if times.keys() >= set(range(n_frames)) else ()


def read_origin(xml: str) -> tuple[float, float, float]:
    """Where the first plane lies along z, y, x, um; 0 where it is not said in a unit of length."""
    first = next(_planes(xml), Element("Plane"))
    z, y, x = (_position(first, axis) or 0.0 for axis in "ZYX")
    return z, y, x


def read_colours(xml: str) -> tuple[str, ...]:
    """Colours of the channels as ``RRGGBB``; empty if one has none."""
    root = _parse(xml)
    channels = [] if root is None else _pixels(root).findall(_tag("Channel"))
    try:
        numbers = [int(channel.get("Color", "")) & 0xFFFFFFFF for channel in channels]
    except ValueError:
        return ()
    return tuple(f"{number >> 8:06X}" for number in numbers)


def has_more(info: ImagesInfo) -> bool:
    """Whether images say what only OME-XML can hold."""
    return bool(info.ome_xml or info.times_s or info.channel_colours or any(info.origin_um))


def describe(info: ImagesInfo, *, uuid: str | None = None) -> bytes:
    """OME-XML of images like `info`, in the words of its source where that had any.

    Parameters
    ----------
    info : ImagesInfo
    uuid : str, optional
        Of a TIFF file that holds all planes, in the order Z, C, T. Default: the pixels are somewhere else.
    """
    root = _parse(info.ome_xml)
    root = _bare() if root is None else root
    pixels = _pixels(root)
    planes = _adapt_planes(pixels, info)
    _set_sizes(pixels, info)
    channels = _channels(pixels, info)
    storage = Element(_tag("MetadataOnly"))
    root.attrib.pop("UUID", None)
    if uuid is not None:
        root.set("UUID", f"urn:uuid:{uuid}")
        storage = Element(_tag("TiffData"), {"IFD": "0", "PlaneCount": str(math.prod(info.shape[:-2]))})
    rest = [child for child in pixels if child.tag not in map(_tag, ("Channel", "Plane", *STORAGE))]
    pixels[:] = [*channels, storage, *planes, *rest]
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _parse(xml: str) -> Element | None:
    """The root of OME-XML of a version that is carried, in the newest namespace; None for anything else."""
    old = next((one for one in CARRIED if one in xml), None)
    try:
        root = ElementTree.fromstring(xml.replace(old, NAMESPACE)) if old else None
    except (ElementTree.ParseError, ValueError):  # ValueError: characters that no encoding has
        return None
    return root if root is not None and root.find(f"{_tag('Image')}/{_tag('Pixels')}") is not None else None


def _bare() -> Element:
    root = Element(_tag("OME"))
    image = ElementTree.SubElement(root, _tag("Image"), {"ID": "Image:0"})
    ElementTree.SubElement(image, _tag("Pixels"), {"ID": "Pixels:0"})
    return root


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _pixels(root: Element) -> Element:
    found = root.find(f"{_tag('Image')}/{_tag('Pixels')}")
    assert found is not None  # as _parse and _bare see to
    return found


def _planes(xml: str) -> Iterator[Element]:
    root = _parse(xml)
    return iter([]) if root is None else iter(_pixels(root).findall(_tag("Plane")))


def _number(element: Element, name: str) -> int:
    text = element.get(name, "")
    return int(text) if text.isdecimal() else -1


def _position(plane: Element, axis: str) -> float | None:
    unit = plane.get(f"Position{axis}Unit", "reference frame")
    place = quantity(plane.get(f"Position{axis}"), unit, MICROMETRES)
    return place if place is not None and abs(place) < FAR_UM else None


def _set_sizes(pixels: Element, info: ImagesInfo) -> None:
    pixels.attrib.pop("Interleaved", None)
    if _number(pixels, "SignificantBits") > 8 * info.dtype.itemsize:
        del pixels.attrib["SignificantBits"]
    pixels.set("DimensionOrder", "XYZCT")
    pixels.set("Type", TYPES.get(info.dtype.name, info.dtype.name))
    pixels.set("BigEndian", str(sys.byteorder == "big").lower())
    for axis in "XYZCT":
        pixels.set(f"Size{axis}", str(info.length(axis)))
    for axis, size in zip("ZYX", info.pixel_size_um, strict=True):
        if size is not None:
            pixels.set(f"PhysicalSize{axis}", repr(size))
            pixels.set(f"PhysicalSize{axis}Unit", "µm")
    if info.frame_interval_s is not None:
        pixels.set("TimeIncrement", repr(info.frame_interval_s))
        pixels.set("TimeIncrementUnit", "s")


def _channels(pixels: Element, info: ImagesInfo) -> list[Element]:
    """Those of the source if they are as many, one sample each; else new ones with the names and colours known."""
    found = pixels.findall(_tag("Channel"))
    if len(found) == info.n_channels and all(one.get("SamplesPerPixel", "1") == "1" for one in found):
        return found
    made = []
    for number in range(info.n_channels):
        channel = Element(_tag("Channel"), {"ID": f"Channel:0:{number}", "SamplesPerPixel": "1"})
        if len(info.channel_names) == info.n_channels:
            channel.set("Name", info.channel_names[number])
        if len(info.channel_colours) == info.n_channels:
            rgba = bytes.fromhex(info.channel_colours[number] + "FF")
            channel.set("Color", str(int.from_bytes(rgba, "big", signed=True)))
        made.append(channel)
    return made


def _adapt_planes(pixels: Element, info: ImagesInfo) -> list[Element]:
    """Planes of the source if they are the target's, moved where it was cropped; else such as say times and places."""
    found = pixels.findall(_tag("Plane"))
    sizes = [_number(pixels, f"Size{axis}") for axis in "TCZ"]
    if found and sizes == [info.length(axis) for axis in "TCZ"]:
        _move(found, info)
        return found
    if not info.times_s and not any(info.origin_um):
        return []
    lengths = [range(info.length(axis)) for axis in "TCZ"]
    made = []
    for t, c, z in itertools.product(*lengths):
        plane = Element(_tag("Plane"), {"TheZ": str(z), "TheT": str(t), "TheC": str(c)})
        if len(info.times_s) == info.n_frames:
            plane.set("DeltaT", repr(info.times_s[t]))
            plane.set("DeltaTUnit", "s")
        for axis, place in zip("XYZ", reversed(info.origin_um), strict=True):
            if any(info.origin_um):
                plane.set(f"Position{axis}", repr(place))
                plane.set(f"Position{axis}Unit", "µm")
        made.append(plane)
    return made


def _move(planes: list[Element], info: ImagesInfo) -> None:
    """Let positions follow where the first pixel of the target lies."""
    for axis, place in zip("ZYX", info.origin_um, strict=True):
        first = _position(planes[0], axis)
        if first is None or math.isclose(first, place, rel_tol=1e-12, abs_tol=1e-12):
            continue
        for plane in planes:
            was = _position(plane, axis)
            if was is not None:
                plane.set(f"Position{axis}", repr(was + place - first))
                plane.set(f"Position{axis}Unit", "µm")
