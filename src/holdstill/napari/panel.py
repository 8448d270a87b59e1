"""What is docked: the form, which scrolls where the window is low, and below it the drift, which stays in view."""

from __future__ import annotations

from typing import Any

from qtpy.QtCore import Qt, QTimer
from qtpy.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

__all__ = ["Panel"]


class Panel:
    """The form and the drift, one above the other.

    The form is 700 px high, and 950 with what is told of a result: more than many a screen.

    Parameters
    ----------
    form : magicgui.widgets.Container
    drift : QWidget
    """

    def __init__(self, form: Any, drift: QWidget) -> None:
        self._form, self._inner, self.native = form, form.native, QWidget()
        self._inner.layout().addStretch(1)
        self._scrolled = QScrollArea()
        self._scrolled.setWidget(self._inner)
        self._scrolled.setWidgetResizable(True)
        self._scrolled.setFrameShape(QFrame.Shape.NoFrame)
        self._scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self.native)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scrolled, stretch=1)
        column.addWidget(drift)
        self._timer = QTimer(self.native)  # ends with the panel, and so never comes to one that is closed
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._fit)
        self.fit()

    def fit(self) -> None:
        """Make room for what is in the form, as soon as it has the style of the window."""
        self._timer.start(0)

    def _fit(self) -> None:
        """Fields one below the other: magicgui measures labels before the style has made them larger."""
        rows = [each._labeled_widget() for each in self._form]
        labels = [row[0].native for row in rows if row is not None]
        for label in labels:
            label.ensurePolished()
            label.setVisible(bool(label.text()))  # what has no label is as wide as the form
        widest = max(label.sizeHint().width() for label in labels)
        for label in labels:
            label.setMinimumWidth(widest)
        bar = self._scrolled.verticalScrollBar().sizeHint().width()
        self._scrolled.setMinimumWidth(self._inner.minimumSizeHint().width() + bar)
