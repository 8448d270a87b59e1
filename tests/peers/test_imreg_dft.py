"""imreg_dft: the three samples of its quick start, which it tells of: 79 and 19 px; 30 degrees at a scale of 0.8."""

from pathlib import Path

import imagecodecs
import numpy as np
import pytest

import holdstill as hs


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("method", ["direct", "log_polar"])
@pytest.mark.parametrize(("sample", "angle_deg", "scale"), [(2, 0.0, 1.0), (3, 30.0, 0.8)])
def test_its_quick_start(method: str, sample: int, angle_deg: float, scale: float, shared_data: Path) -> None:
    one, other = (
        np.atleast_3d(imagecodecs.imread(shared_data / "imreg_dft" / f"sample{n}.png"))[..., :3].mean(axis=-1)
        for n in (1, sample)
    )
    reg = hs.align(one, other, motion="similarity", method=method)
    assert reg.ok.all()
    assert np.rad2deg(reg.parameters[0, 2]) == pytest.approx(angle_deg, abs=0.15)
    assert reg.parameters[0, 3] == pytest.approx(scale, abs=0.003)
    if sample == 3:
        peer = pytest.importorskip("imreg_dft")
        found = peer.similarity(one, other, numiter=3)
        assert -found["angle"] == pytest.approx(np.rad2deg(reg.parameters[0, 2]), abs=0.2)
        assert 1 / found["scale"] == pytest.approx(reg.parameters[0, 3], abs=0.003)
