"""Zarr in and out: OME-Zarr 0.4 and 0.5, plain arrays, remote stores."""

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
import zarr
from hypothesis import given
from hypothesis import strategies as st

import holdstill as hs
from holdstill.contracts import ImagesInfo
from holdstill.errors import AxesError, FileError, HoldstillError, MissingExtra, MissingFile
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture
from holdstill.io import create_sink, open_source
from holdstill.io.zarr.metadata import find_images, ome_attributes
from holdstill.resampling.settings import Resampling
from holdstill.testing.sinks import SinkTests
from holdstill.testing.sources import SourceTests

INFO = ImagesInfo(
    name="movie", axes="TCZYX", shape=(7, 2, 3, 20, 24), dtype=np.dtype(np.uint16), pixel_size_um=(2.0, 0.5, 0.25),
    frame_interval_s=1.5, channel_names=("GFP", "DAPI"),
)  # fmt: skip


def pixels(shape: tuple[int, ...], dtype: Any = np.uint16) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 60000, shape).astype(dtype)


class TestPlainArray(SourceTests):
    @pytest.fixture(params=[2, 3])
    def images(self, request: pytest.FixtureRequest) -> np.ndarray:
        self.format = request.param
        return pixels((9, 1, 1, 20, 24), ">u2" if request.param == 2 else np.uint16).astype(np.uint16)

    @pytest.fixture
    def source(self, images: np.ndarray, tmp_path: Path) -> Iterator[Any]:
        array = zarr.create_array(
            tmp_path / "a.zarr", shape=(9, 20, 24), chunks=(4, 7, 24), dtype=np.uint16, zarr_format=self.format
        )
        array[:] = images[:, 0, 0]
        with open_source(tmp_path / "a.zarr") as source:
            yield source


class TestOmeZarr(SourceTests):
    """As version 0.4, on Zarr 2, and 0.5, on Zarr 3, say it."""

    @pytest.fixture(params=["0.4", "0.5"])
    def images(self, request: pytest.FixtureRequest) -> np.ndarray:
        self.version = request.param
        return pixels((7, 2, 3, 20, 24))

    @pytest.fixture
    def source(self, images: np.ndarray, tmp_path: Path) -> Iterator[Any]:
        attributes = ome_attributes(INFO, [1])
        attributes = attributes if self.version == "0.5" else attributes["ome"]
        group = zarr.open_group(
            tmp_path / "a.ome.zarr", mode="w", zarr_format=2 if self.version == "0.4" else 3, attributes=attributes
        )
        group.create_array("0", shape=images.shape, dtype=images.dtype, chunks=(3, 1, 1, 20, 24))[:] = images
        with open_source(tmp_path / "a.ome.zarr") as source:
            yield source

    def test_what_is_said_of_it(self, source: Any) -> None:
        for name in ("axes", "pixel_size_um", "frame_interval_s", "channel_names"):
            assert getattr(source.info, name) == getattr(INFO, name)


