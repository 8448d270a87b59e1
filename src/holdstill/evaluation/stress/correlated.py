"""Noise that neighbouring pixels share: error bars must widen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from imagecodecs import jpeg8_decode, jpeg8_encode
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.evaluation.stress.base import Setting, StressScene

__all__ = ["defocus", "four_levels", "jpeg_15", "jpeg_50", "smoothing", "upsampling"]


def smoothing(setting: Setting) -> StressScene:
    """Every frame was smoothed by 1.2 px before it was kept."""
    return _process(setting, lambda frame: ndimage.gaussian_filter(frame.astype(np.float32), 1.2))


def jpeg_50(setting: Setting) -> StressScene:
    """Kept as JPEG of quality 50."""
    return _jpeg(setting, 50)


def jpeg_15(setting: Setting) -> StressScene:
    """Kept as JPEG of quality 15."""
    return _jpeg(setting, 15)


def upsampling(setting: Setting) -> StressScene:
    """Recorded with pixels twice as wide and interpolated."""
    half = Setting(photons=setting.photons, n_frames=setting.n_frames, size=setting.size // 2, seed=setting.seed)
    light, path = half.move()
    frames = np.stack([ndimage.zoom(frame.astype(np.float32), 2, order=1, grid_mode=True, mode="nearest")
                       for frame in half.record(light)])  # fmt: skip
    return setting.scene(frames, 2 * path, bound=2 * half.bound(half.specimen()))


def four_levels(setting: Setting) -> StressScene:
    """Kept with two bits a pixel."""
    light, path = setting.move()
    frames = setting.record(light).astype(np.float64)
    low, high = np.percentile(frames, (1, 99.8))
    return setting.scene(np.clip(np.floor(4 * (frames - low) / (high - low)), 0, 3).astype(np.uint8), path)


def defocus(setting: Setting) -> StressScene:
    """Focus wanders: the blur of frames swings between 0 and 2 px."""
    light, path = setting.move()
    blurs = 2 * np.abs(np.sin(np.linspace(0, 3 * np.pi, setting.n_frames)))
    light = np.stack([ndimage.gaussian_filter(one, blur) for one, blur in zip(light, blurs, strict=True)])
    return setting.scene(setting.record(light), path)


def _process(setting: Setting, process: Callable[[NDArray[Any]], NDArray[Any]]) -> StressScene:
    light, path = setting.move()
    return setting.scene(np.stack([process(frame) for frame in setting.record(light)]), path)


def _jpeg(setting: Setting, quality: int) -> StressScene:
    light, path = setting.move()
    frames = setting.record(light).astype(np.float64)
    low, high = np.percentile(frames, (0.5, 99.9))
    grey = np.clip(255 * (frames - low) / (high - low), 0, 255).astype(np.uint8)
    return setting.scene(np.stack([jpeg8_decode(jpeg8_encode(frame, level=quality)) for frame in grey]), path)
