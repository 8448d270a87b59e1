"""Rows of a scan, each displaced at its own time."""

import warnings
from pathlib import Path

import numpy as np
import pytest
import tifffile
from scipy import ndimage

import holdstill as hs
from holdstill.contracts import Treatment
from holdstill.errors import HoldstillError, InputError
from holdstill.estimators import Lines
from holdstill.evaluation.local import LocalMovie, make_local_movie, make_tissue
from holdstill.transforms.motions import find_motion

SHAPE, GRID = (128, 112), 16
N_FRAMES = 6


def scan(peak_px: float, photons: float) -> tuple[LocalMovie, np.ndarray]:
    """A movie whose lines move on sinusoids, 2.2 frames long along y and 1.7 along x, and the moves (T, lines, 2)."""
    times = np.arange(N_FRAMES * SHAPE[0]) / SHAPE[0]
    moves = peak_px * np.stack([np.sin(2 * np.pi * times / 2.2), np.cos(2 * np.pi * times / 1.7)], axis=-1)
    moves = moves.reshape(N_FRAMES, SHAPE[0], 2)
    fields = np.broadcast_to(np.moveaxis(moves, 2, 1)[..., None], (N_FRAMES, 2, *SHAPE))
    still = np.zeros((N_FRAMES, 2))
    return make_local_movie(make_tissue(SHAPE, 0.4), still, fields, photons=photons, seed=3), moves


def lines_of(reg: hs.Registration, columns: int) -> np.ndarray:
    """Displacement of each line of the frame, (T, lines, 2): told at the reference's rows."""
    rows = np.arange(SHAPE[0], dtype=float)
    points = np.stack([rows, np.full(SHAPE[0], columns / 2)], axis=1)
    found = []
    for t in range(len(reg)):
        there = reg[t].map(points)
        moved = there - points
        found.append(np.stack([np.interp(rows, there[:, 0], moved[:, axis]) for axis in range(2)], axis=1))
    return np.array(found)


@pytest.mark.parametrize("reference", ["known", "template"])
def test_lines_are_put_back(reference: str) -> None:
    movie, moves = scan(2.0, 3.0)
    given = movie.reference if reference == "known" else "template"
    reg = hs.register(movie.frames, motion="lines", grid=GRID, line_time=0, reference=given)
    whole = hs.register(movie.frames, reference=given)
    inner = slice(8, -8)

    def error(found: np.ndarray) -> float:
        off = (found - moves)[:, inner]
        off = off - off.mean(axis=0) if reference == "template" else off
        return float(np.sqrt((off**2).sum(axis=2).mean()))

    frame_wise = np.repeat(whole.shifts[:, None], SHAPE[0], axis=1)
    assert reg.ok.all()
    assert error(lines_of(reg, SHAPE[1])) < min(0.3, 0.4 * error(frame_wise))


def test_straight_lines_come_out_straight() -> None:
    movie, _ = scan(2.0, 20.0)
    reg = hs.register(movie.frames, motion="lines", grid=GRID, line_time=0, reference=movie.reference)
    corrected = reg.apply(movie.frames).astype(float)[:, 10:-10, 10:-10]
    expected = ndimage.gaussian_filter(movie.reference, 0)[10:-10, 10:-10]
    before = movie.frames.astype(float)[:, 10:-10, 10:-10]
    for t in range(1, N_FRAMES):
        after = np.corrcoef(corrected[t].ravel(), expected.ravel())[0, 1]
        assert after > np.corrcoef(before[t].ravel(), expected.ravel())[0, 1] + 0.1


def test_a_specimen_that_stands_still_within_frames_is_translated() -> None:
    shifts = np.random.default_rng(0).uniform(-3, 3, (5, 2))
    movie = make_local_movie(make_tissue(SHAPE, 0.4), shifts, np.zeros((5, 2, *SHAPE)), photons=2.0)
    reg = hs.register(movie.frames, motion="lines", grid=GRID, line_time=0, reference=movie.reference)
    whole = hs.register(movie.frames, reference=movie.reference)
    np.testing.assert_array_equal(reg.parameters[:, :2], whole.parameters)


