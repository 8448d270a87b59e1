"""Which motion and which reference: by pixels that were not used to fit, on some frames from all over the movie.

Tiles of the frames, as of a chessboard, are fitted to; on the others each frame is predicted from the rest of the
movie, as the candidate says that it moved, and compared with what is there, untouched. A wider motion is taken only if
it predicts better by far more than chance; where none is better than no motion, the movie is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, FloatArray, Frames, Source, Treatment, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError
from holdstill.io.array import ArraySource
from holdstill.io.chosen import ChosenSource
from holdstill.reference.kinds import is_sequential
from holdstill.result.registration import Registration
from holdstill.run.limits import shift_limit
from holdstill.run.options import RegisteringOptions
from holdstill.run.reduction import ReducedSource, reduce_grid
from holdstill.run.refocus import quarter
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["Chosen", "choose", "describe_choice", "exclude_motion", "is_auto", "judge", "score_frames", "tile"]

AUTO, NONE = "auto", "none"
MOTIONS, REFERENCES = ("translation", "rigid", "affine"), ("template", "rolling", "pairs")
# so many frames are looked at, binned to so many px
SAMPLE_FRAMES, SAMPLE_PX = 48, 512
# a candidate is better if it is so many standard errors better over the frames, and by so much
SIGNIFICANT, WORTH = 2.0, 0.005
LEAST_EXPLAINED = 1e-6
# of the held-out pixels so many, and such a share, must show in all
LEAST_PIXELS, LEAST_SHARE, LEAST_QUARTERS = 64, 0.25, 2
TILE_PX, LEAST_TILE_PX = 32, 8
# frames on either side, without itself, that a frame is predicted from
NEIGHBOURS = 12
# motion is excluded where a shift is within so many error bars of none, or so many px
ERROR_BARS, STILL_PX = 3.0, 0.1


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What was taken, and how all candidates did.

    Attributes
    ----------
    name : str
        Of the candidate; ``"none"`` where none is better than no motion.
    scores : dict of str to float
        How much more is explained than without motion, as a share of the larger of the two.
    """

    name: str
    scores: dict[str, float]


