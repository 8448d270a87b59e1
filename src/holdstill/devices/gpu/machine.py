"""An opened adapter: kernels compiled once, buffers used again, one call for a whole batch of frames."""

from __future__ import annotations

import math
import os
import threading
import weakref
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from holdstill.devices.gpu.adapters import VARIABLE, Adapter, adapters, find_adapter
from holdstill.devices.gpu.kernels import source
from holdstill.errors import DeviceError, DeviceFull
from holdstill.extras import require

__all__ = ["Call", "Machine", "in_batches", "machine"]

# of one buffer: larger batches gain nothing and keep others waiting
BATCH_BYTES = 192 << 20
# of all buffers that wait to be used again
POOL_BYTES = 512 << 20
LEAST_BYTES = 256

Result = TypeVar("Result")
Groups = tuple[int, int, int]


class Machine:
    """Opens an adapter. Threads may call it side by side: while one waits for a result, another uploads frames."""

    def __init__(self, adapter: Adapter) -> None:
        self._wgpu = require("wgpu", "gpu", 'device="gpu"')
        self.adapter = adapter
        self.batch_bytes = min(adapter.binding_bytes, adapter.buffer_bytes, BATCH_BYTES)
        self.workgroup_bytes = adapter.workgroup_bytes
        self._limit_bytes = min(adapter.binding_bytes, adapter.buffer_bytes) // LEAST_BYTES * LEAST_BYTES
        self._lock = threading.RLock()
        self._kernels: dict[tuple[Any, ...], Any] = {}
        self._free: dict[tuple[int, int], list[Any]] = defaultdict(list)
        self._free_bytes = 0
        usage = self._wgpu.BufferUsage
        self._storage = int(usage.STORAGE | usage.COPY_SRC | usage.COPY_DST)
        self._staging = int(usage.MAP_READ | usage.COPY_DST)
        with self._explain_errors():
            self._device = self._open(adapter)

    def _open(self, adapter: Adapter) -> Any:
        names = ("max-buffer-size", "max-storage-buffer-binding-size", "max-compute-workgroup-storage-size")
        limits = adapter.handle.limits
        return adapter.handle.request_device_sync(required_limits={name: limits[name] for name in names})

    @contextmanager
    def call(self) -> Iterator[Call]:
        """What one primitive does; its buffers are free again at the end."""
        with self._explain_errors():
            one = Call(self)
            try:
                yield one
            finally:
                one.close()

    @contextmanager
    def _explain_errors(self) -> Iterator[None]:
        """What wgpu raises, as errors of the house."""
        try:
            yield
        except self._wgpu.classes.GPUOutOfMemoryError as error:
            raise DeviceFull(f'the memory of {self.adapter} is full; use device="cpu", or bin') from error
        except (self._wgpu.GPUError, self._wgpu.GPUPipelineError, RuntimeError) as error:
            if isinstance(error, DeviceError):
                raise
            _open.cache_clear()  # the next one looks for the adapter and opens it anew
            adapters.cache_clear()
            said = " ".join(str(error).split()) or type(error).__name__
            raise DeviceError(f"{self.adapter} failed, and what it was asked for is lost; try again: {said}") from error

    def kernel(self, name: str, **constants: Any) -> Any:
        """A compiled kernel; `constants` stand before its text."""
        key = (name, *sorted(constants.items()))
        with self._lock:
            if key not in self._kernels:
                module = self._device.create_shader_module(code=source(name, constants))
                self._kernels[key] = self._device.create_compute_pipeline(
                    layout="auto", compute={"module": module, "entry_point": "main"}
                )
            return self._kernels[key]

    def take(self, n_bytes: int, *, staging: bool = False) -> Any:
        """A buffer of at least so many bytes, with anything in it."""
        if n_bytes > self._limit_bytes:
            raise DeviceFull(
                f"{self.adapter} takes {self._limit_bytes >> 20:,} MB at a time and one frame needs "
                f'{n_bytes / 2**20:,.0f} MB; bin the frames, or use device="cpu"'
            )
        size, usage = min(_round_up(n_bytes), self._limit_bytes), self._staging if staging else self._storage
        with self._lock:
            if waiting := self._free[size, usage]:
                self._free_bytes -= size
                return waiting.pop()
            return self._create(size, usage)

    def _create(self, size: int, usage: int) -> Any:
        try:
            return self._device.create_buffer(size=size, usage=usage)
        except self._wgpu.classes.GPUOutOfMemoryError:
            self.empty_pool()  # what waits there may be just enough
            return self._device.create_buffer(size=size, usage=usage)

    def give(self, buffer: Any) -> None:
        """A buffer that nobody needs any more."""
        with self._lock:
            self._free[buffer.size, buffer.usage].append(buffer)
            self._free_bytes += buffer.size
            if self._free_bytes > POOL_BYTES:
                self.empty_pool()

    def empty_pool(self) -> None:
        """Return the memory of all buffers that wait."""
        with self._lock:
            for waiting in self._free.values():
                for buffer in waiting:
                    buffer.destroy()
                waiting.clear()
            self._free_bytes = 0


