"""Lines of consecutive frames as one record in time: exact truth, error bars, jumps, and frames that are not joined."""

import numpy as np
import pytest

from holdstill.contracts import ControlGrid
from holdstill.methods.likelihood.bending import Prior, make_prior
from holdstill.methods.likelihood.joining import Joined, Light, gather_light, join_lines
from holdstill.methods.likelihood.time_spline import find_log_determinant, make_spline

N, GRID = 24, ControlGrid.spanning((512, 512), (32, np.inf))
POINTS = GRID.counts[0]
LIGHT = 100.0


def prior() -> Prior:
    return make_prior(GRID, 0.0, 1.0, 5.6)


def place(pause: float) -> np.ndarray:
    """Times of the control points, in steps between them; between frames there is a pause of so many lines."""
    return (np.arange(N) * (512 + pause))[:, None] / GRID.spacings[0] + np.arange(POINTS)


def swing(times: np.ndarray, steps: float) -> np.ndarray:
    """Displacements, (n, p), with a peak of 4 px and a period of so many steps."""
    moves = 4 * np.stack([np.sin(2 * np.pi * times / steps), np.cos(1.7 * np.pi * times / steps)], axis=-1)
    return np.asarray(moves.reshape(N, -1))


def look(moves: np.ndarray, seed: int = 0) -> Light:
    """What frames tell that all are as sure of each control point."""
    bands = np.zeros((*moves.shape, 4))
    bands[..., -1] = LIGHT
    return Light(LIGHT * (moves + np.random.default_rng(seed).normal(0, LIGHT**-0.5, moves.shape)), bands)


def alone(light: Light) -> Joined:
    return join_lines(light, prior(), place(0.0), np.zeros(N, bool))


@pytest.mark.parametrize(("steps", "gain"), [(500.0, 3.0), (60.0, 1.15)])
@pytest.mark.parametrize("pause", [0.0, 150.0])
def test_joined_frames_are_surer_and_say_by_how_much(steps: float, gain: float, pause: float) -> None:
    times = place(pause)
    truth, squares, before, after = swing(times, steps), [], [], []
    for seed in range(6):  # what is left of slow motion has some 20 degrees of freedom in a movie
        light = look(truth, seed)
        found = join_lines(light, prior(), times, np.ones(N, bool))
        assert found.joined.all()
        assert (found.variances < found.own).all()
        before.append(np.mean((alone(light).nodes - truth) ** 2))
        after.append(np.mean((found.nodes - truth) ** 2))
        squares.append(np.mean((found.nodes - truth) ** 2 / found.variances))
    assert np.sqrt(np.mean(after)) < np.sqrt(np.mean(before)) / gain
    assert 0.8 < np.sqrt(np.mean(squares)) < 1.25


def test_a_pause_that_is_left_out_costs() -> None:
    truth = swing(place(300.0), 60.0)
    light = look(truth)
    right, wrong = (join_lines(light, prior(), place(pause), np.ones(N, bool)) for pause in (300.0, 0.0))
    off = [np.sqrt(np.mean((one.nodes - truth) ** 2)) for one in (right, wrong)]
    assert off[0] < off[1]
    # where lines do not lie as they are said to, no more is lost than all that neighbours could add
    assert off[1] < 1.02 * np.sqrt(np.mean((alone(light).nodes - truth) ** 2))


def test_frames_that_move_by_themselves_are_not_joined() -> None:
    light = look(swing(place(0.0), 60.0) + np.random.default_rng(1).normal(0, 4, (N, 1)))
    found = join_lines(light, prior(), place(0.0), np.ones(N, bool))
    assert not found.joined.any()
    np.testing.assert_array_equal(found.nodes, alone(light).nodes)


