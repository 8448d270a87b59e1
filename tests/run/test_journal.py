"""Files of arrays in the book of what is done."""

import zlib
from pathlib import Path

import numpy as np
import pytest

from holdstill.contracts import Chunk, Covariance, Estimates, Verdict
from holdstill.errors import FileError
from holdstill.io import disk
from holdstill.io.workspace import Workspace
from holdstill.run.checkpoint import Book, keep_book
from holdstill.run.journal import read_arrays, read_lines, write_arrays

ARRAYS = {"sums": np.arange(6.0).reshape(2, 3), "top": np.array(7)}


def test_arrays_come_back(tmp_path: Path) -> None:
    checksum = write_arrays(tmp_path / "sums.npz", ARRAYS)
    found = read_arrays(tmp_path / "sums.npz", checksum)
    assert found.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found[name], array)
    assert [path.name for path in tmp_path.iterdir()] == ["sums.npz"]


@pytest.mark.parametrize("at", [0, 60, -1])
def test_a_damaged_file_is_refused(tmp_path: Path, at: int) -> None:
    path = tmp_path / "sums.npz"
    checksum = write_arrays(path, ARRAYS)
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(FileError, match="damaged"):
        read_arrays(path, checksum)
    path.unlink()
    with pytest.raises(FileError, match="damaged"):
        read_arrays(path, checksum)


def test_objects_are_neither_written_nor_read(tmp_path: Path) -> None:
    """A file of pickles could run code when it is opened."""
    path, pickled = tmp_path / "sums.npz", {"sums": np.array([{}], object)}
    with pytest.raises(ValueError, match="Object arrays cannot be saved"):
        write_arrays(path, pickled)
    np.savez(path, **pickled)
    with pytest.raises(FileError, match="damaged"):
        read_arrays(path, zlib.crc32(path.read_bytes()))


def test_arrays_are_on_the_disk_before_the_book_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, sync = [], disk.sync
    monkeypatch.setattr(disk, "sync", lambda *arguments: (asked.append(1), sync(*arguments)))
    write_arrays(tmp_path / "sums.npz", ARRAYS)
    assert asked


def test_what_was_kept_last_comes_back_and_what_was_kept_before_stays_until_then(tmp_path: Path, monkeypatch) -> None:
    job = {"of": "sums"}
    with Workspace(tmp_path / "out") as workspace:
        book = Book(workspace, job)
        for top in range(3):
            book.save_learned({"top": np.array(top)})
        monkeypatch.setattr(Book, "commit", lambda self: None)  # the power is cut before the line is written
        book.save_learned({"top": np.array(3)})
        monkeypatch.undo()
        again = Book(workspace, job, resume=True).load_learned()
        assert again is not None
        assert again["top"] == 2


def estimates_of(value: float) -> Estimates:
    known = np.full((2, 2), value)
    return Estimates(
        parameters=known, covariance=Covariance.of_errors(known), scores=known[:, 0], verdicts=(Verdict.OK,) * 2
    )


def run_and_fail(target: Path, noted: bool) -> None:
    job = {"of": "frames"}
    with Workspace(target) as workspace, keep_book(workspace, job, resume=False, overwrite=False) as book:
        with book.open_for(None, [Chunk(0, 2)]):
            if noted:
                book.add(Chunk(0, 2), estimates_of(1.0))
        raise ZeroDivisionError


@pytest.mark.parametrize("noted", [False, True])
def test_what_is_worth_going_on_with_stays(tmp_path: Path, noted: bool) -> None:
    """A run that ends early leaves its workspace, if it found anything."""
    with pytest.raises(ZeroDivisionError):
        run_and_fail(tmp_path / "out", noted)
    assert Workspace(tmp_path / "out").folder.exists() == noted


def test_a_chunk_is_noted_once(tmp_path: Path) -> None:
    with Workspace(tmp_path / "out") as workspace:
        book = Book(workspace, {"of": "frames"})
        with book.open_for(None, [Chunk(0, 2)]):
            book.add(Chunk(0, 2), estimates_of(1.0))
            book.add(Chunk(0, 2), estimates_of(1.0))
        book.close()
        lines = read_lines(workspace.folder / "book.jsonl")
        assert lines is not None
        assert [line.get("chunk") for line in lines] == [None, [0, 2]]
        again = Book(workspace, {"of": "frames"}, resume=True)
        np.testing.assert_array_equal(again.estimates[Chunk(0, 2)].parameters, 1)
