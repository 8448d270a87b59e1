"""The gpu device beside plain transfers, the cpu device, pyGPUreg, and the vendor's Fourier transform."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec

import numpy as np

from benchmarks import pygpureg
from benchmarks.tables import Claim, Section
from holdstill import gpu
from holdstill.contracts import Device, Sink
from holdstill.devices.cpu import CpuDevice
from holdstill.devices.gpu import GpuDevice
from holdstill.devices.gpu.adapters import Adapter, find_adapter
from holdstill.engines.threads import ThreadsEngine, available_cores
from holdstill.estimators import Direct
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import Movie
from holdstill.evaluation.presets import presets
from holdstill.io.array import ArraySink, ArraySource
from holdstill.resampling.settings import Resampling

__all__ = ["gpu_device"]

BATCH = 16


def _movie(n_frames: int, size: int) -> Movie:
    return presets((size, size))["sparse-100"].movie(trajectories.jitter(n_frames, 3.0, seed=1), seed=2)


def _median(run: Callable[[], float], repeat: int) -> float:
    return float(np.median([run() for _ in range(repeat)]))


def _registered(movie: Movie, device: Device, motion: str, workers: int, out: np.ndarray) -> tuple[float, np.ndarray]:
    """Frames per second of estimate and resample against a known reference, and the parameters."""
    source = ArraySource(movie.frames)
    sink: Sink = ArraySink(source.info, out)
    found = Direct(motion=motion).fit(
        source, movie.reference.astype(np.float32), device=device, engine=ThreadsEngine(workers), sink=sink,
        resampling=Resampling(),
    )  # fmt: skip
    return len(movie.frames) / found.provenance["seconds"]["frames"], found.parameters


def _transferred(device: Device, frames: np.ndarray, workers: int) -> float:
    """Frames per second of upload and download alone, through the same calls."""

    def there_and_back(start: int) -> None:
        np.asarray(device.upload(frames[start : start + BATCH]))

    began = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(there_and_back, range(0, len(frames), BATCH)))
    return len(frames) / (time.perf_counter() - began)


def _row(name: str, size: int, rate: float, cpu: float | None, moved: float | None) -> tuple[str, ...]:
    beside_cpu = f"{rate / cpu:.2f}" if cpu else ""
    beside_moved = f"{100 * rate / moved:.0f} %" if moved else ""
    return name, f"{size} x {size}", f"{rate:,.1f}", f"{1000 / rate:.2f}", beside_cpu, beside_moved


def _sizes(sizes: tuple[int, ...], n_frames: int, repeat: int, adapter: Adapter) -> tuple[list, list, float]:
    rows, claims, device, cores, smallest = [], [], GpuDevice(), available_cores(), 0.0
    real, workers = adapter.kind != "software", max(2, cores)
    for size in sizes:
        movie = _movie(max(8, n_frames * sizes[0] ** 2 // size**2), size)
        out = np.zeros_like(movie.frames)
        moved = _median(lambda m=movie: _transferred(device, m.frames, workers), repeat + 1)
        rows.append(_row("upload and download alone", size, moved, None, None))
        for motion in ("translation", "rigid", "affine"):
            rates, found = {}, {}
            for name, where in (("gpu", device), ("cpu", CpuDevice())):
                _registered(movie, where, motion, workers, out)  # compiles
                runs = [_registered(movie, where, motion, workers, out) for _ in range(repeat)]
                rates[name], found[name] = float(np.median([run[0] for run in runs])), runs[0][1]
            rows.append(_row(f"**gpu**, {motion}", size, rates["gpu"], rates["cpu"], moved))
            rows.append(_row(f"cpu, {cores} cores, {motion}", size, rates["cpu"], None, None))
            if motion != "translation":
                continue
            apart = float(np.abs(found["gpu"] - found["cpu"]).max())
            asked = f"estimates of gpu and cpu apart, {size} px"
            claims.append(Claim(asked, "<= 0.01 px", f"{apart:.1g} px", apart <= 0.01))
            smallest = smallest or rates["gpu"]
            if real and size == sizes[0]:  # a software driver has no bus, and is no card
                share = rates["gpu"] / moved
                asked = "estimate + resample over transfers alone"
                claims.append(Claim(asked, ">= 50 %", f"{100 * share:.0f} %", share >= 0.5))
                claims.append(Claim("estimate + resample", ">= 4,000 frames/s", f"{smallest:,.0f}", smallest >= 4000))
            if real and size == 2048:
                ratio = rates["gpu"] / rates["cpu"]
                claims.append(Claim(f"gpu over cpu, {cores} cores, 2048 px", ">= 3 x", f"{ratio:.1f} x", ratio >= 3))
    return rows, claims, smallest


def _beside_pygpureg(size: int, n_frames: int, ours: float) -> tuple[list, list]:
    """Speed, error, and what is found for the reference itself."""
    if reason := pygpureg.why_not():
        return [(f"pyGPUreg: {reason}", "", "", "", "", "")], []
    movie, device, method = _movie(n_frames, size), GpuDevice(), Direct()
    reference = movie.reference.astype(np.float32)
    seconds, shifts, itself = pygpureg.measured(reference, movie.frames)
    rate = n_frames / seconds
    found = method.fit(movie.frames, reference, axes="TYX", device=device).parameters
    zero = method.fit(reference[None], reference, axes="TYX", device=device).parameters[0]
    theirs, mine = (float(np.sqrt(np.mean((s - movie.shifts) ** 2))) for s in (shifts, found))
    claims = [
        Claim("speed against pyGPUreg", ">= 10 x", f"{ours / rate:.1f} x", ours >= 10 * rate),
        Claim("error of pyGPUreg over ours", ">= 10 x", f"{theirs / mine:.0f} x", theirs >= 10 * mine),
        Claim(
            "the reference to itself",
            "0 px",
            f"{np.abs(zero).max():.0e} px (pyGPUreg {np.abs(itself).max():.0f} px)",
            bool(np.abs(zero).max() < 1e-3),
        ),
    ]
    return [(f"pyGPUreg, OpenGL; RMSE {theirs:.4f} px, ours {mine:.4f}", f"{size} x {size}", f"{rate:,.1f}",
             f"{1000 / rate:.1f}", "", "")], claims  # fmt: skip


def _fourier(size: int, repeat: int) -> tuple[list, list]:
    """The Fourier transform beside NumPy's numbers and, where there is one, the vendor's time."""
    image = np.random.default_rng(0).random((size, size)).astype(np.complex64)
    found, expected = gpu.fft2(image), np.fft.fft2(image)
    error = float(np.abs(found - expected).max() / np.abs(expected).max())

    def timed() -> float:
        began = time.perf_counter()
        gpu.fft2(image)
        return time.perf_counter() - began

    ours = _median(timed, repeat)
    rows = [_row("fft2, upload and download included", size, 1 / ours, None, None)]
    claims = [Claim(f"fft2 of {size} px against NumPy", "<= 1e-5", f"{error:.0e}", error <= 1e-5)]
    if find_spec("torch") is not None:
        import torch

        if torch.cuda.is_available():

            def vendor() -> float:
                began = time.perf_counter()
                torch.fft.fft2(torch.from_numpy(image).cuda()).cpu()
                return time.perf_counter() - began

            vendor()
            theirs = _median(vendor, repeat)
            rows.append(_row("cuFFT through PyTorch, the same way", size, 1 / theirs, None, None))
            reached = ours <= 4 * theirs
            claims.append(Claim("fft2 over cuFFT, host to host", "<= 4 x", f"{ours / theirs:.1f} x", reached))
    return rows, claims


def gpu_device(
    n_frames: int | None = None, sizes: tuple[int, ...] = (512, 2048), repeat: int = 3, fft_size: int = 2048
) -> Section:
    """Throughput from host memory to host memory on the adapter that is there, named."""
    adapter = find_adapter()
    n_frames = n_frames or (64 if adapter.kind == "software" else 1024)
    rows, claims, rate = _sizes(sizes, n_frames, repeat, adapter)
    for more in (_beside_pygpureg(sizes[0], min(n_frames, 32), rate), _fourier(fft_size, repeat)):
        rows += more[0]
        claims += more[1]
    note = (
        f"On {adapter}, {adapter.driver}. Frames of uint16, sparse fluorescence at 100 photons, 3 px jitter; estimate "
        "and resample against a known reference. Rows of one size and method were measured in one run."
    )
    if adapter.kind == "software":
        note += (
            " **This driver runs the kernels on the processor**: the table tells that they are right and how they "
            "stand beside another program for graphics cards there, not how fast a card is."
        )
    columns = ("what", "size (px)", "frames/s", "ms/frame", "over the cpu", "of transfers alone")
    return Section("The gpu device", columns, rows, note, claims)
