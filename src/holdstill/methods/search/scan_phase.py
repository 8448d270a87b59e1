"""How far rows that were scanned backwards are displaced against the others: one phase for each frame.

A laser that scans to and fro draws every second row the other way round; where the electronics lag, these rows are
displaced along x. Each row is compared with what its neighbours of the other kind lead one to expect, by the
cross-spectrum along x, each frequency weighted by how well the two agree there over the movie (E. J. Hannan, P. J.
Thomson, Biometrika 60, 469 (1973)). What the bend of the specimen between rows does to odd rows it does to even ones
too, and cancels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from holdstill.contracts import FloatArray, Frames

Spectra = NDArray[np.complex128]

__all__ = ["ScanWeights", "learn_weights", "measure_phases", "shift_rows"]

# of a row between the four nearest of the other kind: cubic, so that what bends little leaves nothing
BETWEEN = np.array([-1.0, 9.0, 9.0, -1.0]) / 16
SEARCHED_PX, GRID_PX = 16.0, 0.25
TAPER = 0.05
BLOCK_ROWS = 16
LEAST_PX = 32
ROUNDS, NEWTON_STEPS = 6, 4
# fewer waves in a row tell more of where the row was cut off; and steps so small, in error bars, end the rounds
LEAST_WAVES, SETTLED = 4, 0.1
# a peak counts if the rows that make it agree so well, in standard errors; the largest of noise stays below 5
LEAST_Z = 6.0
# a frequency whose coherence is not above so many times what chance gives tells nothing
ABOVE_CHANCE = 4.0
MOST_COHERENT = 0.999


@dataclass(frozen=True, eq=False)
class ScanWeights:
    """How much each frequency along x tells of the phase.

    Attributes
    ----------
    values : ndarray of float64, (x // 2 + 1,)
        All zero where rows have nothing in common.
    """

    values: FloatArray

    @property
    def tell_nothing(self) -> bool:
        """Whether no frequency does."""
        return not self.values.any()


def learn_weights(frames: Frames) -> ScanWeights:
    """Weights from some frames of a movie, (n, [z,] y, x), whatever their phases.

    Frames below 32 px tell nothing.
    """
    n = frames.shape[-1] // 2 + 1
    if min(frames.shape[-2:]) < LEAST_PX:
        return ScanWeights(np.zeros(n))
    total, count = np.zeros((3, n)), 0
    for plane in _planes(frames):
        expected, own, rows = _spectra(plane, 0.0)
        cross = _cross(expected, own, rows).sum(axis=0)
        along = _turn(cross, _search(np.abs(_smooth(cross)) * cross)).real
        total += [along, (np.abs(expected) ** 2).sum(axis=0), (np.abs(own) ** 2).sum(axis=0)]
        count += len(own)
    shared, *powers = (_smooth(part) for part in total)
    with np.errstate(invalid="ignore", divide="ignore"):
        coherence = np.clip(shared, 0, None) ** 2 / (powers[0] * powers[1])
        coherence = np.where(coherence > ABOVE_CHANCE / count, np.minimum(coherence, MOST_COHERENT), 0.0)
        weights = coherence / (1 - coherence) / shared
    weights[:LEAST_WAVES] = 0.0
    return ScanWeights(np.where(np.isfinite(weights), weights, 0.0))


def measure_phases(frames: Frames, weights: ScanWeights) -> tuple[FloatArray, FloatArray]:
    """Displacement along x of the odd rows against the even ones.

    Parameters
    ----------
    frames : ndarray, (n, [z,] y, x)
        As recorded; any dtype. Pixels that are NaN count as the mean of the others.
    weights : ScanWeights
        Of the same movie.

    Returns
    -------
    phases, errors : ndarray of float64, (n,)
        px; positive where odd rows show the specimen at larger x. The errors are one standard deviation, from how much
        blocks of 16 rows differ; NaN, with a phase of zero, where nothing can be told.
    """
    found = [_measure(frame if frame.ndim == 3 else frame[None], weights) for frame in frames]
    return np.array([phase for phase, _ in found]), np.array([error for _, error in found])


def shift_rows(frames: Frames, phases: FloatArray) -> NDArray[np.float32]:
    """Frames, (n, [z,] y, x), of which the odd rows are moved back by their phase, float32: to be compared, not shown.

    Rows are interpolated by four points (Catmull and Rom); beyond the border the last pixel is repeated.
    """
    out = np.asarray(frames, np.float32).copy()
    for frame, phase in zip(out, phases.tolist(), strict=True):
        if phase:
            frame[..., 1::2, :] = _interpolate_rows(frame[..., 1::2, :], phase)
    return out


def _interpolate_rows(rows: NDArray[np.float32], phase: float) -> NDArray[np.float32]:
    whole = int(np.floor(phase))
    t = phase - whole
    factors = (
        -0.5 * t + t**2 - 0.5 * t**3, 1 - 2.5 * t**2 + 1.5 * t**3,
        0.5 * t + 2 * t**2 - 1.5 * t**3, -0.5 * t**2 + 0.5 * t**3,
    )  # fmt: skip
    columns = np.arange(rows.shape[-1]) + whole
    taps = (np.clip(columns + k, 0, rows.shape[-1] - 1) for k in (-1, 0, 1, 2))
    total = np.zeros(rows.shape, np.float32)
    for factor, tap in zip(factors, taps, strict=True):
        total += np.float32(factor) * rows[..., tap]
    return total


def _planes(frames: Frames) -> NDArray[np.float64]:
    return np.asarray(frames, np.float64).reshape(-1, *frames.shape[-2:])


def _measure(planes: Frames, weights: ScanWeights) -> tuple[float, float]:
    if weights.tell_nothing:
        return 0.0, np.nan
    phase, error = _find_peak(planes, weights), np.nan
    if np.isnan(phase):
        return 0.0, np.nan
    for _ in range(ROUNDS):  # on rows that were moved back, so that where they are cut off favours no phase
        crosses = [_block_crosses(plane, phase) for plane in _planes(planes)]
        cross: Spectra = np.concatenate(crosses) * weights.values.astype(np.complex128)
        before = phase
        phase, error = _refine(cross, phase)
        if not abs(phase - before) > SETTLED * error:
            break
    return (phase, error) if np.isfinite(error) else (0.0, np.nan)


def _find_peak(planes: Frames, weights: ScanWeights) -> float:
    """The displacement at which rows agree best; NaN where they agree no better than noise may."""
    crosses = [_cross(*_spectra(plane, 0.0)) for plane in _planes(planes)]
    rows: Spectra = np.concatenate(crosses) * weights.values.astype(np.complex128)
    phase = _search(rows.sum(axis=0))
    each = _turn(rows, phase).real.sum(axis=1)
    return phase if each.sum() > LEAST_Z * np.sqrt((each**2).sum()) else float("nan")


def _block_crosses(plane: FloatArray, phase: float) -> Spectra:
    """Cross-spectra of what is expected and what is there, summed over blocks of rows; (blocks, frequencies)."""
    expected, own, rows = _spectra(plane, phase)
    cross = _cross(expected, own, rows)
    return np.add.reduceat(cross, np.arange(0, len(rows), BLOCK_ROWS), axis=0)


def _cross(expected: Spectra, own: Spectra, rows: NDArray[np.intp]) -> Spectra:
    """Cross-spectrum of each row: even rows lag where odd ones lead."""
    cross = expected.conj() * own
    return np.where((rows % 2 == 0)[:, None], cross.conj(), cross)


def _spectra(plane: FloatArray, phase: float) -> tuple[Spectra, Spectra, NDArray[np.intp]]:
    """Of all rows with two neighbours on both sides: expected spectrum, own spectrum, number of the row."""
    known = np.isfinite(plane)
    mean = plane[known].mean() if known.any() else 0.0
    plane = np.where(known, plane, mean)[:, : 2 * (plane.shape[1] // 2)]
    if phase:
        plane = shift_rows(plane[None], np.array([phase]))[0].astype(np.float64)
    rows = (plane - plane.mean(axis=1, keepdims=True)) * _taper(plane.shape[1])
    spectra: Spectra = np.asarray(fft.rfft(rows, axis=1), np.complex128)
    a, b, c, d = BETWEEN
    expected = a * spectra[:-6] + b * spectra[2:-4] + c * spectra[4:-2] + d * spectra[6:]
    return expected, spectra[3:-3], np.arange(3, len(plane) - 3)


def _taper(length: int) -> FloatArray:
    edge = max(int(TAPER * length), 1)
    ramp = 0.5 - 0.5 * np.cos(np.pi * (np.arange(edge) + 0.5) / edge)
    return np.concatenate([ramp, np.ones(length - 2 * edge), ramp[::-1]])


def _smooth(spectrum: NDArray[Any]) -> NDArray[Any]:
    return np.convolve(np.pad(spectrum, 4, mode="edge"), np.ones(9) / 9, mode="valid")


def _frequencies(n: int) -> FloatArray:
    """Along x, cycles per px."""
    return np.arange(n) / (2 * (n - 1))


def _turn(cross: Spectra, phase: float) -> Spectra:
    """A cross-spectrum with a displacement taken off."""
    return np.asarray(cross * np.exp(2j * np.pi * _frequencies(cross.shape[-1]) * phase))


def _search(cross: Spectra) -> float:
    """The displacement with the largest correlation, on a grid."""
    grid = np.arange(-SEARCHED_PX, SEARCHED_PX + GRID_PX, GRID_PX)
    turns = np.exp(2j * np.pi * np.outer(grid, _frequencies(len(cross))))
    return float(grid[np.argmax((turns @ cross).real)])


def _refine(cross: Spectra, phase: float) -> tuple[float, float]:
    """Phase after Newton's steps, and its error from how much the blocks differ."""
    k = 2 * np.pi * _frequencies(cross.shape[-1])
    step, scores, steepness = 0.0, np.zeros(len(cross)), 0.0
    for _ in range(NEWTON_STEPS):
        turned = _turn(cross, step)
        scores = -(k * turned.imag).sum(axis=1)
        steepness = float((k**2 * turned.real).sum())
        if steepness <= 0:
            return 0.0, float("nan")
        step += float(np.clip(scores.sum() / steepness, -GRID_PX, GRID_PX))
    n = len(scores)
    return phase + step, float(np.sqrt(((scores - scores.mean()) ** 2).sum() * n / max(n - 1, 1)) / steepness)
