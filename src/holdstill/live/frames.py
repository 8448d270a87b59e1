"""What frames that come one by one are, as images that grow."""

from __future__ import annotations

from typing import Any

import numpy as np

from holdstill.contracts import ImagesInfo
from holdstill.io.axes import COLOURS

__all__ = ["are_colours", "describe_frames"]

SAMPLES = (*COLOURS, "alpha")


def describe_frames(shape: tuple[int, ...], dtype: np.dtype[Any], *, are_colours: bool) -> ImagesInfo:
    """Images without a frame yet, each of this shape, (channels, [z,] y, x)."""
    several = shape[0] > 1
    return ImagesInfo(
        name="live", axes="T" + ("C" if several else "") + "ZYX"[-(len(shape) - 1) :],
        shape=(0, *(shape if several else shape[1:])), dtype=dtype,
        channel_names=SAMPLES[: shape[0]] if are_colours else (),
    )  # fmt: skip


def are_colours(info: ImagesInfo) -> bool:
    """Whether images that grew are of colours, by the names that they were begun with."""
    return info.n_channels > 1 and info.channel_names == SAMPLES[: info.n_channels]
