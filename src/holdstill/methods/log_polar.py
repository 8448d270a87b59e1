"""Rotation and scale from the magnitudes of spectra, then the shift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from holdstill.contracts import Device, Estimates, Estimator, Frames, NoiseModel, Reference
from holdstill.devices.interpolation import make_spline
from holdstill.errors import InputError
from holdstill.methods.likelihood.gauss_newton import Level
from holdstill.methods.likelihood.judged import CUTOFF, reference_pixels
from holdstill.methods.likelihood.judged_warp import WarpJudge, judge_warps, make_warp_judge
from holdstill.methods.search.rotated_start import WarpSearch, find_turns, make_warp_search
from holdstill.methods.search.start import prepare_start
from holdstill.transforms.motions import find_warp_motion

__all__ = ["LogPolar"]

COARSE_PX = 96
REFINING_STEPS = 10


@dataclass(frozen=True, eq=False)
class _State:
    search: WarpSearch
    judge: WarpJudge


@dataclass(frozen=True, kw_only=True)
class LogPolar(Estimator):
    """Rotation by any angle, scale, and shift, from scratch: Fourier-Mellin; planes only.

    Magnitudes of spectra do not move with the image; on log-polar coordinates rotation and scale become shifts. The
    shift is found after turning back, which also tells a half turn from none. That is good to a degree and a few px,
    from where direct alignment goes on; `Direct` itself begins like this where it has to.

    Parameters
    ----------
    motion : {"rigid", "similarity"}
        With or without a change of scale. Default "rigid".
    refine : bool
        Go on to the likeliest transform by direct alignment. Default True.
    max_shift : float or tuple of float, optional
        Largest shift in px, one for both axes or one each ``(y, x)``. Default: 45 % of the frame.

    Notes
    -----
    Reddy and Chatterji, IEEE TIP 5:1266 (1996).

    Examples
    --------
    >>> from holdstill.estimators import LogPolar
    >>> LogPolar(motion="similarity").motion
    'similarity'
    """

    motions: ClassVar[tuple[str, ...]] = ("rigid", "similarity")
    motion: str = "rigid"
    refine: bool = True
    max_shift: float | tuple[float, ...] | None = None

    def prepare(self, reference: Reference, device: Device) -> Any:
        """See `Estimator.prepare`. Raises InputError for volumes."""
        pixels = reference_pixels(reference)
        if pixels.ndim != 2:
            raise InputError("LogPolar is for planes (y, x) only; Direct turns volumes too")
        judge = make_warp_judge(reference, self.max_shift, device)
        factors = (int(2 ** max(0, np.floor(np.log2(max(min(pixels.shape) / COARSE_PX, 1))))),) * 2
        coarse = device.bin(pixels[None], factors)[0]
        noise = reference.noise or NoiseModel(read_variance=0.0)
        typical = float(np.mean(noise.variance(np.nan_to_num(pixels.astype(np.float64), nan=judge.mean))))
        variance = typical / float(np.prod(factors)) if reference.noise else 0.0
        margin = judge.limits.max_shift / np.array(factors) + 1
        level = Level(
            factors, make_spline(coarse - np.float32(judge.mean)), NoiseModel(read_variance=max(variance, 1e-6))
        )
        start, motion = prepare_start(coarse, variance, margin), find_warp_motion(self.motion)
        return _State(
            make_warp_search(
                motion,
                pixels,
                np.asarray(reference.image, np.float32),
                level,
                start,
                judge.mean,
                CUTOFF,
                device,
                noise_share=None,
            ),
            judge,
        )

    def estimate(self, state: Any, frames: Frames, device: Device) -> Estimates:
        """See `Estimator.estimate`."""
        search: WarpSearch = state.search
        binned = device.bin(frames, search.level.factors)
        parameters, heights, ambiguous = find_turns(search, binned, frames, device, refine=self.refine)
        steps = REFINING_STEPS if self.refine else 0
        return judge_warps(state.judge, self.motion, parameters, heights, frames, device, steps, ambiguous=ambiguous)
