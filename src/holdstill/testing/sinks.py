"""What every sink must do, as tests to inherit.

::

    class TestMySink(SinkTests):
        suffix = ".my"

        def create(self, path, info, **options): ...     # default: holdstill.io.create_sink
        def read_back(self, path): ...                   # default: with holdstill.io.open_source
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from holdstill.contracts import ImagesInfo, Sink
from holdstill.errors import FileError, FileInTheWay, InputError
from holdstill.io import create_sink, open_source

__all__ = ["SinkTests"]


class SinkTests:
    """Contract of `Sink` for files. Give the suffix; override `create` and `read_back` for what no table knows."""

    suffix = ""

    @pytest.fixture(params=["TYX", "TCYX", "TZYX", "TCZYX"])
    def info(self, request: pytest.FixtureRequest) -> ImagesInfo:
        """Images of each set of axes."""
        lengths = {"T": 7, "C": 2, "Z": 3, "Y": 11, "X": 13}
        shape = tuple(lengths[axis] for axis in request.param)
        return ImagesInfo(name="movie", axes=request.param, shape=shape, dtype=np.dtype(np.uint16))

    @pytest.fixture
    def block(self, info: ImagesInfo) -> NDArray[Any]:
        """All frames of images like `info`, as a sink takes them."""
        shape = (info.n_frames, info.n_channels, *info.frame_shape)
        return np.random.default_rng(1).integers(0, 60000, shape).astype(info.dtype)

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        """The target, in an empty folder."""
        return tmp_path / f"out{self.suffix}"

    def create(self, path: Path, info: ImagesInfo, *, overwrite: bool = False) -> Sink:
        """Make the sink under test."""
        return create_sink(path, info, overwrite=overwrite)

    def read_back(self, path: Path) -> NDArray[Any]:
        """Read all frames of a target that is complete."""
        with open_source(path) as source:
            return source.read(0, source.info.n_frames)

    def test_round_trip(self, path: Path, info: ImagesInfo, block: NDArray[Any]) -> None:
        """What was written is read."""
        with self.create(path, info) as sink:
            assert sink.info == info
            sink.write(0, block)
            sink.finish()
        back = self.read_back(path)
        assert back.dtype == info.dtype
        np.testing.assert_array_equal(back, block)

    def test_any_order_any_thread(self, path: Path, info: ImagesInfo, block: NDArray[Any]) -> None:
        """Frames come from eight threads, backwards, some of them twice."""
        starts = [*reversed(range(info.n_frames)), 3, 0]
        with self.create(path, info) as sink, ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda start: sink.write(start, block[start : start + 1]), starts))
            sink.finish()
        np.testing.assert_array_equal(self.read_back(path), block)

    def test_takes_any_memory_layout(self, path: Path, info: ImagesInfo, block: NDArray[Any]) -> None:
        """A view that is not contiguous is written as what it shows."""
        with self.create(path, info) as sink:
            sink.write(0, np.asfortranarray(block))
            sink.finish()
        np.testing.assert_array_equal(self.read_back(path), block)

    def test_missing_frames_do_not_finish(self, path: Path, info: ImagesInfo, block: NDArray[Any]) -> None:
        """A frame that never came is named, and there is no target."""
        with self.create(path, info) as sink:
            sink.write(0, block[:3])
            sink.write(4, block[4:])
            with pytest.raises(FileError, match=r"1 of 7 frames were never written \(3\)"):
                sink.finish()
        assert list(path.parent.iterdir()) == []

    def test_close_without_finish_leaves_nothing(self, path: Path, info: ImagesInfo, block: NDArray[Any]) -> None:
        """There is no target before the end, and no rest after a failure."""
        sink = self.create(path, info)
        sink.write(0, block)
        assert not path.exists()
        sink.close()
        sink.close()
        assert list(path.parent.iterdir()) == []

    def test_finish_leaves_the_target_alone(self, path: Path, info: ImagesInfo, block: NDArray[Any]) -> None:
        """No other file remains, and closing afterwards keeps the target."""
        with self.create(path, info) as sink:
            sink.write(0, block)
            sink.finish()
        assert list(path.parent.iterdir()) == [path]

    def test_wrong_blocks_are_refused(self, path: Path, info: ImagesInfo, block: NDArray[Any]) -> None:
        """Shape, dtype and range are checked before a byte is written."""
        with self.create(path, info) as sink:
            with pytest.raises(InputError, match="shape"):
                sink.write(0, block[..., :-1])
            with pytest.raises(InputError, match="float32"):
                sink.write(0, block.astype(np.float32))
            with pytest.raises(InputError, match="range"):
                sink.write(1, block)

    def test_target_in_the_way(self, path: Path, info: ImagesInfo, block: NDArray[Any]) -> None:
        """A target that exists is replaced at the end, and only if that was asked for."""
        with self.create(path, info) as sink:
            sink.write(0, block)
            sink.finish()
        with pytest.raises(FileInTheWay, match="overwrite"):
            self.create(path, info)
        with self.create(path, info, overwrite=True) as sink:
            np.testing.assert_array_equal(self.read_back(path), block)
            sink.write(0, block + 1)
            sink.finish()
        np.testing.assert_array_equal(self.read_back(path), block + 1)
