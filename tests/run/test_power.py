"""Whenever power fails, a job goes on to the same bytes: never a wrong file under the name of a right one."""

import os
import random
from io import FileIO
from pathlib import Path

import numpy as np
import pytest
import zarr

from holdstill.contracts import Chunk, Covariance, Estimates, ImagesInfo, Verdict
from holdstill.errors import FileError, FileInTheWay, HoldstillError
from holdstill.io import create_sink, disk
from holdstill.io.workspace import Workspace
from holdstill.io.zarr import sink as zarr_sink
from holdstill.run import checkpoint
from holdstill.run.checkpoint import Book
from tests.run.power import Recorder

N_CUTS = int(os.environ.get("HOLDSTILL_FUZZ", "12"))
INFO = ImagesInfo(name="movie", axes="TYX", shape=(30, 16, 16), dtype=np.dtype(np.uint16))
FRAMES = np.random.default_rng(0).integers(0, 60000, (30, 1, 16, 16), np.uint16)
CHUNKS = [Chunk(start, min(start + 4, 30)) for start in range(0, 30, 4)]
JOB = {"input": "movie", "axes": "TYX", "shape": [30, 16, 16]}


def estimates_of(chunk: Chunk) -> Estimates:
    shifts = np.arange(2.0 * len(chunk)).reshape(-1, 2) / 3 + chunk.start
    return Estimates(
        parameters=shifts,
        covariance=Covariance.of_errors(shifts / 7),
        scores=shifts[:, 0] / 100,
        verdicts=(Verdict.OK,) * len(chunk),
    )


def run(target: Path, *, stop: int | None = None) -> int:
    """The whole of a job, as `holdstill.correct` does it, without numerics; how many chunks were written."""
    done = 0
    table = target.with_name("out.drift.csv")
    with Workspace(target) as workspace:
        workspace.complete()
        if target.exists():
            assert table.exists(), "images under their name have beside them what belongs to them"
            return done
        book = Book(workspace, JOB, resume=True)
        with create_sink(target, INFO, workspace=workspace) as sink:
            with book.open_for(sink, CHUNKS):
                learned = book.load_learned()
                if learned is None:
                    learned = {"reference": FRAMES[0, 0]}
                    book.save_learned(learned)
                np.testing.assert_array_equal(learned["reference"], FRAMES[0, 0])
                for chunk in CHUNKS:
                    if chunk not in book.estimates:
                        book.add(chunk, estimates_of(chunk))
                    if chunk not in book.written:
                        sink.write(chunk.start, FRAMES[chunk.start : chunk.stop])
                        book.add_written(chunk, chunk.start)
                        done += 1
                        if done == stop:
                            raise KeyboardInterrupt
            book.close()
            sink.finish()
            part = workspace.folder / "out.drift.csv"
            with disk.replacing(part) as temporary:
                temporary.write_bytes(repr([estimates_of(chunk) for chunk in CHUNKS]).encode())
            workspace.publish([(part, table), (sink.part, target)], overwrite=False)
    return done


def content(path: Path) -> dict[str, bytes]:
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return {str(file.relative_to(path)): file.read_bytes() for file in files if file.is_file()}


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zarr_sink, "MAX_SHARD_FRAMES", 8)  # two chunks make a block


@pytest.mark.parametrize("name", ["out.ome.tif", "out.ome.zarr"])
def test_power_cuts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(checkpoint, "GROUP_S", 0.0)
    (tmp_path / "whole").mkdir()
    with monkeypatch.context() as patch:
        recorder = Recorder(tmp_path / "whole", patch)
        run(tmp_path / "whole" / name)
    whole = content(tmp_path / "whole" / name), content(tmp_path / "whole" / "out.drift.csv")
    rng, spared = random.Random(1), []
    for seed in range(N_CUTS):
        step = rng.randint(0, len(recorder.steps))
        place = tmp_path / "cut"
        recorder.cut(step, place, seed)
        spared.append(len(CHUNKS) - run(place / name))
        assert (content(place / name), content(place / "out.drift.csv")) == whole, f"step {step}, seed {seed}"
        assert sorted(path.name for path in place.iterdir()) == [name[:3] + ".drift.csv", name]
    assert max(spared) > len(CHUNKS) // 2, "what was known is not always thrown away"


