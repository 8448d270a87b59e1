"""The dock widget inside napari; `test_widget.py` runs these in a process of their own."""

import ctypes
from importlib.resources import files

import numpy as np
import pytest
import tifffile
from matplotlib.colors import to_rgb
from npe2 import PluginManifest

from holdstill.contracts import Verdict
from holdstill.evaluation.slides import make_slide
from holdstill.napari.form import CURRENT
from holdstill.napari.widget import RegisterWidget
from holdstill.result.registration import Registration
from holdstill.transforms.trajectory import Trajectory

MANIFEST = str(files("holdstill.napari").joinpath("napari.yaml"))
# with each viewer Qt for Python gives back 15,000 references to None that it never took (PySide6 6.12, Python 3.11):
# the tenth ended the process at its exit. These are never given back
HELD = [None] * 1_000_000
ctypes.pythonapi.Py_IncRef(ctypes.py_object(HELD))
N, BAD, SCALE = 12, 9, (2.0, 0.5, 0.5)


@pytest.fixture
def movie():
    random = np.random.default_rng(5)
    scene = make_slide((96, 96), 1, seed=5).images[0]
    frames = np.stack([random.poisson(np.roll(scene, (t % 7, -(t % 5)), (0, 1))) for t in range(N)]).astype(np.uint16)
    frames[BAD] = random.poisson(90, frames[BAD].shape)
    return frames


@pytest.fixture
def opened(make_napari_viewer, movie):
    viewer = make_napari_viewer()
    viewer.add_image(movie, name="movie", scale=SCALE)
    widget = RegisterWidget(viewer)
    viewer.window.add_dock_widget(widget)
    return viewer, widget


def run(widget, qtbot):
    worker = widget.start()
    with qtbot.waitSignal(worker.finished, timeout=120_000):
        pass
    qtbot.waitUntil(lambda: widget._run_button.enabled, timeout=5000)


def test_a_movie_is_registered(opened, qtbot, tmp_path, movie) -> None:
    viewer, widget = opened
    widget._questions["reference"].value = "first"
    run(widget, qtbot)
    assert np.rint(widget.found.shifts[[1, 3]]).astype(int).tolist() == [[1, -1], [3, -3]]
    assert widget.flagged == (BAD,)
    assert len({widget._questions[name]._labeled_widget().label_width for name in ("motion", "max_shift")}) == 1
    assert "try another channel" in widget._told.value  # a field of the form, and not an option of the command
    figure = widget.drift.native.figure
    assert (
        sum(figure.get_facecolor()[:3]) < 1 < 2 < sum(to_rgb(figure.axes[0].xaxis.label.get_color()))
    )  # a dark window
    corrected = viewer.layers["movie, corrected"]
    assert tuple(corrected.scale) == SCALE
    assert corrected.metadata["holdstill"] is widget.found
    inner = (slice(10, -10), slice(10, -10))
    # what napari draws: the frame on the slider, computed when it is looked at
    widget.go_to(3)
    assert np.corrcoef(corrected._slice.image.raw[inner].ravel(), movie[0][inner].ravel())[0, 1] > 0.9
    assert np.corrcoef(movie[3][inner].ravel(), movie[0][inner].ravel())[0, 1] < 0.5


def test_the_cursor_follows_the_slider_and_the_slider_the_list(opened, qtbot) -> None:
    viewer, widget = opened
    widget._questions["reference"].value = "first"
    run(widget, qtbot)
    widget._flagged.value = BAD
    assert viewer.dims.point[0] == BAD * SCALE[0]
    assert widget.drift.frame == BAD
    viewer.dims.set_point(0, 4 * SCALE[0])
    assert (widget.frame, widget.drift.frame) == (4, 4)


