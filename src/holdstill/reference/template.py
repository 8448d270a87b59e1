"""What a sample of frames teaches: reference, noise and defects, before the whole movie is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Engine, Estimator, Reference, Verdict
from holdstill.engines.ahead import AheadEngine
from holdstill.methods.direct import Direct
from holdstill.reference.choosing import Choice, Choosing, Outvoting
from holdstill.reference.coarse import align_large, align_middle, is_large
from holdstill.reference.defects import Defects
from holdstill.reference.evening import find_steadier, look
from holdstill.reference.halves import Doubting, Halves, Halving, judge_halves, tell_far
from holdstill.reference.jumps import Jumping
from holdstill.reference.lag import ALIKE, Lagging
from holdstill.reference.learned import LearnedReference
from holdstill.reference.learning import Alignment, align_sample, is_noise_alone
from holdstill.reference.pattern import Separating
from holdstill.reference.sample import Sample, mean_aligned, mean_of, run_once
from holdstill.reference.strategies import Given, Strategy
from holdstill.reference.survey import find_defects
from holdstill.reference.turning import Turning
from holdstill.reference.turnover import Comparing
from holdstill.reference.unseparated import Unseparated
from holdstill.reference.widening import Widening
from holdstill.transforms.motions import find_warp_motion

__all__ = ["build_reference"]

# learning looks for large rotations where it has few frames, or not nearly all of them fit otherwise
FEW_FRAMES, NEARLY_ALL = 4, 0.8
LAGS_COVERED = 2.0
# error bars by which solutions of a pattern that is told from the specimen lie apart
SURELY_TOLD = 2.0
# What a specimen that turns leaves of itself passed for a pattern: tiles then widened error bars by 4.2, and by less
# than 2.9 where there was one. Stuck beads passed for one beside others that diffuse: tiles and halves widened by 3.8.
UNFIT = 3.5
# axes of a frame that are cut in two
PLANE = (-2, -1)
SURVEY_LEAST, SURVEY_MOST, SURVEY_BYTES = 4, 32, 256 << 20


def build_reference(
    strategy: Strategy,
    sample: Sample,
    estimator: Estimator,
    *,
    device: Device,
    engine: Engine,
    mask: NDArray[np.bool_] | None = None,
    lasting: bool = True,
) -> LearnedReference:
    """Learn reference and noise from a sample.

    Parameters
    ----------
    strategy : Strategy
    sample : Sample
    estimator : Estimator
    device : Device
    engine : Engine
    mask : ndarray of bool, ([z,] y, x), optional
        True where reference pixels count.
    lasting : bool
        Whether all frames show what the reference shows. Where each is compared with its neighbours content may change
        on the way: frames far from the reference then tell noise and defects, and nothing of views and patterns.
    """
    defects = run_once(engine, _Surveying(sample))
    sample = replace(sample, defects=defects)
    before = mean_of(sample, engine)
    align = partial(_align, strategy, device=device, engine=engine, mask=mask)
    found, estimator = _align_near_first(align, sample, estimator, strategy.anchored)
    ndim = len(sample.frame_shape)
    is_shift = isinstance(estimator, Direct) and found.trajectory.motion.count_parameters(ndim) == ndim
    judges = is_shift and lasting
    chosen, ahead = _Learning(sample=sample, found=found), AheadEngine(engine)
    if lasting:
        ahead.prepare(_list_questions(chosen, before, estimator, device, strategy, judges, mask is None))
    engine = ahead
    recorded = chosen
    if judges and not isinstance(strategy, Given):
        chosen = _choose(chosen, partial(align, estimator=estimator), estimator, device, engine)
    # an image that no frame fits is no specimen that a pattern could be told from
    if lasting and (strategy.anchored or len(found.rows) > 0):
        separate = partial(_separate, before=before, align=align, estimator=estimator, anchored=strategy.anchored)
        chosen = separate(chosen, device=device, engine=engine)
        contrast = chosen.sample.defects.contrast
        if contrast is not None and contrast.flattens and chosen.sample.defects.pattern is None:
            chosen = _outvote(chosen, separate(recorded, device=device, engine=engine), estimator, device, engine)
    if judges and mask is None:
        chosen = _even(chosen, before, align, estimator, strategy.anchored, device, engine)
    sample, found = chosen.sample, chosen.found
    # where frames are compared with neighbours, error bars are measured beside those
    examined = _examine(chosen, estimator, device, engine, judges, strategy.anchored) if lasting else Halves()
    after = _show_aligned(sample, found, device, engine)
    sample.forget()
    is_empty = strategy.anchored and not isinstance(strategy, Given) and is_noise_alone(found)
    doubt = examined.doubt or (Verdict.BLANK if is_empty else None)
    defects = replace(sample.defects, widening=examined.widening, doubt=doubt)
    reference, prepared = found.reference, found.prepared
    if reference.prior and examined.widening != 1:
        reference, prepared = replace(reference, widening=examined.widening), None
    return LearnedReference(
        reference=reference, anchored=strategy.anchored, defects=defects,
        before=before, after=after, rounds=found.rounds, n_good=len(found.rows), prepared=prepared,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class _Learning:
    """A sample as it is looked at, aligned so, and what is known of it so far.

    `doubt` is what its views and patterns leave open, `suspicion` what is said where nothing else explains it,
    `covering` by how much error bars are to grow for what is missing of the motion, in units of such a bar; `is_held`:
    something that stands still was found to hold frames back; `is_sought`: such a thing was looked for.
    """

    sample: Sample
    found: Alignment
    choice: Choice = field(default_factory=Choice)
    doubt: Verdict | None = None
    covering: float = 0.0
    suspicion: Verdict | None = None
    is_held: bool = False
    is_sought: bool = False


def _list_questions(
    known: _Learning, before: NDArray[np.float32], estimator: Estimator, device: Device, strategy: Strategy,
    judges: bool, is_whole: bool,
) -> list[Callable[[Chunk], Any]]:  # fmt: skip
    """What will be asked of a sample in which nothing is found amiss; of two cores the first takes the longest."""
    of, jobs = (known.sample, known.found), list[Callable[[Chunk], Any]]()
    chooses = judges and not isinstance(strategy, Given)
    jobs += [Comparing(*of, device)] if strategy.anchored else []
    jobs += [Choosing(*of, estimator, device)] if chooses else []
    jobs += [Lagging(*of, device)] if judges and is_whole else []
    jobs += [Separating(*of, before, estimator, device)] if strategy.anchored or len(known.found.rows) else []
    jobs += [] if chooses else [Widening(*of, device)]
    return jobs + ([Halving(*of, estimator, device, axis) for axis in PLANE] if judges else [])


def _align(
    strategy: Strategy, sample: Sample, estimator: Estimator, *, device: Device, engine: Engine,
    mask: NDArray[np.bool_] | None, begin: Reference | None = None,
) -> Alignment:  # fmt: skip
    """The sample aligned; of large frames that begin with nothing a binned copy first."""
    if begin is None and isinstance(estimator, Direct) and is_large(sample, estimator):
        if strategy.anchored:
            return align_large(strategy, sample, estimator, device=device, engine=engine, mask=mask)
        found = None if mask is not None else align_middle(strategy, sample, estimator, device=device, engine=engine)
        if found is not None:
            return found
    return align_sample(strategy, sample, estimator, device=device, engine=engine, mask=mask, begin=begin)


def _align_near_first(
    align: Callable[..., Alignment], sample: Sample, estimator: Estimator, anchored: bool
) -> tuple[Alignment, Estimator]:
    """The sample aligned, and by what: without a search for large rotations, if nearly all frames fit so.

    A template then begins as that of mere shifts, which find their way in less light.
    """
    turns = isinstance(estimator, Direct) and not find_warp_motion(estimator.motion).shifts_only
    if not isinstance(estimator, Direct) or not turns or len(sample) < FEW_FRAMES or len(sample.frame_shape) > 2:
        return align(sample, estimator), estimator
    near, begin = replace(estimator, any_rotation=False), None
    if anchored:
        shifted = align(sample, replace(estimator, motion="translation"))
        if len(shifted.rows) > NEARLY_ALL * len(sample):
            begin = shifted.reference
    found = align(sample, near, begin=begin)
    if len(found.rows) > NEARLY_ALL * len(sample) or not estimator.any_rotation:
        return found, near
    return align(sample, estimator), estimator


def _choose(
    known: _Learning, align: Callable[..., Alignment], estimator: Estimator, device: Device, engine: Engine
) -> _Learning:
    """As frames are best looked at."""
    choice = run_once(engine, Choosing(known.sample, known.found, estimator, device))
    if choice.contrast is None:
        return replace(known, choice=choice)
    sample = replace(known.sample, defects=replace(known.sample.defects, contrast=choice.contrast))
    return replace(known, sample=sample, found=align(sample), choice=choice)


def _separate(
    known: _Learning, before: NDArray[np.float32], align: Callable[..., Alignment], estimator: Estimator,
    anchored: bool, device: Device, engine: Engine, *, asked: bool = False,
) -> _Learning:  # fmt: skip
    """Less a fixed pattern, if there is one; `before` is the mean of the frames as they are."""
    still = before if known.sample.defects.contrast is None else mean_of(known.sample, engine)
    split = run_once(engine, Separating(known.sample, known.found, still, estimator, device, asked))
    if split.pattern is None and asked and not split.is_held:
        return known
    told = replace(
        known, doubt=split.doubt, covering=split.apart, is_held=split.is_held, is_sought=split.is_sought
    )  # fmt: skip
    if split.pattern is None:
        return told
    less = replace(known.sample.defects, pattern=split.pattern, varying=split.varying)
    sample = replace(known.sample, defects=less)
    found = align(sample, estimator, begin=split.specimen if anchored else None)
    choice = _ask_again(known.choice, sample, found, estimator, device, engine)
    return replace(told, sample=sample, found=found, choice=choice)


def _outvote(known: _Learning, less: _Learning, estimator: Estimator, device: Device, engine: Engine) -> _Learning:
    """Frames as they were recorded `less` a pattern, if they surely show another motion than a view that shows none.

    Stripes and shading make frames lie together that are flattened, and no pattern is left to be seen there.
    """
    if not (less.is_held or less.covering < SURELY_TOLD):
        return known
    both = [Choosing(one.sample, one.found, estimator, device) for one in (less, known)]
    if less.sample.defects.pattern is not None and run_once(engine, Outvoting(*both)):
        return less
    # what surely holds frames as recorded may hold flattened ones, and nothing tells by how much; not those at rest
    is_open = less.is_held and not Unseparated(known.sample, known.found, estimator, device).stands_still()
    return replace(known, suspicion=less.doubt) if is_open else known


def _even(
    known: _Learning, before: NDArray[np.float32], align: Callable[..., Alignment], estimator: Estimator,
    anchored: bool, device: Device, engine: Engine,
) -> _Learning:  # fmt: skip
    """Where frames lag behind: less what holds them back, as far as that helps; the rest is covered or doubted."""
    now = look(known.sample, known.found, device, engine)
    # where a pattern is in doubt it was looked for already
    is_open = known.sample.defects.pattern is None and known.doubt is None
    if is_open and (now.lag.is_suspicious or now.lag.leaves_slow):
        # along a pattern of columns frames are found, and a template holds it: nothing else shows that it is there
        split = known
        if not known.is_sought:
            split = _separate(known, before, align, estimator, anchored, device, engine, asked=True)
        less = now if split.sample is known.sample else look(split.sample, split.found, device, engine)
        better = less.lag.total < now.lag.total or less.lag.alike < ALIKE < now.lag.alike
        if split.is_held or (better and now.lag.is_suspicious):
            known, now = split, less
    steady = find_steadier(now, partial(align, estimator=estimator), device, engine) if anchored else now
    lag = steady.lag
    if steady is not now:
        choice = replace(known.choice, contrast=None)
        choice = _ask_again(choice, steady.sample, steady.found, estimator, device, engine)
        known = replace(known, sample=steady.sample, found=steady.found, choice=choice, doubt=None, covering=0.0)
    # what surely holds frames back and was not found, or of frames that were evened, where that is not sure any more
    is_left = known.is_held and known.sample.defects.pattern is None and lag.may_be_much
    if steady is now and not lag.is_sure and not lag.is_much and not is_left:
        return known
    much = Verdict.STATIC_PATTERN if lag.is_much or is_left else None
    covering = float(np.hypot(known.covering, LAGS_COVERED * steady.missing / max(lag.error, 1e-12)))
    return replace(known, doubt=known.doubt or (much if lag.is_sure else None), suspicion=much, covering=covering)


def _ask_again(
    choice: Choice, sample: Sample, found: Alignment, estimator: Estimator, device: Device, engine: Engine
) -> Choice:
    """The choice without its doubt, if views of frames agree once their pattern is off: it had carried one of them.

    What outshines all else on its way through the frame leaves a trace that passes for a pattern, and proves nothing.
    """
    if choice.doubt is None or choice.contrast is not None or choice.outshone:
        return choice
    again = run_once(engine, Choosing(sample, found, estimator, device))
    return choice if again.doubt or again.contrast else replace(choice, doubt=None)


def _examine(
    known: _Learning, estimator: Estimator, device: Device, engine: Engine, by_halves: bool, over_time: bool
) -> Halves:
    """By how much error bars of an aligned sample are to grow, and whether its halves and its times agree."""
    sample, found = known.sample, known.found
    told = known.choice.widening if sample.defects.contrast is None and sample.defects.pattern is None else None
    widening = run_once(engine, Widening(sample, found, device)) if told is None else told
    axes = [Halving(sample, found, estimator, device, axis) for axis in PLANE] if by_halves else []
    apart = [run_once(engine, axis) for axis in axes]
    halves = judge_halves(apart, widening, known.covering)
    # halves tell less where something may hold frames back
    is_held = known.covering > 0
    asks = by_halves and (is_held or not tell_far(apart))
    turned = run_once(engine, Turning(sample, found, device, is_held)) if asks else None
    turnover = run_once(engine, Comparing(sample, found, device)) if over_time else None
    faint = run_once(engine, Doubting(sample, found, estimator, device)) if over_time and by_halves else None
    jumped = run_once(engine, Jumping(sample, found, estimator, device)) if over_time else None
    measured = widening * halves.widening
    unfit = Verdict.CONTENT_CHANGED if sample.defects.pattern is not None and measured > UNFIT else None
    widening = float(np.hypot(measured, known.covering))
    # what comes and goes is explained better by two images than by one, though neither stands still
    changes = halves.doubt if known.doubt is Verdict.STATIC_PATTERN and turnover else None
    surely = known.choice.doubt or changes or known.doubt or halves.doubt or turned or jumped
    return Halves(widening, surely or faint or turnover or unfit or known.suspicion)


def _show_aligned(sample: Sample, found: Alignment, device: Device, engine: Engine) -> NDArray[np.float32]:
    """Mean of the aligned sample in grey levels as they were recorded, however frames were looked at."""
    if sample.defects.contrast is None or not len(found.rows) or len(found.trajectory) != len(found.rows):
        return found.after
    recorded = replace(sample, defects=replace(sample.defects, contrast=None, pattern=None))
    return mean_aligned(recorded, found.rows, found.trajectory, device, engine).image


@dataclass(frozen=True, eq=False)
class _Surveying:
    """Defects that a few frames from all over a sample show."""

    sample: Sample

    def __call__(self, everything: Chunk) -> Defects:
        size = int(np.prod(self.sample.frame_shape)) * self.sample.source.info.dtype.itemsize
        most = min(len(self.sample), max(SURVEY_LEAST, min(SURVEY_MOST, SURVEY_BYTES // size)))
        return find_defects(self.sample.read(np.unique(np.linspace(0, len(self.sample) - 1, most).astype(np.int64))))
