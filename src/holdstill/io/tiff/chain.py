"""Walk the chain of pages of a TIFF file.

tifffile follows the chain too, but logs and shortens where it breaks, takes the size of three pages for that of all,
and needs a millisecond a page where each was written on its own.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["Chain", "read_chain"]

WIDTH, HEIGHT, SUBFILE = 256, 257, 254
OFFSETS, COUNTS = (273, 324), (279, 325)  # of strips, of tiles
# Bits, compression, samples, rows per strip, planar, predictor, tile size, sample format: pages that share these and
# their size are stored alike.
LIKENESS = (WIDTH, HEIGHT, 258, 259, 277, 278, 284, 317, 322, 323, 339)
TYPES = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
ENTRIES_LIMIT = 4096  # more tags than that are not a page but random bytes
# Pages and their tables lie beside each other, so that together they are no longer than the file; a few writers share
# tables between pages. A hostile file lets millions of pages overlap.
READ_RATIO, READ_BYTES = 2, 8 << 20

Entry = tuple[int, int, bytes]  # type, count, value or its offset
Entries = dict[int, Entry]


@dataclass(frozen=True, kw_only=True, eq=False)
class Chain:
    """The full-size pages of a file, in order.

    Attributes
    ----------
    offsets, counts : ndarray of int64, (n_pages, n_segments)
        Where the strips or tiles of each page lie, and their bytes; up to the first page that differs.
    odd_page : int or None
        First page that is not stored like the first.
    odd_size : tuple of int
        Height and width of it.
    is_whole : bool
        The chain ends with an end mark, not in the void.
    """

    offsets: NDArray[np.int64]
    counts: NDArray[np.int64]
    odd_page: int | None
    odd_size: tuple[int, int]
    is_whole: bool


@dataclass(frozen=True, kw_only=True)
class _Format:
    """How numbers stand in this kind of TIFF."""

    count: struct.Struct
    entry: struct.Struct
    next: struct.Struct
    order: str


def read_chain(path: Path) -> Chain:
    """Read where all full-size pages of a TIFF file lie.

    Parameters
    ----------
    path : Path
        A TIFF file, classic or BigTIFF.

    Returns
    -------
    Chain
        A broken chain gives the pages up to the break.
    """
    offsets: list[NDArray[np.int64]] = []
    counts: list[NDArray[np.int64]] = []
    with _CountedFile(path) as file:
        form, position = _read_header(file)
        first: tuple[Entry | None, ...] | None = None
        seen = set()
        while position:
            page = None if position in seen else _read_page(file, form, position)
            if page is None:
                break
            seen.add(position)
            entries, position = page
            if _number(file, form, entries.get(SUBFILE)) & 1:  # a smaller copy of another page
                continue
            likeness = tuple(_inline(form, entries.get(code)) for code in LIKENESS)
            first = first or likeness
            places = _table(file, form, next((entries[code] for code in OFFSETS if code in entries), None))
            if likeness != first or (offsets and len(places) != len(offsets[0])):
                size = (_number(file, form, entries.get(HEIGHT)), _number(file, form, entries.get(WIDTH)))
                return _chain(offsets, counts, odd_size=size, is_odd=True, is_whole=True)
            offsets.append(places)
            counts.append(_table(file, form, next((entries[code] for code in COUNTS if code in entries), None)))
    return _chain(offsets, counts, odd_size=(0, 0), is_odd=False, is_whole=position == 0)


class _CountedFile(FileIO):
    """A file that gives nothing more once its reader has had far more bytes than it holds."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")
        self._size = os.fstat(self.fileno()).st_size
        self._left = READ_RATIO * self._size + READ_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        room = min(max(self._size - self.tell(), 0), max(self._left, 0))
        size = room if size is None or size < 0 else min(size, room)  # no buffer for what is not there
        self._left -= size
        return super().read(size) or b""


def _chain(
    offsets: list[NDArray[np.int64]],
    counts: list[NDArray[np.int64]],
    *,
    odd_size: tuple[int, int],
    is_odd: bool,
    is_whole: bool,
) -> Chain:
    n_segments = len(offsets[0]) if offsets else 0
    filled = [row if len(row) == n_segments else np.zeros(n_segments, np.int64) for row in counts]
    return Chain(
        offsets=np.array(offsets, np.int64).reshape(len(offsets), n_segments),
        counts=np.array(filled, np.int64).reshape(len(offsets), n_segments),
        odd_page=len(offsets) if is_odd else None,
        odd_size=odd_size,
        is_whole=is_whole,
    )


def _read_header(file: FileIO) -> tuple[_Format, int]:
    """Format of the file and position of its first page."""
    head = file.read(16)
    order = ">" if head[:2] == b"MM" else "<"
    is_big = struct.unpack(order + "H", head[2:4])[0] == 43
    count, entry, follow = ("Q", "HHQ8s", "Q") if is_big else ("H", "HHI4s", "I")
    form = _Format(
        count=struct.Struct(order + count),
        entry=struct.Struct(order + entry),
        next=struct.Struct(order + follow),
        order=order,
    )
    return form, form.next.unpack_from(head, 8 if is_big else 4)[0]


def _read_page(file: FileIO, form: _Format, position: int) -> tuple[Entries, int] | None:
    """Entries of the page at `position` and the position of the next; None where there is no whole page."""
    file.seek(position)
    head = file.read(form.count.size)
    if len(head) < form.count.size:
        return None
    n_entries = form.count.unpack(head)[0]
    if n_entries > ENTRIES_LIMIT:
        return None
    size = n_entries * form.entry.size
    body = file.read(size + form.next.size)
    if len(body) < size + form.next.size:
        return None
    entries = {code: (kind, count, value) for code, kind, count, value in form.entry.iter_unpack(body[:size])}
    return entries, form.next.unpack_from(body, size)[0]


def _inline(form: _Format, entry: Entry | None) -> Entry | None:
    """The entry if its values stand in it; where it only points to them, the place says nothing: None."""
    if entry is None or struct.calcsize(TYPES.get(entry[0], "Q")) * entry[1] > form.next.size:
        return None
    return entry


def _bytes_of(file: FileIO, form: _Format, entry: Entry | None) -> bytes:
    """What an entry holds or points to; nothing where it is cut short, or holds no whole numbers."""
    if entry is None or entry[0] not in TYPES:
        return b""
    kind, count, raw = entry
    n_bytes = count * struct.calcsize(TYPES[kind])
    if n_bytes > len(raw):
        file.seek(form.next.unpack(raw)[0])
        raw = file.read(n_bytes)
    return raw[:n_bytes] if len(raw) >= n_bytes else b""


def _table(file: FileIO, form: _Format, entry: Entry | None) -> NDArray[np.int64]:
    """Whole numbers of an entry, as a table: a page may have a million strips."""
    values = _bytes_of(file, form, entry)
    return np.frombuffer(
        values, f"{form.order}u{struct.calcsize(TYPES[entry[0]])}" if entry and values else "u1"
    ).astype(np.int64)


def _number(file: FileIO, form: _Format, entry: Entry | None) -> int:
    """The first whole number of an entry, 0 where there is none."""
    values = _bytes_of(file, form, entry)
    return int(struct.unpack_from(form.order + TYPES[entry[0]], values)[0]) if entry and values else 0
