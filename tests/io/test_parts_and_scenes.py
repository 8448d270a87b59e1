"""Files that are parts of one movie, files that hold several images, files that are not to be believed."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
import zarr
from hypothesis import given, settings
from hypothesis import strategies as st

import holdstill as hs
from holdstill.errors import AxesError, FileError, HoldstillError, InputError, MissingFile
from holdstill.io import open_source
from holdstill.testing.sources import SourceTests


def pixels(*shape: int, dtype: Any = np.uint16) -> np.ndarray:
    return np.random.default_rng(8).integers(0, 250, shape).astype(dtype)


class TestJoined(SourceTests):
    """Three parts of different length, of which no more than two may be open."""

    @pytest.fixture
    def images(self) -> np.ndarray:
        return pixels(9, 2, 1, 20, 24)

    @pytest.fixture
    def source(self, images: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
        monkeypatch.setattr("holdstill.io.joined_source.OPEN_LIMIT", 2)
        for n, part in ((1, images[:2]), (2, images[2:7]), (10, images[7:])):
            tifffile.imwrite(tmp_path / f"part {n}.tif", part[:, :, 0], imagej=True, metadata={"axes": "TCYX"})
        with open_source(tmp_path) as source:
            yield source


def test_a_stack_that_does_not_say_what_it_is(tmp_path: Path) -> None:
    images = pixels(8, 20, 24)
    for n in range(2):
        tifffile.imwrite(tmp_path / f"{n}.tif", images[4 * n : 4 * n + 4], photometric="minisblack")
    with pytest.raises(AxesError, match=r"axes='TYX' .* to string the files together .* axes='TZYX' if each is"):
        open_source(tmp_path)
    with open_source(tmp_path, axes="TYX") as source:
        np.testing.assert_array_equal(source.read(0, 8)[:, 0], images)
    with open_source(str(tmp_path / "*.tif"), axes="TZYX") as source:
        assert source.info.shape == (2, 4, 20, 24)
    with open_source([tmp_path / "1.tif", str(tmp_path / "0.tif")]) as source:  # a list is kept in its order
        np.testing.assert_array_equal(source.read(0, 8)[:, 0], np.concatenate([images[4:], images[:4]]))


def test_parts_of_another_kind_are_named(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", pixels(3, 20, 24))
    np.save(tmp_path / "b.npy", pixels(3, 20, 25))
    with pytest.raises(FileError, match=r"b\.npy: is uint16 of 1 x \(20, 25\), but .*a\.npy is"):
        open_source([tmp_path / "a.npy", tmp_path / "b.npy"])
    with pytest.raises(MissingFile, match=r"c\.npy"):
        open_source([tmp_path / "a.npy", tmp_path / "c.npy"])


@pytest.fixture
def two_positions(tmp_path: Path) -> Path:
    path = tmp_path / "two positions ü.ome.tif"
    with tifffile.TiffWriter(path, ome=True) as tif:
        for n, name in enumerate(("left", "right")):
            metadata = {"axes": "TYX", "Name": name, "PhysicalSizeX": 0.5 + n, "PhysicalSizeXUnit": "µm"}
            tif.write(pixels(4 + n, 20, 24) + n, metadata=metadata, photometric="minisblack")
    return path


def test_scenes_of_ome_tiff(two_positions: Path) -> None:
    with pytest.raises(InputError, match=r"holds 2 images; choose one .*--scene.*: 0 = left, 1 = right"):
        open_source(two_positions)
    for scene in ("right", 1, "1"):
        with open_source(two_positions, scene=scene) as source:
            assert source.info.shape == (5, 20, 24)
            assert source.info.pixel_size_um[2] == 1.5
            np.testing.assert_array_equal(source.read(0, 5)[:, 0], pixels(5, 20, 24) + 1)
    with pytest.raises(InputError, match="has no scene 'middle'; it has 0 = left"):
        open_source(two_positions, scene="middle")


def test_formats_without_scenes_say_so(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", pixels(3, 20, 24))
    for images in (tmp_path / "a.npy", pixels(3, 20, 24)):
        with pytest.raises(InputError, match=r"has no scenes; leave out scene=2"):
            open_source(images, scene=2)


@pytest.mark.parametrize("version", [2, 3])
def test_plates_and_series_of_zarr(tmp_path: Path, version: Any) -> None:
    def image(group: zarr.Group, n: int) -> None:
        group.create_array("0", data=pixels(3, 20, 24) + n)
        axes = [{"name": name} for name in "tyx"]
        dataset = {"path": "0", "coordinateTransformations": [{"type": "scale", "scale": [1, 1, 1]}]}
        describe(group, {"multiscales": [{"axes": axes, "datasets": [dataset], "version": "0.4"}]})

    def describe(group: zarr.Group, attributes: dict[str, Any]) -> None:
        group.attrs.update(attributes if version == 2 else {"ome": attributes})

    plate = zarr.open_group(tmp_path / "plate.zarr", mode="w", zarr_format=version)
    describe(plate, {"plate": {"wells": [{"path": "A/1"}, {"path": "B/2"}]}})
    for n, well in enumerate(("A/1", "B/2")):
        group = plate.create_group(well)
        describe(group, {"well": {"images": [{"path": "0"}]}})
        image(group.create_group("0"), n)
    with pytest.raises(InputError, match=r"holds 2 images.*: 0 = A/1/0, 1 = B/2/0"):
        open_source(tmp_path / "plate.zarr")
    with open_source(tmp_path / "plate.zarr", scene="B/2/0") as source:
        np.testing.assert_array_equal(source.read(0, 3)[:, 0], pixels(3, 20, 24) + 1)
    series = zarr.open_group(tmp_path / "series.zarr", mode="w", zarr_format=version)
    describe(series, {"bioformats2raw.layout": 3})
    for n in (0, 1, 10):
        image(series.create_group(str(n)), n)
    with open_source(tmp_path / "series.zarr", scene="10") as source:
        np.testing.assert_array_equal(source.read(0, 3)[:, 0], pixels(3, 20, 24) + 10)


def test_a_store_in_memory() -> None:
    fsspec = pytest.importorskip("fsspec")
    fsspec.filesystem("memory").store.clear()
    image = np.random.default_rng(0).random((64, 64)).cumsum(0).cumsum(1) % 50
    movie = np.stack([np.roll(image, t, axis=0) for t in range(6)]).astype(np.float32)
    array = zarr.create_array("memory://run/movie.zarr", shape=movie.shape, chunks=(2, 64, 64), dtype=movie.dtype)
    array[:] = movie
    reg = hs.register("memory://run/movie.zarr", reference="first")
    np.testing.assert_allclose(reg.shifts[:, 0], range(6), atol=0.01)


def described(path: Path, images: np.ndarray, old: str, new: str) -> Path:
    """An OME-TIFF whose XML was changed."""
    tifffile.imwrite(path, images, metadata={"axes": "TYX"}, photometric="minisblack", ome=True)
    xml = tifffile.tiffcomment(path)
    assert old in xml
    tifffile.imwrite(path, images, metadata=None, description=xml.replace(old, new), photometric="minisblack")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('SizeT="6"', 'SizeT="3"', "tells of 3 pages, it has 6"),
        ('SizeT="6"', 'SizeT="x"', "cannot be followed"),
        ('SizeT="6"', 'SizeT="-6"', "cannot be followed"),
        ('SizeX="24"', 'SizeX="50"', "cannot be followed"),
        ('SizeX="24"', 'SizeX="20"', "cannot be followed"),
        ('Type="uint16"', 'Type="uint8"', "says Type=uint8, its pages uint16"),
        ('DimensionOrder="XYCZT"', 'DimensionOrder="XYZ"', "tells of 1 pages, it has 6"),
    ],
)
def test_ome_xml_that_contradicts_the_pages(tmp_path: Path, old: str, new: str, said: str) -> None:
    images = pixels(6, 20, 24)
    path = described(tmp_path / "a.ome.tif", images, old, new)
    with pytest.raises(FileError, match=rf"a\.ome\.tif: .*{said}.*; pass axes='TYX'"):
        open_source(path)
    with open_source(path, axes="TYX") as source:
        np.testing.assert_array_equal(source.read(0, 6)[:, 0], images)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_fuzzed_ome_xml(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever the XML says, the pages come out right or there is an error in our words."""
    path, images = tmp_path_factory.mktemp("fuzz") / "a.ome.tif", pixels(3, 10, 12)
    tifffile.imwrite(path, images, metadata={"axes": "TYX"}, photometric="minisblack", ome=True)
    xml = tifffile.tiffcomment(path)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(xml) - 1))
        length = data.draw(st.integers(0, 12))
        xml = xml[:at] + data.draw(st.text('0123456789"<>=/ XYZTC&', max_size=6)) + xml[at + length :]
    tifffile.imwrite(path, images, metadata=None, description=xml, photometric="minisblack")
    try:
        with open_source(path) as source:
            found = source.read(0, source.info.n_frames)
    except HoldstillError:
        return
    assert sorted(frame.tobytes() for frame in found.reshape(-1, 10, 12)) == sorted(f.tobytes() for f in images)


