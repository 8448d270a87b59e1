"""What frames are called that are not ok, by their verdict or by whoever refused them, how one was turned, how many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from holdstill.contracts import FloatArray, Verdict
from holdstill.transforms.motions.warp import MatrixFamily
from holdstill.transforms.trajectory import Trajectory

__all__ = ["REFUSED", "count", "describe_turn", "give_reasons", "name_verdicts"]

REFUSED = "refused by hand"  # in the provenance: the frames that somebody refused
REFUSED_WHY = "Somebody looked at it, and refused it."
# places along each axis by which what bends is told from what turns and stretches
PLACES = {1: 65, 2: 33, 3: 9}


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
    """What the first transform does beside shifting: ``angle_deg``, ``scale`` and ``mirrored``, as far as it does.

    Of a map that bends they are those of the affine map next to it; ``bent_px`` is the root mean square of the rest.
    """
    content: dict[str, float] = {}
    ndim, motion, turns, keeps_size = len(trajectory.shape), trajectory.motion, True, False
    if isinstance(motion, MatrixFamily) and motion.kind == "affine":
        linear = motion.transform(trajectory.parameters[0], trajectory.shape).matrix[:ndim, :ndim]
        turns, keeps_size = not motion.shifts_only, motion.keeps_size
    elif any(len(trajectory.transform(0).bends(axis)) for axis in range(ndim)):
        linear, content["bent_px"] = _straighten(trajectory)
    else:
        return content
    area = float(np.linalg.det(linear))
    if ndim == 2 and turns:
        across = linear @ np.diag([1.0, -1.0]) if area < 0 else linear
        turn = across[1, 0] - across[0, 1], across[0, 0] + across[1, 1]
        content["angle_deg"] = round(float(np.degrees(np.arctan2(*turn))), 5)
    if not keeps_size:
        content["scale"] = round(float(abs(area) ** (1 / ndim)), 6)
    return content | ({"mirrored": True} if area < 0 else {})


def _straighten(trajectory: Trajectory) -> tuple[FloatArray, float]:
    """Linear part of the affine map next to the first transform, and by how much, px, the two differ."""
    shape = trajectory.shape
    axes = [np.linspace(0, n - 1, PLACES[len(shape)]) for n in shape]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(shape))
    basis = np.column_stack([np.ones(len(points)), points - points.mean(axis=0)])
    places = trajectory.transform(0).map(points)
    rows = np.linalg.lstsq(basis, places, rcond=None)[0]
    rest = np.linalg.norm(places - basis @ rows, axis=1)
    return np.asarray(rows[1:].T, np.float64), round(float(np.sqrt(np.mean(rest**2))), 4)


def _list_refused(verdicts: Sequence[Verdict], provenance: dict[str, Any]) -> set[int]:
    told = provenance.get(REFUSED)
    numbers = {t for t in told if type(t) is int} if isinstance(told, list) else set()
    return {t for t in numbers if 0 <= t < len(verdicts) and verdicts[t] is Verdict.MISMATCH}
