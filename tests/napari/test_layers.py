"""The form of the plugin and what it does with layers, as far as napari is not needed."""

from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import tifffile

from holdstill.errors import InputError
from holdstill.napari.form import CURRENT, list_questions, parse_answers
from holdstill.napari.layers import (
    change_layer,
    check_aligned,
    correct_layer,
    find_frame,
    list_axes,
    make_mask,
    measure_scale,
    move_labels,
    move_points,
    open_layer,
)  # fmt: skip
from holdstill.napari.reader import get_reader, load_lung, load_mouse, read_result
from holdstill.result.registration import Registration
from holdstill.run.options import RegisteringOptions
from holdstill.transforms.trajectory import Trajectory

SHIFTS = np.array([[0.0, 0], [3, -1], [5, 2]])


def make_result(shape=(32, 32), shifts=SHIFTS, **about) -> Registration:
    return Registration.of_trajectory(Trajectory.of("translation", shifts, shape), **about)


def make_layer(data, *, scale=None, translate=None, ndim=None, **about) -> SimpleNamespace:
    """What a layer says of itself; like napari's it lies on the last axes of a world that has more."""
    ndim = ndim or data.ndim
    scale, translate = np.array(scale or (1,) * ndim, float), np.array(translate or (0,) * ndim, float)

    def fit(position):
        return np.concatenate([np.zeros(ndim), position])[-ndim:]

    usual = {"name": "movie", "rgb": False, "multiscale": False, "metadata": {}, "contrast_limits": (0, 9)}
    place = {"scale": tuple(scale), "translate": tuple(translate), "colormap": "gray"}
    return SimpleNamespace(
        data=data, ndim=ndim, **usual, **place, **about, data_to_world=lambda at: fit(at) * scale + translate,
        world_to_data=lambda at: (fit(at) - translate) / scale,
    )  # fmt: skip


def test_the_form_follows_the_options() -> None:
    questions = {each.name: each for each in list_questions()}
    known = {each.name: each for each in fields(RegisteringOptions)}
    for name, each in questions.items():
        assert each.help == known[name].metadata["help"]
        assert each.default == ("" if known[name].default is None else str(known[name].default))
        assert not each.choices or each.default in each.choices
    assert questions["max_shift"].label == "max shift (px)"
    assert parse_answers({each.name: each.default for each in questions.values()}) == RegisteringOptions()


def test_answers_become_options() -> None:
    answers = {"motion": "rigid", "reference": CURRENT, "max_shift": " 20, 40", "channel": "1"}
    options = parse_answers(answers, frame=3, n_frames=4)
    assert (options.motion, options.reference, options.max_shift, options.channel) == ("rigid", 3, (20.0, 40.0), 1)
    assert parse_answers({"channel": "DAPI"}).channel == "DAPI"
    assert parse_answers({"channel": "²"}).channel == "²"  # a digit that is not a number
    with pytest.raises(InputError, match="'far' is not a number"):
        parse_answers({"max_shift": "far"})


def test_the_largest_shift_has_units_as_everywhere() -> None:
    assert parse_answers({"max_shift": "3um"}).max_shift == "3um"
    assert parse_answers({"max_shift": "3um, 4 um"}).max_shift == "3um, 4 um"
    for wrong in ("3 miles", "3um/s", "3um,"):
        with pytest.raises(InputError, match="max_shift"):
            parse_answers({"max_shift": wrong})
    movie = make_layer(np.zeros((3, 9, 8), np.uint8), scale=(2, 500, 0.25), units=("second", "nanometer", "micrometer"))
    with open_layer(movie, "TYX") as source:
        assert source.info.pixel_size_um == (None, 0.5, 0.25)
    with open_layer(make_layer(np.zeros((3, 9, 8), np.uint8), units=("pixel",) * 3), "TYX") as source:
        assert source.info.pixel_size_um == (None, None, None)


