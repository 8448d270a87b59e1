"""When an image was taken, as it says itself or its file does."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import tifffile

from holdstill.io.ome_xml import SECONDS, quantity
from holdstill.io.quiet import quiet_tifffile

__all__ = ["time_of"]

SUFFIXES = (".tif", ".tiff")


def time_of(file: Path) -> float:
    """When an image was taken, s since 1970.

    That is the date of its OME-XML and the time of its plane after that, or TIFF's ``DateTime``, to the second; an
    image that says neither was taken when its file was last written. Times without a zone are taken for universal time.

    Raises
    ------
    OSError
        The file is gone.
    """
    said = _time_of_tiff(file) if file.suffix.lower() in SUFFIXES else None
    return file.stat().st_mtime if said is None else said


def _time_of_tiff(file: Path) -> float | None:
    try:
        with quiet_tifffile(), tifffile.TiffFile(file) as tif:
            said = _time_of_ome(tif.ome_metadata) if tif.is_ome and tif.ome_metadata else None
            return _seconds(tif.pages.first.datetime) if said is None else said
    except (ValueError, IndexError, tifffile.TiffFileError, ElementTree.ParseError):
        return None  # what is wrong with it is told by who reads it


def _time_of_ome(xml: str) -> float | None:
    root = ElementTree.fromstring(xml)
    began, plane = root.find(".//{*}AcquisitionDate"), root.find(".//{*}Plane")
    if began is None or not began.text:
        return None
    after = None if plane is None else quantity(plane.get("DeltaT"), plane.get("DeltaTUnit", "s"), SECONDS)
    start = _seconds(datetime.fromisoformat(began.text.strip()))
    return None if start is None else start + (after or 0.0)


def _seconds(date: datetime | None) -> float | None:
    return None if date is None else (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
