"""The tracker: frame by frame, what the whole movie at once would give."""

import asyncio
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from scipy import ndimage

import holdstill as hs
from holdstill.errors import DeviceError, FileInTheWay, HoldstillError, InputError
from holdstill.estimators import Direct
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import Movie, make_movie
from holdstill.evaluation.presets import texture
from holdstill.live.tracker import Tracker


@pytest.fixture(scope="module")
def movie() -> Movie:
    walk = trajectories.walk(40, 0.7, seed=2)
    return make_movie(texture((96, 112)), walk - walk[0], photons=300.0, seed=1, blank_frames=(11,))


def test_known_reference_gives_what_register_gives(movie: Movie) -> None:
    whole = hs.register(movie.frames, reference=movie.reference)
    with Tracker(movie.reference) as tracker:
        found = [tracker.update(frame) for frame in movie.frames]
    good = np.flatnonzero(~movie.blank)
    shifts = np.array([tracked.shift for tracked in found])
    errors = np.array([tracked.error for tracked in found])
    np.testing.assert_allclose(shifts[good], whole.shifts[good], atol=0.05)
    z = (shifts - movie.shifts)[good] / errors[good]
    assert 0.7 < z.std() < 1.3
    assert found[11].verdict == "blank"
    assert np.isnan(found[11].error).all()
    np.testing.assert_array_equal(found[11].shift, found[10].shift)  # held
    assert tracker.registration.verdicts == tuple(tracked.verdict for tracked in found)
    np.testing.assert_array_equal(tracker.registration.shifts, shifts)


@pytest.mark.parametrize("motion", ["translation", "rigid"])
def test_the_image_is_what_apply_makes(movie: Movie, motion: str) -> None:
    with Tracker(motion=motion) as tracker:
        images = np.array([tracker.update(frame).image for frame in movie.frames[:8]])
        np.testing.assert_array_equal(images, tracker.registration.apply(movie.frames[:8]))
    assert images.dtype == movie.frames.dtype


def test_the_first_frame_is_the_reference(movie: Movie) -> None:
    with Tracker() as tracker:
        first = tracker.update(movie.frames[0])
        np.testing.assert_allclose(first.shift, 0, atol=first.error.max())
        second = tracker.update(movie.frames[1])
        np.testing.assert_allclose(second.shift, movie.shifts[1], atol=5 * second.error.max())
        np.testing.assert_allclose(tracker.template, movie.frames[0])


def test_a_template_that_follows_becomes_better(movie: Movie) -> None:
    frames = np.concatenate([movie.frames[:11], movie.frames[12:]] * 3)
    fixed = np.square(movie.frames[0] - movie.reference)[10:-10, 10:-10].mean()
    left = np.inf
    with Tracker(movie.frames[0], follow=0.05) as tracker:
        for _ in range(60):  # learning takes its time beside the frames, and more on a busy machine
            for frame in frames:
                tracker.update(frame)
            assert tracker.template is not None
            left = np.square(tracker.template - movie.reference)[10:-10, 10:-10].mean()
            if left < 0.3 * fixed:
                break
    assert left < 0.3 * fixed


