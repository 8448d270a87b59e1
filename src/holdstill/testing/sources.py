"""What every source must do, as tests to inherit.

::

    class TestMySource(SourceTests):
        @pytest.fixture
        def images(self): ...     # an ndarray in the axes T C Z Y X, lengths of 1 included

        @pytest.fixture
        def source(self, images, tmp_path): ...     # an open source of those images
"""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from holdstill.contracts import Source
from holdstill.errors import InputError

__all__ = ["SourceTests"]


class SourceTests:
    """Contract of `Source`. Give the fixtures `images` and `source`; images of four frames or more test most.

    Attributes
    ----------
    is_file : bool
        The source stands for a file, and so can be pickled.
    """

    is_file = True

    @pytest.fixture
    def images(self) -> NDArray[Any]:
        """Pixels that the source must return, (t, c, z, y, x)."""
        raise NotImplementedError

    @pytest.fixture
    def source(self, images: NDArray[Any]) -> Source:
        """An open source of `images`."""
        raise NotImplementedError

    @staticmethod
    def match_axes(source: Source, block: NDArray[Any]) -> NDArray[Any]:
        """`block` of `images` without the z axis, where the source has none."""
        return block if "Z" in source.info.axes else block[:, :, 0]

    def test_info_fits_the_images(self, source: Source, images: NDArray[Any]) -> None:
        """Lengths and dtype are those of the images."""
        info = source.info
        assert info.axes == "".join(axis for axis in "TCZYX" if axis in info.axes)
        assert len(info.axes) == len(info.shape)
        assert tuple(info.length(axis) for axis in "TCZYX") == images.shape
        assert info.dtype == images.dtype
        assert info.dtype.isnative

    def test_reads_the_whole(self, source: Source, images: NDArray[Any]) -> None:
        """All frames are the images, bit by bit."""
        frames = source.read(0, len(images))
        assert frames.dtype == images.dtype
        np.testing.assert_array_equal(frames, self.match_axes(source, images))

    def test_any_range_is_part_of_the_whole(self, source: Source, images: NDArray[Any]) -> None:
        """Every range, the empty ones included, is a slice of the whole."""
        whole = self.match_axes(source, images)
        for start in range(len(images) + 1):
            for stop in range(start, len(images) + 1):
                np.testing.assert_array_equal(source.read(start, stop), whole[start:stop])
                np.testing.assert_array_equal(source.peek(start, stop), whole[start:stop])

    def test_windows_are_cuts_of_the_whole(self, source: Source, images: NDArray[Any]) -> None:
        """A window of a frame of planes equals the same cut of the frame, at corners, across tiles and whole."""
        if source.info.ndim > 2:
            pytest.skip("windows are of planes")
        height, width = source.info.frame_shape
        assert source.rows_together >= 1
        boxes = [(0, 1, 0, 1), (height // 3, height - 1, 1, width // 2), (height - 1, height, 0, width)]
        for top, bottom, left, right in [*boxes, (0, height, 0, width)]:
            rows, columns = slice(top, bottom), slice(left, right)
            for channel in range(images.shape[1]):
                window = source.read_window(len(images) - 1, rows, columns, channel=channel)
                assert window.dtype == images.dtype
                assert window.flags.c_contiguous
                np.testing.assert_array_equal(window, images[-1, channel, 0][rows, columns])

    def test_channel_is_a_slice(self, source: Source, images: NDArray[Any]) -> None:
        """One channel read alone keeps its axis, of length 1."""
        whole = self.match_axes(source, images)
        for channel in range(images.shape[1]):
            part = source.read(1, len(images), channel=channel)
            np.testing.assert_array_equal(part, whole[1:, channel : channel + 1])
            assert part.flags.c_contiguous

    def test_frames_are_fresh(self, source: Source, images: NDArray[Any]) -> None:
        """The caller may change what it got, and reads the same again."""
        frames = source.read(0, 2)
        assert frames.flags.c_contiguous
        assert frames.flags.writeable
        assert frames.dtype.isnative
        frames[...] = 0
        np.testing.assert_array_equal(source.read(0, 2), self.match_axes(source, images)[:2])

    def test_wrong_range_raises(self, source: Source, images: NDArray[Any]) -> None:
        """Frames and channels that do not exist are refused."""
        for start, stop in [(-1, 1), (0, len(images) + 1), (2, 1)]:
            with pytest.raises(InputError, match="range"):
                source.read(start, stop)
        with pytest.raises(InputError, match="no channel"):
            source.read(0, 1, channel=images.shape[1])

    def test_threads_read_what_one_reads(self, source: Source, images: NDArray[Any]) -> None:
        """Eight threads read random ranges at a time, and each gets its own."""
        whole = self.match_axes(source, images)
        ranges = np.sort(np.random.default_rng(0).integers(0, len(images) + 1, (64, 2)), axis=1).tolist()
        with ThreadPoolExecutor(8) as threads:
            for (start, stop), frames in zip(ranges, threads.map(lambda r: source.read(*r), ranges), strict=True):
                np.testing.assert_array_equal(frames, whole[start:stop])

    def test_pickles(self, source: Source) -> None:
        """A source of a file arrives elsewhere as itself."""
        if not self.is_file:
            pytest.skip("stands for no file")
        source.check_travels()
        message = pickle.dumps(source)
        assert len(message) < 2000
        with pickle.loads(message) as copy:
            assert copy.info == source.info
            np.testing.assert_array_equal(copy.read(1, 3), source.read(1, 3))

    def test_closes_twice(self, source: Source) -> None:
        """Closing does no harm, twice."""
        source.close()
        source.close()
