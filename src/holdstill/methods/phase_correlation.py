"""Phase correlation, safe against patterns that stay put."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from holdstill.contracts import Device, FloatArray, Frames
from holdstill.errors import InputError, UnknownName
from holdstill.methods.likelihood.judged import JudgedEstimator, Located
from holdstill.methods.likelihood.significance import subtract_local_mean, weigh_overlaps
from holdstill.methods.likelihood.verdicts import Limits
from holdstill.methods.search.correlation import find_upsampled_peak, half_frequencies
from holdstill.methods.search.subpixel import SUBPIXEL, between
from holdstill.methods.search.unknown import fill_unknown, leave_out
from holdstill.methods.search.windows import multiply_outer, taper

__all__ = ["PhaseCorrelation"]

# what share of an axis the weights rise over, at either end
WINDOWS = {"hann": 0.5, "tukey": 0.125, "none": 0.0}
N_PEAKS = 4
# a peak that stands so far above the next one is taken without asking the overlap
CLEAR = 1.6
JUDGE_PX = 128
TRUSTED = 1e-3
NOISE_WEIGHT = 3.0
# an axis of so many px is halved if no more than this share of the content that tells of motion is lost
HALVED_PX, LOST = 128, 0.02
SIGNIFICANT = 5.0


@dataclass(frozen=True, eq=False)
class _Search:
    """The reference, binned by `factors` and windowed.

    `spectrum` is conjugate and whitened, `power` what it was, `finest` where it holds noise alone; `local`, binned by
    `coarser` once more, is what candidates are judged by.
    """

    factors: tuple[int, ...]
    window: NDArray[np.float32]
    spectrum: NDArray[np.complex64]
    power: NDArray[np.float32]
    finest: tuple[slice, ...]
    allowed: NDArray[np.bool_]
    coarser: tuple[int, ...]
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
    Axes of 128 px and more are halved first where the reference shows nothing so fine that it would be lost: twice as
    fast, and errors larger by 0 to 20 %. Where a pattern that stays put and the specimen are less than 2 px apart,
    their peaks are one, and the shift lies between; the error bar says so.

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

    @property
    def is_whole(self) -> bool:
        return super().is_whole or (self.subpixel == "upsampled" and self.upsample == 1)

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
        known = np.isfinite(reference)
        whole = fill_unknown(reference[None])
        factors = _halvings((whole[0] - whole.mean(dtype=np.float64)) * self._window(reference.shape))
        image = device.bin(whole, factors)[0]
        shape, window = image.shape, self._window(image.shape)
        spectrum = fft.rfftn((image - image.mean()) * window)
        size = np.abs(spectrum)
        reach = np.ceil(limits.max_shift / np.array(factors))
        axes = [np.abs(np.fft.fftfreq(n) * n) <= limit for n, limit in zip(shape, reach, strict=True)]
        coarser = tuple(max(1, n // JUDGE_PX) for n in shape)
        return _Search(
            factors, window,
            np.asarray(np.conj(spectrum) / np.maximum(size, TRUSTED * float(size.max()) + 1e-30), np.complex64),
            np.asarray(size**2, np.float32), _finest(shape), np.logical_and.reduce(np.meshgrid(*axes, indexing="ij")),
            coarser, subtract_local_mean(device.bin(image[None], coarser), len(shape))[0],
            None if known.all() else known,
        )  # fmt: skip

    def _window(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        return multiply_outer([taper(n, WINDOWS[self.window] * n) for n in shape]).astype(np.float32)

    def _locate(self, search: Any, frames: Frames, device: Device) -> Located:
        found = [self._one(search, frames[n : n + 1], device) for n in range(len(frames))]
        return Located(np.stack([shift for shift, _ in found]), np.array([height for _, height in found]))

    def _one(self, search: _Search, frame: Frames, device: Device) -> tuple[FloatArray, float]:
        """Shift of one frame, (1, ...), and how far its peak stands out."""
        shape, factors = search.window.shape, np.array(search.factors)
        pixels = fill_unknown(
            device.bin(
                frame if search.counts is None else fill_unknown(leave_out(frame, search.counts)), search.factors
            )
        )
        cross = _cross_phases(search, (pixels[0] - pixels.mean()) * search.window)
        surface = np.asarray(fft.irfftn(cross, s=shape), np.float32)
        peak = _best_peak(search, surface, pixels, device)
        height = float(surface[tuple(peak % shape)] / max(float(np.sqrt(np.mean(surface**2))), 1e-30))
        block = surface[tuple(((peak + _steps(len(shape), 1)) % shape).T)]
        values = block.reshape(1, *(3,) * len(shape)).astype(np.float64)
        if self.subpixel != "upsampled":
            # binned pixels are no whole pixels: then the finest look at the transform makes them so
            near = peak * factors + between(values, self.subpixel)[0] * factors
            return (find_upsampled_peak(cross, near, shape, factors, 1) if self.subpixel == "none" else near), height
        near = (peak + between(values, "parabola")[0]) * factors
        return find_upsampled_peak(cross, near, shape, factors, self.upsample), height


def _finest(shape: tuple[int, ...]) -> tuple[slice, ...]:
    """Where a half spectrum holds the finest detail along all axes."""
    return (*(slice(int(0.42 * n), int(0.58 * n) + 1) for n in shape[:-1]), slice(int(0.42 * shape[-1]), None))


def _halvings(windowed: NDArray[np.float32]) -> tuple[int, ...]:
    """2 for each axis along which the content is so smooth that half the pixels tell as much of motion, else 1."""
    shape = windowed.shape
    power = np.abs(fft.rfftn(windowed)).astype(np.float64) ** 2
    noise = power[_finest(shape)].mean()
    frequencies = half_frequencies(shape)
    squares = np.sum(np.stack(np.meshgrid(*frequencies, indexing="ij")) ** 2, axis=0)
    told = squares * (power - noise)
    if told.sum() <= SIGNIFICANT * noise * np.sqrt((squares**2).sum()):
        return (1,) * len(shape)
    lost = [np.compress(np.abs(f) > 0.25, told, axis=axis).sum() / told.sum() for axis, f in enumerate(frequencies)]
    return tuple(2 if n >= HALVED_PX and abs(share) < LOST else 1 for n, share in zip(shape, lost, strict=True))


def _cross_phases(search: _Search, windowed: NDArray[np.float32]) -> NDArray[np.complex64]:
    """Phases of the cross-power spectrum; each counts as far as the reference stands above the frame's noise there."""
    spectrum = fft.rfftn(windowed)
    power = spectrum.real**2 + spectrum.imag**2
    noise = NOISE_WEIGHT * power[search.finest].mean()
    weights = search.power / (search.power + (noise + np.float32(1e-30)))
    weights /= np.sqrt(np.maximum(power, TRUSTED**2 * power.max() + np.float32(1e-30)))
    spectrum *= search.spectrum
    spectrum *= weights
    return np.asarray(spectrum, np.complex64)


