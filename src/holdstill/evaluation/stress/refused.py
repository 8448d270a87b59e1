"""Movies that can be registered, and look as if they could not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from holdstill.evaluation.blobs import draw_blobs
from holdstill.evaluation.scenes import Spots
from holdstill.evaluation.stress.base import Setting, StressScene

__all__ = [
    "average_reference", "eight_bit_saturated", "flashing_cell", "large_offset", "nearly_periodic", "one_plane",
    "three_planes", "tiny", "two_planes",
]  # fmt: skip


def eight_bit_saturated(setting: Setting) -> StressScene:
    """8 bit, so bright that one pixel in twelve stands at 255."""
    light, path = setting.move()
    frames = setting.record(light).astype(np.float64)
    low, high = np.percentile(frames, (0.5, 92))
    return setting.scene(np.clip(np.rint(20 + 235 * (frames - low) / (high - low)), 0, 255).astype(np.uint8), path)


def one_plane(setting: Setting) -> StressScene:
    """A volume of one plane, as OME-Zarr with ``Z = 1`` has."""
    light, path = setting.move()
    still = np.column_stack([np.zeros(len(path)), path])
    return setting.scene(setting.record(light)[:, None], still, options={"axes": "TZYX"})


def two_planes(setting: Setting) -> StressScene:
    """A volume of two planes, moving within the plane."""
    return _planes(setting, 2)


def three_planes(setting: Setting) -> StressScene:
    """A volume of three planes, moving within the plane."""
    return _planes(setting, 3)


def _planes(setting: Setting, n: int) -> StressScene:
    path = np.column_stack([np.zeros(setting.n_frames), setting.path()])
    count = n * max(8, round(12 * setting.size**2 / 128**2))
    scene = Spots(shape=(n, *setting.shape), n_spots=count, sigma_px=(0.8, 2.0, 2.0), background=0.1, seed=setting.seed)
    frames = setting.record(setting.show(scene, path))
    return setting.scene(frames, path, options={"axes": "TZYX"}, bound=setting.bound(setting.specimen()))


def average_reference(setting: Setting) -> StressScene:
    """The reference is given: the specimen free of noise, beside frames that are dim."""
    light, path = setting.move()
    clean = 100 + setting.photons * setting.specimen().intensity((0.0, 0.0))
    return setting.scene(setting.record(light), path, options={"reference": clean.astype(np.float32)})


def large_offset(setting: Setting) -> StressScene:
    """int32 that stands two thousand million below zero."""
    light, path = setting.move()
    return setting.scene((setting.record(light).astype(np.int64) - 2_000_000_000).astype(np.int32), path)


def tiny(setting: Setting) -> StressScene:
    """Frames of 24 px."""
    small = replace(setting, size=24)
    path = small.path(1.5, 0.3)
    frames = small.record(small.show(small.specimen(), path))
    return small.scene(frames, path, bound=small.bound(small.specimen()))


def flashing_cell(setting: Setting) -> StressScene:
    """A cell that flashes 200 peaks bright in every sixth frame."""
    light, path = setting.move()
    place = setting.rng(2).uniform(0.3, 0.7, 2) * setting.size
    for t in range(3, setting.n_frames, 6):
        light[t] += draw_blobs(
            setting.shape, (place + path[t])[None], np.full((1, 2), 5.0), np.array([200 * setting.photons])
        )
    return setting.scene(setting.record(light), path)


def nearly_periodic(setting: Setting) -> StressScene:
    """A grid of spots, 12 px apart, a tenth of whose light is unique."""
    path = setting.path(3.0, 0.3)
    light = 0.1 * setting.show(setting.specimen(), path)
    y, x = np.indices(setting.shape)
    for frame, (dy, dx) in zip(light, path, strict=True):
        waves = np.cos(2 * np.pi * (y - dy) / 12) + np.cos(2 * np.pi * (x - dx) / 12)
        frame += 0.5 * setting.photons * (1 + 0.5 * waves)
    return setting.scene(setting.record(light), path)
