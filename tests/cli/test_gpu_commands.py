"""``--device`` in the commands."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile

from holdstill.cli import main


@pytest.fixture
def path(tmp_path: Path, skip_unusable: Callable[[str], None]) -> Path:
    skip_unusable("gpu")
    rng = np.random.default_rng(0)
    image = np.kron(rng.random((16, 20)), np.ones((6, 6))) * 2000 + 200
    movie = np.stack([np.roll(image, (t, -t), (0, 1)) for t in range(5)])
    tifffile.imwrite(tmp_path / "movie.tif", rng.poisson(movie).astype(np.uint16))
    return tmp_path / "movie.tif"


def said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--json"])
    assert ended.value.code == 0
    return dict(json.loads(capsys.readouterr().out))


def test_gpu_writes_what_the_cpu_writes(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pixels = {}
    for device in ("cpu", "gpu"):
        target, again = path.with_name(f"{device}.ome.tif"), path.with_name(f"{device}-again.ome.tif")
        content = said(["correct", str(path), str(target), "--device", device, "--crop"], capsys)
        assert device in str(content["device"]) or "Vulkan" in str(content["device"])
        said(["apply", str(path.with_name(f"{device}.drift.json")), str(path), str(again), "--device", device], capsys)
        pixels[device] = tifffile.imread(target), tifffile.imread(again)
    for one, other in zip(pixels["cpu"], pixels["gpu"], strict=True):
        assert np.abs(one.astype(int) - other).max() <= 1


def test_info_lists_adapters_with_their_limits(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    adapters = said(["info"], capsys)["adapters"]
    assert isinstance(adapters, list)
    assert "buffers to" in adapters[0]


def test_an_adapter_that_is_not_there(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLDSTILL_GPU", "abacus")
    with pytest.raises(SystemExit) as ended:
        main(["correct", str(path), str(path.with_name("out.ome.tif")), "--device", "gpu"])
    assert ended.value.code == 2
    assert "there is no graphics adapter 'abacus'" in capsys.readouterr().err
