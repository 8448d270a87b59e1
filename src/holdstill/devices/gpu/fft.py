"""Fourier transforms on the adapter: Stockham passes of radix 4, 2, 3 and 5, and Bluestein's way for other lengths."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdstill.devices.gpu.kernels import text
from holdstill.devices.gpu.machine import Call, Machine, in_batches
from holdstill.errors import InputError

__all__ = ["factors", "fft2"]

RADICES = (4, 2, 3, 5)
# from this length on, a line has work for 256 threads
MANY = 512
WORD = 8  # bytes of a complex number


def fft2(machine: Machine, images: ArrayLike, *, inverse: bool = False) -> NDArray[np.complex64]:
    """Transform over the last two axes, see `holdstill.gpu.fft2`."""
    given = np.asarray(images)
    if given.ndim < 2 or not given.size:
        raise InputError(f"an array of shape {given.shape} is not an image; give (..., y, x)")
    flat = given.reshape(-1, *given.shape[-2:])
    out = np.empty(flat.shape, np.complex64)

    def run(part: slice) -> None:
        numbers = np.ascontiguousarray(flat[part], np.complex64)
        with machine.call() as call:
            made = _both_axes(call, call.put(np.conj(numbers) if inverse else numbers), numbers.shape)
            call.read(made, numbers.shape, np.complex64, out[part])

    lengths = [_smooth(n) if _smooth(n) != n else n for n in flat.shape[1:]]
    in_batches(len(flat), machine.batch_bytes // (WORD * math.prod(lengths)), run)
    if inverse:
        np.conj(out, out=out)
        out /= math.prod(flat.shape[1:])
    return out.reshape(given.shape)


def factors(length: int) -> list[int] | None:
    """Radices whose product is the length, or None where it has other factors."""
    found = []
    for radix in RADICES:
        while length % radix == 0:
            found.append(radix)
            length //= radix
    return found if length == 1 else None


def _smooth(length: int) -> int:
    """The length that is transformed: this one, or the next that serves Bluestein's way."""
    if factors(length) is not None:
        return length
    longer = 2 * length - 1
    while factors(longer) is None:
        longer += 1
    return longer


def _both_axes(call: Call, buffer: Any, shape: tuple[int, ...]) -> Any:
    n, height, width = shape
    rows = _transpose(call, _lines(call, buffer, n * height, width), n, height, width)
    return _transpose(call, _lines(call, rows, n * width, height), n, width, height)


def _transpose(call: Call, buffer: Any, n: int, height: int, width: int) -> Any:
    made = call.empty(WORD * n * height * width)
    shape = call.put(np.array([height, width], np.uint32))
    call.run(call.machine.kernel("fft_turn"), [buffer, shape, made], (-(-width // 16), -(-height // 16), n))
    return made


def _lines(call: Call, buffer: Any, lines: int, length: int) -> Any:
    """Transform of each line."""
    if factors(length) is not None:
        return _stockham(call, buffer, lines, length)
    longer, (chirp, spectrum) = _smooth(length), _chirps(length)
    first = _times(call, buffer, chirp, lines, (length, longer, length))
    there = _times(call, _stockham(call, first, lines, longer), spectrum, lines, (longer, longer, longer), True)
    back = _stockham(call, there, lines, longer)
    return _times(call, back, np.conj(chirp), lines, (longer, length, length), True)


def _stockham(call: Call, buffer: Any, lines: int, length: int) -> Any:
    radices = factors(length) or []
    if not radices:
        return buffer
    turns, size = call.put(_turns(length)), WORD * lines * length
    if 2 * WORD * length <= call.machine.workgroup_bytes:
        threads = 64 if length <= MANY else 256
        kernel = call.machine.kernel("fft_line", LENGTH=length, THREADS=threads, CODE=_passes(tuple(radices)))
        made = call.empty(size)
        call.run(kernel, [buffer, turns, (made, size)], _spread(call, lines))
        return made
    done, spare = 1, [call.empty(size), call.empty(size)]
    for number, radix in enumerate(radices):
        made = spare[number % 2]
        kernel = call.machine.kernel("fft_pass", LENGTH=length, RADIX=radix, DONE=done)
        call.run(kernel, [buffer, turns, (made, size)], _spread(call, -(-lines * length // radix // 64)))
        buffer, done = made, done * radix
    return buffer


def _times(
    call: Call,
    buffer: Any,
    table: NDArray[np.complex64],
    lines: int,
    lengths: tuple[int, int, int],
    conjugate: bool = False,
) -> Any:
    made = call.empty(WORD * lines * lengths[1])
    settings = call.put(np.array([*lengths, lines], np.uint32))
    kernel = call.machine.kernel("fft_chirp", CONJUGATE=conjugate)
    call.run(kernel, [buffer, call.put(table), settings, made], _spread(call, -(-lines * lengths[1] // 64)))
    return made


def _spread(call: Call, groups: int) -> tuple[int, int, int]:
    """So many groups or a few more, over two axes where one is too short."""
    across = min(groups, call.machine.adapter.workgroups)
    return across, -(-groups // across), 1


@cache
def _passes(radices: tuple[int, ...]) -> str:
    """All passes of a line, one after the other."""
    lines, done = [], 1
    for number, radix in enumerate(radices):
        lines.append(f"    step_{radix}(lane, {'LENGTH' if number % 2 else '0u'}, {done}u);\n")
        done *= radix
    steps = "".join(text("fft_step").replace("RADIX", str(radix)) for radix in sorted(set(radices)))
    last = "LENGTH" if len(radices) % 2 else "0u"
    return f"{steps}fn passes(lane: u32) -> u32 {{\n{''.join(lines)}    return {last};\n}}\n"


@cache
def _turns(length: int) -> NDArray[np.complex64]:
    return np.exp(-2j * np.pi * np.arange(length) / length).astype(np.complex64)


@cache
def _chirps(length: int) -> tuple[NDArray[np.complex64], NDArray[np.complex64]]:
    """Bluestein's chirp, and the spectrum of its conjugate, scaled for the way back."""
    longer = _smooth(length)
    squares = np.arange(length, dtype=np.int64) ** 2 % (2 * length)  # exact, as cosines of large numbers are not
    chirp = np.exp(-1j * np.pi * squares / length)
    wrapped = np.zeros(longer, np.complex128)
    wrapped[:length] = np.conj(chirp)
    wrapped[longer - length + 1 :] = np.conj(chirp[:0:-1])
    return chirp.astype(np.complex64), (np.fft.fft(wrapped) / longer).astype(np.complex64)