@pytest.mark.parametrize("frame", [-1, 12])
def test_a_frame_that_is_not_there_is_no_reference(frame) -> None:
    with pytest.raises(InputError, match=f"stands at frame {frame} of a movie of 12"):
        parse_answers({"reference": CURRENT}, frame=frame, n_frames=12)
    assert parse_answers({"reference": "first"}, frame=frame, n_frames=12).reference == "first"


def test_the_frame_is_that_of_the_layer_itself() -> None:
    movie = make_layer(np.zeros((9, 5, 5)), scale=(2, 1, 1), translate=(10, 0, 0))
    assert find_frame(movie, (16, 0, 0)) == 3
    assert find_frame(movie, (99, 16, 0, 0)) == 3
    assert find_frame(movie, (0, 0, 0)) == -5


def test_axes_of_layers() -> None:
    assert list_axes(make_layer(np.zeros((2, 3, 4)))) == ("TYX",)
    assert list_axes(make_layer(np.zeros((2, 3, 4, 5)))) == ("TZYX", "TCYX")
    with pytest.raises(InputError, match="movie: has 2 axes"):
        list_axes(make_layer(np.zeros((2, 3))))
    colours = make_layer(np.zeros((2, 3, 4)))
    colours.rgb = True
    with pytest.raises(InputError, match="movie: is of colours"):
        list_axes(colours)


def test_a_layer_is_corrected_frame_by_frame() -> None:
    scene = np.random.default_rng(0).integers(1, 99, (32, 32)).astype(np.uint16)
    movie = np.stack([np.roll(scene, shift, (0, 1)) for shift in SHIFTS.astype(int)])
    channels = np.stack([movie, movie], axis=1)
    found = make_result()
    data, given = correct_layer(found, make_layer(channels), "TCYX")
    for t in range(3):
        np.testing.assert_array_equal(data[t, 1, 8:24, 8:24], scene[8:24, 8:24])
    assert given["metadata"]["holdstill"] is found
    with pytest.raises(InputError, match="apply it to images of the same length"):
        correct_layer(found, make_layer(movie[:2]), "TYX")


def test_what_was_drawn_stands_still_once_corrected() -> None:
    found = make_result()
    seen = np.column_stack([np.arange(3), 10 + SHIFTS])
    np.testing.assert_allclose(move_points(found, seen)[:, 1:], 10)
    tracks = np.column_stack([np.full(3, 7), seen])
    np.testing.assert_allclose(
        move_points(found, tracks, time=1), np.column_stack([tracks[:, :2], np.full((3, 2), 10)])
    )
    with_channel = np.insert(seen, 1, 4, axis=1)
    np.testing.assert_allclose(move_points(found, with_channel), [[t, 4, 10, 10] for t in range(3)])
    with pytest.raises(InputError, match="do not say their frame"):
        move_points(found, seen[:, 1:])
    for frame in (-1, 3):
        with pytest.raises(InputError, match=f"points on frame {frame}: the result has frames 0 to 2"):
            move_points(found, [[frame, 10, 10]])


def test_points_of_a_layer_with_a_scale_of_its_own() -> None:
    movie = make_layer(np.zeros((3, 32, 32)), scale=(2, 0.5, 0.5), translate=(0, 1, 0))
    drawn = make_layer(np.zeros((2, 3)), ndim=3)  # um, as the world
    np.testing.assert_allclose(change_layer([[4, 6, 5]], drawn, movie), [[2, 10, 10]])
    np.testing.assert_allclose(change_layer([[2, 10, 10]], movie, drawn), [[4, 6, 5]])
    assert measure_scale(drawn, movie, 2) == pytest.approx(2)
    check_aligned(make_layer(np.zeros((3, 32, 32)), scale=(2, 0.5, 0.5), translate=(0, 1, 0)), movie, 2)
    for other in ({"scale": (2, 1, 1), "translate": (0, 1, 0)}, {"scale": (2, 0.5, 0.5)}):
        with pytest.raises(InputError, match="its pixels are not those of movie"):
            check_aligned(make_layer(np.zeros((3, 32, 32)), **other), movie, 2)


