"""Kept cells, as a table and as an image of labels."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from holdstill.contracts import Source
from holdstill.errors import InputError

__all__ = ["filter_labels", "find_kept", "format_kept", "write_labels"]

TILE = 512


def find_kept(so_far: NDArray[np.float64], threshold: float, body: bytes) -> NDArray[np.intp]:
    """Rows of the cells that every cycle kept; of a selection, if the body holds one.

    `so_far` are correlations, (n_cells, n_cycles). The body is empty or JSON, ``{"rows": [...]}``.
    """
    kept: NDArray[np.bool_] = np.logical_and.reduce(so_far >= threshold, axis=1)
    if body:
        chosen = np.asarray(json.loads(body)["rows"], np.int64)
        if chosen.size and not (chosen.min() >= 0 and chosen.max() < len(kept)):
            raise InputError("the selection holds rows that are not there")
        selected = np.zeros(len(kept), bool)
        selected[chosen] = True
        kept &= selected
    return np.flatnonzero(kept)


def format_kept(arrays: dict[str, NDArray[Any]], so_far: NDArray[np.float64], threshold: float, body: bytes) -> str:
    """CSV of the kept cells: label, centroid in px, and the least correlation with the first cycle of `find_kept`."""
    rows = find_kept(so_far, threshold, body)
    least = so_far[rows].min(axis=1)
    columns = (arrays["cells"][rows].tolist(), arrays["centroid"][rows].tolist(), least.tolist())
    lines = [f"{cell},{y!r},{x!r},{r!r}\n" for cell, (y, x), r in zip(*columns, strict=True)]
    return "cell,y,x,least_correlation\n" + "".join(lines)


def filter_labels(source: Source, kept: NDArray[Any]) -> bytes:
    """A tiled TIFF of the labels in their dtype, 0 where the label is not one of those kept."""
    target = io.BytesIO()
    write_labels(target, source, kept)
    return target.getvalue()


def write_labels(target: Any, source: Source, kept: NDArray[Any] | None = None) -> None:
    """Write a plane of labels into a file as a tiled TIFF; of labels that are not among `kept`, if given, 0."""
    tifffile.imwrite(
        target, _tiles(source, kept), shape=source.info.frame_shape, dtype=source.info.dtype, tile=(TILE, TILE),
        compression="zlib", bigtiff=True, metadata={"axes": "YX"},
    )  # fmt: skip


def _tiles(source: Source, kept: NDArray[Any] | None) -> Iterator[NDArray[Any]]:
    """Tiles row by row, those at the border filled up with 0."""
    height, width = source.info.frame_shape
    for top in range(0, height, TILE):
        band = source.read_window(0, slice(top, min(top + TILE, height)), slice(0, width))
        if kept is not None:
            distinct, inverse = np.unique(band, return_inverse=True)
            distinct[~np.isin(distinct, kept)] = 0
            band = distinct[inverse].reshape(band.shape)
        for left in range(0, width, TILE):
            part = band[:, left : left + TILE]
            tile = np.zeros((TILE, TILE), band.dtype)
            tile[: part.shape[0], : part.shape[1]] = part
            yield tile
