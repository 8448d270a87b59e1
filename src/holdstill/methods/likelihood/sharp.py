"""Sharp pictures: where a cubic spline interpolates the finest detail wrongly, a long kernel takes its place.

Near the finest detail that pixels can show, a cubic spline has an error of phase that depends on the fraction of a
pixel alone (Schreier, Braasch and Sutton, Opt. Eng. 39:2915, 2000); at little noise photographs ended 0.008 px off. How
far follows from the image and its noise (Su et al., Opt. Express 23:19242, 2015, from its power spectrum), so that only
those pay for the remedy who need it: a spline through twice as many points, those between pixels made with a windowed
sinc, has a tenth of the bias; where that is too much beside the error bar, and of volumes, the reference is moved by
the very fraction found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, FloatArray, Frames, NoiseModel, Reference, Spline
from holdstill.devices.cpu import CpuDevice
from holdstill.devices.interpolation import SPLINE_PAD, bridge, make_spline
from holdstill.methods.likelihood.denoise import HALF_A_PHOTON, denoise_reference
from holdstill.methods.likelihood.gauss_newton import Fit, Level, find_least_chi_square, inflation, refine
from holdstill.methods.likelihood.informative import find_informative
from holdstill.methods.likelihood.interpolants import (
    find_fine_coefficients,
    mix_neighbours,
    move_by_sinc,
    predict_bias,
    predict_fine_bias,
)

__all__ = ["Version", "Versions", "polish"]

# a bias below this share of the error bar is not worth a second fit, nor any of so few px
WORTH = 0.2
LEAST_BIAS_PX, LEAST_PX = 1e-4, 8
# of the noise's variance that is believed, from version to version
SHARES = (1.0, 1 / 3, 1 / 9, 1 / 27, 1 / 81, 0.0)
# Below so much of the noise that was told the next version is nearer, half way between two shares. While that was asked
# for which suits the next in full, sharp pictures beside what is blurred were 0.009 px off at bars of 0.004, now 0.003.
ENOUGH = np.sqrt(3) * np.array([1 / 3, 1 / 9, 1 / 27, 1 / 81, 1 / 243])
OTHER_GAIN = 0.1
# robust weights and steps that end early are no exact distances
SAFELY = 1.08
STEPS = 4
# beyond the border nothing is known; what is made up for it reaches so far
BORDER_PX = 2
FURTHEST = 3.0
# what fine splines are evaluated on, wherever frames are; the specification would do, slowly
CPU = CpuDevice()


@dataclass(frozen=True, eq=False)
class Version:
    """One way to see the reference at full resolution.

    Attributes
    ----------
    level : Level
    image : ndarray of float32, ([z,] y, x)
        Denoised so far; what counts of it, `counts`, has the mean `mean`.
    counts : ndarray of bool, ([z,] y, x)
    mean : float
    variance_factor : float
        True variance of an estimate over what its normal matrix says.
    """

    level: Level
    image: NDArray[np.float32]
    counts: NDArray[np.bool_]
    mean: float
    variance_factor: float

    @cached_property
    def centred(self) -> NDArray[np.float32]:
        """What the spline of `level` interpolates, finite everywhere, ([z,] y, x)."""
        known = np.isfinite(self.image)
        filled = self.image if known.all() else bridge(self.image, known)
        return (filled - np.float32(self.mean)).astype(np.float32)

    @cached_property
    def bias(self) -> FloatArray:
        """Of the spline of `level`, px, (ndim,); none is told of images too small."""
        if min(self.image.shape) < LEAST_PX or not self.counts.any():
            return np.zeros(self.image.ndim)
        return predict_bias(self.image, self.level.noise, self.level.spline.mask > 0)

    @property
    def is_biased(self) -> bool:
        """Whether a spline does not do well enough."""
        return bool((self.bias > LEAST_BIAS_PX).any())

    @cached_property
    def fine(self) -> Level:
        """The spline through its pixels and, by a long kernel, the points between them."""
        spline = Spline(find_fine_coefficients(self.centred), self.level.spline.mask)
        return replace(self.level, spline=spline)

    @cached_property
    def fine_bias(self) -> FloatArray:
        """Of the spline of `fine`, px, (ndim,)."""
        return predict_fine_bias(self.image, self.level.noise, self.level.spline.mask > 0)


class Versions:
    """A reference in ever less denoised versions, each made when it is first asked for.

    Noise that was guessed too high takes the finest detail of a photograph out of its reference, which then fits less
    well than the photograph as it is.

    Parameters
    ----------
    reference : Reference
    noise : NoiseModel
    cutoff : float
        Of the robust weights; see `refine`.
    """

    def __init__(self, reference: Reference, noise: NoiseModel, cutoff: float) -> None:
        self._reference, self._noise, self._cutoff = reference, noise, cutoff
        self.n_averaged = reference.n_averaged
        is_noisy = reference.noise is not None and np.isfinite(reference.n_averaged)
        self._least_chi_square = find_least_chi_square(np.asarray(reference.image, np.float32))
        self._made: list[Version | None] = [None] * (len(SHARES) if is_noisy else 1)

    def __len__(self) -> int:
        return len(self._made)

    def __getitem__(self, number: int | np.intp) -> Version:
        """The more, the less denoised; the last is the reference as it is. Two threads may make the same one."""
        made = self._made[number]
        if made is None:
            made = self._made[number] = self._make(SHARES[number])
        return made

    @cached_property
    def distance(self) -> float:
        """Mean square of what the first version lacks of the reference as it is, in units of a frame's noise."""
        first = self[0]
        lacking = np.square(np.asarray(self._reference.image, np.float32) - first.image, dtype=np.float64)
        variance = self._noise.variance(first.image.astype(np.float64))
        return float(np.mean(lacking / variance, where=first.counts)) if first.counts.any() else 0.0

    @cached_property
    def telling(self) -> FloatArray:
        """Squares of the slopes of the first version where pixels count, borders left out: where a residual tells."""
        image = self[0].image
        inside = np.zeros(image.shape, bool)
        inside[tuple(slice(BORDER_PX, -BORDER_PX) if n > 2 * BORDER_PX else slice(None) for n in image.shape)] = True
        slopes = [np.gradient(image, axis=axis) for axis in range(image.ndim) if image.shape[axis] > 1]
        return np.asarray(np.sum(np.square(slopes), axis=0) * self[-1].level.spline.mask * inside)

    @cached_property
    def shown(self) -> float:
        """Of the noise that is reckoned with, the share that frames show where a residual tells.

        The dark is reckoned with half a photon. At half a photon a pixel that is half of all noise: frames showed too
        little, took the reference for sharp, noise and all, and each lay where its own noise is: on whole pixels.
        """
        told, noise, image = self._reference.noise, self._noise, self[0].image.astype(np.float64)
        weights = self.telling * self[0].counts
        if told is None or noise.read_variance > HALF_A_PHOTON * told.gain**2 or not weights.any():
            return 1.0
        shown = replace(noise, read_variance=min(told.read_variance, noise.read_variance))
        return float(np.average(shown.variance(image) / noise.variance(image), weights=weights))

    def may_be_closer(self, chi_square: FloatArray, pixels: FloatArray | float = np.inf) -> NDArray[np.bool_]:
        """Which frames may agree with the reference as it is much better than noise allows, (n,).

        `chi_square` is of the fits to the first version, which lies from a frame as far as the reference as it is does
        and what lies between the two, in squares: the noise taken out of a reference is none of a frame. At most all of
        that is on the `pixels` that a frame shows.
        """
        shown = np.clip(pixels / max(float(self[0].counts.sum()), 1.0), 1e-6, 1.0)
        least = self.shown * ENOUGH[0] * (1 + 1 / self.n_averaged) + self.distance / shown
        return ~(np.isfinite(chi_square) & (chi_square > SAFELY**2 * least))

    def _make(self, share: float) -> Version:
        denoised = denoise_reference(self._reference, self._noise, share)
        image, counts = denoised.image, denoised.counts
        mean = float(image.mean(dtype=np.float64, where=counts)) if counts.any() else 0.0
        informative = find_informative(denoised, self._noise) if share == 1 else None
        spline = make_spline(
            image if counts.all() else np.where(counts, image, np.float32(np.nan)), informative, level=mean
        )
        n = self._reference.n_averaged
        factor = inflation(self._cutoff) * (1 + 1 / n) / (1 + denoised.kept / n)
        level = Level((1,) * image.ndim, spline, self._noise, least_chi_square=self._least_chi_square)
        return Version(level, image, counts, mean, factor)


