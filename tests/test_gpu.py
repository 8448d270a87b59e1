"""Fourier transforms on a graphics adapter against NumPy's."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from holdstill import gpu
from holdstill.errors import InputError

# powers of 2, products of 2, 3 and 5, primes, lines of one, and lines too long for the memory of a workgroup
SHAPES = [
    (64, 64),
    (60, 90),
    (97, 31),
    (1, 7),
    (5, 1),
    (1, 1),
    (3, 4, 25),
    (8, 4096),
    (4, 5003),
    (12, 6075),
    (2, 2, 6, 10),
]


@pytest.fixture(autouse=True)
def _adapter(skip_unusable: Callable[[str], None]) -> None:
    skip_unusable("gpu")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", ["real", "complex"])
def test_transforms_equal_numpy(shape: tuple[int, ...], kind: str) -> None:
    rng = np.random.default_rng(0)
    images: Any = rng.random(shape) if kind == "real" else rng.normal(size=shape) + 1j * rng.normal(size=shape)
    for ours, theirs in ((gpu.fft2, np.fft.fft2), (gpu.ifft2, np.fft.ifft2)):
        found, expected = ours(images), theirs(images)
        assert found.dtype == np.complex64
        assert np.abs(found - expected).max() <= 1e-5 * np.abs(expected).max()


def test_there_and_back_is_the_image() -> None:
    image = np.random.default_rng(1).integers(0, 4000, (123, 77)).astype(np.uint16)
    back = gpu.ifft2(gpu.fft2(image))
    np.testing.assert_allclose(back.real, image, atol=0.02)
    np.testing.assert_allclose(back.imag, 0, atol=0.02)


def test_what_is_no_image_is_refused() -> None:
    with pytest.raises(InputError, match=r"shape \(5,\) is not an image"):
        gpu.fft2(np.zeros(5))
