"""How integrity is measured."""

from __future__ import annotations

from dataclasses import dataclass

from holdstill.errors import InputError, UnknownName
from holdstill.transforms.motions import CHAINED
from holdstill.transforms.motions.piecewise import PIECEWISE

__all__ = ["IntegrityOptions"]

MOTIONS = (*CHAINED, PIECEWISE)

# beyond, the best of so many shifts brings cells that are gone too near to those that are there
LARGEST_SLACK = 3


@dataclass(frozen=True, kw_only=True)
class IntegrityOptions:
    """How integrity is measured.

    Parameters
    ----------
    tile : int
        Side in px of the squares that stand for cells where there are no labels.
    slack : {0, 1, 2, 3}
        Each cell may have moved by so many px along each axis; the best of ``(2 slack + 1)^2`` shifts counts.
    motion : str, optional
        Register each cycle against the first in this family before anything is compared.
    threshold : float, optional
        Correlation with the first cycle from which on a cell counts as kept. Default: found from the distribution.

    Raises
    ------
    InputError, UnknownName
        A value is out of its range.
    """

    tile: int = 50
    slack: int = 0
    motion: str | None = None
    threshold: float | None = None

    def __post_init__(self) -> None:
        """Check the values."""
        if self.tile < 2:
            raise InputError(f"a tile of {self.tile} px has no correlation; give 2 or more, as --tile 50")
        if self.slack not in range(LARGEST_SLACK + 1):
            raise InputError(
                f"slack {self.slack} is not 0 to {LARGEST_SLACK} px; for larger motion register the cycles (--register)"
            )
        if self.motion is not None and self.motion not in MOTIONS:
            raise UnknownName(
                f"cycles are not registered by motion {self.motion!r}; choose one of {', '.join(MOTIONS)}"
            )
        if self.threshold is not None and not -1 <= self.threshold <= 1:
            raise InputError(f"threshold {self.threshold} is not a correlation; give -1 to 1, as --threshold 0.6")
