"""The named scenes and light levels that benchmarks and tests share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.evaluation.movies import Movie, make_movie
from holdstill.evaluation.scenes import Cells, Scene, Spots, Texture

__all__ = ["Preset", "cells", "presets", "sparse", "texture"]


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A scene at a level of light.

    Parameters
    ----------
    scene : Scene
        The specimen.
    photons : float
        Mean detected photons per pixel.
    """

    scene: Scene
    photons: float

    def movie(self, shifts: NDArray[np.float64], **settings: Any) -> Movie:
        """Record the scene as it moves by `shifts` (T, ndim), px; settings as for `movies.make_movie`."""
        return make_movie(self.scene, shifts, photons=self.photons, **settings)


def sparse(shape: tuple[int, ...] = (512, 512), *, seed: int = 0) -> Spots:
    """Sparse fluorescence: spots of 2 px sigma, 240 in a plane of 512 x 512 px and as dense in any other `shape`."""
    return Spots(shape=shape, n_spots=_scale(240, shape), sigma_px=2.0, background=0.09, seed=seed)


def texture(shape: tuple[int, ...] = (512, 512), *, seed: int = 0) -> Texture:
    """Dense texture of 15 % contrast, as of tissue in transmitted light, wavelengths 6 to 120 px."""
    return Texture(shape=shape, seed=seed)


def cells(shape: tuple[int, ...] = (512, 512), *, seed: int = 0) -> Cells:
    """Soft cells with puncta, 40 in a plane of 512 x 512 px and as dense in any other `shape`."""
    return Cells(shape=shape, n_cells=_scale(40, shape), seed=seed)


def presets(shape: tuple[int, ...] = (512, 512), *, seed: int = 0) -> dict[str, Preset]:
    """All named presets at one frame shape.

    Parameters
    ----------
    shape : tuple of int
        Shape ``([z,] y, x)`` of the frame; the density of the content is that of 512 x 512 px.
    seed : int
        Seed of the specimens.

    Returns
    -------
    dict of str to Preset
        ``sparse-6``, ``sparse-10``, ``sparse-100``, ``sparse-1000`` (mean photons per pixel), ``texture-400`` and
        ``cells-50``. At 512 x 512 px and with a read noise of 1 photon, the bound of ``sparse-6``, ``texture-400`` and
        ``cells-50`` is about 0.0044, 0.0039 and 0.0040 px per axis.
    """
    spots = sparse(shape, seed=seed)
    found = {f"sparse-{photons}": Preset(scene=spots, photons=photons) for photons in (6, 10, 100, 1000)}
    found["texture-400"] = Preset(scene=texture(shape, seed=seed), photons=400)
    found["cells-50"] = Preset(scene=cells(shape, seed=seed), photons=50)
    return found


def _scale(n: int, shape: tuple[int, ...]) -> int:
    return max(1, round(n * float(np.prod(shape[-2:])) / 512**2))