def test_a_result_makes_the_dock_no_higher_and_hardly_wider(make_napari_viewer, qtbot, tmp_path, movie) -> None:
    viewer = make_napari_viewer()
    viewer.add_image(movie, name="movie")
    widget = RegisterWidget(viewer)
    dock = widget.native
    dock.resize(10, 500)
    dock.show()
    fields = [widget._questions[name].native for name in ("motion", "max_shift")]
    qtbot.waitUntil(lambda: dock.width() > 200 and fields[0].x() == fields[1].x())
    width = dock.width()
    verdicts = [Verdict.MISMATCH if t == BAD else Verdict.OK for t in range(N)]
    found = Registration.of_trajectory(Trajectory.of("translation", np.zeros((N, 2)), (96, 96)), verdicts=verdicts)
    widget._file.value = found.save(tmp_path / "known.json")
    widget.load()
    qtbot.waitUntil(widget.drift.native.isVisible)
    qtbot.wait(100)
    assert dock.height() == 500
    assert dock.width() - width < 30
    assert widget._flagged.native.item(0).text() == f"{BAD}: mismatch"


def test_a_run_is_cancelled(opened, qtbot) -> None:
    viewer, widget = opened
    worker = widget.start()
    widget.stop()
    with qtbot.waitSignal(worker.finished, timeout=120_000):
        pass
    qtbot.waitUntil(lambda: widget._run_button.enabled, timeout=5000)
    assert widget.found is None
    assert [layer.name for layer in viewer.layers] == ["movie"]


def test_a_result_is_loaded_layers_move_along_and_it_is_saved(opened, tmp_path) -> None:
    viewer, widget = opened
    shifts = np.column_stack([np.arange(N), -np.arange(N)]).astype(float)
    path = Registration.of_trajectory(Trajectory.of("translation", shifts, (96, 96))).save(tmp_path / "known.json")
    widget._file.value = path
    widget.load()
    np.testing.assert_array_equal(widget.found.shifts, shifts)
    seen = np.column_stack([np.arange(N), 40 + shifts])
    square = np.array([[5, 40, 40], [5, 40, 50], [5, 50, 50], [5, 50, 40]], float)
    labels = np.zeros((N, 96, 96), np.uint16)
    for t, (y, x) in enumerate(40 + shifts.astype(int)):
        labels[t, y, x] = 3
    drawn = [
        viewer.add_points(seen, scale=SCALE, name="points"),
        viewer.add_tracks(np.column_stack([np.ones(N), seen]), scale=SCALE, name="tracks"),
        viewer.add_shapes([square], shape_type="rectangle", scale=SCALE, name="shapes"),
        viewer.add_labels(labels, scale=SCALE, name="labels"),
    ]
    viewer.layers.selection = set(drawn)
    widget.move_along()
    np.testing.assert_allclose(viewer.layers["points, moved"].data[:, 1:], 40)
    np.testing.assert_allclose(viewer.layers["tracks, moved"].data[:, 2:], 40)
    np.testing.assert_allclose(viewer.layers["shapes, moved"].data[0], square - [0, 5, -5])
    assert (viewer.layers["labels, moved"].data[:, 40, 40] == 3).all()
    assert tuple(viewer.layers["points, moved"].scale) == SCALE
    widget._file.value = tmp_path / "again.json"
    widget.save()
    assert (tmp_path / "again.json").exists()


def test_what_is_wrong_is_told(opened, tmp_path, monkeypatch) -> None:
    viewer, widget = opened
    told = []
    monkeypatch.setattr("holdstill.napari.widget.show_error", told.append)
    widget._questions["max_shift"].value = "far"
    assert widget.start() is None
    shifts = np.zeros((3, 2))
    other = Registration.of_trajectory(Trajectory.of("translation", shifts, (96, 96)))
    widget._file.value = other.save(tmp_path / "a.json")
    widget.load()
    widget.move_along()
    widget.save()
    viewer.layers.clear()
    widget.load()
    words = ("'far' is not a number", "has 12 frames", "select layers", "there is no result", "there is no movie")
    assert len(told) == len(words)
    for text, word in zip(told, words, strict=True):
        assert word in text


