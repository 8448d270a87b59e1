"""Where to begin when frames may be turned, scaled or sheared: as a shift, else from a contest of candidates.

Candidates come from landmarks, from the magnitudes of spectra and from a grid of angles; each is fitted to the binned
images, and what then agrees best in the overlap, band-passed, wins. Frames that a mere shift explains do not take part,
so that the usual small rotations cost no more than a shift.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, FloatArray, Frames, NoiseModel
from holdstill.devices.interpolation import make_spline
from holdstill.methods.likelihood.explained import FEW_PX, is_same, settle_share
from holdstill.methods.likelihood.gauss_newton import Level
from holdstill.methods.likelihood.likeness import CLOSE, LEAST_Z, Likeness, make_likeness, pass_band
from holdstill.methods.likelihood.warp_newton import WarpFit
from holdstill.methods.search.coarse_fits import CoarseFits, blur_levels, join_fits
from holdstill.methods.search.landmarks import Landmarks, find_landmarks, match_landmarks
from holdstill.methods.search.start import Start, find_start
from holdstill.methods.search.turned_volumes import find_volume_turn
from holdstill.methods.search.turns import Turns, compare_spectra, place_turns, try_angles
from holdstill.transforms.motions import WarpFamily
from holdstill.transforms.trajectory import Trajectory

__all__ = ["WarpSearch", "coarse_warps", "find_turns", "make_warp_search"]

# a frame that agrees so nearly as well as its noise allows is where it belongs: what is large and smooth agrees by 0.92
# with itself turned by 40 degrees; or one of which nothing but noise is left and that agrees for sure
ALL_BUT, GOOD_CHI_SQUARE, SURE_Z = 0.97, 1.5, 12.0
# nothing that a fit says of the light of a misplaced frame makes it agree by less
LEAST_GAIN = 0.5
# the contest is over where one agrees so well; else angles are tried as well
FAIR = 0.5
N_SPECTRA, N_ANGLES = 6, 8
# candidates are judged on images of at most so many px
JUDGED_PX = 320
# a rival further away than this share of the frame that is as significant, but for this share, makes it ambiguous
APART, AS_WELL = 0.02, 0.97
# and one that is altogether elsewhere, but for so many standard deviations: cells laid elsewhere upon themselves stood
# 0.7 to 1 above the next, where they belong 5 and more
ELSEWHERE, LEAD = 0.1, 3.0
# nor one of which so much less is the reference itself
AS_MUCH = 0.75
# of fewer planes too little is left when they tilt
LEAST_DEEP_PX = 8

Places = Callable[[Start, NDArray[np.float32]], Turns]


@dataclass(frozen=True, eq=False)
class WarpSearch(CoarseFits):
    """The binned reference as the search needs it.

    `likeness` is what fits are judged by, None for volumes; `judged` and `image`, ([z,] y, x), NaN where nothing is
    known, are the same at the resolution of the contest, of volumes the binned one. `wide` is whether there is one.
    `exact` is the reference as it is, of planes of few px.
    """

    start: Start
    likeness: Likeness | None
    judged: Likeness | None
    image: NDArray[np.float32] | None
    wide: bool
    exact: Level | None

    @cached_property
    def landmarks(self) -> Landmarks:
        """Of the reference, at the resolution of the contest."""
        assert self.image is not None
        return find_landmarks(self.image)


def make_warp_search(
    motion: WarpFamily,
    pixels: NDArray[np.float32],
    whole: NDArray[np.float32],
    level: Level,
    start: Start,
    mean: float,
    cutoff: float,
    device: Device,
    noise_share: float | None,
) -> WarpSearch:
    """Prepare a reference, ([z,] y, x), NaN where it does not count; `level` is of the binned one.

    `whole` is the reference with what a mask excludes. `noise_share` is how much of a frame's noise variance the
    reference has: one that shows nothing is not searched for rotations, and none is if that is None.
    """
    coarse = _bin(pixels, level.factors, mean, device)
    likeness = None
    noise = _typical_noise(level.noise, coarse, mean)
    around = _bin(whole, level.factors, mean, device)
    if pixels.ndim == 3:
        image, judged = coarse, make_likeness(coarse, around, level.factors, noise)
    else:
        likeness = make_likeness(coarse, around, level.factors, noise)
        factors = find_judging_factors(pixels.shape)
        image = _bin(pixels, factors, mean, device)
        variance = noise * np.prod(level.factors) / np.prod(factors)
        judged = make_likeness(image, _bin(whole, factors, mean, device), factors, variance)
    deep = pixels.ndim == 2 or min(coarse.shape) >= LEAST_DEEP_PX
    wide = deep and noise_share is not None and judged.can_tell(noise_share)
    exact = None
    if pixels.ndim == 2 and max(pixels.shape) <= FEW_PX:
        spline = make_spline(np.where(np.isfinite(pixels), whole, np.float32(np.nan)) - np.float32(mean))
        exact = Level((1, 1), spline, level.noise.scale(float(np.prod(level.factors))))
    return WarpSearch(
        motion,
        pixels.shape,
        mean,
        cutoff,
        level,
        blur_levels(level, coarse),
        start,
        likeness,
        judged,
        image,
        wide,
        exact,
    )


def _bin(image: NDArray[np.float32], factors: tuple[int, ...], mean: float, device: Device) -> NDArray[np.float32]:
    return np.asarray(device.bin(image[None], factors)[0] - np.float32(mean), np.float32)


def find_judging_factors(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The power of two that leaves at most `JUDGED_PX` px along the longest axis."""
    return (int(2 ** max(0, np.ceil(np.log2(max(shape) / JUDGED_PX)))),) * len(shape)