class TestZarrSink(SinkTests):
    suffix = ".ome.zarr"


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32, np.float64])
def test_metadata_there_and_back(tmp_path: Path, dtype: type) -> None:
    info = ImagesInfo(**{**INFO.__dict__, "dtype": np.dtype(dtype)})
    block = pixels(info.shape, dtype)
    with create_sink(tmp_path / "a.zarr", info) as sink:
        sink.write(0, block)
        sink.finish()
    with open_source(tmp_path / "a.zarr") as source:
        assert {**source.info.__dict__, "name": "movie"} == info.__dict__
        np.testing.assert_array_equal(source.read(0, 7), block)
    attributes = json.loads((tmp_path / "a.zarr" / "zarr.json").read_text())["attributes"]
    assert attributes["ome"]["version"] == "0.5"


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_large_images_have_a_pyramid(tmp_path: Path, dtype: type) -> None:
    info = ImagesInfo(name="a", axes="TYX", shape=(3, 1030, 530), dtype=np.dtype(dtype), pixel_size_um=(None, 1.0, 0.5))
    block = pixels((3, 1, 1030, 530), dtype)
    with create_sink(tmp_path / "a.zarr", info) as sink:
        sink.write(0, block)
        sink.finish()
    group = zarr.open_group(tmp_path / "a.zarr", mode="r")
    scales = group.attrs["ome"]["multiscales"][0]["datasets"]
    assert [one["path"] for one in scales] == ["0", "1", "2"]
    assert scales[1]["coordinateTransformations"][0]["scale"] == [1.0, 2.0, 1.0]
    assert scales[1]["coordinateTransformations"][1]["translation"] == [0.0, 0.5, 0.25]
    mean = block[:, 0].reshape(3, 515, 2, 265, 2).mean(axis=(2, 4), dtype=np.float64)
    expected = np.rint(mean) if dtype is np.uint16 else mean.astype(np.float32)
    np.testing.assert_array_equal(group["1"][:], expected)


@pytest.fixture
def movie(tmp_path: Path) -> Path:
    frames = make_movie(texture((64, 72)), trajectories.walk(130, 0.5, seed=1), photons=300.0, seed=2).frames
    array = zarr.create_array(tmp_path / "in.zarr", shape=frames.shape, chunks=(10, 64, 72), dtype=frames.dtype)
    array[:] = frames
    return tmp_path / "in.zarr"


def test_file_to_file(movie: Path, tmp_path: Path) -> None:
    reg = hs.correct(movie, tmp_path / "out.ome.zarr", reference=0)
    with open_source(tmp_path / "out.ome.zarr") as source, open_source(movie) as original:
        np.testing.assert_array_equal(source.read(0, 130)[:, 0], reg.apply(original))
    hs.correct(movie, tmp_path / "tiff.ome.tif", reference=0, report=False)
    np.testing.assert_array_equal(tifffile.imread(tmp_path / "tiff.ome.tif"), reg.apply(zarr.open_array(movie)[:]))
    assert (tmp_path / "out.report.html").exists()


def test_resumed(movie: Path, tmp_path: Path) -> None:
    done = 0

    def stop(stage: str, n: int, total: int) -> None:
        nonlocal done
        done += stage != "sample"
        if done == 2:
            raise KeyboardInterrupt

    target, whole = tmp_path / "out.ome.zarr", tmp_path / "whole.ome.zarr"
    with pytest.raises(KeyboardInterrupt):
        hs.correct(movie, target, progress=stop, report=False, workers=1)
    assert not target.exists()
    hs.correct(movie, target, resume=True, report=False)
    hs.correct(movie, whole, report=False)
    files = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(target) for path in target.rglob("*") if path.is_file())
    for file in files:
        assert (whole / file).read_bytes() == (target / file).read_bytes()
    assert not list(tmp_path.glob(".*"))


def test_any_order_of_axes(tmp_path: Path) -> None:
    images = pixels((5, 20, 24))
    array = zarr.create_array(
        tmp_path / "a.zarr", shape=(20, 24, 5), dtype=np.uint16, dimension_names=["y", "x", "time"]
    )
    array[:] = images.transpose(1, 2, 0)
    with open_source(tmp_path / "a.zarr") as source:
        assert source.info.axes == "TYX"
        np.testing.assert_array_equal(source.read(1, 4)[:, 0], images[1:4])


def test_what_is_inside(tmp_path: Path) -> None:
    group = zarr.open_group(tmp_path / "a.zarr", mode="w")
    for name in ("one", "two"):
        group.create_array(name, shape=(4, 20, 24), dtype=np.uint16)[:] = pixels((4, 20, 24))
    with pytest.raises(FileError, match=r"holds no single image; name one .*a\.zarr/one, .*a\.zarr/two"):
        open_source(tmp_path / "a.zarr")
    with open_source(tmp_path / "a.zarr" / "two") as source:
        assert source.info.shape == (4, 20, 24)
    zarr.open_group(tmp_path / "b.zarr", mode="w").create_array("only", shape=(4, 20, 24), dtype=np.uint16)
    with open_source(tmp_path / "b.zarr") as source:
        assert source.info.n_frames == 4


