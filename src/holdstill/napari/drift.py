"""The drift below the form, with a cursor that follows the time slider."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from matplotlib.figure import Figure

from holdstill.result.registration import Registration

__all__ = ["DriftPlot"]

_CANVAS: Any = FigureCanvasQTAgg  # its constructor has no types
HEIGHT_PX = 190


class DriftPlot:
    """Shifts with their error bands; a click goes to that frame.

    Parameters
    ----------
    go_to : callable (frame)
        Called at a click.
    """

    def __init__(self, go_to: Callable[[int], None]) -> None:
        self._figure, self._go_to = Figure(figsize=(4, 2), layout="constrained"), go_to
        self.native: Any = _CANVAS(self._figure)
        self.native.setMinimumHeight(HEIGHT_PX)
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
        axes = self._figure.add_subplot()
        found.plot(axes)
        self._cursor, self._n_frames = axes.axvline(frame, color="0.4", linewidth=1), len(found)
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
