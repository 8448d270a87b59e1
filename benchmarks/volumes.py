"""Volumes: translation in three dimensions beside scikit-image, time, error and memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray
from skimage.registration import phase_cross_correlation

from benchmarks.tables import Claim, Section
from holdstill.contracts import Reference
from holdstill.devices.cpu import CpuDevice
from holdstill.estimators import Direct
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture

__all__ = ["volumes"]

SHIFTS = np.array([(1.3, -4.6, 7.2), (-2.2, 3.3, -5.5)])
UPSAMPLE = 100
ASKED_SPEED, ASKED_MEMORY = 10, 3


class _Peak:
    """Highest memory above that at the start, bytes."""

    def __enter__(self) -> _Peak:
        self._process, self._done = psutil.Process(), threading.Event()
        self._base = self._process.memory_info().rss
        self.bytes = 0
        self._watch = threading.Thread(target=self._look)
        self._watch.start()
        return self

    def _look(self) -> None:
        while not self._done.wait(0.002):
            self.bytes = max(self.bytes, self._process.memory_info().rss - self._base)

    def __exit__(self, *_: Any) -> None:
        self._done.set()
        self._watch.join()


def _median(run: Callable[[], Any], repeat: int) -> float:
    times = []
    for _ in range(repeat):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return float(np.median(times))


def _error(shift: NDArray[np.float64], bound: float) -> tuple[str, str]:
    off = float(np.abs(shift - SHIFTS[0]).max())
    return f"{off:.4f}", f"{off / bound:.1f}"


def volumes(size: tuple[int, int, int] = (64, 512, 512), repeat: int = 5) -> Section:
    """One volume against the noise-free reference, one thread."""
    movie = make_movie(texture(size), SHIFTS, photons=100.0, seed=1)
    image, frames, device = movie.reference.astype(np.float32), movie.frames[:1], CpuDevice()
    reference = Reference(image=image, noise=movie.noise)
    warm = Reference(image=image[:16, :64, :64].copy(), noise=movie.noise)
    Direct().estimate(Direct().prepare(warm, device), frames[:, :16, :64, :64].copy(), device)
    with _Peak() as peak:
        state = Direct().prepare(reference, device)
        found = Direct().estimate(state, frames, device)
    prepare = _median(lambda: Direct().prepare(reference, device), 2)
    ours = _median(lambda: Direct().estimate(state, frames, device), repeat)
    bound = float(movie.bounds[0].max())
    name = "x".join(str(n) for n in size)
    times = f"{ours * 1000:.0f}", f"{prepare * 1000:.0f}"
    rows = [("**holdstill** `Direct`", *times, *_error(found.parameters, bound), f"{peak.bytes / 1e6:.0f}", "1")]
    faster = []
    for normalization in ("phase", None):
        with _Peak() as theirs:
            began = time.perf_counter()
            shift, *_ = phase_cross_correlation(image, frames[0], upsample_factor=UPSAMPLE, normalization=normalization)
            took = time.perf_counter() - began
        faster.append(took / ours)
        used = f"{theirs.bytes / 1e6:.0f}", f"{took / ours:.1f}"
        name_ = f"scikit-image, normalization={normalization!r}"
        rows.append((name_, f"{took * 1000:.0f}", "", *_error(-shift, bound), *used))
    share = peak.bytes / image.nbytes
    claims = [
        Claim(f"volume {name}: speed against scikit-image phase_cross_correlation", f">= {ASKED_SPEED} x",
              f"{min(faster):.1f} x", min(faster) >= ASKED_SPEED),
        Claim(f"volume {name}: memory over the float32 volume", f"< {ASKED_MEMORY} x", f"{share:.1f} x",
              share < ASKED_MEMORY),
    ]  # fmt: skip
    note = (
        f"uint16, 100 photons, upsample_factor={UPSAMPLE}, one thread. Preparing the reference is done once a series. "
        f"Memory: above what was in use before, preparing included; it is {image.nbytes / 1e6:.0f} MB as float32."
    )
    columns = ("method", "ms a volume", "ms to prepare", "largest error (px)", "/ bound", "memory (MB)", "faster by")
    return Section("Volumes", columns, rows, note, claims)
