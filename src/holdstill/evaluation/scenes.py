"""Scenes whose pixel values follow from a formula at any sub-pixel shift: nothing is ever interpolated.

A scene is a continuous intensity ``f(p)`` over array coordinates ``p = ([z,] y, x)``, and the frame that shows it moved
by ``s`` is ``f(p - s)`` at the pixel centres: content at ``p`` of ``intensity(0)`` stands at ``p + s`` of
``intensity(s)``, the sign of `holdstill.contracts`. Content goes on outside the frame, as it does under a microscope.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.errors import InputError
from holdstill.evaluation.blobs import draw_blobs

__all__ = ["Blobs", "Cells", "Scene", "Spots", "Texture"]

FloatArray = NDArray[np.float64]
Shift = Sequence[float] | NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class Scene(ABC):
    """A specimen of known intensity.

    Parameters
    ----------
    shape : tuple of int
        Shape ``([z,] y, x)`` of the frame, px.
    seed : int
        The same settings and seed give the same specimen.
    """

    shape: tuple[int, ...] = (512, 512)
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse shapes that are neither planes nor volumes."""
        if len(self.shape) not in (2, 3) or min(self.shape) < 1:
            raise InputError(f"shape={self.shape!r} is not a frame: give (y, x) or (z, y, x)")

    @property
    def ndim(self) -> int:
        """Number of spatial axes, 2 or 3."""
        return len(self.shape)

    @abstractmethod
    def intensity(self, shift: Shift) -> FloatArray:
        """Relative intensity of each pixel when the content has moved by `shift`.

        Parameters
        ----------
        shift : sequence of float, (ndim,)
            Shift ``([z,] y, x)`` in px; ``(3, 0)`` is content moved down by 3 rows.

        Returns
        -------
        ndarray of float64, `shape`
            Intensity in arbitrary units, never negative.
        """

    @abstractmethod
    def gradient(self, shift: Shift) -> FloatArray:
        """Exact derivative of `expected` with respect to the pixel coordinates.

        Parameters
        ----------
        shift : sequence of float, (ndim,)
            Shift ``([z,] y, x)`` in px.

        Returns
        -------
        ndarray of float64, (ndim, *shape)
            Intensity per px along ``([z,] y, x)``; the derivative with respect to the shift is its negative.
        """

    def _check(self, shift: Shift) -> FloatArray:
        vector = np.asarray(shift, dtype=np.float64)
        if vector.shape != (self.ndim,):
            raise InputError(f"shift has shape {vector.shape}: give one number for each of the {self.ndim} axes")
        return vector


