"""Whether frames that were shifted turn, grow or shear as well: all of them tell what halves of dim ones do not.

What a small linear map ``u(x)`` leaves of a frame is, to first order, the slope of the template along it. Beside shifts
and uneven light the coefficients of four such maps are fitted to each frame; noise makes them differ from frame to
frame, a specimen that turns or bends goes on from one to the next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, FloatArray, NoiseModel, Verdict
from holdstill.methods.likelihood.denoise import denoise
from holdstill.reference.halves import FAR_PX
from holdstill.reference.learning import Alignment
from holdstill.reference.sample import Sample
from holdstill.reference.separation import show

__all__ = ["Turning", "goes_on"]

Images = NDArray[np.float32]

LEAST_FRAMES, MOST_FRAMES, WIDE_PX, LEAST_SIDE_PX = 12, 32, 256, 32
# fewer pixels than so many times the coefficients tell none of them
LEAST_PIXELS = 20
CUTOFF, STEPS = 6.0, 3
# Of 5-photon spots, cells and tissue, of which some walk or flash on their own, the mean product of neighbours is -4 to
# 3.3 standard errors; of specimens that turn by 15 degrees or bend by 4 px 7 and more.
SURELY = 6.0
# Shading that held frames back left 46 standard errors, and -1 less what went with the shifts; debris and a field that
# walks on its own up to 0.27 px there, and specimens that bend 0.38 to 0.46.
HELD_FAR_PX = 0.35
# coefficients further from most than so many deviations tell no more than that
FURTHEST = 4.0
# y y, y x, x y and x x: along which axis a place moves, and with which coordinate
N_MAPS = 4


@dataclass(frozen=True, eq=False)
class Turning:
    """Job: CONTENT_CHANGED if most of an aligned sample was moved by more than shifts, px at the edges of the frame.

    `is_held`: something may hold frames back, in some places more than in others: what goes with the shifts is its.
    """

    sample: Sample
    found: Alignment
    device: Device
    is_held: bool = False

    def __call__(self, everything: Chunk) -> Verdict | None:
        rows, shape = self.found.rows, self.sample.frame_shape
        is_told = self.found.reference.noise is not None and len(self.found.trajectory) == len(rows)
        if not is_told or len(shape) != 2 or min(shape) < LEAST_SIDE_PX or len(rows) < LEAST_FRAMES:
            return None
        chosen = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MOST_FRAMES)).astype(int))
        maps, errors = self._measure(chosen, max(1, max(shape) // WIDE_PX))
        if self.is_held:
            maps = _leave_shifts_out(maps, self.found.trajectory.shifts[chosen])
        goes = goes_on(maps, errors, HELD_FAR_PX if self.is_held else FAR_PX)
        return Verdict.CONTENT_CHANGED if goes else None

    def _measure(self, chosen: NDArray[np.intp], factor: int) -> tuple[FloatArray, FloatArray]:
        """Coefficients of the maps, px at the edges, and their errors, (n, 4) each; of frames binned by a factor."""
        shape, noise = np.array(self.sample.frame_shape), self.found.reference.noise or NoiseModel()
        small, scale = tuple(int(n) // factor for n in shape), np.full(2, float(factor))
        moved = self.found.trajectory.part(chosen).rescale(scale, (np.array(small) * scale - shape) / 2, small)
        image = np.asarray(self.device.bin(self.found.after[None], (factor, factor)), np.float32)[0]
        parts = [show(self.device, part, moved) for part in self._list_parts(image, noise, factor)]
        maps, errors = (np.full((len(chosen), N_MAPS), np.nan) for _ in range(2))
        for n, row in enumerate(chosen):
            frame = self.sample.read(self.found.rows[row : row + 1]).astype(np.float32)
            seen = np.asarray(self.device.bin(frame, (factor, factor)), np.float64)[0]
            maps[n], errors[n] = _fit(seen, np.stack([part[n] for part in parts]).astype(np.float64), noise)
        return factor * maps, factor * errors

    def _list_parts(self, image: Images, noise: NoiseModel, factor: int) -> list[Images]:
        """The image less its noise, its slopes, and those along each map."""
        known = np.isfinite(image)
        level = float(image[known].mean()) if known.any() else 0.0
        variance = float(noise.variance(np.array([level]))[0]) / len(self.found.rows) / factor**2
        smooth, _ = denoise(np.where(known, image, level).astype(np.float32), variance)
        slopes = np.gradient(smooth)
        images = [smooth, *slopes] + [slope * along for slope in slopes for along in _coordinates(image.shape)]
        return [np.where(known, part, np.nan).astype(np.float32) for part in images]


def _coordinates(shape: tuple[int, ...]) -> list[FloatArray]:
    """Of pixels, -1 to 1 along each axis."""
    y, x = np.meshgrid(*(np.linspace(-1, 1, n) for n in shape), indexing="ij")
    return [y, x]


def _fit(frame: FloatArray, parts: FloatArray, noise: NoiseModel) -> tuple[FloatArray, FloatArray]:
    """Coefficients of the maps and their errors, (4,) each, of `parts` as the frame shows them; NaN where not told.

    Shifts, and gain and offset that may have slopes, are fitted beside. With bends of those, cells that flash passed
    for 0.6 px in one movie of four.
    """
    unknown = np.full(N_MAPS, np.nan)
    light = _coordinates(frame.shape)
    uneven = [np.ones(frame.shape), *light, *(parts[0] * along for along in light)]
    columns = np.stack([*parts[3:], *parts[:3], *uneven]).reshape(len(parts) + len(uneven), -1)
    known = np.isfinite(columns).all(axis=0) & np.isfinite(frame.ravel())
    if known.sum() < LEAST_PIXELS * len(columns):
        return unknown, unknown
    columns, pixels = columns[:, known], frame.ravel()[known]
    white = 1 / np.maximum(noise.variance(parts[0].ravel()[known]), 1e-30)
    weights = white
    for _ in range(STEPS):
        normal = (columns * weights) @ columns.T
        inverse = np.linalg.pinv(normal, hermitian=True)
        best = inverse @ ((columns * weights) @ pixels)
        left = pixels - best @ columns
        chi_square = float((white * left**2).mean())
        weights = white / (1 + white * left**2 / (CUTOFF**2 * max(chi_square, 1e-30))) ** 2
    gain = best[N_MAPS]
    if gain <= 0:
        return unknown, unknown
    errors = np.sqrt(np.maximum(chi_square * np.diag(inverse)[:N_MAPS], 0.0))
    return best[:N_MAPS] / gain, errors / gain


def _leave_shifts_out(maps: FloatArray, shifts: FloatArray) -> FloatArray:
    """Coefficients, (n, k), less what goes with the shifts of the frames, (n, 2)."""
    told = np.isfinite(maps).all(axis=1)
    columns = np.column_stack([np.ones(len(shifts)), shifts])
    return np.asarray(maps - columns @ np.linalg.lstsq(columns[told], maps[told], rcond=None)[0], np.float64)


def goes_on(maps: FloatArray, errors: FloatArray, far_px: float = FAR_PX) -> bool:
    """Whether coefficients of frames that follow each other, (n, k), are alike by more than chance, and far from none.

    Noise is what their error bars or their steps say, whichever is more; a specimen that is bent alike in all frames is
    what the template shows.
    """
    told = np.isfinite(maps).all(axis=1)
    if told.sum() < LEAST_FRAMES:
        return False
    off = maps[told] - np.median(maps[told], axis=0)
    most = FURTHEST * 1.4826 * np.median(np.abs(off), axis=0)
    off = np.clip(off, -most, most)
    products = (off[1:] * off[:-1]).mean(axis=0)
    noise = np.maximum(np.median(errors[told] ** 2, axis=0), np.square(np.diff(off, axis=0)).mean(axis=0) / 2)
    sure = products * np.sqrt(len(off) - 1) > SURELY * np.maximum(noise, 1e-30)
    return bool((sure & (products > far_px**2)).any())
