"""Frames of a sample are kept as long as they are needed, and by nobody else's doing."""

import threading

import numpy as np
import pytest

from holdstill.contracts import ignore_progress
from holdstill.engines.threads import ThreadsEngine
from holdstill.io.array import ArraySource
from holdstill.reference.moving_mean import choose_frames
from holdstill.reference.sample import MAX_SAMPLES, Sample, _kept, leave_out_blank
from holdstill.reference.strategies import Given, Template


class CountingSource(ArraySource):
    """Counts what is read."""

    n_read = 0

    def read(self, start, stop, *, channel=None):
        self.n_read += stop - start
        return super().read(start, stop, channel=channel)


def make_sample(value, **options):
    return Sample(CountingSource(np.full((6, 8, 8), value, np.uint16)), np.arange(6), **options)


def test_two_at_once_read_each_frame_once():
    samples = [make_sample(value) for value in (1, 2)]
    turns = threading.Barrier(2)

    def run(sample):
        for _ in range(5):
            turns.wait()
            sample.read(np.arange(6))

    threads = [threading.Thread(target=run, args=[sample]) for sample in samples]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [sample.source.n_read for sample in samples] == [6, 6]
    assert [int(sample.read(np.arange(1)).max()) for sample in samples] == [1, 2]
    for sample in samples:
        sample.forget()
        assert _kept.get(sample.key, 0) is None


def test_what_is_kept_is_bounded():
    sample = make_sample(3, keep_bytes=3 * 128)
    sample.read(np.arange(6))
    assert [_kept.get(sample.key, t) is not None for t in range(6)] == [False] * 3 + [True] * 3
    others = [make_sample(value) for value in range(MAX_SAMPLES)]
    for other in others:
        other.read(np.arange(1))
    assert _kept.get(sample.key, 5) is None
    for other in others:
        other.forget()


@pytest.mark.parametrize(("shape", "n_frames"), [((512, 512), 32), ((128, 128), 100), ((2048, 2048), 16)])
def test_beside_a_known_reference_few_large_frames_tell_the_noise(shape: tuple[int, int], n_frames: int) -> None:
    source = ArraySource(np.broadcast_to(np.uint16(0), (100, *shape)))
    sample = Sample(source, np.arange(100))
    few = choose_frames(Given(np.zeros(shape)), sample)
    assert len(few) == n_frames
    assert few.indices[0] == 0
    assert few.indices[-1] == 99
    assert few.key == sample.key  # what is kept of one is there for the other
    assert choose_frames(Template(), sample) is sample


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.uint64])
def test_frames_that_show_nothing_are_left_out(dtype: type) -> None:
    """Four blank frames of twelve were taken for frames that do not fit, and a pattern looked for."""
    frames = np.random.default_rng(0).integers(0, 99, (40, 16, 16)).astype(dtype)
    frames[[3, 17]] = 7
    if dtype is np.float32:
        frames[39] = np.nan
    engine, blank = ThreadsEngine(2), [3, 17, 39] if dtype is np.float32 else [3, 17]
    shown = leave_out_blank(Sample(ArraySource(frames), np.arange(40)), engine, ignore_progress)
    assert shown is not None
    np.testing.assert_array_equal(shown.indices, np.delete(np.arange(40), blank))
    same = Sample(ArraySource(frames[4:17]), np.arange(13))
    assert leave_out_blank(same, engine, ignore_progress) is same


def test_frames_that_differ_from_each_other_alone_all_stay() -> None:
    frames = np.broadcast_to(np.arange(5, dtype=np.uint16)[:, None, None], (5, 16, 16))
    sample = Sample(ArraySource(frames), np.arange(5))
    assert leave_out_blank(sample, ThreadsEngine(1), ignore_progress) is sample
    equal = Sample(ArraySource(np.broadcast_to(np.uint16(4), (5, 16, 16))), np.arange(5))
    assert leave_out_blank(equal, ThreadsEngine(1), ignore_progress) is None
