"""Two images in colours that may be one picture, moved: a photograph is no stain, however bright it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import Source
from holdstill.result.registration import Registration
from holdstill.run.options import RegisteringOptions
from holdstill.run.parts import see
from holdstill.run.register import register

__all__ = ["register_same_picture"]

# larger planes are slides, which are not registered whole
LARGEST_PX = 4096
# Detail is what is finer than so many px. With noise of 10 grey levels pairs of photographs agreed by 0.95 and more as
# a whole and by 0.54 in detail; neighbouring sections by 0.90 at most, one that had bent by 0.96 and not at all.
# Smooth pictures, which show noise alone in detail, agreed by 0.994.
FINE_PX, SAME_DETAIL, ALIKE, SAME = 5, 0.35, 0.93, 0.98


def register_same_picture(
    reference: NDArray[Any], moving: Source, registering: RegisteringOptions
) -> Registration | None:
    """Register an image in colours of the same size; None where it does not show the same in detail."""
    if reference.shape != moving.info.frame_shape or max(reference.shape) > LARGEST_PX:
        return None
    plain = replace(registering, reference=reference, progress=False)
    found = register(moving, plain, single=True)
    if not found.ok.all():
        return None
    if not ALIKE < found.scores[0] <= SAME:
        return found if found.scores[0] > SAME else None
    seen, channel = see(moving, registering.channel)
    frame = np.asarray(seen.read(0, 1, channel=channel)[0], np.float32)
    aligned = found.apply(frame, axes="TYX", fill=np.nan)[0]
    return found if _compare_detail(np.asarray(reference, np.float32), aligned) > SAME_DETAIL else None


def _compare_detail(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Correlation of what is fine in two images, (y, x), NaN left out."""
    known = np.isfinite(one) & np.isfinite(other)
    known = ndimage.binary_erosion(known, iterations=FINE_PX // 2)
    if not known.any():
        return 0.0
    fine = [image - ndimage.uniform_filter(np.nan_to_num(image), FINE_PX) for image in (one, other)]
    a, b = (image[known] - image[known].mean(dtype=np.float64) for image in fine)
    return float((a * b).sum() / max(np.sqrt((a * a).sum() * (b * b).sum()), 1e-30))
