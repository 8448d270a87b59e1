"""Lines of consecutive frames as one record in time: a smoothing spline through all of them, as stiff as they say.

What a frame tells by itself, without a prior, is a Gaussian of the displacements at its control points. These are
placed at the times at which their lines were scanned, one frame after the other, with the pause between frames; their
second or third differences over time are random (G. Wahba, J. R. Stat. Soc. B 40, 364, 1978). Which, and how large, is
what explains some of the frames best; where each frame by itself explains them better none are joined.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray
from holdstill.devices.cpu.compiling import kernel
from holdstill.methods.likelihood.banded import add_cells, invert_band, solve_band
from holdstill.methods.likelihood.bending import Prior
from holdstill.methods.likelihood.cholesky import factor
from holdstill.methods.likelihood.time_spline import find_log_determinant, find_stiffest, make_spline

__all__ = ["Joined", "Light", "gather_light", "join_lines"]

# differences of these orders, whose weights, in px^-2 for control points one step apart, are tried by factors of ten
ORDERS, STIFFNESSES, FINER = (2, 3), tuple(10.0**k for k in range(-2, 13)), math.sqrt(10.0)
# log of the odds above which frames are joined
SURELY = 5.0
# neighbouring frames of the movie that tell how stiff it is, from so many places
PIECE_FRAMES, N_PIECES = 16, 4
# frames that are solved together, and beside them those that only lead to them: memory does not grow with the movie
WINDOW_FRAMES, BESIDE_FRAMES = 256, 32
# standard deviations by which a frame may contradict its neighbours before it stands by itself
CONTRADICTION = 6.0
# steps between control points below that are taken for that much: without a pause the last line of a frame and the
# first of the next are one line apart, and differences over so little lose the digits of the others
LEAST_STEP = 0.05
ROUNDS = 4


@dataclass(frozen=True, eq=False)
class Light:
    """What frames tell by themselves of the displacements at their control points.

    Attributes
    ----------
    known : ndarray of float64, (n, p)
        ``P d`` of what is most likely by the light alone; the axes of a control point side by side.
    bands : ndarray of float64, (n, p, b + 1)
        P, px^-2: row i holds columns i - b to i.
    """

    known: FloatArray
    bands: FloatArray

    @classmethod
    def unpack(cls, rows: FloatArray, p: int) -> Light:
        """From rows as `pack` makes them."""
        return cls(rows[:, :p], np.ascontiguousarray(rows[:, p:]).reshape(len(rows), p, -1))

    def pack(self) -> FloatArray:
        """A row for each frame, (n, p (b + 2))."""
        return np.concatenate([self.known, self.bands.reshape(len(self.bands), -1)], axis=1)

    def take(self, rows: Any) -> Light:
        """Those of some frames."""
        return Light(self.known[rows], self.bands[rows])


@dataclass(frozen=True, eq=False)
class Joined:
    """Frames as they are once their neighbours in time are known.

    Attributes
    ----------
    nodes : ndarray of float64, (n, p)
        Displacements at the control points, px.
    variances, own : ndarray of float64, (n, p)
        Of the displacements, px^2: joined, and of each frame by itself.
    joined : ndarray of bool, (n,)
        Whether the frame was joined with others.
    order : int
        Of the differences that are small; 0 where no frames are joined.
    stiffness : float
        Their inverse variance, px^-2.
    """

    nodes: FloatArray
    variances: FloatArray
    own: FloatArray
    joined: NDArray[np.bool_]
    order: int = 0
    stiffness: float = 0.0


def gather_light(
    nodes: FloatArray, ratios: FloatArray, scales: FloatArray, blocks: FloatArray, unknowns: NDArray[np.int64],
    prior: Prior
) -> Light:  # fmt: skip
    """What n frames tell by themselves, from where they are most likely under a prior: `nodes`, (n, p).

    `ratios`, `scales`, `blocks` and `unknowns` are those of `step_fields`.
    """
    n_bands = int((unknowns.max(axis=1) - unknowns.min(axis=1)).max()) + 1
    known, bands = np.zeros(nodes.shape), np.zeros((*nodes.shape, n_bands))
    _gather(nodes, ratios, scales, blocks, unknowns, prior.band, known, bands)
    return Light(known, bands)


@kernel
def _gather(
    nodes: Any, ratios: Any, scales: Any, blocks: Any, unknowns: Any, prior: Any, known: Any, bands: Any
) -> None:  # fmt: skip
    for t in range(nodes.shape[0]):
        add_cells(ratios[t], blocks, unknowns, scales[t], bands[t])
        _multiply(bands[t], nodes[t], known[t])
        _multiply(prior, nodes[t], known[t])


@kernel
def _multiply(band: Any, x: Any, out: Any) -> None:
    """Add the product of a band with x to `out`."""
    p, width = band.shape
    for i in range(p):
        for k in range(max(0, i - width + 1), i + 1):
            value = band[i, k - i + width - 1]
            out[i] += value * x[k]
            if k < i:
                out[k] += value * x[i]


@kernel
def _solve_spline(band: Any, known: Any, variances: Any) -> Any:
    """Solve in place of `known`, with variances; returns twice the log of the evidence, but for what is the prior's."""
    p, width = band.shape
    if not factor(band):
        known[:] = np.nan
        return -np.inf
    total = 0.0
    before = known.copy()
    solve_band(band, known)
    for i in range(p):
        total += before[i] * known[i] - 2.0 * math.log(band[i, width - 1])
    if variances.size:
        invert_band(band, np.empty((width, width)), np.empty(width), variances)
    return total


