"""The dock widget: a form made from the options, a run that can be cancelled, and what it found."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from magicgui.widgets import ComboBox, Container, FileEdit, Label, LineEdit, ProgressBar, PushButton, Select
from napari.layers import Image, Labels, Points, Shapes, Tracks
from napari.qt.threading import thread_worker
from napari.utils.notifications import show_error, show_info
from napari.utils.theme import get_theme
from qtpy.QtCore import QTimer
from qtpy.QtWidgets import QComboBox, QSizePolicy

from holdstill.errors import HoldstillError, InputError, Stopped
from holdstill.napari.drift import DriftPlot
from holdstill.napari.form import Question, list_questions, parse_answers
from holdstill.napari.layers import KEY, correct_layer, find_frame, list_axes, make_mask, open_layer
from holdstill.napari.moving import move_layer
from holdstill.napari.panel import Panel
from holdstill.result.advice import advise, answer
from holdstill.result.registration import Registration, load
from holdstill.run.options import RegisteringOptions
from holdstill.run.register import register

__all__ = ["RegisterWidget"]

REFRESH_MS = 100
LIST_PX = 90  # of flagged frames: four of them are seen, the others scrolled
Outcome = tuple[Registration | None, HoldstillError | None]


class RegisterWidget(Container):  # type: ignore[misc]  # napari brings no types
    """Registers the movie of a layer and adds the corrected one.

    Parameters
    ----------
    napari_viewer : napari.Viewer
    """

    def __init__(self, napari_viewer: Any) -> None:
        self._viewer, self._is_stopped, self._stage, self._done = napari_viewer, False, "", 0
        self._found: Registration | None = None
        self._layer: Any = None  # the one that the result is of
        self._movie = ComboBox(label="movie", choices=lambda _: self._find_layers(Image))
        self._axes = ComboBox(label="axes", choices=lambda _: self._list_axes())
        self._mask = ComboBox(label="mask", choices=lambda _: self._find_layers(Labels, Shapes), nullable=True)
        self._questions = {each.name: _ask(each) for each in list_questions()}
        self._run_button, self._cancel_button = PushButton(text="Register"), PushButton(text="Cancel", enabled=False)
        self._bar, self._told = ProgressBar(value=0, max=100, label="", visible=False), Label(value="")
        self._flagged = Select(
            label="flagged", choices=lambda _: self._list_flagged(), allow_multiple=False, visible=False
        )
        self._along = PushButton(text="Move selected layers along", enabled=False)
        self._file = FileEdit(label="drift.json", mode="w", filter="*.json")
        self._save_button, self._load_button = PushButton(text="Save", enabled=False), PushButton(text="Load")
        super().__init__()
        self.extend([  # labels of what is given to the constructor would not be as wide as each other
            self._movie, self._axes, self._mask, *self._questions.values(),
            _row(self._run_button, self._cancel_button), self._bar, self._told, self._flagged, self._along,
            self._file, _row(self._save_button, self._load_button),
        ])  # fmt: skip
        self._flagged.max_height = LIST_PX
        self._told.native.setWordWrap(True)
        self._told.native.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._movie.native.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.drift = DriftPlot(self.go_to, self._find_colours)
        self._panel = Panel(self, self.drift.native)
        self.native._magic_widget = self  # as napari finds who docked it
        self._timer = QTimer(self.native)
        self._timer.timeout.connect(self._show_progress)
        self._connect()
        for layer in list(napari_viewer.layers):
            self._look_at(layer)

    def _connect(self) -> None:
        self._movie.changed.connect(lambda _: self._axes.reset_choices())
        self._run_button.changed.connect(self.start)
        self._cancel_button.changed.connect(self.stop)
        self._flagged.changed.connect(self._go_to_flagged)
        self._along.changed.connect(self.move_along)
        self._save_button.changed.connect(self.save)
        self._load_button.changed.connect(self.load)
        self._viewer.layers.events.inserted.connect(self.reset_choices)
        self._viewer.layers.events.inserted.connect(lambda event: self._look_at(event.value))
        self._viewer.layers.events.removed.connect(self.reset_choices)
        self._viewer.dims.events.point.connect(self._move_cursor)
        self._viewer.events.theme.connect(lambda _: self._draw_drift())

    @property
    def native(self) -> Any:
        """What napari docks: the form, and below it the drift."""
        return self._panel.native if hasattr(self, "_panel") else super().native

    @property
    def found(self) -> Registration | None:
        """What was found, or loaded."""
        return self._found

    @property
    def flagged(self) -> tuple[int, ...]:
        """The flagged frames that can be chosen."""
        return tuple(self._flagged.choices)

    @property
    def frame(self) -> int:
        """The frame on the slider, of the movie that is chosen or was registered."""
        layer = self._layer or self._movie.value
        if layer is None:
            return 0
        return find_frame(layer, self._viewer.dims.point)

    def go_to(self, frame: int) -> None:
        """Put the slider at a frame."""
        layer = self._layer or self._movie.value
        axis = self._viewer.dims.ndim - layer.ndim
        self._viewer.dims.set_point(axis, frame * layer.scale[0] + layer.translate[0])

    def start(self) -> Any:
        """Register the chosen movie on another thread; returns the worker, None where the form is not right."""
        self._is_stopped, self._stage, self._done = False, "", 0
        try:
            layer, axes, options = self._read_form()
        except HoldstillError as error:
            show_error(str(error))
            return None
        self._run_button.enabled, self._cancel_button.enabled, self._bar.visible = False, True, True
        self._timer.start(REFRESH_MS)
        worker = thread_worker(_register)(layer, axes, options)
        worker.returned.connect(lambda outcome: self._receive(outcome, layer, axes))
        worker.finished.connect(self._finish)
        worker.start()
        return worker

    def stop(self) -> None:
        """Stop at the next chunk."""
        self._is_stopped = True

    def take(self, found: Registration, layer: Any, axes: str) -> None:
        """Show a result of a layer: the movie lazily corrected, the drift, the flagged frames, what would help.

        Raises InputError where it is of another movie.
        """
        data, given = correct_layer(found, layer, axes)
        self._show(found, layer)
        self._viewer.add_image(data, **given)

    def _look_at(self, layer: Any) -> None:
        """Show the result that came with a layer: of a drift.json that was dropped into napari."""
        found = layer.metadata.get(KEY)
        if isinstance(found, Registration) and found is not self._found:
            self._show(found, layer)

    def _show(self, found: Registration, layer: Any) -> None:
        self._found, self._layer = found, layer
        told = answer(found).sentence
        # options of the command line are the fields of the form above
        remedies = (re.sub(r"--([a-z-]+)", lambda m: m[1].replace("-", " "), each.remedy) for each in advise(found))
        reasons = (each.verdict.replace("_", " ") for each in advise(found))
        self._told.value = "\n".join([told, *map(": ".join, zip(reasons, remedies, strict=True))])
        self._flagged.reset_choices()
        self._flagged.visible = bool(self._flagged.choices)
        self._save_button.enabled = self._along.enabled = True
        self._panel.fit()
        self._draw_drift()

    def _draw_drift(self) -> None:
        if self._found is not None:
            self.drift.show(self._found, self.frame)

    def _find_colours(self) -> tuple[str, str]:
        theme = get_theme(self._viewer.theme)
        return theme.background.as_hex(), theme.text.as_hex()

    def move_along(self) -> None:
        """Add what was selected - points, tracks, shapes, labels of the raw movie - as the corrected movie shows it."""
        kinds = (Labels, Points, Shapes, Tracks)
        chosen = [layer for layer in self._viewer.layers.selection if isinstance(layer, kinds)]
        if not chosen:
            show_error("select layers of points, tracks, shapes or labels in the list of layers first")
            return

        def move() -> None:
            found = self._need_found()
            for layer in chosen:
                self._viewer.add_layer(move_layer(found, layer, self._layer))

        self._try(move)

    def save(self) -> None:
        """Write the result to the file that is named."""
        self._try(lambda: show_info(f"{self._need_found().save(self._file.value)} is written"))

    def load(self) -> None:
        """Show the result that is in the file, of the movie that is chosen."""
        self._try(lambda: self.take(load(Path(self._file.value)), *self._find_movie()))

    def _find_movie(self) -> tuple[Any, str]:
        layer = self._movie.value
        if layer is None:
            raise InputError("there is no movie; open one first")
        return layer, self._axes.value or list_axes(layer)[0]

    def _read_form(self) -> tuple[Any, str, RegisteringOptions]:
        layer, axes = self._find_movie()
        answers = {name: str(each.value) for name, each in self._questions.items()}
        # of the layer that is to be registered: the slider may lie elsewhere on the one that was
        frame, n_frames = find_frame(layer, self._viewer.dims.point), int(layer.data.shape[0])
        options = replace(parse_answers(answers, frame=frame, n_frames=n_frames), progress=self._report)
        if self._mask.value is not None:
            with open_layer(layer, axes) as source:
                options = replace(options, mask=make_mask(self._mask.value, source.info.frame_shape, layer))
        return layer, axes, options

    def _report(self, stage: str, done: int, total: int) -> bool:
        """Called on the thread of the run, which touches no widget."""
        self._stage, self._done = stage, int(100 * done / max(total, 1))
        return not self._is_stopped

    def _show_progress(self) -> None:
        self._bar.value = self._done
        self._bar.native.setFormat(f"{self._stage} %p%")

    def _receive(self, outcome: Outcome, layer: Any, axes: str) -> None:
        found, error = outcome
        if found is not None:
            self._try(lambda: self.take(found, layer, axes))
        elif isinstance(error, Stopped):
            show_info("stopped; nothing was changed")
        else:
            show_error(str(error))

    def _finish(self) -> None:
        self._timer.stop()
        self._run_button.enabled, self._cancel_button.enabled, self._bar.visible = True, False, False

    def _go_to_flagged(self, frames: Any) -> None:
        for frame in np.atleast_1d([] if frames is None else frames)[:1]:
            self.go_to(int(frame))

    def _move_cursor(self) -> None:
        if self._layer is not None and self._layer in self._viewer.layers:
            self.drift.move(self.frame)

    def _need_found(self) -> Registration:
        if self._found is None:
            raise InputError("there is no result; register a movie, or load one")
        return self._found

    def _try(self, work: Callable[[], Any]) -> None:
        try:
            work()
        except HoldstillError as error:
            show_error(str(error))

    def _find_layers(self, *kinds: Any) -> list[Any]:
        return [layer for layer in self._viewer.layers if isinstance(layer, kinds)]

    def _list_flagged(self) -> list[tuple[str, int]]:
        if self._found is None:
            return []
        reasons = [each.value.replace("_", " ") for each in self._found.verdicts]
        return [(f"{t}: {reasons[t]}", int(t)) for t in np.flatnonzero(~self._found.ok)]

    def _list_axes(self) -> tuple[str, ...]:
        layer = self._movie.value
        try:
            return () if layer is None else list_axes(layer)
        except InputError:
            return ()  # told when it is asked for


def _ask(question: Question) -> Any:
    about = {"name": question.name, "label": question.label, "value": question.default, "tooltip": question.help}
    return ComboBox(choices=question.choices, **about) if question.choices else LineEdit(**about)


def _row(*widgets: Any) -> Any:
    return Container(widgets=widgets, layout="horizontal", labels=False)


def _register(layer: Any, axes: str, options: RegisteringOptions) -> Outcome:
    """What was found; or why not, which is told where widgets may be touched."""
    try:
        with open_layer(layer, axes) as source:
            return register(source, options), None
    except HoldstillError as error:
        return None, error
