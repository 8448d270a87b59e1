"""Layers that were drawn on the raw movie, as the corrected one shows them."""

from __future__ import annotations

from typing import Any

import numpy as np
from napari.layers import Labels, Points, Shapes, Tracks

from holdstill.errors import InputError
from holdstill.napari.layers import (
    change_layer,
    check_aligned,
    measure_scale,
    move_labels,
    move_points,
    place_of,
)  # fmt: skip
from holdstill.result.registration import Registration

__all__ = ["move_layer"]


def move_layer(found: Registration, layer: Any, movie: Any) -> Any:
    """A layer of points, tracks, shapes or labels, moved along.

    Parameters
    ----------
    found : Registration
    layer : napari.layers.Points, Tracks, Shapes or Labels
        Drawn on the raw movie, with as many axes; where it lies, and how large its pixels are, is its own.
    movie : napari.layers.Image
        That the result is of.

    Returns
    -------
    napari layer
        Of the same kind, not yet in a viewer, in px of the movie and where the movie lies.

    Raises
    ------
    InputError
        The layer does not say which frame something is on, or labels do not lie pixel on pixel.
    """
    if isinstance(layer, Labels):
        check_aligned(layer, movie, len(found.frame_shape))
        return Labels(move_labels(found, layer.data), name=f"{layer.name}, moved", **place_of(layer))
    if layer.ndim != movie.ndim:
        raise InputError(
            f"{layer.name}: has {layer.ndim} axes, {movie.name} {movie.ndim}, so that it does not say which frame it "
            "is on; draw it on the movie itself"
        )
    about = {"name": f"{layer.name}, moved", **place_of(movie)}
    if isinstance(layer, Tracks):
        rows = np.asarray(layer.data, np.float64)
        seen = np.column_stack([rows[:, :1], change_layer(rows[:, 1:], layer, movie)])
        return Tracks(move_points(found, seen, time=1), graph=layer.graph, features=layer.features, **about)
    if isinstance(layer, Points):
        size = layer.size * measure_scale(layer, movie, len(found.frame_shape))
        moved = move_points(found, change_layer(layer.data, layer, movie))
        return Points(moved, size=size, features=layer.features, **about)
    corners = [move_points(found, change_layer(each, layer, movie)) for each in layer.data]
    # a rectangle that was turned is still drawn by its corners
    return Shapes(corners, shape_type=list(layer.shape_type), features=layer.features, **about)