def test_labels_beyond_float32_move_with_their_pixels() -> None:
    large = 2**40 + 1
    labels = np.zeros((3, 32, 32), np.int64)
    for t, (y, x) in enumerate(SHIFTS.astype(int)):
        labels[t, 10 + y : 14 + y, 10 + x : 14 + x] = large
    moved = move_labels(make_result(), labels)
    for image in moved:
        np.testing.assert_array_equal(np.argwhere(image == large), np.argwhere(labels[0]))
    with pytest.raises(InputError, match="need one image for each frame"):
        move_labels(make_result(), labels[0])


def test_a_mask_is_what_labels_cover_in_any_frame() -> None:
    labels = np.zeros((3, 32, 32), int)
    labels[0, 4, 5], labels[2, 6, 7] = 1, 2
    movie, volumes = make_layer(labels), make_layer(np.zeros((3, 5, 32, 32)))
    mask = make_mask(movie, (32, 32), movie)
    np.testing.assert_array_equal(np.argwhere(mask), [[4, 5], [6, 7]])
    assert make_mask(make_layer(labels.any(0)), (5, 32, 32), volumes).sum() == 10
    with pytest.raises(InputError, match="covers nothing"):
        make_mask(make_layer(labels * 0), (32, 32), movie)


def test_a_mask_lies_where_it_is_seen() -> None:
    movie, volumes = make_layer(np.zeros((3, 32, 32)), scale=(1, 0.5, 0.5)), make_layer(np.zeros((3, 5, 32, 32)))
    coarse = np.zeros((16, 16), int)
    coarse[2, 5] = 1
    # the first pixel of both begins at one place: their centres do not lie there
    mask = make_mask(make_layer(coarse, translate=(0.25, 0.25)), (32, 32), movie)
    np.testing.assert_array_equal(np.argwhere(mask), [[4, 10], [4, 11], [5, 10], [5, 11]])
    for other in (coarse, coarse[:, :9], np.ones((32, 32)), np.ones((1, 32)), np.ones((32, 1))):
        with pytest.raises(InputError, match="give it the scale and place of the movie"):
            make_mask(make_layer(other, translate=(3, 0)), (32, 32), movie)
    with pytest.raises(InputError, match="give it the scale"):  # one plane of five is not all of them
        make_mask(make_layer(np.ones((1, 32, 32))), (5, 32, 32), volumes)


@pytest.mark.filterwarnings("ignore:Exception ignored")  # layers keep the files open
def test_a_result_is_read_with_its_movie(tmp_path: Path) -> None:
    movie = np.random.default_rng(0).integers(0, 99, (3, 16, 20)).astype(np.uint8)
    pixels = {"PhysicalSizeX": 0.5, "PhysicalSizeY": 0.25, "PhysicalSizeXUnit": "µm", "PhysicalSizeYUnit": "µm"}
    tifffile.imwrite(tmp_path / "movie.ome.tif", movie, photometric="minisblack", metadata={"axes": "TYX", **pixels})
    known = {"input": str(tmp_path / "movie.ome.tif"), "axes": "TYX"}
    path = make_result((16, 20), np.zeros((3, 2)), provenance=known).save(tmp_path / "still.drift.json")
    assert get_reader(str(path)) is read_result
    assert get_reader("movie.tif") is None
    layers = read_result(str(path))
    assert [given["name"] for _, given, _ in layers] == ["still.drift.json, raw", "still.drift.json, corrected"]
    for data, given, kind in layers:
        np.testing.assert_array_equal(np.asarray(data), movie)
        assert (kind, given["scale"]) == ("image", (1.0, 0.25, 0.5))


def test_sample_data_is_there() -> None:
    assert load_lung()[0][0].shape == (12, 400, 400)
    assert load_mouse()[0][0].ndim == 3


def test_the_manifest_names_what_there_is() -> None:
    text = files("holdstill.napari").joinpath("napari.yaml").read_text(encoding="utf-8")
    named = [line.split("holdstill.napari.")[1].strip() for line in text.splitlines() if "python_name" in line]
    assert named == ["widget:RegisterWidget", "reader:get_reader", "reader:load_mouse", "reader:load_lung"]
