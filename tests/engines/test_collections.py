"""Collections as they are: Dask arrays, chunk by chunk, and Spark's records of (key, array)."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import holdstill as hs
from holdstill.engines import plan
from holdstill.errors import InputError
from tests.engines.movies import equal, pixels, small_movie, write


@pytest.fixture(scope="module")
def movie(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("movie")
    return write(folder / "part.ome.zarr", pixels(small_movie(folder / "movie.ome.zarr"))[:20, 0])


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


@pytest.mark.parametrize("options", [{}, {"reference": 3, "motion": "rigid"}], ids=str)
def test_records_of_spark(spark_session: Any, movie: Path, options: dict[str, Any]) -> None:
    frames, options = pixels(movie)[:, 0], dict(options)
    reference = options.pop("reference", "template")
    order = np.random.default_rng(1).permutation(len(frames))
    records = spark_session.sparkContext.parallelize([((int(t),), frames[t]) for t in order], 3)
    estimator = hs.estimators.Direct(**options)
    found, expected = estimator.fit(records, reference), estimator.fit(frames, reference)
    equal(found, expected)
    if not options:
        equal(hs.register(records, reference=reference), expected)
    with pytest.raises(InputError, match="records of Spark have one channel"):
        hs.register(records, bin=2)
    corrected = found.transform(records, crop=True)
    assert type(corrected).__module__.startswith("pyspark")
    still = dict(corrected.collect())
    np.testing.assert_array_equal(np.stack([still[t,] for t in range(len(frames))]), expected.apply(frames, crop=True))


def test_records_of_spark_that_are_none(spark_session: Any) -> None:
    context = spark_session.sparkContext
    with pytest.raises(InputError, match="the collection is empty"):
        hs.estimators.Direct().fit(context.parallelize([], 1))
    with pytest.raises(InputError, match="1 keys stand for several frames"):
        hs.estimators.Direct().fit(context.parallelize([(0, np.zeros((9, 9)))] * 2, 1))
    with pytest.raises(InputError, match=r"an array of shape \(9,\) is not a frame"):
        hs.estimators.Direct().fit(context.parallelize([(0, np.zeros(9)), (1, np.zeros(9))], 1))
