"""A dim frame that lies elsewhere for once is not ok, and is not written before that is known."""

import numpy as np
import pytest

from holdstill.contracts import Covariance, Estimates, FloatArray, Verdict
from holdstill.engines import plan
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import sparse
from holdstill.run.alone import flag_alone, may_be_alone
from holdstill.transforms.trajectory import Trajectory
from tests.run.test_pipeline import run

SHAPE = (120, 128)
DIM, BRIGHT = 0.2, 0.6


def judge(shifts: FloatArray, score: float = DIM, bad: tuple[int, ...] = ()) -> tuple[Estimates, Trajectory]:
    verdicts = tuple(Verdict.BLANK if t in bad else Verdict.OK for t in range(len(shifts)))
    estimates = Estimates(
        parameters=shifts, covariance=Covariance.of_errors(np.full(shifts.shape, 0.1)),
        scores=np.full(len(shifts), score), verdicts=verdicts,
    )  # fmt: skip
    found = Trajectory.of("translation", shifts, SHAPE)
    return flag_alone(estimates, found), found


def list_alone(shifts: FloatArray, **how: object) -> list[int]:
    return [t for t, verdict in enumerate(judge(shifts, **how)[0].verdicts) if verdict is Verdict.MISMATCH]


def walk(n: int = 30, seed: int = 0) -> FloatArray:
    return np.cumsum(np.random.default_rng(seed).normal(0, 0.5, (n, 2)), axis=0)


@pytest.mark.parametrize("at", [2, 12, 28, 29])
def test_a_dim_frame_far_from_both_neighbours_is_a_mismatch(at: int) -> None:
    shifts = walk()
    shifts[at] += (30, -20)
    assert list_alone(shifts) == [at]
    assert list_alone(shifts, bad=(at - 1,)) == [at]


def test_what_is_seen_beyond_doubt_or_goes_on_stays() -> None:
    shifts = walk()
    shifts[12] += (30, -20)
    assert list_alone(shifts, score=BRIGHT) == []
    stayed = walk()
    stayed[12:] += (30, -20)
    assert list_alone(stayed) == []
    stayed[14:] -= (30, -20)
    assert list_alone(stayed) == []
    assert list_alone(np.random.default_rng(0).uniform(-30, 30, (30, 2))) == []
    assert list_alone(np.linspace(0, 40, 30)[:, None] * (1, 1), bad=tuple(range(5, 12)) + tuple(range(13, 25))) == []


def test_whatever_is_named_was_held_back_in_any_chunk() -> None:
    rng, named = np.random.default_rng(1), 0
    for seed in range(40):
        shifts = walk(24, seed)
        shifts[rng.random(24) < 0.15] += rng.uniform(-40, 40, 2)
        told, found = judge(shifts, score=float(rng.uniform(0.1, 0.5)))
        named += int((~told.good).sum())
        for size in (1, 2, 5, 24):
            for some in np.split(np.arange(24), range(size, 24, size)):
                assert may_be_alone(told.take(some), found.part(some)) or told.good[some].all()
    assert named > 20
    assert not may_be_alone(*judge(walk(24)))
    assert not may_be_alone(*judge(walk(1), score=BRIGHT))


def test_it_is_written_between_its_neighbours_whatever_the_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    shifts = walk(20)
    shifts[13] += (25, -15)
    frames = make_movie(sparse((80, 96)), shifts, photons=1.0, seed=1).frames
    results = []
    for chunk_frames in (1, 6, 20):
        monkeypatch.setattr(plan, "MAX_CHUNK_FRAMES", chunk_frames)
        found, written = run(frames, 2)
        assert [t for t, verdict in enumerate(found.verdicts) if verdict is not Verdict.OK] == [13]
        assert np.abs(found.shifts[13] - found.shifts[12]).max() < 3
        np.testing.assert_array_equal(found.apply(frames), written)
        results.append(written)
    np.testing.assert_array_equal(results[1], results[0])
    np.testing.assert_array_equal(results[2], results[0])
