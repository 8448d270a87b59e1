"""Sources whose frames are made of those of another: what all of them have in common."""

from __future__ import annotations

from pathlib import Path

from holdstill.contracts import Source

__all__ = ["SourceView"]


class SourceView(Source):
    """Frames made of those of another source when they are asked for; whoever inherits says how, in `read`.

    Parameters
    ----------
    source : Source
        Stays the caller's to close.
    """

    def __init__(self, source: Source) -> None:
        self._source, self.info = source, source.info

    @property
    def files(self) -> tuple[Path, ...]:
        return self._source.files

    @property
    def block_bytes(self) -> int:
        return self._source.block_bytes

    def unreadable(self, start: int, stop: int) -> tuple[int, ...]:
        return self._source.unreadable(start, stop)

    def check_travels(self) -> None:
        self._source.check_travels()

    def close(self) -> None:
        """Do nothing: the source belongs to the caller."""
