"""Transforms as a Zarr that OME-Zarr's coordinate transformations (RFC-5) describe, displacements included.

A scene names the systems ``reference`` and ``frame_0``, ``frame_1`` ...; from the former to each of the latter leads a
matrix or, where motion bends, the displacements of its control points, an image of its own with the displaced axis
first. Between control points displacements are linear, as they are here, so that nothing is lost.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import numpy as np
import zarr

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
    frames = [f"frame_{t}" for t in range(len(trajectory))]
    root = zarr.create_group(str(path), zarr_format=3)
    fields, ways = root.create_group(FOLDER), list[Any]()
    for t, name in enumerate(frames):
        way = trajectory.transform(t)
        between = {"name": f"reference to {name}", "input": {"name": "reference"}, "output": {"name": name}}
        if isinstance(way, Transform):
            ways.append({**between, "type": "affine", "affine": _read_matrix(way)})
        else:
            _write_field(fields.create_group(name), way, trajectory.shape, axes, name)
            there = {"path": f"{FOLDER}/{name}", "interpolation": "linear"}
            ways.append({**between, "type": "displacements", **there})
    systems: list[Any] = [{"name": name, "axes": axes} for name in ("reference", *frames)]
    scene: Any = {"coordinateSystems": systems, "coordinateTransformations": ways}
    root.attrs["ome"] = {"version": VERSION, "scene": scene}


def _read_matrix(way: Transform) -> list[list[float]]:
    if way.matrix[-1, :-1].any():
        raise InputError("OME-Zarr has no projective transformation; export an affine one, or as .npz")
    return [[float(value) for value in row] for row in way.matrix[:-1]]


def _write_field(group: Any, way: AnyTransform, shape: tuple[int, ...], axes: list[Any], name: str) -> None:
    """The displacements of one frame at its control points, px."""
    places = [_choose_places(way.bends(axis), n) for axis, n in enumerate(shape)]
    points = np.stack(np.meshgrid(*places, indexing="ij"), axis=-1).reshape(-1, len(shape))
    moves = (way.map(points) - points).T.reshape(len(shape), *(len(one) for one in places))
    names = ["c", *(axis["name"] for axis in axes)]
    array = group.create_array(LEVEL, shape=moves.shape, chunks=moves.shape, dtype="float64", dimension_names=names)
    array[...] = moves
    steps = [
        {"type": "scale", "scale": [1.0, *(float(one[1] - one[0]) for one in places)]},
        {"type": "translation", "translation": [0.0, *(float(one[0]) for one in places)]},
    ]
    to_px = {"type": "sequence", "input": {"path": LEVEL}, "output": {"name": "px"}, "transformations": steps}
    system = {"name": "px", "axes": [{"name": "c", "type": "displacement", "discrete": True}, *axes]}
    level = {"path": LEVEL, "coordinateTransformations": [to_px]}
    image = {"name": name, "coordinateSystems": [system], "datasets": [level]}
    group.attrs["ome"] = {"version": VERSION, "name": name, "multiscales": [image]}


def _choose_places(bends: FloatArray, n: int) -> FloatArray:
    """Coordinates of control points along an axis: where the map bends, or both ends where it does not."""
    return bends if len(bends) > 1 else np.array([0.0, float(max(n - 1, 1))])
