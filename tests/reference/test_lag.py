"""What stands still in the frame holds frames back; how far is measured, and light that is smooth is taken off."""

import numpy as np
import pytest
from scipy import ndimage

from holdstill.api import register
from holdstill.evaluation.stress.base import Setting
from holdstill.evaluation.stress.score import score
from holdstill.evaluation.stress.suite import SCENES
from holdstill.evaluation.trajectories import drift, walk
from holdstill.reference.evening import fit_smooth
from holdstill.reference.lag import Lag, measure_lag


def _leave(share: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray, float]:
    """What is left, in units of the noise, of frames found at 1 - `share` of their motion; that; a shift's variance.

    A still pattern holds them there: its slopes and those of the specimen are not alike.
    """
    rng = np.random.default_rng(seed)
    specimen, still = rng.standard_normal((2, 2, 48, 48))
    still *= np.sqrt(
        share / (1 - share)
    )  # normal equations of a shift: sum (still - c specimen) (still + specimen) = 0
    missing = share / (1 - share)
    path = np.cumsum(rng.normal(0, 0.5, (24, 2)), axis=0)
    found = (path - path.mean(axis=0)) / (1 + missing)
    slopes = still - missing * specimen
    left = np.einsum("ta,ayx->tyx", found, slopes) + 0.3 * rng.standard_normal((24, 48, 48))
    information = float(np.square(still + specimen).sum(axis=(1, 2)).mean())
    return (left / 0.3).astype(np.float32), found, 0.3**2 / information


@pytest.mark.parametrize("share", [0.05, 0.3])
def test_the_missing_share_of_the_motion_is_measured(share: float) -> None:
    left, found, variance = _leave(share)
    lag = measure_lag(left, found, np.arange(24.0), np.full(2, variance))
    expected = share / (1 - share) * np.sqrt(np.mean(found**2))
    assert lag.is_large
    assert 0.6 * expected < lag.px < 1.7 * expected


def test_of_noise_and_of_steady_change_nothing_is_missing() -> None:
    rng = np.random.default_rng(3)
    found = np.cumsum(rng.normal(0, 0.5, (24, 2)), axis=0)
    noise = rng.standard_normal((24, 48, 48))
    fading = np.linspace(-1, 1, 24)[:, None, None] * rng.standard_normal((48, 48))
    for left in (noise, noise + fading):
        assert not measure_lag(left.astype(np.float32), found, np.arange(24.0), np.full(2, 1e-3)).is_sure


def _flash(seed: int, n: int = 30, n_cells: int = 40, size: int = 48) -> tuple[np.ndarray, np.ndarray]:
    """What is left of frames of cells that flash and fade, in units of the noise, and a drift."""
    rng, shine = np.random.default_rng(seed), np.zeros((n, n_cells))
    path = drift(n, 6.0, seed=seed) + walk(n, 0.4, seed=seed + 50)
    for t in range(n):
        shine[t] = (rng.random(n_cells) < 0.03) * rng.uniform(0.5, 1.5, n_cells) + 0.8 * shine[t - 1]
    at, cells = rng.integers(4, size - 4, (2, n_cells)), np.zeros((n_cells, size, size))
    cells[np.arange(n_cells), at[0], at[1]] = 60
    shown = np.einsum("tc,cyx->tyx", shine - shine.mean(axis=0), ndimage.gaussian_filter(cells, (0, 3, 3)))
    return (shown + rng.standard_normal(shown.shape)).astype(np.float32), path


def test_cells_that_flash_hold_no_frames() -> None:
    """Four of these 24 were told to lag behind for sure: flashes last for some frames, as does the way of a drift."""
    lags = [measure_lag(*_flash(seed), np.arange(30.0), np.full(2, 0.02)) for seed in range(24)]
    assert not any(lag.is_sure for lag in lags)


def test_frames_that_went_too_far_lag_behind_by_nothing() -> None:
    """What is left of neighbours may be less alike than chance at every scale."""
    rng = np.random.default_rng(4)
    found = np.cumsum(rng.normal(0, 0.5, (24, 2)), axis=0)
    slope, left = rng.standard_normal((48, 48)), 0.1 * rng.standard_normal((24, 48, 48))
    left += np.sign(found[:, :1] - np.median(found[:, 0]))[:, :, None] * slope * (-1.0) ** np.arange(24)[:, None, None]
    lag = measure_lag(left.astype(np.float32), found, np.arange(24.0), np.full(2, 1e-3))
    assert lag.px >= 0
    assert measure_lag(-left[:, ::-1].astype(np.float32), -found, np.arange(24.0), np.full(2, 1e-3)).px >= 0
    assert Lag(0.0, -2.0, 0.1).total == 0.1


@pytest.mark.parametrize("seed", range(6))
def test_of_noise_alone_nothing_is_sure_whatever_its_chance(seed: int) -> None:
    """Where all scales have less than chance, the largest of none ended in a ValueError."""
    rng = np.random.default_rng(seed)
    left = rng.standard_normal((10, 32, 32)).astype(np.float32)
    left[2] *= 9  # out of focus, say
    assert not measure_lag(left, rng.normal(0, 1, (10, 2)), np.arange(10.0), np.full(2, 1e-3)).is_sure


