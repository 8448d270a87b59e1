"""How much of the motion is missing: what stands still in the frame holds it back, and every frame looks well.

Where something still, be it shading, dust or what a fixed pattern left behind, has a part in an image, frames are found
at a share of their true motion. What is left of them then changes with the very motion that was found, alike in every
frame: ``r_t(x) = s_t . g(x)``. Of a specimen alone no such `g` is left. To first order, and where the slopes of what
stands still and of the specimen are not alike, the missing share is ``C = inv(sum m m^T / var) sum g g^T / var``, with
`m` the slopes of the template: the first factor is the covariance of a shift.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, FloatArray, NoiseModel
from holdstill.devices.cpu.compiling import lean_kernel
from holdstill.reference.cropping import crop_to_middle
from holdstill.reference.learning import Alignment
from holdstill.reference.residuals import residuals
from holdstill.reference.restless import count_sigmas_of_slowness
from holdstill.reference.sample import Sample
from holdstill.reference.separation import show
from holdstill.transforms.trajectory import Trajectory

__all__ = ["ALIKE", "NO_LAG", "Lag", "Lagging", "find_usual", "measure_lag"]

Images = NDArray[np.float32]

LEAST_FRAMES, MOST_FRAMES, WIDE_PX, LEAST_SIDE_PX = 8, 32, 256, 24
# of large frames the middle, and fewer of them
SEEN_PX, FEW_FRAMES = 512**2, 20
# share of the pixels that all frames have to show
LEAST_SHOWN = 0.15
# blocks of so many px: what is smooth stands out of the noise there
BLOCKS = (1, 4, 8)
CAP = 5.0
# frames that follow each other share what flashes and passes by: pairs are so many frames apart, or such a share of all
APART, APART_SHARE = 2, 0.1
# of what products of two frames are made of, the first so many follow the shifts
N_OF_SHIFTS = 3
UNUSUAL = 4.0
# Cells that flash shine for some frames, and a stage that drifts goes on in the same: they passed for 0.6 to 1.0 px at
# 5.4 to 5.9 standard errors, of movies found to 0.14 px. With what any two frames share so far apart left out, 3.1 to
# 4.4; of what holds frames back by about as much as before.
SHINES = 4.0
# a frame's own noise in the template tells of others no further away than this
REACH_PX = 0.7
# Of 45 clean movies of spots, cells and tissue that drift, walk, tremble and jump, at most 3.3 standard errors; of
# movies that were held and called ok, 5 and more. Scales of half as many as the surest tell as well.
SURELY, LARGE, NEARLY, CLEAN = 4.5, 1.5, 0.5, 3.5
# What is missing is known to a factor of two or three. Where so much surely is, or well may be, no error bar is of use:
# of eight movies that lacked more than a px at 2 to 4.4 standard errors and were called ok seven were wrong, by up to
# 2.4 px in every frame.
MUCH_PX, VERY_MUCH_PX, LIKELY = 0.5, 1.0, 2.0
# Of frames that hardly move beside their error bars, as of a stage at rest, noise passes for 0.9 to 2.4 px at 3.5
# standard errors; but it leaves nothing slow.
TREMBLES, SLOW, SLOWLY = 2.0, 4.0, 2.5
# Where frames were right, whatever flashed or shone beside, 0.3 at most; beside columns that a template held 0.8.
ALIKE, BETWEEN_PX = 0.5, 8
# what moved by less than float32 tells did not move, and lags behind nothing
STILL_PX = 1e-6


@dataclass(frozen=True)
class Lag:
    """By how many px typical frames lag behind, how surely, in standard errors, and the error bar of a frame, px.

    `alike`: how what is left correlates from pair to pair of frames in one half of them with that in the other;
    `moved`: by how many px typical frames were found to move; `slowness`: how surely something slow is left of them, in
    standard deviations; `besides` is `sigmas` without what frames that follow each other share.
    """

    px: float = 0.0
    sigmas: float = 0.0
    error: float = 0.0
    alike: float = 0.0
    moved: float = 0.0
    slowness: float = 0.0
    besides: float = np.inf

    @property
    def is_sure(self) -> bool:
        """Whether it is more than chance, and than what shines for a while."""
        return min(self.sigmas, self.besides) > SURELY

    @property
    def is_large(self) -> bool:
        """Whether it is sure, and more than an error bar."""
        return self.is_sure and self.px > LARGE * self.error

    @property
    def is_much(self) -> bool:
        """Whether more is likely to be missing than error bars could make up for."""
        if self.is_sure:
            return self.px > MUCH_PX
        is_told = self.moved > TREMBLES * self.error or self.slowness > SLOW
        return is_told and self.sigmas > LIKELY and self.px > VERY_MUCH_PX

    @property
    def may_be_much(self) -> bool:
        """Whether so much is missing by more than any clean movie has, for frames that something else says are held."""
        return self.sigmas > CLEAN and self.px > VERY_MUCH_PX

    @property
    def leaves_slow(self) -> bool:
        """Whether something slow is left of frames: by 3.8 to 12 deviations where they were held, else by 2.1."""
        return self.slowness > SLOWLY

    @property
    def is_suspicious(self) -> bool:
        """Whether it is large, or what is left comes and goes in all of the frame at once, as what moves does."""
        return self.is_large or self.is_much or self.alike > ALIKE

    @property
    def total(self) -> float:
        """Error to be expected of a frame, px: of a view in which it may be what shines, too."""
        return float(np.hypot(self.error, self.px)) if self.sigmas > SURELY else self.error


NO_LAG = Lag()


@dataclass(frozen=True, eq=False)
class Lagging:
    """Job that measures by how much the shifts of an aligned sample, in the plane, fall short of the motion."""

    sample: Sample
    found: Alignment
    device: Device

    def __call__(self, everything: Chunk) -> Lag:
        shape, covariance = self.sample.frame_shape, self._measure_covariance()
        if covariance is None or len(shape) != 2 or min(shape) < LEAST_SIDE_PX:
            return NO_LAG
        if np.prod(shape) <= SEEN_PX:
            return self._measure(covariance)
        sample, found, _ = crop_to_middle(self.sample, self.found, SEEN_PX, FEW_FRAMES)
        share = float(np.prod(sample.frame_shape) / np.prod(shape))
        return replace(self, sample=sample, found=found)._measure(covariance / share)

    def _measure(self, covariance: FloatArray) -> Lag:
        rows = self.found.rows
        if len(rows) < LEAST_FRAMES:
            return NO_LAG
        chosen = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MOST_FRAMES)).astype(int))
        shown = self.found.trajectory.part(chosen)
        left = self._whiten(rows[chosen], shown, self.found.after)
        usual = find_usual(left)
        if not usual.all() and usual.sum() >= LEAST_FRAMES:
            # what some frames left in the template moves with the others as if something held them
            chosen, shown = chosen[usual], self.found.trajectory.part(chosen[usual])
            left = self._whiten(rows[chosen], shown, self._average(rows[chosen], shown))
        return measure_lag(left, shown.shifts, chosen.astype(float), covariance)

    def _average(self, rows: NDArray[np.int64], shown: Trajectory) -> Images:
        """Mean of some frames, aligned."""
        total, count = (np.zeros(self.sample.frame_shape, np.float32) for _ in range(2))
        aligned = np.empty((1, *self.sample.frame_shape), np.float32)
        for n, row in enumerate(rows):
            frame = self.sample.read(np.array([row])).astype(np.float32)
            shown.part([n]).resample(
                self.device, frame, interpolation="cubic", edge="constant", fill=np.nan, out=aligned
            )
            total += np.nan_to_num(aligned[0])
            count += np.isfinite(aligned[0])
        return np.where(count > 0, total / np.maximum(count, 1), np.float32(np.nan)).astype(np.float32)

    def _measure_covariance(self) -> FloatArray | None:
        """Variance of a typical frame's shifts along the axes, px squared, as its pixels alone would have it."""
        estimates, rows = self.found.estimates, self.found.rows
        if estimates is None or len(estimates) != len(self.sample) or len(rows) != len(self.found.trajectory):
            return None
        parameters = estimates.parameters[rows]
        trajectory = Trajectory(self.found.trajectory.motion, parameters, self.sample.frame_shape)
        errors = trajectory.shift_errors(estimates.errors[rows])
        if len(rows) < LEAST_FRAMES or not np.isfinite(errors).all():
            return None
        return np.asarray(np.median(errors, axis=0) ** 2, np.float64)

    def _whiten(self, rows: NDArray[np.int64], shown: Trajectory, image: Images) -> Images:
        """What an image leaves of frames, in units of the noise, binned where frames are large."""
        shape = self.sample.frame_shape
        factor = max(1, max(shape) // WIDE_PX)
        noise = self.found.reference.noise or NoiseModel()
        numbers = np.array([noise.gain, noise.read_variance, noise.offset], np.float32)
        left = np.empty((len(rows), *(n // factor for n in shape)), np.float32)
        for n, row in enumerate(rows):
            frame = self.sample.read(np.array([row])).astype(np.float32)
            model = show(self.device, image, shown.part([n]))
            white = residuals(frame, model)
            _divide_by_noise(white.ravel(), model.ravel(), numbers)
            left[n] = np.asarray(self.device.bin(white, (factor, factor)))[0] * factor
        return np.clip(left, -CAP, CAP)


@lean_kernel
def _divide_by_noise(left: Any, model: Any, noise: Any) -> None:
    """What a model leaves of a frame, in units of the noise's standard deviation, in place.

    `noise` is gain, variance at and offset of the dark, in float32: in float64 roots took three times as long.
    """
    gain, least, offset = noise[0], max(noise[1], np.float32(1e-30)), noise[2]
    for i in range(left.size):
        left[i] = left[i] / np.sqrt(gain * max(model[i] - offset, np.float32(0)) + least)


def measure_lag(left: Images, shifts: FloatArray, times: FloatArray, covariance: FloatArray) -> Lag:
    """By how much shifts, (n, 2), fall short.

    Parameters
    ----------
    left : ndarray of float32, (n, y, x)
        What the template leaves of each frame, in units of the noise's standard deviation; NaN: not known.
    shifts : ndarray of float64, (n, 2)
        As they were found, px.
    times : ndarray of float64, (n,)
        In any unit: what changes steadily on its own is told from what changes with the shifts.
    covariance : ndarray of float64, (2,)
        Variance of a shift along each axis, px squared.
    """
    known = np.isfinite(left).all(axis=0)
    if known.mean() < LEAST_SHOWN or np.ptp(shifts, axis=0).max() < STILL_PX:
        return NO_LAG
    filled = np.where(known, left, 0).astype(np.float32)
    moved = shifts - shifts.mean(axis=0)
    one, other = np.triu_indices(len(filled), max(APART, round(APART_SHARE * len(filled))))
    error, lags, columns = float(np.sqrt(covariance.mean())), [], _describe(moved, times, one, other)
    spread, slowness = float(np.sqrt(np.mean(moved**2))), count_sigmas_of_slowness(filled)
    alike = _compare_halves(filled, columns[:, N_OF_SHIFTS:], one, other)
    for block in BLOCKS:
        products = _multiply(_sum_blocks(filled, block))[one, other]
        told = [_solve(columns[:, :count], products, np.stack([one, other])) for count in (-1, None)]
        found = told[0][0]
        share = covariance[:, None] * np.array([[found[0], found[2]], [found[2], found[1]]])
        px = float(np.sqrt(np.mean((moved @ share.T) ** 2)))
        sigmas = [float(np.max(found[:2] / np.maximum(errors[:2], 1e-30))) for found, errors in told]
        lags.append(Lag(px, sigmas[0], error, besides=sigmas[1]))
    most, besides = max(lag.sigmas for lag in lags), max(lag.besides for lag in lags)
    if most <= 0:
        return Lag(0.0, most, error, alike, spread, slowness, besides)
    # blocks see a part of what is left: the most of all scales that are about as sure
    px = max(lag.px for lag in lags if lag.sigmas >= NEARLY * most)
    return Lag(px, most, error, alike, spread, slowness, besides)


def _compare_halves(left: Images, columns: FloatArray, one: NDArray[np.intp], other: NDArray[np.intp]) -> float:
    """The least correlation of products of two frames in one half with those in the other, `columns` taken off.

    Cells that flash do so each at its time; what moves, bends or turns leaves something in both halves at once.
    """
    scaled = columns / np.maximum(np.abs(columns).max(axis=0), 1e-30)
    found = []
    for block in BLOCKS[:2]:
        for axis in (1, 2):
            middle, gap = left.shape[axis] // 2, BETWEEN_PX // 2
            cut = np.moveaxis(left, axis, 1)
            halves = []
            for part in (cut[:, : middle - gap], cut[:, middle + gap :]):
                products = _multiply(_sum_blocks(part, block))[one, other]
                halves.append(products - scaled @ np.linalg.lstsq(scaled, products, rcond=None)[0])
            power = float(np.prod([np.mean(half**2) for half in halves]))
            found.append(float(np.mean(halves[0] * halves[1])) / max(np.sqrt(power), 1e-30))
    return min(found)


def find_usual(left: Images) -> NDArray[np.bool_]:
    """Frames that leave no more than most: out of focus for a while, they share what no shift explains."""
    powers = np.array([np.square(one[np.isfinite(one)]).mean() if np.isfinite(one).any() else 0.0 for one in left])
    middle = np.median(powers)
    return np.asarray(powers <= middle + UNUSUAL * 1.4826 * np.median(np.abs(powers - middle)), bool)


def _sum_blocks(images: Images, block: int) -> Images:
    """Sums over blocks, of the variance of a single pixel."""
    if block == 1:
        return images
    height, width = (n // block for n in images.shape[1:])
    # rows first: along them numpy adds pixel by pixel
    rows = images[:, : height * block, : width * block].reshape(len(images), height, block, width * block).sum(axis=2)
    return np.asarray(rows.reshape(len(images), height, width, block).sum(axis=3) / block, np.float32)


def _multiply(images: Images) -> FloatArray:
    flat = np.ascontiguousarray(images.reshape(len(images), -1))
    return np.asarray(flat @ flat.T, np.float64)


def _describe(moved: FloatArray, times: FloatArray, one: NDArray[np.intp], other: NDArray[np.intp]) -> FloatArray:
    """What products of two frames are made of, (pairs, k): three of shifts first, then what is of no interest.

    Those are what stays in all frames, what changes steadily, what shines for a while, in frames that follow each
    other, and the noise that each frame has in the template.
    """
    a, b = moved[one], moved[other]
    steady = (times - times.mean()) / max(float(times.std()), 1e-30)
    near = np.exp(-((a - b) ** 2).sum(axis=1) / (2 * REACH_PX**2))
    return np.column_stack(
        [
            a[:, 0] * b[:, 0], a[:, 1] * b[:, 1], a[:, 0] * b[:, 1] + a[:, 1] * b[:, 0], np.ones(len(a)),
            a[:, 0] + b[:, 0], a[:, 1] + b[:, 1], steady[one] * steady[other], steady[one] + steady[other], near,
            np.exp(-np.abs(times[one] - times[other]) / SHINES),
        ]
    )  # fmt: skip


def _solve(columns: FloatArray, values: FloatArray, pairs: NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
    """Least squares and standard errors of the coefficients; `pairs`, (2, n), are the frames that each value is of.

    What flashes is in all pairs of its frame: errors are those of independent pairs, or of pairs that share what their
    frames have (Aronow et al., Political Analysis 23:564, 2015), whichever are larger.
    """
    scale = np.maximum(np.abs(columns).max(axis=0), 1e-30)
    scaled = columns / scale
    inverse = np.linalg.pinv(scaled.T @ scaled)
    weights = inverse @ scaled.T
    found = weights @ values
    left = values - scaled @ found
    variance = np.maximum(np.diag(inverse), 0) * float(left @ left) / max(len(values) - columns.shape[1], 1)
    own = weights * left
    of_frames = np.zeros((len(own), int(pairs.max()) + 1))
    for frames in pairs:
        np.add.at(of_frames.T, frames, own.T)
    shared = (of_frames**2).sum(axis=1) - (own**2).sum(axis=1)
    return found / scale, np.sqrt(np.maximum(variance, shared)) / scale
