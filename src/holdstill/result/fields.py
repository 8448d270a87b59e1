"""What a result holds of each frame, and results of known transforms. What follows from it stands in `value`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdstill.contracts import Candidates, Covariance, Treatment, Verdict
from holdstill.errors import InputError, UnknownName
from holdstill.result.sequence import TransformSequence
from holdstill.transforms.convert.stackreg import from_stackreg_bilinear
from holdstill.transforms.trajectory import Trajectory

__all__ = ["RegistrationFields", "treat"]


def treat(verdicts: Sequence[Verdict]) -> tuple[Treatment, ...]:
    """What is done about frames if nothing else is asked for: a bad one takes the transform of its neighbours in time.

    Where none is good, nothing moves.
    """
    otherwise = Treatment.INTERPOLATED if Verdict.OK in verdicts else Treatment.IDENTITY
    return tuple(Treatment.ESTIMATED if verdict.has_place else otherwise for verdict in verdicts)


@dataclass(frozen=True, kw_only=True, eq=False)
class RegistrationFields(TransformSequence):
    """Transforms of a sequence, their errors and verdicts, and where they come from.

    Attributes
    ----------
    motion : str
        Family of the transforms.
    frame_shape : tuple of int
        Shape ``([z,] y, x)`` of a frame, px.
    parameters : ndarray of float64, (T, n_params)
        Parameters of the transforms that `apply` uses; for a translation the shift ``([z,] y, x)`` in px.
    covariance : Covariance
        Of the parameters; NaN where the frame's own estimate was not used, see `verdicts`.
    corner_errors : ndarray of float64, (T,)
        One standard deviation, px, of where the corners of the frame come to lie, root mean square over the corners.
    scores : ndarray of float64, (T,)
        Correlation with the reference after alignment, in the overlap, weighted by the inverse variance.
    verdicts : tuple of Verdict
        ``ok``, or why a frame's own estimate is not trusted; what was done about it says its treatment.
    treatments : tuple of Treatment
        Where each frame's transform comes from: ``estimated``, ``interpolated``, ``smoothed``, ``identity`` (not
        moved) or ``dropped`` (left out of what is written).
    estimates : ndarray of float64, (T, n_params)
        Parameters as they were found in each frame, before repair and whatever the verdict, relative to the same origin
        as `parameters`. NaN where nothing could be computed.
    bound : Covariance
        The least that the light allowed (Cramér and Rao); NaN where it is not known.
    places : Candidates or None
        Where else flagged frames may lie, see `candidates`.
    pixel_size_um : tuple of 3 (float or None)
        Size of a pixel along z, y, x.
    frame_interval_s : float or None
        Seconds from one frame to the next.
    times_s : tuple of float
        When each frame was taken, where the file said it of each; they need not be regular.
    phases : ndarray of float64, (T,), or None
        How far odd rows of each frame are displaced along x, px, where they were scanned backwards and that was asked
        for (`scan`); `apply` takes it off in the same resampling.
    clamped : int
        How many pixel values lay outside the range of the dtype after resampling and were clamped; 0 before.
    images : dict of str to ndarray of float32
        Small pictures for the report: ``reference``, ``mean_before``, ``mean_after`` (planes or maximum projections).
        Of a pair whose features were matched ``matches``: rows ``y, x`` of both images, px; where their sizes differ
        also ``matched_fixed`` and ``matched_moving``, the two as they are.
    template_image : ndarray of float32, ([z,] y, x), or None
        What `template` gives; None where there is none.
    provenance : dict
        What was done: versions, input, settings, choices, times, noise model.
    """

    motion: str
    frame_shape: tuple[int, ...]
    parameters: NDArray[np.float64]
    covariance: Covariance
    corner_errors: NDArray[np.float64]
    scores: NDArray[np.float64]
    verdicts: tuple[Verdict, ...]
    treatments: tuple[Treatment, ...]
    estimates: NDArray[np.float64]
    bound: Covariance
    places: Candidates | None = None
    pixel_size_um: tuple[float | None, float | None, float | None] = (None, None, None)
    frame_interval_s: float | None = None
    times_s: tuple[float, ...] = ()
    phases: NDArray[np.float64] | None = None
    clamped: int = 0
    images: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    template_image: NDArray[np.float32] | None = None
    provenance: dict[str, Any] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """Name of the motion without the places of its control points: ``"dense"``, ``"affine"``."""
        return self.motion.partition(":")[0]

    @classmethod
    def of_trajectory(cls, trajectory: Trajectory, verdicts: Sequence[Verdict] = (), **fields: Any) -> Self:
        """Of transforms of which nothing else is known; other `fields` as they are given.

        Parameters
        ----------
        trajectory : Trajectory
        verdicts : sequence of Verdict, optional
            One for each frame; default: all are ok.
        **fields
            Other fields of the result.
        """
        n, parameters = len(trajectory), trajectory.parameters
        told = tuple(verdicts) or (Verdict.OK,) * n
        good = np.array([verdict is Verdict.OK for verdict in told], bool)
        known: dict[str, Any] = {
            "covariance": Covariance.unknown(*parameters.shape), "corner_errors": np.full(n, np.nan),
            "scores": np.full(n, np.nan), "treatments": treat(told), "bound": Covariance.unknown(*parameters.shape),
            "estimates": np.where(good[:, None], parameters, np.nan),
        }  # fmt: skip
        return cls(
            motion=trajectory.motion.name, frame_shape=trajectory.shape, parameters=parameters, verdicts=told,
            **(known | fields),
        )  # fmt: skip

    @classmethod
    def from_shifts(cls, shifts: ArrayLike, frame_shape: tuple[int, ...]) -> Self:
        """Of known shifts, such as those of a stage or of another program.

        Parameters
        ----------
        shifts : array_like, (T, ndim) or (T, planes, 2)
            px, ``([z,] y, x)``; content that moved down by 3 rows has ``(+3, 0)``. Of volumes also (y, x) of each plane
            along z. Frames whose shift is NaN are interpolated between their neighbours, verdict ``unreadable``.
        frame_shape : tuple of int
            Shape ``([z,] y, x)`` of a frame, px.

        Raises
        ------
        InputError
            The shifts do not fit frames of that shape, or none is finite.

        Examples
        --------
        >>> import holdstill as hs
        >>> hs.Registration.from_shifts([[0, 0], [3, -1.5]], (64, 64)).apply(movie)  # doctest: +SKIP
        """
        given, shape = _read_numbers("shifts", shifts, "(T, 2) or (T, 3)"), _read_shape(frame_shape)
        if given.ndim == 2 and given.shape[1] == len(shape):
            trajectory = Trajectory.of("translation", given, shape)
        elif given.ndim == 3 and len(shape) == 3 and given.shape[1:] == (shape[0], 2):
            trajectory = Trajectory.of("planes-z", given.reshape(len(given), -1), shape)
        else:
            axes = "(T, 3) or (T, planes, 2)" if len(shape) == 3 else "(T, 2)"
            raise InputError(f"shifts of frames of shape {shape} are an array {axes}, not one of shape {given.shape}")
        known: NDArray[np.bool_] = np.asarray(np.isfinite(trajectory.parameters).all(axis=1))
        if not known.any():
            raise InputError("none of the shifts is finite; give at least one")
        return cls._of_known(trajectory.part(known), known, "shifts")

    @classmethod
    def from_matrices(cls, matrices: ArrayLike, frame_shape: tuple[int, ...], order: str = "yx") -> Self:
        """Of known matrices, such as those of another program.

        Parameters
        ----------
        matrices : array_like, (T, ndim + 1, ndim + 1) or (T, ndim, ndim + 1)
            Homogeneous, with or without their last row, in px, from the reference to each frame. Frames whose matrix is
            not finite are interpolated between their neighbours, verdict ``unreadable``.
        frame_shape : tuple of int
            Shape ``([z,] y, x)`` of a frame, px.
        order : {"yx", "xy"}
            They act on columns ``([z,] y, x, 1)``, or ``(x, y[, z], 1)`` as those of scikit-image, StackReg and OpenCV;
            in this order also those of StackReg's ``BILINEAR``, (T, 4, 4) on ``(x, y, x y, 1)``.

        Returns
        -------
        Registration
            Of the narrowest motion that all of them are of.

        Raises
        ------
        InputError
            They do not fit frames of that shape, none is finite, or they are none of a known motion.

        Examples
        --------
        >>> import numpy as np, holdstill as hs
        >>> hs.Registration.from_matrices(np.eye(3)[None], (64, 64)).motion
        'translation'
        >>> hs.Registration.from_matrices([[[1, 0, 5], [0, 1, 0]]], (64, 64), order="xy").shifts
        array([[0., 5.]])
        """
        if order not in ("yx", "xy"):
            raise UnknownName(f"there is no order {order!r} of axes; choose one of yx, xy")
        shape = _read_shape(frame_shape)
        given, side = _read_numbers("matrices", matrices, "(T, 3, 3) or (T, 4, 4)"), len(shape) + 1
        if given.ndim == 3 and given.shape[1:] == (side - 1, side):
            given = np.concatenate([given, np.broadcast_to(np.eye(side)[-1:], (len(given), 1, side))], axis=1)
        is_bilinear = given.ndim == 3 and given.shape[1:] == (4, 4) and len(shape) == 2
        if (
            given.ndim != 3
            or not len(given)
            or (given.shape[1:] != (side, side) and not (is_bilinear and order == "xy"))
        ):
            hint = "; those of StackReg's BILINEAR are taken with order='xy'" if is_bilinear else ""
            raise InputError(
                f"matrices of frames of shape {shape} are an array (T, {side}, {side}), not one of shape "
                f"{given.shape}{hint}"
            )
        known: NDArray[np.bool_] = np.asarray(np.isfinite(given).all(axis=(1, 2)))
        if not known.any():
            raise InputError(f"none of the matrices (T, {side}, {side}) is finite; give at least one")
        if is_bilinear:
            return cls._of_known(from_stackreg_bilinear(given[known], shape), known, "matrices")
        if order == "xy":
            turned = [*range(side - 1)[::-1], side - 1]
            given = given[:, turned][:, :, turned]
        return cls._of_known(Trajectory.of_matrices(given[known], shape), known, "matrices")

    @classmethod
    def _of_known(cls, trajectory: Trajectory, known: NDArray[np.bool_], what: str) -> Self:
        """Of transforms of those frames that are `known`; others are interpolated, verdict ``unreadable``."""
        numbers = np.arange(len(known))
        filled = trajectory.interpolate(numbers[known], numbers)
        verdicts = [Verdict.OK if good else Verdict.UNREADABLE for good in known]
        return cls.of_trajectory(filled, verdicts, provenance={"given": what})

    @property
    def trajectory(self) -> Trajectory:
        """Motion and parameters of all frames."""
        return replace(Trajectory.of(self.motion, self.parameters, self.frame_shape), phases=self.phases)


def _read_numbers(what: str, given: Any, axes: str) -> NDArray[np.float64]:
    try:
        return np.asarray(given, np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{what} are numbers, an array {axes}, not {given!r:.60}") from error


def _read_shape(frame_shape: Any) -> tuple[int, ...]:
    """Of a frame. Raises InputError for what is none, as the frame itself."""
    if np.ndim(frame_shape) != 1 or len(frame_shape) not in (2, 3):
        raise InputError("frame_shape is the shape of a frame, (y, x) or (z, y, x), such as movie.shape[1:]")
    return tuple(int(n) for n in frame_shape)
