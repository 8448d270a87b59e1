"""Folders and Zarrs that grow while they are corrected."""

import csv
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
import zarr

import holdstill as hs
from holdstill.errors import FileInTheWay, InputError, MissingFile, UnknownName
from holdstill.live.folder import _FolderLook
from holdstill.live.watch import watch


@pytest.fixture(scope="module")
def movie() -> np.ndarray:
    image = np.random.default_rng(0).random((64, 64)).cumsum(0).cumsum(1) % 50 * 100
    return np.stack([np.roll(image, (t, -t), axis=(0, 1)) for t in range(12)]).astype(np.uint16)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "run 1 ü"
    made.mkdir()
    return made


def put(folder: Path, movie: np.ndarray, *numbers: int) -> None:
    for number in numbers:
        tifffile.imwrite(folder / f"img{number}.tif", movie[number])


def rows(found: Any) -> list[tuple[str, str, float]]:
    return [(name, tracked.verdict.value, round(float(tracked.shift[0]))) for name, tracked in found]


def test_a_folder_over_a_restart(folder: Path, movie: np.ndarray, tmp_path: Path) -> None:
    out = tmp_path / "still.ome.zarr"
    put(folder, movie, 0, 1, 2, 3)
    found = rows(watch(folder, out, idle_s=0.4))
    assert found == [(f"img{t}.tif", "ok", t) for t in range(4)]
    put(folder, movie, 4, 9, 10)
    found = rows(watch(folder, out, idle_s=0.4))  # in natural order, and with the reference of the first start
    assert found == [("img4.tif", "ok", 4), ("img9.tif", "ok", 9), ("img10.tif", "ok", 10)]
    with hs.open(out) as source:
        assert source.info.shape == (7, 64, 64)
        assert not (source.read(6, 7)[0, 0, :40, 20:] != movie[0, :40, 20:]).any()
    assert (tmp_path / "still.drift.csv").read_text().count("\n") == 8


def test_frames_that_come_meanwhile_and_in_pieces(folder: Path, movie: np.ndarray, tmp_path: Path) -> None:
    def camera() -> None:
        for t in range(4):
            whole = folder / f"img{t}.tif"
            tifffile.imwrite(tmp_path / "one.tif", movie[t])
            content = (tmp_path / "one.tif").read_bytes()
            with whole.open("wb") as file:
                file.write(content[:3000])
                file.flush()
                time.sleep(0.25)
                file.write(content[3000:])

    thread = threading.Thread(target=camera)
    thread.start()
    found = rows(watch(folder, tmp_path / "a.zarr", idle_s=1.5))
    thread.join()
    assert found == [(f"img{t}.tif", "ok", t) for t in range(4)]


