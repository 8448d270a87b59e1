"""A view of the frames in which nothing holds them back: less smooth light that stands still, or a pattern put back.

Light that falls off towards the corners holds on to specimens as smooth as it is. What the unaligned mean shows of a
low order is that light, and the specimen's own only where it moves little beside its size: so it is subtracted only
from frames that lag behind otherwise, and only if they lag behind less then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import NDArray

from holdstill.contracts import Device, Engine
from holdstill.reference.lag import Lag, Lagging
from holdstill.reference.learning import Alignment
from holdstill.reference.sample import Sample, mean_of, run_once

__all__ = ["View", "find_steadier", "fit_smooth", "look"]

# of polynomials over the frame; 0: frames as they were recorded
DEGREES = (0, 2, 4)
FITTING = 0.9


@dataclass(frozen=True, eq=False)
class View:
    """A sample, aligned, by how much its frames lag behind, and how many px of that are to be covered."""

    sample: Sample
    found: Alignment
    lag: Lag
    missing: float = 0.0


def look(sample: Sample, found: Alignment, device: Device, engine: Engine) -> View:
    """The sample as it was aligned."""
    lag = run_once(engine, Lagging(sample, found, device))
    return View(sample, found, lag, lag.px)


def find_steadier(now: View, align: Callable[[Sample], Alignment], device: Device, engine: Engine) -> View:
    """The view with the least error to be expected: `now` where frames hardly lag behind, or no other has less."""
    if not now.lag.is_large:
        return now
    best, defects, lags = now, now.sample.defects, []
    recorded = replace(now.sample, defects=replace(defects, contrast=None, pattern=None))
    mean = mean_of(recorded, engine)
    for degree in DEGREES:
        if degree == 0 and defects.contrast is None and defects.pattern is None:
            continue
        pattern = fit_smooth(mean, degree) if degree else None
        sample = replace(recorded, defects=replace(recorded.defects, pattern=pattern))
        other = look(sample, align(sample), device, engine)
        if len(other.found.rows) < FITTING * len(now.found.rows):
            continue
        lags += [other.lag.px] if degree else []
        if 0 < other.lag.total < best.lag.total:
            best = other
    if best is now or best.sample.defects.pattern is None:
        return best
    # Of the least of several lags chance has its part. Evened frames of shaded movies, said to lag by 0.04 to 0.27 px,
    # were off by 0.25 to 0.47 px.
    return replace(best, missing=float(np.sqrt(max(lags) * best.lag.px)))


def fit_smooth(image: NDArray[np.float32], degree: int) -> NDArray[np.float32]:
    """What an image, (y, x), shows of polynomials up to that degree, less its mean; NaN pixels tell nothing."""
    y, x = (np.linspace(-1, 1, n) for n in image.shape)
    rows, columns = legendre.legvander(y, degree), legendre.legvander(x, degree)
    terms = [np.outer(rows[:, i], columns[:, j]) for i in range(degree + 1) for j in range(degree + 1 - i)]
    known = np.isfinite(image)
    coefficients = np.linalg.lstsq(
        np.stack([term[known] for term in terms], axis=1), image[known].astype(np.float64), rcond=None
    )[0]
    smooth = np.tensordot(coefficients, np.stack(terms), axes=1)
    return np.asarray(smooth - smooth.mean(), np.float32)
