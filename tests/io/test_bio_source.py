"""Files of microscope makers."""

import importlib
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from holdstill.errors import AxesError, FileError, InputError, MissingExtra
from holdstill.io import open_source
from holdstill.io.bio_source import BioSource
from holdstill.testing.sources import SourceTests

pytestmark = pytest.mark.skipif(find_spec("bioio") is None, reason="no bioio here: pip install bioio")


class FakeImage:
    """What bioio says of an acquisition of two positions."""

    scenes = ("Position 1", "Position 2")
    channel_names = ("DAPI", "GFP")
    dtype = np.dtype(np.uint16)
    physical_pixel_sizes = (2.0, 0.5, 0.5)
    time_interval = 3.5
    images = np.random.default_rng(5).integers(0, 999, (2, 6, 2, 3, 16, 20)).astype(np.uint16)

    def __init__(self, path: Any) -> None:
        self.scene = 0
        self.dims = self

    def items(self) -> Any:
        return zip("TCZYX", self.images.shape[1:], strict=True)

    def set_scene(self, number: int) -> None:
        self.scene = number

    def get_image_dask_data(self, order: str) -> Any:
        dask = pytest.importorskip("dask.array")
        return dask.from_array(self.images[self.scene], chunks=(1, 1, 1, 16, 20))


@pytest.fixture
def acquisition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(importlib.import_module("bioio"), "BioImage", FakeImage)
    path = tmp_path / "cells 1 ü.czi"
    path.write_bytes(b"")
    return path


class TestScene(SourceTests):
    @pytest.fixture
    def images(self) -> np.ndarray:
        return FakeImage.images[1]

    @pytest.fixture
    def source(self, acquisition: Path) -> BioSource:
        source = open_source(acquisition, scene="Position 2", trust=True)
        assert isinstance(source, BioSource)
        return source

    def test_what_is_said(self, source: Any) -> None:
        assert source.info.channel_names == ("DAPI", "GFP")
        assert source.info.pixel_size_um == (2.0, 0.5, 0.5)
        assert source.info.frame_interval_s == 3.5


def test_scenes_are_listed(acquisition: Path) -> None:
    with pytest.raises(InputError, match=r"holds 2 images; choose one .*: 0 = Position 1, 1 = Position 2"):
        open_source(acquisition)
    with pytest.raises(InputError, match="has no scene 'Position 3'; it has 0 = Position 1"):
        open_source(acquisition, scene="Position 3")
    with open_source(acquisition, scene=0) as source:
        np.testing.assert_array_equal(source.read(0, 6), FakeImage.images[0])
    with pytest.raises(AxesError, match="does not fit its axes TCZYX"):
        open_source(acquisition, scene=0, axes="TYX")


def test_no_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.lif").write_bytes(b"damaged")
    with pytest.raises(FileError, match=r"a\.lif: cannot be read"):
        open_source(tmp_path / "a.lif")
    (tmp_path / "a.czi").write_bytes(b"damaged")
    with pytest.raises((MissingExtra, FileError), match=r"pip install bioio-czi|cannot be read"):
        open_source(tmp_path / "a.czi")
    monkeypatch.setitem(sys.modules, "bioio", None)
    with pytest.raises(MissingExtra, match=r"pip install \"holdstill\[formats\]\""):
        open_source(tmp_path / "a.lif")


@pytest.mark.filterwarnings("ignore")  # of the plugin's own
def test_a_real_nd2(shared_data: Path) -> None:
    with open_source(shared_data / "pims" / "cluster.nd2") as source:
        assert source.info.axes == "TCZYX"
        assert source.info.shape == (3, 2, 10, 31, 38)
        np.testing.assert_allclose(source.info.pixel_size_um, (0.5, 0.168, 0.168), rtol=0.01)
        np.testing.assert_array_equal(source.read(1, 3)[:, 1:], source.read(1, 3, channel=1))
