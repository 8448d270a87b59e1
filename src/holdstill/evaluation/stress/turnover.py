"""What shows changes slowly, or does not move at all."""

from __future__ import annotations

from typing import Any

import numpy as np

from holdstill.evaluation.blobs import draw_blobs
from holdstill.evaluation.stress.base import Setting, StressScene

__all__ = ["exchange", "exchange_pairs", "exchange_rolling", "stuck_beads"]


def exchange(setting: Setting) -> StressScene:
    """Spots fade and others come: after half of the movie little is left of the first frame."""
    return _exchange(setting)


def exchange_rolling(setting: Setting) -> StressScene:
    """The same, registered to a rolling mean."""
    return _exchange(setting, reference="rolling")


def exchange_pairs(setting: Setting) -> StressScene:
    """The same, registered in pairs."""
    return _exchange(setting, reference="pairs")


def _exchange(setting: Setting, **options: Any) -> StressScene:
    path, rng = setting.path(), setting.rng(2)
    n, life = 60 * 8, setting.n_frames / 4
    centres = rng.uniform(-0.5, 1.5, (n, 2)) * setting.size
    middles, heights = rng.uniform(-0.5, 1.5, n) * setting.n_frames, rng.lognormal(0.3, 0.6, n)
    frames = []
    for t, shift in enumerate(path):
        shown = heights * np.exp(-0.5 * ((t - middles) / (0.5 * life)) ** 2)
        frames.append(setting.photons * (0.1 + draw_blobs(setting.shape, centres + shift, np.full((n, 2), 2.0), shown)))
    return setting.scene(setting.record(np.stack(frames)), path, options=options)


def stuck_beads(setting: Setting) -> StressScene:
    """Beads that do not move, beside as many that diffuse; the first frame is the reference."""
    rng = setting.rng(2)
    n = 20
    stuck, sigmas = rng.uniform(0, setting.size, (n, 2)), np.full((2 * n, 2), 2.0)
    walk = np.cumsum(rng.normal(0, 1.0, (setting.n_frames, n, 2)), axis=0)
    free = rng.uniform(0, setting.size, (n, 2)) + walk
    heights = np.ones(2 * n)
    light = [0.1 + draw_blobs(setting.shape, np.concatenate([stuck, moved]), sigmas, heights) for moved in free]
    frames = setting.record(setting.photons * np.stack(light))
    return setting.scene(frames, np.zeros((setting.n_frames, 2)), options={"reference": "first"})
