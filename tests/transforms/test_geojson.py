"""Annotations moved by transforms."""

import copy
from typing import Any

import numpy as np
import pytest

from holdstill.errors import InputError
from holdstill.transforms.geojson import map_geojson
from holdstill.transforms.motions import find_motion
from holdstill.transforms.motions.dense import DenseMotion
from holdstill.transforms.trajectory import Trajectory

SHAPE = (300, 400)
DOWN = Trajectory(find_motion("translation", SHAPE), np.array([[3.0, -7.0]]), SHAPE).transform(0)
SQUARE = [[[10, 20], [30, 20], [30, 50], [10, 50], [10, 20]]]
CELL = {
    "type": "Feature", "id": "a", "geometry": {"type": "Polygon", "coordinates": SQUARE},
    "nucleusGeometry": {"type": "Point", "coordinates": [15, 25, 9]},
    "properties": {"objectType": "cell", "classification": {"name": "Tumor"}},
}  # fmt: skip


def test_every_geometry_moves_and_nothing_else_changes() -> None:
    given: dict[str, Any] = {"type": "FeatureCollection", "features": [CELL, {**CELL, "geometry": None}]}
    before = copy.deepcopy(given)
    moved = map_geojson(DOWN, given)
    assert given == before
    first = moved["features"][0]
    assert first["geometry"]["coordinates"] == [[[3, 23], [23, 23], [23, 53], [3, 53], [3, 23]]]
    assert first["nucleusGeometry"]["coordinates"] == [8, 28, 9]
    assert first["properties"] == CELL["properties"]
    assert moved["features"][1]["geometry"] is None
    assert map_geojson(DOWN, [CELL])[0] == first


def test_pixels_are_counted_from_their_corner() -> None:
    quarter = Trajectory.of_matrices(np.array([[[0.0, -1, 299], [1, 0, 0], [0, 0, 1]]]), SHAPE).transform(0)
    [x, y] = map_geojson(quarter, {"type": "Point", "coordinates": [0, 0]})["coordinates"]
    assert (x, y) == (0, 300)  # the corner of the image stays one


def test_long_edges_follow_a_map_that_bends() -> None:
    motion = find_motion("dense:5x5", SHAPE)
    assert isinstance(motion, DenseMotion)
    nodes = np.zeros((1, 2, 5, 5))
    nodes[0, 0, :, 2] = 12
    parameters = motion.read(np.array([[0, 1, 0, 0, 0, 1.0]]), nodes)
    way = Trajectory(motion, parameters, SHAPE).transform(0)
    line = {"type": "LineString", "coordinates": [[10, 100], [390, 100]]}
    moved = np.array(map_geojson(way, line)["coordinates"])
    assert len(moved) == 7
    assert moved[:, 1].max() > 110
    back = map_geojson(way.inverse, {"type": "MultiPoint", "coordinates": moved.tolist()})["coordinates"]
    np.testing.assert_allclose(np.array(back)[:, 1], 100, atol=1e-5)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (3, "annotations are GeoJSON"),
        ({"type": "Circle"}, "no geometry 'Circle'"),
        ({"type": "Point", "coordinates": ["a", 1]}, "not two numbers"),
        ({"type": "Polygon", "coordinates": 5}, "not a list of points"),
        ({"type": "Point", "coordinates": [float("nan"), 1]}, "not finite"),
    ],
)
def test_what_is_no_geojson_is_told(content: Any, text: str) -> None:
    with pytest.raises(InputError, match=text):
        map_geojson(DOWN, content)
