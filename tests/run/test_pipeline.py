"""Chunks: whoever does them, and however long they are, the result is the same."""

from typing import Any

import numpy as np
import pytest

from holdstill.contracts import Frames, Verdict
from holdstill.engines import plan
from holdstill.engines.threads import ThreadsEngine
from holdstill.estimators import Direct
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import Movie, make_movie
from holdstill.evaluation.presets import texture
from holdstill.io.array import ArraySink, ArraySource
from holdstill.resampling.settings import Resampling
from holdstill.result.registration import Registration

SHAPE = (80, 96)


@pytest.fixture(scope="module")
def movie() -> Movie:
    return make_movie(texture(SHAPE), trajectories.walk(30, 0.7, seed=2), photons=300.0, seed=1, blank_frames=(4, 17))


def run(frames: Frames, workers: int = 1, axes: str = "TYX", **options: Any) -> tuple[Registration, Frames]:
    source = ArraySource(frames, axes=axes)
    sink = ArraySink(source.info)
    found = Direct().fit(
        source, "template", engine=ThreadsEngine(workers), sink=sink, resampling=Resampling(), **options
    )
    sink.finish()
    return found, sink.array


@pytest.mark.parametrize(("chunk_frames", "workers"), [(1, 1), (7, 2), (30, 3)])
def test_chunks_and_workers_change_no_bit(
    movie: Movie, monkeypatch: pytest.MonkeyPatch, chunk_frames: int, workers: int
) -> None:
    expected, pixels = run(movie.frames)
    monkeypatch.setattr(plan, "MAX_CHUNK_FRAMES", chunk_frames)
    found, written = run(movie.frames, workers)
    np.testing.assert_array_equal(found.parameters, expected.parameters)
    np.testing.assert_array_equal(found.errors, expected.errors)
    np.testing.assert_array_equal(written, pixels)


def test_what_is_written_is_what_apply_gives(movie: Movie) -> None:
    found, written = run(movie.frames)
    np.testing.assert_array_equal(found.apply(movie.frames), written)


def test_channels_move_alike_and_one_is_registered(movie: Movie) -> None:
    other = np.random.default_rng(0).integers(0, 999, movie.frames.shape, np.uint16)
    both = np.stack([other, movie.frames], axis=1)
    found, written = run(both, axes="TCYX", channel=1)
    alone, pixels = run(movie.frames)
    np.testing.assert_array_equal(found.parameters, alone.parameters)
    np.testing.assert_array_equal(written[:, 1], pixels)
    np.testing.assert_array_equal(written[:, 0], alone.apply(other))


def test_bad_frames_take_the_transform_between_their_neighbours(movie: Movie) -> None:
    found, _ = run(movie.frames)
    assert [found.verdicts[t] for t in (4, 17)] == [Verdict.BLANK] * 2
    np.testing.assert_allclose(found.shifts[4], (found.shifts[3] + found.shifts[5]) / 2)
    assert np.isnan(found.errors[[4, 17]]).all()
    assert np.isnan(found.corner_errors[[4, 17]]).all()
    assert np.isfinite(np.delete(found.errors, [4, 17], axis=0)).all()


def test_a_source_that_fails_leaves_nothing_half_done(movie: Movie) -> None:
    class Failing(ArraySource):
        def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
            if stop > 25 and stop - start > 1:
                raise OSError("the disk is gone")
            return super().read(start, stop, channel=channel)

    source = Failing(movie.frames, axes="TYX")
    with pytest.raises(OSError, match="the disk is gone"):
        Direct().fit(source, "first", engine=ThreadsEngine(2))
