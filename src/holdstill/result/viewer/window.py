"""The viewer from Python: a page that is served until it is closed."""

from __future__ import annotations

import webbrowser
from contextlib import ExitStack
from html import escape
from pathlib import Path
from typing import Any

from holdstill.contracts import ReadingOptions
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError
from holdstill.io.image import reading
from holdstill.resampling.lazy import CorrectedSource
from holdstill.result.applying import check_fit
from holdstill.result.recalling import recall_resampling
from holdstill.result.registration import Registration
from holdstill.result.viewer.drawn import open_drawn
from holdstill.result.viewer.movie import MovieView
from holdstill.result.viewer.opening import open_show
from holdstill.result.viewer.server import Server, Show

__all__ = ["Window", "view"]


class Window:
    """A page that shows a result, until it is closed or Python ends.

    Attributes
    ----------
    address : str
        Of the page, on this machine; with the token, without which nothing is served.
    """

    def __init__(self, show: Show, *, port: int = 0) -> None:
        self._server = Server(show, port=port)
        self._server.start()
        self.address = self._server.address

    def close(self) -> None:
        """Stop serving, and release files."""
        self._server.stop()

    def __enter__(self) -> Window:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        """One line."""
        return f"<Window at {self.address}>"

    def _repr_html_(self) -> str:
        """A link for notebooks."""
        address = escape(self.address)
        return f'<a href="{address}" target="_blank" rel="noopener">Open the viewer</a> (on this machine)'


def view(
    result: Any, images: Any = None, *, axes: str | None = None, points: Any = None, labels: Any = None, port: int = 0,
    browser: bool = True,
) -> Window:  # fmt: skip
    """Look at a result in the browser: raw against corrected, frame by frame, from the images themselves.

    Parameters
    ----------
    result : Registration or path
        A result; or what `holdstill view` takes: a drift.json, a corrected movie, a movie, a folder of
        `holdstill integrity`.
    images : path, array or Source, optional
        The movie that was registered; default: the file that the result names. With a path as `result` a second movie.
    axes : str, optional
        Axes of the images, where they do not say.
    points : path, optional
        Table of points to draw: columns ``y, x``, of volumes ``z``, px, and ``t`` or ``frame``; without one they are
        points of the reference.
    labels : path, optional
        Image of labels to outline: one of each frame, or one of the reference.
    port : int
        To begin with; 0 lets the system choose.
    browser : bool
        Open the page in the browser; in a notebook the link that is shown does, too.

    Returns
    -------
    Window
        To be closed, or used in a ``with`` block; the page is gone when Python ends.

    Raises
    ------
    HoldstillError
        Something cannot be read, or does not fit.

    Examples
    --------
    >>> with hs.view(reg, movie):  # doctest: +SKIP
    ...     input("Enter ends it")
    """
    if isinstance(result, Registration):
        show = _show_result(result, images, axes, _path_of(points), _path_of(labels))
    else:
        paths = [Path(path) for path in (result, images) if path is not None]
        show = open_show(paths, axes=axes, points=_path_of(points), labels=_path_of(labels))
    window = Window(show, port=port)
    if browser:
        webbrowser.open(window.address)
    return window


def _path_of(given: Any) -> Path | None:
    return None if given is None else Path(given)


def _show_result(found: Registration, images: Any, axes: str | None, points: Path | None, labels: Path | None) -> Show:
    """A result in memory with its images, corrected as they are looked at."""
    name = found.provenance.get("input")
    given = name if images is None else images
    if given is None or (isinstance(given, str) and given == "array"):
        raise InputError("the result does not say which file it is of; give the images: hs.view(reg, images)")
    told = found.provenance.get("axes") if axes is None else axes
    with ExitStack() as stack:
        raw = stack.enter_context(reading(given, ReadingOptions(axes=told)))
        check_fit(found, raw)
        lazily = CorrectedSource(raw, found.trajectory, recall_resampling(found), CpuDevice())
        drawn = open_drawn(points, labels, raw.info, stack)
        shown = MovieView({"raw": raw, "corrected": lazily}, found, Path(str(name or "images")).name, drawn)
        shown.files = stack.pop_all()
    return Show(title="holdstill", handlers=shown.handlers, close=shown.close)
