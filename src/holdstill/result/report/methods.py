"""A paragraph for the methods section of a paper, from the provenance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from holdstill.result.value import RegistrationValue

__all__ = ["methods", "references"]

REFERENCES = (
    "Lucas B. D., Kanade T. An iterative image registration technique with an application to stereo vision. "
    "IJCAI 1981.",
    "Robinson D., Milanfar P. Fundamental performance limits in image registration. "
    "IEEE Trans. Image Process. 13, 1185-1199 (2004).",
    "Clement C. B., Bierbaum M., Sethna J. P. Image registration and super resolution from first principles. "
    "arXiv:1809.05583 (2018).",
    "Unser M. Splines: a perfect fit for signal and image processing. IEEE Signal Process. Mag. 16, 22-38 (1999).",
)


def methods(registration: RegistrationValue) -> str:
    """What was done, in sentences; what the provenance does not know is left out."""
    known = registration.provenance
    sentences = [
        f"Motion was estimated with holdstill {known.get('version', '')}".rstrip()
        + f" as a {registration.motion} for each of {len(registration):,} frames.",
        _reference(known),
        "From a start by cross-correlation of binned images, Gauss-Newton steps (Lucas and Kanade 1981) maximised the "
        "likelihood of all pixels for the transform, gain and offset, the reference being interpolated by cubic "
        "B-splines (Unser 1999) and each pixel weighed by the inverse of its variance.",
        _noise(known),
        "Error bars are one standard deviation by the Cramér-Rao bound (Robinson and Milanfar 2004), scaled by each "
        "frame's own residuals.",
        _resampling(known),
        _repair(registration),
    ]
    return " ".join(filter(None, sentences))


def _reference(known: dict[str, Any]) -> str:
    template = _part(known, "template")
    if known.get("reference") == "template" and {"n_good", "rounds"} <= template.keys():
        return (
            f"The reference was learned from the movie itself: {template['n_good']} frames spread over it were "
            f"aligned and averaged, {template['rounds']} times over (Clement et al. 2018)."
        )
    return f"The reference was: {known['reference']}." if "reference" in known else ""


def _noise(known: dict[str, Any]) -> str:
    noise = _part(known, "noise")
    numbers = [noise.get(name) for name in ("gain", "read_variance", "offset")]
    if not all(isinstance(number, (int, float)) for number in numbers):
        return ""
    gain, variance, offset = numbers
    photons = f"{gain:.3g} grey levels per photon, " if gain else ""
    level = f" at level {offset:.4g}" if gain else ", the same at every level"
    return f"The noise was estimated from the data: {photons}variance {variance:.3g}{level}."


def _resampling(known: dict[str, Any]) -> str:
    interpolation = _part(known, "resampling").get("interpolation")
    return f"Frames were resampled once, by {interpolation} interpolation." if interpolation else ""


def _repair(registration: RegistrationValue) -> str:
    flagged = int((~registration.ok).sum())
    if not flagged or flagged == len(registration):
        return ""
    subject = "One frame" if flagged == 1 else f"{flagged:,} frames"
    return f"{subject} that could not be registered took the transform interpolated between good neighbours in time."


def _part(known: dict[str, Any], name: str) -> dict[str, Any]:
    """A group of the provenance, empty where a file lacks it or holds something else."""
    part = known.get(name)
    return part if isinstance(part, dict) else {}


def references() -> tuple[str, ...]:
    """The literature that `methods` cites."""
    return REFERENCES
