"""What is to be said of control points: where transforms map two points to one, and where light tells too little."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import CovarianceKind
from holdstill.result.value import FAINT_PX, RegistrationValue
from holdstill.transforms.folds import Fold, describe_fold

__all__ = ["describe_fine_grid", "find_folds", "warn_of_fine_grid", "warn_of_folds"]

TOLD = 3
# share of the control points that may follow their neighbours before it is worth a word
MOST_FOLLOWING = 0.5
# and the quantile of the bounds that a wider grid should bring within reach
FEW = 0.75


def find_folds(found: RegistrationValue) -> tuple[Fold, ...]:
    """Of each frame as it was found, whatever its verdict; of what is applied where nothing was found."""
    known = np.isfinite(found.estimates).all(axis=1, keepdims=True)
    rows = np.where(known, found.estimates, found.parameters)
    return replace(found.trajectory, parameters=rows).find_folds()


def warn_of_folds(found: RegistrationValue, name: str, remedy: str) -> None:
    """Say which frames of `name` fold and where; nothing where none does."""
    folds = find_folds(found)
    if not folds:
        return
    told = "; ".join(describe_fold(fold) for fold in folds[:TOLD])
    more = f"; and {len(folds) - TOLD} more, see reg.folds" if len(folds) > TOLD else ""
    warnings.warn(f"{name}: displacements map two points to one in {told}{more}; {remedy}", stacklevel=3)


def warn_of_fine_grid(found: RegistrationValue, name: str, grid: float | tuple[float, ...]) -> None:
    """Say that most control points of `name` follow their neighbours, and a distance at which they would not."""
    told = describe_fine_grid(found, grid)
    if told is None:
        return
    about, wider = told
    better = "a larger grid would tell as much" if wider is None else f"grid={wider} would have few such points"
    warnings.warn(f"{name}: {about}; {better}, and be faster", stacklevel=3)


def describe_fine_grid(
    found: RegistrationValue, grid: float | tuple[float, ...]
) -> tuple[str, float | tuple[float, ...] | None] | None:
    """That most control points follow their neighbours, and a distance at which few would; None where most do not.

    Of good frames, or of all where none is: a grid that is too fine may be why. The distance is None where none within
    the frame would do. What the light around a control point tells grows with the area, or volume, that it moves.
    """
    if found.covariance.kind is not CovarianceKind.BANDED:
        return None
    rows = found.ok if found.ok.any() else np.isfinite(found.parameters).all(axis=1)
    bounds = found.bounds[rows]
    share = float((~(bounds < FAINT_PX)).mean()) if bounds.size else 0.0
    if share <= MOST_FOLLOWING:
        return None
    about = (
        f"{100 * share:.0f} % of the control points follow their neighbours, as their own light does not place them "
        f"within {FAINT_PX:g} px"
    )
    return about, _find_wider(found, bounds, grid)


def _find_wider(
    found: RegistrationValue, bounds: NDArray[np.float64], grid: float | tuple[float, ...]
) -> float | tuple[float, ...] | None:
    known = bounds[np.isfinite(bounds)]
    if known.size <= MOST_FOLLOWING * bounds.size:
        return None
    motion: Any = found.trajectory.motion
    n_bent = sum(count > 1 for count in motion.grid.counts)
    by = max(float(np.quantile(known, FEW)) / FAINT_PX, 1.0) ** (2 / max(n_bent, 1))
    given = grid if isinstance(grid, tuple) else (grid,)
    wider = tuple(math.ceil(by * distance) for distance in given)
    if min(wider) >= max(found.frame_shape):
        return None
    return wider if isinstance(grid, tuple) else wider[0]
