"""Flow of a frame from coarse to fine, and displacements of control points from it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import ControlGrid, FloatArray
from holdstill.methods.flow.levels import Level, double_flow, make_pyramid, warp_frame
from holdstill.methods.flow.tvl1 import TotalVariation, refine_by_variation
from holdstill.methods.flow.windows import Windows, refine_in_windows
from holdstill.transforms.folds import find_areas

__all__ = ["follow", "match", "measure_noise", "measure_slope", "pair_pixels", "spread_on", "unfold"]

# means over that share of the distance between control points
MEAN_OVER = 0.4
# half of what the slope of white noise along an axis is, squared, over its variance
SLOPE_OF_NOISE = (2 / 3) ** 2 + (1 / 12) ** 2
MAD_TO_SD, LEAST_SLOPE = 1.4826, 1e-6
# pixels that lie further off a straight line than so many medians do not tell gain and offset
MOST_OFF, MATCHING_ROUNDS, LEAST_PIXELS = 4.0, 2, 32
ENOUGH_PIXELS, MATCHED_PIXELS = 20_000, 5_000
# planes that tell the noise of a volume
PLANES = 5
# of an area so much is to be left; what has less is smoothed with its neighbours, so often at most
LEAST_AREA, ROUNDS = 0.05, 60


def follow(
    levels: tuple[Level, ...],
    frame: NDArray[np.float32],
    shift: FloatArray,
    coarse: TotalVariation | Windows,
    fine: TotalVariation | Windows,
) -> NDArray[np.float32]:
    """Flow that takes pixels of the reference to those of the frame, (ndim, [z,] y, x) px, from a shift of the whole.

    `coarse` are the settings for binned images, `fine` those for whole ones. From one resolution to the next frames get
    the gain and offset of the reference, as they follow from what lies in place by then: a hundredth of the contrast
    between sky and building drew the sky 1 px aside.
    """
    frames, gain, offset = make_pyramid(frame, len(levels)), 1.0, 0.0
    scales, ndim = _find_scales(levels), frame.ndim
    flow = np.empty((ndim, *levels[-1].image.shape), np.float32)
    flow[:] = (np.asarray(shift, np.float32) / scales).reshape(ndim, *(1,) * ndim)
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


def _find_scales(levels: tuple[Level, ...]) -> NDArray[np.float32]:
    """Pixels along each axis that became one of the coarsest level."""
    shapes = np.array([level.image.shape for level in levels])
    return np.asarray(2.0 ** (shapes[1:] != shapes[:-1]).sum(axis=0), np.float32)


def match(
    image: NDArray[np.float32], frame: NDArray[np.float32], flow: NDArray[np.float32], gain: float, offset: float
) -> tuple[float, float]:
    """Gain and offset of a frame against the reference where a flow takes it, from those known so far.

    A straight line through the pixels; those that lie further off it than most have no say.
    """
    a, b = pair_pixels(image, frame, flow, MATCHED_PIXELS)
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
    image: NDArray[np.float32], frame: NDArray[np.float32], flow: NDArray[np.float32], enough: int = ENOUGH_PIXELS
) -> tuple[FloatArray, FloatArray]:
    """Pixels of the frame where a flow takes it and of the reference, of those known in both enough to compare."""
    step = max(1, int((image.size / enough) ** (1 / image.ndim)))
    image, flow = np.ascontiguousarray(image[::step]), np.ascontiguousarray(flow[:, ::step])
    behind = (step - 1) * np.arange(len(image), dtype=np.float32)
    flow[0] += behind.reshape(-1, *(1,) * (image.ndim - 1)) if step > 1 else 0
    warped = np.empty_like(image)
    warp_frame(frame, flow, warped)
    chosen: Any = (slice(None), *(slice(None, None, step),) * (image.ndim - 1))
    warped, image = warped[chosen], image[chosen]
    both = np.isfinite(warped) & np.isfinite(image)
    return warped[both].astype(np.float64), image[both].astype(np.float64)


def measure_noise(frame: NDArray[np.float32]) -> float:
    """Standard deviation of a frame's noise from what alternates from pixel to pixel; fine texture counts as noise.

    Immerkaer, CVIU 64:300 (1996), with the median for the mean. Of volumes the median over a few planes.
    """
    if frame.ndim == 3:
        chosen = np.unique(np.linspace(0, len(frame) - 1, PLANES).astype(int))
        return float(np.median([measure_noise(frame[k]) for k in chosen]))
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
    return max(float(squares[known].mean() - SLOPE_OF_NOISE * level.image.ndim * variance), LEAST_SLOPE**2) ** 0.5


def spread_on(flow: NDArray[np.float32], grid: ControlGrid) -> FloatArray:
    """Displacements of control points, (ndim, *counts) px: those of the pixels around them."""
    found: Any = flow
    for axis, n in enumerate(flow.shape[1:]):
        # the axis that is first goes, and comes back as the last: after all of them their order is as it was
        found = np.tensordot(found, _gather(grid, axis, n), (1, 0))
    return np.asarray(found, np.float64)


@lru_cache(maxsize=12)
def _gather(grid: ControlGrid, axis: int, n: int) -> NDArray[np.float32]:
    """What each pixel of an axis says to each control point: Gaussian means, linear between pixels, (n, count)."""
    found = np.eye(n, dtype=np.float32)
    if max(grid.spacings) > 1:
        found = ndimage.gaussian_filter1d(found, MEAN_OVER * grid.spacings[axis], axis=0)
    places = np.clip(grid.positions(axis), 0, n - 1)
    before = np.minimum(places.astype(np.intp), max(n - 2, 0))
    share = (places - before).astype(np.float32)
    after = np.minimum(before + 1, n - 1)
    return np.ascontiguousarray(((1 - share)[:, None] * found[before] + share[:, None] * found[after]).T)


def unfold(grid: ControlGrid, nodes: FloatArray) -> FloatArray:
    """Displacements, (ndim, *counts) px, smoothed only where they would map two points to one, and around there."""
    found = nodes
    for _ in range(ROUNDS):
        bad = _find_folds(grid, found)
        if not bad.any():
            break
        found = np.where(ndimage.binary_dilation(bad, np.ones((3,) * grid.ndim, bool)), _average(found), found)
    return found


def _find_folds(grid: ControlGrid, nodes: FloatArray) -> NDArray[np.bool_]:
    """Control points of cells in a corner of which less than `LEAST_AREA` of an area is left, (*counts)."""
    bad: Any = np.zeros(grid.counts, bool)
    for areas in find_areas(grid, nodes):
        folds = areas < LEAST_AREA
        for corner in np.ndindex(*(2,) * grid.ndim):
            bad[tuple(slice(step, step + n) for step, n in zip(corner, folds.shape, strict=True))] |= folds
    return np.asarray(bad, bool)


def _average(nodes: FloatArray) -> FloatArray:
    return np.stack([ndimage.uniform_filter(one, 3, mode="nearest") for one in nodes])
