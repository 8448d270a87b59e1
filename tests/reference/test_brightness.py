"""How bright frames are beside their mean is what most of a frame shows, and even light makes an even mean."""

import numpy as np

from holdstill.devices.cpu import CpuDevice
from holdstill.engines.threads import ThreadsEngine
from holdstill.io.array import ArraySource
from holdstill.reference.brightness import measure_light
from holdstill.reference.sample import Sample, mean_aligned
from holdstill.transforms.trajectory import Trajectory

N, SIZE = 12, 64
ROWS = np.arange(N)
SPECIMEN = 100 + 20 * np.random.default_rng(1).normal(size=(SIZE, SIZE))


def sample_of(frames: np.ndarray) -> tuple[Sample, Trajectory]:
    sample = Sample(ArraySource(frames.astype(np.float32), axes="TYX"), ROWS)
    return sample, Trajectory.of("translation", np.zeros((N, 2)), (SIZE, SIZE))


def test_debris_is_no_light() -> None:
    rng = np.random.default_rng(2)
    frames = SPECIMEN + rng.normal(0, 5, (N, SIZE, SIZE))
    for t in range(N):
        frames[t, 10:26, 4 * t : 4 * t + 16] += 300
    sample, still = sample_of(frames)
    mean = frames.mean(axis=0).astype(np.float32)
    light = measure_light(sample, ROWS, still, mean, CpuDevice(), ThreadsEngine(1))
    assert light is None or np.abs(light.gains - 1).max() < 0.15


def test_what_only_bright_frames_show_is_no_brighter() -> None:
    gains = np.linspace(1.8, 0.2, N)
    frames = gains[:, None, None] * SPECIMEN + 7
    frames[N // 2 :, :, :8] = np.nan
    sample, still = sample_of(frames)
    plain = mean_aligned(sample, ROWS, still, CpuDevice(), ThreadsEngine(1)).image
    assert (plain[:, :8] - plain[:, 8:16].mean()).mean() > 30
    light = measure_light(sample, ROWS, still, plain, CpuDevice(), ThreadsEngine(1))
    assert light is not None
    even = mean_aligned(sample, ROWS, still, CpuDevice(), ThreadsEngine(1), light=light)
    np.testing.assert_allclose(even.image, SPECIMEN + 7, rtol=0.02)
    assert np.abs(even.difference).max() < 5


def test_steady_light_is_no_light() -> None:
    frames = SPECIMEN + np.random.default_rng(3).normal(0, 5, (N, SIZE, SIZE))
    sample, still = sample_of(frames)
    mean = frames.mean(axis=0).astype(np.float32)
    assert measure_light(sample, ROWS, still, mean, CpuDevice(), ThreadsEngine(1)) is None
    few = ROWS[:3]
    assert measure_light(sample, few, still.part(few), mean, CpuDevice(), ThreadsEngine(1)) is None
    frames[:] = 5
    sample, still = sample_of(frames)
    assert measure_light(sample, ROWS, still, frames[0].astype(np.float32), CpuDevice(), ThreadsEngine(1)) is None
