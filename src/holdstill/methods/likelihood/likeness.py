"""How alike a reference and frames are that were turned, scaled or sheared: what is finer than slow changes of light.

A disc of light lies on itself however it is turned, with a correlation of 0.98; what is drawn on it does not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import Device, FloatArray, Frames, NoiseModel
from holdstill.devices.cpu.box_means import average_boxes
from holdstill.methods.likelihood.significance import count_independent, significance
from holdstill.methods.search.surfaces import centre
from holdstill.transforms.trajectory import Trajectory

__all__ = ["CLOSE", "LEAST_Z", "Likeness", "find_doubtful", "make_likeness", "pass_band", "prepare_likeness"]

# means over so many px, less means over so many
FINE_PX, COARSE_PX = 3, 11
TILES, LEAST_PX = 6, 6
# tiles tell where at least so much of what they correlate is no noise; they are lost below this share of the best
TELLING, LOST, MOST_LOST = 0.5, 0.4, 0.3
MIN_TILES = 6
# frames that agree nearly as well as their noise allows need no closer look; and none agrees less than this
NEAR, FAINT, FEEBLE = 0.75, 0.2, 0.45
# but cells laid elsewhere upon themselves came as near as 0.85, and lost 0.69 of their tiles: where they belong 0.2
NEARER, MOSTLY_LOST = 0.9, 0.5
# what is large and smooth, turned by 150 degrees and laid upon itself, comes as near as 0.82
CLOSE = 0.85
LEAST_SEEN, LEAST_Z = 0.15, 6.0
# noise is known to some 20 % at first: what would reach this share of the least may be worth a search
WORTH = 0.7
# frames are compared on images of about so many px; on less than so many along an axis too little tells
BINNED_PX, LEAST_SIDE_PX = 160, 48


@dataclass(frozen=True, eq=False)
class Likeness:
    """A reference, ([z,] y, x), binned by `factors` and band-passed, NaN where nothing is known.

    `noise` is the variance of the noise of its pixels, `independent` how many are.
    """

    factors: tuple[int, ...]
    pixels: NDArray[np.float32]
    noise: float
    independent: float

    def align(self, device: Device, passed: NDArray[np.float32], trajectory: Trajectory) -> NDArray[np.float32]:
        """Band-passed frames, (n, [z,] y, x), as the reference sees them, NaN where they show nothing."""
        shape, factors = self.pixels.shape, np.array(self.factors, float)
        offset = (np.array(shape) * factors - np.array(trajectory.shape)) / 2
        out = np.empty((len(trajectory), *shape), np.float32)
        finite = np.isfinite(trajectory.parameters).all(axis=1)
        out[~finite] = np.nan
        if finite.any():
            moved = np.empty((int(finite.sum()), *shape), np.float32)
            trajectory.part(finite).rescale(factors, offset, shape).resample(
                device, np.ascontiguousarray(passed[finite]), interpolation="linear", edge="constant", fill=np.nan,
                out=moved,
            )  # fmt: skip
            out[finite] = moved
        return out

    def compare(self, aligned: NDArray[np.float32]) -> tuple[FloatArray, FloatArray]:
        """Correlation of aligned frames with the reference in the overlap, (n,), and its significance, (n,)."""
        scores, shares = np.zeros(len(aligned)), np.zeros(len(aligned))
        for n, frame in enumerate(aligned):
            both = np.isfinite(frame) & np.isfinite(self.pixels)
            shares[n] = both.mean()
            scores[n] = _correlate(self.pixels[both], frame[both]) if shares[n] > LEAST_SEEN else 0.0
        return scores, significance(scores, self.independent * shares)

    def allow(self, gains: FloatArray) -> FloatArray:
        """The correlation that the noise of frames of these gains allows, (n,)."""
        contrast = self._variance() * gains**2
        return np.asarray(np.sqrt(contrast / np.maximum(contrast + self.noise, 1e-30)), np.float64)

    def can_tell(self, own_share: float) -> bool:
        """Whether a frame where it belongs would stand out from chance.

        `own_share` is how much of a frame's noise the reference has, 1 for one that is a frame itself.
        """
        contrast = max(self._variance() - own_share * self.noise, 0.0)
        possible = contrast / np.sqrt(max(contrast + self.noise, 1e-30) * max(contrast + own_share * self.noise, 1e-30))
        return bool(significance(np.array([possible]), np.array([self.independent]))[0] > WORTH * LEAST_Z)

    def _variance(self) -> float:
        """Of the pixels that are known."""
        return float(np.nanvar(self.pixels)) if np.isfinite(self.pixels).any() else 0.0

    def agree(self, aligned: NDArray[np.float32], gains: FloatArray) -> NDArray[np.bool_]:
        """Frames that agree nearly as well as their noise allows, and better than by chance, (n,)."""
        scores, heights = self.compare(aligned)
        return np.asarray((heights > LEAST_Z) & (scores > CLOSE * self.allow(gains)), bool)

    def doubt(self, aligned: NDArray[np.float32], gains: FloatArray, most_lost: float = MOST_LOST) -> NDArray[np.bool_]:
        """Frames, (n, y, x), that agree no better than by chance, or in places and not at all in others, (n,)."""
        scores, heights = self.compare(aligned)
        found, shares = heights < LEAST_Z, scores / self.allow(gains)
        for n in np.flatnonzero(~found & (shares < NEARER)):
            lost, is_near = self._measure_loss(aligned[n], gains[n]), shares[n] > NEAR
            if lost is None:
                found[n] = not is_near and scores[n] < FAINT
            else:
                found[n] = lost > (max(most_lost, MOSTLY_LOST) if is_near else most_lost)
        return found

    def lose_some(self, aligned: NDArray[np.float32], gains: FloatArray) -> NDArray[np.bool_]:
        """Frames, (n, y, x), that do not agree at all in so many places that another place may be theirs, (n,)."""
        shares = [self._measure_loss(frame, gain) for frame, gain in zip(aligned, gains, strict=True)]
        return np.array([share is not None and share > MOST_LOST for share in shares], bool)

    def _measure_loss(self, frame: NDArray[np.float32], gain: float) -> float | None:
        """Share of the tiles that tell anything in which nothing agrees; None where too few do."""
        if min(self.pixels.shape) < TILES * LEAST_PX:
            return None
        expected, seen = _tiles(self.pixels), _tiles(frame)
        known = np.isfinite(expected) & np.isfinite(seen)
        agreement = []
        for a, b, both in zip(expected, seen, known, strict=True):
            if both.mean() < 0.5:
                continue
            contrast = float(a[both].var()) * gain**2
            possible = np.sqrt(contrast / max(contrast + self.noise, 1e-30))
            if possible > TELLING:
                agreement.append(_correlate(a[both], b[both]) / possible)
        if len(agreement) < MIN_TILES:
            return None
        best = float(np.quantile(agreement, 0.9))
        return 1.0 if best < FEEBLE else float((np.array(agreement) < LOST * best).mean())


def make_likeness(
    binned: NDArray[np.float32], whole: NDArray[np.float32], factors: tuple[int, ...], noise: float
) -> Likeness:
    """Prepare a binned reference, ([z,] y, x), NaN where it does not count.

    `noise` is the variance of its pixels' noise. `whole` is the same with what a mask excludes: frames are not masked
    when local means are taken off them.
    """
    pixels = np.where(np.isfinite(binned), pass_band(whole[None])[0], np.float32(np.nan))
    # share of the variance of white noise that is left
    passed = 1 / FINE_PX**pixels.ndim - 1 / COARSE_PX**pixels.ndim
    return Likeness(factors, pixels, noise * passed, count_independent(np.nan_to_num(pixels)))


def prepare_likeness(
    pixels: NDArray[np.float32], whole: NDArray[np.float32], noise: NoiseModel, device: Device
) -> Likeness | None:
    """Of a reference at full resolution, NaN where it does not count; None for volumes and what is too small to tell.

    `whole` is the same with what a mask excludes.

    Binned to about `BINNED_PX` along the longer side.
    """
    if pixels.ndim != 2 or min(pixels.shape) < LEAST_SIDE_PX or not np.isfinite(pixels).any():
        return None
    factors = (max(1, round(max(pixels.shape) / BINNED_PX)),) * 2
    level = float(np.nanmean(pixels, dtype=np.float64))
    variance = float(noise.variance(np.array([level]))[0]) / float(np.prod(factors))
    binned, around = (device.bin(image[None], factors)[0] - np.float32(level) for image in (pixels, whole))
    return make_likeness(binned, around, factors, variance)


def find_doubtful(
    likeness: Likeness | None,
    frames: Frames,
    trajectory: Trajectory,
    gains: FloatArray,
    device: Device,
    most_lost: float = MOST_LOST,
) -> NDArray[np.bool_]:
    """Frames at full resolution that do not agree with the reference where they are, see `Likeness.doubt`, (n,)."""
    if likeness is None:
        return np.zeros(len(trajectory), bool)
    passed = pass_band(np.asarray(device.bin(frames, likeness.factors)))
    return likeness.doubt(likeness.align(device, passed, trajectory), gains, most_lost)


def pass_band(images: Frames) -> NDArray[np.float32]:
    """Images, (n, [z,] y, x), of what is neither pixel by pixel nor slow, specks clipped; NaN stays NaN.

    Local means are of known pixels alone: with unknown ones at the level of the image, small frames within a border of
    NaN agreed so badly with their reference that all of sixteen that could turn were refused.
    """
    pixels = np.asarray(images, np.float32)
    level = centre(pixels, pixels.ndim - 1)
    known = np.isfinite(pixels)
    passed, coarse = (_average(level, size) for size in (FINE_PX, COARSE_PX))
    if not known.all():
        for means, size in ((passed, FINE_PX), (coarse, COARSE_PX)):
            means /= np.maximum(_average(known.astype(np.float32), size), np.float32(1e-6))
    passed -= coarse
    np.copyto(passed, np.nan, where=~known)
    return passed


def _average(images: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Means over boxes of so many px along each axis of images, (n, [z,] y, x)."""
    means = average_boxes(images, size)
    return ndimage.uniform_filter1d(means, size, axis=1, mode="nearest") if images.ndim == 4 else means


def _correlate(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    a, b = one - one.mean(dtype=np.float64), other - other.mean(dtype=np.float64)
    return float((a * b).sum() / np.sqrt(max(float((a * a).sum()) * float((b * b).sum()), 1e-30)))


def _tiles(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Tiles of an image, (tiles, px); the rest at the far borders is left out."""
    height, width = (n // TILES for n in image.shape)
    cut = image[: TILES * height, : TILES * width].reshape(TILES, height, TILES, width)
    return cut.transpose(0, 2, 1, 3).reshape(TILES * TILES, -1)
