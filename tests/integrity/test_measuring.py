"""Correlations equal NumPy's, whatever the labels, the files and the bands that they are summed in."""

import csv
import json
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
import zarr
from scipy import ndimage

from holdstill import integrity
from holdstill.errors import FileInTheWay, HoldstillError, InputError
from holdstill.evaluation.slides import area_under_curve, make_slide
from holdstill.integrity import alignment, streaming
from holdstill.result.viewer.slide import SlideView

N_CYCLES, HEIGHT, WIDTH = 4, 90, 110


def make_cycles(dtype=np.uint16, seed=0):
    random = np.random.default_rng(seed)
    base = random.normal(1000, 100, (HEIGHT, WIDTH))
    noise = random.normal(0, 60, (N_CYCLES, HEIGHT, WIDTH))
    return (base + noise * np.arange(N_CYCLES)[:, None, None]).astype(dtype)


def make_labels(dtype=np.uint32):
    """Irregular cells with large, unordered numbers, one of them in two pieces, one of a single pixel."""
    grid = np.arange(HEIGHT)[:, None] // 13 * 9 + np.arange(WIDTH) // 14
    labels = ((grid * 7919) % 101).astype(dtype)
    labels[::11, ::5] = 0
    labels[40, 50] = 120
    return labels


def numpy_correlations(images, labels, other):
    """The specification: cell by cell, pixels picked by a mask."""
    return np.array(
        [
            [np.corrcoef(images[k][labels == cell], images[other(k)][labels == cell])[0, 1] for k in range(len(images))]
            for cell in np.unique(labels[labels > 0])
        ]
    )


@pytest.fixture(scope="module")
def slide():
    return make_slide((420, 440), 5, fold_from=3, seed=1)


@pytest.mark.filterwarnings("ignore:invalid value", "ignore:Degrees of freedom", "ignore:divide by zero")
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16, np.float32, np.float64])
def test_equals_numpy(dtype) -> None:
    images, labels = make_cycles(dtype), make_labels()
    found = integrity.measure(images, labels=labels, threshold=0.5)
    cells = np.unique(labels[labels > 0])
    np.testing.assert_array_equal(found.cells, cells)
    expected = numpy_correlations(images.astype(np.float64), labels, lambda k: 0)
    np.testing.assert_allclose(found.correlation_first, expected, atol=1e-9, rtol=0)
    before = numpy_correlations(images.astype(np.float64), labels, lambda k: max(k - 1, 0))
    np.testing.assert_allclose(found.correlation_previous[:, 1:], before[:, 1:], atol=1e-9, rtol=0)
    assert np.isnan(found.correlation_previous[:, 0]).all()
    np.testing.assert_array_equal(found.area, [(labels == cell).sum() for cell in cells])
    centres = ndimage.center_of_mass(np.ones_like(labels), labels, cells)
    np.testing.assert_allclose(found.centroid, centres, atol=1e-9)
    means = [[image[labels == cell].mean() for image in images] for cell in cells]
    np.testing.assert_allclose(found.mean, np.array(means, np.float64), rtol=1e-6)


def test_a_large_offset_costs_no_digits() -> None:
    labels = make_labels()
    images = make_cycles(np.float64)
    plain = integrity.measure(images, labels=labels, threshold=0.5)
    raised = integrity.measure(images + 1e9, labels=labels, threshold=0.5)
    np.testing.assert_allclose(raised.correlation_first, plain.correlation_first, atol=1e-8)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int32, np.uint32, np.int64, np.uint64])
def test_any_integer_labels(dtype) -> None:
    plain = integrity.measure(make_cycles(), labels=make_labels(), threshold=0.5)
    labels = make_labels().astype(dtype)
    if np.dtype(dtype).kind == "i":
        labels[labels == 0] = -1  # what some programs write for no cell
    if np.iinfo(dtype).max > 2**32:
        labels[labels > 0] += np.asarray(2**31 + 5, dtype)
    found = integrity.measure(make_cycles(), labels=labels, threshold=0.5)
    np.testing.assert_array_equal(found.correlation_first, plain.correlation_first)
    assert found.cells.dtype == dtype
    assert found.cells.max() == labels.max()


@pytest.mark.filterwarnings("ignore:invalid value")
def test_without_variance_there_is_nan() -> None:
    images, labels = make_cycles(), make_labels()
    cell = labels[5, 20]
    images[2][labels == cell] = 777
    found = integrity.measure(images, labels=labels, threshold=0.5)
    row = int(np.searchsorted(found.cells, cell))
    assert np.isnan(found.correlation_first[row, 2])
    assert np.isnan(found.correlation_previous[row, [2, 3]]).all()
    assert np.isfinite(found.correlation_first[row, [0, 1, 3]]).all()
    single = int(np.searchsorted(found.cells, 120))
    assert found.area[single] == 1
    assert np.isnan(found.correlation_first[single]).all()
    assert not found.kept[single].any()


