"""How frames are tracked while they come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from holdstill.contracts import FloatArray, Options, option, repeat_option
from holdstill.errors import InputError
from holdstill.resampling.settings import Resampling
from holdstill.run.options import RegisteringOptions

__all__ = ["PixelSize", "TrackingOptions"]

PixelSize = float | tuple[float, ...] | None


@dataclass(frozen=True, kw_only=True, eq=False)
class TrackingOptions(Options):
    """How frames are tracked while they come. What each option means in full stands at `holdstill.Tracker`.

    Raises
    ------
    InputError
        `follow` is not a share, a pixel size not a length, or the latter is needed.
    """

    motion: str = repeat_option(RegisteringOptions, "motion")
    method: Any = repeat_option(RegisteringOptions, "method")
    mask: ArrayLike | str | Path | None = repeat_option(RegisteringOptions, "mask")
    max_shift: float | tuple[float, ...] | None = repeat_option(RegisteringOptions, "max_shift")
    device: str = repeat_option(RegisteringOptions, "device", decides=False)
    interpolation: str = repeat_option(Resampling, "interpolation")
    edge: str = repeat_option(Resampling, "edge")
    fill: float = repeat_option(Resampling, "fill")
    follow: float = option(0.0, "Share of each good frame in the template, as 0.01.")
    pixel_size_um: PixelSize = option(None, "Size of a pixel in um.", unit="um")
    on_shift: Callable[[FloatArray], None] | None = option(
        None, "Told the shift of each good frame in um.", decides=False, flag=False
    )

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if not isinstance(self.follow, int | float | np.number) or not 0 <= self.follow < 1:
            raise InputError(f"follow is a share from 0 to below 1, not {self.follow}")
        object.__setattr__(self, "pixel_size_um", _sizes_of(self.pixel_size_um))
        if self.on_shift is not None and self.pixel_size_um is None:
            raise InputError("on_shift is told um; say how large a pixel is with pixel_size_um")

    @property
    def resampling(self) -> Resampling:
        """How frames are resampled."""
        return Resampling(interpolation=self.interpolation, edge=self.edge, fill=self.fill)


def _sizes_of(pixel_size_um: Any) -> PixelSize:
    """Size of a pixel as one number, or one for each axis."""
    if pixel_size_um is None:
        return None
    try:
        sizes = np.asarray(pixel_size_um, np.float64)
    except (TypeError, ValueError):
        sizes = np.zeros(1)
    if isinstance(pixel_size_um, str) or sizes.ndim > 1 or not (np.isfinite(sizes) & (sizes > 0)).all():
        raise InputError(f"pixel_size_um is a length in um, or one for each axis, not {pixel_size_um!r}")
    return tuple(sizes.tolist()) if sizes.ndim else float(sizes)
