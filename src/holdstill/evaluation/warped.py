"""Synthetic frames of any motion with exact truth, and the bound of each parameter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Covariance, NoiseModel
from holdstill.errors import InputError
from holdstill.evaluation.bounds import cramer_rao
from holdstill.evaluation.scenes import Blobs, Scene, Texture
from holdstill.transforms import Bilinear, Transform
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["WarpedMovie", "corner_distances", "make_warped_movie", "show_scene"]

FloatArray = NDArray[np.float64]

STEP = 1e-5
REACH_SIGMAS = 6.0
BLOCK = 8192


@dataclass(frozen=True, kw_only=True, eq=False)
class WarpedMovie:
    """Frames and the truth about them.

    Attributes
    ----------
    frames : ndarray of uint16, (T, [z,] y, x)
    truth : Trajectory
        True transforms.
    bounds : ndarray of float64, (T, n_params)
        One-sigma Cramér-Rao bound of each parameter, for a known reference, gain and offset unknown.
    corner_bounds : ndarray of float64, (T,)
        The same for where the corners lie, px, root mean square over corners.
    reference : ndarray of float64, ([z,] y, x)
        Noise-free grey values of the untransformed scene.
    noise : NoiseModel
    """

    frames: NDArray[Any]
    truth: Trajectory
    bounds: FloatArray
    corner_bounds: FloatArray
    reference: FloatArray
    noise: NoiseModel


def show_scene(scene: Scene, transform: Transform | Bilinear) -> tuple[FloatArray, FloatArray]:
    """Intensity (shape) and gradient (ndim, shape) of a scene at ``T^-1(q)`` for each pixel q of a frame."""
    grid = np.stack(np.meshgrid(*(np.arange(n, dtype=float) for n in scene.shape), indexing="ij"), axis=-1)
    points = transform.inverse.map(grid.reshape(-1, scene.ndim))
    if isinstance(scene, Texture) and isinstance(transform, Transform) and transform.is_affine and scene.ndim == 2:
        values, slopes = _texture_affine(scene, transform.inverse.matrix)
    elif isinstance(scene, Texture):
        values, slopes = _texture(scene, points)
    elif isinstance(scene, Blobs):
        values, slopes = _blobs(scene, points.reshape(*scene.shape, scene.ndim), transform)
    else:
        raise InputError(
            f"no formula is known for {type(scene).__name__} under a transform; use Texture, Spots or Cells"
        )
    return values.reshape(scene.shape), slopes.T.reshape(scene.ndim, *scene.shape)


def _texture(scene: Texture, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    vectors, amplitudes = scene.waves
    values, slopes = np.empty(len(points)), np.empty(points.shape)
    for first in range(0, len(points), BLOCK):
        rows = slice(first, first + BLOCK)
        waves = np.exp(1j * (points[rows] @ vectors.T)) * amplitudes
        values[rows] = 1.0 + waves.real.sum(axis=1)
        slopes[rows] = -waves.imag @ vectors
    return np.maximum(values, 0.0), slopes


def _texture_affine(scene: Texture, matrix: FloatArray) -> tuple[FloatArray, FloatArray]:
    """An affine map turns plane waves into plane waves, whose factors along y and x are few: 30 times faster."""
    vectors, amplitudes = scene.waves
    moved = vectors @ matrix[:2, :2]
    constant = amplitudes * np.exp(1j * (vectors @ matrix[:2, 2]))
    y, x = (np.exp(1j * np.outer(np.arange(n), moved[:, axis])) for axis, n in enumerate(scene.shape))
    values = 1.0 + ((y * constant) @ x.T).real
    slopes = [-((y * constant * vectors[:, axis]) @ x.T).imag for axis in range(2)]
    return np.maximum(values, 0.0).ravel(), np.stack(slopes, axis=-1).reshape(-1, 2)


def _blobs(scene: Blobs, points: FloatArray, transform: Transform | Bilinear) -> tuple[FloatArray, FloatArray]:
    centres, sigmas, heights = scene.blobs
    values, slopes = np.full(scene.shape, scene.background), np.zeros((*scene.shape, scene.ndim))
    middles = transform.map(centres)
    around = np.array([transform.map(centres + unit * sigmas) - middles for unit in np.eye(scene.ndim)])
    reach = REACH_SIGMAS * np.sqrt((around**2).sum(axis=0))
    for centre, sigma, height, middle, size in zip(centres, sigmas, heights, middles, reach, strict=True):
        first = np.maximum(np.floor(middle - size), 0).astype(int)
        last = np.minimum(np.ceil(middle + size) + 1, scene.shape).astype(int)
        if (last <= first).any():
            continue
        box = tuple(slice(a, b) for a, b in zip(first, last, strict=True))
        scaled = (points[box] - centre) / sigma
        light = height * np.exp(-0.5 * (scaled**2).sum(axis=-1))
        values[box] += light
        slopes[box] -= light[..., None] * scaled / sigma
    return values, slopes.reshape(-1, scene.ndim)


def make_warped_movie(
    scene: Scene,
    motion: str,
    parameters: FloatArray,
    *,
    photons: float,
    read_noise: float = 1.0,
    offset: float = 100.0,
    seed: int = 0,
    workers: int = 2,
) -> WarpedMovie:
    """Record a scene as it moves.

    Parameters
    ----------
    scene : Scene
        Texture, Spots or Cells.
    motion : str
        Family of the transforms.
    parameters : ndarray of float64, (T, n_params)
        Of the true transforms, see `holdstill.transforms.motions`.
    photons : float
        Mean detected photons per pixel of the untransformed scene; one photon is one grey level.
    read_noise : float
        Standard deviation, photons.
    offset : float
        Grey level in the dark.
    seed : int
    workers : int
        Threads; their number changes no pixel.
    """
    truth = Trajectory(find_motion(motion), np.asarray(parameters, np.float64), scene.shape)
    noise = NoiseModel(gain=1.0, read_variance=read_noise**2 + 1 / 12, offset=offset)
    rest, _ = show_scene(scene, Transform(np.eye(scene.ndim + 1)))
    scale = photons / float(rest.mean())
    frames, bounds, corner_bounds = (
        np.empty((len(truth), *scene.shape), np.uint16),
        np.empty(parameters.shape),
        np.empty(len(truth)),
    )

    def record(t: int) -> None:
        rng = np.random.default_rng([seed, t])
        transform = truth.transform(t)
        if not isinstance(transform, Bilinear | Transform):
            raise InputError("scenes know no displacements on a grid; make a movie of each plane or block")
        values, slopes = show_scene(scene, transform)
        recorded = rng.poisson(scale * values) + read_noise * rng.standard_normal(scene.shape) + offset
        frames[t] = np.clip(np.rint(recorded), 0, 65535)
        covariance = _least_covariance(truth.part([t]), scale * values, scale * slopes, noise, offset)
        bounds[t] = np.sqrt(np.diag(covariance))
        corner_bounds[t] = truth.part([t]).corner_errors(Covariance.of_matrices(covariance[None]))[0]

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(record, range(len(truth))))
    return WarpedMovie(
        frames=frames,
        truth=truth,
        bounds=bounds,
        corner_bounds=corner_bounds,
        reference=scale * rest + offset,
        noise=noise,
    )


def _least_covariance(
    one: Trajectory, values: FloatArray, slopes: FloatArray, noise: NoiseModel, offset: float
) -> FloatArray:
    """Least covariance of the parameters of one frame, of pixels whose content the reference shows."""
    shape = values.shape
    grid = np.stack(np.meshgrid(*(np.arange(n, dtype=float) for n in shape), indexing="ij"), axis=-1)
    pixels = grid.reshape(-1, len(shape))
    points = one.transform(0).inverse.map(pixels)
    inside = ((points >= 0) & (points <= np.array(shape) - 1)).all(axis=1)
    columns = []
    for k in range(one.parameters.shape[1]):
        step = np.zeros(one.parameters.shape[1])
        step[k] = STEP
        ahead, behind = (
            Trajectory(one.motion, one.parameters + sign * step, shape).transform(0).inverse.map(pixels[inside])
            for sign in (1, -1)
        )
        moves = (ahead - behind) / (2 * STEP)
        columns.append((moves * slopes.reshape(len(shape), -1).T[inside]).sum(axis=1))
    seen_values = values.ravel()[inside]
    nuisance = np.stack([seen_values, np.ones_like(seen_values)])
    return cramer_rao(np.stack(columns), noise.variance(seen_values + offset), nuisance=nuisance)


def corner_distances(found: Trajectory, truth: Trajectory) -> FloatArray:
    """Distance, px, between where two trajectories put the corners of each frame, rms over corners, (n,).

    Infinite where nothing was found.
    """
    return np.array([_distance(found, truth, t) for t in range(len(truth))])


def _distance(found: Trajectory, truth: Trajectory, t: int) -> float:
    if not np.isfinite(found.parameters[t]).all():
        return float("inf")
    sides = [(0.0, n - 1.0) for n in truth.shape]
    corners = np.stack(np.meshgrid(*sides, indexing="ij"), axis=-1).reshape(-1, truth.ndim)
    off = found.transform(t).map(corners) - truth.transform(t).map(corners)
    return float(np.sqrt((off**2).sum(axis=1).mean()))