def test_neighbours_of_a_jump_stand_by_themselves() -> None:
    n, times = 200, (np.arange(200) * 512.0)[:, None] / GRID.spacings[0] + np.arange(POINTS)
    truth = np.repeat(4 * np.sin(2 * np.pi * times / 500), 2, axis=1)
    truth[9:] += 12.0  # of the frames that tell how stiff the movie is, only one piece holds it
    bands = np.zeros((*truth.shape, 4))
    bands[..., -1] = LIGHT
    light = Light(LIGHT * (truth + np.random.default_rng(2).normal(0, LIGHT**-0.5, truth.shape)), bands)
    found = join_lines(light, prior(), times, np.ones(n, bool))
    off = np.sqrt(np.mean((found.nodes - truth) ** 2, axis=1))
    assert off.max() < 0.2
    if found.joined.any():
        assert not found.joined[[8, 9]].all()


def test_what_a_bad_frame_says_is_left_out() -> None:
    times = place(0.0)
    truth = swing(times, 500.0)
    light = look(truth)
    light.known[7] *= 3.0
    good = np.arange(N) != 7
    found = join_lines(light, prior(), times, good)
    assert found.joined[good].all()
    assert not found.joined[7]
    assert np.sqrt(np.mean((found.nodes - truth)[good] ** 2)) < 0.04


def test_long_movies_are_joined_part_by_part() -> None:
    n = 600
    times = (np.arange(n) * 512.0)[:, None] / GRID.spacings[0] + np.arange(POINTS)
    truth = np.repeat(4 * np.sin(2 * np.pi * times / 500), 2, axis=1)
    bands = np.zeros((*truth.shape, 4))
    bands[..., -1] = LIGHT
    light = Light(LIGHT * (truth + np.random.default_rng(3).normal(0, LIGHT**-0.5, truth.shape)), bands)
    found = join_lines(light, prior(), times, np.ones(n, bool))
    assert found.joined.all()
    off = np.sqrt(np.mean((found.nodes - truth) ** 2, axis=1))
    seams = off[[255, 256, 511, 512]]
    assert seams.max() < off[100:500].max() * 1.01


def test_determinants_are_those_of_the_matrix() -> None:
    times = np.random.default_rng(0).uniform(0.05, 2, 20).cumsum()
    for order in (2, 3):
        band = make_spline(times, np.zeros(0, np.intp), order, 3.0, 1)
        matrix = np.zeros((20, 20))
        for k in range(band.shape[1]):
            rows = np.arange(k, 20)
            matrix[rows, rows - k] = matrix[rows - k, rows] = band[rows, band.shape[1] - 1 - k]
        assert find_log_determinant(times, order, 3.0) == pytest.approx(np.linalg.slogdet(matrix)[1], abs=1e-6)
        cut = make_spline(times, np.array([9]), order, 3.0, 1)
        for k in range(1, cut.shape[1]):
            rows = np.arange(9, 9 + k)
            assert (cut[rows, cut.shape[1] - 1 - k] == 0).all()


def test_light_is_what_is_left_without_the_prior() -> None:
    rng = np.random.default_rng(0)
    points, p = 5, 10
    grid = ControlGrid.spanning((129, 64), (32, np.inf))
    prior = make_prior(grid, 1.0, 1.0, 2.0)
    unknowns = np.arange(4) + 2 * np.arange(points - 1)[:, None]
    roots = rng.normal(size=(points - 1, 4, 4))
    blocks, ratios, scales = 50 * roots @ roots.swapaxes(1, 2), rng.uniform(0.5, 1, (1, points - 1)), np.array([2.0])
    matrix = np.zeros((p, p))
    for c, at in enumerate(unknowns):
        matrix[np.ix_(at, at)] += 2.0 * ratios[0, c] * blocks[c]
    precision = np.zeros((p, p))
    for k in range(prior.band.shape[1]):
        rows = np.arange(k, p)
        precision[rows, rows - k] = precision[rows - k, rows] = prior.band[rows, prior.band.shape[1] - 1 - k]
    known = rng.normal(size=p)
    likeliest = np.linalg.solve(matrix + precision, known)[None]
    light = gather_light(likeliest, ratios, scales, blocks, unknowns, prior)
    np.testing.assert_allclose(light.known[0], known, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(light.bands[0, :, -1], np.diag(matrix))
    again = Light.unpack(light.pack(), p)
    np.testing.assert_array_equal(again.bands, light.bands)
