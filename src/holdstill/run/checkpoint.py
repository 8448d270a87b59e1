"""The one book of what a run has done: in memory and, given a workspace, on the disk, so that it can go on there.

On the disk it is a file of lines. The first tells the version and the job; then comes a line when a chunk's transforms
are known, one when its pixels are on the disk, one when the reference was learned. Each line carries a checksum of its
own, so that one that a power cut tore is noticed, and ends what is believed. Lines are written in groups by a thread of
its own, after what they promise has reached the disk: they may come late, and never too early.
"""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from io import FileIO
from typing import Any, TypeVar

from numpy.typing import NDArray

from holdstill.contracts import Chunk, Estimates, Sink
from holdstill.errors import FileError, FileInTheWay, InputError
from holdstill.io import disk
from holdstill.io.workspace import Workspace
from holdstill.run.job import explain_differences
from holdstill.run.journal import pack_estimates, read_arrays, read_lines, to_bytes, unpack_estimates, write_arrays

__all__ = ["Book", "keep_book", "rechunk"]

Value = TypeVar("Value")

VERSION = 3
FILE, OLD_FILE = "book.jsonl", "job.json"
# what was learned is in the one that the last line about it names; the other may be written meanwhile
LEARNED = ("learned.npz", "learned-next.npz")
# a group of lines at least so long after the last one, and twice as long as that took: on a slow disk groups are larger
GROUP_S, SHARE = 1.0, 2.0
AGAIN = "start again with --overwrite in place of --resume"


