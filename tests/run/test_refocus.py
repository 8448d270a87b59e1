"""A new template from some frames on, and parts that are joined by their templates."""

import numpy as np
import pytest

import holdstill as hs
from holdstill.contracts import ImagesInfo
from holdstill.errors import InputError
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture
from holdstill.run.refocus import check_events

SHAPE = (128, 128)
N, EVENT = 36, 16


def info(n: int = N) -> ImagesInfo:
    return ImagesInfo(name="m.tif", axes="TYX", shape=(n, *SHAPE), dtype=np.dtype(np.uint16))


@pytest.mark.parametrize(
    ("events", "reference", "told"),
    [
        ((40,), "template", "refocus_at 40: m.tif has frames 0 to 35; name frames after the first"),
        (0, "template", "refocus_at 0: m.tif has frames 0 to 35"),
        ((10, 11), "template", "leaves a part of one frame before frame 11"),
        ((1.5,), "template", "is not a list of frame numbers"),
        ((10,), "rolling", "goes with reference template, first, mean, median, not rolling"),
        ((10,), 3, "not 3"),
        ((10,), np.zeros(SHAPE), "not an image"),
    ],
)
def test_events_that_cannot_be(events: object, reference: object, told: str) -> None:
    with pytest.raises(InputError, match=told):
        check_events(events, reference, info())


def test_events_are_put_in_order() -> None:
    assert check_events([20, 10, 20], "template", info()) == (10, 20)
    assert check_events(5, "first", info()) == (5,)
    assert check_events(None, 3, info()) == ()


def movie_of(second: int, motion: str = "translation") -> tuple[np.ndarray, np.ndarray]:
    """Frames whose other half shows the specimen in another plane of focus, and how they moved."""
    rng = np.random.default_rng(0)
    truth = rng.normal(0, 0.7, (N, 2)).cumsum(axis=0)
    truth -= truth[0]
    near = make_movie(texture(SHAPE, seed=1), truth, photons=400.0, seed=2).frames.astype(float)
    far = make_movie(texture(SHAPE, seed=second), truth, photons=400.0, seed=3).frames
    share = np.where(np.arange(N) >= EVENT, 0.25, 0.0)[:, None, None]
    return (near * (1 - share) + far * share).astype(np.uint16), truth


@pytest.fixture(scope="module")
def changed() -> tuple[np.ndarray, np.ndarray]:
    return movie_of(5)


def test_parts_are_joined_by_their_templates(changed: tuple[np.ndarray, np.ndarray]) -> None:
    frames, truth = changed
    reg = hs.register(frames, refocus_at=EVENT)
    assert reg.ok.all()
    assert np.abs(reg.shifts[:EVENT] - truth[:EVENT]).max() < 0.1
    off = (reg.shifts - truth)[EVENT:]
    assert (np.abs(off.mean(axis=0)) < 4 * reg.errors[EVENT:].mean(axis=0)).all()  # a quarter of the light is new
    assert np.abs(off - off.mean(axis=0)).max() < 0.1
    assert reg.provenance["refocus_at"] == [EVENT]
    [join] = reg.provenance["joins"]
    assert join["verdict"] == "ok"
    assert join["frame"] == EVENT
    assert np.allclose(reg.errors[EVENT:], join["error_px"], rtol=0.5)
    assert len(reg.scores) == len(reg.treatments) == len(reg.estimates) == N


def test_turned_motion_is_joined_in_order() -> None:
    frames, truth = movie_of(1)
    reg = hs.register(frames, refocus_at=(EVENT,), motion="rigid")
    assert np.abs(reg.shifts - truth).max() < 0.1
    assert np.abs(reg.parameters[:, 2]).max() < 2e-3


def test_a_part_that_cannot_be_joined_starts_at_zero_and_that_is_said() -> None:
    frames, truth = movie_of(1)
    other = make_movie(texture(SHAPE, seed=9), truth[EVENT:] - truth[EVENT], photons=400.0, seed=4).frames
    frames[EVENT:] = other
    with pytest.warns(UserWarning, match=rf"part from frame {EVENT} on could not be joined .* it starts at zero"):
        reg = hs.register(frames, refocus_at=(EVENT,))
    assert reg.provenance["joins"][0]["verdict"] != "ok"
    assert np.abs(reg.shifts[:EVENT] - truth[:EVENT]).max() < 0.1
    assert np.abs(reg.shifts[EVENT:] - (truth[EVENT:] - truth[EVENT])).max() < 0.1


def test_a_file_is_corrected_by_all_parts(changed: tuple[np.ndarray, np.ndarray], tmp_path: object) -> None:
    frames, _ = changed
    np.save(f"{tmp_path}/movie.npy", frames)
    reg = hs.correct(f"{tmp_path}/movie.npy", f"{tmp_path}/still.ome.tif", refocus_at=(EVENT,), report=False)
    with hs.open(f"{tmp_path}/still.ome.tif") as source:
        assert np.array_equal(source.read(0, N)[:, 0], reg.apply(frames))
    assert np.array_equal(reg.shifts, hs.register(frames, refocus_at=(EVENT,)).shifts)