class Call:
    """Uploads, kernels and a read-back that go to the adapter together."""

    def __init__(self, owner: Machine) -> None:
        self.machine = owner
        self._device, self._taken = owner._device, []  # type: tuple[Any, list[Any]]
        self._encoder: Any = None

    def empty(self, n_bytes: int) -> Any:
        """A buffer for the time of the call."""
        buffer = self.machine.take(n_bytes)
        self._taken.append(buffer)
        return buffer

    def put(self, data: NDArray[Any]) -> Any:
        """A buffer with `data`, of whole 4-byte words, for the time of the call."""
        buffer = self.empty(data.nbytes)
        self._device.queue.write_buffer(buffer, 0, data)
        return buffer

    def keep(self, buffer: Any, owner: Any) -> None:
        """Leave a buffer of the call as it is for as long as `owner` lives."""
        self._taken.remove(buffer)
        weakref.finalize(owner, self.machine.give, buffer).atexit = False

    def zeros(self, n_bytes: int) -> Any:
        """A buffer of zeros for the time of the call."""
        return self.put(np.zeros(n_bytes, np.uint8))

    def run(self, kernel: Any, buffers: Sequence[Any], groups: Groups) -> None:
        """Run a kernel on so many workgroups. A buffer may come with how many of its bytes count."""
        if max(groups) > self.machine.adapter.workgroups:
            raise DeviceError(
                f"{self.machine.adapter} runs {self.machine.adapter.workgroups:,} groups along an axis and "
                f'{max(groups):,} are needed; bin the frames, or use device="cpu"'
            )
        entries = [{"binding": n, "resource": _resource(buffer)} for n, buffer in enumerate(buffers)]
        bound = self._device.create_bind_group(layout=kernel.get_bind_group_layout(0), entries=entries)
        self._encoder = self._encoder or self._device.create_command_encoder()
        step = self._encoder.begin_compute_pass()
        step.set_pipeline(kernel)
        step.set_bind_group(0, bound)
        step.dispatch_workgroups(*groups)
        step.end()

    def read(self, buffer: Any, shape: tuple[int, ...], dtype: Any, out: NDArray[Any] | None = None) -> NDArray[Any]:
        """Do all that was asked for, and fetch the contents of a buffer, into `out` if it is given."""
        return self.read_all([(buffer, shape, dtype, out)])[0]

    def read_all(self, wanted: Sequence[tuple[Any, tuple[int, ...], Any, NDArray[Any] | None]]) -> list[NDArray[Any]]:
        """As `read`, for several buffers with their shape, dtype, and where to put the contents or None."""
        sizes = [math.prod(shape) * np.dtype(dtype).itemsize for _, shape, dtype, _ in wanted]
        starts = np.concatenate([[0], np.cumsum([-(-size // 8) * 8 for size in sizes])]).tolist()
        staging = self.machine.take(starts[-1], staging=True)
        encoder = self._encoder or self._device.create_command_encoder()
        for (buffer, *_), start, size in zip(wanted, starts, sizes, strict=False):
            encoder.copy_buffer_to_buffer(buffer, 0, staging, start, -(-size // 4) * 4)
        self._submit(encoder)
        staging.map_sync("READ_NOSYNC", 0, starts[-1])
        seen = np.frombuffer(staging.read_mapped(0, starts[-1], copy=False), np.uint8)
        results = []
        for (_, shape, dtype, out), start, size in zip(wanted, starts, sizes, strict=False):
            found = seen[start : start + size].view(dtype).reshape(shape)
            results.append(found.copy() if out is None else _copy(found, out))
        del seen, found
        staging.unmap()
        self.machine.give(staging)
        return results

    def submit(self) -> None:
        """Begin with what was asked for so far, without waiting."""
        if self._encoder is not None:
            self._submit(self._encoder)

    def _submit(self, encoder: Any) -> None:
        self._encoder = None
        self._device.queue.submit([encoder.finish()])

    def close(self) -> None:
        """Buffers go back."""
        for buffer in self._taken:
            self.machine.give(buffer)
        self._taken = []


def in_batches(n: int, size: int, run: Callable[[slice], Result]) -> list[Result]:
    """Results of ``run`` on slices of `size`, at least one; after `DeviceFull`, on slices half as long."""
    results, start, size = [], 0, max(1, size)
    while start < n:
        try:
            results.append(run(slice(start, min(start + size, n))))
        except DeviceFull:
            if size == 1:
                raise
            size = -(-size // 2)
        else:
            start += size
    return results


def machine(name: str | None = None) -> Machine:
    """The adapter of that name, see `find_adapter`, opened once."""
    return _open(name or os.environ.get(VARIABLE, ""))


@cache
def _open(name: str) -> Machine:
    return Machine(find_adapter(name))


def _round_up(n_bytes: int) -> int:
    """Up to the next of four steps between powers of two, so that few sizes occur and little is wasted."""
    if n_bytes <= LEAST_BYTES:
        return LEAST_BYTES
    step = 1 << max(int(n_bytes - 1).bit_length() - 3, 2)
    return -(-n_bytes // step) * step


def _resource(buffer: Any) -> dict[str, Any]:
    if isinstance(buffer, tuple):
        return {"buffer": buffer[0], "offset": 0, "size": buffer[1]}
    return {"buffer": buffer}


def _copy(found: NDArray[Any], out: NDArray[Any]) -> NDArray[Any]:
    np.copyto(out, found)
    return out
