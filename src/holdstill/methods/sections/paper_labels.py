"""Whether a picture shows print on paper, as the label of a slide does, and no tissue."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from holdstill.methods.sections.local import FloatImage, bin_picture

__all__ = ["shows_print", "split_greys"]

LONGEST_PX = 1024
# measured over 13 labels (print, bar codes; straight, turned and unevenly lit) and over 21 images of tissue
# and drawings. Ink covers 5 to 11 % of a label, tissue 15 to 60 % of its image
MOST_INK = 0.25
# it is as dark everywhere: the spread over the mean within strokes was 0.02 to 0.06, of stained tissue 0.13 to 0.33
MOST_SPREAD = 0.09
# and bounded along two directions at right angles: 0.22 to 0.74, of tissue 0.02 to 0.13, of fibres in parallel 0.19
LEAST_SQUARE = 0.17
LEVELS = 256
EDGE_PX = 1.0
# pixels of strokes nearer to their border than this are mixtures of ink and paper
INSIDE_PX = 2.0


def shows_print(grey: FloatImage) -> bool:
    """Whether a grey image of stain, (y, x), NaN where unknown, is made of strokes of one ink at right angles.

    Parameters
    ----------
    grey : ndarray of float32, (y, x)
        As `holdstill.methods.sections.staining.prepare_section` makes it of absorption.
    """
    image = np.nan_to_num(bin_picture(grey, max(1, int(np.ceil(max(grey.shape) / LONGEST_PX)))))
    ink = image > split_greys(image)
    if not 0 < ink.mean() < MOST_INK:
        return False
    inside = ink & (np.asarray(ndimage.distance_transform_edt(ink)) >= INSIDE_PX)
    if not inside.any() or float(image[inside].std()) > MOST_SPREAD * float(image[inside].mean()):
        return False
    return _measure_squareness(image) > LEAST_SQUARE


def split_greys(image: FloatImage) -> float:
    """The grey between paper and what lies on it: it parts the greys into the two groups furthest apart (Otsu)."""
    counts, edges = np.histogram(image, LEVELS)
    middles = 0.5 * (edges[1:] + edges[:-1])
    below, sums = np.cumsum(counts)[:-1], np.cumsum(counts * middles)[:-1]
    above, rest = counts.sum() - below, float((counts * middles).sum()) - sums
    apart = sums / np.maximum(below, 1) - rest / np.maximum(above, 1)
    return float(edges[1 + int((apart**2 * below * above).argmax())])


def _measure_squareness(image: FloatImage) -> float:
    """How much slopes keep to two directions at right angles, whichever: 0 not at all, 1 exactly."""
    smooth = ndimage.gaussian_filter(image, EDGE_PX)
    slopes = np.gradient(smooth)
    steep = np.asarray(slopes[0] ** 2 + slopes[1] ** 2, np.float64)
    turned = np.exp(4j * np.arctan2(*slopes))
    return float(abs((steep * turned).sum()) / max(float(steep.sum()), 1e-12))
