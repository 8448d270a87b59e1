"""Motion estimated on a binned or averaged copy, told of the frames as they are: for huge or very dark movies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Frames, ImagesInfo, Source
from holdstill.engines.plan import CHUNK_BYTES, binning_bytes
from holdstill.errors import InputError
from holdstill.io.blocks import check_range
from holdstill.io.view import SourceView
from holdstill.result.registration import Registration
from holdstill.transforms.motions.lines import LINES
from holdstill.transforms.motions.piecewise import LEAST_SPACING_PX, PIECEWISE
from holdstill.transforms.trajectory import Trajectory

__all__ = ["ReducedSource", "enlarge", "expand", "reduce_grid"]

LEAST_PX = 8


def reduce_grid(grid: float | tuple[float, ...], bin: int, motion: str) -> float | tuple[float, ...]:
    """Distances of control points in px of a copy binned by `bin`. Raises InputError where they are too near there."""
    if motion not in (PIECEWISE, LINES):
        return grid
    given = grid if isinstance(grid, tuple) else (grid,)
    reduced = tuple(distance / bin for distance in given)
    if min(reduced) < LEAST_SPACING_PX <= min(given):
        raise InputError(
            f"grid {grid} leaves control points {min(reduced):g} px apart on a copy binned by {bin}, where at least "
            f"{LEAST_SPACING_PX:g} are needed; take grid={LEAST_SPACING_PX * bin:g} or more, or a smaller bin"
        )
    return reduced if isinstance(grid, tuple) else reduced[0]


class ReducedSource(SourceView):
    """Frames binned along each spatial axis and averaged over time, float32, read when asked for.

    Parameters
    ----------
    source : Source
        Stays the caller's to close.
    bin : int
        Pixels along each spatial axis that become one.
    average : int
        Frames that become one.
    device : Device

    Raises
    ------
    InputError
        One of them is below 1, or leaves frames below 8 px or fewer than two frames.
    """

    def __init__(self, source: Source, *, bin: int, average: int, device: Device) -> None:
        info = source.info
        if not all(isinstance(number, int) and number >= 1 for number in (bin, average)):
            raise InputError(f"bin and average are whole numbers of 1 or more, not {bin!r} and {average!r}")
        shape = tuple(n // bin for n in info.frame_shape)
        n_frames = -(-info.n_frames // average)
        if min(shape[-2:]) < LEAST_PX or min(shape) < 1:
            raise InputError(f"{info.name}: binned by {bin}, frames of {info.frame_shape} px are too small; bin less")
        if n_frames < 2 <= average:
            raise InputError(f"{info.name}: averaged by {average}, {info.n_frames} frames are one; average fewer")
        super().__init__(source)
        self._bin, self._average, self._device = bin, average, device
        lengths = {"T": n_frames, "C": info.n_channels, **dict(zip("ZYX"[-len(shape) :], shape, strict=True))}
        self.info = replace(
            info, shape=tuple(lengths[axis] for axis in info.axes), dtype=np.dtype(np.float32), ome_xml="",
            times_s=_mean_times(info, average),
            frame_interval_s=None if info.frame_interval_s is None else info.frame_interval_s * average,
        )  # fmt: skip

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        check_range(self.info, start, stop, channel)
        n_channels = self.info.n_channels if channel is None else 1
        out = np.empty((stop - start, n_channels, *self.info.frame_shape), np.float32)
        for row, number in enumerate(range(start, stop)):
            out[row] = self._one(number, channel)
        return out

    def _one(self, number: int, channel: int | None) -> Frames:
        """One frame of the copy; of its frames so many at a time as fit into a chunk."""
        first = number * self._average
        last = min(first + self._average, self._source.info.n_frames)
        step = max(1, CHUNK_BYTES // self._source.info.frame_bytes)
        total: Frames | float = 0.0
        for start in range(first, last, step):
            frames = self._source.read(start, min(start + step, last), channel=channel)
            flat = frames.reshape(-1, *frames.shape[2:])
            binned = self._device.bin(flat, (self._bin,) * (flat.ndim - 1)) if self._bin > 1 else flat
            total = total + binned.reshape(*frames.shape[:2], *binned.shape[1:]).sum(axis=0, dtype=np.float64)
        return np.asarray(total / (last - first), np.float32)

    def reduce_image(self, image: Any) -> Any:
        """An image of the size of a frame binned alike; anything else as it is."""
        if not isinstance(image, np.ndarray) or image.shape != self._source.info.frame_shape or self._bin == 1:
            return image
        return self._device.bin(image[None].astype(np.float32), (self._bin,) * image.ndim)[0]

    def reduce_mask(self, mask: NDArray[np.bool_] | None) -> NDArray[np.bool_] | None:
        """A mask of the size of a frame binned alike: true where more than half of the pixels are."""
        reduced = self.reduce_image(mask)
        return reduced if reduced is mask else reduced > 0.5

    @property
    def block_bytes(self) -> int:
        return self._source.block_bytes + (binning_bytes(self._source.info) if self._bin > 1 else 0)

    def unreadable(self, start: int, stop: int) -> tuple[int, ...]:
        each = self._average
        return tuple(t for t in range(start, stop) if self._source.unreadable(t * each, (t + 1) * each))


def _mean_times(info: ImagesInfo, average: int) -> tuple[float, ...]:
    """When each frame of the copy was taken, s; empty where that is not known of each."""
    if len(info.times_s) != info.n_frames:
        return ()
    return tuple(float(np.mean(info.times_s[t : t + average])) for t in range(0, info.n_frames, average))


def expand(found: Registration, info: ImagesInfo, *, bin: int, average: int, anchor: int | None = None) -> Registration:
    """What was found on a reduced copy of images like `info`, for each of their frames.

    Between the middles of averaged frames transforms are interpolated in time, before the first and after the last they
    go on as they began and ended. `anchor` is the frame that does not move.
    """
    if bin > 1:
        found = found.change(lambda trajectory: enlarge(trajectory, bin, info.frame_shape))
    groups = [Chunk(t, min(t + average, info.n_frames)) for t in range(0, info.n_frames, average)]
    rows = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    middles = np.array([(group.start + group.stop - 1) / 2 for group in groups])
    trajectory = found.trajectory.interpolate(middles, np.arange(info.n_frames, dtype=np.float64), extend=True)
    parameters = trajectory.parameters
    raw = replace(found.trajectory, parameters=np.where(found.ok[:, None], found.estimates, found.parameters))
    raw = raw.interpolate(middles, np.arange(info.n_frames, dtype=np.float64), extend=True)
    each = replace(
        found,
        parameters=parameters,
        covariance=found.covariance.take(rows),
        bound=found.bound.take(rows),
        corner_errors=found.corner_errors[rows],
        scores=found.scores[rows],
        verdicts=tuple(found.verdicts[row] for row in rows),
        treatments=tuple(found.treatments[row] for row in rows),
        places=found.places if average == 1 else None,
        estimates=np.where(found.ok[rows, None], raw.parameters, found.estimates[rows]),
    )
    if anchor is not None:
        each = each.change(lambda trajectory: trajectory.relative_to(parameters[anchor]))
    return replace(
        each,
        frame_shape=info.frame_shape,
        frame_interval_s=info.frame_interval_s,
        times_s=info.times_s,
        pixel_size_um=info.pixel_size_um,
        template_image=None,
        provenance={**found.provenance, **_describe(info), "bin": bin, "average": average},
    )  # fmt: skip


def _describe(info: ImagesInfo) -> dict[str, Any]:
    return {"shape": list(info.shape), "dtype": str(info.dtype)}


def enlarge(trajectory: Trajectory, factor: int, shape: tuple[int, ...]) -> Trajectory:
    """The transforms of frames of which these are binned copies."""
    factors = np.full(len(shape), float(factor))
    # a frame's last pixels may be left out of its copy
    offset = (np.array(trajectory.shape) * factor - np.array(shape)) / 2
    return trajectory.rescale(1 / factors, -offset / factors, shape)
