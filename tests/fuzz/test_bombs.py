"""A file that unpacks to far more than it is, is refused before any memory is taken for it; honest ones are not."""

import json
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
import tifffile
import zarr

import holdstill as hs
from holdstill.errors import FileError
from holdstill.io import guards, open_source
from holdstill.io.guards import refuse_large
from holdstill.io.json_files import read_json
from holdstill.io.npz import list_members, map_member, read_npz
from holdstill.io.pictures import read_picture
from holdstill.io.tiff.chain import READ_BYTES, _CountedFile

ROOT = Path(__file__).parents[2]
MOST_MB, MOST_SECONDS = 600, 10


@pytest.mark.slow
def test_memory_and_time(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.bombs", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    told = json.loads(done.stdout)
    assert told["peak_mb"] < MOST_MB
    for name, one in told["files"].items():
        assert name in one["said"], one
        assert one["seconds"] < MOST_SECONDS
    assert len(told["files"]) == 7


@pytest.fixture
def small_limits(monkeypatch):
    """What is large, in kilobytes."""
    for module in ("guards", "array_files", "zarr.source"):
        monkeypatch.setattr(f"holdstill.io.{module}.LARGE_BYTES", 20_000)


FLAT = np.zeros((40, 128, 128), np.uint16)
FLAT[:, 0, 0] = np.random.default_rng(0).integers(1, 9000, 40)


def write_strips(path):
    tifffile.imwrite(path, FLAT, compression="zlib", rowsperstrip=128, metadata=None)


def write_tiles(path):
    tifffile.imwrite(path, FLAT, compression="zlib", tile=(128, 128), metadata=None)


def write_h5(path):
    with h5py.File(path, "w") as file:
        file.create_dataset("a", data=FLAT, chunks=(1, 128, 128), compression="gzip")


def write_zarr(path):
    zarr.create_array(path, shape=FLAT.shape, chunks=(1, 128, 128), dtype=FLAT.dtype)[:] = FLAT


@pytest.mark.parametrize(
    ("name", "write"), [("a.tif", write_strips), ("b.tif", write_tiles), ("a.h5", write_h5), ("a.zarr", write_zarr)]
)
def test_a_piece_too_large(tmp_path, small_limits, monkeypatch, name, write):
    write(tmp_path / name)
    monkeypatch.setattr(guards, "LARGE_RATIO", 5)
    with pytest.raises(FileError, match=rf"{name}: a (tile, strip or chunk|frame) of it unpacks to .* pass trust=True"):
        open_source(tmp_path / name)
    with open_source(tmp_path / name, trust=True) as source:
        np.testing.assert_array_equal(source.read(3, 7)[:, 0], FLAT[3:7])


def test_honest_pixels_pass(tmp_path, small_limits):
    noise = np.random.default_rng(0).poisson(0.2, (4, 128, 128)).astype(np.uint16)
    tifffile.imwrite(
        tmp_path / "a.tif", noise, compression="zlib", rowsperstrip=128, metadata=None, photometric="minisblack"
    )
    with open_source(tmp_path / "a.tif") as source:
        np.testing.assert_array_equal(source.read(0, 4)[:, 0], noise)
    raw = zarr.create_array(tmp_path / "a.zarr", shape=(4, 128, 128), dtype=np.uint16, chunks=(4, 128, 128),
                            compressors=None)  # fmt: skip
    raw[:] = 0
    with open_source(tmp_path / "a.zarr", trust=True) as source:
        assert source.segment is None
        assert source.block_bytes == 2 * noise.nbytes


def test_where_large_begins():
    refuse_large("a", "it", 1, 256 << 20)
    refuse_large("a", "it", (257 << 20) // 50 + 1, 257 << 20)
    with pytest.raises(FileError, match="a: it unpacks to 257 MB at once"):
        refuse_large("a", "it", 5_000_000, 257 << 20)


def test_every_image_of_a_folder_is_looked_at(tmp_path, small_limits):
    for n in range(3):
        tifffile.imwrite(tmp_path / f"{n}.tif", FLAT[n] if n == 2 else FLAT[n, :16, :16], compression="zlib")
    with open_source(tmp_path) as source, pytest.raises(FileError, match=r"2\.tif: it unpacks to"):
        source.read(0, 3)


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "tif"])
def test_pictures_are_measured_by_their_heads(tmp_path, suffix, monkeypatch):
    imagecodecs = pytest.importorskip("imagecodecs")
    path = tmp_path / f"a.{suffix}"
    image = np.zeros((70, 50, 3), np.uint8)
    if suffix == "tif":
        tifffile.imwrite(path, image, compression="zlib", photometric="rgb")
    else:
        imagecodecs.imwrite(path, image)
    assert read_picture(path).shape == image.shape
    seen = []
    monkeypatch.setattr("holdstill.io.pictures._refuse", lambda file, unpacked: seen.append(unpacked))
    read_picture(path)
    assert seen == [image.nbytes]


def test_npz_by_their_heads(tmp_path, small_limits):
    arrays = {
        "small": np.arange(12.0).reshape(3, 4),
        "flat": np.zeros((30, 30, 30)),
        "turned": np.asfortranarray(FLAT[:2]),
    }
    np.savez(tmp_path / "a.npz", **arrays)
    np.savez_compressed(tmp_path / "b.npz", **arrays)
    for member in list_members(tmp_path / "a.npz"):
        np.testing.assert_array_equal(map_member(tmp_path / "a.npz", member), arrays[member.name])
    assert read_npz(tmp_path / "a.npz").keys() == arrays.keys()
    with pytest.raises(FileError, match=r"b\.npz: it unpacks to"):
        read_npz(tmp_path / "b.npz")
    np.savez(tmp_path / "c.npz", a=np.array([{}], object))
    with pytest.raises(FileError, match="holds objects, which are never read"):
        read_npz(tmp_path / "c.npz")


def test_json_by_its_brackets(tmp_path, monkeypatch):
    path = tmp_path / "drift.json"
    path.write_text("[" + "[]," * 1_000_000 + "0]")
    assert len(read_json(path)) == 1_000_001
    monkeypatch.setattr("holdstill.io.json_files.LIMIT_BYTES", 90 << 20)
    with pytest.raises(FileError, match="would take more than 90 MB"):
        hs.load(path)
    assert len(read_json(path, trust=True)) == 1_000_001


def test_a_chain_is_no_longer_than_its_file(tmp_path):
    """Pages of a hostile file overlap, so that a million of them each have a table of a megabyte."""
    (tmp_path / "a.tif").write_bytes(bytes(1 << 20))
    with _CountedFile(tmp_path / "a.tif") as file:
        n_bytes = 0
        for _ in range(100):
            file.seek(0)
            n_bytes += len(file.read(1 << 40))
    assert n_bytes == 2 * (1 << 20) + READ_BYTES
