"""Annotations as GeoJSON, QuPath's among them, moved with the pixels that they were drawn on."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from holdstill.contracts import AnyTransform, FloatArray
from holdstill.errors import InputError

__all__ = ["map_geojson"]

# GeoJSON of images counts from the corner of the first pixel, whose middle is (0, 0) here
CORNER_PX = 0.5
# of lines under maps that bend, no two neighbouring points are further apart
LONGEST_PX = 64.0
KINDS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
LINES = ("LineString", "MultiLineString", "Polygon", "MultiPolygon")
# members of a feature that hold a geometry; QuPath's cells have a second one
GEOMETRIES = ("geometry", "nucleusGeometry")


def map_geojson(way: AnyTransform, content: Any) -> Any:
    """A copy of GeoJSON with all its points where a transform of planes takes them; all else stays as it is.

    Parameters
    ----------
    way : AnyTransform
    content : dict or list
        A FeatureCollection, a Feature, a geometry, or a list of these, as read from a file. Points are ``[x, y, ...]``
        px from the outer corner of the first pixel, as QuPath counts. Under a map that bends, long edges of lines and
        polygons get points in between, 64 px apart.

    Raises
    ------
    InputError
        It is not GeoJSON, or has coordinates that are not numbers.
    """
    if isinstance(content, list):
        return [map_geojson(way, one) for one in content]
    if not isinstance(content, dict) or "type" not in content:
        raise InputError("annotations are GeoJSON: a FeatureCollection, features or geometries, each with its type")
    kind = content["type"]
    if kind == "FeatureCollection":
        return {**content, "features": [map_geojson(way, one) for one in content.get("features", ())]}
    if kind == "Feature":
        named = {name: content[name] for name in GEOMETRIES if content.get(name) is not None}
        return {**content, **{name: map_geojson(way, one) for name, one in named.items()}}
    if kind == "GeometryCollection":
        return {**content, "geometries": [map_geojson(way, one) for one in content.get("geometries", ())]}
    if kind not in KINDS:
        raise InputError(f"there is no geometry {kind!r} in GeoJSON; known are {', '.join(KINDS)}")
    bends = any(len(way.bends(axis)) for axis in range(2))
    move = _make_mover(way, is_line=bends and kind in LINES)
    return {**content, "coordinates": _walk(content.get("coordinates"), KINDS[kind], move)}


def _walk(coordinates: Any, depth: int, move: Callable[[list[Any]], list[Any]]) -> Any:
    """Coordinates so deep in lists, moved."""
    if depth == 0:
        return move([coordinates])[0]
    if not isinstance(coordinates, list):
        raise InputError("a geometry has coordinates that are not a list of points")
    return move(coordinates) if depth == 1 else [_walk(one, depth - 1, move) for one in coordinates]


def _make_mover(way: AnyTransform, *, is_line: bool) -> Callable[[list[Any]], list[Any]]:
    def move(points: list[Any]) -> list[Any]:
        if not points:
            return []
        try:
            given = np.array([[float(one[0]), float(one[1])] for one in points])
        except (TypeError, ValueError, IndexError):
            raise InputError(f"a geometry has a point {points[0]!r} that is not two numbers") from None
        if not np.isfinite(given).all():
            raise InputError("a geometry has points that are not finite")
        rest = [list(one[2:]) for one in points]
        if is_line and len(given) > 1:
            given, rest = _divide(given), []
        moved = way.map(given[:, ::-1] - CORNER_PX)[:, ::-1] + CORNER_PX
        return [[*row, *(rest[k] if rest else [])] for k, row in enumerate(moved.tolist())]

    return move


def _divide(points: FloatArray) -> FloatArray:
    """Points of a line with others between those that are far apart."""
    parts = [points[:1]]
    for one, other in pairwise(points):
        count = max(1, int(np.ceil(np.linalg.norm(other - one) / LONGEST_PX)))
        parts.append(one + (other - one) * (np.arange(1, count + 1) / count)[:, None])
    return np.concatenate(parts)
