"""Copies of a user's own movie that move in a known way: its specimen, its noise, and shifts that are exact."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import FloatArray, NoiseModel, Source
from holdstill.devices.cpu import CpuDevice
from holdstill.devices.interpolation import bridge
from holdstill.errors import InputError
from holdstill.evaluation.trajectories import walk
from holdstill.io.chosen import ChosenSource
from holdstill.methods.likelihood.denoise import denoise
from holdstill.reference.noise import fit_noise
from holdstill.result.registration import Registration
from holdstill.run.options import RegisteringOptions
from holdstill.run.parts import see
from holdstill.run.register import register

__all__ = ["make_copy"]

# of the movie so many frames are looked at, so many for their noise, and a window of so many px
LEARNED_FRAMES, NOISE_FRAMES, WINDOW_PX = 64, 9, 512
# Detail as fine as pixels has no place between them: copies of two movies were 2 to 7 error bars off even beside the
# picture that they were made of, blurred as little as any lens does 1.0 to 1.5.
LENS_PX = 0.6
# the copy moves in steps of as many px, at least and at most, as the movie does
STEPS_PX = (0.3, 3.0)


def make_copy(
    source: Source, options: RegisteringOptions, n_frames: int, seed: int = 0
) -> tuple[NDArray[Any], FloatArray, NDArray[np.float32]]:
    """Frames of the movie's specimen with its noise, their true shifts, and the frame at zero shift without noise."""
    numbers = np.unique(np.linspace(0, source.info.n_frames - 1, LEARNED_FRAMES).round().astype(int))
    plain = RegisteringOptions(
        method=options.method, channel=options.channel, max_shift=options.max_shift, device=options.device
    )
    chosen = ChosenSource(source, numbers)
    found = register(chosen, plain)
    if not found.ok.any():
        raise InputError(f"{source.info.name}: none of its frames can be registered, so that nothing is known of it")
    steps = np.diff(found.shifts[found.ok], axis=0) if found.ok.sum() > 1 else np.zeros((1, 2))
    typical = 1.4826 * np.median(np.abs(steps)) / np.sqrt(max(source.info.n_frames / len(numbers), 1.0))
    picture, noise = _learn_picture(*see(chosen, options.channel), found)
    truth = walk(n_frames, float(np.clip(typical, *STEPS_PX)), seed=seed)
    truth -= truth.mean(axis=0)
    limit = min(picture.shape) / 8
    truth *= min(1.0, limit / np.abs(truth).max())
    margin = int(np.ceil(np.abs(truth).max())) + 4
    box = tuple(
        slice((n - m) // 2, (n - m) // 2 + m) for n, m in ((n, min(n - 2 * margin, WINDOW_PX)) for n in picture.shape)
    )
    smooth = ndimage.spline_filter(picture, order=5)
    light = [ndimage.shift(smooth, shift, order=5, prefilter=False, mode="nearest")[box] for shift in truth]
    return _add_noise(np.stack(light), noise, source.info.dtype, seed), truth, picture[box].astype(np.float32)


def _learn_picture(source: Source, channel: int, found: Registration) -> tuple[FloatArray, NoiseModel]:
    """What good frames show, in their own grey levels and without noise, and the noise of one of them.

    The template may be of another view of them, and has noise, which would move along with the specimen.
    """
    good, device = np.flatnonzero(found.ok), CpuDevice()
    total, count = np.zeros(found.frame_shape), np.zeros(found.frame_shape)
    aligned = np.empty((1, *found.frame_shape), np.float32)
    for t in good.tolist():
        frame = source.read(t, t + 1, channel=channel)[:, 0].astype(np.float32)
        found.trajectory.part([t]).resample(
            device, frame, interpolation="lanczos", edge="constant", fill=np.nan, out=aligned
        )
        known = np.isfinite(aligned[0])
        total[known] += aligned[0][known]
        count += known
    mean = np.where(count > len(good) / 2, total / np.maximum(count, 1), np.nan)
    told = good[np.unique(np.linspace(0, len(good) - 1, NOISE_FRAMES).round().astype(int))]
    frames = np.concatenate([source.read(t, t + 1, channel=channel)[:, 0] for t in told.tolist()])
    models = np.empty(frames.shape, np.float32)
    for model, t in zip(models, told.tolist(), strict=True):
        found.trajectory.part([t]).resample_back(device, mean[None].astype(np.float32), fill=np.nan, out=model[None])
    noise = fit_noise(frames, models, max(1 - 1 / len(good), 0.5), source.info.dtype.kind in "iu")
    if noise is None or not np.isfinite(mean).any():
        raise InputError(f"{source.info.name}: too little shows in most frames to tell its noise")
    filled = bridge(mean.astype(np.float32), np.isfinite(mean))
    smooth, _ = denoise(filled, float(noise.variance(np.array([filled.mean()]))[0]) / len(good))
    return np.asarray(ndimage.gaussian_filter(smooth.astype(np.float64), LENS_PX)), noise


def _add_noise(light: FloatArray, noise: NoiseModel, dtype: np.dtype[Any], seed: int) -> NDArray[Any]:
    """Frames with the noise of the movie: of light where its variance grows with it, and of the camera."""
    rng = np.random.default_rng(seed)
    values: NDArray[Any] = light.copy()
    if noise.gain > 0:
        electrons = np.maximum((light - noise.offset) / noise.gain, 0)
        values = noise.offset + noise.gain * rng.poisson(electrons)
    rest = noise.read_variance - (1 / 12 if dtype.kind in "iu" else 0.0)
    values = values + np.sqrt(max(rest, 0.0)) * rng.standard_normal(light.shape)
    if dtype.kind in "iu":
        limits: Any = np.iinfo(dtype)
        values = np.clip(np.rint(values), limits.min, limits.max)
    return np.asarray(values, dtype)
