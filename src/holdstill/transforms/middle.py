"""The middle of large frames: where it is, and how it moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdstill.transforms.trajectory import Trajectory

__all__ = ["Box", "find_middle", "measure_offset", "move_to_middle"]

Box = tuple[slice, ...]


def find_middle(shape: tuple[int, ...], most_px: int) -> Box:
    """The middle of frames, of so many px at most, of one length along all axes that are longer."""
    sizes = np.array(shape)
    if np.prod(shape) > most_px:
        sizes = np.minimum(shape, int(most_px ** (1 / len(shape))))
    return tuple(slice((n - size) // 2, (n - size) // 2 + size) for n, size in zip(shape, sizes.tolist(), strict=True))


def measure_offset(part: tuple[int, ...], whole: tuple[int, ...]) -> NDArray[np.float64]:
    """From the centre of frames to that of their middle part: half a px where one size is odd."""
    sizes, shape = np.array(part), np.array(whole)
    return (shape - sizes) // 2 + (sizes - 1) / 2 - (shape - 1) / 2


def move_to_middle(trajectory: Trajectory, box: Box) -> Trajectory:
    """The same motion of the middle of the frames."""
    part = tuple(axis.stop - axis.start for axis in box)
    offset = measure_offset(part, trajectory.shape)
    return trajectory.rescale(np.ones(len(part)), offset, part)
