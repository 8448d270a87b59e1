"""Who reads what: chunks, sample and memory, decided before anything is read. Pure."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, ImagesInfo
from holdstill.errors import InputError

__all__ = ["Plan", "binning_bytes", "choose_bin", "machine_memory", "make_plan", "parse_memory"]

# A chunk and its result stay in the processor's last cache together; larger ones ran slower.
CHUNK_BYTES = 16 << 20
MAX_CHUNK_FRAMES = 64
SAMPLE_BYTES = 96 << 20
SAMPLE_FRAMES = 128
MIN_SAMPLE_FRAMES = 12
BASE_BYTES = 250 << 20
# what a smaller budget may lead to
MIN_CHUNK_FRAMES, LEAST_SAMPLE_FRAMES = 4, 6
# The reference at all resolutions, the mean before and after, and what making them takes, as float32. Planned against
# measured peaks of `correct` with it: 1024 px 490 and 472 MB, 2048 px 762 and 781 MB, 4096 px 2,298 and 2,365 MB.
REFERENCE_COPIES = 20
# what is counted of a movie while it is applied to: how often each pixel was seen
APPLYING_COPIES = 2
# px that become one of a copy where frames as they are do not fit
BINS = (2, 4, 8)
# where the system does not tell
USUAL_BYTES = 8 << 30
# what control groups of version 1 say where there is no limit: the largest multiple of a page
NO_LIMIT = 1 << 62


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a movie is walked through.

    Attributes
    ----------
    n_frames : int
        Length of the movie.
    chunk_frames : int
        Frames per unit of work.
    sample_frames : int
        Frames from which reference and noise are learned.
    workers : int
        Chunks under way at a time.
    memory_bytes : int
        Expected peak of the process, libraries included.
    """

    n_frames: int
    chunk_frames: int
    sample_frames: int
    workers: int
    memory_bytes: int

    @property
    def n_chunks(self) -> int:
        """Number of units of work."""
        return -(-self.n_frames // self.chunk_frames)

    def chunks(self) -> list[Chunk]:
        """All chunks in order."""
        size = self.chunk_frames
        return [Chunk(start, min(start + size, self.n_frames)) for start in range(0, self.n_frames, size)]

    def align_to(self, frames_per_block: int) -> Plan:
        """The same with chunks that are whole blocks, so that no two jobs write one."""
        n_blocks = max(1, self.chunk_frames // frames_per_block)
        return replace(self, chunk_frames=n_blocks * frames_per_block)

    def sample(self) -> NDArray[np.int64]:
        """Indices of the sample, spread evenly from the first frame to the last."""
        return np.unique(np.linspace(0, self.n_frames - 1, self.sample_frames).round().astype(np.int64))


def make_plan(
    info: ImagesInfo, workers: int = 2, memory: int | None = None, *, block_bytes: int = 0, learn: bool = True
) -> Plan:
    """Plan for images of which only `info` is known.

    Parameters
    ----------
    info : ImagesInfo
    workers : int
        Chunks at a time; fewer where the memory does not do.
    memory : int, optional
        Bytes that the process may take. Default: a quarter of what this job may have of the machine.
    block_bytes : int
        What reading a frame takes beside it, as `Source.block_bytes` tells: chunks of many frames are unpacked whole.
    learn : bool
        Whether a reference is learned, or at least prepared; applying what was found needs none.

    Raises
    ------
    InputError
        Not even one small chunk fits, or the file's own chunks do not; the text says how much is needed.
    """
    machine = machine_memory()
    budget = memory or machine // 4
    if block_bytes > (memory or machine // 2):
        raise InputError(
            f"{info.name}: its chunks are unpacked whole, {block_bytes / 2**20:,.0f} MB at a time, more than the "
            f"{(memory or machine // 2) / 2**20:,.0f} MB of memory that may be taken; write it in smaller chunks, or "
            "allow more (--memory)"
        )
    chunk = int(np.clip(CHUNK_BYTES // info.frame_bytes, 1, min(MAX_CHUNK_FRAMES, info.n_frames)))
    channel_bytes = int(np.prod(info.frame_shape)) * info.dtype.itemsize
    sample = int(np.clip(SAMPLE_BYTES // channel_bytes, min(MIN_SAMPLE_FRAMES, info.n_frames), SAMPLE_FRAMES))
    wanted = _plan(info, chunk, min(sample, info.n_frames) if learn else 0, workers, block_bytes)
    while wanted.memory_bytes > budget:
        smaller = _less(info, wanted, block_bytes)
        if smaller == wanted:
            if memory is None:
                return wanted  # a machine so small was not asked for; try
            raise InputError(
                f"{info.name}: {memory / 2**20:,.0f} MB of memory are too few for frames of {info.frame_shape} px; "
                f"{wanted.memory_bytes / 2**20:,.0f} MB are needed, or --bin"
            )
        wanted = smaller
    return wanted


def choose_bin(info: ImagesInfo, memory: int | None = None, *, block_bytes: int = 0) -> int:
    """Pixels along each axis that become one of a copy that is small enough to estimate motion on.

    1 where frames as they are fit into the memory that may be taken: what was asked for, or half of what this job may
    have of the machine. Where none fits the largest, if nobody asked for so little.

    Raises
    ------
    InputError
        None fits into the memory that was asked for; the text says how much is needed.
    """
    budget = memory or machine_memory() // 2
    for bin in (1, *BINS):
        reading = block_bytes + (binning_bytes(info) if bin > 1 else 0)
        least = _plan(_shrink(info, bin), 1, min(LEAST_SAMPLE_FRAMES, info.n_frames), 1, reading)
        if least.memory_bytes <= budget:
            return bin
    if memory is not None:
        raise InputError(
            f"{info.name}: {memory / 2**20:,.0f} MB of memory are too few for frames of {info.frame_shape} px, even "
            f"binned by {BINS[-1]} px; allow {np.ceil(least.memory_bytes / 2**20):,.0f} MB (--memory)"
        )
    return BINS[-1]


def binning_bytes(info: ImagesInfo) -> int:
    """What a copy takes while one of its frames is made: the frame as it is read, and the same again."""
    return 2 * info.frame_bytes


def _shrink(info: ImagesInfo, bin: int) -> ImagesInfo:
    """Of the copy, float32."""
    if bin == 1:
        return info
    shape = tuple(n if axis in "TC" else max(1, n // bin) for axis, n in zip(info.axes, info.shape, strict=True))
    return replace(info, shape=shape, dtype=np.dtype(np.float32))


def _less(info: ImagesInfo, plan: Plan, block: int) -> Plan:
    """The same with less memory, whatever costs least: fewer frames at a time, a smaller sample, fewer workers.

    The sample shrinks only where learning takes the most, so that results do not depend on the number of workers.
    """
    fewest = min(LEAST_SAMPLE_FRAMES, info.n_frames)
    if plan.chunk_frames > MIN_CHUNK_FRAMES:
        return _plan(info, max(plan.chunk_frames // 2, MIN_CHUNK_FRAMES), plan.sample_frames, plan.workers, block)
    chunks_bytes = _chunks_bytes(info, plan.chunk_frames, plan.workers)
    if plan.sample_frames > fewest and _learning_bytes(info, plan.sample_frames) >= chunks_bytes:
        return _plan(info, plan.chunk_frames, max(plan.sample_frames * 3 // 4, fewest), plan.workers, block)
    if plan.workers > 1:
        return _plan(info, plan.chunk_frames, plan.sample_frames, plan.workers - 1, block)
    return _plan(info, max(plan.chunk_frames // 2, 1), plan.sample_frames, 1, block)


def _plan(info: ImagesInfo, chunk: int, sample: int, workers: int, block: int) -> Plan:
    pixels = int(np.prod(info.frame_shape))
    copies = REFERENCE_COPIES if sample else APPLYING_COPIES
    largest = max(_learning_bytes(info, sample), _chunks_bytes(info, chunk, workers))
    return Plan(
        n_frames=info.n_frames, chunk_frames=chunk, sample_frames=sample, workers=workers,
        memory_bytes=BASE_BYTES + copies * 4 * pixels + workers * block + largest,
    )  # fmt: skip


def _learning_bytes(info: ImagesInfo, sample: int) -> int:
    return 2 * sample * int(np.prod(info.frame_shape)) * info.dtype.itemsize


def _chunks_bytes(info: ImagesInfo, chunk: int, workers: int) -> int:
    return 2 * workers * chunk * (2 * info.frame_bytes + int(np.prod(info.frame_shape)))


def machine_memory() -> int:
    """Bytes of memory that this process may have: the machine's, or what a container or a batch job is limited to."""
    own = USUAL_BYTES
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        own = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    groups = control_group_limits(Path("/proc/self/cgroup"), Path("/sys/fs/cgroup"))
    return min([own, *groups, *slurm_limits(os.environ)])


def control_group_limits(groups: Path, root: Path) -> list[int]:
    """Limits of the control groups of Linux that this process is in, and of those above them, bytes.

    Parameters
    ----------
    groups : Path
        The system's list, ``/proc/self/cgroup``.
    root : Path
        Where the groups are folders: of version 2 in one tree, of version 1 below ``memory``.
    """
    try:
        lines = groups.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    limits = []
    for line in lines:
        _, kinds, path = [*line.split(":", 2), "", ""][:3]
        if kinds not in ("", "memory"):
            continue
        tree, name = (root, "memory.max") if not kinds else (root / "memory", "memory.limit_in_bytes")
        inside = PurePosixPath(path.lstrip("/"))
        for folder in (inside, *inside.parents):
            try:
                text = (tree / folder / name).read_text(encoding="utf-8").strip()
            except OSError:
                continue  # in a container the upper groups are not shown
            limits += [int(text)] if text.isdecimal() else []  # "max" is no limit
    return [limit for limit in limits if 0 < limit < NO_LIMIT]


def slurm_limits(environment: Mapping[str, str]) -> list[int]:
    """What the batch system SLURM grants this job on this machine, bytes: it tells megabytes."""

    def number(name: str) -> int:
        text = environment.get(name, "")
        return int(text) if text.isdecimal() else 0

    cores = number("SLURM_CPUS_ON_NODE") or 1
    granted = [number("SLURM_MEM_PER_NODE"), cores * number("SLURM_MEM_PER_CPU")]
    return [megabytes << 20 for megabytes in granted if megabytes]


def parse_memory(text: str | int | None) -> int | None:
    """``"2GB"``, ``"500 MB"`` or bytes as a number of bytes. Raises InputError for anything else."""
    if isinstance(text, int | float) and text > 0:
        return int(text)
    if text is None:
        return None
    if not isinstance(text, str):
        raise InputError(f"memory {text!r} is not a size; say it as 2GB or 500MB")
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kMGT]?)i?B?\s*", text, re.IGNORECASE)
    if match is None or float(match[1]) <= 0:
        raise InputError(f"memory {text!r} is not a size; say it as 2GB or 500MB")
    return int(float(match[1]) * 1024 ** " kmgt".index(match[2].lower() or " "))
