"""A folder of single images."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile

import holdstill as hs
from holdstill.errors import AxesError, FileError, MissingFile
from holdstill.io import open_source
from holdstill.testing.sources import SourceTests


def pixels(shape: tuple[int, ...], dtype: Any = np.uint16) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 250, shape).astype(dtype)


class TestFolder(SourceTests):
    """TIFF, PNG and coloured PNG; twelve of them, so that 10 comes after 9."""

    @pytest.fixture(params=["tif", "png", "rgb", "rgba", "volumes"])
    def images(self, request: pytest.FixtureRequest) -> np.ndarray:
        self.kind = request.param
        n_channels, n_planes = (3 if "rgb" in self.kind else 1), (5 if self.kind == "volumes" else 1)
        return pixels((12, n_channels, n_planes, 20, 24), np.uint8 if "rgb" in self.kind else np.uint16)

    @pytest.fixture
    def source(self, images: np.ndarray, tmp_path: Path) -> Iterator[Any]:
        folder = tmp_path / "run 1 ü"
        folder.mkdir()
        for t, image in enumerate(images):
            if self.kind == "tif":
                tifffile.imwrite(folder / f"img{t}.tif", image[0, 0])
            elif self.kind == "volumes":
                tifffile.imwrite(folder / f"img{t}.tif", image[0])
            else:
                flat = image[0, 0] if self.kind == "png" else np.moveaxis(image[:, 0], 0, -1)
                flat = np.dstack([flat, np.full(flat.shape[:2], 255, np.uint8)]) if self.kind == "rgba" else flat
                imagecodecs.imwrite(folder / f"img{t}.png", np.ascontiguousarray(flat))
        (folder / "notes.txt").write_text("no image")
        (folder / "._img0.tif").write_bytes(b"left by a Mac")
        with open_source(folder, axes="TZYX" if self.kind == "volumes" else None) as source:
            yield source

    def test_channel_names(self, source: Any) -> None:
        assert source.info.channel_names == (("red", "green", "blue") if "rgb" in self.kind else ())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    image = pixels((60, 64)).cumsum(0).cumsum(1) % 250
    for t in range(5):
        tifffile.imwrite(tmp_path / f"a{t}.tif", np.roll(image, t, axis=0).astype(np.uint16))
    return tmp_path


def test_patterns(folder: Path) -> None:
    tifffile.imwrite(folder / "other.tif", np.zeros((3, 3), np.uint8))
    with open_source(str(folder / "a*.tif")) as source:
        assert source.info.shape == (5, 60, 64)
    reg = hs.register(str(folder / "a[0-3].tif"), reference=0)
    np.testing.assert_allclose(reg.shifts[:, 0], range(4), atol=0.01)


def test_an_image_of_another_size_is_named(folder: Path) -> None:
    tifffile.imwrite(folder / "a3.tif", np.zeros((60, 65), np.uint16))
    with open_source(folder) as source:
        source.read(0, 3)
        with pytest.raises(FileError, match=r"a3\.tif: frame 3 is uint16 of shape \(60, 65\), the first one"):
            source.read(2, 5)


def test_a_damaged_image_is_named(folder: Path) -> None:
    (folder / "a2.tif").write_bytes(b"damaged")
    with open_source(folder) as source, pytest.raises(FileError, match=r"a2\.tif: frame 2 cannot be read"):
        source.read(0, 5)


def test_none_there(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "*.tif"):
        with pytest.raises(MissingFile, match="no images there"):
            open_source(path)


def test_axes_that_do_not_fit(folder: Path) -> None:
    with pytest.raises(AxesError, match="they are TYX"):
        open_source(folder, axes="TZYX")
