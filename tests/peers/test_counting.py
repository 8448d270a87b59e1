"""The line that says what of the peers' cases was run."""

import pytest

from tests.peers.counting import reports_of_peers, summarize_peers


def report(name: str, outcome: str, told: object = None) -> pytest.TestReport:
    return pytest.TestReport(name, (name, 1, name), {}, outcome, told, "call")  # type: ignore[arg-type]


def test_the_line_counts_and_gives_reasons() -> None:
    skips = [report("tests/peers/test_a.py::b", "skipped", ("a.py", 3, f"Skipped: {why}")) for why in ("no data", "x")]
    passes = reports_of_peers([report("tests/peers/test_a.py::c", "passed"), report("tests/io/test_d.py::e", "passed")])
    told = summarize_peers(passed=passes, failed=[], skipped=[*skips, skips[0]])
    assert told == "peers' own cases: 1 passed, 0 failed, 3 skipped; 2 x no data; 1 x x"
