"""How far sections bend, and how freely: from coarse to fine, chosen by pixels that were not fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, FloatArray
from holdstill.methods.sections.affine_fit import place, to_level
from holdstill.methods.sections.field_fit import Bending, fit_field
from holdstill.methods.sections.local import WHOLE, FloatImage, Picture, look, make_picture, sample, unbent
from holdstill.methods.sections.manner import Manner

__all__ = ["Bent", "Pyramid", "bend_sections", "make_pyramid", "spread_on"]

COARSER = (8, 4, 2, 1)
SIZES = (3.0, 8.0, 20.0)
# displacements that double an area come back to a hundredth of a px in so many steps of substitution
BACK_STEPS = 12
# by how much correlation must grow over all pixels when half of them are fitted to, for bending to be worth it: in
# pictures that do not bend it fell by 0.006, in neighbouring sections it grew by 0.007 to 0.011
WORTH = 0.002
# and at a finer resolution, half of it fitted to, for it to be worth it: 0.0086 where both show the same cells, 0.0009
# at most where they are neighbours
SHARPER = 0.003
TRIAL_STEPS = 4


@dataclass(frozen=True, eq=False)
class Bent:
    """Displacements beyond an affine map.

    Attributes
    ----------
    nodes : ndarray of float64, (ndim, *counts)
        Of control points, px of the images as they were given.
    picture : Picture
        The picture from whose first to last pixels the control points stand.
    bending : Bending or None
        How freely they were allowed to bend; None: not at all, since that predicted other pixels best.
    gains : tuple of float
        By how much each of the ways of its `Manner`, fitted to half of the tiles, raised the correlation in the others.
    held : float
        Correlation in these others, bent the way that was chosen.
    """

    nodes: FloatArray
    picture: Picture
    bending: Bending | None
    gains: tuple[float, ...]
    held: float

    def read(self, points: FloatArray) -> FloatArray:
        """Displacements, (ndim, ...) px, at points (ndim, ...) of the image as it was given, px."""
        counts, shape = self.nodes.shape[1:], self.picture.shape
        places = np.stack(
            [
                (one - (factor - 1) / 2) / factor * (count - 1) / max(n - 1, 1)
                for one, factor, count, n in zip(points, self.picture.factors, counts, shape, strict=True)
            ]
        )
        edge = np.array(counts).reshape(-1, *(1,) * (points.ndim - 1)) - 1.0
        inside = np.clip(places, 0, edge)
        return np.stack([sample(one.astype(np.float32), inside) for one in self.nodes]).astype(np.float64)


@dataclass(frozen=True, eq=False)
class Pyramid:
    """An image, NaN where unknown, and its copies at the resolutions of the fit, coarse first."""

    image: FloatImage
    pictures: tuple[Picture, ...]

    def list_finer(self) -> list[int]:
        """Pixels that become one in copies finer than these, each about twice as fine as the one before."""
        found, factor, finest = [], self.pictures[-1].factor, Manner.of(self.image.ndim).finest_px
        while factor > 1 and max(self.image.shape) // -(-factor // 2) <= finest:
            factor = -(-factor // 2)
            found.append(factor)
        return found

    def at(self, factor: int, layers: int) -> Picture:
        """A copy of which so many pixels became one, with the first so many layers."""
        return make_picture(self.image, factor, SIZES[:layers])


def make_pyramid(image: FloatImage, length: float | None = None) -> Pyramid:
    """An image, NaN where unknown, at the resolutions of the fit; as fine as one so long, px, instead of its own."""
    fine = max(1, int(np.ceil((length or max(image.shape)) / Manner.of(image.ndim).fine_px)))
    return Pyramid(image, tuple(make_picture(image, factor * fine, SIZES) for factor in COARSER))


def bend_sections(one: Pyramid, other: Pyramid, warp: FloatArray, device: Device) -> Bent:
    """What bends beyond an affine map with these coefficients of whole images, from the one to the other.

    Both ways are fitted, there and back, and meet in the middle: the same follows with the images exchanged.
    """
    manner, finest = Manner.of(one.image.ndim), one.pictures[-1]
    n_levels = len(one.pictures) - manner.n_held
    fixed, moving = one.pictures[:n_levels], other.pictures[:n_levels]
    left_out = [_draw_tiles(picture.shape, manner.tile_px * finest.factor / picture.factor) for picture in fixed]
    here = fixed[-1], moving[-1], to_level(warp, fixed[-1])
    others, everywhere = left_out[-1], np.ones(fixed[-1].shape, bool)
    flat = unbent(one.image.ndim)
    still = _correlate(*here, flat, device, others), _correlate(*here, flat, device, everywhere)
    trials = [_descend(fixed, moving, warp, way, device, left_out) for way in manner.candidates]
    gains = [_correlate(*here, nodes, device, others) - still[0] for nodes in trials]
    chosen = 0
    for k in range(1, len(gains)):
        chosen = k if gains[k] > gains[chosen] + manner.clear else chosen
    if _correlate(*here, trials[chosen], device, everywhere) - still[1] < WORTH:
        return Bent(flat, finest, None, tuple(gains), still[0])
    begun = Bent(flat, finest, manner.candidates[chosen], tuple(gains), still[0] + gains[chosen])
    return _settle(one, other, warp, begun, device)


def _settle(one: Pyramid, other: Pyramid, warp: FloatArray, begun: Bent, device: Device) -> Bent:
    """There and back, at the finest resolution at which a part of the pixels still tells where the others lie."""
    back, coarse, bending = _turn_round(warp), one.pictures[-1].factor, begun.bending
    assert bending is not None
    found = []
    for a, b, way in ((one.pictures, other.pictures, warp), (other.pictures, one.pictures, back)):
        nodes = _descend(a, b, way, bending, device, [None] * len(a))
        found.append(replace(begun, nodes=a[-1].enlarge(nodes), picture=a[-1]))
    for factor in one.list_finer():
        tiles = Manner.of(one.image.ndim).tile_px * coarse / factor
        if _sharpen(one.at(factor, 1), other.at(factor, 1), warp, found[0], bending, tiles, device) < SHARPER:
            break
        ours, theirs = (each.at(factor, bending.layers) for each in (one, other))
        found = [
            replace(
                bent, picture=a,
                nodes=a.enlarge(fit_field(a, b, to_level(way, a), a.reduce(bent.nodes), bending, device)),
            )
            for bent, (a, b, way) in zip(found, ((ours, theirs, warp), (theirs, ours, back)), strict=True)
        ]  # fmt: skip
    return _meet(found[0], found[1], warp)


def _sharpen(
    fixed: Picture, moving: Picture, warp: FloatArray, bent: Bent, bending: Bending, side: float, device: Device
) -> float:
    """By how much correlation in tiles of a finer resolution grows when control points follow the others."""
    level, nodes, tiles = to_level(warp, fixed), fixed.reduce(bent.nodes), _draw_tiles(fixed.shape, side)
    trial = fit_field(fixed, moving, level, nodes, replace(bending, steps=TRIAL_STEPS, layers=1), device, tiles)
    return _correlate(fixed, moving, level, trial, device, tiles) - _correlate(
        fixed, moving, level, nodes, device, tiles
    )


def _turn_round(warp: FloatArray) -> FloatArray:
    """Affine coefficients of the way back."""
    ndim = int(np.sqrt(len(warp)))
    rows = warp.reshape(ndim, ndim + 1)
    back = np.linalg.inv(rows[:, 1:])
    return np.column_stack([-back @ rows[:, 0], back]).ravel()


def _meet(there: Bent, back: Bent, warp: FloatArray) -> Bent:
    """Displacements half way between those that were found there and those that follow from the way back."""
    ndim, picture = len(there.nodes), there.picture
    axes = [
        np.linspace(0, (n - 1) * factor, count) + (factor - 1) / 2
        for n, factor, count in zip(picture.shape, picture.factors, there.nodes.shape[1:], strict=True)
    ]
    points = np.stack(np.meshgrid(*axes, indexing="ij"))
    centre = (np.array(picture.whole, np.float64) - 1) / 2
    offsets = points - centre.reshape(-1, *(1,) * ndim)
    straight = place(warp, offsets, centre)
    turn = warp.reshape(ndim, ndim + 1)[:, 1:]
    # where the way back ends at a control point: q = A (p - v(q))
    found = straight
    for _ in range(BACK_STEPS):
        found = straight - np.tensordot(turn, back.read(found), 1)
    return replace(there, nodes=(there.nodes + found - straight) / 2)


def _descend(
    fixed: tuple[Picture, ...], moving: tuple[Picture, ...], warp: FloatArray, bending: Bending, device: Device,
    left_out: Sequence[NDArray[np.bool_] | None],
) -> FloatArray:  # fmt: skip
    """Displacements of control points, px of the finest of these pictures, from coarse to fine."""
    nodes = fit_field(fixed[0], moving[0], to_level(warp, fixed[0]), None, bending, device, left_out[0])
    for level, (before, here) in enumerate(pairwise(fixed), start=1):
        nodes = here.reduce(before.enlarge(nodes))
        nodes = fit_field(here, moving[level], to_level(warp, here), nodes, bending, device, left_out[level])
    return nodes


def _draw_tiles(shape: tuple[int, ...], side: float) -> NDArray[np.bool_]:
    """Every other tile of a chessboard."""
    places = np.indices(shape)
    return np.asarray(np.floor(places / max(side, 1.0)).astype(int).sum(axis=0) % 2 == 1)


def _correlate(
    fixed: Picture, moving: Picture, warp: FloatArray, nodes: FloatArray, device: Device, where: NDArray[np.bool_]
) -> float:
    """Mean correlation of the layers, at pixels of the fixed picture that both show."""
    there = look(moving, warp, nodes, len(fixed.layers), device)
    both = (there[0] > WHOLE) & fixed.known & where
    found, step = [0.0], 1 + len(fixed.shape)
    for number, ours in enumerate(fixed.layers):
        own, seen = (each[both].astype(np.float64) for each in (ours.values, there[1 + number * step]))
        found.append(float(own @ seen) / max(float(np.sqrt((own @ own) * (seen @ seen))), 1e-9))
    return sum(found) / len(fixed.layers)


def spread_on(bent: Bent, counts: tuple[int, ...], shape: tuple[int, ...]) -> FloatArray:
    """Displacements, (ndim, *counts) px, of control points from the first to the last pixel of an image."""
    axes = [np.linspace(0, n - 1, count) for n, count in zip(shape, counts, strict=True)]
    return bent.read(np.stack(np.meshgrid(*axes, indexing="ij")))
