"""How many of the peers' own cases were run, in one line."""

from collections import Counter
from collections.abc import Iterable, Sequence

import pytest

__all__ = ["reports_of_peers", "summarize_peers"]


def reports_of_peers(reports: Iterable[object]) -> list[pytest.TestReport]:
    return [one for one in reports if isinstance(one, pytest.TestReport) and one.nodeid.startswith("tests/peers/")]


def summarize_peers(
    passed: Sequence[pytest.TestReport], failed: Sequence[pytest.TestReport], skipped: Sequence[pytest.TestReport]
) -> str:
    """Of conformance with other packages: how many cases passed, failed, and were skipped for which reasons."""
    line = f"peers' own cases: {len(passed)} passed, {len(failed)} failed, {len(skipped)} skipped"
    reasons = Counter(_reason(report) for report in skipped)
    return "; ".join([line, *(f"{count} x {reason}" for reason, count in reasons.most_common())])


def _reason(report: pytest.TestReport) -> str:
    told = report.longrepr
    return str(told[2]).removeprefix("Skipped: ") if isinstance(told, tuple) else str(told)
