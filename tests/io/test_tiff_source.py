import json
import logging
import struct
from functools import partial

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st

from holdstill.errors import AxesError, FileError, InputError
from holdstill.io import open_source
from holdstill.io.tiff import windows
from holdstill.io.tiff.planes import read_exactly
from holdstill.io.tiff.source import TiffSource
from holdstill.testing.sources import SourceTests

T, C, Z, Y, X = 5, 2, 3, 32, 48


def make(*, t=T, c=1, z=1, y=Y, x=X, dtype=np.uint16):
    images = np.random.default_rng(7).integers(0, 250, (t, c, z, y, x))
    return images.astype(dtype)


def write_plain(path, images, **options):
    """One call of write per page, as acquisition programs do."""
    with tifffile.TiffWriter(
        path, bigtiff=options.pop("bigtiff", False), byteorder=options.pop("byteorder", None)
    ) as tif:
        for frame in images[:, 0, 0]:
            tif.write(frame, **options)


def write_whole(path, images, *, axes, kind, **options):
    """One call of write for all, with the axes of `images` in another order and those of length 1 left out."""
    order = [*axes, *(axis for axis in "TCZYX" if axis not in axes)]
    shape = [images.shape["TCZYX".index(axis)] for axis in axes]
    pixels = images.transpose(["TCZYX".index(axis) for axis in order]).reshape(shape)
    flags = {kind: True}
    tifffile.imwrite(path, pixels, photometric="minisblack", metadata={"axes": axes}, **flags, **options)


def write_rgb(path, images, *, planarconfig, **options):
    pixels = images[:, :, 0] if planarconfig == "separate" else np.moveaxis(images[:, :, 0], 1, -1)
    tifffile.imwrite(path, pixels, photometric="rgb", planarconfig=planarconfig, **options)


def write_ome_files(path, images):
    """Two files of one OME set, each with a part of the frames."""
    parts = [path.with_name("a.ome.tif"), path]
    for part, frames in zip(parts, np.array_split(images, 2), strict=True):
        tifffile.imwrite(part, frames[:, 0, 0], metadata=None)
    sizes = [len(frames) for frames in np.array_split(images, 2)]
    data = "".join(
        f'<TiffData FirstT="{first}" IFD="0" PlaneCount="{n}">'
        f'<UUID FileName="{part.name}">urn:uuid:{part.name}</UUID></TiffData>'
        for part, first, n in zip(parts, (0, sizes[0]), sizes, strict=True)
    )
    xml = (
        f'<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="urn:uuid:{path.name}">'
        '<Image ID="Image:0">'
        f'<Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint16" SizeX="{X}" SizeY="{Y}" SizeZ="1" SizeC="1" '
        f'SizeT="{sum(sizes)}"><Channel ID="Channel:0:0"/>{data}</Pixels></Image></OME>'
    )
    tifffile.imwrite(path, np.array_split(images, 2)[1][:, 0, 0], metadata=None, description=xml)


def write_scanimage(path, images):
    """Channels in turn, told by the text of each page alone."""
    software = "SI.VERSION_MAJOR = '2020'\nSI.hChannels.channelSave = [1;2]\nSI.hRoiManager.scanFrameRate = 30\n"
    with tifffile.TiffWriter(path, bigtiff=True) as tif:
        for frame in images[:, :, 0].reshape(-1, Y, X):
            tif.write(frame, metadata=None, software=software, contiguous=False, photometric="minisblack")


def write_micromanager(path, images):
    """Pages with a JSON of their own each, as an acquisition that was saved image by image."""
    with tifffile.TiffWriter(path) as tif:
        for t, frame in enumerate(images[:, 0, 0]):
            tag = (51123, "s", 0, json.dumps({"FrameIndex": t, "PixelSizeUm": 0.1}), True)
            tif.write(frame, metadata=None, contiguous=False, photometric="minisblack", extratags=[tag])


def write_pyramid(path, images):
    with tifffile.TiffWriter(path, ome=True) as tif:
        options = {"photometric": "minisblack", "tile": (16, 16), "compression": "zstd"}
        tif.write(images[:, 0, 0], subifds=1, metadata={"axes": "TYX"}, **options)
        tif.write(images[:, 0, 0, ::2, ::2], subfiletype=1, metadata=None, **options)