def _typical_noise(noise: NoiseModel, coarse: NDArray[np.float32], mean: float) -> float:
    known = np.isfinite(coarse)
    return float(noise.variance(coarse[known].astype(np.float64) + mean).mean()) if known.any() else 0.0


def coarse_warps(
    search: WarpSearch, binned: NDArray[np.float32], passed: NDArray[np.float32], frames: Frames, device: Device
) -> tuple[WarpFit, FloatArray, NDArray[np.bool_]]:
    """Fit of frames, (n, [z,] y, x), of them binned, and of these band-passed.

    Returns
    -------
    fit : WarpFit
    peak_z : ndarray of float64, (n,)
        By how many standard deviations the peak of each stood out.
    ambiguous : ndarray of bool, (n,)
        Another place, away from it, agrees as well.
    """
    found = find_start(search.start, binned, device)
    factors, peak_z, ambiguous = np.array(search.level.factors), found.peak_z.copy(), np.zeros(len(binned), bool)
    shifts = [_as_parameters(search.motion, places * factors) for places in (found.shifts, found.rivals)]
    fit = search.fit(binned, shifts[0], device)
    if not search.wide:
        return fit, peak_z, ambiguous
    if search.likeness is None:
        _turn_volumes(search, binned, fit, peak_z, device)
        return fit, peak_z, ambiguous
    rivals: NDArray[np.bool_] = np.asarray(np.isfinite(found.rivals).all(axis=1))
    for row in np.flatnonzero(~_is_settled(search, passed, frames, fit, device) | rivals):
        own = [fit.parameters()[row], *([shifts[1][row]] if rivals[row] else [])]
        chosen = np.array([row])
        winner, height, ambiguous[row] = _contest(search, binned[chosen], frames[chosen], np.array(own), device)
        peak_z[row] = max(peak_z[row], height)
        fit.replace_rows(chosen, winner)
    return fit, peak_z, ambiguous


def _turn_volumes(
    search: WarpSearch, binned: NDArray[np.float32], fit: WarpFit, peak_z: FloatArray, device: Device
) -> None:
    """Try rotations of those volumes that no shift has brought where they belong; changes `fit` and `peak_z`."""
    assert search.judged is not None
    for row in range(len(binned)):
        chosen = np.array([row])
        own = fit.rows(chosen)
        aligned = search.judged.align(
            device, pass_band(binned[chosen]), Trajectory(own.motion, own.parameters(), own.shape)
        )
        if not _agrees(search.judged, aligned, own)[0]:
            winner, height = find_volume_turn(
                search, search.start, search.judged, binned[chosen], own.parameters(), device
            )
            if height > LEAST_Z:
                peak_z[row] = max(peak_z[row], height)
                fit.replace_rows(chosen, winner)


