"""A picture and a piece of it, wherever that lies; pictures that have nothing in common."""

import numpy as np
import pytest

import holdstill as hs
from holdstill.evaluation.pictures import dead_leaves
from holdstill.run.sizes import _find_place, _leads

PICTURE = dead_leaves((150, 160), 4)
PIECE = (slice(90, 150), slice(100, 160))


@pytest.mark.parametrize("method", ["direct", "masked_correlation"])
@pytest.mark.parametrize("is_whole_fixed", [True, False])
def test_a_piece_is_found_wherever_it_lies(method: str, is_whole_fixed: bool) -> None:
    """A corner was `blank`, or ok and 150 px off: it lay further away than shifts are searched for."""
    pair = (PICTURE, PICTURE[PIECE]) if is_whole_fixed else (PICTURE[PIECE], PICTURE)
    reg = hs.align(*pair, motion="translation", method=method)
    assert reg.ok.all()
    np.testing.assert_allclose(reg.shifts[0], np.array((90, 100)) * (-1 if is_whole_fixed else 1), atol=0.05)
    assert reg.frame_shape == reg.template.shape == pair[0].shape
    still = reg.apply(pair[1])
    shown = still[PIECE] if is_whole_fixed else still
    np.testing.assert_allclose(shown[2:-2, 2:-2], PICTURE[PIECE][2:-2, 2:-2], atol=5)


def test_frames_of_another_size_than_the_reference_are_fitted() -> None:
    frames = np.stack([PICTURE[20 + y : 120 + y, 30:130] for y in (0, 2)])
    reg = hs.estimators.MaskedCorrelation().fit(frames, reference=PICTURE)
    assert reg.ok.all()
    np.testing.assert_allclose(reg.shifts, [(-20, -30), (-22, -30)], atol=0.05)


def test_pictures_of_two_sizes_with_nothing_in_common_have_no_place() -> None:
    noise = np.random.default_rng(5).normal(size=(70, 64)).astype(np.float32)
    assert _find_place(PICTURE.astype(np.float32), noise) is None
    assert _find_place(PICTURE.astype(np.float32), dead_leaves((82, 80), 911).astype(np.float32)) is None
    assert _find_place(PICTURE.astype(np.float32), PICTURE[PIECE].astype(np.float32)) is not None
    assert not hs.align(PICTURE, dead_leaves((82, 80), 911), motion="translation").ok.any()


def test_a_place_leads_only_if_others_far_away_are_worse() -> None:
    """Smooth pictures that had nothing in common stood 8.7 deviations above all places, and 0.7 above another."""
    sure, allowed = np.zeros((60, 60)), np.ones((60, 60), bool)
    sure[30, 30], sure[32, 31] = 8.7, 8.6  # its own slope
    peak = np.array([30, 30])
    assert _leads(sure, allowed, peak, 1.0)
    sure[5, 50] = 8.0
    assert not _leads(sure, allowed, peak, 1.0)
    allowed[5, 50] = False
    assert _leads(sure, allowed, peak, 1.0)
    assert _leads(np.ones((8, 8)), np.ones((8, 8), bool), np.array([4, 4]), 1.0)  # nothing is far


def test_of_a_reference_whose_rows_are_columns_that_is_said() -> None:
    """Every frame was a mismatch, and nothing said why."""
    movie = np.stack([PICTURE[:60, :80]] * 2)
    with pytest.warns(UserWarning, match=r"it has shape \(80, 60\), a frame \(60, 80\); give reference.T"):
        reg = hs.register(movie, reference=movie[0].T)
    assert not reg.ok.any()