TCZYX = {"c": C, "z": Z}
KINDS = {
    "contiguous": (partial(write_whole, axes="TYX", kind="shaped"), {}),
    "page by page": (partial(write_plain, metadata=None), {}),
    "page by page, each with metadata": (write_plain, {}),
    "several strips a page": (partial(write_plain, metadata=None, rowsperstrip=8), {}),
    "bigtiff": (partial(write_plain, metadata=None, bigtiff=True), {}),
    "big-endian": (partial(write_plain, metadata=None, byteorder=">"), {}),
    "big-endian contiguous": (partial(write_whole, axes="TYX", kind="shaped", byteorder=">"), {"dtype": np.float32}),
    "big-endian lzw": (partial(write_plain, metadata=None, byteorder=">", compression="lzw"), {}),
    "deflate": (partial(write_plain, metadata=None, compression="zlib", predictor=True, rowsperstrip=5), {}),
    "zstd": (partial(write_whole, axes="TYX", kind="shaped", compression="zstd"), {"dtype": np.float64}),
    "lzw": (partial(write_whole, axes="TYX", kind="ome", compression="lzw"), {"dtype": np.uint8}),
    "lossless jpeg 2000": (partial(write_plain, metadata=None, compression="jpeg2000"), {}),
    "tiled": (partial(write_plain, metadata=None, tile=(16, 32)), {}),
    "tiled deflate": (partial(write_plain, metadata=None, tile=(16, 32), compression="zlib"), {"dtype": np.int32}),
    "tiles beyond the border": (partial(write_plain, metadata=None, tile=(16, 32)), {"y": 21, "x": 43}),
    "packed 12 bit": (partial(write_plain, metadata=None, bitspersample=12), {}),
    "imagej": (partial(write_whole, axes="TYX", kind="imagej"), {"dtype": np.float32}),
    "imagej hyperstack": (partial(write_whole, axes="TZCYX", kind="imagej"), TCZYX),
    "imagej channels": (partial(write_whole, axes="TCYX", kind="imagej"), {"c": C}),
    "imagej deflate": (partial(write_whole, axes="TZCYX", kind="imagej", compression="zlib"), TCZYX),
    "ome TCZYX": (partial(write_whole, axes="TCZYX", kind="ome"), TCZYX),
    "ome TZCYX": (partial(write_whole, axes="TZCYX", kind="ome"), TCZYX),
    "ome CZTYX": (partial(write_whole, axes="CZTYX", kind="ome"), TCZYX),
    "ome ZTCYX, tiled zstd": (partial(write_whole, axes="ZTCYX", kind="ome", tile=(16, 16), compression="zstd"), TCZYX),
    "ome CTYX big-endian": (partial(write_whole, axes="CTYX", kind="ome", byteorder=">"), {"c": C}),
    "ome of two files": (write_ome_files, {}),
    "shaped TZYX": (partial(write_whole, axes="TZYX", kind="shaped"), {"z": Z}),
    "scanimage": (write_scanimage, {"c": C, "dtype": np.int16}),
    "micromanager": (write_micromanager, {}),
    "ome pyramid": (write_pyramid, {}),
    "rgb interleaved": (partial(write_rgb, planarconfig="contig", metadata=None), {"c": 3, "dtype": np.uint8}),
    "rgb planar": (partial(write_rgb, planarconfig="separate", metadata=None), {"c": 3, "dtype": np.uint8}),
    "rgb interleaved deflate": (partial(write_rgb, planarconfig="contig", compression="zlib"), {"c": 3}),
    "rgb planar tiled": (partial(write_rgb, planarconfig="separate", compression="zlib", tile=(16, 16)), {"c": 3}),
}


class TestTiffSource(SourceTests):
    @pytest.fixture(params=KINDS)
    def kind(self, request):
        return KINDS[request.param]

    @pytest.fixture
    def images(self, kind):
        return make(**kind[1])

    @pytest.fixture
    def source(self, kind, images, tmp_path):
        path = tmp_path / "movie.tif"
        kind[0](path, images)
        with open_source(path) as source:
            yield source


DTYPES = ["u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"]


@given(dtype=st.sampled_from(DTYPES), order=st.sampled_from("<>"), encoded=st.booleans(), seed=st.integers(0, 99))
def test_every_dtype_comes_back_bit_by_bit(tmp_path_factory, dtype, order, encoded, seed):
    path = tmp_path_factory.mktemp("dtype") / "movie.tif"
    images = np.random.default_rng(seed).bytes(3 * 7 * 5 * np.dtype(dtype).itemsize)
    images = np.frombuffer(images, dtype).reshape(3, 7, 5)
    tifffile.imwrite(path, images, byteorder=order, compression="zlib" if encoded else None, photometric="minisblack")
    with open_source(path) as source:
        assert source.info.dtype == images.dtype
        assert source.read(0, 3).tobytes() == images.tobytes()


