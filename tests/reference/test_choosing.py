"""How frames are looked at is chosen: what shines on its own carries nothing away; clean movies stay as they are."""

from functools import cache

import numpy as np
import pytest
from scipy import ndimage

from holdstill.api import register
from holdstill.contracts import Verdict
from holdstill.devices.choosing import find_device
from holdstill.evaluation.presets import cells
from holdstill.evaluation.stress.base import Setting, StressScene
from holdstill.evaluation.stress.score import score
from holdstill.evaluation.stress.suite import SCENES
from holdstill.reference.choosing import are_rows_uneven
from holdstill.reference.contrast import Contrast
from holdstill.reference.preferring import Answer, lags_behind, prefer
from holdstill.reference.vote import count_votes
from holdstill.result.registration import Registration
from holdstill.transforms.trajectory import Trajectory

SMALL = Setting(photons=30.0, n_frames=20, size=96, seed=5)
LARGER = Setting(photons=30.0, n_frames=20, size=128, seed=4)


@pytest.mark.parametrize("name", ["moving/bright_speck", "moving/hum", "moving/flashes"])
def test_frames_follow_the_specimen(name: str) -> None:
    scene = SCENES[name](LARGER)
    found = register(scene.frames)
    ok = np.array([verdict is Verdict.OK for verdict in found.verdicts])
    judged = score(scene, found.shifts, found.errors, ok)
    assert judged.misses == judged.refused == 0
    assert judged.rmse < 3 * judged.bound
    assert found.provenance["defects"]


UNSURE = pytest.mark.xfail(strict=True, reason="2 of 24 frames are 0.34 and 0.37 px off, at error bars of 0.11 px")


@cache
def register_dim(name: str) -> tuple[StressScene, Registration]:
    scene = SCENES[name](Setting(photons=5.0, n_frames=24, size=128, seed=24))
    return scene, register(scene.frames)


@pytest.mark.parametrize("name", [pytest.param("moving/bright_speck", marks=UNSURE), "moving/two_specks"])
def test_specks_of_a_hundred_photons_do_not_carry_away_a_specimen_of_five(name: str) -> None:
    scene, found = register_dim(name)
    ok = np.array([verdict is Verdict.OK for verdict in found.verdicts])
    judged = score(scene, found.shifts, found.errors, ok)
    assert judged.misses == judged.refused == 0
    assert judged.rmse < 1.5 * judged.bound


def test_a_speck_of_a_hundred_photons_carries_no_frame_away() -> None:
    """Though error bars are too narrow there, see above."""
    scene, found = register_dim("moving/bright_speck")
    judged = score(scene, found.shifts, found.errors, found.ok)
    assert judged.refused == 0
    assert judged.rmse < 1.5 * judged.bound
    off = found.shifts - scene.truth[:, 0]
    assert np.abs(off - np.median(off, axis=0)).max() < 0.5


def test_specks_that_cover_a_third_of_a_frame_are_left_out() -> None:
    scene = SCENES["moving/bright_speck"](SMALL)
    found = register(scene.frames)
    judged = score(scene, found.shifts, found.errors, found.ok)
    assert judged.misses == judged.refused == 0
    assert judged.rmse < 1.5 * judged.bound


def test_where_one_bright_thing_outvotes_a_dim_specimen_that_the_rest_tells_of_no_frame_is_ok() -> None:
    # 39 of 40 frames were called ok, up to 10 px off
    found = register(SCENES["moving/bright_speck"](Setting(photons=5.0, n_frames=40, seed=51)).frames)
    assert Verdict.OK not in found.verdicts


def test_between_two_answers_that_explain_nothing_nobody_decides() -> None:
    rng, shape = np.random.default_rng(6), (96, 96)
    frames = rng.normal(0, 1, (20, *shape)).astype(np.float32)
    device = find_device("cpu", shape, frames.dtype, 1)
    one, other = (
        Answer(None, np.arange(20), Trajectory.of("translation", rng.normal(0, 8, (20, 2)), shape), 0.1)
        for _ in range(2)
    )
    assert prefer(one, other, frames, 1.0, device) is None


def test_two_frames_of_thirty_that_agree_by_chance_do_not_decide() -> None:
    """Their votes were 15 and 16, where others' went from -73 to 86: soft cells ended 0.34 px off, six bounds."""
    scene = SCENES["clean/soft_cells"](Setting(photons=20.0, n_frames=30, size=128, seed=5103))
    found = register(scene.frames)
    judged = score(scene, found.shifts, found.errors, found.ok)
    assert judged.misses == judged.refused == 0
    assert judged.rmse < 1.5 * judged.bound


def test_clean_movies_are_seen_as_they_are() -> None:
    found = register(SCENES["clean/spots"](SMALL).frames)
    assert found.provenance["defects"] == []


def test_rows_are_uneven_where_they_have_offsets_and_not_where_a_specimen_moves() -> None:
    for name, uneven in (("row_banding", True), ("hum", True), ("debris", False), ("swinging_light", False)):
        assert are_rows_uneven(SCENES[f"moving/{name}"](SMALL).frames.astype(np.float32)) == uneven
    assert not are_rows_uneven(SCENES["clean/tissue"](SMALL).frames.astype(np.float32))


