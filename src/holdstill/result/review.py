"""What the pixels show before and after a correction: the same frames, as they were read and as they were written."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ReadingOptions, Source
from holdstill.errors import HoldstillError, InputError
from holdstill.io.image import reading
from holdstill.reference.noise import crispness
from holdstill.resampling.lazy import CorrectedSource
from holdstill.result import devices, slow
from holdstill.result.applying import check_fit
from holdstill.result.components import LEAST_FRAMES, MOST_FRAMES, MOST_PIXELS, PcShifts
from holdstill.result.look import Look, fill_with_mean, spread
from holdstill.result.originals import find_images, recall_reading
from holdstill.result.recalling import recall_resampling
from holdstill.result.residual import Slopes, measure_residual
from holdstill.result.value import RegistrationValue

__all__ = ["Review", "find_given", "review_components", "review_images", "review_known", "review_sources"]

LINE_PX = 3
Picture = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, eq=False)
class Review:
    """What a sample of frames shows, raw and corrected.

    Attributes
    ----------
    frames : ndarray of int, (n,)
        The frames that were looked at, spread over the movie.
    good : ndarray of bool, (n,)
        Those of which the means are: their own estimate was used.
    before, after : ndarray of float32, (y, x)
        Mean of the same good frames, raw and corrected; volumes as their mean along z.
    correlation_before, correlation_after : ndarray of float64, (n,)
        Correlation of each frame with that mean, in the region that every good frame covers.
    crispness_before, crispness_after : float
        Norm of the gradient of the means, in the same region.
    residual_px : float
        Motion from frame to frame that is left, px: what two halves of the pixels agree upon. NaN where unknown.
    kymograph_before, kymograph_after : ndarray of float32, (positions, n)
        A line through the most contrast, against the frames.
    line : str
        Where that line lies: ``"row 120"``.
    thumbnails : dict of int to (ndarray, ndarray)
        Flagged frames, raw and corrected, binned.
    bin : int
        Pixels along each axis that became one before anything was computed.
    region : tuple of slice
        What every good frame covers, ``(y, x)``, in binned px.
    pc_shifts : PcShifts or None
        Motion along principal components, where it was asked for and there are enough good frames.
    """

    frames: NDArray[np.intp]
    good: NDArray[np.bool_]
    before: Picture
    after: Picture
    correlation_before: NDArray[np.float64]
    correlation_after: NDArray[np.float64]
    crispness_before: float
    crispness_after: float
    residual_px: float = float("nan")
    kymograph_before: Picture
    kymograph_after: Picture
    line: str
    thumbnails: dict[int, tuple[Picture, Picture]] = field(default_factory=dict)
    bin: int = 1
    region: tuple[slice, slice]
    pc_shifts: PcShifts | None = None

    @property
    def agreement(self) -> tuple[float, float]:
        """Median correlation of the good frames with their mean, before and after."""
        values = self.correlation_before[self.good], self.correlation_after[self.good]
        before, after = (float(np.median(v[np.isfinite(v)])) if np.isfinite(v).any() else np.nan for v in values)
        return before, after

    @property
    def gain(self) -> float:
        """By how much that agreement grew."""
        before, after = self.agreement
        return after - before


def review_images(
    registration: RegistrationValue, images: Any, *, axes: str | None = None, thorough: bool = False
) -> Review:
    """Look at images and at what the result makes of them; nothing needs to have been written.

    `thorough` looks at principal components, too, which takes some seconds.

    Raises
    ------
    HoldstillError
        The images cannot be read, or do not fit the result.
    """
    with _correcting(registration, images, axes) as (raw, lazily):
        return review_sources(registration, raw, lazily, thorough=thorough)


def review_components(registration: RegistrationValue, images: Any, axes: str | None) -> PcShifts:
    """Motion along the principal components of images and of what the result makes of them.

    Raises InputError where fewer than 1,500 frames are good; HoldstillError where the images cannot be read, or do not
    fit.
    """
    n_good = np.count_nonzero(registration.ok)
    if n_good < LEAST_FRAMES:
        raise InputError(f"{n_good} good frames are too few for principal components; {LEAST_FRAMES:,} are needed")
    with _correcting(registration, find_given(registration, images), axes) as (raw, lazily):
        return _find_pc_shifts(registration, raw, lazily)


def find_given(registration: RegistrationValue, images: Any) -> Any:
    """The images that were given, else those that the result names. Raises HoldstillError where they are not found."""
    if images is not None:
        return images
    try:
        return find_images(registration)
    except HoldstillError as error:
        raise type(error)(f"{error}; give the images") from error


@contextmanager
def _correcting(registration: RegistrationValue, images: Any, axes: str | None) -> Iterator[tuple[Source, Source]]:
    """Images, open, and what the result makes of them."""
    told = recall_reading(registration, axes)
    if not isinstance(images, str | Path):  # how the file was opened that they may come from is not of theirs
        told = ReadingOptions(axes=told.axes)
    with reading(images, told) as raw:
        check_fit(registration, raw)
        resampling = recall_resampling(registration)
        yield raw, CorrectedSource(raw, registration.trajectory, resampling, lambda: devices.CpuDevice())


def _find_pc_shifts(registration: RegistrationValue, raw: Source, corrected: Source) -> PcShifts:
    look = Look.of(registration, raw, corrected)
    good = np.flatnonzero(registration.ok)
    frames = good[spread(len(good), MOST_FRAMES)]
    size = math.prod(side.stop - side.start for side in look.region)
    factor = max(1, math.ceil(math.sqrt(size / MOST_PIXELS)))

    def planes(source: Source) -> Iterator[Picture]:
        for t in frames if source is raw else look.places[frames]:
            plane = np.ascontiguousarray(fill_with_mean(look.read_plane(source, int(t)))[look.region])
            if factor > 1:
                plane = np.asarray(devices.CpuDevice().bin(plane[None], (factor, factor))[0], np.float32)
            yield plane

    before, after = (slow.measure_pc_shifts(planes(source)) * factor * look.bin for source in (raw, corrected))
    return PcShifts(before=before, after=after, n_frames=len(frames), bin=factor * look.bin)


def review_known(registration: RegistrationValue, images: Any, axes: str | None) -> tuple[Review | None, str]:
    """What images show, by default those that the result names; or None, and why it is not known."""
    if len(registration) < 2:
        return None, ""
    if images is not None:
        return review_images(registration, images, axes=axes, thorough=True), ""
    try:
        name = find_images(registration)
    except HoldstillError as error:
        return (
            None,
            f"The images were not at hand: {error}. Name them to see the same frames: reg.report(path, images).",
        )
    try:
        return review_images(registration, name, axes=axes, thorough=True), ""
    except HoldstillError as error:
        return None, f"The images could not be looked at: {error}."


def review_sources(
    registration: RegistrationValue, raw: Source, corrected: Source, *, thorough: bool = False
) -> Review:
    """Look at an open movie and the corrected one.

    Parameters
    ----------
    registration : RegistrationValue
        Of more than one frame.
    raw, corrected : Source
        Of as many frames, but for those that were left out; the corrected one may have been cropped to what every
        good frame covers.
    thorough : bool
        Look at principal components, too, where there are enough good frames.

    Raises
    ------
    FileError
        A frame cannot be read.
    """
    look = Look.of(registration, raw, corrected)
    frames, good = look.frames, registration.ok[look.frames]
    counted = good if good.any() else np.ones(len(frames), bool)
    before, after = look.find_means(frames[counted])
    line, name = _find_line(registration, after, look.region)
    slopes = Slopes(after[look.region])
    lines: list[list[Picture]] = [[], []]
    numbers = []
    for pair in look.pairs(frames):
        a, b = (plane[look.region] for plane in pair)
        agreed = _correlate(a, before[look.region]), _correlate(b, after[look.region])
        a, b = fill_with_mean(a), fill_with_mean(b)
        numbers.append([*agreed, *slopes.solve(b)])
        for known, plane in zip(lines, (a, b), strict=True):
            known.append(plane[line].mean(axis=_across(line)))
    found = np.array(numbers)
    return Review(
        frames=frames, good=good, before=before, after=after, correlation_before=found[:, 0],
        correlation_after=found[:, 1], crispness_before=crispness(before[look.region]),
        crispness_after=crispness(after[look.region]), line=name, bin=look.bin, region=look.region,
        residual_px=measure_residual(found[counted, 2:].reshape(-1, 2, 2)) * look.bin,
        kymograph_before=np.stack(lines[0], axis=1),
        kymograph_after=np.stack(lines[1], axis=1),
        thumbnails=look.find_thumbnails(registration),
        pc_shifts=_find_pc_shifts(registration, raw, corrected)
        if thorough and np.count_nonzero(registration.ok) >= LEAST_FRAMES
        else None,
    )  # fmt: skip


def _across(line: tuple[slice, slice]) -> int:
    """Along which axis a band of pixels is averaged to become a line."""
    return 0 if line[1] == slice(None) else 1


def _find_line(
    registration: RegistrationValue, mean: Picture, region: tuple[slice, slice]
) -> tuple[tuple[slice, slice], str]:
    """The band through the most contrast, along the axis of the larger drift, within the region."""
    moved = registration.shifts[registration.ok][:, -2:]
    moved = moved[np.isfinite(moved).all(axis=1)]
    along = int(np.argmax(np.ptp(moved, axis=0))) if len(moved) else 1
    part = mean[region]
    if part.shape[along] < 2:
        along = 1 - along
    steps = (np.diff(part.astype(np.float64), axis=along) ** 2).sum(axis=along)
    width = min(LINE_PX, len(steps))
    start = int(np.argmax(np.convolve(steps, np.ones(width), mode="valid")))
    band, place = slice(start, start + width), start + width // 2 + region[1 - along].start
    return ((band, slice(None)), f"row {place}") if along == 1 else ((slice(None), band), f"column {place}")


def _correlate(frame: Picture, mean: Picture) -> float:
    """Of the pixels that the frame knows."""
    known = np.isfinite(frame)
    if not known.all():
        frame, mean = frame[known], mean[known]
    if not frame.size:
        return float("nan")
    a, b = ((values - values.mean(dtype=np.float64)).astype(np.float32).ravel() for values in (frame, mean))
    size = float(np.sqrt(np.float64(a @ a) * np.float64(b @ b)))
    return float(a @ b) / size if size > 0 else float("nan")
