"""Collections as they are: Dask arrays, chunk by chunk, and Spark's records of (key, array)."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import holdstill as hs
from holdstill import plan
from tests.engines.movies import equal, pixels, small_movie


@pytest.fixture(scope="module")
def movie(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_movie(tmp_path_factory.mktemp("movie") / "movie.ome.zarr")


def test_a_dask_array_is_computed_chunk_by_chunk(movie: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    da = pytest.importorskip("dask.array")
    monkeypatch.setattr(plan, "MAX_CHUNK_FRAMES", 10)
    frames, computed = pixels(movie)[:, 0], []

    def block(part: np.ndarray) -> np.ndarray:
        computed.append(len(part))
        return part

    lazy = da.from_array(frames, chunks=(5, -1, -1)).map_blocks(block, dtype=frames.dtype, meta=frames[:0])
    equal(hs.register(lazy), hs.register(frames))
    assert set(computed) == {5}


@pytest.mark.parametrize("persisted", [False, True])
def test_a_dask_array_on_the_cluster_that_holds_it(dask_client: Any, movie: Path, persisted: bool) -> None:
    da = pytest.importorskip("dask.array")
    lazy = da.from_zarr(str(movie), component="0")
    if persisted:
        with dask_client.as_current():
            lazy = lazy.persist()
    equal(hs.register(lazy, engine=dask_client), hs.register(movie))
