"""What only the gpu device can get wrong: adapters, memory, limits, and numbers that float32 does not hold."""

import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import tifffile

import holdstill as hs
from holdstill.contracts import NoiseModel
from holdstill.devices.cpu import CpuDevice
from holdstill.devices.gpu import GpuDevice, adapters
from holdstill.devices.gpu import machine as machines
from holdstill.devices.interpolation import make_spline
from holdstill.errors import DeviceError, DeviceFull, InputError, UnknownName
from holdstill.estimators import Direct
from holdstill.evaluation import trajectories
from holdstill.evaluation.presets import presets

SETTINGS: dict[str, Any] = {"interpolation": "cubic", "edge": "nearest", "fill": 0}


@pytest.fixture
def device(skip_unusable: Callable[[str], None]) -> GpuDevice:
    skip_unusable("gpu")
    return GpuDevice()


@pytest.fixture
def frames() -> Any:
    return np.random.default_rng(0).integers(0, 4000, (7, 40, 60)).astype(np.uint16)


def everything(device: Any, frames: Any) -> list[Any]:
    """A result of each primitive."""
    n, spline = len(frames), make_spline(frames[0].astype(np.float32))
    shifts, out = np.random.default_rng(1).uniform(-3, 3, (n, 2)), np.zeros_like(frames)
    rest = (np.ones(n), np.zeros(n), NoiseModel(gain=1.0), np.full(n, 6.0))
    warps = np.tile([0.5, 1.01, 0.02, -0.7, -0.02, 0.99], (n, 1))
    floats = frames.astype(np.float32)
    device.resample_shift(frames, shifts, **SETTINGS, out=out)
    turned = np.zeros_like(frames)
    device.resample_warp(frames, "affine", warps, **SETTINGS, out=turned)
    return [
        device.bin(frames, (2, 2)),
        device.direct_sums(frames, spline, shifts, *rest).normal,
        device.warp_sums(frames, spline, "affine", warps, *rest).normal,
        device.overlap_correlation(
            floats, floats[0], np.rint(shifts).astype(np.int64)[:, None] * np.ones((1, 3, 1), int)
        ),
        out,
        turned,
    ]


