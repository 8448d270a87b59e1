"""Files of annotations moved by a registration: GeoJSON, tables of points, images of labels."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from holdstill.contracts import AnyTransform, ReadingOptions
from holdstill.errors import FileError, InputError
from holdstill.io.disk import replacing
from holdstill.io.image import reading
from holdstill.io.inputs import check_apart, check_replaceable
from holdstill.io.json_files import read_json
from holdstill.io.workspace import Workspace
from holdstill.resampling.settings import Resampling
from holdstill.resampling.slide_options import SlideOptions
from holdstill.result import devices
from holdstill.result.files import write_json
from holdstill.result.value import RegistrationValue
from holdstill.transforms.geojson import map_geojson

__all__ = ["move_annotations"]

TO = ("reference", "frame")
GEOJSON = (".geojson", ".json")
TABLES = (".csv", ".tsv")


def move_annotations(
    found: RegistrationValue, source: str | Path, target: str | Path, *, to: str = "reference", frame: int = 0,
    overwrite: bool = False,
) -> Path:  # fmt: skip
    """Write annotations of a frame where they lie on the reference, or the other way round.

    Parameters
    ----------
    found : RegistrationValue
        Of planes.
    source, target : Path
        ``.geojson`` or ``.json``, QuPath's; a table, ``.csv``, with the columns ``x`` and ``y`` in px, of which the
        others stay; or an image of labels, written as OME-TIFF or OME-Zarr, each pixel the label next to it.
    to : {"reference", "frame"}
        Whose pixels the annotations are to lie on: of the fixed image, or of the moving one.
    frame : int
        Which frame; of an aligned pair there is one.
    overwrite : bool

    Raises
    ------
    FileError
        A file cannot be read or written, or is in the way.
    InputError
        The annotations do not fit, or the map folds and has no way back.
    """
    if to not in TO:
        raise InputError(f"annotations cannot be moved to {to!r}; choose one of {', '.join(TO)}")
    if not 0 <= frame < len(found):
        raise InputError(f"there is no frame {frame} in this result, which has {len(found)}")
    if len(found.frame_shape) != 2:
        raise InputError("annotations of planes are moved; this result is of volumes: map points with reg[t].map")
    if not found.ok[frame]:
        raise InputError(f"frame {frame} is flagged as {found.verdicts[frame].value}: nothing can be moved by it")
    source, target = Path(source), Path(target)
    check_apart([target], [source])
    check_replaceable(target, overwrite)
    way = found[frame] if to == "frame" else found[frame].inverse
    kind = source.suffix.lower()
    if kind in GEOJSON:
        return write_json(target, _move_geojson(way, source))
    if kind in TABLES:
        return _move_table(way, source, target)
    return _move_labels(found, source, target, to=to, frame=frame, overwrite=overwrite)


def _move_geojson(way: AnyTransform, source: Path) -> dict[str, object]:
    content = read_json(source, "is not GeoJSON")
    try:
        moved = map_geojson(way, content)
    except InputError as error:
        raise InputError(f"{source}: {error}") from error
    return moved if isinstance(moved, dict) else {"type": "FeatureCollection", "features": moved}


def _move_table(way: AnyTransform, source: Path, target: Path) -> Path:
    separator = "\t" if source.suffix.lower() == ".tsv" else ","
    with open(source, newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file, delimiter=separator)
        rows, columns = list(reader), list(reader.fieldnames or ())
    names = {name.strip().lower(): name for name in columns if name}
    if not {"x", "y"} <= set(names):
        raise FileError(f"{source}: has no columns x and y; name them so, in px")
    points = np.empty((len(rows), 2))
    for number, row in enumerate(rows):
        try:
            points[number] = float(row[names["y"]]), float(row[names["x"]])
        except (TypeError, ValueError):
            raise FileError(f"{source}: row {number + 1} has no numbers for x and y; correct it") from None
    moved = way.map(points).tolist() if rows else []
    for row, (y, x) in zip(rows, moved, strict=True):
        row[names["y"]], row[names["x"]] = repr(y), repr(x)
    with replacing(target) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, delimiter=separator, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return target


def _move_labels(found: RegistrationValue, source: Path, target: Path, *, to: str, frame: int, overwrite: bool) -> Path:
    moving = tuple(int(n) for n in found.provenance.get("moving_shape", found.frame_shape))
    before, after = (moving, found.frame_shape) if to == "reference" else (found.frame_shape, moving)
    # labels of the frame are drawn at the map of each pixel of the reference, those of the reference at the way back
    way = found[frame] if to == "reference" else found[frame].inverse
    with reading(source, ReadingOptions()) as labels, Workspace(target) as workspace:
        info = labels.info
        if not devices.is_plane(labels) or info.n_channels != 1 or info.dtype.kind not in "ui":
            raise InputError(f"{source}: labels are one plane of whole numbers, not {info.axes} of {info.dtype}")
        if info.frame_shape != before:
            raise InputError(f"{source}: has {info.frame_shape} px, what it is moved from {before}; they must agree")
        suffix = ".ome.zarr" if target.name.lower().endswith(".zarr") else ".ome.tif"
        part = workspace.folder / f"labels{suffix}"
        try:
            devices.write_resampled(
                labels, way, (slice(0, after[0]), slice(0, after[1])), part, name=target,
                resampling=Resampling(interpolation="nearest"), options=SlideOptions(compression="zstd"),
                device=devices.CpuDevice(), is_labels=True,
            )  # fmt: skip
            workspace.publish([(part, target)], overwrite=overwrite)
        except BaseException:
            workspace.clear()
            raise
    return target
