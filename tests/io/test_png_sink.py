"""One image as PNG, and what PNG cannot hold."""

from pathlib import Path

import numpy as np
import pytest

import holdstill as hs
from holdstill.contracts import ImagesInfo
from holdstill.errors import FileError, FileInTheWay
from holdstill.io import create_sink, open_source


def info_of(axes: str, shape: tuple[int, ...], dtype: str) -> ImagesInfo:
    return ImagesInfo(name="image", axes=axes, shape=shape, dtype=np.dtype(dtype))


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_the_same_pixels_come_back(dtype: str, channels: int, tmp_path: Path) -> None:
    shape, axes = ((1, 9, 11), "TYX") if channels == 1 else ((1, channels, 9, 11), "TCYX")
    image = np.random.default_rng(0).integers(0, np.iinfo(dtype).max, (1, channels, 9, 11), dtype=dtype)
    with create_sink(tmp_path / "out.png", info_of(axes, shape, dtype)) as sink:
        sink.write(0, image)
        sink.finish()
    with open_source(tmp_path / "out.png") as source:
        assert source.files == (tmp_path / "out.png",)  # whose content the result of it tells
        np.testing.assert_array_equal(source.read(0, 1), image)
    with pytest.raises(FileInTheWay):
        create_sink(tmp_path / "out.png", info_of(axes, shape, dtype))
    assert [path.name for path in tmp_path.iterdir()] == ["out.png"]


@pytest.mark.parametrize(
    ("axes", "shape", "dtype"),
    [("TYX", (2, 9, 11), "uint8"), ("TYX", (1, 9, 11), "float32"), ("TZYX", (1, 4, 9, 11), "uint8")],
)
def test_what_it_cannot_hold_is_refused(axes: str, shape: tuple[int, ...], dtype: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="PNG holds one plane of uint8 or uint16"):
        create_sink(tmp_path / "out.png", info_of(axes, shape, dtype))


def test_what_was_corrected_is_written_as_one(tmp_path: Path) -> None:
    image = (np.arange(40 * 48).reshape(1, 40, 48) % 251).astype(np.uint8)
    reg = hs.Registration.from_shifts([(2, -3)], (40, 48))
    out = reg.apply(image, out=tmp_path / "still.png")
    with open_source(out) as source:
        np.testing.assert_array_equal(source.read(0, 1)[0], reg.apply(image))
