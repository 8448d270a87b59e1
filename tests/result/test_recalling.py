"""A result is shown again as its frames were written."""

from pathlib import Path

import numpy as np
import tifffile

from holdstill.api import correct
from holdstill.devices.cpu import CpuDevice
from holdstill.evaluation.slides import make_slide
from holdstill.io import open_source
from holdstill.resampling.lazy import CorrectedSource
from holdstill.result.recalling import recall_resampling


def test_frames_come_back_as_they_were_written(tmp_path: Path) -> None:
    scene = make_slide((64, 72), 1, seed=5).images[0]
    frames = np.stack([np.roll(scene, (t, -2 * t), (0, 1)) for t in range(6)]).astype(np.uint16)
    tifffile.imwrite(tmp_path / "movie.tif", frames)
    found = correct(
        tmp_path / "movie.tif", tmp_path / "still.ome.tif", reference="first", edge="nearest", interpolation="linear",
        report=False,
    )  # fmt: skip
    with open_source(tmp_path / "movie.tif") as raw:
        shown = CorrectedSource(raw, found.trajectory, recall_resampling(found), CpuDevice).read(0, 6)
    np.testing.assert_array_equal(shown[:, 0], tifffile.imread(tmp_path / "still.ome.tif"))
