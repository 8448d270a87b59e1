"""Advice: the same words in the report, on the terminal and in a card."""

import numpy as np
import pytest

from holdstill.contracts import Verdict
from holdstill.result.advice import REMEDIES, advise, answer, list_frames
from holdstill.result.registration import Registration
from holdstill.transforms.trajectory import Trajectory


def make_result(*verdicts: Verdict, motion: str = "translation", **provenance: object) -> Registration:
    n = len(verdicts)
    parameters = np.zeros((n, 3 if motion == "rigid" else 2))
    parameters[:, 0] = np.linspace(0, 8, n)
    return Registration.of_trajectory(Trajectory.of(motion, parameters, (64, 64)), verdicts, provenance=provenance)


def test_every_verdict_has_a_remedy() -> None:
    names = {verdict.value for verdict in Verdict} - {"ok"}
    assert REMEDIES.keys() == {*names, "refused by hand"}


@pytest.mark.parametrize(
    ("frames", "text"), [([3], "3"), ([3, 4, 5, 9], "3-5, 9"), (range(0, 40, 2), "0, 2, 4, 6, 8, 10 ..."), ([], "")]
)
def test_frames_are_listed_as_ranges(frames: list[int], text: str) -> None:
    assert list_frames(frames) == text


def test_advice_knows_the_data_and_the_options() -> None:
    ok, ambiguous, far = Verdict.OK, Verdict.AMBIGUOUS, Verdict.OUT_OF_RANGE
    first, second = advise(make_result(ok, ambiguous, ambiguous, far, ok))
    assert (first.frames, second.frames) == ((1, 2), (3,))
    assert "--max-shift 12: no good frame moved further than 8.0 px" in first.remedy
    assert "--reference pairs" in second.remedy
    [told] = advise(make_result(ok, far, asked={"max_shift": 5.0}))
    assert told.remedy == "Try a larger --max-shift than 5.0."
    assert "--motion rigid" in advise(make_result(ok, Verdict.MISMATCH))[0].remedy
    assert "--motion rigid" not in advise(make_result(ok, Verdict.MISMATCH, motion="rigid"))[0].remedy
    [told] = advise(make_result(Verdict.MISMATCH, fixed="fixed.tif"))
    assert "--method deformable" in told.remedy
    assert "over time" not in told.remedy
    for verdict in (far, Verdict.LOW_CONTRAST):  # what is offered for movies
        [told] = advise(make_result(verdict, fixed="fixed.tif"))
        assert "right pair" in told.remedy
        assert "--reference" not in told.remedy
        assert "--average" not in told.remedy


def test_volumes_are_no_slides() -> None:
    still = Trajectory.of("translation", np.zeros((1, 3)), (20, 30, 40))
    found = Registration.of_trajectory(still, [Verdict.MISMATCH], provenance={"prepared": ["electron", "electron"]})
    [told] = advise(found)
    assert "slide" not in told.remedy
    assert "mutual_information" in told.remedy


def test_answers_without_pixels() -> None:
    assert answer(make_result()).sentence == "There were no frames."
    none = answer(make_result(Verdict.BLANK, Verdict.BLANK, Verdict.SATURATED))
    assert none.sentence == "No: none of the 3 frames could be registered (2 blank, 1 saturated)."
    assert answer(make_result(Verdict.OK, Verdict.OK)).level == "unknown"
    assert answer(make_result(Verdict.OK, Verdict.OK, Verdict.BLANK)).level == "partly"
    assert answer(make_result(Verdict.OK, Verdict.BLANK, Verdict.BLANK)).level == "no"  # it agrees with itself
