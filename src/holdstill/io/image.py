"""Single images: masks and references that stand in files of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from holdstill.contracts import ReadingOptions, Source
from holdstill.errors import MissingFile
from holdstill.io.damage import explain_damage
from holdstill.io.disk import replacing
from holdstill.io.formats import open_images
from holdstill.io.inputs import check_readable
from holdstill.io.pictures import TIFF, read_picture

__all__ = ["read_image", "reading", "write_mask"]


def read_image(path: str | os.PathLike[str], *, coloured: bool = False) -> NDArray[Any]:
    """One image, ``([z,] y, x)``, from a TIFF, PNG, JPEG or ``.npy`` file; the first channel of a coloured one.

    `coloured` leaves its colours, (y, x, samples).

    Raises
    ------
    MissingFile
        There is no such file.
    FileError
        It is not an image.
    """
    file = Path(path)
    check_readable(file)
    if not file.exists():
        raise MissingFile(f"{file}: no such file; check the name and the folder {file.absolute().parent}")
    with explain_damage(file, "is not an image that can be read", "give TIFF, PNG, JPEG or .npy"):
        if file.suffix.lower() == ".npy":
            image = np.asarray(np.load(file, mmap_mode="r", allow_pickle=False))
        else:
            image = read_picture(file)
    image = np.squeeze(image) if file.suffix.lower() in TIFF else image
    if not coloured and image.ndim == 3 and image.shape[-1] in (3, 4) and file.suffix.lower() not in (*TIFF, ".npy"):
        image = image[..., 0]
    return image


def write_mask(path: str | os.PathLike[str], mask: NDArray[np.bool_]) -> None:
    """Write a mask as a TIFF, uint8: 255 where it is true. Raises FileError if that cannot be."""
    with replacing(Path(path)) as temporary:
        tifffile.imwrite(temporary, np.where(mask, np.uint8(255), np.uint8(0)), photometric="minisblack")


@contextmanager
def reading(images: Any, options: ReadingOptions) -> Iterator[Source]:
    """A source for `images`, closed at the end unless the caller brought it open."""
    source = open_images(images, options)
    try:
        yield source
    finally:
        if source is not images:
            source.close()
