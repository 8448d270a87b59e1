"""How sure parameters are: their covariances for many frames, stored no larger than what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdstill.contracts.arrays import FloatArray
from holdstill.errors import InputError

__all__ = ["Covariance", "CovarianceKind"]

# what a Jacobian times a full matrix may take at a time
BLOCK_VALUES = 1 << 22


class CovarianceKind(StrEnum):
    """Which parameters of a frame may depend on each other."""

    FULL = "full"  # all
    BANDED = "banded"  # neighbours, as control points along a line
    DIAGONAL = "diagonal"  # none


@dataclass(frozen=True, eq=False)
class Covariance:
    """Covariances of the p parameters of n frames. NaN where nothing is known.

    Made by `of_matrices`, `of_bands`, `of_errors` or `unknown`. What is not stored is zero, so that motions of many
    independent parameters take p and not p^2 numbers a frame.

    Attributes
    ----------
    kind : CovarianceKind
    values : ndarray of float64
        Full: matrices, (n, p, p). Banded: (n, n_bands, p), of which ``[:, k, i]`` belongs to the parameters i and
        i + k. Diagonal: variances, (n, p). In units of the parameters, squared.

    Raises
    ------
    InputError
        The values are not of that shape.

    Examples
    --------
    >>> import numpy as np
    >>> Covariance.of_errors([[0.1, 0.2]]).matrices[0].round(3)
    array([[0.01, 0.  ],
           [0.  , 0.04]])
    """

    kind: CovarianceKind
    values: FloatArray

    def __post_init__(self) -> None:
        """Refuse values whose shape is not that of the kind."""
        shape = self.values.shape
        fits = {
            CovarianceKind.FULL: len(shape) == 3 and shape[1] == shape[2],
            CovarianceKind.BANDED: len(shape) == 3 and 1 <= shape[1] <= max(shape[2], 1),
            CovarianceKind.DIAGONAL: len(shape) == 2,
        }
        if not fits[self.kind]:
            raise InputError(f"values of shape {shape} are not {self.kind} covariances")

    @classmethod
    def of_matrices(cls, matrices: ArrayLike) -> Covariance:
        """Of full matrices, (n, p, p)."""
        return cls(CovarianceKind.FULL, np.asarray(matrices, np.float64))

    @classmethod
    def of_bands(cls, bands: ArrayLike) -> Covariance:
        """Of the diagonal and the bands beside it, (n, n_bands, p); see `values`."""
        return cls(CovarianceKind.BANDED, np.asarray(bands, np.float64))

    @classmethod
    def of_errors(cls, errors: ArrayLike) -> Covariance:
        """Of independent parameters with these standard deviations, (n, p)."""
        return cls(CovarianceKind.DIAGONAL, np.square(np.asarray(errors, np.float64)))

    @classmethod
    def unknown(cls, n: int, n_params: int) -> Covariance:
        """Of n frames of which nothing is known."""
        return cls(CovarianceKind.DIAGONAL, np.full((n, n_params), np.nan))

    def __len__(self) -> int:
        """Number of frames."""
        return len(self.values)

    @property
    def n_params(self) -> int:
        """Number of parameters of a frame."""
        return self.values.shape[-1]

    @property
    def variances(self) -> FloatArray:
        """Of each parameter, (n, p)."""
        if self.kind is CovarianceKind.FULL:
            return np.asarray(np.diagonal(self.values, axis1=1, axis2=2))
        return self.values[:, 0] if self.kind is CovarianceKind.BANDED else self.values

    @property
    def errors(self) -> FloatArray:
        """Standard deviations, (n, p); NaN where rounding left a variance below zero, as in frames of few pixels."""
        variances = self.variances
        return np.sqrt(np.where(variances >= 0, variances, np.nan))

    @property
    def matrices(self) -> FloatArray:
        """All as full matrices, (n, p, p): p times the memory of independent parameters."""
        if self.kind is CovarianceKind.FULL:
            return self.values
        bands = self.values if self.kind is CovarianceKind.BANDED else self.values[:, None]
        made, rows = np.zeros((len(self), self.n_params, self.n_params)), np.arange(self.n_params)
        for k in range(bands.shape[1]):
            i = rows[: self.n_params - k]
            made[:, i, i + k] = made[:, i + k, i] = bands[:, k, : len(i)]
        return made

    def take(self, rows: Any) -> Covariance:
        """Those of some frames: numbers of rows, a mask or a slice."""
        return Covariance(self.kind, self.values[rows])

    def hide(self, rows: Any) -> Covariance:
        """The same with nothing known of some frames."""
        values = self.values.copy()
        values[rows] = np.nan
        return Covariance(self.kind, values)

    @classmethod
    def join(cls, parts: Sequence[Covariance]) -> Covariance:
        """Concatenate along the frames, in the narrowest kind that holds all."""
        like = _find_common(parts)
        return cls(like[0], np.concatenate([_widen(part, *like) for part in parts]))

    def __add__(self, other: Covariance) -> Covariance:
        """Of the sum of two independent estimates, frame by frame."""
        like = _find_common((self, other))
        return Covariance(like[0], _widen(self, *like) + _widen(other, *like))

    def weigh(self, shares: ArrayLike) -> Covariance:
        """Variances times a share, one for all frames or one each, (n,)."""
        weights = np.asarray(shares, np.float64)
        with np.errstate(invalid="ignore"):  # infinite where nothing is known
            return Covariance(self.kind, self.values * weights.reshape(weights.shape + (1,) * (self.values.ndim - 1)))

    def scale(self, factors: ArrayLike) -> Covariance:
        """Of parameters times factors, (p,) or (n, p): the kind stays."""
        by = np.broadcast_to(np.asarray(factors, np.float64), (len(self), self.n_params))
        if self.kind is CovarianceKind.FULL:
            return Covariance(self.kind, self.values * by[:, :, None] * by[:, None, :])
        if self.kind is CovarianceKind.DIAGONAL:
            return Covariance(self.kind, self.values * by**2)
        values = self.values.copy()
        for k in range(values.shape[1]):
            values[:, k, : self.n_params - k] *= by[:, : self.n_params - k] * by[:, k:]
        return Covariance(self.kind, values)

    def propagate(self, jacobian: FloatArray) -> Covariance:
        """Of what depends on the parameters by ``jacobian``, (q, p) or (n, q, p): ``J C J^T``, to first order.

        Independent parameters stay so where each enters one of the results at most. A frame with anything unknown
        becomes unknown.
        """
        by = np.broadcast_to(jacobian, (len(self), *jacobian.shape[-2:]))
        if self.kind is CovarianceKind.DIAGONAL and (np.count_nonzero(jacobian, axis=-2) <= 1).all():
            return Covariance(self.kind, np.einsum("nij,nj->ni", by**2, self.values))
        step = max(1, BLOCK_VALUES // max(by.shape[1] * by.shape[2], 1))
        found = np.empty((len(self), by.shape[1], by.shape[1]))
        for start in range(0, len(self), step):
            rows = slice(start, start + step)
            with np.errstate(invalid="ignore"):  # of a frame that nothing is known of
                found[rows] = by[rows] @ self.take(rows).matrices @ np.swapaxes(by[rows], 1, 2)
        return Covariance(CovarianceKind.FULL, found)

    def accumulate(self) -> Covariance:
        """Running sums over the frames, for what drifts with each of them; the unknown counts as nothing."""
        return Covariance(self.kind, np.nan_to_num(self.values, nan=0.0, posinf=np.inf).cumsum(axis=0))

    def mean_errors(self) -> FloatArray:
        """Root mean square of the errors that are known in each frame, (n,); NaN where none is."""
        variances = self.variances
        known = np.isfinite(variances)
        with np.errstate(invalid="ignore"):
            return np.sqrt(np.where(known, variances, 0).sum(axis=1) / known.sum(axis=1))

    def pack(self) -> dict[str, NDArray[Any]]:
        """As plain arrays, from which `unpack` makes the same to the bit."""
        return {"kind": np.array(self.kind.value), "values": self.values}

    @classmethod
    def unpack(cls, arrays: Mapping[str, NDArray[Any]]) -> Covariance:
        """What `pack` made into arrays. Raises InputError or ValueError where they do not fit together."""
        return cls(CovarianceKind(str(arrays["kind"])), np.asarray(arrays["values"], np.float64))

    @property
    def correlations(self) -> FloatArray:
        """Correlation coefficients beside the diagonal, -1 to 1; 0 for parameters without an error.

        Full: those above the diagonal row by row, (n, p (p - 1) / 2). Banded: (n, n_bands - 1, p). Diagonal: (n, 0).
        """
        errors = self.errors
        safe = np.where(errors > 0, errors, np.inf)  # NaN becomes infinite too
        inverse = 1 / safe
        with np.errstate(invalid="ignore"):  # infinity times 0, told as 0 below
            if self.kind is CovarianceKind.FULL:
                rows, columns = np.triu_indices(self.n_params, 1)
                found = self.values[:, rows, columns] * inverse[:, rows] * inverse[:, columns]
            elif self.kind is CovarianceKind.BANDED:
                found = np.zeros_like(self.values[:, 1:])
                for k in range(1, self.values.shape[1]):
                    n = self.n_params - k
                    found[:, k - 1, :n] = self.values[:, k, :n] * inverse[:, :n] * inverse[:, k:]
            else:
                return np.zeros((len(self), 0))
        return np.nan_to_num(found, nan=0.0, posinf=0.0, neginf=0.0)

    @classmethod
    def of_correlations(cls, kind: CovarianceKind, errors: FloatArray, correlations: FloatArray) -> Covariance:
        """From errors, (n, p), and what `correlations` tells of that kind. Raises InputError where they do not fit."""
        n, p = errors.shape
        if kind is CovarianceKind.DIAGONAL:
            return cls.of_errors(errors)
        if kind is CovarianceKind.BANDED:
            if correlations.ndim != 3 or correlations.shape[::2] != (n, p) or correlations.shape[1] >= max(p, 1):
                raise InputError(f"correlations of shape {correlations.shape} do not fit {n} frames of {p} parameters")
            ones = np.concatenate([np.ones((n, 1, p)), correlations], axis=1)
            return cls(kind, ones).scale(errors)
        if correlations.shape != (n, p * (p - 1) // 2):
            raise InputError(f"correlations of shape {correlations.shape} do not fit {n} frames of {p} parameters")
        made = np.broadcast_to(np.eye(p), (n, p, p)).copy()
        rows, columns = np.triu_indices(p, 1)
        made[:, rows, columns] = made[:, columns, rows] = correlations
        return cls(kind, made).scale(errors)


def _find_common(parts: Sequence[Covariance]) -> tuple[CovarianceKind, int]:
    """The narrowest kind that holds all, and how many bands it has."""
    kinds = {part.kind for part in parts}
    if CovarianceKind.FULL in kinds:
        return CovarianceKind.FULL, 0
    bands = [part.values.shape[1] for part in parts if part.kind is CovarianceKind.BANDED]
    return (CovarianceKind.BANDED, max(bands)) if bands else (CovarianceKind.DIAGONAL, 1)


def _widen(part: Covariance, kind: CovarianceKind, n_bands: int) -> FloatArray:
    """The values as those of a wider kind."""
    if kind is CovarianceKind.FULL:
        return part.matrices
    if kind is CovarianceKind.DIAGONAL:
        return part.values
    bands = part.values if part.kind is CovarianceKind.BANDED else part.values[:, None]
    missing = np.zeros((len(part), n_bands - bands.shape[1], part.n_params))
    return np.concatenate([bands, missing], axis=1)