class TestSkipBad:
    @pytest.fixture
    def movie(self) -> np.ndarray:
        image = np.random.default_rng(0).random((64, 64)).cumsum(0).cumsum(1) % 50 * 100
        return np.stack([np.roll(image, t, axis=0) for t in range(12)]).astype(np.uint16)

    def check(self, path: Path, movie: np.ndarray, bad: list[int], tmp_path: Path) -> None:
        with pytest.raises(FileError):
            hs.correct(path, tmp_path / "out.ome.tif", reference="first")
        assert not (tmp_path / "out.ome.tif").exists()
        reg = hs.correct(path, tmp_path / "out.ome.tif", reference="first", skip_bad=True)
        assert [t for t, verdict in enumerate(reg.verdicts) if verdict == "unreadable"] == bad
        good = [t for t in range(len(reg)) if t not in bad]
        np.testing.assert_allclose(reg.shifts[good, 0], good, atol=0.02)
        result = tifffile.imread(tmp_path / "out.ome.tif")
        assert not result[bad].any()
        assert len(result) == len(reg)

    def test_a_damaged_page(self, movie: np.ndarray, tmp_path: Path) -> None:
        path = tmp_path / "a.tif"
        tifffile.imwrite(path, movie, compression="zlib", photometric="minisblack")
        with tifffile.TiffFile(path) as tif:
            offset = tif.pages[5].dataoffsets[0]
        with path.open("r+b") as file:
            file.seek(offset + 20)
            file.write(b"\xff" * 40)
        self.check(path, movie, [5], tmp_path)

    def test_a_file_cut_short(self, movie: np.ndarray, tmp_path: Path) -> None:
        path = tmp_path / "a.tif"
        tifffile.imwrite(path, movie, imagej=True, metadata={"axes": "TYX"})
        path.write_bytes(path.read_bytes()[: -7 * movie[0].nbytes // 2])
        self.check(path, movie, [8, 9, 10, 11], tmp_path)

    def test_a_file_that_does_not_say_how_long_it_was(self, movie: np.ndarray, tmp_path: Path) -> None:
        path = tmp_path / "a.tif"
        with tifffile.TiffWriter(path) as tif:
            for frame in movie:
                tif.write(frame, metadata=None, photometric="minisblack")
        path.write_bytes(path.read_bytes()[: -4 * movie[0].nbytes])
        with pytest.warns(UserWarning, match=r"cut short after \d pages"):
            source = open_source(path, skip_bad=True)
        with source:
            whole = source.info.n_frames - 1  # the head of the last may be there without its pixels
            assert whole >= 7
            np.testing.assert_array_equal(source.read(0, whole)[:, 0], movie[:whole])

    def test_a_damaged_chunk(self, movie: np.ndarray, tmp_path: Path) -> None:
        array = zarr.create_array(tmp_path / "a.zarr", shape=movie.shape, chunks=(2, 64, 64), dtype=movie.dtype)
        array[:] = movie
        (tmp_path / "a.zarr" / "c" / "3" / "0" / "0").write_bytes(b"damaged")
        self.check(tmp_path / "a.zarr", movie, [6, 7], tmp_path)

    def test_floats_become_nan(self, movie: np.ndarray, tmp_path: Path) -> None:
        for t, frame in enumerate(movie.astype(np.float32)):
            tifffile.imwrite(tmp_path / f"{t}.tif", frame)
        (tmp_path / "4.tif").write_bytes(b"damaged")
        with open_source(tmp_path, skip_bad=True) as source:
            block = source.read(3, 6)
            assert np.isnan(block[1]).all()
            assert np.isfinite(block[[0, 2]]).all()
            assert (source.unreadable(0, 4), source.unreadable(4, 12)) == ((), (4,))


def test_a_file_that_claims_too_much(tmp_path: Path) -> None:
    empty = np.zeros((40, 512, 512), np.uint16)
    tifffile.imwrite(tmp_path / "a.tif", empty, compression="zstd", photometric="minisblack", rowsperstrip=512)
    zarr.create_array(tmp_path / "a.zarr", shape=empty.shape, chunks=empty.shape, dtype=empty.dtype)[:] = empty
    (tmp_path / "png").mkdir()
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (60000).to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    for t in range(2):
        (tmp_path / "png" / f"{t}.png").write_bytes(head)
    for path in (tmp_path / "a.tif", tmp_path / "a.zarr", tmp_path / "png"):
        with pytest.raises(FileError, match=r"claim to unpack to .*--trust"):
            open_source(path)
    for path in (tmp_path / "a.tif", tmp_path / "a.zarr"):
        with open_source(path, trust=True) as source:
            assert not source.read(3, 4).any()


def test_colours_are_kept(tmp_path: Path) -> None:
    image = (np.random.default_rng(0).random((64, 64, 3)).cumsum(0).cumsum(1) % 50 * 4).astype(np.uint8)
    movie = np.stack([np.roll(image, t, axis=0) for t in range(4)])
    tifffile.imwrite(tmp_path / "a.tif", movie, photometric="rgb")
    for name in ("a.ome.tif", "b.ome.zarr"):
        hs.correct(tmp_path / "a.tif", tmp_path / name, reference="first", channel="green")
        with open_source(tmp_path / name) as source:
            assert source.info.axes == "TCYX"
            assert source.info.channel_names == ("red", "green", "blue")
            np.testing.assert_array_equal(source.read(0, 1)[0], np.moveaxis(image, -1, 0))
    with tifffile.TiffFile(tmp_path / "a.ome.tif") as tif:
        assert tif.ome_metadata is not None
        assert 'Color="-16776961"' in tif.ome_metadata  # red, opaque
    ome = zarr.open_group(tmp_path / "b.ome.zarr", mode="r").attrs["ome"]
    assert [channel["color"] for channel in ome["omero"]["channels"]] == ["FF0000", "00FF00", "0000FF"]
