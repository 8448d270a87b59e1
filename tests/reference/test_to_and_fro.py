"""Flashes of cells that take turns look like a stage that jumps to and fro; that would show all of its specimen."""

import numpy as np
import pytest

import holdstill as hs
from holdstill.reference.to_and_fro import measure_share_of_a_spot, returns_often

N, SIZE, WIDTH = 40, 96, 3.0
PLACES = np.array([[0.0, 0.0], [14.0, -12.0], [-9.0, 13.0]])


def record(cells: np.ndarray, path: np.ndarray, on: np.ndarray) -> np.ndarray:
    """Cells, (k, 2), of 20 photons, each as bright as `on`, (n, k), says, along a path, (n, 2)."""
    rng, grid = np.random.default_rng(2), np.indices((SIZE, SIZE))
    distance = grid[None, None] - (cells[None] + path[:, None])[..., None, None]
    light = 0.3 + 20 * (on[..., None, None] * np.exp(-(distance**2).sum(axis=2) / (2 * WIDTH**2))).sum(axis=1)
    return np.asarray(100 + rng.poisson(light) + rng.normal(0, 2, light.shape).round(), np.uint16)


@pytest.fixture
def turns() -> np.ndarray:
    """Which of five takes its turn, (n,)."""
    return np.random.default_rng(3).integers(0, 5, N)


@pytest.fixture
def walk() -> np.ndarray:
    return np.cumsum(np.random.default_rng(4).normal(0, 0.5, (N, 2)), axis=0)


def test_flashes_that_take_turns_are_refused(walk: np.ndarray, turns: np.ndarray) -> None:
    """Of movies like this 40 of 40 frames were ok, 20 px off: each flash lay on that of another cell."""
    cells = np.random.default_rng(5).uniform(20, SIZE - 20, (5, 2))
    registration = hs.register(record(cells, walk, np.eye(5)[turns]))
    assert hs.Verdict.OK not in registration.verdicts


def test_a_stage_that_shakes_is_believed(walk: np.ndarray, turns: np.ndarray) -> None:
    cells, path = np.array([[28.0, 68.0], [68.0, 28.0], [46.0, 46.0]]), walk + PLACES[turns % 3]
    registration = hs.register(record(cells, path, np.ones((N, 3))))
    assert set(registration.verdicts) == {hs.Verdict.OK}
    off = (
        registration.estimates + path
        if registration.estimates[:, 0] @ path[:, 0] < 0
        else registration.estimates - path
    )
    assert np.abs(off - np.median(off, axis=0)).max() < 0.5


def test_places_anywhere_are_not_returned_to() -> None:
    rng = np.random.default_rng(6)
    assert not any(returns_often(rng.uniform(-12, 12, (60, 2))) for _ in range(50))
    assert not any(returns_often(rng.standard_t(2, (60, 2)) * 6) for _ in range(50))


def test_few_places_are_returned_to(walk: np.ndarray, turns: np.ndarray) -> None:
    assert returns_often(walk + PLACES[turns % 3])
    assert not returns_often(walk)


def test_one_spot_is_told_from_two() -> None:
    y, x = np.indices((SIZE, SIZE))
    one, other = (np.exp(-((y - at) ** 2 + (x - 40) ** 2) / (2 * WIDTH**2)).astype(np.float32) for at in (24, 70))
    assert measure_share_of_a_spot(one) > 0.8
    assert measure_share_of_a_spot(one + other) < 0.51
