"""Correction on access: what is lazy stays lazy, and what comes out is what `apply` writes."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr

import holdstill as hs

da = pytest.importorskip("dask.array")
xr = pytest.importorskip("xarray")


@pytest.fixture(scope="module")
def movie() -> np.ndarray:
    image = np.random.default_rng(0).random((60, 64)).cumsum(0).cumsum(1) % 50 * 100
    return np.stack([np.roll(image, (t, -t), axis=(0, 1)) for t in range(9)]).astype(np.uint16)


@pytest.fixture(scope="module")
def reg(movie: np.ndarray) -> hs.Registration:
    return hs.register(movie, reference="first")


@pytest.mark.parametrize("crop", [False, True])
@pytest.mark.parametrize("chunks", [(1, 60, 64), (4, 30, 64), (9, 60, 64)])
def test_dask_stays_dask(movie: np.ndarray, reg: hs.Registration, chunks: Any, crop: bool) -> None:
    expected = reg.apply(movie, crop=crop)
    lazy = reg.apply(da.from_array(movie, chunks), crop=crop)
    assert isinstance(lazy, da.Array)
    assert lazy.shape == expected.shape
    assert lazy.chunks[0] == da.from_array(movie, chunks).chunks[0]
    np.testing.assert_array_equal(lazy.compute(), expected)
    np.testing.assert_array_equal(lazy[3, 5:9].compute(), expected[3, 5:9])


def test_nothing_is_computed_before_it_is_asked_for(movie: np.ndarray, reg: hs.Registration) -> None:
    seen = []

    def note(block: np.ndarray, block_info: Any = None) -> np.ndarray:
        seen.append(block_info[0]["array-location"][0])
        return block

    source = da.from_array(movie, (3, 60, 64)).map_blocks(note, dtype=movie.dtype, meta=movie[:0])
    lazy = reg.apply(source)
    assert seen == []
    lazy[4].compute()
    assert seen == [(3, 6)]


def test_channels_and_volumes_of_dask() -> None:
    volumes = np.random.default_rng(1).random((3, 2, 6, 20, 24)).astype(np.float32).cumsum(3).cumsum(4)
    reg = hs.register(volumes, axes="TCZYX", reference="first")
    lazy = reg.apply(da.from_array(volumes, (1, 1, 3, 20, 24)), axes="TCZYX")
    np.testing.assert_array_equal(lazy.compute(), reg.apply(volumes, axes="TCZYX"))


@pytest.mark.parametrize("lazily", [False, True])
@pytest.mark.parametrize("crop", [False, True])
def test_xarray_keeps_what_it_knows(movie: np.ndarray, reg: hs.Registration, lazily: bool, crop: bool) -> None:
    data = da.from_array(movie, (2, 60, 64)) if lazily else movie
    coordinates = {"y": np.arange(60) * 0.5, "t": np.arange(9) * 2.0}
    images = xr.DataArray(data, dims=("t", "y", "x"), coords=coordinates, attrs={"stage": 3}, name="cells")
    found = hs.register(images, reference="first")
    np.testing.assert_array_equal(found.shifts, reg.shifts)
    result = found.apply(images, crop=crop)
    assert isinstance(result, xr.DataArray)
    assert isinstance(result.data, da.Array if lazily else np.ndarray)
    assert (result.dims, result.attrs, result.name) == (images.dims, images.attrs, "cells")
    np.testing.assert_array_equal(result.values, reg.apply(movie, crop=crop))
    np.testing.assert_array_equal(result.y, images.y[reg.coverage[0]] if crop else images.y)


def test_zarr_is_corrected_when_it_is_indexed(movie: np.ndarray, reg: hs.Registration, tmp_path: Path) -> None:
    array = zarr.create_array(tmp_path / "a.zarr", shape=movie.shape, chunks=(2, 60, 64), dtype=movie.dtype)
    array[:] = movie
    expected, lazy = reg.apply(movie), reg.apply(array)
    assert (lazy.shape, lazy.dtype, lazy.ndim, len(lazy)) == (movie.shape, movie.dtype, 3, 9)
    keys: list[Any] = [
        3, -1, slice(2, 5), slice(None, None, -2), (slice(1, 3), slice(4, 9)), (5, slice(None), 7), Ellipsis,
        (Ellipsis, 3), slice(7, 7), [2, 0, 5], (slice(8, 8), 3), np.int64(2),
    ]  # fmt: skip
    for key in keys:
        np.testing.assert_array_equal(lazy[key], expected[key], str(key))
    np.testing.assert_array_equal(np.asarray(lazy), expected)
    np.testing.assert_array_equal(da.from_array(lazy, chunks=(3, 60, 64)).compute(), expected)
    with pytest.raises(IndexError, match="no frame 9"):
        lazy[9]
    assert "CorrectedImages (9, 60, 64) uint16" in repr(lazy)


class Counting:
    """An array that notes which frames are asked for."""

    def __init__(self, movie: np.ndarray) -> None:
        self.movie, self.shape, self.dtype, self.seen = movie, movie.shape, movie.dtype, []

    def __getitem__(self, key: Any) -> np.ndarray:
        chosen = key[0] if isinstance(key, tuple) else key
        self.seen += range(*chosen.indices(len(self.movie)))
        return self.movie[key]


@pytest.mark.parametrize(
    ("key", "frames"),
    [([0, 8], [0, 8]), (slice(None, None, 3), [0, 3, 6]), ([7, 1, 1, 2], [1, 2, 7]), (slice(5, 2, -1), [3, 4, 5])],
)
def test_only_what_is_asked_for_is_read(movie: np.ndarray, reg: hs.Registration, key: Any, frames: list[int]) -> None:
    counting = Counting(movie)
    lazy = reg.apply(counting)
    counting.seen.clear()
    np.testing.assert_array_equal(lazy[key], reg.apply(movie)[key])
    np.testing.assert_array_equal(lazy[key, 3:9], reg.apply(movie)[key, 3:9])
    assert sorted(counting.seen) == sorted(2 * frames)
