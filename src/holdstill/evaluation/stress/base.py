"""What all scenes share: the specimen, its path, the camera, and the truth about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import NoiseModel
from holdstill.errors import InputError
from holdstill.evaluation import trajectories
from holdstill.evaluation.bounds import cramer_rao
from holdstill.evaluation.scenes import Scene, Spots

__all__ = ["OFFSET", "READ_NOISE", "Setting", "StressScene"]

FloatArray = NDArray[np.float64]

READ_NOISE, OFFSET = 2.0, 100.0
DENSITY = 15 / 128**2


@dataclass(frozen=True, kw_only=True, eq=False)
class StressScene:
    """A movie and the truth about it.

    Attributes
    ----------
    frames : ndarray, (T, [z,] y, x)
    truth : ndarray of float64, (T, k, ndim)
        Displacement of the content at k places of the frame, px; one place where all of it moves alike.
    good : ndarray of bool, (T,)
        Frames from which the motion can be told.
    bound : float
        One-sigma Cramér-Rao bound of an undisturbed frame, px.
    options : dict
        What the scene asks of `holdstill.register`.
    """

    frames: NDArray[Any]
    truth: FloatArray
    good: NDArray[np.bool_]
    bound: float
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How a scene is recorded; the same setting gives the same pixels.

    Parameters
    ----------
    photons : float
        Peak of a typical spot.
    n_frames, size : int
        Frames of ``size x size`` px.
    seed : int
        Of specimen, path, disturbance and noise.
    """

    photons: float = 20.0
    n_frames: int = 60
    size: int = 128
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse settings that make no movie."""
        if self.photons <= 0 or self.n_frames < 4 or self.size < 16:
            raise InputError(
                f"photons={self.photons}, n_frames={self.n_frames}, size={self.size}: give light, 4 frames, 16 px"
            )

    @property
    def shape(self) -> tuple[int, int]:
        """Of a frame."""
        return self.size, self.size

    def rng(self, salt: int) -> np.random.Generator:
        """Chance for one purpose."""
        return np.random.default_rng([self.seed, salt])

    def path(self, reach: float = 6.0, step: float = 0.4) -> FloatArray:
        """A drift of `reach` px and a walk of `step` px a frame, (T, 2)."""
        smooth = trajectories.drift(self.n_frames, reach, seed=self.seed + 11)
        return smooth + trajectories.walk(self.n_frames, step, seed=self.seed + 12)

    def specimen(self) -> Spots:
        """Sparse spots of 2 px, as dense as in `holdstill.evaluation.presets`, at least eight."""
        n = max(8, round(DENSITY * self.size**2))
        return Spots(shape=self.shape, n_spots=n, sigma_px=2.0, background=0.1, seed=self.seed + 13)

    def show(self, scene: Scene, path: FloatArray) -> FloatArray:
        """Photons of a scene along a path, (T, ...)."""
        return self.photons * np.stack([scene.intensity(shift) for shift in path])

    def record(self, light: FloatArray, *, offset: float = OFFSET, salt: int = 1) -> NDArray[np.uint16]:
        """What the camera makes of photons: a grey level each, read noise, offset, rounded."""
        rng = self.rng(salt)
        values = rng.poisson(np.maximum(light, 0.0)) + READ_NOISE * rng.standard_normal(light.shape) + offset
        return np.clip(np.rint(values), 0, 65535).astype(np.uint16)

    def bound(self, scene: Scene, light: float = 1.0) -> float:
        """Mean over the axes of the bound of one frame, px; `light` scales the specimen."""
        noise = NoiseModel(gain=1.0, read_variance=READ_NOISE**2 + 1 / 12, offset=0.0)
        at = np.zeros(scene.ndim)
        gradient = light * self.photons * scene.gradient(at)
        variance = noise.variance(light * self.photons * scene.intensity(at))
        return float(np.sqrt(np.mean(np.diag(cramer_rao(gradient, variance)))))

    def scene(self, frames: NDArray[Any], path: FloatArray, **told: Any) -> StressScene:
        """Frames whose content moves by `path`, (T, ndim) or (T, k, ndim); all good unless `told` otherwise."""
        truth = path if path.ndim == 3 else path[:, None]
        bound = told.pop("bound", None)
        facts: dict[str, Any] = {"good": np.ones(len(frames), bool), "options": {}} | told
        return StressScene(
            frames=frames, truth=truth, bound=self.bound(self.specimen()) if bound is None else bound, **facts
        )

    def move(self) -> tuple[FloatArray, FloatArray]:
        """Photons of the usual specimen on the usual path, and that path."""
        path = self.path()
        return self.show(self.specimen(), path), path
