"""Neurons that flash: what shows differs from frame to frame, and between flashes little does."""

from __future__ import annotations

import numpy as np

from holdstill.evaluation.blobs import draw_blobs
from holdstill.evaluation.stress.base import FloatArray, Setting, StressScene

__all__ = ["dim_between", "mild", "neuropil"]

DECAY = 0.8


def _activity(setting: Setting, n: int, rate: float) -> FloatArray:
    """Transients that rise at once and decay, (T, n), about 1 high."""
    rng = setting.rng(3)
    starts = (rng.random((setting.n_frames, n)) < rate) * rng.uniform(0.5, 1.5, (setting.n_frames, n))
    activity = np.zeros((setting.n_frames, n))
    for t in range(setting.n_frames):
        activity[t] = starts[t] + (DECAY * activity[t - 1] if t else 0.0)
    return activity


def _neurons(setting: Setting, rest: float, rate: float, ground: float) -> StressScene:
    """Twenty somata of 3.5 px on a `ground`, `rest` bright between flashes; heights in typical peaks."""
    path, rng = setting.path(), setting.rng(2)
    n = 80  # over a field of twice the frame's width
    centres = rng.uniform(-0.5, 1.5, (n, 2)) * setting.size
    sigmas, heights = np.full((n, 2), 3.5), rng.lognormal(0, 0.4, n)
    activity = _activity(setting, n, rate)
    frames = [
        setting.photons * (ground + draw_blobs(setting.shape, centres + shift, sigmas, heights * (rest + active)))
        for shift, active in zip(path, activity, strict=True)
    ]
    return setting.scene(setting.record(np.stack(frames)), path)


def mild(setting: Setting) -> StressScene:
    """Somata at 0.4 of a peak that flash to twice as much now and then."""
    return _neurons(setting, 0.4, 0.03, 0.1)


def dim_between(setting: Setting) -> StressScene:
    """Somata that nearly vanish between flashes."""
    return _neurons(setting, 0.1, 0.01, 0.05)


def neuropil(setting: Setting) -> StressScene:
    """Somata on a bright ground that flickers as a whole."""
    quiet = _neurons(setting, 0.3, 0.03, 1.0)
    flicker = setting.photons * np.maximum(setting.rng(5).normal(1.0, 0.4, (setting.n_frames, 1, 1)), 0.0)
    lit = quiet.frames + setting.rng(6).poisson(flicker, quiet.frames.shape)
    return setting.scene(lit.astype(np.uint16), quiet.truth)
