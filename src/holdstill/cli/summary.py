"""What a result comes to, as plain values for a table or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from holdstill.result import advice
from holdstill.result.wording import count, describe_turn

__all__ = ["advise", "is_useless", "summary"]

# a share of flagged frames that deserves a word
MANY = 0.2


def summary(registration: Any, seconds: float, files: dict[str, Path]) -> dict[str, Any]:
    """What is worth telling of a result, as plain values."""
    good = registration.ok
    shifts = registration.shifts[good] if good.any() else np.zeros((1, registration.shifts.shape[1]))
    alone = len(registration) == 1
    spans = shifts[0] if alone else np.ptp(shifts, axis=0)
    known = registration.shift_errors[np.isfinite(registration.errors).all(axis=1)]
    errors = np.median(known, axis=0).max() if len(known) else None
    reasons: dict[str, int] = {}
    for why in registration.verdict_names:
        if why != "ok":
            reasons[why] = reasons.get(why, 0) + 1
    helping = advice.advise(registration)
    return {
        "frames": len(registration),
        "motion": registration.family,
        "frame_shape": list(registration.frame_shape),
        "shift_px" if alone else "range_px": [round(float(span), 4) for span in spans],
        **(describe_turn(registration.trajectory) if alone else {}),
        "median_error_px": None if errors is None else round(float(errors), 5),
        "flagged": reasons,
        "only_reference": _is_only_reference(registration),
        "left_alone": registration.provenance.get("chosen", {}).get("taken") == "none",
        "dropped": np.flatnonzero(~registration.kept).tolist(),
        "clamped": registration.clamped,
        "advice": [str(each) for each in helping] + _advise_clamped(registration),
        "remedies": {each.verdict: each.remedy for each in helping},
        "device": registration.provenance.get("device", ""),
        "seconds": round(seconds, 3),
        "had_finished": bool(registration.provenance.get("had finished")),
        "files": {name: str(path) for name, path in files.items()},
    }


def _advise_clamped(registration: Any) -> list[str]:
    """What clamped pixels are, and how to keep them."""
    told = advice.advise_clamped(registration)
    return [f"{count(registration.clamped, 'pixel')} clamped: {told}"] if told else []


def is_useless(content: dict[str, Any]) -> bool:
    """Whether no frame could be used but a reference, or a movie was left alone that may have moved: of a `summary`."""
    n_flagged = sum(content["flagged"].values())
    none = content["frames"] == n_flagged or content.get("only_reference")
    return bool(none or (content.get("left_alone") and n_flagged))


def _is_only_reference(registration: Any) -> bool:
    """Whether of several frames one is ok alone: of a movie that is its own reference it was placed on itself."""
    return (
        len(registration) > 1
        and int(registration.ok.sum()) == 1
        and registration.provenance.get("reference") != "image"
    )


def advise(content: dict[str, Any]) -> str | None:
    """What would help where many frames are flagged, of what `summary` told: one line, or None where few are."""
    flagged = content["flagged"]
    n_flagged, n_frames = sum(flagged.values()), content["frames"]
    if content.get("left_alone"):
        doubt = f"; of {n_flagged:,} frames motion cannot be excluded" if n_flagged else "; its motion is none"
        return f"nothing predicts its frames better than no motion, so that it was left alone{doubt}"
    if n_flagged <= MANY * n_frames:
        return None
    most = max(flagged, key=lambda name: flagged[name])
    counts = ", ".join(f"{count:,} {reason}" for reason, count in flagged.items())
    if n_frames == 1:
        return f"it could not be aligned ({most}). {content['remedies'][most]}"
    if n_flagged == n_frames:
        how_many = "no frame could be used"
    elif content.get("only_reference"):
        how_many = "no frame could be placed on another"
    else:
        how_many = f"{n_flagged:,} of {n_frames:,} frames are flagged"
    return f"{how_many} ({counts}). {content['remedies'][most]}"