def test_many_threads_take_turns(movie: Movie) -> None:
    found: dict[int, Any] = {}
    with Tracker(movie.reference) as tracker:
        tracker.update(movie.frames[0])

        def bring(numbers: range) -> None:
            for number in numbers:
                found[number] = tracker.update(movie.frames[number])

        threads = [threading.Thread(target=bring, args=(range(k, 40, 4),)) for k in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(tracked.index for tracked in found.values()) == list(range(1, 41))
    for number in set(range(40)) - {11}:
        assert found[number].verdict == "ok"
        np.testing.assert_allclose(found[number].shift, movie.shifts[number], atol=6 * found[number].error.max())


def test_as_an_asynchronous_iterator(movie: Movie) -> None:
    async def camera() -> Any:
        for frame in movie.frames[:5]:
            await asyncio.sleep(0)
            yield frame

    async def collect(tracker: Tracker, frames: Any) -> list[Any]:
        return [tracked async for tracked in tracker.track(frames)]

    # in a thread of its own: where another test's browser is open, this one has a loop already
    with Tracker(movie.reference) as tracker, ThreadPoolExecutor(1) as other:
        found = other.submit(lambda: asyncio.run(collect(tracker, camera()))).result()
        found += other.submit(lambda: asyncio.run(collect(tracker, movie.frames[5:8]))).result()
    assert [tracked.index for tracked in found] == list(range(8))


def test_the_stage_is_told_micrometres(movie: Movie) -> None:
    told: list[Any] = []
    with Tracker(movie.reference, pixel_size_um=(0.5, 0.25), on_shift=told.append) as tracker:
        found = [tracker.update(frame) for frame in movie.frames[9:13]]
    good = [tracked.shift * (0.5, 0.25) for tracked in found if tracked.verdict == "ok"]
    np.testing.assert_array_equal(told, good)  # not of the blank one


def test_everything_is_recorded(movie: Movie, tmp_path: Path) -> None:
    path = tmp_path / "run 1 ü.ome.zarr"
    with Tracker(record=path, pixel_size_um=0.5) as tracker:
        images = np.array([tracker.update(frame).image for frame in movie.frames])
    for scene, expected in (("raw", movie.frames), ("corrected", images)):
        with hs.open(path, scene=scene) as source:
            assert source.info.pixel_size_um == (None, 0.5, 0.5)
            np.testing.assert_array_equal(source.read(0, 40)[:, 0], expected)
    reg = hs.load(tmp_path / "run 1 ü.drift.json")
    np.testing.assert_array_equal(reg.shifts, tracker.registration.shifts)
    with pytest.raises(FileInTheWay, match="exists already"):
        Tracker(record=path).update(movie.frames[0])


def test_volumes(tmp_path: Path) -> None:
    volume = np.random.default_rng(0).random((12, 40, 44)).cumsum(0).cumsum(1).cumsum(2) % 50
    with Tracker(volume.astype(np.float32), record=tmp_path / "v.zarr") as tracker:
        tracked = tracker.update(np.roll(volume, (1, -2), axis=(0, 2)).astype(np.float32))
    np.testing.assert_allclose(tracked.shift, (1, 0, -2), atol=0.02)


def test_bad_input(movie: Movie) -> None:
    with pytest.raises(InputError, match="follow is a share"):
        Tracker(follow=1.5)
    with pytest.raises(InputError, match="pixel_size_um"):
        Tracker(on_shift=print)
    with pytest.raises(InputError, match="no frame came yet"):
        _ = Tracker().registration
    with pytest.raises(InputError, match="first frame cannot be read"):
        Tracker().skip()
    with pytest.raises(HoldstillError, match="reference has shape"):
        Tracker(movie.reference[1:]).update(movie.frames[0])
    with pytest.raises(InputError, match=r"\(y, x\) or \(z, y, x\)"):
        Tracker().update(np.zeros(5))
    tracker = Tracker()
    tracker.update(movie.frames[0])
    with pytest.raises(InputError, match="this frame is float32 of shape"):
        tracker.update(movie.frames[0].astype(np.float32))
    tracker.close()
    tracker.close()


def test_what_it_is_told_at_the_door(movie: Movie) -> None:
    with Tracker() as tracker, pytest.raises(InputError, match="complex64"):
        tracker.update(movie.frames[0].astype(np.complex64))
    for size in ("0.1", [[1.0]], "x", 0, (0.1, np.inf)):
        with pytest.raises(InputError, match="pixel_size_um is a length"):
            Tracker(pixel_size_um=size)  # type: ignore[arg-type]
    with Tracker(pixel_size_um=[1, 2, 3]) as tracker, pytest.raises(InputError, match="does not fit"):  # type: ignore[arg-type]
        tracker.update(movie.frames[0])
    Tracker(follow=np.float32(0.1))


@dataclass(frozen=True, kw_only=True)
class FailsOnce(Direct):
    """An estimator whose device is lost when the template is learned for the first time."""

    failed: list[str] = field(default_factory=list)

    def prepare(self, reference: Any, device: Any) -> Any:
        if threading.current_thread().name.startswith("holdstill-template") and not self.failed:
            self.failed.append("once")
            raise DeviceError("the adapter is lost; try again")
        return super().prepare(reference, device)


def test_learning_that_fails_stops_no_frame(movie: Movie) -> None:
    told = []
    with warnings.catch_warnings(record=True) as found, Tracker(movie.reference, method=FailsOnce()) as tracker:
        warnings.simplefilter("always")
        before = tracker.template
        for number in range(4000):  # until the thread has learned, which takes as long as others leave it
            tracked = tracker.update(movie.frames[number % 10])
            assert tracked.verdict is hs.Verdict.OK
            told = [str(warning.message) for warning in found]
            if told and tracker._template is not None and tracker._template._knows_noise:
                break
            time.sleep(0.005)
    assert before is None
    assert told == ["the template stays as it is, learning failed: the adapter is lost; try again"]
    assert number < 3999, "it is tried again"


@pytest.mark.parametrize("dtype", [bool, np.float16])
def test_frames_of_types_that_are_computed_as_others_come_back_in_their_own(dtype: type) -> None:
    picture = ndimage.gaussian_filter(np.random.default_rng(3).normal(size=(64, 72)), 2)
    frames = [np.roll(picture, shift, (0, 1)) for shift in ((0, 0), (3, -2))]
    given = [frame > 0 if dtype is bool else (100 * frame).astype(dtype) for frame in frames]
    with hs.Tracker(given[0]) as tracker:
        updates = [tracker.update(frame) for frame in given]
        other = tracker.apply(updates[1], given[1])
    np.testing.assert_allclose(updates[1].shift, (3, -2), atol=0.1)
    assert updates[1].image.dtype == other.dtype == dtype
    assert (updates[1].image[8:-8, 8:-8] == given[0][8:-8, 8:-8]).mean() > 0.95


def make_colours(movie: Movie) -> np.ndarray:
    """(T, Y, X, 3) uint8, red of noise alone."""
    rng, seen = np.random.default_rng(3), movie.frames[:6].astype(np.float64)
    light = 150 * seen / seen.max()
    samples = np.stack([rng.normal(90, 12, light.shape), light, light + 40], axis=-1)
    return np.clip(np.rint(samples), 0, 255).astype(np.uint8)


def test_frames_in_colours_are_tracked_by_their_mean(movie: Movie, tmp_path: Path) -> None:
    """They were taken for volumes, and of a reference in a file red alone was compared."""
    colours = make_colours(movie)
    grey = (colours.astype(np.float64).sum(axis=-1) / 3).astype(np.float32)
    (tmp_path / "first.png").write_bytes(imagecodecs.png_encode(colours[0]))
    with Tracker(grey[0]) as tracker:
        expected = np.array([tracker.update(frame).shift for frame in grey])
    for reference in (tmp_path / "first.png", colours[0]):
        with Tracker(reference) as tracker:
            found = [tracker.update(frame) for frame in colours]
            assert all(one.verdict == "ok" for one in found)
            np.testing.assert_array_equal([one.shift for one in found], expected)
            still = tracker.registration.apply(colours, axes="TYXS")
            np.testing.assert_array_equal([one.image for one in found], still)


def test_a_recording_keeps_colours(movie: Movie, tmp_path: Path) -> None:
    colours = make_colours(movie)
    with Tracker(record=tmp_path / "a.ome.zarr") as tracker:
        images = [tracker.update(frame).image for frame in colours]
        tracker.skip()
    for scene, kept in (("raw", colours), ("corrected", images)):
        with hs.open(tmp_path / "a.ome.zarr", scene=scene) as source:
            assert (source.info.axes, source.info.dtype) == ("TCYX", np.uint8)
            assert source.info.channel_names == ("red", "green", "blue")
            np.testing.assert_array_equal(np.moveaxis(source.read(0, 6), 1, -1), kept)
            assert not source.read(6, 7).any()


def test_a_movie_and_a_reference_that_do_not_fit_are_told_how(movie: Movie) -> None:
    image, frame = movie.reference, movie.frames[0]
    for reference, given, told in (
        (image, movie.frames, "give a movie frame by frame, as `for frame in movie`"),
        (movie.frames, frame, r"give one image, as movie\[0\]"),
        (image.T, frame, "rows and columns seem to have changed places: give reference.T"),
        (image, frame[:40], "they must agree"),
    ):
        with Tracker(reference) as tracker, pytest.raises(InputError, match=told):
            tracker.update(given)
