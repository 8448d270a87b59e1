"""The parts of the report that show pixels: before and after, flagged frames, kymographs, what counted."""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from holdstill.result.advice import advise, list_frames
from holdstill.result.look import spread
from holdstill.result.report import figures
from holdstill.result.wording import count

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdstill.result.review import Review
    from holdstill.result.value import RegistrationValue

__all__ = ["compare", "kymographs", "list_flagged", "mark_options", "overlay", "reasons", "weights"]

PICTURE_PX, THUMBNAIL_PX = 768, 112
# of each reason: cards as long as they are few, else so many examples; numbers of others
MAX_CARDS, EXAMPLES, MAX_LISTED = 6, 4, 200
MOST_MATCHES, GAP = 120, 0.04
# of a pair: the fixed image, the moving one, and that aligned
OVERLAY = ("reference", "mean_before", "mean_after")
OPTION = re.compile(r"--[a-z][a-z0-9-]*")


def compare(registration: RegistrationValue, review: Review | None, why_not: str) -> str:
    """Means before and after behind a divider: of the same frames as written, where those pixels are known."""
    if review is not None:
        before, after = review.before, review.after
        n = int(review.good.sum()) or len(review.frames)
        binned = f", binned {review.bin} × {review.bin}" if review.bin > 1 else ""
        projected = f",{' each' if n > 1 else ''} the mean along z" if len(registration.frame_shape) == 3 else ""
        several = f"Mean of the same {n:,} frames" if n > 1 else "The one good frame"
        what = f"{several}{projected}{binned}, as recorded and as corrected."
    elif {"mean_before", "mean_after"} <= registration.images.keys():
        before, after = registration.images["mean_before"], registration.images["mean_after"]
        what = (
            "Means of the frames that the reference was learned from, before and after: not of the same frames, as "
            f"those that did not fit are left out after. {why_not}"
        )
    else:
        return ""
    shown = figures.grey(*(figures.shrink(image, PICTURE_PX) for image in (before, after)))
    if not shown:
        return ""
    caption = f"{escape(what)} Motion blurs what is fixed in the specimen; what is blurred after, too, moved by itself."
    return _section("Before and after", _divide(shown, ("before", "after"), caption))


def overlay(registration: RegistrationValue) -> str:
    """A pair: the reference and the aligned image behind a divider, as a checkerboard and in two colours.

    Of one that was refused both as they are.
    """
    names = OVERLAY if registration.ok.all() else OVERLAY[:2]
    found = [registration.images.get(name) for name in names]
    if any(image is None or not np.isfinite(image).any() for image in found):
        return ""
    fixed, moving, *rest = (figures.shrink(image, PICTURE_PX) for image in found if image is not None)
    if not all(image.shape == fixed.shape for image in (moving, *rest)):
        return ""
    if not rest:
        both = [figures.grey(image)[0] for image in (fixed, moving)]
        divided = _divide(both, ("fixed", "moving"), "Both as they are, in the extent of the fixed one.")
        return _section("Fixed and moving", divided)
    aligned = rest[0]
    shown = [figures.grey(fixed)[0], figures.grey(aligned)[0]]
    divided = _divide(shown, ("fixed", "aligned"), "The fixed image and the aligned one.")
    parts = [
        (figures.weave(fixed, moving), "Checkerboard before", "Squares of the two in turn: edges break off."),
        (figures.weave(fixed, aligned), "Checkerboard after", "Edges must go on from square to square."),
        (figures.mix(fixed, moving), "Overlay before", "The fixed image magenta, the moving one green."),
        (figures.mix(fixed, aligned), "Overlay after", "Grey where both agree."),
    ]
    return _section("Fixed and aligned", divided + _row(parts) + _draw_matches(registration, fixed, moving))


