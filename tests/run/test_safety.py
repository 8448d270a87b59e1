"""Nothing is lost, nothing is mixed: targets that are inputs, jobs that changed, what an error leaves behind."""

import errno
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import tifffile
import zarr

import holdstill as hs
from holdstill.batch import correct_all
from holdstill.cli import run
from holdstill.engines import plan
from holdstill.errors import AxesError, FileError, FileInTheWay, HoldstillError, InputError
from holdstill.io import open_source
from holdstill.result.registration import Registration
from tests.run.test_resume import cropped


@pytest.fixture(scope="module")
def movie() -> np.ndarray:
    return cropped(48, (64, 64))


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "MAX_CHUNK_FRAMES", 8)


class Stop(KeyboardInterrupt):
    """Ctrl-C at a certain moment."""


def interrupted(source: Any, target: Path, **options: Any) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if stage == "correct" and done >= total // 2:
            raise Stop

    with pytest.raises(Stop):
        hs.correct(source, target, reference="first", progress=stop, report=False, **options)


def as_zarr(path: Path, movie: np.ndarray) -> Path:
    array = zarr.create_array(path, shape=movie.shape, chunks=(8, 64, 64), dtype=movie.dtype, overwrite=True)
    array[:] = movie
    return path


def test_a_folder_that_changed_is_not_gone_on_with(movie: np.ndarray, tmp_path: Path) -> None:
    source = as_zarr(tmp_path / "in.zarr", movie)
    interrupted(source, tmp_path / "out.ome.zarr")
    as_zarr(source, movie[::-1])
    with pytest.raises(InputError, match="differs in input files"):
        hs.correct(source, tmp_path / "out.ome.zarr", reference="first", resume=True)


def test_a_mask_that_changed_is_not_gone_on_with(movie: np.ndarray, tmp_path: Path) -> None:
    np.save(tmp_path / "in.npy", movie)
    np.save(tmp_path / "mask.npy", np.tri(64))
    interrupted(tmp_path / "in.npy", tmp_path / "out.ome.zarr", mask=tmp_path / "mask.npy")
    np.save(tmp_path / "mask.npy", 1 - np.tri(64))
    with pytest.raises(InputError, match="differs in mask file"):
        hs.correct(
            tmp_path / "in.npy", tmp_path / "out.ome.zarr", mask=tmp_path / "mask.npy", reference="first", resume=True
        )


def test_what_was_found_survives_errors(movie: np.ndarray, tmp_path: Path) -> None:
    np.save(tmp_path / "in.npy", movie)
    target = tmp_path / "out.ome.zarr"
    interrupted(tmp_path / "in.npy", target)
    with pytest.raises(InputError):
        hs.correct(tmp_path / "in.npy", target, reference="first", resume=True, memory="nonsense")
    target.mkdir()
    (target / "precious").touch()
    with pytest.raises(FileInTheWay, match="exists already"):
        hs.correct(tmp_path / "in.npy", target, reference="first", resume=True)
    assert (target / "precious").exists()
    (target / "precious").unlink()
    target.rmdir()
    hs.correct(tmp_path / "in.npy", target, reference="first", resume=True, report=False)
    hs.correct(tmp_path / "in.npy", tmp_path / "fresh.ome.zarr", reference="first", report=False)
    with hs.open(target) as one, hs.open(tmp_path / "fresh.ome.zarr") as other:
        np.testing.assert_array_equal(one.read(0, 48), other.read(0, 48))


def test_damaged_notes_are_told(movie: np.ndarray, tmp_path: Path) -> None:
    np.save(tmp_path / "in.npy", movie)
    interrupted(tmp_path / "in.npy", tmp_path / "out.ome.zarr")
    (tmp_path / ".out.ome.zarr.resume" / "book.jsonl").write_text("")
    with pytest.raises(FileError, match=r"damaged.*; start again with --overwrite"):
        hs.correct(tmp_path / "in.npy", tmp_path / "out.ome.zarr", reference="first", resume=True)


def test_targets_that_would_destroy_inputs(movie: np.ndarray, tmp_path: Path) -> None:
    group = zarr.open_group(tmp_path / "d.zarr", mode="w")
    for name in ("0", "other"):
        group.create_array(name, data=movie[:6])
    frames = tmp_path / "frames"
    frames.mkdir()
    for t in range(6):
        tifffile.imwrite(frames / f"f{t}.tif", movie[t])
    tifffile.imwrite(tmp_path / "mask.tif", np.ones((64, 64), np.uint8))
    cases: list[tuple[Any, Path, dict[str, Any]]] = [
        (tmp_path / "d.zarr" / "0", tmp_path / "d.zarr", {}),
        (frames / "*.tif", frames / "f0.tif", {}),
        (frames, frames / "still.ome.tif", {}),
        ([frames / "f0.tif", frames / "f1.tif"], frames / "f1.tif", {}),
        (frames, tmp_path / "mask.tif", {"mask": tmp_path / "mask.tif"}),
        (frames, tmp_path / "c.ome.tif", {"coverage": tmp_path / "c.ome.tif"}),
        (frames, tmp_path / "c.ome.tif", {"coverage": tmp_path / "c.drift.json"}),
    ]
    for source, target, options in cases:
        with pytest.raises(FileInTheWay):
            hs.correct(source, target, overwrite=True, reference="first", **options)
    with pytest.raises(InputError, match="addresses are read, not written"):
        hs.correct(frames, "memory://out.ome.zarr")
    assert sorted(path.name for path in frames.iterdir()) == [f"f{t}.tif" for t in range(6)]


