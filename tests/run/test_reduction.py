"""Motion estimated on a binned or averaged copy, told of the frames as they are."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tifffile

import holdstill as hs
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture
from holdstill.evaluation.warped import corner_distances, make_warped_movie
from holdstill.io import open_source
from holdstill.methods.direct import Direct
from holdstill.run.options import RegisteringOptions
from holdstill.run.reduction import ReducedSource
from holdstill.run.register import settle_bin
from holdstill.testing.sources import SourceTests
from holdstill.transforms.motions import find_motion


class TestReducedSource(SourceTests):
    is_file = False

    @pytest.fixture
    def images(self) -> np.ndarray:
        """Means of 2 x 3 frames of 2 x 2 px each; the last frame is of fewer frames."""
        self.raw = np.random.default_rng(0).integers(0, 999, (11, 2, 1, 18, 21)).astype(np.uint16)
        binned = self.raw[..., :18, :20].reshape(11, 2, 1, 9, 2, 10, 2).mean(axis=(4, 6))
        return np.stack([binned[t : t + 3].mean(axis=0) for t in range(0, 11, 3)]).astype(np.float32)

    @pytest.fixture
    def source(self, images: np.ndarray) -> ReducedSource:
        return ReducedSource(open_source(self.raw[:, :, 0], axes="TCYX"), bin=2, average=3, device=CpuDevice())

    @staticmethod
    def match_axes(source: object, block: np.ndarray) -> np.ndarray:
        return block[:, :, 0]

    def test_reads_the_whole(self, source: ReducedSource, images: np.ndarray) -> None:
        np.testing.assert_allclose(source.read(0, len(images)), images[:, :, 0], rtol=1e-6)

    test_any_range_is_part_of_the_whole = None
    test_channel_is_a_slice = None
    test_frames_are_fresh = None
    test_threads_read_what_one_reads = None


@pytest.mark.parametrize("size", [(128, 144), (129, 147)])
@pytest.mark.parametrize("bin", [2, 4])
def test_binned(bin: int, size: tuple[int, int]) -> None:
    shifts = trajectories.walk(24, 1.5, seed=2)
    movie = make_movie(texture(size), shifts, photons=400.0, seed=3)
    plain, binned = (hs.register(movie.frames, reference=movie.reference, bin=b) for b in (1, bin))
    assert binned.frame_shape == size
    off = binned.shifts - shifts
    assert np.sqrt((off**2).mean()) < 0.15
    assert 0.6 < (off / binned.errors).std() < 1.5
    assert np.median(binned.errors) > np.median(plain.errors)
    assert binned.apply(movie.frames).shape == movie.frames.shape


@pytest.mark.parametrize("motion", ["rigid", "affine", "projective", "bilinear"])
def test_binned_transforms_are_those_of_the_frames(motion: str) -> None:
    family = find_motion(motion)
    names = family.names(2)
    spread = np.array([4.0 if "shift" in name else 5e-5 if "per_px" in name else 0.02 for name in names])
    steps = np.random.default_rng(5).normal(size=(4, len(names))) * spread
    movie = make_warped_movie(
        replace(texture((161, 180)), n_waves=64), motion, family.identity(2) + steps, photons=400.0, seed=3
    )
    reg = hs.register(movie.frames, motion=motion, reference=movie.reference, bin=2)
    far = corner_distances(reg.trajectory, movie.truth)
    assert far.max() < 0.5
    assert 0.4 < np.sqrt((far**2).mean()) / np.sqrt((reg.corner_errors**2).mean()) < 2.0


def test_averaged_in_the_dark() -> None:
    """Single frames tell little; ten together, and a straight line between, follow a slow drift."""
    shifts = trajectories.drift(123, 4.0, seed=4)
    movie = make_movie(texture((96, 112)), shifts, photons=1.5, seed=5, read_noise=1.0)
    assert hs.register(movie.frames).ok.mean() < 0.5
    reg = hs.register(movie.frames, average=10)
    off = reg.shifts - (shifts - shifts[0])
    off -= np.median(off, axis=0)
    assert len(reg) == 123
    assert reg.ok.mean() > 0.9
    assert np.sqrt((off**2).mean()) < 0.6
    assert reg.provenance["average"] == 10


def test_file_to_file(tmp_path: Path) -> None:
    movie = make_movie(texture((96, 112)), trajectories.drift(60, 4.0, seed=4), photons=300.0, seed=5)
    tifffile.imwrite(tmp_path / "in.tif", movie.frames, metadata={"axes": "TYX"})
    reg = hs.correct(tmp_path / "in.tif", tmp_path / "out.ome.tif", bin=2, average=3, reference=0)
    still = tifffile.imread(tmp_path / "out.ome.tif")
    np.testing.assert_array_equal(still, reg.apply(movie.frames))
    assert {path.name for path in tmp_path.iterdir()} == {
        "in.tif", "out.ome.tif", "out.drift.json", "out.drift.csv", "out.report.html",
    }  # fmt: skip


def test_frames_that_do_not_fit_into_the_memory_are_binned_and_it_is_said() -> None:
    movie = make_movie(texture((1024, 640)), np.array([[0, 0], [3, -2], [-4, 5]]), photons=400.0, seed=5)
    with pytest.warns(UserWarning, match="do not fit into the memory .* binned by 2 px .*--memory"):
        reg = hs.register(movie.frames, reference="first", memory="280MB")
    assert reg.provenance["bin"] == 2
    np.testing.assert_allclose(reg.shifts, movie.shifts, atol=0.05)


def test_a_method_with_settings_of_its_own_is_not_given_a_binned_copy() -> None:
    """Its `max_shift` would be another distance there."""
    frames, options = np.zeros((3, 1024, 640), np.uint16), RegisteringOptions(memory="280MB")
    with open_source(frames) as source:
        assert settle_bin(replace(options, method=Direct(max_shift=20)), source).bin == 1
        with pytest.warns(UserWarning, match="binned by 2 px"):
            assert settle_bin(options, source).bin == 2


def test_masks_limits_and_references_are_binned_too() -> None:
    movie = make_movie(texture((160, 192)), trajectories.walk(10, 1.0, seed=2), photons=400.0, seed=3)
    mask = np.ones((160, 192), bool)
    mask[:40] = False
    reg = hs.register(movie.frames, reference=movie.reference, mask=mask, max_shift=(8, 9), bin=2)
    np.testing.assert_allclose(reg.shifts, movie.shifts, atol=0.3)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"bin": 0}, "1 or more"),
        ({"average": -3}, "1 or more"),
        ({"bin": 30}, "bin less"),
        ({"average": 10}, "average fewer"),
    ],
)
def test_what_cannot_be(options: dict[str, int], text: str) -> None:
    with pytest.raises(InputError, match=text):
        hs.register(np.random.default_rng(0).random((10, 64, 64)), **options)
