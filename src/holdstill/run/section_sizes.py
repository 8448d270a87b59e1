"""What the pixel sizes of two sections say, and whether the pictures bear it out."""

from __future__ import annotations

import warnings

import numpy as np

from holdstill.contracts import AnyTransform, ImagesInfo
from holdstill.errors import InputError

__all__ = ["SAME", "check_scale", "read_scale"]

# sections shrink and stretch by some percent; pixel sizes that differ by less are the same
SAME = 1.15
# pixel sizes further apart than any two objectives of a slide scanner are no sizes of pixels
LARGEST = 10.0


def read_scale(fixed: ImagesInfo, moving: ImagesInfo) -> float:
    """Pixels of the moving image to one of the fixed, as their sizes in um say; 1 where these are alike, or unknown."""
    sizes = [one.pixel_size_um[1:] for one in (fixed, moving)]
    known = [[float(size) for size in pair if size is not None and np.isfinite(size) and size > 0] for pair in sizes]
    if any(len(pair) != 2 for pair in known):
        return 1.0
    scale = float(np.exp(np.log(known[0]).mean() - np.log(known[1]).mean()))
    return scale if SAME < max(scale, 1 / scale) < LARGEST else 1.0


def check_scale(told: float, way: AnyTransform, fixed: ImagesInfo, moving: ImagesInfo, *, is_free: bool) -> None:
    """Compare the size that was found, that of the map as a whole, with what pixel sizes say.

    With `is_free` the pictures alone decide, and what contradicts them is a warning.

    Raises
    ------
    InputError
        They are exchanged.

    Warns
    -----
    UserWarning
        They do not fit.
    """
    if told == 1.0:
        return
    height, width = fixed.frame_shape
    quarters = np.array([[0.25, 0.25], [0.25, 0.75], [0.75, 0.25], [0.75, 0.75]]) * [height, width]
    places = way.map(quarters)
    found = float(np.linalg.norm(places[3] - places[0]) / np.linalg.norm(quarters[3] - quarters[0]))
    if _is_same(found, told):
        return
    sizes = " and ".join(f"{one.name} has pixels of {one.pixel_size_um[2]:.4g} um" for one in (fixed, moving))
    shows = f"what they show is {found:.2f} times as many px in the second, not {told:.2f}"
    if _is_same(found, 1 / told) and not is_free:
        raise InputError(
            f"{sizes}, but {shows}: the pixel sizes seem to be exchanged; correct them, or take allow_scale "
            "(--allow-scale) to go by the pictures alone"
        )
    warnings.warn(f"{sizes}, but {shows}; the pictures were gone by", stacklevel=2)


def _is_same(one: float, other: float) -> bool:
    return max(one / other, other / one) < SAME