def test_where_nothing_is_known_nothing_is_said() -> None:
    left = np.full((12, 32, 32), np.nan, np.float32)
    assert measure_lag(left, np.zeros((12, 2)), np.arange(12.0), np.ones(2)) == Lag()


def test_smooth_light_is_told_and_missing_pixels_tell_nothing() -> None:
    y, x = np.indices((40, 60)) / 40
    light = (3 + y - 2 * x * y + x**2).astype(np.float32)
    holes = np.where(np.random.default_rng(0).random(light.shape) < 0.2, np.nan, light)
    np.testing.assert_allclose(fit_smooth(holes, 2), light - light.mean(), atol=1e-4)


@pytest.mark.parametrize(
    ("seed", "refused"),
    [(82, 0), pytest.param(91, 30, marks=pytest.mark.slow), pytest.param(411, 0, marks=pytest.mark.slow)],
)
def test_a_shaded_movie_is_right_or_its_error_bars_say_so(seed: int, refused: int) -> None:
    """Of 30 frames 24 were up to 4 px off and called ok; of the other seeds all were refused.

    Seed 91 is: evened, its frames are 0.5 px off, and 0.6 px are told to be missing, where error bars are of no use.
    """
    scene = SCENES["still/shading"](Setting(photons=20.0, n_frames=30, size=128, seed=seed))
    found = register(scene.frames)
    judged = score(scene, found.shifts, found.errors, found.ok)
    assert judged.refused == refused
    assert judged.misses <= 2  # chance, at three standard errors of one in 300
    if not refused:
        assert judged.rmse < 0.3 * judged.raw


def test_a_movie_held_at_rest_by_shading_is_refused() -> None:
    """Of 30 frames 29 were up to 4 px off and called ok: five standard errors of lag were not enough."""
    scene = SCENES["still/shading"](Setting(photons=20.0, n_frames=30, size=128, seed=301))
    assert not register(scene.frames).ok.any()


def test_a_pattern_that_the_template_holds_is_looked_for_where_frames_lag() -> None:
    """Columns that frames follow along x, and are found beside along y: 28 of 30 frames were wrong and called ok."""
    scene = SCENES["still/column_pattern"](Setting(photons=20.0, n_frames=30, size=128, seed=302))
    found = register(scene.frames)
    judged = score(scene, found.shifts, found.errors, found.ok)
    assert (judged.misses, judged.refused) == (0, 0)
    assert judged.rmse < 2 * judged.bound


def test_of_large_frames_the_middle_tells() -> None:
    rng, n = np.random.default_rng(5), 600
    specimen = ndimage.gaussian_filter(rng.standard_normal((n + 40, n + 40)), 6)
    specimen = 60 * (specimen - specimen.min()) / np.ptp(specimen)
    path = np.cumsum(rng.integers(-2, 3, (12, 2)), axis=0).clip(-15, 15) + 16
    frames = np.array([rng.poisson(20 + specimen[y : y + n, x : x + n]) for y, x in path]).astype(np.uint16)
    found = register(frames)
    assert found.ok.all()
    off = found.shifts + path
    assert np.abs(off - np.median(off, axis=0)).max() < 0.1
    assert not any("widened" in text for text in found.provenance["defects"])


def test_frames_that_did_not_move_lag_behind_nothing() -> None:
    """Of twenty frames that were one and the same it was 75 px: what they leave is alike to the last digit."""
    left = np.repeat(np.random.default_rng(0).standard_normal((1, 32, 32)).astype(np.float32), 20, axis=0)
    assert measure_lag(left, np.full((20, 2), 0.0118), np.arange(20.0), np.full(2, 6e-10)) == Lag()


def test_so_much_is_missing_that_no_error_bar_is_of_use() -> None:
    held = Lag(px=2.8, sigmas=2.8, error=0.08, moved=0.14, slowness=5.3)
    assert held.is_much
    assert held.is_suspicious
    assert Lag(px=2.1, sigmas=3.8, error=0.14, moved=0.8).is_much
    assert Lag(px=0.6, sigmas=5.0, error=0.1, moved=0.1).is_much
    # a stage that stands still but for a tenth of a px: what noise leaves passes for as much
    assert not Lag(px=2.4, sigmas=3.5, error=0.13, moved=0.16, slowness=2.4).is_much
    assert not Lag(px=0.6, sigmas=3.0, error=0.1, moved=1.8, slowness=5.0).is_much
    assert not Lag(px=3.0, sigmas=1.5, error=0.1, moved=1.8, slowness=5.0).is_much


def test_frames_that_are_held_and_of_which_much_may_be_missing_are_refused() -> None:
    """Pattern and specimen explain them better further apart, yet none was found: 2.5 px off at a stated 0.3, ok."""
    lag = Lag(px=8.3, sigmas=4.1, error=0.34, moved=0.42, slowness=3.8)
    assert lag.may_be_much
    assert not lag.is_much
    scene = SCENES["still/shading"](Setting(photons=5, n_frames=30, size=128, seed=1204))
    assert not register(scene.frames).ok.any()
