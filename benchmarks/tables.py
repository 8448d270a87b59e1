"""What a benchmark gives: a table, and claims that were reached or missed; kept as JSON, shown as Markdown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Claim", "Section", "claims_table"]


@dataclass(frozen=True)
class Claim:
    """A figure that the design asks for, and what this run measured."""

    what: str
    asked: str
    measured: str
    reached: bool


@dataclass(frozen=True)
class Section:
    """One table with its claims; `measured` says when and on which machine."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    claims: Sequence[Claim] = field(default_factory=tuple)
    measured: str = ""

    def markdown(self) -> str:
        """The section as Markdown."""
        lines = [f"## {self.title}", ""]
        if self.note:
            lines += [self.note, ""]
        lines += ["| " + " | ".join(self.columns) + " |", "|" + "---|" * len(self.columns)]
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        if self.measured:
            lines += ["", f"*Measured {self.measured}.*"]
        return "\n".join(lines) + "\n"

    def save(self, path: Path) -> None:
        """Keep the section as JSON."""
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Section:
        """A section that `save` kept."""
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return cls(**content | {"claims": tuple(Claim(**claim) for claim in content["claims"])})


def claims_table(sections: Sequence[Section]) -> list[str]:
    """All claims as the lines of one Markdown table, misses included."""
    lines = ["| figure | asked for | measured | |", "|---|---|---|---|"]
    for claim in (claim for section in sections for claim in section.claims):
        mark = "reached" if claim.reached else "**missed**"
        lines.append(f"| {claim.what} | {claim.asked} | {claim.measured} | {mark} |")
    return lines
