"""References on the adapter: uploaded once, and there for as long as the spline lives."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from holdstill.contracts import DirectSums, NoiseModel, Spline
from holdstill.devices.gpu.machine import Call, Machine

__all__ = ["joined", "noise_words", "reference_of"]

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


def noise_words(call: Call, noise: NoiseModel) -> Any:
    """The noise model as the kernels read it."""
    return call.put(np.array([noise.gain, noise.read_variance, noise.offset], np.float32))


def joined(parts: list[DirectSums], n_columns: int) -> DirectSums:
    """Sums of all batches; of none, with as many columns, if there are none."""
    if not parts:
        return DirectSums(np.zeros((0, n_columns, n_columns)), np.zeros((0, n_columns)), np.zeros(0), np.zeros(0))
    names = ("normal", "right", "squares", "count")
    return DirectSums(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
