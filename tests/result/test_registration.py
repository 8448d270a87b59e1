"""The whole way in memory: register, judge, repair, apply, save."""

import contextlib
import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from imagecodecs import imread

import holdstill as hs
from holdstill.contracts import Verdict
from holdstill.engines import plan
from holdstill.errors import FileError, InputError, MissingFile
from holdstill.evaluation import trajectories
from holdstill.evaluation.accuracy import failure_rate, ratio_to_bound, z_score_std
from holdstill.evaluation.movies import Movie, make_movie
from holdstill.evaluation.presets import cells, sparse, texture

SHAPE = (160, 192)


@pytest.fixture(scope="module")
def movie() -> Movie:
    shifts = trajectories.walk(60, 0.8, seed=1)
    return make_movie(texture(SHAPE), shifts, photons=200.0, seed=2, blank_frames=(0, 7, 8, 59))


@pytest.fixture(scope="module")
def found(movie: Movie) -> hs.Registration:
    return hs.register(movie.frames)


def test_blank_frames_are_flagged_and_no_others(movie: Movie, found: hs.Registration) -> None:
    np.testing.assert_array_equal(found.ok, ~movie.blank)
    assert found.verdicts[7] is Verdict.BLANK
    assert np.isnan(found.errors[~found.ok]).all()
    assert np.isfinite(found.errors[found.ok]).all()


def test_bad_frames_are_repaired_from_their_neighbours(found: hs.Registration) -> None:
    np.testing.assert_allclose(found.shifts[7], found.shifts[6] + (found.shifts[9] - found.shifts[6]) / 3)
    np.testing.assert_array_equal(found.shifts[0], found.shifts[1])
    np.testing.assert_array_equal(found.shifts[59], found.shifts[58])


def test_template_shifts_are_relative_to_the_first_good_frame(movie: Movie, found: hs.Registration) -> None:
    np.testing.assert_array_equal(found.shifts[1], 0)
    difference = (found.shifts - movie.shifts)[found.ok]
    assert np.abs(difference - difference[0]).max() < 0.2


def test_accuracy_and_error_bars(movie: Movie, found: hs.Registration) -> None:
    arguments = found.shifts, movie.shifts
    keep = found.ok
    assert ratio_to_bound(*arguments, movie.bounds, free_origin=True, keep=keep) < 1.3
    assert 0.75 < z_score_std(*arguments, found.errors, free_origin=True, keep=keep) < 1.25


@pytest.mark.parametrize(("reference", "index"), [("first", 0), (3, 3), (-1, 5), ("mean", None), ("median", None)])
def test_every_reference(movie: Movie, reference: str | int, index: int | None) -> None:
    frames, shifts = movie.frames[1:7], movie.shifts[1:7]
    result = hs.register(frames, reference=reference)
    difference = result.shifts - shifts
    assert result.ok.all()
    assert np.abs(difference - difference.mean(axis=0)).max() < 0.2
    if index is not None:
        np.testing.assert_allclose(result.shifts[index], 0, atol=0.02)


def test_a_given_image_is_where_the_frames_go(movie: Movie) -> None:
    result = hs.register(movie.frames[1:7], reference=movie.reference.astype(np.float32))
    np.testing.assert_allclose(result.shifts, movie.shifts[1:7], atol=0.1)