def test_what_lines_cannot_be() -> None:
    frames = np.random.default_rng(0).poisson(5, (3, 64, 64)).astype(np.uint16)
    for grid in (1, (16, 16), np.inf):
        with pytest.raises(HoldstillError, match="grid"):
            hs.register(frames, motion="lines", grid=grid)
    with pytest.raises(InputError, match="planes"):
        hs.register(np.zeros((3, 8, 64, 64)), axes="TZYX", motion="lines")
    assert find_motion("lines", (128, 64)).names(2)[:2] == ("node_0_0_shift_y_px", "node_0_0_shift_x_px")
    assert Lines(grid=32).motion == "lines:32"


def test_columns_are_lines_where_that_is_said() -> None:
    movie, _ = scan(2.0, 3.0)
    rows = hs.register(movie.frames, motion="lines", grid=GRID, line_time=0, reference=movie.reference)
    turned = np.ascontiguousarray(movie.frames.swapaxes(1, 2))
    columns = hs.register(turned, motion="lines", grid=GRID, line_time=0, reference=movie.reference.T, line_axis="y")
    assert columns.motion == "lines:16@y"
    assert columns.ok.all()
    assert find_motion(columns.motion, turned.shape[1:]).grid.counts == (1, 9)  # type: ignore[attr-defined]
    found = columns.parameters.reshape(N_FRAMES, -1, 2)[..., ::-1].reshape(N_FRAMES, -1)
    assert np.abs(found - rows.parameters).max() < 0.02
    with pytest.raises(InputError, match="line_axis is the axis that a scanned line runs along"):
        hs.register(turned, motion="lines", line_axis="z")
    with pytest.raises(InputError, match="line_axis is the axis of the lines of motion 'lines'; 'rigid' has none"):
        hs.register(turned, motion="rigid", line_axis="y")


def test_the_phase_of_rows_scanned_backwards_goes_in() -> None:
    movie, _ = scan(2.0, 20.0)
    frames = movie.frames.copy()
    frames[:, 1::2] = np.roll(frames[:, 1::2], 2, axis=2)
    plain = hs.register(movie.frames, motion="lines", grid=GRID, line_time=0, reference=movie.reference)
    reg = hs.register(frames, motion="lines", grid=GRID, line_time=0, reference=movie.reference, scan="bidirectional")
    assert reg.phases is not None
    assert np.abs(reg.phases - 2).max() < 0.1
    inner = slice(2, -2)
    off = (reg.parameters - plain.parameters).reshape(N_FRAMES, -1, 2)[:, inner]
    assert np.sqrt((off**2).mean()) < 0.1


@pytest.fixture(scope="module")
def with_pauses() -> tuple[LocalMovie, np.ndarray]:
    """Lines that move slowly, a movie of little light; a fifth of the time is spent between frames."""
    n, interval = 16, 1.25
    times = (np.arange(n)[:, None] * interval + np.arange(SHAPE[0]) / SHAPE[0]) / interval
    moves = 3 * np.stack([np.sin(2 * np.pi * times / 9), np.cos(2 * np.pi * times / 7)], axis=-1)
    fields = np.broadcast_to(np.moveaxis(moves, 2, 1)[..., None], (n, 2, *SHAPE))
    return make_local_movie(make_tissue(SHAPE, 0.4), np.zeros((n, 2)), fields, photons=1.0, seed=3), moves


