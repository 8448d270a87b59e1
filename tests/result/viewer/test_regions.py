"""A part of a frame, whatever the file: from the level that fits, and no more of it than is shown."""

import numpy as np
import pytest
import tifffile
import zarr

from holdstill.errors import InputError
from holdstill.io import open_source
from holdstill.io.array import ArraySource
from holdstill.result.viewer import movie as movies
from holdstill.result.viewer import regions
from holdstill.result.viewer.opening import open_show
from holdstill.result.viewer.regions import Region, read_corrected, read_region
from holdstill.transforms import Transform

SHAPE = (3, 301, 410)


def shrink(frames, by):
    height, width = (n // by * by for n in frames.shape[-2:])
    parts = frames[:, :height, :width].reshape(len(frames), height // by, by, width // by, by)
    return parts.mean(axis=(2, 4)).astype(frames.dtype)


@pytest.fixture
def frames():
    y, x = np.mgrid[: SHAPE[1], : SHAPE[2]]
    return np.stack([1000 + 500 * np.sin(y / 9 + t) * np.cos(x / 11) + t for t in range(SHAPE[0])]).astype(np.uint16)


def write_tiff(path, frames, factors=(2, 4)):
    with tifffile.TiffWriter(path, ome=True) as tif:
        options = {"tile": (64, 64), "photometric": "minisblack", "compression": "zlib"}
        tif.write(frames, subifds=len(factors), metadata={"axes": "TYX"}, **options)
        for factor in factors:
            tif.write(shrink(frames, factor), subfiletype=1, **options)


def write_zarr(path, frames, factors=(2, 4)):
    def describe(level, factor):
        return {"path": str(level), "coordinateTransformations": [{"type": "scale", "scale": [1, factor, factor]}]}

    axes = [{"name": "t", "type": "time"}, *({"name": name, "type": "space"} for name in "yx")]
    datasets = [describe(level, factor) for level, factor in enumerate((1, *factors))]
    ome = {"ome": {"version": "0.5", "multiscales": [{"axes": axes, "datasets": datasets}]}}
    group = zarr.open_group(path, mode="w", attributes=ome)
    for level, factor in enumerate((1, *factors)):
        pixels = frames if factor == 1 else shrink(frames, factor)
        group.create_array(str(level), data=pixels, chunks=(1, 64, 64))


WRITERS = {"pyramid.ome.tif": write_tiff, "pyramid.ome.zarr": write_zarr}


@pytest.mark.parametrize("name", WRITERS)
def test_levels_of_a_pyramid_are_read(name, frames, tmp_path) -> None:
    WRITERS[name](tmp_path / name, frames)
    with open_source(str(tmp_path / name)) as source:
        assert source.info.shape == SHAPE
        assert [level.info.shape for level in source.coarser] == [shrink(frames, by).shape for by in (2, 4)]
        for level, by in zip(source.coarser, (2, 4), strict=True):
            expected = shrink(frames, by)
            np.testing.assert_array_equal(level.read(0, 3)[:, 0], expected)
            window = level.read_window(2, slice(5, 40), slice(60, 100))
            np.testing.assert_array_equal(window, expected[2, 5:40, 60:100])
            assert level.coarser == ()


def test_levels_that_do_not_fit_are_passed_over(frames, tmp_path) -> None:
    path = tmp_path / "odd.ome.zarr"
    write_zarr(path, frames)
    group = zarr.open_group(path)
    attributes = dict(group.attrs)
    datasets = attributes["ome"]["multiscales"][0]["datasets"]
    for said in ("../elsewhere", "9", 7):
        datasets[1]["path"] = said
        group.attrs.update(attributes)
        with open_source(str(path)) as source:
            assert [level.info.shape for level in source.coarser] == [shrink(frames, 4).shape]
    with open_source(str(path / "0")) as source:  # an array by its name is one level
        assert source.coarser == ()


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize(
    ("factor", "origin"), [(1, (37, 90)), (2, (64, 32)), (4, (0, 0)), (8, (64, 64)), (3, (30, 60))]
)
def test_a_region_is_the_same_from_any_level(name, factor, origin, frames, tmp_path) -> None:
    WRITERS[name](tmp_path / name, frames)
    y, x = origin
    query = {"y": str(y), "x": str(x), "factor": str(factor), "rows": "20", "columns": "24"}
    region = Region.of_query(query, SHAPE, 1)
    expected = shrink(frames[:, y : y + region.rows * factor, x : x + region.columns * factor].astype(float), factor)
    with open_source(str(tmp_path / name)) as source:
        seen = read_region(source, 1, 0, region)
    assert seen.shape == (region.rows, region.columns)
    np.testing.assert_allclose(seen, expected[1], atol=2)  # levels are whole numbers
    np.testing.assert_allclose(region.cut(frames[1]), expected[1], atol=1e-3)


def test_where_no_level_fits_memory_is_bounded(frames, monkeypatch) -> None:
    asked = []

    class Counting(ArraySource):
        def read_window(self, frame, rows, columns, *, channel=0):
            asked.append((rows.stop - rows.start) * (columns.stop - columns.start))
            return super().read_window(frame, rows, columns, channel=channel)

    monkeypatch.setattr(regions, "BAND_PX", 4000)
    region = Region.of_query({}, SHAPE, 4)
    seen = read_region(Counting(frames, axes="TYX"), 0, 0, region)
    np.testing.assert_allclose(seen, shrink(frames[:1].astype(float), 4)[0], atol=1e-3)
    assert max(asked) <= 4000
    assert len(asked) > 20


@pytest.mark.parametrize("factor", [1, 2, 4])
def test_a_region_is_corrected_where_it_lies(factor, frames) -> None:
    """The scene as the reference sees it, through a rotation, a scale and a shift; known from its formula."""
    height, width = SHAPE[1:]
    angle = np.deg2rad(3)
    matrix = np.eye(3)
    matrix[:2, :2] = 1.02 * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix[:2, 2] = (6.5, -8.25)
    region = Region.of_query({"y": "80", "x": "96", "factor": str(factor), "rows": "30", "columns": "30"}, SHAPE, 1)
    seen = read_corrected(ArraySource(frames, axes="TYX"), Transform(matrix), 0, 0, region)
    y, x = Transform(matrix).map(region.points).T
    expected = (1000 + 500 * np.sin(y / 9) * np.cos(x / 11)).reshape(seen.shape)
    # a mean of 4 px is 1 % flatter than the sine itself
    assert np.abs(seen - expected).max() < (2, 5, 20)[(1, 2, 4).index(factor)]
    assert (y < height).all()
    assert (x < width).all()


def test_infinite_pixels_are_empty_as_unknown_ones_are(frames) -> None:
    pixels = frames.astype(np.float32)
    pixels[0, 100, 110] = np.inf
    region = Region.of_query({"y": "80", "x": "96", "factor": "1", "rows": "40", "columns": "40"}, SHAPE, 1)
    seen = read_corrected(ArraySource(pixels, axes="TYX"), Transform.from_shift((0.5, 0.25)), 0, 0, region)
    assert np.abs(seen).max() < 4000


@pytest.mark.parametrize("factor", [1, 2])
def test_a_matrix_and_its_points_show_the_same(factor, frames) -> None:
    """What is not a matrix, as a field of displacements, is looked up point by point."""
    matrix = np.array([[0.99, 0.02, 3.5], [-0.03, 1.01, -2.25], [1e-5, -2e-5, 1.0]])

    class Bent:
        def map(self, points):
            return Transform(matrix).map(points)

    region = Region.of_query({"y": "40", "x": "40", "factor": str(factor), "rows": "60", "columns": "80"}, SHAPE, 1)
    source = ArraySource(frames, axes="TYX")
    by_points, by_kernel = (read_corrected(source, each, 2, 0, region) for each in (Bent(), Transform(matrix)))
    assert np.abs(by_points - by_kernel).max() < 2


def test_outside_of_the_frame_nothing_is_shown(frames) -> None:
    away = Transform.from_shift([250.0, 0.0])
    region = Region.of_query({"factor": "2"}, SHAPE, 2)
    seen = read_corrected(ArraySource(frames, axes="TYX"), away, 0, 0, region)
    assert (seen[26:] == 0).all()
    assert (seen[:25] > 0).all()


@pytest.mark.parametrize("wrong", [{"factor": "0"}, {"rows": "0"}, {"y": "999"}, {"rows": "-3"}, {"factor": "9999"}])
def test_what_cannot_be_shown_is_told(wrong) -> None:
    with pytest.raises(InputError, match="cannot be shown"):
        Region.of_query(wrong, SHAPE, 1)
    with pytest.raises(InputError, match="cannot be shown"):
        Region.of_query({"factor": "1"}, (60_000, 60_000), 1)


@pytest.mark.parametrize("name", WRITERS)
def test_a_large_frame_is_shown_by_its_levels(name, frames, tmp_path, monkeypatch) -> None:
    """What is large is a matter of a number: below it frames are read whole, and show the same."""
    WRITERS[name](tmp_path / name, frames)
    monkeypatch.setattr(movies, "LARGEST_PX", 128)
    query = {"view": "raw", "t": "1", "low": "0", "high": "2000"}

    def show(**more):
        opened = open_show([tmp_path / name])
        try:
            answer = opened.handlers["frame"](query | more, b"")
            shape = (int(answer.headers["X-Rows"]), int(answer.headers["X-Columns"]))
            return opened.handlers["summary"]({}, b""), np.frombuffer(answer.body, np.uint8).reshape(shape)
        finally:
            opened.close()

    _, part = show(y="40", x="80", rows="50", columns="60", factor="2")
    monkeypatch.setattr(regions, "LARGE_PX", 1000)
    monkeypatch.setattr(TiffOrZarr := type(open_source(str(tmp_path / name))), "read", None)  # never the whole
    summary, again = show(y="40", x="80", rows="50", columns="60", factor="2")
    assert TiffOrZarr.read is None
    assert np.abs(part.astype(int) - again).max() <= 1
    _, whole = show()
    assert whole.shape == (75, 102)
    assert b'"factor": 4' in summary.body
