"""Images of another size than their reference: both on a canvas, where what one of them does not show is unknown."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Estimator, Source, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError
from holdstill.io.canvas import CanvasSource, pad
from holdstill.methods.likelihood.significance import subtract_local_mean
from holdstill.methods.likelihood.verdicts import MIN_OVERLAP, MIN_PEAK_Z
from holdstill.methods.search.correlation import correlation_surfaces, make_overlaps
from holdstill.result.registration import Registration
from holdstill.run.options import RegisteringOptions
from holdstill.run.parts import mask_of, see

__all__ = ["register_sizes"]

RegisterOn = Callable[[Source, RegisteringOptions], Registration]

# a piece may lie anywhere in a whole; pictures are binned to so many px to look for it
SEARCHED_PX = {2: 512, 3: 64}
# and its surroundings belong to the canvas, so much of its size, since the place is known to a binned px
AROUND = 0.25
# a shift after them leaves the rest of these as it is
PLACED_MOTIONS = ("translation", "rigid", "similarity", "affine")
GRID = 32
# Of 90 pairs that have nothing in common the best place led those so many binned px away by up to 2.8 standard
# deviations, of 86 that have something, and were found, by 2.8, 3.9 and more.
AWAY_PX, LEAD = 15, 3.0


@dataclass(frozen=True, eq=False)
class _Canvas:
    """A box on the reference: `corner` is its first pixel, `moved` the pixel of the frame that lies there, less it."""

    shape: tuple[int, ...]
    corner: NDArray[np.int64]
    moved: NDArray[np.int64]


def register_sizes(source: Source, options: RegisteringOptions, register: RegisterOn) -> Registration:
    """Register frames with a reference image of another size; the result has the extent of the reference.

    One may be a piece of the other: then it is looked for everywhere first, unless `max_shift` says how far. Otherwise,
    and where it is not found, first pixels lie at the same place; of shifts, what stands out nowhere is a mismatch.

    Raises
    ------
    InputError
        The mask is not of the reference's shape.
    """
    reference = np.asarray(options.reference, np.float32)
    shape, moving = reference.shape, source.info.frame_shape
    given = mask_of(options.mask)
    mask = np.ones(shape, bool) if given is None else given
    if mask.shape != shape:
        raise InputError(f"the mask has shape {mask.shape}, the fixed image {shape}")
    placed = replace(options, reference=reference, mask=mask)
    searched = _may_be_anywhere(options)
    if searched:
        canvas = _find_canvas(source, reference, mask, options)
        found = None if canvas is None else _register_on(source, placed, canvas, register)
        if found is not None and found.ok.any():
            return found
    largest = tuple(max(sides) for sides in zip(shape, moving, strict=True))
    still: NDArray[np.int64] = np.zeros(len(shape), np.int64)
    found = _register_on(source, placed, _Canvas(largest, still, still), register)
    nowhere = searched and canvas is None and found.motion == "translation"
    flagged = _flag(found, np.full(len(found), nowhere), Verdict.MISMATCH, options.repair)
    if shape != moving and shape == moving[::-1] and not flagged.ok.any():
        warnings.warn(
            f"{source.info.name}: nothing of it is found in the reference, whose rows and columns seem to have changed "
            f"places: it has shape {shape}, a frame {moving}; give reference.T",
            stacklevel=2,
        )
    return flagged


def _may_be_anywhere(options: RegisteringOptions) -> bool:
    limit = options.method.max_shift if hasattr(options.method, "max_shift") else None
    motion = options.method.motion if isinstance(options.method, Estimator) else options.motion
    return motion in PLACED_MOTIONS and options.max_shift is None and limit is None


def _register_on(source: Source, options: RegisteringOptions, canvas: _Canvas, register: RegisterOn) -> Registration:
    shape, moving = options.reference.shape, source.info.frame_shape
    corner = tuple(-canvas.corner)
    seen = CanvasSource(source, canvas.shape, tuple(-canvas.corner - canvas.moved))
    on_canvas = replace(
        options, reference=pad(options.reference, canvas.shape, np.nan, corner),
        mask=pad(np.asarray(options.mask), canvas.shape, False, corner),
    )  # fmt: skip
    found = register(seen, on_canvas)
    offset = (np.array(shape) - np.array(canvas.shape)) / 2 - canvas.corner
    fitted = found.change(lambda trajectory: trajectory.rescale(np.ones(len(shape)), offset, shape))
    if canvas.moved.any():
        whole = np.zeros(fitted.parameters.shape[1])
        whole[: len(shape)] = canvas.moved
        fitted = fitted.change(lambda trajectory: replace(trajectory, parameters=trajectory.parameters + whole))
    images = {name: image for name, image in found.images.items() if found.ok.all() or name != "mean_after"}
    fitted = replace(
        fitted, images=images, template_image=options.reference,
        provenance={**found.provenance, "moving_shape": list(moving)},
    )  # fmt: skip
    far = _measure_overlaps(fitted, moving) < MIN_OVERLAP
    return _flag(fitted, far, Verdict.OUT_OF_RANGE, options.repair)


def _flag(found: Registration, bad: NDArray[np.bool_], why: Verdict, repair: str) -> Registration:
    """The result with a verdict on those of its good frames that are `bad`, (T,)."""
    if not (bad & found.ok).any():
        return found
    verdicts = (
        why if lost and verdict is Verdict.OK else verdict for lost, verdict in zip(bad, found.verdicts, strict=True)
    )
    flagged = replace(found, verdicts=tuple(verdicts))
    good = flagged.ok
    hidden = replace(
        flagged, covariance=found.covariance.hide(~good), corner_errors=np.where(good, found.corner_errors, np.nan)
    )
    return hidden.repair(repair)


def _find_canvas(
    source: Source, reference: NDArray[np.float32], mask: NDArray[np.bool_], options: RegisteringOptions
) -> _Canvas | None:
    """The smaller picture and what surrounds it in the larger, where their detail agrees best; None: nowhere."""
    seen, channel = see(source, options.channel)
    frame = np.asarray(seen.read(0, 1, channel=channel)[0, 0], np.float32)
    moved = _find_place(np.where(mask, reference, np.float32(np.nan)), frame)
    if moved is None:
        return None
    fixed_box = (np.zeros(reference.ndim, np.int64), np.array(reference.shape))
    frame_box = (-moved, np.array(frame.shape) - moved)
    first, last = fixed_box if reference.size <= frame.size else frame_box
    margin = np.ceil(AROUND * (last - first)).astype(np.int64)
    low = np.maximum(first - margin, np.minimum(fixed_box[0], frame_box[0]))
    high = np.minimum(last + margin, np.maximum(fixed_box[1], frame_box[1]))
    return _Canvas(tuple(int(n) for n in high - low), low, moved)


def _find_place(reference: NDArray[np.float32], frame: NDArray[np.float32]) -> NDArray[np.int64] | None:
    """Whole-pixel shift at which the detail of both agrees beyond chance by most; NaN do not count.

    None where no place stands out: of 24 pairs that have nothing in common the best stood 3 to 4.8 standard deviations
    above all others, of those that have 6 to 40 (three in noise of half their contrast 4 to 5.5). Smooth pictures that
    have nothing in common reach 8.7, with others nearly as good far away.
    """
    device, ndim = CpuDevice(), reference.ndim
    sides = np.maximum(reference.shape, frame.shape)
    factor = max(1, int(np.ceil(sides.max() / SEARCHED_PX[ndim])))
    factors = tuple(min(factor, *pair) for pair in zip(reference.shape, frame.shape, strict=True))
    local = [_take_detail(np.asarray(device.bin(image[None], factors))[0]) for image in (reference, frame)]
    canvas = tuple(int(max(pair)) for pair in zip(local[0].shape, local[1].shape, strict=True))
    reach = np.array(canvas, float) - 1
    overlaps = make_overlaps(pad(local[0], canvas, np.nan), reach, MIN_OVERLAP)
    scores = correlation_surfaces(overlaps, pad(local[1], canvas, np.nan)[None])[0].astype(np.float64)
    counts = np.ones(scores.shape)
    for axis, (n, other, far) in enumerate(zip(local[0].shape, local[1].shape, overlaps.reach, strict=True)):
        shift = np.arange(-far, far + 1)
        seen = np.maximum(np.minimum(n, other - shift) - np.maximum(0, -shift), 0)
        counts *= seen.reshape([-1 if a == axis else 1 for a in range(ndim)])
    sure = np.arctanh(np.clip(scores, -0.999999, 0.999999)) * np.sqrt(counts)
    others = sure[scores > -1]
    if not others.size or not sure.max() - others.mean() > MIN_PEAK_Z * others.std():
        return None
    peak = np.array(np.unravel_index(int(np.where(scores > -1, sure, -np.inf).argmax()), sure.shape))
    if not _leads(sure, scores > -1, peak, float(others.std())):
        return None
    return np.asarray((peak - np.array(overlaps.reach)) * np.array(factors), np.int64)


def _leads(sure: NDArray[np.float64], allowed: NDArray[np.bool_], peak: NDArray[np.intp], spread: float) -> bool:
    """Whether the peak stands out of all places far from it."""
    far = np.zeros(sure.shape, bool)
    for axis, at in enumerate(peak):
        away = np.abs(np.arange(sure.shape[axis]) - at) > AWAY_PX
        far |= away.reshape([-1 if a == axis else 1 for a in range(sure.ndim)])
    rest = sure[far & allowed]
    return not rest.size or float(sure[tuple(peak)] - rest.max()) > LEAD * spread


def _take_detail(image: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.where(np.isfinite(image), subtract_local_mean(image, image.ndim), np.float32(np.nan))


def _measure_overlaps(found: Registration, moving: tuple[int, ...]) -> NDArray[np.float64]:
    """Share of the smaller picture that the larger shows, (T,), where the transforms as found put it."""
    shape = found.frame_shape
    axes = [np.linspace(0, n - 1, min(n, GRID)) for n in shape]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(shape))
    smaller = min(np.prod(shape), np.prod(moving)) / np.prod(shape)
    shares = []
    for transform in found:
        at: NDArray[Any] = transform.map(points)
        inside = ((at > -0.5) & (at < np.array(moving) - 0.5)).all(axis=1)
        shares.append(inside.mean() / smaller)
    return np.array(shares)
