"""What is to be said of control points: where transforms map two points to one, and where light tells too little."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace

import numpy as np

from holdstill.result.value import FAINT_PX, RegistrationValue
from holdstill.transforms.folds import Fold, describe_fold

__all__ = ["find_folds", "warn_of_fine_grid", "warn_of_folds"]

TOLD = 3
# share of the control points that may follow their neighbours before it is worth a word
MOST_FOLLOWING = 0.5


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
    """Say that most control points of `name` follow their neighbours, and a distance at which they would not.

    What the light around a control point tells grows with the area that it moves.
    """
    rows = found.follows[found.ok]
    share = float(rows.mean()) if rows.size else 0.0
    bounds = found.bounds[found.ok]
    known = bounds[np.isfinite(bounds)]
    if share <= MOST_FOLLOWING or not known.size:
        return
    wider = ""
    if known.size > MOST_FOLLOWING * bounds.size and not isinstance(grid, tuple):
        enough = math.ceil(grid * max(float(np.median(known)) / FAINT_PX, 1.0))
        if enough < min(found.frame_shape):
            wider = f"; grid={enough} would have few such points, and be faster"
    warnings.warn(
        f"{name}: {100 * share:.0f} % of the control points follow their neighbours, as their own light does not place "
        f"them within {FAINT_PX:g} px{wider or '; a larger grid would tell as much'}",
        stacklevel=3,
    )
