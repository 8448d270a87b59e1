"""Sequential references on frames that say where they are: pairs, chains past bad frames, drift of a moving mean."""

import numpy as np
import pytest

from holdstill.contracts import Covariance, Estimates, Reference, Verdict
from holdstill.devices.plain import PlainDevice
from holdstill.engines.plan import Plan
from holdstill.engines.threads import ThreadsEngine
from holdstill.errors import InputError
from holdstill.io.array import ArraySource
from holdstill.methods.cross_correlation import CrossCorrelation
from holdstill.reference.broken_rows import measure_steps
from holdstill.reference.defects import Defects
from holdstill.reference.kinds import is_sequential
from holdstill.reference.learned import LearnedReference
from holdstill.reference.pose_graph import INDEPENDENT
from holdstill.reference.sequential import ROLLING_FRAMES, add_drift, follow, lags_of
from tests.reference.stubs import BLANK, SHAPE, Reader, make_source

PLACES = [5.0, 6.0, 8.0, 7.0, 3.0, 4.0, 9.0, 8.5, 2.0]


def run(places: list[float], reference: str, *, chunk: int = 4, reach: float = np.inf) -> Estimates:
    image = np.full(SHAPE, 5.0, np.float32)
    learned = LearnedReference(
        reference=Reference(image=image), anchored=False, defects=Defects(), before=image, after=image, rounds=1,
        n_good=1,
    )  # fmt: skip
    plan = Plan(n_frames=len(places), chunk_frames=chunk, sample_frames=2, workers=1, memory_bytes=1)
    return follow(
        make_source(places), Reader(reach=reach), reference, learned, plan=plan, channel=0, mask=None,
        device=PlainDevice(), engine=ThreadsEngine(1), progress=lambda stage, done, total: None,
    )  # fmt: skip


@pytest.mark.parametrize("reference", ["previous", "previous:3", "pairs"])
@pytest.mark.parametrize("chunk", [1, 2, 4, 9])
def test_steps_add_up_whatever_the_chunks(reference: str, chunk: int) -> None:
    found = run(PLACES, reference, chunk=chunk)
    moved = np.array(PLACES) - PLACES[0]
    np.testing.assert_allclose(found.parameters, np.stack([moved, -moved], axis=1), atol=1e-9)
    assert found.good.all()


def test_error_bars_of_previous_grow_with_the_steps() -> None:
    found = run(PLACES, "previous")
    k = np.arange(9)
    variances = INDEPENDENT * k + np.where(k > 0, 1 - INDEPENDENT, 0.0)
    np.testing.assert_allclose(found.errors, np.sqrt(variances)[:, None] * [0.1, 0.2])
    every_third = run(PLACES, "previous:3")
    k = np.array([0, 1, 1, 1, 2, 2, 2, 3, 3])  # frames 1 and 2 are compared with the first
    variances = INDEPENDENT * k + np.where(k > 0, 1 - INDEPENDENT, 0.0)
    np.testing.assert_allclose(every_third.errors, np.sqrt(variances)[:, None] * [0.1, 0.2])


def test_one_blank_frame_breaks_no_chain() -> None:
    places = [*PLACES[:4], BLANK, BLANK, *PLACES[6:]]
    found = run(places, "previous", reach=100)
    assert [verdict.value for verdict in found.verdicts] == ["ok"] * 4 + ["blank"] * 2 + ["ok"] * 3
    good = [0, 1, 2, 3, 6, 7, 8]
    np.testing.assert_allclose(found.parameters[good, 0], np.array(PLACES)[good] - 5)
    assert np.isnan(found.parameters[4:6]).all()
    # frame 6 is one step from frame 3
    np.testing.assert_allclose(
        found.errors[6], np.sqrt(3 * INDEPENDENT + INDEPENDENT + 1 - INDEPENDENT) * np.array([0.1, 0.2])
    )


def test_a_frame_too_far_off_is_flagged_with_its_estimate() -> None:
    found = run([0.0, 1.0, 40.0, 2.0, 3.0], "previous", reach=10)
    assert [verdict.value for verdict in found.verdicts] == ["ok", "ok", "mismatch", "ok", "ok"]
    np.testing.assert_allclose(found.parameters[:, 0], [0, 1, 40, 2, 3])


def test_rolling_follows_a_mean_of_what_was_corrected() -> None:
    """Pixels of one value are not moved by a correction: the mean is that of the frames before."""
    places = [4.0, 4.0, 4.5, 5.0]
    found = run(places, "rolling", chunk=3)
    # shares of a half, a third and a fourth
    means = [4.0, 4.0, 4.0, 4 + 0.5 / 3]
    np.testing.assert_allclose(found.parameters[:, 0], np.array(places) - means, atol=1e-5)
    # where the mean begins nothing moved, as with the other references: an error of 1e-6 px stood there
    assert found.errors[0].tolist() == [0.0, 0.0]
    # each frame moves the mean by its share of it; as if by all of its error, bars of clean movies were three times
    # as wide as their errors
    drift = INDEPENDENT * np.array([0, 1 / 4, 1 / 4 + 1 / 9])
    np.testing.assert_allclose(found.errors[1:, 0], 0.1 * np.sqrt(1 + drift))


