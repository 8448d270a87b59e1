"""Correct what a microscope writes while it writes it, over restarts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ImagesInfo, Verdict
from holdstill.errors import FileError, InputError, UnknownName
from holdstill.io.image import read_image
from holdstill.io.inputs import check_apart
from holdstill.io.zarr.source import ZarrSource
from holdstill.live.folder import Arrival, arriving
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
    channel: int = 0,
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
    channel : int
        The registration channel.
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
        self, recorder: Recorder, target: Path, channel: int, reference: Any, order: str, options: TrackingOptions
    ) -> None:
        self._recorder, self._target, self._channel = recorder, target, channel
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
            tracked = tracker.update(arrival.frame[self._channel])
            others = [
                tracked.image if number == self._channel else tracker.apply(tracked, pixels)
                for number, pixels in enumerate(arrival.frame)
            ]
            image = np.stack(others)
        values = [tracked.score, tracked.verdict.value, *tracked.parameters, *tracked.error]
        values += [repr(arrival.time_s)] if self._order == ORDERS["time"] else []
        self._recorder.add(arrival.name, values, {"": image}, by=self._order)
        self._recorder.flush()
        return tracked

    def close(self) -> None:
        self._recorder.close()
        if self._tracker is not None:
            self._tracker.close()

    def _begin(self, arrival: Arrival) -> Tracker:
        """The tracker, made with the first frame ever: what came before a restart says what frames are."""
        first = _read_first(self._target) if self.done else arrival.frame
        if first is None:
            raise FileError(f"{arrival.name}: the first image cannot be read; move it away")
        if not 0 <= self._channel < len(first):
            raise InputError(f"{self._target}: there is no channel {self._channel}; there are {len(first)}")
        image = self._reference
        if self.done:
            image = self._recorder.reference
        elif isinstance(image, str | Path):
            image = read_image(image)
        image = first[self._channel] if image is None else np.asarray(image)
        tracker = Tracker.of(image, self._options)
        tracker.begin(first[self._channel])
        errors = [f"error_{axis}_px" for axis in "zyx"[-(first.ndim - 1) :]]
        info = _info(first, self._options.pixel_size_um)
        times = [self._order] if self._order == ORDERS["time"] else []
        self._recorder.begin({"": info}, ["score", "verdict", *tracker.parameter_names, *errors, *times], image)
        self._tracker, self._kind = tracker, (first.shape, first.dtype)
        return tracker


def _read_first(target: Path) -> NDArray[Any]:
    """The first frame of a recording, (channels, [z,] y, x)."""
    with ZarrSource(target) as source:
        return np.asarray(source.read(0, 1)[0])


def _describe(reference: Any) -> str:
    if isinstance(reference, np.ndarray):
        return hashlib.sha256(np.ascontiguousarray(reference).tobytes()).hexdigest()
    return "first" if reference is None else str(Path(reference).resolve())


def _info(frame: NDArray[Any], pixel_size_um: PixelSize) -> ImagesInfo:
    axes = "T" + ("C" if len(frame) > 1 else "") + ("ZYX" if frame.ndim == 4 else "YX")
    info = ImagesInfo(
        name="live", axes=axes, shape=(0, *(frame.shape if len(frame) > 1 else frame.shape[1:])), dtype=frame.dtype
    )
    if pixel_size_um is None:
        return info
    sizes = np.broadcast_to(pixel_size_um, (info.ndim,)).tolist()
    return replace(info, pixel_size_um=(None, *sizes) if len(sizes) == 2 else tuple(sizes))
