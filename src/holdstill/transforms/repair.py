"""Frames whose own estimate is not used take the transform between their good neighbours in time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from holdstill.transforms.trajectory import Trajectory

__all__ = ["repair"]


def repair(trajectory: Trajectory, good: NDArray[np.bool_]) -> Trajectory:
    """Transforms with those that are not `good`, (n,), interpolated between their neighbours in time.

    Transforms are interpolated, not numbers: from a rotation by 3.1 rad to one by -3.1 the shorter way leads over half
    a turn. Before the first and after the last good one the nearest is repeated; without any, nothing moves.
    """
    parameters = trajectory.parameters.copy()
    known, bad = np.flatnonzero(good), np.flatnonzero(~good)
    if not len(known):
        parameters[:] = trajectory.motion.identity(trajectory.ndim)
    elif len(bad):
        parameters[bad] = trajectory.part(known).interpolate(known, bad).parameters
    return replace(trajectory, parameters=parameters)
