"""What families of motion have in common: what follows from where a transform takes points, found by numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from holdstill.contracts import Covariance, FloatArray, Motion
from holdstill.errors import InputError
from holdstill.transforms.motions.registry import check_axes
from holdstill.transforms.warps import corners

__all__ = ["AdditiveFamily", "Family"]

STEP = 1e-6
# Jacobians take ten times the memory of what comes of them
FRAMES_AT_A_TIME = 4096
GRID = 15


class Family(Motion):
    """Promises kept by numbers; families that know better keep them themselves."""

    def check(self, ndim: int) -> None:
        check_axes(self, ndim)

    def check_sequential(self, reference: str) -> None:
        """Transforms that can be composed can be chained."""

    def shifts(self, parameters: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        return parameters[:, : len(shape)]

    def shift_errors(self, errors: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        return errors[:, : len(shape)]

    def embed(self, motion: Motion, parameters: FloatArray, ndim: int) -> FloatArray:
        if motion.name != self.name:
            raise InputError(f"{motion.name} transforms cannot be written as {self.name} ones")
        return parameters

    def lift(self, parameters: FloatArray) -> tuple[Motion, FloatArray]:
        raise InputError(
            f"motion {self.name!r} does not go with project; choose translation, rigid, similarity or affine"
        )

    def anchor(self, parameters: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        return parameters

    def interpolate(self, before: FloatArray, after: FloatArray, shares: FloatArray, ndim: int) -> FloatArray:
        return (1 - shares[:, None]) * before + shares[:, None] * after  # exact at both ends

    def approach(self, parameters: FloatArray, near: FloatArray, ndim: int) -> FloatArray:
        return parameters

    def overlaps(self, parameters: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        last = np.array(shape) - 1
        axes = [np.linspace(0, top, GRID) for top in last]
        points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(shape))
        found = self.map_points(parameters, points, shape)
        inside = ((found >= 0) & (found <= last)).all(axis=2)
        return np.asarray(inside.mean(axis=1), np.float64)

    def find_least_areas(self, parameters: FloatArray, shape: tuple[int, ...]) -> tuple[FloatArray, FloatArray]:
        """See `Motion.find_least_areas`; maps without control points do not fold."""
        return np.ones(len(parameters)), np.zeros((len(parameters), len(shape)))

    def corner_errors(self, parameters: FloatArray, covariance: Covariance, shape: tuple[int, ...]) -> FloatArray:
        points = corners(shape) + (np.array(shape) - 1) / 2
        found = [np.zeros(0)]
        for first in range(0, len(parameters), FRAMES_AT_A_TIME):
            part = slice(first, first + FRAMES_AT_A_TIME)
            jacobian = _differentiate(lambda rows: self.map_points(rows, points, shape), parameters[part])
            variances = np.einsum("ncai,nij,ncaj->nc", jacobian, covariance.take(part).matrices, jacobian)
            found.append(np.sqrt(np.maximum(variances.mean(axis=1), 0)))
        return np.concatenate(found)

    def propagate(
        self, change: Callable[[FloatArray], FloatArray], parameters: FloatArray, *covariances: Covariance
    ) -> list[Covariance]:
        jacobian = _differentiate(change, parameters)
        return [one.propagate(jacobian) for one in covariances]


class AdditiveFamily(Family):
    """Transforms of which one after another has the sum of their parameters."""

    def invert(self, parameters: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        return -parameters

    def compose(self, outer: FloatArray, inner: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        return outer + inner

    def relative_to(self, parameters: FloatArray, origins: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        return parameters - origins

    def propagate(
        self, change: Callable[[FloatArray], FloatArray], parameters: FloatArray, *covariances: Covariance
    ) -> list[Covariance]:
        """As `Motion.propagate`; what keeps the number of parameters changes each by itself, in proportion."""
        slopes = change(np.ones_like(parameters)) - change(np.zeros_like(parameters))
        if slopes.shape != parameters.shape:
            return super().propagate(change, parameters, *covariances)
        return [one.scale(slopes) for one in covariances]


def _differentiate(function: Callable[[FloatArray], FloatArray], parameters: FloatArray) -> FloatArray:
    """Derivative of what a function makes of parameters, (n, n_params), by each of them: (n, ..., n_params)."""
    columns = []
    for step in STEP * np.eye(parameters.shape[1]):
        columns.append((function(parameters + step) - function(parameters - step)) / (2 * STEP))
    return np.stack(columns, axis=-1)
