"""Shifts of frames too dim to be compared one with another: all at once, by expectation maximisation.

Each frame is everywhere at once, as likely as the specimen made of all others says; the specimen follows from frames
where they are likely. What no pair of frames tells, forty tell together (Sigworth, J. Struct. Biol. 122:328, 1998).
What stands still is taken off with the mean of all frames, and with it what the specimen shows on average: both
follow from where frames are likely, frequency by frequency. A stage goes on from one frame to the next: where that is
believed, a frame is likely where those beside it are (Rabiner, Proc. IEEE 77:257, 1989).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from holdstill.contracts import FloatArray
from holdstill.methods.search.windows import multiply_outer, taper

__all__ = ["find_shifts_jointly"]

# Of 12 movies at 5 photons beside a pattern, those begun from one frame alone found 5 of the paths, those begun from
# means of five frames 9, none of which the others found better. Of nine others, with the power that all frames show and
# as a stage goes on, 6 were found from seven to all of ten means of three; by the power of a seed alone 2.
BLOCKS = ((1, (0.5, 0.15)), (3, (0.5, 0.1, 0.9)), (5, (0.5, 0.0)))
WARMING, ROUNDS = 8, 10
FURTHEST, TAPER, RINGS = 0.3, 0.15, 32
# low frequencies, which light that varies makes, are left out up to so many cycles
LEAST_CYCLES = 1.5
# standard deviations of a step, shares of the frame, how often each is taken, and a jump to anywhere: at 128 px 1 and 4
STEPS, JUMPS = ((1 / 128, 0.9), (4 / 128, 0.08)), 0.02
# of what moves less than a wavelength most is in the mean: so much of its power has to be left
LEAST_LEFT = 0.05
# where a round gains no more of a frame's log likelihood, and puts all of them where they were, others do the same
SETTLED = 1e-4
# of products of chances below that, numbers would be so small that processors take a hundred times as long
LEAST_LOG = np.float32(-50)


def find_shifts_jointly(frames: NDArray[np.float32], noise: float, *, goes_on: bool = True) -> FloatArray:
    """Whole-pixel shifts, (n, 2), of frames, (n, y, x), beside what stands still; the common one is of no meaning.

    `noise` is the variance of a pixel; `goes_on`: frames that follow each other are near each other, but for jumps.
    NaN are taken for zero.
    """
    shape = frames.shape[1:]
    window = multiply_outer([taper(n, max(1, round(TAPER * n))) for n in shape])
    known = np.isfinite(frames)
    means = frames.sum(axis=(1, 2), where=known, keepdims=True) / np.maximum(known.sum(axis=(1, 2), keepdims=True), 1)
    centred = np.where(known, frames - means, np.float32(0))
    spectra = fft.rfft2((centred * window).astype(np.float32)) * _pass_high(shape)
    spectra -= spectra.mean(axis=0)
    variance = noise * float((window**2).mean())
    power, ends = _measure_power(spectra, variance, shape), []
    for block, seeds in BLOCKS:
        if len(frames) < 2 * block:
            continue
        some = _average(spectra, block)
        warm = [
            _maximise(some, _Guess.of(some[int(seed * (len(some) - 1))]), power, variance / block, shape,
                      WARMING, goes_on)
            for seed in seeds
        ]  # fmt: skip
        ends.append(_maximise(spectra, max(warm, key=_likelihood), power, variance, shape, ROUNDS, goes_on))
    return max(ends, key=_likelihood).shifts


@dataclass(frozen=True, eq=False)
class _Guess:
    """What is known after a round: spectra of the specimen, of its error, and of where it is on average.

    `error` is the variance of each frequency, in units of that of a frame's noise; `shifts` are the likeliest ones.
    """

    specimen: NDArray[np.complex64]
    error: FloatArray
    mean_place: NDArray[np.complex64]
    shifts: FloatArray
    likelihood: float = -np.inf

    @classmethod
    def of(cls, frame: NDArray[np.complex64]) -> _Guess:
        """One frame as the specimen."""
        return cls(frame, np.ones(frame.shape), np.zeros(frame.shape, np.complex64), np.zeros((0, 2)))


def _likelihood(guess: _Guess) -> float:
    return guess.likelihood


def _average(spectra: NDArray[np.complex64], block: int) -> NDArray[np.complex64]:
    """Means of so many frames that follow each other: a stage moves little from one to the next."""
    whole = len(spectra) // block * block
    return np.asarray(spectra[:whole].reshape(-1, block, *spectra.shape[1:]).mean(axis=1), np.complex64)


def _maximise(
    spectra: NDArray[np.complex64], guess: _Guess, power: FloatArray, noise: float, shape: tuple[int, ...],
    rounds: int, goes_on: bool,
) -> _Guess:  # fmt: skip
    """So many rounds from a guess on; `power` is that of the specimen."""
    n, rows, columns = len(spectra), *(_allow(length) for length in shape)
    steps = [_spread_steps(len(places), max(shape)) for places in (rows, columns)] if goes_on else []
    chances, along = np.zeros((n, len(rows), shape[1]), np.float32), np.zeros(spectra.shape, np.complex64)
    for _ in range(rounds):
        specimen = (guess.specimen * power / (power + guess.error * noise * np.prod(shape))).astype(np.complex64)
        own = float(np.square(np.abs(fft.irfft2(specimen, s=shape))).sum())
        surfaces = fft.ifft((spectra + guess.mean_place * specimen) * np.conj(specimen), axis=1).take(rows, axis=1)
        surfaces = fft.irfft(surfaces, n=shape[1]).take(columns, axis=2)
        logs = (surfaces - np.float32(0.5 * own)) / np.float32(noise)
        likely, likelihood = _judge(logs, steps)
        places = likely.reshape(n, -1).argmax(axis=1)
        chances[..., columns] = likely
        along[:, rows] = fft.rfft(chances)
        spread = fft.fft(along, axis=1)
        mean_place = spread.mean(axis=0)
        left = np.maximum(1 - np.abs(mean_place) ** 2, LEAST_LEFT)
        n_averaged = max(float(n * np.square(likely).sum(axis=(1, 2)).mean()), 1.0)
        best = np.stack([rows[places // columns.size], columns[places % columns.size]], axis=1)
        last, guess = guess, _Guess(
            (spectra * np.conj(spread)).mean(axis=0) / left, 1 / (n_averaged * left), mean_place,
            best.astype(np.float64), likelihood,
        )  # fmt: skip
        if np.array_equal(guess.shifts, last.shifts) and guess.likelihood < last.likelihood + SETTLED:
            break
    return guess


def _judge(logs: NDArray[np.float32], steps: list[NDArray[np.float32]]) -> tuple[NDArray[np.float32], float]:
    """How likely each frame is at each place, (n, rows, columns), and the log likelihood of a frame on average.

    On its own, or, where it is known how it steps along y and x, as what goes on from the frame before and to the one
    after.
    """
    peaks = logs.max(axis=(1, 2), keepdims=True)
    likely = np.exp(np.maximum(logs - peaks, LEAST_LOG))
    if not steps:
        total = likely.sum(axis=(1, 2), keepdims=True)
        return likely / total, float((peaks + np.log(total)).mean(dtype=np.float64))
    before, gained = np.empty_like(likely), 0.0
    before[0] = likely[0]
    for t in range(len(likely)):
        if t:
            before[t] = likely[t] * _go_on(before[t - 1], *steps)
        total = float(before[t].sum())
        before[t] /= max(total, 1e-30)
        gained += float(np.log(max(total, 1e-30)))
    after, found = np.ones_like(likely[0]), before
    for t in range(len(likely) - 2, -1, -1):
        after = _go_on(likely[t + 1] * after, *steps)
        after /= max(float(after.max()), 1e-30)
        found[t] = before[t] * after
        found[t] /= max(float(found[t].sum()), 1e-30)
    return found, float(peaks.mean(dtype=np.float64)) + gained / len(likely)


def _go_on(
    likely: NDArray[np.float32], along_y: NDArray[np.float32], along_x: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Where a frame is likely, (rows, columns), of which one beside it is likely there."""
    found = np.float32(JUMPS) * likely.mean()
    for (_, share), rows, columns in zip(STEPS, along_y, along_x, strict=True):
        found = found + np.float32(share) * (rows @ likely @ columns)
    return np.asarray(found)


