"""The pages of a TIFF file as one stack: their axes, and where the bytes of each lie."""

from __future__ import annotations

import json
import math
import re
import warnings
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import tifffile
from numpy.typing import NDArray

from holdstill.errors import FileError
from holdstill.io.tiff.chain import Chain, read_chain

__all__ = ["AGAIN", "Stack", "read_level", "read_stack"]

# what helps where the first frames of a file are whole
PERHAPS = ", or read on without what is lost by skip_bad=True (--skip-bad)"
BY_PAGES = "; pass axes='TYX' to go by the pages, with skip_bad=True (--axes TYX --skip-bad)"
AGAIN = f"copy or export it again{PERHAPS}"

# Kinds of file for which tifffile knows better than the chain of pages what the axes are, or where the pages lie.
SPECIAL = {
    "avs", "bif", "eer", "fluoview", "imagej", "indica", "lsm", "mdgel", "mmstack", "ndpi", "ndtiff", "nih", "ome",
    "philips", "qpi", "scanimage", "scn", "shaped", "sis", "stk", "svs",
}  # fmt: skip
MAX_PAGES = 1 << 23  # a day at 97 frames a second
# Kinds that store offsets in ways of their own, so that the plain chain cannot be followed.
UNCHAINED = {"lsm", "ndpi", "ndtiff", "scanimage"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Stack:
    """Pages of one size and kind, of one file or several.

    Attributes
    ----------
    axes, shape
        As the file has them: letters of tifffile, lengths of 1 included.
    dtype : str
        Of the pixels, without byte order.
    page_shape : tuple of 5 int
        Samples apart, depth, rows, columns, samples together: what one page holds.
    paths : tuple of Path
        The files.
    file_of : ndarray of int64, (n_pages,)
        Which of them holds the page.
    offsets, counts : ndarray of int64, (n_pages, n_segments)
        Where strips or tiles lie, and their bytes. One segment where the pixels are raw.
    is_missing : ndarray of bool, (n_pages,)
        The file mentions the page but does not have it.
    is_raw : bool
        Pixels lie in the file as in memory, apart from the byte order.
    is_swapped : bool
        The byte order is not the machine's.
    key_page : int
        Page of the first file by which all are decoded.
    key_offset : int
        Where the tags of that page lie, if it is not in the chain of pages: of a pyramid's coarser levels; else 0.
    segment_bytes : int
        Of a strip or tile in memory, where it has to be decoded.
    jpeg_tables : tuple of bytes or None
        One for each page, or empty.
    """

    axes: str
    shape: tuple[int, ...]
    dtype: str
    page_shape: tuple[int, int, int, int, int]
    paths: tuple[Path, ...]
    file_of: NDArray[np.int64]
    offsets: NDArray[np.int64]
    counts: NDArray[np.int64]
    is_missing: NDArray[np.bool_]
    is_raw: bool
    is_swapped: bool
    key_page: int = 0
    key_offset: int = 0
    segment_bytes: int = 0
    jpeg_tables: tuple[bytes | None, ...] = ()

    @property
    def planes_per_page(self) -> int:
        """Planes that one page holds: samples apart times depth."""
        return self.page_shape[0] * self.page_shape[1]

    @property
    def n_planes(self) -> int:
        """Number of planes in all."""
        return len(self.offsets) * self.planes_per_page

    @property
    def samples(self) -> int:
        """Interleaved samples of a pixel."""
        return self.page_shape[4]

    @property
    def ends(self) -> NDArray[np.int64]:
        """Position after the last byte of each page."""
        return np.max(self.offsets + self.counts, axis=1, initial=0)


def read_stack(
    tif: tifffile.TiffFile,
    path: Path,
    *,
    scene: int = 0,
    skip_bad: bool = False,
    plainly: bool = False,
    named: bool = False,
) -> Stack:
    """Read where the pages of one image of an open file lie, also of one that is cut short if bad pages are skipped.

    `plainly`: page by page, whatever the file says of them. `named`: the user names the axes.

    Raises
    ------
    FileError
        The chain of pages breaks, or pages differ in size or storage.
    """
    flags = tif.flags
    if plainly or not flags & SPECIAL or _is_page_by_page(tif):
        return _plain_stack(tif, path, read_chain(path), skip_bad, named)
    if tif.is_scanimage and not tif.is_bigtiff:
        # tifffile guesses where the pages lie from the first few, and so loses the last, or the place of all
        stack = _plain_stack(tif, path, read_chain(path), skip_bad, named)
        axes, shape = _scanimage_channels(tif, stack.axes, stack.shape)
        return replace(stack, axes=axes, shape=shape)
    series = tif.series
    if not series:
        raise FileError(f"{path}: holds no image")
    first, is_chained = series[scene], not flags & UNCHAINED
    cut = _cut_imagej(tif, path, first, skip_bad)
    if cut is not None:
        return cut
    alike = [part for part in series if part.shape == first.shape and part.dtype == first.dtype]
    if first.kind == "shaped" and len(alike) == len(series) > 1:
        return _series_stack(
            alike, path, axes="Q" + first.axes, shape=(len(alike), *first.shape), is_chained=is_chained and not skip_bad
        )
    axes, shape = first.axes, tuple(first.shape)
    if first.kind == "scanimage":
        axes, shape = _scanimage_channels(tif, axes, shape)
    return _series_stack([first], path, axes=axes, shape=shape, is_chained=is_chained and not skip_bad)


def read_level(level: tifffile.TiffPageSeries, path: Path) -> Stack:
    """Where the pages of one level of a pyramid lie, the finest excepted: `read_stack` knows better where those lie."""
    stack = _series_stack([level], path, axes=level.axes, shape=tuple(level.shape), is_chained=False)
    return replace(stack, key_offset=int(level.keyframe.offset))


def _is_page_by_page(tif: tifffile.TiffFile) -> bool:
    """Whether each page of a tifffile file was written on its own, and so claims to be all there is."""
    page = tif.pages.first
    description = page.shaped_description
    if description is None or page.is_ome or page.is_imagej or page.subifds:
        return False
    try:
        shape = json.loads(description)["shape"]
    except (ValueError, KeyError, TypeError):
        return False
    return math.prod(shape) == math.prod(page.shape)


def _plain_stack(tif: tifffile.TiffFile, path: Path, chain: Chain, skip_bad: bool, named: bool) -> Stack:
    page, n_pages = tif.pages.first, len(chain.offsets)
    if chain.odd_page is not None:
        size = (page.imagelength, page.imagewidth)
        what = f"is {_by(chain.odd_size)} px and page 0 is {_by(size)} px"
        if chain.odd_size == size:
            what = "differs from page 0 in bits, samples, strips or compression"
        raise FileError(
            f"{path}: frames of different size or kind: page {chain.odd_page} {what}; save frames of one kind to a file"
        )
    tables = (page.jpegtables,) * n_pages if page.jpegtables else ()
    axes, shape = ("I" + page.axes, (n_pages, *page.shape)) if n_pages > 1 else (page.axes, page.shape)
    stack = _stack(page, [path], axes, shape, chain.offsets, chain.counts, jpeg_tables=tables)
    is_unnamed = ".ome." in path.name.lower() and not named  # its pages have axes that its lost end would tell
    if not chain.is_whole and (not skip_bad or is_unnamed):
        raise _describe_cut(path, chain, "page", BY_PAGES if is_unnamed else PERHAPS)
    if not chain.is_whole:
        warnings.warn(f"{path}: is cut short after {n_pages} pages; what came then is lost", stacklevel=2)
    return stack


def _describe_cut(path: Path, chain: Chain, unit: str, remedy: str = "") -> FileError:
    whole = int(np.sum(np.max(chain.offsets + chain.counts, axis=1, initial=0) <= path.stat().st_size))
    return FileError(
        f"{path}: is cut short: its data end in {unit} {whole}, where the chain of pages breaks; the first {whole} are "
        f"whole; copy or export it again{remedy}"
    )


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"


def _scanimage_channels(tif: tifffile.TiffFile, axes: str, shape: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """Axes and shape of a ScanImage file, channels told from frames by its pages' text where its head does not."""
    page = tif.pages.first
    found = re.search(r"SI\.hChannels\.channelSave = \[?([\d; ]+)", f"{page.software}\n{page.description}")
    n_channels = len(re.findall(r"\d+", found[1])) if found else 1
    if axes[0] != "I" or n_channels < 2 or shape[0] % n_channels:
        return axes, shape
    return "TC" + axes[1:], (shape[0] // n_channels, n_channels, *shape[1:])


def _cut_imagej(tif: tifffile.TiffFile, path: Path, series: tifffile.TiffPageSeries, skip_bad: bool) -> Stack | None:
    """An ImageJ stack of raw planes that is too short, as long as it should be; tifffile takes its first page for all.

    None where it is none; raises FileError unless bad pages are skipped.
    """
    page = tif.pages.first
    if not tif.is_imagej or series.kind in ("imagej", "ome", "mmstack") or not page.is_final:
        return None
    metadata = tif.imagej_metadata or {}
    lengths = {
        axis: int(metadata.get(key, 1)) for axis, key in zip("TZC", ("frames", "slices", "channels"), strict=True)
    }
    n_pages = max(math.prod(lengths.values()), int(metadata.get("images", 1)))
    if len(series) >= n_pages or n_pages > MAX_PAGES:
        return None
    if math.prod(lengths.values()) != n_pages:
        lengths = {"I": n_pages}
    n_frames = lengths.get("T", 1) if lengths.get("T", 1) > 1 else n_pages
    whole = (path.stat().st_size - page.dataoffsets[0]) // (page.nbytes * (n_pages // n_frames))
    if not skip_bad:
        raise FileError(
            f"{path}: is cut short: its data end in frame {whole} of {n_frames}, the first {whole} frames are whole; "
            f"{AGAIN}"
        )
    offsets = page.dataoffsets[0] + page.nbytes * np.arange(n_pages, dtype=np.int64)[:, None]
    shape = (*lengths.values(), *page.shape)
    return _stack(page, [path], "".join(lengths) + page.axes, shape, offsets, np.full((n_pages, 1), page.nbytes))


def _series_stack(
    series: list[tifffile.TiffPageSeries], path: Path, *, axes: str, shape: tuple[int, ...], is_chained: bool
) -> Stack:
    page = series[0].keyframe
    n_pages = math.prod(shape) // math.prod(page.shape)
    if n_pages > MAX_PAGES:
        raise FileError(f"{path}: says that it has {n_pages:,} pages, more than any file; copy or export it again")
    start = series[0].dataoffset if len(series) == 1 else None
    if start is not None:
        offsets = start + page.nbytes * np.arange(n_pages, dtype=np.int64)[:, None]
        return _stack(page, [path], axes, shape, offsets, np.full((n_pages, 1), page.nbytes))
    pages = [entry for part in series for entry in part]
    if len(pages) < n_pages:  # tifffile gave up on a broken chain, or the file promises more than it has
        found = page.parent.pages[:n_pages]
        pages = [*found, *[None] * (n_pages - len(found))]
    chain = read_chain(path) if is_chained else None
    if chain is not None and not chain.is_whole and None not in pages:
        raise _describe_cut(path, chain, "page")
    return _stack_of_list(page, pages, path, axes, shape)


def _stack_of_list(
    key: tifffile.TiffPage,
    pages: list[tifffile.TiffPage | tifffile.TiffFrame | None],
    path: Path,
    axes: str,
    shape: tuple[int, ...],
) -> Stack:
    n_segments = len(key.dataoffsets)
    absent = (0,) * n_segments
    offsets = [absent if page is None else page.dataoffsets for page in pages]
    counts = [absent if page is None else page.databytecounts for page in pages]
    if any(len(row) != n_segments for row in offsets + counts):
        raise FileError(
            f"{path}: its pages are cut into different numbers of strips or tiles; save it again with one setting"
        )
    holders = [path if page is None else Path(page.parent.filehandle.path) for page in pages]
    paths = list(dict.fromkeys(holders))
    return _stack(
        key,
        paths,
        axes,
        shape,
        np.array(offsets, np.int64),
        np.array(counts, np.int64),
        file_of=np.array([paths.index(holder) for holder in holders], np.int64) if len(paths) > 1 else None,
        jpeg_tables=tuple(None if page is None else page.jpegtables for page in pages) if key.jpegtables else (),
    )


def _stack(
    key: tifffile.TiffPage,
    paths: list[Path],
    axes: str,
    shape: tuple[int, ...],
    offsets: NDArray[np.int64],
    counts: NDArray[np.int64],
    *,
    file_of: NDArray[np.int64] | None = None,
    jpeg_tables: tuple[bytes | None, ...] = (),
) -> Stack:
    is_missing = np.logical_not(np.any(offsets != 0, axis=1))
    is_raw = bool(key.is_final) and _is_gapless(offsets[~is_missing], counts[~is_missing])
    if is_raw:  # bytes between rows are none: one segment, as long as the pixels
        offsets, counts = offsets[:, :1], np.full((len(offsets), 1), key.nbytes)
    swapped = key.parent.byteorder != np.dtype(np.uint16).newbyteorder("=").str[0]
    return Stack(
        axes=axes,
        shape=tuple(shape),
        dtype=np.dtype(key.dtype).newbyteorder("=").str if key.dtype is not None else "V1",
        page_shape=key.shaped,
        paths=tuple(paths),
        file_of=np.zeros(len(offsets), np.int64) if file_of is None else file_of,
        offsets=offsets,
        counts=counts,
        is_missing=is_missing,
        is_raw=is_raw,
        is_swapped=bool(swapped),
        key_page=key.index,
        segment_bytes=0 if is_raw else _segment_bytes(key),
        jpeg_tables=jpeg_tables,
    )


def _segment_bytes(key: tifffile.TiffPage) -> int:
    """Bytes of a strip or tile in memory; a tile is decoded in whole, however small the image is."""
    samples = key.samplesperpixel if key.planarconfig == tifffile.PLANARCONFIG.CONTIG else 1
    shape = (key.tiledepth, key.tilelength, key.tilewidth) if key.is_tiled else (key.rowsperstrip, key.imagewidth)
    itemsize = np.dtype(key.dtype).itemsize if key.dtype is not None else 1
    whole = math.prod((key.imagedepth, key.imagelength, key.imagewidth))
    return samples * itemsize * (math.prod(shape) if key.is_tiled else min(math.prod(shape), whole))


def _is_gapless(offsets: NDArray[np.int64], counts: NDArray[np.int64]) -> bool:
    return bool(np.all(offsets[:, 1:] == offsets[:, :-1] + counts[:, :-1]))