def _draw_matches(registration: RegistrationValue, fixed: NDArray[np.float32], moving: NDArray[np.float32]) -> str:
    """The fixed and the moving image side by side, with lines between places that were matched; empty without any."""
    matches, known = registration.images.get("matches"), registration.images
    if matches is None or matches.ndim != 2 or matches.shape[1] != 4 or not np.isfinite(matches).all():
        return ""
    shapes = [registration.frame_shape[-2:]] * 2
    if {"matched_fixed", "matched_moving"} <= known.keys():
        # of two sizes: the pictures above are of a canvas that holds both
        fixed, moving = (figures.shrink(known[name], PICTURE_PX) for name in ("matched_fixed", "matched_moving"))
        shapes[1] = tuple(registration.provenance.get("moving_shape", shapes[0]))[-2:]
    # in px of the fixed picture, as large as they are beside each other
    scale = np.array(fixed.shape) / shapes[0]
    width, sizes = fixed.shape[1], [np.array(shape) * scale for shape in shapes]
    shown = matches[np.unique(np.linspace(0, len(matches) - 1, MOST_MATCHES).astype(int))]
    gap = round(width * GAP)
    ends = (np.hstack([shown[:, :2] * scale, shown[:, 2:] * scale + [0, width + gap]]) + 0.5).round(1)
    lines = "".join(f'<path d="M{x1} {y1}L{x2} {y2}"/>' for y1, x1, y2, x2 in ends.tolist())
    pictures_ = "".join(
        f'<image href="{figures.grey(image)[0]}" x="{x}" width="{size[1]:g}" height="{size[0]:g}" '
        'preserveAspectRatio="none"/>'
        for image, x, size in ((fixed, 0, sizes[0]), (moving, width + gap, sizes[1]))
    )
    label = "Fixed and moving image with lines between matched places"
    box = f"0 0 {width + gap + sizes[1][1]:g} {max(size[0] for size in sizes):g}"
    drawn = f'<svg role="img" aria-label="{label}" viewBox="{box}">{pictures_}{lines}</svg>'
    told = f"{count(len(matches), 'place')} of the fixed image (left) found again in the moving one"
    more = f"; {len(shown)} are drawn" if len(shown) < len(matches) else ""
    return (
        f"<figure class=matches>{drawn}<figcaption><b>Matches.</b> {told}{more}. They agree with one transform; lines "
        "that cross many others would not.</figcaption></figure>"
    )


def list_flagged(registration: RegistrationValue, review: Review | None) -> str:
    """Flagged frames by reason: what it means, what would help, and what some of them look like."""
    if registration.ok.all():
        return ""
    if len(registration) == 1:
        (each,) = advise(registration)
        told = f"{mark_options(each.meaning)} <b>{mark_options(each.remedy)}</b>"
        return _section(f"Why it was refused: {escape(each.verdict.replace('_', ' '))}", f"<p>{told}</p>")
    parts = []
    for each in advise(registration):
        title = f"{escape(each.verdict.replace('_', ' '))}: {escape(list_frames(each.frames))}"
        helping = f"{mark_options(each.meaning)} <b>{mark_options(each.remedy)}</b>"
        told = f"<p>{count(len(each.frames), 'frame')}: {helping}</p>"
        parts.append(f"<h3>{title}</h3>{told}{_thumbnails(registration, review, each.frames)}")
    note = "<p class=note>Frames are counted from 0. The table beside the movie (drift.csv) has every frame.</p>"
    return _section("Flagged frames", "".join(parts) + note)


def kymographs(review: Review) -> str:
    """A line through the most contrast against time, before and after."""
    lines = review.kymograph_before, review.kymograph_after
    # one saturated frame made all others black
    good = review.good if review.good.any() else np.ones(len(review.frames), bool)
    shown = figures.grey(*lines, like=[line[:, good] for line in lines])
    if not shown:
        return ""
    parts = [
        (source, f"{name.capitalize()}", f"Along {review.line}, from left to right in time.")
        for source, name in zip(shown, ("before", "after"), strict=True)
    ]
    note = "<p class=note>What holds still is a straight horizontal band.</p>"
    return _section("A line over time", f'<div class="kymographs">{_row(parts)}</div>{note}')


def weights(registration: RegistrationValue) -> str:
    """Where the information comes from, what was left out, and the fixed pattern, if one was found."""
    parts = []
    found = registration.images.get("weights")
    if found is not None and np.isfinite(found).any():
        parts.append(
            (figures.grey(found)[0], "What counted",
             "Bright where structure tells the shift, dark where there is none; black where pixels were left out.")
        )  # fmt: skip
    pattern = registration.images.get("pattern")
    if pattern is not None and np.isfinite(pattern).any():
        parts.append(
            (figures.grey(pattern)[0], "Fixed pattern", "It stood still while the specimen moved, and was subtracted.")
        )
    said = registration.provenance.get("defects")
    listed = "".join(f"<li>{escape(str(text))}</li>" for text in said) if isinstance(said, list) and said else ""
    return _section("What counted", (_row(parts) if parts else "") + (f"<ul>{listed}</ul>" if listed else ""))


def mark_options(text: str) -> str:
    """Text for a page, escaped, in which no option breaks after its dashes at the end of a line."""
    return OPTION.sub(r"<span class=option>\g<0></span>", escape(text))