def test_any_chunks_and_workers_give_the_same(
    movie: Movie, found: hs.Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    corrected = found.apply(movie.frames)
    for size, workers in ((1, 1), (5, 2), (64, 3)):
        monkeypatch.setattr(plan, "MAX_CHUNK_FRAMES", size)
        other = hs.register(movie.frames, workers=workers)
        assert other.shifts.tobytes() == found.shifts.tobytes()
        assert other.errors.tobytes() == found.errors.tobytes()
        assert other.apply(movie.frames, workers=workers).tobytes() == corrected.tobytes()


def test_correct_writes_what_apply_gives(movie: Movie, found: hs.Registration, tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "in.tif", movie.frames, photometric="minisblack")
    result = hs.correct(tmp_path / "in.tif", tmp_path / "out.ome.tif", report=False)
    np.testing.assert_array_equal(result.shifts, found.shifts)
    np.testing.assert_array_equal(tifffile.imread(tmp_path / "out.ome.tif"), found.apply(movie.frames))


@pytest.mark.parametrize(
    "settings",
    [
        {"fixed_pattern": 0.3},
        {"hot_pixels": 40},
        {"debris": 2},
        {"hot_pixels": 40, "bleaching": 0.6},
    ],
)
@pytest.mark.parametrize("scene", [sparse, cells, texture])
def test_no_failure_whatever_the_microscope_adds(scene: object, settings: dict[str, float]) -> None:
    shifts = trajectories.walk(10, 0.8, seed=3)
    movie = make_movie(scene((112, 112)), shifts, photons=100.0, seed=4, **settings)  # type: ignore[operator]
    result = hs.register(movie.frames)
    assert result.ok.all()
    assert failure_rate(result.shifts, shifts, free_origin=True) == 0


def test_the_input_is_left_alone(movie: Movie) -> None:
    frames = make_movie(sparse(SHAPE), movie.shifts[:10], photons=50.0, hot_pixels=20, seed=1).frames
    copy = frames.copy()
    hs.register(frames).apply(frames)
    np.testing.assert_array_equal(frames, copy)


def test_one_channel_is_registered_and_all_are_corrected(movie: Movie) -> None:
    registered, other = movie.frames[1:7], np.random.default_rng(0).integers(0, 99, (6, *SHAPE), np.uint16)
    both = np.stack([other, registered], axis=1)
    result = hs.register(both, axes="TCYX", channel=1, reference="first")
    np.testing.assert_array_equal(result.shifts, hs.register(registered, reference="first").shifts)
    np.testing.assert_array_equal(result.apply(both, axes="TCYX")[:, 0], result.apply(other))


def test_volumes() -> None:
    shifts = trajectories.drift(6, 2.0, ndim=3, seed=1)
    movie = make_movie(sparse((20, 56, 64)), shifts, photons=300.0, seed=2)
    result = hs.register(movie.frames, axes="TZYX")
    assert failure_rate(result.shifts, shifts, threshold_px=0.2, free_origin=True) == 0
    assert result.apply(movie.frames, axes="TZYX").shape == movie.frames.shape


def test_coverage_and_crop(movie: Movie, found: hs.Registration) -> None:
    box = found.coverage
    cropped = found.apply(movie.frames, crop=True, fill=0)
    assert cropped.shape[1:] == tuple(part.stop - part.start for part in box)
    assert (cropped[found.ok] > 0).all()


def test_save_and_load_are_equal(found: hs.Registration, tmp_path: Path) -> None:
    again = hs.load(found.save(tmp_path / "drift.json"))
    for name in ("parameters", "errors", "scores", "corner_errors", "estimates", "bounds"):
        np.testing.assert_array_equal(getattr(again, name), getattr(found, name))
    for name in ("verdicts", "treatments", "motion", "frame_shape", "pixel_size_um", "provenance", "clamped"):
        assert getattr(again, name) == getattr(found, name)
    assert again.images.keys() == found.images.keys()


def test_table(found: hs.Registration, tmp_path: Path) -> None:
    lines = found.to_csv(tmp_path / "drift.csv").read_text().splitlines()
    first = (
        "frame,time_s,shift_y_px,shift_x_px,error_y_px,error_x_px,corner_error_px,score,verdict,reason,treatment,jump"
    )
    assert lines[0] == first + ",estimate_y_px,estimate_x_px,bound_y_px,bound_x_px"
    assert len(lines) == 61
    assert ",interpolated,0," in lines[8]


def test_points_move_with_the_frame(found: hs.Registration) -> None:
    np.testing.assert_allclose(found[5].map([[10, 20]]), [[10, 20]] + found.shifts[5])
    assert len(found.transforms) == len(found) == 60


def test_other_images_must_fit(movie: Movie, found: hs.Registration) -> None:
    for frames in (movie.frames[:5], movie.frames[:, :-1]):
        with pytest.raises(InputError, match="60"):
            found.apply(frames)


@pytest.mark.parametrize("frames", [np.zeros((4, 32, 32), np.uint8), np.full((4, 32, 32), np.nan, np.float32)])
def test_a_movie_without_anything_is_refused(frames: np.ndarray) -> None:
    with pytest.raises(InputError, match="nothing to register"):
        hs.register(frames)


def test_a_nan_frame_is_a_verdict(movie: Movie) -> None:
    frames = movie.frames[1:7].astype(np.float32)
    frames[2] = np.nan
    result = hs.register(frames)
    assert [verdict.value for verdict in result.verdicts] == ["ok", "ok", "blank", "ok", "ok", "ok"]


def test_noise_alone_is_flagged_as_a_whole() -> None:
    result = hs.register(np.random.default_rng(0).poisson(20, (8, 96, 96)).astype(np.uint16), reference="first")
    assert not result.ok[1:].any()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "holdstill registration"}', "\x00", "[" * 5000])
def test_foreign_files_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "drift.json"
    path.write_text(content)
    with pytest.raises(FileError, match=r"drift\.json"):
        hs.load(path)
    with pytest.raises(MissingFile):
        hs.load(tmp_path / "none.json")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


FIELDS = ["motion", "frame_shape", "parameters", "errors", "verdicts", "images", "schema", "pixel_size_um"]


