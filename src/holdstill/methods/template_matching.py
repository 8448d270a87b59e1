"""Template matching: a part of the reference, searched in each frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from holdstill.contracts import Device, FloatArray, Frames
from holdstill.errors import InputError, UnknownName
from holdstill.methods.likelihood.judged import JudgedEstimator, Located
from holdstill.methods.likelihood.verdicts import Limits
from holdstill.methods.search.correlation import peak_offsets, peaks
from holdstill.methods.search.subpixel import SUBPIXEL
from holdstill.methods.search.surfaces import peaks as several_peaks
from holdstill.methods.search.unknown import fill_unknown

__all__ = ["SCORES", "TemplateMatching"]

SCORES = ("ccoeff_normed", "ccoeff", "ccorr_normed", "ccorr", "sqdiff_normed", "sqdiff")


# a search over more px than this begins on images binned by so much, and ends within twice as many px of what it found
BIN, ROOM = 4, 24
# a template whose autocorrelation is so high this many px off has a hill about its peak that can be climbed
HILL, HILL_PX = 0.3, 2
MAX_CLIMB = 6
# places on binned images that are looked at closely
N_CANDIDATES = 4


# what OpenCV's numbers of scores stand for
OPENCV = ("sqdiff", "sqdiff_normed", "ccorr", "ccorr_normed", "ccoeff", "ccoeff_normed")


def _refuse_score(score: Any) -> str:
    """There is none of that name, and what was perhaps meant."""
    meant = str(score).lower().removeprefix("cv2.").removeprefix("tm_")
    if isinstance(score, int) and 0 <= score < len(OPENCV):
        meant = OPENCV[score]
    if meant in SCORES:
        return f"there is no score {score!r}; here it is called {meant!r}"
    return f"there is no score {score!r}; choose one of {', '.join(SCORES)}"


@dataclass(frozen=True, eq=False)
class _Template:
    """The region's conjugate spectrum and sums; `low` and `high` are the first and last shift along each axis."""

    starts: NDArray[np.int64]
    shape: tuple[int, ...]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    values: NDArray[np.float32]
    padded: tuple[int, ...]
    spectrum: NDArray[np.complex64]
    squares: float
    offset: float


@dataclass(frozen=True, eq=False)
class _Search:
    """`lean` is where between pixels the region is found in the reference itself, (ndim,) px."""

    fine: _Template
    coarse: _Template | None
    climbs: bool
    lean: FloatArray


