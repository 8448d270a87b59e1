"""What a sample of frames teaches: reference, noise, defects."""

import itertools

import numpy as np
import pytest

import holdstill as hs
from holdstill.contracts import Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.devices.plain import PlainDevice
from holdstill.engines.threads import ThreadsEngine
from holdstill.errors import InputError, UnknownName
from holdstill.estimators import Direct
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import Movie, make_movie
from holdstill.evaluation.presets import texture
from holdstill.evaluation.scenes import Spots
from holdstill.evaluation.stress.base import Setting
from holdstill.io.array import ArraySource
from holdstill.reference.learned import LearnedReference
from holdstill.reference.sample import Sample
from holdstill.reference.strategies import Given, Index, Strategy, Template, make_strategy
from holdstill.reference.template import build_reference
from tests.reference.stubs import Reader, make_source

SHAPE = (96, 120)


@pytest.fixture(scope="module")
def movie() -> Movie:
    return make_movie(texture(SHAPE), trajectories.walk(40, 0.7, seed=2), photons=300.0, seed=1, blank_frames=(5, 21))


def learned(movie: Movie, strategy: Strategy) -> LearnedReference:
    sample = Sample(ArraySource(movie.frames), np.arange(len(movie.frames)))
    return build_reference(strategy, sample, Direct(), device=CpuDevice(), engine=ThreadsEngine(1))


@pytest.mark.parametrize("name", ["template", "mean", "median"])
def test_noise_is_learned(movie: Movie, name: str) -> None:
    noise = learned(movie, make_strategy(name)).reference.noise
    assert noise is not None
    level = float(np.median(movie.reference))
    assert noise.variance(np.array([level]))[0] == pytest.approx(movie.noise.variance(np.array([level]))[0], rel=0.2)


def test_a_template_leaves_bad_frames_out_and_is_sharper_than_a_frame(movie: Movie) -> None:
    found = learned(movie, make_strategy("template"))
    assert found.anchored
    assert found.n_good == 38
    assert found.reference.n_averaged == 38
    # up to a shift, it is the noise-free scene
    shift = Direct().estimate(
        Direct().prepare(found.reference, CpuDevice()), movie.reference[None].astype(np.float32), CpuDevice()
    )
    assert shift.verdicts == (Verdict.OK,)
    aligned = np.empty((1, *SHAPE), np.float32)
    CpuDevice().resample_shift(
        movie.reference[None].astype(np.float32), shift.parameters, interpolation="cubic", edge="constant", fill=np.nan,
        out=aligned,
    )  # fmt: skip
    known = np.isfinite(aligned[0]) & np.isfinite(found.reference.image)
    known[:12] = known[-12:] = known[:, :12] = known[:, -12:] = False
    left = (aligned[0] - found.reference.image)[known].std()
    assert left < 0.35 * np.sqrt(movie.noise.variance(np.array([movie.reference.mean()]))[0])


def test_a_frame_as_reference_counts_its_own_noise(movie: Movie) -> None:
    found = learned(movie, Index(movie.frames[0]))
    assert not found.anchored
    assert found.reference.n_averaged == 1
    np.testing.assert_array_equal(found.reference.image, movie.frames[0].astype(np.float32))


def test_an_image_of_another_shape_is_refused(movie: Movie) -> None:
    with pytest.raises(InputError, match="shape"):
        learned(movie, make_strategy(np.zeros((5, 5))))


def test_unknown_strategies_name_the_known_ones() -> None:
    with pytest.raises(UnknownName, match="first, template, mean, median, previous, pairs, rolling"):
        make_strategy("modal")


@pytest.mark.parametrize("reference", [0, "template"])
@pytest.mark.parametrize("dtype", [np.float64, np.uint8])
def test_images_whose_finest_detail_is_no_noise(reference: int | str, dtype: type) -> None:
    """Drawings and simulations, such as random pixels rolled: what everybody tries first."""
    image = (np.random.default_rng(1).random((64, 64)) * 255).astype(dtype)
    shifts = np.array([(t, -2 * t) for t in range(4)])
    reg = hs.register(np.stack([np.roll(image, shift, axis=(0, 1)) for shift in shifts]), reference=reference)
    assert reg.ok.all()
    np.testing.assert_allclose(reg.shifts, shifts, atol=1e-3)


@pytest.mark.parametrize("motion", ["translation", "affine"])
def test_pairs_of_pure_noise_are_refused(motion: str) -> None:
    noise = np.random.default_rng(2).normal(size=(5, 64, 64))
    for fixed, moving in itertools.pairwise(noise):
        assert not hs.align(fixed, moving, motion=motion).ok[0]


