"""Flow of a frame from coarse to fine, and displacements of control points from it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import ControlGrid, FloatArray
from holdstill.methods.flow.levels import Level, double_flow, make_pyramid, warp_frame
from holdstill.methods.flow.tvl1 import TotalVariation, refine_by_variation
from holdstill.methods.flow.windows import Windows, refine_in_windows

__all__ = ["follow", "match", "measure_noise", "measure_slope", "pair_pixels", "spread_on", "unfold"]

# means over that share of the distance between control points
MEAN_OVER = 0.4
# what slopes of white noise sum up to, squared, over its variance: both axes of the stencil
SLOPE_OF_NOISE = 4 * ((2 / 3) ** 2 + (1 / 12) ** 2)
MAD_TO_SD, LEAST_SLOPE = 1.4826, 1e-6
# pixels that lie further off a straight line than so many medians do not tell gain and offset
MOST_OFF, MATCHING_ROUNDS, LEAST_PIXELS = 4.0, 2, 32
ENOUGH_PIXELS = 20_000
# of an area so much is to be left; what has less is smoothed with its neighbours, so often at most
LEAST_AREA, ROUNDS = 0.05, 60


def follow(
    levels: tuple[Level, ...],
    frame: NDArray[np.float32],
    shift: FloatArray,
    coarse: TotalVariation | Windows,
    fine: TotalVariation | Windows,
) -> NDArray[np.float32]:
    """Flow that takes pixels of the reference to those of the frame, (2, y, x) px, from a shift of the whole.

    `coarse` are the settings for binned images, `fine` those for whole ones. From one resolution to the next frames get
    the gain and offset of the reference, as they follow from what lies in place by then: a hundredth of the contrast
    between sky and building drew the sky 1 px aside.
    """
    frames, gain, offset = make_pyramid(frame, len(levels)), 1.0, 0.0
    scale = np.float32(2 ** (len(levels) - 1))
    flow = np.empty((2, *levels[-1].image.shape), np.float32)
    flow[:] = (np.asarray(shift, np.float32) / scale)[:, None, None]
    for k in range(len(levels) - 1, -1, -1):
        if flow.shape[1:] != levels[k].image.shape:
            flow = double_flow(flow, levels[k].image.shape)
        settings = fine if k == 0 else coarse
        like = frames[k] * np.float32(1 / gain) - np.float32(offset / gain)
        if isinstance(settings, TotalVariation):
            refine_by_variation(levels[k], like, flow, settings)
        else:
            refine_in_windows(levels[k], like, flow, settings)
        if k:
            gain, offset = match(levels[k].image, frames[k], flow, gain, offset)
    return flow


def match(
    image: NDArray[np.float32], frame: NDArray[np.float32], flow: NDArray[np.float32], gain: float, offset: float
) -> tuple[float, float]:
    """Gain and offset of a frame against the reference where a flow takes it, from those known so far.

    A straight line through the pixels; those that lie further off it than most have no say.
    """
    a, b = pair_pixels(image, frame, flow)
    for _ in range(MATCHING_ROUNDS):
        miss = np.abs(a - gain * b - offset)
        near = miss <= MOST_OFF * np.median(miss) if len(miss) else np.zeros(0, bool)
        if near.sum() < LEAST_PIXELS or not b[near].std():
            break
        x = b[near] - b[near].mean()
        found = float(x @ a[near] / (x @ x))
        if found <= 0:
            break
        gain, offset = found, float(a[near].mean() - found * b[near].mean())
    return gain, offset


def pair_pixels(
    image: NDArray[np.float32], frame: NDArray[np.float32], flow: NDArray[np.float32]
) -> tuple[FloatArray, FloatArray]:
    """Pixels of the frame where a flow takes it and of the reference, of those known in both enough to compare."""
    step = max(1, int((image.size / ENOUGH_PIXELS) ** 0.5))
    image, flow = np.ascontiguousarray(image[::step]), np.ascontiguousarray(flow[:, ::step])
    flow[0] += ((step - 1) * np.arange(len(image), dtype=np.float32))[:, None] if step > 1 else 0
    warped = np.empty_like(image)
    warp_frame(frame, flow, warped)
    warped, image = warped[:, ::step], image[:, ::step]
    both = np.isfinite(warped) & np.isfinite(image)
    return warped[both].astype(np.float64), image[both].astype(np.float64)


def measure_noise(frame: NDArray[np.float32]) -> float:
    """Standard deviation of a frame's noise from what alternates from pixel to pixel; fine texture counts as noise.

    Immerkaer, CVIU 64:300 (1996), with the median for the mean.
    """
    step = max(1, frame.shape[0] * frame.shape[1] // ENOUGH_PIXELS)
    rows: list[NDArray[np.float32]] = [frame[k : frame.shape[0] - 2 + k : step] for k in range(3)]
    lines = [row[:, :-2] - 2 * row[:, 1:-1] + row[:, 2:] for row in rows]
    odd = (lines[0] - 2 * lines[1] + lines[2]) / 6
    known = odd[np.isfinite(odd)]
    return float(np.median(np.abs(known)) * MAD_TO_SD) if known.size else 0.0


def measure_slope(level: Level, variance: float) -> float:
    """Root mean square of the reference's slopes, less what noise of that variance adds."""
    squares = (level.slopes.astype(np.float64) ** 2).sum(axis=0)
    known = np.isfinite(squares)
    if not known.any():
        return LEAST_SLOPE
    return max(float(squares[known].mean() - SLOPE_OF_NOISE / 2 * variance), LEAST_SLOPE**2) ** 0.5


def spread_on(flow: NDArray[np.float32], grid: ControlGrid) -> FloatArray:
    """Displacements of control points, (2, *counts) px: those of the pixels around them."""
    if max(grid.spacings) > 1:
        flow = np.stack([ndimage.gaussian_filter(one, [MEAN_OVER * s for s in grid.spacings]) for one in flow])
    places: Any = np.meshgrid(*(grid.positions(axis) for axis in range(2)), indexing="ij")
    return np.stack([ndimage.map_coordinates(one, places, order=1, mode="nearest") for one in flow]).astype(np.float64)


def unfold(grid: ControlGrid, nodes: FloatArray) -> FloatArray:
    """Displacements, (2, *counts) px, smoothed only where they would map two points to one, and around there."""
    found = nodes
    for _ in range(ROUNDS):
        bad = _find_folds(grid, found)
        if not bad.any():
            break
        found = np.where(ndimage.binary_dilation(bad, np.ones((3, 3), bool)), _average(found), found)
    return found


def _find_folds(grid: ControlGrid, nodes: FloatArray) -> NDArray[np.bool_]:
    """Control points of cells in a corner of which less than `LEAST_AREA` of an area is left, (*counts)."""
    down, along = (np.diff(nodes, axis=axis + 1) / grid.spacings[axis] for axis in range(2))
    bad: Any = np.zeros(nodes.shape[1:], bool)
    for right in (0, 1):
        for below in (0, 1):
            dy = down[:, :, right : down.shape[2] - 1 + right]
            dx = along[:, below : along.shape[1] - 1 + below]
            folds = (1 + dy[0]) * (1 + dx[1]) - dy[1] * dx[0] < LEAST_AREA
            for i in (0, 1):
                for j in (0, 1):
                    bad[i : bad.shape[0] - 1 + i, j : bad.shape[1] - 1 + j] |= folds
    return np.asarray(bad, bool)


def _average(nodes: FloatArray) -> FloatArray:
    return np.stack([ndimage.uniform_filter(one, 3, mode="nearest") for one in nodes])
