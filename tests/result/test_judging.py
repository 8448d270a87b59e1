"""Frames judged by hand, the plot and the card."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from holdstill.contracts import Covariance, Treatment, Verdict
from holdstill.errors import InputError
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
