"""How each cycle lies over the first: registered on copies that fit into memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ImagesInfo
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError
from holdstill.integrity.cycles import Cycle
from holdstill.integrity.rows import FileRows
from holdstill.io.array import ArraySource
from holdstill.result.registration import Registration
from holdstill.run.options import RegisteringOptions
from holdstill.run.reduction import expand
from holdstill.run.register import register
from holdstill.transforms import Transform

__all__ = ["matrix_of", "register_cycles"]

# cells are ten pixels wide and more: a copy of 2,048 x 2,048 px places a slide of 20,000 to a tenth of a pixel
COPY_PX = 1 << 22
BAND_ROWS = 256


def register_cycles(cycles: list[Cycle], motion: str, pool: ThreadPoolExecutor) -> Registration:
    """The transforms from the first cycle to each, estimated on copies binned to 4 million pixels at most.

    All pairs of cycles are compared: the tenth resembles the ninth more than it does the first, of which it lost half.

    Raises
    ------
    InputError
        No cycle but the first could be registered.
    """
    height, width = cycles[0].shape
    factor = int(np.ceil(np.sqrt(height * width / COPY_PX)))
    copies = np.stack(list(pool.map(lambda cycle: _bin(cycle, factor), cycles)))
    source = ArraySource(copies, axes="TYX", name="the cycles")
    found = register(source, RegisteringOptions(motion=motion, reference="pairs"))
    if not (found.ok[0] and found.ok[1:].any()):
        reasons = ", ".join(sorted({verdict.value for verdict in found.verdicts} - {"ok"}))
        raise InputError(
            f"no cycle could be registered to the first ({reasons}); check the nuclear channel (--channel), or leave "
            "out --register"
        )
    info = ImagesInfo(
        name=cycles[0].source.info.name, axes="TYX", shape=(len(cycles), height, width), dtype=cycles[0].dtype,
        pixel_size_um=cycles[0].source.info.pixel_size_um,
    )  # fmt: skip
    whole = expand(found, info, bin=factor, average=1)
    return replace(whole, provenance={**whole.provenance, "bin": factor})


def _bin(cycle: Cycle, factor: int) -> NDArray[np.float32]:
    """A copy of which blocks of pixels became one, read row by row."""
    rows, device = FileRows(cycle.source, cycle.frame, cycle.channel), CpuDevice()
    height, width = (n // factor for n in cycle.shape)
    out = np.empty((height, width), np.float32)
    step = max(1, BAND_ROWS // factor)
    for top in range(0, height, step):
        stop = min(top + step, height)
        band = rows.read(top * factor, stop * factor)[None]
        out[top:stop] = device.bin(np.ascontiguousarray(band), (factor, factor))[0] if factor > 1 else band[0]
    return out


def matrix_of(registration: Registration, t: int) -> Transform:
    """From points of the first cycle to those of cycle `t`; all motions that cycles are registered by have matrices."""
    found, first = registration[t], registration[0]
    if not isinstance(found, Transform) or not isinstance(first, Transform):
        raise InputError(f"cycle {t + 1}: motion {registration.motion} has no matrix; register by affine or projective")
    return found.compose(first.inverse) if t else Transform.from_shift([0, 0])
