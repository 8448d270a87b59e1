"""What an interrupted job knew: kept beside its target, so that it can go on where it was, with identical bytes.

A line is added to the journal when a chunk's transforms are known, and one when its pixels are written; the last line
may be cut short by whatever ended the job, and is then done again.
"""

from __future__ import annotations

import base64
import json
import os
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Estimates, Source
from holdstill.errors import FileError, FileInTheWay, InputError
from holdstill.io.disk import explain_errors
from holdstill.io.inputs import fingerprint, input_paths
from holdstill.io.workspace import Workspace
from holdstill.run.options import CorrectingOptions

__all__ = ["Checkpoint", "describe_job", "rechunk"]

Value = TypeVar("Value")

AGAIN = "start again with --overwrite in place of --resume"


class Checkpoint:
    """A folder with the journal of one job.

    Parameters
    ----------
    workspace : Workspace
        Open: this process alone uses it.
    job : dict
        All that decides the result: input, options, version. Plain JSON values.
    resume : bool
        Go on with what the workspace holds.
    overwrite : bool
        Else begin anew, even if it holds something worth going on with.

    Raises
    ------
    InputError
        The workspace holds another job; the text names what differs.
    FileInTheWay
        It holds what an interrupted run has done, and neither `resume` nor `overwrite` was asked for.
    FileError
        The workspace cannot be written.
    """

    def __init__(self, workspace: Workspace, job: dict[str, Any], *, resume: bool, overwrite: bool = False) -> None:
        self._workspace, self.folder = workspace, workspace.folder
        folder = self.folder
        self._lock = threading.Lock()
        self.estimates: dict[Chunk, Estimates] = {}
        self.written: dict[Chunk, int] = {}
        self.resumed = resume and (folder / "job.json").exists()
        with explain_errors(folder):
            if self.resumed:
                try:
                    different = self._find_differences(job)
                    self._recall()
                except (KeyError, TypeError, ValueError) as error:
                    raise FileError(
                        f"{folder}: what was kept of the interrupted job is damaged ({error}); {AGAIN}"
                    ) from error
                if different:
                    raise InputError(
                        f"{folder}: the interrupted job differs in {', '.join(different)}; repeat its options, or "
                        f"{AGAIN}"
                    )
            else:
                if not overwrite:
                    self._refuse_to_forget()
                workspace.clear()
                (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")

    def add_estimates(self, chunk: Chunk, estimates: Estimates) -> None:
        """Note the transforms of a chunk."""
        packed = {name: _pack(array) for name, array in estimates.pack().items()}
        self._add({"chunk": [chunk.start, chunk.stop], "estimates": packed})
        self.estimates[chunk] = estimates

    def add_written(self, chunk: Chunk, clamped: int) -> None:
        """Note that a chunk's pixels are in the target."""
        self._add({"written": [chunk.start, chunk.stop], "clamped": clamped})
        self.written[chunk] = clamped

    def save(self, name: str, arrays: dict[str, NDArray[Any]]) -> None:
        """Keep arrays under a name, whole or not at all."""
        part = self.folder / f"{name}.part"
        with open(part, "wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        os.replace(part, self.folder / f"{name}.npz")

    def load(self, name: str) -> dict[str, NDArray[Any]] | None:
        """What `save` kept, or None."""
        path = self.folder / f"{name}.npz"
        if not path.exists():
            return None
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return dict(arrays)
        except (EOFError, ValueError, zipfile.BadZipFile, zlib.error) as error:
            raise FileError(f"{path}: is damaged ({error}); {AGAIN}") from error

    @property
    def is_worth_keeping(self) -> bool:
        """Whether anything is noted that took time to find."""
        return bool(self.estimates) or (self.folder / "learned.npz").exists()

    def note_finishing(self) -> None:
        """Note that results are given their names from now on: those that exist are this job's own."""
        (self.folder / "finishing").touch()

    @staticmethod
    def was_finishing(folder: Path) -> bool:
        """Whether the job of that folder had begun to give results their names."""
        return (folder / "finishing").exists()

    def remove(self) -> None:
        """The job is done: nothing is to be resumed."""
        self._workspace.clear()

    def _refuse_to_forget(self) -> None:
        """Raise FileInTheWay where an interrupted run left something that took time."""
        path = self.folder / "journal.jsonl"
        if not (path.exists() and path.stat().st_size) and not (self.folder / "learned.npz").exists():
            return
        done = self._tell_share()
        raise FileInTheWay(
            f"{self._workspace.target}: {done} is done by a run that was interrupted; --resume (resume=True) goes on, "
            "--overwrite (overwrite=True) starts again"
        )

    def _tell_share(self) -> str:
        """How much of the interrupted job is done, in per cent."""
        try:
            job = json.loads((self.folder / "job.json").read_text(encoding="utf-8"))
            n_frames = dict(zip(job["axes"], job["shape"], strict=True)).get("T", 1)
            self._recall()
        except (OSError, KeyError, TypeError, ValueError):
            return "part of it"
        known, self.estimates, self.written = {*self.estimates, *self.written}, {}, {}
        return f"{100 * sum(map(len, known)) // n_frames} %"

    def _add(self, line: dict[str, Any]) -> None:
        with self._lock, open(self.folder / "journal.jsonl", "a", encoding="utf-8") as journal:
            journal.write(json.dumps(line) + "\n")

    def _find_differences(self, job: dict[str, Any]) -> list[str]:
        before = json.loads((self.folder / "job.json").read_text(encoding="utf-8"))
        now = json.loads(json.dumps(job))
        return sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))

    def _recall(self) -> None:
        path = self.folder / "journal.jsonl"
        if not path.exists():
            return
        text = path.read_text(encoding="utf-8")
        whole = text[: text.rfind("\n") + 1]
        for line in map(json.loads, whole.splitlines()):
            if "chunk" in line:
                arrays = {name: _unpack(packed) for name, packed in line["estimates"].items()}
                self.estimates[Chunk(*line["chunk"])] = Estimates.unpack(arrays)
            else:
                self.written[Chunk(*line["written"])] = line["clamped"]
        path.write_text(whole, encoding="utf-8")


