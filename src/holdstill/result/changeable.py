"""A result that becomes another: inverted, composed, repaired, smoothed, judged by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from holdstill.result.changes import compose_results, repair_result, smooth_result
from holdstill.result.folding import find_folds, warn_of_folds
from holdstill.result.judging import accept, refuse, take_candidate
from holdstill.result.value import RegistrationValue
from holdstill.transforms.folds import Fold
from holdstill.transforms.trajectory import Trajectory

__all__ = ["ChangeableRegistration"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ChangeableRegistration(RegistrationValue):
    """A result and what it can be turned into; the result itself stays as it is."""

    @property
    def inverse(self) -> Self:
        """From frame to reference: ``reg.inverse.apply(images)`` moves images of the reference onto the frames.

        Of control points the way back is exact where they are and linear between; ``reg[t].inverse.map(points)`` is
        exact everywhere. Warns where it maps two points to one, as it may where little is left of an area.

        Raises InputError for bilinear motion, whose inverse is not bilinear, and where there is no way back.
        """
        found = replace(self.change(Trajectory.invert), images={}, phases=None)
        warn_of_folds(found, "the inverse", "map points by reg[t].inverse, or take control points further apart")
        return found

    @property
    def folds(self) -> tuple[Fold, ...]:
        """Frames that map two points of the reference to one: ``frame``, ``point`` (px) and ``area`` left, at worst."""
        return find_folds(self)

    def compose(self, other: RegistrationValue) -> Self:
        """One result for two steps, so that pixels are resampled once: this one, then `other` of the corrected images.

        Parameters
        ----------
        other : Registration
            Of ``self.apply(images)``, as long or of length 1, of the same frame shape; its motion or this one's is the
            wider, which the composed result has.

        Returns
        -------
        Registration
            Errors and bounds are added as those of independent measurements, scores are those of `other`, and a frame
            is good if it is in both.

        Raises
        ------
        InputError
            They do not fit together, or are bilinear.

        Examples
        --------
        >>> both = first.compose(hs.register(first.apply(movie), motion="affine"))  # doctest: +SKIP
        """
        return compose_results(self, other)

    def repair(self, how: str = "interpolate") -> Self:
        """The same result with its flagged frames treated in another way; verdicts, errors and estimates stay.

        Parameters
        ----------
        how : {"interpolate", "estimates", "identity", "drop"}
            Interpolated between good neighbours in time; as found, and interpolated where nothing was; not moved at
            all; or left out of what `apply` gives.

        Raises
        ------
        UnknownName
            There is no such repair.

        Examples
        --------
        >>> reg.repair("drop").apply(movie)  # doctest: +SKIP
        """
        return repair_result(self, how)

    def smooth(self, how: str = "kalman") -> Self:
        """The same result with its good frames weighed against their neighbours in time; `estimates` stay as found.

        Parameters
        ----------
        how : {"kalman", "spline"}
            Motion goes on from frame to frame by chance, or its speed does. How strongly is learned from the result.

        Raises
        ------
        InputError
            It is smoothed already, knows no error bars, or its frames were compared one with the other.
        UnknownName
            There is no such way.

        Examples
        --------
        >>> hs.register(movie).smooth("spline").apply(movie)  # doctest: +SKIP
        """
        return smooth_result(self, how)

    def accepted(self, *frames: int) -> Self:
        """The same with the frames' own estimates in use: ``reg.accepted(12, 13)``; the provenance says so.

        Raises InputError for a frame that is not there, or of which nothing was found.
        """
        return accept(self, frames)

    def refused(self, *frames: int) -> Self:
        """The same with the frames' transforms taken from good neighbours in time: ``reg.refused(12)``.

        Their verdict becomes ``mismatch``, and the provenance says who judged. Raises InputError for a frame that is
        not there.
        """
        return refuse(self, frames)

    def with_candidate(self, frame: int, number: int) -> Self:
        """The same with a frame at another place: ``reg.with_candidate(12, 1)`` takes ``reg.candidates(12)[1]``.

        Its verdict becomes ``ok``, its score that of the place, its error bar is not known, and the provenance says so;
        `estimates` stay as found. Raises InputError for a frame or a candidate that is not there.
        """
        return take_candidate(self, frame, number)
