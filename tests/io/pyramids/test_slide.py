"""Slides written in bands, and the resolutions that are read back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
import zarr

from holdstill.contracts import Frames, ImagesInfo
from holdstill.errors import FileError, UnknownName
from holdstill.io.formats import open_source
from holdstill.io.pyramids.bands import Bands
from holdstill.io.pyramids.halving import halve
from holdstill.io.pyramids.levels import list_levels, read_level
from holdstill.io.pyramids.slide import choose_codec, write_slide

SHAPE = (1300, 1750)
SMOOTH = np.add.outer(np.arange(SHAPE[0]) / 9, np.arange(SHAPE[1]) / 13)
COLOURS = np.stack([128 + 80 * np.sin(SMOOTH / k) for k in (5, 7, 11)]).astype(np.uint8)


def describe(pixels: Frames, names: tuple[str, ...] = ()) -> ImagesInfo:
    return ImagesInfo(
        name="slide", axes="CYX", shape=pixels.shape, dtype=pixels.dtype, pixel_size_um=(None, 0.5, 0.25),
        channel_names=names,
    )  # fmt: skip


def write(part: Path, pixels: Frames, compression: str | None, names: tuple[str, ...] = ()) -> ImagesInfo:
    info = describe(pixels, names)

    def bands(channel: int | None) -> Iterator[Frames]:
        some = pixels if channel is None else pixels[channel : channel + 1]
        yield from (some[:, top : top + 1024] for top in range(0, pixels.shape[1], 1024))

    with ThreadPoolExecutor(2) as workers:
        write_slide(part, info, bands, choose_codec(info, compression, 90), workers)
    return info


@pytest.mark.parametrize("height", [1, 512, 1023, 1024, 1025, 3000])
def test_bands_make_the_levels_that_the_whole_image_makes(height: int) -> None:
    image = np.random.default_rng(0).integers(0, 255, (height, 70, 1), np.uint8)
    made: dict[int, list[Any]] = {}
    bands = Bands(3)
    for top in range(0, height, 1024):
        for level, band in bands.take(image[top : top + 1024], last=top + 1024 >= height):
            assert level == 0 or len(band) % 512 == 0 or top + 1024 >= height
            made.setdefault(level, []).append(band)
    whole = image
    for level in range(3):
        assert np.array_equal(np.concatenate(made.get(level, [whole[:0]])), whole)
        whole = halve(whole)


@pytest.mark.parametrize("compression", ["deflate", "zstd", "none"])
def test_tiles_that_lose_nothing_come_back_as_they_were(tmp_path: Path, compression: str) -> None:
    path = tmp_path / "slide.ome.tif"
    write(path, COLOURS, compression)
    with tifffile.TiffFile(path) as tif:
        levels = tif.series[0].levels
        assert [level.shape for level in levels] == [(1300, 1750, 3), (650, 875, 3), (325, 437, 3)]
        assert all(level.keyframe.is_tiled and level.keyframe.tile == (512, 512) for level in levels)
        assert np.array_equal(np.moveaxis(levels[0].asarray(), -1, 0), COLOURS)
        assert np.array_equal(levels[1].asarray(), halve(np.moveaxis(COLOURS, 0, -1)))
        assert tif.is_ome


def test_jpeg_keeps_colours_and_the_size_of_pixels(tmp_path: Path) -> None:
    path = tmp_path / "slide.ome.tif"
    write(path, COLOURS, None)
    with open_source(path) as source:
        assert source.info.pixel_size_um[1:] == (0.5, 0.25)
        assert source.info.n_channels == 3
        shown = source.read(0, 1)[0]
        assert np.abs(shown.astype(int) - COLOURS).mean() < 1.5
        assert np.abs(source.read_region(slice(500, 530), slice(1000, 1700)).astype(int)
                      - shown[:, 500:530, 1000:1700]).max() == 0  # fmt: skip
    with tifffile.TiffFile(path) as tif:
        assert tif.pages.first.compression == tifffile.COMPRESSION.JPEG


def test_channels_of_16_bit_keep_their_names(tmp_path: Path) -> None:
    path = tmp_path / "slide.ome.tif"
    pixels = COLOURS[:2].astype(np.uint16) * 100
    write(path, pixels, None, ("DAPI", "CK"))
    with open_source(path) as source:
        assert source.info.channel_names == ("DAPI", "CK")
        assert np.array_equal(source.read(0, 1)[0], pixels)


@pytest.mark.filterwarnings("ignore")  # its own, of its parsers
def test_bioio_reads_colours_and_size(tmp_path: Path) -> None:
    reader = pytest.importorskip("bioio_ome_tiff").Reader
    path = tmp_path / "slide.ome.tif"
    write(path, COLOURS, "zstd")
    image = reader(path)
    assert (image.physical_pixel_sizes.Y, image.physical_pixel_sizes.X) == (0.5, 0.25)
    assert np.array_equal(np.moveaxis(np.squeeze(image.data), -1, 0), COLOURS)


@pytest.mark.filterwarnings("ignore")
def test_bioio_reads_the_levels_of_a_zarr(tmp_path: Path) -> None:
    reader = pytest.importorskip("bioio_ome_zarr").Reader
    path = tmp_path / "slide.ome.zarr"
    write(path, COLOURS, "zstd", ("red", "green", "blue"))
    image = reader(path)
    assert (image.physical_pixel_sizes.Y, image.physical_pixel_sizes.X) == (0.5, 0.25)
    assert list(image.channel_names) == ["red", "green", "blue"]
    whole = np.moveaxis(COLOURS, 0, -1)
    for level, shown in enumerate((whole, halve(whole), halve(halve(whole)))):
        image.set_resolution_level(level)
        assert np.array_equal(np.moveaxis(np.squeeze(image.data), 0, -1), shown)


def test_zarr_holds_the_same_levels(tmp_path: Path) -> None:
    path = tmp_path / "slide.ome.zarr"
    write(path, COLOURS, "zstd")
    group = zarr.open_group(path, mode="r")
    assert np.array_equal(group["0"][:], COLOURS)
    assert np.array_equal(np.moveaxis(group["2"][:], 0, -1), halve(halve(np.moveaxis(COLOURS, 0, -1))))
    with open_source(path) as source:
        assert source.info.pixel_size_um[1:] == (0.5, 0.25)


@pytest.mark.parametrize("name", ["slide.ome.tif", "slide.ome.zarr"])
def test_levels_are_listed_and_read(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, COLOURS, "zstd")
    with open_source(tmp_path / name) as source:
        levels = list_levels(source)
        assert [(one.factor, one.shape) for one in levels] == [(1, SHAPE), (2, (650, 875)), (4, (325, 437))]
        assert np.array_equal(read_level(source, levels[1]), np.moveaxis(halve(np.moveaxis(COLOURS, 0, -1)), -1, 0))
    with open_source(COLOURS, axes="CYX") as source:
        assert [one.factor for one in list_levels(source)] == [1]


def test_what_cannot_be_packed_is_refused(tmp_path: Path) -> None:
    info = describe(COLOURS.astype(np.uint16))
    with pytest.raises(FileError, match="JPEG holds pixels of 8 bit, not uint16; choose compression zstd"):
        choose_codec(info, "jpeg", 90)
    with pytest.raises(FileError, match="quality of 0 is not between 1 and 100"):
        choose_codec(describe(COLOURS), "jpeg", 0)
    with pytest.raises(UnknownName, match="no compression 'rar'; choose one of jpeg, deflate, zstd, none"):
        choose_codec(info, "rar", 90)
    with pytest.raises(FileError, match="OME-Zarr is packed by zstd"):
        write(tmp_path / "slide.ome.zarr", COLOURS, "jpeg")


def test_slides_of_aperio_are_read_with_levels_and_pixel_size(tmp_path: Path) -> None:
    path, image = tmp_path / "slide.svs", np.moveaxis(COLOURS, 0, -1)
    said = "Aperio Image Library v11.2.1 \r\n1750x1300 [0,0 1750x1300] (256x256) |AppMag = 20|MPP = 0.4990"
    with tifffile.TiffWriter(path) as tif:
        tif.write(image, description=said, tile=(256, 256), compression="jpeg", metadata=None)
        tif.write(image[::8, ::8], description="Aperio Image Library v11.2.1 \r\nthumbnail", metadata=None)
        tif.write(image[::4, ::4], description=said, tile=(256, 256), compression="jpeg", metadata=None)
        tif.write(image[:64, :64], description="Aperio Image Library v11.2.1 \r\nlabel 64x64", metadata=None)
    with open_source(path) as source:
        assert source.info.axes == "CYX"
        assert source.info.frame_shape == SHAPE
        assert source.info.pixel_size_um[1:] == (0.499, 0.499)
        assert [one.factor for one in list_levels(source)] == [1, 4]
        assert np.abs(source.read(0, 1)[0].astype(int) - COLOURS).mean() < 3


def lengthen(path: Path) -> None:
    """Give a TIFF the offsets of 64 bit that scanners of Hamamatsu write: lists of tags at the end, linked by them."""
    content = bytearray(path.read_bytes())
    offset, lists = int.from_bytes(content[4:8], "little"), []
    while offset:
        n = int.from_bytes(content[offset : offset + 2], "little")
        lists.append((n, bytes(content[offset : offset + 2 + 12 * n])))
        offset = int.from_bytes(content[offset + 2 + 12 * n : offset + 6 + 12 * n], "little")
    content[4:12] = len(content).to_bytes(8, "little")
    for number, (n, tags) in enumerate(lists):
        size = len(tags) + 8 + 4 * n  # a link of 8 bytes, and the upper halves of all values
        after = 0 if number == len(lists) - 1 else len(content) + size
        content += tags + after.to_bytes(8, "little") + bytes(4 * n)
    path.write_bytes(content)


def test_slides_of_hamamatsu_are_read_with_levels_and_pixel_size(tmp_path: Path) -> None:
    path, image = tmp_path / "slide.ndpi", np.moveaxis(COLOURS, 0, -1)
    with tifffile.TiffWriter(path) as tif:
        # the slide, coarser, and the photograph of slide and label
        for lens, step, width in ((20.0, 1, 1750), (5.0, 4, 1750), (-1.0, 16, 700)):
            tags = [(65420, "I", 1, 1, True), (65421, "f", 1, lens, True), (271, "s", 0, "Hamamatsu", True)]
            tif.write(
                image[::step, :width:step], tile=(256, 256), compression="jpeg", metadata=None, extratags=tags,
                resolution=(1e4 / 0.46 / step,) * 2, resolutionunit="CENTIMETER",
            )  # fmt: skip
    lengthen(path)
    with open_source(path) as source:
        assert source.info.axes == "CYX"
        assert source.info.frame_shape == SHAPE
        assert source.info.pixel_size_um[1:] == pytest.approx((0.46, 0.46), rel=1e-4)
        assert [one.factor for one in list_levels(source)] == [1, 4]
        assert np.abs(source.read(0, 1)[0].astype(int) - COLOURS).mean() < 3
        levels = list_levels(source)
        assert np.abs(read_level(source, levels[1]).astype(int) - COLOURS[:, ::4, ::4]).mean() < 4
