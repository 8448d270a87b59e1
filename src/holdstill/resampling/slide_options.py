"""How an aligned plane is written; what does it stands in `slides`, whose libraries are slow to import."""

from __future__ import annotations

from dataclasses import dataclass

from holdstill.contracts import Options, option
from holdstill.io.pyramids.codecs import COMPRESSIONS
from holdstill.transforms.extents import EXTENTS

__all__ = ["SlideOptions"]


@dataclass(frozen=True, kw_only=True, eq=False)
class SlideOptions(Options):
    """How an aligned plane is written. Any of these makes a pyramid, as slides always get.

    Attributes
    ----------
    extent : {"fixed", "overlap", "union"}
        What is written: the extent of the fixed image, the box around what both show, or that around both.
    compression : {"jpeg", "deflate", "zstd", "none"} or None
        Default: JPEG for colours of 8 bit, zstd for other pixels and in OME-Zarr.
    quality : int
        Of JPEG, 1 to 100.
    """

    extent: str = option(
        "fixed", "What is written: that of the fixed image, overlap (what both show) or union.", choices=EXTENTS
    )
    compression: str | None = option(
        None, "Of a slide: jpeg, deflate, zstd or none; default: jpeg for colours of 8 bit, else zstd.",
        choices=COMPRESSIONS,
    )  # fmt: skip
    quality: int = option(90, "Of JPEG: 1 to 100.")

    @property
    def is_asked(self) -> bool:
        """Whether one of them was set."""
        return (self.extent, self.compression, self.quality) != ("fixed", None, 90)
