"""One shift for each plane of a volume: what thunder called a local displacement."""

from pathlib import Path

import numpy as np
import pytest

import holdstill as hs
from holdstill.contracts import Verdict
from holdstill.errors import InputError
from holdstill.estimators import CrossCorrelation
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture

N_FRAMES, N_PLANES, SHAPE = 6, 5, (72, 88)


def make_planes(axis: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Volumes (T, z, y, x) whose planes along `axis` shift each on its own, the truth (T, planes, 2), the bounds."""
    n_planes = N_PLANES if axis == 0 else 8  # frames of fewer rows or columns are refused
    shifts = np.random.default_rng(5).uniform(-6, 6, (N_FRAMES, n_planes, 2))
    shifts[0] = 0
    movies = [make_movie(texture(SHAPE, seed=k), shifts[:, k], photons=400.0, seed=k) for k in range(n_planes)]
    volumes = np.stack([movie.frames for movie in movies], axis=axis + 1)
    return volumes, shifts, np.stack([movie.bounds for movie in movies], axis=1)


def _likeness(volumes: np.ndarray, axis: int) -> float:
    """Correlation of the fourth volume with the first, borders apart."""
    inner = np.moveaxis(volumes, axis + 1, 1)[[0, 3], :, 8:-8, 8:-8].reshape(2, -1)
    return float(np.corrcoef(inner)[0, 1])


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_each_plane_has_its_own_shift(axis: int) -> None:
    volumes, shifts, bounds = make_planes(axis)
    reg = CrossCorrelation(axis=axis).fit(volumes, reference=0, axes="TZYX")
    assert reg.motion == f"planes-{'zyx'[axis]}"
    assert reg.ok.all()
    off = (reg.parameters - shifts.reshape(N_FRAMES, -1))[1:]
    assert np.sqrt(np.mean(off**2)) < 4 * np.sqrt(np.mean(bounds**2))
    assert 0.5 < np.sqrt(np.mean((off / reg.errors[1:]) ** 2)) < 1.5
    before, after = (_likeness(images, axis) for images in (volumes, reg.apply(volumes, axes="TZYX")))
    assert before < 0.75 < 0.85 < after


def test_a_learned_template_and_a_saved_result(tmp_path: Path) -> None:
    volumes, shifts, _ = make_planes()
    reg = hs.register(volumes, axes="TZYX", motion="planes-z", method="cross_correlation")
    np.testing.assert_allclose(reg.parameters, shifts.reshape(N_FRAMES, -1), atol=0.5)
    assert reg.parameter_names[:3] == ("plane_0_shift_y_px", "plane_0_shift_x_px", "plane_1_shift_y_px")
    loaded = hs.load(reg.save(tmp_path / "drift.json"))
    np.testing.assert_array_equal(loaded.parameters, reg.parameters)
    reg.to_csv(tmp_path / "drift.csv")
    reg.report(tmp_path / "report.html")
    np.testing.assert_allclose(reg[2].map([[1, 30, 30]])[0], [1, *(30 + shifts[2, 1])], atol=0.5)
    np.testing.assert_allclose(reg[2].inverse.map(reg[2].map([[1.5, 3, 4]])), [[1.5, 3, 4]], atol=1e-12)
    np.testing.assert_array_equal(reg[2].compose(reg[2].inverse).displacements, 0)
    box = reg.coverage
    largest = np.abs(reg.parameters).max()
    assert box[0] == slice(0, N_PLANES)
    assert min(box[1].start, box[2].start) > 0
    assert max(box[1].start, box[2].start) <= np.ceil(largest)


def test_a_dark_plane_lies_between_its_neighbours() -> None:
    volumes, _, _ = make_planes()
    volumes[:, 2] = 100
    reg = CrossCorrelation(axis=0).fit(volumes, reference=0, axes="TZYX")
    assert reg.ok.all()
    planes = reg.parameters.reshape(N_FRAMES, N_PLANES, 2)
    np.testing.assert_allclose(planes[:, 2], (planes[:, 1] + planes[:, 3]) / 2)
    assert np.isnan(reg.errors.reshape(planes.shape)[:, 2]).all()
    assert np.isfinite(reg.corner_errors).all()


def test_a_blank_volume() -> None:
    volumes, _, _ = make_planes()
    volumes[3] = 100
    reg = CrossCorrelation(axis=0).fit(volumes, reference=0, axes="TZYX")
    assert reg.verdicts[3] is Verdict.BLANK
    np.testing.assert_allclose(reg.parameters[3], (reg.parameters[2] + reg.parameters[4]) / 2)


def test_bad_settings() -> None:
    volumes, _, _ = make_planes()
    with pytest.raises(InputError, match="no axis 3"):
        CrossCorrelation(axis=3)
    with pytest.raises(InputError, match="axis=0 is for motion 'planes-z'"):
        CrossCorrelation(axis=0, motion="planes-x")
    with pytest.raises(InputError, match="volumes"):
        hs.register(volumes[:, 0], motion="planes-z", method="cross_correlation")
    with pytest.raises(InputError, match="is for volumes"):
        CrossCorrelation(axis=0).fit(volumes[:, 0])
    with pytest.raises(InputError, match="no reference 'pairs'"):
        CrossCorrelation(axis=0).fit(volumes, reference="pairs", axes="TZYX")
    assert CrossCorrelation(motion="planes-y") == CrossCorrelation(axis=1)
