"""Where else a frame may lie: a few places of each flagged frame, with their likelihoods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts.arrays import FloatArray

__all__ = ["Candidate", "Candidates"]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One place at which a frame may lie.

    Attributes
    ----------
    parameters : tuple of float
        Of the motion, relative to the same origin as those of the result; for a translation the shift
        ``([z,] y, x)`` in px.
    score : float
        Correlation with the reference in the overlap, weighted by the inverse variance.
    log_likelihood : float
        Natural logarithm of how likely the frame is here, over how likely it is at the best place: 0 for that, -7 for
        one that is a thousand times less likely.
    evidence : float
        The same over how likely it is anywhere, showing something else than the reference. As of independent pixels,
        whose number the frame's own chi square lowers; NaN where it was not measured.
    """

    parameters: tuple[float, ...]
    score: float
    log_likelihood: float
    evidence: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidates:
    """Places of some frames, those of a frame together and the best first.

    Attributes
    ----------
    frames : ndarray of int64, (k,)
        Which frame each place is of, in ascending order.
    parameters : ndarray of float64, (k, n_params)
    scores : ndarray of float64, (k,)
    evidence : ndarray of float64, (k,)
        See `Candidate`.
    """

    frames: NDArray[np.int64]
    parameters: FloatArray
    scores: FloatArray
    evidence: FloatArray

    def __len__(self) -> int:
        return len(self.frames)

    @classmethod
    def none(cls, n_parameters: int) -> Candidates:
        """Of no frame, for a motion of so many parameters."""
        nothing = np.zeros(0)
        return cls(
            frames=np.zeros(0, np.int64), parameters=np.zeros((0, n_parameters)), scores=nothing, evidence=nothing
        )

    @classmethod
    def join(cls, parts: Sequence[Candidates]) -> Candidates:
        """Those of all parts, whose frames ascend from one to the next."""
        return cls(
            frames=np.concatenate([part.frames for part in parts]),
            parameters=np.concatenate([part.parameters for part in parts]),
            scores=np.concatenate([part.scores for part in parts]),
            evidence=np.concatenate([part.evidence for part in parts]),
        )

    def renumber(self, numbers: NDArray[np.int64]) -> Candidates:
        """The same with ``numbers[frame]`` in place of each frame, in ascending order."""
        return Candidates(
            frames=np.asarray(numbers, np.int64)[self.frames], parameters=self.parameters, scores=self.scores,
            evidence=self.evidence,
        )  # fmt: skip

    def of(self, frame: int) -> tuple[Candidate, ...]:
        """Those of one frame, the best first; empty where none were looked for."""
        rows = np.flatnonzero(self.frames == frame)
        return tuple(
            Candidate(
                parameters=tuple(float(value) for value in self.parameters[row]), score=float(self.scores[row]),
                log_likelihood=float(self.evidence[row] - self.evidence[rows[0]]), evidence=float(self.evidence[row]),
            )
            for row in rows
        )  # fmt: skip