def test_bad_ones(tmp_path: Path) -> None:
    with pytest.raises(MissingFile):
        open_source(tmp_path / "missing.zarr")
    (tmp_path / "no.zarr").mkdir()
    with pytest.raises(FileError, match="is not a Zarr that can be read"):
        open_source(tmp_path / "no.zarr")
    zarr.create_array(tmp_path / "4d.zarr", shape=(4, 2, 20, 24), dtype=np.uint16)
    with pytest.raises(AxesError, match="does not say what its axes are"):
        open_source(tmp_path / "4d.zarr")
    with open_source(tmp_path / "4d.zarr", axes="TCYX") as source:
        assert source.info.n_channels == 2
    zarr.create_array(tmp_path / "complex.zarr", shape=(4, 20, 24), dtype=np.complex64)
    with pytest.raises(HoldstillError, match="complex64"):
        open_source(tmp_path / "complex.zarr")


def test_a_damaged_chunk_is_named(tmp_path: Path) -> None:
    array = zarr.create_array(tmp_path / "a.zarr", shape=(6, 20, 24), chunks=(2, 20, 24), dtype=np.uint16)
    array[:] = pixels((6, 20, 24))
    (tmp_path / "a.zarr" / "c" / "1" / "0" / "0").write_bytes(b"damaged")
    with open_source(tmp_path / "a.zarr") as source:
        source.read(0, 2)
        with pytest.raises(FileError, match="frames 2 to 3 cannot be read"):
            source.read(2, 4)


def test_over_the_network(movie: Path) -> None:
    pytest.importorskip("fsspec", reason="the extra remote is not installed")
    pytest.importorskip("aiohttp", reason="the extra remote is not installed")
    handler = functools.partial(_Quiet, directory=str(movie.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with open_source(f"http://127.0.0.1:{server.server_port}/in.zarr") as source:
            np.testing.assert_array_equal(source.read(17, 23)[:, 0], zarr.open_array(movie)[17:23])
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


def test_an_address_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "fsspec", None)
    with pytest.raises(MissingExtra, match=r'pip install "holdstill\[remote\]"'):
        open_source("s3://bucket/movie.zarr")


JSON = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["ome", "multiscales", "axes", "name", "datasets", "path", "omero", "channels", "scale", "type",
                         "coordinateTransformations", "unit"]), inner, max_size=5),
    max_leaves=15,
)  # fmt: skip


@given(content=JSON, deep=JSON)
def test_fuzzed_metadata(content: Any, deep: Any) -> None:
    for attributes in (
        {"ome": content},
        {"multiscales": [content]},
        {"multiscales": [{"axes": deep, "datasets": content}]},
    ):
        try:
            find_images(attributes, "a.zarr")
        except HoldstillError:
            continue


def test_where_images_lie_is_kept(tmp_path: Path) -> None:
    info = ImagesInfo(
        name="tile", axes="TZYX", shape=(3, 5, 64, 64), dtype=np.dtype(np.uint8), pixel_size_um=(2.0, 0.5, 0.25),
        origin_um=(-4.0, 120.0, 33.5),
    )  # fmt: skip
    with create_sink(tmp_path / "tile.zarr", info) as sink:
        sink.write(0, np.zeros((3, 1, 5, 64, 64), np.uint8))
        sink.finish()
    with open_source(tmp_path / "tile.zarr", trust=True) as source:
        assert source.info.origin_um == info.origin_um
        cropped = Resampling(crop=(slice(1, 5), slice(10, 60), slice(4, 60))).result(source.info)
    np.testing.assert_allclose(cropped.origin_um, (-2.0, 125.0, 34.5))
