"""Whether grey levels are of a size that can be computed with: squares of what is huge or tiny leave float32."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Engine
from holdstill.errors import InputError
from holdstill.reference.sample import Sample

__all__ = ["check_grey_range", "check_sample_range"]

# shifts of dense and sparse scenes of 96 px were exact in this range, and silently wrong at a third of the least of it
# and blank at ten times the most
LEAST, MOST = 1e-5, 1e12
# what differs by less than this is rounding
ROUNDING = 64
# so many frames of the sample, and so many pixels of each, are looked at
N_FRAMES, LOOKED_PX = 5, 1 << 16


def check_sample_range(sample: Sample, name: str, engine: Engine) -> None:
    """Raise InputError where frames of a sample of floats are all of a range that cannot be computed with."""
    if sample.source.info.dtype.kind == "f":
        found = list(engine.map(_Looking(sample, name), [Chunk(0, len(sample))]))
        if found[0]:
            raise InputError(found[0])


def check_grey_range(image: Any, name: str) -> None:
    """Raise InputError where an image of floats is of a range that cannot be computed with; others pass."""
    if isinstance(image, np.ndarray) and image.dtype.kind == "f" and (told := _refuse_range(image, name)):
        raise InputError(told)


@dataclass(frozen=True, eq=False)
class _Looking:
    """Why some frames from all over the sample cannot be computed with, where none of them can; next to the data."""

    sample: Sample
    name: str

    def __call__(self, batch: Chunk) -> str:
        rows = np.unique(np.linspace(batch.start, batch.stop - 1, N_FRAMES).astype(int))
        told = [_refuse_range(self.sample.look(int(row)), self.name) for row in rows]
        return told[0] if told and all(told) else ""


def _refuse_range(image: NDArray[Any], name: str) -> str:
    """Why an image cannot be computed with; empty where it can, or shows nothing."""
    flat = image.reshape(-1)
    some = flat[:: max(1, flat.size // LOOKED_PX)].astype(np.float64)
    some = some[np.isfinite(some)]
    if not some.size:
        return ""
    low, high = np.percentile(some, (1, 99))  # a hot pixel may be anything
    if high - low > MOST:
        factor = 10.0 ** np.ceil(np.log10((high - low) / 1e4))
        return f"{name}: its pixels span {high - low:.2g} grey levels, too many to compute with; divide by {factor:.0e}"
    with np.errstate(invalid="ignore"):
        known = flat[np.isfinite(flat)]
    span, largest = float(known.max()) - float(known.min()), float(np.abs(known).max())
    if ROUNDING * np.finfo(image.dtype).eps * largest < span < LEAST:
        factor = 10.0 ** np.ceil(np.log10(1 / span))
        return f"{name}: its pixels span {span:.2g} grey levels, too few to compute with; multiply by {factor:.0e}"
    return ""
