"""What reaches the disk, in which order; and what other systems and disks answer, simulated."""

import errno
import os
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from holdstill.contracts import ImagesInfo
from holdstill.errors import FileError, NoSpace
from holdstill.io import create_sink, disk
from holdstill.io.inputs import check_replaceable
from holdstill.io.lock import Lock

INFO = ImagesInfo(name="movie", axes="TYX", shape=(6, 16, 16), dtype=np.dtype(np.uint16))
FRAMES = np.random.default_rng(0).integers(0, 999, (6, 1, 16, 16), np.uint16)


def test_a_file_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    for name in ("sync", "rename", "sync_folder"):
        real = getattr(disk, name)
        monkeypatch.setattr(disk, name, lambda *a, name=name, real=real: (steps.append(name), real(*a))[1])
    with disk.replacing(tmp_path / "a.json") as temporary:
        temporary.write_text("{}")
    assert steps == ["sync", "rename", "sync_folder"]
    steps.clear()
    disk.write_file(tmp_path / "b", b"x", synced=True)
    assert steps == ["sync", "rename", "sync_folder"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b"]


def test_a_write_that_takes_only_part(tmp_path: Path) -> None:
    class Slow(FileIO):
        def write(self, data: Any) -> int:
            return super().write(bytes(data[:3]))

    with Slow(tmp_path / "a", "wb") as handle:
        disk.write(handle, 2, b"0123456789")
    assert (tmp_path / "a").read_bytes() == b"\0\x000123456789"


@pytest.mark.parametrize("name", ["out.ome.tif", "out.ome.zarr"])
def test_nothing_is_open_when_it_is_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Windows renames nothing that is open."""
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("this system does not tell which files are open")
    real, n = disk.rename, 0

    def rename(source: Path, target: Path) -> None:
        nonlocal n
        n += 1
        links = [Path("/proc/self/fd", number) for number in os.listdir("/proc/self/fd")]
        opened = [os.readlink(link) for link in links if os.path.lexists(link)]
        assert not [path for path in opened if Path(path).is_relative_to(source) or path == str(target)]
        real(source, target)

    monkeypatch.setattr(disk, "rename", rename)
    for overwrite in (False, True):
        with create_sink(tmp_path / name, INFO, overwrite=overwrite) as sink:
            sink.write(0, FRAMES)
            sink.finish()
    assert n >= 5
    assert list(tmp_path.iterdir()) == [tmp_path / name]


def test_a_scanner_that_holds_a_file_for_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows."""
    real, n = os.replace, 0

    def refuse_twice(source: Path, target: Path) -> None:
        nonlocal n
        n += 1
        if n < 3:
            raise PermissionError(errno.EACCES, "Access is denied")
        real(source, target)

    monkeypatch.setattr(os, "replace", refuse_twice)
    monkeypatch.setattr(disk, "RENAME_WAIT_S", 0.001)
    (tmp_path / "a").touch()
    with pytest.raises(PermissionError):
        disk.rename(tmp_path / "a", tmp_path / "b")
    monkeypatch.setattr(disk, "WINDOWS", True)
    n = 0
    disk.rename(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").exists()


def test_names_of_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_replaceable(tmp_path / "con.ome.tif", overwrite=False)
    monkeypatch.setattr(disk, "WINDOWS", True)
    for name in ("CON.tif", "nul", "Lpt3.ome.zarr", "aux .tif", "ends with a dot."):
        with pytest.raises(FileError, match="Windows keeps this name for itself"):
            check_replaceable(tmp_path / name, overwrite=False)
    check_replaceable(tmp_path / "console.tif", overwrite=False)
    assert disk._lengthen("C:\\data\\x.tif") == "\\\\?\\C:\\data\\x.tif"
    assert disk._lengthen("\\\\server\\share\\x.tif") == "\\\\?\\UNC\\server\\share\\x.tif"
    assert disk._lengthen("\\\\?\\C:\\x") == "\\\\?\\C:\\x"


def test_locks_of_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rename takes the lock there, which fails where the name is taken; there are no hard links on many a disk."""

    def rename(source: Path, target: Path) -> None:
        if os.path.exists(target):
            raise FileExistsError(errno.EEXIST, "exists")
        os.replace(source, target)

    monkeypatch.setattr(disk, "WINDOWS", True)
    monkeypatch.setattr(os, "rename", rename)
    monkeypatch.delattr(os, "link")
    with Lock(tmp_path / "lock", Path("out.tif")), pytest.raises(FileError, match="another process"):
        Lock(tmp_path / "lock", Path("out.tif")).__enter__()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.EACCES])
def test_shares_that_sync_no_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(handle: int) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr(os, "fsync", refuse)
    disk.sync_folder(tmp_path)
    with FileIO(tmp_path / "a", "wb") as handle, pytest.raises(OSError, match="refused"):
        disk.sync(handle)


def test_a_disk_that_breaks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="Input/output"):
        disk.sync_folder(tmp_path)
    with pytest.raises(FileError, match=r"out\.tif: cannot be written: Input/output error"):
        create_sink(tmp_path / "out.tif", INFO)
    assert not list(tmp_path.iterdir())


def test_drives_with_a_cache_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS: its fsync does not empty the cache of a drive."""
    asked: list[int] = []
    monkeypatch.setattr(disk, "FULL_SYNC", 51)
    monkeypatch.setattr(disk, "control", lambda number, how: asked.append(how))
    with FileIO(tmp_path / "a", "wb") as handle:
        disk.sync(handle)
    assert asked == [51]


def test_a_full_disk_is_told_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 10

    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage)
    for name in ("out.ome.tif", "out.ome.zarr"):
        with pytest.raises(NoSpace, match="no space left"):
            create_sink(tmp_path / name, INFO)
    assert not list(tmp_path.iterdir())
