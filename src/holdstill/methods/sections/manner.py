"""How finely planes and volumes are looked at, and how freely they may bend."""

from __future__ import annotations

from dataclasses import dataclass

from holdstill.methods.sections.field_fit import Bending

__all__ = ["PLANES", "VOLUMES", "Manner"]


@dataclass(frozen=True, kw_only=True)
class Manner:
    """What depends on how many axes images have.

    Attributes
    ----------
    thumbnail_px, fine_px, finest_px : int
        Longest side of copies: of those that all rotations of are tried, of the finest that everything is fitted to,
        and of the finest that is looked at if it tells more.
    thumbnail_sizes, blurred_sizes : tuple of float
        Neighbourhoods within which contrast is normalised, px of thumbnails: detail and outline.
    candidates : tuple of Bending
        Ways to bend, the stiffest first.
    clear : float
        By how much more a freer way must raise the correlation of pixels that were not fitted to.
    tile_px : int
        Side of the tiles that are left out, px of the finest copy that everything is fitted to.
    n_held : int
        How many of the finest copies are not looked at when ways are compared.
    """

    thumbnail_px: int
    fine_px: int
    finest_px: int
    thumbnail_sizes: tuple[float, ...]
    blurred_sizes: tuple[float, ...]
    candidates: tuple[Bending, ...]
    clear: float
    tile_px: int
    n_held: int

    @staticmethod
    def of(ndim: int) -> Manner:
        """That of images with so many axes."""
        return PLANES if ndim == 2 else VOLUMES


# Tissue that shares outlines and cells with its neighbour only in part, which a narrow window would follow astray
# (medians of landmarks of two pairs: 0.0047 and 0.0019 of the diagonal, 0.0057 and 0.0022 with a window of 8 px); and
# pictures that agree to the pixel, which a wide one cannot follow (0.0016, 0.0040).
# A freer way raised correlation by 0.17 where pictures agreed to the pixel, by 0.003 at most between stains.
PLANES = Manner(
    thumbnail_px=128,
    fine_px=480,
    finest_px=2048,
    thumbnail_sizes=(3.0, 10.0),
    blurred_sizes=(6.0, 10.0),
    candidates=(
        Bending(window_px=16.0, bend_px=3.0),
        Bending(window_px=8.0, bend_px=10.0, layers=1, steps=16),
    ),
    clear=0.02,
    tile_px=24,
    n_held=1,
)
# Volumes have few pixels along each axis and many around each control point: a brain bends over 4 px.
VOLUMES = Manner(
    thumbnail_px=32,
    fine_px=160,
    finest_px=256,
    thumbnail_sizes=(1.5, 4.0),
    blurred_sizes=(3.0, 5.0),
    candidates=(*PLANES.candidates, Bending(spacing_px=4.0, window_px=4.0, bend_px=10.0, layers=1, steps=16)),
    clear=0.0,
    tile_px=12,
    n_held=0,
)
