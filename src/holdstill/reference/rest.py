"""Whether what is left beside a fixed pattern moves: one half of the pixels says where to, the other half judges.

A template that follows a fixed pattern looks well however little it explains of the specimen. So each frame, less the
pattern, is put in place by the pixels of every other tile, and the tiles between say how much better the specimen
explains them there than at the places of other frames. Noise chooses places of which the other tiles know nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from holdstill.contracts import FloatArray
from holdstill.reference.losses import is_better
from holdstill.reference.means import mean_known
from holdstill.reference.residuals import residuals
from holdstill.reference.restless import count_sigmas_of_slowness
from holdstill.reference.separation import Solver

__all__ = ["count_sigmas_of_motion", "moves_before_mean"]

Images = NDArray[np.float32]

TILE_PX, FURTHEST = 16, 0.3
# of its places, a frame has to be in one that most others are not in: where all are in one, nothing moves
SAME_PX = 1
# Beside the mean of frames at rest, looked at all over, noise leaves -6 to 1, what flashes or was held 5 to 51: then it
# is asked whether that moves.
RESTLESS = 4.0
# Where single frames beside the mean are too dim to be placed, all are at once. Of 16 movies a specimen came to lie
# within 3 px of where it was a frame before in 97 % of the frames, and halves agreed by 17 to 36 standard errors (one:
# 14 %, 1); flashes, focus that wanders and lights that come up at 5 photons did in 0 to 83 %.
PLACED, NEAR_SHARE, WALKS, WALKS_SURELY = 0.9, 0.025, 0.9, 15.0


def count_sigmas_of_motion(frames: Images, specimens: Images, noise: float) -> float:
    """By how many standard errors frames, (n, y, x), less the pattern, are better explained where they are.

    `specimens`, (n, y, x), is for each frame one that was made without it; `noise` is the variance of a pixel. What is
    NaN tells nothing.
    """
    shape = frames.shape[1:]
    tiles = _tile(shape)
    surfaces = np.stack([_explain(frames, specimens, tiles == side, noise) for side in (False, True)])
    flat = surfaces.reshape(2, len(frames), -1)
    gains = np.zeros(len(frames))
    for one, other in ((0, 1), (1, 0)):
        places = flat[one].argmax(axis=1)
        judged = flat[other][:, places]  # of each frame, at the places of all frames
        gains += np.diag(judged) - judged.mean(axis=1)
    gains = _clip(gains)
    return float(gains.mean() / max(float(gains.std(ddof=1)) / np.sqrt(len(gains)), 1e-12))


def moves_before_mean(frames: Images, solver: Solver) -> bool:
    """Whether something moves before a mean that frames, (n, y, x), show each as brightly as it does.

    A pattern that grows, as a sensor warms, leaves more of itself beside its mean than a specimen is, and held frames
    at a stated 0.03 px. What moves there explains them better by 6 and 44 standard errors, by 1.4 in a movie that was
    missed; of a specimen that stays nothing moves, though cells flash, focus wanders or light swings: -11 to 0.5 in ten
    movies.
    """
    left = residuals(frames, mean_known(frames)[None])
    if frames.ndim != 3 or count_sigmas_of_slowness(np.nan_to_num(left), quiet=1.0) <= RESTLESS:
        return False
    model, moving = solver.solve(left), np.full(len(left), np.inf)
    if model is not None:
        moving[model.rows] = solver.loss_of_model(left, model)
        if is_better(moving, solver.loss_of_mean(left)):
            return True
    return np.isfinite(moving).mean() < PLACED and _walk(left, solver)


def _walk(left: Images, solver: Solver) -> bool:
    """Whether frames, placed all at once, go on from one to the next as a stage does, and halves of pixels agree."""
    path = solver.place_jointly(left, goes_on=False)
    if path is None:
        return False
    steps = np.abs(np.diff(path.shifts, axis=0)).max(axis=1)
    goes_on = (steps <= NEAR_SHARE * max(left.shape[1:])).mean() >= WALKS
    return bool(goes_on and count_sigmas_of_motion(*solver.split_crossed(left, path), solver.noise) > WALKS_SURELY)


def _tile(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Tiles of a chessboard."""
    rows, columns = (np.arange(n) // min(TILE_PX, max(n // 4, 1)) for n in shape)
    return np.asarray((rows[:, None] + columns) % 2 == 0, bool)


def _explain(frames: Images, specimens: Images, part: NDArray[np.bool_], noise: float) -> FloatArray:
    """Logarithm of how likely a part of each frame is with its specimen at each whole-pixel shift, (n, shifts)."""
    shape = frames.shape[1:]
    counted = part & np.isfinite(frames)
    mean = np.where(counted, frames, 0).sum(axis=(1, 2)) / np.maximum(counted.sum(axis=(1, 2)), 1)
    left = np.where(counted, frames - mean[:, None, None], 0).astype(np.float32)
    known = np.isfinite(specimens)
    level = np.where(known, specimens, 0).sum(axis=(1, 2)) / np.maximum(known.sum(axis=(1, 2)), 1)
    image = np.where(known, specimens - level[:, None, None], 0).astype(np.float32)
    products = _correlate(left, image)
    squares = _correlate(counted.astype(np.float32), image * image)
    reach = [int(FURTHEST * n) for n in shape]
    rows, columns = (np.r_[0 : far + 1, n - far : n] for far, n in zip(reach, shape, strict=True))
    logs = (products - 0.5 * squares) / noise
    return np.asarray(logs[:, rows[:, None], columns].reshape(len(frames), -1), np.float64)


def _correlate(images: Images, others: Images) -> FloatArray:
    shape = images.shape[1:]
    return np.asarray(fft.irfft2(fft.rfft2(images) * np.conj(fft.rfft2(others)), s=shape), np.float64)


def _clip(gains: FloatArray) -> FloatArray:
    """Gains of which no frame has more than three deviations more than most."""
    middle = np.median(gains)
    far = 3 * 1.4826 * np.median(np.abs(gains - middle))
    return np.asarray(np.clip(gains, middle - far, middle + far), np.float64)