def reasons(registration: RegistrationValue) -> str:
    """How many frames were flagged for which reason, in words."""
    counts = Counter(why.replace("_", " ") for why in registration.verdict_names if why != "ok")
    return ", ".join(f"{number:,} {reason}" for reason, number in counts.most_common()) or "none"


def _section(title: str, content: str) -> str:
    return f"<section><h2>{title}</h2>{content}</section>" if content else ""


def _divide(shown: list[str], names: tuple[str, str], caption: str) -> str:
    left, right = names
    return (
        f'<figure><div class=compare><img src="{shown[0]}" alt="{left}"><img class=over src="{shown[1]}" alt="{right}">'
        f'<span class="tag left" aria-hidden=true>{left}</span><span class="tag right" aria-hidden=true>{right}</span>'
        f'<input type=range min=0 max=100 step=1 value=50 aria-label="Divider between {left} and {right}" '
        f'data-left="{left}" data-right="{right}"></div><figcaption>{caption} <span class=how>Drag the divider, or use '
        f"the arrow keys.</span></figcaption></figure>"
    )


def _row(parts: list[tuple[str, str, str]]) -> str:
    figures_ = "".join(
        f'<figure><img src="{source}" alt="{title}"><figcaption><b>{title}.</b> {note}</figcaption></figure>'
        for source, title, note in parts
    )
    kind = "pair four" if len(parts) == 4 else "pair"
    return f'<div class="{kind}">{figures_}</div>'


def _thumbnails(registration: RegistrationValue, review: Review | None, frames: tuple[int, ...]) -> str:
    """Cards of a few frames that were looked at, of any if none was; the others below, folded: frames look alike."""
    shown = {} if review is None else review.thumbnails
    examples = [t for t in frames if t in shown] or list(frames)
    if len(frames) > MAX_CARDS:
        examples = [examples[i] for i in spread(len(examples), EXAMPLES)]
    reference = _reference(review)

    def draw(chosen: list[int]) -> str:
        return f"<ul class=flagged>{''.join(_card(registration, t, shown.get(t), reference) for t in chosen)}</ul>"

    others = [t for t in frames if t not in examples]
    if not others:
        return draw(examples)
    plain = [t for t in others if t not in shown]
    listed = "".join(_button(t, f"{t}") for t in plain[:MAX_LISTED])
    left = len(plain) - MAX_LISTED
    more = f"<p class=note>{left:,} more {'is' if left == 1 else 'are'} in the table.</p>" if left > 0 else ""
    looked = [t for t in others if t in shown]
    inside = (draw(looked) if looked else "") + (f"<p class=frames>{listed}</p>" if listed else "") + more
    return f"{draw(examples)}<details><summary>{count(len(others), 'other frame')}</summary>{inside}</details>"


def _button(frame: int, label: str) -> str:
    return f"<button type=button data-frame={frame}>{label}</button>"


def _card(
    registration: RegistrationValue,
    frame: int,
    shown: tuple[NDArray[np.float32], NDArray[np.float32]] | None,
    reference: NDArray[np.float32] | None,
) -> str:
    shift = ", ".join(f"{value:+.2f}" for value in registration.shifts[frame])
    pictures_ = "" if shown is None else _small(shown, reference)
    told = f"shift used: {shift} px, {registration.treatments[frame].value}"
    return f"<li>{_button(frame, f'frame {frame}')}<b>frame {frame}</b>{pictures_}<small>{told}</small></li>"


def _small(pair: tuple[NDArray[np.float32], NDArray[np.float32]], reference: NDArray[np.float32] | None) -> str:
    # the corrected one has an empty border, which on a scale of its own turned a dim frame into a bright one
    like = next((image for image in pair if np.isfinite(image).any()), pair[0])
    if reference is not None and np.nanmin(like) == np.nanmax(like):
        like = reference  # of a saturated frame, which is white beside it: on its own scale it was black
    images = [(pair[0], "raw", like), (pair[1], "corrected", like)]
    images += [(reference, "reference", reference)] if reference is not None else []
    small = "".join(
        f'<figure><img src="{figures.grey(image, like=[scale])[0]}" alt="{name}">'
        f"<figcaption>{name}</figcaption></figure>"
        for image, name, scale in images
        if np.isfinite(image).any()
    )
    return f"<div>{small}</div>"


def _reference(review: Review | None) -> NDArray[np.float32] | None:
    return None if review is None else figures.shrink(review.after, THUMBNAIL_PX)
