"""Phase correlation, safe against patterns that stay put."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from holdstill.contracts import Device, FloatArray, Frames
from holdstill.errors import InputError, UnknownName
from holdstill.estimators._correlation import filled
from holdstill.estimators._judged import JudgedEstimator, Located
from holdstill.estimators._subpixel import SUBPIXEL, around, between
from holdstill.estimators._verdicts import Limits

__all__ = ["PhaseCorrelation"]

WINDOWS = ("hann", "tukey", "none")
TUKEY_SHARE = 0.25
N_PEAKS = 4
# a peak that stands so far above the next one is taken without asking the overlap
CLEAR = 1.6
JUDGE_PX = 128
LOCAL_MEAN_PX = 15
TRUSTED = 1e-3
NOISE_WEIGHT = 3.0


@dataclass(frozen=True, eq=False)
class _Search:
    """`spectrum`: conjugate and whitened, of the windowed reference; `local`: what candidates are judged by."""

    window: NDArray[np.float32]
    spectrum: NDArray[np.complex64]
    power: NDArray[np.float32]
    finest: tuple[slice, ...]
    allowed: NDArray[np.bool_]
    factors: tuple[int, ...]
    local: NDArray[np.float32]
    counts: NDArray[np.bool_] | None


@dataclass(frozen=True, kw_only=True)
class PhaseCorrelation(JudgedEstimator):
    """Shift by the phases of the cross-power spectrum alone; 2D and 3D, any size.

    A pattern that stays put, such as dust on the camera, makes a peak at zero shift that may hide the specimen's. The
    best peaks, and zero, are therefore judged by the correlation in their true overlap of images from which slow
    changes were taken: a true zero shift survives, a false one does not.

    Parameters
    ----------
    max_shift : float or tuple of float, optional
        Largest shift in px, one for all axes or one each ``([z,] y, x)``. Default: 45 % of the frame.
    subpixel : {"upsampled", "gaussian", "parabola", "com", "none"}
        How the peak is found between pixels. Default "upsampled": by the Fourier transform about the peak.
    upsample : int
        Steps per px of "upsampled". Default 100.
    window : {"hann", "tukey", "none"}
        Taper of the borders. Default "hann".

    Raises
    ------
    UnknownName, InputError
        There is no such window or sub-pixel method; `upsample` is below 1.

    Notes
    -----
    Kuglin and Hines, Proc. IEEE Conf. Cybernetics and Society 163 (1975); upsampling: Guizar-Sicairos, Thurman and
    Fienup, Optics Letters 33:156 (2008).

    Examples
    --------
    >>> import numpy as np
    >>> from holdstill.estimators import PhaseCorrelation
    >>> image = np.random.default_rng(0).random((64, 64))
    >>> PhaseCorrelation(subpixel="none").fit(np.stack([image, np.roll(image, 3, axis=0)]), reference=0).shifts
    array([[0., 0.],
           [3., 0.]])
    """

    subpixel: str = "upsampled"
    upsample: int = 100
    window: str = "hann"

    def __post_init__(self) -> None:
        """Refuse what is not known."""
        super().__post_init__()
        if self.window not in WINDOWS:
            raise UnknownName(f"there is no window {self.window!r}; choose one of {', '.join(WINDOWS)}")
        if self.subpixel not in (*SUBPIXEL, "upsampled"):
            known = ", ".join((*SUBPIXEL, "upsampled"))
            raise UnknownName(f"there is no sub-pixel method {self.subpixel!r}; choose one of {known}")
        if self.upsample < 1:
            raise InputError(f"upsample must be at least 1, not {self.upsample}")

    def _search(self, reference: NDArray[np.float32], limits: Limits, device: Device) -> _Search:
        shape, known = reference.shape, np.isfinite(reference)
        window = np.ones((), np.float32)
        for n in shape:
            window = np.multiply.outer(window, _taper(self.window, n)).astype(np.float32)
        whole = filled(reference[None])[0]
        spectrum = fft.rfftn((whole - whole.mean()) * window)
        size = np.abs(spectrum)
        floor = TRUSTED * float(size.max()) + 1e-30
        axes = [np.abs(np.fft.fftfreq(n) * n) <= limit for n, limit in zip(shape, limits.max_shift, strict=True)]
        allowed = np.logical_and.reduce(np.meshgrid(*axes, indexing="ij"))
        factors = tuple(max(1, n // JUDGE_PX) for n in shape)
        finest = (*(slice(int(0.42 * n), int(0.58 * n) + 1) for n in shape[:-1]), slice(int(0.42 * shape[-1]), None))
        return _Search(
            window, np.asarray(np.conj(spectrum) / np.maximum(size, floor), np.complex64),
            np.asarray(size**2, np.float32), finest, allowed, factors,
            _less_local_mean(device.bin(whole[None], factors))[0], None if known.all() else known,
        )  # fmt: skip

    def _locate(self, search: Any, frames: Frames, device: Device) -> Located:
        parts = [self._some(search, filled(frames[n : n + 1], search.counts), device) for n in range(len(frames))]
        return Located(np.concatenate([part.shifts for part in parts]), np.concatenate([part.peak_z for part in parts]))

    def _some(self, search: _Search, pixels: NDArray[np.float32], device: Device) -> Located:
        ndim, shape = search.window.ndim, search.window.shape
        axes = tuple(range(1, ndim + 1))
        spectra = fft.rfftn((pixels - pixels.mean(axis=axes, keepdims=True)) * search.window, axes=axes)
        power = spectra.real**2 + spectra.imag**2
        noise = power[(slice(None), *search.finest)].mean(axis=axes, keepdims=True)
        # a phase counts as far as the reference stands above the noise there
        cross = spectra * search.spectrum * (search.power / (search.power + NOISE_WEIGHT * noise))
        cross /= np.sqrt(np.maximum(power, TRUSTED**2 * power.max(axis=axes, keepdims=True) + 1e-30))
        surfaces = np.asarray(fft.irfftn(cross, s=shape, axes=axes), np.float32)
        found = _best_peaks(search, surfaces, pixels, device)
        flat = surfaces.reshape(len(surfaces), -1)
        spread = np.maximum(np.sqrt(np.mean(flat**2, axis=1)), 1e-30)
        peak_z = surfaces[(np.arange(len(found)), *(found % shape).T)] / spread
        if self.subpixel != "upsampled":
            return Located(found + between(around(surfaces, found % shape, circular=True), self.subpixel), peak_z)
        shifts = np.stack([_upsampled(one, peak, shape, self.upsample) for one, peak in zip(cross, found, strict=True)])
        return Located(shifts, peak_z)


def _taper(name: str, length: int) -> FloatArray:
    x = (np.arange(length) + 0.5) / length
    if name == "none":
        return np.ones(length)
    if name == "hann":
        return 0.5 - 0.5 * np.cos(2 * np.pi * x)
    edge = np.minimum(np.minimum(x, 1 - x) / (TUKEY_SHARE / 2), 1.0)
    return 0.5 - 0.5 * np.cos(np.pi * edge)


def _less_local_mean(images: NDArray[np.float32]) -> NDArray[np.float32]:
    size = (1,) + (LOCAL_MEAN_PX,) * (images.ndim - 1)
    return images - ndimage.uniform_filter(images, size, mode="nearest")


def _best_peaks(
    search: _Search, surfaces: NDArray[np.float32], pixels: NDArray[np.float32], device: Device
) -> NDArray[np.int64]:
    """Whole-pixel shifts (n, ndim): the highest peak where it is clear, else the one whose overlap agrees best."""
    shape, ndim = search.window.shape, search.window.ndim
    searched = np.where(search.allowed, surfaces, -np.inf)
    around_peak = np.stack(np.meshgrid(*[np.arange(-2, 3)] * ndim, indexing="ij"), axis=-1).reshape(-1, ndim)
    found = np.empty((len(surfaces), ndim), np.int64)
    half = np.array(shape) // 2
    for n, surface in enumerate(searched):
        candidates, heights = np.zeros((N_PEAKS + 1, ndim), np.int64), np.zeros(N_PEAKS)
        for k in range(N_PEAKS):
            best = np.array(np.unravel_index(int(surface.argmax()), shape))
            candidates[k], heights[k] = (best + half) % shape - half, surface[tuple(best)]
            if k == 1 and candidates[0].any() and heights[0] > CLEAR * max(heights[1], 0.0):
                break
            surface[tuple(((best + around_peak) % shape).T)] = -np.inf
        else:
            candidates[0] = _uphill(surfaces[n], _judged(search, pixels[n], candidates, device))
        found[n] = candidates[0]
    return found


def _uphill(surface: NDArray[np.float32], start: NDArray[np.int64]) -> NDArray[np.int64]:
    """The top of the hill that a candidate stands on: several may stand on one, and are told apart only coarsely."""
    here = start
    steps = np.stack(np.meshgrid(*[np.arange(-1, 2)] * surface.ndim, indexing="ij"), axis=-1).reshape(-1, surface.ndim)
    for _ in range(2 * JUDGE_PX):
        near = here + steps
        best = near[int(surface[tuple((near % surface.shape).T)].argmax())]
        if (best == here).all():
            break
        here = best
    return here


def _judged(
    search: _Search, frame: NDArray[np.float32], candidates: NDArray[np.int64], device: Device
) -> NDArray[np.int64]:
    """The candidate whose correlation in the overlap is most significant, on binned images without slow changes."""
    local = _less_local_mean(device.bin(frame[None], search.factors))
    binned = np.round(candidates / np.array(search.factors)).astype(np.int64)
    scores = device.overlap_correlation(local, search.local, binned[None])[0]
    counts = np.prod(np.maximum(np.array(search.local.shape) - np.abs(binned), 0), axis=1)
    return candidates[int((np.arctanh(np.clip(scores, -0.999999, 0.999999)) * np.sqrt(counts)).argmax())]


def _upsampled(
    cross: NDArray[np.complex64], peak: NDArray[np.int64], shape: tuple[int, ...], upsample: int
) -> FloatArray:
    """Peak of the cross-power spectrum's transform on a grid of ``1 / upsample`` px, in two stages."""
    where = peak.astype(np.float64)
    frequencies = [np.fft.fftfreq(n) for n in shape[:-1]] + [np.fft.rfftfreq(shape[-1])]
    # what the half spectrum leaves out is the conjugate of what it holds
    doubled = cross.copy()
    doubled[..., 1 : (shape[-1] + 1) // 2] *= 2
    for step, reach in ((min(upsample, 10), 0.8), (upsample, 0.16)):
        offsets = np.arange(-round(reach * step), round(reach * step) + 1) / step
        values: NDArray[Any] = doubled
        for axis in reversed(range(len(shape))):
            kernel = np.exp(2j * np.pi * np.outer(frequencies[axis], where[axis] + offsets)).astype(np.complex64)
            values = np.moveaxis(np.tensordot(values, kernel, axes=([axis], [0])), -1, axis)
        best = np.unravel_index(int(values.real.argmax()), values.shape)
        where = where + np.array([offsets[k] for k in best])
    return where
