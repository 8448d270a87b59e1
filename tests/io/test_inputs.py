"""No target destroys what is read, whatever leads to it; and what changed since is noticed."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
import zarr

import holdstill as hs
from holdstill.errors import FileInTheWay
from holdstill.io import create_sink, inputs, open_source
from holdstill.io.inputs import check_apart, check_replaceable, fingerprint

MOVIE = np.random.default_rng(0).integers(0, 999, (4, 16, 16), np.uint16)


def ome_set(folder: Path) -> tuple[Any, list[str]]:
    """Four files, each of one frame, all of which the first names."""
    names = [f"s_t{t}.ome.tif" for t in range(4)]
    data = "".join(
        f'<TiffData FirstT="{t}" IFD="0" PlaneCount="1"><UUID FileName="{name}">urn:uuid:{name}</UUID></TiffData>'
        for t, name in enumerate(names)
    )
    for name, frame in zip(names, MOVIE, strict=True):
        xml = (
            f'<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="urn:uuid:{name}"><Image ID="I:0">'
            '<Pixels ID="P:0" DimensionOrder="XYZCT" Type="uint16" SizeX="16" SizeY="16" SizeZ="1" SizeC="1" SizeT="4">'
            f'<Channel ID="C:0"/>{data}</Pixels></Image></OME>'
        )
        tifffile.imwrite(folder / name, frame, metadata=None, description=xml, photometric="minisblack")
    return folder / names[0], names


def plain_tiff(folder: Path) -> tuple[Any, list[str]]:
    tifffile.imwrite(folder / "a.tif", MOVIE, metadata={"axes": "TYX"}, photometric="minisblack")
    return folder / "a.tif", ["a.tif"]


def images(folder: Path) -> tuple[Any, list[str]]:
    for t in range(4):
        tifffile.imwrite(folder / f"{t}.tif", MOVIE[t])
    return folder, [f"{t}.tif" for t in range(4)]


def parts(folder: Path) -> tuple[Any, list[str]]:
    np.save(folder / "a.npy", MOVIE)
    np.save(folder / "b.npy", MOVIE)
    return [folder / "a.npy", folder / "b.npy"], ["a.npy", "b.npy"]


def a_zarr(folder: Path) -> tuple[Any, list[str]]:
    zarr.create_array(folder / "a.zarr", data=MOVIE)
    return folder / "a.zarr", ["a.zarr", "a.zarr/zarr.json"]


def hdf5(folder: Path) -> tuple[Any, list[str]]:
    h5py = pytest.importorskip("h5py")
    for name in ("one.h5", "two.h5"):
        with h5py.File(folder / name, "w") as file:
            file["x"] = MOVIE[:2]
    layout = h5py.VirtualLayout((4, 16, 16), np.uint16)
    layout[:2] = h5py.VirtualSource(folder / "one.h5", "x", (2, 16, 16))
    layout[2:] = h5py.VirtualSource("two.h5", "x", (2, 16, 16))
    with h5py.File(folder / "all.h5", "w") as file:
        file.create_virtual_dataset("movie", layout)
    return folder / "all.h5", ["all.h5", "one.h5", "two.h5"]


def linked_hdf5(folder: Path) -> tuple[Any, list[str]]:
    h5py = pytest.importorskip("h5py")
    with h5py.File(folder / "raw.h5", "w") as file:
        file["x"] = MOVIE
    with h5py.File(folder / "master.h5", "w") as file:
        file["movie"] = h5py.ExternalLink("raw.h5", "x")
    return f"{folder / 'master.h5'}::/movie", ["master.h5", "raw.h5"]


def volume(folder: Path) -> tuple[Any, list[str]]:
    pytest.importorskip("SimpleITK")
    (folder / "v.raw").write_bytes(MOVIE.tobytes())
    (folder / "v.mhd").write_text(
        "ObjectType = Image\nNDims = 3\nDimSize = 16 16 4\nElementType = MET_USHORT\nElementDataFile = v.raw\n"
    )
    return folder / "v.mhd", ["v.mhd", "v.raw"]


def volume_in_a_tiff(folder: Path) -> tuple[Any, list[str]]:
    pytest.importorskip("SimpleITK")
    (folder / "v.tif").write_bytes(MOVIE.tobytes())
    (folder / "v.mhd").write_text(
        "ObjectType = Image\nNDims = 3\nDimSize = 16 16 4\nElementType = MET_USHORT\nElementDataFile = v.tif\n"
    )
    return folder / "v.mhd", ["v.mhd", "v.tif"]


def volume_of_slices(folder: Path) -> tuple[Any, list[str]]:
    pytest.importorskip("SimpleITK")
    for t in range(4):
        (folder / f"s{t}.raw").write_bytes(MOVIE[t].tobytes())
    (folder / "v.mhd").write_text(
        "ObjectType = Image\nNDims = 3\nDimSize = 16 16 4\nElementType = MET_USHORT\nElementDataFile = s%d.raw 0 3 1\n"
    )
    return folder / "v.mhd", ["v.mhd", *(f"s{t}.raw" for t in range(4))]


def nrrd(folder: Path) -> tuple[Any, list[str]]:
    pytest.importorskip("SimpleITK")
    (folder / "v.raw").write_bytes(MOVIE.tobytes())
    (folder / "v.nrrd").write_text(
        "NRRD0004\ntype: unsigned short\ndimension: 3\nsizes: 16 16 4\nencoding: raw\nendian: little\n"
        "data file: v.raw\n\n"
    )
    return folder / "v.nrrd", ["v.nrrd", "v.raw"]


def video(folder: Path) -> tuple[Any, list[str]]:
    av = pytest.importorskip("av")
    with av.open(str(folder / "v.avi"), "w") as container:
        stream = container.add_stream("ffv1", rate=5)
        stream.width, stream.height, stream.pix_fmt = 16, 16, "gray"
        for frame in MOVIE.astype(np.uint8):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="gray")))
        container.mux(stream.encode())
    return folder / "v.avi", ["v.avi"]


FORMATS = [
    ome_set, plain_tiff, images, parts, a_zarr, hdf5, linked_hdf5, volume, volume_in_a_tiff, volume_of_slices, nrrd,
    video,
]  # fmt: skip


@pytest.mark.parametrize("make", FORMATS, ids=lambda make: make.__name__)
def test_every_file_of_every_format(tmp_path: Path, make: Callable[[Path], tuple[Any, list[str]]]) -> None:
    """What a source opened is known, and is no target: by its name, by a link, by a hard link."""
    folder = tmp_path / "in"
    folder.mkdir()
    given, names = make(folder)
    with open_source(given) as source:
        files = source.files
    for number, name in enumerate(names):
        with pytest.raises(FileInTheWay):
            check_apart([folder / name], files)
        (tmp_path / f"link{number}").symlink_to(folder / name)
        with pytest.raises(FileInTheWay):
            check_apart([tmp_path / f"link{number}"], files)
        if (folder / name).is_file():
            os.link(folder / name, tmp_path / f"hard{number}")
            if len(files) == 1 and name != str(files[0].name):
                continue  # inside of a folder that is the input
            with pytest.raises(FileInTheWay):
                check_apart([tmp_path / f"hard{number}"], files)
    check_apart([tmp_path / "out.ome.tif"], files)
    before = fingerprint(files)
    assert before == fingerprint(files)
    for name in names:
        file = folder / name
        if file.is_file():
            whole, status = file.read_bytes(), file.stat()
            file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
            os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
            assert fingerprint(files) != before, "of the same size and time, but with other content"
            file.write_bytes(whole)
            os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
            assert fingerprint(files) == before


def test_a_third_file_that_the_first_names(tmp_path: Path) -> None:
    first, names = ome_set(tmp_path)
    before = [(tmp_path / name).read_bytes() for name in names]
    with pytest.raises(FileInTheWay, match="input and output are the same file"):
        hs.correct(first, tmp_path / names[3], overwrite=True, report=False)
    assert before == [(tmp_path / name).read_bytes() for name in names]
    assert not list(tmp_path.glob(".*"))


def test_applying_to_a_file_that_the_first_names(tmp_path: Path) -> None:
    first, names = ome_set(tmp_path)
    (tmp_path / "drift.csv").write_text("frame,shift_y_px,shift_x_px\n" + "".join(f"{t},0,0\n" for t in range(4)))
    reg = hs.load(tmp_path / "drift.csv", frame_shape=(16, 16))
    before = (tmp_path / names[3]).read_bytes()
    with pytest.raises(FileInTheWay, match="input and output are the same file"):
        reg.apply(first, out=tmp_path / names[3], overwrite=True)
    assert before == (tmp_path / names[3]).read_bytes()


def test_relative_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_tiff(tmp_path)
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    with pytest.raises(FileInTheWay, match="same file"):
        check_apart([Path("../a.tif")], [tmp_path / "a.tif"])


def test_disks_that_do_not_tell_cases_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_tiff(tmp_path)
    real = os.stat

    def stat(path: Any, **options: Any) -> os.stat_result:
        return real(os.fspath(path).replace("A.TIF", "a.tif") if isinstance(path, os.PathLike) else path, **options)

    monkeypatch.setattr(inputs.os, "stat", stat)
    with pytest.raises(FileInTheWay, match="same file"):
        check_apart([tmp_path / "A.TIF"], [tmp_path / "a.tif"])
    with pytest.raises(FileInTheWay, match="two results would have this name"):
        check_apart([tmp_path / "out.tif", tmp_path / "OUT.tif"], [])


def test_folders_that_were_not_made_here(tmp_path: Path) -> None:
    ours = tmp_path / "ours.ome.zarr"
    with open_source(MOVIE) as source, create_sink(ours, source.info) as sink:
        sink.write(0, MOVIE[:, None])
        sink.finish()
    check_replaceable(ours, overwrite=True)
    with pytest.raises(FileInTheWay, match="exists already"):
        check_replaceable(ours, overwrite=False)
    zarr.create_array(tmp_path / "raw.ome.zarr", data=MOVIE)
    (tmp_path / "photos.ome.zarr").mkdir()
    (tmp_path / "photos.ome.zarr" / "wedding.jpg").touch()
    for name in ("raw.ome.zarr", "photos.ome.zarr"):
        with pytest.raises(FileInTheWay, match="not made here"):
            create_sink(tmp_path / name, source.info, overwrite=True)
    (ours / "labels").mkdir()
    with pytest.raises(FileInTheWay, match="labels in it was not written here"):
        create_sink(ours, source.info, overwrite=True)
    assert not list(tmp_path.glob(".*"))


def test_arrays_that_lie_in_files(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", MOVIE)
    with open_source(np.load(tmp_path / "a.npy", mmap_mode="r")) as source:
        assert source.files == (tmp_path / "a.npy",)
    with open_source(zarr.create_array(tmp_path / "a.zarr", data=MOVIE), axes="TYX") as source:
        assert source.files == (tmp_path / "a.zarr",)
    with open_source(MOVIE) as source:
        assert source.files == ()


def test_a_fingerprint_reads_little_of_a_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open(tmp_path / "large", "wb") as file:
        file.truncate(1 << 40)
    assert sum(size for _, size in inputs._samples(1 << 40)) < 1 << 20
    before = fingerprint([tmp_path / "large"])
    status = (tmp_path / "large").stat()
    with open(tmp_path / "large", "r+b") as file:
        file.seek(inputs._samples(1 << 40)[30][0] + 7)
        file.write(b"x")
    os.utime(tmp_path / "large", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert fingerprint([tmp_path / "large"]) != before
