"""Neighbouring sections with exact truth: tissue in two stains, turned, stretched and bent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import FloatArray

__all__ = ["SectionPair", "make_sections"]

# how strongly each stain takes up red, green and blue
FIRST_STAIN, SECOND_STAIN = (0.35, 1.0, 0.45), (0.8, 0.75, 0.3)
PAPER = (243.0, 240.0, 245.0)
# what the two stains have in common, and each for itself, in parts of the contrast within tissue
COMMON, OWN = 0.7, 0.5
MARGIN = 0.6


@dataclass(frozen=True, kw_only=True, eq=False)
class SectionPair:
    """Two sections.

    Attributes
    ----------
    fixed, moving : ndarray of uint8, (y, x, 3)
    points : ndarray of float64, (n, 2)
        Landmarks on tissue of the fixed section, px.
    moved : ndarray of float64, (n, 2)
        The same on the moving section.
    """

    fixed: NDArray[np.uint8]
    moving: NDArray[np.uint8]
    points: FloatArray
    moved: FloatArray


def make_sections(
    shape: tuple[int, int],
    *,
    moving_shape: tuple[int, int] | None = None,
    angle_deg: float = 0.0,
    scale: float = 1.0,
    shift_px: tuple[float, float] = (0.0, 0.0),
    is_mirrored: bool = False,
    bend_px: float = 0.0,
    n_points: int = 60,
    seed: int = 0,
) -> SectionPair:
    """Generate a pair.

    Parameters
    ----------
    shape, moving_shape : tuple of 2 int
        Of each section, px; the second as the first unless it is given.
    angle_deg, scale, shift_px, is_mirrored
        The moving section shows at ``c' + shift + scale R (p - c)`` what the fixed one shows at p, c being the middles;
        mirrored along x first.
    bend_px : float
        Root mean square of what bends beyond that, px of the fixed section.
    n_points : int
        Landmarks.
    seed : int

    Returns
    -------
    SectionPair
    """
    random, second_shape = np.random.default_rng(seed), moving_shape or shape
    common, first, second = (_make_texture(shape, random) for _ in range(3))
    outline = _make_outline(shape, random)
    bent = np.stack([_smooth(shape, 0.12 * min(shape), random) for _ in range(2)])
    centres = [(np.array(one, np.float64) - 1) / 2 for one in (shape, second_shape)]
    turn = np.deg2rad(angle_deg)
    linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = linear @ np.diag([1.0, -1.0 if is_mirrored else 1.0])
    target, back = centres[1] + np.asarray(shift_px), np.linalg.inv(linear)
    # the moving section shows at q what the fixed one shows at p(q) = A^-1 q + bend(A^-1 q)
    pixels = np.moveaxis(np.indices(second_shape, dtype=np.float64), 0, -1)
    straight = np.moveaxis((pixels - target) @ back.T + centres[0], -1, 0)
    displaced = np.stack([ndimage.map_coordinates(one, straight, order=1, mode="nearest") for one in bent])
    places = straight + bend_px * displaced
    density = outline * np.maximum(1 + COMMON * common + OWN * first, 0.05)
    other = outline * np.maximum(1 + COMMON * common + OWN * second, 0.05)
    moved_density = ndimage.map_coordinates(other, places, order=1, mode="constant", cval=0.0)
    points = _choose_points(outline, n_points, random)
    return SectionPair(
        fixed=_stain(density, FIRST_STAIN, random), moving=_stain(moved_density, SECOND_STAIN, random), points=points,
        moved=_follow(points, linear, centres[0], target, bend_px * bent),
    )  # fmt: skip


def _follow(
    points: FloatArray, linear: FloatArray, centre: FloatArray, target: FloatArray, bent: FloatArray
) -> FloatArray:
    """Where the moving section shows points of the fixed one: by repeated substitution."""
    straight = points.copy()
    for _ in range(60):
        moves = [ndimage.map_coordinates(one, straight.T, order=1, mode="nearest") for one in bent]
        straight = points - np.stack(moves, axis=1)
    return np.asarray((straight - centre) @ linear.T + target, np.float64)


def _smooth(shape: tuple[int, int], size: float, random: np.random.Generator) -> FloatArray:
    """A random image of mean 0 and standard deviation 1 that varies over `size` px."""
    made = ndimage.gaussian_filter(random.standard_normal(shape), size, mode="reflect")
    return np.asarray((made - made.mean()) / made.std(), np.float64)


def _make_texture(shape: tuple[int, int], random: np.random.Generator) -> FloatArray:
    sizes = [share * min(shape) for share in (0.01, 0.025, 0.06)]
    return np.asarray(sum(_smooth(shape, size, random) for size in sizes) / np.sqrt(len(sizes)), np.float64)


def _make_outline(shape: tuple[int, int], random: np.random.Generator) -> FloatArray:
    """1 within tissue of an irregular form, 0 beside it."""
    away = np.stack([(2 * axis - (n - 1)) / n for axis, n in zip(np.indices(shape), shape, strict=True)])
    radius = np.hypot(away[0] / 0.75, away[1] / 0.8) + 0.09 * _smooth(shape, 0.1 * min(shape), random)
    return np.asarray(1 / (1 + np.exp((radius - 1) * min(shape) / 4)), np.float64)


def _choose_points(outline: FloatArray, count: int, random: np.random.Generator) -> FloatArray:
    rows, columns = np.nonzero(outline > MARGIN)
    chosen = random.choice(len(rows), count, replace=False)
    return np.stack([rows[chosen], columns[chosen]], axis=1).astype(np.float64)


def _stain(density: FloatArray, colours: tuple[float, ...], random: np.random.Generator) -> NDArray[np.uint8]:
    light = np.stack(
        [paper * np.exp(-0.6 * colour * density) for paper, colour in zip(PAPER, colours, strict=True)], -1
    )
    return np.clip(np.rint(light + random.normal(0, 2, light.shape)), 0, 255).astype(np.uint8)
