"""Motion along principal components, against movies whose motion is known."""

import re

import numpy as np
import pytest
import tifffile
from scipy import ndimage

from holdstill.api import correct
from holdstill.errors import InputError
from holdstill.result.principal import N_COMPONENTS, measure_pc_shifts
from holdstill.result.registration import Registration
from holdstill.transforms.trajectory import Trajectory

SHAPE = (40, 44)


def make_frames(shifts, *, noise=2.0, flicker=0.0):
    random = np.random.default_rng(3)
    scene = ndimage.gaussian_filter(random.normal(0, 1, (SHAPE[0] + 12, SHAPE[1] + 12)), 1.5) * 300 + 100
    spot = np.exp(-(np.add.outer((np.arange(52) - 20) ** 2, (np.arange(56) - 30) ** 2)) / 20) * 60
    known = {}
    for shift in map(tuple, shifts):
        seen = known.setdefault(shift, ndimage.shift(scene, shift, order=3)) + flicker * random.gamma(0.5) * spot
        yield random.normal(seen[6:-6, 6:-6], noise).astype(np.float32)


def test_two_positions_are_as_far_apart_as_they_are() -> None:
    shifts = np.where(np.arange(120) % 2, 0.4, -0.4)[:, None] * [1, -0.5]
    found = measure_pc_shifts(make_frames(shifts))
    assert found.shape == (N_COMPONENTS,)
    assert found[0] == pytest.approx(np.hypot(0.8, 0.4), abs=0.02)  # the strongest component is the motion


def test_light_that_changes_is_no_motion() -> None:
    found = measure_pc_shifts(make_frames(np.zeros((120, 2)), flicker=1.0))
    assert np.nanmax(found) < 0.1


def test_a_movie_of_few_frames_has_few_components() -> None:
    found = measure_pc_shifts(make_frames(np.zeros((5, 2))))
    assert np.isfinite(found).sum() <= 5


def test_a_correction_takes_the_motion_out(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("holdstill.result.review.LEAST_FRAMES", 90)  # 1,500 take five seconds
    shifts = np.round(np.random.default_rng(0).uniform(-2, 2, (90, 2)))
    movie = np.stack(list(make_frames(shifts)))
    found = Registration.of_trajectory(Trajectory.of("translation", shifts, SHAPE))
    seen = found.measure_pc_shifts(movie, axes="TYX")
    assert np.nanmax(seen.before) > 1
    assert np.nanmax(seen.after) < 0.1
    assert (seen.n_frames, seen.bin) == (90, 1)
    text = found.report(tmp_path / "report.html", movie, axes="TYX").read_text(encoding="utf-8")
    assert f"<dt>PC shifts, px</dt><dd>{np.nanmean(seen.after):.3f}" in text


def test_the_report_beside_a_corrected_file_has_them(tmp_path, monkeypatch) -> None:
    """Of a file that lacks a frame, so that numbers of frames differ; what is left is that of whole frames."""
    monkeypatch.setattr("holdstill.result.review.LEAST_FRAMES", 90)
    shifts = np.round(np.random.default_rng(0).uniform(-2, 2, (95, 2)))
    movie = np.stack(list(make_frames(shifts)))
    movie[7] = 0
    tifffile.imwrite(tmp_path / "movie.tif", movie, photometric="minisblack", metadata={"axes": "TYX"})
    found = correct(tmp_path / "movie.tif", tmp_path / "still.ome.tif", axes="TYX", repair="drop")
    assert found.kept.sum() == found.ok.sum() >= 90
    text = (tmp_path / "still.report.html").read_text(encoding="utf-8")
    told = re.search(r"<dt>PC shifts, px</dt><dd>([\d.]+)<small>.*?before ([\d.]+),", text)
    assert told is not None
    assert float(told[1]) < 0.2 < 0.5 < float(told[2])


def test_too_few_frames_are_told() -> None:
    found = Registration.of_trajectory(Trajectory.of("translation", np.zeros((9, 2)), SHAPE))
    with pytest.raises(InputError, match="9 good frames are too few for principal components; 1,500 are needed"):
        found.measure_pc_shifts(np.zeros((9, *SHAPE)))
