"""What is estimated, from what, and how sure it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts.arrays import FloatArray, Frames
from holdstill.contracts.device import Device, NoiseModel
from holdstill.errors import InputError

__all__ = ["Estimates", "Estimator", "Reference", "Verdict"]


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
    UNREADABLE = "unreadable"  # the file is damaged there, and it was asked to go on (`skip_bad`)


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
    mask : ndarray of bool, ([z,] y, x), or None
        True where reference pixels count.
    """

    image: NDArray[np.float32]
    noise: NoiseModel | None = None
    n_averaged: float = np.inf
    mask: NDArray[np.bool_] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Estimates:
    """What an estimator found for n frames. A frame that cannot be registered is data, not an exception.

    Attributes
    ----------
    parameters : ndarray of float64, (n, n_params)
        Parameters of the motion; for a translation the shift in px, ``([z,] y, x)``.
    errors : ndarray of float64, (n, n_params)
        One standard deviation of each parameter; NaN where none could be given.
    scores : ndarray of float64, (n,)
        Correlation with the reference in the overlap, after alignment.
    verdicts : tuple of Verdict
        One for each frame.
    covariances : ndarray of float64, (n, n_params, n_params), or None
        Of the parameters; None: they are taken for independent.
    """

    parameters: FloatArray
    errors: FloatArray
    scores: FloatArray
    verdicts: tuple[Verdict, ...]
    covariances: FloatArray | None = None

    def __len__(self) -> int:
        return len(self.parameters)

    @classmethod
    def join(cls, parts: Sequence[Estimates]) -> Estimates:
        """Concatenate along the frames."""
        return cls(
            parameters=np.concatenate([part.parameters for part in parts]),
            errors=np.concatenate([part.errors for part in parts]),
            scores=np.concatenate([part.scores for part in parts]),
            verdicts=tuple(verdict for part in parts for verdict in part.verdicts),
            covariances=np.concatenate([part.full_covariances for part in parts]),
        )

    def take(self, rows: Sequence[int] | NDArray[np.int64]) -> Estimates:
        """Some of the frames, in the order of `rows`."""
        return Estimates(
            parameters=self.parameters[rows], errors=self.errors[rows], scores=self.scores[rows],
            verdicts=tuple(self.verdicts[row] for row in rows), covariances=self.full_covariances[rows],
        )  # fmt: skip

    @property
    def full_covariances(self) -> FloatArray:
        """Covariances of the parameters, (n, n_params, n_params), from the errors where none are known."""
        if self.covariances is not None:
            return self.covariances
        return np.einsum("ni,ij->nij", self.errors**2, np.eye(self.errors.shape[1]))


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

    Raises
    ------
    InputError
        The method does not estimate that motion.
    """

    motions: ClassVar[tuple[str, ...]] = ("translation",)
    takes_uploaded: ClassVar[bool] = False
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
