"""How frames bend: vectors over the picture of the specimen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray
from holdstill.result.look import spread
from holdstill.result.report import figures
from holdstill.result.wording import count

if TYPE_CHECKING:
    from holdstill.result.value import RegistrationValue

__all__ = ["draw_bending"]

# vectors along the longer axis, frames that are looked at, and by how much vectors may be enlarged
VECTORS, MOST_FRAMES = 14, 256
ENLARGED = (1, 2, 5, 10, 20, 50, 100)
PICTURE_PX, LEAST_PX = 768, 0.005
# of the length of a vector, and of the way across it
BARB = 0.3, 0.18
PICTURES = ("mean_after", "template", "weights")


def draw_bending(registration: RegistrationValue) -> str:
    """A figure of the frame that bends most; empty where frames only shift, turn or stretch."""
    rows = np.flatnonzero(registration.ok & np.isfinite(registration.parameters).all(axis=1))
    picture = next((registration.images[name] for name in PICTURES if name in registration.images), None)
    if len(rows) < 2 or picture is None or not any(len(places) for places in _bends(registration, int(rows[0]))):
        return ""
    shown = figures.grey(figures.shrink(picture, PICTURE_PX)) if picture.ndim == 2 else []
    chosen = rows[spread(len(rows), min(len(rows), MOST_FRAMES))]
    places, moves, step = _measure(registration, chosen)
    each = np.sqrt((moves**2).sum(axis=2).mean(axis=1))
    most, common = int(each.argmax()), np.sqrt((moves**2).sum(axis=2).mean(axis=0))
    if not shown or each[most] < LEAST_PX:
        return ""
    longest = float(np.abs(moves[most]).max())
    by = max([one for one in ENLARGED if one * longest < step] or [1])
    height, width = registration.frame_shape[-2:]
    drawn = "".join(map(_draw_vector, places, by * moves[most]))
    label = "Vectors of how one frame bends, over the specimen"
    image = f'<image href="{shown[0]}" width="{width}" height="{height}" preserveAspectRatio="none"/>'
    svg = f'<svg role="img" aria-label="{label}" viewBox="0 0 {width} {height}">{image}{drawn}</svg>'
    enlarged = f", drawn {by} times as long" if by > 1 else ""
    frames = count(len(chosen), "good frame") + (" looked at" if len(chosen) < len(rows) else "")
    told = (
        f"Where the specimen lies in frame {chosen[most]:,} beyond the shift of the whole{enlarged}: {each[most]:.2f} "
        f"px, root mean square over its places, the most of {frames}. Over these frames the place that moves least "
        f"goes {common.min():.2f} px, and the one that moves most {common.max():.2f} px."
    )
    return f"<figure class=bending>{svg}<figcaption><b>Bending.</b> {told}</figcaption></figure>"


def _bends(registration: RegistrationValue, row: int) -> list[FloatArray]:
    """Where along each axis of a picture the map of a frame changes."""
    ndim = len(registration.frame_shape)
    return [registration.trajectory.transform(row).bends(axis) for axis in range(ndim - 2, ndim)]


def _measure(registration: RegistrationValue, rows: NDArray[np.intp]) -> tuple[FloatArray, FloatArray, float]:
    """Places of a picture, (m, 2) px, how far each goes beside its frame, (n, m, 2) px, and from one to the next, px.

    Of volumes in the middle plane.
    """
    shape = registration.frame_shape
    step = max(shape[-2:]) / VECTORS
    axes = [np.zeros(1) + (n - 1) / 2 for n in shape[:-2]]
    axes += [(np.arange(max(round(n / step), 1)) + 0.5) * n / max(round(n / step), 1) - 0.5 for n in shape[-2:]]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(shape))
    way = registration.trajectory.part(rows)
    moves = (way.motion.map_points(way.parameters, points, way.shape) - points)[:, :, -2:]
    return points[:, -2:], moves - moves.mean(axis=1, keepdims=True), float(step)


def _draw_vector(place: FloatArray, move: FloatArray) -> str:
    """An arrow from a place."""
    (y, x), (b, a) = place, move
    back, across = BARB
    tips = " ".join(
        f"M{x + a:.1f} {y + b:.1f}L{x + (1 - back) * a - side * across * b:.1f} "
        f"{y + (1 - back) * b + side * across * a:.1f}"
        for side in (-1, 1)
    )
    return f'<path d="M{x:.1f} {y:.1f}L{x + a:.1f} {y + b:.1f} {tips}"/>'
