"""Pattern and specimen, solved for in turn: ``frame_t = pattern + specimen moved by s_t``.

At fixed shifts both follow from each other by averaging, in over-relaxed sweeps; then the frames, less the pattern, are
registered to the specimen anew. Where the light of the specimen varies beside the pattern, as it bleaches, what is left
of it in dim frames would be taken for the pattern: each frame has a gain of its own then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, Estimator, FloatArray, NoiseModel, Reference
from holdstill.devices.interpolation import bridge
from holdstill.engines.threads import ThreadsEngine
from holdstill.io.array import ArraySource
from holdstill.methods.likelihood.denoise import denoise
from holdstill.reference.joint_start import find_shifts_jointly
from holdstill.reference.learning import align_sample
from holdstill.reference.light import Light
from holdstill.reference.losses import LEAST_FRAMES, is_better
from holdstill.reference.means import mean_known
from holdstill.reference.prepared import PreparedEstimator
from holdstill.reference.residuals import loss, residuals
from holdstill.reference.sample import Sample, good_frames
from holdstill.reference.strategies import Template
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["LEAST_FRAMES", "MANY_SWEEPS", "ROUNDS", "SWEEPS", "Model", "Solver", "show"]

Images = NDArray[np.float32]
Rows = NDArray[np.intp]

ROUNDS, SWEEPS, RELAXATION = 8, 6, 1.7
# What is smooth is told from the specimen slowly: of seven shaded movies that were right halves put 0.22 to 0.52 of the
# frames elsewhere after 8 sweeps, 0.1 to 0.3 after 12, and none to 0.08 after 40; halves of the pixels agreed on where
# frames of three are by 1.4 to 3.7 standard errors after 8, and by 7.4 to 11 after 40 (of wrong ones by 4.5 and 4.5).
MANY_SWEEPS = 40
# where fewer of the frames fit a first template, all are placed at once, on images of about so many px
FITTING, JOINT_PX = 0.5, 128
MOST_MOMENTUM = 0.8


@dataclass(frozen=True, eq=False)
class Model:
    """The pattern, the trajectory of those rows of the frames that fit, and the specimen that they show.

    `varies`: frames show it each with a gain of its own.
    """

    pattern: Images
    rows: Rows
    trajectory: Trajectory
    specimen: Images
    varies: bool = False


@dataclass(frozen=True, eq=False)
class Solver:
    """Pattern and specimen of frames, (n, [z,] y, x), in memory.

    `noise` is the variance of a pixel; `varies`: the light of the specimen does, from frame to frame.
    """

    estimator: Estimator
    device: Device
    noise: float
    varies: bool = False

    def specimen(self, frames: Images, trajectory: Trajectory, light: Light | None = None) -> Images:
        """Mean of the aligned frames, of bright ones more."""
        aligned = np.empty(frames.shape, np.float32)
        even = np.ascontiguousarray(frames) if light is None else light.remove_offsets(frames)
        trajectory.resample(self.device, even, interpolation="cubic", edge="constant", fill=np.nan, out=aligned)
        return mean_known(aligned) if light is None else light.average(aligned)

    def light(self, frames: Images, shown: Images) -> Light | None:
        """How bright frames, less the pattern, show the specimen."""
        return Light.measure(frames, shown, self.noise) if self.varies else None

    def split(
        self, frames: Images, trajectory: Trajectory, pattern: Images, sweeps: int
    ) -> tuple[Images, Images, Images]:
        """The pattern at fixed shifts, the same less its noise, and the specimen beside that.

        Over-relaxed: each sweep makes the specimen anew, and what it leaves.
        """
        light: Light | None = None
        for sweep in range(sweeps):
            shown = show(self.device, self.specimen(frames - pattern, trajectory, light), trajectory)
            light = self.light(frames - pattern, shown)
            rest = np.nan_to_num(mean_known(frames - (shown if light is None else light.apply(shown))))
            ahead = RELAXATION if sweep < sweeps - 1 else 1.0
            pattern = (pattern + ahead * (rest - rest.mean() - pattern)).astype(np.float32)
        clean = self.smooth(pattern, len(frames))
        return pattern, clean, self.specimen(frames - clean, trajectory, light)

    def smooth(self, pattern: Images, n_frames: int) -> Images:
        """The pattern less its noise: profiles over rows and columns, and the rest, each as far as it stands out."""
        variance, kept = self.noise / n_frames, np.zeros_like(pattern)
        for axis in (pattern.ndim - 2, pattern.ndim - 1):
            others = tuple(n for n in range(pattern.ndim) if n != axis)
            profile = (pattern - kept).mean(axis=others, keepdims=True)
            power = max(float(profile.var()), 1e-30)
            kept = kept + profile * max(1 - variance * profile.size / pattern.size / power, 0.0)
        rest, _ = denoise((pattern - kept).astype(np.float32), variance)
        smooth = (kept + rest).astype(np.float32)
        return smooth - np.float32(smooth.mean())

    def solve(self, frames: Images) -> Model | None:
        """Pattern and shifts of frames, in turn; None where too few of them fit.

        It begins with frames less their mean, which holds all of the pattern. What is left of the error falls by a
        constant factor from round to round, so that every other step goes as far as all further ones would.
        """
        mean = np.nan_to_num(mean_known(frames))
        pattern = (mean - mean.mean()).astype(np.float32)
        source = ArraySource(frames - pattern, axes="TZYX" if frames.ndim == 4 else "TYX")
        started = align_sample(
            Template(), Sample(source, np.arange(len(frames))), self.estimator, device=self.device,
            engine=ThreadsEngine(1),
        )  # fmt: skip
        rows, trajectory = started.rows, started.trajectory
        jointly = self.place_jointly(frames - pattern)
        if jointly is not None and (
            len(rows) < FITTING * len(frames) or self._is_better(frames, jointly, rows, trajectory)
        ):
            rows, trajectory = np.arange(len(frames)), jointly
        return self.refine(frames, rows, trajectory, pattern, ROUNDS)

    def follow_light(self, frames: Images, model: Model) -> Model:
        """The model with a gain for each frame, if light varies and other frames are predicted better so.

        Of a model that explains frames without: frames out of focus, too, are explained by gains and a pattern.
        """
        following = replace(self, varies=True)
        shown = show(self.device, self.remove_noise(model.specimen, len(model.rows)), model.trajectory)
        if following.light(frames[model.rows] - model.pattern, shown) is None:
            return model
        other = following.refine(frames, model.rows, model.trajectory, model.pattern, ROUNDS)
        if other is None or len(other.rows) < len(model.rows):
            return model
        mine, others = np.full((2, len(frames)), np.inf)
        mine[model.rows], others[other.rows] = self.loss_of_model(frames, model), self.loss_of_model(frames, other)
        return other if is_better(others, mine) else model

    def _is_better(self, frames: Images, jointly: Trajectory, rows: Rows, trajectory: Trajectory) -> bool:
        """Whether those frames are predicted better by where all of them were put at once."""
        mine, other = (self.loss_of_both(frames[rows], path) for path in (jointly.part(rows), trajectory))
        return bool(np.median(mine - other) < 0)

    def place_jointly(self, frames: Images, *, goes_on: bool = True) -> Trajectory | None:
        """Shifts of frames of which a single one tells too little of the others; None where more than shifts are asked.

        They are whole px, of a binned copy of large frames. Where it `goes_on` the motion is taken for a stage's.
        """
        motion = find_motion(self.estimator.motion, frames.shape[1:])
        if frames.ndim != 3 or motion.count_parameters(2) != 2:
            return None
        factor = max(1, round(max(frames.shape[1:]) / JOINT_PX))
        binned = self.device.bin(frames, (factor, factor))
        shifts = factor * find_shifts_jointly(np.asarray(binned, np.float32), self.noise / factor**2, goes_on=goes_on)
        return Trajectory.of(self.estimator.motion, shifts, frames.shape[1:])

    def refine(self, frames: Images, rows: Rows, trajectory: Trajectory, pattern: Images, rounds: int) -> Model | None:
        """Pattern and shifts of frames, in turn, from those of some `rows`; None where too few of them fit."""
        last = None
        for turn in range(rounds):
            if len(rows) < max(LEAST_FRAMES, len(frames) // 4):
                return None
            pattern, clean, image = self.split(frames[rows], trajectory, pattern, SWEEPS)
            reference = Reference(image=image, noise=NoiseModel(read_variance=self.noise), n_averaged=float(len(rows)))
            estimates = PreparedEstimator(self.estimator, reference, self.device).estimate(frames - clean)
            good = good_frames(estimates)
            parameters = estimates.parameters.copy()
            if self.estimator.motion == "translation":
                step, both = self._step(parameters, rows, trajectory, good)
                if turn % 2 and last is not None and both.any():
                    share = float((step[both] * last[both]).sum() / max(float((last[both] ** 2).sum()), 1e-12))
                    share = min(max(share, 0.0), MOST_MOMENTUM)
                    parameters += step * share / (1 - share)
                last = step
            rows = np.flatnonzero(good)
            trajectory = Trajectory.of(self.estimator.motion, parameters[good], frames.shape[1:])
        if len(rows) < LEAST_FRAMES:
            return None
        # no sweep: as the last round left it, of the frames that fit now
        _, clean, image = self.split(frames[rows], trajectory, pattern, int(self.varies))
        return Model(clean, rows, trajectory, image, self.varies)

    @staticmethod
    def _step(
        parameters: FloatArray, rows: Rows, trajectory: Trajectory, good: NDArray[np.bool_]
    ) -> tuple[FloatArray, NDArray[np.bool_]]:
        """By how much the shifts of frames that fit now and before have changed, their common part apart."""
        before = np.full(parameters.shape, np.nan)
        before[rows] = trajectory.parameters
        both = good & np.isfinite(before).all(axis=1)
        step = np.where(both[:, None], parameters - before, 0.0)
        if both.any():
            step[both] -= np.median(step[both], axis=0)
        return step, both

    def loss_of_mean(self, frames: Images) -> FloatArray:
        """Of each frame, (n,), beside the unaligned mean of others."""
        left = self._cross(frames, lambda one, other: (0.0, self.remove_noise(mean_known(frames[one]), len(one))[None]))
        return loss(left, self.noise)

    def loss_of_specimen(self, frames: Images, trajectory: Trajectory) -> FloatArray:
        """Of each frame, (n,), beside the aligned mean of others."""

        def predict(one: Rows, other: Rows) -> tuple[Images | float, Images]:
            image = self.remove_noise(self.specimen(frames[one], trajectory.part(one)), len(one))
            return 0.0, show(self.device, image, trajectory.part(other))

        return loss(self._cross(frames, predict), self.noise)

    def loss_of_both(self, frames: Images, trajectory: Trajectory) -> FloatArray:
        """Of each frame, (n,), beside pattern and specimen made of others."""
        return loss(self.residuals_of_both(frames, trajectory), self.noise)

    def residuals_of_both(self, frames: Images, trajectory: Trajectory) -> Images:
        """What pattern and specimen made of others leave of each frame."""

        def predict(one: Rows, other: Rows) -> tuple[Images | float, Images]:
            pattern, image = self._split(frames[one], trajectory.part(one))
            return pattern, show(self.device, image, trajectory.part(other))

        return self._cross(frames, predict)

    def loss_of_model(self, frames: Images, model: Model) -> FloatArray:
        """Of its frames, (n,), beside pattern and specimen made of others of them."""
        return replace(self, varies=model.varies).loss_of_both(frames[model.rows], model.trajectory)

    def split_crossed(self, frames: Images, trajectory: Trajectory, sweeps: int = SWEEPS + 2) -> tuple[Images, Images]:
        """Every other frame less the pattern of the rest, and the specimen of the rest; and the reverse."""
        left, specimens = np.empty(frames.shape, np.float32), np.empty(frames.shape, np.float32)
        for one, other in _halve(len(frames)):
            pattern, specimens[other] = self._split(frames[one], trajectory.part(one), sweeps)
            left[other] = frames[other] - pattern
        return left, specimens

    def _split(self, frames: Images, trajectory: Trajectory, sweeps: int = SWEEPS + 2) -> tuple[Images, Images]:
        """Pattern and specimen of frames at fixed shifts, less their noise."""
        begin = np.zeros(frames.shape[1:], np.float32)
        _, pattern, image = self.split(frames, trajectory, begin, sweeps)
        return pattern, self.remove_noise(image, len(frames))

    def _cross(self, frames: Images, predict: Callable[[Rows, Rows], tuple[Images | float, Images]]) -> Images:
        """What is left of every other frame beside what the rest predicts, and the reverse."""
        found = np.empty(frames.shape, np.float32)
        for one, other in _halve(len(frames)):
            pattern, models = predict(one, other)
            found[other] = residuals(frames[other] - pattern, models)
        return found

    def remove_noise(self, image: Images, n_frames: int) -> Images:
        """The image less what noise the mean of so many frames has; NaN stay."""
        known = np.isfinite(image)
        if not known.any():
            return image
        smooth, _ = denoise(bridge(image, known).astype(np.float32), self.noise / n_frames)
        return np.where(known, smooth, np.float32(np.nan))


def _halve(n: int) -> tuple[tuple[Rows, Rows], tuple[Rows, Rows]]:
    """Frames of even number and of odd, and the reverse."""
    even, odd = np.arange(0, n, 2), np.arange(1, n, 2)
    return (even, odd), (odd, even)


def show(device: Device, image: Images, trajectory: Trajectory) -> Images:
    """An image as frames see it, (n, [z,] y, x); NaN beyond its borders."""
    moved = np.empty((len(trajectory), *image.shape), np.float32)
    trajectory.resample_back(device, np.broadcast_to(image, moved.shape), fill=np.nan, out=moved)
    return moved
