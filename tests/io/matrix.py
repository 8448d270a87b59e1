"""What survives from other writers to us, and from us to other readers; ``python -m tests.io.matrix`` tells anew."""

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bioio
import bioio_ome_tiff
import bioio_ome_zarr
import h5py
import imageio.v3 as imageio
import numpy as np
import pynwb
import SimpleITK
import tifffile
import zarr
from bioio_base.types import PhysicalPixelSizes
from bioio_ome_tiff.writers import OmeTiffWriter
from bioio_ome_zarr.writers import Channel, OMEZarrWriter
from ome_zarr.format import FormatV04, FormatV05
from ome_zarr.io import parse_url
from ome_zarr.reader import Reader
from ome_zarr.writer import write_image
from skimage import io as skimage_io

from holdstill.contracts import ImagesInfo
from holdstill.io import create_sink, open_source
from holdstill.io.zarr.metadata import ome_attributes

DOCS = Path(__file__).parents[2] / "docs" / "files.md"
BEGIN, END = "<!-- matrix, by python -m tests.io.matrix -->", "<!-- end of matrix -->"
FRAMES = np.random.default_rng(0).integers(0, 4000, (5, 24, 32)).astype(np.uint16)
TIMES = (0.0, 0.5, 1.1, 1.5, 2.0)
INFO = ImagesInfo(
    name="movie", axes="TYX", shape=FRAMES.shape, dtype=FRAMES.dtype, pixel_size_um=(None, 0.5, 0.25),
    frame_interval_s=0.5, channel_names=("GFP",), origin_um=(0.0, 7.0, -3.0), times_s=TIMES,
    channel_colours=("00FF00",),
)  # fmt: skip
WHAT = ("pixels", "dtype", "axes", "pixel size", "names", "times", "positions", "colours")
Row = tuple[str, ...]


def _imagej(path: Path) -> None:
    metadata = {"axes": "TYX", "unit": "um", "finterval": 0.5}
    tifffile.imwrite(path, FRAMES, imagej=True, resolution=(4, 2), metadata=metadata)


def _fiji(path: Path) -> None:
    """What Fiji saves of a movie with a scale: unit and interval in its words, the origin in px, colours as a LUT."""
    lut = np.zeros((3, 256), np.uint8)
    lut[1] = np.arange(256)
    metadata = {"axes": "TYX", "unit": r"\u00B5m", "fps": 2.0, "tunit": "sec", "xorigin": 12.0, "yorigin": -14.0,
                "min": 0.0, "max": 4000.0, "mode": "grayscale", "LUTs": [lut]}  # fmt: skip
    tifffile.imwrite(path, FRAMES, imagej=True, resolution=(4, 2), metadata=metadata, byteorder=">")


def _bioio_tiff(path: Path) -> None:
    sizes = PhysicalPixelSizes(1.0, 0.5, 0.25)
    OmeTiffWriter.save(
        FRAMES, path, dim_order="TYX", channel_names=["GFP"], physical_pixel_sizes=sizes, channel_colors=[[0, 255, 0]]
    )


def _bioio_zarr(path: Path) -> None:
    writer = OMEZarrWriter(
        path, level_shapes=[FRAMES.shape], dtype=FRAMES.dtype, axes_names=["t", "y", "x"],
        axes_types=["time", "space", "space"], axes_units=["second", "micrometer", "micrometer"],
        physical_pixel_size=[0.5, 0.5, 0.25], channels=[Channel(label="GFP", color="00FF00")],
    )  # fmt: skip
    writer.write_full_volume(FRAMES)


