"""A result as a compact card in a notebook: no script, a few numbers, the drift as a line."""

from __future__ import annotations

from html import escape
from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np

from holdstill.result.advice import advise, answer
from holdstill.result.wording import count

if TYPE_CHECKING:
    from holdstill.result.value import RegistrationValue

__all__ = ["make_card"]

WIDTH, HEIGHT, MOST_POINTS = 320, 60, 320
DASHES = ("", "5 3", "1.5 3")


def make_card(found: RegistrationValue) -> str:
    """The card as HTML; names are escaped."""
    name = escape(PurePath(str(found.provenance.get("input", "images"))).name)
    shape = " × ".join(str(length) for length in found.frame_shape)
    flagged = "".join(f"<li>{escape(str(each))}</li>" for each in advise(found))
    return (
        '<div style="border:1px solid #8a9499;border-radius:8px;padding:.6em 1em;max-width:46em">'
        f"<b>holdstill: {name}</b><br>{count(len(found), 'frame')} of {shape} px, {escape(found.family)}<br>"
        f"{escape(answer(found).sentence)}{_draw(found)}"
        + (f'<ul style="margin:.3em 0 0">{flagged}</ul>' if flagged else "")
        + "</div>"
    )


def _draw(found: RegistrationValue) -> str:
    """The shift along each axis as lines that differ in their dashes."""
    shifts = found.shifts
    if len(shifts) < 2 or not np.isfinite(shifts).any():
        return ""
    chosen = np.unique(np.linspace(0, len(shifts) - 1, MOST_POINTS).round().astype(int))
    low, high = float(np.nanmin(shifts)), float(np.nanmax(shifts))
    names = "zyx"[-shifts.shape[1] :]
    lines = []
    for axis, dash in zip(range(shifts.shape[1]), DASHES, strict=False):
        known = [t for t in chosen if np.isfinite(shifts[t, axis])]
        points = " ".join(
            f"{t / (len(shifts) - 1) * WIDTH:.1f},{(high - shifts[t, axis]) / max(high - low, 1e-9) * HEIGHT:.1f}"
            for t in known
        )
        lines.append(f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-dasharray="{dash}"/>')
    told = "; ".join(f"{name} {('solid', 'dashed', 'dotted')[k]}" for k, name in enumerate(names))
    return (
        f'<div><svg role="img" aria-label="shift of each frame" width="{WIDTH}" height="{HEIGHT + 4}" '
        f'viewBox="-1 -2 {WIDTH + 2} {HEIGHT + 4}">{"".join(lines)}</svg><br>'
        f"<small>shift from {low:.2f} to {high:.2f} px: {told}</small></div>"
    )
