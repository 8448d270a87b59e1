"""What a specimen shows at most, pixel by pixel, whatever passes through the frame: debris, specks, what walks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import Device
from holdstill.reference.contrast import BRIGHT_PX, blur_finely
from holdstill.reference.separation import show
from holdstill.transforms.trajectory import Trajectory

__all__ = ["find_ceiling"]

Images = NDArray[np.float32]

# so many deviations of the noise, and so much of what the specimen shows, above it; other frames may move a little more
SURELY, MORE, FURTHER_PX = 5.0, 0.25, 5
LEAST_SEEN, UNSTEADY = 0.5, 9.0


def find_ceiling(frames: Images, trajectory: Trajectory, noise: float, error: float, device: Device) -> Images:
    """Grey level that the specimen in frames, (n, [z,] y, x), which move so, passes nowhere.

    Of the frames aligned the median is the specimen: what passes is in few of them. What stays in view and goes its own
    way is never below the ceiling: there it is -inf; where few frames show the specimen, inf. `noise` is the variance
    of a pixel, `error` how well the motion is known, px.
    """
    fine = blur_finely(frames)
    aligned = np.empty(fine.shape, np.float32)
    trajectory.resample(device, fine, interpolation="linear", edge="constant", fill=np.nan, out=aligned)
    seen = np.isfinite(aligned).mean(axis=0) >= LEAST_SEEN
    if not seen.any():
        return np.full(seen.shape, np.inf, np.float32)
    blurred = noise / BRIGHT_PX**2
    specimen = np.where(seen, np.nanmedian(np.where(seen, aligned, 0), axis=0), np.float32(np.nan))
    dark = float(np.nanmin(specimen))
    most = specimen + MORE * (specimen - dark) + SURELY * np.sqrt(blurred)
    ceiling = _widen(_show_most(most, trajectory, device))
    below = np.where(aligned > most, np.float32(np.nan), aligned)
    unsteady = _find_unsteady(below, specimen, blurred, error).astype(np.float32)
    return np.where(_show_most(unsteady, trajectory, device) > 0, np.float32(-np.inf), ceiling)


def _find_unsteady(aligned: Images, specimen: Images, noise: float, error: float) -> NDArray[np.bool_]:
    """Where aligned frames differ by more than noise, and errors of the motion beside slopes, explain."""
    often = np.isfinite(aligned).sum(axis=0) > 1
    spread = np.where(often, np.nanvar(np.where(often, aligned, 0), axis=0), 0)
    filled = np.where(np.isfinite(specimen), specimen, np.nanmin(specimen))
    slopes = sum(np.gradient(filled, axis=axis) ** 2 for axis in (filled.ndim - 2, filled.ndim - 1))
    return np.asarray(spread > UNSTEADY * (noise + slopes * error**2), bool)


def _show_most(image: Images, trajectory: Trajectory, device: Device) -> Images:
    """The most that any frame shows of an image at each of its pixels; inf where none shows it."""
    shown = np.fmax.reduce(np.asarray(show(device, image.astype(np.float32), trajectory)), axis=0)
    return np.where(np.isfinite(shown), shown, np.float32(np.inf))


def _widen(image: Images) -> Images:
    return np.asarray(ndimage.maximum_filter(image, (1,) * (image.ndim - 2) + (FURTHER_PX, FURTHER_PX)), np.float32)
