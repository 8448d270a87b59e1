"""What every device must do: equal the readable one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from holdstill.contracts import EDGES, INTERPOLATIONS, ControlGrid, Device, NoiseModel
from holdstill.devices.interpolation import make_spline
from holdstill.devices.plain import PlainDevice
from holdstill.transforms.motions import find_warp_motion

__all__ = ["DeviceTests"]

SHAPES = [(61, 97), (33, 18), (9, 20, 31)]
WARPED = [(kind, (61, 97)) for kind in ("affine", "projective", "bilinear")] + [("affine", (9, 20, 31))]
FIELDS = [
    ((61, 97), (3, 4), (0, 1)), ((61, 97), (61, 97), (0, 1)), ((33, 18), (33, 1), (1,)),
    ((9, 20, 31), (3, 1, 2), (0, 1, 2)), ((9, 20, 31), (9, 1, 1), (1, 2)),
]  # fmt: skip
DTYPES = ["u1", "u2", "i2", "i4", "u4", "f4", "f8"]
# each compiles kernels of its own, for 2 to 12 s: where the arithmetic is that of float32, one of whole numbers will do
FEW_DTYPES = ["u2", "f4"]

_specified: dict[tuple[Any, ...], Any] = {}


def _specify(*case: Any, by: Callable[[], Any]) -> Any:
    """What the specification says of a case, made once for all devices: it is readable, and slow."""
    if case not in _specified:
        _specified[case] = by()
    return _specified[case]


def _resample(resample: Callable[..., Any], frames: Any, *given: Any, **settings: Any) -> tuple[Any, Any]:
    """Frames resampled by a method of a device, and how many of their pixels were clamped."""
    out = np.zeros_like(frames)
    clamped = resample(frames, *given, **settings, out=out)
    return out, clamped


class DeviceTests:
    """Inherit, and give a fixture `device`."""

    @pytest.fixture
    def device(self) -> Device:
        """The device under test."""
        raise NotImplementedError

    @staticmethod
    def frames(shape: tuple[int, ...], dtype: str, seed: int = 0, n: int = 3) -> Any:
        """Random frames; floats with a patch of NaN in the first."""
        frames = (np.random.default_rng(seed).random((n, *shape)) * 120).astype(dtype)
        if frames.dtype.kind == "f":
            frames[0, ..., 3:5, 4:9] = np.nan
        return frames

    @pytest.mark.parametrize("shape", SHAPES)
    @pytest.mark.parametrize("dtype", DTYPES)
    def test_bin(self, device: Device, shape: tuple[int, ...], dtype: str) -> None:
        """Binning equals the specification, NaN left out."""
        frames = self.frames(shape, dtype)
        for factors in [(1,) * len(shape), (2,) * len(shape), (1, 4, 3)[-len(shape) :]]:
            expected = PlainDevice().bin(frames, factors)
            np.testing.assert_allclose(device.bin(frames, factors), expected, rtol=1e-5)

    @pytest.mark.parametrize("shape", SHAPES)
    @pytest.mark.parametrize("dtype", ["u1", "i2", "i4", "f4"])
    @pytest.mark.parametrize("reach", [0.0, 0.4, 6.0, 200.0])
    def test_direct_sums(self, device: Device, shape: tuple[int, ...], dtype: str, reach: float) -> None:
        """The sums of direct alignment equal the specification, with masks, NaN and shifts out of the frame."""
        rng = np.random.default_rng(1)
        frames, reference = self.frames(shape, dtype), rng.random(shape) * 50
        reference[..., 4, 7] = np.nan
        spline = make_spline(reference, rng.random(shape) > 0.1)
        shifts = rng.uniform(-1, 1, (3, len(shape))) * reach
        noise = NoiseModel(gain=0.5, read_variance=3.0, offset=2.0)
        arguments = frames, spline, shifts, np.array([1.0, 0.5, 2.0]), np.array([10.0, 0.0, 3.0]), noise
        cutoffs = np.array([np.inf, 4.0, 6.0])
        found, expected = device.direct_sums(*arguments, cutoffs), PlainDevice().direct_sums(*arguments, cutoffs)
        for name in ("normal", "right", "squares", "count"):
            one, other = getattr(found, name), getattr(expected, name)
            assert np.abs(one - other).max() <= 1e-4 * np.abs(other).max(), name

    @pytest.mark.parametrize(("kind", "shape"), WARPED)
    @pytest.mark.parametrize("dtype", FEW_DTYPES)
    @pytest.mark.parametrize("size", [0.05, 1.0])
    def test_warp_sums(self, device: Device, kind: str, shape: tuple[int, ...], dtype: str, size: float) -> None:
        """The sums equal the specification for each kind of map, for small and large rotations."""
        rng = np.random.default_rng(1)
        frames, reference = self.frames(shape, dtype), rng.random(shape) * 50
        reference[..., 4, 7] = np.nan
        spline = make_spline(reference, rng.random(shape) > 0.1)
        noise = NoiseModel(gain=0.5, read_variance=3.0, offset=2.0)
        arguments = (
            frames,
            spline,
            kind,
            self.warps(kind, len(shape), size),
            np.array([1.0, 0.5, 2.0]),
            np.zeros(3),
            noise,
        )
        cutoffs = np.array([np.inf, 4.0, 6.0])
        found = device.warp_sums(*arguments, cutoffs)
        expected = _specify("sums", kind, shape, dtype, size, by=lambda: PlainDevice().warp_sums(*arguments, cutoffs))
        scale = np.sqrt(np.einsum("nii->ni", expected.normal)) + 1e-12
        assert np.abs((found.normal - expected.normal) / (scale[:, :, None] * scale[:, None, :])).max() <= 1e-4
        for name in ("right", "squares", "count"):
            one, other = getattr(found, name), getattr(expected, name)
            assert np.abs(one - other).max() <= 1e-4 * np.abs(other).max(), name

    @pytest.mark.parametrize("shape", SHAPES)
    def test_warp_sums_of_a_shift(self, device: Device, shape: tuple[int, ...]) -> None:
        """A map that only shifts gives the sums of direct alignment."""
        rng, ndim = np.random.default_rng(4), len(shape)
        frames, shifts = self.frames(shape, "u2"), rng.uniform(-3, 3, (3, ndim))
        spline, rest = make_spline(rng.random(shape)), (np.ones(3), np.zeros(3), NoiseModel(), np.full(3, 6.0))
        expected = device.direct_sums(frames, spline, shifts, *rest)
        warps = find_warp_motion("translation").warps(-shifts, ndim)
        found = device.warp_sums(frames, spline, "affine", warps, *rest)
        chosen = [*(axis * (ndim + 1) for axis in range(ndim)), -2, -1]
        np.testing.assert_allclose(
            found.right[:, chosen], expected.right, rtol=1e-3, atol=1e-3 * np.abs(found.right).max()
        )
        np.testing.assert_allclose(found.squares, expected.squares, rtol=1e-4)

    @pytest.mark.parametrize(("kind", "shape"), WARPED)
    @pytest.mark.parametrize("dtype", ["u2", "i4", "f4"])
    @pytest.mark.parametrize("interpolation", INTERPOLATIONS)
    def test_resample_warp(
        self, device: Device, kind: str, shape: tuple[int, ...], dtype: str, interpolation: str
    ) -> None:
        """Values at mapped points equal the specification at each edge, within one grey level."""
        frames = self.frames(shape, dtype)
        given = frames, kind, self.warps(kind, len(shape), 0.3)
        for edge in EDGES:
            settings: dict[str, Any] = {"interpolation": interpolation, "edge": edge, "fill": 7}
            found, clamped = _resample(device.resample_warp, *given, **settings)
            case = kind, shape, dtype, interpolation, edge
            expected, wanted = _specify(*case, by=partial(_resample, PlainDevice().resample_warp, *given, **settings))
            assert (clamped == wanted).all()
            np.testing.assert_allclose(found, expected, atol=1 if found.dtype.kind in "iu" else 1e-3)

    @pytest.mark.parametrize(("shape", "counts", "moved"), FIELDS)
    @pytest.mark.parametrize("dtype", FEW_DTYPES)
    @pytest.mark.parametrize("interpolation", INTERPOLATIONS)
    def test_resample_field(
        self,
        device: Device,
        shape: tuple[int, ...],
        counts: tuple[int, ...],
        moved: tuple[int, ...],
        dtype: str,
        interpolation: str,
    ) -> None:
        """Values at displaced points equal the specification at each edge, within one grey level."""
        frames = self.frames(shape, dtype)
        blocks = tuple(n / count for n, count in zip(shape, counts, strict=True))
        grid = ControlGrid.from_spacing(shape, blocks, moved)
        assert grid.counts == counts
        displacements = np.random.default_rng(9).uniform(-4, 4, (3, len(moved), *counts))
        displacements[1] = np.arange(1, 1 + len(moved)).reshape(-1, *(1 for _ in counts))  # whole pixels
        given = frames, grid, displacements
        for edge in EDGES:
            settings: dict[str, Any] = {"interpolation": interpolation, "edge": edge, "fill": 7}
            found, clamped = _resample(device.resample_field, *given, **settings)
            case = shape, counts, moved, dtype, interpolation, edge
            expected, wanted = _specify(*case, by=partial(_resample, PlainDevice().resample_field, *given, **settings))
            assert (clamped == wanted).all()
            np.testing.assert_allclose(found, expected, atol=1 if found.dtype.kind in "iu" else 1e-3)

    @pytest.mark.parametrize("dtype", ["u1", "f4"])
    @pytest.mark.parametrize("shape", [(31, 23), (70, 64), (20, 61)])
    def test_resample_field_in_blocks(self, device: Device, shape: tuple[int, int], dtype: str) -> None:
        """Blocks smaller and larger than the frames, as those of a slide and their windows are."""
        frames = self.frames((60, 50), dtype)
        grid = ControlGrid.from_spacing(shape, tuple(n / 7 for n in shape))
        displacements = np.random.default_rng(9).uniform(-4, 4, (3, 2, *grid.counts))
        for edge in ("constant", "nearest"):
            found, expected = (np.zeros((3, *shape), dtype) for _ in range(2))
            settings: dict[str, Any] = {"interpolation": "cubic", "edge": edge, "fill": 7}
            device.resample_field(frames, grid, displacements, **settings, out=found)
            PlainDevice().resample_field(frames, grid, displacements, **settings, out=expected)
            np.testing.assert_allclose(found, expected, atol=1 if found.dtype.kind in "iu" else 1e-3)

    @pytest.mark.parametrize(("shape", "counts", "moved"), FIELDS)
    def test_field_sums(
        self, device: Device, shape: tuple[int, ...], counts: tuple[int, ...], moved: tuple[int, ...]
    ) -> None:
        """The sums for displacements equal the specification, with masks, NaN, and control points out of the frame."""
        rng, n = np.random.default_rng(8), 2
        frames, reference = self.frames(shape, "f4", n=n), rng.random(shape) * 50
        reference[..., 4, 7] = np.nan
        spline = make_spline(reference, rng.random(shape) > 0.1)
        spacings = tuple(length / max(count - 1, 1) for length, count in zip(shape, counts, strict=True))
        grid = ControlGrid(counts=counts, origins=(0.3,) * len(shape), spacings=spacings, moved=moved)
        given: Any = (
            spline, grid, rng.uniform(-4, 4, (n, len(shape))), rng.normal(0, 1, (n, len(moved), *counts)),
            np.array([1.0, 0.8]), np.array([0.0, 3.0]), NoiseModel(gain=0.5, read_variance=20.0), np.array([6.0, 3.0]),
        )  # fmt: skip
        found = device.field_sums(frames, *given)
        expected = _specify("field", shape, counts, by=lambda: PlainDevice().field_sums(frames, *given))
        for one in ("right", "information", "brightness", "squares", "count"):
            wanted = getattr(expected, one)
            np.testing.assert_allclose(getattr(found, one), wanted, rtol=2e-3, atol=2e-4 * np.abs(wanted).max())

    @staticmethod
    def warps(kind: str, ndim: int, size: float) -> Any:
        """Three maps of a kind: shifts of some px, rotations, scales and shears of a tenth, at `size` one."""
        motion = find_warp_motion(kind)
        spread = [6.0 if "shift" in name else 1e-3 if "per_px" in name else 0.1 for name in motion.names(ndim)]
        steps = np.random.default_rng(7).normal(size=(3, len(spread))) * np.array(spread) * size
        return motion.warps(motion.identity(ndim) + steps, ndim)

    @pytest.mark.parametrize("shape", SHAPES)
    def test_overlap_correlation(self, device: Device, shape: tuple[int, ...]) -> None:
        """The correlation in the overlap equals the specification."""
        rng = np.random.default_rng(2)
        frames = rng.random((3, *shape)).astype(np.float32)
        shifts = rng.integers(-8, 9, (3, 5, len(shape)))
        expected = PlainDevice().overlap_correlation(frames, frames[0], shifts)
        np.testing.assert_allclose(device.overlap_correlation(frames, frames[0], shifts), expected, atol=1e-4)

    @pytest.mark.parametrize("shape", SHAPES)
    @pytest.mark.parametrize("dtype", DTYPES)
    @pytest.mark.parametrize("interpolation", INTERPOLATIONS)
    def test_resample_shift(self, device: Device, shape: tuple[int, ...], dtype: str, interpolation: str) -> None:
        """Resampled values equal the specification at each edge, within one grey level."""
        frames = self.frames(shape, dtype)
        shifts = np.random.default_rng(3).uniform(-6, 6, (3, len(shape)))
        shifts[2] = np.round(shifts[2])
        given = frames, shifts
        for edge in EDGES:
            settings: dict[str, Any] = {"interpolation": interpolation, "edge": edge, "fill": 7}
            found, _ = _resample(device.resample_shift, *given, **settings)
            case = "shift", shape, dtype, interpolation, edge
            expected, _ = _specify(*case, by=partial(_resample, PlainDevice().resample_shift, *given, **settings))
            np.testing.assert_allclose(found, expected, atol=1 if found.dtype.kind in "iu" else 2e-4)

    @pytest.mark.parametrize("dtype", [*DTYPES, "i8"])
    @pytest.mark.parametrize("interpolation", INTERPOLATIONS)
    def test_identity_returns_the_same_bytes(self, device: Device, dtype: str, interpolation: str) -> None:
        """Zero shift copies, to the bit, whatever the dtype."""
        frames = self.frames((21, 34), dtype)
        if dtype == "i8":
            frames += 1 << 60
        out = np.ones_like(frames)
        clamped = device.resample_shift(
            frames, np.zeros((3, 2)), interpolation=interpolation, edge="constant", fill=0, out=out
        )
        assert out.tobytes() == frames.tobytes()
        assert not clamped.any()

    @pytest.mark.parametrize("dtype", ["u1", "u2", "f4", "f8"])
    def test_held_frames_are_the_same_frames(self, device: Device, dtype: str) -> None:
        """What is held gives what the frames themselves give: all of them, some of them, and binned."""
        frames, some = self.frames((29, 43), dtype, n=5), np.array([3, 1])
        held, spline = device.upload(frames), make_spline(np.random.default_rng(5).random((29, 43)))
        rest = (np.array([[0.4, -1.2], [2.0, 0.0]]), np.ones(2), np.zeros(2), NoiseModel(), np.full(2, 6.0))
        np.testing.assert_array_equal(np.asarray(held), frames)
        assert (held.shape, held.dtype, len(held[some])) == (frames.shape, frames.dtype, 2)
        expected = device.direct_sums(frames[some], spline, *rest)
        found = device.direct_sums(held[some], spline, *rest)
        np.testing.assert_array_equal(found.normal, expected.normal)
        np.testing.assert_array_equal(np.asarray(device.bin(held, (2, 3))), device.bin(frames, (2, 3)))
        np.testing.assert_array_equal(np.asarray(device.bin(held, (2, 3))[some]), device.bin(frames[some], (2, 3)))
        settings: dict[str, Any] = {"interpolation": "linear", "edge": "nearest", "fill": 0}
        given, wanted = np.zeros((2, 2, 29, 43), dtype)
        device.resample_shift(held[some], rest[0], out=given, **settings)
        device.resample_shift(frames[some], rest[0], out=wanted, **settings)
        np.testing.assert_array_equal(given, wanted)

    def test_clamped_pixels_are_counted(self, device: Device) -> None:
        """Overshoot beyond the dtype is clamped and counted."""
        frames = np.zeros((1, 16, 16), np.uint8)
        frames[:, :, 8:] = 255
        out, shifts = np.empty_like(frames), np.array([[0.0, 0.5]])
        clamped = device.resample_shift(frames, shifts, interpolation="cubic", edge="nearest", fill=0, out=out)
        assert clamped.tolist() == [32]
        assert (out.min(), out.max()) == (0, 255)

    def test_nan_does_not_spread(self, device: Device) -> None:
        """One NaN pixel makes one NaN pixel."""
        frames = np.ones((1, 20, 20), np.float32)
        frames[0, 10, 10] = np.nan
        out, shifts = np.empty_like(frames), np.array([[0.3, 0.3]])
        device.resample_shift(frames, shifts, interpolation="cubic", edge="nearest", fill=0, out=out)
        assert np.isnan(out).sum() == 1
        np.testing.assert_allclose(out[np.isfinite(out)], 1.0, atol=1e-5)
