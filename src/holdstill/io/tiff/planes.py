"""Read planes of a TIFF file, raw or encoded, into memory that is given."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import tifffile
from numpy.typing import NDArray

from holdstill.contracts import Frames
from holdstill.errors import FileError, HoldstillError
from holdstill.io.damage import PARSER_ERRORS
from holdstill.io.handles import HandlePool
from holdstill.io.quiet import quiet_tifffile
from holdstill.io.tiff.layout import TiffLayout

__all__ = ["EncodedPlanes", "PlaneReader", "RawPlanes", "read_exactly"]


class PlaneReader(Protocol):
    """Reads planes by their number in the file."""

    def read(self, planes: NDArray[np.int64], out: Frames) -> None:
        """Read `planes`, (n,), into `out`, (n, y, x, samples), C-contiguous, in the byte order of the file."""


class RawPlanes(PlaneReader):
    """Planes that lie in the file as in memory: neighbours are read in one go.

    Reading beats mapping here: mapped pages count as memory of the process, and a whole movie would pile up.
    """

    def __init__(self, layout: TiffLayout, handles: HandlePool) -> None:
        self._layout = layout
        self._handles = handles

    def read(self, planes: NDArray[np.int64], out: Frames) -> None:
        if not len(planes):
            return
        stack = self._layout.stack
        size = out.nbytes // len(planes)
        pages, inner = np.divmod(planes, stack.planes_per_page)
        starts = stack.offsets[pages, 0] + inner * size
        files = stack.file_of[pages]
        breaks = np.flatnonzero((np.diff(starts) != size) | (np.diff(files) != 0)) + 1
        bounds = [0, *breaks.tolist(), len(planes)]
        target = out.data.cast("B")
        for first, last in pairwise(bounds):
            path = stack.paths[files[first]]
            with self._handles.borrow(path) as handle:
                got = read_exactly(handle, int(starts[first]), target[first * size : last * size])
            if got < (last - first) * size:
                frame = self._layout.frame_of(int(pages[first + got // size]))
                raise FileError(
                    f"{path}: became shorter since it was opened: its data end in frame {frame}; open it again"
                )


class EncodedPlanes(PlaneReader):
    """Planes that are compressed, tiled, packed or in strips apart: decoded a page at a time by tifffile's decoders.

    Pages of tifffile decode themselves too, but each has to be made from its tags first: of 256 x 256 px in strips of
    JPEG that takes 1.36 times as long (0.29 against 0.22 ms a page), in tiles of 64 px 1.08 times. Nor can they be
    shared by threads, and they know nothing of frames, which messages name.
    """

    def __init__(self, layout: TiffLayout, handles: HandlePool) -> None:
        self._layout = layout
        self._handles = handles
        self._keys: dict[int, tifffile.TiffPage] = {}
        self._lock = threading.Lock()

    def read(self, planes: NDArray[np.int64], out: Frames) -> None:
        current, page = -1, np.empty(0)
        for target, plane in zip(out, planes.tolist(), strict=True):
            index, inner = divmod(plane, self._layout.stack.planes_per_page)
            if index != current:
                current, page = index, self._decode(index)
            target[...] = page[inner]

    def _decode(self, index: int) -> Frames:
        """One page as (planes per page, y, x, samples)."""
        stack = self._layout.stack
        key = self.key_of(index)
        page = np.empty(stack.page_shape, stack.dtype)
        with self._explain_damage(index):
            for i in range(stack.offsets.shape[1]):
                segment, (s, d, h, w, _), shape = self._decode_one(index, i, key)
                place = page[s, d : d + shape[0], h : h + shape[1], w : w + shape[2]]
                # Tiles reach beyond the border; what is empty on purpose holds the file's value for nothing.
                place[...] = key.nodata if segment is None else segment[tuple(map(slice, place.shape))]
        return page.reshape(-1, *stack.page_shape[2:])

    def decode_segment(self, index: int, i: int) -> Frames | None:
        """Strip or tile `i` of a page, (depth, y, x, samples); None where it is empty on purpose."""
        with self._explain_damage(index):
            return self._decode_one(index, i, self.key_of(index))[0]

    def key_of(self, index: int) -> tifffile.TiffPage:
        """The page that knows how to decode page `index`."""
        stack = self._layout.stack
        with self._explain_damage(index):
            return self._key(int(stack.file_of[index]), stack.paths[stack.file_of[index]])

    def _decode_one(self, index: int, i: int, key: tifffile.TiffPage) -> Any:
        """A segment as tifffile decodes it: pixels or None, place, shape."""
        stack = self._layout.stack
        path = stack.paths[stack.file_of[index]]
        options: dict[str, Any] = {}
        if stack.jpeg_tables:
            options = {"jpegtables": stack.jpeg_tables[index], "jpegheader": key.jpegheader}
        with self._handles.borrow(path) as handle:
            return key.decode(self._segment(handle, index, i), i, **options)

    @contextmanager
    def _explain_damage(self, index: int) -> Iterator[None]:
        try:
            yield
        except HoldstillError:
            raise
        except PARSER_ERRORS as error:
            path, frame = self._layout.stack.paths[self._layout.stack.file_of[index]], self._layout.frame_of(index)
            raise FileError(
                f"{path}: frame {frame} cannot be decoded ({error}); the file is damaged, or its compression unknown"
            ) from error

    def _segment(self, handle: FileIO, page: int, i: int) -> bytes | None:
        offset, count = int(self._layout.stack.offsets[page, i]), int(self._layout.stack.counts[page, i])
        if offset == 0 or count == 0:
            return None
        handle.seek(offset)
        return handle.read(count)

    def _key(self, file: int, path: Path) -> tifffile.TiffPage:
        """The page of a file that knows how to decode all of it."""
        with self._lock:
            if file not in self._keys:
                with quiet_tifffile(), tifffile.TiffFile(path) as tif:
                    page = self._find_key(tif, file)
                    key = page if isinstance(page, tifffile.TiffPage) else page.aspage()
                    key.init_decode()
                self._keys[file] = key
            return self._keys[file]

    def _find_key(self, tif: tifffile.TiffFile, file: int) -> tifffile.TiffPage | tifffile.TiffFrame:
        stack = self._layout.stack
        if file or not stack.key_offset:
            return tif.pages[0 if file else stack.key_page]
        tif.filehandle.seek(stack.key_offset)
        return tifffile.TiffPage(tif, index=0)


def read_exactly(handle: FileIO, offset: int, target: memoryview) -> int:
    """Fill `target` with what stands at `offset`, and return how many bytes there were."""
    handle.seek(offset)
    got = 0
    while got < len(target):
        n_bytes = handle.readinto(target[got:])
        if not n_bytes:
            break
        got += n_bytes
    return got
