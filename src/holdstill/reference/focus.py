"""Frames whose fine detail is gone while what is coarse is there as ever: out of focus.

How much of the reference's detail a frame shows is how strongly the two go together in a band of spatial frequencies,
at the place that was found; noise of the frame makes that uncertain, by a known error, and not smaller.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import Estimates, FloatArray, Frames, Reference, Verdict
from holdstill.devices.cpu.compiling import kernel, part

__all__ = ["Focus", "prepare_focus"]

# bands between Gaussians of so many px: periods of about 8 and of 32 px
FINE, COARSE = (0.7, 1.4), (4.0, 8.0)
FINE_TIMES, REACH = 3, 48
# of the detail that the coarse band makes one expect so much is left, beyond so many standard errors: of a sharp frame
# whose error is a tenth chance has to take away eight of them
LEFT, SURE = 0.5, 3.0
TELLING, PRESENT = 10.0, 0.3
# a reference of fewer frames, or from elsewhere, says nothing of how sharp these frames usually are
LEAST_FRAMES, LEAST_PX, LEAST_OVERLAP = 4, 48, 0.25
# the middle of a large frame is enough: it costs 0.1 ms
MOST_PX = 384
# a frame that has so much of the power of the detail is sharp, and does not fit
# for another reason; beyond three standard errors, as one of twenty pixels of filtered noise is independent
SHARP, SHARP_SURE, ALIKE = 0.7, 3.0, 20.0


@dataclass(frozen=True, eq=False)
class _Band:
    """The reference in one band, and what its sums over an overlap are made of.

    Attributes
    ----------
    image : ndarray of float32, (y, x)
    sums : ndarray of float64, (y + 1, x + 1, 4)
        Over all before a row and a column: of products with the reference itself, less its noise; by how much those
        fall for shifts by 1 px along y and x; and of the variance of the band times a frame. Summed anew for each
        frame they took four fifths of the time.
    """

    image: NDArray[np.float32]
    sums: FloatArray

    @classmethod
    def of(
        cls, image: NDArray[np.float32], known: NDArray[np.bool_], variance: FloatArray, share: float, times: int,
        sigmas: tuple[float, float],
    ) -> _Band:  # fmt: skip
        """Of a reference of mean zero whose own variance is a `share` of that of a frame."""
        band = np.where(known, _filter(image, times, sigmas), 0)
        falls = [band - (np.roll(band, 1, axis) + np.roll(band, -1, axis)) / 2 for axis in (0, 1)]
        own = _answer(times, sigmas)[REACH, REACH] * share * variance
        products = [band * image - own, *(fall * image for fall in falls), band**2 * variance]
        sums = np.zeros((image.shape[0] + 1, image.shape[1] + 1, len(products)))
        sums[1:, 1:] = np.stack(products, axis=-1, dtype=np.float64).cumsum(axis=0).cumsum(axis=1)
        return cls(band.astype(np.float32), sums)

    def compare(self, here: tuple[slice, ...], answer: float, off: FloatArray) -> tuple[float, float]:
        """How much of the band a frame shows that answers so strongly, 1 for all, and the standard error."""
        rows, columns = here
        top, bottom = (self.sums[at, columns.stop] - self.sums[at, columns.start] for at in (rows.start, rows.stop))
        whole, *falls, variance = bottom - top
        expected = whole - float(np.dot(off**2, falls))  # less where the frame lies between two pixels
        if expected <= 0:
            return 0.0, np.inf
        return answer / expected, float(np.sqrt(max(variance, 0.0)) / expected)


@dataclass(frozen=True, eq=False)
class Focus:
    """The middle of a reference, from row and column `first` on, ready to tell which frames lack its detail."""

    first: tuple[int, int]
    variance: float
    fine: _Band
    coarse: _Band

    def judge(self, frames: Frames, estimates: Estimates, widening: float = 1.0) -> Estimates:
        """The same with `focus_lost` for frames, (n, y, x), that were good and lack detail.

        `widening` is by how much errors are larger than those of independent pixels.
        """
        verdicts = [
            Verdict.FOCUS_LOST if verdict is Verdict.OK and self._is_lost(frame, shift, widening) else verdict
            for frame, shift, verdict in zip(frames, estimates.parameters, estimates.verdicts, strict=True)
        ]
        return replace(estimates, verdicts=tuple(verdicts))

    def _is_lost(self, frame: NDArray[np.generic], shift: FloatArray, widening: float) -> bool:
        whole = np.rint(shift).astype(int)
        here, there = self._find_overlap(frame.shape, whole)
        shown = np.ascontiguousarray(frame[there], np.float32)
        if shown.size < LEAST_OVERLAP * self.fine.image.size:
            return False
        told, place = np.empty(3), (here[0].start, here[1].start)
        _sum_bands(shown, self.fine.image, self.coarse.image, *place, told)
        if not np.isfinite(told).all():
            known = np.isfinite(shown)
            shown = np.where(known, shown, shown.mean(where=known) if known.any() else np.float32(0))
            _sum_bands(shown, self.fine.image, self.coarse.image, *place, told)
        mean, of_fine, of_coarse = told.tolist()
        coarse, coarse_error = self.coarse.compare(here, of_coarse, shift - whole)
        if not coarse > max(TELLING * widening * coarse_error, PRESENT):
            return False
        fine, fine_error = self.fine.compare(here, of_fine, shift - whole)
        if not fine + SURE * widening * fine_error < LEFT * (coarse - SURE * widening * coarse_error):
            return False
        return not self._is_sharp(here, shown - np.float32(mean), coarse)

    def _is_sharp(self, here: tuple[slice, ...], shown: NDArray[np.float32], gain: float) -> bool:
        """Whether a frame has the power of the fine detail, wherever that may lie."""
        noise = self.variance * float((_answer(FINE_TIMES, FINE) ** 2).sum())
        doubt = SHARP_SURE * noise * np.sqrt(ALIKE / shown.size)
        seen = float((_filter(shown, FINE_TIMES, FINE) ** 2).mean()) - noise - doubt
        return seen > SHARP * gain**2 * float((self.fine.image[here] ** 2).mean())

    def _find_overlap(
        self, shape: tuple[int, ...], whole: NDArray[np.int64]
    ) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
        """What of the middle a frame shows, and where in the frame, for a shift by whole pixels."""
        here, there = [], []
        for size, n, begin, step in zip(self.fine.image.shape, shape, self.first, whole.tolist(), strict=True):
            low, high = max(0, -begin - step), max(0, min(size, n - begin - step))
            here.append(slice(low, max(low, high)))
            there.append(slice(low + begin + step, max(low, high) + begin + step))
        return tuple(here), tuple(there)


def prepare_focus(reference: Reference, n_parameters: int) -> Focus | None:
    """What tells frames out of focus from others; None where nothing can.

    That is of volumes, of other motions than shifts, where the noise is not known, and of a reference that is no mean
    of such frames.
    """
    image, noise = np.asarray(reference.image, np.float32), reference.noise
    is_usual = LEAST_FRAMES <= reference.n_averaged < np.inf
    if image.ndim != 2 or n_parameters != 2 or noise is None or not is_usual or min(image.shape) < LEAST_PX:
        return None
    first = (max(0, image.shape[0] - MOST_PX) // 2, max(0, image.shape[1] - MOST_PX) // 2)
    middle = tuple(slice(begin, begin + MOST_PX) for begin in first)
    known = np.isfinite(image[middle])
    known &= True if reference.mask is None else reference.mask[middle]
    if not known.any():
        return None
    mean = image[middle][known].mean(dtype=np.float64)
    level = np.where(known, image[middle], mean)
    variance, share = noise.variance(level), 1 / reference.n_averaged
    centred = (level - mean).astype(np.float32)
    fine = _Band.of(centred, known, variance, share, FINE_TIMES, FINE)
    return Focus(first, float(variance.mean()), fine, _Band.of(centred, known, variance, share, 1, COARSE))


@part
def _add(row: Any) -> Any:
    total = np.float32(0)
    for x in range(row.size):
        total += row[x]
    return total


@part
def _multiply(row: Any, mean: Any, fine: Any, coarse: Any) -> Any:
    of_fine = of_coarse = np.float32(0)
    for x in range(row.size):
        off = row[x] - mean
        of_fine += fine[x] * off
        of_coarse += coarse[x] * off
    return of_fine, of_coarse


@kernel
def _sum_bands(frame: Any, fine: Any, coarse: Any, top: int, left: int, told: Any) -> None:
    """Mean of an image, and sums of what its pixels exceed it by, times two bands; not finite where one is not.

    `top` and `left` say where in the bands it begins: of parts of these all would be compiled once more.
    """
    total = 0.0
    for y in range(frame.shape[0]):
        total += _add(frame[y])
    told[0] = total / frame.size
    told[1] = told[2] = 0.0
    mean = np.float32(told[0])
    for y in range(frame.shape[0]):
        of_fine, of_coarse = _multiply(frame[y], mean, fine[top + y, left:], coarse[top + y, left:])
        told[1] += of_fine
        told[2] += of_coarse


def _filter(image: NDArray[np.float32], times: int, sigmas: tuple[float, float]) -> NDArray[np.float32]:
    """The band between two Gaussians, taken several times: its flanks are steep, as the spectra of images are."""
    for _ in range(times):
        image = ndimage.gaussian_filter(image, sigmas[0]) - ndimage.gaussian_filter(image, sigmas[1])
    return np.asarray(image, np.float32)


def _answer(times: int, sigmas: tuple[float, float]) -> NDArray[np.float32]:
    """What the filter makes of a single pixel."""
    point = np.zeros((2 * REACH + 1, 2 * REACH + 1), np.float32)
    point[REACH, REACH] = 1
    return _filter(point, times, sigmas)