def test_slack_takes_the_best_of_nine_shifts() -> None:
    images, labels = make_cycles(), make_labels()
    images[2] = np.roll(images[0], (1, -1), (0, 1))
    found = integrity.measure(images, labels=labels, slack=1, threshold=0.5)
    inner = (found.centroid > 20).all(axis=1) & (found.centroid < [70, 90]).all(axis=1) & (found.area > 20)
    np.testing.assert_allclose(found.correlation_first[inner, 2], 1, atol=1e-12)
    padded = np.pad(images[3].astype(np.float64), 1, mode="edge")
    cell = found.cells[np.flatnonzero(inner)[0]]
    inside = labels == cell
    shifted = [padded[y : y + HEIGHT, x : x + WIDTH][inside] for y in range(3) for x in range(3)]
    best = max(np.corrcoef(images[0][inside], each)[0, 1] for each in shifted)
    assert found.correlation_first[np.flatnonzero(inner)[0], 3] == pytest.approx(best, abs=1e-9)
    free = found.area[inner] - 3
    np.testing.assert_allclose(found.errors[inner, 3], (1 - found.correlation_first[inner, 3] ** 2) / np.sqrt(free))


@pytest.mark.parametrize("slack", [0, 1, 3])
def test_bands_do_not_show(slack, monkeypatch) -> None:
    whole = integrity.measure(make_cycles(), labels=make_labels(), slack=slack, threshold=0.5)
    monkeypatch.setattr(streaming, "BAND_BYTES", 1)
    monkeypatch.setattr(streaming, "LEAST_ROWS", 7)
    parts = integrity.measure(make_cycles(), labels=make_labels(), slack=slack, threshold=0.5, workers=3)
    for name in ("correlation_first", "correlation_previous", "mean", "centroid", "area"):
        np.testing.assert_array_equal(getattr(parts, name), getattr(whole, name))


def write_files(folder: Path, images, labels):
    tifffile.imwrite(folder / "tiled.ome.tif", images, tile=(32, 32), metadata={"axes": "TYX"}, compression="zlib")
    tifffile.imwrite(folder / "raw.ome.tif", images, metadata={"axes": "TYX"})
    names = {"axes": "CYX", "Channel": {"Name": [f"DNA{k + 1}" for k in range(len(images))]}}
    tifffile.imwrite(folder / "stack.ome.tif", images, photometric="minisblack", rowsperstrip=17, metadata=names)
    with tifffile.TiffWriter(folder / "pyramid.ome.tif") as tif:
        tif.write(images, subifds=1, tile=(32, 48), metadata={"axes": "TYX"})
        tif.write(images[:, ::2, ::2], subfiletype=1, tile=(32, 48))
    array = zarr.create_array(folder / "cycles.zarr", shape=images.shape, chunks=(1, 32, 40), dtype=images.dtype)
    array[:] = images
    for k, image in enumerate(images):
        tifffile.imwrite(folder / f"c{k + 1}.tif", image)
    tifffile.imwrite(folder / "cells.tif", labels, tile=(16, 64), compression="zlib")
    files = {name: folder / name for name in ("tiled.ome.tif", "raw.ome.tif", "pyramid.ome.tif", "cycles.zarr")}
    return files


def test_files_of_all_kinds_say_the_same(tmp_path: Path, monkeypatch) -> None:
    images, labels = make_cycles(), make_labels()
    files = write_files(tmp_path, images, labels)
    plain = integrity.measure(images, labels=labels, threshold=0.5)
    monkeypatch.setattr(streaming, "BAND_BYTES", 1)
    cells = tmp_path / "cells.tif"
    found = [integrity.measure(file, labels=cells, threshold=0.5, axes="TYX") for file in files.values()]
    channels = [f"DNA{k + 1}" for k in range(N_CYCLES)]
    found.append(integrity.measure(tmp_path / "stack.ome.tif", labels=cells, channel=channels, threshold=0.5))
    assert found[-1].names == tuple(channels)
    found.append(integrity.measure([tmp_path / f"c{k}.tif" for k in range(1, 5)], labels=cells, threshold=0.5))
    found.append(integrity.measure(str(tmp_path / "c[0-9].tif"), labels=cells, threshold=0.5))
    for each in found:
        np.testing.assert_array_equal(each.correlation_first, plain.correlation_first)


def test_tiles_stand_for_cells() -> None:
    found = integrity.measure(make_cycles(), tile=50, threshold=0.5)
    assert found.n_cells == 2 * 3
    assert found.area.tolist() == [2500, 2500, 500, 2000, 2000, 400]
    inside = make_cycles()[:, 50:, 50:100].astype(np.float64)
    assert found.correlation_first[4, 3] == pytest.approx(np.corrcoef(inside[0].ravel(), inside[3].ravel())[0, 1])


