"""Traces over the frames, thinned until a page can hold them: what the charts draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from holdstill.result.review import Review
    from holdstill.result.value import RegistrationValue

__all__ = ["MAX_POINTS", "Chart", "Line", "Trace", "list_charts", "thin"]

MAX_POINTS = 1500
MAX_MARKS = 400
DIGITS = 6  # of each number that stands in the page


@dataclass(frozen=True)
class Trace:
    """At most `MAX_POINTS` steps of a trace: middle, mean and range of the frames of each, NaN where none counts."""

    times: NDArray[np.float64]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    frames_per_step: int


@dataclass(frozen=True, kw_only=True)
class Line:
    """One trace of a chart.

    Attributes
    ----------
    name, colour : str
        What it is called, and the variable of the style sheet that says its colour.
    trace : Trace
        Its ``low`` and ``high`` hold the error band.
    banded : bool
        Whether there is a band.
    dash : tuple of int
        Of the line, so that lines differ without their colours.
    """

    name: str
    colour: str
    trace: Trace
    banded: bool = True
    dash: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One chart over the frames.

    Attributes
    ----------
    name, label : str
        Its identifier, and what stands at its vertical axis.
    lines : tuple of Line
    n_frames : int
    flagged : ndarray of int
    height, digits : int
        Of the chart, px; of a number that is read off it.
    """

    name: str
    label: str
    lines: tuple[Line, ...]
    n_frames: int
    flagged: NDArray[np.intp]
    height: int = 260
    digits: int = 3

    @property
    def least(self) -> float:
        """The least that its vertical axis spans: ten steps of the last digit, where nothing moved."""
        return float(10 ** (1 - self.digits))

    def as_plain(self) -> dict[str, Any]:
        """For the page."""
        return {
            "n": self.n_frames, "label": self.label, "height": self.height, "digits": self.digits,
            "least": self.least, "flagged": self.flagged.tolist(), "x": _numbers(self.lines[0].trace.times),
            "series": [
                {"name": each.name, "colour": f"--{each.colour}", "dash": list(each.dash),
                 "mean": _numbers(each.trace.mean)}
                | ({"low": _numbers(each.trace.low), "high": _numbers(each.trace.high)} if each.banded else {})
                for each in self.lines
            ],
        }  # fmt: skip


def thin(values: NDArray[np.float64], errors: NDArray[np.float64] | None = None, most: int = MAX_POINTS) -> Trace:
    """A trace of at most so many steps; with `errors`, its range reaches one of them further to both sides."""
    size = max(1, -(-len(values) // most))
    n_steps = -(-len(values) // size)
    rows = _rows(values, n_steps, size)
    known = np.isfinite(rows)
    counts = known.sum(axis=1)
    mean = np.where(counts > 0, np.where(known, rows, 0).sum(axis=1) / np.maximum(counts, 1), np.nan)
    around = np.zeros_like(rows) if errors is None else np.nan_to_num(_rows(errors, n_steps, size))
    low, high = (np.where(counts > 0, f.reduce(v, axis=1), np.nan) for f, v in
                 ((np.fmin, rows - around), (np.fmax, rows + around)))  # fmt: skip
    times = np.minimum(np.arange(n_steps) * size + (size - 1) / 2, len(values) - 1)
    return Trace(times, mean, low, high, size)


def list_charts(registration: RegistrationValue, review: Review | None) -> list[Chart]:
    """Drift and, where there are any, rotation, scale and agreement, each against the frames."""
    n, flagged = len(registration), _few(np.flatnonzero(~registration.ok))
    axes, dashes = "zyx"[-len(registration.frame_shape) :], ((), (6, 3), (2, 3))
    shifts, errors = registration.shifts, registration.shift_errors
    lines = [
        Line(name=name, colour=f"axis-{name}", dash=dashes[k], trace=thin(shifts[:, k], errors[:, k]))
        for k, name in enumerate(axes)
    ]
    charts = [Chart(name="drift", label="shift (px)", lines=tuple(lines), n_frames=n, flagged=flagged, height=300)]
    values, bars, names = registration.parameters, registration.errors, registration.parameter_names
    for kind, label, factor, digits in (("rotation", "rotation (°)", 180 / np.pi, 4), ("scale", "scale", 1.0, 5)):
        found = [k for k, name in enumerate(names) if name.startswith(kind)]
        lines = [
            Line(name=_last_word(names[k], kind), colour=f"axis-{axes[-1 - i % len(axes)]}", dash=dashes[i % 3],
                 trace=thin(values[:, k] * factor, bars[:, k] * factor))
            for i, k in enumerate(found)
        ]  # fmt: skip
        if lines:
            charts.append(Chart(name=kind, label=label, lines=tuple(lines), n_frames=n, flagged=flagged, digits=digits))
    if review is not None:
        charts.append(_agreement(review, n, flagged))
    return charts


def _agreement(review: Review, n: int, flagged: NDArray[np.intp]) -> Chart:
    pairs = (("before", "soft", (6, 3), review.correlation_before), ("after", "accent", (), review.correlation_after))
    lines = []
    for name, colour, dash, values in pairs:
        trace = Trace(review.frames.astype(float), values, values, values, 1)
        lines.append(Line(name=name, colour=colour, dash=dash, trace=trace, banded=False))
    return Chart(
        name="agreement", label="correlation with the mean", lines=tuple(lines), n_frames=n, flagged=flagged, digits=4
    )


def _last_word(name: str, kind: str) -> str:
    """The axis of a parameter: ``x`` of ``scale_x``, the kind itself where there is only one."""
    word = name.removeprefix(kind).removesuffix("_rad").strip("_")
    return word or kind


def _few(flagged: NDArray[np.intp]) -> NDArray[np.intp]:
    return flagged[np.unique(np.linspace(0, len(flagged) - 1, min(len(flagged), MAX_MARKS)).astype(int))]


def _rows(values: NDArray[np.float64], n_steps: int, size: int) -> NDArray[np.float64]:
    padded = np.full(n_steps * size, np.nan)
    padded[: len(values)] = values
    return padded.reshape(n_steps, size)


def _numbers(values: NDArray[np.float64]) -> list[float | None]:
    return [float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None for value in values]
