"""Copies of pairs of which the moving image was turned, perhaps mirrored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import FloatArray, ReadingOptions
from holdstill.errors import FileError
from holdstill.evaluation.landmarks.cover import Pair
from holdstill.io.disk import write_file
from holdstill.io.image import reading

__all__ = ["turn_pair"]


def turn_pair(pair: Pair, folder: Path, number: int, *, flips: bool = False) -> Pair:
    """A copy whose moving image is turned by a random angle, every second one mirrored with `flips`; PNG in `folder`.

    The canvas grows so that nothing is cut off, and has the colour of the image's border. The angle depends on the
    pair's name and `number` alone.

    Raises
    ------
    FileError
        The image is neither of 8 nor of 16 bits, which PNG holds.
    """
    random = np.random.default_rng([number, *pair.name.encode()])
    is_mirrored = flips and number % 2 == 0
    angle_deg = float(random.uniform(15, 345))
    name = f"{pair.name}-turned{number}{'-mirrored' if is_mirrored else ''}"
    target = folder / f"{name}.png"
    with reading(pair.moving, ReadingOptions()) as source:
        planes = source.read(0, 1)[0][:3]
    if planes.dtype not in (np.uint8, np.uint16):
        raise FileError(f"{pair.moving}: is of {planes.dtype}; turned copies are made of 8 and 16 bits")
    linear, offset, shape = _place(pair.moving_shape, angle_deg, is_mirrored)
    turned = np.stack([_turn(plane, linear, offset, shape) for plane in planes], axis=-1)
    kept = turned if turned.shape[-1] == 3 else turned[..., 0]
    write_file(target, imagecodecs.png_encode(np.ascontiguousarray(kept)))
    points = (pair.moving_points - offset) @ np.linalg.inv(linear).T
    return replace(pair, name=name, moving=target, moving_points=points, moving_shape=shape)


def _place(
    shape: tuple[int, ...], angle_deg: float, is_mirrored: bool
) -> tuple[FloatArray, FloatArray, tuple[int, int]]:
    """Linear part and offset of the map from the turned image to the image as it is, and the shape of the former."""
    turn = np.deg2rad(angle_deg)
    linear = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = linear @ np.diag([1.0, -1.0 if is_mirrored else 1.0])
    sides = np.ceil(np.abs(np.linalg.inv(linear)) @ np.array(shape)).astype(int)
    centre, middle = (sides - 1) / 2, (np.array(shape) - 1) / 2
    return linear, middle - linear @ centre, (int(sides[0]), int(sides[1]))


def _turn(plane: NDArray[np.integer], linear: FloatArray, offset: FloatArray, shape: tuple[int, int]) -> NDArray:  # type: ignore[type-arg]
    border = np.concatenate([plane[0], plane[-1], plane[:, 0], plane[:, -1]])
    values = ndimage.affine_transform(
        plane.astype(np.float32), linear, offset, shape, order=1, cval=float(np.median(border))
    )
    return np.rint(values).astype(plane.dtype)
