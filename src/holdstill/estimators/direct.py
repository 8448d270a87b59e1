"""Direct alignment: the maximum of the likelihood of all pixels, reached by Gauss-Newton steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, Estimates, FloatArray, Frames, NoiseModel, Reference, Verdict
from holdstill.devices.interpolation import make_spline
from holdstill.errors import InputError
from holdstill.estimators._denoise import denoise
from holdstill.estimators._gauss_newton import Fit, Level, inflation, refine
from holdstill.estimators._start import Start, find_start, prepare_start
from holdstill.estimators.base import FittingEstimator

__all__ = ["Direct"]

COARSE_PX = {2: 96, 3: 40}
MAX_FACTOR = 8
SEARCHED = 0.45
COARSE_ITERATIONS = 4
COARSE_ACCURACY = 0.5
LOW_CONTRAST_PX = 0.5
MIN_OVERLAP = 0.25
MIN_GAIN_Z = 7.0
MIN_PEAK_Z = 5.0
MAX_SATURATED = 0.05


@dataclass(frozen=True, eq=False)
class DirectState:
    """The prepared reference: levels from coarse to fine, the search, and what the verdicts need."""

    shape: tuple[int, ...]
    levels: tuple[Level, ...]
    start: Start
    max_shift: FloatArray
    variance_factor: float
    saturated: float
    mean: float


@dataclass(frozen=True, kw_only=True)
class Direct(FittingEstimator):
    """Translation by direct alignment of all pixels, 2D and 3D, to the accuracy that the photons allow.

    A cross-correlation of binned images finds the start, shifts up to 40 % of the frame. Gauss-Newton steps at
    increasing resolution then maximise the likelihood of ``frame(q) = gain * reference(q - shift) + offset`` under the
    noise model. The reference, a cubic B-spline, is what is interpolated; the frame's own pixels are compared as they
    are, so their noise stays white and independent.

    Parameters
    ----------
    max_shift : float or tuple of float, optional
        Largest shift in px, one for all axes or one each ``([z,] y, x)``. Default: 45 % of the frame is searched.
    cutoff : float
        Residual, in standard deviations, at which a pixel's weight falls to a quarter; ``inf`` for least squares.
        Default 6.
    max_iterations : int
        Steps at each resolution. Default 8.
    accuracy : float
        Stop when a further step would change less than this share of the error bar. Default 0.1.

    Notes
    -----
    Errors are the Cramér-Rao bound, the inverse of ``sum grad I grad I^T / variance`` after gain and offset are
    eliminated (Robinson and Milanfar, IEEE TIP 13:1185, 2004), scaled by the frame's own reduced chi square and, for a
    reference made of n frames, by 1 + 1/n.

    Examples
    --------
    >>> import numpy as np
    >>> from holdstill.estimators import Direct
    >>> Direct(max_shift=(20, 40)).max_shift
    (20, 40)
    """

    max_shift: float | tuple[float, ...] | None = None
    cutoff: float = 6.0
    max_iterations: int = 8
    accuracy: float = 0.1

    def prepare(self, reference: Reference, device: Device) -> DirectState:
        """See `Estimator.prepare`. Raises InputError for a `max_shift` that does not fit the axes."""
        shape = reference.image.shape
        noise = reference.noise or NoiseModel()
        image, counts, kept = _smooth(reference, noise)
        mean = float(image[counts].mean()) if counts.any() else 0.0
        factors = _coarse_factors(shape)
        masked = np.where(counts, image - mean, np.nan).astype(np.float32)
        levels = []
        while True:
            block = int(np.prod(factors))
            level_image = device.bin(masked[None], factors)[0]
            level_noise = NoiseModel(
                gain=noise.gain / block, read_variance=noise.read_variance / block, offset=noise.offset
            )
            levels.append(Level(factors, make_spline(level_image), level_noise))
            if block == 1:
                break
            # halves before the whole: spots of 2 px are aliased at 4 x, which starts the last level 0.1 px off
            factors = tuple(min(factor, 2) if max(factors) > 2 else 1 for factor in factors)
        coarse = device.bin(masked[None], levels[0].factors)[0]
        limit = self._limits(shape)
        margin = limit / np.array(levels[0].factors) + 1
        known = np.isfinite(coarse)
        typical = (
            float(levels[0].noise.variance(coarse[known] + mean).mean()) if reference.noise and known.any() else 0.0
        )
        n = reference.n_averaged
        factor = inflation(self.cutoff) * (1 + 1 / n) / (1 + kept / n)
        return DirectState(
            shape, tuple(levels), prepare_start(coarse, typical, margin), limit, factor, _top_share(image), mean
        )

    def estimate(self, state: DirectState, frames: Frames, device: Device) -> Estimates:
        """See `Estimator.estimate`."""
        coarse = state.levels[0]
        binned = device.bin(frames, coarse.factors)
        shifts, peak_z = find_start(state.start, binned - np.float32(state.mean), device)
        fit = Fit.start(shifts * np.array(coarse.factors))
        fit.offsets[:] = state.mean
        for level in state.levels:
            pixels = binned if level is coarse else frames
            if level is not coarse and max(level.factors) > 1:
                pixels = device.bin(frames, level.factors)
            refine(
                device, level, pixels, fit, cutoff=self.cutoff,
                max_iterations=self.max_iterations if max(level.factors) == 1 else COARSE_ITERATIONS,
                accuracy=self.accuracy if max(level.factors) == 1 else COARSE_ACCURACY,
            )  # fmt: skip
        errors = np.sqrt(np.einsum("nii->ni", fit.covariance) * state.variance_factor)
        verdicts = tuple(
            _verdict(state, fit.shifts[n], errors[n], fit.gain_z[n], peak_z[n], fit.pixels[n], binned[n], frames)
            for n in range(len(frames))
        )
        return Estimates(parameters=fit.shifts, errors=errors, scores=fit.score, verdicts=verdicts)

    def _limits(self, shape: tuple[int, ...]) -> FloatArray:
        if self.max_shift is None:
            return np.array(shape) * SEARCHED
        limits = np.asarray(self.max_shift, np.float64)
        if limits.ndim > 1 or (limits.ndim == 1 and len(limits) != len(shape)) or not (limits >= 0).all():
            axes = "(z, y, x)" if len(shape) == 3 else "(y, x)"
            raise InputError(f"max_shift must be one number >= 0 or one for each of {axes}, not {self.max_shift!r}")
        return np.broadcast_to(limits, (len(shape),)).copy()


def _coarse_factors(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Powers of two that leave about 100 px (40 in volumes) along each axis: 4 for 512 px."""
    target = COARSE_PX[len(shape)]
    return tuple(int(2 ** np.clip(np.floor(np.log2(max(n / target, 1))), 0, np.log2(MAX_FACTOR))) for n in shape)


