"""Who reads what."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from holdstill.contracts import ImagesInfo
from holdstill.plan import CHUNK_BYTES, make_plan

LENGTHS = st.integers(1, 3000)


@given(
    frames=st.integers(1, 200_000),
    height=LENGTHS,
    width=LENGTHS,
    channels=st.integers(1, 5),
    workers=st.integers(1, 64),
)
def test_chunks_cover_every_frame_once_within_memory(
    frames: int, height: int, width: int, channels: int, workers: int
) -> None:
    info = ImagesInfo(name="x", axes="TCYX", shape=(frames, channels, height, width), dtype=np.dtype("u2"))
    plan = make_plan(info, workers)
    chunks = plan.chunks()
    assert chunks[0].start == 0
    assert chunks[-1].stop == frames
    assert all(a.stop == b.start for a, b in pairwise(chunks))
    assert len(chunks) == plan.n_chunks
    assert max(map(len, chunks)) * info.frame_bytes <= max(CHUNK_BYTES, info.frame_bytes)
    sample = plan.sample()
    assert len(np.unique(sample)) == len(sample) == plan.sample_frames
    assert sample[0] == 0
    assert sample[-1] < frames
    assert plan.memory_bytes > 0
