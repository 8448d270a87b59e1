"""Single images, of which the first few hundred bytes say how many they unpack to, before they do."""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Any, BinaryIO

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray

from holdstill.io.damage import explain_damage
from holdstill.io.guards import refuse_bomb, refuse_large
from holdstill.io.quiet import quiet_tifffile

__all__ = ["TIFF", "read_picture"]

TIFF = (".tif", ".tiff", ".btf", ".tf2", ".tf8")
PNG, JPEG, BMP = b"\x89PNG", b"\xff\xd8", b"BM"
PNG_SAMPLES = {0: 1, 2: 3, 3: 3, 4: 2, 6: 4}  # by colour type; a palette unpacks to its colours
# begins of a frame in a JPEG; those left out are tables, or need another decoder
JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length


def read_picture(path: Path, what: str = "cannot be read", *, trust: bool = False) -> NDArray[Any]:
    """An image of a TIFF, PNG, JPEG or BMP file as its decoder gives it, colours last; `what` is said if it fails.

    Raises
    ------
    FileError
        It is damaged, or unpacks to far more than it is stored in and is not trusted.
    """
    with quiet_tifffile(), explain_damage(path, what, "copy it again, or move it away"):
        if path.suffix.lower() not in TIFF:
            if not trust:
                _refuse(path, _picture_bytes(path))
            return _decode(path)
        with tifffile.TiffFile(path) as tif:
            if not trust:
                _refuse(path, _tiff_bytes(tif))
            return np.asarray(tif.asarray())


def _decode(path: Path) -> NDArray[Any]:
    try:
        return np.asarray(imagecodecs.imread(path))
    except ValueError as error:  # a list of what each of thirty decoders thinks of it
        raise ValueError("no decoder of pictures takes it") from error


def _refuse(path: Path, unpacked: int) -> None:
    stored = path.stat().st_size
    refuse_bomb(path, stored, unpacked)
    refuse_large(path, "it", stored, unpacked)


def _tiff_bytes(tif: tifffile.TiffFile) -> int:
    """Of the first image, or of one of its tiles if that is more."""
    page = tif.pages.first
    tile = math.prod(page.tile or ()) * page.samplesperpixel * ((page.bitspersample + 7) // 8) if page.is_tiled else 0
    return max(int(tif.series[0].nbytes), int(tile))


def _picture_bytes(path: Path) -> int:
    with path.open("rb") as file:
        head: Any = file.read(32)
        if head.startswith(PNG):
            width, height, bits, colour = struct.unpack(">IIBB", head[16:26])
            return int(width * height * PNG_SAMPLES.get(colour, 4) * ((bits + 7) // 8))
        if head.startswith(BMP):
            width, height, _, bits = struct.unpack("<iiHH", head[18:30])
            return abs(width * height) * max(bits, 24) // 8
        return _jpeg_bytes(file) if head.startswith(JPEG) else 0


def _jpeg_bytes(file: BinaryIO) -> int:
    file.seek(2)
    while len(mark := file.read(2)) == 2 and mark[0] == 0xFF:
        if mark[1] in JPEG_ALONE:
            continue
        length, bits, height, width, samples = struct.unpack(">HBHHB", file.read(8))
        if mark[1] in JPEG_FRAMES:
            return int(width * height * samples * ((bits + 7) // 8))
        file.seek(length - 8, 1)
    return 0
