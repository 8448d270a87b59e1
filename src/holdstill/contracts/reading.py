"""How images are read."""

from __future__ import annotations

from dataclasses import dataclass

from holdstill.contracts.options import Options, option

__all__ = ["ReadingOptions"]


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadingOptions(Options):
    """How images are read.

    Attributes
    ----------
    axes : str or None
        Names of the axes, where file or array do not say.
    scene : str or int or None
        Name or number of one image of a file that holds several.
    skip_bad : bool
        Read on where frames are damaged or cut off.
    trust : bool
        Read a file even if it claims to unpack to more than a thousand times its size.
    """

    axes: str | None = option(
        None, "What the axes are, e.g. TYX or TCZYX, if the file does not say.", decides=False
    )  # what they are in the end is known of the images
    scene: str | int | None = option(None, "Name or number of one image of a file that holds several.")
    skip_bad: bool = option(False, "Go on where frames are damaged or cut off, and mark them.")
    trust: bool = option(False, "Read a file that claims to unpack to over 1,000 times its size.", decides=False)
