"""Grey levels evened out: what shines on its own, or lights the specimen unevenly, weighs no more than the specimen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.devices.cpu.box_means import average_boxes_twice

__all__ = ["Contrast", "average_around", "blur_finely"]

Images = NDArray[np.float32]

# Means over boxes of so many px, taken twice: wider structure is light, narrower is specimen. 13 px, twice, pass what a
# Gaussian of 8 px would leave.
WIDTH, WIDTH_OF_POWER = 13, 17
CLIP = 4.0
# What shines is found on means over so many px, and left out with so many px around it: there a speck of 4 px, twenty
# times as bright as the specimen, has faded to a hundredth.
BRIGHT_PX, MARGIN_PX = 5, 7
# every so-manyth pixel is enough for a median
SPARSE = 7
FLAT = 0.5


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """How frames are evened out before they are compared; what it makes of a frame depends on no other.

    Parameters
    ----------
    is_levelled : bool
        The median of each row is taken off: readout noise and hum give rows offsets of their own.
    dark, softness : float or None
        Grey level of darkness, and by how many grey levels above it the square root begins. With both, frames are
        flattened: the square root makes photon noise even, a local mean is taken off, what lies beyond four robust
        deviations is clipped, and the rest is divided by its local spread. Light that swings, debris and flashes of
        twenty times the specimen's brightness weigh no more than a spot then.
    ceiling : float or ndarray of float32, ([z,] y, x), or None
        Grey level above which pixels are left out, with a margin: single things far brighter than all else. One for
        each pixel is more than the specimen shows there in any frame; of frames that were binned, which it may be of,
        each holds for several.
    """

    is_levelled: bool = False
    dark: float | None = None
    softness: float | None = None
    ceiling: float | Images | None = None

    @property
    def flattens(self) -> bool:
        """Whether frames are compared by their detail alone."""
        return self.dark is not None and self.softness is not None

    def __call__(self, frames: Images) -> Images:
        """Frames, (n, [z,] y, x), evened out; NaN stay."""
        if self.ceiling is not None:
            ceiling = _fit_to(np.asarray(self.ceiling, np.float32), frames.shape[1:])
            frames = np.stack([_leave_out_bright(frame, ceiling) for frame in frames])
        if self.is_levelled:
            frames = frames - _find_row_medians(frames)
        if self.dark is None or self.softness is None:
            return frames
        ground = np.zeros(len(frames)) if self.is_levelled else np.full(len(frames), self.dark)
        flat = np.empty(frames.shape, np.float32)
        for frame, out, dark in zip(frames, flat, ground, strict=True):
            out[:] = _flatten(frame, float(dark), self.softness)
        return flat

    def describe(self) -> list[str]:
        """What is done, in words."""
        said = ["the median of each row is taken off: rows have offsets of their own"] if self.is_levelled else []
        if isinstance(self.ceiling, np.ndarray) and self.ceiling.ndim:
            said.append("what passes through the frame, or goes its own way in it, is left out")
        elif self.ceiling is not None:
            said.append("single things far brighter than all else are left out: they move on their own")
        if self.dark is not None:
            said.append("frames compared by their detail alone: what is brighter or smoother does not move along")
        return said


def _find_row_medians(frames: Images) -> Images:
    known = np.isfinite(frames)
    if known.all():
        return np.asarray(np.median(frames, axis=-1, keepdims=True), np.float32)
    empty = ~known.any(axis=-1, keepdims=True)
    medians = np.nanmedian(np.where(empty, np.float32(0), frames), axis=-1, keepdims=True)
    return np.asarray(medians, np.float32)


def blur_finely(images: Images) -> Images:
    """Means around each pixel, (n, [z,] y, x), that show what shines and hardly any noise; what is unknown is dark."""
    size = (1,) * (images.ndim - 2) + (BRIGHT_PX, BRIGHT_PX)
    dark = np.nanmin(images) if np.isfinite(images).any() else np.float32(0)
    return np.asarray(ndimage.uniform_filter(np.where(np.isfinite(images), images, dark), size), np.float32)


def _fit_to(image: Images, shape: tuple[int, ...]) -> Images:
    """An image of pixels, or of such as were binned, for frames of a shape; a single number is that."""
    for axis, (n, wanted) in enumerate(zip(image.shape, shape, strict=False)):
        if n != wanted:
            image = image.take(np.minimum(np.arange(wanted) // (wanted // n), n - 1), axis=axis)
    return image


def _leave_out_bright(frame: Images, ceiling: Images) -> Images:
    bright = blur_finely(frame[None])[0] > ceiling
    if not bright.any():
        return frame
    size = (1,) * (frame.ndim - 2) + (2 * MARGIN_PX + 1,) * 2
    return np.where(ndimage.maximum_filter(bright, size), np.float32(np.nan), frame)


def _flatten(frame: Images, dark: float, softness: float) -> Images:
    known = np.isfinite(frame)
    if not known.any():
        return frame
    level = np.where(known, frame, np.float32(dark)) - np.float32(dark)
    # below darkness there is only noise of reading, which is even already: the square root goes on as its mirror image
    roots = np.sign(level) * (np.sqrt(np.abs(level) + np.float32(softness)) - np.float32(np.sqrt(softness)))
    detail = np.where(known, roots - average_around(roots, WIDTH, known), np.float32(0))
    some = np.abs(detail[known][::SPARSE])
    deviation = np.float32(max(1.4826 * float(np.median(some)), 0.1 * float(some.mean()), 1e-6))
    detail = np.clip(detail, -CLIP * deviation, CLIP * deviation)
    power = average_around(detail * detail, WIDTH_OF_POWER, known)
    even = detail / np.sqrt(np.maximum(power, 0) + (FLAT * deviation) ** 2)
    return np.where(known, even, np.float32(np.nan)).astype(np.float32)


def average_around(image: Images, width: int, known: NDArray[np.bool_]) -> Images:
    """Mean of what is `known` around each pixel of an image, ([z,] y, x), within its plane."""
    if known.all():
        return average_boxes_twice(image, width)
    share = np.maximum(average_boxes_twice(known.astype(np.float32), width), np.float32(1e-3))
    return np.asarray(average_boxes_twice(np.where(known, image, np.float32(0)), width) / share, np.float32)
