"""Estimates of a whole movie weighed against their neighbours in time, as much as the movie itself says is right.

What was found in frame t is taken as ``level_t + jitter_t + noise_t``. The level goes from frame to frame by a random
walk ("kalman"), or by one of its slope ("spline", the smoothing spline with a knot at each frame); the jitter is motion
of a frame of its own; the noise is that of the error bars. How strong walk and jitter are is learned for each parameter
from the likelihood, over which the answer is averaged, so that fast motion is hardly touched. Steps of a jump are not
smoothed over.

References: R. E. Kalman, J. Basic Eng. 82, 35 (1960); G. Wahba, J. R. Stat. Soc. B 40, 364 (1978).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import scipy  # loads `scipy.linalg` when motion is smoothed: with what it brings it takes 0.1 s of CPU time
from numpy.typing import NDArray

from holdstill.contracts import FloatArray
from holdstill.errors import UnknownName

__all__ = ["SMOOTHERS", "check_smoother", "smooth"]

SMOOTHERS = ("spline", "kalman")
# Tried in variances of the noise, by factors of four and of two about the best. Walks that move the level by less over
# the whole movie than it is known are all alike.
WALKS_TO, JITTERS = 9, np.concatenate([[0.0], 4.0 ** np.arange(-3, 9)])
LEAST_WALK = -16
# in units of twice the logarithm of the likelihood: what is looked at closely, and what still counts
NEAR, COUNTS = 12.0, 9.0
# as many frames tell the strength; evenly placed pieces of a longer movie
MOST_FRAMES = 2048
# with fewer nothing is learned
FEWEST_FRAMES = 5


def check_smoother(how: str | None) -> None:
    """Raise UnknownName unless there is such a way to smooth; None is none."""
    if how is not None and how not in SMOOTHERS:
        raise UnknownName(f"there is no smooth {how!r}; choose one of {', '.join(SMOOTHERS)}, or leave it out")


def smooth(
    values: FloatArray, variances: FloatArray, times: FloatArray, jumps: NDArray[np.bool_], how: str
) -> tuple[FloatArray, FloatArray]:
    """Values of n frames, smoothed, and their variances.

    Parameters
    ----------
    values, variances : ndarray of float64, (n, p)
        Each column by itself. Variances are above zero.
    times : ndarray of float64, (n,)
        Ascending; in any unit.
    jumps : ndarray of bool, (n,)
        True for the first frame after a jump, over which nothing is smoothed.
    how : {"spline", "kalman"}

    Returns
    -------
    values, variances : ndarray of float64, (n, p)
        Fewer than 5 frames are given back as they are.
    """
    check_smoother(how)
    if len(values) < FEWEST_FRAMES:
        return values.copy(), variances.copy()
    line = _Line.of(times, jumps, 1 if how == "kalman" else 2)
    found = [line.smooth(*column) for column in zip(values.T, variances.T, strict=True)]
    return np.stack([one for one, _ in found], axis=1), np.stack([one for _, one in found], axis=1)


@dataclass(frozen=True, eq=False)
class _Line:
    """Frames along time, and how differences between neighbours are weighed.

    Attributes
    ----------
    differences : ndarray of float64, (m, order + 1)
        Coefficients of differences of neighbouring frames, of which each has the variance of the walk.
    begins : ndarray of int, (m,)
        The first frame of each difference.
    n : int
        Number of frames.
    """

    differences: FloatArray
    begins: NDArray[np.intp]
    n: int

    @classmethod
    def of(cls, times: FloatArray, jumps: NDArray[np.bool_], order: int) -> _Line:
        steps = np.maximum(np.diff(times) / np.median(np.diff(times)), 1e-3)
        begins = np.arange(len(times) - order)
        if order == 1:
            differences = np.array([-1.0, 1.0]) / np.sqrt(steps)[:, None]
            whole = ~jumps[1:]
        else:
            before, after = steps[:-1], steps[1:]
            differences = np.stack([1 / before, -1 / before - 1 / after, 1 / after], axis=1)
            differences /= np.sqrt((before + after) / 2)[:, None]
            whole = ~(jumps[1:-1] | jumps[2:])
        return cls(differences[whole], begins[whole], len(times))

    def part(self, first: int, last: int) -> _Line:
        """Some neighbouring frames."""
        order = self.differences.shape[1] - 1
        inside = (self.begins >= first) & (self.begins + order < last)
        return _Line(self.differences[inside], self.begins[inside] - first, last - first)

    def smooth(self, values: FloatArray, variances: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Level and jitter of each frame together, and their variance: the mean over all strengths that are likely."""
        means, squares, total = np.zeros(self.n), np.zeros(self.n), 0.0
        for weight, walk, jitter in self._weigh_strengths(values, variances):
            noise = variances + jitter
            factor, level = self._solve(values, noise, walk)
            share = jitter / noise  # of what is left of the frame's own, what is jitter
            mean = level + share * (values - level)
            spread = (1 - share) ** 2 * _invert_diagonal(factor) + share * variances
            means, squares, total = means + weight * mean, squares + weight * (spread + mean**2), total + weight
        means /= total
        return means, squares / total - means**2

    def _weigh_strengths(self, values: FloatArray, variances: FloatArray) -> list[tuple[float, float, float]]:
        """Likelihoods, up to a factor, with the variances of walk and jitter that have them."""
        usual, pieces = float(np.median(variances)), list(self._pieces())
        order = self.differences.shape[1] - 1
        least = max(round(-order * np.log2(self.n)), LEAST_WALK)
        costs: dict[tuple[float, float], float] = {}

        def add(walk: float, jitter: float) -> None:
            if (walk, jitter) not in costs:
                parts = (line.cost(values[at], variances[at] + usual * jitter, usual * walk) for at, line in pieces)
                costs[walk, jitter] = sum(parts)

        for walk in 4.0 ** np.arange(least, WALKS_TO):
            for jitter in JITTERS:
                add(float(walk), float(jitter))
        best = min(costs.values())
        for walk, jitter in [key for key, cost in costs.items() if cost < best + NEAR]:
            add(2 * walk, jitter)
            if jitter:
                add(walk, 2 * jitter)
                add(2 * walk, 2 * jitter)
        best = min(costs.values())
        return [
            (float(np.exp((best - cost) / 2)), usual * walk, usual * jitter)
            for (walk, jitter), cost in costs.items()
            if cost < best + COUNTS
        ]

    def _pieces(self) -> Iterable[tuple[slice, _Line]]:
        """All frames, or neighbouring ones from four places."""
        if self.n <= MOST_FRAMES:
            return [(slice(None), self)]
        length = MOST_FRAMES // 4
        firsts = np.linspace(0, self.n - length, 4).round().astype(int)
        return [(slice(first, first + length), self.part(first, first + length)) for first in firsts.tolist()]

    def cost(self, values: FloatArray, noise: FloatArray, walk: float) -> float:
        """Minus twice the logarithm of the likelihood, up to a constant; nothing is known of where a piece begins."""
        factor, level = self._solve(values, noise, walk)
        misfit = float((values * (values - level) / noise).sum())
        spread = len(self.begins) * np.log(walk) + np.log(noise).sum() + 2 * np.log(factor[-1]).sum()
        return misfit + float(spread)

    def _solve(self, values: FloatArray, noise: FloatArray, walk: float) -> tuple[FloatArray, FloatArray]:
        """Cholesky factor, banded, of the inverse covariance of the levels, and the levels."""
        order = self.differences.shape[1] - 1
        bands = np.zeros((order + 1, self.n))  # upper form: bands[order - k, j] couples j - k and j
        bands[order] = 1 / noise
        for k in range(order + 1):
            for i in range(order + 1 - k):
                product = self.differences[:, i] * self.differences[:, i + k] / walk
                np.add.at(bands[order - k], self.begins + i + k, product)
        factor = scipy.linalg.cholesky_banded(bands)
        return factor, scipy.linalg.cho_solve_banded((factor, False), values / noise)


def _invert_diagonal(factor: FloatArray) -> FloatArray:
    """Diagonal of the inverse of the matrix whose banded Cholesky factor, upper form, this is; of bandwidth 1 or 2.

    After K. Takahashi, J. Fagan, M. Chen, Proc. 8th PICA Conf. (1973): from the last row to the first.
    """
    order, n = len(factor) - 1, factor.shape[1]
    pivots = factor[order]
    first = np.append(factor[order - 1, 1:] / pivots[:-1], 0.0)
    second = np.concatenate([factor[0, 2:] / pivots[:-2], [0.0, 0.0]]) if order == 2 else np.zeros(n)
    own, found = (1 / pivots**2).tolist(), np.empty(n)
    next_own = next_to = after_own = 0.0  # of rows j + 1 and j + 2: their diagonals, and what is between them
    for j, (a, b) in reversed(list(enumerate(zip(first.tolist(), second.tolist(), strict=True)))):
        to_next = -a * next_own - b * next_to
        to_after = -a * next_to - b * after_own
        found[j] = own[j] - a * to_next - b * to_after
        after_own, next_to, next_own = next_own, to_next, float(found[j])
    return found
