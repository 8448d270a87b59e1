"""Classical estimators of translation, each beside what it replaces: CPU time and error on the same frames."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from skimage.feature import match_template
from skimage.registration import phase_cross_correlation

from benchmarks.tables import Claim, Section
from holdstill.contracts import Reference
from holdstill.devices.cpu import CpuDevice
from holdstill.estimators import CrossCorrelation, MaskedCorrelation, PhaseCorrelation, TemplateMatching
from holdstill.evaluation import trajectories
from holdstill.evaluation.accuracy import ratio_to_bound
from holdstill.evaluation.movies import Movie
from holdstill.evaluation.peers import available_peers
from holdstill.evaluation.presets import presets

__all__ = ["classic"]

Shifts = Callable[[np.ndarray], np.ndarray]
Method = Callable[[Movie], Shifts]

SCENES = ("sparse-6", "texture-400", "cells-50")
SLOW_FRAMES = 5
SLOW = {"scikit-image masked", "scikit-image match_template"}
SEARCH_SHARE = 1 / 16
# threads of linear algebra that the method before left spinning would count as work of the next
REST_S = 0.2
# a tie is a tie: the same method on the same pixels differs by this much
TIE = 1.02


@dataclass(frozen=True)
class Pair:
    """One of ours and what it replaces; `asked` is how many times faster it should be."""

    ours: str
    make_ours: Method
    peer: str
    make_peer: Method
    asked: float


@dataclass
class Measured:
    """Milliseconds a frame and error over bound, for each method of a pair, scene by scene."""

    ours_ms: list[float] = field(default_factory=list)
    peer_ms: list[float] = field(default_factory=list)
    ours_ratio: list[float] = field(default_factory=list)
    peer_ratio: list[float] = field(default_factory=list)

    @property
    def speed(self) -> float:
        """Worst over the scenes."""
        return float(np.min(np.divide(self.peer_ms, self.ours_ms)))

    @property
    def error(self) -> float:
        """Ours over the peer's, worst over the scenes."""
        return float(np.max(np.divide(self.ours_ratio, self.peer_ratio)))


def _estimator(estimator: Any, mask: Callable[[tuple[int, ...]], np.ndarray] | None = None) -> Method:
    def make(movie: Movie) -> Shifts:
        device, image = CpuDevice(), movie.reference.astype(np.float32)
        known = None if mask is None else mask(image.shape)
        state = estimator.prepare(Reference(image=image, noise=movie.noise, mask=known), device)
        return lambda frames: estimator.estimate(state, _hidden(frames) if mask else frames, device).parameters

    return make


def _peer(name: str) -> Method | None:
    peer = available_peers().get(name)
    if peer is None:
        return None
    return lambda movie: lambda frames: peer.estimate(movie.reference.astype(np.float32), frames)


