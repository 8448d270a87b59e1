"""Who reads what."""

import os
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdstill.contracts import ImagesInfo
from holdstill.engines.plan import (
    CHUNK_BYTES,
    choose_bin,
    control_group_limits,
    machine_memory,
    make_plan,
    parse_memory,
    slurm_limits,
)
from holdstill.errors import InputError

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


def info_of(height: int, n_frames: int = 1000) -> ImagesInfo:
    return ImagesInfo(name="movie", axes="TYX", shape=(n_frames, height, height), dtype=np.dtype(np.uint16))


@pytest.mark.parametrize("height", [64, 512, 2048, 4096])
@pytest.mark.parametrize("memory_mb", [600, 1000, 2000, 8000])
def test_a_budget_is_kept_or_refused(height: int, memory_mb: int) -> None:
    if (height, memory_mb) in [(2048, 600), (4096, 600), (4096, 1000)]:  # at 2048 px 600 MB became 725
        with pytest.raises(InputError, match="are needed, or --bin"):
            make_plan(info_of(height), 4, memory_mb << 20)
        return
    plan = make_plan(info_of(height), 4, memory_mb << 20)
    assert plan.memory_bytes <= memory_mb << 20
    assert plan.sample_frames >= 6


def test_a_generous_budget_changes_nothing() -> None:
    assert make_plan(info_of(512), 2, 64 << 30) == make_plan(info_of(512), 2)


@pytest.mark.parametrize(
    ("text", "expected"), [("2GB", 2 << 30), ("500 MB", 500 << 20), ("1.5g", 3 << 29), ("99", 99), (7, 7)]
)
def test_sizes(text: str | int, expected: int) -> None:
    assert parse_memory(text) == expected


@pytest.mark.parametrize("text", ["much", "-2GB", "0", "2XB", ""])
def test_no_sizes(text: str) -> None:
    with pytest.raises(InputError, match="2GB or 500MB"):
        parse_memory(text)


def test_limits_of_control_groups(tmp_path):
    (tmp_path / "job" / "step").mkdir(parents=True)
    (tmp_path / "job" / "step" / "memory.max").write_text("max\n")
    (tmp_path / "job" / "memory.max").write_text("3000000000\n")
    (tmp_path / "list").write_text("0::/job/step\n")
    assert control_group_limits(tmp_path / "list", tmp_path) == [3_000_000_000]
    (tmp_path / "memory" / "a").mkdir(parents=True)
    (tmp_path / "memory" / "a" / "memory.limit_in_bytes").write_text("2000000000\n")
    (tmp_path / "memory" / "memory.limit_in_bytes").write_text("9223372036854771712\n")
    (tmp_path / "list").write_text("5:cpu,cpuacct:/b\n4:memory:/a\n")
    assert control_group_limits(tmp_path / "list", tmp_path) == [2_000_000_000]
    assert control_group_limits(tmp_path / "none", tmp_path) == []


def test_limits_of_slurm():
    assert slurm_limits({}) == []
    assert slurm_limits({"SLURM_MEM_PER_NODE": "4096"}) == [4 << 30]
    assert slurm_limits({"SLURM_MEM_PER_CPU": "1024", "SLURM_CPUS_ON_NODE": "8"}) == [8 << 30]
    assert slurm_limits({"SLURM_MEM_PER_NODE": "0", "SLURM_MEM_PER_CPU": "x"}) == []


def test_the_default_budget_is_a_quarter_of_what_is_granted(monkeypatch):
    unlimited = make_plan(info_of(2048), 4, None)
    monkeypatch.setattr(os, "environ", {"SLURM_MEM_PER_NODE": "2000"})
    assert machine_memory() == 2000 << 20
    assert make_plan(info_of(2048), 4).memory_bytes < unlimited.memory_bytes


def test_chunks_of_the_file_are_counted_or_refused():
    info, block = info_of(512), 100 << 20
    assert make_plan(info, 2, block_bytes=block).memory_bytes == make_plan(info, 2).memory_bytes + 2 * block
    assert make_plan(info, 4, 600 << 20, block_bytes=block).workers < 4
    with pytest.raises(InputError, match=r"its chunks are unpacked whole, 900 MB at a time, more than the 600 MB"):
        make_plan(info, 2, 600 << 20, block_bytes=900 << 20)


def test_huge_frames_are_binned_until_they_fit() -> None:
    huge = ImagesInfo(name="x", axes="TYX", shape=(100, 8192, 8192), dtype=np.dtype("u2"))
    assert choose_bin(huge, 16 << 30) == 1
    assert choose_bin(huge, 1500 << 20) == 4
    with pytest.raises(InputError, match=r"600 MB .* are too few for frames of \(8192, 8192\) px, even binned"):
        choose_bin(huge, 600 << 20)
    assert choose_bin(huge, 1500 << 20, block_bytes=600 << 20) == 8
    usual = ImagesInfo(name="x", axes="TYX", shape=(100, 512, 512), dtype=np.dtype("u2"))
    assert choose_bin(usual, 400 << 20) == 1


def test_applying_takes_less_than_learning() -> None:
    info = ImagesInfo(name="x", axes="TYX", shape=(100, 4096, 4096), dtype=np.dtype("u2"))
    assert make_plan(info, 2, learn=False).memory_bytes < make_plan(info, 2).memory_bytes / 2
