"""What real microscopes add to a clean recording: uneven light and dust, hot pixels, debris that floats by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdstill.evaluation.blobs import draw_blobs

__all__ = ["debris_light", "hot_pixel_light", "static_pattern"]

FloatArray = NDArray[np.float64]

N_DUST = 12


def static_pattern(shape: tuple[int, ...], depth: float, rng: np.random.Generator) -> FloatArray:
    """Sensitivity of each pixel, which stays put while the specimen moves: vignette, dust and uneven columns.

    Parameters
    ----------
    shape : tuple of int
        Shape ``([z,] y, x)`` of the frame; planes share one pattern.
    depth : float
        0: even. The corners lose this fraction of the light, each of a dozen specks of dust about as much, and the
        gain of columns has a tenth of it as standard deviation.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    ndarray of float64, (y, x)
        Factors from 0 on, about 1 in the middle of the frame.
    """
    plane = shape[-2:]
    y, x = (np.linspace(-1.0, 1.0, n) for n in plane)
    vignette = 1.0 - depth * (y[:, None] ** 2 + x[None, :] ** 2) / 2.0
    centres = rng.uniform(0.0, 1.0, (N_DUST, 2)) * np.array(plane)
    sigmas = np.repeat(min(plane) * rng.uniform(0.01, 0.04, (N_DUST, 1)), 2, axis=1)
    dust = 1.0 - draw_blobs(plane, centres, sigmas, depth * rng.uniform(0.5, 1.5, N_DUST))
    columns = 1.0 + 0.1 * depth * rng.normal(size=plane[1])
    pattern: FloatArray = np.maximum(vignette * dust * columns, 0.0)
    return pattern


def hot_pixel_light(shape: tuple[int, ...], n: int, level: float, rng: np.random.Generator) -> FloatArray:
    """Dark current, in photons per frame, of `n` hot pixels at fixed places: 10 to 60 times `level` each, else 0.

    Parameters
    ----------
    shape : tuple of int
        Shape ``([z,] y, x)`` of the frame; hot pixels are the same in each plane.
    n : int
        Number of hot pixels of the camera.
    level : float
        Typical photons per pixel.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    ndarray of float64, (y, x)
        Photons.
    """
    light = np.zeros(shape[-2:])
    light.flat[rng.choice(light.size, size=n, replace=False)] = level * rng.uniform(10.0, 60.0, n)
    return light


def debris_light(shape: tuple[int, ...], n: int, level: float, time: float, rng: np.random.Generator) -> FloatArray:
    """Photons of `n` bright specks that cross the frame on straight paths of their own.

    Parameters
    ----------
    shape : tuple of int
        Shape ``([z,] y, x)`` of the frame.
    n : int
        Number of specks.
    level : float
        Typical photons per pixel; peaks are 5 to 20 times as high.
    time : float
        0 at the first frame, 1 at the last; halfway, every speck is inside of the frame.
    rng : numpy.random.Generator
        Source of chance, in the same state for each frame of a movie.

    Returns
    -------
    ndarray of float64, `shape`
        Photons.
    """
    size = np.array(shape, dtype=np.float64)
    halfway = rng.uniform(0.0, 1.0, (n, len(shape))) * size
    path = rng.normal(0.0, 0.5, (n, len(shape))) * size
    sigmas = np.repeat(rng.uniform(2.0, 5.0, (n, 1)), len(shape), axis=1)
    return draw_blobs(shape, halfway + (time - 0.5) * path, sigmas, level * rng.uniform(5.0, 20.0, n))