def test_axes_rename_planes(tmp_path):
    images = make(z=4)[:, 0, :, :, :][:1]
    path = tmp_path / "stack.tif"
    tifffile.imwrite(path, images[0], metadata={"axes": "ZYX"}, photometric="minisblack")
    with open_source(path) as source:
        assert (source.info.axes, source.info.n_frames) == ("ZYX", 1)
    with open_source(path, axes="TYX") as source:
        np.testing.assert_array_equal(source.read(1, 4)[:, 0], images[0, 1:])
    with pytest.raises(AxesError, match=r"stack\.tif: axes='TCYX' does not fit"):
        open_source(path, axes="TCYX")


def test_ambiguous_axes_are_asked_for(tmp_path):
    path = tmp_path / "movie.tif"
    images = make(z=Z)[:, 0]
    tifffile.imwrite(path, images, photometric="minisblack")
    with pytest.raises(AxesError, match=r"movie\.tif: .*ambiguous; pass axes='TZYX'.*--axes TZYX"):
        open_source(path)
    with open_source(path, axes="TCYX") as source:
        np.testing.assert_array_equal(source.read(2, 4, channel=1)[:, 0], images[2:4, 1])


def test_samples_of_a_pixel_are_channels_only(tmp_path):
    path = tmp_path / "rgb.tif"
    tifffile.imwrite(path, np.zeros((Y, X, 3), np.uint8), photometric="rgb")
    with open_source(path) as source:
        assert source.info.axes == "CYX"
    with pytest.raises(AxesError, match="can only be channels"):
        open_source(path, axes="TYX")
    tifffile.imwrite(path, np.zeros((3, Y, X), np.uint8), photometric="rgb", planarconfig="separate")
    with open_source(path, axes="TYX") as source:
        assert source.read(1, 3).shape == (2, 1, Y, X)


def test_pyramid_is_read_at_full_size(tmp_path):
    path, images = tmp_path / "pyramid.ome.tif", make()[:, 0, 0]
    with tifffile.TiffWriter(path) as tif:
        tif.write(images, subifds=1, tile=(16, 16), metadata={"axes": "TYX"})
        tif.write(images[:, ::2, ::2], subfiletype=1, tile=(16, 16))
    with open_source(path) as source:
        np.testing.assert_array_equal(source.read(0, T)[:, 0], images)


def test_thumbnails_between_pages_are_left_out(tmp_path):
    path, images = tmp_path / "movie.tif", make()[:, 0, 0]
    with tifffile.TiffWriter(path) as tif:
        for frame in images:
            tif.write(frame, metadata=None)
            tif.write(frame[::4, ::4], metadata=None, subfiletype=1)
    with open_source(path) as source:
        np.testing.assert_array_equal(source.read(0, T)[:, 0], images)


def test_stacks_written_one_by_one_are_one_sequence(tmp_path):
    path, images = tmp_path / "movie.tif", make(z=Z)
    with tifffile.TiffWriter(path) as tif:
        for volume in images[:, 0]:
            tif.write(volume, metadata={"axes": "ZYX"}, photometric="minisblack")
    with open_source(path) as source:
        assert source.info.axes == "TZYX"
        np.testing.assert_array_equal(source.read(0, T)[:, 0], images[:, 0])


def test_metadata_of_ome(tmp_path):
    path = tmp_path / "movie.ome.tif"
    metadata = {
        "axes": "TCZYX",
        "PhysicalSizeX": 65.0,
        "PhysicalSizeXUnit": "nm",
        "PhysicalSizeY": 0.13,
        "PhysicalSizeZ": 0.002,
        "PhysicalSizeZUnit": "mm",
        "TimeIncrement": 250.0,
        "TimeIncrementUnit": "ms",
        "Channel": {"Name": ["DAPI", "GFP"]},
    }
    tifffile.imwrite(path, make(**TCZYX), metadata=metadata, photometric="minisblack")
    with open_source(path) as source:
        assert source.info.pixel_size_um == pytest.approx((2.0, 0.13, 0.065))
        assert source.info.frame_interval_s == pytest.approx(0.25)
        assert source.info.channel_names == ("DAPI", "GFP")


