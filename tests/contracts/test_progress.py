"""How a run is told to stop."""

import pytest

from holdstill.contracts import heed, ignore_progress
from holdstill.errors import HoldstillError, Stopped


def test_false_stops_and_nothing_else_does() -> None:
    for answer in (None, True, 0, "no"):
        heed(lambda stage, done, total, answer=answer: answer)("estimate", 1, 2)
    with pytest.raises(Stopped, match=r"stopped at 1 of 2 \(estimate\), as was asked for"):
        heed(lambda stage, done, total: False)("estimate", 1, 2)
    assert issubclass(Stopped, HoldstillError)


def test_nobody_asks() -> None:
    assert heed(None) is ignore_progress
    assert ignore_progress("estimate", 1, 2) is None
