"""The form that a series keeps: what changes slowly along z stays, what jitters goes."""

from pathlib import Path

import numpy as np
import pytest

import holdstill as hs
from holdstill.errors import InputError
from holdstill.run.series.form import keep_forms
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

SHAPE = (60, 80)
CENTRE = (np.array(SHAPE) - 1) / 2
POINTS = np.random.default_rng(0).uniform(5, 55, (30, 2))


def turn(angle: float) -> np.ndarray:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def make_way(motion: str, angle: float, shift: np.ndarray, form: np.ndarray) -> Trajectory:
    """Turned, shifted, and before that stretched by `form`, about the centre."""
    family = find_motion(motion, SHAPE)
    matrix = np.eye(3)
    matrix[:2, :2], matrix[:2, 2] = turn(angle) @ form, shift
    affine = find_motion("affine").of_matrices(matrix[None])
    parameters = affine if motion == "affine" else family.embed(find_motion("affine"), affine, 2)
    return Trajectory(family, parameters, SHAPE)


@pytest.mark.parametrize("motion", ["affine", "dense"])
def test_a_form_that_changes_evenly_is_left_as_it_is(motion: str) -> None:
    rng = np.random.default_rng(1)
    ways, places = {}, {}
    for k in range(9):
        angle, shift = (0.0, np.zeros(2)) if k == 4 else (rng.uniform(-1, 1), rng.uniform(-9, 9, 2))
        slope = 0.02 * (k - 4)
        ways[k] = make_way(motion, angle, shift, np.diag([1 + slope, 1 - slope]))
        places[k] = (POINTS - CENTRE) @ turn(angle).T + CENTRE + shift
    for k, way in keep_forms(ways, 3.0).items():
        np.testing.assert_allclose(way.transform(0).map(POINTS), places[k], atol=0.02)


def test_what_jitters_is_still_taken_out() -> None:
    rng = np.random.default_rng(2)
    forms = [np.eye(2) + rng.normal(0, 0.02, (2, 2)) for _ in range(21)]
    forms = [(form + form.T) / 2 for form in forms]
    ways = {k: make_way("affine", 0.0, np.zeros(2), form) for k, form in enumerate(forms)}
    found = keep_forms(ways, 5.0)
    off = [[w.transform(0).map(POINTS) - POINTS for w in (found[k], ways[k])] for k in ways]
    kept, before = np.moveaxis(np.array(off), 1, 0)
    assert np.corrcoef(kept.ravel(), before.ravel())[0, 1] > 0.9
    assert kept.std() > 0.8 * before.std()


def test_what_has_no_form_is_refused(tmp_path: Path) -> None:
    names = [tmp_path / "a.tif", tmp_path / "b.tif"]
    with pytest.raises(InputError, match="changes no form"):
        hs.align_sections(names, tmp_path / "out", motion="rigid", keep_form=3)
    with pytest.raises(InputError, match="number of sections above zero"):
        hs.align_sections(names, tmp_path / "out", keep_form=0)
