"""Which sections are compared, and the maps to a common middle that follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from holdstill.contracts import AnyTransform, Verdict
from holdstill.transforms.motions import find_matrix_motion, find_motion
from holdstill.transforms.motions.dense import DENSE, DenseMotion
from holdstill.transforms.motions.warp import centre_of
from holdstill.transforms.trajectory import Trajectory
from holdstill.transforms.transform import Transform

__all__ = ["REACH", "Link", "chain_sections", "compose_ways", "find_ways", "order_middles"]

# a damaged section is skipped: how many sections further on its neighbour is looked for
REACH = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Link:
    """One section registered to another, nearer to the middle.

    Attributes
    ----------
    fixed, moving : int
        Numbers of the sections.
    way : AnyTransform
        From points of the fixed to points of the moving section.
    verdict : Verdict
    score : float
        Correlation of the two.
    """

    fixed: int
    moving: int
    way: AnyTransform
    verdict: Verdict
    score: float

    @property
    def is_good(self) -> bool:
        """Whether the way can be trusted."""
        return self.verdict is Verdict.OK


def order_middles(n: int, wanted: int | None) -> list[int]:
    """Sections to begin from: the one that was asked for, or the middle one and, should it be damaged, those around."""
    if wanted is not None:
        return [wanted]
    return sorted(range(n), key=lambda k: (abs(k - (n - 1) / 2), k))


def chain_sections(n: int, middle: int, compare: Callable[[int, int], Link]) -> dict[int, Link]:
    """For each section but the middle one the link by which it hangs on: a good one, if there is one.

    Outwards from the middle each section is compared with the nearest one that hangs on already. Where that fails it
    is compared with the next ones inwards, up to `REACH` sections away: damaged sections are passed over.
    """
    found: dict[int, Link] = {}
    for side in (range(middle + 1, n), range(middle - 1, -1, -1)):
        reached = [middle]
        for k in side:
            inwards = [one for one in reversed(reached) if abs(k - one) <= REACH]
            for fixed in inwards:
                link = compare(fixed, k)
                if k not in found or link.is_good:
                    found[k] = link
                if link.is_good:
                    reached.append(k)
                    break
    return found


def find_ways(middle: int, links: dict[int, Link]) -> dict[int, list[AnyTransform]]:
    """The maps, one after the other, that lead from the middle section to each one that hangs on."""
    ways: dict[int, list[AnyTransform]] = {middle: []}
    for k in sorted(links, key=lambda one: abs(one - middle)):
        link = links[k]
        if link.is_good and link.fixed in ways:
            ways[k] = [*ways[link.fixed], link.way]
    return ways


def compose_ways(ways: list[AnyTransform], motion: str, shape: tuple[int, ...]) -> Trajectory:
    """Maps one after the other, the first one of the reference, as one: a trajectory of length one.

    Dense ones are exact at the control points, which stand in the reference; others are exact.
    """
    if motion == DENSE:
        dense = find_motion(DENSE, shape)
        assert isinstance(dense, DenseMotion)
        points = places = dense.grid.points()
        for way in ways:
            places = way.map(places)
        return Trajectory(dense, dense.fit(points, places, shape)[None], shape)
    family, matrix = find_matrix_motion(motion), np.eye(len(shape) + 1)
    for way in ways:
        assert isinstance(way, Transform)
        matrix = way.matrix @ matrix
    there, back = np.eye(len(shape) + 1), np.eye(len(shape) + 1)
    there[:-1, -1], back[:-1, -1] = centre_of(shape), -centre_of(shape)
    return Trajectory(family, family.of_matrices((back @ matrix @ there)[None]), shape)
