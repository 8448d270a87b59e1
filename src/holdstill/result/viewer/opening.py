"""What a path is, and how it is shown."""

from __future__ import annotations

from pathlib import Path

from holdstill.errors import InputError, MissingFile
from holdstill.result.viewer.movie import show_movie
from holdstill.result.viewer.server import Show
from holdstill.result.viewer.slide import show_slide

__all__ = ["open_show"]


def open_show(paths: list[Path], *, axes: str | None = None) -> Show:
    """Open what is to be shown.

    Parameters
    ----------
    paths : list of Path
        A folder of `holdstill integrity`; a drift.json, with its movie where it moved; a corrected movie with its
        drift.json beside it; a movie; or two movies of one length.
    axes : str, optional
        Axes of the movies, where they do not say.

    Raises
    ------
    InputError, FileError
        There is nothing like that, or it cannot be read.
    """
    for path in paths:
        if "://" not in str(path) and not path.exists():
            raise MissingFile(f"{path}: no such file; check the name and the folder {path.absolute().parent}")
    if len(paths) > 2:
        raise InputError(f"{len(paths)} paths are too many; give a result, a movie, or two movies")
    if len(paths) == 1 and (paths[0] / "summary.json").exists():
        return show_slide(paths[0])
    return show_movie(paths, axes=axes)
