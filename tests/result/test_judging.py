"""Frames judged by hand, the plot and the card."""

import json
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from holdstill.contracts import Candidates, Covariance, Treatment, Verdict
from holdstill.errors import FileError, InputError
from holdstill.result.registration import Registration, load
from holdstill.transforms.trajectory import Trajectory


@pytest.fixture
def found() -> Registration:
    """Ten frames that move by 1 px each; frame 4 jumped and was flagged, of frame 6 nothing was found."""
    shifts = np.arange(10.0)[:, None] * np.ones((1, 2))
    estimates = shifts.copy()
    estimates[4], estimates[6] = 9.5, np.nan
    verdicts = [Verdict.OK] * 10
    verdicts[4], verdicts[6] = Verdict.AMBIGUOUS, Verdict.BLANK
    errors = np.full((10, 2), 0.01)
    errors[[4, 6]] = np.nan
    return Registration.of_trajectory(
        Trajectory.of("translation", shifts, (32, 32)), verdicts, estimates=estimates,
        covariance=Covariance.of_errors(errors), provenance={"input": "a <b> & 'c'.tif"},
    )  # fmt: skip


def test_an_accepted_frame_has_its_own_estimate(found: Registration, tmp_path: Path) -> None:
    judged = found.accepted(4)
    np.testing.assert_array_equal(judged.shifts[4], 9.5)
    assert judged.verdicts[4] is Verdict.OK
    assert judged.treatments[4] is Treatment.ESTIMATED
    assert judged.provenance["accepted by hand"] == [4]
    assert found.verdicts[4] is Verdict.AMBIGUOUS  # the result itself stays
    again = load(judged.save(tmp_path / "drift.json"))
    np.testing.assert_array_equal(again.shifts, judged.shifts)
    assert again.verdicts == judged.verdicts


def test_a_refused_frame_takes_its_neighbours_transform(found: Registration) -> None:
    judged = found.refused(2, -1)
    np.testing.assert_allclose(judged.shifts[2], 2.0)
    np.testing.assert_allclose(judged.shifts[9], 8.0)  # after the last good one, the last is repeated
    assert judged.verdicts[9] is Verdict.MISMATCH
    assert np.isnan(judged.errors[2]).all()
    assert judged.provenance["refused by hand"] == [2, 9]
    back = judged.accepted(9)
    np.testing.assert_allclose(back.shifts[9], 9.0)
    assert back.provenance["refused by hand"] == [2]


def test_neighbours_of_a_judged_frame_follow(found: Registration) -> None:
    """Frame 6 was bridged between 5 and 7: once 7 is refused, it lies between 5 and 8."""
    bent = Registration.of_trajectory(
        Trajectory.of("translation", np.array([[0.0, 0], [1, 0], [1, 0], [1, 0], [9, 0]]), (32, 32)),
        [Verdict.OK, Verdict.OK, Verdict.BLANK, Verdict.OK, Verdict.OK],
    )
    np.testing.assert_allclose(bent.refused(3).shifts[:, 0], [0, 1, 1 + 8 / 3, 1 + 16 / 3, 9])


@pytest.fixture
def placed(found: Registration) -> Registration:
    """The same with two places of frame 4."""
    places = Candidates(
        frames=np.array([4, 4]), parameters=np.array([[9.5, 9.5], [4.1, 4.2]]), scores=np.array([0.6, 0.5]),
        evidence=np.array([80.0, 78.5]),
    )  # fmt: skip
    return replace(found, places=places)


def test_the_places_of_a_flagged_frame_are_kept(placed: Registration, tmp_path: Path) -> None:
    for reg in (placed, load(placed.save(tmp_path / "drift.json"))):
        best, other = reg.candidates(4)
        assert (best.parameters, best.score, best.log_likelihood, best.evidence) == ((9.5, 9.5), 0.6, 0.0, 80.0)
        assert (other.parameters, other.log_likelihood) == ((4.1, 4.2), -1.5)
        assert reg.candidates(-6) == reg.candidates(4)
        (own,) = reg.candidates(3)
        assert own.parameters == (3.0, 3.0)
        assert reg.candidates(6) == ()
    with pytest.raises(InputError, match="there is no frame 10 of 10"):
        placed.candidates(10)


def test_a_frame_is_put_at_another_of_its_places(placed: Registration, tmp_path: Path) -> None:
    judged = placed.with_candidate(4, 1)
    np.testing.assert_array_equal(judged.shifts[4], [4.1, 4.2])
    np.testing.assert_array_equal(judged.estimates, placed.estimates)
    assert (judged.verdicts[4], judged.treatments[4], judged.scores[4]) == (Verdict.OK, Treatment.ESTIMATED, 0.5)
    assert np.isnan(judged.errors[4]).all()
    assert judged.provenance["candidate by hand"] == {"4": 1}
    again = load(judged.save(tmp_path / "drift.json"))
    assert again.provenance == judged.provenance
    assert again.candidates(4) == placed.candidates(4)
    back = judged.accepted(4)  # its own estimate again
    np.testing.assert_array_equal(back.shifts[4], 9.5)
    assert "candidate by hand" not in back.provenance
    with pytest.raises(InputError, match="frame 4 has 2 candidates, numbered from 0; there is no candidate 2"):
        placed.with_candidate(4, 2)


def test_places_follow_the_transforms(placed: Registration) -> None:
    inverse = placed.inverse.candidates(4)
    assert [each.parameters for each in inverse] == [(-9.5, -9.5), (-4.1, -4.2)]
    step = Registration.from_shifts([[1.0, 0.0]], (32, 32))
    assert placed.compose(step).candidates(4)[1].parameters == (5.1, 4.2)


@pytest.mark.parametrize("wrong", [{"frames": [4, 10]}, {"frames": [4]}, {"evidence": [1.0, None]}, {"scores": "x"}])
def test_damaged_places_are_refused(placed: Registration, tmp_path: Path, wrong: dict) -> None:
    path = placed.save(tmp_path / "drift.json")
    content = json.loads(path.read_text())
    content["candidates"] |= wrong
    path.write_text(json.dumps(content))
    with pytest.raises(FileError, match="damaged result"):
        load(path)


def test_frames_that_cannot_be_judged(found: Registration) -> None:
    with pytest.raises(InputError, match="nothing was found in frame 6"):
        found.accepted(6)
    with pytest.raises(InputError, match="there is no frame 10 of 10"):
        found.refused(10)


def test_plot_draws_both_axes_and_the_flags(found: Registration) -> None:
    mpl.use("agg")
    axes = found.plot()
    lines = {line.get_label(): line for line in axes.lines}
    np.testing.assert_array_equal(lines["y"].get_ydata(), found.shifts[:, 0])
    np.testing.assert_array_equal(lines["flagged"].get_xdata(), [4, 6])
    assert found.plot(axes) is axes
    mpl.pyplot.close("all")


def test_the_card_is_small_and_escaped(found: Registration) -> None:
    card = found._repr_html_()
    assert "a &lt;b&gt; &amp; &#x27;c&#x27;.tif" in card
    assert "8 of 10 frames were registered" in card
    assert "1 frame blank (6): There is no signal" in card
    assert "<script" not in card
    assert len(card) < 10_000
    assert card.count("<polyline") == 2
