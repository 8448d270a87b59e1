"""Who reads what: chunks, sample and memory, decided before anything is read. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, ImagesInfo

__all__ = ["Plan", "make_plan"]

# A chunk and its result stay in the processor's last cache together; larger ones ran slower.
CHUNK_BYTES = 16 << 20
MAX_CHUNK_FRAMES = 64
SAMPLE_BYTES = 96 << 20
SAMPLE_FRAMES = 128
MIN_SAMPLE_FRAMES = 12
BASE_BYTES = 250 << 20


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

    def sample(self) -> NDArray[np.int64]:
        """Indices of the sample, spread evenly from the first frame to the last."""
        return np.unique(np.linspace(0, self.n_frames - 1, self.sample_frames).round().astype(np.int64))


def make_plan(info: ImagesInfo, workers: int = 2) -> Plan:
    """Plan for images of which only `info` is known, with `workers` chunks at a time."""
    pixels = int(np.prod(info.frame_shape))
    steering_bytes = pixels * info.dtype.itemsize
    chunk = int(np.clip(CHUNK_BYTES // info.frame_bytes, 1, min(MAX_CHUNK_FRAMES, info.n_frames)))
    sample = int(
        np.clip(
            SAMPLE_BYTES // steering_bytes, min(MIN_SAMPLE_FRAMES, info.n_frames), min(SAMPLE_FRAMES, info.n_frames)
        )
    )
    per_worker = chunk * (2 * info.frame_bytes + pixels)
    reference = 10 * 4 * pixels
    memory = BASE_BYTES + reference + max(2 * sample * steering_bytes, 2 * workers * per_worker)
    return Plan(n_frames=info.n_frames, chunk_frames=chunk, sample_frames=sample, workers=workers, memory_bytes=memory)