def test_a_damaged_image_does_not_hold_up_the_rest(
    folder: Path, movie: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdstill.live.folder.PATIENCE_S", 0.2)
    put(folder, movie, 0, 2)
    (folder / "img1.tif").write_bytes(b"damaged")
    found = [(name, tracked.verdict.value) for name, tracked in watch(folder, tmp_path / "a.zarr", idle_s=0.8)]
    assert found == [("img0.tif", "ok"), ("img1.tif", "unreadable"), ("img2.tif", "ok")]


@pytest.mark.parametrize("fixed", [False, True])
def test_a_zarr_that_grows_or_is_filled(movie: np.ndarray, tmp_path: Path, fixed: bool) -> None:
    path = tmp_path / "run.zarr"
    array = zarr.create_array(path, shape=((12 if fixed else 0), 64, 64), chunks=(1, 64, 64), dtype=movie.dtype)

    def camera() -> None:
        for t in range(12):
            if not fixed:
                array.resize((t + 1, 64, 64))
            array[t] = movie[t]
            time.sleep(0.03)

    thread = threading.Thread(target=camera)
    thread.start()
    found = rows(watch(path, tmp_path / "a.zarr", idle_s=1.0))
    thread.join()
    assert found == [(str(t), "ok", t) for t in range(12)]


def test_channels_move_with_the_registration_channel(folder: Path, movie: np.ndarray, tmp_path: Path) -> None:
    for t in range(3):
        colours = np.stack([movie[t] // 4, movie[t], movie[0]], axis=-1)
        tifffile.imwrite(folder / f"{t}.tif", colours, photometric="rgb")
    assert rows(watch(folder, tmp_path / "a.zarr", idle_s=0.4, channel=1)) == [(f"{t}.tif", "ok", t) for t in range(3)]
    with hs.open(tmp_path / "a.zarr") as source:
        assert source.info.axes == "TCYX"
        block = source.read(2, 3)[0]
    assert not (block[0, :40, 10:] != movie[0, :40, 10:] // 4).any()


def test_pictures_in_colours_are_tracked_by_their_mean_over_a_restart(
    folder: Path, movie: np.ndarray, tmp_path: Path
) -> None:
    """Red alone was compared, which shows nothing here."""
    light = (movie / movie.max() * 200).astype(np.uint8)
    for t in range(4):
        colours = np.stack([np.full_like(light[t], 90), 255 - light[t], 255 - light[t]], axis=-1)
        tifffile.imwrite(folder / f"{t}.tif", colours, photometric="rgb")
        if t == 1:
            found = rows(watch(folder, tmp_path / "a.zarr", idle_s=0.4))
    found += rows(watch(folder, tmp_path / "a.zarr", idle_s=0.4))
    assert found == [(f"{t}.tif", "ok", t) for t in range(4)]
    with hs.open(tmp_path / "a.zarr") as source:
        assert (source.info.axes, source.info.dtype) == ("TCYX", np.uint8)
        assert not (source.read(3, 4)[0, 2, :40, 10:50] != 255 - light[0, :40, 10:50]).any()


def test_the_command_is_killed_and_goes_on(folder: Path, movie: np.ndarray, tmp_path: Path) -> None:
    put(folder, movie, *range(5))
    command = [sys.executable, "-m", "holdstill", "live", str(folder), str(tmp_path / "a.ome.zarr"), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = [json.loads(process.stdout.readline()) for _ in range(3)]
    process.kill()
    process.communicate()
    done = (tmp_path / "a.drift.csv").read_text().count("\n") - 1
    put(folder, movie, *range(5, 8))
    second = subprocess.run([*command, "--idle", "1"], capture_output=True, text=True, check=True)
    names = [json.loads(line)["name"] for line in second.stdout.splitlines()]
    assert [row["name"] for row in first] == [f"img{t}.tif" for t in range(3)]
    assert names == [f"img{t}.tif" for t in range(done, 8)]
    with hs.open(tmp_path / "a.ome.zarr") as source:
        assert source.info.n_frames == 8


def test_bad_input(folder: Path, movie: np.ndarray, tmp_path: Path) -> None:
    with pytest.raises(MissingFile, match="no such folder to watch"):
        list(watch(tmp_path / "none", tmp_path / "a.zarr"))
    with pytest.raises(InputError, match=r"ends with \.ome\.zarr"):
        list(watch(folder, tmp_path / "a.tif"))
    (tmp_path / "b.zarr").mkdir()
    with pytest.raises(FileInTheWay, match="was not begun here"):
        list(watch(folder, tmp_path / "b.zarr"))
    put(folder, movie, 0)
    with pytest.raises(InputError, match="no channel 3"):
        list(watch(folder, tmp_path / "c.zarr", channel=3))
    np.save(tmp_path / "reference.npy", movie[0, :32])
    with pytest.raises(InputError, match="reference has shape"):
        list(watch(folder, tmp_path / "d.zarr", reference=tmp_path / "reference.npy"))


def test_a_table_whose_target_is_gone(folder: Path, movie: np.ndarray, tmp_path: Path) -> None:
    target = tmp_path / "still.ome.zarr"
    put(folder, movie, 0, 1)
    list(watch(folder, target, idle_s=0.2))
    shutil.rmtree(target)
    with pytest.raises(FileInTheWay, match=r"still.drift.csv: tells of frames whose still.ome.zarr is gone"):
        list(watch(folder, target, idle_s=0.2))
    (tmp_path / "still.drift.csv").unlink()
    assert len(list(watch(folder, target, idle_s=0.2))) == 2


def test_links_that_lead_nowhere_and_names_that_change(
    folder: Path, movie: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdstill.live.folder.PATIENCE_S", 0.2)
    put(folder, movie, 0, 2)
    (folder / "img1.tif").symlink_to(tmp_path / "nowhere.tif")
    found = watch(folder, tmp_path / "a.zarr", idle_s=0.8)
    seen = [(name, tracked.verdict.value) for name, tracked in found]
    assert seen == [("img0.tif", "ok"), ("img1.tif", "unreadable"), ("img2.tif", "ok")]
    look = _FolderLook(folder)
    assert look._read(folder / "gone.tif", is_first=False) is None


def test_a_frame_of_another_size_is_marked(
    folder: Path, movie: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdstill.live.folder.PATIENCE_S", 0.2)
    target = tmp_path / "a.zarr"
    put(folder, movie, 0, 2)
    tifffile.imwrite(folder / "img1.tif", movie[1, :40])
    tifffile.imwrite(
        folder / "img3.tif", movie[:3], photometric="minisblack"
    )  # a movie, which says nothing of its pages
    tifffile.imwrite(folder / "img4.tif", movie[4].astype(np.float32))
    put(folder, movie, 5)
    found = [(name, tracked.verdict.value) for name, tracked in watch(folder, target, idle_s=1)]
    assert [verdict for _, verdict in found] == ["ok", "mismatch", "ok", "unreadable", "mismatch", "ok"]
    tifffile.imwrite(folder / "img6.tif", movie[6, :40])  # the first after a restart
    put(folder, movie, 7)
    found = [(name, tracked.verdict.value) for name, tracked in watch(folder, target, idle_s=0.5)]
    assert found == [("img6.tif", "mismatch"), ("img7.tif", "ok")]
    with hs.open(target) as source:
        assert source.info.shape == (8, 64, 64)


def test_a_late_frame_takes_its_place(folder: Path, movie: np.ndarray, tmp_path: Path) -> None:
    target = tmp_path / "a.zarr"
    put(folder, movie, 0, 1, 3, 4)
    arrivals = watch(folder, target, idle_s=0.5)
    seen = [next(arrivals)[0] for _ in range(4)]
    put(folder, movie, 2)
    seen += [name for name, _ in arrivals]
    assert seen == ["img0.tif", "img1.tif", "img3.tif", "img4.tif", "img2.tif"]
    reg = hs.load(tmp_path / "a.drift.csv", frame_shape=(64, 64))
    np.testing.assert_array_equal(reg.shifts[:, 0].round(), range(5))


def test_a_late_frame_takes_the_place_of_its_time(folder: Path, movie: np.ndarray, tmp_path: Path) -> None:
    """By what the image says, or its file, whatever its name is; over a restart."""
    names = ["d.ome.tif", "c.ome.tif", "e.tif", "b.tif", "a.tif"]  # the later the earlier in the alphabet

    def write(t: int) -> None:
        plane = {"DeltaT": 2.5, "DeltaTUnit": "s"}
        said = {"axes": "YX", "AcquisitionDate": f"2024-05-01T10:00:0{t}", "Plane": plane} if t < 2 else None
        tifffile.imwrite(folder / names[t], movie[t], metadata=said, datetime="2024:05:01 10:00:05" if t == 2 else None)
        os.utime(folder / names[t], (1714557600 + 10 * t, 1714557600 + 10 * t))  # 10:00:00 and later

    target = tmp_path / "a.zarr"
    for t in (0, 3):
        write(t)
    seen = [name for name, _ in watch(folder, target, idle_s=0.4, order="time")]
    for t in (1, 4, 2):
        write(t)
    seen += [name for name, _ in watch(folder, target, idle_s=0.4, order="time")]
    assert seen == [names[t] for t in (0, 3, 1, 2, 4)]
    reg = hs.load(tmp_path / "a.drift.csv", frame_shape=(64, 64))
    np.testing.assert_array_equal(reg.shifts[:, 0].round(), range(5))
    with (tmp_path / "a.drift.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["time_s"]) - 1714557600 for row in rows] == [2.5, 3.5, 5, 30, 40]
    with pytest.raises(InputError, match="was begun with another order"):
        next(watch(folder, target, idle_s=0.1))
    with pytest.raises(UnknownName, match="choose one of name, time"):
        next(watch(folder, target, order="size"))
    zarr.create_group(tmp_path / "b.zarr")
    with pytest.raises(InputError, match="have numbers and no times"):
        next(watch(tmp_path / "b.zarr", tmp_path / "c.zarr", order="time"))
