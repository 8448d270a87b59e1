"""Which class reads and writes which file: the suffix table, and the two doors that use it."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.contracts import ImagesInfo, ReadingOptions, Source
from holdstill.errors import FileError, InputError, MissingFile
from holdstill.io import slow
from holdstill.io.array import ArraySource
from holdstill.io.array_files import SEPARATOR, Hdf5Source, NpySource, NpzSource
from holdstill.io.file_sink import FileSink
from holdstill.io.folder_source import FolderSource, are_parts, axes_of_part, files_of
from holdstill.io.guards import TolerantSource, no_scenes, refuse_source
from holdstill.io.inputs import check_readable
from holdstill.io.joined_source import JoinedSource
from holdstill.io.nwb import NwbSink, NwbSource
from holdstill.io.picture_source import PictureSource
from holdstill.io.png_sink import PngSink
from holdstill.io.suite2p import Suite2pSink
from holdstill.io.tiff.sink import TiffSink
from holdstill.io.tiff.source import TiffSource
from holdstill.io.workspace import Workspace

__all__ = ["WRITERS", "check_shared", "check_target", "create_sink", "open_images", "open_part", "open_source"]


# formats that several processes may write at once
SHARED = (".zarr",)


def _call_later(find: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
    """A class whose module, which is slow to import, is loaded when it is asked for."""
    return lambda *arguments, **options: find()(*arguments, **options)


TIFF = (".tif", ".tiff", ".btf", ".tf2", ".tf8", ".lsm", ".stk", ".svs", ".ndpi")
PICTURES = (".png", ".jpg", ".jpeg", ".bmp")  # one image each; a folder of them is a movie
VENDOR = (".nd2", ".czi", ".lif")
SCENIC = (*TIFF, *VENDOR, ".zarr", ".zarr.zip")  # formats that may hold several images
READERS: dict[str, Callable[..., Source]] = {
    **dict.fromkeys(TIFF, TiffSource),
    ".zarr": _call_later(lambda: slow.ZarrSource),
    ".zarr.zip": _call_later(lambda: slow.ZarrSource),
    ".npy": NpySource,
    ".npz": NpzSource,
    ".nwb": NwbSource,
    ".h5": Hdf5Source,
    ".hdf5": Hdf5Source,
    **dict.fromkeys((".avi", ".mp4", ".mkv", ".mov"), _call_later(lambda: slow.VideoSource)),
    **dict.fromkeys((".nii", ".nii.gz", ".nrrd", ".mha", ".mhd"), _call_later(lambda: slow.VolumeSource)),
    **dict.fromkeys(VENDOR, _call_later(lambda: slow.BioSource)),
}
WRITERS: dict[str, Callable[[], type[FileSink]]] = {
    **dict.fromkeys((".tif", ".tiff", ".btf", ".tf2", ".tf8"), lambda: TiffSink),
    ".zarr": lambda: slow.ZarrSink,
    ".nwb": lambda: NwbSink,
    ".png": lambda: PngSink,
}
SUITE2P = "suite2p"  # the name of a folder, which has no suffix


def open_source(
    images: Any, *, axes: str | None = None, scene: str | int | None = None, skip_bad: bool = False, trust: bool = False
) -> Source:
    """Open images for reading, whatever they are.

    Parameters
    ----------
    images : path, array, Source, or sequence of paths
        A file of a known suffix, ``file.h5::/dataset``, a folder or a pattern of images or of parts of a movie, the
        address of a Zarr; anything with a shape, a dtype and slices (NumPy, Dask, Zarr, xarray); a list of parts; or a
        source, which is returned as it is.
    axes : str, optional
        Names of the axes that are longer than 1, a subset of ``TCZYX`` in that order. By default what the file or the
        xarray says; a plain array of three dimensions is ``TYX``.
    scene : str or int, optional
        Name or number of one image of a file that holds several.
    skip_bad : bool
        Read on where frames are damaged or cut off; they are blank then, and their verdict is ``unreadable``.
    trust : bool
        Read a file even if it claims to unpack to more than a thousand times its size.

    Returns
    -------
    Source
        To be closed by the caller.

    Raises
    ------
    MissingFile
        There is no such file.
    FileError
        The file is damaged, of a format that is not read, or holds several images; the text lists them.
    AxesError
        The axes are ambiguous or do not fit.
    """
    return open_images(images, ReadingOptions(axes=axes, scene=scene, skip_bad=skip_bad, trust=trust))


def open_images(images: Any, options: ReadingOptions) -> Source:
    """As `open_source`, with the options as a value."""
    if isinstance(images, Source):
        if options.axes is not None and options.axes != images.info.axes:
            raise InputError(
                f"{images.info.name}: is open already with axes {images.info.axes}; leave out axes={options.axes!r}"
            )
        no_scenes(images.info.name, options.scene)
        return images
    source = _open(images, options)
    return TolerantSource(source) if options.skip_bad else source


def _open(images: Any, options: ReadingOptions) -> Source:
    if isinstance(images, list | tuple) and images and all(isinstance(part, str | os.PathLike) for part in images):
        return _join_parts([Path(part) for part in images], f"{images[0]} ...", options)
    if not isinstance(images, str | os.PathLike):
        no_scenes("array", options.scene)
        _check_kind(images)
        return ArraySource(_stack(images) if isinstance(images, list | tuple) else images, axes=options.axes)
    if not str(images):
        raise InputError("the name of the images is empty; give a file, a folder or a pattern")
    path = Path(images)
    if "://" not in str(images):
        check_readable(Path(str(images).partition(SEPARATOR)[0]))
    if "://" in str(images) or ".zarr" in (parent.suffix for parent in path.parents):
        return _read(".zarr", str(images), options)  # an address, or something inside of a Zarr
    if SEPARATOR in str(images):
        return _read(_list_suffixes(Path(str(images).partition(SEPARATOR)[0]), READERS, "read"), str(images), options)
    if (glob.has_magic(str(path)) and not path.exists()) or (path.is_dir() and _suffix(path, READERS) is None):
        return _of_many(path, options)
    if not path.exists():
        raise MissingFile(f"{path}: no such file; check the name and the folder {path.absolute().parent}")
    if path.suffix.lower() in PICTURES:
        no_scenes(path, options.scene)
        return PictureSource(path, axes=options.axes, trust=options.trust)
    return _read(_list_suffixes(path, READERS, "read"), path, options)


def open_part(part: Path, target: str | Path, axes: str) -> Source | None:
    """Images that were written and have no name yet, as those of `target`; None for a format that is only written."""
    suffix = _suffix(Path(target), READERS)
    return None if suffix is None or not part.exists() else READERS[suffix](part, axes=axes)


def _read(suffix: str, path: Path | str, options: ReadingOptions) -> Source:
    """Open one file by the reader of a suffix, which is told what it can make use of."""
    understood: dict[str, Any] = {"axes": options.axes}
    if suffix in SCENIC:
        understood["scene"] = options.scene
    else:
        no_scenes(path, options.scene)
    if suffix in TIFF:
        understood["skip_bad"] = options.skip_bad
    source = READERS[suffix](path, **understood)
    try:
        if not options.trust:
            refuse_source(source)
    except FileError:
        source.close()
        raise
    return source


def _check_kind(images: Any) -> None:
    """Raise InputError for what looks like images and holds none, or gives them only once."""
    if isinstance(images, Iterator):
        raise InputError(
            f"images are read more than once, which a {type(images).__name__} does not allow; give list(...) of it"
        )
    if isinstance(images, list | tuple) and not images:
        raise InputError(f"the {type(images).__name__} of images is empty; give paths, or arrays of one shape")
    if images is None:
        raise InputError(
            "cannot read images from NoneType; cv2.imread gives None where it finds no file: check the name"
        )


def _stack(frames: Sequence[Any]) -> Any:
    """A list of frames, or of the rows of one image, as one array; another list as it is, to be refused."""
    if not frames or any(np.ndim(frame) < 1 for frame in frames):
        return frames
    arrays = [np.asarray(frame) for frame in frames]
    shapes = sorted({array.shape for array in arrays})
    if len(shapes) != 1:
        found = ", ".join(map(str, shapes[:3]))
        raise InputError(f"a list of images needs images of one shape, not {found}; crop or pad them to the same shape")
    return np.stack(arrays)


def _of_many(path: Path, options: ReadingOptions) -> Source:
    """Single images, one for each frame, or parts of a movie."""
    files = files_of(path, tuple(READERS))
    if are_parts(files[0], options.axes):
        return _join_parts(files, str(path), replace(options, axes=axes_of_part(files[0], options.axes)))
    no_scenes(path, options.scene)
    return FolderSource(path, axes=options.axes, trust=options.trust)


def _join_parts(files: Sequence[Path], name: str, options: ReadingOptions) -> Source:
    first = _open(files[0], options)
    inside = {path.resolve() for path in first.files} if isinstance(first, TiffSource) else set()
    if len(files) == 1 or (len(inside) > 1 and {path.resolve() for path in files} <= inside):
        return first  # files of one set name each other
    first.close()
    if len(inside) > 1:
        raise InputError(f"{files[0]}: belongs to a set of files that name each other; give that one alone")
    return JoinedSource([partial(_open, file, options) for file in files], name)


def create_sink(
    path: str | os.PathLike[str], info: ImagesInfo, *, overwrite: bool = False, workspace: Workspace | None = None
) -> FileSink:
    """Create a file that takes the frames of images like `info`; its suffix says which format.

    Parameters
    ----------
    path : path
        The target. It appears when the sink is finished, and not before.
    info : ImagesInfo
        Axes, shape, dtype and pixel size of what will be written.
    overwrite : bool
        Replace a target that exists.
    workspace : Workspace, optional
        Of the target; it keeps what is unfinished when the sink is closed, so that it can be resumed.

    Raises
    ------
    FileInTheWay
        The target exists and `overwrite` is False.
    NoSpace
        The disk cannot hold the result.
    FileError
        The format is not written, cannot hold these pixels, or the folder is missing or read-only.
    """
    return _find_writer(Path(path))(Path(path), info, overwrite=overwrite, workspace=workspace)


def check_target(
    path: str | os.PathLike[str], info: ImagesInfo, *, overwrite: bool = False, workspace: Workspace | None = None
) -> None:
    """Raise what `create_sink` would, the disk's room included, and make nothing."""
    _find_writer(Path(path)).check(path, info, overwrite=overwrite, workspace=workspace)


def _find_writer(path: Path) -> type[FileSink]:
    return Suite2pSink if path.name == SUITE2P else WRITERS[_list_suffixes(path, WRITERS, "written")]()


def check_shared(path: str | os.PathLike[str]) -> None:
    """Raise FileError unless several processes may write such a file at once."""
    if Path(path).suffix.lower() not in SHARED:
        raise FileError(
            f"{path}: several processes cannot write such a file at once; write OME-Zarr, as OUT.ome.zarr, or take "
            "engine='threads'"
        )


def _suffix(path: Path, table: dict[str, Any]) -> str | None:
    """The longest suffix of a path that the table knows."""
    return next((end for n in (2, 1) if (end := "".join(path.suffixes[-n:]).lower()) in table), None)


def _list_suffixes(path: Path, table: dict[str, Any], verb: str) -> str:
    suffix = _suffix(path, table)
    if suffix is None:
        raise FileError(f"{path}: no format of the suffix {path.suffix!r} is {verb}; known are {', '.join(table)}")
    return suffix
