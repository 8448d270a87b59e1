"""Whether the OME-XML of a TIFF file tells of the pixels that are there."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import tifffile

from holdstill.io.damage import PARSER_ERRORS

__all__ = ["ome_disagreement", "ome_scenes"]

DTYPES = {
    "float": "float32",
    "double": "float64",
    "complex": "complex64",
    "double-complex": "complex128",
    "bit": "bool",
}


def ome_scenes(tif: tifffile.TiffFile) -> list[str]:
    """Names of the images of an open OME-TIFF; one without a name where its OME-XML cannot be followed."""
    try:
        return [series.name or f"Image:{number}" for number, series in enumerate(tif.series)]
    except PARSER_ERRORS:
        return ["Image:0"]


def ome_disagreement(tif: tifffile.TiffFile, scene: int) -> str | None:
    """What the OME-XML of an open file says that its pages contradict, or None.

    Parameters
    ----------
    tif : TiffFile
        An OME-TIFF.
    scene : int
        Number of the image.
    """
    images = _describe(tif)
    try:
        series = tif.series[scene]
    except PARSER_ERRORS as error:
        return f"its OME-XML cannot be followed ({error})"
    if series.kind != "ome" or scene >= len(images):
        return "its OME-XML cannot be followed"
    pixels, page = images[scene], series.keyframe
    stored = np.dtype(page.dtype).newbyteorder("=").name if page.dtype is not None else ""
    claimed = pixels.get("Type", "")
    for what, said, found in (
        ("SizeX", pixels.get("SizeX"), str(page.imagewidth)),
        ("SizeY", pixels.get("SizeY"), str(page.imagelength)),
        ("Type", DTYPES.get(claimed, claimed), stored),
    ):
        if said != found:
            return f"its OME-XML says {what}={said}, its pages {found}"
    n_files = len({uuid.get("FileName") for image in images for uuid in image.iterfind(".//{*}UUID")})
    n_described, n_pages = sum(len(each) for each in tif.series), len(tif.pages)
    last = tif.pages[n_pages - 1]
    last = last if isinstance(last, tifffile.TiffPage) else last.aspage()
    if n_files <= 1 and n_pages > n_described and last.shape == page.shape:
        return f"its OME-XML tells of {n_described} pages, it has {n_pages}"
    return None


def _describe(tif: tifffile.TiffFile) -> list[ElementTree.Element]:
    try:
        return ElementTree.fromstring(tif.ome_metadata or "").findall(".//{*}Image/{*}Pixels")
    except ElementTree.ParseError:
        return []