@pytest.mark.parametrize(
    ("unit", "um"), [("micron", 1), ("um", 1), ("\\u00B5m", 1), ("nm", 1e-3), ("inch", 25400), ("", None)]
)
def test_metadata_of_imagej(tmp_path, unit, um):
    path = tmp_path / "movie.tif"
    metadata = {"axes": "TZCYX", "spacing": 2.0, "unit": unit, "finterval": 0.5, "Labels": ["DAPI", "GFP"]}
    images = make(**TCZYX).swapaxes(1, 2)
    tifffile.imwrite(path, images, imagej=True, resolution=(4.0, 2.0), metadata=metadata)
    with open_source(path) as source:
        size = (None,) * 3 if um is None else pytest.approx((2 * um, 0.5 * um, 0.25 * um))
        assert source.info.pixel_size_um == size
        assert source.info.frame_interval_s == 0.5
        assert source.info.channel_names == ("DAPI", "GFP")


def test_plain_resolution_is_no_pixel_size(tmp_path):
    path = tmp_path / "movie.tif"
    tifffile.imwrite(path, make()[:, 0, 0], resolution=(72, 72), metadata=None)
    with open_source(path) as source:
        assert source.info.pixel_size_um == (None, None, None)


def test_closed_source_says_so(tmp_path):
    path = tmp_path / "movie.tif"
    write_plain(path, make())
    source = TiffSource(path)
    source.close()
    with pytest.raises(InputError, match="closed already"):
        source.read(0, 1)


def test_file_that_changes_is_read_anew(tmp_path):
    path = tmp_path / "movie.tif"
    for n_frames in (3, 4):
        write_plain(path, make(t=n_frames))
        with open_source(path) as source:
            assert source.info.n_frames == n_frames


def test_tifffile_logs_nothing(tmp_path, caplog):
    path = tmp_path / "movie.tif"
    write_plain(path, make())
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 3000)
    with caplog.at_level(logging.DEBUG), pytest.raises(OSError, match="cut short"):
        open_source(path)
    assert caplog.records == []
    assert logging.getLogger("tifffile").filters == []


def test_an_imagej_stack_beyond_4_gb(tmp_path):
    """As ImageJ writes what its offsets cannot reach: one head, and all frames behind each other; sparse on disk."""
    n, side = 2100, 1024  # 4.4 GB
    told = f"ImageJ=1.54f\nimages={n}\nframes={n}\nfinterval=0.5\nunit=micron\n".encode() + b"\0"
    fields = [
        (256, 4, 1, side), (257, 4, 1, side), (258, 3, 1, 16 << 16), (262, 3, 1, 1 << 16), (270, 2, len(told), 4096),
        (273, 4, 1, 8192), (277, 3, 1, 1 << 16), (278, 3, 1, side << 16), (279, 4, 1, side * side * 2),
    ]  # fmt: skip
    head = b"MM\0\x2a" + struct.pack(">IH", 8, len(fields)) + b"".join(struct.pack(">HHII", *field) for field in fields)
    frames = {t: np.random.default_rng(t).integers(0, 60000, (side, side)).astype(">u2") for t in (0, 1, 2047, n - 1)}
    path = tmp_path / "large.tif"
    with path.open("wb") as file:
        file.write(head + bytes(4))
        file.seek(4096)
        file.write(told)
        for t, frame in frames.items():
            file.seek(8192 + t * side * side * 2)
            file.write(frame.tobytes())
    assert path.stat().st_size > 2**32
    assert path.stat().st_blocks * 512 < 2**24
    with open_source(path) as source:
        assert source.info.shape == (n, side, side)
        assert source.info.frame_interval_s == 0.5
        for t, frame in frames.items():
            np.testing.assert_array_equal(source.read(t, t + 1)[0, 0], frame)
    with path.open("r+b") as file:
        file.truncate(8192 + (n - 3) * side * side * 2)
    with pytest.raises(FileError, match=str(n)):
        open_source(path, skip_bad=False)


@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_a_narrow_window_reads_no_whole_rows(tmp_path, monkeypatch, byteorder):
    image = np.arange(200 * 900, dtype=np.uint32).reshape(200, 900)
    tifffile.imwrite(tmp_path / "raw.tif", image, byteorder=byteorder, photometric="minisblack")
    taken = []

    def count(handle, start, target):
        taken.append(len(target))
        return read_exactly(handle, start, target)

    monkeypatch.setattr(windows, "read_exactly", count)
    with open_source(tmp_path / "raw.tif") as source:
        for columns in (slice(0, 30), slice(431, 500), slice(870, 900), slice(300, 800)):
            taken.clear()
            window = source.read_window(0, slice(7, 57), columns)
            np.testing.assert_array_equal(window, image[7:57, columns])
            width = columns.stop - columns.start
            assert sum(taken) == 4 * 50 * (width if width < 100 else 900)
