"""Fits of binned frames that begin at given transforms, as they are or through ever less blurred images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import Device, FloatArray, Frames, NoiseModel
from holdstill.devices.interpolation import make_spline
from holdstill.methods.likelihood.gauss_newton import Level
from holdstill.methods.likelihood.warp_newton import WarpFit, refine_warps
from holdstill.transforms.motions import WarpFamily

__all__ = ["CoarseFits", "blur_levels", "join_fits"]

COARSE_STEPS = 6
# blurred images, sd in binned px, let fits that begin far off find their way
BLURS = (6.0, 3.0, 1.5)


@dataclass(frozen=True, eq=False)
class CoarseFits:
    """What fits of binned frames need: `level` is of the binned reference, `blurs` the same ever less blurred."""

    motion: WarpFamily
    shape: tuple[int, ...]
    mean: float
    cutoff: float
    level: Level
    blurs: tuple[Level, ...]

    def fit(self, binned: Frames, parameters: FloatArray, device: Device, blurs: tuple[Level, ...] = ()) -> WarpFit:
        """A fit of binned frames that begins at given parameters, through blurred levels if there are any."""
        fit = WarpFit.start(self.motion, self.shape, parameters, self.mean)
        for blurred, sd in zip(blurs, BLURS, strict=False):
            images = ndimage.gaussian_filter(binned[:1], (0, *(sd for _ in self.shape)), mode="nearest")
            images = np.ascontiguousarray(np.broadcast_to(images, binned.shape))
            refine_warps(device, blurred, images, fit, cutoff=np.inf, max_iterations=COARSE_STEPS, accuracy=0.5)
        refine_warps(device, self.level, binned, fit, cutoff=self.cutoff, max_iterations=COARSE_STEPS, accuracy=0.5)
        return fit

    def fit_all(self, binned: NDArray[np.float32], parameters: FloatArray, device: Device) -> WarpFit:
        """Fits of one frame that begin at each of k `parameters`: as it is, and through blurred images; (2 k,)."""
        frames = np.ascontiguousarray(np.broadcast_to(binned, (len(parameters), *binned.shape[1:])))
        one, other = (self.fit(frames, parameters, device, blurs) for blurs in ((), self.blurs))
        return join_fits(one, other)


def join_fits(one: WarpFit, other: WarpFit) -> WarpFit:
    """The fits of both, one after the other."""
    rows = np.concatenate([np.arange(len(one.gains)), np.zeros(len(other.gains), np.intp)])
    joined = one.rows(rows)
    joined.replace_rows(np.arange(len(one.gains), len(rows)), other)
    return joined


def blur_levels(level: Level, coarse: NDArray[np.float32]) -> tuple[Level, ...]:
    """The binned reference, NaN where it does not count, ever less blurred."""
    known = np.isfinite(coarse)
    if not known.any():
        return ()
    made = []
    for sd in BLURS:
        weight = ndimage.gaussian_filter(known.astype(np.float32), sd, mode="nearest")
        image = ndimage.gaussian_filter(np.where(known, coarse, 0), sd, mode="nearest")
        made.append(
            Level(
                level.factors,
                make_spline(np.where(weight > 0.5, image / np.maximum(weight, 0.5), np.nan)),
                NoiseModel(read_variance=level.noise.read_variance),
            )
        )
    return tuple(made)
