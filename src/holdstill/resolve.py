"""What callers give, by name, number, path or value, as what estimators take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill import registry
from holdstill.contracts import ImagesInfo
from holdstill.errors import InputError
from holdstill.estimators.base import FittingEstimator
from holdstill.geometry.planes import PLANES
from holdstill.io.image import read_image

__all__ = ["channel_of", "estimator_of", "mask_of", "reference_of"]


def estimator_of(method: Any, motion: str, max_shift: float | tuple[float, ...] | None) -> FittingEstimator:
    """The estimator of that name, or the one that was given."""
    if isinstance(method, FittingEstimator):
        if max_shift is not None or motion not in ("translation", method.motion):
            raise InputError(f"motion and max_shift are settings of {type(method).__name__}; set them there")
        return method
    if method == "auto":
        method = "cross_correlation" if motion in PLANES else "direct"
    estimator: FittingEstimator = registry.find("estimators", method)(motion=motion, max_shift=max_shift)
    return estimator


def reference_of(reference: Any) -> Any:
    """An image for a path, else what was given."""
    if isinstance(reference, Path) or (isinstance(reference, str) and ("." in reference or "/" in reference)):
        return read_image(reference)
    return reference


def mask_of(mask: Any) -> NDArray[np.bool_] | None:
    """True where the image, or that of a file, is above zero."""
    if mask is None:
        return None
    return np.asarray(read_image(mask) if isinstance(mask, (str, Path)) else mask) > 0


def channel_of(channel: int | str, info: ImagesInfo) -> int:
    """Number of a channel given by number or name."""
    known = ", ".join(info.channel_names) or f"0 to {info.n_channels - 1}"
    if isinstance(channel, str) and channel in info.channel_names:
        return info.channel_names.index(channel)
    if isinstance(channel, str) and not channel.isdigit():
        raise InputError(f"{info.name} has no channel {channel!r}; it has {known}")
    if not 0 <= int(channel) < info.n_channels:
        raise InputError(f"{info.name} has no channel {channel}; it has {known}")
    return int(channel)
