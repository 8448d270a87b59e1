import errno
import os
from collections import namedtuple
from dataclasses import replace
from io import FileIO

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st

from holdstill.contracts import ImagesInfo
from holdstill.errors import FileError, FileInTheWay, InputError, NoSpace
from holdstill.io import create_sink, open_source
from holdstill.io.handles import HandlePool
from holdstill.io.tiff.sink import OME_DTYPES
from holdstill.testing.sinks import SinkTests

INFO = ImagesInfo(
    name="movie",
    axes="TCZYX",
    shape=(4, 2, 3, 10, 12),
    dtype=np.dtype(np.uint16),
    pixel_size_um=(2.0, 0.13, 0.065),
    frame_interval_s=0.25,
    channel_names=("DAPI", "GFP <&>"),
)
Usage = namedtuple("Usage", "total used free")


class TestTiffSink(SinkTests):
    suffix = ".ome.tif"


class TestBigTiffSink(SinkTests):
    suffix = ".btf"


def write(path, info, pixels):
    with create_sink(path, info) as sink:
        sink.write(0, pixels)
        sink.finish()


def test_metadata_round_trip(tmp_path):
    path = tmp_path / "out.ome.tif"
    write(path, INFO, np.ones(INFO.shape, np.uint16))
    with open_source(path) as source:
        assert source.info == replace(INFO, name=str(path))
    with tifffile.TiffFile(path) as tif:
        assert tif.is_ome
        assert tif.series[0].axes == "TCZYX"
        for part in ('DimensionOrder="XYZCT"', 'SizeT="4"', 'SizeC="2"', 'SizeZ="3"', 'PhysicalSizeXUnit="µm"'):
            assert part in tif.ome_metadata


@given(
    dtype=st.sampled_from(OME_DTYPES), shape=st.tuples(*[st.integers(1, 4)] * 5), axes=st.sampled_from(["TYX", "TCZYX"])
)
def test_any_dtype_and_shape(tmp_path_factory, dtype, shape, axes):
    path = tmp_path_factory.mktemp("sink") / "out.tif"
    shape = shape if axes == "TCZYX" else (shape[0], *shape[3:])
    info = ImagesInfo(name="movie", axes=axes, shape=shape, dtype=np.dtype(dtype))
    pixels = (
        np.random.default_rng(0).integers(0, 100, (info.n_frames, info.n_channels, *info.frame_shape)).astype(dtype)
    )
    write(path, info, pixels)
    with open_source(path, axes=axes) as source:
        assert (source.info.axes, source.info.shape) == (axes, shape)
        np.testing.assert_array_equal(source.read(0, shape[0]), pixels)


@pytest.mark.parametrize("dtype", ["bool", "int64", "uint64", "float16", "complex64"])
def test_pixels_that_ome_lacks_are_refused(tmp_path, dtype):
    with pytest.raises(FileError, match=rf"out\.tif: OME-TIFF cannot hold pixels of {dtype}; convert"):
        create_sink(tmp_path / "out.tif", replace(INFO, dtype=np.dtype(dtype)))
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_write(tmp_path):
    with pytest.raises(InputError, match="nothing to write"):
        create_sink(tmp_path / "out.tif", replace(INFO, shape=(0, 2, 3, 10, 12)))


def test_large_file_is_bigtiff_and_sparse(tmp_path):
    path = tmp_path / "out.tif"
    info = ImagesInfo(name="movie", axes="TYX", shape=(40, 8192, 8192), dtype=np.dtype(np.uint16))
    with create_sink(path, info):
        part = next(tmp_path.rglob("whole.part"))
        assert part.stat().st_size > 2**32
        if hasattr(os.stat_result, "st_blocks"):
            assert part.stat().st_blocks * 512 < 2**24
        with tifffile.TiffFile(part) as tif:
            assert tif.is_bigtiff


def test_folder_is_missing_or_the_target(tmp_path):
    with pytest.raises(FileError, match="there is no folder"):
        create_sink(tmp_path / "new" / "out.tif", INFO)
    (tmp_path / "out.tif").mkdir()
    with pytest.raises(FileInTheWay, match="is a folder"):
        create_sink(tmp_path / "out.tif", INFO, overwrite=True)


def test_folder_is_read_only(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tifffile, "TiffWriter", refuse)
    with pytest.raises(FileError, match=r"out\.tif: cannot be written: Permission denied; check the rights"):
        create_sink(tmp_path / "out.tif", INFO)


def test_target_that_appears_meanwhile_is_kept(tmp_path):
    path = tmp_path / "out.tif"
    with create_sink(path, INFO) as sink:
        sink.write(0, np.ones(INFO.shape, np.uint16))
        path.write_text("mine")
        with pytest.raises(FileInTheWay, match="appeared"):
            sink.finish()
    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]


def test_disk_too_small_is_found_before_the_start(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(9999, 9000, 999))
    with pytest.raises(NoSpace, match=r"out\.tif: no space left: it needs \d+ bytes and 999 are free"):
        create_sink(tmp_path / "out.tif", INFO)
    assert list(tmp_path.iterdir()) == []


def test_disk_that_fills_up_meanwhile(tmp_path, monkeypatch):
    class FullDisk(FileIO):
        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("holdstill.io.handles.FileIO", FullDisk)
    with create_sink(tmp_path / "out.tif", INFO) as sink, pytest.raises(NoSpace, match="no space left"):
        sink.write(0, np.ones(INFO.shape, np.uint16))
    assert list(tmp_path.iterdir()) == []


def test_pool_of_handles_stays_small(tmp_path):
    paths = [tmp_path / f"{i}.tif" for i in range(40)]
    pool = HandlePool("rb")
    for path in paths:
        path.write_text("x")
        with pool.borrow(path) as handle:
            assert handle.read() == b"x"
    with pool.borrow(paths[0]) as again:
        assert again.tell() == 1
        pool.close()
    assert again.closed
