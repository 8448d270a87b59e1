"""Metadata of a Zarr are written by others: damaged or hostile, they are refused in a line, and never followed out."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaozarrs
import zarr

from holdstill.contracts import ImagesInfo
from holdstill.errors import FileError, HoldstillError
from holdstill.io import create_sink, open_source
from holdstill.io.zarr.metadata import ome_attributes
from holdstill.io.zarr.opening import inner_path

INFO = ImagesInfo(name="movie", axes="TYX", shape=(4, 16, 20), dtype=np.dtype(np.uint16))
BAD_PATHS = ["", "/", ".", "..", "../secret", "0/../../secret", "/etc", "0//1", "\\secret", "file:///etc", None, 7, []]


def write_image(path: Path, version: int = 3, **attributes: Any) -> Path:
    said = ome_attributes(INFO, [1])
    said["ome"] |= attributes
    group = zarr.open_group(path, mode="w", zarr_format=version, attributes=said if version == 3 else said["ome"])
    group.create_array("0", shape=INFO.shape, dtype=INFO.dtype, chunks=(2, 16, 20))[:] = np.arange(1280).reshape(
        4, 16, 20
    )
    return path


def is_refused(store: Path) -> bool:
    try:
        with open_source(store) as source:
            source.read(0, min(source.info.n_frames, 4))
    except HoldstillError as error:
        return "\n" not in str(error)
    return False


@pytest.mark.parametrize("said", BAD_PATHS)
def test_paths_that_are_not_inside(said: Any) -> None:
    with pytest.raises(FileError, match=r"a\.zarr: its metadata name .*, which is not a path inside of it"):
        inner_path(said, "a.zarr")


@pytest.mark.parametrize("said", ["0", "A/1/0", "s0", "scale.0", "..."])
def test_paths_that_are_inside(said: str) -> None:
    assert inner_path(said, "a.zarr") == said


@pytest.mark.parametrize("climbing", ["../secret", "/secret", ""])
@pytest.mark.parametrize("where", ["multiscale", "series", "plate", "well"])
def test_nothing_outside_of_the_store_is_read(tmp_path: Path, where: str, climbing: str) -> None:
    write_image(tmp_path / "secret")
    store = tmp_path / "a.zarr"
    if where == "multiscale":
        scales = ome_attributes(INFO, [1])["ome"]["multiscales"]
        scales[0]["datasets"][0]["path"] = climbing and f"{climbing}/0"
        write_image(store, multiscales=scales)
    elif where == "series":
        group = zarr.open_group(store, mode="w", attributes={"ome": {"version": "0.5", "bioformats2raw.layout": 3}})
        group.create_group("OME", attributes={"ome": {"version": "0.5", "series": [climbing]}})
    else:
        well = climbing if where == "plate" else "A/1"
        group = zarr.open_group(store, mode="w", attributes={"ome": {"plate": {"wells": [{"path": well}]}}})
        group.create_group("A/1", attributes={"ome": {"well": {"images": [{"path": climbing}]}}})
    with pytest.raises(FileError, match="which is not a path inside of it"):
        open_source(store)


def test_scenes_are_not_lists_of_scenes(tmp_path: Path) -> None:
    series = {"ome": {"version": "0.5", "bioformats2raw.layout": 3}}
    group = zarr.open_group(tmp_path / "a.zarr", mode="w", attributes=series)
    inner = group.create_group("0", attributes=series)
    for depth in range(5):
        inner = inner.create_group("0" * (depth + 1), attributes=series)
    with pytest.raises(FileError, match="holds no single image"):
        open_source(tmp_path / "a.zarr")


@pytest.mark.parametrize("version", [2, 3])
def test_flipped_bits_in_metadata(tmp_path: Path, version: int) -> None:
    store = write_image(tmp_path / "a.zarr", version)
    files = sorted(file for file in store.rglob("*") if file.name.startswith((".z", "zarr.json")))
    random_bits = random.Random(version)
    n_refused = 0
    for _ in range(60):
        file = random_bits.choice(files)
        whole = file.read_bytes()
        bit = random_bits.randrange(8 * len(whole))
        file.write_bytes(whole[: bit // 8] + bytes([whole[bit // 8] ^ 1 << bit % 8]) + whole[bit // 8 + 1 :])
        n_refused += is_refused(store)
        file.write_bytes(whole)
    assert n_refused > 30
    with open_source(store) as source:
        assert source.info.n_frames == 4


def test_metadata_that_would_fill_the_memory(tmp_path: Path) -> None:
    store = write_image(tmp_path / "a.zarr")
    with (store / "zarr.json").open("a") as file:
        file.write(" " * (8 << 20) + "[" * (8 << 20))
    with pytest.raises(FileError, match=r"zarr\.json: its JSON would take more than 400 MB"):
        open_source(store)


@pytest.mark.parametrize("axes", ["TYX", "TCZYX", "TCYX"])
def test_what_is_written_follows_the_specification(tmp_path: Path, axes: str) -> None:
    lengths = {"T": 3, "C": 2, "Z": 4, "Y": 1030, "X": 300}
    shape = tuple(lengths[axis] for axis in axes)
    info = ImagesInfo(
        name="movie", axes=axes, shape=shape, dtype=np.dtype(np.uint8), pixel_size_um=(2.0, 0.5, 0.25),
        frame_interval_s=1.5, channel_names=("GFP", "DAPI") if "C" in axes else ("GFP",), origin_um=(1.0, 2.0, 3.0),
    )  # fmt: skip
    with create_sink(tmp_path / "a.ome.zarr", info) as sink:
        sink.write(0, np.ones((3, info.n_channels, *info.frame_shape), np.uint8))
        sink.finish()
    yaozarrs.validate_zarr_store(str(tmp_path / "a.ome.zarr"))
    attributes = json.loads((tmp_path / "a.ome.zarr" / "zarr.json").read_text())["attributes"]
    assert isinstance(yaozarrs.validate_ome_object(attributes["ome"]), yaozarrs.v05.Image)
