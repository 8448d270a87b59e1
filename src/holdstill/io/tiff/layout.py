"""Find out, without reading a pixel, where each plane of a TIFF file lies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import tifffile
from numpy.typing import NDArray

from holdstill.contracts import ImagesInfo
from holdstill.errors import AxesError, FileError, HoldstillError
from holdstill.io.axes import name_axes, sort_axes
from holdstill.io.blocks import check_dtype
from holdstill.io.damage import PARSER_ERRORS
from holdstill.io.guards import pick_scene
from holdstill.io.quiet import quiet_tifffile
from holdstill.io.tiff.metadata import count_page_colours, read_metadata
from holdstill.io.tiff.ome import ome_disagreement, ome_scenes
from holdstill.io.tiff.stack import AGAIN, Stack, read_level, read_stack

__all__ = ["TiffLayout", "read_layout", "read_levels"]

MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")  # how classic and big TIFF begin, in both byte orders


@dataclass(frozen=True, kw_only=True, eq=False)
class TiffLayout:
    """Where each plane of a file lies. A plane is what one page holds of one frame, channel and z.

    Attributes
    ----------
    info : ImagesInfo
        What the images are.
    stack : Stack
        The pages, in the order of the file.
    planes : ndarray of int64, (T, C, Z)
        Number of the plane: of page ``planes // stack.planes_per_page``. C is 1 where channels are interleaved.
    """

    info: ImagesInfo
    stack: Stack
    planes: NDArray[np.int64]

    def require(self, start: int, planes: NDArray[np.int64]) -> None:
        """Raise FileError where one of `planes`, (n, ...), of frames from `start` on, is not in the file."""
        lacking = self.stack.is_missing[planes // self.stack.planes_per_page]
        if np.any(lacking):
            frame = start + int(np.argwhere(lacking)[0][0])
            raise FileError(f"{self.info.name}: frame {frame} is mentioned, but not there; copy or export it again")

    def frame_of(self, page: int) -> int:
        """First frame that needs a page."""
        return int(np.argwhere(self.planes // self.stack.planes_per_page == page)[0][0])


def read_layout(path: Path, axes: str | None, scene: str | int | None = None, skip_bad: bool = False) -> TiffLayout:
    """Read the layout of a TIFF file.

    Parameters
    ----------
    path : Path
        The file.
    axes : str or None
        Names of its axes that the user gives.
    scene : str, int or None
        Name or number of one image of several.
    skip_bad : bool
        Take a file that is cut short.

    Raises
    ------
    FileError
        It is not a TIFF, is cut short, or its pages do not make one sequence.
    AxesError
        Its axes are ambiguous or not those of `axes`.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from error
    return _read_layout(path, axes, scene, skip_bad, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=8)  # a source that was pickled for each of a hundred chunks walks the chain once
def _read_layout(
    path: Path, axes: str | None, scene: str | int | None, skip_bad: bool, size: int, mtime_ns: int
) -> TiffLayout:
    try:
        with quiet_tifffile(), tifffile.TiffFile(path) as tif:
            number = _scene_of(tif, path, scene)
            plainly = _is_contradicted(tif, path, axes, number)
            stack = read_stack(tif, path, scene=number, skip_bad=skip_bad, plainly=plainly, named=axes is not None)
            layout = _arrange(path, stack, axes, tif, number)
    except HoldstillError:
        raise
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}; check that it is a file you may read") from error
    except PARSER_ERRORS as error:
        with path.open("rb") as file:
            head = file.read(4)
        if not head:
            raise FileError(f"{path}: is empty, not a TIFF file; copy or export it again") from error
        is_tiff = head in MAGIC
        what = "is cut short or damaged: its list of pages breaks" if is_tiff else "is not a TIFF file"
        raise FileError(f"{path}: {what} ({error}); copy or export it again") from error
    if not skip_bad:
        _require_bytes(layout)
    return layout


