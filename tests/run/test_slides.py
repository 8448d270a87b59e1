"""Slides aligned from file to file."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

import holdstill as hs
from holdstill.cli import run
from holdstill.contracts import Frames, ImagesInfo
from holdstill.errors import InputError
from holdstill.evaluation.sections import SectionPair, make_sections
from holdstill.io.formats import open_source
from holdstill.io.pyramids.slide import choose_codec, write_slide


@cache
def pair() -> SectionPair:
    return make_sections((560, 720), moving_shape=(640, 608), angle_deg=40, seed=3)


def write(path: Path, image: NDArray[np.uint8], size_um: float = 0.5, compression: str = "deflate") -> Path:
    pixels = np.moveaxis(image, -1, 0)
    info = ImagesInfo(
        name="slide", axes="CYX", shape=pixels.shape, dtype=pixels.dtype, pixel_size_um=(None, size_um, size_um),
        channel_names=("red", "green", "blue"),
    )  # fmt: skip

    def bands(channel: int | None) -> Iterator[Frames]:
        yield pixels

    with ThreadPoolExecutor(1) as workers:
        write_slide(path, info, bands, choose_codec(info, compression, 90), workers)
    return path


@pytest.fixture(scope="module")
def slides(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("slides")
    return write(folder / "fixed.ome.tif", pair().fixed), write(folder / "moving.ome.tif", pair().moving)


@pytest.fixture(scope="module")
def found(slides: tuple[Path, Path]) -> hs.Registration:
    return hs.align(*slides, motion="rigid")


def test_a_slide_is_aligned_and_written_with_its_pyramid(slides: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "aligned.ome.tif"
    argv = [
        str(slides[0]),
        str(slides[1]),
        "-o",
        str(out),
        "--motion",
        "rigid",
        "--compression",
        "zstd",
        "--fill",
        "240",
    ]
    assert run(["align", *argv]) == 0
    reg = hs.load(tmp_path / "aligned.drift.json")
    assert np.median(np.linalg.norm(reg[0].map(pair().points) - pair().moved, axis=1)) < 0.5
    with tifffile.TiffFile(out) as tif:
        assert [level.shape for level in tif.series[0].levels] == [(560, 720, 3), (280, 360, 3)]
        shown = tif.series[0].levels[0].asarray()
    whole = reg.apply(pair().moving, fill=240)
    assert (np.abs(shown.astype(int) - whole) <= 1).mean() > 0.995  # apart at the border of the moving image
    with open_source(out) as source:
        assert source.info.pixel_size_um[1:] == (0.5, 0.5)


def test_a_slide_of_a_zarr_is_aligned_like_that_of_a_tiff(
    slides: tuple[Path, Path], found: hs.Registration, tmp_path: Path
) -> None:
    moving = write(tmp_path / "moving.ome.zarr", pair().moving, compression="zstd")
    reg = hs.align(slides[0], moving, motion="rigid", out=tmp_path / "out.ome.zarr")
    np.testing.assert_allclose(reg[0].map(pair().points), found[0].map(pair().points), atol=1e-9)
    with open_source(tmp_path / "out.ome.zarr") as source:
        apart = np.abs(source.read(0, 1)[0].astype(int) - np.moveaxis(reg.apply(pair().moving), -1, 0))
    assert (apart <= 1).mean() > 0.995


def test_a_coarser_level_finds_the_same(slides: tuple[Path, Path], found: hs.Registration) -> None:
    coarse = hs.align(*slides, motion="rigid", level=1)
    assert (found.provenance["binned"], coarse.provenance["binned"]) == (1, 2)
    apart = coarse[0].map(pair().points) - found[0].map(pair().points)
    assert np.abs(apart).max() < 0.5


@pytest.mark.parametrize("name", ["out.ome.tif", "out.ome.zarr"])
def test_extents(slides: tuple[Path, Path], found: hs.Registration, tmp_path: Path, name: str) -> None:
    reg = hs.align(*slides, motion="rigid", out=tmp_path / name, extent="union", level=1)
    with open_source(tmp_path / name) as source:
        height, width = source.info.frame_shape
        assert height > 560
        assert width > 720
        y, x = source.info.origin_um[1:]
        assert y < 0
        assert x < 0
        assert (y / 0.5) % 1 == (x / 0.5) % 1 == 0
        shown = source.read(0, 1)[0]
    outside = shown[:, : height // 8, : width // 12]
    assert (outside == 0).mean() > 0.5
    assert reg.frame_shape == (560, 720)


def test_known_transforms_are_applied_to_a_slide(
    slides: tuple[Path, Path], found: hs.Registration, tmp_path: Path
) -> None:
    found.apply(slides[1], out=tmp_path / "again.ome.zarr")
    with open_source(tmp_path / "again.ome.zarr") as source:
        apart = np.abs(source.read(0, 1)[0].astype(int) - np.moveaxis(found.apply(pair().moving), -1, 0))
        assert (apart <= 1).mean() > 0.995


def test_what_does_not_fit_is_told_in_one_line(
    slides: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(
        InputError, match=r"fixed.ome.tif has no level 5; there are 0 of 560 x 720 px, 1 of 280 x 360 px"
    ):
        hs.align(*slides, motion="rigid", level=5)
    with pytest.raises(InputError, match="from file to file"):
        hs.align(pair().fixed, pair().moving, out=tmp_path / "out.ome.tif")
    assert run(["align", str(slides[0]), str(slides[1]), "--motion", "rigid"]) == 2
    assert "holdstill align FIXED MOVING OUT, or -o OUT" in capsys.readouterr().err
    assert run(["align", str(slides[0]), str(slides[1]), str(tmp_path / "out.png"), "--motion", "rigid"]) == 2
    assert "a slide is written as .ome.tif or .ome.zarr" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