def rechunk(
    known: dict[Chunk, Value], chunks: Iterable[Chunk], join: Callable[[list[Value]], Value]
) -> dict[Chunk, Value]:
    """What is known of chunks, told of others as far as they are made of whole ones: engines cut differently."""
    by_start: dict[int, Chunk] = {chunk.start: chunk for chunk in sorted(known, key=len, reverse=True)}
    found = {}
    for chunk in chunks:
        parts, at = [], chunk.start
        if chunk in known:
            parts, at = [chunk], chunk.stop
        while at < chunk.stop and at in by_start:
            parts.append(by_start[at])
            at = by_start[at].stop
        if at == chunk.stop:
            found[chunk] = join([known[part] for part in parts])
    return found


def describe_job(source: Source, options: CorrectingOptions) -> dict[str, Any]:
    """All that decides the result of correcting a file, as plain values; what only decides how fast is left out."""
    info = source.info
    job: dict[str, Any] = {"input": info.name, "axes": info.axes, "shape": list(info.shape), "dtype": str(info.dtype)}
    job["input files"] = fingerprint(source.files)
    for name in ("mask", "reference"):
        job[f"{name} file"] = fingerprint(input_paths(getattr(options.registering, name)))
    for part in (options.reading, options.registering, options.resampling, options.writing):
        job |= part.describe()
    return {**job, "version": version("holdstill")}


def _pack(array: NDArray[Any]) -> list[Any]:
    """Type, shape and bytes: bit for bit."""
    data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
    return [array.dtype.str, list(array.shape), data]


def _unpack(packed: list[Any]) -> NDArray[Any]:
    dtype, shape, data = packed
    return np.frombuffer(base64.b64decode(data), dtype).reshape(shape).copy()
