"""Names of parts."""

import pytest

from holdstill.errors import UnknownName
from holdstill.run import registry


@pytest.mark.parametrize("kind", ["methods", "devices", "engines"])
def test_every_name_is_a_class(kind: str) -> None:
    assert registry.names(kind)
    for name in registry.names(kind):
        assert isinstance(registry.find(kind, name), type)


def test_a_slip_of_the_pen_is_understood() -> None:
    with pytest.raises(UnknownName, match=r"there is no device 'cpuu'\. Did you mean 'cpu'\? Known: cpu, gpu, plain"):
        registry.find("devices", "cpuu")
