"""Correct what a microscope writes while it writes it, over restarts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Frames, ImagesInfo, Verdict
from holdstill.errors import FileError, InputError, UnknownName
from holdstill.io.colours import see_image
from holdstill.io.image import read_image
from holdstill.io.inputs import check_apart
from holdstill.io.zarr.source import ZarrSource
from holdstill.live.folder import Arrival, arriving
from holdstill.live.frames import are_colours, describe_frames
from holdstill.live.options import PixelSize, TrackingOptions
from holdstill.live.recorder import Recorder
from holdstill.live.tracker import TrackedFrame, Tracker

__all__ = ["watch"]

USUAL = TrackingOptions()
ORDERS = {"name": "name", "time": "time_s"}  # and the column that says the place


def watch(
    folder: str | Path,
    target: str | Path,
    *,
    reference: NDArray[Any] | str | Path | None = None,
    channel: int | None = None,
    idle_s: float | None = None,
    tick: Callable[[], None] = lambda: None,
    order: str = "name",
    options: TrackingOptions = USUAL,
) -> Generator[tuple[str, TrackedFrame]]:
    """Correct frames as they arrive in a folder or at the end of a Zarr, into an OME-Zarr that grows.

    What was corrected before is known from the target and the table beside it, ``NAME.drift.csv``: after a restart it
    goes on with the next frame, and with the same reference, ``NAME.reference.npy``.

    Parameters
    ----------
    folder : path
        Into which images are written, or an OME-Zarr.
    target : path
        An OME-Zarr; made, or gone on with.
    reference : ndarray or path, optional
        What frames are compared with. Default: the first frame.
    channel : int, optional
        The registration channel. Default: the first; of pictures in colours the mean of them.
    idle_s : float, optional
        Stop when nothing came for so long, s. Default: never.
    tick : callable
        Called at each look.
    order : {"name", "time"}
        What says the place of a frame that comes late: its name, 2 before 10, or when it was taken, as its OME-XML, its
        TIFF or its file says. Times stand in the table then, ``time_s``, s since 1970.
    options : TrackingOptions
        How frames are tracked.

    Yields
    ------
    name : str
        Of the frame.
    tracked : TrackedFrame

    Raises
    ------
    HoldstillError
        There is no such folder, or the target holds other images.
    """
    if order not in ORDERS:
        raise UnknownName(f"order {order!r} is not known; choose one of {', '.join(ORDERS)}")
    folder, target = Path(folder), Path(target)
    check_apart([target], [folder])
    told = {"folder": str(folder.resolve()), "channel": channel, "reference": _describe(reference)}
    told |= options.describe() | ({} if order == "name" else {"order": order})
    session = _Session(Recorder(target, told), target, channel, reference, order, options)
    try:
        for arrival in arriving(folder, done=session.done, idle_s=idle_s, tick=tick, by_time=order == "time"):
            yield arrival.name, session.add(arrival)
    finally:
        session.close()


class _Session:
    """A recording and its tracker, of this start or an earlier one."""

    def __init__(
        self,
        recorder: Recorder,
        target: Path,
        channel: int | None,
        reference: Any,
        order: str,
        options: TrackingOptions,
    ) -> None:
        self._recorder, self._target = recorder, target
        self._channel, self._sees_colours = channel or 0, channel is None
        self._reference, self._order, self._options = reference, ORDERS[order], options
        self.done = recorder.names
        self._tracker: Tracker | None = None
        self._kind: tuple[tuple[int, ...], np.dtype[Any]] | None = None

    def add(self, arrival: Arrival) -> TrackedFrame:
        """Correct and keep one frame; one that cannot be read, or is of another size or dtype, is blank and marked."""
        tracker = self._tracker or self._begin(arrival)
        shape, dtype = self._kind or ((), None)
        if arrival.frame is None or (arrival.frame.shape, arrival.frame.dtype) != self._kind:
            tracked = tracker.skip(Verdict.UNREADABLE if arrival.frame is None else Verdict.MISMATCH)
            image = np.zeros(shape, dtype)
        else:
            tracked = tracker.update(self._see(arrival.frame))
            image = self._correct(tracker, tracked, arrival.frame)
        values = [tracked.score, tracked.verdict.value, *tracked.parameters, *tracked.error]
        values += [repr(arrival.time_s)] if self._order == ORDERS["time"] else []
        self._recorder.add(arrival.name, values, {"": image}, by=self._order)
        self._recorder.flush()
        return tracked

    def _see(self, frame: Frames) -> Frames:
        """What is tracked of a frame, (channels, [z,] y, x): its colours, (y, x, channels), or one channel."""
        return np.moveaxis(frame, 0, -1) if self._sees_colours else frame[self._channel]

    def _correct(self, tracker: Tracker, tracked: TrackedFrame, frame: Frames) -> Frames:
        """All channels of a frame."""
        if self._sees_colours:
            return np.moveaxis(tracked.image, -1, 0)
        taken = self._channel
        still = [tracked.image if n == taken else tracker.apply(tracked, pixels) for n, pixels in enumerate(frame)]
        return np.stack(still)

    def close(self) -> None:
        self._recorder.close()
        if self._tracker is not None:
            self._tracker.close()

    def _begin(self, arrival: Arrival) -> Tracker:
        """The tracker, made with the first frame ever: what came before a restart says what frames are."""
        first, is_coloured = _read_first(self._target) if self.done else (arrival.frame, arrival.is_coloured)
        if first is None:
            raise FileError(f"{arrival.name}: the first image cannot be read; move it away")
        if not 0 <= self._channel < len(first):
            raise InputError(f"{self._target}: there is no channel {self._channel}; there are {len(first)}")
        self._sees_colours = self._sees_colours and is_coloured
        image = self._reference
        if self.done:
            image = self._recorder.reference
        elif isinstance(image, str | Path):
            image = read_image(image, coloured=True)
        named = self._channel if is_coloured and not self._sees_colours else None
        image = see_image(self._see(first) if image is None else np.asarray(image), named)
        tracker = Tracker.of(image, self._options)
        tracker.begin(self._see(first))
        errors = [f"error_{axis}_px" for axis in "zyx"[-(first.ndim - 1) :]]
        info = _size(describe_frames(first.shape, first.dtype, are_colours=is_coloured), self._options.pixel_size_um)
        times = [self._order] if self._order == ORDERS["time"] else []
        self._recorder.begin({"": info}, ["score", "verdict", *tracker.parameter_names, *errors, *times], image)
        self._tracker, self._kind = tracker, (first.shape, first.dtype)
        return tracker


def _read_first(target: Path) -> tuple[NDArray[Any], bool]:
    """The first frame of a recording, (channels, [z,] y, x), and whether its channels are colours."""
    with ZarrSource(target) as source:
        return np.asarray(source.read(0, 1)[0]), are_colours(source.info)


def _describe(reference: Any) -> str:
    if isinstance(reference, np.ndarray):
        return hashlib.sha256(np.ascontiguousarray(reference).tobytes()).hexdigest()
    return "first" if reference is None else str(Path(reference).resolve())


def _size(info: ImagesInfo, pixel_size_um: PixelSize) -> ImagesInfo:
    if pixel_size_um is None:
        return info
    sizes = np.broadcast_to(pixel_size_um, (info.ndim,)).tolist()
    return replace(info, pixel_size_um=(None, *sizes) if len(sizes) == 2 else tuple(sizes))
