"""What the pixels show before and after a correction: the same frames, as they were read and as they were written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ReadingOptions, Source
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import FileError, HoldstillError
from holdstill.io.image import reading
from holdstill.reference.noise import crispness
from holdstill.resampling.lazy import CorrectedSource
from holdstill.resampling.settings import Resampling
from holdstill.result.applying import check_fit
from holdstill.result.residual import Slopes, measure_residual
from holdstill.result.value import RegistrationValue
from holdstill.transforms import find_covered_box

__all__ = ["Review", "review_images", "review_known", "review_sources"]

# frames that are looked at: so many pixels in all, which takes a quarter of a second
PIXELS, LEAST, MOST = 16_000_000, 24, 96
LARGEST_PX, THUMBNAIL_PX, MOST_THUMBNAILS = 1024, 112, 12
LEAST_SIDE = 16
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


def review_images(registration: RegistrationValue, images: Any, *, axes: str | None = None) -> Review:
    """Look at images and at what the result makes of them; nothing needs to have been written.

    Raises
    ------
    HoldstillError
        The images cannot be read, or do not fit the result.
    """
    told = registration.provenance.get("axes") if axes is None else axes
    with reading(images, ReadingOptions(axes=told)) as raw:
        check_fit(registration, raw)
        how = registration.provenance.get("resampling")
        known = {name: how[name] for name in ("interpolation", "edge", "fill") if name in how} if how else {}
        lazily = CorrectedSource(raw, registration.trajectory, Resampling(**known), CpuDevice())
        return review_sources(registration, raw, lazily)


def review_known(registration: RegistrationValue, images: Any, axes: str | None) -> tuple[Review | None, str]:
    """What images show, by default those that the result names; or None, and why it is not known."""
    if len(registration) < 2:
        return None, ""
    if images is not None:
        return review_images(registration, images, axes=axes), ""
    name = registration.provenance.get("input")
    if not isinstance(name, str) or not Path(name).exists():
        return None, "The images were not at hand; name them to see the same frames: reg.report(path, images)."
    try:
        return review_images(registration, name, axes=axes), ""
    except HoldstillError as error:
        return None, f"The images could not be looked at: {error}."


def review_sources(registration: RegistrationValue, raw: Source, corrected: Source) -> Review:
    """Look at an open movie and the corrected one.

    Parameters
    ----------
    registration : RegistrationValue
        Of more than one frame.
    raw, corrected : Source
        Of as many frames, but for those that were left out; the corrected one may have been cropped to what every
        good frame covers.

    Raises
    ------
    FileError
        A frame cannot be read.
    """
    look = _Look.of(registration, raw, corrected)
    frames, good = look.frames, registration.ok[look.frames]
    counted = good if good.any() else np.ones(len(frames), bool)
    before, after = look.find_means(frames[counted])
    line, name = _find_line(registration, after, look.region)
    slopes = Slopes(after[look.region])
    lines: list[list[Picture]] = [[], []]
    numbers = []
    for pair in look.pairs(frames):
        a, b = (plane[look.region] for plane in pair)
        numbers.append([_correlate(a, before[look.region]), _correlate(b, after[look.region]), *slopes.solve(b)])
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
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class _Look:
    """Which frames of two movies are looked at, and how; `places` are where each frame is in the corrected movie."""

    raw: Source
    corrected: Source
    frames: NDArray[np.intp]
    places: NDArray[np.intp]
    channel: int
    box: tuple[slice, ...]
    bin: int
    region: tuple[slice, slice]

    @classmethod
    def of(cls, registration: RegistrationValue, raw: Source, corrected: Source) -> _Look:
        shape = corrected.info.frame_shape
        factor = max(1, -(-max(shape[-2:]) // LARGEST_PX))
        height, width = (length // factor for length in shape[-2:])
        n = len(registration)
        size = min(max(PIXELS // (height * width), LEAST), MOST, n)
        is_whole = corrected.info.n_frames == n
        kept = np.ones(n, bool) if is_whole else registration.kept
        shown = np.flatnonzero(kept)
        frames = shown[_spread(len(shown), min(size, len(shown)))]
        if shape != raw.info.frame_shape:
            box, region = registration.coverage, [slice(0, height), slice(0, width)]
        else:
            known = [registration[int(t)] for t in frames if registration.ok[t]]
            covered = find_covered_box(known, shape)[-2:] if known else (slice(0, 0),) * 2
            box = tuple(slice(None) for _ in shape)
            region = [slice(-(-side.start // factor), side.stop // factor) for side in covered]
        if min(side.stop - side.start for side in region) < min(LEAST_SIDE, height, width):
            region = [slice(0, height), slice(0, width)]
        channel = registration.provenance.get("channel", 0)
        return cls(
            raw=raw, corrected=corrected, frames=frames, places=np.cumsum(kept) - 1, box=box, bin=factor,
            region=(region[0], region[1]),
            channel=channel if isinstance(channel, int) and 0 <= channel < raw.info.n_channels else 0,
        )  # fmt: skip

    def pairs(self, frames: NDArray[np.intp]) -> Iterator[tuple[Picture, Picture]]:
        """Planes of frames, raw and corrected."""
        for t in frames:
            yield self._plane(self.raw, int(t)), self._plane(self.corrected, int(self.places[t]))

    def find_means(self, frames: NDArray[np.intp]) -> tuple[Picture, Picture]:
        """Means of the same frames."""
        sums = [np.zeros(1), np.zeros(1)]
        for pair in self.pairs(frames):
            sums = [total + plane for total, plane in zip(sums, pair, strict=True)]
        before, after = (np.asarray(total / len(frames), np.float32) for total in sums)
        return before, after

    def find_thumbnails(self, registration: RegistrationValue) -> dict[int, tuple[Picture, Picture]]:
        """Flagged frames in small, as many of each reason as of the others."""
        found: dict[int, tuple[Picture, Picture]] = {}
        is_whole = self.corrected.info.n_frames == len(registration)
        for t in choose_flagged(registration, MOST_THUMBNAILS):
            if not is_whole and not registration.kept[t]:
                continue  # it was left out
            try:
                raw, corrected = next(self.pairs(np.array([t])))
            except FileError:
                continue  # it was flagged because it cannot be read
            found[t] = _shrink(raw), _shrink(corrected)
        return found

    def _plane(self, source: Source, t: int) -> Picture:
        block = source.read(t, t + 1, channel=self.channel)[0, 0]
        if source is self.raw:
            block = block[self.box]
        plane = block.mean(axis=0, dtype=np.float32) if block.ndim == 3 else block
        if self.bin > 1:
            plane = CpuDevice().bin(np.ascontiguousarray(plane)[None], (self.bin, self.bin))[0]
        return np.nan_to_num(np.asarray(plane, np.float32))


def choose_flagged(registration: RegistrationValue, most: int) -> list[int]:
    """At most so many flagged frames, of every verdict some."""
    groups: dict[str, list[int]] = {}
    for t, verdict in enumerate(registration.verdicts):
        if verdict.value != "ok":
            groups.setdefault(verdict.value, []).append(t)
    share = max(1, most // max(len(groups), 1))
    chosen = [frames[i] for frames in groups.values() for i in _spread(len(frames), share)]
    return sorted(chosen)[:most]


def _spread(n: int, most: int) -> list[int]:
    return sorted({int(i) for i in np.linspace(0, n - 1, min(n, most)).round()})


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
    a, b = ((values - values.mean(dtype=np.float64)).astype(np.float32).ravel() for values in (frame, mean))
    size = float(np.sqrt(np.float64(a @ a) * np.float64(b @ b)))
    return float(a @ b) / size if size > 0 else float("nan")


def _shrink(plane: Picture) -> Picture:
    factor = max(1, -(-max(plane.shape) // THUMBNAIL_PX))
    if factor == 1 or min(plane.shape) < factor:
        return plane
    return np.asarray(CpuDevice().bin(np.ascontiguousarray(plane)[None], (factor, factor))[0], np.float32)
