"""The result as a value: how each frame moved and how sure that is. What to do with it stands in `registration`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdstill.contracts import Candidate, Candidates, Covariance, CovarianceKind, Treatment, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError
from holdstill.result.sequence import TransformSequence, check_number
from holdstill.result.wording import give_reasons, name_verdicts
from holdstill.transforms import find_covered_box
from holdstill.transforms.composition import change_candidates, change_known
from holdstill.transforms.repair import find_jumps
from holdstill.transforms.trajectory import Trajectory

__all__ = ["RegistrationValue", "treat"]

FAINT_PX = 0.5


def treat(verdicts: Sequence[Verdict]) -> tuple[Treatment, ...]:
    """What is done about frames if nothing else is asked for: a bad one takes the transform of its neighbours in time.

    Where none is good, nothing moves.
    """
    otherwise = Treatment.INTERPOLATED if Verdict.OK in verdicts else Treatment.IDENTITY
    return tuple(Treatment.ESTIMATED if verdict.has_place else otherwise for verdict in verdicts)


@dataclass(frozen=True, kw_only=True, eq=False)
class RegistrationValue(TransformSequence):
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
        given, shape = np.asarray(shifts, np.float64), tuple(int(n) for n in frame_shape)
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
        numbers = np.arange(len(given))
        filled = trajectory.part(known).interpolate(numbers[known], numbers)
        verdicts = [Verdict.OK if good else Verdict.UNREADABLE for good in known]
        return cls.of_trajectory(filled, verdicts, provenance={"given": "shifts"})

    @classmethod
    def from_matrices(cls, matrices: ArrayLike, frame_shape: tuple[int, ...]) -> Self:
        """Of known matrices, such as those of another program.

        Parameters
        ----------
        matrices : array_like, (T, ndim + 1, ndim + 1)
            Homogeneous, on columns ``([z,] y, x, 1)`` in px, from the reference to each frame. Matrices on
            ``(x, y, 1)``, as those of scikit-image, StackReg and OpenCV, have their first two rows and columns the
            other way round: ``matrices[:, [1, 0, 2]][:, :, [1, 0, 2]]``.
        frame_shape : tuple of int
            Shape ``([z,] y, x)`` of a frame, px.

        Returns
        -------
        Registration
            Of the narrowest motion that all of them are of.

        Raises
        ------
        InputError
            They do not fit frames of that shape, are not finite, or are none of a known motion.

        Examples
        --------
        >>> import numpy as np, holdstill as hs
        >>> hs.Registration.from_matrices(np.eye(3)[None], (64, 64)).motion
        'translation'
        """
        given, shape = np.asarray(matrices, np.float64), tuple(int(n) for n in frame_shape)
        side = len(shape) + 1
        if given.ndim != 3 or given.shape[1:] != (side, side) or not len(given) or not np.isfinite(given).all():
            raise InputError(
                f"matrices of frames of shape {shape} are a finite array (T, {side}, {side}), not one of shape "
                f"{given.shape}"
            )
        return cls.of_trajectory(Trajectory.of_matrices(given, shape), provenance={"given": "matrices"})

    @property
    def template(self) -> NDArray[np.float32]:
        """What frames were compared with, ([z,] y, x): it lies where corrected frames lie, NaN where nothing is known.

        Without what stands still in the frame, where the provenance lists such a pattern among the defects.

        Raises
        ------
        InputError
            This result has none at full size: it was loaded (files do not keep it), put together from others, found on
            a reduced copy, or its reference changes from frame to frame.
        """
        if self.template_image is None:
            raise InputError(
                "this result has no template at full size: files do not keep it, nor has motion found on a reduced "
                "copy, in parts or from frame to frame one; register the whole movie with reference='template'"
            )
        return self.template_image

    @property
    def plane_shifts(self) -> NDArray[np.float64]:
        """Shift of each plane of each volume, (T, planes, 2) px, for motion of planes; ``(y, x)`` for ``planes-z``.

        Raises InputError for other motions.
        """
        if not self.motion.startswith("planes"):
            raise InputError(f"motion {self.motion!r} has no shift for each plane; register with motion='planes-z'")
        return self.parameters.reshape(len(self.parameters), -1, 2).copy()

    @property
    def trajectory(self) -> Trajectory:
        """Motion and parameters of all frames."""
        return replace(Trajectory.of(self.motion, self.parameters, self.frame_shape), phases=self.phases)

    @property
    def times(self) -> NDArray[np.float64] | None:
        """When each frame was taken, s, (T,): as the file said of each, else from the interval; None if unknown."""
        if len(self.times_s) == len(self.parameters):
            return np.array(self.times_s)
        if self.frame_interval_s is None:
            return None
        return np.arange(len(self.parameters), dtype=np.float64) * np.float64(self.frame_interval_s)

    @property
    def errors(self) -> NDArray[np.float64]:
        """One standard deviation of each parameter, (T, n_params), px for a translation.

        NaN where the frame's own estimate was not used, see `verdicts`.
        """
        return self.covariance.errors

    @property
    def bounds(self) -> NDArray[np.float64]:
        """The smallest standard deviation of each parameter that the light allowed, (T, n_params).

        The Cramér-Rao bound for the noise model; NaN where it is not known.
        """
        return self.bound.errors

    def change(self, how: Callable[[Trajectory], Trajectory]) -> Self:
        """The same result for other transforms, as ``Trajectory.invert``: errors, bounds and estimates follow."""
        changed, estimated = how(self.trajectory), replace(self.trajectory, parameters=self.estimates)
        covariance, bound = self.trajectory.propagate(how, self.covariance, self.bound)
        return replace(
            self, motion=changed.motion.name, frame_shape=changed.shape, parameters=changed.parameters,
            covariance=covariance, bound=bound, corner_errors=changed.corner_errors(covariance),
            estimates=change_known(how, estimated)[0].parameters, template_image=None,
            places=change_candidates(how, self.trajectory, self.places),
        )  # fmt: skip

    @property
    def follows(self) -> NDArray[np.bool_]:
        """Displacements that their own light does not place within half a px, (T, n_params): they follow neighbours.

        Of motion by control points; all False for the others.
        """
        if self.covariance.kind is not CovarianceKind.BANDED:
            return np.zeros(self.parameters.shape, bool)
        return ~(self.bounds < FAINT_PX) & self.ok[:, None]

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Name and unit of each parameter: ``shift_y_px``, ``rotation_rad`` ..."""
        return self.trajectory.motion.names(len(self.frame_shape))

    @property
    def shifts(self) -> NDArray[np.float64]:
        """Shift of each frame's centre, (T, ndim) float64 px, order ``([z,] y, x)``."""
        return self.trajectory.shifts

    @property
    def shift_errors(self) -> NDArray[np.float64]:
        """One standard deviation of each shift, (T, ndim) px."""
        return self.trajectory.shift_errors(self.errors)

    @property
    def ok(self) -> NDArray[np.bool_]:
        """True for the frames whose own estimate is used, (T,)."""
        return np.array([verdict is Verdict.OK for verdict in self.verdicts], bool)

    @property
    def placed(self) -> NDArray[np.bool_]:
        """True for the frames whose own estimate serves better than neighbours do, (T,): ok, or out of focus."""
        return np.array([verdict.has_place for verdict in self.verdicts], bool)

    @property
    def verdict_names(self) -> tuple[str, ...]:
        """Of each frame the word of its verdict, and ``"refused by hand"`` of those that `refused` was told."""
        return name_verdicts(self.verdicts, self.provenance)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why each frame's own estimate is not trusted, in one plain sentence; empty where it is."""
        return give_reasons(self.verdicts, self.provenance)

    @property
    def kept(self) -> NDArray[np.bool_]:
        """True for the frames that `apply` and `correct` write, (T,): all that are not ``dropped``."""
        return np.array([treatment is not Treatment.DROPPED for treatment in self.treatments], bool)

    @property
    def jumps(self) -> NDArray[np.bool_]:
        """True for the first good frame after the stage jumped and stayed where it went, (T,)."""
        return find_jumps(self.shifts, self.shift_errors, self.ok)

    @property
    def coverage(self) -> tuple[slice, ...]:
        """Box of the reference that every good frame covers, one slice for each of ``([z,] y, x)``.

        Empty slices where the frames share nothing.
        """
        good = np.flatnonzero(self.ok) if self.ok.any() else np.zeros(0, int)
        return find_covered_box([self[int(index)] for index in good], self.frame_shape)

    def coverage_mask(self) -> NDArray[np.bool_]:
        """Pixels of the reference that every good frame shows, ([z,] y, x): what `coverage` is the box of."""
        return self.trajectory.part(np.flatnonzero(self.ok)).find_common_pixels(CpuDevice())

    def candidates(self, frame: int) -> tuple[Candidate, ...]:
        """The best few places of a frame, the best first, each with its likelihood; `with_candidate` takes one.

        Of a flagged frame up to four shifts that lie apart: the highest peaks of its correlation with the reference,
        and no shift at all, each followed to where the likelihood of all pixels has its maximum. Otherwise the frame's
        own estimate alone, and nothing where there is none: good frames, other motions than translation, a reference
        that changes from frame to frame, averaged frames, and those after the first thousand that were flagged.

        Parameters
        ----------
        frame : int
            Its number; negative ones count from the end.

        Returns
        -------
        tuple of Candidate
            ``parameters`` as in `estimates`, ``score``, ``log_likelihood`` relative to the best, and ``evidence``.

        Raises
        ------
        InputError
            There is no such frame.

        Examples
        --------
        >>> [each.parameters for each in reg.candidates(12)]  # doctest: +SKIP
        """
        n = len(self.parameters)
        check_number(frame, "frame")
        if not -n <= frame < n:
            raise InputError(f"there is no frame {frame} of {n}")
        found = self.places.of(frame % n) if self.places is not None else ()
        if found or not np.isfinite(self.estimates[frame]).all():
            return found
        own, score = tuple(float(value) for value in self.estimates[frame]), float(self.scores[frame])
        return (Candidate(parameters=own, score=score, log_likelihood=0.0, evidence=np.nan),)

    def to_array(self) -> NDArray[np.float64]:
        """Parameters as an array, (T, n_params), a copy."""
        return self.parameters.copy()

    def __repr__(self) -> str:
        """One line: frames, motion, range, flagged."""
        spans = " x ".join(f"{span:.2f}" for span in np.ptp(self.shifts, axis=0)) if len(self) else "0"
        flagged = int((~self.ok).sum())
        return f"<Registration of {len(self)} frames, {self.family}, range {spans} px, {flagged} flagged>"
