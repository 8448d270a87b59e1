"""The viewer from Python: a page that is served until it is closed."""

from __future__ import annotations

import webbrowser
from contextlib import ExitStack
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from holdstill.contracts import ReadingOptions, Source
from holdstill.errors import InputError
from holdstill.io.image import reading
from holdstill.result.applying import check_fit
from holdstill.result.originals import recall_reading
from holdstill.result.registration import Registration
from holdstill.result.review import find_given
from holdstill.result.viewer.drawn import open_drawn
from holdstill.result.viewer.movie import MovieView
from holdstill.result.viewer.opening import open_show
from holdstill.result.viewer.server import Server, Show
from holdstill.result.viewer.slide import show_slide
from holdstill.result.viewer.sources import check_pair, correct_on_the_way

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
    result : Registration, path, array or Source
        A result; what `holdstill view` takes: a drift.json, a corrected movie, a movie, a folder of `holdstill
        integrity`; or images: ``(T, y, x)``, or with `axes` what they say.
    images : path, array or Source, optional
        The movie that was registered; default: the file that the result names. With a path or images as `result` a
        second movie, or the movie of a result that is a file;
        with a folder of `holdstill integrity` its cycles, an array or where they lie now.
    axes : str, optional
        Axes of the images, where they do not say.
    points : path, optional
        Table of points to draw: columns ``y, x``, of volumes ``z``, px, and ``t`` or ``frame``; without one they are
        points of the reference.
    labels : path, optional
        Image of labels to outline: one of each frame, or one of the reference; of cells an array, too.
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
    elif isinstance(result, str | Path) and points is None and (Path(result) / "summary.json").exists():
        show = show_slide(Path(result), images, labels, axes)
    elif isinstance(result, str | Path):
        if images is not None and not isinstance(images, str | Path):
            raise InputError("a file is shown beside another file; give both as paths, or both as arrays")
        paths = [Path(path) for path in (result, images) if path is not None]
        show = open_show(paths, axes=axes, points=_path_of(points), labels=_path_of(labels))
    else:
        show = _show_images(result, images, axes, _path_of(points), _path_of(labels))
    window = Window(show, port=port)
    if browser:
        webbrowser.open(window.address)
    return window


def _path_of(given: Any) -> Path | None:
    return None if given is None else Path(given)


def _show_result(found: Registration, images: Any, axes: str | None, points: Path | None, labels: Path | None) -> Show:
    """A result in memory with its images, corrected as they are looked at."""
    given = find_given(found, images)
    told = recall_reading(found, axes)
    reading_ = replace(told, skip_bad=False) if isinstance(given, str | Path) else ReadingOptions(axes=told.axes)
    name = _name_of(given) or _name_of(found.provenance.get("input"))
    with ExitStack() as stack:
        raw = stack.enter_context(reading(given, reading_))
        check_fit(found, raw)
        drawn = open_drawn(points, labels, raw.info, stack)
        sources = {"raw": raw, "corrected": correct_on_the_way(found, raw)}
        shown = MovieView(sources, found, name or "Movie in memory", drawn)
        shown.files = stack.pop_all()
    return Show(title="holdstill", handlers=shown.handlers, close=shown.close)


def _show_images(images: Any, others: Any, axes: str | None, points: Path | None, labels: Path | None) -> Show:
    """An array or an open source, alone or beside another of its length and size."""
    with ExitStack() as stack:
        given = [each for each in (images, others) if each is not None]
        raw, *more = (stack.enter_context(reading(each, ReadingOptions(axes=axes))) for each in given)
        check_pair(raw, *more)
        drawn = open_drawn(points, labels, raw.info, stack)
        sources = dict(zip(("raw", "corrected"), (raw, *more), strict=False))
        names = dict(zip(sources, ("first movie", "second movie"), strict=False)) if more else {}
        shown = MovieView(sources, None, _name_of(images) or "Movie in memory", drawn, names=names)
        shown.files = stack.pop_all()
    return Show(title="holdstill", handlers=shown.handlers, close=shown.close)


def _name_of(given: Any) -> str:
    """The last part of the name of a file; empty for what has none."""
    named = given.info.name if isinstance(given, Source) else given
    return Path(named).name if isinstance(named, str | Path) and str(named) != "array" else ""
