"""How frames may move: families of transforms, and the transform of one frame."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdstill.contracts.arrays import FloatArray, Frames
from holdstill.contracts.device import Device
from holdstill.contracts.uncertainty import Covariance

__all__ = ["AnyTransform", "Motion"]


class AnyTransform(ABC):
    """Maps a point of the reference to the point of one frame that shows the same content."""

    @property
    @abstractmethod
    def ndim(self) -> int:
        """Number of spatial axes."""

    @property
    @abstractmethod
    def shift(self) -> FloatArray:
        """Where the frame's centre goes, less the centre, ``([z,] y, x)`` in px."""

    @property
    @abstractmethod
    def inverse(self) -> AnyTransform:
        """The transform from points of the frame to points of the reference."""

    @abstractmethod
    def map(self, points: ArrayLike) -> FloatArray:
        """Points of the frame that show what `points`, (n, ndim), of the reference show; (n, ndim) px.

        Raises InputError for points of another shape.
        """

    @abstractmethod
    def to_skimage(self) -> FloatArray:
        """What ``skimage.transform.warp`` takes to correct the frame: a matrix, or coordinates of each pixel."""

    @abstractmethod
    def to_opencv(self) -> NDArray[np.floating]:
        """What OpenCV takes to correct a plane: a matrix with ``WARP_INVERSE_MAP``, or two maps for ``cv2.remap``."""

    @abstractmethod
    def to_itk(self, spacing: ArrayLike | None = None) -> Any:
        """SimpleITK's transform of fixed to moving points; `spacing` is the size of a pixel, ``([z,] y, x)``."""

    def bends(self, axis: int) -> FloatArray:
        """Coordinates along an axis, ascending, between which the map is smooth; none where it is smooth all over."""
        return np.empty(0)


class Motion(ABC):
    """A family of transforms, told apart by parameters: one row for each frame, (n, n_params) float64.

    `shape` is that of a frame, ``([z,] y, x)``. Methods change no array that they are given. Families whose parameters
    depend on the frames' shape are made for one, see `holdstill.transforms.motions.find_motion`.
    """

    name: str
    ndims: tuple[int, ...] = (2, 3)
    holds: tuple[str, ...] = ()  # families whose transforms are members of this one too, see `embed`

    @abstractmethod
    def names(self, ndim: int) -> tuple[str, ...]:
        """Name of each parameter, with its unit where it has one."""

    def count_parameters(self, ndim: int) -> int:
        """How many parameters a frame has."""
        return len(self.names(ndim))

    @abstractmethod
    def identity(self, ndim: int) -> FloatArray:
        """Parameters of the map that changes nothing, (n_params,)."""

    @abstractmethod
    def check(self, ndim: int) -> None:
        """Raise InputError if there is no such motion in `ndim` dimensions."""

    @abstractmethod
    def transform(self, parameters: FloatArray, shape: tuple[int, ...]) -> AnyTransform:
        """The transform of one frame, whose parameters are (n_params,)."""

    @abstractmethod
    def map_points(self, parameters: FloatArray, points: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """Where each transform takes m `points` of the reference, (m, ndim) px; (n, m, ndim)."""

    @abstractmethod
    def shifts(self, parameters: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """Shift of the frames' centres, (n, ndim) px."""

    @abstractmethod
    def shift_errors(self, errors: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """Errors of `shifts`, (n, ndim) px, from those of the parameters, (n, n_params)."""

    @abstractmethod
    def invert(self, parameters: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """Parameters of the maps from frame to reference. Raises InputError where the family does not hold them."""

    @abstractmethod
    def compose(self, outer: FloatArray, inner: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """Parameters of the transforms that apply `inner` first. Raises InputError where the family lacks them."""

    @abstractmethod
    def relative_to(self, parameters: FloatArray, origins: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """Parameters of ``T o O^-1``: transforms from what those with parameters `origins` map to.

        `origins` is (n, n_params), or (n_params,) for all frames.
        """

    @abstractmethod
    def anchor(self, parameters: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """What results are relative to where a frame with these `parameters`, (n_params,), is the first good one."""

    @abstractmethod
    def shift_reference(self, parameters: FloatArray, shift: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """Parameters of the transforms of a reference that was itself moved by `shift` px: ``p -> T(p - shift)``."""

    @abstractmethod
    def rescale(
        self,
        parameters: FloatArray,
        factors: FloatArray,
        offset: FloatArray,
        shape: tuple[int, ...],
        target: tuple[int, ...],
    ) -> tuple[Motion, FloatArray]:
        """The same transforms for frames of shape `target`, whose pixel d lies at ``factors * d + offset`` of these.

        Both are counted from the frames' centres; `factors` and `offset` are (ndim,). Raises InputError where the
        family has none for such frames.
        """

    @abstractmethod
    def lift(self, parameters: FloatArray) -> tuple[Motion, FloatArray]:
        """The same transforms of planes for each plane of a volume. Raises InputError where there is no such motion."""

    @abstractmethod
    def embed(self, motion: Motion, parameters: FloatArray, ndim: int) -> FloatArray:
        """Parameters of transforms of another `motion` in this family. Raises InputError unless it is in `holds`."""

    @abstractmethod
    def interpolate(self, before: FloatArray, after: FloatArray, shares: FloatArray, ndim: int) -> FloatArray:
        """Parameters of transforms at `shares`, (n,), of the way from some to others, each (n, n_params).

        Rotations take the shorter way round; below 0 and above 1 motion goes on as between.
        """

    @abstractmethod
    def approach(self, parameters: FloatArray, near: FloatArray, ndim: int) -> FloatArray:
        """The same transforms told by the parameters that lie nearest to others: angles may leave half a turn."""

    @abstractmethod
    def overlaps(self, parameters: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """Share of the reference that each frame shows, (n,)."""

    @abstractmethod
    def find_least_areas(self, parameters: FloatArray, shape: tuple[int, ...]) -> tuple[FloatArray, FloatArray]:
        """What each transform leaves of an area where it leaves least, (n,), and where in the reference, (n, ndim) px.

        One where the transform is the same all over but for its linear part; zero or less where it maps two points to
        one.
        """

    @abstractmethod
    def corner_errors(self, parameters: FloatArray, covariance: Covariance, shape: tuple[int, ...]) -> FloatArray:
        """Standard deviation of where the frame's corners come to lie, px, (n,): root mean square over the corners."""

    @abstractmethod
    def propagate(
        self, change: Callable[[FloatArray], FloatArray], parameters: FloatArray, *covariances: Covariance
    ) -> list[Covariance]:
        """What becomes of covariances in ``change(parameters)``, to first order; `change` makes one row of each row.

        Independent parameters stay so where they do.
        """

    @abstractmethod
    def check_sequential(self, reference: str) -> None:
        """Raise InputError if frames that move so cannot be compared one with the other along a sequence."""

    @abstractmethod
    def resample(
        self,
        device: Device,
        frames: Frames,
        parameters: FloatArray,
        *,
        interpolation: str,
        edge: str,
        fill: float,
        out: Frames,
    ) -> NDArray[np.int64]:
        """Write each frame, (n, [z,] y, x), as the reference sees it into `out`; pixels clamped for each."""

    @abstractmethod
    def resample_back(
        self,
        device: Device,
        images: Frames,
        parameters: FloatArray,
        *,
        interpolation: str,
        edge: str,
        fill: float,
        out: Frames,
    ) -> NDArray[np.int64]:
        """Write images of the reference as the frames see them into `out`; pixels clamped for each."""
