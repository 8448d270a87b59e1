"""What is said of frames in the page can be taken back."""

import numpy as np
import pytest

from holdstill.contracts import Candidates, Covariance, Verdict
from holdstill.errors import InputError
from holdstill.result.registration import Registration
from holdstill.result.viewer.judging import Judged, parse_judgement
from holdstill.transforms.trajectory import Trajectory


@pytest.fixture
def found() -> Registration:
    """Six frames; the fourth does not fit, and may lie at two places."""
    shifts = np.arange(12.0).reshape(6, 2)
    verdicts = [Verdict.MISMATCH if t == 3 else Verdict.OK for t in range(6)]
    places = Candidates(
        frames=np.array([3, 3]), parameters=np.array([[1.0, 2.0], [9.0, 9.0]]), scores=np.array([0.4, 0.3]),
        evidence=np.array([4.0, 3.0]),
    )  # fmt: skip
    return Registration.of_trajectory(
        Trajectory.of("translation", shifts, (40, 40)), verdicts, places=places, estimates=shifts,
        covariance=Covariance.of_errors(np.full((6, 2), 0.1)),
    )  # fmt: skip


def test_the_opposite_takes_it_back_with_its_error_bar(found: Registration) -> None:
    judged = Judged(found)
    judged.say(1, False)
    assert judged.is_changed
    assert judged.found.verdict_names[1] == "refused by hand"
    assert judged.found.reasons[1] == "Somebody looked at it, and refused it."
    assert np.isnan(judged.found.errors[1]).all()
    judged.say(1, True)
    assert not judged.is_changed
    assert judged.found is found


def test_a_place_is_taken_and_given_back(found: Registration) -> None:
    judged = Judged(found)
    judged.say(3, 1)
    judged.say(5, False)
    assert judged.found.shifts[3].tolist() == [9, 9]
    judged.say(3, None)
    assert judged.found.verdicts[3] is Verdict.MISMATCH
    assert "candidate by hand" not in judged.found.provenance
    assert judged.found.provenance["refused by hand"] == [5]  # the other frame stays judged
    np.testing.assert_array_equal(judged.found.shifts, found.refused(5).shifts)


def test_what_cannot_be_said_changes_nothing(found: Registration) -> None:
    judged = Judged(found)
    with pytest.raises(InputError):
        judged.say(3, 7)
    assert judged.found is found
    assert not judged.is_changed


@pytest.mark.parametrize(
    "body", [b"[]", b"null", b"3", b"{}", b'{"frame": 1}', b'{"frame": "1", "accept": true}',
             b'{"frame": true, "accept": true}', b'{"frame": 1, "accept": 1}', b'{"frame": 1, "candidate": true}']
)  # fmt: skip
def test_what_is_no_judgement(body: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        parse_judgement(body, 6)


def test_judgements_are_read(found: Registration) -> None:
    assert parse_judgement(b'{"frame": 1, "accept": false}', 6) == (1, False)
    assert parse_judgement(b'{"frame": 1, "candidate": 2}', 6) == (1, 2)
    assert parse_judgement(b'{"frame": 1, "candidate": null}', 6) == (1, None)
    with pytest.raises(InputError, match="no frame 6 of 6"):
        parse_judgement(b'{"frame": 6, "accept": false}', 6)


@pytest.mark.parametrize("number", [1.5, "1", True, None, np.float64(2)])
def test_frames_have_whole_numbers(found: Registration, number: object) -> None:
    for judge in (found.refused, found.accepted, found.candidates, lambda n: found.with_candidate(n, 0)):
        with pytest.raises(InputError, match="is not the number of a frame"):
            judge(number)
    with pytest.raises(InputError, match="is not the number of a candidate"):
        found.with_candidate(3, number)
    assert found.refused(np.int64(2)).provenance["refused by hand"] == [2]
