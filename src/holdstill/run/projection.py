"""Motion of volumes estimated on their projections along z: for stacks of planes that only move sideways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from holdstill.contracts import Frames, ImagesInfo, Source
from holdstill.errors import InputError
from holdstill.io.view import SourceView
from holdstill.result.registration import Registration

__all__ = ["ProjectedSource", "lift"]

PROJECTIONS: dict[str, Callable[..., Frames]] = {"max": np.fmax.reduce, "mean": np.nanmean}


class ProjectedSource(SourceView):
    """Volumes as planes: the maximum or the mean along z, read when asked for.

    Parameters
    ----------
    source : Source
        Stays the caller's to close.
    kind : {"max", "mean"}
        The mean comes as float32.

    Raises
    ------
    InputError
        There is no such projection, or the images are no volumes.
    """

    def __init__(self, source: Source, kind: str) -> None:
        info = source.info
        if kind not in PROJECTIONS:
            raise InputError(f"project={kind!r} is unknown; choose max or mean")
        if "Z" not in info.axes:
            raise InputError(f"{info.name}: has no z axis to project along (axes {info.axes}); leave out project")
        super().__init__(source)
        self._kind = kind
        kept = [(axis, n) for axis, n in zip(info.axes, info.shape, strict=True) if axis != "Z"]
        self.info = replace(
            info, axes="".join(axis for axis, _ in kept), shape=tuple(n for _, n in kept),
            dtype=info.dtype if kind == "max" else np.dtype(np.float32),
        )  # fmt: skip

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        frames = self._source.read(start, stop, channel=channel)
        return np.ascontiguousarray(PROJECTIONS[self._kind](frames, axis=2), self.info.dtype)


def lift(found: Registration, info: ImagesInfo, kind: str) -> Registration:
    """What was found on projections of volumes like `info`, for the volumes: all planes move alike, none along z.

    What cannot be seen in a projection has the error 0. A similarity becomes an affine motion, since z keeps its scale.
    """
    return replace(
        found.change(lambda trajectory: trajectory.lift(info.frame_shape)),
        pixel_size_um=info.pixel_size_um,
        provenance={
            **found.provenance, "axes": info.axes, "shape": list(info.shape), "dtype": str(info.dtype), "project": kind
        },
    )  # fmt: skip