def _smooth(reference: Reference, noise: NoiseModel) -> tuple[FloatArray, NDArray[np.bool_], float]:
    """Image as float64, which pixels count, and the share of its noise that is left after denoising."""
    image = np.asarray(reference.image, np.float64)
    counts = np.isfinite(image) if reference.mask is None else np.isfinite(image) & reference.mask
    known = np.isfinite(image)
    if reference.noise is None or not np.isfinite(reference.n_averaged) or not counts.any():
        return image, counts, 1.0
    mean = image[known].mean()
    filled = np.where(known, image, mean)
    variance = float(noise.variance(filled[counts]).mean()) / reference.n_averaged
    smooth, kept = denoise(filled, variance)
    return smooth, counts, kept


def _top_share(image: NDArray[Any]) -> float:
    """Share of an image that stands at the top of its 8- or 16-bit range, whichever it seems to use."""
    finite = image[np.isfinite(image)]
    if not finite.size:
        return 0.0
    top = finite.max()
    return float((finite >= top - 1e-3 * abs(top)).mean()) if top in (255.0, 4095.0, 65535.0) else 0.0


def _verdict(
    state: DirectState,
    shift: FloatArray,
    error: FloatArray,
    gain_z: float,
    peak_z: float,
    pixels: float,
    binned: NDArray[np.float32],
    frames: Frames,
) -> Verdict:
    """First reason that applies."""
    finite = binned[np.isfinite(binned)]
    if finite.size < 2 or np.ptp(finite) == 0:
        return Verdict.BLANK
    if np.issubdtype(frames.dtype, np.integer):
        top = np.iinfo(frames.dtype).max
        if (finite >= top - 0.5).mean() > MAX_SATURATED + state.saturated:
            return Verdict.SATURATED
    if gain_z < MIN_GAIN_Z or not np.isfinite(error).all() or peak_z < MIN_PEAK_Z:
        return Verdict.BLANK
    overlap = np.prod(np.maximum(1 - np.abs(shift) / np.array(state.shape), 0))
    if (np.abs(shift) > state.max_shift).any() or overlap < MIN_OVERLAP:
        return Verdict.OUT_OF_RANGE
    if (error > LOW_CONTRAST_PX).any():
        return Verdict.LOW_CONTRAST
    return Verdict.OK
