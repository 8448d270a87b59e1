"""How tiles of a slide are packed: JPEG, deflate, zstd, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import imagecodecs
import numpy as np

from holdstill.contracts import Frames
from holdstill.errors import FileError, UnknownName

__all__ = ["COMPRESSIONS", "Codec"]

COMPRESSIONS = ("jpeg", "deflate", "zstd", "none")
DEFLATE_LEVEL, ZSTD_LEVEL = 6, 3
TIFF_NAMES = {"jpeg": "jpeg", "deflate": "adobe_deflate", "zstd": "zstd", "none": None}


@dataclass(frozen=True, kw_only=True)
class Codec:
    """Packs tiles, (rows, columns, samples), so that a TIFF can hold them.

    Attributes
    ----------
    compression : {"jpeg", "deflate", "zstd", "none"}
    quality : int
        Of JPEG, 1 to 100.
    samples : int
        Of a pixel that lie together: 3 of colours, else 1.
    dtype : numpy.dtype

    Raises
    ------
    UnknownName
        There is no such compression.
    FileError
        JPEG is asked for of what is not 8 bit, or its quality is none.
    """

    compression: str
    quality: int
    samples: int
    dtype: np.dtype[Any]

    def __post_init__(self) -> None:
        """Refuse what cannot be packed."""
        if self.compression not in COMPRESSIONS:
            raise UnknownName(f"there is no compression {self.compression!r}; choose one of {', '.join(COMPRESSIONS)}")
        if self.compression == "jpeg" and self.dtype != np.uint8:
            raise FileError(f"JPEG holds pixels of 8 bit, not {self.dtype}; choose compression zstd or deflate")
        if not 1 <= self.quality <= 100:
            raise FileError(f"a JPEG quality of {self.quality} is not between 1 and 100; choose 90")

    @property
    def tags(self) -> dict[str, Any]:
        """What tifffile writes of it: compression, predictor, subsampling of colours."""
        said: dict[str, Any] = {"compression": TIFF_NAMES[self.compression]}
        if self.compression == "jpeg" and self.samples == 3:
            # colours as fine as brightness: stains are told by their colours
            said["subsampling"] = (1, 1)
        if self.compression in ("deflate", "zstd") and self.dtype.kind in "ui":
            said["predictor"] = True
        return said

    def encode(self, tile: Frames) -> bytes:
        """A tile packed."""
        return PACKERS[self.compression](self, tile)


def _pack_jpeg(codec: Codec, tile: Frames) -> bytes:
    if codec.samples == 1:
        return bytes(imagecodecs.jpeg8_encode(np.ascontiguousarray(tile[:, :, 0]), level=codec.quality))
    return bytes(
        imagecodecs.jpeg8_encode(
            tile, level=codec.quality, colorspace="RGB", outcolorspace="YCBCR", subsampling="444"
        )
    )  # fmt: skip


def _differ(codec: Codec, tile: Frames) -> bytes:
    """Differences of neighbours along the rows, as TIFF's predictor 2 has them; floats as they are."""
    return np.asarray(imagecodecs.delta_encode(tile, axis=1) if codec.dtype.kind in "ui" else tile).tobytes()


PACKERS: dict[str, Callable[[Codec, Frames], bytes]] = {
    "jpeg": _pack_jpeg,
    "deflate": lambda codec, tile: bytes(imagecodecs.zlib_encode(_differ(codec, tile), level=DEFLATE_LEVEL)),
    "zstd": lambda codec, tile: bytes(imagecodecs.zstd_encode(_differ(codec, tile), level=ZSTD_LEVEL)),
    "none": lambda codec, tile: tile.tobytes(),
}
