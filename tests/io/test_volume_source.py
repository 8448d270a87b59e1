"""NIfTI, NRRD and MetaImage."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import holdstill as hs
from holdstill.errors import FileError
from holdstill.io import open_source
from holdstill.testing.sources import SourceTests

sitk = pytest.importorskip("SimpleITK")


def write_volume(path: Path, images: np.ndarray, compressed: bool = False) -> None:
    image = sitk.GetImageFromArray(images, isVector=False)
    image.SetSpacing([0.5, 0.25, 2.0, 3.0][: images.ndim])
    sitk.WriteImage(image, str(path), useCompression=compressed)


class TestVolumes(SourceTests):
    @pytest.fixture(params=["a.nii", "a.nii.gz", "a.nrrd", "a.mha", "a.mhd", "regions.mha", "regions.nii"])
    def name(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
        if "regions" in request.param:
            monkeypatch.setattr("holdstill.io.volume_source.WHOLE_BYTES", 0)
        return str(request.param)

    @pytest.fixture
    def images(self) -> np.ndarray:
        return np.random.default_rng(3).integers(-99, 250, (6, 1, 5, 12, 14)).astype(np.int16)

    @pytest.fixture
    def source(self, name: str, images: np.ndarray, tmp_path: Path) -> Iterator[Any]:
        write_volume(tmp_path / name, images[:, 0], compressed=name.endswith("gz"))
        with open_source(tmp_path / name) as source:
            yield source

    def test_sizes(self, source: Any) -> None:
        np.testing.assert_allclose(source.info.pixel_size_um, (2000, 250, 500))
        assert source.info.frame_interval_s == pytest.approx(3)


def test_three_axes_are_a_volume_or_a_movie(tmp_path: Path) -> None:
    image = np.random.default_rng(0).random((48, 48)).cumsum(0).cumsum(1) % 50
    movie = np.stack([np.roll(image, t, axis=1) for t in range(5)]).astype(np.float32)
    write_volume(tmp_path / "a.nrrd", movie)
    with open_source(tmp_path / "a.nrrd") as source:
        assert source.info.axes == "ZYX"
    reg = hs.register(tmp_path / "a.nrrd", axes="TYX", reference="first")
    np.testing.assert_allclose(reg.shifts[:, 1], range(5), atol=0.01)


def test_bad_ones(tmp_path: Path) -> None:
    (tmp_path / "no.nii").write_bytes(b"not a volume")
    with pytest.raises(FileError, match=r"no\.nii: cannot be read"):
        open_source(tmp_path / "no.nii")
    sitk.WriteImage(sitk.Image([4, 4], sitk.sitkVectorUInt8, 3), str(tmp_path / "vector.mha"))
    with pytest.raises(FileError, match="3 values a pixel"):
        open_source(tmp_path / "vector.mha")
    write_volume(tmp_path / "cut.mha", np.zeros((3, 9, 9, 9), np.float32))
    whole = (tmp_path / "cut.mha").read_bytes()
    (tmp_path / "cut.mha").write_bytes(whole[:-500])
    with open_source(tmp_path / "cut.mha") as source, pytest.raises(FileError, match=r"cut\.mha: frames .* damaged"):
        source.read(0, 3)


def test_real_ones(shared_data: Path) -> None:
    with open_source(shared_data / "nipy" / "functional.nii.gz") as source:
        assert source.info.shape == (20, 3, 21, 17)
        assert source.info.frame_interval_s == pytest.approx(2)