def _ome_zarr_py(version: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        channels = [{"label": "GFP", "color": "00FF00", "window": {"start": 0, "end": 4000, "min": 0, "max": 4000}}]
        write_image(
            FRAMES, zarr.open_group(path, mode="w", zarr_format=version), axes="tyx", scale_factors=(),
            fmt=FormatV04() if version == 2 else FormatV05(), scale={"t": 0.5, "y": 0.5, "x": 0.25},
            axes_units={"t": "second", "y": "micrometer", "x": "micrometer"}, omero={"channels": channels},
        )  # fmt: skip

    return write


def _ome(path: Path) -> None:
    positions = {
        "PositionX": [-3.0] * 5,
        "PositionXUnit": ["µm"] * 5,
        "PositionY": [7.0] * 5,
        "PositionYUnit": ["µm"] * 5,
    }
    metadata = {
        "axes": "TYX", "PhysicalSizeX": 0.25, "PhysicalSizeY": 0.5, "TimeIncrement": 0.5,
        "Channel": {"Name": ["GFP"], "Color": [int.from_bytes(b"\0\xff\0\xff", "big", signed=True)]},
        "Plane": {"DeltaT": list(TIMES), **positions},
    }  # fmt: skip
    tifffile.imwrite(path, FRAMES, ome=True, metadata=metadata, photometric="minisblack")


def _ome_zarr(version: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        said = ome_attributes(INFO, [1])
        group = zarr.open_group(path, mode="w", zarr_format=version, attributes=said if version == 3 else said["ome"])
        group.create_array("0", shape=FRAMES.shape, dtype=FRAMES.dtype)[:] = FRAMES

    return write


def _hdf5(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["movie"] = FRAMES


def _itk(path: Path) -> None:
    image = SimpleITK.GetImageFromArray(FRAMES)
    image.SetSpacing((0.00025, 0.0005, 1.0))  # mm
    SimpleITK.WriteImage(image, str(path))


def _itk_pages(path: Path) -> None:
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(FRAMES), str(path))


def _nwb(path: Path) -> None:
    file = pynwb.NWBFile(session_description="a", identifier="a", session_start_time=datetime(2024, 1, 1, tzinfo=UTC))
    optics = pynwb.ophys.OpticalChannel(name="a", description="a", emission_lambda=510.0)
    plane = file.create_imaging_plane(
        name="plane", optical_channel=optics, description="a", device=file.create_device(name="a"), location="a",
        excitation_lambda=920.0, indicator="a", grid_spacing=[2.5e-7, 5e-7], grid_spacing_unit="meters",
    )  # fmt: skip
    data = FRAMES.transpose(0, 2, 1)
    series = pynwb.ophys.TwoPhotonSeries(name="a", data=data, imaging_plane=plane, unit="n.a.", timestamps=list(TIMES))
    file.add_acquisition(series)
    with pynwb.NWBHDF5IO(str(path), "w") as writer:
        writer.write(file)


WRITERS: dict[str, tuple[str, Callable[[Path], None], str | None]] = {
    "tifffile, ImageJ": ("a.tif", _imagej, None),
    "Fiji's conventions, TIFF": ("e.tif", _fiji, None),
    "bioio, OME-TIFF": ("b.ome.tif", _bioio_tiff, None),
    "bioio, OME-Zarr 0.5": ("c.ome.zarr", _bioio_zarr, None),
    "ome-zarr-py, OME-Zarr 0.4": ("d.ome.zarr", _ome_zarr_py(2), None),
    "ome-zarr-py, OME-Zarr 0.5": ("e.ome.zarr", _ome_zarr_py(3), None),
    "tifffile, OME-TIFF": ("a.ome.tif", _ome, None),
    "imageio, TIFF": ("b.tif", lambda path: imageio.imwrite(path, FRAMES), None),
    "scikit-image, TIFF": ("c.tif", lambda path: skimage_io.imsave(path, FRAMES, check_contrast=False), None),
    "SimpleITK, TIFF": (
        "d.tif",
        lambda path: SimpleITK.WriteImage(SimpleITK.GetImageFromArray(FRAMES), str(path)),
        None,
    ),
    "SimpleITK, MetaImage": ("a.mha", _itk, "TYX"),
    "SimpleITK, NIfTI": ("a.nii.gz", _itk, "TYX"),
    "zarr 2, OME-Zarr 0.4": ("a.ome.zarr", _ome_zarr(2), None),
    "zarr 3, OME-Zarr 0.5": ("b.ome.zarr", _ome_zarr(3), None),
    "h5py": ("a.h5", _hdf5, None),
    "NumPy, .npy": ("a.npy", lambda path: np.save(path, FRAMES), None),
    "NumPy, .npz": ("a.npz", lambda path: np.savez_compressed(path, movie=FRAMES), None),
    "pynwb, TwoPhotonSeries": ("a.nwb", _nwb, None),
}


def read_back(path: Path, axes: str | None) -> Row:
    """What we find of each property in a file of another writer: yes, or a dash."""
    with open_source(path, axes=axes, trust=True) as source:
        info = source.info
        found = (
            np.array_equal(source.read(0, info.n_frames)[:, 0], FRAMES), info.dtype == FRAMES.dtype, info.axes == "TYX",
            np.allclose([value or 0 for value in info.pixel_size_um[1:]], (0.5, 0.25)), info.channel_names == ("GFP",),
            np.allclose(info.times_s or [-1], TIMES) if info.times_s else info.frame_interval_s == 0.5,
            np.allclose(info.origin_um, INFO.origin_um), info.channel_colours == ("00FF00",),
        )  # fmt: skip
    return tuple("yes" if one else "-" for one in found)


def _by_ome(xml: str) -> Row:
    """Of OME-XML, by ome-types."""
    import ome_types

    pixels = ome_types.from_xml(xml, validate=True).images[0].pixels
    plane, channel = pixels.planes[0], pixels.channels[0]
    found = (
        (pixels.physical_size_y, pixels.physical_size_x) == (0.5, 0.25), channel.name == "GFP",
        np.allclose([one.delta_t for one in pixels.planes], TIMES), (plane.position_y, plane.position_x) == (7.0, -3.0),
        channel.color.as_hex(format="long").lower().startswith("#00ff00"),
    )  # fmt: skip
    return tuple("yes" if one else "-" for one in found)


def _array(array: Any, rest: Row = ("-",) * 5) -> Row:
    pixels = np.squeeze(np.asarray(array))
    same = "yes" if np.array_equal(pixels, FRAMES) else "-"
    return (same, "yes" if pixels.dtype == FRAMES.dtype else "-", same, *rest)


def _read_tifffile(path: Path) -> Row:
    with tifffile.TiffFile(path) as tif:
        return _array(tif.asarray(), _by_ome(str(tif.ome_metadata)))


def _read_zarr(path: Path) -> Row:
    group = zarr.open_group(path, mode="r")
    scale = group.attrs["ome"]["multiscales"][0]["datasets"][0]["coordinateTransformations"]
    channel = group.attrs["ome"]["omero"]["channels"][0]
    xml = _by_ome((path / "OME" / "METADATA.ome.xml").read_text(encoding="utf-8"))
    found = (scale[0]["scale"][1:] == [0.5, 0.25], channel["label"] == "GFP", xml[2] == "yes",
             scale[1]["translation"][1:] == [7.0, -3.0], channel["color"] == "00FF00")  # fmt: skip
    return _array(group["0"][:], tuple("yes" if one else "-" for one in found))


def _yes(*found: bool) -> Row:
    return tuple("yes" if one else "-" for one in found)


def _read_bioio(path: Path) -> Row:
    reader = bioio_ome_tiff.Reader if path.suffix == ".tif" else bioio_ome_zarr.Reader
    image = bioio.BioImage(path, reader=reader)
    sizes, interval = image.physical_pixel_sizes, image.standard_metadata.timelapse_interval
    rest = _yes((sizes.Y, sizes.X) == (0.5, 0.25), image.channel_names == ["GFP"],
                interval is not None and interval.total_seconds() == 0.5)  # fmt: skip
    if path.suffix != ".tif":
        return _array(image.data, (*rest, "-", "-"))
    pixels = image.ome_metadata.images[0].pixels
    times = _yes(np.allclose([plane.delta_t for plane in pixels.planes], TIMES))
    where = (pixels.planes[0].position_y, pixels.planes[0].position_x) == (7.0, -3.0)
    green = str(pixels.channels[0].color.as_hex(format="long")).lower().startswith("#00ff00")
    return _array(image.data, (*rest[:2], *times, *_yes(where, green)))


def _read_ome_zarr_py(path: Path) -> Row:
    node = next(iter(Reader(parse_url(path))()))
    scale, place = node.metadata["coordinateTransformations"][0]
    rest = _yes(scale["scale"][1:] == [0.5, 0.25], node.metadata["channel_names"] == ["GFP"], scale["scale"][0] == 0.5,
                place["translation"][1:] == [7.0, -3.0],
                node.metadata["colormap"][0][-1] == [0.0, 1.0, 0.0])  # fmt: skip
    return _array(node.data[0], rest)


def _read_as_imagej(path: Path) -> Row:
    """By the rules of ImageJ's own opener: pages alike, a unit from the tag of the resolution; it reads no OME-XML."""
    with tifffile.TiffFile(path) as tif:
        pages = [page.asarray() for page in tif.pages]
        assert not any(page.is_tiled for page in tif.pages)
        first = tif.pages.first
        per_um = {2: 25400.0, 3: 10000.0}[int(first.tags["ResolutionUnit"].value)]
        (ny, dy), (nx, dx) = (first.tags[f"{axis}Resolution"].value for axis in "YX")
        sizes = _yes(np.allclose((dy / ny * per_um, dx / nx * per_um), (0.5, 0.25)))
    return _array(np.stack(pages), (*sizes, "-", "-", "-", "-"))


def _read_itk(path: Path) -> Row:
    return _array(SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(path))))