@pytest.fixture(scope="module")
def saved(found: hs.Registration, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("saved") / "drift.json"
    return replace(found, images={}, provenance={}).save(path).read_text()


@pytest.mark.filterwarnings("ignore:.*was changed after it was written")
@given(key=st.sampled_from(FIELDS), value=json_values)
def test_damaged_results_end_in_our_error(
    saved: str, tmp_path_factory: pytest.TempPathFactory, key: str, value: object
) -> None:
    path = tmp_path_factory.mktemp("json") / "drift.json"
    content = json.loads(saved)
    content[key] = value
    path.write_text(json.dumps(content))
    with contextlib.suppress(FileError):
        hs.load(path)


def test_the_lung_sections_of_the_demo() -> None:
    frames = tifffile.imread(files("holdstill") / "data" / "lung_sem.tif")
    result = hs.register(frames, motion="rigid")
    assert result.ok.all()
    assert np.median(result.scores) > 0.7
    expected = [[0, 0], [-23.6, 13.8], [2.9, 4.9], [-6.7, 10.1], [8.0, 5.0], [-30.3, 13.9]]
    np.testing.assert_allclose(result.shifts[:6], expected, atol=0.6)
    # the sections turn by up to 1.4 degrees, which puts their corners 5 px off where they are only shifted
    shifted = hs.register(frames)
    assert not shifted.ok.any()
    found = shifted.repair("estimates").shifts
    np.testing.assert_allclose(found[:6] - found[0], expected, atol=0.5)


@pytest.mark.parametrize("part", [slice(None), slice(150, 200)])
def test_no_harm_to_a_movie_that_is_still(part: slice) -> None:
    # the last 50 frames alone were refused: what flashes there was taken for a specimen beside a pattern
    frames = tifffile.imread(files("holdstill") / "data" / "mouse_2p.tif")
    result = hs.register(frames[part])
    assert result.ok.all()
    assert np.abs(result.shifts - np.median(result.shifts, axis=0)).max() < 0.35


def test_masked_pair_with_a_known_shift(shared_data: Path) -> None:
    folder = shared_data / "itk_brain"
    names = ("BrainProtonDensitySliceBorder20.png", "BrainProtonDensitySliceShifted13x17y.png")
    fixed, moving = (np.asarray(imread(folder / name)) for name in names)
    fixed, moving = (image[..., 0] if image.ndim == 3 else image for image in (fixed, moving))
    result = hs.register(np.stack([fixed, moving]), reference="first")
    np.testing.assert_allclose(result.shifts[1], (17, 13), atol=0.1)


def test_frames_too_small_are_refused_and_small_ones_judged() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match="1 x 150 px are too small"):
        hs.register(rng.random((5, 1, 150)))
    assert len(hs.register(rng.random((5, 8, 8)))) == 5
    assert len(hs.register(rng.random((4, 1, 32, 32)), axes="TZYX")) == 4


@pytest.mark.parametrize("rows", [1.0, 0.0])
def test_a_periodic_specimen_is_ambiguous(rows: float) -> None:
    y, x = np.indices((128, 128))
    rng = np.random.default_rng(0)
    light = [
        200 * (1 + 0.5 * np.cos(2 * np.pi * (x - t) / 11) * np.cos(rows * 2 * np.pi * (y + t / 2) / 13))
        for t in range(8)
    ]
    reg = hs.register(rng.poisson(np.stack(light)).astype(np.uint16))
    assert not reg.ok.any()
    assert Verdict.AMBIGUOUS in reg.verdicts


def test_a_method_with_its_settings(movie: Movie) -> None:
    matching = hs.estimators.TemplateMatching(roi=((40, 120), (48, 144)), search=12)
    reg = hs.register(movie.frames[1:7], method=matching, reference=0)
    assert reg.provenance["method"] == "TemplateMatching"
    assert reg.provenance["settings"]["search"] == 12
    with pytest.raises(InputError, match="settings of TemplateMatching; set them there"):
        hs.register(movie.frames[1:7], method=matching, max_shift=9)
    with pytest.raises(InputError, match="settings of TemplateMatching; set them there"):
        hs.register(movie.frames[1:7], method=matching, motion="rigid")


def test_a_single_transform_says_where_it_is() -> None:
    """Its range is zero, which told nothing."""
    turn = np.deg2rad(7.0)
    linear = 1.1 * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix, centre = np.eye(3), np.array([31.5, 39.5])
    matrix[:2, :2], matrix[:2, 2] = linear, centre - linear @ centre + [3.0, -5.25]
    found = hs.Registration.from_matrices(matrix[None], (64, 80))
    assert (
        repr(found) == "<Registration of 1 frame, similarity, shift 3.00, -5.25 px, angle 7.00 deg, scale 1.1000, ok>"
    )
    one = hs.Registration.from_shifts([[1.0, 2.0]], (64, 80))
    assert repr(one) == "<Registration of 1 frame, translation, shift 1.00, 2.00 px, ok>"