def test_batches_of_any_size_give_the_same(device: GpuDevice, frames: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = everything(device, frames)
    monkeypatch.setattr(machines.machine(), "batch_bytes", 3 * frames[0].nbytes)
    for one, other in zip(everything(device, frames), whole, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_full_memory_halves_the_batch(device: GpuDevice, frames: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, machine = everything(device, frames), machines.machine()
    take, asked = machine.take, []

    def tight(n_bytes: int, **options: Any) -> Any:
        asked.append(n_bytes)
        if n_bytes > 4 * frames[0].nbytes:
            raise DeviceFull("full")
        return take(n_bytes, **options)

    monkeypatch.setattr(machine, "take", tight)
    for one, other in zip(everything(device, frames), whole, strict=True):
        np.testing.assert_array_equal(one, other)
    assert max(asked) > 4 * frames[0].nbytes
    assert device.upload(frames) is frames


def test_a_frame_beyond_the_limits_is_refused(device: GpuDevice, frames: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines.machine(), "_limit_bytes", 1000)
    with pytest.raises(DeviceFull, match='bin the frames, or use device="cpu"') as caught:
        device.bin(frames, (2, 2))
    assert isinstance(caught.value, MemoryError)


def test_too_many_groups_are_refused(device: GpuDevice, frames: Any) -> None:
    with machines.machine().call() as call, pytest.raises(DeviceError, match="groups along an axis"):
        call.run(None, [], (1, 1 << 20, 1))


def test_a_lost_device_is_told_and_the_next_call_opens_it_anew(device: GpuDevice, frames: Any) -> None:
    before = device.bin(frames, (2, 2))
    machines.machine()._device.destroy()
    with pytest.raises(DeviceError, match="what it was asked for is lost; try again"):
        device.bin(frames, (2, 2))
    np.testing.assert_array_equal(device.bin(frames, (2, 2)), before)


def test_no_adapter_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdstill.devices.gpu.adapters.adapters", tuple)
    with pytest.raises(DeviceError, match=r'finds no adapter.*device="cpu"'):
        adapters.find_adapter()


def test_the_environment_chooses_an_adapter(device: GpuDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    name = adapters.find_adapter().name
    monkeypatch.setenv("HOLDSTILL_GPU", name[:4].upper())
    assert adapters.find_adapter().name[:4] == name[:4]
    monkeypatch.setenv("HOLDSTILL_GPU", "abacus")
    with pytest.raises(UnknownName, match="there is no graphics adapter 'abacus', asked for as HOLDSTILL_GPU"):
        adapters.find_adapter()


def test_whole_numbers_that_float32_does_not_hold_are_refused(device: GpuDevice) -> None:
    frames = np.full((1, 16, 16), 20_000_000, np.int32)
    with pytest.raises(InputError, match=r"up to 8,388,608, and the frames reach 20,000,000"):
        device.resample_shift(frames, np.full((1, 2), 0.5), **SETTINGS, out=frames.copy())
    out = np.zeros_like(frames)
    device.resample_shift(frames, np.zeros((1, 2)), **SETTINGS, out=out)  # copied as they are
    assert (out == frames).all()


def test_transforms_that_are_no_numbers_are_refused(device: GpuDevice, frames: Any) -> None:
    shifts = np.zeros((7, 2))
    shifts[3, 1] = np.nan
    with pytest.raises(InputError, match="the transform of frame 3 of the batch"):
        device.resample_shift(frames, shifts, **SETTINGS, out=np.zeros_like(frames))


def test_far_coordinates_keep_their_fractions(device: GpuDevice) -> None:
    """In float32, column 20,000 has steps of 0.002 px; a ramp of 3 levels a px would show them."""
    frames = np.ascontiguousarray(np.broadcast_to(np.arange(20_000, dtype=np.float32) % 512 * 3, (1, 8, 20_000)))
    warps, found, expected = (
        np.array([[0.3, 1.0, 1e-4, 0.123456, 2e-5, 1.0001]]),
        np.zeros_like(frames),
        np.zeros_like(frames),
    )
    for chosen, out in ((device, found), (CpuDevice(), expected)):
        chosen.resample_warp(frames, "affine", warps, interpolation="linear", edge="nearest", fill=0, out=out)
    assert np.abs(found - expected).max() < 2e-3


def test_a_movie_comes_out_the_same_as_on_the_cpu(device: GpuDevice, tmp_path: Any) -> None:
    rng = np.random.default_rng(4)
    image = np.kron(rng.random((20, 24)), np.ones((6, 6))) * 900 + 100
    movie = np.stack([np.roll(image, (t, -2 * t), (0, 1)) for t in range(6)])
    movie = rng.poisson(movie).astype(np.uint16)
    for motion in ("translation", "rigid"):
        cpu, gpu = (hs.register(movie, motion=motion, device=name) for name in ("cpu", "gpu"))
        assert np.abs(cpu.shifts - gpu.shifts).max() < 0.01
        assert cpu.verdicts == gpu.verdicts
        assert gpu.provenance["device"] == device.description


@pytest.mark.parametrize("n_channels", [1, 2])
@pytest.mark.parametrize("motion", ["translation", "affine"])
def test_a_movie_is_uploaded_once(
    device: GpuDevice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, n_channels: int, motion: str
) -> None:
    movie = presets((64, 64))["sparse-100"].movie(trajectories.jitter(6, 2.0, seed=1), seed=2)
    frames = np.stack([movie.frames // (k + 1) for k in range(n_channels)], axis=1)
    source = tmp_path / "movie.ome.tif"
    tifffile.imwrite(source, frames, metadata={"axes": "TCYX"})
    options: dict[str, Any] = {"reference": movie.reference, "motion": motion, "channel": 0}
    uploaded, put = [], machines.Call.put

    def counted(call: machines.Call, data: Any) -> Any:
        if data.dtype == frames.dtype:
            uploaded.append(data.nbytes)
        return put(call, data)

    monkeypatch.setattr(machines.Call, "put", counted)
    hs.register(source, device="gpu", **options)
    estimating = sum(uploaded)
    hs.correct(source, tmp_path / "gpu.ome.zarr", device="gpu", report=False, **options)
    monkeypatch.undo()
    assert sum(uploaded) - 2 * estimating == frames.nbytes - frames[:, :1].nbytes, "only the other channel is new"
    hs.correct(source, tmp_path / "cpu.ome.zarr", device="cpu", report=False, **options)
    gpu, cpu = (hs.open(tmp_path / f"{name}.ome.zarr").read(0, 6).astype(float) for name in ("gpu", "cpu"))
    assert np.abs(gpu - cpu).max() <= 1


def test_held_frames_are_frames(device: GpuDevice, frames: Any) -> None:
    held = device.upload(frames)
    assert held is not frames
    np.testing.assert_array_equal(held[[4, 1]], frames[[4, 1]])
    for shifts in (np.zeros((7, 2)), np.random.default_rng(1).uniform(-3, 3, (7, 2))):
        one, other = np.zeros_like(frames), np.zeros_like(frames)
        device.resample_shift(held, shifts, **SETTINGS, out=one)
        device.resample_shift(frames, shifts, **SETTINGS, out=other)
        np.testing.assert_array_equal(one, other)
    own, before = np.array(held), frames.copy()
    own[:] = 0
    np.testing.assert_array_equal(frames, before)


def test_held_frames_that_leave_no_room_go_in_batches(
    device: GpuDevice, frames: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, whole, machine = device.upload(frames), device.bin(frames, (1, 1)), machines.machine()
    take = machine.take

    def tight(n_bytes: int, **options: Any) -> Any:
        if n_bytes > 4 * frames[0].nbytes:
            raise DeviceFull("full")
        return take(n_bytes, **options)

    monkeypatch.setattr(machine, "take", tight)
    np.testing.assert_array_equal(device.bin(held, (1, 1)), whole)


def test_a_chunk_that_does_not_fit_twice_is_sent_in_batches(
    device: GpuDevice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    movie = presets((64, 64))["sparse-100"].movie(trajectories.jitter(8, 2.0, seed=1), seed=2)
    source, target = tmp_path / "movie.tif", tmp_path / "still.ome.zarr"
    tifffile.imwrite(source, movie.frames)
    expected = hs.correct(source, target, device="gpu", report=False)
    resample = GpuDevice.resample_shift

    def full_if_held(self: GpuDevice, frames: Any, *rest: Any, **options: Any) -> Any:
        if not isinstance(frames, np.ndarray):
            raise DeviceFull("full")
        return resample(self, frames, *rest, **options)

    monkeypatch.setattr(GpuDevice, "resample_shift", full_if_held)
    found = hs.correct(source, target, device="gpu", overwrite=True, report=False)
    np.testing.assert_array_equal(found.parameters, expected.parameters)


@dataclass(frozen=True, kw_only=True)
class Plain(Direct):
    """An estimator that takes arrays alone, as those of others do."""

    takes_uploaded: ClassVar[bool] = False

    def estimate(self, state: Any, frames: Any, device: Any) -> Any:
        assert (frames > 0).any()
        return super().estimate(state, frames, device)


def test_estimators_of_others_get_arrays(device: GpuDevice, tmp_path: Path) -> None:
    movie = presets((96, 96))["sparse-100"].movie(trajectories.jitter(10, 2.0, seed=1), seed=2)
    tifffile.imwrite(tmp_path / "movie.tif", movie.frames)
    found = hs.correct(tmp_path / "movie.tif", tmp_path / "still.ome.zarr", device="gpu", method=Plain(), report=False)
    assert found.ok.all()


def test_no_frames_give_nothing(device: GpuDevice, frames: Any) -> None:
    none, spline = frames[:0], make_spline(frames[0].astype(np.float32))
    empty = (np.zeros(0), np.zeros(0), NoiseModel(), np.zeros(0))
    assert device.bin(none, (2, 2)).shape == (0, 20, 30)
    assert device.direct_sums(none, spline, np.zeros((0, 2)), *empty).normal.shape == (0, 4, 4)
    assert device.warp_sums(none, spline, "affine", np.zeros((0, 6)), *empty).right.shape == (0, 8)
    assert device.overlap_correlation(none, frames[0], np.zeros((0, 3, 2), int)).shape == (0, 3)
    assert device.resample_shift(none, np.zeros((0, 2)), **SETTINGS, out=none.copy()).shape == (0,)


def test_a_device_travels_to_other_processes(device: GpuDevice, frames: Any) -> None:
    there = pickle.loads(pickle.dumps(device))
    np.testing.assert_array_equal(there.bin(frames, (2, 2)), device.bin(frames, (2, 2)))


def test_threads_call_it_side_by_side(device: GpuDevice) -> None:
    rng = np.random.default_rng(2)
    movies = [rng.integers(0, 4000, (n, 40, 50 + n)).astype(np.uint16) for n in (1, 2, 3, 4)]

    def results(movie: Any) -> tuple[Any, Any]:
        out, held = np.zeros_like(movie), device.upload(movie)
        device.resample_shift(held, np.full((len(movie), 2), 0.4), **SETTINGS, out=out)
        return np.asarray(device.bin(held, (2, 2))), out

    expected = [results(movie) for movie in movies]
    with ThreadPoolExecutor(4) as pool:
        for k, found in enumerate(pool.map(results, movies * 10)):
            for one, other in zip(found, expected[k % 4], strict=True):
                np.testing.assert_array_equal(one, other)
