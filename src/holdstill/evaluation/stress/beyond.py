"""The model is too small for the motion, or the light too little for any."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from holdstill.evaluation.blobs import draw_blobs
from holdstill.evaluation.stress.base import FloatArray, Setting, StressScene

__all__ = [
    "bleaching", "jumps_with_return", "light_times_eight", "moving_border", "no_specimen", "non_rigid", "rotation",
    "too_dark",
]  # fmt: skip


def rotation(setting: Setting) -> StressScene:
    """The specimen turns by up to 15 degrees; translations are asked for. Right is who says so."""
    path = setting.path(3.0, 0.3)
    angles = np.deg2rad(15) * np.sin(np.linspace(0, 2 * np.pi, setting.n_frames))
    middle = (setting.size - 1) / 2
    corners = np.array([[y, x] for y in (0.0, setting.size - 1) for x in (0.0, setting.size - 1)]) - middle
    centres, sigmas, heights = setting.specimen().blobs
    frames, truth = [], []
    for shift, angle in zip(path, angles, strict=True):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        places = (centres - middle) @ turn.T + middle + shift
        frames.append(setting.photons * (0.1 + draw_blobs(setting.shape, places, sigmas, heights)))
        truth.append(corners @ turn.T - corners + shift)
    return setting.scene(setting.record(np.stack(frames)), np.stack(truth))


def non_rigid(setting: Setting) -> StressScene:
    """Each place moves by up to 4 px on its own, smoothly; the truth is the mean over the frame."""
    path, rng = setting.path(), setting.rng(2)
    centres, sigmas, heights = setting.specimen().blobs
    fields = 4 * np.sin(np.linspace(0, 2 * np.pi, setting.n_frames) + rng.uniform(0, 6))
    frames, waves = [], 2 * np.pi / setting.size
    for shift, amplitude in zip(path, fields, strict=True):
        bend = amplitude * np.stack([np.sin(waves * centres[:, 1]), np.cos(waves * centres[:, 0])], axis=1)
        places = centres + bend + shift
        frames.append(setting.photons * (0.1 + draw_blobs(setting.shape, places, sigmas, heights)))
    return setting.scene(setting.record(np.stack(frames)), path)


def light_times_eight(setting: Setting) -> StressScene:
    """The light falls by a factor of eight across the field, and the slope turns from frame to frame."""
    light, path = setting.move()
    y, x = np.indices(setting.shape) / (setting.size - 1) - 0.5
    for frame, angle in zip(light, setting.rng(2).uniform(0, 2 * np.pi, setting.n_frames), strict=True):
        frame *= 8 ** (np.cos(angle) * y + np.sin(angle) * x)
    return setting.scene(setting.record(light), path)


def jumps_with_return(setting: Setting) -> StressScene:
    """The stage jumps away by 20 to 35 px for a few frames, and comes back, twice."""
    path, rng = setting.path(), setting.rng(2)
    for start in (setting.n_frames // 4, 3 * setting.n_frames // 5):
        jump = rng.uniform(20, 35, 2) * rng.choice([-1, 1], 2) * min(1.0, setting.size / 128)
        path[start : start + 5] += jump
    return setting.scene(setting.record(setting.show(setting.specimen(), path)), path)


def too_dark(setting: Setting) -> StressScene:
    """A twentieth of the light: single frames hardly tell anything."""
    light, path = setting.move()
    bound = setting.bound(setting.specimen(), 0.05)
    return setting.scene(setting.record(0.05 * light), path, bound=bound)


def bleaching(setting: Setting) -> StressScene:
    """The light fades to a tenth."""
    light, path = setting.move()
    fading = np.exp(np.linspace(0, np.log(0.1), setting.n_frames))
    return setting.scene(setting.record(light * fading[:, None, None]), path)


def moving_border(setting: Setting) -> StressScene:
    """Registered before, to whole px and wrongly: zero borders move with a content that still walks a little."""
    light, path = setting.move()
    frames = setting.record(light)
    rest, moved = setting.rng(2).normal(0, 0.7, path.shape), np.zeros_like(frames)
    done: FloatArray = np.rint(path - rest)
    for frame, out, step in zip(frames, moved, -done.astype(int), strict=True):
        out[:] = ndimage.shift(frame, step, order=0, mode="constant", cval=0)
    return setting.scene(moved, path - done)


def no_specimen(setting: Setting) -> StressScene:
    """Noise alone: nothing may be called ok that moves."""
    light = np.full((setting.n_frames, *setting.shape), 0.3 * setting.photons)
    unknown = np.full((setting.n_frames, 1, 2), 1e3) * setting.rng(2).standard_normal((setting.n_frames, 1, 2))
    good = np.zeros(setting.n_frames, bool)
    return setting.scene(setting.record(light), unknown, good=good, bound=np.inf)
