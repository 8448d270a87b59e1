"""Movies of scanners that draw every second row backwards: the phase of each frame, measured before all else."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from holdstill.contracts import Chunk, Engine, FloatArray, Frames, Progress, Source
from holdstill.engines.plan import Plan
from holdstill.engines.remote import prepare_remote
from holdstill.errors import UnknownName
from holdstill.io.canvas import round_to
from holdstill.io.view import SourceView
from holdstill.methods.search.scan_phase import ScanWeights, learn_weights, measure_phases, shift_rows
from holdstill.run.options import SCANS
from holdstill.transforms.repair import find_jumps
from holdstill.transforms.smoothing import smooth

__all__ = ["Phases", "ScanSource", "check_scan", "describe_phases", "follow_phases", "look_at_phases"]

# so many frames tell which frequencies count, and of "auto" the phase too
SAMPLE_FRAMES = 16
# error bars, and px, from which on a phase is worth a word
ERROR_BARS, WORTH_PX = 3.0, 0.05


@dataclass(frozen=True, eq=False)
class Phases:
    """How far odd rows are displaced against even ones.

    Attributes
    ----------
    values, errors : ndarray of float64, (T,)
        px. An error is NaN where the frame itself tells nothing.
    """

    values: FloatArray
    errors: FloatArray


class ScanSource(SourceView):
    """Frames whose odd rows are moved back, in the type of the images, for estimating; read when asked for.

    Parameters
    ----------
    source : Source
        Stays the caller's to close.
    phases : ndarray of float64, (T,)
    """

    def __init__(self, source: Source, phases: FloatArray) -> None:
        super().__init__(source)
        self._phases = phases

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        frames = self._source.read(start, stop, channel=channel)
        flat = frames.reshape(-1, *frames.shape[2:])
        moved = shift_rows(flat, np.repeat(self._phases[start:stop], frames.shape[1]))
        return round_to(moved, self.info.dtype).reshape(frames.shape)


def check_scan(scan: str | None) -> None:
    """Raise UnknownName unless there is such a way to scan; None is the usual one."""
    if scan is not None and scan not in SCANS:
        raise UnknownName(f"there is no scan {scan!r}; choose one of {', '.join(SCANS)}, or leave it out")


@dataclass(frozen=True, eq=False)
class _Measuring:
    """Phases of the frames of a chunk."""

    source: Source
    channel: int
    weights: ScanWeights
    name = "scan"

    def __call__(self, chunk: Chunk) -> tuple[Chunk, FloatArray, FloatArray]:
        frames = self.source.read(chunk.start, chunk.stop, channel=self.channel)[:, 0]
        return chunk, *measure_phases(frames, self.weights)


def follow_phases(source: Source, channel: int, plan: Plan, engine: Engine, progress: Progress) -> Phases:
    """The phase of every frame, weighed against its neighbours in time; steps are kept."""
    source, _, plan = prepare_remote(source, None, plan, engine)
    job = _Measuring(source, channel, _learn(source, channel, plan))
    values, errors = np.zeros(plan.n_frames), np.full(plan.n_frames, np.nan)
    for chunk, found, sure in engine.map(job, plan.chunks()):
        values[chunk.start : chunk.stop], errors[chunk.start : chunk.stop] = found, sure
        progress(job.name, chunk.stop, plan.n_frames)
    known = np.flatnonzero(np.isfinite(errors) & (errors > 0))
    if not len(known):
        return Phases(np.zeros(plan.n_frames), errors)
    column, bars = values[known, None], errors[known, None]
    jumps = find_jumps(column, bars, np.ones(len(known), bool))
    smoothed, variances = smooth(column, bars**2, known.astype(np.float64), jumps, "kalman")
    errors[known] = np.sqrt(variances[:, 0])
    return Phases(np.interp(np.arange(plan.n_frames), known, smoothed[:, 0]), errors)


def look_at_phases(source: Source, channel: int, plan: Plan) -> Phases:
    """The phases of a few frames from all over the movie."""
    frames = _sample(source, channel, plan)
    return Phases(*measure_phases(frames, learn_weights(frames)))


def describe_phases(phases: Phases, name: str, scan: str) -> dict[str, Any]:
    """What the provenance says; a warning where nobody asked for a phase that is there."""
    known = np.isfinite(phases.errors)
    if not known.any():
        return {"asked": scan, "phase_px": None}
    values, errors = phases.values[known], phases.errors[known]
    phase, error = float(np.median(values)), float(np.median(errors))
    if scan == "auto" and abs(phase) > max(ERROR_BARS * error, WORTH_PX):
        warnings.warn(
            f"{name}: every second row is displaced by {phase:.2f} +- {error:.2f} px along x, as of a scanner that "
            "goes to and fro; scan='bidirectional' corrects that",
            stacklevel=2,
        )
    return {
        "asked": scan, "phase_px": round(phase, 4), "phase_error_px": round(error, 4),
        "phase_range_px": [round(float(values.min()), 4), round(float(values.max()), 4)],
    }  # fmt: skip


def _learn(source: Source, channel: int, plan: Plan) -> ScanWeights:
    return learn_weights(_sample(source, channel, plan))


def _sample(source: Source, channel: int, plan: Plan) -> Frames:
    times = plan.sample()
    chosen = times[np.unique(np.linspace(0, len(times) - 1, SAMPLE_FRAMES).round().astype(int))]
    return np.concatenate([source.read(int(t), int(t) + 1, channel=channel)[:, 0] for t in chosen])
