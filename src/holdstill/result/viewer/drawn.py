"""What is drawn over frames: points and labels of files, and how far each place of a frame moved."""

from __future__ import annotations

import csv
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray, ImagesInfo, Source
from holdstill.errors import InputError, MissingFile
from holdstill.io import open_source
from holdstill.result.registration import Registration
from holdstill.result.viewer.regions import Region, choose_level
from holdstill.result.viewer.sources import describe_size

__all__ = ["Drawn", "list_points", "list_vectors", "open_drawn", "outline_labels", "read_points"]

# how columns of tables are called
TIMES, PLACES = ("t", "frame", "time"), {axis: (axis, f"{axis}_px", f"{axis} (px)") for axis in "zyx"}
MOST_POINTS, MOST_LABEL_PX = 20_000, 1 << 26
ARROWS_ALONG = 24


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawn:
    """What files hold of what is to be drawn.

    Attributes
    ----------
    points : ndarray, (n, 1 + ndim), or None
        Number of the frame, NaN for points of the reference, then ``([z,] y, x)`` px.
    labels : Source or None
        Of as many frames as the movie, or of one that lies on the reference.
    """

    points: FloatArray | None = None
    labels: Source | None = None


def open_drawn(points: Path | None, labels: Path | None, info: ImagesInfo, stack: ExitStack) -> Drawn:
    """Open what is to be drawn over the frames of a movie.

    Raises
    ------
    FileError, InputError
        A file is not there, cannot be read, or is of other frames.
    """
    for path in (points, labels):
        if path is not None and not path.exists():
            raise MissingFile(f"{path}: no such file; check the name and the folder {path.absolute().parent}")
    found = None if points is None else read_points(points, info)
    opened = None if labels is None else stack.enter_context(open_source(str(labels)))
    if opened is not None:
        if opened.info.dtype.kind not in "ui" or opened.info.n_channels > 1:
            raise InputError(f"{labels}: labels are whole numbers of one channel; give such an image")
        if opened.info.n_frames not in (1, info.n_frames) or opened.info.frame_shape != info.frame_shape:
            raise InputError(
                f"{labels}: has {describe_size(opened.info)}, the movie {describe_size(info)}; give labels of each "
                "frame, or one image of the reference"
            )
    return Drawn(points=found, labels=opened)


