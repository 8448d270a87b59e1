"""NumPy and HDF5 files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import holdstill as hs
from holdstill.errors import AxesError, FileError, MissingFile
from holdstill.io import open_source
from holdstill.testing.sources import SourceTests

h5py = pytest.importorskip("h5py", reason="the extra hdf5 is not installed")


def pixels(shape: tuple[int, ...], dtype: Any = np.uint16) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 60000, shape).astype(dtype)


class TestNpy(SourceTests):
    @pytest.fixture(params=["<u2", ">u2", "fortran"])
    def images(self, request: pytest.FixtureRequest) -> np.ndarray:
        self.kind = request.param
        return pixels((6, 2, 1, 20, 24))

    @pytest.fixture
    def source(self, images: np.ndarray, tmp_path: Path) -> Iterator[Any]:
        stored = images[:, :, 0]
        stored = np.asfortranarray(stored) if self.kind == "fortran" else stored.astype(self.kind)
        np.save(tmp_path / "a b ü.npy", stored)
        with open_source(tmp_path / "a b ü.npy", axes="TCYX") as source:
            yield source


class TestHdf5(SourceTests):
    @pytest.fixture
    def images(self) -> np.ndarray:
        return pixels((6, 1, 3, 20, 24), np.float32)

    @pytest.fixture
    def source(self, images: np.ndarray, tmp_path: Path) -> Iterator[Any]:
        with h5py.File(tmp_path / "a.h5", "w") as file:
            file.create_dataset("run/images", data=images[:, 0], chunks=(2, 3, 20, 24), compression="gzip")
            file["times"] = np.arange(6)
        with open_source(tmp_path / "a.h5", axes="TZYX") as source:
            yield source


def test_datasets_by_name_and_axes_by_label(tmp_path: Path) -> None:
    path, images = tmp_path / "a.h5", pixels((4, 2, 20, 24))
    with h5py.File(path, "w") as file:
        file["one"], file["two/deep"] = images, images + 1
        for dim, label in zip(file["two/deep"].dims, ("time", "channel", "y", "x"), strict=True):
            dim.label = label
    with open_source(f"{path}::/two/deep") as source:
        assert source.info.axes == "TCYX"
        np.testing.assert_array_equal(source.read(0, 4), images + 1)
    with pytest.raises(FileError, match=r"as a\.h5::/path; it has ::/one \(4, 2, 20, 24\), ::/two/deep"):
        open_source(path)
    with pytest.raises(FileError, match="name one of its datasets"):
        open_source(f"{path}::/three")
    with pytest.raises(AxesError, match="does not say what its axes are"):
        open_source(f"{path}::/one")


def test_the_whole_way(tmp_path: Path) -> None:
    image = pixels((60, 64)).cumsum(0).cumsum(1) % 4096
    movie = np.stack([np.roll(image, t, axis=0) for t in range(5)]).astype(np.uint16)
    np.save(tmp_path / "a.npy", movie)
    reg = hs.correct(tmp_path / "a.npy", tmp_path / "out.ome.tif", reference=0)
    np.testing.assert_allclose(reg.shifts[:, 0], range(5), atol=0.01)


@pytest.mark.parametrize("name", ["a.npy", "a.h5"])
def test_bad_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(MissingFile, match="no such file"):
        open_source(tmp_path / name)
    (tmp_path / name).write_bytes(b"nothing of the kind")
    with pytest.raises(FileError, match="that can be read"):
        open_source(tmp_path / name)


def test_objects_and_cut_files_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "objects.npy", np.array([{}, []], object), allow_pickle=True)
    np.save(tmp_path / "cut.npy", pixels((9, 20, 24)))
    (tmp_path / "cut.npy").write_bytes((tmp_path / "cut.npy").read_bytes()[:-100])
    for name in ("objects.npy", "cut.npy"):
        with pytest.raises(FileError, match=name):
            open_source(tmp_path / name)
    with h5py.File(tmp_path / "empty.h5", "w"):
        pass
    with pytest.raises(FileError, match="no dataset at all"):
        open_source(tmp_path / "empty.h5")
