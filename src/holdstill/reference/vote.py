"""How well a motion explains frames, counted tile by tile: one bright thing has one vote, however bright it is.

Each half of the frames is predicted from the median of the other half, aligned. A tile's vote is by how much that
prediction lowers its loss, in units of the noise, within limits; planes through tiles are taken off before, so that
uneven light has no vote at all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, FloatArray
from holdstill.devices.interpolation import bridge
from holdstill.methods.likelihood.denoise import denoise
from holdstill.reference.separation import show
from holdstill.transforms.trajectory import Trajectory

__all__ = ["TILE_PX", "count_votes", "cut_tiles"]

Images = NDArray[np.float32]

TILE_PX = 16
# a pixel further off than five standard deviations tells no more than that, and a tile no more than one such pixel
CAP = 25.0
MOST_GAIN, STEPS = 3.0, 3
# variance of a median over that of a mean, of Gaussian noise
MEDIAN = 1.57


def count_votes(frames: Images, trajectory: Trajectory, noise: float, device: Device) -> FloatArray:
    """Votes of each frame, (n, tiles); 0 where a tile is not wholly in view. `noise` is the variance of a pixel."""
    halves = np.arange(0, len(frames), 2), np.arange(1, len(frames), 2)
    votes: FloatArray = np.zeros((len(frames), cut_tiles(frames[:1]).shape[1]))
    for one, other in (halves, halves[::-1]):
        image = _average_aligned(frames[one], trajectory.part(one), noise, device)
        models = show(device, image, trajectory.part(other))
        for row, model in zip(other, models, strict=True):
            votes[row] = _vote(frames[row], model, noise)
    return votes


def _average_aligned(frames: Images, trajectory: Trajectory, noise: float, device: Device) -> Images:
    """Median of the aligned frames less its noise; NaN where fewer than half of them look."""
    aligned = np.empty(frames.shape, np.float32)
    trajectory.resample(
        device, np.ascontiguousarray(frames), interpolation="cubic", edge="constant", fill=np.nan, out=aligned
    )
    often = np.isfinite(aligned).mean(axis=0) >= 0.5
    if not often.any():
        return np.full(often.shape, np.nan, np.float32)
    median = np.nanmedian(np.where(often, aligned, 0), axis=0).astype(np.float32)
    smooth, _ = denoise(bridge(median, often), MEDIAN * noise / len(frames))
    return np.where(often, smooth, np.nan).astype(np.float32)


def _vote(frame: Images, model: Images, noise: float) -> FloatArray:
    known = np.isfinite(frame) & np.isfinite(model)
    whole = cut_tiles(known[None])[0].all(axis=1)
    votes = np.zeros(len(whole))
    seen, told = (_level(cut_tiles(np.where(known, image, 0)[None])[0][whole]) for image in (frame, model))
    gain = 1.0
    for _ in range(STEPS):
        weights = 1 / (1 + (seen - gain * told) ** 2 / (9 * noise))
        gain = float((weights * seen * told).sum() / max(float((weights * told**2).sum()), 1e-30))
        gain = min(max(gain, 0.0), MOST_GAIN)
    better = np.minimum(seen**2 / noise, CAP) - np.minimum((seen - gain * told) ** 2 / noise, CAP)
    votes[whole] = np.clip(better.sum(axis=1), -CAP, CAP)
    return votes


def cut_tiles(images: NDArray[np.generic]) -> NDArray[np.generic]:
    """Tiles of images, (n, tiles, px); the rest at the far borders is left out."""
    height, width = (n // TILE_PX for n in images.shape[-2:])
    cut = images[..., : height * TILE_PX, : width * TILE_PX]
    parts = cut.reshape(len(images), -1, height, TILE_PX, width, TILE_PX)
    return np.swapaxes(parts, 3, 4).reshape(len(images), -1, TILE_PX**2)


def _make_planes() -> FloatArray:
    y, x = (grid.ravel() - (TILE_PX - 1) / 2 for grid in np.indices((TILE_PX, TILE_PX)))
    basis = np.stack([np.ones(TILE_PX**2), y, x])
    return np.asarray(basis / np.sqrt((basis**2).sum(axis=1, keepdims=True)), np.float64)


PLANES = _make_planes()


def _level(tiles: NDArray[np.generic]) -> FloatArray:
    """Tiles less the plane through each."""
    values = tiles.astype(np.float64)
    return np.asarray(values - (values @ PLANES.T) @ PLANES, np.float64)
