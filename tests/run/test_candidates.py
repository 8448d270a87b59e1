"""Where else flagged frames may lie."""

import numpy as np
import pytest

import holdstill as hs
from holdstill.contracts import NoiseModel, Reference
from holdstill.devices.cpu import CpuDevice
from holdstill.engines import plan
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import sparse, texture
from holdstill.methods.cross_correlation import CrossCorrelation
from holdstill.methods.direct import Direct
from holdstill.run.candidates import _choose_method

SIZE = 96
LIGHT = 400.0


@pytest.fixture(scope="module")
def movie() -> np.ndarray:
    """Ten frames of a texture, then two of something else, one of nothing, and two more."""
    truth = trajectories.walk(15, 0.5, seed=1)
    frames = make_movie(texture((SIZE, SIZE), seed=3), truth, photons=60.0, seed=2).frames.copy()
    frames[10:12] = make_movie(texture((SIZE, SIZE), seed=8), truth, photons=60.0, seed=4).frames[10:12]
    frames[12] = 100
    return frames


def test_a_frame_that_shows_the_specimen_twice_has_both_places() -> None:
    """Two thirds of the light at one shift, a third at another, 30 px away, and the same noise in all frames."""
    scene, rng = sparse((SIZE, SIZE), seed=3), np.random.default_rng(5)
    shifts = np.array([[4.3, -6.6], [-20.2, 12.9]])
    both = LIGHT * (2 / 3 * scene.intensity(shifts[0]) + 1 / 3 * scene.intensity(shifts[1]))
    reference = Reference(
        image=(LIGHT * scene.intensity(np.zeros(2))).astype(np.float32),
        noise=NoiseModel(gain=1.0, read_variance=0.0, offset=0.0),
    )
    direct, device, frames = Direct(), CpuDevice(), rng.poisson([both, both]).astype(np.uint16)
    found = direct.list_candidates(direct.prepare(reference, device), frames, device)
    for frame in (0, 1):
        places = found.of(frame)
        np.testing.assert_allclose(places[0].parameters, shifts[0], atol=0.1)
        np.testing.assert_allclose(places[1].parameters, shifts[1], atol=0.5)  # the brighter light lies over it
        likelihoods = [place.log_likelihood for place in places]
        assert likelihoods == sorted(likelihoods, reverse=True)
        assert likelihoods[0] == 0 > likelihoods[1]
        assert len({tuple(np.rint(place.parameters)) for place in places}) == len(places) <= 4
    beyond = Direct(max_shift=15)
    near = beyond.list_candidates(beyond.prepare(reference, device), frames, device)
    assert (np.abs(near.parameters) <= 15).all()


@pytest.mark.parametrize(("chunk_frames", "workers"), [(1, 1), (4, 2), (30, 3)])
def test_flagged_frames_have_places_whatever_the_chunks(
    movie: np.ndarray, monkeypatch: pytest.MonkeyPatch, chunk_frames: int, workers: int
) -> None:
    whole = hs.register(movie)
    monkeypatch.setattr(plan, "MAX_CHUNK_FRAMES", chunk_frames)
    found = hs.register(movie, workers=workers)
    assert not found.ok[10:13].any()
    assert found.ok[[*range(10), 13, 14]].all()
    assert {t: found.candidates(t) for t in range(15)} == {t: whole.candidates(t) for t in range(15)}
    assert sorted(set(found.places.frames)) == [10, 11]  # nothing is to be seen in 12
    assert found.candidates(12) == ()
    assert [each.parameters for each in found.candidates(3)] == [tuple(found.estimates[3])]
    # relative to the same origin as the estimate, which is one of them: unrelated pixels place it no better than so
    assert min(np.abs(np.subtract(each.parameters, found.estimates[10])).max() for each in found.candidates(10)) < 1


def test_a_clean_movie_pays_nothing(movie: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(Direct, "list_candidates", lambda *_: asked.append(1))
    assert hs.register(movie[:10]).places is None
    assert not asked


def test_who_looks_for_places() -> None:
    assert _choose_method(Direct(max_shift=7)) == Direct(max_shift=7)
    assert _choose_method(CrossCorrelation(max_shift=9)) == Direct(max_shift=9)


def test_turned_motions_have_their_own_estimate_alone(movie: np.ndarray) -> None:
    found = hs.register(movie[8:], reference=movie[0], motion="rigid")
    assert found.places is None
    assert not found.ok[2]
    assert [each.parameters for each in found.candidates(2)] == [tuple(found.estimates[2])]


def test_parts_and_binned_copies_keep_their_places(movie: np.ndarray) -> None:
    whole = hs.register(movie, bin=2)
    assert sorted(set(whole.places.frames)) == [10, 11]
    assert min(np.abs(np.subtract(each.parameters, whole.estimates[10])).max() for each in whole.candidates(10)) < 2
    parts = hs.register(movie, refocus_at=(5,))
    assert set(parts.places.frames) <= {t for t in range(15) if not parts.ok[t]}
    assert hs.register(movie[:12], average=2).places is None
