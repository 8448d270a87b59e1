"""What a result comes to in words, for report, terminal and card: did it work, what to look at, what would help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from holdstill.contracts import Verdict
from holdstill.result.wording import REFUSED, count

if TYPE_CHECKING:
    from holdstill.result.review import Review
    from holdstill.result.value import RegistrationValue

__all__ = [
    "DIFFERENT", "REMEDIES", "Advice", "Answer", "Level", "advise", "advise_clamped", "answer", "list_frames",
]  # fmt: skip

# a drift below both is hardly one
HARDLY_PX, HARDLY_ERRORS = 0.1, 3.0
# the agreement of frames with their mean is said to differ from here on
DIFFERENT = 0.01
MANY_FLAGGED = 0.2
MUCH_LEFT_PX = 0.25
MOST_RANGES = 6


class Level(StrEnum):
    """Whether it worked."""

    YES = "yes"
    UNNEEDED = "unneeded"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"  # nobody looked at the pixels


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to "did it work, and what should I look at"."""

    level: Level
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What would help frames that were flagged for one reason.

    Attributes
    ----------
    verdict : str
    frames : tuple of int
    meaning : str
        What the verdict says, a sentence.
    remedy : str
        What to try, as an option of the command line where there is one.
    """

    verdict: str
    frames: tuple[int, ...]
    meaning: str
    remedy: str

    def __str__(self) -> str:
        """One line for a terminal."""
        told = self.verdict.replace("_", " ")
        return f"{count(len(self.frames), 'frame')} {told} ({list_frames(self.frames)}): {self.meaning} {self.remedy}"


def advise(registration: RegistrationValue) -> tuple[Advice, ...]:
    """What would help the flagged frames, the most frequent reason first."""
    found: dict[str, list[int]] = {}
    for t, why in enumerate(registration.verdict_names):
        if why != Verdict.OK.value:
            found.setdefault(why, []).append(t)
    ordered = sorted(found.items(), key=lambda item: -len(item[1]))
    remedies = _choose_remedies(registration)
    return tuple(
        Advice(
            verdict=why, frames=tuple(frames), meaning=registration.reasons[frames[0]],
            remedy=remedies[why](registration) if why in remedies else "Look at them.",
        )
        for why, frames in ordered
    )  # fmt: skip


def _choose_remedies(registration: RegistrationValue) -> dict[str, Callable[[RegistrationValue], str]]:
    told = registration.provenance
    return REMEDIES | (OF_SECTIONS if "prepared" in told else OF_PAIRS if "fixed" in told else {})


def advise_clamped(registration: RegistrationValue) -> str:
    """Why pixels were clamped, and how to keep their values; empty where none were."""
    if not registration.clamped:
        return ""
    dtype = registration.provenance.get("dtype", "the dtype")
    return f"interpolation went beyond the range of {dtype}. --dtype float32 keeps such values."


def answer(registration: RegistrationValue, review: Review | None = None) -> Answer:
    """Did it work, and what should one look at, from the data.

    Parameters
    ----------
    registration : RegistrationValue
    review : Review, optional
        What the pixels show; without it only the estimates can be told of.
    """
    n, good = len(registration), registration.ok
    if not n:
        return Answer(level=Level.NO, sentence="There were no frames.")
    reasons = ", ".join(f"{len(each.frames):,} {each.verdict.replace('_', ' ')}" for each in advise(registration))
    if not good.any():
        what = "the image could not be aligned" if n == 1 else f"none of the {n:,} frames could be registered"
        return Answer(level=Level.NO, sentence=f"No: {what} ({reasons}).")
    if n == 1:
        return _answer_pair(registration)
    if good.sum() == 1:  # the frame that others were compared with agrees with itself
        return Answer(level=Level.NO, sentence=f"No: only one of the {n:,} frames could be registered ({reasons}).")
    flagged = np.flatnonzero(~good)
    level, told = _tell_of_movie(registration, review)
    if len(flagged) > MANY_FLAGGED * n and level is not Level.NO:
        level, rest = Level.PARTLY, told.partition(": ")[2] or told
        told = f"Partly: {len(flagged):,} of {n:,} frames could not be registered. {rest[:1].upper()}{rest[1:]}"
    return Answer(level=level, sentence=f"{told} {_look_at(flagged, review)}")


def list_frames(frames: Sequence[int]) -> str:
    """Numbers of frames as ranges: ``"3, 7-9"``; the first of many."""
    numbers = [int(frame) for frame in frames]
    breaks = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(numbers)) if b != a + 1), len(numbers)]
    ranges = [(numbers[a], numbers[b - 1]) for a, b in pairwise(breaks) if b > a]
    told = [f"{a}" if a == b else f"{a}-{b}" for a, b in ranges[:MOST_RANGES]]
    return ", ".join(told) + (" ..." if len(ranges) > MOST_RANGES else "")


def _answer_pair(registration: RegistrationValue) -> Answer:
    error = registration.corner_errors[0]
    bar = f", to within {error:.2g} px at the corners (one standard deviation)" if np.isfinite(error) else ""
    score = registration.scores[0]
    known = f" The two agree with a correlation of {score:.2f}." if np.isfinite(score) else ""
    is_shown = {"reference", "mean_after"} <= registration.images.keys()
    look = "Look at the checkerboard: edges must go on." if is_shown else "Lay the two on each other and look."
    return Answer(level=Level.YES, sentence=f"The image was aligned{bar}.{known} {look}")


def _tell_of_movie(registration: RegistrationValue, review: Review | None) -> tuple[Level, str]:
    good = registration.ok
    moved = registration.shifts[good & np.isfinite(registration.shifts).all(axis=1)]
    span = float(np.ptp(moved, axis=0).max()) if len(moved) else 0.0
    errors = registration.shift_errors[good]
    bar = float(np.nanmedian(errors)) if np.isfinite(errors).any() else 0.0
    if review is None or not np.isfinite(review.gain):
        return Level.UNKNOWN, (
            f"{int(good.sum()):,} of {len(good):,} frames were registered, over a range of {span:.2f} px; "
            "the corrected pixels themselves were not looked at."
        )
    before, after = review.agreement
    numbers = f"r = {after:.2f} after, {before:.2f} before"
    if review.gain < -DIFFERENT:
        return Level.NO, f"No: frames agree with their mean less than they did before ({numbers})."
    if _has_only_shifts(registration) and span <= max(HARDLY_PX, HARDLY_ERRORS * bar):
        return Level.UNNEEDED, f"There was hardly anything to correct: the frames moved by {span:.2f} px at most."
    told = f"a range of {span:.2f} px was taken out, and frames agree with their mean"
    if review.gain <= DIFFERENT:
        return Level.PARTLY, f"Unclear: {told} as before ({numbers}); compare the two means."
    return Level.YES, f"It worked: {told} better ({numbers})."


def _look_at(flagged: Any, review: Review | None) -> str:
    if len(flagged):
        return f"Look at the flagged {'frame' if len(flagged) == 1 else 'frames'} {list_frames(flagged)}."
    left = float("nan") if review is None else review.residual_px
    if left > MUCH_LEFT_PX:
        return f"Look at the drift: {left:.2f} px of motion from frame to frame are left."
    return "No frame was flagged."


def _has_only_shifts(registration: RegistrationValue) -> bool:
    return all(name.startswith("shift_") for name in registration.parameter_names)


def _options(registration: RegistrationValue) -> dict[str, Any]:
    told = registration.provenance.get("asked")
    return told if isinstance(told, dict) else {}


def _help_range(registration: RegistrationValue) -> str:
    limit = _options(registration).get("max_shift")
    if limit is not None:
        return f"Try a larger --max-shift than {limit}."
    if "fixed" in registration.provenance:
        return PAIR
    return "Try --reference pairs, which compares frames that still overlap."


def _help_ambiguity(registration: RegistrationValue) -> str:
    moved = registration.shifts[registration.ok]
    if not len(moved) or not np.isfinite(moved).any():
        return "Try --max-shift with less than one period of the specimen."
    most = float(np.nanmax(np.abs(moved)))
    return f"Try --max-shift {max(3, int(np.ceil(1.5 * most)))}: no good frame moved further than {most:.1f} px."


def _help_mismatch(registration: RegistrationValue) -> str:
    turned = "--motion rigid if the specimen also turns, or " if _has_only_shifts(registration) else ""
    return f"Try {turned}--reference pairs if it changes over time."


def _help_blank(registration: RegistrationValue) -> str:
    asked = str(_options(registration).get("reference", ""))
    if not registration.ok.any() and (asked == "first" or asked.lstrip("-").isdecimal()):
        return "Try another frame as --reference: perhaps this one shows nothing itself. Else try another --channel."
    return "If the light was on, try another --channel."


REMEDIES: dict[str, Callable[[RegistrationValue], str]] = {
    REFUSED: lambda _: "Key r in the viewer, or reg.accepted(), takes what was found in it all the same.",
    "blank": _help_blank,
    "low_contrast": lambda _: "Try --average 4, which estimates on means of four frames, or a brighter --channel.",
    "out_of_range": _help_range,
    "saturated": lambda _: "Record with less light; for this movie, try a --mask without the bright part.",
    "ambiguous": _help_ambiguity,
    "mismatch": _help_mismatch,
    "static_pattern": lambda _: "Try a --mask of the specimen alone, or another --channel.",
    "content_changed": lambda _: "Try --reference rolling, which follows what changes slowly.",
    "focus_lost": lambda _: "Its shift is used, and good to a fraction of the blur; --repair drop leaves it out.",
    "corrupted": lambda _: "Its shift is most likely right all the same; --repair drop leaves it out.",
    "folded": lambda _: "Try a larger --grid, or --average 4; where it folds say reg.folds and a warning.",
    "unreadable": lambda _: "Copy the file once more from where it was recorded.",
}


PAIR = "Is it the right pair? If one is turned far, or bent, try --method deformable, which knows any angle."

# of two images, of which none changes over time, and beside which there are no others
OF_PAIRS: dict[str, Callable[[RegistrationValue], str]] = {
    "low_contrast": lambda _: "Is it the right pair? Then try a brighter --channel, or a narrower --motion.",
    "mismatch": lambda _: PAIR,
}


def _help_unlike(registration: RegistrationValue) -> str:
    if registration.trajectory.ndim == 3:
        return "Is it the right pair? If what is bright in one is dark in the other, try --method mutual_information."
    prepared = list(map(str, registration.provenance["prepared"]))
    if "print" in prepared:
        first = "The fixed image shows" if prepared[0] == "print" else "The moving image shows"
        return (
            f"{'Both images show' if prepared == ['print', 'print'] else first} print on paper, as a slide's label "
            "does: give the image of the tissue. Where print is to be aligned, take --prepare absorption."
        )
    options = registration.provenance.get("settings", {})
    untried = [
        f"{told} (--{name.replace('_', '-')})"
        for name, told in (("allow_flip", "one was mounted upside down"), ("allow_scale", "one is larger"))
        if not options.get(name)
    ]
    perhaps = f" Perhaps {' or '.join(untried)}." if untried else ""
    one, other = (KINDS.get(kind, kind) for kind in (prepared[0], prepared[-1]))
    taken = f"Both were taken for {one}" if one == other else f"The fixed image was taken for {one}, this for {other}"
    return (
        f"Is it the right pair, and neither an empty slide nor its label?{perhaps} {taken}; where that is wrong, say "
        "so by --prepare."
    )


# how a section was taken, in words
KINDS = {
    "absorption": "a stain on bright paper", "fluorescence": "light in the dark", "electron": "plain grey levels",
    "none": "grey levels as they are",
}  # fmt: skip


def _help_alike(registration: RegistrationValue) -> str:
    options = registration.provenance.get("settings", {})
    scale = "" if options.get("allow_scale") else "; if one may be larger than the other, --allow-scale"
    flip = "" if options.get("allow_flip") else ", or one mirrored fits better: try --allow-flip" + scale
    return (
        f"Another rotation fits nearly as well{flip or scale}. Is it the right pair? "
        "Then try a --mask of tissue that looks alike in both, or --motion translation if they are not turned."
    )


# of two sections, of which neither changes with time nor can another be compared with
OF_SECTIONS: dict[str, Callable[[RegistrationValue], str]] = {
    "blank": lambda _: "One of the two shows nothing: is it the right file, and the right --channel?",
    "out_of_range": lambda _: "They overlap by less than a quarter, or lie further apart than --max-shift allows.",
    "ambiguous": _help_alike,
    "mismatch": _help_unlike,
}
