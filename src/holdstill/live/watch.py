"""Correct what a microscope writes while it writes it, over restarts."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ImagesInfo
from holdstill.errors import FileError, FileInTheWay, InputError
from holdstill.io.image import read_image
from holdstill.io.inputs import check_apart
from holdstill.io.workspace import Workspace
from holdstill.io.zarr.log import ZarrLog
from holdstill.live.folder import Arrival, arriving
from holdstill.live.tracker import TrackedFrame, Tracker
from holdstill.result.files import write_json

__all__ = ["watch"]

FREE = ("on_shift", "device")  # what changes no pixel
COLUMNS = ("name", "score", "verdict")


def watch(
    folder: str | Path,
    target: str | Path,
    *,
    reference: NDArray[Any] | str | Path | None = None,
    channel: int = 0,
    idle_s: float | None = None,
    tick: Callable[[], None] = lambda: None,
    **options: Any,
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
    **options
        ``motion, method, mask, max_shift, device, interpolation, edge, fill, follow, pixel_size_um, on_shift`` as for
        `holdstill.Tracker`.

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
    folder, target = Path(folder), Path(target)
    check_apart([target], [folder])
    if not target.absolute().parent.is_dir():
        raise FileError(f"{target}: there is no folder {target.absolute().parent}; make it first")
    if target.suffix != ".zarr":
        raise InputError(f"{target}: what grows is an OME-Zarr; choose a name that ends with .ome.zarr")
    stem = target.name.removesuffix(".zarr").removesuffix(".ome")
    told = {"folder": str(folder.resolve()), "channel": channel, "reference": _describe(reference)}
    told |= {name: repr(value) for name, value in options.items() if name not in FREE}
    with Workspace(target):
        session = _Session(target, target.with_name(f"{stem}.live.json"), told)
        try:
            for arrival in arriving(folder, done=session.done, idle_s=idle_s, tick=tick):
                if arrival.frame is not None:
                    session.begin(arrival.frame, reference, channel, options)
                yield arrival.name, session.add(arrival, channel)
        finally:
            session.close()


class _Session:
    """A target, its table and its tracker, of this start or an earlier one."""

    def __init__(self, target: Path, notes: Path, told: dict[str, Any]) -> None:
        stem = notes.name.removesuffix(".live.json")
        self._target, self._notes_path, self._told = target, notes, told
        self._table_path = target.with_name(f"{stem}.drift.csv")
        self._reference_path = target.with_name(f"{stem}.reference.npy")
        if target.exists():
            if not (notes.exists() and self._table_path.exists() and self._reference_path.exists()):
                raise FileInTheWay(f"{target}: exists already and was not begun here; choose another name")
            _require_same(notes, told)
        elif self._table_path.exists() and self._table_path.stat().st_size:
            raise FileInTheWay(
                f"{self._table_path}: tells of frames whose {target.name} is gone; move it away, or choose another name"
            )
        self.done = _whole_rows(self._table_path) if target.exists() else []
        self._tracker: Tracker | None = None
        self._log: ZarrLog | None = None
        self._table: TextIO | None = None
        self._n_channels = 1

    def begin(self, frame: NDArray[Any], reference: Any, channel: int, options: dict[str, Any]) -> None:
        """Make ready with the first frame of this start."""
        if self._tracker is not None:
            return
        if not 0 <= channel < len(frame):
            raise InputError(f"{self._target}: there is no channel {channel}; there are {len(frame)}")
        if not self.done:
            image = read_image(reference) if isinstance(reference, str | Path) else reference
            np.save(self._reference_path, frame[channel] if image is None else image)
            write_json(self._notes_path, self._told)
        self._tracker = Tracker(np.load(self._reference_path), **options)
        self._table = self._table_path.open("a", newline="", encoding="utf-8")  # so that a target has its table
        self._log = ZarrLog(self._target, _info(frame, options.get("pixel_size_um")), keep=len(self.done))
        kept = self.done[: len(self._log)]
        if len(kept) < len(self.done):  # the table was ahead of the pixels: those frames come again
            raise FileError(f"{self._target}: has fewer frames than {self._table_path}; begin anew with another name")

    def add(self, arrival: Arrival, channel: int) -> TrackedFrame:
        """Correct and keep one frame: pixels first, then its row."""
        if self._tracker is None or self._log is None or self._table is None:
            raise FileError(f"{arrival.name}: the first image cannot be read; move it away")
        if arrival.frame is None:
            tracked = self._tracker.skip()
            image = np.zeros((self._n_channels, *tracked.image.shape), tracked.image.dtype)
        else:
            self._n_channels = len(arrival.frame)
            tracked = self._tracker.update(arrival.frame[channel])
            others = [
                tracked.image if number == channel else self._tracker.apply(tracked, pixels)
                for number, pixels in enumerate(arrival.frame)
            ]
            image = np.stack(others)
        self._log.append(image)
        self._log.flush()
        writer = csv.writer(self._table)
        if self._table.tell() == 0:
            errors = [f"error_{axis}_px" for axis in "zyx"[-len(tracked.error) :]]
            writer.writerow([*COLUMNS, *self._tracker.parameter_names, *errors])
        writer.writerow([arrival.name, tracked.score, tracked.verdict.value, *tracked.parameters, *tracked.error])
        self._table.flush()
        return tracked

    def close(self) -> None:
        if self._table is not None:
            self._table.close()
        if self._log is not None:
            self._log.close()
        if self._tracker is not None:
            self._tracker.close()


def _describe(reference: Any) -> str:
    if isinstance(reference, np.ndarray):
        return hashlib.sha256(np.ascontiguousarray(reference).tobytes()).hexdigest()
    return "first" if reference is None else str(Path(reference).resolve())


def _require_same(notes: Path, told: dict[str, Any]) -> None:
    try:
        before = json.loads(notes.read_text(encoding="utf-8"))
    except ValueError as error:
        raise FileError(f"{notes}: is damaged ({error}); begin anew with another name") from error
    now = json.loads(json.dumps(told))
    different = sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
    if different:
        raise InputError(f"{notes}: was begun with another {', '.join(different)}; repeat it, or choose another name")


def _whole_rows(table: Path) -> list[str]:
    """Names of the frames in a table; a row that was cut short is taken out of it."""
    content = table.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    rows = list(csv.reader(whole.decode("utf-8", "replace").splitlines()))
    if len(whole) < len(content):
        table.write_bytes(whole)
    return [row[0] for row in rows[1:] if len(row) == len(rows[0])]


def _info(frame: NDArray[Any], pixel_size_um: Any) -> ImagesInfo:
    axes = "T" + ("C" if len(frame) > 1 else "") + ("ZYX" if frame.ndim == 4 else "YX")
    info = ImagesInfo(
        name="live", axes=axes, shape=(0, *(frame.shape if len(frame) > 1 else frame.shape[1:])), dtype=frame.dtype
    )
    if pixel_size_um is None:
        return info
    sizes = np.broadcast_to(pixel_size_um, (info.ndim,)).tolist()
    return replace(info, pixel_size_um=(None, *sizes) if len(sizes) == 2 else tuple(sizes))
