"""What a benchmark gives: a table for people, and claims that were reached or missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["Claim", "Section"]


@dataclass(frozen=True)
class Claim:
    """A figure that the design asks for, and what this run measured."""

    what: str
    asked: str
    measured: str
    reached: bool


@dataclass(frozen=True)
class Section:
    """One table with its claims."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    claims: Sequence[Claim] = field(default_factory=tuple)

    def markdown(self) -> str:
        """The section as Markdown."""
        lines = [f"## {self.title}", ""]
        if self.note:
            lines += [self.note, ""]
        lines += ["| " + " | ".join(self.columns) + " |", "|" + "---|" * len(self.columns)]
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        return "\n".join(lines) + "\n"
