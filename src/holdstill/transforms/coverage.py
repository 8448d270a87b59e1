"""The part of a reference that all frames see."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import numpy as np

from holdstill.contracts import AnyTransform

__all__ = ["BORDER_PX", "find_covered_box"]

MAX_ROUNDS = 64
# A point this little beyond the outermost pixel still shows it: a shift of 1e-7 px must not cost a row.
BORDER_PX = 1e-3


def find_covered_box(transforms: Iterable[AnyTransform], shape: tuple[int, ...]) -> tuple[slice, ...]:
    """Box of the reference whose corners and edge centres every transform maps into a frame of `shape`.

    A side is moved in by as much as what lies on it is outside, until nothing is. Exact for shifts.

    Returns
    -------
    tuple of slice
        One for each axis; empty where the frames share nothing.
    """
    chosen, last = list(transforms), np.array(shape) - 1
    low, high = np.zeros(len(shape)), last.astype(float)
    for _ in range(MAX_ROUNDS):
        if not chosen or (low > high).any():
            break
        sides = list(np.stack([low, (low + high) / 2, high], axis=1))
        for axis, places in enumerate(sides):
            bends = chosen[0].bends(axis)
            sides[axis] = np.union1d(places, bends[(bends > low[axis]) & (bends < high[axis])])
        points = np.array(list(product(*sides)))
        mapped = np.concatenate([transform.map(points) for transform in chosen])
        below = np.ceil(np.maximum(-mapped.min(axis=0) - BORDER_PX, 0))
        above = np.ceil(np.maximum(mapped.max(axis=0) - last - BORDER_PX, 0))
        if not (below.any() or above.any()):
            break
        low, high = low + below, high - above
    stops = np.maximum(low, high + 1)
    return tuple(slice(int(a), int(b)) for a, b in zip(low, stops, strict=True))
