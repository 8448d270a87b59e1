"""What was corrected while it came: pixels that grow, a table, and notes from which a killed recording goes on."""

from __future__ import annotations

import bisect
import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ImagesInfo
from holdstill.errors import FileError, FileInTheWay, InputError
from holdstill.io import disk
from holdstill.io.damage import explain_damage
from holdstill.io.disk import explain_errors
from holdstill.io.joined_source import natural_key
from holdstill.io.json_files import read_json
from holdstill.io.workspace import Workspace
from holdstill.io.zarr.log import ZarrLog, create_logs

__all__ = ["Recorder", "stem_of"]

Row = list[str]


class Recorder:
    """Keeps frames under a name each: pixels first, then a row of the table, so that every row has its pixels.

    Beside the target, ``NAME.ome.zarr``, stand ``NAME.drift.csv``, a row for each frame, ``NAME.live.json``, what the
    recording was begun with, and ``NAME.reference.npy``. Killed at any moment it is gone on with by making it again:
    what has no row is written anew.

    Parameters
    ----------
    target : path
        An OME-Zarr.
    told : dict
        What the frames are corrected with, as plain values; it must be the same when it goes on.
    is_new : bool
        Refuse a target that exists.

    Raises
    ------
    FileError, InputError
        The target is in the way, was begun with something else, or is damaged.
    """

    def __init__(self, target: Path, told: dict[str, Any], *, is_new: bool = False) -> None:
        if target.suffix != ".zarr":
            raise InputError(f"{target}: what grows is an OME-Zarr; choose a name that ends with .ome.zarr")
        self._target, self._told = target, told
        stem = stem_of(target)
        self._notes_path, self._table_path, self._reference_path = (
            target.with_name(f"{stem}.{end}") for end in ("live.json", "drift.csv", "reference.npy")
        )
        self._workspace = Workspace(target)
        self._late_path = self._workspace.folder / "late.npz"
        self._workspace.__enter__()
        try:
            self._check(is_new)
            self._header, self._rows = self._read_table()
        except BaseException:
            self._workspace.close()
            raise
        self._logs: dict[str, ZarrLog] = {}
        self._waiting: list[Row] = []
        self._table: TextIO | None = None

    @property
    def names(self) -> list[str]:
        """Of the frames that have a row, in their order."""
        return [row[0] for row in self._rows]

    @property
    def reference(self) -> NDArray[Any] | None:
        """The image that frames were compared with from the first start on; None before it."""
        if not self._rows:
            return None
        with explain_damage(self._reference_path, remedy="begin anew with another name"):
            return np.asarray(np.load(self._reference_path, allow_pickle=False))

    def begin(
        self, infos: Mapping[str, ImagesInfo], columns: Sequence[str], reference: NDArray[Any] | None = None
    ) -> None:
        """Open what is there, or make it: images of these names (one alone may have none) and a table of these columns.

        `reference` is kept at the first start.
        """
        if not self._rows:
            with self._replacing(self._notes_path) as file:
                file.write(json.dumps(self._told).encode())
            if reference is not None:
                with self._replacing(self._reference_path) as file:
                    np.save(file, reference)
        if not self._target.exists():
            create_logs(self._target, infos, self._workspace.folder / "draft")
        self._logs = {
            name: ZarrLog(self._target / name, info, keep=len(self._rows)) for name, info in infos.items()
        }  # fmt: skip
        if any(len(log) < len(self._rows) for log in self._logs.values()):
            raise FileError(f"{self._target}: has fewer frames than {self._table_path}; begin anew with another name")
        self._open_table(["name", *columns])
        disk.remove(self._workspace.folder / "file.draft")
        self._restore_late()

    def add(self, name: str, values: Sequence[Any], images: Mapping[str, NDArray[Any]], *, by: str = "") -> None:
        """Keep one frame.

        Parameters
        ----------
        name : str
        values : sequence
            Its row, after the name.
        images : mapping of str to ndarray, (channels, [z,] y, x)
            One for each of the images.
        by : str
            The column, "name" or one of numbers, by which a frame that comes late takes its place; those behind it move
            on. By name 2 comes before 10.
        """
        row = [name, *map(str, values)]
        place = self._place(row, by) if by else len(self._rows)
        if place < len(self._rows):
            self.flush()
            self._put_aside(place)
            self._append(row, images)
            self._restore_late()
        else:
            self._append(row, images)

    def flush(self) -> None:
        """Wait until all frames and their rows are on the disk."""
        for log in self._logs.values():
            log.flush()
        self._write_rows()

    def close(self) -> None:
        """Write what is left; calling it twice does no harm."""
        logs, self._logs = self._logs, {}
        try:
            for log in logs.values():
                log.close()
        finally:
            if self._table is not None:
                self._write_rows(logs)
                self._table.close()
                self._table = None
            self._workspace.close()

    def _place(self, row: Row, by: str) -> int:
        number = self._header.index(by)

        def key(one: Row) -> Any:
            return natural_key(one[number]) if by == "name" else float(one[number])

        return bisect.bisect(self._rows, key(row), key=key)

    def _append(self, row: Row, images: Mapping[str, NDArray[Any]]) -> None:
        for name, log in self._logs.items():
            log.append(images[name])
        self._rows.append(row)
        self._waiting.append(row)
        self._write_rows()

    def _write_rows(self, logs: Mapping[str, ZarrLog] | None = None) -> None:
        """Rows of frames whose pixels are on the disk by now."""
        stored = min(log.n_stored for log in (logs or self._logs).values())
        n_ready = len(self._waiting) - (len(self._rows) - stored)
        if n_ready > 0 and self._table is not None:
            ready, self._waiting = self._waiting[:n_ready], self._waiting[n_ready:]
            with explain_errors(self._table_path):
                csv.writer(self._table).writerows(ready)
                self._table.flush()

    def _put_aside(self, place: int) -> None:
        """Frames from a place on go to a file of their own, whole before they leave the recording."""
        with self._replacing(self._late_path) as file:
            pixels = {f"pixels {name}": log.read(place, len(log)) for name, log in self._logs.items()}
            np.savez(file, allow_pickle=False, rows=np.array(self._rows[place:]), **pixels)
        self._rows = self._rows[:place]
        self._rewrite_table()
        for log in self._logs.values():
            log.truncate(place)

    def _restore_late(self) -> None:
        """What was put aside goes behind what came in between; rows that are there already stay."""
        if not self._late_path.exists():
            return
        with (
            explain_damage(self._late_path, remedy="begin anew with another name"),
            np.load(self._late_path, allow_pickle=False) as aside,
        ):
            rows = aside["rows"].tolist()
            pixels = {name: aside[f"pixels {name}"] for name in self._logs}
        known = set(self.names)
        for number, row in enumerate(rows):
            if row[0] not in known:
                self._append(row, {name: frames[number] for name, frames in pixels.items()})
        self.flush()
        self._late_path.unlink()

    def _check(self, is_new: bool) -> None:
        if is_new and self._target.exists():
            raise FileInTheWay(f"{self._target}: exists already; choose another name")
        if self._target.exists():
            if not self._notes_path.exists():
                raise FileInTheWay(f"{self._target}: exists already and was not begun here; choose another name")
            self._require_same()
        elif self._table_path.exists() and len(self._table_path.read_bytes().splitlines()) > 1:
            raise FileInTheWay(
                f"{self._table_path}: tells of frames whose {self._target.name} is gone; move it away, or choose "
                "another name"
            )

    def _require_same(self) -> None:
        before, now = read_json(self._notes_path, "is damaged"), json.loads(json.dumps(self._told))
        before = before if isinstance(before, dict) else {}
        different = sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
        if different:
            raise InputError(
                f"{self._notes_path}: was begun with another {', '.join(different)}; repeat it, or choose another name"
            )

    def _read_table(self) -> tuple[Row, list[Row]]:
        """Its header and rows; a row that was cut short by a kill does not count."""
        if not (self._target.exists() and self._table_path.exists()):
            return [], []
        content = self._table_path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        rows = list(csv.reader(io.StringIO(whole.decode("utf-8", "surrogateescape"), newline="")))
        return (rows[0], [row for row in rows[1:] if len(row) == len(rows[0])]) if rows else ([], [])

    def _open_table(self, header: Row) -> None:
        self._header = header
        self._rewrite_table()

    def _rewrite_table(self) -> None:
        """The table of the rows that count, whole or as it was; then it grows."""
        if self._table is not None:
            self._table.close()
        with self._replacing(self._table_path) as file:
            text = io.StringIO(newline="")
            csv.writer(text).writerows([self._header, *self._rows])
            file.write(text.getvalue().encode("utf-8", "surrogateescape"))
        with explain_errors(self._table_path):
            self._table = self._table_path.open("a", newline="", encoding="utf-8", errors="surrogateescape")

    @contextmanager
    def _replacing(self, path: Path) -> Iterator[BinaryIO]:
        """A file in the workspace that takes a name when all of it is on the disk; a kill leaves it there."""
        draft = self._workspace.folder / "file.draft"
        with explain_errors(path):
            with draft.open("wb") as file:
                yield file
            disk.sync_file(draft)
            disk.rename(draft, path)
            disk.sync_folder(path.parent)


def stem_of(target: Path) -> str:
    """Name of an OME-Zarr without its suffixes."""
    return target.name.removesuffix(".zarr").removesuffix(".ome")