def join_lines(light: Light, prior: Prior, times: FloatArray, good: NDArray[np.bool_]) -> Joined:
    """Join the lines of consecutive frames.

    Parameters
    ----------
    light : Light
        Of n frames.
    prior : Prior
        Of the displacements of a frame by itself.
    times : ndarray of float64, (n, points)
        When the line of each control point was scanned, in steps from one control point to the next; ascending.
    good : ndarray of bool, (n,)
        Frames that say anything; times of the others are bridged.
    """
    steps = np.maximum(np.diff(times.ravel()), LEAST_STEP)
    times = np.concatenate([[0.0], steps.cumsum()]).reshape(times.shape)
    alone, own = _solve_alone(light, prior)
    found = Joined(alone, own, own, np.zeros(len(good), bool))
    pieces = _choose_pieces(good)
    apart = sum(_weigh_alone(light.take(piece), prior) for piece in pieces)
    best, order, stiffness = _find_stiffness([(light.take(piece), times[piece]) for piece in pieces])
    if not pieces or best <= apart + SURELY:
        return found
    against = np.zeros(len(good), bool)
    nodes, variances = alone, own
    for _ in range(ROUNDS):
        nodes, variances = _solve_windows(light, times, good & ~against, against, order, stiffness)
        misfit = _find_misfit(light, alone, nodes)
        new = good & ~against & ~(misfit < nodes.shape[1] + CONTRADICTION * math.sqrt(2 * nodes.shape[1]))
        against |= new
        if not new.any():
            break
    joined = good & ~against
    nodes[~joined], variances[~joined] = alone[~joined], own[~joined]
    return Joined(nodes, variances, own, joined, order, stiffness)


def _find_misfit(light: Light, alone: FloatArray, nodes: FloatArray) -> FloatArray:
    """Twice the log of how much likelier frames are by themselves than as they are joined, (n,)."""
    found = np.zeros(len(nodes))
    for t, (bands, known) in enumerate(zip(light.bands, light.known, strict=True)):
        for d, sign in ((alone[t], 1.0), (nodes[t], -1.0)):
            pulled = np.zeros(d.size)
            _multiply(bands, d, pulled)
            found[t] += sign * float(2 * known @ d - d @ pulled)
    return found


