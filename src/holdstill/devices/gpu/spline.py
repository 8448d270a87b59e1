"""References on the adapter: uploaded once, and there for as long as the spline lives."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from holdstill.contracts import DirectSums, FloatArray, NoiseModel, Spline
from holdstill.devices.gpu.machine import Call, Machine

__all__ = ["join_pairs", "noise_words", "reference_of", "spline_rows"]

_known: WeakKeyDictionary[Spline, dict[Machine, tuple[Any, Any, bool]]] = WeakKeyDictionary()


def reference_of(call: Call, spline: Spline) -> tuple[Any, Any, bool]:
    """Buffers of the coefficients and of the mask, and whether the mask leaves anything out."""
    there = _known.setdefault(spline, {})
    if call.machine not in there:
        masked = not spline.mask.all()
        mask = np.zeros(-(-spline.mask.size // 4) * 4 if masked else 4, np.uint8)
        if masked:
            mask[: spline.mask.size] = spline.mask.ravel()
        buffers = call.put(spline.coefficients), call.put(mask)
        for buffer in buffers:
            call.keep(buffer, spline)
        there[call.machine] = (*buffers, masked)
    return there[call.machine]


def spline_rows(f: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weights of the cubic B-spline and of its derivative at fractions f, (n, 4) each, see `spline_weights`."""
    g = 1 - f
    value = [g**3 / 6, (3 * f**3 - 6 * f**2 + 4) / 6, (3 * g**3 - 6 * g**2 + 4) / 6, f**3 / 6]
    slope = [-(g**2) / 2, (3 * f**2 - 4 * f) / 2, (4 * g - 3 * g**2) / 2, f**2 / 2]
    return np.stack(value, axis=1), np.stack(slope, axis=1)


def noise_words(call: Call, noise: NoiseModel) -> Any:
    """The noise model as the kernels read it."""
    return call.put(np.array([noise.gain, noise.read_variance, noise.offset], np.float32))


def join_pairs(parts: list[DirectSums], n_columns: int) -> DirectSums:
    """Sums of all batches; of none, with as many columns, if there are none."""
    if not parts:
        return DirectSums(np.zeros((0, n_columns, n_columns)), np.zeros((0, n_columns)), np.zeros(0), np.zeros(0))
    names = ("normal", "right", "squares", "count")
    return DirectSums(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
