"""What every engine must do."""

from __future__ import annotations

import threading
import time

import pytest

from holdstill.contracts import Chunk, Engine

__all__ = ["EngineTests"]


class EngineTests:
    """Inherit, and give a fixture `engine`."""

    @pytest.fixture
    def engine(self) -> Engine:
        """The engine under test."""
        raise NotImplementedError

    def test_results_come_in_the_order_of_the_chunks(self, engine: Engine) -> None:
        """Results come in the order of the chunks, whichever is done first."""

        def job(chunk: Chunk) -> int:
            time.sleep(0.002 * (chunk.start % 3))
            return chunk.start

        assert list(engine.map(job, [Chunk(i, i + 1) for i in range(25)])) == list(range(25))

    def test_no_chunks_no_results(self, engine: Engine) -> None:
        """Nothing to do is no error."""
        assert list(engine.map(lambda chunk: chunk, [])) == []

    def test_the_first_error_is_raised_and_the_rest_dropped(self, engine: Engine) -> None:
        """A failing job ends the run soon, with its own error."""
        done, lock = [], threading.Lock()

        def job(chunk: Chunk) -> int:
            if chunk.start == 3:
                raise ValueError("chunk 3")
            time.sleep(0.001)
            with lock:
                done.append(chunk.start)
            return chunk.start

        with pytest.raises(ValueError, match="chunk 3"):
            list(engine.map(job, [Chunk(i, i + 1) for i in range(500)]))
        assert len(done) < 400
