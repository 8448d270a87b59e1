"""Layers that were drawn on the raw movie, as the corrected one shows them."""

from __future__ import annotations

from typing import Any

from napari.layers import Labels, Points, Shapes, Tracks

from holdstill.napari.layers import move_labels, move_points, place_of
from holdstill.result.registration import Registration

__all__ = ["move_layer"]


def move_layer(found: Registration, layer: Any) -> Any:
    """A layer of points, tracks, shapes or labels, moved along.

    Parameters
    ----------
    found : Registration
    layer : napari.layers.Points, Tracks, Shapes or Labels
        Drawn on the raw movie: its first axis is time.

    Returns
    -------
    napari layer
        Of the same kind, not yet in a viewer.

    Raises
    ------
    InputError
        The layer does not say which frame something is on.
    """
    about = {"name": f"{layer.name}, moved", **place_of(layer)}
    if isinstance(layer, Labels):
        return Labels(move_labels(found, layer.data), **about)
    if isinstance(layer, Tracks):
        return Tracks(move_points(found, layer.data, time=1), graph=layer.graph, features=layer.features, **about)
    if isinstance(layer, Points):
        return Points(move_points(found, layer.data), size=layer.size, features=layer.features, **about)
    moved = [move_points(found, corners) for corners in layer.data]
    # a rectangle that was turned is still drawn by its corners
    return Shapes(moved, shape_type=list(layer.shape_type), features=layer.features, **about)
