"""Whether a frame agrees with the reference all over, or only where a wrong transform happens to fit."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, FloatArray, Frames
from holdstill.methods.likelihood.gauss_newton import Level
from holdstill.transforms.trajectory import Trajectory

__all__ = ["disagreeing"]

TILES = 6
LEAST_PX = 6
# frames whose correlation is near what their noise allows need no closer look
NEAR = 0.75
TELLING, LOST = 0.5, 0.4
MIN_TILES = 6
# With too few tiles to tell, a correlation below this may be chance, but not that of a peak which stands out so far: of
# frames in little light 7 at wrong places had peaks of 5.6 to 9.8 deviations, 20 of clean movies 10.3 to 12.8.
FAINT, SURE_PEAK_Z = 0.2, 10.0


class Agreeing(Protocol):
    """What a fit must tell of n frames; see `Fit` and `WarpFit`."""

    gains: FloatArray
    chi_square: FloatArray
    score: FloatArray


def disagreeing(
    device: Device,
    level: Level,
    image: NDArray[np.float32],
    binned: Frames,
    trajectory: Trajectory,
    fit: Agreeing,
    peak_z: FloatArray,
    max_lost: float,
) -> NDArray[np.bool_]:
    """Frames that agree with the reference in some places and not at all in more than `max_lost` of all, (n,).

    Homographies 50 px off fitted the middle of a texture, and a few spots of one scene those of another, so well that
    error bar and peak looked fine.

    Parameters
    ----------
    device : Device
    level : Level
        Of `image` and `binned`.
    image : ndarray of float32, (y, x)
        The reference, binned.
    binned : ndarray, (n, y, x)
        The frames, binned alike.
    trajectory : Trajectory
        What was found.
    fit : Agreeing
        Of the whole frames.
    peak_z : ndarray, (n,)
        By how many standard deviations the peak of the search stood out.
    max_lost : float
        Share of the tiles.
    """
    found = np.zeros(len(binned), bool)
    with np.errstate(invalid="ignore"):
        possible = np.sqrt(np.maximum(1 - (1 - fit.score**2) / np.maximum(fit.chi_square, 1), 0))
        rows = np.flatnonzero((fit.score < NEAR * possible) & np.isfinite(trajectory.parameters).all(axis=1))
    if image.ndim != 2 or min(image.shape) < TILES * LEAST_PX or not len(rows):
        return found
    factors = np.array(level.factors, float)
    offset = (np.array(image.shape) * factors - np.array(trajectory.shape)) / 2
    aligned = np.empty((len(rows), *image.shape), np.float32)
    trajectory.part(rows).rescale(factors, offset, image.shape).resample(
        device, np.ascontiguousarray(binned[rows]).astype(np.float32), interpolation="linear", edge="constant",
        fill=np.nan, out=aligned,
    )  # fmt: skip
    grey = float(binned[np.isfinite(binned)].mean()) - level.noise.offset
    noise = float(level.noise.read_variance + level.noise.gain * max(grey, 0))
    for row, frame in zip(rows, aligned, strict=True):
        share = _share_lost(_tiles(image), _tiles(frame), fit.gains[row], noise)
        if share is None:
            found[row] = fit.score[row] < FAINT and not peak_z[row] > SURE_PEAK_Z
        else:
            found[row] = share > max_lost
    return found


def _tiles(image: NDArray[np.float32]) -> FloatArray:
    """Tiles of an image, (tiles, px); the rest at the far borders is left out."""
    height, width = (n // TILES for n in image.shape)
    cut = image[: TILES * height, : TILES * width].reshape(TILES, height, TILES, width)
    return np.asarray(cut.transpose(0, 2, 1, 3).reshape(TILES * TILES, -1), np.float64)


def _share_lost(expected: FloatArray, seen: FloatArray, gain: float, noise: float) -> float | None:
    """Share of the tiles that tell anything in which nothing agrees; None where too few do."""
    known = np.isfinite(expected) & np.isfinite(seen)
    count = np.maximum(known.sum(axis=1), 1)
    a, b = (np.where(known, tiles, 0.0) for tiles in (expected, seen))
    a, b = (np.where(known, t - t.sum(axis=1, keepdims=True) / count[:, None], 0.0) for t in (a, b))
    contrast = (a**2).sum(axis=1) / count * gain**2
    possible = np.sqrt(contrast / np.maximum(contrast + noise, 1e-30))
    scores = (a * b).sum(axis=1) / np.sqrt(np.maximum((a**2).sum(axis=1) * (b**2).sum(axis=1), 1e-30))
    telling = (possible > TELLING) & (count > 0.5 * expected.shape[1])
    if telling.sum() < MIN_TILES:
        return None
    agreement = scores[telling] / possible[telling]
    return float((agreement < LOST * np.quantile(agreement, 0.9)).mean())