@dataclass(frozen=True, kw_only=True)
class Blobs(Scene):
    """A sum of axis-aligned Gaussians above a flat background; children say where the Gaussians stand.

    Parameters
    ----------
    background : float
        Intensity between the blobs, in units of a typical peak.
    margin : float
        Content reaches this fraction of the frame beyond each of its edges, so that it enters when the frame moves.
    """

    background: float = 0.05
    margin: float = 0.5

    @abstractmethod
    def _draw(self, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Centres (n, ndim) and sigmas (n, ndim) in px, and peak heights (n,)."""

    @cached_property
    def blobs(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Centres (n, ndim) and sigmas (n, ndim) in px at zero shift, and peak heights (n,)."""
        return self._draw(np.random.default_rng(self.seed))

    def intensity(self, shift: Shift) -> FloatArray:
        centres, sigmas, heights = self.blobs
        return self.background + draw_blobs(self.shape, centres + self._check(shift), sigmas, heights)

    def gradient(self, shift: Shift) -> FloatArray:
        centres, sigmas, heights = self.blobs
        moved = centres + self._check(shift)
        axes = range(self.ndim)
        return np.stack([draw_blobs(self.shape, moved, sigmas, heights, derivative_axis=axis) for axis in axes])

    def _scatter(self, rng: np.random.Generator, n_in_frame: int) -> FloatArray:
        """Uniform positions (n, ndim) over frame and margin, `n_in_frame` of them expected inside of the frame."""
        size = np.array(self.shape, dtype=np.float64)
        n = round(n_in_frame * (1 + 2 * self.margin) ** self.ndim)
        return (rng.uniform(-self.margin, 1 + self.margin, (n, self.ndim)) * size) - 0.5


@dataclass(frozen=True, kw_only=True)
class Spots(Blobs):
    """Sparse fluorescence: round spots of log-normal brightness.

    Parameters
    ----------
    n_spots : int
        Number of spots expected inside of the frame; the margin has as many per area.
    sigma_px : float or tuple of float, (ndim,)
        Standard deviation of each spot, px, ``([z,] y, x)``.
    brightness_spread : float
        Standard deviation of the logarithm of the peak heights, whose median is 1.
    """

    n_spots: int = 300
    sigma_px: float | tuple[float, ...] = 2.0
    brightness_spread: float = 0.6

    def _draw(self, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, FloatArray]:
        centres = self._scatter(rng, self.n_spots)
        sigmas = np.broadcast_to(np.asarray(self.sigma_px, dtype=np.float64), centres.shape)
        return centres, sigmas, rng.lognormal(0.0, self.brightness_spread, len(centres))


@dataclass(frozen=True, kw_only=True)
class Cells(Blobs):
    """Cells: clusters of soft elliptical blobs, with fine puncta upon them.

    Parameters
    ----------
    n_cells : int
        Number of cells expected inside of the frame.
    radius_px : float
        Standard deviation of a typical soft blob, px; single ones differ by a factor of about 1.5 along each axis.
    blobs_per_cell, puncta_per_cell : int
        Number of soft blobs and of puncta in each cell.
    puncta_sigma_px : float
        Standard deviation of a punctum, px.
    """

    n_cells: int = 40
    radius_px: float = 10.0
    blobs_per_cell: int = 4
    puncta_per_cell: int = 6
    puncta_sigma_px: float = 1.6

    def _draw(self, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, FloatArray]:
        cells = self._scatter(rng, self.n_cells)
        soft = self._around(rng, cells, self.blobs_per_cell)
        fine = self._around(rng, cells, self.puncta_per_cell)
        soft_sigmas = self.radius_px * rng.lognormal(0.0, 0.4, soft.shape)
        fine_sigmas = np.full(fine.shape, self.puncta_sigma_px)
        heights = [rng.lognormal(-0.7, 0.4, len(soft)), rng.lognormal(-0.7, 0.6, len(fine))]
        return np.concatenate([soft, fine]), np.concatenate([soft_sigmas, fine_sigmas]), np.concatenate(heights)

    def _around(self, rng: np.random.Generator, cells: FloatArray, n: int) -> FloatArray:
        return np.repeat(cells, n, axis=0) + rng.normal(0.0, self.radius_px, (n * len(cells), self.ndim))


@dataclass(frozen=True, kw_only=True)
class Texture(Scene):
    """Dense band-limited texture, as of tissue in transmitted light: a sum of plane waves about an intensity of 1.

    Parameters
    ----------
    shortest_px, longest_px : float
        Range of wavelengths, px.
    slope : float
        Amplitude of a wave is its wave number to the power ``-slope``; wave numbers are spread evenly in logarithm.
    contrast : float
        Standard deviation of the intensity, at most 0.2 so that the intensity stays above zero.
    n_waves : int
        Number of plane waves.
    """

    shortest_px: float = 6.0
    longest_px: float = 120.0
    slope: float = 0.5
    contrast: float = 0.15
    n_waves: int = 256

    def __post_init__(self) -> None:
        """Refuse spectra that the pixels cannot sample and contrasts that would make light negative."""
        super().__post_init__()
        if not 2.0 < self.shortest_px <= self.longest_px:
            raise InputError(f"wavelengths {self.shortest_px} to {self.longest_px} px: the shortest must exceed 2 px")
        if not 0.0 < self.contrast <= 0.2:
            raise InputError(f"contrast={self.contrast}: give a number above 0 and up to 0.2")

    @cached_property
    def waves(self) -> tuple[FloatArray, NDArray[np.complex128]]:
        """Wave vectors (n_waves, ndim), rad/px, and complex amplitudes (n_waves,) at zero shift."""
        rng = np.random.default_rng(self.seed)
        direction = rng.normal(size=(self.n_waves, self.ndim))
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        wavelength = np.exp(rng.uniform(np.log(self.shortest_px), np.log(self.longest_px), self.n_waves))
        amplitude = wavelength**self.slope
        amplitude *= self.contrast * np.sqrt(2.0 / np.sum(amplitude**2))
        phase = rng.uniform(0.0, 2.0 * np.pi, self.n_waves)
        return direction * (2.0 * np.pi / wavelength[:, None]), amplitude * np.exp(1j * phase)

    @cached_property
    def _factors(self) -> tuple[NDArray[np.complex128], FloatArray]:
        """exp(i k p) split: over the leading axes (pixels, n_waves), and over x as (2 n_waves, x) reals."""
        vectors, _ = self.waves
        lead = np.indices(self.shape[:-1]).reshape(self.ndim - 1, -1)
        last = np.exp(1j * np.outer(vectors[:, -1], np.arange(self.shape[-1])))
        reals = np.stack([last.real, -last.imag], axis=1).reshape(2 * self.n_waves, -1)
        return np.exp(1j * (lead.T @ vectors[:, :-1].T)), reals

    def _sum(self, amplitudes: NDArray[np.complex128]) -> FloatArray:
        lead, last = self._factors
        values: FloatArray = (lead * amplitudes).view(np.float64) @ last
        return values.reshape(self.shape)

    def intensity(self, shift: Shift) -> FloatArray:
        vectors, amplitudes = self.waves
        return np.maximum(1.0 + self._sum(amplitudes * np.exp(-1j * (vectors @ self._check(shift)))), 0.0)

    def gradient(self, shift: Shift) -> FloatArray:
        vectors, amplitudes = self.waves
        moved = amplitudes * np.exp(-1j * (vectors @ self._check(shift)))
        return np.stack([self._sum(1j * vectors[:, axis] * moved) for axis in range(self.ndim)])