def test_a_mask_of_shapes(opened) -> None:
    viewer, widget = opened
    square = np.array([[5, 40, 40], [5, 40, 50], [5, 50, 50], [5, 50, 40]], float)
    seen = np.array(SCALE) * square  # the same place in the units of the world
    for corners, scale in ((square, SCALE), (seen, (1, 1, 1))):
        widget._mask.value = viewer.add_shapes([corners], shape_type="rectangle", scale=scale)
        mask = widget._read_form()[2].mask
        rows, columns = np.nonzero(mask)
        assert (rows.min(), rows.max(), columns.min(), columns.max()) == (40, 50, 40, 50)
        assert mask.shape == (96, 96)


def test_layers_of_another_scale_move_along(opened, tmp_path) -> None:
    viewer, widget = opened
    shifts = np.column_stack([np.arange(N), -np.arange(N)]).astype(float)
    widget._file.value = Registration.of_trajectory(Trajectory.of("translation", shifts, (96, 96))).save(
        tmp_path / "known.json"
    )
    widget.load()
    seen = np.array(SCALE) * np.column_stack([np.arange(N), 40 + shifts])
    points = viewer.add_points(seen, size=5, name="points")
    tracks = viewer.add_tracks(np.column_stack([np.ones(N), seen]), name="tracks")
    viewer.layers.selection = {points, tracks}
    widget.move_along()
    moved = viewer.layers["points, moved"]
    np.testing.assert_allclose(moved.data, np.column_stack([np.arange(N), np.full((N, 2), 40)]))
    np.testing.assert_allclose(moved.size, 10)  # px of half a unit
    np.testing.assert_allclose(viewer.layers["tracks, moved"].data[:, 2:], 40)
    assert tuple(moved.scale) == SCALE


def test_the_reference_is_the_frame_of_the_chosen_movie(opened, movie, monkeypatch) -> None:
    viewer, widget = opened
    other = viewer.add_image(movie[:6], name="other", scale=(4, 0.5, 0.5), translate=(8, 0, 0))
    widget._questions["reference"].value = CURRENT
    viewer.dims.set_point(0, 16)
    assert widget._read_form()[2].reference == 8
    widget._layer = viewer.layers["movie"]  # a result of the first one is shown
    widget._movie.value = other
    assert widget._read_form()[2].reference == 2
    told = []
    monkeypatch.setattr("holdstill.napari.widget.show_error", told.append)
    viewer.dims.set_point(0, 2)
    assert widget.start() is None
    assert "stands at frame -2 of a movie of 6" in told[0]


def test_napari_opens_results_and_samples(npe2pm, make_napari_viewer, tmp_path, movie) -> None:
    npe2pm.tmp_plugin(manifest=PluginManifest.from_file(MANIFEST)).__enter__()
    tifffile.imwrite(tmp_path / "movie.tif", movie, photometric="minisblack")
    known = {"input": str(tmp_path / "movie.tif"), "axes": "TYX"}
    found = Registration.of_trajectory(Trajectory.of("translation", np.zeros((N, 2)), (96, 96)), provenance=known)
    path = found.save(tmp_path / "still.drift.json")
    viewer = make_napari_viewer()
    layers = viewer.open(str(path), plugin="holdstill")
    assert [layer.name for layer in layers] == ["still.drift.json, raw", "still.drift.json, corrected"]
    viewer.open_sample("holdstill", "lung")
    assert viewer.layers[-1].data.shape == (12, 400, 400)
    _, widget = viewer.window.add_plugin_dock_widget("holdstill", "Register a movie")
    assert widget.drift.frame is not None  # its drift is there before anybody presses Load
    moved = Registration.of_trajectory(Trajectory.of("translation", np.ones((N, 2)), (96, 96)), provenance=known)
    viewer.open(str(moved.refused(3).save(tmp_path / "moved.drift.json")), plugin="holdstill")
    assert (widget.found.shifts[[0, -1]] == 1).all()
    assert widget.flagged == (3,)  # which the second layer that came with it must not empty
