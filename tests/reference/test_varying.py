"""A pattern that grows while the sensor warms is taken off as high as it stands in each frame."""

from dataclasses import replace

import numpy as np

from holdstill.api import register
from holdstill.contracts import Chunk, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.engines.threads import ThreadsEngine
from holdstill.evaluation.disturbances import static_pattern
from holdstill.evaluation.stress.base import Setting
from holdstill.evaluation.stress.score import score
from holdstill.evaluation.stress.suite import SCENES
from holdstill.io.array import ArraySource
from holdstill.methods.direct import Direct
from holdstill.reference.defects import Defects
from holdstill.reference.learning import align_sample
from holdstill.reference.pattern import Separating
from holdstill.reference.sample import Sample, mean_of
from holdstill.reference.separation import Solver
from holdstill.reference.strategies import Template
from holdstill.reference.varying import find_beside_varying

SETTING = Setting(photons=10.0, n_frames=16, size=96, seed=4)


def test_frames_behind_a_pattern_that_grows_are_found() -> None:
    scene = SCENES["still/warming"](SETTING)
    found = register(scene.frames, **scene.options)
    ok = np.array([verdict is Verdict.OK for verdict in found.verdicts])
    told = score(scene, found.shifts, found.errors, ok)
    assert told.ok == 16
    assert told.misses <= 1
    assert told.rmse < 0.1 * told.raw
    assert any("at a height of its own" in said for said in found.provenance["defects"])


def test_nothing_is_asked_of_frames_in_which_it_is_steady_nor_taken_where_others_explain_as_much() -> None:
    frames = SCENES["still/column_pattern"](SETTING).frames.astype(np.float32)
    solver = Solver(Direct(), CpuDevice(), 25.0)
    assert find_beside_varying(solver, frames, np.full(16, np.inf)) is None
    growing = SCENES["still/warming"](SETTING).frames.astype(np.float32)
    found = find_beside_varying(solver, growing, np.full(16, np.inf))
    assert found is not None
    # what varies is what was drawn, without the specimen
    assert np.corrcoef(found[1].ravel(), (growing[-1] - growing[0]).ravel())[0, 1] > 0.3
    assert find_beside_varying(solver, growing, np.zeros(16)) is None


def test_the_middle_of_large_frames_decides_for_all_of_them() -> None:
    scene = SCENES["still/warming"](replace(SETTING, size=260, n_frames=12))
    sample = Sample(ArraySource(scene.frames, axes="TYX"), np.arange(12))
    before = mean_of(sample, ThreadsEngine(1))
    found = align_sample(Template(), sample, Direct(), device=CpuDevice(), engine=ThreadsEngine(1))
    split = Separating(sample, found, before, Direct(), CpuDevice())(Chunk(0, 1))
    assert split.varying is not None
    assert split.pattern is not None
    assert split.varying.shape == split.pattern.shape == (260, 260)


def test_it_is_subtracted_as_high_as_it_fits_and_survives_packing() -> None:
    varying = np.random.default_rng(0).normal(size=(12, 14)).astype(np.float32)
    heights = np.array([0.5, 1.0, 3.0], np.float32)[:, None, None]
    defects = Defects(varying=varying, pattern=np.ones((12, 14), np.float32))
    frames = 100 + heights * varying
    frames[0, 0, 0] = np.nan
    again = Defects.unpack({name: np.asarray(value) for name, value in defects.pack().items()})
    assert again.describe() == defects.describe()
    for one in (defects, again):
        seen = one.view(frames)
        assert np.isnan(seen[0, 0, 0])
        np.testing.assert_allclose(seen[np.isfinite(frames)], -1, atol=1e-4)
        # of each frame by itself
        np.testing.assert_array_equal(one.view(frames[1:2])[0], seen[1])


def test_a_specimen_at_rest_in_light_that_rises_is_no_pattern() -> None:
    """All of it stands still and varies: taken for a pattern, 3 to 10 of 30 frames were ok, up to 37 px off."""
    setting = Setting(photons=5.0, n_frames=16, size=96, seed=9303)
    light = setting.show(setting.specimen(), np.zeros((16, 2))) * static_pattern(setting.shape, 0.3, setting.rng(2))
    found = register(setting.record(light * np.linspace(0.7, 1.4, 16)[:, None, None]))
    assert not any("height of its own" in said for said in found.provenance["defects"])
    assert np.abs(found.shifts[found.ok]).max(initial=0) < 1


def test_a_movie_of_one_and_the_same_frame_is_ok() -> None:
    """Beside its mean it has no noise at all."""
    frame = np.random.default_rng(0).integers(0, 999, (1, 64, 64), np.uint16)
    found = register(frame.repeat(12, axis=0))
    assert found.ok.all()
    assert np.abs(found.shifts).max() == 0
