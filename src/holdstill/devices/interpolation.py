"""Interpolation kernels and the cubic B-spline, shared by all devices. Pure numbers, no images."""

from __future__ import annotations

import numpy as np
import scipy  # loads `scipy.ndimage` when a spline is made: who only looks at a movie is spared 0.2 s of CPU time
from numpy.typing import ArrayLike, NDArray

from holdstill.contracts import INTERPOLATIONS, Spline
from holdstill.errors import UnknownName

__all__ = ["SPLINE_PAD", "bridge", "make_fine_spline", "make_spline", "spline_weights", "tap_weights"]

SPLINE_PAD = 2
# Unknown borders are bridged strip by strip where they leave so much of each axis: a tenth of the time.
THICK = 0.75


def tap_weights(interpolation: str, positions: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """First neighbours and weights with which samples are made of their neighbours.

    Parameters
    ----------
    interpolation : {"nearest", "linear", "cubic", "lanczos"}
        Cubic is the convolution of Keys (1981) with a = -1/2, four taps; Lanczos has three lobes, six taps, and is
        scaled so that the weights sum to one.
    positions : array_like, (n,)
        Where to sample, px.

    Returns
    -------
    first : ndarray of int64, (n,)
        Index of the pixel that the first weight belongs to.
    weights : ndarray of float64, (n, taps)
        They sum to one. A whole position gives one weight of exactly 1 and the others exactly 0.

    Raises
    ------
    UnknownName
        There is no such interpolation.
    """
    where = np.asarray(positions, np.float64)
    base = np.floor(where)
    f = where - base
    first = base.astype(np.int64)
    if interpolation == "nearest":
        return np.floor(where + 0.5).astype(np.int64), np.ones((len(where), 1))
    if interpolation == "linear":
        return first, np.stack([1 - f, f], axis=1)
    if interpolation == "cubic":
        outer = f * (-0.5 + f * (1 - 0.5 * f)), f * f * (0.5 * f - 0.5)
        inner = 1 + f * f * (1.5 * f - 2.5), f * (0.5 + f * (2 - 1.5 * f))
        return first - 1, np.stack([outer[0], inner[0], inner[1], outer[1]], axis=1)
    if interpolation == "lanczos":
        distance = f[:, None] - np.arange(-2, 4)
        kernel = np.where(f[:, None] == 0, distance == 0, np.sinc(distance) * np.sinc(distance / 3))
        return first - 2, kernel / kernel.sum(axis=1, keepdims=True)
    raise UnknownName(f"there is no interpolation {interpolation!r}; choose one of {', '.join(INTERPOLATIONS)}")


def spline_weights(f: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights of the cubic B-spline and of its derivative at fraction `f` after the second of four coefficients."""
    value = [(1 - f) ** 3 / 6, (3 * f**3 - 6 * f**2 + 4) / 6, (-3 * f**3 + 3 * f**2 + 3 * f + 1) / 6, f**3 / 6]
    slope = [-((1 - f) ** 2) / 2, (3 * f**2 - 4 * f) / 2, (-3 * f**2 + 2 * f + 1) / 2, f**2 / 2]
    return np.array(value, np.float32), np.array(slope, np.float32)


def make_spline(image: NDArray[np.floating], mask: NDArray[np.bool_] | None = None, level: float = 0.0) -> Spline:
    """Coefficients of the cubic B-spline through an image (Unser 1999), mirrored at its borders.

    Pixels that are NaN, or that `mask` excludes, do not count, nor do their direct neighbours, whose interpolated
    values depend on them; they are bridged by the nearest known value.

    Parameters
    ----------
    image : ndarray, ([z,] y, x)
        Values at whole pixels.
    mask : ndarray of bool, ([z,] y, x), optional
        True where pixels count.
    level : float
        Subtracted from the image.
    """
    known = np.isfinite(image)
    counts = known if mask is None else known & mask
    if not known.all():
        counts = counts & _erode(known)
        image = bridge(image, known)
    return Spline(_filter(image, level), np.ascontiguousarray(counts).view(np.uint8))


def make_fine_spline(values: NDArray[np.floating], mask: NDArray[np.bool_]) -> Spline:
    """Coefficients of the spline through an image at twice its resolution, see `Spline`.

    Parameters
    ----------
    values : ndarray, (2 y - 1, 2 x - 1)
        At whole and half pixels, none NaN.
    mask : ndarray of bool, (y, x)
        True where pixels count.
    """
    padded = _filter(values)
    phases = np.zeros((2, 2, *(n + SPLINE_PAD for n in mask.shape)), np.float32)
    for y, x in np.ndindex(2, 2):
        part = padded[y::2, x::2]
        phases[y, x, : part.shape[0], : part.shape[1]] = part
    return Spline(phases, np.ascontiguousarray(mask).view(np.uint8))


def _filter(image: NDArray[np.floating], level: float = 0.0) -> NDArray[np.float32]:
    """Coefficients of the spline through an image, less `level`, with mirrored borders."""
    padded = np.empty([n + 2 * SPLINE_PAD for n in image.shape], np.float32)
    inside = padded[(slice(SPLINE_PAD, -SPLINE_PAD),) * image.ndim]
    np.subtract(image, level, out=inside, casting="same_kind")
    for axis in range(image.ndim):
        # in place: a volume's coefficients need no second copy of it
        scipy.ndimage.spline_filter1d(inside, order=3, axis=axis, output=inside, mode="mirror")
    for axis in range(image.ndim):
        _mirror_borders(np.moveaxis(padded, axis, 0))
    return padded


def bridge(image: NDArray[np.floating], known: NDArray[np.bool_]) -> NDArray[np.floating]:
    """The image with pixels that are not `known` replaced by the nearest known ones; zeros where none is."""
    if not known.any():
        return np.zeros(image.shape, np.float32)
    box = _find_box(known)
    if known[box].all():  # a border all round: a sixtieth of the time
        lacking = [(part.start, n - part.stop) for part, n in zip(box, image.shape, strict=True)]
        return np.pad(image[box], lacking, "edge")
    core = _find_core(known, box)
    return _take_nearest(image, known) if core is None else _bridge_borders(image, known, core)


def _take_nearest(image: NDArray[np.floating], known: NDArray[np.bool_]) -> NDArray[np.floating]:
    nearest = scipy.ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)
    return np.asarray(image[tuple(nearest)])


def _find_core(known: NDArray[np.bool_], box: tuple[slice, ...]) -> tuple[slice, ...] | None:
    """A box of known pixels alone that leaves thin borders; None where there is none."""
    edges = np.array([[part.start, part.stop] for part in box])
    least = np.array(known.shape) * THICK
    while (edges[:, 1] - edges[:, 0] > least).all():
        core = tuple(slice(start, stop) for start, stop in edges.tolist())
        inside = known[core]
        shown = np.array([[inside.take(end, axis=axis).mean() for end in (0, -1)] for axis in range(known.ndim)])
        axis, end = np.unravel_index(int(np.argmin(shown)), shown.shape)
        if shown[axis, end] == 1:
            return core if inside.all() else None
        edges[axis, end] += 1 - 2 * int(end)
    return None


def _bridge_borders(
    image: NDArray[np.floating], known: NDArray[np.bool_], core: tuple[slice, ...]
) -> NDArray[np.floating]:
    """What `_take_nearest` gives, strip by strip: a pixel beside the core has its nearest no further off than that.

    Along the shortest axis first, and there beside the core alone: what lies across its corners is left to the longer.
    """
    out, target, furthest = image.copy(), list(core), 0.0
    for axis in np.argsort(image.shape, kind="stable"):
        n, part = image.shape[axis], core[axis]
        furthest = float(np.hypot(furthest, max(part.start, n - part.stop)))
        reach = int(np.ceil(furthest)) + 1
        for wanted in (slice(0, part.start), slice(part.stop, n)):
            target[axis] = wanted
            if wanted.start < wanted.stop:
                seen = tuple(slice(max(one.start - reach, 0), one.stop + reach) for one in target)
                inside = tuple(slice(a.start - b.start, a.stop - b.start) for a, b in zip(target, seen, strict=True))
                # as they lie: of equally near pixels the order of the axes decides
                out[tuple(target)] = _take_nearest(image[seen], known[seen])[inside]
        target[axis] = slice(0, n)
    return out


def _find_box(known: NDArray[np.bool_]) -> tuple[slice, ...]:
    """The smallest box that holds all of what is known, something at least."""
    box = []
    for axis in range(known.ndim):
        along = np.flatnonzero(known.any(axis=tuple(other for other in range(known.ndim) if other != axis)))
        box.append(slice(int(along[0]), int(along[-1]) + 1))
    return tuple(box)


def _erode(known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """True where a pixel and all around it, diagonals too, are; what lies beyond the border counts as True."""
    kept = known.copy()
    for axis in range(known.ndim):
        here, before = np.moveaxis(kept, axis, 0), np.moveaxis(kept.copy(), axis, 0)
        here[1:] &= before[:-1]
        here[:-1] &= before[1:]
    return kept


def _mirror_borders(padded: NDArray[np.float32]) -> None:
    """Fill the borders along the first axis; about the outermost pixels, or where there are too few, beside them."""
    length = len(padded) - 2 * SPLINE_PAD
    about = 0 if length > SPLINE_PAD else 1
    for k in range(1, SPLINE_PAD + 1):
        step = min(k - about, length - 1)
        padded[SPLINE_PAD - k] = padded[SPLINE_PAD + step]
        padded[SPLINE_PAD + length - 1 + k] = padded[SPLINE_PAD + length - 1 - step]
