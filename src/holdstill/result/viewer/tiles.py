"""A cell's pixels in every cycle, as pictures that travel together."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.result.viewer.pictures import border, draw_border, encode_png, stretch

__all__ = ["draw_tiles"]

Window = NDArray[np.float32]


def draw_tiles(windows: list[Window | str], first: Window | str, inside: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """Each cycle's window with the border of the cell, twice: in the contrast of the first cycle, and in its own.

    Parameters
    ----------
    windows : list of ndarray or str, (y, x)
        One for each cycle; a text where it cannot be read.
    first : ndarray or str
        The first cycle's, whose contrast the others are shown in.
    inside : ndarray of bool, (y, x)
        Pixels of the cell.

    Returns
    -------
    list of dict
        ``first`` and ``own``, PNG as data URLs, or ``error``.
    """
    line, times = border(inside)  # once: it takes longer than a window's contrast
    told = []
    for window in windows:
        if isinstance(window, str):
            told.append({"error": window})
            continue
        scales = {"first": window if isinstance(first, str) else first, "own": window}
        pictures = {
            name: encode_png(draw_border(stretch(window, scale), line, times)) for name, scale in scales.items()
        }
        told.append({name: "data:image/png;base64," + base64.b64encode(p).decode() for name, p in pictures.items()})
    return told
