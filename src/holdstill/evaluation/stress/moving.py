"""What moves or shines on its own."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from holdstill.evaluation.blobs import draw_blobs
from holdstill.evaluation.disturbances import debris_light, static_pattern
from holdstill.evaluation.stress.base import Setting, StressScene

__all__ = [
    "blinking_pixels", "bright_speck", "cosmic_tracks", "debris", "flashes", "flashes_on_dust", "hum",
    "hum_and_dead_columns", "own_walk", "row_banding", "swinging_light", "two_specks",
]  # fmt: skip


def debris(setting: Setting) -> StressScene:
    """Ten specks, 5 to 20 mean grey levels bright and 2 to 5 px wide, that cross the frame."""
    light, path = setting.move()
    level, times = 2 * float(light.mean()), np.linspace(0, 1, setting.n_frames)
    light += np.stack([debris_light(setting.shape, 10, level, time, setting.rng(2)) for time in times])
    return setting.scene(setting.record(light), path)


def bright_speck(setting: Setting) -> StressScene:
    """One speck, 20 peaks bright, that crosses the frame once."""
    light, path = setting.move()
    start, stop = setting.rng(2).uniform(0.1, 0.9, (2, 2)) * setting.size
    for t, frame in enumerate(light):
        centre = start + (stop - start) * t / (setting.n_frames - 1)
        frame += draw_blobs(setting.shape, centre[None], np.full((1, 2), 4.0), np.array([20 * setting.photons]))
    return setting.scene(setting.record(light), path)


def two_specks(setting: Setting) -> StressScene:
    """Two specks, 20 peaks bright, that cross the frame, each on a way of its own."""
    light, path = setting.move()
    rng, wide = setting.rng(2), 0.025 * setting.size
    ways = rng.uniform(0.1, 0.9, (2, 2, 2)) * setting.size
    for t, frame in enumerate(light):
        centres = ways[:, 0] + (ways[:, 1] - ways[:, 0]) * t / (setting.n_frames - 1)
        frame += draw_blobs(setting.shape, centres, np.full((2, 2), wide), np.full(2, 20 * setting.photons))
    return setting.scene(setting.record(light), path)


def own_walk(setting: Setting) -> StressScene:
    """Three spots in ten walk on their own, 0.7 px a frame."""
    path, rng = setting.path(), setting.rng(2)
    centres, sigmas, heights = setting.specimen().blobs
    walking = rng.random(len(centres)) < 0.3
    walks = np.cumsum(rng.normal(0, 0.7, (setting.n_frames, int(walking.sum()), 2)), axis=0)
    light = np.empty((setting.n_frames, *setting.shape))
    for t, shift in enumerate(path):
        places = centres + shift
        places[walking] += walks[t]
        light[t] = setting.photons * (0.1 + draw_blobs(setting.shape, places, sigmas, heights))
    return setting.scene(setting.record(light), path)


def swinging_light(setting: Setting) -> StressScene:
    """A wide light, two peaks bright, whose middle swings from frame to frame."""
    light, path = setting.move()
    y, x = np.indices(setting.shape) / setting.size
    for frame, (cy, cx) in zip(light, setting.rng(2).uniform(0.2, 0.8, (setting.n_frames, 2)), strict=True):
        frame += 2 * setting.photons * np.exp(-((y - cy) ** 2 + (x - cx) ** 2) / (2 * 0.25**2))
    return setting.scene(setting.record(light), path)


def row_banding(setting: Setting) -> StressScene:
    """Each row of each frame has an offset of its own, 0.3 peaks in standard deviation."""
    light, path = setting.move()
    offsets = 0.3 * setting.photons * setting.rng(2).standard_normal((setting.n_frames, setting.size, 1))
    return setting.scene(setting.record(light + offsets - offsets.min()), path)


def hum(setting: Setting) -> StressScene:
    """A sine over the rows, half a peak high, whose phase runs."""
    light, path = setting.move()
    phase = setting.rng(2).uniform(0, 2 * np.pi, (setting.n_frames, 1, 1))
    wave = np.sin(2 * np.pi * np.arange(setting.size)[:, None] / 9.3 + phase)
    return setting.scene(setting.record(light + 0.5 * setting.photons * (1 + wave)), path)


def cosmic_tracks(setting: Setting) -> StressScene:
    """Five straight tracks of 10 to 40 px in each frame, 20 peaks bright."""
    light, path = setting.move()
    rng = setting.rng(2)
    for frame in light:
        for _ in range(5):
            along = np.arange(rng.uniform(10, 40))[:, None]
            angle = rng.uniform(0, np.pi)
            track = rng.uniform(0, setting.size, 2) + along * np.array([np.sin(angle), np.cos(angle)])
            track = np.rint(track).astype(int)
            track = track[((track >= 0) & (track < setting.size)).all(axis=1)]
            frame[tuple(track.T)] += 20 * setting.photons
    return setting.scene(setting.record(light), path)


def blinking_pixels(setting: Setting) -> StressScene:
    """1 % of the pixels are on in half of the frames, ten peaks bright."""
    light, path = setting.move()
    rng = setting.rng(2)
    chosen = rng.choice(setting.size**2, setting.size**2 // 100, replace=False)
    on = rng.random((setting.n_frames, len(chosen))) < 0.5
    light.reshape(len(light), -1)[:, chosen] += 10 * setting.photons * on
    return setting.scene(setting.record(light), path)


def flashes(setting: Setting) -> StressScene:
    """One spot of the specimen, or a wide cell beside it, shines twenty times as bright in every fifth frame."""
    light, path = setting.move()
    rng = setting.rng(2)
    ground = np.zeros(setting.shape)
    ground[tuple(rng.integers(setting.size // 4, 3 * setting.size // 4, 2))] = 1.0
    cell = ndimage.gaussian_filter(ground, 5.0)
    cell *= 20 * setting.photons / cell.max()
    for t in range(2, setting.n_frames, 5):
        light[t] += ndimage.shift(cell, path[t], order=3)
    return setting.scene(setting.record(light), path)


def flashes_on_dust(setting: Setting) -> StressScene:
    """Six cells that flash, 3 to 10 peaks bright, on a ground of three peaks under vignetting and dust."""
    light, path = setting.move()
    shade, rng = static_pattern(setting.shape, 0.3, setting.rng(2)), setting.rng(7)
    centres, wide = rng.uniform(0.15, 0.85, (6, 2)) * setting.size, np.full((6, 2), 3.5)
    heights = (rng.random((setting.n_frames, 6)) < 0.15) * rng.uniform(3, 10, (setting.n_frames, 6))
    for frame, shift, height in zip(light, path, heights, strict=True):
        frame += setting.photons * draw_blobs(setting.shape, centres + shift, wide, height)
    return setting.scene(setting.record((light + 3 * setting.photons) * shade), path)


def hum_and_dead_columns(setting: Setting) -> StressScene:
    """A sine over the rows, 0.3 peaks high, whose phase runs, and four columns that read zero."""
    light, path = setting.move()
    phase = setting.rng(2).uniform(0, 2 * np.pi, (setting.n_frames, 1, 1))
    wave = np.sin(2 * np.pi * np.arange(setting.size)[:, None] / 13.7 + phase)
    frames = setting.record(light + 0.3 * setting.photons * (1 + wave))
    frames[:, :, setting.rng(3).choice(np.arange(8, setting.size - 8), 4, replace=False)] = 0
    return setting.scene(frames, path)
