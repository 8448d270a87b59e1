"""Where cells that were lost lie together: tissue that came off or folded, outlined."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import contourpy
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import FloatArray
from holdstill.integrity.overview import Overview
from holdstill.integrity.value import Integrity

__all__ = ["find_regions"]

# a field of the grid holds about four cells, and neighbours count with it
CELLS_A_FIELD = 4.0
LEAST_SHARE, LEAST_CELLS = 0.5, 8
# light of a region over what it was: nothing is left of one that came off, and two layers, less the fifth by which an
# outline reaches beyond a fold, lie where it folded; the geometric middle to one layer
DARK, DOUBLE = 0.5, 1.6**0.5
# of the page's outlines, red, green and blue
COLOURS = {"lost": (255, 214, 10), "folded": (86, 180, 233), "moved": (204, 121, 167)}
BACKGROUND = 1  # the percentile of the light that counts as none


def find_regions(found: Integrity, overview: Overview) -> dict[str, Any]:
    """Regions in which most cells were lost, as a GeoJSON FeatureCollection in px (x, y), one feature each.

    A feature's properties are its ``cycle``, ``n_lost`` and ``n_cells`` within, ``brightness`` (all light within, cells
    and what lies between them, over that of the first cycle, relative to what cells that were kept still have, None
    where there was none) and ``kind``: "lost" where less than half is left, "folded" where there is more than a quarter
    more, as of two layers, else "moved"; QuPath takes them for annotations of these classes.
    """
    features = []
    for cycle in np.flatnonzero(found.is_known)[1:].tolist():
        features += _of_cycle(found, overview, cycle)
    return {"type": "FeatureCollection", "axes": "pixels of the slide, x to the right, y down", "features": features}


def _of_cycle(found: Integrity, overview: Overview, cycle: int) -> list[dict[str, Any]]:
    comparable = found.is_measurable & found.is_shown[:, cycle]
    lost = ~found.kept[:, cycle] & comparable
    if int(lost.sum()) < LEAST_CELLS:
        return []
    side = max(1.0, float(np.sqrt(CELLS_A_FIELD * np.prod(found.shape) / found.n_cells)))
    size = tuple(int(np.ceil(n / side)) + 2 for n in found.shape)  # a border, so that outlines close
    at = (found.centroid / side).astype(np.int64) + 1
    flat = np.ravel_multi_index((at[:, 0], at[:, 1]), size)
    n_all = np.bincount(flat[comparable], minlength=size[0] * size[1]).reshape(size).astype(np.float64)
    n_lost = np.bincount(flat[lost], minlength=size[0] * size[1]).reshape(size).astype(np.float64)
    total, part = (ndimage.gaussian_filter(each, 1.0, mode="constant") for each in (n_all, n_lost))
    mask = (part > LEAST_SHARE * total) & (total > 0.25)
    mask[[0, -1]] = mask[:, [0, -1]] = False
    areas, n_areas = ndimage.label(mask)
    light = _find_light(found, overview, cycle)
    fields = [((np.arange(n) + 0.5) * overview.factor / side).astype(np.int64) + 1 for n in overview.cells.shape]
    seen = areas[np.ix_(*fields)]  # which area each pixel of the overview lies in
    features = []
    for number in range(1, n_areas + 1):
        inside = (areas[at[:, 0], at[:, 1]] == number) & comparable
        if int((inside & lost).sum()) >= LEAST_CELLS:
            features.append(_feature(areas == number, side, cycle, inside, lost, light[:, seen == number]))
    return features


def _find_light(found: Integrity, overview: Overview, cycle: int) -> FloatArray:
    """Light above the background in the first cycle and in this, (2, rows, columns), alike where cells were kept."""
    light = overview.light[[0, cycle]].astype(np.float64)
    known = np.isfinite(light).all(axis=0)
    for one in light:  # what is not known has no light, nor is it the darkest
        one -= np.percentile(one[known], BACKGROUND) if known.any() else 0.0
    light[:, ~known] = 0
    is_kept = np.append(found.kept[:, cycle], False)[overview.cells]
    first, now = light[:, is_kept].sum(axis=1) if is_kept.any() else (1.0, 1.0)
    light[1] *= first / now if first > 0 and now > 0 else 1.0
    return light


def _feature(
    mask: NDArray[np.bool_],
    side: float,
    cycle: int,
    inside: NDArray[np.bool_],
    lost: NDArray[np.bool_],
    light: FloatArray,
) -> dict[str, Any]:
    first, now = light.sum(axis=1)
    brightness = float(now / first) if first > 0 else None
    kind = "lost" if brightness is None or brightness < DARK else "folded" if brightness > DOUBLE else "moved"
    return {
        "type": "Feature",
        "properties": {
            "cycle": cycle + 1, "kind": kind, "n_cells": int(inside.sum()), "n_lost": int((inside & lost).sum()),
            "brightness": None if brightness is None else round(brightness, 3),
            "objectType": "annotation", "classification": {"name": kind, "color": COLOURS[kind]},
        },
        "geometry": {"type": "MultiPolygon", "coordinates": _outlines(mask, side)},
    }  # fmt: skip


def _outlines(mask: NDArray[np.bool_], side: float) -> list[list[list[list[float]]]]:
    """Polygons, each an outline and its holes, of closed rings of (x, y)."""
    generator: Any = contourpy.contour_generator(z=mask.astype(np.float64), fill_type=contourpy.FillType.OuterOffset)
    points, offsets = generator.filled(0.5, np.inf)
    return [
        [_ring(ring[start:stop], side) for start, stop in pairwise(ends)]
        for ring, ends in zip(points, offsets, strict=True)
    ]


def _ring(points: FloatArray, side: float) -> list[list[float]]:
    return [[round(float(value), 2) for value in point] for point in (points - 0.5) * side - 0.5]