def _agrees(likeness: Likeness, aligned: NDArray[np.float32], fit: WarpFit) -> NDArray[np.bool_]:
    """Aligned frames that agree so nearly as well as their noise allows that they are where they belong, (n,)."""
    scores, heights = likeness.compare(aligned)
    share = scores / likeness.allow(np.maximum(fit.gains, LEAST_GAIN))
    explained = (fit.chi_square < GOOD_CHI_SQUARE) & (heights > SURE_Z) & (share > CLOSE)
    return np.asarray(explained | ((share > ALL_BUT) & (heights > LEAST_Z)), bool)


def find_turns(
    search: WarpSearch, binned: NDArray[np.float32], frames: Frames, device: Device, *, refine: bool
) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """Parameters (n, n_params) from the magnitudes of spectra alone, fitted or not, and their significance, (n,).

    True, (n,), where another place agrees as well; of what was not fitted this is not asked.
    """
    parameters, tops = np.empty((len(binned), len(search.motion.identity(2)))), np.empty(len(binned))
    ambiguous = np.zeros(len(binned), bool)
    for row in range(len(binned)):
        chosen = np.array([row])
        turns = compare_spectra(search.start, binned[chosen])
        begun = _of_turns(search, binned[chosen], turns, N_SPECTRA, device)
        fits = WarpFit.start(search.motion, search.shape, begun, search.mean)
        if refine:
            fits = search.fit_all(binned[chosen], begun, device)
        heights, _ = _judge(search, frames[chosen], fits, device)
        best = int(heights.argmax())
        parameters[row], tops[row] = fits.parameters()[best], heights[best]
        ambiguous[row] = refine and _is_ambiguous(search, frames[chosen], fits, heights, best, device)
    return parameters, tops, ambiguous


def _is_settled(
    search: WarpSearch, passed: NDArray[np.float32], frames: Frames, fit: WarpFit, device: Device
) -> NDArray[np.bool_]:
    """Frames that a mere shift has brought where they belong, (n,)."""
    assert search.likeness is not None and search.judged is not None  # noqa: PT018
    trajectory = Trajectory(fit.motion, fit.parameters(), fit.shape)
    aligned = search.likeness.align(device, passed, trajectory)
    settled, lost = _agrees(search.likeness, aligned, fit), search.likeness.doubt(aligned, fit.gains)
    rows = np.flatnonzero(~settled & ~lost)
    if len(rows):
        finer = pass_band(np.asarray(device.bin(np.asarray(frames)[rows], search.judged.factors)))
        aligned = search.judged.align(device, finer, trajectory.part(rows))
        gains = np.maximum(fit.gains, LEAST_GAIN)[rows]
        agrees = search.judged.agree(aligned, gains)
        # a round cell turned by 130 degrees, without the corners of its picture, agrees by 0.88 with itself
        asked = agrees & (fit.chi_square[rows] > GOOD_CHI_SQUARE)
        agrees[asked] = ~search.judged.lose_some(aligned[asked], gains[asked])
        settled[rows] = agrees
    return settled & ~lost


def _contest(
    search: WarpSearch, binned: NDArray[np.float32], frame: Frames, own: FloatArray, device: Device
) -> tuple[WarpFit, float, bool]:
    """Of the candidates for one frame, those given as parameters among them, the best and its significance.

    True at the end where another place agrees as well.
    """
    turns = compare_spectra(search.start, binned)
    begun = [own, _of_landmarks(search, frame, device), _of_turns(search, binned, turns, N_SPECTRA, device)]
    fits = search.fit_all(binned, np.concatenate(begun), device)
    heights, scores = _judge(search, frame, fits, device)
    best = int(heights.argmax())
    if scores[best] < FAIR and not (fits.chi_square[best] < GOOD_CHI_SQUARE and heights[best] > SURE_Z):
        grid = try_angles(search.start, binned, not search.motion.keeps_size)
        more = search.fit_all(binned, _of_turns(search, binned, grid, N_ANGLES, device), device)
        fits = join_fits(fits, more)
        heights, scores = _judge(search, frame, fits, device)
        best = int(heights.argmax())
    is_open = _is_ambiguous(search, frame, fits, heights, best, device)
    return fits.rows(np.array([best])), float(heights[best]), is_open


