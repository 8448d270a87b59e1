"""What a sample of frames taught, and how it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, Estimator, NoiseModel, Reference
from holdstill.reference.defects import Defects
from holdstill.reference.prepared import PreparedEstimator

__all__ = ["LearnedReference", "pack_template", "unpack_template"]


@dataclass(frozen=True, kw_only=True, eq=False)
class LearnedReference:
    """What the sample taught.

    Attributes
    ----------
    reference : Reference
    anchored : bool
        True if shifts are to be given relative to the first good frame, as the reference has no place of its own.
    defects : Defects
        What is taken out of frames while motion is estimated.
    before, after : ndarray of float32, ([z,] y, x)
        Mean of the sample as it is, and aligned.
    rounds : int
        How often the sample was aligned.
    n_good : int
        Frames of the sample that fit the reference.
    prepared : PreparedEstimator or None
        Ready to compare frames with the reference; None where nobody is yet.
    place : tuple of float
        Of a template that took the place of the mean of frames that move: its shift, px, that results are relative to.
    """

    reference: Reference
    anchored: bool
    defects: Defects
    before: NDArray[np.float32]
    after: NDArray[np.float32]
    rounds: int
    n_good: int
    prepared: PreparedEstimator | None = None
    place: tuple[float, ...] = ()

    def prepare(self, estimator: Estimator, device: Device) -> PreparedEstimator:
        """The reference, ready to be compared with frames by that very estimator."""
        known = self.prepared
        if known is not None and known.estimator == estimator and known.device is device:
            return known
        return PreparedEstimator(estimator, self.reference, device)


def pack_template(learned: LearnedReference) -> dict[str, NDArray[Any]]:
    """As plain arrays, to be kept; what is None is left out."""
    reference, noise = learned.reference, learned.reference.noise
    arrays: dict[str, Any] = {
        "image": reference.image,
        "n_averaged": reference.n_averaged,
        "anchored": learned.anchored,
        "before": learned.before,
        "after": learned.after,
        "counts": (learned.rounds, learned.n_good),
        "place": np.array(learned.place, np.float64),
        "prior": np.array(reference.prior, np.float64),
        "widening": reference.widening,
    }
    if noise is not None:
        arrays["noise"] = (noise.gain, noise.read_variance, noise.offset)
    if reference.mask is not None:
        arrays["mask"] = reference.mask
    if reference.noise_power is not None:
        arrays["noise_power"] = reference.noise_power
    arrays |= {f"defects {name}": value for name, value in learned.defects.pack().items()}
    return {name: np.asarray(value) for name, value in arrays.items()}


def unpack_template(arrays: dict[str, NDArray[Any]]) -> LearnedReference:
    """What `pack_template` packed."""
    noise = None
    if "noise" in arrays:
        gain, read_variance, offset = (float(value) for value in arrays["noise"])
        noise = NoiseModel(gain=gain, read_variance=read_variance, offset=offset)
    reference = Reference(
        image=arrays["image"],
        noise=noise,
        n_averaged=float(arrays["n_averaged"]),
        mask=arrays.get("mask"),
        noise_power=arrays.get("noise_power"),
        prior=tuple(arrays["prior"].tolist()),
        widening=float(arrays.get("widening", 1.0)),  # templates that were kept earlier know none
    )
    defects = {name.removeprefix("defects "): array for name, array in arrays.items() if name.startswith("defects ")}
    rounds, n_good = (int(value) for value in arrays["counts"])
    return LearnedReference(
        reference=reference, anchored=bool(arrays["anchored"]), defects=Defects.unpack(defects),
        before=arrays["before"], after=arrays["after"], rounds=rounds, n_good=n_good,
        place=tuple(arrays["place"].tolist()),
    )  # fmt: skip
