"""Small whole files of each kind, and what happens to files: bits flip, pieces are lost, doubled, zeroed, shortened."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import tifffile
import zarr

import holdstill as hs
from holdstill.contracts import ImagesInfo
from holdstill.io import create_sink

FRAMES = np.random.default_rng(7).integers(0, 4000, (6, 24, 32)).astype(np.uint16)
INFO = ImagesInfo(
    name="movie", axes="TYX", shape=FRAMES.shape, dtype=FRAMES.dtype, pixel_size_um=(None, 0.5, 0.25),
    frame_interval_s=0.5, channel_names=("GFP",), times_s=tuple(0.5 * t for t in range(6)),
)  # fmt: skip
NUMBERS = (0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0x10000, 0x01000000)


def write_sink(path: Path) -> None:
    """By our own writers."""
    with create_sink(path, INFO) as sink:
        sink.write(0, FRAMES[:, None])
        sink.finish()


def write_pages(path: Path) -> None:
    """Page by page, as most cameras write."""
    with tifffile.TiffWriter(path) as tif:
        for frame in FRAMES:
            tif.write(frame, metadata=None, contiguous=False)


def write_h5(path: Path, **options: object) -> None:
    """One dataset."""
    with h5py.File(path, "w") as file:
        file.create_dataset("movie", data=FRAMES, **options)


def write_zarr2(path: Path) -> None:
    """Version 2, one frame a chunk."""
    zarr.create_array(path, shape=FRAMES.shape, dtype=FRAMES.dtype, chunks=(1, 24, 32), zarr_format=2)[:] = FRAMES


def write_zarr_chunks(path: Path) -> None:
    """Version 3 without shards."""
    zarr.create_array(path, shape=FRAMES.shape, dtype=FRAMES.dtype, chunks=(4, 24, 16))[:] = FRAMES


def small_result(folder: Path) -> hs.Registration:
    """A result of six frames."""
    table = folder / "shifts.csv"
    table.write_text("shift_y_px,shift_x_px\n" + "".join(f"{t * 1.25},{-t}\n" for t in range(6)))
    return hs.load(table, frame_shape=(24, 32))


def write_drift(path: Path) -> None:
    """Our own JSON."""
    small_result(path.parent).save(path)


def write_matrices(path: Path) -> None:
    """Our own npz."""
    small_result(path.parent).export(path)


class Stopped(BaseException):
    """The end of a job that is not yet done."""


def write_checkpoint(path: Path) -> None:
    """What a job of three chunks leaves that was stopped after two; beside it the movie and the whole result."""
    movie, target = path.with_name("movie.tif"), path.with_name("out.ome.tif")
    image = np.random.default_rng(0).random((64, 72)).cumsum(0).cumsum(1) % 50 * 100
    frames = np.stack([np.roll(image, (t % 5, t % 3), axis=(0, 1)) for t in range(150)]).astype(np.uint16)
    tifffile.imwrite(movie, frames, photometric="minisblack")
    hs.correct(movie, path.with_name("whole.ome.tif"), reference=0, report=False, workers=1)
    n_done = 0

    def stop(stage: str, done: int, total: int) -> None:
        nonlocal n_done
        n_done += stage == "correct"
        if n_done == 2:
            raise Stopped

    try:
        hs.correct(movie, target, reference=0, report=False, workers=1, progress=stop)
    except Stopped:
        path.with_name(".out.ome.tif.resume").rename(path)


OME = {"ome": True, "metadata": {"axes": "TYX"}, "photometric": "minisblack"}
SEEDS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "tiff stack": ("a.tif", lambda path: tifffile.imwrite(path, FRAMES, photometric="minisblack")),
    "tiff pages": ("b.tif", write_pages),
    "tiff packed": (
        "c.tif",
        lambda path: tifffile.imwrite(path, FRAMES, compression="zlib", predictor=True, rowsperstrip=8),
    ),
    "tiff tiles": ("d.tif", lambda path: tifffile.imwrite(path, FRAMES, compression="lzw", tile=(16, 16))),
    "tiff imagej": ("e.tif", lambda path: tifffile.imwrite(path, FRAMES, imagej=True, metadata={"axes": "TYX"})),
    "tiff ome": ("f.ome.tif", lambda path: tifffile.imwrite(path, FRAMES, **OME)),
    "tiff big": ("g.tif", lambda path: tifffile.imwrite(path, FRAMES, bigtiff=True, compression="zstd")),
    "tiff ours": ("h.ome.tif", write_sink),
    "zarr ours": ("a.ome.zarr", write_sink),
    "zarr 2": ("b.zarr", write_zarr2),
    "zarr 3": ("c.zarr", write_zarr_chunks),
    "hdf5": ("a.h5", write_h5),
    "hdf5 packed": ("b.h5", lambda path: write_h5(path, chunks=(2, 24, 32), compression="gzip", shuffle=True)),
    "hdf5 checked": ("c.h5", lambda path: write_h5(path, chunks=(1, 24, 32), fletcher32=True)),
    "npz": ("m.npz", lambda path: np.savez(path, movie=FRAMES)),
    "npz packed": ("n.npz", lambda path: np.savez_compressed(path, movie=FRAMES)),
    "drift.json": ("drift.json", write_drift),
    "matrices": ("matrices.npz", write_matrices),
    "checkpoint": ("kept", write_checkpoint),
}


def write_seeds(folder: Path) -> dict[str, Path]:
    """All of them, once."""
    places = {}
    for kind, (name, write) in SEEDS.items():
        (folder / kind).mkdir(parents=True)
        places[kind] = folder / kind / name
        write(places[kind])
    return places


def mutate_copy(seed: Path, folder: Path, chance: random.Random) -> Path:
    """A copy in which one file was changed."""
    target = folder / seed.name
    if seed.is_dir():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(seed, target)
        files = sorted(file for file in target.rglob("*") if file.is_file())
        texts = [file for file in files if file.suffix in (".json", ".xml") or file.name.startswith(".z")]
        victim = chance.choice(texts if texts and chance.random() < 0.6 else files)
        if seed.name == "kept":
            victim = chance.choice([file for file in files if file.name != "lock"])
    else:
        victim = Path(shutil.copy(seed, target))
    victim.write_bytes(mutate(victim.read_bytes(), chance))
    return target


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Other bytes: one to three changes of a kind that disks, cables, copies and enemies make."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        if not data:
            return data
        # heads tell the most, and so do ends
        span = len(data) if chance.random() < 0.4 else min(len(data), 1024)
        place = chance.randrange(span) if chance.random() < 0.8 else len(data) - 1 - chance.randrange(span)
        data = chance.choice((flip, flip, flip, set_number, set_number, cut, blank, drop, double))(data, place, chance)
    return data


def flip(data: bytes, place: int, chance: random.Random) -> bytes:
    """One bit."""
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


def set_number(data: bytes, place: int, chance: random.Random) -> bytes:
    """A number that programs trip over."""
    size = chance.choice((1, 2, 4, 8))
    value = (chance.choice(NUMBERS) & (1 << 8 * size) - 1).to_bytes(size, chance.choice(("little", "big")))
    return data[:place] + value + data[place + size :]


def cut(data: bytes, place: int, chance: random.Random) -> bytes:
    """The end is lost."""
    return data[: chance.randrange(len(data))]


def blank(data: bytes, place: int, chance: random.Random) -> bytes:
    """A block that was never written."""
    size = min(chance.choice((8, 64, 512)), len(data) - place)
    return data[:place] + bytes(size) + data[place + size :]


def drop(data: bytes, place: int, chance: random.Random) -> bytes:
    """A few bytes are lost, as in a transfer as text."""
    return data[:place] + data[place + chance.choice((1, 2, 16)) :]


def double(data: bytes, place: int, chance: random.Random) -> bytes:
    """A few bytes came twice."""
    size = chance.choice((1, 4, 64))
    return data[: place + size] + data[place:]
