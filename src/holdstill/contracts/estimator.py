"""What is estimated, from what, and how sure it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts.arrays import FloatArray, Frames
from holdstill.contracts.candidates import Candidates
from holdstill.contracts.device import Device, NoiseModel
from holdstill.contracts.uncertainty import Covariance
from holdstill.errors import InputError

__all__ = ["Estimates", "Estimator", "Reference", "Treatment", "Verdict"]


class Verdict(StrEnum):
    """What became of one frame: ``ok``, or the reason why its own estimate was not used.

    A frame that is not ``ok`` gets its transform from its good neighbours in time, and is reported.
    """

    OK = "ok"
    BLANK = "blank"  # no signal: constant, all NaN, or nothing above the noise
    LOW_CONTRAST = "low_contrast"  # the error bar is above 0.5 px
    OUT_OF_RANGE = "out_of_range"  # at `max_shift`, or less than 25 % of the reference is in view
    SATURATED = "saturated"  # more than 5 % of the pixels stand at the top of the integer range
    AMBIGUOUS = "ambiguous"  # another place agrees as well, as in a periodic specimen
    MISMATCH = "mismatch"  # it shows something else than the reference
    STATIC_PATTERN = "static_pattern"  # what stands still in the frame explains it as well as anything that moves
    CONTENT_CHANGED = "content_changed"  # what shows changes so much that no motion explains it
    FOCUS_LOST = "focus_lost"  # its fine detail is gone; its shift is used all the same
    CORRUPTED = "corrupted"  # some of its rows are noise, as where a link did not carry them
    FOLDED = "folded"  # its displacements map two points to one
    UNREADABLE = "unreadable"  # the file is damaged there, and it was asked to go on (`skip_bad`)

    @property
    def has_place(self) -> bool:
        """Whether its own estimate serves better than its neighbours': that of ``ok`` and of ``focus_lost``."""
        return self in (Verdict.OK, Verdict.FOCUS_LOST)

    @property
    def reason(self) -> str:
        """Why, in one plain sentence; empty for ``ok``."""
        return REASONS.get(self.value, "")