def tile(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Tiles of a chessboard over ``(y, x)``: True where is fitted."""
    size = int(np.clip(min(shape[-2:]) // 8, LEAST_TILE_PX, TILE_PX))
    rows, columns = (np.arange(n) // size for n in shape[-2:])
    return np.broadcast_to((rows[:, None] + columns) % 2 == 0, shape).copy()


def score_frames(frames: Frames, trajectory: Trajectory, held_out: NDArray[np.bool_], device: Device) -> FloatArray:
    """How much of each quarter of a frame, on held-out pixels, the others explain, (n, 4): 0 to 1.

    NaN where too little shows.

    The others are averaged in two halves, whose noise is independent, so that what interpolation does to the noise of
    their mean is no merit: the share is ``<f, a> <f, b> / (<a, b> <f, f>)``.

    Parameters
    ----------
    frames : ndarray, (n, [z,] y, x)
    trajectory : Trajectory
        Of the frames.
    held_out : ndarray of bool, ([z,] y, x)
        Pixels of the frames that were not fitted to.
    device : Device
    """
    values = np.asarray(frames, np.float32)
    aligned = np.empty_like(values)
    trajectory.resample(device, values, interpolation="cubic", edge="constant", fill=np.nan, out=aligned)
    quarters = [held_out & mask for mask in quarter(held_out.shape)]
    found = np.full((len(values), len(quarters)), np.nan)
    for t in range(len(values)):
        near = np.arange(max(t - NEIGHBOURS, 0), min(t + NEIGHBOURS + 1, len(values)))
        near = near[near != t]
        halves = [_predict(trajectory.part([t]), aligned[near[half::2]], device) for half in (0, 1)]
        found[t] = [_share_explained(values[t], halves[0], halves[1], mask) for mask in quarters]
    return found


def _predict(one: Trajectory, rest: NDArray[np.float32], device: Device) -> NDArray[np.float32]:
    """The mean of aligned frames as one frame sees it; NaN where fewer than half of them show anything."""
    known = np.isfinite(rest)
    count = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(count >= max(len(rest) / 2, 1), np.where(known, rest, 0).sum(axis=0) / count, np.nan)
    predicted = np.empty((1, *rest.shape[1:]), np.float32)
    one.resample_back(device, mean[None].astype(np.float32), fill=np.nan, out=predicted)
    return predicted[0]


def _share_explained(frame: NDArray[Any], first: NDArray[Any], second: NDArray[Any], where: NDArray[np.bool_]) -> float:
    """Share of the variance of a frame; gain and offset are free."""
    shown = where & np.isfinite(frame)
    both = shown & np.isfinite(first) & np.isfinite(second)
    if both.sum() < max(LEAST_PIXELS, LEAST_SHARE * shown.sum()):
        return float("nan")
    f, a, b = (part[both].astype(np.float64) for part in (frame, first, second))
    f, a, b = f - f.mean(), a - a.mean(), b - b.mean()
    shared, power = float(a @ b), float(f @ f)
    if shared <= 0 or power <= 0 or float(f @ a) <= 0 or float(f @ b) <= 0:
        return 0.0
    return min(float(f @ a) * float(f @ b) / (shared * power), 1.0)


def choose(candidates: Sequence[str], score: Callable[[str], FloatArray]) -> Chosen:
    """The first candidate of those that predict best, from the narrowest to the widest.

    Parameters
    ----------
    candidates : sequence of str
        The first is no motion; each must be better than the one taken so far.
    score : callable
        How much of each quarter of each frame is explained, (n, 4), by name. Frames that moved gain and others do not:
        what is chance tell the quarters of a frame, not the frames.
    """
    first = candidates[0]
    none = taken = score(first)
    name, scores = first, {first: 0.0}
    for one in candidates[1:]:
        found = score(one)
        gain, error = _compare(found, taken)
        if not np.isfinite(gain):
            continue
        scores[one] = round(_compare(found, none)[0], 5)
        if gain > max(SIGNIFICANT * error, WORTH):
            name, taken = one, found
    return Chosen(name=name, scores=scores)


def _compare(found: FloatArray, taken: FloatArray) -> tuple[float, float]:
    """Mean gain as a share of what is explained, and its standard error from how the quarters of each frame differ.

    NaN if unknown. Frames that nobody explains, as blank ones, add nothing.
    """
    both = np.isfinite(found) & np.isfinite(taken)
    scale = max(float(np.maximum(found, taken)[both].mean()), LEAST_EXPLAINED) if both.any() else 1.0
    gains = (found - taken) / scale
    known = np.isfinite(gains)
    told = known.sum(axis=1) >= LEAST_QUARTERS
    if not told.any():
        return float("nan"), float("nan")
    counts = known[told].sum(axis=1)
    values = np.where(known[told], gains[told], 0.0)
    means = values.sum(axis=1) / counts
    spread = np.where(known[told], (values - means[:, None]) ** 2, 0.0).sum(axis=1) / (counts - 1) / counts
    return float(means.mean()), float(np.sqrt(spread.sum()) / len(means))


def exclude_motion(found: Registration) -> Registration:
    """A movie that is left alone: ok where the data exclude motion, else ``content_changed``."""
    shifts, errors = found.shifts, np.nan_to_num(found.shift_errors)
    middle = np.median(shifts[found.ok], axis=0) if found.ok.any() else 0.0
    near = np.abs(shifts - middle) <= np.maximum(ERROR_BARS * errors, STILL_PX)
    still = [bool(row.all()) for row in near]
    verdicts = tuple(
        Verdict.CONTENT_CHANGED if verdict is Verdict.OK and not ok else verdict
        for verdict, ok in zip(found.verdicts, still, strict=True)
    )
    alone = replace(found, verdicts=verdicts).repair("identity")
    family = alone.trajectory.motion
    nothing = np.tile(family.identity(len(found.frame_shape)), (len(found), 1))
    return replace(alone, parameters=nothing, treatments=(Treatment.IDENTITY,) * len(found))


def is_auto(options: RegisteringOptions) -> bool:
    """Whether motion or reference are to be chosen."""
    return AUTO in (options.motion, options.reference if isinstance(options.reference, str) else "")


def judge(
    source: Source,
    channel: int,
    options: RegisteringOptions,
    register: Callable[[Source, RegisteringOptions], Registration],
) -> tuple[RegisteringOptions, Chosen]:
    """The options with what predicts best in place of ``"auto"``, and how all did; ``"none"``: nothing should move."""
    bench = _Bench.of(source, options, channel, register)
    scores: dict[str, float] = {}
    motion, reference = options.motion, options.reference
    name = NONE
    if motion == AUTO:
        first = "template" if reference == AUTO else reference
        chosen = choose([NONE, *MOTIONS], lambda one: bench.score(one, first))
        name, scores = chosen.name, chosen.scores
        motion = "translation" if name == NONE else name
    if reference == AUTO:
        taken = choose([NONE, *_list_references(motion)], lambda one: bench.score(NONE if one == NONE else motion, one))
        scores |= {one: value for one, value in taken.scores.items() if one != NONE}
        reference = REFERENCES[0] if taken.name == NONE else taken.name
        name = taken.name if name in (NONE, motion) else name
    return replace(options, motion=motion, reference=reference), Chosen(name=name, scores=scores)


def _list_references(motion: str) -> tuple[str, ...]:
    """What a motion can be compared with: where shifts alone can be chained, no sequential reference."""
    try:
        for reference in filter(is_sequential, REFERENCES):
            find_motion(motion).check_sequential(reference)
    except InputError:
        return tuple(reference for reference in REFERENCES if not is_sequential(reference))
    return REFERENCES


@dataclass(frozen=True, eq=False)
class _Bench:
    """Some frames on which candidates are tried."""

    frames: Frames
    fitted: NDArray[np.bool_]
    held_out: NDArray[np.bool_]
    options: RegisteringOptions
    register: Callable[[Source, RegisteringOptions], Registration]

    @classmethod
    def of(
        cls,
        source: Source,
        options: RegisteringOptions,
        channel: int,
        register: Callable[[Source, RegisteringOptions], Registration],
    ) -> _Bench:
        info = source.info
        numbers = np.unique(np.linspace(0, info.n_frames - 1, SAMPLE_FRAMES).round().astype(int))
        factor = max(1, -(-max(info.frame_shape[-2:]) // SAMPLE_PX))
        limit = shift_limit(options.max_shift, info)
        with ReducedSource(ChosenSource(source, numbers), bin=factor, average=1, device=CpuDevice()) as reduced:
            frames = reduced.read(0, len(numbers), channel=channel)[:, 0]
            mask = reduced.reduce_mask(None if options.mask is None else np.asarray(options.mask, bool))
        shown = np.ones(frames.shape[1:], bool) if mask is None else mask
        tiles = tile(frames.shape[1:])
        plain = replace(
            options, channel=0, mask=tiles & shown, max_speed=None, repair="interpolate", smooth=None, refocus_at=None,
            bin=1, average=1, progress=False, grid=reduce_grid(options.grid, factor, options.motion),
            max_shift=None if limit is None else tuple(np.broadcast_to(limit, info.ndim) / factor),
        )  # fmt: skip
        return cls(frames, tiles & shown, ~tiles & shown, plain, register)

    def score(self, motion: str, reference: Any) -> FloatArray:
        """How much of each frame is explained with a motion and a reference."""
        shape = self.frames.shape[1:]
        if motion == NONE:
            trajectory = Trajectory.of("translation", np.zeros((len(self.frames), len(shape))), shape)
        else:
            source = ArraySource(self.frames, axes="T" + "ZYX"[-len(shape) :], name="sample")
            options = replace(self.options, motion=motion, reference=reference)
            trajectory = self.register(source, options).trajectory
        return score_frames(self.frames, trajectory, self.held_out, CpuDevice())


def describe_choice(chosen: Chosen) -> dict[str, Any]:
    """For the provenance."""
    return {"taken": chosen.name, "explained_against_none": chosen.scores}