def _is_ambiguous(
    search: WarpSearch, frame: Frames, fits: WarpFit, heights: FloatArray, best: int, device: Device
) -> bool:
    """Whether another place, away from the best, is as significant.

    Of a few px significance does not tell, but a frame that is the reference, pixel by pixel, is so nowhere else.
    """
    if not _has_rival(fits, heights, best) or search.exact is None:
        return _has_rival(fits, heights, best)
    settled = fits.rows(np.arange(len(heights)))
    repeated = np.ascontiguousarray(np.broadcast_to(np.asarray(frame), (len(heights), *frame.shape[1:])))
    shares = settle_share(device, search.exact, repeated, settled)
    elsewhere = _measure_distances(settled, best) > APART * max(fits.shape)
    return not is_same(shares[best]) or bool((elsewhere & (shares > AS_MUCH * shares[best])).any())


def _has_rival(fits: WarpFit, heights: FloatArray, best: int) -> bool:
    """Whether another place, away from the best, is as significant; where only a corner is, it is the same place."""
    off = _measure_distances(fits, best)
    as_well = (off > APART * max(fits.shape)) & (heights > AS_WELL * heights[best])
    nearly = (off > ELSEWHERE * max(fits.shape)) & (heights > heights[best] - LEAD)
    return bool((as_well | nearly).any())


def _measure_distances(fits: WarpFit, best: int) -> FloatArray:
    """How far each of k fits lies from the best, px, (k,): half of the corners, for one alone makes no other place."""
    corners = np.array([(0.0, 0.0), (0.0, fits.shape[1]), (fits.shape[0], 0.0), fits.shape])
    places = fits.motion.map_points(fits.parameters(), corners, fits.shape)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.median(np.abs(places - places[best]).max(axis=2), axis=1))


def _judge(search: WarpSearch, frame: Frames, fits: WarpFit, device: Device) -> tuple[FloatArray, FloatArray]:
    """Significance and correlation of one frame at each of its fits, at the resolution of the contest, (k,)."""
    assert search.judged is not None
    passed = pass_band(np.asarray(device.bin(frame, search.judged.factors)))
    trajectory = Trajectory(fits.motion, fits.parameters(), fits.shape)
    repeated = np.broadcast_to(passed, (len(trajectory), *passed.shape[1:]))
    scores, heights = search.judged.compare(search.judged.align(device, repeated, trajectory))
    return heights, scores


def _of_landmarks(search: WarpSearch, frame: Frames, device: Device) -> FloatArray:
    """Parameters (k, n_params) from landmarks of one frame."""
    assert search.judged is not None
    seen = np.asarray(device.bin(frame, search.judged.factors))[0]
    coefficients = match_landmarks(search.landmarks, find_landmarks(seen))
    return _as_affine(search.motion, coefficients, search.judged.factors)


def _of_turns(
    search: WarpSearch, binned: NDArray[np.float32], turns: Turns, count: int, device: Device
) -> FloatArray:  # fmt: skip
    """Parameters (count, n_params) of those candidates for one frame whose peaks stand out most."""
    placed, heights = place_turns(search.start, binned, turns, not search.motion.keeps_size, device)
    best = np.argsort(-heights[0], kind="stable")[:count]
    return _as_affine(search.motion, placed[0, best], search.level.factors)


def _as_parameters(motion: WarpFamily, shifts: FloatArray) -> FloatArray:
    """Parameters of mere shifts, (n, ndim) px."""
    ndim = shifts.shape[1]
    parameters = np.tile(motion.identity(ndim), (len(shifts), 1))
    parameters[:, :ndim] = shifts
    return parameters


def _as_affine(motion: WarpFamily, coefficients: FloatArray, factors: tuple[int, ...]) -> FloatArray:
    """Parameters of a motion nearest to affine maps with coefficients (n, 6) in binned px."""
    full = coefficients.copy()
    full[:, [0, 3]] *= np.array(factors, float)
    return motion.parameters(motion.widen_affine(full), 2)