def polish(
    device: Device, versions: Versions, frames: Frames, fit: Fit, *, cutoff: float, accuracy: float,
    is_rough: bool = False, same: NDArray[np.intp],
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """Improve a `fit` to the first version in place, but for frames that lie on the reference as it is, the `same`.

    Returns the variance factors, and by how much the residuals exceed the common ones where they tell, both (n,). A
    frame that shows less noise takes a version less denoised, and where a spline is biased a long kernel, unless
    `is_rough` says that this does not matter.
    """
    rows: NDArray[np.intp] = np.arange(len(fit.shifts))
    others = np.setdiff1d(rows, same)
    chosen, telling = np.zeros(len(rows), np.intp), np.zeros(len(rows))
    if len(versions) > 1:
        chosen[:], part = len(versions) - 1, fit.rows(others)
        chosen[others], telling[others] = _choose(device, versions, _some(frames, others), part, cutoff, accuracy)
        fit.replace_rows(others, part)
    for number in np.unique(chosen[others]):
        version, those = versions[number], others[chosen[others] == number]
        if number > 0:
            closer = fit.rows(those)
            refine(
                device, version.level, _some(frames, those), closer, cutoff=cutoff, max_iterations=STEPS,
                accuracy=accuracy,
            )  # fmt: skip
            fit.replace_rows(those, closer)
        if not is_rough:
            _leave_spline(device, version, frames, fit, those, cutoff, accuracy)
    factors = np.array([versions[number].variance_factor for number in chosen])
    return factors, np.maximum(telling / fit.chi_square, 1.0)


def _choose(
    device: Device, versions: Versions, frames: Frames, fit: Fit, cutoff: float, accuracy: float
) -> tuple[NDArray[np.intp], FloatArray]:
    """For each frame the version that is right for the noise that it shows, and its residual where that tells, (n,).

    A `fit` for which that is not the first goes on, in place, from the fit beside the reference as it is.
    """
    chosen, telling = np.zeros(len(fit.shifts), np.intp), np.zeros(len(fit.shifts))
    rows = np.flatnonzero(versions.may_be_closer(fit.chi_square, fit.pixels))
    if not len(rows):
        return chosen, telling
    plain, level = fit.rows(rows), versions[-1].level
    refine(device, level, _some(frames, rows), plain, cutoff=cutoff, max_iterations=1, accuracy=0.0)
    # beside a first version of hardly any contrast a gain was found that hides how well the reference as it is agrees
    steep = np.flatnonzero(np.abs(plain.gains - fit.gains[rows]) > OTHER_GAIN * np.abs(plain.gains))
    if len(steep):
        again = plain.rows(steep)
        refine(device, level, _some(frames, rows[steep]), again, cutoff=cutoff, max_iterations=2, accuracy=0.0)
        plain.replace_rows(steep, again)
    for place in np.flatnonzero(plain.chi_square / _find_noise_of_both(versions, plain) < ENOUGH[0]):
        row, one = rows[place], plain.rows(np.array([place]))
        refine(device, level, frames[row : row + 1], one, cutoff=cutoff, max_iterations=STEPS, accuracy=accuracy)
        told = _residual_that_tells(versions, np.asarray(frames[row : row + 1])[0], one, 0)
        chosen[row] = (told / _find_noise_of_both(versions, one)[0] < ENOUGH).sum()
        telling[row] = told
        if chosen[row]:  # where it began, beside a smoother version, may be too far off for one more step
            fit.replace_rows(np.array([row]), one)
    return chosen, telling


def _find_noise_of_both(versions: Versions, fit: Fit) -> FloatArray:
    """Mean square of what noise leaves beside the reference as it is, in units of a frame's noise, (n,).

    Of a reference that is mostly noise a frame shows a small share, and as little of its noise: while all of that was
    reckoned with, dim beads at rest were found half a px off, where interpolation leaves least of it.
    """
    both = 1 + np.minimum(np.square(fit.gains), 1.0) / versions.n_averaged
    return np.asarray(versions.shown * both, np.float64)


def _residual_that_tells(versions: Versions, frame: Frames, fit: Fit, row: int | np.intp) -> float:
    """Mean square of a frame's residuals beside the reference as it is, in units of the noise, where that has slopes.

    Of clipped images and drawings the rest agrees without noise and tells nothing. By spline or by sinc, whichever
    leaves less. Where too few px are left to look at, those of the whole fit.
    """
    last = versions[-1]
    whole = np.rint(np.nan_to_num(fit.shifts[row])).astype(np.int64)
    if (np.abs(whole) >= np.array(frame.shape) - LEAST_PX).any():
        return float(fit.chi_square[row])
    here = tuple(slice(max(0, w), n + min(0, w)) for w, n in zip(whole, frame.shape, strict=True))
    there = tuple(slice(max(0, -w), n + min(0, -w)) for w, n in zip(whole, frame.shape, strict=True))
    weights = versions.telling[there]
    pixels, means = frame[here].astype(np.float64), []
    for moved in _both_ways(last, whole - fit.shifts[row]):
        model = fit.gains[row] * moved[there] + fit.offsets[row]
        variance = last.level.noise.variance(model)
        share = weights / variance
        known = np.isfinite(pixels) & np.isfinite(share)
        squares = np.square(pixels - model)[known] / variance[known]
        means.append(float((share[known] * squares).sum()) / max(float(share[known].sum()), 1e-30))
    return min(means)


def _both_ways(version: Version, fractions: FloatArray) -> Iterator[FloatArray]:
    """A version at ``p + fractions``, by its cubic spline and, where that matters, by a long kernel."""
    inside = (slice(SPLINE_PAD, -SPLINE_PAD),) * len(fractions)
    yield mix_neighbours(version.level.spline.coefficients[inside], fractions, 2, _cubic).astype(np.float64)
    if version.is_biased:
        yield move_by_sinc(version.centred, fractions).astype(np.float64)


def _some(frames: Frames, rows: NDArray[np.intp]) -> Frames:
    return frames if len(rows) == len(frames) else frames[rows]


def _leave_spline(
    device: Device, version: Version, frames: Frames, fit: Fit, rows: NDArray[np.intp], cutoff: float, accuracy: float
) -> None:
    """Repeat those fits which the bias of their spline would take too far off.

    A frame keeps the fit to the spline if that left smaller residuals: it may have been made with one; and where the
    other went further than any bias, led by the edges of a mask.
    """
    rows = rows[np.isfinite(fit.chi_square[rows])]
    errors = np.sqrt(np.maximum(np.einsum("nii->ni", fit.covariance[rows]), 0))
    turns = np.abs(np.sin(2 * np.pi * fit.shifts[rows]))
    matters = _any(turns * version.bias > WORTH * errors) & version.is_biased
    exactly = matters & (frames.ndim == 4)
    if (matters & ~exactly).any():
        exactly |= matters & _any(version.fine_bias > WORTH * errors)
    many = rows[matters & ~exactly]
    if len(many):
        other = fit.rows(many)
        refine(
            CPU, version.fine, np.asarray(frames[many]), other, cutoff=cutoff, max_iterations=STEPS, accuracy=accuracy
        )
        _take_closer(version, fit, many, other)
    for row in rows[exactly]:
        _fit_exactly(device, version, frames, fit, row, cutoff, accuracy)


def _any(condition: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(condition.any(axis=1))


def _fit_exactly(
    device: Device, version: Version, frames: Frames, fit: Fit, row: np.intp, cutoff: float, accuracy: float
) -> None:
    """Repeat one of the fits beside the reference moved by the fraction found."""
    whole = np.rint(fit.shifts[row])
    fraction = fit.shifts[row] - whole
    moved = move_by_sinc(version.centred, -fraction)
    exact = replace(version.level, spline=make_spline(moved, version.level.spline.mask.astype(bool)))
    one = np.array([row])
    other = fit.rows(one)
    other.shifts[:] = whole
    refine(device, exact, frames[row : row + 1], other, cutoff=cutoff, max_iterations=STEPS, accuracy=accuracy)
    other.shifts += fraction
    _take_closer(version, fit, one, other)


def _take_closer(version: Version, fit: Fit, rows: NDArray[np.intp], other: Fit) -> None:
    """Replace fits by others that left smaller residuals and did not go further than a bias can."""
    errors = np.sqrt(np.maximum(np.einsum("nii->ni", fit.covariance[rows]), 0))
    near = np.abs(other.shifts - fit.shifts[rows]) < FURTHEST * (version.bias + errors)
    taken = near.all(axis=1) & (other.chi_square < fit.chi_square[rows])
    fit.replace_rows(rows[taken], other.rows(np.flatnonzero(taken)))


def _cubic(at: FloatArray) -> FloatArray:
    """The cubic B-spline."""
    x = np.abs(at)
    return np.where(x < 1, 2 / 3 - x**2 + x**3 / 2, np.maximum(2 - x, 0) ** 3 / 6)
