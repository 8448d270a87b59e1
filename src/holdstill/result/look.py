"""Which frames of a movie are looked at before and after a correction, and in what region."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Source
from holdstill.errors import FileError
from holdstill.io.colours import see_colours
from holdstill.result import devices
from holdstill.result.value import RegistrationValue
from holdstill.transforms import find_covered_box

__all__ = ["Look", "choose_flagged", "fill_with_mean", "spread"]

# frames that are looked at: so many pixels in all, which takes a quarter of a second
PIXELS, LEAST, MOST = 16_000_000, 24, 96
LARGEST_PX, THUMBNAIL_PX, MOST_THUMBNAILS = 1024, 112, 24
LEAST_SIDE = 16
Picture = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, eq=False)
class Look:
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
    def of(cls, registration: RegistrationValue, raw: Source, corrected: Source) -> Look:
        shape = corrected.info.frame_shape
        factor = max(1, -(-max(shape[-2:]) // LARGEST_PX))
        height, width = (length // factor for length in shape[-2:])
        n = len(registration)
        size = min(max(PIXELS // (height * width), LEAST), MOST, n)
        is_whole = corrected.info.n_frames == n
        kept = np.ones(n, bool) if is_whole else registration.kept
        shown = np.flatnonzero(kept)
        frames = shown[spread(len(shown), min(size, len(shown)))]
        if shape != raw.info.frame_shape:
            box, region = registration.coverage, [slice(0, height), slice(0, width)]
        else:
            known = [registration[int(t)] for t in frames if registration.ok[t]]
            covered = find_covered_box(known, shape)[-2:] if known else (slice(0, 0),) * 2
            box = tuple(slice(None) for _ in shape)
            region = [slice(-(-side.start // factor), side.stop // factor) for side in covered]
        if min(side.stop - side.start for side in region) < min(LEAST_SIDE, height, width):
            region = [slice(0, height), slice(0, width)]
        colours, channel = (registration.provenance.get(name, 0) for name in ("colours", "channel"))
        if isinstance(colours, int) and 0 < colours <= raw.info.n_channels:
            raw, corrected = see_colours(raw, colours), see_colours(corrected, colours)
        return cls(
            raw=raw, corrected=corrected, frames=frames, places=np.cumsum(kept) - 1, box=box, bin=factor,
            region=(region[0], region[1]),
            channel=channel if isinstance(channel, int) and 0 <= channel < raw.info.n_channels else 0,
        )  # fmt: skip

    def pairs(self, frames: NDArray[np.intp]) -> Iterator[tuple[Picture, Picture]]:
        """Planes of frames, raw and corrected; unknown pixels are NaN."""
        for t in frames:
            yield self.read_plane(self.raw, int(t)), self.read_plane(self.corrected, int(self.places[t]))

    def find_means(self, frames: NDArray[np.intp]) -> tuple[Picture, Picture]:
        """Means of the same frames, in each pixel of those that know it."""
        sums, counts = [np.zeros(1), np.zeros(1)], [np.zeros(1), np.zeros(1)]
        for pair in self.pairs(frames):
            for k, plane in enumerate(pair):
                known = np.isfinite(plane)
                whole = bool(known.all())
                sums[k] = sums[k] + (plane if whole else np.where(known, plane, 0))
                counts[k] = counts[k] + (1 if whole else known)
        before, after = (
            fill_with_mean(np.where(n > 0, total / np.maximum(n, 1), np.nan))
            for total, n in zip(sums, counts, strict=True)
        )
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
            found[t] = _shrink(fill_with_mean(raw)), _shrink(fill_with_mean(corrected))
        return found

    def read_plane(self, source: Source, t: int) -> Picture:
        """One plane of a frame, binned; unknown pixels are NaN."""
        block = source.read(t, t + 1, channel=self.channel)[0, 0]
        if source is self.raw:
            block = block[self.box]
        plane = block.mean(axis=0, dtype=np.float32) if block.ndim == 3 else block
        if self.bin > 1:
            plane = devices.CpuDevice().bin(np.ascontiguousarray(plane)[None], (self.bin, self.bin))[0]
        values = np.asarray(plane, np.float32)
        return values if np.isfinite(values).all() else np.where(np.isfinite(values), values, np.float32(np.nan))


def fill_with_mean(plane: NDArray[Any]) -> Picture:
    """Unknown pixels as bright as the mean of the others: at zero, below a camera's offset, they outshone all else."""
    known = np.isfinite(plane)
    if known.all():
        return np.asarray(plane, np.float32)
    return np.where(known, plane, plane[known].mean(dtype=np.float64) if known.any() else 0).astype(np.float32)


def choose_flagged(registration: RegistrationValue, most: int) -> list[int]:
    """At most so many flagged frames, of every verdict some."""
    groups: dict[str, list[int]] = {}
    for t, verdict in enumerate(registration.verdicts):
        if verdict.value != "ok":
            groups.setdefault(verdict.value, []).append(t)
    chosen: list[int] = []
    for k, frames in enumerate(sorted(groups.values(), key=len)):  # what rare reasons leave over is for the others
        share = max(1, (most - len(chosen)) // (len(groups) - k))
        chosen += [frames[i] for i in spread(len(frames), share)]
    return sorted(chosen)[:most]


def spread(n: int, most: int) -> list[int]:
    """At most so many of the numbers below `n`, evenly, the first and the last among them."""
    return sorted({int(i) for i in np.linspace(0, n - 1, min(n, most)).round()})


def _shrink(plane: Picture) -> Picture:
    factor = max(1, -(-max(plane.shape) // THUMBNAIL_PX))
    if factor == 1 or min(plane.shape) < factor:
        return plane
    return np.asarray(devices.CpuDevice().bin(np.ascontiguousarray(plane)[None], (factor, factor))[0], np.float32)
