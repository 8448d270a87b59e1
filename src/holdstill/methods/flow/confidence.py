"""How sure a flow is at each of its control points: what a window around it tells, and how well it fits there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ControlGrid, FloatArray
from holdstill.methods.flow.levels import Level, warp_frame

__all__ = ["WindowLight", "make_window_light"]

# of the mean square of slopes: less is none
LEAST_SHARE = 1e-6


@dataclass(frozen=True, eq=False)
class WindowLight:
    """What windows of the reference tell of displacements.

    Attributes
    ----------
    image : ndarray of float32, ([z,] y, x)
    inverse : ndarray of float64, (points, ndim)
        Diagonal of the inverse of the sum of the products of slopes over the window about each control point, for a
        noise of one.
    windows : tuple of ndarray of float32
        For each axis what each of its pixels counts for each row of control points, (pixels, points of the axis).
    inside : ndarray of float32, (points,)
        Share of the window that lies within the image.
    middles : tuple of ndarray of int
        Pixels in the middle of the windows, for each axis.
    """

    image: NDArray[np.float32]
    inverse: FloatArray
    windows: tuple[NDArray[np.float32], ...]
    inside: NDArray[np.float32]
    middles: tuple[NDArray[np.intp], ...]

    def measure(self, frame: NDArray[np.float32], flow: NDArray[np.float32]) -> FloatArray:
        """Standard deviation, px, of the displacement of each control point, (points, ndim); NaN where nothing tells.

        The noise is what is left in each window of the difference between the reference and the frame, which has its
        gain and offset, where the flow takes it: more than that of the light where they show different things. What a
        flow bends within a window is beside it: without that it was half of what flows of 2 px were off by.
        """
        warped = np.empty_like(self.image)
        warp_frame(frame, flow, warped)
        miss = warped - self.image
        known = np.isfinite(miss)
        squares = _average(np.where(known, miss**2, np.float32(0)), self.windows)
        share = _average(known.astype(np.float32), self.windows)
        unfollowed = self._find_unfollowed(flow)
        with np.errstate(divide="ignore", invalid="ignore"):
            # noise is the mean of what is seen, and of the light that much less is
            variances = self.inverse * (np.maximum(squares, 0) * self.inside / share**2)[:, None]
            variances = variances + unfollowed**2
        return np.sqrt(np.where((share > 0)[:, None] & np.isfinite(variances), variances, np.nan))

    def _find_unfollowed(self, flow: NDArray[np.float32]) -> FloatArray:
        """What the mean of the flow over each window stands off the flow in its middle, (points, ndim) px."""
        at = np.ix_(*self.middles)
        return np.stack([_average(one, self.windows) / self.inside - one[at].ravel() for one in flow], axis=1)


def make_window_light(level: Level, grid: ControlGrid, radius: int, variance: float) -> WindowLight:
    """Prepare windows of `radius` px about control points; `variance` is what noise adds to the square of a slope."""
    middles = tuple(
        np.clip(np.rint(grid.positions(axis)), 0, n - 1).astype(np.intp) for axis, n in enumerate(level.image.shape)
    )
    windows = tuple(_cut_windows(one, n, radius) for one, n in zip(middles, level.image.shape, strict=True))
    slopes = np.where(np.isfinite(level.slopes).all(axis=0), level.slopes, np.float32(0))
    products = np.empty((int(np.prod(grid.counts)), grid.ndim, grid.ndim))
    for i in range(grid.ndim):
        for j in range(i + 1):
            products[:, i, j] = products[:, j, i] = _average(slopes[i] * slopes[j], windows)
    axes = np.arange(grid.ndim)
    products[:, axes, axes] = np.maximum(products[:, axes, axes] - variance, 0)
    typical = float(products[:, axes, axes].mean()) or 1.0
    products[:, axes, axes] += LEAST_SHARE * typical
    inverse: FloatArray = np.asarray(np.linalg.inv(products)[:, axes, axes], np.float64)
    # nothing but what was added, or less than noise feigns
    inverse[~((inverse > 0) & (2 * LEAST_SHARE * typical * inverse < 1))] = np.inf
    inside = _average(np.ones(level.image.shape, np.float32), windows)
    return WindowLight(level.image, inverse / (2 * radius + 1.0) ** grid.ndim, windows, inside, middles)


def _cut_windows(middles: NDArray[np.intp], n: int, radius: int) -> NDArray[np.float32]:
    """What each of n pixels counts for the mean over each of some windows, (n, windows)."""
    apart = np.abs(np.arange(n)[:, None] - middles)
    return np.asarray((apart <= radius) / (2 * radius + 1), np.float32)


def _average(image: NDArray[np.float32], windows: tuple[NDArray[np.float32], ...]) -> NDArray[np.float32]:
    """Means over windows, one after the other, (points,); what lies outside the image counts as zero."""
    found = image
    for one in windows:
        found = np.tensordot(found, one, (0, 0))
    return np.asarray(found.ravel(), np.float32)
