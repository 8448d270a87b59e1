"""What stands still in the frame, told from what moves: ``frame_t = pattern + specimen moved by s_t``.

A fixed pattern of high contrast tells more about zero shift than a dim specimen does about its own. Where a sample
shows signs of one, pattern and specimen are solved for in turn, and that model is taken if it explains frames that it
was not made from better than the specimen alone does. Where nothing that moves explains them better than their
unaligned mean, the movie is doubtful.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Estimator, NoiseModel, Reference, Verdict
from holdstill.reference.beside_mean import doubt_rest, is_slow, leaves_slow, measure_noise, measure_noise_less_mean
from holdstill.reference.cropping import crop_to_middle
from holdstill.reference.dimming import measure_dimming
from holdstill.reference.lag import find_usual
from holdstill.reference.learning import Alignment
from holdstill.reference.losses import GAIN, LIKELY, SURELY, is_better
from holdstill.reference.means import mean_known, mean_of_products
from holdstill.reference.repeating import COVERED, repeat, settle
from holdstill.reference.residuals import loss, residuals
from holdstill.reference.rest import count_sigmas_of_motion, moves_before_mean
from holdstill.reference.sample import Sample
from holdstill.reference.separation import LEAST_FRAMES, MANY_SWEEPS, Model, Solver, show
from holdstill.reference.stretching import Held, find_held, solve_held
from holdstill.reference.uneven_lines import alternates, is_uneven
from holdstill.reference.unseparated import Unseparated
from holdstill.reference.varying import find_beside_varying, refine_beside_varying
from holdstill.transforms.middle import measure_offset
from holdstill.transforms.motions import find_motion

__all__ = ["Separating", "Split"]

MOST_FRAMES, LOOK_FRAMES, MOST_BYTES = 40, 12, 512 << 20
# Of large frames the middle is looked at, and a part of it decides: 16 frames of 1024 px take 20 s, not 42.
SEEN_PX, DECIDING_PX, FEW_FRAMES, REFINING = 768**2, 256**2, 24, 2
# Signs of a pattern: how little aligning gains over the mean (0.01 to 4 in clean movies) and how much is left (1.0 to
# 1.1), in units of what noise alone makes, of which two halves of the frames share what stays (clean: less than 0.003);
# and frames that do not fit.
LITTLE_GAIN, MUCH_LEFT, STAYS, UNFIT = 0.03, 1.25, 0.05, 0.1
# What a template explains better than the mean by two standard errors is left as it is.
# What flashes is taken for motion beside a pattern, by all halves of the pixels; but such a model explains frames worse
# than rest by .2 to .7 of the noise (two-photon movies of a mouse at rest), where a specimen does move by .001 to .01.
MUCH_WORSE = 0.1
# Of a specimen beside a pattern as bright, at 5 photons, both explain no more than the mean does, as they are twice as
# noisy; but halves of the pixels agree by 5 to 78 standard errors on where it is, and in movies that stand still by -2
# to 3.6 (12 movies each).
MOVES = 4.5
# Beside an aligned mean of others frames of noise have a loss of 1 and more. Where it is less the noise was taken too
# high, as of sharp and of clipped pictures (0.53 to 0.977), and what a pattern explains of it is none; unless every
# second row is brighter, which is one (dim movies with 0.97 ended 0.42 px off, ok).
NO_NOISE_LEFT = 0.98
# Of flattened frames, in which something bright moves on its own, the slow of it passes for a pattern and gains 0.03 to
# 0.05; patterns beside it gain 0.14 and more. Taken off, the slow made debris twice as bad, a third of it silently.
GAIN_FLATTENED = 0.08
# Of dim fringes a template holds as much as a pattern would explain: found without, frames were 8 error bars off, 21 of
# 30 silently. A model that explains them to their noise as well (fringes: 1.04; out of focus, or turned in parts: 1.4
# to 1.8, though up to 43 bars apart) is taken if its pattern lasts (shared by early and late frames, over what
# alternate frames share: 1.03). What four taps leave of pictures without noise passed for one that pulled by 0.018 px.
PULLED, PULLED_PX, LASTS = 7.0, 0.1, 0.5


@dataclass(frozen=True, eq=False)
class Split:
    """What was found: a `pattern` to be taken off all frames, a `doubt` about all of them, or neither.

    `varying` is to be taken off before, as high as it stands in each frame; `specimen` is what frames show beside the
    pattern, for a template to begin with; `apart` by how much error bars are to grow for what is not known of the
    pattern, in units of such a bar; `is_held`: something surely holds frames back; `is_sought`: there were signs of a
    pattern, or somebody asked.
    """

    pattern: NDArray[np.float32] | None = None
    varying: NDArray[np.float32] | None = None
    doubt: Verdict | None = None
    specimen: Reference | None = None
    apart: float = 0.0
    is_held: bool = False
    is_sought: bool = False


@dataclass(frozen=True, eq=False)
class Separating:
    """Job that looks for a fixed pattern in a sample that was aligned without one: at signs of it, or if `asked`."""

    sample: Sample
    found: Alignment
    before: NDArray[np.float32]
    estimator: Estimator
    device: Device
    asked: bool = False

    def __call__(self, everything: Chunk) -> Split:
        size = 4 * int(np.prod(self.sample.frame_shape))
        most = min(MOST_FRAMES, MOST_BYTES // size)
        if min(most, len(self.sample)) < LEAST_FRAMES or self.found.reference.mask is not None:
            return Split()
        seen = self._crop(SEEN_PX)
        solver = Solver(self.estimator, self.device, seen._noise())
        if solver.noise <= 0 or not (self.asked or seen._is_suspicious(solver)):
            return Split()
        return replace(self._seek(solver, seen._crop(DECIDING_PX), most), is_sought=True)

    def _seek(self, solver: Solver, part: Separating, most: int) -> Split:
        """What is found where a `part` of the frames decides, of so many frames at most."""
        n_rows = most if part is self else min(most, FEW_FRAMES)
        rows = np.unique(np.linspace(0, len(self.sample) - 1, n_rows).astype(np.int64))
        frames = part.sample.read(rows).astype(np.float32)
        held = part._find_held(solver, frames, rows)
        decided, apart = part._decide(solver, rows, frames, held, self._is_flattened())
        varying = None
        if not isinstance(decided, Model):
            quiet = measure_noise_less_mean(frames)
            solver = replace(solver, noise=min(solver.noise, quiet)) if quiet > 0 else solver
            beside = part._find_beside_varying(solver, rows, frames)
            if isinstance(beside, Verdict):
                return Split(doubt=decided or beside, apart=apart, is_held=held is not None)
            if beside is None or repeat(solver, residuals(frames, beside[1][None]), beside[0]).contradicts:
                return Split(doubt=decided, apart=apart, is_held=held is not None)
            (decided, varying), held = beside, None
            frames = residuals(frames, varying[None])
        model = solver.follow_light(frames, decided)
        again, unsettled = repeat(solver, frames, model), 0.0
        if held is not None and not model.varies and not again.contradicts:
            model, unsettled = settle(solver, frames, model)
            again = again.join(repeat(solver, frames, model)) if unsettled else again
        if again.contradicts:
            return Split(doubt=Verdict.STATIC_PATTERN, is_held=held is not None)
        more = COVERED * unsettled, measure_dimming(solver, frames, model)
        if part is not self:
            model, varying = self._enlarge(model, solver, rows, varying)
        return Split(
            pattern=model.pattern,
            varying=varying,
            apart=float(np.hypot(again.covering, np.hypot(*more) / again.error)),
            is_held=held is not None,
            specimen=Reference(
                image=model.specimen, noise=NoiseModel(read_variance=solver.noise), n_averaged=float(len(model.rows))
            ),
        )

    def _enlarge(
        self, part: Model, solver: Solver, rows: NDArray[np.int64], varying: NDArray[np.float32] | None
    ) -> tuple[Model, NDArray[np.float32] | None]:
        """What was found in the middle of the frames, for all of them."""
        shape = self.sample.frame_shape
        trajectory = part.trajectory.rescale(np.ones(len(shape)), -measure_offset(part.trajectory.shape, shape), shape)
        frames, solver = self.sample.read(rows).astype(np.float32), replace(solver, varies=part.varies)
        mean = None if varying is None else mean_known(frames)
        left, begin = frames if mean is None else residuals(frames, mean[None]), np.zeros(shape, np.float32)
        model = solver.refine(left, part.rows, trajectory, begin, REFINING)
        if model is None or mean is None:
            return model or part, varying
        return refine_beside_varying(solver, frames, model, mean, REFINING) or (model, mean)

    def _noise(self) -> float:
        """Variance of a pixel's noise, see `measure_noise`, beside what the sample shows aligned, or its mean."""
        rows = np.linspace(0, len(self.sample) - 1, 4).astype(np.int64)
        frames = self.sample.read(rows).astype(np.float32)
        if len(self.found.rows) < LEAST_FRAMES:
            left = residuals(frames, self.before[None])
        else:
            chosen = np.linspace(0, len(self.found.rows) - 1, 4).astype(np.int64)
            shown = show(self.device, self.found.after, self.found.trajectory.part(chosen))
            left = residuals(self.sample.read(self.found.rows[chosen]).astype(np.float32), shown)
        return measure_noise(frames, left)

    def _is_suspicious(self, solver: Solver) -> bool:
        rows = self.found.rows
        if len(rows) < max(LEAST_FRAMES, (1 - UNFIT) * len(self.sample)):
            return True
        chosen = np.unique(np.linspace(0, len(rows) - 1, LOOK_FRAMES).astype(int))
        frames = self.sample.read(rows[chosen]).astype(np.float32)
        models = show(self.device, self.found.after, self.found.trajectory.part(chosen))
        left, still = residuals(frames, models), residuals(frames, self.before[None])
        much = float(loss(left, solver.noise).mean())
        gain = float(loss(still, solver.noise).mean()) - much
        # of the noise, and of what a template of sharp content lacks; of drawings nothing may be left
        power = max(mean_of_products(left, left), 1e-30)
        halves = mean_known(left[0::2]), mean_known(left[1::2])
        stays = mean_of_products(*halves) / power
        axes = range(left.ndim - 3, left.ndim - 1)
        uneven = any(is_uneven(*halves, axis, 2 * power / len(chosen)) for axis in axes)
        return (
            self._alternates() or uneven or gain < LITTLE_GAIN or (much > MUCH_LEFT and (stays > STAYS or gain < much))
        )

    def _alternates(self) -> bool:
        """Whether every second row or column of the unaligned mean is brighter."""
        return any(alternates(self.before, axis) for axis in (self.before.ndim - 2, self.before.ndim - 1))

    @property
    def _alone(self) -> Unseparated:
        return Unseparated(self.sample, self.found, self.estimator, self.device)

    def _crop(self, most: int) -> Separating:
        """The same of the middle of all frames, of so many px at most."""
        sample, found, box = crop_to_middle(self.sample, self.found, most)
        return self if sample is self.sample else replace(self, sample=sample, found=found, before=self.before[box])

    def _decide(
        self, solver: Solver, rows: NDArray[np.int64], frames: NDArray[np.float32], held: Held | None,
        is_flattened: bool,
    ) -> tuple[Model | Verdict | None, float]:  # fmt: skip
        """The pattern, if pattern and specimen explain those frames best; else a doubt, if there is one.

        And by how many error bars frames lie apart with and without a pattern that is likely, but no more.
        """
        still, alone = solver.loss_of_mean(frames), self._alone.measure_losses(solver, rows, frames)
        among = np.isin(self.found.rows, rows)
        # where a stage trembles by 0.02 px, aligning gains next to nothing, but surely
        tells = is_better(alone, still, LIKELY, 0.0)
        if held is None and tells and float(np.median(alone)) < NO_NOISE_LEFT and not self._alternates():
            return None, 0.0
        both = np.full(len(rows), np.inf)
        model, pulled_by = solve_held(solver, frames, held, still), 0.0
        if model is not None:
            both[model.rows] = solver.loss_of_model(frames, model)
            alike = is_flattened and held is None and self._alone.moves_alike(model, rows)
            least = GAIN_FLATTENED if alike else GAIN
            if is_better(both, np.minimum(still, alone), SURELY if held is None else LIKELY, least):
                return model, 0.0
            apart = among.sum() >= LEAST_FRAMES and not is_flattened and not self._alone.moves_alike(model, rows)
            if apart and is_better(both, np.minimum(still, alone), LIKELY, 0.0):
                return Verdict.STATIC_PATTERN, 0.0
            worse = is_better(np.minimum(still, alone), both, LIKELY, MUCH_WORSE)
            if apart and not tells and not worse and self._moves(model, frames, solver):
                # something moves beside the pattern, be it told by how much or not
                contradicts = repeat(solver, frames, model).contradicts
                return Verdict.STATIC_PATTERN if contradicts else model, 0.0
            if not apart and is_better(both, np.minimum(still, alone), SURELY, 0.0):
                pulled_by = self._alone.count_bars_apart(model, rows)
            as_well = not is_better(np.minimum(still, alone), both, LIKELY, 0.0) and float(np.median(both)) < MUCH_LEFT
            if held is None and not is_flattened and as_well and self._is_pulled(model, rows, frames, solver):
                return model, 0.0
        if held is not None and model is not None and is_better(both, still, LIKELY, 0.0):
            # of frames that hardly move all is explained by what stands still, and best if nothing is near it
            return Verdict.STATIC_PATTERN, pulled_by
        if is_better(alone, still, LIKELY):
            return None, pulled_by
        if held is not None:
            # at rest behind a smooth pattern: 29 of 30 frames were called ok, though pattern and specimen were told
            return Verdict.STATIC_PATTERN, pulled_by
        if among.sum() < (1 - UNFIT) * len(rows):
            return doubt_rest(frames, solver.noise, self.device), pulled_by
        pulled = not tells and self._alone.wanders() and (is_flattened or is_slow(frames))
        if self._alone.stands_still():
            doubt = Verdict.STATIC_PATTERN if moves_before_mean(frames, solver) else None
        else:
            doubt = doubt_rest(frames, solver.noise, self.device)
        return doubt or (Verdict.STATIC_PATTERN if pulled else None), pulled_by

    def _find_beside_varying(
        self, solver: Solver, rows: NDArray[np.int64], frames: NDArray[np.float32]
    ) -> tuple[Model, NDArray[np.float32]] | Verdict | None:
        """What moves before something that varies in height and held frames at rest; of others nobody asks.

        A verdict where something seems to, and halves of the pixels do not surely agree on it: 29 of 30 frames behind a
        pattern that warms were called ok at rest, though a specimen that moves explained them better.
        """
        if len(self.found.rows) < LEAST_FRAMES or not self._alone.stands_still():
            return None
        others = np.minimum(solver.loss_of_mean(frames), self._alone.measure_losses(solver, rows, frames))
        found = find_beside_varying(solver, frames, others)
        if found is None:
            return None
        model, left = found[0], residuals(frames, found[1][None])
        # without light that varies, frames at rest leave nothing that halves of the pixels agree on
        if self._moves(model, left, solver):
            return found
        moving = np.full(len(frames), np.inf)
        moving[model.rows] = solver.loss_of_model(left, model)
        return Verdict.STATIC_PATTERN if is_better(moving, solver.loss_of_mean(left)) else None

    def _find_held(self, solver: Solver, frames: NDArray[np.float32], rows: NDArray[np.int64]) -> Held | None:
        """Where frames go on to of which something slow is left, if something holds them back."""
        among = np.isin(self.found.rows, rows)
        motion = find_motion(self.estimator.motion, frames.shape[1:])
        is_shift = frames.ndim == 3 and motion.count_parameters(2) == 2
        if not is_shift or among.sum() < LEAST_FRAMES or len(self.found.trajectory) != len(self.found.rows):
            return None
        found, shown = np.flatnonzero(np.isin(rows, self.found.rows)), self.found.trajectory.part(np.flatnonzero(among))
        left = residuals(frames[found], show(self.device, self.found.after, shown))
        usual = np.flatnonzero(find_usual(left))
        if len(usual) < LEAST_FRAMES:
            return None
        if len(usual) < len(left):  # out of focus for a while, they leave something slow in a template of all
            found, shown = found[usual], shown.part(usual)
            left = residuals(frames[found], show(self.device, solver.specimen(frames[found], shown), shown))
        if not leaves_slow(left):
            return None
        return find_held(solver, frames, found, shown)

    def _is_flattened(self) -> bool:
        contrast = self.sample.defects.contrast
        return contrast is not None and contrast.flattens

    def _is_pulled(self, model: Model, rows: NDArray[np.int64], frames: NDArray[np.float32], solver: Solver) -> bool:
        """Whether frames lie far off without a pattern that lasts, and something surely moves beside it."""
        if self._alone.count_bars_apart(model, rows) < PULLED or self._alone.measure_apart(model, rows) < PULLED_PX:
            return False
        left = residuals(frames[model.rows], show(self.device, model.specimen, model.trajectory))
        middle = len(left) // 2
        early_and_late = mean_of_products(mean_known(left[:middle]), mean_known(left[middle:]))
        by_turns = mean_of_products(mean_known(left[0::2]), mean_known(left[1::2]))
        return early_and_late > LASTS * by_turns and self._moves(model, frames, solver)

    def _moves(self, model: Model, frames: NDArray[np.float32], solver: Solver) -> bool:
        """Whether halves of the pixels surely agree on where frames are beside the pattern."""
        if frames.ndim != 3:
            return False
        following = replace(solver, varies=model.varies)
        crossed = following.split_crossed(frames[model.rows], model.trajectory, MANY_SWEEPS)
        return count_sigmas_of_motion(*crossed, solver.noise) > MOVES
