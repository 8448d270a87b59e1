"""What a Zarr group says of its images: OME-Zarr 0.4 and 0.5, and plain arrays."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.contracts import AXES, ImagesInfo
from holdstill.errors import AxesError, FileError
from holdstill.io.axes import COLOURS
from holdstill.io.ome_xml import carry_image, describe

__all__ = ["Found", "find_images", "find_scenes", "ome_attributes", "read_ome_xml", "write_ome_xml"]

UM = {"angstrom": 1e-4, "nanometer": 1e-3, "micrometer": 1.0, "millimeter": 1e3, "centimeter": 1e4, "meter": 1e6}
SECONDS = {"nanosecond": 1e-9, "microsecond": 1e-6, "millisecond": 1e-3, "second": 1.0, "minute": 60.0, "hour": 3600.0}
KINDS = {"T": "time", "C": "channel", "Z": "space", "Y": "space", "X": "space"}
MAX_SIZE = 1e12
OME_XML, MAX_XML_BYTES = ("OME", "METADATA.ome.xml"), 64 << 20
WHITE = "FFFFFF"  # what a channel is given whose colour nobody knows


@dataclass(frozen=True)
class Found:
    """Where the full-resolution pixels are, and what is said of them.

    Attributes
    ----------
    path : str
        Of the array, within the group.
    axes : str or None
        Letters of its axes in its own order, or None if it does not say.
    pixel_size_um : tuple of 3 (float or None)
    frame_interval_s : float or None
    channel_names : tuple of str
    origin_um : tuple of 3 float
    channel_colours : tuple of str
    bare_scales : tuple of (str, float, float)
        Letter, scale and origin of axes without a unit.
    ome_xml : str
        Of the file that bioformats2raw writes beside its images, or empty.
    coarser : tuple
        What it names as the same in fewer pixels; not looked at yet.
    """

    path: str
    axes: str | None
    pixel_size_um: tuple[float | None, float | None, float | None] = (None, None, None)
    frame_interval_s: float | None = None
    channel_names: tuple[str, ...] = ()
    origin_um: tuple[float, float, float] = (0.0, 0.0, 0.0)
    channel_colours: tuple[str, ...] = ()
    bare_scales: tuple[tuple[str, float, float], ...] = ()
    ome_xml: str = ""
    coarser: tuple[Any, ...] = ()


def find_images(attributes: Mapping[str, Any], name: str) -> Found | None:
    """What the attributes of a group say of its images; None if it is not a multiscale image.

    Raises
    ------
    FileError, AxesError
        There are several, or what is said contradicts itself.
    """
    ome = attributes.get("ome", attributes)
    scales = ome.get("multiscales") if isinstance(ome, Mapping) else None
    if not scales:
        return None
    try:
        return _of_multiscale(scales[0], ome, name)
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        raise FileError(
            f"{name}: its OME-Zarr metadata are damaged ({type(error).__name__}: {error}); name the array itself, as "
            f"{name}/0 with axes=..."
        ) from error


def find_scenes(group: Any, check: Callable[[Any, str], str]) -> list[str]:
    """Paths of the images of a group that holds several: a plate of wells, or a series of images; empty if neither.

    `check` is asked of each path, with the name of what says it, before anything is looked up there.
    """
    attributes = dict(group.attrs)
    ome = attributes.get("ome", attributes)
    if not isinstance(ome, Mapping):
        return []
    name = str(group.path or "the group")
    if "bioformats2raw.layout" in ome:
        said = group["OME"].attrs.get("ome", group["OME"].attrs) if "OME" in group else {}
        listed = said.get("series") if isinstance(said, Mapping) else None
        numbered = sorted((inner for inner, _ in group.groups() if inner.isdecimal()), key=int)
        return [check(path, name) for path in listed or numbered]
    if isinstance(ome.get("plate"), Mapping):
        wells = [check(well["path"], name) for well in ome["plate"].get("wells", ())]
        return [f"{well}/{field}" for well in wells if well in group for field in _fields_of(group[well], check)]
    return _fields_of(group, check)


def _fields_of(well: Any, check: Callable[[Any, str], str]) -> list[str]:
    """Paths of the images of a well, within it; empty if it is none."""
    attributes = dict(well.attrs)
    ome = attributes.get("ome", attributes)
    described = ome.get("well") if isinstance(ome, Mapping) else None
    images = described.get("images", ()) if isinstance(described, Mapping) else ()
    return [check(image["path"], str(well.path or "the well")) for image in images]


def _of_multiscale(multiscale: Mapping[str, Any], ome: Mapping[str, Any], name: str) -> Found:
    described = multiscale.get("axes") or "tczyx"
    axes = "".join(str(axis["name"] if isinstance(axis, Mapping) else axis)[:1].upper() for axis in described)
    units = [str(axis.get("unit", "")) if isinstance(axis, Mapping) else "" for axis in described]
    if len(set(axes)) != len(axes) or not set(axes) <= set(AXES):
        raise AxesError(f"{name}: its axes {axes} are not of T, C, Z, Y, X; name the array itself, with axes=...")
    dataset = multiscale["datasets"][0]
    scale, origin = [1.0] * len(axes), [0.0] * len(axes)
    for transformations in (dataset.get("coordinateTransformations"), multiscale.get("coordinateTransformations")):
        for one in transformations or ():
            if one.get("type") == "scale":
                scale = [a * float(b) for a, b in zip(scale, one["scale"], strict=True)]
                origin = [a * float(b) for a, b in zip(origin, one["scale"], strict=True)]
            elif one.get("type") == "translation":
                origin = [a + float(b) for a, b in zip(origin, one["translation"], strict=True)]
    sizes = {axis: _measure(value, unit, axis) for axis, value, unit in zip(axes, scale, units, strict=True)}
    places = {axis: value * UM.get(unit.lower(), 0.0) for axis, value, unit in zip(axes, origin, units, strict=True)}
    z, y, x = (place if abs(place) < MAX_SIZE else 0.0 for place in (places.get(axis, 0.0) for axis in "ZYX"))
    labels = ome.get("omero", {}).get("channels", ()) if isinstance(ome.get("omero", {}), Mapping) else ()
    names = tuple(str(channel.get("label", "")) for channel in labels)
    colours = tuple(str(channel.get("color", "")).upper() for channel in labels)
    is_coloured = all(re.fullmatch("[0-9A-F]{6}", colour) for colour in colours) and set(colours) != {WHITE}
    bare = tuple(
        (axis, a, b)
        for axis, unit, a, b in zip(axes, units, scale, origin, strict=True)
        if axis != "C" and not unit and (a, b) != (1.0, 0.0) and math.isfinite(a) and math.isfinite(b)
    )
    return Found(
        path=dataset["path"],
        axes=axes,
        pixel_size_um=(sizes.get("Z"), sizes.get("Y"), sizes.get("X")),
        frame_interval_s=sizes.get("T"),
        channel_names=names if all(names) else (),
        origin_um=(z, y, x),
        channel_colours=colours if is_coloured else (),
        bare_scales=bare,
        coarser=tuple(each.get("path") for each in multiscale["datasets"][1:]),
    )


def _measure(value: float, unit: str, axis: str) -> float | None:
    """Size in um or s; None where no unit is said, or one that is none of ours."""
    factor = (SECONDS if axis == "T" else UM).get(unit.lower())
    size = value * factor if factor is not None else None
    return size if size is not None and 0 < size < MAX_SIZE else None


def ome_attributes(info: ImagesInfo, levels: Sequence[int]) -> dict[str, Any]:
    """Attributes of an OME-Zarr 0.5 group of images like `info`; `levels` are the binning factors of y and x."""
    sizes = {**dict(zip("ZYX", info.pixel_size_um, strict=True)), "T": info.frame_interval_s, "C": None}
    bare = {axis: (scale, place) for axis, scale, place in info.bare_scales if sizes[axis] is None}
    origin = {
        axis: place if sizes[axis] is not None else 0.0 for axis, place in zip("ZYX", info.origin_um, strict=True)
    } | {axis: place for axis, (_, place) in bare.items()}
    steps = {axis: size or bare.get(axis, (1.0, 0.0))[0] for axis, size in sizes.items()}
    axes = []
    for axis in info.axes:
        described = {"name": axis.lower(), "type": KINDS[axis]}
        if sizes[axis] is not None:
            described["unit"] = "second" if axis == "T" else "micrometer"
        axes.append(described)
    datasets = []
    for number, factor in enumerate(levels):
        scale = [steps[axis] * (factor if axis in "YX" else 1) for axis in info.axes]
        transformations: list[dict[str, Any]] = [{"type": "scale", "scale": scale}]
        # the middle of a binned pixel lies between those of its parts
        shift = [
            origin.get(axis, 0.0) + (steps[axis] * (factor - 1) / 2 if axis in "YX" else 0.0) for axis in info.axes
        ]
        if any(shift):
            transformations.append({"type": "translation", "translation": shift})
        datasets.append({"path": str(number), "coordinateTransformations": transformations})
    ome: dict[str, Any] = {"version": "0.5", "multiscales": [{"name": "images", "axes": axes, "datasets": datasets}]}
    if info.n_channels in (len(info.channel_names), len(info.channel_colours)):
        ome["omero"] = {"channels": _channels(info)}
    return {"ome": ome}


def _channels(info: ImagesInfo) -> list[dict[str, Any]]:
    """Labels, colours and ranges, each of which the specification asks for where there is one of them."""
    if len(info.channel_colours) == info.n_channels:
        colours = list(info.channel_colours)
    elif info.channel_names == tuple(COLOURS):
        colours = [bytes(colour).hex().upper() for colour in COLOURS.values()]
    else:
        colours = [WHITE] * info.n_channels
    low, high = (0.0, 1.0) if info.dtype.kind == "f" else (int(np.iinfo(info.dtype).min), int(np.iinfo(info.dtype).max))
    window = {"min": low, "max": high, "start": low, "end": high}
    return [
        {"label": label, "color": colour, "window": window}
        for label, colour in zip(info.channel_names or map(str, range(info.n_channels)), colours, strict=True)
    ]


def write_ome_xml(group: Path, info: ImagesInfo) -> None:
    """Put what only OME-XML can hold beside the images of a group, where bioformats2raw puts it."""
    place = group.joinpath(*OME_XML)
    place.parent.mkdir(parents=True)
    (place.parent / "zarr.json").write_text(json.dumps({"zarr_format": 3, "node_type": "group", "attributes": {}}))
    place.write_bytes(describe(info))


def read_ome_xml(group: Path, number: int) -> str:
    """What was put there of one image; empty where there is nothing that is carried."""
    place = group.joinpath(*OME_XML)
    if not place.is_file() or place.stat().st_size > MAX_XML_BYTES:
        return ""
    return carry_image(place.read_text(encoding="utf-8", errors="replace"), number)