def _best_peak(
    search: _Search, surface: NDArray[np.float32], pixels: NDArray[np.float32], device: Device
) -> NDArray[np.int64]:
    """Whole-pixel shift, (ndim,): the highest peak where it is clear, else the one whose overlap agrees best."""
    shape, ndim = surface.shape, surface.ndim
    searched = np.where(search.allowed, surface, np.float32(-np.inf))
    around_peak = _steps(ndim, 2)
    half = np.array(shape) // 2
    candidates, heights = np.zeros((N_PEAKS + 1, ndim), np.int64), np.zeros(N_PEAKS)
    for k in range(N_PEAKS):
        best = np.array(np.unravel_index(int(searched.argmax()), shape))
        candidates[k], heights[k] = (best + half) % shape - half, searched[tuple(best)]
        if k == 1 and candidates[0].any() and heights[0] > CLEAR * max(heights[1], 0.0):
            return candidates[0]
        searched[tuple(((best + around_peak) % shape).T)] = -np.inf
    return _uphill(surface, _judge_candidates(search, pixels[0], candidates, device))


@cache
def _steps(ndim: int, reach: int) -> NDArray[np.int64]:
    """All whole-pixel steps up to `reach` along each axis, (n, ndim)."""
    return np.stack(np.meshgrid(*[np.arange(-reach, reach + 1)] * ndim, indexing="ij"), axis=-1).reshape(-1, ndim)


def _uphill(surface: NDArray[np.float32], start: NDArray[np.int64]) -> NDArray[np.int64]:
    """The top of the hill that a candidate stands on: several may stand on one, and are told apart only coarsely."""
    here = start
    steps = _steps(surface.ndim, 1)
    for _ in range(2 * JUDGE_PX):
        near = here + steps
        best = near[int(surface[tuple((near % surface.shape).T)].argmax())]
        if (best == here).all():
            break
        here = best
    return here


def _judge_candidates(
    search: _Search, frame: NDArray[np.float32], candidates: NDArray[np.int64], device: Device
) -> NDArray[np.int64]:
    """The candidate whose correlation in the overlap is most significant, on binned images without slow changes."""
    local = subtract_local_mean(device.bin(frame[None], search.coarser), frame.ndim)
    binned = np.round(candidates / np.array(search.coarser)).astype(np.int64)
    scores = device.overlap_correlation(local, search.local, binned[None])[0]
    return candidates[int(weigh_overlaps(scores, binned, search.local.shape).argmax())]
