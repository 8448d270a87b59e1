"""Between layers of napari and images: axes, masks, lazily corrected pixels, what moves along."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from holdstill.contracts import FloatArray, ReadingOptions, Source
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError
from holdstill.io import open_images
from holdstill.io.ome_xml import MICROMETRES
from holdstill.resampling.lazy import CorrectedImages, CorrectedSource
from holdstill.result.applying import check_fit
from holdstill.result.recalling import recall_resampling
from holdstill.result.registration import Registration

__all__ = [
    "KEY", "change_layer", "check_aligned", "correct_layer", "find_frame", "list_axes", "make_mask",
    "measure_scale", "move_labels", "move_points", "open_layer", "place_of",
]  # fmt: skip

AXES = {3: ("TYX",), 4: ("TZYX", "TCYX"), 5: ("TCZYX",)}
KEY = "holdstill"  # in the metadata of a corrected layer
# as napari's units call them; the others are those of files
NAMES = {"nanometer": 1e-3, "millimeter": 1e3, "centimeter": 1e4, "meter": 1e6}


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
    """The images of a layer as a source, of a pyramid its finest level; pixels are as large as the layer says."""
    data = layer.data[0] if getattr(layer, "multiscale", False) else layer.data
    source = open_images(data, ReadingOptions(axes=axes))
    lengths = MICROMETRES | NAMES
    sizes = [
        float(scale) * lengths[str(unit)] if str(unit) in lengths else None
        for scale, unit in zip(layer.scale, getattr(layer, "units", None) or (None,) * layer.ndim, strict=True)
    ][-source.info.ndim :]
    if any(sizes):
        depth = sizes[0] if len(sizes) > 2 else None
        source.info = replace(source.info, pixel_size_um=(depth, sizes[-2], sizes[-1]))
    return source


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
    lazily = CorrectedImages(CorrectedSource(source, found.trajectory, recall_resampling(found), CpuDevice))
    given = {
        "name": f"{layer.name}, corrected", **place_of(layer), "contrast_limits": tuple(layer.contrast_limits),
        "colormap": layer.colormap, "metadata": {**layer.metadata, KEY: found},
    }  # fmt: skip
    return lazily, given


def find_frame(layer: Any, point: ArrayLike) -> int:
    """The frame of a movie's layer that shows a point of napari's world; below zero or too large outside of it."""
    return round(float(layer.world_to_data(np.asarray(point, np.float64))[0]))


def change_layer(points: ArrayLike, drawn: Any, movie: Any) -> FloatArray:
    """Points (n, ndim) of one layer as px of another that lies elsewhere, or has larger pixels; last axes agree."""
    given = np.asarray(points, np.float64)
    matrix, offset = _relate(drawn, movie, given.shape[-1])
    return np.asarray(given @ matrix.T + offset)


def measure_scale(drawn: Any, movie: Any, ndim: int) -> float:
    """How many px of a movie one px of another layer is long, in the mean of the last `ndim` axes."""
    matrix, _ = _relate(drawn, movie, ndim)
    return float(np.abs(np.linalg.det(matrix)) ** (1 / ndim))


def check_aligned(labels: Any, movie: Any, ndim: int) -> None:
    """Raise InputError where pixels of labels are not those of the movie, in the last `ndim` axes."""
    matrix, offset = _relate(labels, movie, ndim)
    far = np.array(movie.data.shape[-ndim:])
    if np.abs(far @ (matrix - np.eye(ndim)).T).max() > 0.5 or np.abs(offset).max() > 0.5:
        raise InputError(
            f"{labels.name}: its pixels are not those of {movie.name}; give it the scale and place of the movie"
        )


def _relate(drawn: Any, movie: Any, n_axes: int) -> tuple[FloatArray, FloatArray]:
    """Matrix and offset that lead from points of one layer, on its last axes, to px of another, on as many."""
    corners = np.vstack([np.zeros(n_axes), np.eye(n_axes)])
    seen = [movie.world_to_data(np.asarray(drawn.data_to_world(corner)))[-n_axes:] for corner in corners]
    origin, *ends = np.asarray(seen, np.float64)
    return np.transpose(ends - origin), origin


def make_mask(layer: Any, shape: tuple[int, ...], movie: Any) -> NDArray[np.bool_]:
    """What a layer of labels or shapes covers in any frame, ([z,] y, x): where pixels of the reference count.

    Parameters
    ----------
    layer : napari.layers.Labels or Shapes
        Where it lies, and how large its pixels are, is its own.
    shape : tuple of int
        Of a frame, ``([z,] y, x)``.
    movie : napari.layers.Image

    Raises
    ------
    InputError
        It covers nothing, or labels are not as wide and high as a frame where both are shown.
    """
    covered = _draw_flat(layer, shape, movie) if hasattr(layer, "to_masks") else _fit_labels(layer, shape, movie)
    mask = np.broadcast_to(covered, shape)
    if not mask.any():
        raise InputError(f"{layer.name}: covers nothing; draw round what counts, or choose no mask")
    return np.array(mask)


def _fit_labels(layer: Any, shape: tuple[int, ...], movie: Any) -> NDArray[np.bool_]:
    """Which pixels of a frame labels cover: as they are, or the nearest one of labels with larger or smaller pixels."""
    covered: NDArray[np.bool_] = np.asarray(np.asarray(layer.data) > 0)
    if covered.ndim > len(shape):
        covered = np.asarray(covered.any(axis=tuple(range(covered.ndim - len(shape)))))
    there = np.array(shape[-covered.ndim :])
    matrix, offset = _relate(movie, layer, covered.ndim)
    edges = np.array([np.full(len(there), -0.5), there - 0.5])
    expected = np.array([np.full(len(there), -0.5), np.array(covered.shape) - 0.5])
    if np.abs(edges @ matrix.T + offset - expected).max() > 0.5:
        raise InputError(
            f"{layer.name}: {covered.shape} px that lie elsewhere than a frame of {tuple(there)} px; give it the scale "
            "and place of the movie"
        )
    nearest = ndimage.affine_transform(
        covered.astype(np.uint8), matrix, offset, output_shape=tuple(there), order=0, mode="nearest"
    )
    return np.asarray(nearest > 0)


def _draw_flat(layer: Any, shape: tuple[int, ...], movie: Any) -> NDArray[np.bool_]:
    """Pixels (y, x) within shapes that were drawn on some frame or plane."""
    corners = [change_layer(each, layer, movie)[:, -2:] for each in layer.data]
    drawn = type(layer)(corners, shape_type=list(layer.shape_type))
    return np.asarray(np.asarray(drawn.to_masks(mask_shape=shape[-2:]), bool).any(axis=0))


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
    outside = frames[(frames < 0) | (frames >= len(found))]
    if len(outside):
        raise InputError(f"points on frame {outside[0]}: the result has frames 0 to {len(found) - 1}; take those away")
    for t in np.unique(frames):
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
