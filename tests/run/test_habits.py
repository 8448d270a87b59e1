"""What users of other packages type first: it works, or one line says what to type here."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import holdstill as hs
from holdstill.errors import HoldstillError, InputError, UnknownName
from holdstill.estimators import Direct, TemplateMatching

MOVIE = np.stack([np.roll(np.random.default_rng(0).random((32, 32)).cumsum(0).cumsum(1) % 50, t, 0) for t in range(4)])
FLOATS = MOVIE.astype(np.float32)


@pytest.mark.parametrize(
    ("images", "told"),
    [
        ([], "the list of images is empty"),
        ((), "the tuple of images is empty"),
        (iter(MOVIE), "give list"),
        ((frame for frame in MOVIE), "a generator does not allow"),
        (None, "cv2.imread"),
    ],
)
def test_what_holds_no_images(images: Any, told: str) -> None:
    for take in (hs.register, hs.open, lambda one: hs.align(one, MOVIE[0]), hs.Registration.from_shifts(
        np.zeros((4, 2)), (32, 32)
    ).apply):  # fmt: skip
        with pytest.raises(InputError, match=told):
            take(images)


def test_a_class_is_no_method() -> None:
    for take in (lambda: hs.register(MOVIE, method=Direct), lambda: hs.align(*MOVIE[:2], method=Direct)):  # type: ignore[arg-type]
        with pytest.raises(InputError, match=r"Direct is a class; give one of it with its settings, Direct\(\)"):
            take()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("TM_CCOEFF_NORMED", r"TemplateMatching\(score='ccoeff_normed'\)"),
        ("ecc", "Did you mean 'direct'"),
        ("phase_cross_correlation", "Did you mean 'phase_correlation'"),
        ("featuers", "Did you mean 'features'"),
    ],
)
def test_methods_by_the_names_of_others(name: str, told: str) -> None:
    with pytest.raises(UnknownName, match=told):
        hs.register(MOVIE, method=name)


@pytest.mark.parametrize("score", ["TM_CCOEFF_NORMED", "cv2.TM_CCOEFF_NORMED", "CCOEFF_NORMED", 5])
def test_scores_by_the_names_and_numbers_of_opencv(score: Any) -> None:
    with pytest.raises(UnknownName, match="here it is called 'ccoeff_normed'"):
        TemplateMatching(score=score)


@pytest.mark.parametrize(
    ("edge", "meant"),
    [("mirror", "reflect"), ("grid-wrap", "wrap"), ("edge", "nearest"), ("grid-constant", "constant")],
)
def test_edges_by_the_names_of_others(edge: str, meant: str) -> None:
    reg = hs.Registration.from_shifts(np.zeros((4, 2)), (32, 32))
    with pytest.raises(UnknownName, match=f"nearest to it is '{meant}'"):
        reg.apply(MOVIE, edge=edge)


def test_nothing_is_cropped_of_what_goes_on_at_the_other_side() -> None:
    reg = hs.Registration.from_shifts(np.arange(8.0).reshape(4, 2), (32, 32))
    with pytest.raises(InputError, match="take one of the two"):
        reg.apply(MOVIE, edge="wrap", crop=True)


def test_estimators_say_who_transforms() -> None:
    for name in ("transform", "fit_transform", "register_stack"):
        with pytest.raises(AttributeError, match=r"reg = Direct\(...\).fit\(images\)"):
            getattr(Direct(), name)
    with pytest.raises(AttributeError, match=r"no attribute 'colour'$"):
        getattr(Direct(), "colour")  # noqa: B009  # unknown to type checkers too
    assert not hasattr(Direct(), "transform")


def test_templates_of_reduced_copies() -> None:
    reg = hs.register(MOVIE, bin=2, reference="first")
    with pytest.raises(InputError, match=r"reduced copy \(bin=2\); take the mean of reg.apply\(images\)"):
        _ = reg.template


def test_pairs_are_no_movies() -> None:
    flat = np.full((32, 32), 7.0)
    with pytest.raises(InputError, match="all pixels of the image are equal"):
        hs.align(flat, flat)
    with pytest.raises(InputError, match="too small"):
        hs.align(np.zeros((0, 5)), MOVIE[0])


def test_grids_may_be_lists() -> None:
    options: dict[str, Any] = {"motion": "piecewise", "reference": "first", "device": "plain"}
    found = [hs.register(MOVIE[:2], grid=grid, **options) for grid in ([16, 16], (16, 16))]
    np.testing.assert_array_equal(found[0].parameters, found[1].parameters)
    with pytest.raises(InputError, match="has 3 distances"):
        hs.register(MOVIE, grid=[16, 16, 16], motion="piecewise")  # type: ignore[arg-type]


@pytest.mark.parametrize(("factor", "told"), [(1e14, "divide by"), (1e25, "divide by"), (1e-8, "multiply by")])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_grey_levels_that_cannot_be_computed_with(factor: float, told: str, dtype: type) -> None:
    """Huge ones were blank or ended in a LinAlgError, tiny ones were off by whole px and ok."""
    images = (MOVIE * factor).astype(dtype)
    refuse: list[Callable[[], Any]] = [
        lambda: hs.register(images),
        lambda: hs.register(images, reference="previous"),
        lambda: hs.align(images[0], images[1]),
        lambda: hs.register(MOVIE, reference=images[0]),
        lambda: Direct().fit(images),
    ]
    for each in refuse:
        with pytest.raises(HoldstillError, match=f"grey levels, too .*{told} 1e"):
            each()


def test_grey_levels_at_both_ends_that_can() -> None:
    usual = hs.register(FLOATS, reference="first").shifts
    for factor in (1e-6, 1e10):
        found = hs.register(FLOATS * np.float32(factor), reference="first")
        assert found.ok.all()
        np.testing.assert_allclose(found.shifts, usual, atol=0.01)


def test_a_pixel_may_be_huge_and_some_frames_dark() -> None:
    images = FLOATS.copy()
    images[:, 9, 9] = 1e20
    assert hs.register(images, reference="first").ok.all()
    images = np.concatenate([FLOATS, FLOATS[:2] * np.float32(1e-9)])
    assert hs.register(images, reference="first").ok[:4].all()
