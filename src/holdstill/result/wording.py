"""What frames are called that are not ok: by their verdict, or by whoever refused them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from holdstill.contracts import Verdict

__all__ = ["REFUSED", "give_reasons", "name_verdicts"]

REFUSED = "refused by hand"  # in the provenance: the frames that somebody refused
REFUSED_WHY = "Somebody looked at it, and refused it."


def name_verdicts(verdicts: Sequence[Verdict], provenance: dict[str, Any]) -> tuple[str, ...]:
    """Of each frame the word of its verdict; ``"refused by hand"`` where that is why."""
    refused = _list_refused(verdicts, provenance)
    return tuple(REFUSED if t in refused else each.value for t, each in enumerate(verdicts))


def give_reasons(verdicts: Sequence[Verdict], provenance: dict[str, Any]) -> tuple[str, ...]:
    """Why the own estimate of each frame is not trusted, in a sentence; empty where it is."""
    refused = _list_refused(verdicts, provenance)
    return tuple(REFUSED_WHY if t in refused else each.reason for t, each in enumerate(verdicts))


def _list_refused(verdicts: Sequence[Verdict], provenance: dict[str, Any]) -> set[int]:
    told = provenance.get(REFUSED)
    numbers = {t for t in told if type(t) is int} if isinstance(told, list) else set()
    return {t for t in numbers if 0 <= t < len(verdicts) and verdicts[t] is Verdict.MISMATCH}
