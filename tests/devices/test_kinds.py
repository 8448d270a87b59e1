"""One kernel for both kinds of pixels, and none for what is read-only; frames that lack pixels, many at a time."""

import numpy as np
import pytest
from numba.core import types

from holdstill.contracts import EDGES, NoiseModel
from holdstill.devices.cpu import CpuDevice
from holdstill.devices.cpu.bin import _bin
from holdstill.devices.cpu.direct_sums import _loop_2d
from holdstill.devices.cpu.separable import resample_rows_last
from holdstill.devices.interpolation import make_spline


def images(dtype: str) -> np.ndarray:
    return (np.random.default_rng(0).random((2, 20, 33)) * 90).astype(dtype)


def test_kernels_are_compiled_once_for_both_kinds_of_pixels() -> None:
    device, spline = CpuDevice(), make_spline(images("f4")[0])
    for kind in ("u2", "f4"):
        frames = images(kind)
        device.bin(frames, (2, 2))
        device.direct_sums(frames, spline, np.zeros((2, 2)), np.ones(2), np.zeros(2), NoiseModel(), np.full(2, 6.0))
        for out in (np.empty_like(frames), np.empty(frames.shape, np.float32)):
            device.resample_shift(frames, np.full((2, 2), 0.3), interpolation="cubic", edge="nearest", fill=0, out=out)
    assert len(_bin.signatures) == len(_loop_2d.signatures) == 1
    assert sum(out.dtype is types.float32 for *_, out, _ in resample_rows_last.signatures) == 1


def test_what_is_read_only_takes_the_kernels_that_there_are() -> None:
    """A repeated image, compared with frames: a variant of the kernel was compiled for it."""
    image = images("f4")[:1]
    repeated, out, expected = np.broadcast_to(image[0], (1, 20, 33)), np.empty_like(image), np.empty_like(image)
    for given, made in ((repeated, out), (image, expected)):
        CpuDevice().resample_shift(given, np.full((1, 2), 0.3), interpolation="cubic", edge="nearest", fill=0, out=made)
    np.testing.assert_array_equal(out, expected)
    for kernel in (resample_rows_last, _bin, _loop_2d):
        arrays = [one for signature in kernel.signatures for one in signature if isinstance(one, types.Array)]
        assert all(one.mutable for one in arrays)


@pytest.mark.parametrize("edge", EDGES)
def test_frames_that_lack_pixels_are_made_together_as_one_by_one(edge: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    frames, shifts = rng.random((5, 20, 33)).astype(np.float32), rng.uniform(-30, 30, (5, 2))
    frames[rng.random(frames.shape) < 0.2] = np.nan
    shifts[1], frames[2] = 0, 1
    together, alone = np.empty_like(frames), np.empty_like(frames)
    settings = {"interpolation": "cubic", "edge": edge, "fill": 7}
    CpuDevice().resample_shift(frames, shifts, **settings, out=together)
    monkeypatch.setattr("holdstill.devices.cpu.resample_shift.TOGETHER_PX", 1)
    CpuDevice().resample_shift(frames, shifts, **settings, out=alone)
    np.testing.assert_array_equal(together, alone)
