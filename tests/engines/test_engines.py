"""Each engine against its contract."""

from typing import Any

import pytest

from holdstill.contracts import Engine
from holdstill.engines.dask import DaskEngine
from holdstill.engines.spark import SparkEngine
from holdstill.engines.threads import ThreadsEngine
from holdstill.errors import InputError
from holdstill.testing.engines import EngineTests


class TestThreads(EngineTests):
    @pytest.fixture(params=[1, 2, 5])
    def engine(self, request: pytest.FixtureRequest) -> Engine:
        return ThreadsEngine(request.param)


class TestDask(EngineTests):
    @pytest.fixture
    def engine(self, dask_client: Any) -> Engine:
        return DaskEngine(at=dask_client)


class TestSpark(EngineTests):
    @pytest.fixture
    def engine(self, spark_session: Any) -> Engine:
        return SparkEngine(at=spark_session)


def test_no_workers_is_refused() -> None:
    with pytest.raises(InputError, match="at least 1"):
        ThreadsEngine(0)
