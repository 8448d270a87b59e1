"""Small files that unpack to gigabytes, and what it takes to open each: ``python -m tests.fuzz.bombs FOLDER``."""

import json
import resource
import struct
import sys
import time
import zipfile
import zlib
from pathlib import Path

import h5py
import numpy as np
import tifffile
import zarr
from numpy.lib import format as npy

import holdstill as hs
from holdstill.errors import HoldstillError
from holdstill.io.image import read_image

BLOCK = 1 << 20
SIDE = 40_000


def zeros(n_bytes: int) -> bytes:
    """A deflate stream of about so many zeros, made from one piece of it repeated."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"\0" * BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(b"\0" * BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + piece * (n_bytes // BLOCK)


def write_tiff_tile(folder: Path) -> Path:
    """One tile of 40,000 x 40,000 px for a frame of 512."""
    path = folder / "tile.tif"
    frames = np.zeros((2, 512, 512), np.uint16)
    tifffile.imwrite(path, frames, tile=(512, 512), compression="zlib", metadata=None)
    with tifffile.TiffFile(path, mode="r+b") as tif:
        for page in tif.pages:
            for tag in ("TileWidth", "TileLength"):
                page.tags[tag].overwrite(SIDE)
    return path


def write_tiff_frame(folder: Path) -> Path:
    """Frames of 40,000 x 40,000 px, in one strip each."""
    path = folder / "frame.tif"
    data = zeros(SIDE * SIDE)
    tifffile.imwrite(
        path, iter([data, data]), shape=(2, SIDE, SIDE), dtype=np.uint8, compression="zlib", rowsperstrip=SIDE,
        photometric="minisblack",
    )  # fmt: skip
    return path


def write_zarr(folder: Path) -> Path:
    """A chunk of 1.8 GB."""
    path = folder / "chunk.zarr"
    zarr.create_array(
        path, shape=(2, 30_000, 30_000), chunks=(1, 30_000, 30_000), dtype=np.uint16, zarr_format=2,
        compressors={"id": "zlib", "level": 9},
    )  # fmt: skip
    for t in range(2):
        (path / f"{t}.0.0").write_bytes(zeros(1_800_000_000))
    return path


def write_hdf5(folder: Path) -> Path:
    """A chunk of 1.8 GB, too."""
    path = folder / "chunk.h5"
    with h5py.File(path, "w") as file:
        made = file.create_dataset("a", (2, 30_000, 30_000), np.uint16, chunks=(1, 30_000, 30_000), compression="gzip")
        for t in range(2):
            made.id.write_direct_chunk((t, 0, 0), zeros(1_800_000_000))
    return path


def write_npz(folder: Path) -> Path:
    """Matrices of 4.3 GB."""
    path, data = folder / "matrices.npz", zeros(4_300_000_000)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("matrices.npy", "w") as file:
        npy.write_array_header_1_0(file, {"descr": "<f8", "fortran_order": False, "shape": (59_000_000, 3, 3)})
        file.write(data)
    return path


def write_json(folder: Path) -> Path:
    """171 MB of ``[]``."""
    path = folder / "drift.json"
    with path.open("w") as file:
        file.write("[")
        for _ in range(57):
            file.write("[]," * 1_000_000)
        file.write("0]")
    return path


def write_png(folder: Path) -> Path:
    """A picture of 40,000 x 40,000 px."""
    path = folder / "picture.png"
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zeros(3 * SIDE * SIDE)), (b"IEND", b"")]
    with path.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        for kind, data in chunks:
            file.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))
    return path


BOMBS = (write_tiff_tile, write_tiff_frame, write_zarr, write_hdf5, write_npz, write_json, write_png)


def attempt(path: Path) -> str:
    """What is said of a file; nothing if it opens."""
    try:
        if path.suffix in (".npz", ".json"):
            hs.load(path, frame_shape=(64, 64))
        elif path.suffix == ".png":
            read_image(path)
        else:
            with hs.open(path) as source:
                source.read(0, 1)
    except HoldstillError as error:
        return str(error)
    return ""


def peak_mb() -> float:
    """Most memory of this process, MB; ru_maxrss would count what the parent held when it started this one."""
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM")]
        return float(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(folder: Path) -> None:
    """Write all, open all, and print as JSON what was said, the seconds, and the peak of memory in MB."""
    files = [write(folder) for write in BOMBS]
    began = peak_mb()
    told = {}
    for file in files:
        at = time.perf_counter()
        said = attempt(file)
        told[file.name] = {"said": said, "seconds": time.perf_counter() - at}
    peak = peak_mb()
    sys.stdout.write(json.dumps({"before_mb": began, "peak_mb": peak, "files": told}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
