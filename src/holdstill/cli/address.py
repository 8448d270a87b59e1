"""Addresses on the command line, which a plain path would take for names of folders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

__all__ = ["Address", "parse_place"]

if TYPE_CHECKING:
    _Base = Path
else:
    _Base = type(Path())


class Address(_Base):
    """An address: a path to who asks for its name, and what was typed to who opens it."""

    _typed: str

    def __new__(cls, text: str) -> Address:
        made = super().__new__(cls, text)
        made._typed = text
        return made

    def __str__(self) -> str:
        """As it was typed: a path makes one slash of two."""
        return self._typed

    def __fspath__(self) -> str:
        return self._typed

    def __reduce__(self) -> tuple[Any, ...]:
        return Address, (self._typed,)


def parse_place(text: str) -> Path:
    """A file, a folder, a pattern or an address."""
    return Address(text) if "://" in text else Path(text)
