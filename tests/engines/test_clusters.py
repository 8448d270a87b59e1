"""Both passes on real clusters: the same bits as threads, for any chunks and workers."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

import holdstill as hs
from holdstill.engines import plan
from holdstill.engines.choosing import open_engine
from holdstill.io.zarr import sink as zarr_sink
from tests.engines.movies import N_FRAMES, equal, pixels, small_movie, write


@pytest.fixture(scope="module")
def movie(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_movie(tmp_path_factory.mktemp("movie") / "movie.ome.zarr")


@pytest.fixture(scope="module")
def part(movie: Path) -> Path:
    """Every second frame, those that are blank too: of chunks of 9 there are still more than workers."""
    return write(movie.with_name("part.ome.zarr"), pixels(movie)[1::2, 0])


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards and chunks of 9 frames: enough of them for all workers."""
    monkeypatch.setattr(zarr_sink, "MAX_SHARD_FRAMES", 9)
    monkeypatch.setattr(plan, "MAX_CHUNK_FRAMES", 20)


@pytest.fixture(scope="module")
def expected(movie: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[hs.Registration, np.ndarray]:
    target = tmp_path_factory.mktemp("expected") / "still.ome.zarr"
    return hs.correct(movie, target, report=False, workers=1), pixels(target)


@pytest.mark.usefixtures("small_chunks")
def test_the_same_bits_as_threads(
    cluster: Any, movie: Path, expected: tuple[hs.Registration, np.ndarray], tmp_path: Path
) -> None:
    told: list[str] = []
    found = hs.correct(
        movie, tmp_path / "still.ome.zarr", engine=cluster, progress=lambda stage, done, total: told.append(stage)
    )
    equal(found, expected[0])
    np.testing.assert_array_equal(pixels(tmp_path / "still.ome.zarr"), expected[1])
    assert told.count("correct") == -(-N_FRAMES // 18)
    assert not list(tmp_path.glob(".*"))
    assert not list(tmp_path.rglob("*.partial"))


def test_relative_names_are_those_of_who_asks(cluster: Any, part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers stand in other folders."""
    monkeypatch.chdir(part.parent)
    for name, engine in (("plain.ome.zarr", "threads"), ("beside.ome.zarr", cluster)):
        hs.correct(part.name, name, engine=engine, reference="first", report=False, overwrite=True)
    np.testing.assert_array_equal(pixels(part.parent / "beside.ome.zarr"), pixels(part.parent / "plain.ome.zarr"))


@pytest.mark.parametrize(
    "options",
    [
        {"reference": "pairs"},
        {"reference": "rolling", "crop": True},
        {"reference": "previous", "motion": "rigid"},
        {"reference": "median", "motion": "affine"},
        {"method": "phase_correlation", "reference": "mean", "bin": 2, "average": 3, "fill": 7},
    ],
    ids=str,
)
@pytest.mark.usefixtures("small_chunks")
@pytest.mark.filterwarnings("ignore:the reference is the mean of frames that move")
def test_every_way_to_register(dask_client: Any, part: Path, tmp_path: Path, options: dict[str, Any]) -> None:
    plain, spread = tmp_path / "plain.ome.zarr", tmp_path / "spread.ome.zarr"
    expected = hs.correct(part, plain, report=False, **options)
    equal(hs.correct(part, spread, report=False, engine=dask_client, **options), expected)
    np.testing.assert_array_equal(pixels(spread), pixels(plain))


@pytest.mark.parametrize(("shard", "chunk", "workers"), [(1, 1, 1), (7, 3, 2), (64, 64, 2)])
def test_chunks_and_workers_change_no_bit(
    dask_client: Any, movie: Path, expected: tuple[hs.Registration, np.ndarray], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, shard: int, chunk: int, workers: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(zarr_sink, "MAX_SHARD_FRAMES", shard)
    monkeypatch.setattr(plan, "MAX_CHUNK_FRAMES", chunk)
    target = tmp_path / "still.ome.zarr"
    equal(hs.correct(movie, target, report=False, engine=dask_client, workers=workers), expected[0])
    np.testing.assert_array_equal(pixels(target), expected[1])


@pytest.mark.usefixtures("small_chunks")
def test_known_motion_is_applied_by_a_cluster(
    cluster: Any, movie: Path, expected: tuple[hs.Registration, np.ndarray], tmp_path: Path
) -> None:
    with open_engine(cluster) as engine:
        expected[0].apply(movie, out=tmp_path / "still.ome.zarr", engine=engine)
    np.testing.assert_array_equal(pixels(tmp_path / "still.ome.zarr"), expected[1])


@pytest.mark.parametrize(("first", "then"), [("threads", "dask"), ("dask", "threads")])
def test_resumed_on_another_engine(
    dask_client: Any, movie: Path, expected: tuple[hs.Registration, np.ndarray], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, first: str, then: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(zarr_sink, "MAX_SHARD_FRAMES", 18)
    engines, chunks = {"threads": "threads", "dask": dask_client}, {"threads": 9, "dask": 18}
    target, told = tmp_path / "still.ome.zarr", []

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "correct" and done >= 36:
            raise KeyboardInterrupt

    monkeypatch.setattr(plan, "MAX_CHUNK_FRAMES", chunks[first])
    with pytest.raises(KeyboardInterrupt):
        hs.correct(movie, target, report=False, engine=engines[first], progress=stop)
    assert not target.exists()
    monkeypatch.setattr(plan, "MAX_CHUNK_FRAMES", chunks[then])
    found = hs.correct(
        movie, target, report=False, engine=engines[then], resume=True,
        progress=lambda stage, done, total: told.append((stage, done)),
    )  # fmt: skip
    equal(found, expected[0])
    np.testing.assert_array_equal(pixels(target), expected[1])
    assert "sample" not in dict(told)
    if then == "dask":
        assert min(done for stage, done in told if stage == "correct") > 36, "what was known is not estimated again"


@pytest.mark.parametrize("suffix", [".tif", ".npy", ".h5"])
def test_sources_that_workers_open_themselves(dask_client: Any, movie: Path, tmp_path: Path, suffix: str) -> None:
    frames, path = pixels(movie)[:20, 0], tmp_path / f"movie{suffix}"
    if suffix == ".tif":
        tifffile.imwrite(path, frames, metadata={"axes": "TYX"})
    elif suffix == ".npy":
        np.save(path, frames)
    else:
        with pytest.importorskip("h5py").File(path, "w") as file:
            file["movie"] = frames
    equal(hs.register(path, engine=dask_client), hs.register(frames))
