"""Between layers of napari and images: axes, masks, lazily corrected pixels, what moves along."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ReadingOptions, Source
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError
from holdstill.io import open_images
from holdstill.resampling.lazy import CorrectedImages, CorrectedSource
from holdstill.resampling.settings import Resampling
from holdstill.result.applying import check_fit
from holdstill.result.registration import Registration

__all__ = ["KEY", "correct_layer", "list_axes", "make_mask", "move_labels", "move_points", "open_layer", "place_of"]

AXES = {3: ("TYX",), 4: ("TZYX", "TCYX"), 5: ("TCZYX",)}
KEY = "holdstill"  # in the metadata of a corrected layer


def list_axes(layer: Any) -> tuple[str, ...]:
    """What the axes of a movie's layer may be, the likelier first.

    Raises InputError for one that is not a movie: with fewer than 3 axes, more than 5, or of colours.
    """
    if getattr(layer, "rgb", False):
        raise InputError(f"{layer.name}: is of colours; split it into layers of one channel each (Layer > Split RGB)")
    if layer.ndim not in AXES:
        raise InputError(f"{layer.name}: has {layer.ndim} axes; a movie has time, channels if any, then ([z,] y, x)")
    return AXES[layer.ndim]


def open_layer(layer: Any, axes: str) -> Source:
    """The images of a layer as a source; of a pyramid its finest level."""
    data = layer.data[0] if getattr(layer, "multiscale", False) else layer.data
    return open_images(data, ReadingOptions(axes=axes))


def place_of(layer: Any) -> dict[str, Any]:
    """Where a layer lies, for another that is to lie there too."""
    place = {"scale": tuple(layer.scale), "translate": tuple(layer.translate)}
    units = getattr(layer, "units", None)
    return place if units is None else place | {"units": tuple(str(unit) for unit in units)}


def correct_layer(found: Registration, layer: Any, axes: str) -> tuple[Any, dict[str, Any]]:
    """Lazily corrected data of a movie's layer, and what `add_image` is given with it.

    Raises InputError where the result is of another movie.
    """
    source = open_layer(layer, axes)
    check_fit(found, source)
    lazily = CorrectedImages(CorrectedSource(source, found.trajectory, Resampling(), CpuDevice()))
    given = {
        "name": f"{layer.name}, corrected", **place_of(layer), "contrast_limits": tuple(layer.contrast_limits),
        "colormap": layer.colormap, "metadata": {**layer.metadata, KEY: found},
    }  # fmt: skip
    return lazily, given


def make_mask(layer: Any, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """What a layer of labels or shapes covers in any frame, ([z,] y, x): where pixels of the reference count."""
    if hasattr(layer, "to_masks"):
        flat = layer.to_masks(mask_shape=shape[-2:]) if layer.ndim == 2 else _draw_flat(layer, shape)
        covered = np.asarray(flat, bool).any(axis=0)
    else:
        covered = np.asarray(layer.data) > 0
        covered = covered.any(axis=tuple(range(covered.ndim - len(shape)))) if covered.ndim > len(shape) else covered
    try:
        mask = np.broadcast_to(covered, shape)
    except ValueError:
        raise InputError(f"{layer.name}: has shape {covered.shape}, a frame {shape}; they must agree") from None
    if not mask.any():
        raise InputError(f"{layer.name}: covers nothing; draw round what counts, or choose no mask")
    return np.array(mask)


def _draw_flat(layer: Any, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Masks (n, y, x) of shapes that were drawn on some frame or plane."""
    drawn = type(layer)([corners[:, -2:] for corners in layer.data], shape_type=list(layer.shape_type))
    return np.asarray(drawn.to_masks(mask_shape=shape[-2:]), bool)


def move_points(found: Registration, points: Any, *, time: int = 0) -> NDArray[np.float64]:
    """Points of frames as the corrected movie shows them.

    Parameters
    ----------
    found : Registration
    points : array_like, (n, time + 1 + ndim)
        Rows ``t, ([z,] y, x)`` in px, after `time` columns that stay: of tracks their number, ``time=1``. Columns
        between time and place stay, too: the number of a channel.
    time : int
        The column of the frame.

    Returns
    -------
    ndarray of float64, as `points`
    """
    given, ndim = np.asarray(points, np.float64), len(found.frame_shape)
    if given.ndim != 2 or given.shape[1] < time + 1 + ndim:
        raise InputError(f"points of shape {given.shape} do not say their frame; draw them on the movie itself")
    moved, frames = given.copy(), np.rint(given[:, time]).astype(int)
    for t in np.unique(frames[(frames >= 0) & (frames < len(found))]):
        rows = frames == t
        moved[rows, -ndim:] = found[int(t)].inverse.map(given[rows, -ndim:])
    return moved


def move_labels(found: Registration, labels: Any) -> NDArray[Any]:
    """Labels of frames, (T, [z,] y, x), as the corrected movie shows them: nearest pixel, 0 where it shows nothing."""
    given = np.asarray(labels)
    if given.shape != (len(found), *found.frame_shape):
        raise InputError(
            f"labels of shape {given.shape} do not lie on the movie of {(len(found), *found.frame_shape)}; "
            "they need one image for each frame"
        )
    out, device = np.empty_like(given), CpuDevice()
    for t, image in enumerate(given):
        # devices compute with float32, which cannot tell large labels apart: their numbers in a list can be small
        values, places = np.unique(np.append(image.ravel(), np.zeros(1, image.dtype)), return_inverse=True)
        small = np.ascontiguousarray(places[:-1].reshape(1, *image.shape), np.int32)
        moved = np.empty_like(small)
        found.trajectory.part([t]).resample(
            device, small, interpolation="nearest", edge="constant", fill=float(places[-1]), out=moved
        )
        out[t] = values[moved[0]]
    return out