def test_a_reference_from_another_camera() -> None:
    """Grey levels of their own, and a noise of its own: neither shows in shifts or error bars."""
    shifts = trajectories.walk(20, 1.0, seed=3)
    movie = make_movie(texture((120, 144)), shifts, photons=200.0, seed=4)
    plain, other = (hs.register(movie.frames, reference=image) for image in (movie.reference, movie.reference / 37 + 5))
    np.testing.assert_allclose(other.shifts, plain.shifts, atol=1e-3)
    np.testing.assert_allclose(other.errors, plain.errors, rtol=0.05)
    one, index = (hs.register(movie.frames, reference=image) for image in (movie.frames[0], 0))
    np.testing.assert_allclose(one.errors[1:], index.errors[1:], rtol=0.1)


def test_a_clean_reference_of_a_dim_movie_keeps_its_grey_levels() -> None:
    setting = Setting(photons=0.7, n_frames=6, size=96, seed=1)
    scene, path = Spots(shape=(96, 96), n_spots=40, sigma_px=3.0, seed=2), setting.path(3.0)
    frames = setting.record(setting.show(scene, path))
    clean = (100 + 0.7 * scene.intensity((0.0, 0.0))).astype(np.float32)
    sample = Sample(ArraySource(frames, axes="TYX"), np.arange(6))
    image, n_averaged = Given(clean).first_image(sample, Direct(), CpuDevice(), ThreadsEngine(1))
    assert 0.5 < np.ptp(image) / np.ptp(clean) < 2
    assert n_averaged > 100


def test_what_the_search_for_a_seed_found_is_not_computed_again() -> None:
    """The first round begins with the estimates of the frames that the seed was chosen by; the others are added."""
    source = make_source([0.0, *(float(n) for n in range(29))])
    sample = Sample(source, np.arange(30))
    begun = Template().begin(sample, Reader(), PlainDevice(), ThreadsEngine(1), None)
    level = float(np.median(begun.prepared.reference.image))
    assert 0 < len(begun.rows) < 30
    estimates = begun.estimate(sample, ThreadsEngine(1))
    np.testing.assert_allclose(estimates.parameters[:, 0], np.array([0.0, *range(29)]) - level)
    masked = Template().begin(sample, Reader(), PlainDevice(), ThreadsEngine(1), np.ones((6, 7), bool))
    assert float(np.median(masked.prepared.reference.image)) == 0, "a mask is of the first frame"


def test_a_mask_is_of_the_first_frame_however_far_a_movie_drifts() -> None:
    """It counted 10 px beside where it was drawn, in the middle of this drift."""
    shifts = np.linspace(0, 20, 12)[:, None] * [0.0, 1.0]
    frames = make_movie(texture((64, 128)), shifts, photons=200.0, seed=2).frames
    sample = Sample(ArraySource(frames), np.arange(12))
    mask = np.zeros((64, 128), bool)
    mask[4:60, 30:90] = True
    device, engine = CpuDevice(), ThreadsEngine(1)
    learned = build_reference(Template(), sample, Direct(max_shift=30), device=device, engine=engine, mask=mask)
    assert learned.n_good == 12
    image, offsets = learned.reference.image, range(-12, 13, 2)
    alike = [np.corrcoef(np.roll(image, offset, axis=1)[mask], frames[0][mask])[0, 1] for offset in offsets]
    assert offsets[int(np.argmax(alike))] == 0


def test_halves_of_what_a_mask_leaves_are_compared() -> None:
    # ten columns of it lay in the right half of the frames, which told nonsense of them: all were content_changed
    shifts = np.linspace(0, 20, 12)[:, None] * [0.0, 1.0]
    mask = np.zeros((96, 160), bool)
    mask[4:92, 30:90] = True
    found = hs.register(make_movie(texture((96, 160)), shifts, photons=200.0, seed=2).frames, mask=mask, max_shift=30)
    assert found.ok.all()
    assert np.abs(found.shifts - shifts).max() < 0.3


def test_hot_pixels_of_a_reference_from_the_same_camera_hold_nothing_back() -> None:
    """They were left out of the frames and not of the image that was given: 0.40 px off, z 20, ok; or none ok."""
    motion = trajectories.walk(8, 1.0, seed=7)
    frames = make_movie(texture((72, 80)), motion, photons=100.0, seed=5).frames.astype(np.uint16)
    rng = np.random.default_rng(3)
    frames[(slice(None), *rng.integers(3, 69, (2, 30)))] = 2 * frames.max()
    for reference in (frames[0], 0):
        reg = hs.estimators.Direct().fit(frames, reference=reference)
        off = reg.shifts - motion
        assert reg.ok.all()
        assert np.sqrt(np.mean((off - off[0])[1:] ** 2)) < 0.1