def test_a_bright_thing_has_no_more_votes_than_its_tiles() -> None:
    scene = SCENES["moving/bright_speck"](LARGER)
    frames = scene.frames.astype(np.float32)
    times = np.linspace(0, 1, len(frames))[:, None]
    start, stop = LARGER.rng(2).uniform(0.1, 0.9, (2, 2)) * LARGER.size  # of the speck, as the scene draws it
    device = find_device("cpu", frames.shape[1:], frames.dtype, 1)
    right, wrong = (
        count_votes(frames, Trajectory.of("translation", path, frames.shape[1:]), 6.0, device).sum(axis=1).mean()
        for path in (scene.truth[:, 0], (stop - start) * (times - 0.5))
    )
    assert right > 2 * wrong


def test_movies_too_dark_to_tell_are_refused() -> None:
    assert Verdict.OK not in register(SCENES["beyond/no_specimen"](SMALL).frames).verdicts


def test_a_dark_movie_that_all_its_frames_together_tell_is_right() -> None:
    """It was refused while frames were placed one by one."""
    scene = SCENES["beyond/too_dark"](LARGER)
    found = register(scene.frames)
    assert score(scene, found.shifts, found.errors, found.ok).misses == 0
    assert found.ok.mean() > 0.8


@pytest.mark.parametrize("peak", [1000])
def test_beads_on_an_uneven_ground_that_stands_still_are_never_silently_wrong(peak: int) -> None:
    # left out as outshining all else, they left the ground, which told "no motion": 15 of 16 frames up to 7 px off, ok
    rng, shape = np.random.default_rng(1), (160, 180)
    ground = ndimage.gaussian_filter(rng.normal(size=shape), 4, mode="wrap")
    centres = rng.uniform(0.12, 0.88, (8, 2)) * shape
    drift = np.cumsum(rng.normal(0, 3, (16, 2)), axis=0).clip(-12, 12)
    light = [20 * (1 + 0.2 * ground / ground.std()) for _ in drift]
    for frame, shift in zip(light, drift, strict=True):
        for place in centres + shift:
            frame += peak * np.exp(-((np.indices(shape) - place[:, None, None]) ** 2).sum(axis=0) / 8)
    found = register(rng.poisson(np.clip(light, 0, None)).astype(np.uint16))
    errors = np.abs(found.shifts - found.shifts[0] - (drift - drift[0])).max(axis=1)
    assert not (found.ok & (errors > 0.3)).any()


@pytest.mark.parametrize("seed", [85, 86])
def test_shading_does_not_hold_on_to_a_specimen(seed: int) -> None:
    """Of 24 frames 11 were 0.4 px off and called ok, or all were refused."""
    setting = Setting(photons=100.0, n_frames=24, size=112, seed=seed)
    scene, path = cells(setting.shape, seed=seed), setting.path()
    y, x = np.indices(setting.shape) / (setting.size - 1) - 0.5
    shade = np.exp(-3.2 * (y**2 + x**2))
    frames = setting.record((setting.show(scene, path) + 0.5 * setting.photons) * shade)
    found = register(frames)
    ok = np.array([verdict is Verdict.OK for verdict in found.verdicts])
    judged = score(setting.scene(frames, path, bound=setting.bound(scene)), found.shifts, found.errors, ok)
    assert judged.misses == judged.refused == 0
    assert judged.rmse < 0.15


@pytest.mark.parametrize(("share", "lags"), [(1.0, False), (1.25, True)])
def test_only_what_exceeds_the_scatter_beside_it_lags(share: float, lags: bool) -> None:
    """Detail of spots is 0.02 px off at bars of 0.004: clean movies were told to lag, and took six times as long."""
    rng, rows = np.random.default_rng(4), np.arange(40)
    path = rng.normal(0, 1, (40, 2))
    scatter = rng.normal(0, 0.02, path.shape)
    scatter += (0.026 / np.linalg.norm(path) - (scatter * path).sum() / (path**2).sum()) * path  # 1.3 standard errors
    mine, theirs = (Trajectory.of("translation", each, (128, 128)) for each in (path, share * path + scatter))
    assert lags_behind(Answer(None, rows, mine, 0.0004), Answer(Contrast(), rows, theirs, 0.004)) is lags


def test_where_rows_are_uneven_levelled_ones_are_taken_if_about_as_sure() -> None:
    """What a row shares is in no error bar of frames as they are; those were called surer, and off by 2.3 bars."""
    rng, shape = np.random.default_rng(6), (96, 96)
    frames = rng.normal(0, 1, (20, *shape)).astype(np.float32)
    device = find_device("cpu", shape, frames.dtype, 1)
    path = Trajectory.of("translation", rng.normal(0, 2, (20, 2)), shape)
    as_it_is = Answer(None, np.arange(20), path, 0.1)
    for contrast, expected in ((Contrast(is_levelled=True), True), (Contrast(dark=0.0, softness=1.0), False)):
        assert prefer(Answer(contrast, np.arange(20), path, 0.095), as_it_is, frames, 1.0, device) is expected
    surely_worse = Answer(Contrast(is_levelled=True), np.arange(20), path, 0.13)
    assert not prefer(surely_worse, as_it_is, frames, 1.0, device)
    # rows carried three frames away: too few for votes, and 10 of 30 frames of another movie were wrong and ok
    carried = path.shifts.copy()
    carried[[3, 9, 15]] += 5.0
    away = Answer(None, np.arange(20), Trajectory.of("translation", carried, shape), 0.1)
    for contrast, expected in ((Contrast(is_levelled=True), True), (Contrast(dark=0.0, softness=1.0), False)):
        assert prefer(Answer(contrast, np.arange(20), path, 0.095), away, frames, 1.0, device) is expected