def read_levels(path: Path, axes: str | None, scene: str | int | None, finest: ImagesInfo) -> tuple[TiffLayout, ...]:
    """Layouts of the coarser levels of a pyramid that hold what the finest one holds; none where it is no pyramid.

    Raises FileError where the file cannot be read any more.
    """
    try:
        with quiet_tifffile(), tifffile.TiffFile(path) as tif:
            number = _scene_of(tif, path, scene)
            levels = tif.series[number].levels[1:] if number < len(tif.series) else []
            found = [_arrange(path, read_level(level, path), axes, tif, number) for level in levels]
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}; check that it is a file you may read") from error
    except HoldstillError:
        return ()  # without them it is read from its finest level: slower, and the same
    except PARSER_ERRORS:
        return ()
    return tuple(layout for layout in found if finest.is_coarser(layout.info))


def _scene_of(tif: tifffile.TiffFile, path: Path, scene: str | int | None) -> int:
    """Number of the image that is asked for; only OME-TIFF is said to hold several."""
    return pick_scene(path, ome_scenes(tif) if tif.is_ome else ["Image:0"], scene)


def _is_contradicted(tif: tifffile.TiffFile, path: Path, axes: str | None, scene: int) -> bool:
    """Whether the pages are to be read without their OME-XML, which is wrong: where the user names their axes."""
    wrong = ome_disagreement(tif, scene) if tif.is_ome else None
    if wrong is not None and axes is None:
        raise FileError(f"{path}: {wrong}; pass axes='TYX' or the like to go by the pages (--axes TYX)")
    return wrong is not None


def _arrange(path: Path, stack: Stack, axes: str | None, tif: tifffile.TiffFile, scene: int) -> TiffLayout:
    found = "".join(axis for axis, length in zip(stack.axes, stack.shape, strict=True) if _counts(axis, length))
    lengths = [length for axis, length in zip(stack.axes, stack.shape, strict=True) if _counts(axis, length)]
    n_leading = len(found) - (3 if stack.samples > 1 else 2)
    if found[n_leading : n_leading + 2] != "YX" or math.prod(lengths[:n_leading]) != stack.n_planes:
        raise AxesError(f"{path}: its axes {stack.axes} of shape {stack.shape} are not planes of Y and X")
    names = name_axes(found, axes, str(path))
    if (
        names[n_leading : n_leading + 2] != "YX"
        or names[n_leading + 2 :] not in ("", "C")
        or len(set(names)) < len(names)
    ):
        raise AxesError(f"{path}: its axes {found} cannot be read as {names}; samples of a pixel can only be channels")
    by_name = dict(zip(names, lengths, strict=True))
    info_axes = sort_axes(names + (axes or "").upper())
    shape = tuple(by_name.get(axis, 1) for axis in info_axes)
    info = ImagesInfo(
        name=str(path),
        axes=info_axes,
        shape=shape,
        dtype=check_dtype(np.dtype(stack.dtype), str(path)),
        n_colours=count_page_colours(tif.pages.first) if "S" in found and "C" in names else 0,
        **vars(read_metadata(tif, by_name.get("C", 1), by_name.get("T", 1), scene)),
    )
    grid = np.arange(stack.n_planes, dtype=np.int64).reshape(lengths[:n_leading])
    present = [axis for axis in "TCZ" if axis in names[:n_leading]]
    ordered = grid.transpose([names.index(axis) for axis in present])
    planes = ordered.reshape([by_name[axis] if axis in present else 1 for axis in "TCZ"])
    return TiffLayout(info=info, stack=stack, planes=planes)


def _counts(axis: str, length: int) -> bool:
    return length != 1 or axis in "YX"


def _require_bytes(layout: TiffLayout) -> None:
    """Raise FileError, with the frame, where a page lies beyond the end of its file or is missing altogether."""
    stack, info = layout.stack, layout.info
    sizes = np.array([path.stat().st_size for path in stack.paths])
    bad = np.flatnonzero((stack.ends > sizes[stack.file_of]) | stack.is_missing)
    if len(bad):
        frame = min(layout.frame_of(int(page)) for page in bad[:1000])
        whole = f"frames 0 to {frame - 1} are whole" if frame else "no frame is whole"
        raise FileError(
            f"{info.name}: is cut short: its data end in frame {frame} of {info.n_frames}, {whole}; "
            f"{AGAIN if frame else 'copy or export it again'}"
        )
