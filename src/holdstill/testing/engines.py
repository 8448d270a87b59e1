"""What every engine must do."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from holdstill.contracts import Chunk, Engine
from holdstill.errors import EngineError, InputError

__all__ = ["EngineTests"]


class EngineTests:
    """Inherit, and give a fixture `engine`. Jobs may run in other processes: they tell what they did through files."""

    @pytest.fixture
    def engine(self) -> Engine:
        """The engine under test."""
        raise NotImplementedError

    def test_results_come_in_the_order_of_the_chunks(self, engine: Engine) -> None:
        """Results come in the order of the chunks, whichever is done first."""

        def job(chunk: Chunk) -> int:
            time.sleep(0.002 * (chunk.start % 3))
            return chunk.start

        for n in (1, 25, 200):
            assert list(engine.map(job, [Chunk(i, i + 1) for i in range(n)])) == list(range(n))

    def test_no_chunks_no_results(self, engine: Engine) -> None:
        """Nothing to do is no error."""
        assert list(engine.map(lambda chunk: chunk, [])) == []

    def test_the_first_error_is_raised_and_the_rest_dropped(self, engine: Engine, tmp_path: Path) -> None:
        """A failing job ends the run soon, with its own error."""

        def job(chunk: Chunk) -> int:
            if chunk.start in (3, 4):
                raise InputError(f"chunk {chunk.start}")
            time.sleep(0.002)
            (tmp_path / str(chunk.start)).touch()
            return chunk.start

        found = engine.map(job, [Chunk(i, i + 1) for i in range(2000)])
        assert [next(found) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(InputError, match="chunk 3"):
            list(found)
        assert len(list(tmp_path.iterdir())) < 1600

    def test_who_stops_asking_cancels_the_rest(self, engine: Engine, tmp_path: Path) -> None:
        """Chunks not yet begun are dropped when results are no longer taken, as after Ctrl-C."""

        def job(chunk: Chunk) -> int:
            time.sleep(0.005)
            (tmp_path / str(chunk.start)).touch()
            return chunk.start

        found = iter(engine.map(job, [Chunk(i, i + 1) for i in range(2000)]))
        assert next(found) == 0
        found.close()  # type: ignore[attr-defined]
        done, before = len(list(tmp_path.iterdir())), -1
        while done > before:  # what had begun goes on for a while
            time.sleep(0.5)
            done, before = len(list(tmp_path.iterdir())), done
        assert done < 1600

    @pytest.mark.parametrize("n", [1, 3, 4, 5, 23])
    def test_a_tree_has_the_same_shape_everywhere(self, engine: Engine, n: int) -> None:
        """Neighbours are combined in order, so that even text comes out the same."""

        def combine(parts: Sequence[str]) -> str:
            return f"({' '.join(parts)})"

        expected = {1: "0", 3: "(0 1 2)", 4: "(0 1 2 3)", 5: "((0 1 2 3) (4))"}
        found = engine.reduce(lambda chunk: str(chunk.start), combine, [Chunk(i, i + 1) for i in range(n)])
        assert found == expected.get(n, found)
        assert found.replace("(", "").replace(")", "").split() == [str(i) for i in range(n)]

    def test_errors_reach_the_root_of_the_tree(self, engine: Engine) -> None:
        """A failing leaf fails the whole, with its own error."""

        def job(chunk: Chunk) -> int:
            if chunk.start == 6:
                raise InputError("chunk 6")
            return chunk.start

        with pytest.raises(InputError, match="chunk 6"):
            engine.reduce(job, lambda parts: sum(parts), [Chunk(i, i + 1) for i in range(9)])

    def test_a_probe_that_finds_nothing_wrong(self, engine: Engine) -> None:
        """Workers in order are passed over in silence."""
        engine.probe(lambda: None)

    def test_a_probe_tells_what_is_wrong(self, engine: Engine) -> None:
        """What a worker complains of is raised, on engines that have workers elsewhere."""
        if not engine.is_distributed:
            return
        with pytest.raises(EngineError, match="no disk"):
            engine.probe(lambda: "on host has no disk")
