"""Numbers from arrays: noise, crispness, correlation. They know no frames of a movie and no files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy  # loads its parts when they are needed
from numpy.typing import NDArray

from holdstill.contracts import NoiseModel
from holdstill.reference.cutting import leave_uncut, restore_cut

__all__ = ["crispness", "fit_line", "fit_noise", "join_lines", "white_noise"]

N_BINS = 32
# every third pixel of every third row: a tenth of the work, and two numbers are all that is asked for
STRIDE = 3
OUTLIER_SD, CLIPPINGS = 6.0, 4
# where more than this share of all slopes are outliers, as in masks, no straight line is their noise
MAX_UNTOLD = 0.05
# so many times the noise of all pixels where there are slopes is another noise
UNLIKE = 2.0
# Levels at which more than this share of the pixels were cut off tell less noise than there was; of more than half,
# none. What the others tell of that before the cut is taken if so many levels are left and a line through all misses
# their variances (the square of the logarithm, of n pixels 2 / n by chance) by so much, and by so many times more.
MAX_CUT, HALF, LEAST_BINS, MISSED, WORSE = 0.05, 0.5, 4, 8.0, 2.0
# Variances lie on no line that misses them by so much, as near to where noise was cut off; one for all pixels does
# better then. Below this share of the largest all are as small.
BENT, DARKEST = 0.5, 1e-3
# of ten values a line is not taken for lower than that
LEAST_LEFT = 0.6


def crispness(image: NDArray[Any]) -> float:
    """Norm of the gradient of an image, as NoRMCorre's motion metrics have it (Pnevmatikakis and Giovannucci 2017)."""
    finite = np.nan_to_num(np.asarray(image, np.float64))
    slopes = (np.gradient(finite, axis=axis) for axis in range(finite.ndim) if finite.shape[axis] > 1)
    return float(np.sqrt(sum(float((slope**2).sum()) for slope in slopes)))


def white_noise(image: NDArray[Any]) -> float:
    """Variance of the white noise of one image, from its highest spatial frequencies, where a lens passes nothing.

    Parameters
    ----------
    image : ndarray, ([z,] y, x)
        NaN count as the mean.
    """
    values = np.asarray(image, np.float64)
    known = np.isfinite(values)
    if not known.any():
        return 0.0
    filled = values if known.all() else np.where(known, values, values[known].mean())
    # of the transform along rows only the columns that are asked for are transformed further
    along = scipy.fft.dct(filled, norm="ortho", axis=-1)[..., int(0.8 * values.shape[-1]) :]
    corner = scipy.fft.dct(along, norm="ortho", axis=-2)[..., int(0.8 * values.shape[-2]) :, :]
    return float(np.mean(corner**2)) if corner.size else 0.0


def fit_noise(frames: NDArray[Any], models: NDArray[np.float32], share: float, integer: bool) -> NoiseModel | None:
    """Noise model from frames and what the reference says they should show.

    Parameters
    ----------
    frames : ndarray, (n, [z,] y, x)
    models : ndarray of float32, (n, [z,] y, x)
        The reference, moved onto each frame; NaN where it shows nothing. Gain and offset are fitted here.
    share : float
        Variance of the residual over that of a frame's noise.
    integer : bool
        The pixels were rounded, which alone makes a variance of 1/12.

    Returns
    -------
    NoiseModel or None
        None if too few pixels overlap.
    """
    return join_lines([fit_line(*pair, share) for pair in zip(frames, models, strict=True)], integer)


def join_lines(lines: Sequence[tuple[float, float, float] | None], integer: bool) -> NoiseModel | None:
    """The noise model that the lines of some frames make, see `fit_line`; None of none."""
    known = [line for line in lines if line is not None]
    if not known:
        return None
    gain, intercept, dark = np.median(np.array(known), axis=0)
    floor = 1 / 12 if integer else 1e-12
    return NoiseModel(gain=float(gain), read_variance=float(max(intercept + gain * dark, floor)), offset=float(dark))


