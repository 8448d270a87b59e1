"""A movie at several resolutions, coarse first, and how coarse to begin."""

from __future__ import annotations

import numpy as np

from holdstill.contracts import Device, Frames

__all__ = ["Pyramid", "find_coarse_factors", "make_pyramid"]

Pyramid = list[tuple[tuple[int, ...], Frames]]

COARSE_PX = {2: 96, 3: 40}
MAX_FACTOR = 8


def make_pyramid(device: Device, frames: Frames, factors: tuple[int, ...]) -> Pyramid:
    """Frames at `factors`, at a half and as they are, coarse first, with the factors of each.

    The half comes before the whole because spots of 2 px are aliased at 4 x, which would start the last level 0.1 px
    off; each level is made from the finer one.
    """
    levels: Pyramid = [(tuple(1 for _ in factors), frames)]
    halves = tuple(min(factor, 2) for factor in factors)
    for wanted in (halves, factors):
        done, pixels = levels[0]
        if wanted != done:
            levels.insert(0, (wanted, device.bin(pixels, tuple(w // d for w, d in zip(wanted, done, strict=True)))))
    return levels


def find_coarse_factors(shape: tuple[int, ...], turned: bool) -> tuple[int, ...]:
    """Powers of two that leave about 100 px (40 in volumes) along each axis: 4 for 512 px.

    Planes that may be `turned` are binned alike along both axes.
    """
    target = COARSE_PX[len(shape)]
    sides = (min(shape),) * 2 if turned and len(shape) == 2 else shape
    return tuple(int(2 ** np.clip(np.floor(np.log2(max(n / target, 1))), 0, np.log2(MAX_FACTOR))) for n in sides)
