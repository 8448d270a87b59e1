"""Synthetic movies with exact truth: what a camera records of a scene that moves."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from holdstill.contracts import NoiseModel
from holdstill.errors import InputError
from holdstill.evaluation.bounds import cramer_rao, overlap
from holdstill.evaluation.disturbances import debris_light, hot_pixel_light, static_pattern
from holdstill.evaluation.scenes import Scene

__all__ = ["Movie", "Recording", "make_movie"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Movie:
    """Frames and the truth about them.

    Attributes
    ----------
    frames : ndarray, (T, [z,] y, x)
        What the camera recorded, grey levels.
    shifts : ndarray of float64, (T, ndim)
        True shift of each frame against `reference`, px, ``([z,] y, x)``.
    blank : ndarray of bool, (T,)
        True where the light was off.
    reference : ndarray of float64, ([z,] y, x)
        Noise-free expected grey values at zero shift, before bleaching, with the static pattern, without hot pixels and
        debris.
    noise : NoiseModel
        Noise of each frame.
    recording : Recording
        What it was made of.
    """

    frames: NDArray[Any]
    shifts: FloatArray
    blank: NDArray[np.bool_]
    reference: FloatArray
    noise: NoiseModel
    recording: Recording

    @cached_property
    def bounds(self) -> FloatArray:
        """One-sigma Cramér-Rao bound of each shift for a known reference, (T, ndim), px; NaN for blank frames.

        Made when they are asked for: they take two to four times as long as the frames.
        """
        return np.array([self.recording.bound(t) for t in range(len(self.shifts))])


@dataclass(frozen=True, kw_only=True, eq=False)
class Recording:
    """A recording to be made: every frame is a pure function of the settings and its index, so any can be made alone.

    Parameters
    ----------
    scene : Scene
        The specimen.
    shifts : ndarray of float64, (T, ndim)
        Its shift in each frame, px, ``([z,] y, x)``.
    photons : float
        Mean detected photons per pixel of the scene at zero shift, at the start.
    read_noise : float
        Standard deviation of the Gaussian noise of each pixel, in photons.
    gain : float
        Grey levels per photon.
    offset : float
        Grey level in the dark.
    dtype : dtype
        Type of the pixels: rounded and clamped to the range of an integer type, neither for a float type.
    bleaching : float
        Fraction of the light that is lost, exponentially, from the first frame to the last.
    fixed_pattern : float
        Depth, 0 to 1, of a static pattern of vignette, dust and uneven columns that multiplies the light.
    hot_pixels : int
        Number of hot pixels (in each plane), at fixed places.
    debris : int
        Number of bright specks that move on their own.
    blank_frames : tuple of int
        Frames without light.
    seed : int
        Seed of noise, pattern, hot pixels and debris.
    """

    scene: Scene
    shifts: FloatArray
    photons: float
    read_noise: float = 1.0
    gain: float = 1.0
    offset: float = 100.0
    dtype: DTypeLike = np.uint16
    bleaching: float = 0.0
    fixed_pattern: float = 0.0
    hot_pixels: int = 0
    debris: int = 0
    blank_frames: tuple[int, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse shifts of another number of axes, and settings without meaning."""
        if self.shifts.ndim != 2 or self.shifts.shape[1] != self.scene.ndim:
            raise InputError(f"shifts have shape {self.shifts.shape}: give (n_frames, {self.scene.ndim})")
        if self.photons <= 0 or self.gain <= 0 or self.read_noise < 0:
            raise InputError(
                f"photons={self.photons}, gain={self.gain}, read_noise={self.read_noise}: "
                "the first two must be above zero, the third not below"
            )
        if not (0 <= self.bleaching < 1 and 0 <= self.fixed_pattern <= 1):
            raise InputError(
                f"bleaching={self.bleaching}, fixed_pattern={self.fixed_pattern}: give fractions between 0 and 1"
            )

    def __len__(self) -> int:
        return len(self.shifts)

    def __iter__(self) -> Iterator[NDArray[Any]]:
        """Frame after frame, for movies that do not fit into memory."""
        return (self.frame(t) for t in range(len(self)))

    @property
    def noise(self) -> NoiseModel:
        """Noise of each frame, rounding to whole grey levels included."""
        rounding = 1 / 12 if np.dtype(self.dtype).kind in "iu" else 0.0
        read_variance = max((self.gain * self.read_noise) ** 2 + rounding, 1e-9 * self.gain**2)
        return NoiseModel(gain=self.gain, read_variance=read_variance, offset=self.offset)

    @property
    def reference(self) -> FloatArray:
        """Expected grey values at zero shift, ([z,] y, x); see `Movie.reference`."""
        photons = self._scale * self._pattern * self.scene.intensity(np.zeros(self.scene.ndim))
        return self.offset + self.gain * photons

    def light(self, t: int) -> float:
        """Light that reaches the camera in frame `t`, as a fraction of that at the start."""
        return 0.0 if t in self.blank_frames else float((1.0 - self.bleaching) ** self._time(t))

    def photon_rate(self, t: int) -> FloatArray:
        """Photons to expect in frame `t`, ([z,] y, x), hot pixels and debris included."""
        lit = self._scale * self.scene.intensity(self.shifts[t])
        if self.debris:
            rng = np.random.default_rng([self.seed, 1])
            lit += debris_light(self.scene.shape, self.debris, self.photons, self._time(t), rng)
        lit *= self.light(t) * self._pattern
        return lit + self._hot if self.hot_pixels else lit

    def frame(self, t: int) -> NDArray[Any]:
        """Frame `t` with its noise, ([z,] y, x), grey levels of the asked dtype."""
        rng = np.random.default_rng([self.seed, 3, t])
        values = rng.poisson(self.photon_rate(t)).astype(np.float32)
        values += self.read_noise * rng.standard_normal(values.shape, dtype=np.float32)
        values *= self.gain
        values += self.offset
        dtype = np.dtype(self.dtype)
        if dtype.kind in "iu":
            limits = np.iinfo(dtype)
            np.clip(np.rint(values, out=values), limits.min, limits.max, out=values)
        return values.astype(dtype)

    def bound(self, t: int) -> FloatArray:
        """One-sigma Cramér-Rao bound of the shift of frame `t`, (ndim,), px, for a known reference.

        It counts the pixels whose content the reference shows too, and leaves hot pixels and debris aside.
        NaN where the light was off or what overlaps has no structure.
        """
        window = overlap(self.scene.shape, self.shifts[t])
        rate = self.light(t) * self._scale * self.gain * self._pattern
        gradient = rate * self.scene.gradient(self.shifts[t])
        values = self.offset + rate * self.scene.intensity(self.shifts[t])
        inside = np.stack([slope[window] for slope in gradient])
        try:
            return np.sqrt(np.diag(cramer_rao(inside, self.noise.variance(values[window]))))
        except InputError:
            return np.full(self.scene.ndim, np.nan)

    def movie(self, *, workers: int = 2) -> Movie:
        """All frames with the truth about them, made by `workers` threads; their number changes no pixel."""
        reference = self.reference  # also fills the caches of the scene before threads share it
        frames = np.empty((len(self), *self.scene.shape), dtype=self.dtype)

        def record(t: int) -> None:
            frames[t] = self.frame(t)

        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(record, range(len(self))))
        return Movie(
            frames=frames,
            shifts=self.shifts,
            blank=np.isin(np.arange(len(self)), self.blank_frames),
            reference=reference,
            noise=self.noise,
            recording=self,
        )

    def _time(self, t: int) -> float:
        return t / max(len(self) - 1, 1)

    @cached_property
    def _scale(self) -> float:
        return self.photons / float(self.scene.intensity(np.zeros(self.scene.ndim)).mean())

    @cached_property
    def _pattern(self) -> FloatArray | float:
        if not self.fixed_pattern:
            return 1.0
        return static_pattern(self.scene.shape, self.fixed_pattern, np.random.default_rng([self.seed, 0]))

    @cached_property
    def _hot(self) -> FloatArray:
        return hot_pixel_light(self.scene.shape, self.hot_pixels, self.photons, np.random.default_rng([self.seed, 2]))


def make_movie(scene: Scene, shifts: FloatArray, *, photons: float, workers: int = 2, **settings: Any) -> Movie:
    """Record `scene` as it moves by `shifts`.

    Parameters
    ----------
    scene : Scene
        The specimen.
    shifts : ndarray of float64, (T, ndim)
        Its shift in each frame, px, ``([z,] y, x)``.
    photons : float
        Mean detected photons per pixel of the scene at zero shift, at the start.
    workers : int
        Number of threads; it changes no pixel.
    **settings
        The other settings of `Recording`: ``read_noise, gain, offset, dtype, bleaching, fixed_pattern, hot_pixels,
        debris, blank_frames, seed``.

    Returns
    -------
    Movie
        Frames, true shifts, bounds and the reference.
    """
    path = np.asarray(shifts, dtype=np.float64)
    return Recording(scene=scene, shifts=path, photons=photons, **settings).movie(workers=workers)