def test_a_rolling_mean_says_how_many_frames_it_is_of(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []
    prepare = Reader.prepare

    def note(self: Reader, reference: Reference, device: PlainDevice) -> float:
        seen.append(reference.n_averaged)
        assert reference.image.dtype == np.float32
        return prepare(self, reference, device)

    monkeypatch.setattr(Reader, "prepare", note)
    run([0.0] * 13, "rolling")
    assert seen == [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]
    seen.clear()
    run([0.0] * 4, "previous")
    assert seen == [1, 1, 1]


def test_a_rolling_mean_forgets() -> None:
    places = [0.0] * 2 + [1.0] * 60
    off = np.abs(run(places, "rolling").parameters[:, 0])
    assert off[2] == 1
    np.testing.assert_allclose(off[-1] / off[-2], 1 - 1 / ROLLING_FRAMES, rtol=1e-3)


def test_only_frames_that_joined_the_mean_let_it_drift() -> None:
    found = Estimates(
        parameters=np.zeros((4, 1)), covariance=Covariance.of_errors([[1.0], [2.0], [np.nan], [3.0]]),
        scores=np.ones(4), verdicts=(Verdict.OK, Verdict.MISMATCH, Verdict.BLANK, Verdict.OK),
        bound=Covariance.of_errors(np.ones((4, 1))),
    )  # fmt: skip
    drifted = add_drift(found)
    np.testing.assert_allclose(drifted.errors[:, 0], [0.0, 2.0, np.nan, 3.0])
    more = Estimates.join([found, found])
    share = INDEPENDENT / 4 * 9  # of the second that joined
    np.testing.assert_allclose(add_drift(more).errors[4, 0], np.sqrt(1 + share))
    # where content comes and goes each moves it by all of its error
    np.testing.assert_allclose(add_drift(more, renewed=1.0).errors[4, 0], np.sqrt(1 + INDEPENDENT * 9))
    assert drifted.bound is None
    full = Estimates(
        parameters=np.zeros((3, 2)), covariance=Covariance.of_matrices([[[1.0, 0.5], [0.5, 2.0]]] * 3),
        scores=np.ones(3), verdicts=(Verdict.OK,) * 3,
    )  # fmt: skip
    grown = 1 + INDEPENDENT / 4
    np.testing.assert_allclose(add_drift(full).covariance.matrices[2], grown * full.covariance.matrices[0])


@pytest.mark.parametrize("reference", ["previous", "previous:2", "pairs", "rolling"])
@pytest.mark.parametrize("at", [0, 4, 9])
def test_rows_of_noise_are_told_and_break_no_chain(reference: str, at: int) -> None:
    """A movie of a wireless link: frames without rows that were lost were compared with such, and none was told."""
    rng = np.random.default_rng(2)
    frames = np.arange(10.0)[:, None, None] + rng.normal(0, 0.01, (10, 48, 64))
    steps = measure_steps(frames)
    frames[at, 20:30] += rng.normal(0, 40, (10, 64))
    image = np.full((48, 64), 5.0, np.float32)
    learned = LearnedReference(
        reference=Reference(image=image), anchored=False, defects=Defects(steps=steps), before=image, after=image,
        rounds=1, n_good=1,
    )  # fmt: skip
    plan = Plan(n_frames=10, chunk_frames=4, sample_frames=2, workers=1, memory_bytes=1)
    found = follow(
        ArraySource(frames, axes="TYX"), Reader(), reference, learned, plan=plan, channel=0, mask=None,
        device=PlainDevice(), engine=ThreadsEngine(1), progress=lambda stage, done, total: None,
    )  # fmt: skip
    assert [t for t, verdict in enumerate(found.verdicts) if verdict is not Verdict.OK] == [at]
    assert found.verdicts[at] is Verdict.CORRUPTED


def test_planes_know_no_sequential_reference() -> None:
    with pytest.raises(InputError, match="planes-z"):
        follow(
            make_source(PLACES), CrossCorrelation(axis=0), "previous", None, plan=None, channel=0, mask=None,
            device=PlainDevice(), engine=ThreadsEngine(1), progress=None,
        )  # fmt: skip


def test_names_and_lags() -> None:
    assert [is_sequential(name) for name in ("pairs", "rolling", "previous:12", "previous:0", "previous:", 3)] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
    assert lags_of("previous", 5) == (1,)
    assert lags_of("previous:4", 3) == (2,)
    assert lags_of("pairs", 33) == (1, 2, 4, 8, 16, 32)
    assert lags_of("pairs", 32) == (1, 2, 4, 8, 16)
    assert lags_of("rolling", 9) == ()