def test_results_are_written_and_equal_the_value(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow.parquet")
    anndata = pytest.importorskip("anndata")
    tifffile.imwrite(tmp_path / "cycles.tif", make_cycles(), photometric="minisblack")
    tifffile.imwrite(tmp_path / "cells.tif", make_labels())
    out = tmp_path / "out"
    found = integrity.measure(tmp_path / "cycles.tif", labels=tmp_path / "cells.tif", out=out, threshold=0.6)
    with open(out / "integrity.csv", encoding="ascii") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        "cell",
        "cycle",
        "correlation_first",
        "correlation_previous",
        "mean",
        "area",
        "y",
        "x",
        "kept",
    ]
    assert len(rows) == found.n_cells * N_CYCLES
    assert [int(row["cycle"]) for row in rows[:N_CYCLES]] == [1, 2, 3, 4]
    for name in ("correlation_first", "correlation_previous", "mean"):
        told = np.array([float(row[name]) for row in rows]).reshape(found.n_cells, N_CYCLES)
        np.testing.assert_array_equal(told, getattr(found, name))
    np.testing.assert_array_equal([row["kept"] == "1" for row in rows], found.kept.ravel())
    table = pyarrow.read_table(out / "integrity.parquet")
    assert table.column_names == list(rows[0])
    np.testing.assert_array_equal(table["correlation_first"].to_numpy(), found.correlation_first.ravel())
    wide = anndata.read_h5ad(out / "integrity.h5ad")
    np.testing.assert_array_equal(wide.X, found.correlation_first)
    np.testing.assert_array_equal(wide.obsm["spatial"], found.centroid[:, ::-1])
    np.testing.assert_array_equal(wide.obs["first_lost"], found.first_lost)
    summary = json.loads((out / "summary.json").read_text())
    assert summary["share_kept"] == found.kept.mean(axis=0).tolist()
    assert sum(summary["n_first_lost"]) == int((found.first_lost > 0).sum())
    assert not out.with_name(f".{out.name}.resume").exists()
    with pytest.raises(FileInTheWay, match="--overwrite"):
        integrity.measure(tmp_path / "cycles.tif", labels=tmp_path / "cells.tif", out=out)


class Stop(Exception):
    pass


