"""Blocks of a Dask array are computed once each."""

import pickle

import numpy as np
import pytest

import holdstill as hs
from holdstill.io.array import ArraySource
from holdstill.io.lazy_array import BlockReader, has_long_blocks

da = pytest.importorskip("dask.array")
dask = pytest.importorskip("dask")

FRAMES = np.random.default_rng(0).integers(0, 900, (23, 2, 12, 14)).astype(np.uint16)


def count_blocks(lengths: tuple[int, ...]):
    """A lazy movie of such blocks, and which of them were computed."""
    computed: list[int] = []
    bounds = np.concatenate([[0], np.cumsum(lengths)])

    def make(number: int) -> np.ndarray:
        computed.append(number)
        return FRAMES[bounds[number] : bounds[number + 1]]

    blocks = [
        da.from_delayed(dask.delayed(make, pure=True)(n), (length, *FRAMES.shape[1:]), FRAMES.dtype)
        for n, length in enumerate(lengths)
    ]
    return da.concatenate(blocks), computed


@pytest.mark.parametrize("lengths", [(23,), (5, 9, 9), (1, 21, 1)])
def test_each_block_is_computed_once_along_the_movie(lengths: tuple[int, ...]) -> None:
    images, computed = count_blocks(lengths)
    source = ArraySource(images, axes="TCYX")
    for start in range(0, 23, 2):
        stop = min(start + 2, 23)
        np.testing.assert_array_equal(source.read(start, stop), FRAMES[start:stop])
    assert sorted(computed) == list(range(len(lengths)))
    np.testing.assert_array_equal(source.read(3, 17, channel=1), FRAMES[3:17, 1:])
    assert source.read(4, 4).shape == (0, 2, 12, 14)


def test_what_is_read_is_the_callers_to_change() -> None:
    source = ArraySource(count_blocks((23,))[0], axes="TCYX")
    source.read(0, 3)[:] = 0
    np.testing.assert_array_equal(source.read(0, 3), FRAMES[:3])


def test_a_movie_in_one_block_is_computed_a_few_times_not_once_a_frame() -> None:
    computed = []

    def make() -> np.ndarray:
        computed.append(1)
        return np.repeat(FRAMES[:1, 0], 40, axis=0)

    hs.register(da.from_delayed(dask.delayed(make, pure=True)(), (40, 12, 14), FRAMES.dtype), reference="first")
    assert len(computed) <= 2


def test_blocks_of_one_frame_and_huge_ones_are_sliced() -> None:
    assert not has_long_blocks(da.zeros((40, 64, 64), chunks=(1, 64, 64)))
    assert not has_long_blocks(da.zeros((4000, 2048, 2048), chunks=(4000, 2048, 2048)))
    assert not has_long_blocks(FRAMES)


def test_masks_are_kept_and_what_was_computed_does_not_travel() -> None:
    masked = np.ma.masked_greater(FRAMES.astype(np.float32), 800)
    reader = BlockReader(da.from_array(masked, chunks=(10, 2, 12, 14)))
    assert np.ma.is_masked(reader.read(8, 12))
    assert len(pickle.loads(pickle.dumps(reader))._blocks) == 0