def read_points(path: Path, info: ImagesInfo) -> FloatArray:
    """Points of a table, see `Drawn.points`: columns ``t`` or ``frame``, ``[z,] y, x``; or as napari writes them.

    Without a column of frames the points are of the reference.

    Raises
    ------
    InputError
        A column is missing, something is not a number, or a frame is not of the movie.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: is not a table that can be read ({error}); save points as CSV") from error
    names = {str(name).strip().lower(): name for name in (rows[0] if rows else {})}
    axes = "zyx"[-info.ndim :]
    if "axis-0" in names:  # napari: axes by number, the last ones in space
        numbered = [names[key] for key in sorted(key for key in names if key.startswith("axis-"))]
        time, places = (numbered[0] if len(numbered) > info.ndim else None), numbered[-info.ndim :]
    else:
        time = next((names[name] for name in TIMES if name in names), None)
        places = [next((names[name] for name in PLACES[axis] if name in names), "") for axis in axes]
    if len(places) < info.ndim or "" in places:
        raise InputError(
            f"{path}: has columns {', '.join(names) or 'none'}; points need {', '.join(axes)}, and t or frame"
        )
    try:
        found = np.array(
            [[float(row[time]) if time else np.nan, *(float(row[place]) for place in places)] for row in rows],
            np.float64,
        )
    except (TypeError, ValueError) as error:
        raise InputError(f"{path}: holds what is not a number ({error}); mend the table") from error
    if not np.isfinite(found[:, 1:]).all():
        raise InputError(f"{path}: holds a place that is not finite; mend the table")
    if time and not ((found[:, 0] > -0.5) & (found[:, 0] < info.n_frames - 0.5)).all():
        raise InputError(f"{path}: holds points of frames that the movie of {info.n_frames} lacks; they count from 0")
    return found


def list_points(drawn: Drawn, found: Registration | None, t: int, z: float | None) -> dict[str, Any]:
    """Points (y, x) of frame `t` in the views ``raw`` and ``corrected``, those of a plane within half a pixel of it."""
    if drawn.points is None:
        return {"raw": [], "corrected": [], "left_out": 0}
    of_reference = np.isnan(drawn.points[:, 0])
    here = drawn.points[of_reference | (np.rint(np.nan_to_num(drawn.points[:, 0], nan=-1)) == t)]
    told: dict[str, Any] = {"left_out": max(len(here) - MOST_POINTS, 0)}
    here = here[:MOST_POINTS]
    of_reference, places = np.isnan(here[:, 0]), here[:, 1:]
    raw, corrected = places.copy(), places.copy()
    if found is not None and len(here):
        transform = found[t]
        if of_reference.any():
            raw[of_reference] = transform.map(places[of_reference])
        if not of_reference.all():
            corrected[~of_reference] = transform.inverse.map(places[~of_reference])
    for name, each in (("raw", raw), ("corrected", corrected)):
        seen = each if z is None or each.shape[1] < 3 else each[np.abs(each[:, 0] - z) <= 0.5]
        told[name] = np.round(seen[:, -2:], 3).tolist()
    return told


def list_vectors(found: Registration, t: int, region: Region, z: float | None) -> list[list[float]]:
    """How far places of a region moved in frame `t`: rows ``y, x, y, x`` px, of the reference and of the frame."""
    height, width = region.rows * region.factor, region.columns * region.factor
    apart = max(max(height, width) / ARROWS_ALONG, 1.0)
    rows, columns = (
        start + (np.arange(max(1, int(length / apart))) + 0.5) * length / max(1, int(length / apart)) - 0.5
        for start, length in ((region.y, height), (region.x, width))
    )
    places = np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1).reshape(-1, 2)
    whole = places if len(found.frame_shape) == 2 else np.insert(places, 0, z or 0.0, axis=1)
    told: list[list[float]] = np.round(np.hstack([places, found[t].map(whole)[:, -2:]]), 3).tolist()
    return told


def outline_labels(
    drawn: Drawn, found: Registration | None, view: str, t: int, region: Region, z: int | None
) -> NDArray[np.uint8]:
    """Borders of labels in a region of a view, 1 on them, (rows, columns).

    Raises InputError where too much would have to be read.
    """
    if drawn.labels is None:
        raise InputError("there are no labels; name a file with --labels")
    lies_on = "raw" if found is None or (drawn.labels.info.n_frames > 1) or len(found) == 1 else "corrected"
    frame = t if drawn.labels.info.n_frames > 1 else 0
    places = region.points
    if drawn.labels.info.ndim > 2:
        places = np.insert(places, 0, z or 0, axis=1)
    if found is not None and view != lies_on:
        transform = found[t]
        places = transform.map(places) if view == "corrected" else transform.inverse.map(places)
    looked_up = _look_up if drawn.labels.info.ndim == 2 else _look_up_volume
    return _find_borders(looked_up(drawn.labels, frame, places, region))


def _look_up(labels: Source, frame: int, places: FloatArray, region: Region) -> NDArray[Any]:
    """Labels at places (y, x), 0 outside; of a pyramid from a level that is fine enough."""
    level, inside = choose_level(labels, region.factor)
    nearest, is_inside = _find_nearest((places - (inside - 1) / 2) / inside, level.info.frame_shape)
    values = np.zeros(len(places), labels.info.dtype)
    if is_inside.any():
        kept = nearest[is_inside]
        first, last = kept.min(axis=0), kept.max(axis=0) + 1
        if np.prod(last - first) > MOST_LABEL_PX:
            raise InputError("the labels are too large to be drawn here; zoom in, or give labels with a pyramid")
        window = level.read_window(frame, slice(int(first[0]), int(last[0])), slice(int(first[1]), int(last[1])))
        values[is_inside] = window[tuple((kept - first).T)]
    return values.reshape(region.rows, region.columns)


def _look_up_volume(labels: Source, frame: int, places: FloatArray, region: Region) -> NDArray[Any]:
    """Labels at places (z, y, x), as `_look_up`."""
    volume = labels.read(frame, frame + 1)[0, 0]
    nearest, is_inside = _find_nearest(places, volume.shape)
    values = np.zeros(len(places), volume.dtype)
    values[is_inside] = volume[tuple(nearest[is_inside].T)]
    return values.reshape(region.rows, region.columns)


def _find_nearest(places: FloatArray, shape: tuple[int, ...]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The nearest pixels, and which of them an image has."""
    nearest = np.rint(places).astype(np.int64)
    return nearest, np.asarray(((nearest >= 0) & (nearest < np.array(shape))).all(axis=1))


def _find_borders(labels: NDArray[Any]) -> NDArray[np.uint8]:
    """1 on pixels of a label that touch another one, or nothing."""
    differs = np.zeros(labels.shape, bool)
    for axis in (0, 1):
        apart = np.diff(labels, axis=axis) != 0
        before = (slice(None, -1), slice(None)) if axis == 0 else (slice(None), slice(None, -1))
        after = (slice(1, None), slice(None)) if axis == 0 else (slice(None), slice(1, None))
        differs[before] |= apart
        differs[after] |= apart
    return (differs & (labels != 0)).astype(np.uint8)
