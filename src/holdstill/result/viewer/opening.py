"""What a path is, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from holdstill.contracts import Source
from holdstill.errors import InputError, MissingFile
from holdstill.result.registration import Registration
from holdstill.result.viewer.movie import show_movie
from holdstill.result.viewer.server import Show
from holdstill.result.viewer.slide import show_slide
from holdstill.result.viewer.sources import open_sources

__all__ = ["open_movies", "open_show"]


def open_show(
    paths: list[Path], *, axes: str | None = None, points: Path | None = None, labels: Path | None = None,
    trust: bool = False,
) -> Show:  # fmt: skip
    """Open what is to be shown.

    Parameters
    ----------
    paths : list of Path
        A folder of `holdstill integrity`, with its cycles or their folder where they moved; a drift.json, with its
        movie where it moved; a corrected movie with its drift.json beside it; a movie; or two movies of one length.
    axes : str, optional
        Axes of the movies, where they do not say.
    points, labels : Path, optional
        A table of points and an image of labels, to be drawn over the frames of a movie; the labels of cells where they
        moved.
    trust : bool
        Open files that unpack to far more than they are.

    Raises
    ------
    InputError, FileError
        There is nothing like that, or it cannot be read.
    """
    _check_there(paths)
    if len(paths) > 2:
        raise InputError(f"{len(paths)} paths are too many; give a result, a movie, or two movies")
    if (paths[0] / "summary.json").exists():
        if points is not None:
            raise InputError(f"{paths[0]}: shows cells; leave points out")
        return show_slide(paths[0], paths[1] if len(paths) > 1 else None, labels, axes)
    return show_movie(paths, axes=axes, points=points, labels=labels, trust=trust)


@contextmanager
def open_movies(
    result: Path, axes: str | None, raw: Path | None = None, *, naming: str
) -> Iterator[tuple[Registration | None, dict[str, Source]]]:
    """A result, if there is one, with its movies ``raw`` and ``corrected``, corrected on the way where no file is.

    `naming` is the command that names the movie of a result, see `open_sources`.
    """
    _check_there([result] if raw is None else [result, raw])
    with ExitStack() as stack:
        yield open_sources([result], axes, stack, raw=raw, naming=naming)


def _check_there(paths: list[Path]) -> None:
    for path in paths:
        if "://" not in str(path) and not path.exists():
            raise MissingFile(f"{path}: no such file; check the name and the folder {path.absolute().parent}")