def _reference_mask(shape: tuple[int, ...]) -> np.ndarray:
    """The left quarter of the reference does not count."""
    mask = np.ones(shape, bool)
    mask[:, : shape[1] // 4] = False
    return mask


def _hidden(frames: np.ndarray) -> np.ndarray:
    """A corner of each frame is not known."""
    masked = frames.astype(np.float32)
    masked[:, : frames.shape[1] // 5, -frames.shape[2] // 5 :] = np.nan
    return masked


def _masked_peer(movie: Movie) -> Shifts:
    fixed, fixed_mask = movie.reference.astype(np.float32), _reference_mask(movie.reference.shape)

    def run(frames: np.ndarray) -> np.ndarray:
        known = np.isfinite(_hidden(frames))
        found = [
            phase_cross_correlation(fixed, frame, reference_mask=fixed_mask, moving_mask=mask)[0]
            for frame, mask in zip(frames, known, strict=True)
        ]
        return -np.array(found)

    return run


def _matching_peer(match: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Method:
    """The central half of the reference, searched by `match`, with a parabola through the logarithms at the peak."""

    def make(movie: Movie) -> Shifts:
        size = movie.reference.shape[0]
        reach, low, high = round(size * SEARCH_SHARE), size // 4, size - size // 4
        template = movie.reference[low:high, low:high].astype(np.float32)
        region = slice(low - reach, high + reach)

        def one(frame: np.ndarray) -> list[float]:
            score = match(frame[region, region].astype(np.float32), template)
            peak = np.unravel_index(int(score.argmax()), score.shape)
            lines = (score[peak[0] - 1 : peak[0] + 2, peak[1]], score[peak[0], peak[1] - 1 : peak[1] + 2])
            return [k - reach + _vertex(line) for k, line in zip(peak, lines, strict=True)]

        return lambda frames: np.array([one(frame) for frame in frames])

    return make


def _vertex(line: np.ndarray) -> float:
    below, at, above = np.log(np.maximum(line.astype(float), 1e-9))
    return float(0.5 * (below - above) / (below - 2 * at + above))


def _pairs(size: int) -> list[Pair]:
    """Those whose packages are installed."""
    roi, near = ((size // 4, size - size // 4),) * 2, round(size * SEARCH_SHARE)
    whole, close = TemplateMatching(roi=roi), TemplateMatching(roi=roi, search=near)
    phase = _estimator(PhaseCorrelation())
    rows = [
        ("CrossCorrelation", _estimator(CrossCorrelation()), "scikit-image cross", _peer("scikit-image cross"), 3),
        ("PhaseCorrelation", phase, "scikit-image phase", _peer("scikit-image phase"), 3),
        ("PhaseCorrelation", phase, "imreg_dft", _peer("imreg_dft"), 3),
        ("PhaseCorrelation", phase, "OpenCV phaseCorrelate", _peer("OpenCV phaseCorrelate"), 1),
        ("TemplateMatching", _estimator(whole), "TemplateMatchingPy", _peer("TemplateMatchingPy"), 1),
        (f"TemplateMatching, ±{near} px", _estimator(close), "OpenCV matchTemplate", _matching_peer(_opencv_match), 1),
        (f"TemplateMatching, ±{near} px", _estimator(close), "scikit-image match_template",
         _matching_peer(match_template), 3),
        ("MaskedCorrelation", _estimator(MaskedCorrelation(), _reference_mask), "scikit-image masked", _masked_peer, 3),
    ]  # fmt: skip
    return [Pair(ours, make, peer, other, asked) for ours, make, peer, other, asked in rows if other is not None]


def _opencv_match(image: np.ndarray, template: np.ndarray) -> np.ndarray:
    return cv2.matchTemplate(image, template, cv2.TM_CCOEFF_NORMED)


def _race(
    runs: tuple[Shifts, Shifts], frames: np.ndarray, repeat: int, rest_s: float
) -> tuple[list[float], list[np.ndarray]]:
    """Median CPU time, ms a frame, of each of two, taken in turn, and the shifts that they found."""
    found = [run(frames[:1].copy()) for run in runs]
    times: list[list[float]] = [[], []]
    for _ in range(repeat):
        for k, run in enumerate(runs):
            given = frames.copy()
            time.sleep(rest_s)
            began = time.process_time()
            found[k] = run(given)
            times[k].append((time.process_time() - began) * 1000 / len(frames))
    return [float(np.median(values)) for values in times], found


def classic(
    n_frames: int = 40, size: int = 512, repeat: int = 5, scenes: tuple[str, ...] = SCENES, rest_s: float = REST_S
) -> Section:
    """Each of ours and its peer in turn on the same frames, one thread."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        rows, measured = _measure(n_frames, size, repeat, scenes, rest_s)
    finally:
        cv2.setNumThreads(threads)
    claims = []
    for pair, m in measured:
        claims += [
            Claim(
                f"{pair.ours}: speed against {pair.peer}", f">= {pair.asked:g} x", f"{m.speed:.1f} x",
                m.speed >= pair.asked,
            ),
            Claim(f"{pair.ours}: error over that of {pair.peer}", "<= 1", f"{m.error:.2f} (worst)", m.error <= TIE),
        ]  # fmt: skip
    columns = ("scene - photons", "holdstill", "ms", "RMSE / bound", "replaces", "ms", "RMSE / bound", "faster by")
    note = (
        f"{n_frames} frames of {size} x {size} px, uint16, shifts of ±8 px; {SLOW_FRAMES} for the slowest peers. "
        "CPU time a frame, all threads counted, estimate alone; ours gives error bars and verdicts in that time. "
        "Template matching: the central half of the reference. Masked: the left quarter of the reference and a corner "
        f"of each frame. Errors that differ by less than {100 * (TIE - 1):.0f} % are called equal."
    )
    return Section("Classical estimators beside what they replace", columns, rows, note, claims)


def _measure(
    n_frames: int, size: int, repeat: int, scenes: tuple[str, ...], rest_s: float
) -> tuple[list[tuple[str, ...]], list[tuple[Pair, Measured]]]:
    rows: list[tuple[str, ...]] = []
    measured = [(pair, Measured()) for pair in _pairs(size)]
    for scene in scenes:
        shifts = trajectories.uniform(n_frames, min(8.0, size * SEARCH_SHARE - 2), seed=9)
        movie = presets((size, size))[scene].movie(shifts, seed=10)
        for pair, m in measured:
            n = min(n_frames, SLOW_FRAMES) if pair.peer in SLOW else n_frames
            runs = (pair.make_ours(movie), pair.make_peer(movie))
            times, found = _race(runs, movie.frames[:n], 1 if pair.peer in SLOW else repeat, rest_s)
            ratios = [ratio_to_bound(one, shifts[:n], movie.bounds[:n]) for one in found]
            m.ours_ms.append(times[0])
            m.peer_ms.append(times[1])
            m.ours_ratio.append(ratios[0])
            m.peer_ratio.append(ratios[1])
            faster = f"{times[1] / times[0]:.1f} x"
            ours, theirs = (f"{time_:.2f}" for time_ in times)
            rows.append((scene, pair.ours, ours, f"{ratios[0]:.2f}", pair.peer, theirs, f"{ratios[1]:.2f}", faster))
    return rows, measured
