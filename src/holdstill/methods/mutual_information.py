"""Frames that show the same thing in another light: absorption against fluorescence, one stain against another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Covariance, Device, Estimates, Estimator, FloatArray, Frames, NoiseModel, Reference
from holdstill.devices.interpolation import make_spline
from holdstill.errors import InputError
from holdstill.methods.likelihood.explained import MOSTLY_SEEN, fit_same
from holdstill.methods.likelihood.gauss_newton import Level
from holdstill.methods.likelihood.greys import blur_known, divide_greys, translate_greys
from holdstill.methods.likelihood.judged import CUTOFF, reference_pixels
from holdstill.methods.likelihood.judged_warp import WarpJudge, judge_warps, make_warp_judge
from holdstill.methods.likelihood.tightening import tighten_warps
from holdstill.methods.likelihood.verdicts import Limits, make_limits
from holdstill.methods.likelihood.warp_newton import WarpFit, refine_warps
from holdstill.methods.search.information import find_best_shift
from holdstill.methods.sections.other_light import bend_in_other_light
from holdstill.transforms.motions import MOTIONS, find_warp_motion
from holdstill.transforms.motions.dense import DENSE
from holdstill.transforms.trajectory import Trajectory

__all__ = ["MutualInformation"]

COARSE_PX = {2: 64, 3: 28}
ROUNDS = 4
REFINING_STEPS = 6
# rounds end where one moved the estimate by less than this share of its error bars
SETTLED = 0.1
# jumps from level to level are rough, and an interpolant is smoothest halfway between pixels: that alone pulled
# references of eight levels out of order by 0.2 px, at error bars of 0.01; blurred ones by 0.02
BLUR_PX = 1.0
# by so many error bars of both a blurred reference must differ; where it does not, it only costs contrast
PULLED = 2.0
# what remains of the pull of levels finer than `levels`, 0.1 px of 0.4; of eight of them a tenth remains
LEFT = 0.25
# the frame is translated where that is clearly less in doubt: what is recorded stays as it is, so far as it can
CLEARLY = 0.95


# an image of the reference, by how much it is binned, the frame as much, and parameters
_Given = tuple[NDArray[np.float32], tuple[int, ...], Frames, FloatArray]


@dataclass(frozen=True, eq=False)
class _State:
    """The reference at each resolution, coarse first, its divided grey levels, and a judge of its own light."""

    images: tuple[tuple[tuple[int, ...], NDArray[np.float32]], ...]
    edges: FloatArray
    limits: Limits
    n_averaged: float
    same_light: WarpJudge


@dataclass(frozen=True, eq=False)
class _Translated:
    """Reference and frame in one light, and their alignment."""

    level: Level
    mean: float
    frame: Frames
    parameters: FloatArray
    fit: WarpFit


@dataclass(frozen=True, kw_only=True)
class MutualInformation(Estimator):
    """Transform at which the grey levels of reference and frame tell most of each other; 2D and 3D.

    Nothing is assumed of how bright in one means bright in the other. On binned images the shift of highest mutual
    information is searched; from there the reference is translated, grey level by grey level, into what the frame shows
    at those places on average, and aligned directly, in turn, at increasing resolution. The frame is so translated too,
    and the way that is less in doubt is taken: where two greys of the frame are one of the reference, or the other
    way round, only one of them tells all. Each is tried with a blurred reference too, for greys out of order make it
    rough. By what the ways differ, error bars grow, the more the less one is better.

    Parameters
    ----------
    motion : {"translation", "rigid", "similarity", "affine", "projective", "bilinear", "dense"}
        Default "translation". "dense": affine, and then what bends, as `Deformable` finds it between images whose greys
        were translated; without error bars.
    levels : int
        Into how many levels the greys are divided. Default 32.
    max_shift : float or tuple of float, optional
        Largest shift in px, one for all axes or one each ``([z,] y, x)``. Default: 45 % of the frame.

    Raises
    ------
    InputError
        Fewer than 4 levels.

    Notes
    -----
    Viola and Wells, IJCV 24:137 (1997); the translation of grey levels is that of the correlation ratio, Roche et al.,
    MICCAI 1998.

    Examples
    --------
    >>> from holdstill.estimators import MutualInformation
    >>> MutualInformation(motion="rigid").levels
    32
    """

    motions: ClassVar[tuple[str, ...]] = (*MOTIONS, DENSE)
    levels: int = 32
    max_shift: float | tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        super().__post_init__()
        if self.levels < 4:
            raise InputError(f"levels must be at least 4, not {self.levels}")

    def prepare(self, reference: Reference, device: Device) -> Any:
        """See `Estimator.prepare`. Raises InputError for a `max_shift` that does not fit."""
        if self.motion == DENSE:
            return self._straight.prepare(reference, device)
        pixels = reference_pixels(reference)
        find_warp_motion(self.motion).check(pixels.ndim)
        target = COARSE_PX[pixels.ndim]
        coarse = tuple(int(2 ** max(0, np.floor(np.log2(max(n / target, 1))))) for n in pixels.shape)
        images = [((1,) * pixels.ndim, pixels)]
        while max(images[0][0]) < max(coarse):
            factors = tuple(min(2 * max(images[0][0]), factor) for factor in coarse)
            images.insert(0, (factors, device.bin(pixels[None], factors)[0]))
        known = pixels[np.isfinite(pixels)]
        edges = divide_greys(known, self.levels)
        limits = make_limits(np.asarray(reference.image, np.float64), self.max_shift)
        same_light = make_warp_judge(reference, self.max_shift, device)
        return _State(tuple(images), edges, limits, reference.n_averaged, same_light)

    def estimate(self, state: Any, frames: Frames, device: Device) -> Estimates:
        """See `Estimator.estimate`."""
        return Estimates.join([self._one(state, frames[n : n + 1], device) for n in range(len(frames))])

    @property
    def _straight(self) -> MutualInformation:
        """What dense motion begins with."""
        return replace(self, motion="affine")

    def _one(self, state: _State, frame: Frames, device: Device) -> Estimates:
        if self.motion == DENSE:
            straight, image = self._straight._one(state, frame, device), state.images[-1][1]
            return bend_in_other_light(straight, image, frame[0].astype(np.float32), self.levels, device)
        motion, shape = find_warp_motion(self.motion), state.limits.shape
        factors, coarse = state.images[0]
        reach = state.limits.max_shift / np.array(factors)
        shift, height = find_best_shift(coarse, device.bin(frame, factors)[0], reach, self.levels)
        start = motion.identity(len(shape))[None].copy()
        start[0, : len(shape)] = shift * np.array(factors)
        if self._is_same(state.same_light, frame, start, device):
            return judge_warps(
                state.same_light, self.motion, start, np.array([height]), frame, device, steps=REFINING_STEPS
            )
        found = [self._follow(state, frame, start, device, back) for back in (False, True)]
        doubts = [_find_doubt(way, spread, self.motion, state.limits.shape) for way, spread in found]
        best = int(doubts[1] < CLEARLY * doubts[0])
        way, spread = found[best]
        # what neither way explains pulls at both, and at each in its own way
        share = min(doubts[best] / max(doubts[1 - best], 1e-12), 1.0) if np.isfinite(doubts[best]) else 1.0
        apart = share * (way.parameters - found[1 - best][0].parameters)[0]
        judge = WarpJudge(way.level, state.limits, 1 + 1 / state.n_averaged, way.mean)
        return judge_warps(
            judge, self.motion, way.parameters, np.array([height]), way.frame, device,
            more=spread + np.nan_to_num(np.outer(apart, apart)),
        )  # fmt: skip

    def _is_same(self, judge: WarpJudge, frame: Frames, parameters: FloatArray, device: Device) -> bool:
        """Whether a frame is the reference in the same light, of which nothing is translated."""
        level = replace(judge.level, spline=judge.plain.spline) if judge.plain else judge.level
        fit = WarpFit.start(find_warp_motion(self.motion), judge.limits.shape, parameters, judge.mean)
        same = fit_same(device, level, frame, fit, max_iterations=REFINING_STEPS, accuracy=0.1)
        seen = Trajectory.of(self.motion, fit.parameters(), judge.limits.shape).overlaps()
        return len(same) > 0 and bool(seen[0] > MOSTLY_SEEN)

    def _follow(
        self, state: _State, frame: Frames, parameters: FloatArray, device: Device, back: bool
    ) -> tuple[_Translated, FloatArray]:
        """From coarse to fine, one image translated into the other's light; `back`: the frame into the reference's.

        That serves where greys of the reference mean one grey of the frame each, this where those of the frame do.
        Returned with by how much halves differ.
        """
        for factors, image in state.images:
            pixels = device.bin(frame, factors) if max(factors) > 1 else frame
            sharp = self._settle(state, (image, factors, pixels, parameters), device, back, 0.0)
            parameters = sharp.parameters
        blurred = self._settle(state, (image, factors, pixels, parameters), device, back, BLUR_PX)
        spread, off = self._spread(sharp, state.limits.shape, device), (sharp.parameters - blurred.parameters)[0]
        sharp_bars = (sharp.fit.parameter_covariances() + spread)[0]
        if _stands_out(off, sharp_bars):  # else it does beside the bars of both even less
            wider = self._spread(blurred, state.limits.shape, device)
            if _stands_out(off, sharp_bars + (blurred.fit.parameter_covariances() + wider)[0]):
                return blurred, wider + LEFT**2 * np.outer(off, off)
        off = np.nan_to_num(off)
        return sharp, spread + np.outer(off, off)

    def _settle(self, state: _State, given: _Given, device: Device, back: bool, blur: float) -> _Translated:
        """Translated and aligned in turn, at one resolution."""
        motion = find_warp_motion(self.motion)
        image, factors, pixels, parameters = given
        for _ in range(ROUNDS):
            way = self._translate_back if back else self._translate
            greys, mean, seen = way(state, image, factors, pixels, parameters, device)
            level = Level(factors, make_spline(blur_known(greys, blur)), NoiseModel())
            fit = WarpFit.start(motion, state.limits.shape, parameters, mean)
            refine_warps(device, level, seen, fit, cutoff=CUTOFF, max_iterations=REFINING_STEPS, accuracy=0.2)
            found, before = fit.parameters(), parameters
            parameters = np.where(np.isfinite(found), found, parameters)
            if _is_settled((parameters - before)[0], fit.parameter_covariances()[0]):
                break
        tighten_warps(device, level, seen, fit, cutoff=CUTOFF, max_iterations=REFINING_STEPS, accuracy=0.2)
        found = fit.parameters()
        parameters = np.where(np.isfinite(found), found, parameters)
        return _Translated(level, mean, seen, parameters, fit)

    def _spread(self, way: _Translated, shape: tuple[int, ...], device: Device) -> FloatArray:
        """How much the estimate depends on which parts of the image are used (jackknife over halves along each axis).

        What one light shows and the other does not is no noise of pixels; it pulls differently in different places.
        """
        motion, found = find_warp_motion(self.motion), []
        for axis, first in product(range(len(shape)), (True, False)):
            mask = way.level.spline.mask.copy()
            half = slice(None, shape[axis] // 2) if first else slice(shape[axis] // 2, None)
            mask[(slice(None),) * axis + (half,)] = 0
            level = replace(way.level, spline=replace(way.level.spline, mask=mask))
            fit = WarpFit.start(motion, shape, way.parameters, way.mean)
            refine_warps(device, level, way.frame, fit, cutoff=CUTOFF, max_iterations=REFINING_STEPS, accuracy=0.2)
            found.append(fit.parameters()[0])
        off = np.nan_to_num(np.array(found) - way.parameters)
        return np.einsum("ki,kj->ij", off, off)[None] / len(found)

    def _place(self, image: NDArray[np.float32], factors: tuple[int, ...], parameters: FloatArray) -> Trajectory:
        """Where binned images lie."""
        scaled = parameters.copy()
        scaled[:, : image.ndim] /= np.array(factors)
        return Trajectory.of(self.motion, scaled, image.shape)

    def _translate(
        self, state: _State, image: NDArray[np.float32], factors: tuple[int, ...], frame: Frames,
        parameters: FloatArray, device: Device
    ) -> tuple[NDArray[np.float32], float, Frames]:  # fmt: skip
        """The reference, less its mean, and that mean: each grey level becomes what the frame shows there."""
        aligned = np.empty((1, *image.shape), np.float32)
        self._place(image, factors, parameters).resample(
            device, frame.astype(np.float32), interpolation="linear", edge="constant", fill=np.nan, out=aligned
        )
        greys = translate_greys(state.edges, image, aligned[0])
        mean = _find_mean(greys)
        return greys - np.float32(mean), mean, frame

    def _translate_back(
        self, state: _State, image: NDArray[np.float32], factors: tuple[int, ...], frame: Frames,
        parameters: FloatArray, device: Device
    ) -> tuple[NDArray[np.float32], float, Frames]:  # fmt: skip
        """The reference less its mean, that mean, and the frame: each of its greys becomes what the reference shows."""
        moved, pixels = np.empty((1, *image.shape), np.float32), frame.astype(np.float32)
        self._place(image, factors, parameters).resample_back(device, image[None], fill=np.nan, out=moved)
        known = pixels[np.isfinite(pixels)]
        seen = translate_greys(divide_greys(known, self.levels), pixels[0], moved[0])[None]
        mean = _find_mean(image)
        return image - np.float32(mean), mean, seen


def _find_mean(image: NDArray[np.float32]) -> float:
    """The mean of what is known; 0 where nothing is."""
    return float(np.nanmean(image)) if np.isfinite(image).any() else 0.0


def _is_settled(step: FloatArray, covariance: FloatArray) -> bool:
    """Whether a step is far within error bars, so that another round would change nothing that counts."""
    if not np.isfinite(covariance).all():
        return False
    return bool(step @ np.linalg.pinv(covariance) @ step < SETTLED**2 * len(step))


def _stands_out(off: FloatArray, covariance: FloatArray) -> bool:
    """Whether parameters differ by more than their error bars allow."""
    if not (np.isfinite(off).all() and np.isfinite(covariance).all()):
        return False
    return bool(off @ np.linalg.pinv(covariance) @ off > PULLED**2 * len(off))


def _find_doubt(way: _Translated, spread: FloatArray, motion: str, shape: tuple[int, ...]) -> float:
    """What corners are off by, px, by noise and by what halves differ by, times the share of variance that is left.

    Either by itself takes the wrong way of some pairs: halves may agree on what is wrong, and what is nearly one grey
    all over is explained by anything. Infinite where not known.
    """
    covariance = Covariance.of_matrices(way.fit.parameter_covariances() + spread)
    error, score = Trajectory.of(motion, way.parameters, shape).corner_errors(covariance)[0], way.fit.score[0]
    return float(error * (1 - score * abs(score))) if np.isfinite(error) else np.inf
