"""What is left of a fit pulls at displacements as noise does, or more where parts flash."""

import numpy as np

from holdstill.contracts import NoiseModel
from holdstill.evaluation.local import make_tissue
from holdstill.methods.likelihood.dispersion import measure_dispersion

SHAPE = (144, 160)


def measure(frames: np.ndarray, image: np.ndarray, noise: NoiseModel) -> float:
    slopes = np.stack(np.gradient(image)).astype(np.float32)
    return float(np.mean([measure_dispersion(one, image.astype(np.float32), slopes, noise, 6.0) for one in frames]))


def test_noise_pulls_as_much_as_it_should_whatever_gain_offset_and_holes() -> None:
    rng = np.random.default_rng(0)
    image = 20 * make_tissue(SHAPE, 0.3)[24:-24, 24:-24]
    frames = 3 + 1.7 * rng.poisson(image, (6, *image.shape))
    frames[:, 20:40, 30:60] = np.nan
    assert abs(measure(frames, image, NoiseModel(gain=1.0)) - 1) < 0.15


def test_parts_that_flash_pull_more() -> None:
    rng = np.random.default_rng(1)
    image = 20 * make_tissue(SHAPE, 0.3)[24:-24, 24:-24]
    y, x = np.indices(image.shape)
    cells = [np.exp(-((y - a) ** 2 + (x - b) ** 2) / 30) for a, b in rng.uniform(10, 130, (12, 2))]
    frames = rng.poisson(image + 30 * np.sum(cells, axis=0), (4, *image.shape)).astype(float)
    assert measure(frames, image, NoiseModel(gain=1.0)) > 1.5


def test_too_few_tiles_tell_nothing() -> None:
    image = 20 * make_tissue((30, 40), 0.3)[24:-24, 24:-24]
    assert measure(np.random.default_rng(2).poisson(image, (2, *image.shape)), image, NoiseModel(gain=1.0)) == 1.0
