"""Transforms as a Zarr with OME-Zarr's coordinate transformations."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr
from scipy import ndimage

import holdstill as hs
from holdstill.errors import FileError, FileInTheWay, InputError
from holdstill.testing.motions import draw_parameters
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

SHAPES: dict[str, tuple[int, ...]] = {
    "piecewise:16": (40, 52), "lines:8": (40, 52), "dense:5x6": (40, 52), "bilinear": (40, 52), "affine": (40, 52),
    "piecewise:4x16x16": (9, 30, 40), "planes-z": (9, 30, 40), "translation": (9, 30, 40),
}  # fmt: skip


def read_map(root: Any, way: dict[str, Any], points: np.ndarray) -> np.ndarray:
    """What the written metadata say of points, read as the specification has it."""
    if way["type"] == "affine":
        matrix = np.array(way["affine"])
        return np.asarray(points @ matrix[:, :-1].T + matrix[:, -1])
    assert way["type"] == "displacements"
    image = root[way["path"]].attrs["ome"]["multiscales"][0]
    [system], [level] = image["coordinateSystems"], image["datasets"]
    assert [axis["type"] for axis in system["axes"]] == ["displacement", *["space"] * points.shape[1]]
    [steps] = level["coordinateTransformations"]
    (scale, translation), array = steps["transformations"], root[way["path"]][level["path"]]
    assert array.metadata.dimension_names == tuple(axis["name"] for axis in system["axes"])
    places = ((points - translation["translation"][1:]) / scale["scale"][1:]).T
    moves = [ndimage.map_coordinates(one, places, order=1, mode="nearest") for one in np.asarray(array)]
    return np.asarray(points + np.stack(moves, axis=1))


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_written_maps_as_here(name: str, tmp_path: Path) -> None:
    shape = SHAPES[name]
    motion = find_motion(name, shape)
    reg = hs.Registration.of_trajectory(Trajectory(motion, draw_parameters(motion, len(shape), n=2), shape))
    assert reg.export(tmp_path / "drift.zarr") == [tmp_path / "drift.zarr"]
    assert [one.name for one in tmp_path.iterdir()] == ["drift.zarr"]
    root = zarr.open_group(tmp_path / "drift.zarr", mode="r")
    scene: Any = root.attrs["ome"]
    systems = {one["name"]: len(one["axes"]) for one in scene["scene"]["coordinateSystems"]}
    assert systems == dict.fromkeys(("reference", "frame_0", "frame_1"), len(shape))
    points = np.random.default_rng(0).random((50, len(shape))) * (np.array(shape) - 1)
    for t, way in enumerate(scene["scene"]["coordinateTransformations"]):
        assert (way["input"], way["output"]) == ({"name": "reference"}, {"name": f"frame_{t}"})
        np.testing.assert_allclose(read_map(root, way, points), reg[t].map(points), atol=1e-9)


def test_nothing_is_replaced_and_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "movie.zarr").mkdir()
    (tmp_path / "movie.zarr" / "zarr.json").write_text("{}")
    reg = hs.Registration.from_shifts(np.zeros((2, 2)), (32, 32))
    with pytest.raises(FileInTheWay, match=r"movie\.zarr: exists already"):
        reg.export(tmp_path / "movie.zarr")
    tilted = np.eye(3)
    tilted[2, 1] = 1e-4
    bad = hs.Registration.from_matrices(tilted[None], (32, 32))
    with pytest.raises(InputError, match=r"drift\.zarr: OME-Zarr has no projective"):
        bad.export(tmp_path / "drift.zarr")
    assert [one.name for one in tmp_path.rglob("*")] == ["movie.zarr", "zarr.json"]
    reg.export(tmp_path / "drift.zarr")
    with pytest.raises(FileError, match="written for others and not read"):
        hs.load(tmp_path / "drift.zarr", frame_shape=(32, 32))
    with pytest.raises(FileError, match="cannot be written"):
        reg.export(tmp_path / "nowhere" / "drift.zarr")