def errors_of(reg: hs.Registration, moves: np.ndarray) -> np.ndarray:
    """Of the displacements at the control points' lines, (T, points, 2)."""
    rows = np.linspace(0, SHAPE[0] - 1, reg.parameters.shape[1] // 2)
    there = reg.parameters.reshape(len(reg), -1, 2)
    found = np.array([[np.interp(rows, rows + one[:, 0], one[:, a]) for a in range(2)] for one in there])
    truth = np.array([[np.interp(rows, np.arange(SHAPE[0]), one[:, a]) for a in range(2)] for one in moves])
    return np.moveaxis(found - truth, 1, 2)


def test_lines_of_consecutive_frames_are_joined(with_pauses: tuple[LocalMovie, np.ndarray]) -> None:
    movie, moves = with_pauses
    options = {"motion": "lines", "grid": GRID, "reference": movie.reference}
    time = (1e-3 / SHAPE[0], 1.25e-3)
    apart, joined = (hs.register(movie.frames, line_time=each, **options) for each in (0, time))
    off = [np.sqrt((errors_of(reg, moves)[:, 1:-1] ** 2).sum(axis=2).mean()) for reg in (apart, joined)]
    assert off[1] < 0.75 * off[0]
    assert set(apart.treatments) == {Treatment.ESTIMATED}
    assert set(joined.treatments) == {Treatment.SMOOTHED}
    assert joined.frame_interval_s == 1.25e-3
    np.testing.assert_array_equal(joined.estimates, apart.estimates)
    z = errors_of(joined, moves)[:, 1:-1] / joined.errors.reshape(len(joined), -1, 2)[:, 1:-1]
    assert 0.6 < np.sqrt(np.mean(z**2)) < 1.4
    # as well as kalman or spline smooth each control point by itself, or better
    smoothed = hs.register(movie.frames, line_time=0, smooth="spline", **options)
    assert off[1] < np.sqrt((errors_of(smoothed, moves)[:, 1:-1] ** 2).sum(axis=2).mean())


def test_joined_lines_are_written_saved_and_read_again(
    with_pauses: tuple[LocalMovie, np.ndarray], tmp_path: Path
) -> None:
    movie, _ = with_pauses
    image = tmp_path / "reference.tif"
    tifffile.imwrite(image, movie.reference.astype(np.float32))
    tifffile.imwrite(
        tmp_path / "movie.ome.tif", movie.frames, metadata={"axes": "TYX", "TimeIncrement": 1.25e-3}, ome=True
    )
    time = 1e-3 / SHAPE[0]
    options = {"motion": "lines", "grid": GRID, "reference": image, "line_time": time, "report": False}
    reg = hs.correct(tmp_path / "movie.ome.tif", tmp_path / "out.ome.tif", **options)
    given = hs.register(
        movie.frames, motion="lines", grid=GRID, reference=movie.reference.astype(np.float32), line_time=(time, 1.25e-3)
    )
    np.testing.assert_array_equal(reg.parameters, given.parameters)
    assert set(reg.treatments) == {Treatment.SMOOTHED}
    np.testing.assert_array_equal(tifffile.imread(tmp_path / "out.ome.tif"), reg.apply(movie.frames))
    reg.save(tmp_path / "drift.json")
    again = hs.load(tmp_path / "drift.json")
    np.testing.assert_array_equal(again.parameters, reg.parameters)
    assert again.provenance["settings"]["line_time"] == time
    assert again.frame_interval_s == 1.25e-3


def test_parts_with_templates_of_their_own_are_joined_each(with_pauses: tuple[LocalMovie, np.ndarray]) -> None:
    movie, _ = with_pauses
    frames = np.concatenate([movie.frames, movie.frames[:, ::-1, ::-1]])
    time = (1e-3 / SHAPE[0], 1.25e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the second part shows something else, and starts at zero
        reg = hs.register(frames, motion="lines", grid=GRID, line_time=time, refocus_at=len(movie.frames))
    assert len(reg) == len(frames)
    assert reg.treatments[2] is Treatment.SMOOTHED


def test_means_of_frames_have_no_line_of_one_time(with_pauses: tuple[LocalMovie, np.ndarray]) -> None:
    with pytest.raises(InputError, match="means of frames have no line of one time"):
        hs.register(with_pauses[0].frames, motion="lines", average=2, line_time=(1e-5, 1.25e-3))