REASONS = {
    "blank": "There is no signal, or nothing above the noise that matches the reference.",
    "low_contrast": "There is so little light or structure that the error bar is above 0.5 px.",
    "out_of_range": "It lies at the largest shift, or shows less than a quarter of the reference.",
    "saturated": "It could not be registered, and more than 5 % of its pixels are at the top of the range.",
    "ambiguous": "Another place fits as well, as where the specimen repeats itself.",
    "mismatch": "It shows something else than the reference, or lies where no neighbouring frame bears it out.",
    "static_pattern": "What stands still in the frame explains the movie as well as anything that moves.",
    "content_changed": "What it shows changes so much that no motion explains it.",
    "focus_lost": "Its fine detail is gone while coarse structure still matches, as out of focus.",
    "corrupted": "Some of its rows are noise from side to side, as lines that were not transmitted.",
    "folded": "Its displacements map two points of the reference to one.",
    "unreadable": "The file is damaged there.",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Reference:
    """What frames are compared with.

    Attributes
    ----------
    image : ndarray of float32, ([z,] y, x)
        Expected pixel values. NaN where nothing is known.
    noise : NoiseModel or None
        Noise of one frame; None: to be estimated from the frame and the reference.
    n_averaged : float
        How many frames of that noise were averaged into the image; ``inf`` for an image without noise.
    noise_power : ndarray of float64, ([z,] rings), or None
        Power of the image's own noise in rings of spatial frequency, from none to the highest, of volumes for each
        frequency along z, where it was measured; None: that of white noise.
    mask : ndarray of bool, ([z,] y, x), or None
        True where reference pixels count.
    prior : tuple of float
        What the movie has taught about how frames move, as `Estimator.find_prior` says it; empty: as a whole.
    widening : float
        What the error bars that estimators state are multiplied by afterwards, since noise pulls so much more than its
        pixels explain: estimators whose bars hold more than noise take that into account.
    """

    image: NDArray[np.float32]
    noise: NoiseModel | None = None
    n_averaged: float = np.inf
    mask: NDArray[np.bool_] | None = None
    noise_power: NDArray[np.float64] | None = None
    prior: tuple[float, ...] = ()
    widening: float = 1.0


class Treatment(StrEnum):
    """Where the transform of one frame comes from; why stands in its `Verdict`."""

    ESTIMATED = "estimated"  # found in the frame itself
    INTERPOLATED = "interpolated"  # from its good neighbours in time
    SMOOTHED = "smoothed"  # found, then weighed against its neighbours
    IDENTITY = "identity"  # not moved
    DROPPED = "dropped"  # left out of what is written


@dataclass(frozen=True, kw_only=True, eq=False)
class Estimates:
    """What an estimator found for n frames. A frame that cannot be registered is data, not an exception.

    Attributes
    ----------
    parameters : ndarray of float64, (n, n_params)
        Parameters of the motion; for a translation the shift in px, ``([z,] y, x)``. As found, whatever the verdict;
        NaN where nothing could be computed.
    covariance : Covariance
        Of the parameters; NaN where none could be given.
    scores : ndarray of float64, (n,)
        Correlation with the reference in the overlap, after alignment.
    verdicts : tuple of Verdict
        One for each frame.
    bound : Covariance or None
        The least that the light allows (Cramér and Rao), for the noise model that the reference brings. None: not
        known.
    light : ndarray of float64, (n, m), or None
        What each frame tells by itself, for `Estimator.join_frames` to read; None where frames are not joined.
    """

    parameters: FloatArray
    covariance: Covariance
    scores: FloatArray
    verdicts: tuple[Verdict, ...]
    bound: Covariance | None = None
    light: FloatArray | None = None

    def __len__(self) -> int:
        return len(self.parameters)

    @property
    def errors(self) -> FloatArray:
        """One standard deviation of each parameter, (n, n_params); NaN where none could be given."""
        return self.covariance.errors

    @property
    def known_bound(self) -> Covariance:
        """The `bound`, NaN where it is not known."""
        return Covariance.unknown(*self.parameters.shape) if self.bound is None else self.bound

    @property
    def good(self) -> NDArray[np.bool_]:
        """True where the verdict is ok, (n,)."""
        return np.array([verdict is Verdict.OK for verdict in self.verdicts], bool)

    @property
    def placed(self) -> NDArray[np.bool_]:
        """True where the frame's own estimate is used, (n,): see `Verdict.has_place`."""
        return np.array([verdict.has_place for verdict in self.verdicts], bool)

    @classmethod
    def join(cls, parts: Sequence[Estimates]) -> Estimates:
        """Concatenate along the frames."""
        return cls(
            parameters=np.concatenate([part.parameters for part in parts]),
            covariance=Covariance.join([part.covariance for part in parts]),
            scores=np.concatenate([part.scores for part in parts]),
            verdicts=tuple(verdict for part in parts for verdict in part.verdicts),
            bound=Covariance.join([part.known_bound for part in parts]),
            light=_join_lights(parts),
        )

    def take(self, rows: Sequence[int] | NDArray[np.int64]) -> Estimates:
        """Some of the frames, in the order of `rows`."""
        bound = None if self.bound is None else self.bound.take(rows)
        return Estimates(
            parameters=self.parameters[rows], covariance=self.covariance.take(rows), scores=self.scores[rows],
            verdicts=tuple(self.verdicts[row] for row in rows), bound=bound,
            light=None if self.light is None else self.light[rows],
        )  # fmt: skip

    def pack(self) -> dict[str, NDArray[Any]]:
        """As plain arrays, none of objects, from which `unpack` makes the same to the bit."""
        return {
            "parameters": self.parameters,
            "scores": self.scores,
            "verdicts": np.array([verdict.value for verdict in self.verdicts], "U"),
            **{f"covariance.{name}": array for name, array in self.covariance.pack().items()},
            **{f"bound.{name}": array for name, array in self.known_bound.pack().items()},
            **({} if self.light is None else {"light": self.light}),
        }

    @classmethod
    def unpack(cls, arrays: Mapping[str, NDArray[Any]]) -> Estimates:
        """What `pack` made into arrays. Raises KeyError or ValueError where they do not fit together."""
        covariance, bound = (
            Covariance.unpack({part: arrays[f"{name}.{part}"] for part in ("kind", "values")})
            for name in ("covariance", "bound")
        )
        parameters, scores = (np.asarray(arrays[name], np.float64) for name in ("parameters", "scores"))
        verdicts = tuple(Verdict(str(value)) for value in arrays["verdicts"])
        light = np.asarray(arrays["light"], np.float64) if "light" in arrays else None
        lengths = {len(covariance), len(bound), len(scores), len(verdicts), len(parameters if light is None else light)}
        if lengths != {len(parameters)}:
            raise ValueError("the arrays of estimates differ in length")
        return cls(
            parameters=parameters, covariance=covariance, scores=scores, verdicts=verdicts, bound=bound, light=light
        )


def _join_lights(parts: Sequence[Estimates]) -> FloatArray | None:
    """What all frames tell by themselves; zeros, nothing, for those of parts without."""
    widths = [part.light.shape[1] for part in parts if part.light is not None]
    if not widths:
        return None
    return np.concatenate([np.zeros((len(part), widths[0])) if part.light is None else part.light for part in parts])


@dataclass(frozen=True, kw_only=True)
class Estimator(ABC):
    """Finds the transform of each frame to one reference, in two pure steps. Settings are the fields.

    Parameters
    ----------
    motion : str
        Family of the transforms, one of `motions`. Default ``"translation"``.

    Attributes
    ----------
    takes_uploaded : bool
        Whether `estimate` takes frames that a device holds, which are no arrays; see `Device.upload`.
    bends : bool
        Whether it is to be taught by a sample of the movie how frames move; see `weigh_priors`.
    matches : bool
        Whether it matches places; see `find_matches`.

    Raises
    ------
    InputError
        The method does not estimate that motion.
    """

    motions: ClassVar[tuple[str, ...]] = ("translation",)
    takes_uploaded: ClassVar[bool] = False
    bends: ClassVar[bool] = False
    matches: ClassVar[bool] = False
    motion: str = "translation"

    def __post_init__(self) -> None:
        """Refuse a motion that the method does not know."""
        if self.motion not in self.motions:
            raise InputError(
                f"{type(self).__name__} does not estimate motion {self.motion!r}; it knows {', '.join(self.motions)}"
            )

    @abstractmethod
    def prepare(self, reference: Reference, device: Device) -> Any:
        """What depends on the reference alone, made once; picklable, and treated as read-only by `estimate`."""

    @abstractmethod
    def estimate(self, state: Any, frames: Frames, device: Device) -> Estimates:
        """Transforms of `frames`, (n, [z,] y, x), each on its own: the result of one does not depend on the others."""

    def estimate_roughly(self, state: Any, frames: Frames, device: Device) -> Estimates:
        """What `estimate` gives, for averages: a few hundredths of a px may be lacking if that takes less time."""
        return self.estimate(state, frames, device)

    def list_candidates(self, state: Any, frames: Frames, device: Device) -> Candidates:
        """The best few places of each of `frames`, numbered from 0, as `estimate` sees them; of none by default."""
        return Candidates.none(0)

    def find_matches(self, reference: Reference, frame: NDArray[Any]) -> FloatArray:
        """Places of the reference and of a frame that the method took for each other, (n, 2 ndim) px, from the corner.

        None for methods that compare pixels.
        """
        return np.zeros((0, 2 * np.ndim(frame)))

    def count_telling(self, shape: tuple[int, ...]) -> int:
        """How many frames of a `shape` tell the prior of motion, see `weigh_priors`."""
        return 1

    def weigh_priors(self, state: Any, frames: Frames, device: Device) -> FloatArray:
        """How well each of the method's priors of motion explains each good frame: log evidence, (n, n_priors)."""
        return np.zeros((0, 0))

    def find_prior(self, state: Any, evidence: FloatArray) -> tuple[float, ...]:
        """The prior that explains a sample best, for `Reference.prior`; empty where frames move as a whole.

        `evidence` is (n, n_priors), of good frames.
        """
        return ()

    @property
    def joins(self) -> bool:
        """Whether a frame's transform depends on its neighbours in time; see `join_frames`."""
        return False

    def join_frames(
        self, everything: Estimates, reference: Reference, times: FloatArray, shape: tuple[int, ...]
    ) -> tuple[Estimates, NDArray[np.bool_]]:
        """Estimates of all frames, of `shape`, begun at `times`, (n,) s, each weighed against its neighbours in time.

        Also which of them were, (n,). By default none are.
        """
        return everything, np.zeros(len(everything), bool)