def test_resume_gives_the_same_bytes(tmp_path: Path, monkeypatch) -> None:
    tifffile.imwrite(tmp_path / "cycles.tif", make_cycles(), photometric="minisblack")
    tifffile.imwrite(tmp_path / "cells.tif", make_labels())
    monkeypatch.setattr(streaming, "BAND_BYTES", 1)
    monkeypatch.setattr(streaming, "NOTE_S", 0)
    options = {"labels": tmp_path / "cells.tif", "threshold": 0.5}
    integrity.measure(tmp_path / "cycles.tif", out=tmp_path / "whole", **options)

    def stop(stage, done, total):
        if done > 60:
            raise Stop

    with pytest.raises(Stop):
        integrity.measure(tmp_path / "cycles.tif", out=tmp_path / "parts", progress=stop, **options)
    with pytest.raises(FileInTheWay, match="was begun by a run that was interrupted; --resume"):
        integrity.measure(tmp_path / "cycles.tif", out=tmp_path / "parts", **options)
    with pytest.raises(InputError, match="interrupted job differs in options"):
        integrity.measure(tmp_path / "cycles.tif", out=tmp_path / "parts", resume=True, slack=1, **options)
    seen = []
    integrity.measure(
        tmp_path / "cycles.tif",
        out=tmp_path / "parts",
        resume=True,
        progress=lambda *told: seen.append(told),
        **options,
    )
    assert seen[0][1] > 60
    for name in ("integrity.csv", "arrays/correlation_first.npy", "maps/cycle_02.png", "maps/light_03.png"):
        assert (tmp_path / "parts" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_registered_cycles_are_told_of_and_not_registered_twice(slide, tmp_path: Path, monkeypatch) -> None:
    """The bar moves while cycles are registered; who goes on with a job takes the ways that it had found."""
    part = (slice(0, 260), slice(0, 280))
    for k, image in enumerate(slide.images[:3]):
        tifffile.imwrite(tmp_path / f"cycle{k}.tif", image[part])
    monkeypatch.setattr(streaming, "BAND_BYTES", 1 << 16)
    monkeypatch.setattr(streaming, "NOTE_S", 0)
    options = {"labels": slide.labels[part], "threshold": 0.5, "register": "piecewise"}
    cycles, seen = sorted(tmp_path.glob("cycle*.tif")), []
    integrity.measure(cycles, out=tmp_path / "whole", progress=lambda *told: seen.append(told), **options)
    stages = [stage for stage, _, _ in seen]
    assert stages.index("measuring") == stages.count("registering") > len(cycles)
    last = max(k for k, stage in enumerate(stages) if stage == "registering")
    assert seen[last][1] == seen[last][2]

    def stop(stage, done, total):
        if stage == "measuring":
            raise Stop

    for again in (False, True):
        with pytest.raises(Stop):
            integrity.measure(cycles, out=tmp_path / "parts", progress=stop, resume=again, **options)
        monkeypatch.setattr(alignment, "register", None)  # nothing is registered from here on
    integrity.measure(cycles, out=tmp_path / "parts", resume=True, **options)
    for name in ("integrity.csv", "arrays/correlation_first.npy", "alignment.json", "maps/cycle_02.png"):
        assert (tmp_path / "parts" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_other_pixels_in_memory_are_another_job(tmp_path: Path, monkeypatch) -> None:
    """An array has no name and no time: its content tells whether sums of it can be gone on with."""

    def stop(stage: str, done: int, total: int) -> None:
        raise Stop

    monkeypatch.setattr(streaming, "BAND_BYTES", 1)
    monkeypatch.setattr(streaming, "NOTE_S", 0)
    cycles, options = make_cycles(), {"labels": make_labels(), "threshold": 0.5, "out": tmp_path / "out"}
    for again in (False, True):
        done = iter([lambda *told: None, stop])
        with pytest.raises(Stop):
            integrity.measure(cycles, progress=lambda *told, do=done: next(do)(*told), resume=again, **options)
    with pytest.raises(InputError, match="interrupted job differs in arrays"):
        integrity.measure(cycles[:, ::-1].copy(), resume=True, **options)
    integrity.measure(cycles, resume=True, **options)


def test_lost_cells_are_told_from_kept_ones_once_registered(slide, record_property) -> None:
    """200 photons a pixel, 5 % lost a cycle, up to 3 px of motion, bleaching and a fold."""
    areas = {}
    for motion in (None, "translation"):
        found = integrity.measure(slide.images, labels=slide.labels, register=motion)
        areas[motion] = area_under_curve(found.correlation_first[:, 1:], slide.present[:, 1:])
    record_property("area under curve, registered", areas["translation"])
    record_property("area under curve, as they are", areas[None])
    assert areas["translation"] >= 0.99
    assert areas[None] < 0.95  # else the slide would test nothing
    known = np.isfinite(found.correlation_first)  # a cell at the border may lie outside of a cycle
    assert known.mean() > 0.95
    assert (found.kept == slide.present)[known].mean() > 0.995
    lost = ~slide.present
    expected = np.where(lost.any(axis=1), lost.argmax(axis=1) + 1, 0)
    assert (found.first_lost == expected)[known.all(axis=1)].mean() > 0.99


def test_cells_that_wander_on_their_own_are_found_with_slack() -> None:
    slide = make_slide((420, 440), 3, wander_px=3, seed=1)
    areas = []
    for slack in (0, 3):
        found = integrity.measure(slide.images, labels=slide.labels, register="translation", slack=slack)
        areas.append(area_under_curve(found.correlation_first[:, 1:], slide.present[:, 1:]))
    assert areas[0] < 0.9
    assert areas[1] > 0.99


@pytest.mark.parametrize("seed", [20, 21])
def test_what_was_lost_is_told_from_what_folded_and_what_moved(seed, tmp_path: Path) -> None:
    slide = make_slide((420, 440), 5, fold_from=3, seed=seed)
    expected = slide.images.astype(float)
    expected[4, 200:320, 260:380] = np.percentile(expected[0], 1)
    expected[2, 250:400, 30:180] = np.roll(expected[2, 250:400, 30:180], (9, 11), (0, 1))
    images = np.random.default_rng(seed).poisson(expected).astype(np.uint16)
    integrity.measure(images, labels=slide.labels, register="translation", out=tmp_path / "out")
    features = json.loads((tmp_path / "out" / "regions.geojson").read_text())["features"]
    told = sorted((feature["properties"]["cycle"], feature["properties"]["kind"]) for feature in features)
    assert told == [(3, "moved"), (4, "folded"), (5, "folded"), (5, "lost")]


def test_a_fold_is_outlined(slide, tmp_path: Path) -> None:
    integrity.measure(slide.images, labels=slide.labels, register="translation", out=tmp_path / "out")
    features = json.loads((tmp_path / "out" / "regions.geojson").read_text())["features"]
    assert {feature["properties"]["cycle"] for feature in features} == {4, 5}
    for feature in features:
        assert feature["properties"]["kind"] == "folded"
        ring = np.array(feature["geometry"]["coordinates"][0][0])
        assert (ring[0] == ring[-1]).all()
        side = int(np.sqrt(0.18) * 420)
        assert np.abs(np.percentile(ring, [10, 90]) - [8, 8 + side]).max() < 50


def test_the_published_coefficients_of_the_sample(shared_data: Path) -> None:
    folders = sorted((shared_data / "cycif").glob("cell_*"))
    assert folders
    for folder in folders:
        outline = tifffile.imread(folder / "cell_outline.tif")
        labels = ndimage.binary_fill_holes(outline).astype(np.uint8)
        files = [folder / f"cycle_{k}_raw.tif" for k in range(1, 12)]
        found = integrity.measure(files, labels=labels, threshold=0.5)
        np.testing.assert_allclose(found.correlation_first[0], np.loadtxt(folder / "corrcoef.txt"), atol=1e-9, rtol=0)


BAD = {
    "float labels": ({"labels": make_labels().astype(np.float32)}, "not integers"),
    "another shape": ({"labels": make_labels()[:-1]}, "do not fit cycles of 90 x 110 px"),
    "stack of labels": ({"labels": np.stack([make_labels()] * 2)}, "one plane"),
    "no cell": ({"labels": np.zeros((HEIGHT, WIDTH), int)}, "hold no cell"),
    "no such channel": ({"channel": "DAPI"}, "has no channel 'DAPI'"),
    "channels of other cycles": ({"channel": ["0", "0"]}, "2 channels for 4 cycles"),
    "slack": ({"slack": 4}, "not 0 to 3 px"),
    "tile": ({"tile": 1}, "2 or more"),
    "motion": ({"register": "shear"}, "not registered by motion 'shear'"),
    "threshold": ({"threshold": 3.0}, "not a correlation"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line(name, tmp_path: Path) -> None:
    options, text = BAD[name]
    with pytest.raises(HoldstillError, match=text) as caught:
        integrity.measure(make_cycles(), out=tmp_path / "out", **options)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_cycles_that_do_not_fit_together(tmp_path: Path) -> None:
    images = make_cycles()
    tifffile.imwrite(tmp_path / "a.tif", images[0])
    tifffile.imwrite(tmp_path / "b.tif", images[1, :-2])
    tifffile.imwrite(tmp_path / "movie.tif", images, photometric="minisblack")
    with pytest.raises(InputError, match=r"b\.tif: cycle 2 is 88 x 110 px and the first 90 x 110 px"):
        integrity.measure([tmp_path / "a.tif", tmp_path / "b.tif"])
    with pytest.raises(InputError, match="is one cycle"):
        integrity.measure(tmp_path / "a.tif")
    with pytest.raises(InputError, match="one file a cycle"):
        integrity.measure([tmp_path / "a.tif", tmp_path / "movie.tif"])
    with pytest.raises(FileNotFoundError, match=r"c\.tif"):
        integrity.measure([tmp_path / "a.tif", tmp_path / "c.tif"])
    with pytest.raises(InputError, match="planes along z"):
        integrity.measure(np.zeros((2, 3, 40, 40), np.uint16), axes="TZYX")


def test_labels_among_the_cycles_are_told(tmp_path: Path) -> None:
    frames = np.random.default_rng(0).integers(0, 200, (3, 40, 40)).astype(np.uint16)
    for number, frame in enumerate(frames):
        tifffile.imwrite(tmp_path / f"cycle{number}.tif", frame)
    cells = tmp_path / "cells.tif"
    tifffile.imwrite(cells, np.kron(np.arange(1, 5).reshape(2, 2), np.ones((20, 20), int)).astype(np.uint16))
    for images in (tmp_path, f"{tmp_path}/*.tif"):
        with pytest.raises(InputError, match=r"cells.tif: is the image of labels and stands among the cycles"):
            integrity.measure(images, labels=cells)
    with pytest.raises(InputError, match=r"workers must be a whole number of 1 or more, not -1"):
        integrity.measure(frames, tile=20, workers=-1)


def test_overwriting_leaves_nothing_of_the_earlier_run(tmp_path: Path) -> None:
    out = tmp_path / "out"
    integrity.measure(make_cycles(), labels=make_labels(), out=out, threshold=0.5, register="translation")
    assert (out / "alignment.json").exists()
    assert (out / "maps" / "cycle_04.png").exists()
    (out / "maps" / "mine.png").write_bytes(b"kept")
    for folder in (out, out / "maps", out / "arrays"):
        (folder / ".e4cee892.part").write_bytes(b"of a run that was killed")
    integrity.measure(make_cycles()[:2], tile=30, out=out, threshold=0.5, overwrite=True)
    assert not (out / "alignment.json").exists()
    names = sorted(path.name for path in (out / "maps").iterdir())
    assert names == ["cycle_01.png", "cycle_02.png", "light_01.png", "light_02.png", "mine.png"]
    assert not (out / "arrays" / "labels.tif").exists()
    assert not list(out.rglob("*.part"))


def test_labels_of_an_array_are_kept_among_the_results(tmp_path: Path) -> None:
    out, labels = tmp_path / "out", make_labels(np.uint64)
    labels[labels > 0] += np.uint64(2**63)
    integrity.measure(make_cycles(), labels=labels, out=out, threshold=0.5)
    np.testing.assert_array_equal(tifffile.imread(out / "arrays" / "labels.tif"), labels)
    told = json.loads((out / "summary.json").read_text())["inputs"]
    assert Path(told["labels"]) == out / "arrays" / "labels.tif"
    assert [each["file"] for each in told["cycles"]] == [None] * N_CYCLES
    with pytest.raises(FileInTheWay, match="same file"):
        integrity.measure(make_cycles(), labels=out / "arrays" / "labels.tif", out=out, overwrite=True)


def test_names_of_channels_may_hold_commas(tmp_path: Path) -> None:
    names = ["DNA, cycle 1", "CD3", "DNA, cycle 2", "DNA"]
    file = tmp_path / "stack.ome.tif"
    metadata = {"axes": "CYX", "Channel": {"Name": names}}
    tifffile.imwrite(file, make_cycles(), photometric="minisblack", metadata=metadata)
    found = integrity.measure(file, tile=30, channel="DNA, cycle 1,DNA, cycle 2", threshold=0.5)
    assert found.names == ("DNA, cycle 1", "DNA, cycle 2")
    found = integrity.measure(file, tile=30, channel="0, DNA,2", threshold=0.5)
    assert found.names == ("DNA, cycle 1", "DNA", "DNA, cycle 2")
    with pytest.raises(InputError, match="has no channel 'cycle 3'"):
        integrity.measure(file, tile=30, channel="DNA, cycle 3")


def test_where_the_first_cycle_shows_nothing_no_tissue_was_lost(tmp_path: Path) -> None:
    """A black background was told as lost, in three regions, and its tiles as lost in the first cycle."""
    random = np.random.default_rng(0)
    cycles = random.poisson(random.gamma(4, 50, (240, 240)), (3, 240, 240)).astype(np.uint16)
    cycles[:, :, :120] = 0
    labels = np.add.outer(np.arange(240) // 20 * 12, np.arange(240) // 20 + 1)
    found = integrity.measure(cycles, axes="TYX", labels=labels, threshold=0.5, out=tmp_path / "out")
    assert (found.first_lost == 0).all()
    assert not found.kept[:, 1].all()
    assert json.loads((tmp_path / "out" / "regions.geojson").read_text())["features"] == []


def test_cells_beyond_the_border_of_a_cycle_are_unknown_and_not_lost(tmp_path: Path) -> None:
    """Of a cycle shifted by 60 of 700 px 140 cells were told as lost, in a region along the border."""
    random = np.random.default_rng(0)
    cycles = random.poisson(random.gamma(4, 50, (240, 240)), (3, 240, 240)).astype(np.float32)
    cycles[1, 160:] = np.nan  # what registration leaves where the cycle ends
    cycles[2, :, 160:] = random.poisson(8, (240, 80))
    found = integrity.measure(cycles, axes="TYX", tile=20, threshold=0.5, out=tmp_path / "out")
    off = found.centroid[:, 1] > 160
    assert not found.kept[found.centroid[:, 0] > 160, 1].any()
    np.testing.assert_array_equal(found.first_lost, np.where(off, 3, 0))
    features = json.loads((tmp_path / "out" / "regions.geojson").read_text())["features"]
    assert [feature["properties"]["cycle"] for feature in features] == [3]


MARKERS = (("DAPI", "CD3", "CD8"), ("DAPI", "CD4", "PanCK, wide"), ("DAPI", "Ki67", "FoxP3"))


def write_cycles(folder: Path) -> None:
    """One file a cycle, with cycle 10 after cycle 2, and the names of its channels."""
    for number, names, image in zip((1, 2, 10), MARKERS, make_cycles(), strict=False):
        tifffile.imwrite(
            folder / f"cycle {number}'s.ome.tif", np.stack([image, image // 2, image // 3]), photometric="minisblack",
            metadata={"axes": "CYX", "Channel": {"Name": names}},
        )  # fmt: skip


def test_what_each_file_stained_is_told(tmp_path: Path) -> None:
    anndata = pytest.importorskip("anndata")
    (tmp_path / "in").mkdir()
    write_cycles(tmp_path / "in")
    found = integrity.measure(tmp_path / "in", tile=30, channel="DAPI", threshold=0.5, out=tmp_path / "out")
    assert found.names == ("cycle 1's.ome.tif", "cycle 2's.ome.tif", "cycle 10's.ome.tif")
    assert found.channels == MARKERS
    with open(tmp_path / "out" / "cycles.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["channels"] for row in rows] == [", ".join(names) for names in MARKERS]
    assert [row["image"] for row in rows] == list(found.names)
    assert [float(row["share_kept"]) for row in rows] == found.kept.mean(axis=0).tolist()
    wide = anndata.read_h5ad(tmp_path / "out" / "integrity.h5ad")
    assert wide.var["channels"].tolist() == [row["channels"] for row in rows]
    told = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert told["channels"] == [list(names) for names in MARKERS]


def test_names_that_are_given_count_instead(tmp_path: Path) -> None:
    found = integrity.measure(make_cycles()[:2], tile=30, names=[("CD3", "CD8"), "Ki67"], threshold=0.5)
    assert found.channels == (("CD3", "CD8"), ("Ki67",))
    assert integrity.measure(make_cycles()[:2], tile=30, threshold=0.5).channels == ((), ())
    with pytest.raises(InputError, match="names of 3 cycles for 2; give one for each"):
        integrity.measure(make_cycles()[:2], tile=30, names="a,b,c")


def test_a_stack_tells_what_was_stained_between_its_nuclear_channels(tmp_path: Path) -> None:
    names = ["DNA1", "CD3", "DNA2", "CD4"]
    metadata = {"axes": "CYX", "Channel": {"Name": names}}
    tifffile.imwrite(tmp_path / "stack.ome.tif", make_cycles(), photometric="minisblack", metadata=metadata)
    found = integrity.measure(tmp_path / "stack.ome.tif", tile=30, channel="DNA1,DNA2", threshold=0.5)
    assert found.channels == (("DNA1", "CD3"), ("DNA2", "CD4"))
    found = integrity.measure(tmp_path / "stack.ome.tif", tile=30, channel="DNA2,DNA1", threshold=0.5)
    assert found.channels == (("DNA2",), ("DNA1",))


def test_files_in_the_order_of_a_shell_are_told(tmp_path: Path) -> None:
    write_cycles(tmp_path)
    files = sorted(tmp_path.glob("*.tif"))
    assert "cycle 10" in files[1].name
    with pytest.warns(UserWarning, match=r"cycle 10's.ome.tif is taken for cycle 2, before cycle 2's.ome.tif"):
        integrity.measure(files, tile=30, threshold=0.5)
    integrity.measure([files[0], files[2], files[1]], tile=30, threshold=0.5)  # a warning would be an error


@pytest.mark.parametrize("kind", ["cells.tif", "cells.npy", "cells.zarr", "array"])
def test_a_mask_is_told_from_labels(kind, tmp_path: Path) -> None:
    mask = make_labels() > 0
    write = {
        "cells.tif": lambda path: tifffile.imwrite(path, mask),
        "cells.npy": lambda path: np.save(path, mask),
        "cells.zarr": lambda path: zarr.create_array(path, data=mask),
    }.get(kind, lambda path: None)
    write(tmp_path / kind)
    labels = mask if kind == "array" else tmp_path / kind
    with pytest.raises(InputError, match=r"is a mask \(bool\), in which all cells are one; number the cells, as"):
        integrity.measure(make_cycles(), labels=labels)


def test_labels_that_are_a_folder_are_told(tmp_path: Path) -> None:
    for labels in (tmp_path, ""):
        with pytest.raises(InputError, match="is a folder; give one image of labels"):
            integrity.measure(make_cycles(), labels=labels, out=tmp_path / "out")


def test_a_finished_job_is_read_back(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "cycles.tif", make_cycles(), photometric="minisblack")
    out, options = tmp_path / "out", {"labels": make_labels(), "names": "a,b,c,d"}
    whole = integrity.measure(tmp_path / "cycles.tif", out=out, **options)
    before = (out / "summary.json").stat().st_mtime_ns
    found = integrity.measure(tmp_path / "cycles.tif", out=out, resume=True, **options)
    assert found.had_finished
    assert not whole.had_finished
    assert (out / "summary.json").stat().st_mtime_ns == before
    for name in ("cells", "area", "centroid", "correlation_first", "correlation_previous", "mean", "kept"):
        np.testing.assert_array_equal(getattr(found, name), getattr(whole, name))
    for name in ("threshold", "threshold_from", "names", "channels", "slack", "shape"):
        assert getattr(found, name) == getattr(whole, name)
    for change in ({"threshold": 0.25}, {"slack": 1}, {"names": "a,b,c,e"}):
        with pytest.raises(FileInTheWay, match="holds results of another job, which differs in"):
            integrity.measure(tmp_path / "cycles.tif", out=out, resume=True, **(options | change))
    (out / "arrays" / "mean.npy").write_bytes((out / "arrays" / "mean.npy").read_bytes()[:-9])
    assert not integrity.measure(tmp_path / "cycles.tif", out=out, resume=True, **options).had_finished
    np.testing.assert_array_equal(np.load(out / "arrays" / "mean.npy"), whole.mean)
    (out / "integrity.csv").unlink()
    assert not integrity.measure(tmp_path / "cycles.tif", out=out, resume=True, **options).had_finished
    assert (out / "integrity.csv").exists()
    assert not out.with_name(f".{out.name}.resume").exists()


def test_a_cycle_that_shows_nothing_at_all_is_missing() -> None:
    """All of its cells were lost, though nothing is known of them."""
    images = make_cycles()
    images[2] = 7
    found = integrity.measure(images, labels=make_labels(), threshold=0.5)
    assert found.verdicts == ("ok", "ok", "blank", "ok")
    assert not (found.first_lost == 3).any()
    assert np.isnan(found.correlation_previous[:, 2:]).all()
    images = make_cycles()
    images[0] = 7
    assert not integrity.measure(images, labels=make_labels(), threshold=0.5).is_measurable.any()


def test_planes_along_z_are_told_of_files_too(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", make_cycles(), photometric="minisblack")
    with pytest.raises(InputError, match="has planes along z"):
        integrity.measure(tmp_path / "a.tif", axes="ZYX")


@pytest.mark.parametrize("kind", ["tif", "png"])
def test_of_pictures_in_colours_their_mean_is_measured_and_that_is_told(kind: str, tmp_path: Path) -> None:
    """Of nuclei in blue, red shows nothing."""
    cycles = [tmp_path / f"cycle{k}.{kind}" for k in range(2)]
    blue = (make_cycles()[:2] // 8).astype(np.uint8)
    for path, image in zip(cycles, blue, strict=True):
        colours = np.zeros((*image.shape, 3), np.uint8)
        colours[..., 2] = image
        if kind == "png":
            path.write_bytes(imagecodecs.png_encode(colours))
        else:
            tifffile.imwrite(path, colours, photometric="rgb")
    out = tmp_path / "out"
    with pytest.warns(UserWarning, match=f"cycle0.{kind}: is a picture in colours, of which the mean is measured; cho"):
        mean = integrity.measure(cycles, labels=make_labels(), threshold=0.5, out=out)
    found = integrity.measure(cycles, labels=make_labels(), threshold=0.5, channel="blue")
    assert np.isfinite(found.correlation_first).any()
    np.testing.assert_allclose(mean.correlation_first, found.correlation_first, atol=1e-5)
    view = SlideView(out)
    try:
        seen = view.images.read_window(1, slice(3, 20), slice(5, 30))
    finally:
        view.close()
    np.testing.assert_allclose(seen, blue[1][3:20, 5:30] / 3, rtol=1e-6)


def test_squares_of_glass_are_left_out(tmp_path: Path) -> None:
    """Glass never correlates: half of a slide without a loss counted as lost."""
    rng = np.random.default_rng(0)
    tissue = np.exp(ndimage.gaussian_filter(rng.normal(0, 4, (300, 300)), 1.5)) * 100
    tissue[:, 150:] = 8
    cycles = rng.poisson(tissue + 20, (3, 300, 300)).astype(np.uint16)
    cycles[2, :100, :100] = rng.poisson(28, (100, 100))  # comes off
    found = integrity.measure(cycles, tile=25, out=tmp_path / "out")
    assert (found.n_cells, found.n_without_tissue) == (72, 72)
    assert found.centroid[:, 1].max() < 150
    assert found.kept[:, 1].all()
    assert set(found.cells[~found.kept[:, 2]].tolist()) == {12 * y + x + 1 for y in range(4) for x in range(4)}
    again = integrity.measure(cycles, tile=25, out=tmp_path / "out", resume=True)
    assert again.had_finished
    assert again.n_without_tissue == 72


def test_saturated_cells_are_not_lost() -> None:
    cycles, labels = make_cycles(), make_labels()
    cell = np.unique(labels[labels > 0])[np.argmax(np.bincount(np.unique(labels[labels > 0], return_inverse=True)[1]))]
    cycles[1][labels == cell] = 65535
    dark = next(each for each in np.unique(labels[labels > 0]) if each != cell and (labels == each).sum() > 12)
    cycles[1][labels == dark] = 0
    found = integrity.measure(cycles, labels=labels, threshold=-0.9)
    assert found.first_lost[found.cells == cell] == 0
    assert found.first_lost[found.cells == dark] == 2


def test_tissue_that_came_off_a_moved_cycle_is_lost_and_not_folded(slide, tmp_path: Path) -> None:
    """What is unknown beyond the border of a registered cycle counted as dark, and the offset as light."""
    images = slide.images[:2].astype(np.uint16) + 1000
    away = (slice(120, 320), slice(120, 320))
    images[1][away] = np.random.default_rng(0).poisson(np.percentile(slide.images[1], 2), (200, 200)) + 1000
    images[1] = np.roll(images[1], (8, 9), (0, 1))
    options = {"labels": slide.labels, "register": "translation", "threshold": 0.5}
    integrity.measure(images, out=tmp_path / "out", **options)
    regions = json.loads((tmp_path / "out" / "regions.geojson").read_text())["features"]
    large = [region["properties"] for region in regions if region["properties"]["n_lost"] > 20]
    assert [told["kind"] for told in large] == ["lost"]
    assert (large[0]["objectType"], large[0]["classification"]["name"]) == ("annotation", "lost")  # as QuPath reads it
