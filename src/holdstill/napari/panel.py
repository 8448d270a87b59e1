"""What is docked: the form, which scrolls where the window is low, and below it the drift, which stays in view."""

from __future__ import annotations

from typing import Any

from qtpy.QtCore import QEvent, QSize, Qt, QTimer
from qtpy.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

__all__ = ["make_panel"]

LOWEST_PX = 120  # of the form; all of it is 700 px, and with what is told of a result 950


def make_panel(form: Any, drift: QWidget) -> QWidget:
    """The form and the drift, one above the other.

    Parameters
    ----------
    form : magicgui.widgets.Container
        Its labels become as wide as each other, as soon as napari's font is known.
    drift : QWidget
    """
    inner, panel = form.native, QWidget()
    column = QVBoxLayout(panel)
    column.setContentsMargins(0, 0, 0, 0)
    inner.layout().addStretch(1)
    column.addWidget(_Scrolled(inner), stretch=1)
    column.addWidget(drift)
    timer = QTimer(panel)  # ends with the panel, and so never comes to one that is closed
    timer.setSingleShot(True)
    timer.timeout.connect(lambda: _align_labels(form))
    timer.start(0)
    return panel


class _Scrolled(QScrollArea):  # type: ignore[misc]  # Qt brings no types
    """As wide as what is in it, and as high as there is room."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()  # what is in it wants another width
        return bool(super().eventFilter(watched, event))

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self.widget().minimumSizeHint().width() + bar, LOWEST_PX)

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        return QSize(self.minimumSizeHint().width(), self.widget().sizeHint().height())


def _align_labels(form: Any) -> None:
    """Fields one below the other: magicgui measures labels before the window's style has made them larger."""
    rows = [each._labeled_widget() for each in form]
    labels = [row[0].native for row in rows if row is not None]
    for label in labels:
        label.ensurePolished()
        label.setVisible(bool(label.text()))  # what has no label is as wide as the form
    widest = max(label.sizeHint().width() for label in labels)
    for label in labels:
        label.setMinimumWidth(widest)