def test_a_list_of_files_is_corrected(movie: np.ndarray, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", movie[:5])
    np.save(tmp_path / "b.npy", movie[5:9])
    reg = hs.correct(
        [tmp_path / "a.npy", tmp_path / "b.npy"], tmp_path / "out.ome.tif", reference="first", report=False
    )
    assert len(reg) == 9


def test_a_set_of_ome_files_is_one_movie(movie: np.ndarray, tmp_path: Path) -> None:
    names = [f"f{t}.ome.tif" for t in range(4)]
    data = "".join(
        f'<TiffData FirstT="{t}" IFD="0" PlaneCount="1"><UUID FileName="{name}">urn:uuid:{name}</UUID></TiffData>'
        for t, name in enumerate(names)
    )
    for name, frame in zip(names, movie, strict=False):
        xml = (
            f'<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="urn:uuid:{name}"><Image ID="I:0">'
            '<Pixels ID="P:0" DimensionOrder="XYZCT" Type="uint16" SizeX="64" SizeY="64" SizeZ="1" SizeC="1" SizeT="4">'
            f'<Channel ID="C:0"/>{data}</Pixels></Image></OME>'
        )
        tifffile.imwrite(tmp_path / name, frame, metadata=None, description=xml, photometric="minisblack")
    for images in (tmp_path / names[0], tmp_path, str(tmp_path / "*.tif"), [tmp_path / name for name in names]):
        with open_source(images) as source:
            assert source.info.shape == (4, 64, 64)
    np.save(tmp_path / "other.npy", movie[:2])
    with pytest.raises(InputError, match="belongs to a set of files"):
        open_source([tmp_path / names[0], tmp_path / "other.npy"])


def test_channels_in_pages_of_their_own_stay_channels(movie: np.ndarray, tmp_path: Path) -> None:
    for t in range(3):
        pair = np.stack([movie[t], movie[t] // 2])
        metadata = {"axes": "CYX", "PhysicalSizeX": 0.2, "PhysicalSizeXUnit": "µm", "Channel": {"Name": ["GFP", "RFP"]}}
        tifffile.imwrite(tmp_path / f"{t}.ome.tif", pair, metadata=metadata, photometric="minisblack")
    with open_source(tmp_path) as source:
        assert source.info.axes == "TCYX"
        assert source.info.channel_names == ("GFP", "RFP")
        assert source.info.pixel_size_um[2] == 0.2
        np.testing.assert_array_equal(source.read(2, 3)[0, 1], movie[2] // 2)


def test_numbers_of_frames_are_those_of_the_movie(movie: np.ndarray) -> None:
    for reference in ("first", 4, 11, -1):
        reg = hs.register(movie[:12], reference=reference, average=2)
        fixed = {"first": 0, -1: 11}.get(reference, reference)
        np.testing.assert_allclose(reg.shifts[fixed], 0, atol=1e-9)


def test_a_cut_ome_file_is_not_taken_for_a_plain_one(movie: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "a.ome.tif"
    pairs = np.stack([movie[:12], movie[:12] // 2], axis=1)
    tifffile.imwrite(path, pairs, metadata={"axes": "TCYX"}, compression="zlib", photometric="minisblack")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(FileError, match=r"in page \d+.*; pass axes='TYX'"):
        open_source(path, skip_bad=True)


def test_positions_share_options_of_reading(movie: np.ndarray, tmp_path: Path) -> None:
    for name in "ab":
        tifffile.imwrite(tmp_path / f"{name}.tif", movie[:12], imagej=True, metadata={"axes": "TYX"})
    whole = (tmp_path / "b.tif").read_bytes()
    (tmp_path / "b.tif").write_bytes(whole[: -2 * movie[0].nbytes])
    sources = [tmp_path / "a.tif", tmp_path / "b.tif"]
    found = correct_all(sources, tmp_path / "o", share=True, reference="first", skip_bad=True, report=False)
    assert all(isinstance(one, Registration) for one in found.values())
    with pytest.raises(InputError, match="cannot be resumed"):
        correct_all(sources, tmp_path / "o", share=True, resume=True)


def test_many_movies_go_on_with_those_not_done(movie: np.ndarray, tmp_path: Path) -> None:
    for name in "ab":
        np.save(tmp_path / f"{name}.npy", movie[:6])
    sources = [tmp_path / "a.npy", tmp_path / "b.npy"]
    hs.correct(sources[0], tmp_path / "o.ome.tif", reference="first", report=False)
    (tmp_path / "out").mkdir()
    correct_all(sources[:1], tmp_path / "out", reference="first", report=False)
    before = (tmp_path / "out" / "a.ome.tif").stat().st_mtime_ns
    found = correct_all(sources, tmp_path / "out", reference="first", resume=True, report=False)
    assert all(isinstance(one, Registration) for one in found.values())
    assert (tmp_path / "out" / "a.ome.tif").stat().st_mtime_ns == before


def test_tables_of_transforms_that_do_not_add_up(movie: np.ndarray, tmp_path: Path) -> None:
    reg = hs.register(movie[:4], reference="first")
    table = reg.to_csv(tmp_path / "drift.csv").read_text().splitlines()

    def loaded(*rows: str) -> Registration:
        (tmp_path / "other.csv").write_text("\n".join([table[0], *rows]))
        return hs.load(tmp_path / "other.csv", frame_shape=(64, 64))

    np.testing.assert_allclose(loaded(*table[:0:-1]).shifts, reg.shifts, atol=1e-6)
    flagged = loaded(table[1], table[2].replace(",ok", ",unreadable"), *table[3:])
    assert [str(verdict) for verdict in flagged.verdicts] == ["ok", "unreadable", "ok", "ok"]
    with pytest.raises(FileError, match="missing or doubled"):
        loaded(table[1], table[1], *table[3:])
    with pytest.raises(FileError, match="not finite"):
        loaded(table[1].replace(table[1].split(",")[2], "nan", 1), *table[2:])
    reg.export(tmp_path / "t.tfm")
    np.testing.assert_allclose(hs.load(tmp_path / "t.tfm", frame_shape=(64, 64)).shifts, reg.shifts, atol=1e-12)


@pytest.mark.parametrize(
    "options", [{"memory": 2e9}, {"bin": 2.5}, {"channel": 1.5}, {"memory": b"2GB"}, {"average": "3"}]
)
def test_options_of_the_wrong_kind(movie: np.ndarray, options: dict[str, Any]) -> None:
    try:
        hs.register(movie[:6], reference="first", **options)
    except HoldstillError:
        return
    assert options == {"memory": 2e9}


def test_names_that_are_no_text(movie: np.ndarray, tmp_path: Path) -> None:
    name = b"m\xff\xe9.npy".decode("utf-8", "surrogateescape")
    try:
        np.save(tmp_path / name, movie[:6])
    except (OSError, UnicodeError):
        pytest.skip("this file system has no such names")
    assert (
        run(["correct", str(tmp_path / name), str(tmp_path / "out.ome.tif"), "--reference", "first", "--no-report"])
        == 0
    )


def test_command_line_refusals(movie: np.ndarray, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.save(tmp_path / "a.npy", movie[:6])
    assert run(["correct", str(tmp_path / "a.npy"), "-o", str(tmp_path / "o"), "--coverage", "c.tif"]) == 2
    assert run(["register", str(tmp_path / "a.npy"), "-o", str(tmp_path / "x.foo")]) == 2
    told = capsys.readouterr().err
    assert "--coverage is of one movie" in told
    assert "no format of transforms" in told


def test_axes_that_are_ignored_nowhere(tmp_path: Path) -> None:
    sitk = pytest.importorskip("SimpleITK")
    sitk.WriteImage(sitk.Image([8, 9, 10], sitk.sitkUInt8), str(tmp_path / "a.nrrd"))
    with pytest.raises(AxesError, match="does not fit its 3 dimensions"):
        open_source(tmp_path / "a.nrrd", axes="TZYX")
    array = zarr.create_array(
        tmp_path / "a.zarr", shape=(3, 9, 9), chunks=(1, 9, 9), dtype="u1", dimension_names=["trial", "yaw", "xcorr"]
    )
    array[:] = 1
    with open_source(tmp_path / "a.zarr") as source:
        assert source.info.axes == "TYX"  # as any three dimensions without names


def test_a_disk_that_fills_up_under_a_result(
    movie: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    source = tmp_path / "movie.tif"
    tifffile.imwrite(source, movie[:12])
    monkeypatch.setattr(os, "replace", full)
    assert run(["register", str(source), "-o", str(tmp_path / "drift.json")]) == 2
    assert "drift.json: no space left; clear some, or use another disk" in " ".join(capsys.readouterr().err.split())
    assert [path.name for path in tmp_path.iterdir()] == ["movie.tif"]


@pytest.mark.parametrize("options", [[], ["--crop"], ["--motion", "auto"]])
@pytest.mark.parametrize("name", ["out.ome.tif", "out.ome.zarr"])
def test_a_full_disk_is_told_before_any_work(
    movie: np.ndarray,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    options: list[str],
) -> None:
    """Where what is written is known after registering only, as much as the whole takes is asked for."""

    def work(*_: object, **__: object) -> None:
        raise AssertionError("nothing is registered before the disk was looked at")

    source = tmp_path / "movie.tif"
    tifffile.imwrite(source, movie[:12])
    monkeypatch.setattr("holdstill.run.correct.register_settled", work)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=99))
    assert run(["correct", str(source), str(tmp_path / name), *options]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert f"{name}: no space left: it needs" in said
    assert [path.name for path in tmp_path.iterdir()] == ["movie.tif"]
