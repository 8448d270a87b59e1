"""How frames are resampled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import EDGES, INTERPOLATIONS, ImagesInfo, Options, option
from holdstill.errors import InputError, UnknownName

__all__ = ["Resampling"]

Box = tuple[slice, ...]
DTYPES = ("float32",)
KNOWN_EDGES = (*EDGES, "wrap")
# what SciPy, NumPy and OpenCV call them
EDGES_ELSEWHERE = {
    "mirror": "reflect", "symmetric": "reflect", "grid-mirror": "reflect", "edge": "nearest", "replicate": "nearest",
    "grid-wrap": "wrap", "periodic": "wrap", "grid-constant": "constant", "zero": "constant", "zeros": "constant",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class Resampling(Options):
    """How frames are resampled.

    Parameters
    ----------
    interpolation : {"cubic", "nearest", "linear", "lanczos"}
    edge : {"constant", "nearest", "reflect", "wrap"}
        ``wrap``: frames go on at the other side, as what is periodic does.
    fill : float
        Value where a frame shows nothing, for ``edge="constant"``.
    crop : bool or tuple of slice
        Keep a box of the result, ``([z,] y, x)``; True for the one that all good frames cover, which `crop_to` names
        once it is known.
    dtype : {"float32"}, optional
        Of the result; default: that of the images, to which values are rounded and clamped.
    """

    interpolation: str = option("cubic", "cubic, nearest, linear or lanczos.", choices=INTERPOLATIONS)
    edge: str = option(
        "constant", "What stands where a frame shows nothing: constant, nearest, reflect or wrap.", choices=KNOWN_EDGES
    )
    fill: float = option(0, "Value for --edge constant.", unit="grey levels")
    crop: bool | Box = option(False, "Keep only the region that all good frames cover.")
    dtype: str | None = option(
        None, "float32: keep what interpolation makes, not rounded or clamped; default: as the movie.", choices=DTYPES
    )

    @property
    def box(self) -> Box | None:
        """The region that is kept, None for all of it."""
        if self.crop is True:
            raise InputError("which region all good frames cover is not known yet; crop_to() names it")
        return self.crop or None

    def crop_to(self, box: Box) -> Resampling:
        """The same with the box that is kept, where one was asked for."""
        return replace(self, crop=box) if self.crop is True else self

    def check(self, dtype: np.dtype[Any]) -> None:
        """Raise InputError if `fill` cannot be a pixel of `dtype`, UnknownName for another interpolation or edge."""
        for what, name, known in (
            ("interpolation", self.interpolation, INTERPOLATIONS),
            ("edge", self.edge, KNOWN_EDGES),
        ):
            if name not in known:
                meant = EDGES_ELSEWHERE.get(str(name).lower().replace("_", "-")) if what == "edge" else None
                hint = "" if meant is None else f"; nearest to it is {meant!r}"
                raise UnknownName(f"there is no {what} {name!r}; choose one of {', '.join(known)}{hint}")
        if self.edge == "wrap" and self.crop is True:
            raise InputError("with edge='wrap' frames lack nothing that crop could leave out; take one of the two")
        if not isinstance(self.fill, int | float | np.number):
            raise InputError(f"fill {self.fill!r} is not a number")
        if self.dtype not in (None, *DTYPES):
            raise UnknownName(f"pixels are not written as {self.dtype!r}; choose float32, or leave dtype out")
        if self.dtype is None and np.issubdtype(dtype, np.integer):
            limits = np.iinfo(dtype)
            if not np.isfinite(self.fill) or not limits.min <= self.fill <= limits.max:
                raise InputError(
                    f"fill {self.fill} is not a value of {dtype} pixels; choose one of {limits.min} to {limits.max}"
                )

    def convert(self, frames: NDArray[Any]) -> NDArray[Any]:
        """Frames in the dtype of the result, which they are resampled in."""
        return frames if self.dtype is None else np.ascontiguousarray(frames, self.dtype)

    def result(self, info: ImagesInfo) -> ImagesInfo:
        """What the corrected images are. Raises InputError if cropping leaves nothing."""
        box = self.box
        if self.dtype is not None:
            info = replace(info, dtype=np.dtype(self.dtype))
        if box is None:
            return info
        lengths = [side.stop - side.start for side in box]
        if min(lengths) < 1:
            raise InputError(f"{info.name}: no region is covered by all good frames; there is nothing to crop to")
        starts = [0] * (3 - len(lengths)) + [side.start for side in box]
        origin = [
            o + start * (size or 0.0) for o, start, size in zip(info.origin_um, starts, info.pixel_size_um, strict=True)
        ]
        shape = (*info.shape[: len(info.shape) - len(lengths)], *lengths)
        moved = dict(zip("ZYX", starts, strict=True))
        bare = tuple((axis, scale, place + moved.get(axis, 0) * scale) for axis, scale, place in info.bare_scales)
        return replace(info, shape=shape, origin_um=(origin[0], origin[1], origin[2]), bare_scales=bare)
