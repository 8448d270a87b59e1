"""How well methods register a movie like the user's own: its specimen, its noise, and motion that is known.

What the movie shows is learned from it; frames are made of that with known shifts and with noise as the movie has it.
So each method can be judged by what it should have found. What the frames cannot have: content that changes or moves
by itself, uneven light, and anything else that stands still.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray, Source
from holdstill.errors import InputError
from holdstill.evaluation.accuracy import failure_rate, rmse, z_score_std
from holdstill.evaluation.copies import make_copy
from holdstill.evaluation.peers import available_peers
from holdstill.io.array import ArraySource
from holdstill.result.registration import Registration
from holdstill.run.options import RegisteringOptions
from holdstill.run.register import learn_template, register

__all__ = ["Score", "SelfTest", "recommend", "try_methods"]

LEAST_PX = 48
FAR_PX = 1.0
MEMORY_FRAMES = 4
OURS = "holdstill"
# a peer is worth a word if it is so much better; frames that fail may be so many
CLEARLY, FEW = 0.9, 0.02
WELL_STATED = (0.7, 1.4)


@dataclass(frozen=True, kw_only=True)
class Score:
    """What one method did.

    Attributes
    ----------
    method : str
    error_px : float
        Root mean square error per axis over the frames that it did not lose; NaN if it lost all.
    stated_px : float or None
        The error that it stated itself, in the median.
    z_score : float or None
        Standard deviation of error over stated error: 1 where the error bars hold.
    lost : float
        Share of the frames that are more than 1 px off, and were not flagged.
    flagged : float
        Share of the frames that it refused.
    ms_per_frame : float
        Processor time of this process.
    memory_mb : float
        Most that NumPy's arrays took at a time.
    """

    method: str
    error_px: float
    stated_px: float | None
    z_score: float | None
    lost: float
    flagged: float
    ms_per_frame: float
    memory_mb: float


@dataclass(frozen=True, kw_only=True)
class SelfTest:
    """What came out.

    Attributes
    ----------
    scores : tuple of Score
        Ours first.
    raw_px : float
        Root mean square of the motion that was to be found.
    frames : int
        How many were made.
    shape : tuple of int
        Of a frame, px.
    recommendation : str
        One sentence.
    """

    scores: tuple[Score, ...]
    raw_px: float
    frames: int
    shape: tuple[int, ...]
    recommendation: str


def try_methods(source: Source, options: RegisteringOptions, n_frames: int = 40) -> SelfTest:
    """Try ours and every peer that is installed on a copy of a movie that moves in a known way.

    Parameters
    ----------
    source : Source
        Planes.
    options : RegisteringOptions
        How ours registers the movie, and its copy: method, channel, max_shift and device. Motion is by translation.
    n_frames : int
        Length of the copy.

    Raises
    ------
    InputError
        The movie has no planes of 48 px at least, or none of its frames can be registered.
    """
    if source.info.ndim != 2 or min(source.info.frame_shape) < LEAST_PX:
        raise InputError(f"{source.info.name}: selftest takes movies of planes of {LEAST_PX} px or more")
    frames, truth, _ = make_copy(source, options, n_frames)
    copy = ArraySource(frames, axes="TYX", name=f"copy of {source.info.name}")

    def ours(movie: NDArray[Any]) -> Registration:
        part = copy if movie is frames else ArraySource(movie, axes="TYX", name="part")
        return register(part, RegisteringOptions(method=options.method, max_shift=options.max_shift))

    ours(frames[:MEMORY_FRAMES])  # compiles
    scores = [_score_ours(ours, frames, truth)]
    shared = _learn_shared(copy, options)  # peers have none of their own
    for name, peer in available_peers().items():
        scores.append(_score(name, lambda movie, peer=peer: peer.estimate(shared, movie), frames, truth))  # type: ignore[misc]
    raw = float(np.sqrt(np.mean((truth - truth.mean(axis=0)) ** 2)))
    return SelfTest(
        scores=tuple(scores), raw_px=raw, frames=n_frames, shape=frames.shape[1:],
        recommendation=recommend(tuple(scores), raw),
    )  # fmt: skip


def _learn_shared(copy: Source, options: RegisteringOptions) -> NDArray[np.float32]:
    """What ours learns of the copy, as a reference for all."""
    template = learn_template(copy, RegisteringOptions(method=options.method, max_shift=options.max_shift))
    return np.where(np.isfinite(template), template, np.nanmedian(template)).astype(np.float32)


def _score_ours(run: Callable[[NDArray[Any]], Registration], frames: NDArray[Any], truth: FloatArray) -> Score:
    kept: list[Registration] = []

    def estimate(movie: NDArray[Any]) -> FloatArray:
        kept.append(run(movie))
        return np.where(kept[-1].ok[:, None], kept[-1].shifts, np.nan)

    plain = _score(OURS, estimate, frames, truth)
    found = kept[0]
    if not found.ok.any():
        return plain
    stated = found.shift_errors
    z_score = z_score_std(found.shifts, truth, stated, free_origin=True, keep=found.ok)
    flagged = float(np.mean(~found.ok))
    return Score(
        method=OURS, error_px=plain.error_px, stated_px=float(np.median(stated[found.ok])), z_score=z_score,
        lost=max(plain.lost - flagged, 0.0), flagged=flagged, ms_per_frame=plain.ms_per_frame,
        memory_mb=plain.memory_mb,
    )  # fmt: skip


def _score(
    name: str,
    estimate: Callable[[NDArray[Any]], FloatArray],
    frames: NDArray[Any],
    truth: FloatArray,
) -> Score:
    began = time.process_time()
    found = estimate(frames)
    seconds = time.process_time() - began
    tracemalloc.start()
    estimate(frames[:MEMORY_FRAMES])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    off = np.linalg.norm(found - truth - np.nanmedian(found - truth, axis=0), axis=1)
    near = off <= FAR_PX
    return Score(
        method=name,
        error_px=rmse(found, truth, free_origin=True, keep=near) if near.any() else float("nan"),
        stated_px=None,
        z_score=None,
        lost=failure_rate(found, truth, threshold_px=FAR_PX, free_origin=True),
        flagged=0.0,
        ms_per_frame=1e3 * seconds / len(frames),
        memory_mb=peak / 2**20,
    )


def recommend(scores: tuple[Score, ...], raw_px: float) -> str:
    """What to do with a movie like this, in one sentence."""
    ours, *others = scores
    failing = ours.lost + ours.flagged
    good = [one for one in others if one.lost <= max(ours.lost, FEW) and np.isfinite(one.error_px)]
    best = min(good, key=lambda one: one.error_px, default=None)
    if np.isnan(ours.error_px) or failing > 0.5:
        return (
            f"Too little can be seen in single frames: {100 * failing:.0f} % of them were lost or refused; try "
            "average=4 or bin=2, another channel, or record with more light."
        )
    if best is not None and best.error_px < CLEARLY * ours.error_px:
        return (
            f"On a movie like this {best.method} is more exact ({best.error_px:.3g} px against {ours.error_px:.3g}); "
            "please report it, with the movie if you can."
        )
    if ours.error_px >= raw_px:
        return (
            f"The motion of {raw_px:.2g} px is smaller than the error of {ours.error_px:.2g} px: leave the movie as it "
            "is, or take smooth='kalman'."
        )
    if failing > FEW:
        return (
            f"Register it with the defaults, to {ours.error_px:.3g} px, and look at the flagged frames: "
            f"{100 * ours.flagged:.0f} % were refused and {100 * ours.lost:.0f} % lost without a word."
        )
    if ours.z_score is not None and not WELL_STATED[0] <= ours.z_score <= WELL_STATED[1]:
        return (
            f"Register it with the defaults, to {ours.error_px:.3g} px; the errors are {ours.z_score:.1f} times those "
            "stated, so do not lean on the error bars."
        )
    return f"Register it with the defaults: they find its motion to {ours.error_px:.3g} px, and the error bars hold."
