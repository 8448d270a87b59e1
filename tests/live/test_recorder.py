"""A recording holds what it was given, in order, after every kill at every moment."""

import csv
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr

from holdstill.contracts import ImagesInfo
from holdstill.errors import FileError, FileInTheWay, InputError
from holdstill.io import open_source
from holdstill.live.recorder import Recorder

INFO = ImagesInfo(name="live", axes="TYX", shape=(0, 8, 9), dtype=np.dtype(np.uint16))
NAMES = ["f1", "f10", "f11", "f2"]  # the last of them late
ORDER = ["f1", "f2", "f10", "f11"]


class Killed(BaseException):
    """What no handler expects."""


def image(name: str) -> np.ndarray:
    return np.full((8, 9), int(name[1:]), np.uint16)


def record(target: Path) -> None:
    """Go on with a recording as one does who saw all frames, of which some are known."""
    recorder = Recorder(target, {"by": "test"})
    try:
        bring(recorder)
    finally:  # handles close by themselves when a process ends
        if recorder._table is not None:
            recorder._table.close()
        for log in recorder._logs.values():
            log._writer.shutdown()
        recorder._workspace._stack.close()


def bring(recorder: Recorder) -> None:
    recorder.begin({"": INFO}, ["score"], np.ones((8, 9)))
    known = set(recorder.names)
    for name in NAMES:
        if name not in known:
            recorder.add(name, [0.5], {"": image(name)}, by="name")
            recorder.flush()
    recorder.close()


def check(target: Path) -> None:
    with (target.parent / "a.drift.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [["name", "score"], *([name, "0.5"] for name in ORDER)]
    with open_source(target, trust=True) as source:
        np.testing.assert_array_equal(source.read(0, 4)[:, 0, 0, 0], [int(name[1:]) for name in ORDER])
    left = {file.name for file in target.parent.iterdir()}
    assert left == {"a.ome.zarr", "a.drift.csv", "a.live.json", "a.reference.npy"}


def test_late_frames_take_their_place(tmp_path: Path) -> None:
    record(tmp_path / "a.ome.zarr")
    check(tmp_path / "a.ome.zarr")


def test_killed_at_every_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moment, n_kills = 0, 0
    while True:
        folder = tmp_path / str(moment)
        folder.mkdir()
        with monkeypatch.context() as patch:
            kill_at(patch, moment)
            try:
                record(folder / "a.ome.zarr")
            except Killed:
                n_kills += 1
            else:
                break
        record(folder / "a.ome.zarr")
        check(folder / "a.ome.zarr")
        moment += 1
    assert n_kills > 30


def kill_at(patch: pytest.MonkeyPatch, moment: int) -> None:
    """Let the n-th change of the disk be the last thing that a process attempts."""
    count = 0

    def guard(change: Any) -> Any:
        def changed(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count > moment:
                raise Killed
            return change(*arguments, **options)

        return changed

    patch.setattr(os, "replace", guard(os.replace))
    patch.setattr(zarr.Array, "resize", guard(zarr.Array.resize))
    patch.setattr(zarr.Array, "__setitem__", guard(zarr.Array.__setitem__))
    patch.setattr("holdstill.live.recorder.Recorder._write_rows", guard(Recorder._write_rows))


def test_several_images_and_pixels_that_wait(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.ome.zarr", {}, is_new=True)
    recorder.begin({"raw": INFO, "corrected": INFO}, ["score"])
    for number in range(20):
        recorder.add(str(number), [number], {"raw": image(f"f{number}"), "corrected": image("f7")})
    with (tmp_path / "a.drift.csv").open() as file:
        assert len(file.readlines()) <= 17, "no row before its pixels, sixteen of which are stored together"
    recorder.close()
    recorder.close()
    with (tmp_path / "a.drift.csv").open() as file:
        assert len(file.readlines()) == 21
    with open_source(tmp_path / "a.ome.zarr", scene="raw", trust=True) as source:
        np.testing.assert_array_equal(source.read(0, 20)[:, 0, 0, 0], range(20))


def test_what_is_in_the_way(tmp_path: Path) -> None:
    record(tmp_path / "a.ome.zarr")
    with pytest.raises(FileInTheWay, match="exists already"):
        Recorder(tmp_path / "a.ome.zarr", {"by": "test"}, is_new=True)
    with pytest.raises(InputError, match="was begun with another by"):
        Recorder(tmp_path / "a.ome.zarr", {"by": "another"})
    (tmp_path / "a.live.json").write_text("{dama")
    with pytest.raises(FileError, match=r"a\.live\.json: is damaged"):
        Recorder(tmp_path / "a.ome.zarr", {"by": "test"})
    (tmp_path / "a.live.json").unlink()
    with pytest.raises(FileInTheWay, match="was not begun here"):
        Recorder(tmp_path / "a.ome.zarr", {"by": "test"})
    with pytest.raises(FileError, match="there is no folder"):
        Recorder(tmp_path / "none" / "a.ome.zarr", {})
