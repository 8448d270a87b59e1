"""The drift below the form, with a cursor that follows the time slider."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matplotlib import rc_context
from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from matplotlib.figure import Figure
from qtpy.QtWidgets import QSizePolicy

from holdstill.result.registration import Registration

__all__ = ["DriftPlot"]

_CANVAS: Any = FigureCanvasQTAgg  # its constructor has no types
HEIGHT_PX = 190
INKED: Any = ("axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color")


class DriftPlot:
    """Shifts with their error bands; a click goes to that frame.

    Parameters
    ----------
    go_to : callable (frame)
        Called at a click.
    find_colours : callable ()
        Colours of paper and ink: those of the window.
    """

    def __init__(self, go_to: Callable[[int], None], find_colours: Callable[[], tuple[str, str]]) -> None:
        self._figure, self._go_to = Figure(figsize=(4, 2), layout="constrained"), go_to
        self._find_colours = find_colours
        self.native: Any = _CANVAS(self._figure)
        self.native.setFixedHeight(HEIGHT_PX)
        # as wide as the form: the width of its own moved the image aside when a result came
        self.native.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.native.hide()
        self._cursor: Any = None
        self._n_frames = 0
        self.native.mpl_connect("button_press_event", self._click)

    @property
    def frame(self) -> float | None:
        """Where the cursor stands, None while nothing is drawn."""
        return None if self._cursor is None else float(self._cursor.get_xdata()[0])

    def show(self, found: Registration, frame: int) -> None:
        """Draw a result, and the cursor at a frame."""
        self._figure.clear()
        paper, ink = self._find_colours()
        self._figure.set_facecolor(paper)
        with rc_context({"axes.facecolor": paper, **dict.fromkeys(INKED, ink)}):
            axes = self._figure.add_subplot()
            found.plot(axes)
        legend = axes.get_legend()
        for name in legend.get_texts() if legend else ():
            name.set_color(ink)
        self._cursor, self._n_frames = axes.axvline(frame, color=ink, linewidth=1), len(found)
        self.native.show()
        self.native.draw_idle()

    def clear(self) -> None:
        """Show nothing."""
        self._figure.clear()
        self._cursor = None
        self.native.hide()

    def move(self, frame: float) -> None:
        """Put the cursor at a frame."""
        if self._cursor is not None:
            self._cursor.set_xdata([frame, frame])
            self.native.draw_idle()

    def _click(self, event: Any) -> None:
        if event.xdata is not None and self._cursor is not None:
            self._go_to(min(max(round(event.xdata), 0), self._n_frames - 1))
