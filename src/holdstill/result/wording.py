"""What frames are called that are not ok, by their verdict or by whoever refused them, how one was turned, how many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from holdstill.contracts import Verdict
from holdstill.transforms.motions.warp import MatrixFamily
from holdstill.transforms.trajectory import Trajectory

__all__ = ["REFUSED", "count", "describe_turn", "give_reasons", "name_verdicts"]

REFUSED = "refused by hand"  # in the provenance: the frames that somebody refused
REFUSED_WHY = "Somebody looked at it, and refused it."


def count(n: int, noun: str) -> str:
    """A number with its noun: ``"1 frame"``, ``"1,200 frames"``."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def name_verdicts(verdicts: Sequence[Verdict], provenance: dict[str, Any]) -> tuple[str, ...]:
    """Of each frame the word of its verdict; ``"refused by hand"`` where that is why."""
    names = [each.value for each in verdicts]
    for t in _list_refused(verdicts, provenance):
        names[t] = REFUSED
    return tuple(names)


def give_reasons(verdicts: Sequence[Verdict], provenance: dict[str, Any]) -> tuple[str, ...]:
    """Why the own estimate of each frame is not trusted, in a sentence; empty where it is."""
    refused = _list_refused(verdicts, provenance)
    return tuple(REFUSED_WHY if t in refused else each.reason for t, each in enumerate(verdicts))


def describe_turn(trajectory: Trajectory) -> dict[str, float]:
    """What the first transform does beside shifting: ``angle_deg`` and ``scale``, as far as its motion has them."""
    content: dict[str, float] = {}
    ndim, motion = len(trajectory.shape), trajectory.motion
    if isinstance(motion, MatrixFamily) and motion.kind == "affine":
        linear = motion.transform(trajectory.parameters[0], trajectory.shape).matrix[:ndim, :ndim]
        if ndim == 2 and not motion.shifts_only:
            turn = linear[1, 0] - linear[0, 1], linear[0, 0] + linear[1, 1]
            content["angle_deg"] = round(float(np.degrees(np.arctan2(*turn))), 5)
        if not motion.keeps_size:
            content["scale"] = round(float(abs(np.linalg.det(linear)) ** (1 / ndim)), 6)
    return content


def _list_refused(verdicts: Sequence[Verdict], provenance: dict[str, Any]) -> set[int]:
    told = provenance.get(REFUSED)
    numbers = {t for t in told if type(t) is int} if isinstance(told, list) else set()
    return {t for t in numbers if 0 <= t < len(verdicts) and verdicts[t] is Verdict.MISMATCH}
