"""Sources that were once read wrongly or not at all: masks, ScanImage, virtual datasets, archives, addresses."""

import functools
import http.server
import json
import pickle
import threading
from pathlib import Path

import h5py
import numpy as np
import pytest
import tifffile
import zarr

from holdstill.cli import run
from holdstill.cli.address import Address, parse_place
from holdstill.errors import FileError, InputError
from holdstill.io import open_source

FRAMES = np.random.default_rng(0).integers(1, 999, (9, 32, 48)).astype(np.int16)


@pytest.mark.parametrize("dtype", [np.int16, np.float32])
def test_masked_pixels_are_unknown(dtype: type) -> None:
    masked = np.ma.masked_greater(FRAMES.astype(dtype), 900)
    with open_source(masked) as source:
        assert source.info.dtype == np.float32
        block = source.read(2, 5)[:, 0]
    np.testing.assert_array_equal(block, np.where(FRAMES[2:5] > 900, np.nan, FRAMES[2:5].astype(np.float32)))
    with open_source(np.ma.array(FRAMES)) as source:
        assert source.info.dtype == FRAMES.dtype, "nothing is masked"
        np.testing.assert_array_equal(source.read(0, 9)[:, 0], FRAMES)


class Lazy:
    """What gives masked arrays when it is sliced, as netCDF does."""

    shape, dtype = FRAMES.shape, FRAMES.dtype

    def __getitem__(self, key: object) -> np.ndarray:
        return np.ma.masked_greater(FRAMES[key], 900)  # type: ignore[index]


def test_masks_that_come_unasked() -> None:
    with open_source(Lazy()) as source, pytest.raises(InputError, match="masked, which whole numbers cannot say"):
        source.read(0, 1)


@pytest.mark.parametrize("n", [4, 6, 12])
@pytest.mark.parametrize("bigtiff", [True, False])
def test_no_frame_of_scanimage_is_lost(tmp_path: Path, n: int, bigtiff: bool) -> None:
    """Texts of pages differ in length, so that pages are not equally far apart."""
    frames = np.tile(FRAMES, (2, 1, 1))[:n]
    for channels, saved in ((1, "[1]"), (2, "[1;2]")):
        some = frames[: len(frames) // channels * channels]
        software = f"SI.VERSION_MAJOR = 5\nSI.hChannels.channelSave = {saved}\n"
        with tifffile.TiffWriter(tmp_path / "a.tif", bigtiff=bigtiff) as tif:
            for t, frame in enumerate(some):
                tif.write(
                    frame, metadata=None, contiguous=False, software=software,
                    description=f"frameNumbers = {t + 1}\nframeTimestamps_sec = {t * 0.033}\nscanimage.SI",
                )  # fmt: skip
        with open_source(tmp_path / "a.tif") as source:
            assert source.info.axes == ("TCYX" if channels == 2 else "TYX")
            np.testing.assert_array_equal(source.read(0, source.info.n_frames).reshape(some.shape), some)


def test_virtual_datasets(tmp_path: Path) -> None:
    for part in range(3):
        with h5py.File(tmp_path / f"p{part}.h5", "w") as file:
            file["a"] = FRAMES[3 * part : 3 * part + 3]
    layout = h5py.VirtualLayout(FRAMES.shape, FRAMES.dtype)
    for part in range(3):
        layout[3 * part : 3 * part + 3] = h5py.VirtualSource(f"p{part}.h5", "a", (3, 32, 48))
    with h5py.File(tmp_path / "all.h5", "w") as file:
        file.create_virtual_dataset("all", layout)
    with open_source(tmp_path / "all.h5") as source:
        np.testing.assert_array_equal(source.read(0, 9)[:, 0], FRAMES)
        assert len(source.files) == 4
    (tmp_path / "p1.h5").unlink()
    with pytest.raises(FileError, match=r"tells of parts in .*p1\.h5, which is not there"):
        open_source(tmp_path / "all.h5")
    with h5py.File(tmp_path / "p1.h5", "w") as file:
        file["b"] = FRAMES[:3]
    with pytest.raises(FileError, match=r"tells of a in .*p1\.h5, where it is not"):
        open_source(tmp_path / "all.h5")


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_npz(tmp_path: Path, save: object) -> None:
    save(tmp_path / "a.npz", movie=FRAMES, shifts=np.zeros((9, 2)))  # type: ignore[operator]
    save(tmp_path / "b.npz", one=FRAMES, two=np.asfortranarray(FRAMES))  # type: ignore[operator]
    for place in ("a.npz", "a.npz::movie", "b.npz::two"):
        with open_source(tmp_path / place) as source, pickle.loads(pickle.dumps(source)) as again:
            np.testing.assert_array_equal(again.read(1, 9)[:, 0], FRAMES[1:])
    with pytest.raises(FileError, match=r"name one of its arrays, as b\.npz::name; it has ::one .*::two"):
        open_source(tmp_path / "b.npz")
    (tmp_path / "c.npz").write_bytes((tmp_path / "a.npz").read_bytes()[:500])
    with pytest.raises(FileError, match=r"c\.npz: is not a \.npz that can be read"):
        open_source(tmp_path / "c.npz")


def test_zarr_in_one_file(tmp_path: Path) -> None:
    with zarr.storage.ZipStore(tmp_path / "a.zarr.zip", mode="w") as store:
        said = {"ome": {"version": "0.5", "multiscales": [{
            "axes": [{"name": axis, "type": "space"} for axis in "tyx"],
            "datasets": [{"path": "0"}]}]}}  # fmt: skip
        group = zarr.open_group(store, mode="w", zarr_format=3, attributes=said)
        group.create_array("0", shape=FRAMES.shape, dtype=FRAMES.dtype, chunks=(2, 32, 48))[:] = FRAMES
    with open_source(tmp_path / "a.zarr.zip") as source, pickle.loads(pickle.dumps(source)) as again:
        assert source.info.axes == "TYX"
        np.testing.assert_array_equal(again.read(1, 9)[:, 0], FRAMES[1:])
    (tmp_path / "b.zarr.zip").write_bytes((tmp_path / "a.zarr.zip").read_bytes()[:1000])
    with pytest.raises(FileError, match=r"b\.zarr\.zip: is not a Zarr that can be read"):
        open_source(tmp_path / "b.zarr.zip")


def test_addresses_keep_their_slashes() -> None:
    place = parse_place("http://host:80/a%20b/x.ome.zarr")
    assert isinstance(place, Address)
    assert str(place) == "http://host:80/a%20b/x.ome.zarr"
    assert str(pickle.loads(pickle.dumps(place))) == str(place)
    assert place.name == "x.ome.zarr"
    assert not place.exists()
    assert type(parse_place("a/b.tif")) is type(Path())


def test_an_address_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("aiohttp", reason="the extra remote is not installed")
    zarr.create_array(tmp_path / "x.zarr", shape=FRAMES.shape, dtype=FRAMES.dtype)[:] = FRAMES

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    handler = functools.partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert run(["info", f"http://127.0.0.1:{server.server_port}/x.zarr", "--json"]) == 0
        server.shutdown()
    assert json.loads(capsys.readouterr().out)["shape"] == [9, 32, 48]