def _read_nwb(path: Path) -> Row:
    with pynwb.NWBHDF5IO(str(path), "r") as reader:
        stack = reader.read().processing["ophys"]["MotionCorrection"].corrected_image_stacks["CorrectedImageStack"]
        times = "yes" if np.allclose(stack.corrected.timestamps[:], TIMES) else "-"
        return _array(stack.corrected.data[:].transpose(0, 2, 1), ("-", "-", times, "-", "-"))


READERS: dict[str, tuple[str, Callable[[Path], Row]]] = {
    "OME-TIFF: tifffile, ome-types": ("a.ome.tif", _read_tifffile),
    "OME-TIFF: bioio": ("a.ome.tif", _read_bioio),
    "OME-TIFF: ImageJ's conventions": ("a.ome.tif", _read_as_imagej),
    "OME-TIFF: imageio": ("a.ome.tif", lambda path: _array(imageio.imread(path))),
    "OME-TIFF: scikit-image": ("a.ome.tif", lambda path: _array(skimage_io.imread(path))),
    "OME-TIFF: SimpleITK": (
        "a.ome.tif",
        lambda path: _array(SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(path)))),
    ),
    "OME-Zarr: zarr": ("a.ome.zarr", _read_zarr),
    "OME-Zarr: ome-zarr-py": ("a.ome.zarr", _read_ome_zarr_py),
    "OME-Zarr: bioio": ("a.ome.zarr", _read_bioio),
    "NWB: pynwb": ("a.nwb", _read_nwb),
}


def make_table(folder: Path) -> str:
    """The two halves as Markdown: another writer and us, us and another reader."""
    rows = []
    for name, (file, write, axes) in WRITERS.items():
        write(folder / file)
        rows.append((f"in: {name}", *read_back(folder / file, axes)))
    for name, (file, read) in READERS.items():
        target = folder / "ours" / file
        target.parent.mkdir(exist_ok=True)
        if not target.exists():
            with create_sink(target, INFO) as sink:
                sink.write(0, FRAMES[:, None])
                sink.finish()
        rows.append((f"out: {name}", *read(target)))
    lines = [("", *WHAT), ("---",) * (len(WHAT) + 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        table = make_table(Path(made))
    text = DOCS.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    DOCS.write_text(f"{before}{BEGIN}\n\n{table}\n{END}{after}", encoding="utf-8")
    sys.stdout.write(table)
