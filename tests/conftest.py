"""What all tests share: the device under test, the real data where they are, and how hard hypothesis tries."""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from holdstill.devices.gpu.adapters import adapters
from holdstill.engines import threads
from tests.peers.counting import reports_of_peers, summarize_peers
from tests.scheduling import UnitScheduling, unit_of

ROOT = Path(__file__).parents[1]
DEVICES = ("cpu", "gpu", "plain")
# a Spark of a few minutes is not worth optimizing: starting it and ten jobs took 38 s of processor time, and 19 so
BRIEF_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"

# What these claim are numbers, which no count of threads changes: that is claimed in tests/engines, tests/run and
# tests/result/test_registration.py. On several threads a reference asks ahead what may not be wanted: movies with
# something amiss took two to three times as long, on cores that other processes of the suite want.
ROOMS_OF_ONE_THREAD = {"evaluation", "integrity", "methods", "peers", "reference", "result"}

# Kernels compile within the first example, so a deadline would measure the compiler.
hypothesis.settings.register_profile("house", deadline=None, max_examples=25, derandomize=True)
hypothesis.settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--device", choices=DEVICES, default="cpu", help="run the suite on this device (default: cpu)")


def pytest_configure() -> None:
    """Runs that tests interrupt must hear it, even where a shell started pytest in the background, deaf to Ctrl-C."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Processes take units of tests, see `tests.scheduling`."""
    return UnitScheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that wants a cluster stands where its process has one already."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        units = {"spark_session": {"spark"}, "dask_client": {"dask"}, "cluster": {"spark", "dask"}}
        for fixture in asked & units.keys():
            if unit_of(item.nodeid) not in units[fixture]:
                raise pytest.UsageError(f"{item.nodeid} asks for {fixture}: name its file in tests/scheduling.py")


@pytest.fixture(scope="module", autouse=True)
def one_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """A movie is registered on one thread, unless a test says on how many."""
    with pytest.MonkeyPatch.context() as patch:
        if request.path.relative_to(ROOT / "tests").parts[0] in ROOMS_OF_ONE_THREAD:
            patch.setattr(threads, "available_cores", lambda: 1)
        yield


@pytest.fixture(scope="session")
def device_name(request: pytest.FixtureRequest, skip_unusable: Callable[[str], None]) -> str:
    """The name given with `--device`."""
    name: str = request.config.getoption("--device")
    skip_unusable(name)
    return name


@pytest.fixture(scope="session")
def skip_unusable() -> Callable[[str], None]:
    """Skips, with the reason, where a device is the gpu and there is no adapter."""

    def skip(device: str) -> None:
        if device != "gpu":
            return
        pytest.importorskip("wgpu", reason='no wgpu here: pip install "holdstill[gpu]"')
        if not adapters():
            pytest.skip("no graphics adapter here; mesa-vulkan-drivers and libvulkan1 bring one in software")

    return skip


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real test data, `HOLDSTILL_TEST_DATA` or shared/data; tests that need it are skipped without it.

    What may not be redistributed, such as StackReg's movie and its five outputs, is only ever read from there.
    """
    named = os.environ.get("HOLDSTILL_TEST_DATA")
    for folder in [Path(named)] if named else [ROOT / "shared" / "data", ROOT.parent / "shared" / "data"]:
        if folder.is_dir():
            return folder
    pytest.skip("the folder of real test data is absent; name it by HOLDSTILL_TEST_DATA")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many of the peers' own cases were run, and how many skipped and why."""
    stats = {name: reports_of_peers(terminalreporter.stats.get(name, ())) for name in ("passed", "failed", "skipped")}
    if any(stats.values()):
        terminalreporter.write_line(summarize_peers(**{name: list(reports) for name, reports in stats.items()}))


@pytest.fixture(scope="session")
def dask_client() -> Iterator[Any]:
    """A real cluster of two processes."""
    distributed, dask = pytest.importorskip("distributed"), pytest.importorskip("dask")
    with (
        dask.config.set({"distributed.worker.profile.enabled": False}),  # idle, it takes 4 % of a core in each worker
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client


@pytest.fixture(scope="session")
def spark_session() -> Iterator[Any]:
    """A real Spark with two executors, each a process of its own."""
    sql = pytest.importorskip("pyspark.sql")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java, and there is none")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LAUNCHER_OPTS"] = BRIEF_JAVA
    builder = sql.SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.ui.enabled", "false")
    for part in ("driver", "executor"):
        builder = builder.config(f"spark.{part}.extraJavaOptions", BRIEF_JAVA)
    session = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(params=["dask", "spark"])
def cluster(request: pytest.FixtureRequest) -> Any:
    """Each of the clusters, as a caller would pass it."""
    return request.getfixturevalue({"dask": "dask_client", "spark": "spark_session"}[request.param])
