"""Halves of frames: a model that is too small is told, and one that holds is left alone."""

import numpy as np
import pytest

from holdstill.api import register
from holdstill.contracts import NoiseModel, Reference, Verdict
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import cells
from holdstill.evaluation.stress.base import Setting
from holdstill.evaluation.stress.suite import SCENES
from holdstill.reference.halves import _tell_alike

SETTING = Setting(photons=40.0, n_frames=20, size=96, seed=6)


@pytest.mark.parametrize("name", ["beyond/rotation", "beyond/non_rigid"])
def test_frames_that_turn_or_bend_are_not_ok_as_translations(name: str) -> None:
    assert Verdict.OK not in register(SCENES[name](SETTING).frames).verdicts


def test_beside_a_single_frame_halves_say_the_same() -> None:
    """Smooth cells were all refused: one half of a frame holds little, and its noise decided where it lies."""
    shifts = np.random.default_rng(2).uniform(-5, 5, (12, 2))
    movie = make_movie(cells((128, 128)), shifts, photons=50.0, seed=2)
    found = register(movie.frames, reference=0)
    assert found.ok.all()
    assert np.abs(found.shifts - shifts + shifts[0]).max() < 0.1
    turned = register(SCENES["beyond/rotation"](SETTING).frames, reference=0)
    assert Verdict.OK not in turned.verdicts[1:]


def test_a_half_that_holds_nothing_says_nothing() -> None:
    """All frames were refused, found to 0.04 px: no cell lies in the upper half, and its noise was placed 5 px off."""
    reference = make_movie(cells((128, 128)), np.zeros((1, 2)), photons=100.0, seed=0).reference.copy()
    reference[:64] = np.median(reference[:64])
    noisy = NoiseModel(gain=1.0, read_variance=1.0)
    image = (reference + np.random.default_rng(0).normal(0, 0.2 * np.sqrt(reference + 1))).astype(np.float32)
    first = np.arange(128)[:, None] < np.full((1, 128), 64)
    assert not _tell_alike(Reference(image=image, noise=noisy, n_averaged=25.0), first)
    reference[:64] *= 1 + 0.1 * np.sin(np.arange(128) / 4)
    assert _tell_alike(Reference(image=reference.astype(np.float32), noise=noisy, n_averaged=25.0), first)


def test_what_turns_is_not_explained_by_a_pattern() -> None:
    # all of these were ok, with error bars widened by 6
    setting = Setting(photons=20.0, n_frames=30, size=128, seed=302)
    assert Verdict.OK not in register(SCENES["beyond/rotation"](setting).frames).verdicts


def test_frames_that_turn_are_ok_as_rigid_ones() -> None:
    verdicts = register(SCENES["beyond/rotation"](SETTING).frames, motion="rigid").verdicts
    assert Verdict.CONTENT_CHANGED not in verdicts
    assert np.mean([verdict is Verdict.OK for verdict in verdicts]) > 0.5


@pytest.mark.parametrize("name", ["clean/tissue", "moving/own_walk"])
def test_frames_that_move_as_one_are_not_doubted(name: str) -> None:
    setting = Setting(photons=20.0, n_frames=20, size=128, seed=4)
    assert set(register(SCENES[name](setting).frames).verdicts) == {Verdict.OK}


def test_a_dim_template_that_fits_a_minority_tells_nothing_of_it() -> None:
    # of these frames 14 were called ok, eight of them up to 57 px off
    found = register(SCENES["calcium/dim_between"](Setting(photons=5.0, n_frames=40, seed=26)).frames)
    # but the one that the others would be compared with
    assert found.ok.sum() <= 1
    assert not found.shifts.any()
    assert Verdict.LOW_CONTRAST in found.verdicts


def test_a_template_that_fits_a_minority_surely_is_believed() -> None:
    setting = Setting(photons=40.0, n_frames=24, size=128, seed=6)
    frames, dark = SCENES["clean/spots"](setting).frames.copy(), setting.record(np.zeros((24, 128, 128)))
    for first in (0, 1):
        frames[first::3] = dark[first::3]
    verdicts = register(frames).verdicts
    assert [verdict is Verdict.OK for verdict in verdicts] == [t % 3 == 2 for t in range(24)]


@pytest.mark.parametrize("reference", ["previous", "pairs"])
@pytest.mark.parametrize("name", ["beyond/rotation", "moving/debris", "moving/bright_speck"])
def test_halves_that_disagree_beside_earlier_frames_are_told(name: str, reference: str) -> None:
    # 22 to 24 of 24 frames were called ok
    setting = Setting(photons=20.0, n_frames=24, size=128, seed=7)
    assert Verdict.OK not in register(SCENES[name](setting).frames, reference=reference).verdicts


def test_frames_that_move_as_one_are_not_doubted_beside_earlier_ones() -> None:
    setting = Setting(photons=20.0, n_frames=24, size=128, seed=7)
    for name in ("clean/tissue", "clean/spots", "turnover/exchange"):
        assert set(register(SCENES[name](setting).frames, reference="previous").verdicts) == {Verdict.OK}, name
