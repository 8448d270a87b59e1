"""A cell's pixels in every cycle, as pictures that travel together."""

from __future__ import annotations

import base64

import numpy as np
from numpy.typing import NDArray

from holdstill.result.viewer.pictures import border, encode_png, stretch

__all__ = ["draw_outline", "draw_tiles"]

Window = NDArray[np.float32]


def draw_tiles(windows: list[Window | str], first: Window | str) -> list[dict[str, str]]:
    """Each cycle's window twice: in the contrast of the first cycle, and in its own.

    Parameters
    ----------
    windows : list of ndarray or str, (y, x)
        One for each cycle; a text where it cannot be read.
    first : ndarray or str
        The first cycle's, whose contrast the others are shown in.

    Returns
    -------
    list of dict
        ``first`` and ``own``, PNG as data URLs, or ``error``.
    """
    told = []
    for window in windows:
        if isinstance(window, str):
            told.append({"error": window})
            continue
        shared = stretch(window, window if isinstance(first, str) else first)
        told.append({"first": _address(shared), "own": _address(stretch(window, window))})
    return told


def draw_outline(inside: NDArray[np.bool_]) -> str:
    """The border of a cell between enlarged pixels, to lie over all of its tiles: it is drawn and sent once."""
    return _address(border(inside))


def _address(picture: NDArray[np.uint8]) -> str:
    return "data:image/png;base64," + base64.b64encode(encode_png(picture)).decode()
