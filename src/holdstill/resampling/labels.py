"""Label images move with the pixels that they name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdstill.contracts import Device
from holdstill.errors import InputError
from holdstill.transforms.trajectory import Trajectory

__all__ = ["map_labels"]


def map_labels(trajectory: Trajectory, labels: ArrayLike, frames: Sequence[int], device: Device) -> NDArray[Any]:
    """A label image of the reference, or one for each, as it lies on some frames, (n, [z,] y, x): nearest, 0 outside.

    Raises
    ------
    InputError
        The labels are not integers, of another shape than a frame, or not as many as frames.
    """
    image, shape = np.asarray(labels), trajectory.shape
    if image.shape not in (shape, (len(frames), *shape)):
        if image.shape[1:] == shape:
            raise InputError(f"there are {len(image)} label images for {len(frames)} frames; give one for each, or one")
        raise InputError(f"the labels have shape {image.shape}, a frame {shape}; they must agree")
    if image.dtype.kind not in "bui":
        raise InputError(f"labels are whole numbers or a mask, not {image.dtype}")
    # devices compute with float32, which cannot tell large labels apart: their numbers in a list can be small
    values, places = np.unique(np.append(image.ravel(), np.zeros(1, image.dtype)), return_inverse=True)
    small = places[:-1].reshape(image.shape).astype(np.int32)
    chosen = trajectory.part(list(frames))
    out = np.empty((len(chosen), *shape), np.int32)
    given = np.ascontiguousarray(np.broadcast_to(small, out.shape))
    chosen.resample_back(device, given, fill=float(places[-1]), out=out, interpolation="nearest")
    return np.asarray(values[out])
