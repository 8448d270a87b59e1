"""Errors of landmarks, as the field tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from holdstill.contracts import FloatArray

__all__ = ["Errors", "measure_errors", "summarise"]


@dataclass(frozen=True, kw_only=True)
class Errors:
    """Errors of the landmarks of a pair, as shares of the diagonal of the image (relative target registration error).

    Attributes
    ----------
    median, mean, largest : float
        Over the landmarks.
    initial : float
        The median before registration.
    robustness : float
        Share of the landmarks that lie nearer to each other than before.
    """

    median: float
    mean: float
    largest: float
    initial: float
    robustness: float


def measure_errors(truth: FloatArray, found: FloatArray, before: FloatArray, diagonal: float) -> Errors:
    """Errors of landmarks `found`, (n, 2) px, where `truth` is right and `before` is where they lay.

    Definitions: Borovec et al., IEEE TMI 39:3042 (2020). Landmarks that nothing was found for count as they lay.
    """
    known = np.asarray(np.isfinite(found).all(axis=1))
    used = np.where(known[:, None], found, before)
    errors, initial = (np.asarray(np.linalg.norm(each - truth, axis=1) / diagonal) for each in (used, before))
    return Errors(
        median=float(np.median(errors)), mean=float(errors.mean()), largest=float(errors.max()),
        initial=float(np.median(initial)), robustness=float((errors < initial).mean()),
    )  # fmt: skip


def summarise(each: Sequence[Errors], seconds: Sequence[float]) -> dict[str, float]:
    """What the errors of all pairs come to: means and medians over pairs of what each pair shows."""
    parts = {name: np.array([getattr(one, name) for one in each]) for name in ("median", "mean", "largest")}
    found = {}
    for name, values in parts.items():
        found[f"median_of_{name}"] = float(np.median(values))
        found[f"mean_of_{name}"] = float(values.mean())
    found["robustness"] = float(np.mean([one.robustness for one in each]))
    found["median_seconds"] = float(np.median(seconds))
    return found
