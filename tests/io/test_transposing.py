"""Axes in any order: frames come as T C Z Y X, results go back in the order that was given."""

from itertools import permutations
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import xarray
from dask import array as da
from tifffile import imread

import holdstill as hs
from holdstill.io.array import ArraySource
from holdstill.io.array_files import Hdf5Source
from holdstill.io.transposing import TransposedArray, find_order, transpose

PIXELS = np.arange(2 * 3 * 4 * 5, dtype=np.uint16).reshape(2, 3, 4, 5)  # TCYX


def test_the_order_of_letters() -> None:
    assert find_order("TCZYX") == (0, 1, 2, 3, 4)
    assert find_order("yxt") == (2, 0, 1)
    assert find_order("TYXS") == (0, 3, 1, 2)


def test_slices_of_a_view_are_those_of_a_transposed_array() -> None:
    order = (2, 3, 0, 1)
    view, whole = TransposedArray(PIXELS, order), PIXELS.transpose(order)
    assert (view.shape, view.ndim, view.size, view.dtype) == (whole.shape, 4, whole.size, whole.dtype)
    keys = [slice(1, 3), (slice(None), slice(2, 4)), (slice(0, 0),), (slice(1, 2), slice(None), slice(0, 1))]
    for key in [*keys, 2, -1, ..., (..., 1), (0, ..., slice(1, 2)), (1, -2, 0, 1)]:
        np.testing.assert_array_equal(view[key], whole[key])
    np.testing.assert_array_equal(np.asarray(view), whole)
    assert len(view) == len(whole)
    with pytest.raises(IndexError):
        view[9]
    with pytest.raises(AttributeError):
        view.colour  # noqa: B018


@pytest.mark.parametrize("axes", ["".join(letters) for letters in permutations("TCYX")])
def test_frames_of_any_order(axes: str) -> None:
    source = ArraySource(PIXELS.transpose(["TCYX".index(axis) for axis in axes]), axes=axes)
    assert (source.info.axes, source.info.shape) == ("TCYX", PIXELS.shape)
    np.testing.assert_array_equal(source.read(0, 2), PIXELS)
    np.testing.assert_array_equal(source.read(1, 2, channel=2), PIXELS[1:, 2:])


@pytest.fixture(scope="module")
def movie() -> Any:
    rng = np.random.default_rng(0)
    scene = rng.normal(size=(60, 60))
    for axis in (0, 1):
        scene = sum(np.roll(scene, k, axis) for k in range(4)) / 2
    frames = np.stack([scene[10 + t : 50 + t, 10:50] for t in range(4)])
    return (100 + 20 * frames).astype(np.float32)


def _as_dask(pixels: Any) -> Any:
    return da.from_array(pixels, chunks=(20, 40, 2))


def _as_xarray(pixels: Any) -> Any:
    return xarray.DataArray(pixels, dims=("y", "x", "time"), attrs={"lens": "40x"})


@pytest.mark.parametrize("kind", [np.asarray, _as_dask, _as_xarray])
def test_a_movie_with_time_last_comes_back_with_time_last(kind: Any, movie: Any) -> None:
    images = kind(np.ascontiguousarray(movie.transpose(1, 2, 0)))
    axes = None if kind is _as_xarray else "YXT"
    found = hs.register(images, axes=axes, reference="first")
    still = found.apply(images, axes=axes)
    expected = hs.register(movie, reference="first")
    np.testing.assert_array_equal(found.shifts, expected.shifts)
    assert np.abs(found.shifts - [[-t, 0] for t in range(4)]).max() < 0.01
    assert still.shape == (40, 40, 4)
    np.testing.assert_array_equal(np.asarray(still), expected.apply(movie).transpose(1, 2, 0))
    if kind is _as_xarray:
        assert (still.dims, still.attrs) == (images.dims, images.attrs)
    if kind is np.asarray:
        out = np.empty_like(images)
        assert found.apply(images, axes=axes, out=out) is out
        np.testing.assert_array_equal(out, still)


@pytest.mark.parametrize("labelled", [False, True])
def test_hdf5_with_time_last(labelled: bool, movie: Any, tmp_path: Path) -> None:
    path = tmp_path / "movie.h5"
    with h5py.File(path, "w") as file:
        data = file.create_dataset("imaging", data=movie.transpose(1, 2, 0), chunks=(20, 20, 2))
        for axis, label in enumerate("yxt" if labelled else ""):
            data.dims[axis].label = label
        with ArraySource(data, axes="YXT") as open_file:
            assert open_file.files == (path,)
        still = hs.register(data, axes="YXT", reference="first").apply(data, axes="YXT")
        assert (np.asarray(still).shape, still[3, 2:5, 0].shape) == (data.shape, (3,))
        np.testing.assert_allclose(np.asarray(still)[9:31, :, 3], movie[0, 9:31], atol=1)
    with Hdf5Source(path, axes=None if labelled else "YXT") as source:
        assert (source.info.axes, source.info.shape) == ("TYX", movie.shape)
        np.testing.assert_array_equal(source.read(1, 3)[:, 0], movie[1:3])
    found = hs.correct(
        path, tmp_path / "still.ome.tif", axes=None if labelled else "YXT", reference="first", report=False
    )
    assert imread(tmp_path / "still.ome.tif").shape == movie.shape
    assert np.abs(found.shifts - [[-t, 0] for t in range(4)]).max() < 0.01


def test_nothing_is_transposed_that_need_not_be() -> None:
    assert transpose(PIXELS, (0, 1, 2, 3)) is PIXELS