def fit_line(frame: NDArray[Any], model: NDArray[np.float32], share: float) -> tuple[float, float, float] | None:
    """Gain, intercept and darkest level of ``variance = intercept + gain * level``, for one frame; see `fit_noise`."""
    grid = (..., slice(None, None, STRIDE), slice(None, None, STRIDE)) if frame.size > 1 << 15 else (...,)
    pixels, levels = frame[grid].ravel().astype(np.float64), model[grid].ravel().astype(np.float64)
    slopes = _steepness(model, STRIDE if len(grid) > 1 else 1).ravel()
    known = np.isfinite(pixels) & np.isfinite(levels) & np.isfinite(slopes)
    pixels, levels, slopes = pixels[known], levels[known], slopes[known]
    if len(pixels) < 10 * N_BINS or np.ptp(levels) == 0:
        return None
    slope, offset = _fit_straight(levels, pixels)
    levels = slope * levels + offset
    order = np.argsort(levels)
    levels, slopes, pixels = levels[order], slopes[order], pixels[order]
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        squares = (pixels - levels) ** 2 / share
    bins = _Bins(len(levels))
    centres = bins.sum(levels) / bins.counts
    with np.errstate(invalid="ignore"):
        variances = bins.average_clipped(squares, np.ones(len(squares)))
    if not (np.isfinite(variances).all() and np.isfinite(centres).all()):  # beyond what floating point holds
        return None
    drawing = _Drawing(centres, *_find_cut(pixels, bins), MISSED / bins.counts[0], int(bins.counts[-1]))
    line = drawing.draw(variances)
    if line.gain > 0 and drawing.is_bent(line, variances):
        line = replace(line, gain=0.0, intercept=float(variances.mean()))
    if not slopes.any() or float((squares / line.of(levels)) @ slopes) / float(slopes.sum()) < UNLIKE:
        return line.gain, line.intercept, line.dark
    # of clipped images and masks the dark is all alike and free of noise, and the edges, which tell, differ; a model
    # that took the noise of the one for that of the other put masks 0.3 px off
    variances = bins.average_clipped(squares, slopes)
    line = drawing.draw(variances)
    untold = float(slopes[squares > OUTLIER_SD**2 * line.of(levels)].sum()) > MAX_UNTOLD * float(slopes.sum())
    if untold or (drawing.is_mostly_cut and drawing.is_bent(line, variances)):
        return 0.0, float(np.average(squares, weights=slopes)), line.dark
    return line.gain, line.intercept, line.dark


