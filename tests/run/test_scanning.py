"""Movies of scanners that go to and fro: measured in each frame, corrected in the same resampling."""

from pathlib import Path

import numpy as np
import pytest

import holdstill as hs
from holdstill.devices.plain import PlainDevice
from holdstill.errors import UnknownName
from holdstill.evaluation.presets import texture
from holdstill.transforms.trajectory import Trajectory
from tests.methods.test_scan_phase import scan

SHAPE, N = (128, 160), 12
SCENE = texture(SHAPE, seed=3)
SHIFTS = np.stack([0.37 * np.arange(N), -0.61 * np.arange(N)], axis=1)
# drifts, and jumps
PHASES = np.where(np.arange(N) < 7, 0.4, -1.2) + 0.03 * np.arange(N)
INSIDE = (slice(None), slice(8, -14), slice(14, -14))


def movie(phases: np.ndarray, photons: float = 400.0) -> np.ndarray:
    rng = np.random.default_rng(0)
    light = [scan(SCENE, phase, tuple(shift)) for phase, shift in zip(phases, SHIFTS, strict=True)]
    return rng.poisson(photons * np.stack(light) / light[0].mean()).astype(np.uint16)


@pytest.mark.parametrize("interpolation", ["cubic", "linear", "lanczos"])
@pytest.mark.parametrize("dtype", [np.float32, np.uint16])
def test_rows_and_motion_are_taken_off_in_one_resampling(interpolation: str, dtype: type) -> None:
    clean = 1e4 * SCENE.intensity(np.zeros(2))
    frames = np.stack([1e4 * scan(SCENE, 0.4, (1.3, -2.6)), 1e4 * scan(SCENE, -1.7, (0.0, 0.5))]).astype(dtype)
    trajectory = Trajectory.of("translation", np.array([[1.3, -2.6], [0.0, 0.5]]), SHAPE)
    trajectory = Trajectory(trajectory.motion, trajectory.parameters, SHAPE, np.array([0.4, -1.7]))
    out = np.empty_like(frames)
    trajectory.resample(PlainDevice(), frames, interpolation=interpolation, edge="constant", fill=7, out=out)
    most = {"cubic": 0.01, "linear": 0.06, "lanczos": 0.01}[interpolation]
    assert np.abs(out[INSIDE] - clean[INSIDE[1:]]).max() < most * np.ptp(clean)
    assert (out[0, -1] == 7).all()
    plain = np.empty_like(frames)
    still = Trajectory.of("translation", trajectory.parameters, SHAPE)
    still.resample(PlainDevice(), frames, interpolation=interpolation, edge="constant", fill=7, out=plain)
    assert np.abs(plain[INSIDE] - clean[INSIDE[1:]]).max() > 2 * most * np.ptp(clean)


def test_missing_pixels_stay_missing() -> None:
    frames = np.stack([1e4 * scan(SCENE, 0.4)]).astype(np.float32)
    frames[0, 40:50, 60:70] = np.nan
    motion = Trajectory.of("translation", np.zeros((1, 2)), SHAPE).motion
    out = np.empty_like(frames)
    Trajectory(motion, np.zeros((1, 2)), SHAPE, np.array([0.4])).resample(
        PlainDevice(), frames, interpolation="linear", edge="nearest", fill=0, out=out
    )
    assert np.isnan(out[0, 42:48, 62:68]).all()
    assert np.isfinite(out[0, :38]).all()


def test_a_movie_is_registered_and_corrected(tmp_path: Path) -> None:
    np.save(tmp_path / "movie.npy", movie(PHASES))
    reg = hs.correct(tmp_path / "movie.npy", tmp_path / "still.ome.tif", scan="bidirectional", report=False)
    assert reg.phases is not None
    assert np.abs(reg.phases - PHASES).max() < 0.05
    assert np.abs(reg.shifts - SHIFTS).max() < 0.05
    with hs.open(tmp_path / "still.ome.tif") as source:
        still = source.read(0, N)[:, 0].astype(float)
    assert np.array_equal(still, reg.apply(movie(PHASES)))
    untouched = hs.register(movie(0 * PHASES)).apply(movie(0 * PHASES)).astype(float)
    assert still[INSIDE].var(axis=0).mean() < 1.05 * untouched[INSIDE].var(axis=0).mean()
    again = hs.load(tmp_path / "still.drift.json")
    assert np.array_equal(again.phases, reg.phases)
    assert "scan_phase_px" in (tmp_path / "still.drift.csv").read_text().splitlines()[0]
    assert reg.provenance["scan"]["asked"] == "bidirectional"
    dropped = reg.repair("drop")
    assert np.array_equal(dropped.apply(movie(PHASES)), still)
    assert again.inverse.phases is None


def test_a_movie_without_a_phase_has_none_within_its_error() -> None:
    reg = hs.register(movie(0 * PHASES), scan="bidirectional")
    about = reg.provenance["scan"]
    assert np.abs(reg.phases).max() < max(4 * about["phase_error_px"], 0.01)


def test_auto_only_reports() -> None:
    with pytest.warns(
        UserWarning, match=r"every second row is displaced by 0\.5\d \+- 0\.0\d px .* scan='bidirectional'"
    ):
        reg = hs.register(movie(np.full(N, 0.55)), scan="auto")
    assert reg.phases is None
    assert reg.provenance["scan"]["phase_px"] == pytest.approx(0.55, abs=0.03)
    assert hs.register(movie(0 * PHASES), scan="auto").provenance["scan"]["phase_px"] == pytest.approx(0, abs=0.03)


def test_there_is_no_other_scan() -> None:
    with pytest.raises(UnknownName, match="no scan 'raster'; choose one of bidirectional, auto"):
        hs.register(movie(PHASES), scan="raster")
