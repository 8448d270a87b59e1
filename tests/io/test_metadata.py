"""What a microscope noted of its images is still said of them when they are corrected."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import lazy_loader
import numpy as np
import pytest
import tifffile
import yaozarrs
import zarr

import holdstill as hs
from holdstill.contracts import ImagesInfo
from holdstill.io import create_sink, open_source
from holdstill.io.ome_xml import NAMESPACE, carry_image, describe, read_colours, read_origin, read_times
from holdstill.io.zarr.metadata import ome_attributes
from holdstill.resampling.settings import Resampling

ome_types = lazy_loader.load("ome_types")  # only the process that needs it

T, C, Z = 3, 2, 2
TIMES = (0.0, 0.51, 1.7)


def ome_xml(version: str = "2016-06", scenes: int = 1) -> str:
    """As a microscope writes it: irregular times, exposures, stage positions, an objective, a comment."""
    planes = "".join(
        f'<Plane TheZ="{z}" TheT="{t}" TheC="{c}" DeltaT="{1000 * TIMES[t]}" DeltaTUnit="ms" ExposureTime="0.0{c + 3}" '
        f'ExposureTimeUnit="s" PositionX="{0.12}" PositionXUnit="mm" PositionY="-40.5" PositionYUnit="µm" '
        f'PositionZ="{z}" PositionZUnit="µm"/>'
        for t in range(T) for c in range(C) for z in range(Z)
    )  # fmt: skip
    images = "".join(
        f'<Image ID="Image:{n}" Name="well {n}"><AcquisitionDate>2024-05-06T07:08:09</AcquisitionDate>'
        '<Description>neurons &amp; glia</Description><InstrumentRef ID="Instrument:0"/>'
        f'<Pixels ID="Pixels:{n}" DimensionOrder="XYZCT" Type="uint16" SizeX="24" SizeY="20" SizeZ="{Z}" SizeC="{C}" '
        f'SizeT="{T}" PhysicalSizeX="0.25" PhysicalSizeY="0.5" PhysicalSizeZ="2" SignificantBits="12">'
        f'<Channel ID="Channel:{n}:0" Name="GFP" SamplesPerPixel="1" Color="16711935" EmissionWavelength="509" '
        'EmissionWavelengthUnit="nm"/>'
        f'<Channel ID="Channel:{n}:1" Name="DAPI" SamplesPerPixel="1" Color="65535" ExcitationWavelength="405"/>'
        f'<TiffData IFD="{n * T * C * Z}" PlaneCount="{T * C * Z}"/>{planes}</Pixels></Image>'
        for n in range(scenes)
    )  # fmt: skip
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/{version}" '
        'UUID="urn:uuid:11111111-2222-3333-4444-555555555555" Creator="scope 3.1">'
        '<Instrument ID="Instrument:0"><Microscope Manufacturer="Acme"/></Instrument>' + images + "</OME>"
    )


@pytest.fixture
def movie(tmp_path: Path) -> Path:
    path = tmp_path / "in.ome.tif"
    pixels = np.random.default_rng(0).integers(0, 4000, (T, C, Z, 20, 24)).astype(np.uint16)
    tifffile.imwrite(path, pixels, description=ome_xml().encode(), metadata=None, photometric="minisblack")
    return path


def copy(source: Any, target: Path, crop: Any = None) -> None:
    info = Resampling(crop=crop).result(source.info)
    frames = source.read(0, info.n_frames)
    with create_sink(target, info) as sink:
        sink.write(0, np.ascontiguousarray(frames if crop is None else frames[(slice(None), slice(None), *crop)]))
        sink.finish()


def planes_of(xml: str) -> list[dict[str, str]]:
    return [plane.attrib for plane in ElementTree.fromstring(xml).iter(f"{{{NAMESPACE}}}Plane")]


def said_in(target: Path) -> str:
    if target.suffix == ".zarr":
        return (target / "OME" / "METADATA.ome.xml").read_text(encoding="utf-8")
    with tifffile.TiffFile(target) as tif:
        return str(tif.ome_metadata)


def test_what_is_read(movie: Path) -> None:
    with open_source(movie) as source:
        info = source.info
    assert info.times_s == pytest.approx(TIMES)
    assert info.origin_um == pytest.approx((0.0, -40.5, 120.0))
    assert info.channel_colours == ("00FF00", "0000FF")
    assert info.channel_names == ("GFP", "DAPI")


@pytest.mark.parametrize("suffix", [".ome.tif", ".ome.zarr"])
def test_everything_is_carried(movie: Path, tmp_path: Path, suffix: str) -> None:
    target, again = tmp_path / f"out{suffix}", tmp_path / "again.ome.tif"
    with open_source(movie) as source:
        copy(source, target)
    with open_source(target) as source:
        copy(source, again)  # and from there on
        assert source.info.times_s == pytest.approx(TIMES)
        assert source.info.channel_colours == ("00FF00", "0000FF")
        assert source.info.origin_um == pytest.approx((0.0, -40.5, 120.0))
    for path in (target, again):
        found = ome_types.from_xml(said_in(path), validate=True)
        [image] = found.images
        assert (image.name, image.description) == ("well 0", "neurons & glia")
        assert image.acquisition_date is not None
        assert image.acquisition_date.year == 2024
        assert [channel.name for channel in image.pixels.channels] == ["GFP", "DAPI"]
        assert image.pixels.channels[0].emission_wavelength == 509
        assert found.instruments[0].microscope.manufacturer == "Acme"
        assert planes_of(said_in(path)) == planes_of(ome_xml())
        assert "11111111-2222" not in said_in(path), "the number is of another file"
    with tifffile.TiffFile(again) as tif, tifffile.TiffFile(movie) as before:
        assert tif.series[0].axes == before.series[0].axes
        np.testing.assert_array_equal(tif.asarray(), before.asarray())
    if suffix == ".ome.zarr":
        yaozarrs.validate_zarr_store(str(target))
        channels = json.loads((target / "zarr.json").read_text())["attributes"]["ome"]["omero"]["channels"]
        assert [channel["color"] for channel in channels] == ["00FF00", "0000FF"]


def test_positions_follow_the_crop(movie: Path, tmp_path: Path) -> None:
    with open_source(movie) as source:
        copy(source, tmp_path / "out.ome.tif", crop=(slice(0, 2), slice(4, 20), slice(8, 20)))
    with open_source(tmp_path / "out.ome.tif") as source:
        assert source.info.origin_um == pytest.approx((0.0, -38.5, 122.0))
        assert source.info.shape == (3, 2, 2, 16, 12)
    found = ome_types.from_xml(said_in(tmp_path / "out.ome.tif"), validate=True)
    assert [plane.position_z for plane in found.images[0].pixels.planes][:2] == [0, 1]


def test_fewer_planes_take_none_from_the_source(movie: Path) -> None:
    with open_source(movie) as source:
        info = replace(source.info, shape=(2, C, Z, 20, 24), times_s=(), origin_um=(0.0, 0.0, 0.0))
    assert planes_of(describe(info).decode()) == []
    ome_types.from_xml(describe(info).decode(), validate=True)


@pytest.mark.parametrize("axes", ["TYX", "TCZYX"])
def test_times_and_places_without_words_of_a_source(tmp_path: Path, axes: str) -> None:
    shape = tuple({"T": 4, "C": 2, "Z": 3, "Y": 16, "X": 18}[axis] for axis in axes)
    info = ImagesInfo(
        name="a", axes=axes, shape=shape, dtype=np.dtype(np.float32), times_s=(0.0, 1.0, 5.0, 5.5),
        origin_um=(0.0, 3.0, -2.0), pixel_size_um=(None, 1.0, 1.0),
    )  # fmt: skip
    for name in ("a.ome.tif", "a.ome.zarr"):
        with create_sink(tmp_path / name, info) as sink:
            sink.write(0, np.ones((4, info.n_channels, *info.frame_shape), np.float32))
            sink.finish()
        ome_types.from_xml(said_in(tmp_path / name), validate=True)
        with open_source(tmp_path / name, trust=True) as source:
            assert source.info.times_s == info.times_s
            assert source.info.origin_um == info.origin_um
            assert (source.info.axes, source.info.shape) == (axes, shape)


def test_scenes_and_other_versions() -> None:
    carried = carry_image(ome_xml(scenes=3), 1)
    assert 'Name="well 1"' in carried
    assert "well 0" not in carried
    assert read_times(carried, 3) == pytest.approx(TIMES)
    assert read_times(carried, 4) == ()
    assert read_times(carry_image(ome_xml("2015-01"), 0), 3) == pytest.approx(TIMES)
    for not_carried in ("", "no xml", ome_xml("2008-09"), ome_xml()[:300], ome_xml().replace("Pixels", "Pix")):
        assert carry_image(not_carried, 0) == ""
    assert read_origin("") == (0.0, 0.0, 0.0)
    assert read_colours("") == ()


def test_plain_output_is_valid_too(tmp_path: Path) -> None:
    info = ImagesInfo(name="a", axes="TYX", shape=(4, 16, 18), dtype=np.dtype(np.uint8), frame_interval_s=0.5)
    with create_sink(tmp_path / "a.ome.tif", info) as sink:
        sink.write(0, np.ones((4, 1, 16, 18), np.uint8))
        sink.finish()
    ome_types.from_xml(said_in(tmp_path / "a.ome.tif"), validate=True)


def test_frames_per_second_of_imagej(tmp_path: Path) -> None:
    frames = np.zeros((5, 16, 16), np.uint8)
    for name, metadata, interval in (("a", {"fps": 4.0}, 0.25), ("b", {"finterval": 2.0, "fps": 4.0}, 2.0)):
        tifffile.imwrite(tmp_path / f"{name}.tif", frames, imagej=True, metadata={"axes": "TYX", **metadata})
        with open_source(tmp_path / f"{name}.tif") as source:
            assert source.info.frame_interval_s == interval


def test_axes_without_a_unit_keep_their_scale(tmp_path: Path) -> None:
    info = ImagesInfo(name="a", axes="TYX", shape=(4, 16, 18), dtype=np.dtype(np.uint8), pixel_size_um=(None, 1.0, 2.0))
    said = ome_attributes(info, [1])
    for axis in said["ome"]["multiscales"][0]["axes"]:
        axis.pop("unit", None)
    said["ome"]["multiscales"][0]["datasets"][0]["coordinateTransformations"] = [
        {"type": "scale", "scale": [0.1, 3.0, 0.5]}, {"type": "translation", "translation": [0.0, 7.0, 8.0]}
    ]  # fmt: skip
    group = zarr.open_group(tmp_path / "in.zarr", mode="w", attributes=said)
    group.create_array("0", shape=info.shape, dtype=info.dtype)[:] = 1
    with open_source(tmp_path / "in.zarr", trust=True) as source:
        assert source.info.pixel_size_um == (None, None, None)
        copy(source, tmp_path / "out.zarr", crop=(slice(2, 16), slice(4, 18)))
    scales = json.loads((tmp_path / "out.zarr" / "zarr.json").read_text())["attributes"]["ome"]["multiscales"][0]
    assert not any("unit" in axis for axis in scales["axes"])
    assert scales["datasets"][0]["coordinateTransformations"] == [
        {"type": "scale", "scale": [0.1, 3.0, 0.5]}, {"type": "translation", "translation": [0.0, 13.0, 10.0]}
    ]  # fmt: skip


def test_irregular_times_in_the_table(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("shift_y_px,shift_x_px\n0,0\n1,1\n2,2\n")
    replace(hs.load(tmp_path / "in.csv", frame_shape=(32, 32)), times_s=TIMES).save(tmp_path / "drift.json")
    loaded = hs.load(tmp_path / "drift.json")
    assert loaded.times_s == TIMES
    rows = loaded.to_csv(tmp_path / "drift.csv").read_text().splitlines()
    assert [row.split(",")[1] for row in rows] == ["time_s", "0", "0.51", "1.7"]
