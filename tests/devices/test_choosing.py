"""From names to devices, and what "auto" chooses."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import holdstill as hs
from holdstill.contracts import Device
from holdstill.devices import choosing
from holdstill.errors import DeviceError, UnknownName
from holdstill.run import registry

SHAPE = (64, 80)


@pytest.fixture(autouse=True)
def _own_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDSTILL_CACHE", str(tmp_path))


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], list[str]]:
    """Makes the gpu so many times as fast as one core, and lists what was measured."""

    def pretend(ratio: float) -> list[str]:
        asked: list[str] = []

        def seconds(device: Device, shape: tuple[int, ...], dtype: object) -> float:
            asked.append(device.name)
            return 1.0 if device.name == "gpu" else ratio

        monkeypatch.setattr(choosing, "_seconds", seconds)
        return asked

    return pretend


def test_every_device_of_the_registry_has_a_name_here() -> None:
    assert sorted(choosing.DEVICES) == registry.names("devices")
    assert choosing.find_device("plain", SHAPE, "u2").name == "plain"
    with pytest.raises(UnknownName, match="Did you mean 'cpu'"):
        choosing.find_device("cpuu", SHAPE, "u2")


def test_auto_takes_the_faster_one_and_says_so(
    skip_unusable: Callable[[str], None], measured: Callable[[float], list[str]]
) -> None:
    skip_unusable("gpu")
    asked = measured(6.0)
    chosen = choosing.find_device("auto", SHAPE, np.uint16, cores=2)
    assert chosen.name == "gpu"
    assert chosen.description.endswith("chosen by auto: 3.0 times as fast as the cpu")
    chosen = choosing.find_device("auto", SHAPE, np.uint16, cores=12)
    assert chosen.name == "cpu"
    assert chosen.description.startswith("cpu, chosen by auto: 2.0 times as fast as ")
    assert len(asked) == 4


def test_what_was_measured_is_remembered(
    skip_unusable: Callable[[str], None], measured: Callable[[float], list[str]]
) -> None:
    skip_unusable("gpu")
    asked = measured(6.0)
    for _ in range(3):
        choosing.find_device("auto", SHAPE, np.uint16)
    assert asked == ["cpu", "gpu"]
    choosing.find_device("auto", (4096, 4096), np.uint16)
    assert len(asked) == 4
    choosing.memory_file().write_text("no JSON")
    choosing.find_device("auto", SHAPE, np.uint16)
    assert len(asked) == 6


def test_without_an_adapter_auto_takes_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Device:
        raise DeviceError('device="gpu" finds no adapter: install the driver')

    monkeypatch.setattr(choosing, "GpuDevice", none)
    chosen = choosing.find_device("auto", SHAPE, "u2")
    assert (chosen.name, chosen.description) == ("cpu", 'cpu, chosen by auto: device="gpu" finds no adapter')


def test_auto_end_to_end(skip_unusable: Callable[[str], None]) -> None:
    image = np.kron(np.random.default_rng(0).random((16, 16)), np.ones((5, 5)))
    found = hs.register(np.stack([image, np.roll(image, 2, 0)]), reference="first", device="auto")
    np.testing.assert_allclose(found.shifts[1], [2, 0], atol=0.05)
    assert "chosen by auto" in found.provenance["device"]
