"""The result as a value: how each frame moved and how sure that is. What to do with it stands in `registration`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Candidate, CovarianceKind, Treatment, Verdict
from holdstill.errors import InputError
from holdstill.result import devices
from holdstill.result.fields import RegistrationFields
from holdstill.result.sequence import check_number
from holdstill.result.wording import describe_turn, give_reasons, name_verdicts
from holdstill.transforms import find_covered_box
from holdstill.transforms.composition import change_candidates, change_known
from holdstill.transforms.repair import find_jumps
from holdstill.transforms.trajectory import Trajectory

__all__ = ["RegistrationValue"]

FAINT_PX = 0.5


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class RegistrationValue(RegistrationFields):
    """Transforms of a sequence, their errors and verdicts, and what follows from them.

    Its attributes are those of `holdstill.result.fields.RegistrationFields`.
    """

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
            told = self.provenance
            reduced = [name for name in ("bin", "average", "project") if told.get(name, 1) != 1]
            if reduced:
                raise InputError(
                    f"this result has no template at full size, as it was found on a reduced copy "
                    f"({', '.join(f'{name}={told[name]!r}' for name in reduced)}); take the mean of "
                    "reg.apply(images) over its frames, or register without that"
                )
            raise InputError(
                "this result has no template at full size: files do not keep it, nor has motion found in "
                "parts or from frame to frame one; register the whole movie with reference='template'"
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
        return self.trajectory.part(np.flatnonzero(self.ok)).find_common_pixels(devices.CpuDevice())

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
        """One line: frames, motion, range, flagged; of a single frame where it is."""
        if len(self) == 1:
            return self._describe_one()
        spans = " x ".join(f"{span:.2f}" for span in np.ptp(self.shifts, axis=0)) if len(self) else "0"
        flagged = int((~self.ok).sum())
        return f"<Registration of {len(self)} frames, {self.family}, range {spans} px, {flagged} flagged>"

    def _describe_one(self) -> str:
        """Of a single frame: how its centre moved, angle and scale, verdict."""
        shift, turn = ", ".join(f"{value:.2f}" for value in self.shifts[0]), describe_turn(self.trajectory)
        angle = f", angle {turn['angle_deg']:.2f} deg" if "angle_deg" in turn else ""
        scale = f", scale {turn['scale']:.4f}" if "scale" in turn else ""
        return f"<Registration of 1 frame, {self.family}, shift {shift} px{angle}{scale}, {self.verdicts[0].value}>"
