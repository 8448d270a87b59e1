"""What an evaluation found: one row for each pair and method."""

from __future__ import annotations

from dataclasses import dataclass

from holdstill.contracts import FloatArray
from holdstill.evaluation.landmarks.cover import Pair
from holdstill.evaluation.landmarks.measures import Errors

__all__ = ["Evaluation", "Row"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Row:
    """What one method did with one pair.

    Attributes
    ----------
    pair : Pair
    method : str
    errors : Errors
    seconds : float
    status : str
        ``"ok"``, a verdict, or why nothing was found.
    on_fixed : bool
        Whether `points` are landmarks of the moving image on the fixed one, or the other way round.
    points : ndarray of float64, (n, 2), or None
        Where landmarks were found, px, (y, x).
    """

    pair: Pair
    method: str
    errors: Errors
    seconds: float
    status: str
    on_fixed: bool
    points: FloatArray | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluation:
    """All rows, and what they come to by method, see `holdstill.evaluation.landmarks.measures.summarise`."""

    rows: tuple[Row, ...]
    summary: dict[str, dict[str, float]]
