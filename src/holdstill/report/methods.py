"""A paragraph for the methods section of a paper, from the provenance."""

from __future__ import annotations

from typing import Any

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


def methods(registration: Any) -> str:
    """What was done, in sentences; what the provenance does not know is left out."""
    known = registration.provenance
    sentences = [
        f"Motion was estimated with holdstill {known.get('version', '')}".rstrip()
        + f" as a {registration.motion} for each of {len(registration):,} frames."
    ]
    template = known.get("template") or {}
    if known.get("reference") == "template" and template:
        sentences.append(
            f"The reference was learned from the movie itself: {template.get('n_good')} frames spread over it were "
            f"aligned and averaged, {template.get('rounds')} times over (Clement et al. 2018)."
        )
    elif "reference" in known:
        sentences.append(f"The reference was: {known['reference']}.")
    sentences.append(
        "From a start by cross-correlation of binned images, Gauss-Newton steps (Lucas and Kanade 1981) maximised the "
        "likelihood of all pixels for shift, gain and offset, the reference being interpolated by cubic B-splines "
        "(Unser 1999) and each pixel weighed by the inverse of its variance."
    )
    noise = known.get("noise")
    if noise:
        sentences.append(
            f"The noise was estimated from the data: {noise['gain']:.3g} grey levels per photon, variance "
            f"{noise['read_variance']:.3g} at level {noise['offset']:.4g}."
        )
    sentences.append(
        "Error bars are one standard deviation by the Cramér-Rao bound (Robinson and Milanfar 2004), scaled by each "
        "frame's own residuals."
    )
    resampling = known.get("resampling")
    if resampling:
        sentences.append(f"Frames were resampled once, by {resampling['interpolation']} interpolation.")
    flagged = int((~registration.ok).sum())
    if flagged:
        sentences.append(
            f"{flagged:,} frames that could not be registered took their shift from their neighbours in time."
        )
    return " ".join(sentences)


def references() -> tuple[str, ...]:
    """The literature that `methods` cites."""
    return REFERENCES
