"""Names of what each cycle stained: from the metadata of the images, or as somebody gives them."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

from holdstill.contracts import ImagesInfo
from holdstill.errors import FileError, InputError, MissingFile

__all__ = ["Channels", "find_table", "read_channels", "select_channels"]

Channels = tuple[tuple[str, ...], ...]

TABLES = (".csv", ".tsv", ".txt")
SEPARATORS = (",", ";", "\t")
CYCLE = ("cycle", "cycle_number")
NAME = ("marker_name", "marker", "channel_name", "channel", "antibody", "name")
AS_TABLE = "a table (CSV) with the columns cycle and marker_name, one row for each channel"


def select_channels(info: ImagesInfo, start: int = 0, stop: int | None = None) -> tuple[str, ...]:
    """Names of the channels ``start <= c < stop`` as the file says them; none of the colours of a picture."""
    return () if info.n_colours else info.channel_names[start:stop]


def read_channels(names: Any, n_cycles: int) -> Channels:
    """Names of the channels of each cycle, as they are given.

    Parameters
    ----------
    names : sequence, str or path
        One text, or several, for each cycle; texts with commas between; or a table with one row for each channel: the
        number of its cycle in a column ``cycle`` or ``cycle_number``, its name in ``marker_name``, ``marker``,
        ``channel_name``, ``channel``, ``antibody`` or ``name``.
    n_cycles : int

    Raises
    ------
    MissingFile, FileError
        The table is not there, or is not one.
    InputError
        There are not as many as cycles.
    """
    table = find_table(names)
    if table is not None:
        found = _read_table(table)
    elif isinstance(names, str):
        found = tuple(_list_one(name) for name in next(csv.reader([names], skipinitialspace=True), []))
    else:
        found = tuple(_list_one(each) if isinstance(each, str) else tuple(map(str, each)) for each in names)
    if len(found) != n_cycles:
        raise InputError(
            f"names of {len(found)} cycles for {n_cycles}; give one for each, as --names CD3,CD8,Ki67, or {AS_TABLE}"
        )
    return found


def find_table(names: Any) -> Path | None:
    """The table that names stand in; None where they are given as they are."""
    is_name = isinstance(names, str) and names.strip().lower().endswith(TABLES)
    return Path(names) if is_name or isinstance(names, os.PathLike) else None


def _list_one(name: str) -> tuple[str, ...]:
    return (name.strip(),) if name.strip() else ()


def _read_table(path: Path) -> Channels:
    """The names by their cycles, in the order of the cycles' numbers."""
    if not path.is_file():
        raise MissingFile(f"{path}: no such file; give {AS_TABLE}")
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path}: is not text that can be read ({error}); give {AS_TABLE}") from error
    head = lines[0] if lines else ""
    rows = csv.DictReader(lines, delimiter=max(SEPARATORS, key=head.count), skipinitialspace=True)
    columns = {name.strip().lower().replace(" ", "_"): name for name in rows.fieldnames or ()}
    cycle, name = (next((columns[each] for each in known if each in columns), None) for known in (CYCLE, NAME))
    if cycle is None or name is None:
        raise FileError(f"{path}: has the columns {', '.join(columns) or 'none'}; give {AS_TABLE}")
    found: dict[int, list[str]] = {}
    for row in rows:
        told = (row[cycle] or "").strip()
        if not (told.isascii() and told.isdecimal()):
            raise FileError(f"{path}: line {rows.line_num}: {told!r} is not the number of a cycle")
        found.setdefault(int(told), []).extend(_list_one(row[name] or ""))
    return tuple(tuple(found[number]) for number in sorted(found))