@dataclass(frozen=True, kw_only=True)
class TemplateMatching(JudgedEstimator):
    """Shift at which a region of the reference fits best into each frame; 2D and 3D.

    With ``reference="first"`` the template stays, with ``reference="previous"`` it follows the frames.

    Parameters
    ----------
    roi : tuple of (start, stop) or slice, one for each axis ``([z,] y, x)``, px, optional
        The region of the reference; None for a start or stop is the border. Default: its central half along each axis.
    search : float or tuple of float, optional
        How far from its place the region is searched, px. Default: as far as the frame goes.
    score : {"ccoeff_normed", "ccoeff", "ccorr_normed", "ccorr", "sqdiff_normed", "sqdiff"}
        What is compared: correlation coefficient, product or squared difference, normalised or not.
    subpixel : {"gaussian", "parabola", "com", "none"}
        How the peak is found between pixels. Default "gaussian".
    max_shift : float or tuple of float, optional
        Larger shifts are called out of range. Default: 45 % of the frame.

    Raises
    ------
    InputError, UnknownName
        The region is not inside of the frame, or leaves no room to move; there is no such score.

    Notes
    -----
    Lewis, "Fast normalized cross-correlation", Vision Interface 1995.

    Examples
    --------
    >>> import numpy as np
    >>> from holdstill.estimators import TemplateMatching
    >>> image = np.random.default_rng(0).random((64, 64)).cumsum(0).cumsum(1) % 50
    >>> matching = TemplateMatching(roi=((20, 44), (20, 44)), search=8, subpixel="none")
    >>> matching.fit(np.stack([image, np.roll(image, 3, axis=0)]), reference=0).shifts
    array([[0., 0.],
           [3., 0.]])
    """

    roi: tuple[tuple[int | None, int | None] | slice, ...] | None = None
    search: float | tuple[float, ...] | None = None
    score: str = "ccoeff_normed"

    def __post_init__(self) -> None:
        """Refuse what is not known."""
        super().__post_init__()
        if self.roi is not None:  # one form, so that equal regions make equal settings
            object.__setattr__(self, "roi", tuple(_pair(part) for part in self.roi))
        if self.score not in SCORES:
            raise UnknownName(_refuse_score(self.score))
        if self.subpixel not in SUBPIXEL:
            raise UnknownName(f"there is no sub-pixel method {self.subpixel!r}; choose one of {', '.join(SUBPIXEL)}")

    def _search(self, reference: NDArray[np.float32], limits: Limits, device: Device) -> _Search:
        shape = reference.shape
        starts, stops = self._region(shape)
        reach = _per_axis(self.search, shape)
        low = np.maximum(-starts, -reach).astype(np.int64)
        high = np.minimum(np.array(shape) - stops, reach).astype(np.int64)
        if not (high > low).any():
            raise InputError(
                f"the template of {_times(stops - starts)} px leaves no room in its search region of "
                f"{_times(stops - starts + high - low)} px; make the roi smaller or the search larger"
            )
        whole = fill_unknown(reference[None])
        if (high - low).max() <= 2 * ROOM or (stops - starts).min() < 8 * BIN:
            fine = self._template(whole[0], starts, stops, low, high, high - low)
            return _Search(fine, None, False, self._find_lean(fine, whole[0]))
        room = np.minimum(high - low, 4 * BIN)
        binned = device.bin(whole, (BIN,) * len(shape))[0]
        first, last = -(-starts // BIN), stops // BIN
        least, most = np.maximum(-(-low // BIN), -first), np.minimum(high // BIN, np.array(binned.shape) - last)
        fine = self._template(whole[0], starts, stops, low, high, room)
        return _Search(
            fine,
            self._template(binned, first, last, least, most, most - least),
            # a mere product rises towards what is bright, not towards what matches
            self.score != "ccorr"
            and _has_hill(whole[0][tuple(slice(a, b) for a, b in zip(starts, stops, strict=True))]),
            self._find_lean(fine, whole[0]),
        )

    def _find_lean(self, template: _Template, image: NDArray[np.float32]) -> FloatArray:
        """Where between pixels the region is found in the image from which it was cut; zero where not there at all.

        What surrounds it is not the same on both sides: a smooth picture of 64 px was found 0.12 px beside itself.
        """
        low, high = np.maximum(template.low, -1), np.minimum(template.high, 1)
        surface = self._surface(template, image, low, high)[None]
        peak, _ = peaks(surface)
        is_there = (low + peak[0] == 0).all()
        return peak_offsets(surface, peak, self.subpixel)[0] if is_there else np.zeros(image.ndim)

    def _template(
        self,
        image: NDArray[np.float32],
        starts: NDArray[np.int64],
        stops: NDArray[np.int64],
        low: NDArray[np.int64],
        high: NDArray[np.int64],
        room: NDArray[np.int64],
    ) -> _Template:
        """A region of an image, to be searched over `room` px along each axis at a time."""
        part = image[tuple(slice(a, b) for a, b in zip(starts, stops, strict=True))]
        offset = float(part.mean(dtype=np.float64)) if "ccoeff" in self.score else 0.0
        values = part - np.float32(offset)
        padded = tuple(int(fft.next_fast_len(int(n + r), real=True)) for n, r in zip(part.shape, room, strict=True))
        spectrum = np.asarray(np.conj(fft.rfftn(values, s=padded)), np.complex64)
        squares = float((values.astype(np.float64) ** 2).sum())
        return _Template(starts, part.shape, low, high, np.ascontiguousarray(values), padded, spectrum, squares, offset)

    def _region(self, shape: tuple[int, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        if self.roi is None:
            quarter = np.array(shape) // 4
            return quarter.astype(np.int64), (np.array(shape) - quarter).astype(np.int64)
        if len(self.roi) != len(shape):
            raise InputError(f"roi must be one (start, stop) for each of {len(shape)} axes, not {self.roi}")
        pairs = [_pair(part) for part in self.roi]
        starts = np.array([0 if start is None else start for start, _ in pairs], np.int64)
        stops = np.array([n if stop is None else stop for (_, stop), n in zip(pairs, shape, strict=True)], np.int64)
        if (starts < 0).any() or (stops > np.array(shape)).any() or (stops - starts < 3).any():
            raise InputError(
                f"roi {self.roi} is not a region of at least 3 px inside the frame of {_times(shape)} px; "
                "give (start, stop) for each axis"
            )
        return starts, stops

    def _locate(self, search: Any, frames: Frames, device: Device) -> Located:
        found = [self._one(search, frames[n : n + 1], device) for n in range(len(frames))]
        shifts = np.stack([shift for shift, _ in found])
        # half way between pixels, where two of them are alike, a peak leans to neither side
        aside = np.abs(shifts - search.lean - np.rint(shifts - search.lean))
        return Located(shifts - np.maximum(1 - 2 * aside, 0) * search.lean, np.array([height for _, height in found]))

    def _one(self, search: _Search, frame: Frames, device: Device) -> tuple[FloatArray, float]:
        """Shift of one frame, (1, ...), and how far its peak stands out."""
        fine, coarse = search.fine, search.coarse
        if coarse is None:
            return self._best(fine, fill_unknown(frame)[0], fine.low, fine.high)
        binned = fill_unknown(device.bin(frame, (BIN,) * (frame.ndim - 1)))[0]
        surface = self._surface(coarse, binned, coarse.low, coarse.high)[None]
        _, height = peaks(surface)
        places, _ = several_peaks(np.ascontiguousarray(surface, np.float32), N_CANDIDATES)
        pixels = fill_unknown(frame)[0]
        found = [self._finish(search, pixels, (coarse.low + place) * BIN) for place in places[0]]
        # binned, a neighbour of the same looks may score higher than the place itself
        return max(found, key=lambda one: one[1])[0], float(height[0])

    def _finish(
        self, search: _Search, pixels: NDArray[np.float32], middle: NDArray[np.int64]
    ) -> tuple[FloatArray, float]:
        """From a place found on binned images to the best near it, and the score there."""
        fine = search.fine
        if search.climbs:
            return self._climb(fine, pixels, np.clip(middle, fine.low, fine.high))
        low, high = (np.clip(middle + room, fine.low, fine.high) for room in (-2 * BIN, 2 * BIN))
        surface = self._surface(fine, pixels, low, high)[None]
        peak, _ = peaks(surface)
        return low + peak[0] + peak_offsets(surface, peak, self.subpixel)[0], float(surface.max())

    def _best(
        self, template: _Template, image: NDArray[np.float32], low: NDArray[np.int64], high: NDArray[np.int64]
    ) -> tuple[FloatArray, float]:
        """Shift with the highest score of those from `low` to `high`, between pixels, and how far it stands out."""
        surface = self._surface(template, image, low, high)[None]
        peak, height = peaks(surface)
        return low + peak[0] + peak_offsets(surface, peak, self.subpixel)[0], float(height[0])

    def _climb(
        self, template: _Template, image: NDArray[np.float32], start: NDArray[np.int64]
    ) -> tuple[FloatArray, float]:
        """From a shift uphill, three by three; where it ends, and the score there."""
        here = start
        for _ in range(MAX_CLIMB):
            low = np.clip(here - 1, template.low, np.maximum(template.high - 2, template.low))
            high = np.minimum(low + 2, template.high)
            surface = self._surface(template, image, low, high)[None]
            peak, _ = peaks(surface)
            before, here = here, low + peak[0]
            if (here == before).all() or ((here > low) & (here < high)).all():
                break
        return here + peak_offsets(surface, peak, self.subpixel)[0], float(surface.max())

    def _surface(
        self, template: _Template, image: NDArray[np.float32], low: NDArray[np.int64], high: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """The score at each shift from `low` to `high`, as something to be maximised."""
        stops = template.starts + np.array(template.shape)
        region = image[tuple(slice(a, b) for a, b in zip(template.starts + low, stops + high, strict=True))]
        centred = region - np.float32(region.mean() if "ccoeff" in self.score else 0.0)
        fr = _products(template, centred)
        if self.score in ("ccorr", "ccoeff"):  # the template is mean-free for ccoeff
            return fr.astype(np.float32)
        sum_ff = _window_sums(centred.astype(np.float64) ** 2, template.shape)
        if self.score == "ccoeff_normed":
            sum_f = _window_sums(centred, template.shape)
            variance = np.maximum(sum_ff - sum_f**2 / float(np.prod(template.shape)), 0.0)
            return _divide(fr, np.sqrt(variance * template.squares))
        if self.score == "ccorr_normed":
            return _divide(fr, np.sqrt(sum_ff * template.squares))
        difference = sum_ff - 2 * fr + template.squares
        if self.score == "sqdiff_normed":
            return 1 - _divide(difference, np.sqrt(sum_ff * template.squares))
        return (-difference).astype(np.float32)


def _pair(part: Any) -> tuple[int | None, int | None]:
    """Start and stop along one axis."""
    if isinstance(part, slice) and part.step in (None, 1):
        return part.start, part.stop
    if isinstance(part, (tuple, list)) and len(part) == 2:
        return part[0], part[1]
    raise InputError(f"roi must be (start, stop) or a slice of step 1 for each axis, not {part!r}")


def _has_hill(values: NDArray[np.float32]) -> bool:
    """Whether the content is so smooth that its neighbours lead to the peak of its correlation."""
    centred = values - values.mean(dtype=np.float64)
    scale = max(float((centred**2).sum()), 1e-30)
    moved = [
        np.take(centred, range(HILL_PX, n), axis=axis) * np.take(centred, range(n - HILL_PX), axis=axis)
        for axis, n in enumerate(values.shape)
    ]
    return all(float(product.sum()) > HILL * scale for product in moved)


def _products(template: _Template, region: NDArray[np.float32]) -> FloatArray:
    """Sum of template times region at each place where it fits: one by one where there are few, else by FFT."""
    places = np.array(region.shape) - np.array(template.shape) + 1
    if places.max() <= 3:
        return _few_products(template.values, region, places)
    axes = tuple(range(region.ndim))
    whole = fft.irfftn(fft.rfftn(region, s=template.padded) * template.spectrum, s=template.padded, axes=axes)
    return np.asarray(whole[tuple(slice(0, int(n)) for n in places)], np.float64)


def _few_products(values: NDArray[np.float32], region: NDArray[np.float32], places: NDArray[np.int64]) -> FloatArray:
    """The same, one by one; slices along the first axis are contiguous, which runs in vectors."""
    products, flat = np.empty(tuple(places)), values.ravel()
    for rest in np.ndindex(*places[1:]):
        parts = (slice(k, k + n) for k, n in zip(rest, values.shape[1:], strict=True))
        columns = np.ascontiguousarray(region[(slice(None), *parts)])
        for k in range(places[0]):
            products[(k, *rest)] = np.einsum("i,i->", columns[k : k + len(values)].ravel(), flat)
    return products


def _window_sums(values: NDArray[Any], shape: tuple[int, ...]) -> FloatArray:
    """Sums over all windows of a shape: the first, and by how much each is more than the one before it."""
    sums = values
    for axis, length in enumerate(shape):
        all_before, more = (slice(None),) * axis, sums.shape[axis] - length
        first = sums[(*all_before, slice(0, length))].sum(axis=axis, keepdims=True, dtype=np.float64)
        entering, leaving = sums[(*all_before, slice(length, None))], sums[(*all_before, slice(0, more))]
        moves = np.subtract(entering, leaving, dtype=np.float64)
        sums = np.concatenate([first, moves], axis=axis).cumsum(axis=axis)
    return np.asarray(sums, np.float64)


def _divide(values: FloatArray, scale: FloatArray) -> NDArray[np.float32]:
    usable = scale > 1e-9 * max(float(scale.max()), 1e-30)
    return np.where(usable, values / np.where(usable, scale, 1.0), 0.0).astype(np.float32)


def _per_axis(search: float | tuple[float, ...] | None, shape: tuple[int, ...]) -> FloatArray:
    if search is None:
        return np.array(shape, np.float64)
    reach = np.asarray(search, np.float64)
    if reach.ndim > 1 or (reach.ndim == 1 and len(reach) != len(shape)) or not (reach >= 0).all():
        raise InputError(f"search must be one number >= 0 or one for each of {len(shape)} axes, not {search!r}")
    return np.broadcast_to(reach, (len(shape),)).astype(np.float64)


def _times(shape: Any) -> str:
    return " x ".join(str(int(n)) for n in shape)
