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
from holdstill.napari.layers import correct_layer, list_axes, make_mask, move_labels, move_points
from holdstill.napari.reader import get_reader, load_lung, load_mouse, read_result
from holdstill.result.registration import Registration
from holdstill.run.options import RegisteringOptions
from holdstill.transforms.trajectory import Trajectory

SHIFTS = np.array([[0.0, 0], [3, -1], [5, 2]])


def make_result(shape=(32, 32), shifts=SHIFTS, **about) -> Registration:
    return Registration.of_trajectory(Trajectory.of("translation", shifts, shape), **about)


def make_layer(data, **about) -> SimpleNamespace:
    usual = {"name": "movie", "rgb": False, "multiscale": False, "metadata": {}, "contrast_limits": (0, 9)}
    place = {"scale": (1,) * data.ndim, "translate": (0,) * data.ndim, "colormap": "gray"}
    return SimpleNamespace(data=data, ndim=data.ndim, **usual, **place, **about)


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
    options = parse_answers({"motion": "rigid", "reference": CURRENT, "max_shift": " 20, 40", "channel": "1"}, frame=3)
    assert (options.motion, options.reference, options.max_shift, options.channel) == ("rigid", 3, (20.0, 40.0), 1)
    assert parse_answers({"channel": "DAPI"}).channel == "DAPI"
    with pytest.raises(InputError, match="'far' is not a number"):
        parse_answers({"max_shift": "far"})


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
    mask = make_mask(make_layer(labels), (32, 32))
    np.testing.assert_array_equal(np.argwhere(mask), [[4, 5], [6, 7]])
    assert make_mask(make_layer(labels.any(0)), (5, 32, 32)).sum() == 10
    with pytest.raises(InputError, match="they must agree"):
        make_mask(make_layer(labels[:, :9]), (32, 32))
    with pytest.raises(InputError, match="covers nothing"):
        make_mask(make_layer(labels * 0), (32, 32))


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