def _spread_steps(n_places: int, side: int) -> NDArray[np.float32]:
    """Matrices (k, places, places) of the chance to step from one place to another, in frames of so many px a side.

    Of a few hundred places a product of matrices takes a tenth of the time of a filter.
    """
    still = np.eye(n_places)
    return np.stack(
        [ndimage.gaussian_filter1d(still, size * side, axis=0, mode="constant") for size, _ in STEPS]
    ).astype(np.float32)


def _allow(n: int) -> NDArray[np.intp]:
    """Places along an axis of `n` px that are looked at, from the first to the last: a third of all of a frame."""
    return np.arange(-int(FURTHEST * n), int(FURTHEST * n) + 1)


def _cycles(shape: tuple[int, ...]) -> FloatArray:
    return np.asarray(np.hypot(np.fft.fftfreq(shape[0])[:, None] * shape[0], np.fft.rfftfreq(shape[1]) * shape[1]))


def _pass_high(shape: tuple[int, ...]) -> NDArray[np.float32]:
    return np.asarray(1 - np.exp(-0.5 * (_cycles(shape) / LEAST_CYCLES) ** 2), np.float32)


def _measure_power(spectra: NDArray[np.complex64], noise: float, shape: tuple[int, ...]) -> FloatArray:
    """Of the specimen at each frequency, by what all frames show above their noise in rings: one alone tells little."""
    cycles = _cycles(shape)
    rings = np.minimum((cycles / cycles.max() * RINGS).astype(np.intp), RINGS - 1)
    counts = np.maximum(np.bincount(rings.ravel(), minlength=RINGS), 1)
    shown = np.square(np.abs(spectra)).mean(axis=0) - noise * np.prod(shape)
    excess = np.bincount(rings.ravel(), shown.ravel(), minlength=RINGS) / counts
    return np.asarray(ndimage.gaussian_filter1d(np.maximum(excess, 1e-30), 0.5, mode="nearest")[rings], np.float64)
