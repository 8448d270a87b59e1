"""What becomes of a changed file: it is refused in one line, or read as what it still says that it is."""

import shutil
import warnings
from pathlib import Path

import h5py
import numpy as np
import tifffile
import zarr

import holdstill as hs
from holdstill.errors import HoldstillError
from holdstill.io import open_source

REFUSED, READ, WARNED = "refused", "read", "warned"
# what other readers raise of damaged files is theirs
OTHERS = (Exception,)


class Wrong(AssertionError):
    """A result that is not what it should be, and nobody was told."""


def judge(kind: str, seed: Path, path: Path) -> str:
    """Open a changed copy of a seed as a user does, and read all of it.

    Raises
    ------
    Wrong
        What comes out is not what the file says; anything else that is raised is a traceback on a user's terminal.
    """
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            if kind == "checkpoint":
                return _judge_checkpoint(seed, path)
            if kind in ("drift.json", "matrices"):
                return _judge_result(seed, path, told)
            return _judge_images(kind, path)
    except HoldstillError as error:
        name = "out.ome.tif" if kind == "checkpoint" else path.name
        if "\n" in str(error) or name not in str(error):
            raise Wrong(f"not one line that names the file: {error}") from error
        return REFUSED


def _judge_result(seed: Path, path: Path, told: list[warnings.WarningMessage]) -> str:
    before, after = hs.load(seed, frame_shape=(24, 32)), hs.load(path, frame_shape=(24, 32))
    if any("was changed" in str(one.message) for one in told):
        return WARNED
    if after.motion != before.motion or not np.array_equal(after.parameters, before.parameters):
        raise Wrong("other numbers, and no word of it")
    return READ


def _judge_checkpoint(seed: Path, path: Path) -> str:
    """Go on from what is left, in the place where it was left."""
    movie, target = seed.with_name("movie.tif"), seed.with_name("out.ome.tif")
    workspace = seed.with_name(".out.ome.tif.resume")
    shutil.rmtree(workspace, ignore_errors=True)
    shutil.copytree(path, workspace)
    try:
        hs.correct(movie, target, reference=0, report=False, workers=1, resume=True)
        if target.read_bytes() != seed.with_name("whole.ome.tif").read_bytes():
            raise Wrong("the resumed result differs from the whole one")
    finally:
        for left in (target, seed.with_name("out.drift.json"), seed.with_name("out.drift.csv")):
            left.unlink(missing_ok=True)
    return READ


def _judge_images(kind: str, path: Path) -> str:
    with open_source(path) as source:
        info = source.info
        for start in range(0, min(info.n_frames, 64), 8):
            source.read(start, min(start + 8, info.n_frames))
    said = _said(kind, path)
    if said is not None and (int(np.prod(info.shape)), info.dtype.name) != said:
        raise Wrong(f"read as {info.shape} {info.dtype}, another reader says {said}")
    return READ


def _said(kind: str, path: Path) -> tuple[int, str] | None:
    """Number of pixels and dtype that another reader finds in the head; None if it gives up."""
    try:
        if kind.startswith("hdf5"):
            with h5py.File(path, "r") as file:
                [dataset] = [item for item in file.values() if isinstance(item, h5py.Dataset)]
                return int(np.prod(dataset.shape)), dataset.dtype.newbyteorder("=").name
        if kind.startswith("zarr"):
            node = zarr.open(path, mode="r")
            array = node if isinstance(node, zarr.Array) else node["0"]
            return int(np.prod(array.shape)), np.dtype(array.dtype).newbyteorder("=").name
        if kind.startswith("npz"):
            with np.load(path) as arrays:
                [array] = [arrays[name] for name in arrays.files]
                return array.size, array.dtype.newbyteorder("=").name
        with tifffile.TiffFile(path) as tif:
            page = tif.pages.first
            if kind == "tiff pages":
                return len(tif.pages) * int(np.prod(page.shape)), np.dtype(page.dtype).newbyteorder("=").name
            return None
    except OTHERS:
        return None
