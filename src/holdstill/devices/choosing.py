"""From the name of a device to the device; "auto" is the faster of cpu and gpu, measured once and remembered."""

from __future__ import annotations

import difflib
import json
import os
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.contracts import Device, NoiseModel
from holdstill.devices.cpu import CpuDevice
from holdstill.devices.gpu import GpuDevice
from holdstill.devices.interpolation import make_spline
from holdstill.devices.plain import PlainDevice
from holdstill.errors import DeviceError, InputError, MissingExtra, UnknownName

__all__ = ["DEVICES", "choose", "find_device", "memory_file"]

DEVICES: dict[str, type[Device]] = {"cpu": CpuDevice, "gpu": GpuDevice, "plain": PlainDevice}

VARIABLE = "HOLDSTILL_CACHE"
# what is measured: so many frames, at most so many bytes, the best of so many runs
N_FRAMES, MOST_BYTES, RUNS = 16, 128 << 20, 3


def find_device(name: str | Device, shape: tuple[int, ...], dtype: Any, cores: int = 1) -> Device:
    """The device of that name; "auto" takes the faster one, see `choose`; one that is open stays as it is.

    Raises
    ------
    UnknownName
        There is none.
    DeviceError, MissingExtra
        It cannot be had on this machine.
    """
    if isinstance(name, Device):
        return name
    if name == "auto":
        return choose(shape, dtype, cores)
    if name not in DEVICES:
        close = difflib.get_close_matches(str(name), DEVICES, n=1)
        hint = f"Did you mean {close[0]!r}? " if close else ""
        raise UnknownName(f"there is no device {name!r}. {hint}Known: auto, {', '.join(DEVICES)}")
    return DEVICES[name]()


def choose(shape: tuple[int, ...], dtype: Any, cores: int = 1) -> Device:
    """The faster device for frames of `shape`; its `description` says why.

    Parameters
    ----------
    shape : tuple of int, ([z,] y, x)
    dtype : numpy dtype
    cores : int
        Cores that the cpu device may use, one frame on each; an adapter is one, whoever asks.
    """
    cpu = CpuDevice()
    try:
        gpu = GpuDevice()
    except (DeviceError, MissingExtra) as error:
        cpu.description = f"cpu, chosen by auto: {str(error).partition(':')[0]}"
        return cpu
    key = f"{gpu.description} {version('holdstill')} {cores} {_size_class(shape)} {np.dtype(dtype)}"
    known = _recall()
    if key not in known:
        try:
            known[key] = round(_seconds(cpu, shape, dtype) / cores / _seconds(gpu, shape, dtype), 3)
        except (DeviceError, InputError) as error:
            cpu.description = f"cpu, chosen by auto: {str(error).partition(';')[0]}"
            return cpu
        _remember(known)
    ratio = known[key]
    if ratio > 1:
        gpu.description = f"{gpu.description}, chosen by auto: {ratio:.1f} times as fast as the cpu"
        return gpu
    cpu.description = f"cpu, chosen by auto: {1 / max(ratio, 1e-3):.1f} times as fast as {gpu.description}"
    return cpu


def memory_file() -> Path:
    """Where measurements are kept: below ``HOLDSTILL_CACHE``, or the user's folder for caches."""
    given = os.environ.get(VARIABLE)
    if given:
        return Path(given) / "devices.json"
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "holdstill" / "devices.json"


def _size_class(shape: tuple[int, ...]) -> str:
    """Frames of about the same number of pixels share a measurement."""
    return f"{len(shape)}D 2^{int(np.prod(shape)).bit_length()}"


def _seconds(device: Device, shape: tuple[int, ...], dtype: Any) -> float:
    """Time of what a frame goes through, binned, compared twice and resampled, for a few frames."""
    rng = np.random.default_rng(0)
    n = int(np.clip(MOST_BYTES // (4 * int(np.prod(shape))), 1, N_FRAMES))
    frames = (rng.random((n, *shape), np.float32) * 100).astype(dtype)
    spline = make_spline(frames[0].astype(np.float32))
    shifts, ones, out = np.full((n, len(shape)), 0.3), np.ones(n), np.zeros_like(frames)
    times = []
    for _ in range(RUNS + 1):  # the first one compiles
        began = time.perf_counter()
        held = device.upload(frames)
        np.asarray(device.bin(held, tuple(min(2, length) for length in shape)))
        for _ in range(2):
            device.direct_sums(held, spline, shifts, ones, 0 * ones, NoiseModel(gain=1.0), 6 * ones)
        device.resample_shift(held, shifts, interpolation="cubic", edge="constant", fill=0, out=out)
        times.append(time.perf_counter() - began)
    return min(times[1:])


def _recall() -> dict[str, float]:
    """What was measured before; nothing where the file is not there or not ours."""
    try:
        content = json.loads(memory_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {str(key): float(value) for key, value in content.items() if isinstance(value, (int, float))}


def _remember(known: dict[str, float]) -> None:
    """Keep it, where there is a place for it; without one, the next process measures again."""
    target = memory_file()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=target.parent, delete=False, encoding="utf-8") as file:
            json.dump(known, file, indent=1)
        os.replace(file.name, target)
    except OSError:
        return
