"""Pixel sizes of two sections against what they show."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tifffile

import holdstill as hs
from holdstill.contracts import ImagesInfo
from holdstill.errors import InputError
from holdstill.evaluation.sections import make_sections
from holdstill.run.section_sizes import check_scale, read_scale
from holdstill.transforms.transform import Transform

INFO = ImagesInfo(name="a.tif", axes="YX", shape=(100, 120), dtype=np.dtype(np.uint8))
PAIR = make_sections((220, 260), angle_deg=30, scale=0.5, seed=4)


def sized(um: float | None) -> ImagesInfo:
    return replace(INFO, pixel_size_um=(None, um, um))


def test_scales_are_read_where_both_are_known() -> None:
    assert read_scale(sized(0.5), sized(0.25)) == pytest.approx(2)
    assert read_scale(sized(0.25), sized(0.25)) == read_scale(sized(0.25), sized(0.26)) == 1
    assert read_scale(sized(None), sized(0.25)) == read_scale(sized(352.8), sized(0.25)) == 1


def test_what_is_found_is_compared_with_what_is_told() -> None:
    twice = Transform(np.diag([2.0, 2.0, 1.0]))
    check_scale(2.0, twice, INFO, INFO, is_free=False)
    check_scale(1.0, twice, INFO, INFO, is_free=False)
    with pytest.raises(InputError, match="seem to be exchanged"):
        check_scale(0.5, twice, sized(0.25), sized(0.5), is_free=False)
    with pytest.warns(UserWarning, match="the pictures were gone by"):
        check_scale(0.5, twice, sized(0.25), sized(0.5), is_free=True)
    with pytest.warns(UserWarning, match="the pictures were gone by"):
        check_scale(0.25, twice, sized(0.25), sized(1.0), is_free=False)


def write(folder: Path, *sizes_um: float) -> list[Path]:
    """The fixed and the moving section in files that say so large are their pixels."""
    paths = [folder / "fixed.ome.tif", folder / "moving.ome.tif"]
    for path, image, um in zip(paths, (PAIR.fixed, PAIR.moving), sizes_um, strict=True):
        tifffile.imwrite(path, image, metadata={"axes": "YXS", "PhysicalSizeX": um, "PhysicalSizeY": um})
    return paths


def test_sections_of_two_magnifications_are_aligned_by_their_pixel_sizes(tmp_path: Path) -> None:
    found = hs.align(*write(tmp_path, 0.25, 0.5))
    assert found.ok.all()
    assert np.median(np.linalg.norm(found[0].map(PAIR.points) - PAIR.moved, axis=1)) < 0.5


def test_exchanged_pixel_sizes_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"fixed.ome.tif has pixels of 0.5 um and .*moving.ome.tif has pixels of 0.25"):
        hs.align(*write(tmp_path, 0.5, 0.25))
