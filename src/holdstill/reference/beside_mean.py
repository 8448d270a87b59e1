"""What frames show beside their unaligned mean: noise alone, something slow, or what moves and was not found."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, Verdict
from holdstill.reference.means import mean_known
from holdstill.reference.noise import white_noise
from holdstill.reference.residuals import loss, residuals
from holdstill.reference.restless import count_sigmas_of_slowness

__all__ = ["doubt_rest", "is_slow", "leaves_slow", "measure_noise", "measure_noise_less_mean"]

Images = NDArray[np.float32]

# Blocks of so many px of what the mean leaves vary by so much more than white noise does: something moves, or shines.
BLOCK_PX, RESTLESS = 4, 1.1
# Where a stage walks by 0.1 to 0.2 px nothing slow is left: -1.9 to 2.4 deviations of it.
SLOW = 2.5


def measure_noise_less_mean(frames: Images) -> float:
    """Variance of the noise beside the mean of frames, (n, [z,] y, x), in each as high as it stands there.

    A pattern that warms adds a fifth to what it was taken for, and a specimen was looked for among so much in vain.
    """
    left = residuals(frames, mean_known(frames)[None])
    return measure_noise(left, left)


def measure_noise(frames: Images, left: Images) -> float:
    """Variance of a pixel's noise: of what is white in it, or of what most residuals show if that is more.

    Differences of frames, (n, [z,] y, x), hold no pattern; but smoothed frames have next to no white noise, and `left`,
    what a model leaves of some frames, tells.
    """
    white = float(np.median([white_noise(step) for step in np.diff(frames, axis=0)])) / 2
    return max(white, float(1.4826 * np.nanmedian(np.abs(left))) ** 2)


def is_slow(frames: Images) -> bool:
    """Whether the mean leaves something slow in most of the frame: not where a stage trembles by a tenth of a px."""
    return frames.ndim == 3 and leaves_slow(residuals(frames, mean_known(frames)[None]))


def leaves_slow(left: Images) -> bool:
    """Whether residuals of planes, (n, y, x), hold something slow."""
    return bool(count_sigmas_of_slowness(np.nan_to_num(left)) > SLOW)


def doubt_rest(frames: Images, noise: float, device: Device) -> Verdict | None:
    """None if noise is all that the mean leaves: nothing moves; else what moves was not found."""
    mean = mean_known(frames)
    left = device.bin(residuals(frames, mean[None]), _blocks(frames.shape[1:]))
    restless = float(np.nanmean(loss(left, noise / float(np.prod(_blocks(frames.shape[1:]))))))
    if restless <= RESTLESS:
        return None
    still = float(np.nanvar(device.bin(mean[None], _blocks(mean.shape))))
    return Verdict.STATIC_PATTERN if still > float(np.nanvar(left)) else Verdict.CONTENT_CHANGED


def _blocks(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(min(BLOCK_PX, size) if axis >= len(shape) - 2 else 1 for axis, size in enumerate(shape))