def _steepness(model: NDArray[np.float32], stride: int = 1) -> NDArray[np.float64]:
    """Squares of the slopes of an image, at every so-manyth pixel of its plane: what each tells of a shift."""
    steps = (*(1,) * (model.ndim - 2), stride, stride)
    total = np.zeros([-(-n // step) for n, step in zip(model.shape, steps, strict=True)])
    for axis in (axis for axis, n in enumerate(model.shape) if n > 1):
        others = tuple(slice(None, None, 1 if other == axis else step) for other, step in enumerate(steps))
        lines = np.moveaxis(model[others], axis, 0)
        wanted = np.arange(0, len(lines), steps[axis])
        before, after = np.maximum(wanted - 1, 0), np.minimum(wanted + 1, len(lines) - 1)
        rise = lines[after].astype(np.float64) - lines[before]
        rise /= (after - before).reshape(-1, *(1,) * (model.ndim - 1))
        total += np.moveaxis(rise, 0, axis) ** 2
    return total


def _fit_straight(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and value at zero of the straight line through points that do not all lie at one place."""
    middle, off = float(x.mean()), x - x.mean()
    slope = float(off @ y) / float(off @ off)
    return slope, float(y.mean()) - slope * middle


class _Bins:
    """So many values in a row in `N_BINS` parts of as many each."""

    def __init__(self, n: int) -> None:
        self.counts = np.full(N_BINS, n // N_BINS)
        self.counts[: n % N_BINS] += 1
        self._starts = np.cumsum(self.counts) - self.counts

    def sum(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sums over the parts."""
        return np.asarray(np.add.reduceat(values, self._starts), np.float64)

    def average_clipped(self, squares: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weighted mean of each part, without what lies beyond `OUTLIER_SD`.

        Of all levels together the spread is that of the dark ones, beside which the noise of bright spots would pass
        for outliers.
        """
        empty = ~(self.sum(weights) > 0)
        weights = np.where(np.repeat(empty, self.counts), 1.0, weights) if empty.any() else weights
        left = weights
        for _ in range(CLIPPINGS):
            means = self.sum(squares * left) / self.sum(left)
            kept = weights * (squares <= OUTLIER_SD**2 * np.repeat(means, self.counts))
            kept = np.where(np.repeat(self.sum(kept) > 0, self.counts), kept, left)
            if np.array_equal(kept, left):
                break
            left = kept
        return means


def _find_cut(pixels: NDArray[np.float64], bins: _Bins) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of each part that stands at the least or the greatest of all values, and how far its mean is from that."""
    least, greatest, means = pixels.min(), pixels.max(), bins.sum(pixels) / bins.counts
    low, high = (bins.sum((pixels == end).astype(float)) / bins.counts for end in (least, greatest))
    return low + high, np.where(low >= high, means - least, greatest - means)


@dataclass(frozen=True)
class _Line:
    """Variance ``intercept + gain * level``, at `dark` and above."""

    gain: float
    intercept: float
    dark: float

    def of(self, levels: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.maximum(self.intercept + self.gain * np.maximum(levels, self.dark), 1e-12)


@dataclass(frozen=True, eq=False)
class _Drawing:
    """Draws lines through variances at levels, some of which were cut off at zero or white.

    What is cut off at zero, as a background that was subtracted, has no noise there: a line through that and the rest
    made dark edges of what was cut weigh twenty times as much as bright ones, and movies ended 0.09 px off; dim cells
    whose noise reached the cut at nearly every level ended 0.86 px off, ok.
    """

    centres: NDArray[np.float64]
    cut: NDArray[np.float64]
    distances: NDArray[np.float64]
    chance: float
    least_count: int

    @property
    def is_mostly_cut(self) -> bool:
        """Whether too few levels were hardly cut to tell of a line by themselves."""
        return bool((self.cut <= MAX_CUT).sum() < LEAST_BINS)

    def _find_told(self) -> NDArray[np.bool_]:
        """Levels that were hardly cut, where there are enough of them, or else those cut by half at most."""
        return self.cut <= (HALF if self.is_mostly_cut else MAX_CUT)

    def draw(self, variances: NDArray[np.float64]) -> _Line:
        line, told = _Line(*_draw(self.centres, variances, self.least_count), float(self.centres[0])), self._find_told()
        if told.sum() < LEAST_BINS or not (self.cut > MAX_CUT).any():
            return line
        centres, distances, after = self.centres[told], self.distances[told], variances[told]
        before = np.where(self.cut[told] > MAX_CUT, restore_cut(distances, after), after)
        other = _Line(*_draw(centres, before, self.least_count), float(centres[0]))
        left = _miss(leave_uncut(distances, other.of(centres)), after)
        return other if _miss(line.of(centres), after) > max(self.chance, WORSE * left) else line

    def is_bent(self, line: _Line, variances: NDArray[np.float64]) -> bool:
        """Whether the variances lie on no line."""
        above = self.centres >= line.dark
        return _miss(line.of(self.centres[above]), variances[above]) > BENT


def _miss(told: NDArray[np.float64], variances: NDArray[np.float64]) -> float:
    """Mean square of the logarithm of what is told of variances; those close to none are as good as that."""
    least = DARKEST * float(variances.max()) + 1e-30
    return float(np.mean(np.log(np.maximum(told, least) / np.maximum(variances, least)) ** 2))


def _draw(centres: NDArray[np.float64], variances: NDArray[np.float64], n: int) -> tuple[float, float]:
    """Straight line through variances of `n` values, each weighed by its own inverse square, as its error is like it.

    Those that chance made small weigh more, which makes the line too low by up to ``1 - 4 / n`` (chi square): by a
    fifth for frames of 24 px, of which clean ones then left more than their noise and were refused. By as much as most
    of them lie above it, it is raised.
    """
    if np.ptp(centres) == 0:  # frames of zeros but for a pixel in a thousand
        return 0.0, float(np.median(variances))
    weights = 1 / np.maximum(variances, DARKEST * variances.max() + 1e-30)
    gain, intercept = np.polyfit(centres, variances, 1, w=weights)
    told = np.maximum(gain * centres + intercept, 1e-30)
    raised = float(np.clip(np.median(variances / told), 1, 1 / max(1 - 4 / n, LEAST_LEFT)))
    gain, intercept = raised * gain, raised * intercept
    if gain <= 0:
        gain, intercept = 0.0, float(np.median(variances))
    return float(gain), float(intercept)
