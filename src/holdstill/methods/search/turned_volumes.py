"""Where to begin when volumes may be turned by more than a fit of mere shifts follows: rotations tried one by one."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, FloatArray
from holdstill.methods.likelihood.likeness import Likeness, pass_band
from holdstill.methods.likelihood.warp_newton import WarpFit
from holdstill.methods.search.coarse_fits import CoarseFits, join_fits
from holdstill.methods.search.start import Start, find_start
from holdstill.transforms.motions import find_warp_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["find_volume_turn"]

# rotation vectors: fits follow more than half of such a step, so that all up to 15 degrees are within reach
STEP_DEG = 10.0
N_FITTED = 4


def find_volume_turn(
    fits: CoarseFits, start: Start, judged: Likeness, binned: NDArray[np.float32], own: FloatArray, device: Device
) -> tuple[WarpFit, float]:
    """Of the places where one binned volume, (1, z, y, x), may be, the one at which it agrees best; its significance.

    `own`, (k, n_params), are places that are known to be worth a look.
    """
    begun = np.concatenate([own, _try_rotations(fits, start, binned, device)])
    found = fits.fit_all(binned, begun, device)
    found = join_fits(fits.fit(binned, own[:1], device), found)
    trajectory = Trajectory(found.motion, found.parameters(), found.shape)
    passed = pass_band(binned)
    heights = np.array(
        [judged.compare(judged.align(device, passed, trajectory.part([k])))[1][0] for k in range(len(trajectory))]
    )
    best = int(heights.argmax())
    return found.rows(np.array([best])), float(heights[best])


def _try_rotations(fits: CoarseFits, start: Start, binned: NDArray[np.float32], device: Device) -> FloatArray:
    """Parameters (k, n_params) of the rotations after which the best shift stands out most."""
    rigid, shape = find_warp_motion("rigid"), fits.shape
    factors = np.array(fits.level.factors, float)
    offset = (np.array(binned.shape[1:]) * factors - np.array(shape)) / 2
    vectors = np.deg2rad(STEP_DEG) * np.array([v for v in itertools.product((-1, 0, 1), repeat=3) if any(v)], float)
    parameters = np.hstack([np.zeros_like(vectors), vectors])
    finite = np.where(np.isfinite(binned), binned, np.nanmean(binned)).astype(np.float32)
    turned, heights = np.empty_like(finite), np.empty(len(vectors))
    for k, one in enumerate(parameters):
        trajectory = Trajectory(rigid, one[None], shape)
        trajectory.rescale(factors, offset, binned.shape[1:]).resample(
            device, finite, interpolation="linear", edge="nearest", fill=0, out=turned
        )
        beginning = find_start(start, turned, device)
        # turned(p) = frame(R p), so that frame(R (p + shift)) = reference(p)
        linear = rigid.warps(one[None], 3).reshape(3, 4)[:, 1:]
        parameters[k, :3], heights[k] = linear @ (beginning.shifts[0] * factors), beginning.peak_z[0]
    best = np.argsort(-heights, kind="stable")[:N_FITTED]
    return fits.motion.parameters(fits.motion.widen_affine(rigid.warps(parameters[best], 3)), 3)
