"""The drift in matplotlib, for figures of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib import pyplot

from holdstill.result.report.figures import COLOURS, draw_chart
from holdstill.result.report.traces import list_charts

if TYPE_CHECKING:
    from holdstill.result.value import RegistrationValue

__all__ = ["plot"]


def plot(found: RegistrationValue, axes: Any = None) -> Any:
    """Draw the shift of each frame with its error band, and ticks for flagged frames; returns the axes."""
    if axes is None:
        axes = pyplot.subplots(figsize=(8, 3), layout="constrained")[1]
    chart = list_charts(found, None)[0]
    draw_chart(axes, chart, COLOURS)
    axes.set_xlabel("frame")
    axes.set_ylabel(chart.label)
    return axes
