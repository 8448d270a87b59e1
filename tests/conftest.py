"""What all tests share: the device under test, the real data where they are, and how hard hypothesis tries."""

from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

from holdstill.devices.gpu.adapters import adapters

ROOT = Path(__file__).parents[1]
DEVICES = ("cpu", "gpu", "plain")

# Kernels compile within the first example, so a deadline would measure the compiler.
hypothesis.settings.register_profile("house", deadline=None, max_examples=25, derandomize=True)
hypothesis.settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--device", choices=DEVICES, default="cpu", help="run the suite on this device (default: cpu)")


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
    """The folder of real test data; tests that need it are skipped where it is absent."""
    for folder in (ROOT / "shared" / "data", ROOT.parent / "shared" / "data"):
        if folder.is_dir():
            return folder
    pytest.skip("the folder shared/data with real test data is absent")
