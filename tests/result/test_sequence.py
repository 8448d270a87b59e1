"""Points, tracks and labels move with the pixels, and steps compose to one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import holdstill as hs
from holdstill.contracts import Covariance, Verdict
from holdstill.errors import InputError
from holdstill.result.registration import Registration
from holdstill.transforms.motions import CHAINED, MOTIONS, find_motion
from holdstill.transforms.trajectory import Trajectory

SHAPE = (60, 80)


def make_result(motion: str = "affine", n: int = 4, seed: int = 0, shape: tuple[int, ...] = SHAPE) -> Registration:
    """A result with known transforms; the first frame is the identity."""
    family = find_motion(motion, shape)
    names, identity = family.names(len(shape)), family.identity(len(shape))
    spread = np.array([4.0 if "shift" in name else 1e-4 if "per_px" in name else 0.04 for name in names])
    steps = np.random.default_rng(seed).normal(size=(n, len(names))) * spread
    steps[0] = 0
    covariance = Covariance.of_errors(np.full(steps.shape, 0.01) * spread)
    return Registration.of_trajectory(
        Trajectory(family, identity + steps, shape), covariance=covariance,
        corner_errors=np.full(n, 0.1), scores=np.ones(n),
    )  # fmt: skip


def points(n: int = 20) -> np.ndarray:
    return np.random.default_rng(1).uniform(5, 50, (n, 2))


def test_a_sequence_and_a_mapping() -> None:
    reg = make_result()
    assert list(dict(reg)) == [0, 1, 2, 3]
    assert dict(reg)[2].matrix.tolist() == reg[2].matrix.tolist() == reg.transforms[2].matrix.tolist()
    np.testing.assert_array_equal(reg[-1].matrix, tuple(reg)[3].matrix)
    assert len(reg[1:3]) == 2
    np.testing.assert_array_equal(reg[np.int64(2)].matrix, reg[2].matrix)
    with pytest.raises(IndexError, match="no frame 4; the result has 4"):
        reg[4]


@pytest.mark.parametrize("motion", MOTIONS)
def test_points_go_where_pixels_go(motion: str) -> None:
    reg = make_result(motion)
    mapped = reg.map(points())
    assert mapped.shape == (4, 20, 2)
    np.testing.assert_allclose(mapped[0], points())
    np.testing.assert_allclose(mapped[2], reg[2].map(points()))


@pytest.mark.parametrize("motion", MOTIONS)
def test_tracks_there_and_back(motion: str) -> None:
    reg = make_result(motion)
    times = np.arange(20) % 4
    raw = np.column_stack([times, points()])
    still = reg.map_tracks(raw)
    np.testing.assert_allclose(still[0], raw[0], atol=1e-9)
    np.testing.assert_allclose(reg.map_tracks(still, to="frame"), raw, atol=1e-6)
    numbered = np.column_stack([np.arange(20), raw])
    np.testing.assert_array_equal(reg.map_tracks(numbered)[:, 1:], still)
    table = {"t": times, "y": raw[:, 1], "x": raw[:, 2], "name": ["a"] * 20}
    moved = reg.map_tracks(table)
    np.testing.assert_array_equal(moved["y"], still[:, 1])
    np.testing.assert_array_equal(table["y"], raw[:, 1])
    assert moved["name"] == table["name"]


def test_tracks_that_do_not_fit() -> None:
    reg = make_result()
    for tracks, text in (
        (np.zeros((3, 5)), "columns t, y, x or id, t, y, x"),
        ({"t": [0], "y": [1.0]}, "no column x"),
        (np.array([[4.0, 1, 1]]), "0 to 3"),
        (np.array([[0.5, 1, 1]]), "0 to 3"),
        (np.array([[np.nan, 1, 1]]), "0 to 3"),
    ):
        with pytest.raises(InputError, match=text):
            reg.map_tracks(tracks)
    with pytest.raises(InputError, match="reference, frame"):
        reg.map_tracks(np.zeros((1, 3)), to="template")


@pytest.mark.parametrize("dtype", [np.int64, np.uint16, np.bool_, np.uint8])
@pytest.mark.parametrize("motion", ["translation", "affine", "bilinear"])
def test_labels_lie_where_their_points_lie(motion: str, dtype: type) -> None:
    reg = make_result(motion)
    labels = np.zeros(SHAPE, dtype)
    labels[20:30, 30:50] = np.array(2**40 + 1 if dtype is np.int64 else 1).astype(dtype)
    on_frames = reg.map_labels(labels)
    assert on_frames.dtype == dtype
    np.testing.assert_array_equal(on_frames[0], labels)
    assert set(np.unique(on_frames)) == set(np.unique(labels))
    for t in range(len(reg)):
        centre = np.argwhere(on_frames[t]).mean(axis=0)
        np.testing.assert_allclose(centre, reg[t].map([[24.5, 39.5]])[0], atol=0.51)
    np.testing.assert_array_equal(reg.map_labels(labels, frames=[2])[0], on_frames[2])


def test_labels_that_do_not_fit() -> None:
    with pytest.raises(InputError, match="whole numbers"):
        make_result().map_labels(np.zeros(SHAPE))
    with pytest.raises(InputError, match="must agree"):
        make_result().map_labels(np.zeros((3, 3), int))


def test_labels_of_raw_frames_are_corrected_without_new_labels() -> None:
    reg = make_result()
    labels = np.zeros((4, *SHAPE), np.int32)
    labels[:, 20:30, 30:50] = 2**24 + 1
    assert set(np.unique(reg.apply(labels, interpolation="nearest"))) == {0, 2**24 + 1}


@given(first=st.sampled_from(CHAINED), second=st.sampled_from(CHAINED), seed=st.integers(0, 99))
def test_two_steps_are_one(first: str, second: str, seed: int) -> None:
    one, two = make_result(first, seed=seed), make_result(second, seed=seed + 1)
    both = one.compose(two)
    assert both.motion == max(first, second, key=CHAINED.index)
    for t in range(4):
        np.testing.assert_allclose(both[t].map(points()), one[t].map(two[t].map(points())), atol=1e-8)
    assert (both.corner_errors > 0).all()
    assert (both.shift_errors >= 0.99 * np.maximum(one.shift_errors, 0.9 * two.shift_errors)).all()


@pytest.mark.parametrize("motion", CHAINED)
def test_the_inverse_leads_back(motion: str) -> None:
    reg = make_result(motion)
    for t in range(4):
        np.testing.assert_allclose(reg.inverse[t].map(reg[t].map(points())), points(), atol=1e-8)
    assert np.isfinite(reg.inverse.errors).all()


def test_errors_compose_as_repeated_measurements_scatter() -> None:
    one, two = make_result("rigid", seed=1), make_result("affine", seed=2)
    both = one.compose(two)
    rng, found = np.random.default_rng(3), []
    for _ in range(400):
        a, b = (
            reg.trajectory.of(reg.motion, reg.parameters + rng.normal(size=reg.errors.shape) * reg.errors, SHAPE)
            for reg in (one, two)
        )
        found.append(a.widen(b.motion).compose(b).parameters)
    np.testing.assert_allclose(np.std(found, axis=0) / both.errors, 1, atol=0.15)


def test_a_bad_frame_stays_bad() -> None:
    one, two = make_result(), make_result()
    bad = replace(
        two,
        covariance=two.covariance.hide([2]),
        verdicts=(Verdict.OK, Verdict.OK, Verdict.BLANK, Verdict.OK),
    )
    both = one.compose(bad)
    assert both.verdicts[2] is Verdict.BLANK
    assert np.isnan(both.errors[2]).all()
    assert np.isfinite(both.errors[[0, 1, 3]]).all()


def test_a_pair_after_a_movie(tmp_path: Path) -> None:
    both = make_result("translation").compose(make_result("rigid", n=1))
    assert len(both) == 4
    assert len(hs.load(both.save(tmp_path / "drift.json"))) == 4


def test_what_does_not_compose() -> None:
    with pytest.raises(InputError, match="bilinear motion cannot be chained"):
        make_result("bilinear").compose(make_result("affine"))
    with pytest.raises(InputError, match="must be as many"):
        make_result().compose(make_result(n=3))
    with pytest.raises(InputError, match="must agree"):
        make_result().compose(make_result(shape=(60, 81)))
    with pytest.raises(InputError, match="inverse of a bilinear"):
        make_result("bilinear").inverse  # noqa: B018
