"""Grids that are finer than the light allows are told, put further apart, or refused."""

import numpy as np
import pytest

import holdstill as hs
from holdstill.errors import HoldstillError, InputError
from holdstill.evaluation.local import LocalMovie, draw_field, make_local_movie, make_tissue
from holdstill.run import fineness

SHAPE, FINE = (64, 80), 8


@pytest.fixture(scope="module")
def movie() -> LocalMovie:
    fields = np.stack([draw_field(SHAPE, 64, t) for t in range(4)])
    return make_local_movie(make_tissue(SHAPE, 0.4), np.zeros((4, 2)), fields, photons=2.0, seed=2)


def register(movie: LocalMovie, **options: object) -> hs.Registration:
    given = {"motion": "piecewise", "reference": movie.reference, **options}
    return hs.register(movie.frames, **given)  # type: ignore[arg-type]


def test_a_grid_is_put_as_far_apart_as_is_told(movie: LocalMovie, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.warns(UserWarning, match="of the control points follow.*grid=.. would have few such points"):
        fine = register(movie, grid=FINE)
    with pytest.warns(UserWarning, match="grid=.. is taken") as told:
        coarse = register(movie, grid=FINE, fine_grid="coarsen")
    assert len(told) == 1
    assert fine.follows.mean() > 0.5 > coarse.follows.mean()
    taken = float(coarse.motion.partition(":")[2])
    assert coarse.provenance["asked"]["grid"] == FINE
    np.testing.assert_array_equal(coarse.estimates, register(movie, grid=taken).estimates)
    # what does not stand in the name of the option stands in the estimator
    with pytest.warns(UserWarning, match=f"grid={taken:g} is taken"):
        same = register(movie, motion="translation", method=hs.estimators.Piecewise(grid=FINE), fine_grid="coarsen")
    np.testing.assert_array_equal(same.estimates, coarse.estimates)
    # of a binned copy too, in px of the frames
    monkeypatch.setattr(fineness, "SAMPLE_FRAMES", 2)
    with pytest.warns(UserWarning, match="grid=(1[5-9]|2[0-9]) is taken"):
        register(movie, grid=FINE, bin=2, fine_grid="coarsen")


def test_a_grid_that_is_too_fine_is_refused_where_that_is_asked_for(movie: LocalMovie) -> None:
    with pytest.raises(InputError, match=r"array: .* follow their neighbours.*; take grid="):
        register(movie, grid=FINE, fine_grid="refuse")
    assert register(movie, grid=60, fine_grid="refuse").ok.all()


def test_a_grid_so_fine_that_no_frame_is_good_is_told(movie: LocalMovie) -> None:
    fields = np.stack([draw_field((96, 96), 64, t) for t in range(5)])
    bent = make_local_movie(make_tissue((96, 96), 0.33, 3), np.zeros((5, 2)), fields, photons=1.0, seed=3)
    with pytest.warns(UserWarning, match="100 % of the control points follow their neighbours.*grid="):
        reg = hs.register(bent.frames, motion="piecewise", grid=5)
    assert not reg.ok.any()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"fine_grid": "corsen"}, "no fine_grid='corsen'; choose one of tell, coarsen, refuse"),
        ({"fine_grid": "coarsen", "motion": "rigid"}, "control points of piecewise motion and lines, not 'rigid'"),
        ({"fine_grid": "refuse", "motion": "auto"}, "control points of piecewise motion and lines, not 'auto'"),
    ],
)
def test_what_cannot_be_done_about_a_grid(movie: LocalMovie, options: dict[str, str], told: str) -> None:
    with pytest.raises(HoldstillError, match=told):
        register(movie, **options)


def test_lines_without_an_interval_are_told(movie: LocalMovie) -> None:
    with pytest.warns(UserWarning, match="nothing says when its frames begin.*line_time=0 says that this is meant"):
        alone = register(movie, motion="lines", grid=32)
    meant = register(movie, motion="lines", grid=32, line_time=0)
    np.testing.assert_array_equal(alone.parameters, meant.parameters)