@pytest.mark.parametrize("name", ["out.ome.tif", "out.ome.zarr"])
def test_damaged_pixels_are_noticed(tmp_path: Path, name: str) -> None:
    """A flipped bit, a cut end or a lost file is done again, wherever it is."""
    run(tmp_path / name)
    whole = content(tmp_path / name)
    rng = random.Random(2)
    for round_ in range(8):
        folder = tmp_path / f"{round_}"
        folder.mkdir()
        with pytest.raises(KeyboardInterrupt):
            run(folder / name, stop=6)
        part = folder / f".{name}.resume" / "pixels.part"
        files = [part] if part.is_file() else [file for file in part.rglob("*") if file.is_file()]
        victim = rng.choice(files)
        data = bytearray(victim.read_bytes())
        how = rng.choice(("flip", "cut", "empty", "lost")) if round_ else "flip"
        if how == "flip":
            data[rng.randrange(len(data) // 2) if round_ else 5000 % len(data)] ^= 1 << rng.randrange(8)
        victim.write_bytes(bytes(data if how == "flip" else data[: len(data) // 2] if how == "cut" else b""))
        if how == "lost":
            victim.unlink()
        run(folder / name)
        assert content(folder / name) == whole, (how, victim)


def test_every_flipped_byte_of_a_shard_is_noticed(tmp_path: Path) -> None:
    target = tmp_path / "out.ome.zarr"
    with pytest.raises(KeyboardInterrupt):
        run(target, stop=4)
    shard = tmp_path / ".out.ome.zarr.resume" / "pixels.part" / "0" / "c" / "0" / "0" / "0"
    data = shard.read_bytes()
    with Workspace(target) as workspace, create_sink(target, INFO, workspace=workspace) as sink:
        assert sink.recall(0, 4, 0)
    for at in range(0, len(data), 31):
        shard.write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
        with Workspace(target) as workspace, create_sink(target, INFO, workspace=workspace) as sink:
            if sink.recall(0, 4, 0):  # a byte that decodes to the same pixels is no damage
                np.testing.assert_array_equal(zarr.open_group(sink.part)["0"][:8], FRAMES[:8, 0])


def test_a_book_of_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.ome.tif"
    with pytest.raises(KeyboardInterrupt):
        run(target, stop=4)
    monkeypatch.setattr(checkpoint, "VERSION", 99)
    with pytest.raises(FileError, match="left by another version of holdstill; go on with that one"):
        run(target)


def test_damage_in_the_book(tmp_path: Path) -> None:
    """Whatever byte of it flips, the job ends right, or says in one line that it cannot go on."""
    run(tmp_path / "out.ome.tif")
    whole, rng = content(tmp_path / "out.ome.tif"), random.Random(3)
    for number in range(9):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        with pytest.raises(KeyboardInterrupt):
            run(folder / "out.ome.tif", stop=5)
        file = folder / ".out.ome.tif.resume" / ("book.jsonl" if number % 3 else "learned.npz")
        data = bytearray(file.read_bytes())
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        file.write_bytes(bytes(data))
        told = ""
        try:
            run(folder / "out.ome.tif")
        except HoldstillError as error:
            told = str(error)
        assert (folder / "out.ome.tif").exists() != ("start again with --overwrite" in told)
        assert told or content(folder / "out.ome.tif") == whole


def test_a_target_that_appears_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "out.tif"
    with Workspace(target) as workspace:
        (workspace.folder / "part").write_text("new")
        target.write_text("precious")
        with pytest.raises(FileInTheWay, match="appeared while it was being written"):
            workspace.publish([(workspace.folder / "part", target)], overwrite=False)
        workspace.publish([(workspace.folder / "part", target)], overwrite=True)
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_disk_that_fails_is_not_believed_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a sync that failed no line promises pixels, even if the next one succeeds."""
    target, real, n = tmp_path / "out.ome.tif", disk.sync, 0

    def fail_once(handle: FileIO) -> None:
        nonlocal n
        n += str(handle.name).endswith("pixels.part")
        if n == 1:
            n += 1
            raise OSError(5, "Input/output error")
        real(handle)

    monkeypatch.setattr(checkpoint, "GROUP_S", 0.0)
    monkeypatch.setattr(disk, "sync", fail_once)
    with pytest.raises(FileError, match="Input/output error"):
        run(target)
    assert not target.exists()
    run(target)
    assert target.exists()
