"""What cannot work on a cluster is told in one line, before any work."""

import os
import re
import shutil
import signal
import socket
import time
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import holdstill as hs
from holdstill import extras
from holdstill.engines import remote as placing
from holdstill.engines.choosing import engine_class, open_engine
from holdstill.engines.dask import DaskEngine
from holdstill.engines.spark import SparkEngine
from holdstill.errors import EngineError, FileError, InputError, MissingExtra, UnknownName
from tests.engines.movies import small_movie


@pytest.fixture
def movie(tmp_path: Path, made: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "movie.ome.zarr"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_movie(tmp_path_factory.mktemp("made") / "movie.ome.zarr")


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@pytest.mark.parametrize("engine", ["dask", "spark", "tcp://127.0.0.1:1", "local[2]"])
def test_a_tiff_cannot_be_written_by_several(engine: str, movie: Path, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"still.ome.tif: several processes cannot write .* as OUT.ome.zarr"):
        hs.correct(movie, tmp_path / "still.ome.tif", engine=engine)
    assert [path.name for path in tmp_path.iterdir()] == ["movie.ome.zarr"]


def test_pixels_in_memory_do_not_travel(dask_client: Any) -> None:
    with pytest.raises(InputError, match="do not travel to workers; write them to a file"):
        hs.register(np.zeros((5, 32, 32)), engine=dask_client)


@pytest.mark.parametrize("engine", ["dask", "spark"])
def test_nothing_is_begun_for_pixels_in_memory(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*_: Any, **__: Any) -> None:
        raise AssertionError("a cluster was started")

    monkeypatch.setattr(engine_class(engine), "__init__", start)
    pixels = np.zeros((5, 32, 32))
    for options in ({}, {"scan": "bidirectional"}, {"bin": 2}):
        with pytest.raises(InputError, match="do not travel to workers; write them to a file"):
            hs.register(pixels, engine=engine, **options)
    with pytest.raises(InputError, match="do not travel"):
        hs.Registration.from_shifts(np.zeros((5, 2)), (32, 32)).apply(pixels, engine=engine)


def test_nor_are_they_written_to_memory(dask_client: Any, movie: Path) -> None:
    reg = hs.register(movie, reference="first")
    with pytest.raises(FileError, match="several processes cannot write"):
        reg.apply(movie, engine=DaskEngine(at=dask_client))


@pytest.mark.parametrize("scheme", ["dask", "tcp", "spark"])
def test_nobody_answers(scheme: str, closed_port: int, movie: Path, request: pytest.FixtureRequest) -> None:
    import_module({"spark": "pyspark"}.get(scheme, "distributed"))
    began = time.monotonic()
    with pytest.raises(EngineError, match=rf"127.0.0.1:{closed_port}: nobody answers there .*refused"):
        hs.register(movie, engine=f"{scheme}://127.0.0.1:{closed_port}")
    assert time.monotonic() - began < 15


@pytest.mark.parametrize(("engine", "package"), [("dask", "distributed"), ("spark", "pyspark")])
def test_not_installed(engine: str, package: str, movie: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(extras, "import_module", missing)
    with pytest.raises(MissingExtra, match=re.escape(f'needs {package}: pip install "holdstill[{engine}]"')):
        hs.register(movie, engine=engine)


def test_no_java(movie: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(EngineError, match="needs Java 17"):
        SparkEngine(at="local[2]")


def test_workers_that_do_not_see_the_path(cluster: Any, movie: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = placing._look

    def look(description: bytes, *versions: Any) -> Any:
        return real(description.replace(b"movie.ome.zarr", b"other.ome.zarr"), *versions)

    monkeypatch.setattr(placing, "_look", look)
    with pytest.raises(EngineError, match=rf"on {socket.gethostname()}: .*other.ome.zarr: no such file"):
        hs.register(movie, engine=cluster)


def test_workers_with_another_version(cluster: Any, movie: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing.metadata, "version", lambda name: "9.9")
    with pytest.raises(EngineError, match=rf"on {socket.gethostname()} has holdstill .*; install 9.9"):
        hs.register(movie, engine=cluster)


def test_workers_without_the_package() -> None:
    check = placing._look(b"", "1.0", (3, 11))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(placing.sys, "version_info", (3, 11))
        patch.setattr(metadata, "version", lambda name: (_ for _ in ()).throw(metadata.PackageNotFoundError(name)))
        assert check() == f"on {socket.gethostname()} has no holdstill; install 1.0"
        patch.setattr(placing.sys, "version_info", (3, 99))
        assert "runs Python" in str(check())


@pytest.mark.parametrize(
    ("engine", "name"),
    [
        ("dask", "DaskEngine"),
        ("dask://host:8786", "DaskEngine"),
        ("tcp://host:8786", "DaskEngine"),
        ("tls://host:8786", "DaskEngine"),
        ("spark", "SparkEngine"),
        ("spark://host:7077", "SparkEngine"),
        ("local[4]", "SparkEngine"),
        ("local-cluster[2,1,1024]", "SparkEngine"),
        ("yarn", "SparkEngine"),
        ("threads", "ThreadsEngine"),
    ],
)
def test_which_engine_is_meant(engine: str, name: str) -> None:
    assert engine_class(engine).__name__ == name


def test_no_engine() -> None:
    with pytest.raises(UnknownName, match=r"no engine 'dasc'. Did you mean 'dask'"):
        engine_class("dasc")
    with pytest.raises(InputError, match="engine 'int' is none"):
        engine_class(3)


def test_what_was_brought_stays_open(cluster: Any) -> None:
    for _ in range(2):
        with open_engine(cluster) as engine:
            assert list(engine.map(len, [range(3)])) == [3]


def test_fit_and_apply_take_the_engines_that_register_takes(tmp_path: Path, movie: Path, dask_client: Any) -> None:
    found = hs.register(movie, reference="first")
    for number, engine in enumerate(("threads", dask_client, dask_client.scheduler.address)):
        assert np.array_equal(hs.estimators.Direct().fit(movie, "first", engine=engine).parameters, found.parameters)
        still = found.apply(movie, out=tmp_path / f"still{number}.ome.zarr", engine=engine)
        assert still.exists()
    with pytest.raises(UnknownName, match="no engine 'dasc'"):
        found.apply(movie, engine="dasc", out=tmp_path / "other.ome.zarr")
    with pytest.raises(InputError, match="engine 'int' is none"):
        hs.estimators.Direct().fit(movie, engine=3)


def test_a_client_that_is_closed_or_waits_for_nobody(dask_client: Any) -> None:
    distributed = pytest.importorskip("distributed")
    client = distributed.Client(dask_client.scheduler.address, set_as_default=False)
    client.close()
    with pytest.raises(EngineError, match="the Dask client is closed; make a new one"):
        DaskEngine(at=client)


def test_a_worker_that_dies_while_it_is_asked(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", processes=True
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        victim = next(iter(client.run(os.getpid).values()))

        def look() -> str | None:
            if os.getpid() == victim:
                os.kill(victim, signal.SIGKILL)
            return None

        DaskEngine(at=client).probe(look)  # the other one can do the work


@pytest.mark.parametrize("master", ["local[0]", "local[x]", "local[]", "local[2,0]"])
def test_no_number_of_threads(master: str) -> None:
    with pytest.raises(EngineError, match=re.escape(f"{master}: is not a number of threads; write local[4]")):
        SparkEngine(at=master)