class Book:
    """Transforms of chunks, and which of them are written.

    Parameters
    ----------
    workspace : Workspace, optional
        Open: this process alone uses it. Without one nothing is kept.
    job : dict
        All that decides the result: input, options, version. Plain JSON values.
    resume : bool
        Go on with what the workspace holds.
    overwrite : bool
        Else begin anew, even if it holds something worth going on with.

    Attributes
    ----------
    estimates : dict of Chunk to Estimates
    written : dict of Chunk to int
        How many pixels were clamped; of chunks that are in the target.

    Raises
    ------
    InputError
        The workspace holds another job; the text names what differs.
    FileInTheWay
        It holds what an interrupted run has done, and neither `resume` nor `overwrite` was asked for.
    FileError
        The workspace cannot be written, or is of another version.
    """

    def __init__(
        self,
        workspace: Workspace | None = None,
        job: dict[str, Any] | None = None,
        *,
        resume: bool = False,
        overwrite: bool = False,
    ) -> None:
        self._workspace = workspace
        self._is_worthy = self._is_broken = False
        self.estimates: dict[Chunk, Estimates] = {}
        self.written: dict[Chunk, int] = {}
        self._sums: dict[Chunk, int] = {}
        self._learned: tuple[str, int] | None = None  # file and checksum
        self._lines: list[dict[str, Any]] = []  # to be written
        self._pixels: list[tuple[Chunk, int]] = []  # the same, once they are on the disk
        self._lock, self._committing = threading.Lock(), threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="holdstill-book")
        self._last: Future[None] | None = None
        self._due = 0.0
        self._sink: Sink | None = None
        if workspace is None:
            return
        with disk.explain_errors(workspace.folder):
            head = {"version": VERSION, "job": json.loads(json.dumps(job))}
            lines = self._read(head["job"], resume=resume, overwrite=overwrite)
            if lines is None:
                workspace.clear()
                lines = [head]
            self._begin(lines)

    @property
    def _is_kept(self) -> bool:
        return self._workspace is not None

    @property
    def is_worth_keeping(self) -> bool:
        """Whether anything is noted that took time to find."""
        return self._is_worthy

    @contextmanager
    def open_for(self, sink: Sink | None, chunks: Sequence[Chunk]) -> Iterator[None]:
        """While the block runs, notes what is done for a target, in `chunks`; what was done in others is told of these.

        Pixels that were written before are verified, and forgotten where they are damaged.
        """
        self._sink = sink
        if self._is_kept:
            whole = {}
            for chunk, clamped in self.written.items():
                if sink is not None and sink.recall(chunk.start, chunk.stop, self._sums[chunk]):
                    whole[chunk] = clamped
            self.written = rechunk(whole, chunks, sum)
            self.estimates |= rechunk(self.estimates, chunks, Estimates.join)
        try:
            yield
        finally:
            if self._last is not None:
                wait([self._last])
            self.commit()
            self._sink = None
        if self._last is not None:
            self._last.result()  # what a disk once refused is lost, even if it takes the rest

    def add(self, chunk: Chunk, estimates: Estimates) -> None:
        """Note the transforms of a chunk."""
        is_new = chunk not in self.estimates
        self.estimates[chunk], self._is_worthy = estimates, True
        if is_new and self._is_kept:
            with self._lock:
                self._lines.append({"chunk": [chunk.start, chunk.stop], **pack_estimates(estimates)})
            self._commit_in_time()

    def add_written(self, chunk: Chunk, clamped: int) -> None:
        """Note that a chunk is in the target."""
        if self._sink is not None:
            self._sink.mark(chunk.start, chunk.stop)
        self.written[chunk] = clamped
        if self._is_kept:
            with self._lock:
                self._pixels.append((chunk, clamped))
            self._commit_in_time()

    def save_learned(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Keep what was learned so far, in place of what was kept before, which stays until this is on the disk."""
        if self._workspace is None:
            return
        name = next(name for name in LEARNED if self._learned is None or name != self._learned[0])
        path = self._workspace.folder / name
        with disk.explain_errors(path):
            checksum = write_arrays(path, arrays)
        self._learned, self._is_worthy = (name, checksum), True
        with self._lock:
            self._lines.append({"learned": checksum, "file": name})
        self.commit()

    def load_learned(self) -> dict[str, NDArray[Any]] | None:
        """What `save_learned` kept, or None. Raises FileError where it is damaged."""
        if self._workspace is None or self._learned is None:
            return None
        name, checksum = self._learned
        return read_arrays(self._workspace.folder / name, checksum)

    def commit(self) -> None:
        """Bring to the disk what was done so far, and then the lines that promise it."""
        with self._committing:
            if self._workspace is None or self._is_broken:
                return
            self._is_broken = True  # if a disk once failed, it is not to be believed any more
            with self._lock:
                lines, self._lines = self._lines, []
            lines += self._sync_pixels()
            if lines:
                self._workspace.check()
                self._append(lines)
            self._is_broken = False

    def _sync_pixels(self) -> list[dict[str, Any]]:
        """Lines of chunks that are on the disk now; those that wait for the rest of a block stay pending."""
        with self._lock:
            pixels, self._pixels = self._pixels, []
        if self._sink is None or not pixels:
            return []
        sums = {chunk: self._sink.checksum(chunk.start, chunk.stop) for chunk, _ in pixels}
        self._sink.sync()
        with self._lock:
            self._pixels += [(chunk, clamped) for chunk, clamped in pixels if sums[chunk] is None]
        return [
            {"written": [chunk.start, chunk.stop], "clamped": clamped, "checksum": sums[chunk]}
            for chunk, clamped in pixels
            if sums[chunk] is not None
        ]

    def close(self) -> None:
        """Wait for the last group of lines."""
        self._thread.shutdown(wait=True)

    def _commit_in_time(self) -> None:
        if self._last is not None and self._last.done():
            self._last.result()  # raises what went wrong
        if time.monotonic() >= self._due and (self._last is None or self._last.done()):
            self._due = float("inf")
            self._last = self._thread.submit(self._commit_group)

    def _commit_group(self) -> None:
        began = time.monotonic()
        self.commit()
        ended = time.monotonic()
        self._due = ended + max(GROUP_S, SHARE * (ended - began))

    def _begin(self, lines: list[dict[str, Any]]) -> None:
        """Write a book with these lines in place of the one that is there, of which the rest may be torn."""
        assert self._workspace is not None
        path = self._workspace.folder / FILE
        disk.write_file(path, b"".join(map(to_bytes, lines)), synced=True)

    def _append(self, lines: list[dict[str, Any]]) -> None:
        assert self._workspace is not None
        path = self._workspace.folder / FILE
        with disk.explain_errors(path), FileIO(path, "r+b") as handle:
            disk.write(handle, handle.seek(0, io.SEEK_END), b"".join(map(to_bytes, lines)))
            disk.sync(handle)

    def _read(self, job: dict[str, Any], *, resume: bool, overwrite: bool) -> list[dict[str, Any]] | None:
        """Lines of the book that is gone on with; None where one begins anew."""
        assert self._workspace is not None
        folder = self._workspace.folder
        if overwrite and not resume:
            return None
        lines = read_lines(folder / FILE)
        if lines == []:
            raise FileError(f"{folder}: what an interrupted run left is damaged; {AGAIN}")
        is_old = lines is None and (folder / OLD_FILE).exists()
        if is_old or (lines and lines[0].get("version") != VERSION):
            raise FileError(
                f"{folder}: was left by another version of holdstill; go on with that one, or start again with "
                "--overwrite alone"
            )
        if lines is None:
            return None
        try:
            for line in lines[1:]:
                self._recall(line)
        except (KeyError, TypeError, ValueError) as error:
            raise FileError(f"{folder}: what an interrupted run left is damaged ({error}); {AGAIN}") from error
        if not self.is_worth_keeping:
            return None
        if not resume:
            raise FileInTheWay(
                f"{self._workspace.target}: {self._tell_share(lines[0]['job'])} by a run that was "
                "interrupted; --resume (resume=True) goes on, --overwrite (overwrite=True) starts again"
            )
        self._require_same(lines[0]["job"], job)
        return lines

    def _recall(self, line: dict[str, Any]) -> None:
        self._is_worthy = True
        if "chunk" in line:
            self.estimates[Chunk(*line["chunk"])] = unpack_estimates(line)
        elif "written" in line:
            chunk = Chunk(*line["written"])
            self.written[chunk], self._sums[chunk] = int(line["clamped"]), int(line["checksum"])
        else:
            self._learned = str(line["file"]), int(line["learned"])

    def _tell_share(self, job: dict[str, Any]) -> str:
        """How much of the interrupted job is done, where frames say so."""
        n_frames = dict(zip(job.get("axes", ""), job.get("shape", ()), strict=False)).get("T", 1)
        if "axes" not in job:
            return "was begun"
        done = {t for chunk in (*self.estimates, *self.written) for t in range(chunk.start, chunk.stop)}
        return f"{100 * len(done) // n_frames} % is done"

    def _require_same(self, before: dict[str, Any], now: dict[str, Any]) -> None:
        assert self._workspace is not None
        different = explain_differences(before, now)
        if different:
            raise InputError(
                f"{self._workspace.target}: the interrupted job differs in {different}; repeat its options, or {AGAIN}"
            )


@contextmanager
def keep_book(workspace: Workspace, job: dict[str, Any], *, resume: bool, overwrite: bool) -> Iterator[Book]:
    """The book of a job; it stays where the job ends early, if there is anything worth going on with."""
    book = Book(workspace, job, resume=resume, overwrite=overwrite)
    try:
        yield book
    except BaseException:
        book.close()
        if not book.is_worth_keeping:
            workspace.clear()
        raise
    book.close()


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
