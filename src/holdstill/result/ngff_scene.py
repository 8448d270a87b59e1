"""Transforms as a Zarr that OME-Zarr's coordinate transformations (RFC-5) describe, displacements included.

A scene names the systems ``reference`` and ``frame_0``, ``frame_1`` ...; from the former to each of the latter leads a
matrix or, where motion bends, the displacements of its control points, an image of its own with the displaced axis
first. Between control points displacements are linear, as they are here, so that nothing is lost.
"""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.contracts import AnyTransform, FloatArray
from holdstill.errors import FileError, FileInTheWay, InputError
from holdstill.io.disk import explain_errors, remove, rename, sync_folder, sync_tree
from holdstill.transforms import Transform
from holdstill.transforms.trajectory import Trajectory

__all__ = ["write_scene"]

VERSION = "0.6"
FOLDER, LEVEL = "coordinateTransformations", "s0"


def write_scene(trajectory: Trajectory, path: Path) -> list[Path]:
    """Write the transforms of all frames, complete or not at all; returns the folder.

    Raises
    ------
    FileInTheWay
        There is something of that name: a movie may be a Zarr too, and none is replaced.
    FileError
        It cannot be written there.
    InputError
        Projective transforms, which the format lacks.
    """
    if path.exists():
        raise FileInTheWay(f"{path}: exists already; choose another name, or remove it")
    if not path.parent.is_dir():
        raise FileError(f"{path}: cannot be written: there is no folder {path.parent}; make it first")
    temporary = path.with_name(f".{uuid.uuid4().hex[:8]}.part")
    with explain_errors(path):
        try:
            _write(trajectory, temporary)
            sync_tree(temporary)
            rename(temporary, path)
            sync_folder(path.parent)
        finally:
            remove(temporary)
    return [path]


def _write(trajectory: Trajectory, path: Path) -> None:
    axes: list[Any] = [{"name": name, "type": "space"} for name in "zyx"[-trajectory.ndim :]]
    frames, ways = [f"frame_{t}" for t in range(len(trajectory))], list[Any]()
    _write_group(path / FOLDER, {})
    for t, name in enumerate(frames):
        way = trajectory.transform(t)
        between = {"name": f"reference to {name}", "input": {"name": "reference"}, "output": {"name": name}}
        if isinstance(way, Transform):
            ways.append({**between, "type": "affine", "affine": _read_matrix(way)})
        else:
            _write_field(path / FOLDER / name, way, trajectory.shape, axes)
            there = {"path": f"{FOLDER}/{name}", "interpolation": "linear"}
            ways.append({**between, "type": "displacements", **there})
    systems = [{"name": name, "axes": axes} for name in ("reference", *frames)]
    _write_group(path, {"scene": {"coordinateSystems": systems, "coordinateTransformations": ways}})


def _write_group(folder: Path, ome: dict[str, Any]) -> None:
    attributes = {"ome": {"version": VERSION, **ome}} if ome else {}
    _write_node(folder, {"node_type": "group", "attributes": attributes})


def _write_node(folder: Path, node: dict[str, Any]) -> None:
    """The metadata of a group or array of Zarr 3; to import Zarr itself for that takes a third of a second."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"zarr_format": 3, **node}, allow_nan=False)
    (folder / "zarr.json").write_text(text, encoding="utf-8")


def _read_matrix(way: Transform) -> list[list[float]]:
    if way.matrix[-1, :-1].any():
        raise InputError("OME-Zarr has no projective transformation; export an affine one, or as .npz")
    return [[float(value) for value in row] for row in way.matrix[:-1]]


def _write_field(folder: Path, way: AnyTransform, shape: tuple[int, ...], axes: list[Any]) -> None:
    """The displacements of one frame at its control points, px, as an image of one level in one chunk."""
    places = [_choose_places(way.bends(axis), n) for axis, n in enumerate(shape)]
    points = np.stack(np.meshgrid(*places, indexing="ij"), axis=-1).reshape(-1, len(shape))
    moves = (way.map(points) - points).T.reshape(len(shape), *(len(one) for one in places))
    sizes = list(moves.shape)
    _write_node(folder / LEVEL, {
        "node_type": "array", "shape": sizes, "data_type": "float64", "fill_value": 0.0, "attributes": {},
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": sizes}},
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
        "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}],
        "dimension_names": ["c", *(axis["name"] for axis in axes)],
    })  # fmt: skip
    chunk = (folder / LEVEL).joinpath("c", *("0" for _ in sizes))
    chunk.parent.mkdir(parents=True)
    chunk.write_bytes(np.ascontiguousarray(moves, "<f8").tobytes())
    steps = [
        {"type": "scale", "scale": [1.0, *(float(one[1] - one[0]) for one in places)]},
        {"type": "translation", "translation": [0.0, *(float(one[0]) for one in places)]},
    ]
    to_px = {"type": "sequence", "input": {"path": LEVEL}, "output": {"name": "px"}, "transformations": steps}
    system = {"name": "px", "axes": [{"name": "c", "type": "displacement", "discrete": True}, *axes]}
    level = {"path": LEVEL, "coordinateTransformations": [to_px]}
    image = {"name": folder.name, "coordinateSystems": [system], "datasets": [level]}
    _write_group(folder, {"name": folder.name, "multiscales": [image]})


def _choose_places(bends: FloatArray, n: int) -> FloatArray:
    """Coordinates of control points along an axis: where the map bends, or both ends where it does not."""
    return bends if len(bends) > 1 else np.array([0.0, float(max(n - 1, 1))])
