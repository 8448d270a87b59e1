"""A single image of a camera or a drawing program: PNG, JPEG, BMP."""

from __future__ import annotations

from pathlib import Path

from holdstill.io.array import ArraySource
from holdstill.io.axes import name_colours
from holdstill.io.pictures import read_picture

__all__ = ["PictureSource"]


class PictureSource(ArraySource):
    """One image, read at once, its colours as channels; a folder of them is a movie, see `FolderSource`.

    Parameters
    ----------
    path : path
    axes : str, optional
        ``YX`` for grey values, ``YXS`` or ``CYX`` for colours: they stand last in these files whatever the order here.
    trust : bool
        Read it even if it unpacks to far more than it is stored in.

    Raises
    ------
    FileError
        It is damaged, or unpacks to far more than it is stored in and is not trusted.
    AxesError
        The axes do not fit.
    """

    def __init__(self, path: Path, *, axes: str | None = None, trust: bool = False) -> None:
        image = read_picture(path, trust=trust)
        own = "YX" if image.ndim == 2 else "YXS"
        is_own = axes is None or sorted(name_colours(axes)) == sorted(name_colours(own))
        super().__init__(image, axes=own if is_own else axes, name=str(path))
        self._path = path

    @property
    def files(self) -> tuple[Path, ...]:
        return (self._path,)