def _choose_pieces(good: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Neighbouring good frames from a few places: the longest runs, in parts of `PIECE_FRAMES`."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], good, [False]]).astype(int)))
    runs = [np.arange(first, last) for first, last in zip(edges[::2], edges[1::2], strict=True)]
    parts = [run[k : k + PIECE_FRAMES] for run in runs for k in range(0, len(run), PIECE_FRAMES)]
    parts = [part for part in parts if len(part) > 1]
    longest = max((len(part) for part in parts), default=0)
    whole = [part for part in parts if 2 * len(part) > longest]
    return [whole[k] for k in np.unique(np.linspace(0, len(whole) - 1, min(N_PIECES, len(whole))).round().astype(int))]


def _solve_alone(light: Light, prior: Prior) -> tuple[FloatArray, FloatArray]:
    """Displacements of each frame by itself, and their variances."""
    nodes, own = light.known.copy(), np.empty((len(light.known), 1, light.known.shape[1]))
    for t in range(len(nodes)):
        _solve_spline(_widen(light.bands[t], prior.band), nodes[t], own[t])
    return nodes, own[:, 0]


def _weigh_alone(light: Light, prior: Prior) -> float:
    """Log evidence of frames that have nothing to do with each other."""
    none = np.empty((0, light.known.shape[1]))
    total = sum(
        _solve_spline(_widen(bands, prior.band), known.copy(), none)
        for bands, known in zip(light.bands, light.known, strict=True)
    )
    return 0.5 * (float(total) + len(light.known) * prior.log_determinant)


def _widen(bands: FloatArray, prior: FloatArray) -> FloatArray:
    """The sum of two bands, of which the second is as wide or wider, or the first is."""
    wide, narrow = (prior, bands) if prior.shape[1] >= bands.shape[1] else (bands, prior)
    found = wide.copy()
    found[:, wide.shape[1] - narrow.shape[1] :] += narrow
    return found


def _find_stiffness(pieces: list[tuple[Light, FloatArray]]) -> tuple[float, int, float]:
    """The largest log evidence, and the order and the stiffness that have it."""
    told: dict[tuple[int, float], float] = {}

    typical = float(np.median([np.median(light.bands[..., -1]) for light, _ in pieces])) if pieces else 0.0

    def weigh(order: int, stiffness: float) -> None:
        if all(stiffness <= find_stiffest(times.ravel(), order, typical) for _, times in pieces):
            told[order, stiffness] = sum(_weigh_spline(light, times, order, stiffness) for light, times in pieces)

    for order in ORDERS:
        for stiffness in STIFFNESSES:
            weigh(order, stiffness)
    if not told:
        return -np.inf, 0, 0.0
    order, stiffness = max(told, key=lambda key: told[key])
    for finer in (stiffness / FINER, stiffness * FINER):
        weigh(order, finer)
    order, stiffness = max(told, key=lambda key: told[key])
    return told[order, stiffness], order, stiffness


def _weigh_spline(light: Light, times: FloatArray, order: int, stiffness: float) -> float:
    """Log evidence of consecutive frames that are joined."""
    n_moved, moments = light.known.shape[1] // times.shape[1], times.ravel()
    band = make_spline(moments, np.zeros(0, np.intp), order, stiffness, n_moved)
    known = light.known.ravel().copy()
    told = float(_solve_spline(_add_light(band, light), known, np.empty((0, known.size))))
    return 0.5 * (told + n_moved * find_log_determinant(moments, order, stiffness))


def _add_light(band: FloatArray, light: Light) -> FloatArray:
    """A band of all frames with what each of them tells."""
    found, narrow = band.copy(), light.bands.shape[2]
    found[:, band.shape[1] - narrow :] += light.bands.reshape(-1, narrow)
    return found


def _solve_windows(
    light: Light, times: FloatArray, taken: NDArray[np.bool_], against: NDArray[np.bool_], order: int, stiffness: float
) -> tuple[FloatArray, FloatArray]:
    """Displacements of frames that are taken and their variances, some hundred frames at a time.

    Frames on either side of one that is against its neighbours have nothing to do with each other.
    """
    n, p = light.known.shape
    nodes, variances, n_points = np.zeros((n, p)), np.ones((n, p)), times.shape[1]
    for first in range(0, n, WINDOW_FRAMES):
        last = min(first + WINDOW_FRAMES, n)
        begin, end = max(first - BESIDE_FRAMES, 0), min(last + BESIDE_FRAMES, n)
        rows = np.flatnonzero(taken[begin:end]) + begin
        inner = np.flatnonzero((rows >= first) & (rows < last))
        if not len(inner):
            continue
        parts = np.cumsum(against)[rows]
        cuts = n_points * (np.flatnonzero(np.diff(parts)) + 1)
        band = make_spline(times[rows].ravel(), cuts, order, stiffness, p // n_points)
        known, spread = light.known[rows].ravel(), np.empty((1, len(rows) * p))
        _solve_spline(_add_light(band, light.take(rows)), known, spread)
        nodes[rows[inner]], variances[rows[inner]] = known.reshape(-1, p)[inner], spread.reshape(-1, p)[inner]
    return nodes, variances
