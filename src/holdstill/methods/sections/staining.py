"""Pictures of slides as one grey image each: how much stain there is, or how much light."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.errors import UnknownName

__all__ = ["KINDS", "find_kind", "prepare_section"]

KINDS = ("absorption", "fluorescence", "electron")
# percentiles at which slides are bright paper, and dark background
BRIGHT, DARK, TOP = 95.0, 5.0, 99.5
# paper is at least so bright, as a share of the range, in each colour, and the colours differ by so much at most
PAPER, NEUTRAL = 0.55, 0.25
# constant areas at the border that are at least this share of the image, and this far from the background, are canvas
LEAST_FILL, FILL_APART = 0.002, 0.1
LEAST_SLIDE = 0.05
# light that black counts as, a share of the paper's: about one grey of eight bits, whatever the range of the pixels
BLACK = np.float32(1 / 240)
LEAST_PAPER = 1e-12


def find_kind(colours: NDArray[np.floating], top: float) -> str:
    """What an image, (channels, [z,] y, x), of greys up to `top` is: stain on bright paper, light in the dark, or grey.

    Planes of one channel, and volumes, are taken for ``"electron"``, whose greys mean something either way.
    """
    if len(colours) < 3 or colours.ndim != 3:
        return "electron"
    planes = np.asarray(colours[:3], np.float32)
    # canvas, which may be half of a turned image, is neither paper nor dark
    known = np.isfinite(planes).all(axis=0)
    slide = ~find_constant(planes) & known
    seen = planes[:, slide] if slide.mean() > LEAST_SLIDE else planes[:, known]
    if not seen.size:
        return "fluorescence"
    paper, middle = np.percentile(seen, BRIGHT, axis=1) / top, np.median(seen, axis=1) / top
    is_paper = paper.min() > PAPER and np.ptp(paper) < NEUTRAL and middle.max() > PAPER / 2
    return "absorption" if is_paper else "fluorescence"


def prepare_section(colours: NDArray[np.floating], kind: str) -> NDArray[np.float32]:
    """One grey image, ([z,] y, x), of one of channels, (channels, [z,] y, x), larger where there is more to see.

    Absorption: the square root of the mean optical density over the colours, each against its own bright background.
    Fluorescence: the square root of the mean light above the dark. Electron: the mean as it is. NaN where canvas was
    filled in beside the slide: constant areas at the border of planes that look unlike the background.

    Raises
    ------
    UnknownName
        There is no such kind.
    """
    if kind not in KINDS:
        raise UnknownName(f"there is no kind of image {kind!r}; choose one of {', '.join(KINDS)}")
    planes = np.asarray(colours, np.float32)[:3] if kind == "absorption" else np.asarray(colours, np.float32)
    grey = {"absorption": _measure_stain, "fluorescence": _measure_light, "electron": _average}[kind](planes)
    unknown = ~np.isfinite(planes).all(axis=0)
    if grey.ndim == 2:
        unknown |= find_fill(planes, grey, kind)
    return np.where(unknown, np.nan, grey).astype(np.float32)


def _measure_stain(planes: NDArray[np.float32]) -> NDArray[np.float32]:
    known = np.isfinite(planes).all(axis=0)
    density = np.zeros(planes.shape[1:], np.float32)
    for plane in planes:
        paper = np.float32(max(float(np.percentile(plane[known], BRIGHT)), LEAST_PAPER) if known.any() else 1.0)
        light = np.where(known, np.maximum(plane, 0), paper) / paper
        density -= np.log((light + BLACK) / (1 + BLACK)) / np.float32(len(planes))
    return _clip_root(density)


def _measure_light(planes: NDArray[np.float32]) -> NDArray[np.float32]:
    known = np.isfinite(planes).all(axis=0)
    light = np.zeros(planes.shape[1:], np.float32)
    for plane in planes:
        dark, top = np.percentile(plane[known], [DARK, TOP]) if known.any() else (0.0, 1.0)
        light += (np.nan_to_num(plane) - np.float32(dark)) / np.float32(max(top - dark, 1e-6)) / len(planes)
    return _clip_root(light)


def _average(planes: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.nan_to_num(planes).mean(axis=0), np.float32)


def _clip_root(values: NDArray[np.float32]) -> NDArray[np.float32]:
    root = np.sqrt(np.maximum(values, 0))
    return np.minimum(root, np.percentile(root, TOP)).astype(np.float32)


def find_fill(planes: NDArray[np.float32], grey: NDArray[np.float32], kind: str) -> NDArray[np.bool_]:
    """Canvas beside a turned or stitched image, (y, x): exactly constant areas that touch the border.

    Constant background of stains and of light, as of slides that were cut out, is no canvas: it looks like the rest of
    the background. Other greys have none.
    """
    labels = _label_constant(planes)
    background, spread = float(np.percentile(grey, DARK)), float(np.ptp(grey))
    fill = np.zeros(grey.shape, bool)
    for label in np.unique(labels[labels > 0]):
        area = labels == label
        differs = abs(float(grey[area].mean()) - background) > FILL_APART * max(spread, 1e-6)
        if kind == "electron" or differs:
            fill |= area
    # pixels on the seam are mixtures
    return np.asarray(ndimage.binary_dilation(fill, iterations=2)) if fill.any() else fill


def find_constant(planes: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Exactly constant areas that touch the border, (y, x), whatever their colour."""
    return np.asarray(_label_constant(planes) > 0)


def _label_constant(planes: NDArray[np.float32]) -> NDArray[np.int32]:
    """The number of the constant area that each pixel lies in, 0 where it lies in none that touches the border."""
    flat = np.ones(planes.shape[1:], bool)
    for plane in planes:
        for axis in range(plane.ndim):
            after = [slice(None)] * plane.ndim
            after[axis] = slice(1, None)
            before = [slice(None)] * plane.ndim
            before[axis] = slice(None, -1)
            same = plane[tuple(after)] == plane[tuple(before)]
            flat[tuple(after)] &= same
    labels, _ = ndimage.label(flat)
    border = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    touches = np.zeros(labels.max() + 1, bool)
    touches[border] = True
    touches &= np.bincount(labels.ravel(), minlength=len(touches)) >= LEAST_FILL * flat.size
    touches[0] = False
    return np.where(touches[labels], labels, 0).astype(np.int32)
