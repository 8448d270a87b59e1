"""Large frames are learned on a binned copy first, and as they are once."""

import numpy as np
import pytest
from scipy import ndimage

from holdstill.contracts import Estimates
from holdstill.devices.cpu import CpuDevice
from holdstill.engines.threads import ThreadsEngine
from holdstill.io.array import ArraySource
from holdstill.methods.direct import Direct
from holdstill.reference import coarse
from holdstill.reference.coarse import _scale_limit, align_large, align_middle, is_large
from holdstill.reference.learning import align_sample
from holdstill.reference.sample import Sample
from holdstill.reference.strategies import Given, Index, Strategy, Template

SHIFTS = np.array([[0, 0], [3.3, -2.6], [-4.1, 1.2], [6.4, 5.5], [-1.7, -7.8], [2.2, 3.9]])
ENGINE, DEVICE = ThreadsEngine(1), CpuDevice()


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coarse, "LARGE_PX", 96**2)
    monkeypatch.setattr(coarse, "COARSE_PX", 96**2)


def make_sample(noise: float = 1.0) -> Sample:
    """Frames of 161 x 150 px of one scene, shifted."""
    rng = np.random.default_rng(0)
    scene = 100 + 2000 * (ndimage.gaussian_filter(rng.random((201, 190)), 2.5) - 0.5)
    frames = [ndimage.shift(scene, shift, order=3)[20:-20, 20:-20] for shift in SHIFTS]
    frames = np.asarray(frames) + noise * rng.standard_normal((len(SHIFTS), 161, 150))
    return Sample(ArraySource(frames.astype(np.float32), axes="TYX"), np.arange(len(frames)))


def test_shifts_are_those_of_the_frames_as_they_are() -> None:
    sample = make_sample()
    assert is_large(sample, Direct())
    found = align_large(Template(), sample, Direct(), device=DEVICE, engine=ENGINE)
    plain = align_sample(Template(), sample, Direct(), device=DEVICE, engine=ENGINE)
    assert (found.rows.tolist(), found.rounds) == (list(range(len(SHIFTS))), 1)
    for one in (found, plain):
        apart = one.trajectory.shifts - SHIFTS
        assert np.ptp(apart, axis=0).max() < 0.02
    assert found.reference.n_averaged == len(SHIFTS)
    assert found.reference.noise is not None
    assert plain.reference.noise is not None
    assert found.reference.noise.read_variance == pytest.approx(plain.reference.noise.read_variance, rel=0.1)


def test_a_limit_holds_in_px_of_the_frames_as_they_are() -> None:
    found = align_large(Template(), make_sample(), Direct(max_shift=(9.0, 15.0)), device=DEVICE, engine=ENGINE)
    assert len(found.rows) == len(SHIFTS)


def test_a_mask_is_binned_with_the_frames() -> None:
    sample, mask = make_sample(), np.zeros((161, 150), bool)
    mask[30:-30, 20:-40] = True
    found = align_large(Template(), sample, Direct(), device=DEVICE, engine=ENGINE, mask=mask)
    assert np.ptp(found.trajectory.shifts - SHIFTS, axis=0).max() < 0.04
    assert found.reference.mask is mask


def test_where_the_copy_tells_too_little_all_pixels_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(job: coarse._Learning, everything: object) -> Estimates:
        estimates = align_sample(Template(), make_sample(), Direct(), device=DEVICE, engine=ENGINE).estimates
        assert estimates is not None
        return estimates.take(np.arange(4))

    monkeypatch.setattr(coarse._Learning, "__call__", refuse)
    found = align_large(Template(), make_sample(), Direct(), device=DEVICE, engine=ENGINE)
    assert found.rounds > 1
    assert len(found.rows) == len(SHIFTS)


def test_only_shifts_of_large_images_begin_so() -> None:
    assert not is_large(make_sample(), Direct(motion="rigid"))
    assert not is_large(Sample(ArraySource(np.zeros((3, 20, 30), np.float32), axes="TYX"), np.arange(3)), Direct())
    volumes = ArraySource(np.zeros((2, 4, 90, 90), np.float32), axes="TZYX")
    assert not is_large(Sample(volumes, np.arange(2)), Direct())


def test_a_limit_of_one_px_is_not_warned_of_as_a_share_of_the_frame() -> None:
    assert _scale_limit(1.0, 0.25) == 1.0
    assert _scale_limit((0.0, 9.0), 0.25) == (0.0, 2.25)
    assert _scale_limit(None, 0.25) is None


@pytest.mark.parametrize("is_given", [True, False])
def test_beside_a_known_image_the_middle_tells_the_noise(is_given: bool) -> None:
    sample = make_sample()
    image = sample.read(np.array([0]))[0]
    strategy: Strategy = Given(image) if is_given else Index(image)
    found = align_middle(strategy, sample, Direct(), device=DEVICE, engine=ENGINE)
    whole = align_sample(strategy, sample, Direct(), device=DEVICE, engine=ENGINE)
    assert found is not None
    assert found.rows.tolist() == whole.rows.tolist() == list(range(len(SHIFTS)))
    np.testing.assert_allclose(found.trajectory.shifts, SHIFTS, atol=0.05)
    assert found.reference.noise is not None
    assert found.reference.noise.variance(np.array([1100.0])) == pytest.approx(1.0, rel=0.2)
    np.testing.assert_array_equal(found.reference.image, whole.reference.image)
    assert found.reference.n_averaged == whole.reference.n_averaged
    inside = np.s_[12:-12, 12:-12]
    np.testing.assert_allclose(found.after[inside], whole.after[inside], atol=2.0)


def test_where_the_middle_shows_nothing_the_whole_is_asked() -> None:
    sample = make_sample()
    frames = sample.read(np.arange(len(sample)))
    frames[:, 25:135, 20:130] = np.random.default_rng(1).normal(100, 1, (len(frames), 110, 110))
    dark = Sample(ArraySource(frames, axes="TYX"), np.arange(len(frames)))
    assert align_middle(Given(frames[0]), dark, Direct(), device=DEVICE, engine=ENGINE) is None
    assert align_middle(Template(), sample, Direct(), device=DEVICE, engine=ENGINE) is None
