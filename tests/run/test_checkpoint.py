"""The book of what is done: exact, without pixels and without the public API."""

from pathlib import Path

import numpy as np
import pytest

from holdstill.contracts import Chunk, Covariance, Estimates, Sink, Verdict
from holdstill.errors import FileError, FileInTheWay
from holdstill.io.workspace import Workspace
from holdstill.run.checkpoint import Book, rechunk
from holdstill.run.journal import read_lines

JOB = {"axes": "TYX", "shape": [8, 5, 6]}
CHUNKS = [Chunk(0, 2), Chunk(2, 4)]


class Noting(Sink):
    """Notes what the book asks of a sink."""

    def __init__(self, *damaged: int) -> None:
        self.asked: list[tuple[str, int, int]] = []
        self.damaged = damaged

    def write(self, start: int, frames: np.ndarray) -> None:
        raise AssertionError("the book writes no pixels")

    def checksum(self, start: int, stop: int) -> int:
        return 10 * start + stop

    def recall(self, start: int, stop: int, checksum: int) -> bool:
        self.asked.append(("recall", start, stop))
        return checksum == 10 * start + stop and start not in self.damaged

    def mark(self, start: int, stop: int) -> None:
        self.asked.append(("mark", start, stop))

    def sync(self) -> None:
        self.asked.append(("sync", 0, 0))

    def finish(self) -> None:
        raise AssertionError("whoever opened the sink finishes it")

    def close(self) -> None:
        """Do nothing."""


def estimates_of(chunk: Chunk) -> Estimates:
    known = np.arange(chunk.start, chunk.stop, dtype=float)[:, None] * [1, 2]
    return Estimates(
        parameters=known, covariance=Covariance.of_errors(known), scores=known[:, 0],
        verdicts=(Verdict.OK,) * len(chunk),
    )  # fmt: skip


def begin(workspace: Workspace) -> None:
    """Two chunks estimated, both written, by a run that was interrupted."""
    book, sink = Book(workspace, JOB), Noting()
    with book.open_for(sink, CHUNKS):
        for number, chunk in enumerate(CHUNKS):
            book.add(chunk, estimates_of(chunk))
            book.add_written(chunk, 5 + number)
    book.close()
    assert sink.asked.count(("mark", 0, 2)) == sink.asked.count(("mark", 2, 4)) == 1
    assert ("sync", 0, 0) in sink.asked


def test_what_was_done_comes_back_where_it_is_whole(tmp_path: Path) -> None:
    with Workspace(tmp_path / "out") as workspace:
        begin(workspace)
        book, sink = Book(workspace, JOB, resume=True), Noting(2)
        with book.open_for(sink, CHUNKS):
            assert book.written == {Chunk(0, 2): 5}
            np.testing.assert_array_equal(book.estimates[Chunk(2, 4)].parameters, [[2, 4], [3, 6]])
        assert [asked for asked in sink.asked if asked[0] == "recall"] == [("recall", 0, 2), ("recall", 2, 4)]
        book.close()


def test_another_engine_cuts_chunks_differently(tmp_path: Path) -> None:
    with Workspace(tmp_path / "out") as workspace:
        begin(workspace)
        book = Book(workspace, JOB, resume=True)
        with book.open_for(Noting(), [Chunk(0, 4), Chunk(4, 8)]):
            assert book.written == {Chunk(0, 4): 11}
            np.testing.assert_array_equal(book.estimates[Chunk(0, 4)].parameters[:, 0], [0, 1, 2, 3])
        book.close()


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("resume", [False, True])
def test_what_is_there_is_gone_on_with_or_dropped_as_asked(tmp_path: Path, resume: bool, overwrite: bool) -> None:
    with Workspace(tmp_path / "out") as workspace:
        begin(workspace)
        if not resume and not overwrite:
            with pytest.raises(FileInTheWay, match="50 % is done by a run that was interrupted; --resume"):
                Book(workspace, JOB)
            return
        book = Book(workspace, JOB, resume=resume, overwrite=overwrite)
        assert len(book.estimates) == 2 * resume
        assert len(read_lines(workspace.folder / "book.jsonl") or []) == 1 + 4 * resume


def test_nothing_is_promised_in_a_workspace_that_another_took_over(tmp_path: Path, monkeypatch) -> None:
    def refuse(self: Workspace) -> None:
        raise FileError("taken over")

    with Workspace(tmp_path / "out") as workspace:
        book = Book(workspace, JOB)
        before = (workspace.folder / "book.jsonl").read_bytes()
        monkeypatch.setattr(Workspace, "check", refuse)
        book.estimates.clear()
        book._lines.append({"learned": 1, "file": "learned.npz"})
        with pytest.raises(FileError, match="taken over"):
            book.commit()
        assert (workspace.folder / "book.jsonl").read_bytes() == before
        monkeypatch.undo()
        book.close()


def test_without_a_workspace_nothing_is_kept() -> None:
    book = Book()
    with book.open_for(None, CHUNKS):
        book.add(CHUNKS[0], estimates_of(CHUNKS[0]))
        book.add_written(CHUNKS[0], 3)
        book.save_learned({"reference": np.zeros(3)})
    assert book.load_learned() is None
    assert book.written == {CHUNKS[0]: 3}
    book.close()


def test_chunks_made_of_whole_ones_are_known() -> None:
    known = {Chunk(0, 2): 1, Chunk(2, 4): 10, Chunk(4, 6): 100, Chunk(4, 8): 1000}
    wanted = [Chunk(0, 6), Chunk(2, 6), Chunk(2, 4), Chunk(0, 2), Chunk(1, 4), Chunk(2, 5), Chunk(6, 8)]
    assert rechunk(known, wanted, sum) == {Chunk(0, 6): 111, Chunk(2, 6): 110, Chunk(2, 4): 10, Chunk(0, 2): 1}
