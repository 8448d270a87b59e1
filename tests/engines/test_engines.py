"""Each engine against its contract."""

import pytest

from holdstill.contracts import Engine
from holdstill.engines.threads import ThreadsEngine
from holdstill.errors import InputError
from holdstill.testing.engines import EngineTests


class TestThreads(EngineTests):
    @pytest.fixture(params=[1, 2, 5])
    def engine(self, request: pytest.FixtureRequest) -> Engine:
        return ThreadsEngine(request.param)


def test_no_workers_is_refused() -> None:
    with pytest.raises(InputError, match="at least 1"):
        ThreadsEngine(0)
