"""Where pixels are computed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts.arrays import FloatArray, Frames
from holdstill.contracts.grid import ControlGrid

__all__ = ["EDGES", "INTERPOLATIONS", "Device", "DirectSums", "FieldSums", "NoiseModel", "Spline"]

EDGES = ("constant", "nearest", "reflect")
INTERPOLATIONS = ("nearest", "linear", "cubic", "lanczos")


@dataclass(frozen=True, kw_only=True)
class NoiseModel:
    """Variance of a pixel as a function of its expected value: ``gain * max(value - offset, 0) + read_variance``.

    Attributes
    ----------
    gain : float
        Grey levels per detected photon.
    read_variance : float
        Variance in the dark, grey levels squared; above zero.
    offset : float
        Grey level in the dark.
    """

    gain: float = 0.0
    read_variance: float = 1.0
    offset: float = 0.0

    def variance(self, values: FloatArray) -> FloatArray:
        """Variance of pixels whose expected values are `values`."""
        return self.gain * np.maximum(values - self.offset, 0.0) + self.read_variance

    def scale(self, factor: float) -> NoiseModel:
        """Noise whose variance is `factor` times as large: 1/9 for means of nine pixels, 2 for differences of two."""
        return NoiseModel(gain=self.gain * factor, read_variance=self.read_variance * factor, offset=self.offset)


@dataclass(frozen=True, eq=False)
class DirectSums:
    """Sums over the overlap of n frames with one reference, from which a Gauss-Newton step is solved.

    The model of pixel q is ``m = gain * R(q - shift) + offset``; its columns are ``J = (dR/dz, dR/dy, dR/dx, R, 1)``
    (without dz in two dimensions), its residual ``r = frame(q) - m``, its weight w the inverse variance times a
    robust factor.

    Attributes
    ----------
    normal : ndarray of float64, (n, p, p)
        ``sum w J J^T``; p is the number of columns.
    right : ndarray of float64, (n, p)
        ``sum w J r``.
    squares : ndarray of float64, (n,)
        ``sum w r^2``.
    count : ndarray of float64, (n,)
        ``sum w * variance``: number of pixels that count, robust factors included.
    """

    normal: FloatArray
    right: FloatArray
    squares: FloatArray
    count: FloatArray


@dataclass(frozen=True, eq=False)
class FieldSums:
    """Sums of a Gauss-Newton step for displacements on a grid of control points, of n frames.

    As in `DirectSums` r is the residual and w the weight of a pixel; phi of a control point is 1 there and falls to 0
    at its neighbours. The Hessian is not among them: it is that of the reference, cell by cell, in proportion to
    `information`.

    Attributes
    ----------
    right : ndarray of float64, (n, n_moved, *counts)
        ``sum w r phi dR/da`` for each control point and moved axis a.
    information : ndarray of float64, (n, *cells)
        ``sum w |grad R|^2`` over the pixels between control points, along the moved axes.
    brightness : ndarray of float64, (n, 5)
        ``sum w R^2, sum w R, sum w, sum w r R, sum w r``: what gain and offset are solved from.
    squares, count : ndarray of float64, (n,)
        ``sum w r^2`` and ``sum w * variance``.
    """

    right: FloatArray
    information: FloatArray
    brightness: FloatArray
    squares: FloatArray
    count: FloatArray


@dataclass(frozen=True, eq=False)
class Spline:
    """A reference as coefficients of a cubic B-spline, ready to be evaluated at any shift.

    Attributes
    ----------
    coefficients : ndarray of float32, ([z + 4,] y + 4, x + 4)
        Mirrored by two pixels beyond each border (not along z in two dimensions). Of a fine spline, of images only,
        (2, 2, y + 2, x + 2): two for each px along each axis, mirrored by two, those of even and of odd number apart.
    mask : ndarray of uint8, ([z,] y, x)
        1 where the reference counts.
    """

    coefficients: NDArray[np.float32]
    mask: NDArray[np.uint8]

    @property
    def is_fine(self) -> bool:
        """Whether it has two coefficients for each px: only the specification and the cpu take it, and only shifts."""
        return self.coefficients.ndim == 4

    @cached_property
    def box(self) -> NDArray[np.int64]:
        """First and last of where the reference counts along each axis, as ``start, stop``, (2 * ndim,)."""
        ends = []
        for axis in range(self.mask.ndim):
            along = np.flatnonzero(self.mask.any(axis=tuple(a for a in range(self.mask.ndim) if a != axis)))
            ends += [along[0], along[-1] + 1] if len(along) else [0, 0]
        return np.array(ends, np.int64)

    @cached_property
    def counts_all(self) -> bool:
        """Whether all within the `box` counts."""
        ends = self.box.tolist()
        inside = tuple(slice(start, stop) for start, stop in zip(ends[::2], ends[1::2], strict=True))
        return bool(self.mask[inside].all())


class Device(ABC):
    """Where pixels are computed: a handful of primitives, on which estimators are written.

    `frames` is (n, [z,] y, x) of any real dtype; arrays are not changed unless they are called `out`. `description`
    says more than the `name`: which adapter, or why it was chosen.
    """

    name: str
    description = ""

    def upload(self, frames: Frames) -> Frames:
        """Frames that several primitives will be asked about, kept where they are fastest; here, as they are.

        They must not change meanwhile. The primitives take them as they take others, some of them as ``held[rows]``,
        and what `bin` makes of them is held too; `numpy.asarray` gives their pixels.
        """
        return frames

    @abstractmethod
    def bin(self, frames: Frames, factors: tuple[int, ...]) -> NDArray[np.float32]:
        """Mean over blocks of `factors` pixels along each spatial axis; what is left over at the far ends is dropped.

        NaN does not count; a block of NaN alone gives NaN.
        """

    @abstractmethod
    def direct_sums(
        self,
        frames: Frames,
        spline: Spline,
        shifts: FloatArray,
        gains: FloatArray,
        offsets: FloatArray,
        noise: NoiseModel,
        cutoffs: FloatArray,
    ) -> DirectSums:
        """Sums of a Gauss-Newton step for each frame over its overlap with the reference.

        `shifts` is (n, ndim) px, `gains`, `offsets` and `cutoffs` (n,). The weight of a pixel is
        ``1 / (v * (1 + r^2 / (v * cutoff^2))^2)`` with v the variance that `noise` gives for the model's value
        (Geman-McClure); ``cutoff = inf`` is plain least squares. NaN pixels do not count.
        """

    @abstractmethod
    def warp_sums(
        self,
        frames: Frames,
        spline: Spline,
        kind: str,
        warps: FloatArray,
        gains: FloatArray,
        offsets: FloatArray,
        noise: NoiseModel,
        cutoffs: FloatArray,
    ) -> DirectSums:
        """As `direct_sums`, for maps of a `kind` whose coefficients `warps` (n, k) `holdstill.transforms.warps` names.

        The reference is evaluated at W(q) for each pixel q of the frame. For ``affine`` and ``projective``, `warps` are
        the coefficients of W; for ``bilinear`` those of its inverse, the map from reference to frame. The columns are
        the derivatives of R(W(q)) by each coefficient, then R and 1.
        """

    @abstractmethod
    def field_sums(
        self,
        frames: Frames,
        spline: Spline,
        grid: ControlGrid,
        shifts: FloatArray,
        displacements: FloatArray,
        gains: FloatArray,
        offsets: FloatArray,
        noise: NoiseModel,
        cutoffs: FloatArray,
    ) -> FieldSums:
        """As `direct_sums`, for displacements that vary from pixel to pixel.

        The reference is evaluated at ``p - u(p)`` with ``p = q - shift`` for each pixel q of the frame; u lies between
        the `displacements` of the control points, ``(n, n_moved, *counts)`` px, as in `resample_field`.
        """

    @abstractmethod
    def overlap_correlation(
        self, frames: NDArray[np.float32], reference: NDArray[np.float32], shifts: NDArray[np.int64]
    ) -> FloatArray:
        """Pearson correlation of each frame with the reference in their overlap at whole-pixel shifts.

        `shifts` is (n, k, ndim), the result (n, k); where less than two pixels overlap or one side is constant, -1.
        """

    @abstractmethod
    def resample_shift(
        self, frames: Frames, shifts: FloatArray, *, interpolation: str, edge: str, fill: float, out: Frames
    ) -> NDArray[np.int64]:
        """Write ``frame(p + shift)`` for each pixel p into `out` and return how many pixels of each were clamped.

        For ``edge="constant"`` a point outside the frame, by more than a thousandth of a pixel, becomes `fill`.

        `out` is (n, [z,] y, x); an integer `out` is rounded and clamped to its range. NaN pixels do not spread: a point
        is NaN where its nearest pixel is, else the NaN neighbours are left out of the weighted mean.
        """

    @abstractmethod
    def resample_warp(
        self, frames: Frames, kind: str, warps: FloatArray, *, interpolation: str, edge: str, fill: float, out: Frames
    ) -> NDArray[np.int64]:
        """As `resample_shift`, at T(p) for maps of a `kind` with coefficients `warps`, (n, k)."""

    @abstractmethod
    def resample_field(
        self,
        frames: Frames,
        grid: ControlGrid,
        displacements: FloatArray,
        *,
        interpolation: str,
        edge: str,
        fill: float,
        out: Frames,
    ) -> NDArray[np.int64]:
        """As `resample_shift`, at ``p + u(p)`` for displacements that vary from pixel to pixel.

        `displacements`, ``(n, len(grid.moved), *grid.counts)`` px, are those of the control points along the moved
        axes; u is linear between them along each axis and constant beyond the outermost. A grid of one point for each
        pixel gives each pixel its own. `out` may have another shape than the frames, and begins at their first pixel.
        """
