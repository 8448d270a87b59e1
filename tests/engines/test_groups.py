"""Chunks grouped to tasks."""

from hypothesis import given
from hypothesis import strategies as st

from holdstill.contracts import Chunk
from holdstill.engines._groups import MOST_CHUNKS, group_chunks


@given(n=st.integers(0, 3000), slots=st.integers(1, 400))
def test_tasks_shrink_and_lose_no_chunk(n: int, slots: int) -> None:
    chunks = [Chunk(i, i + 1) for i in range(n)]
    groups = group_chunks(chunks, slots)
    assert [chunk for group in groups for chunk in group] == chunks
    sizes = [len(group) for group in groups]
    assert sizes == sorted(sizes, reverse=True)
    assert all(1 <= size <= MOST_CHUNKS for size in sizes)


def test_a_scheduler_of_ten_thousand_slots_is_spared() -> None:
    assert {len(group) for group in group_chunks([Chunk(0, 1)] * 100_000, 10_000)} == {20}
