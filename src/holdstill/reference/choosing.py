"""How frames are best looked at: as they are, with their rows levelled, or flattened.

Something bright that moves on its own carries every frame with it, and the result looks well. So the sample is aligned
once more by its flattened frames. Where both views agree nothing changes, unless the other is much surer; where they
do not, the tiles of the frames themselves decide by vote. Where they cannot, the movie is doubtful.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import Chunk, Device, Estimator, FloatArray, Verdict
from holdstill.engines.threads import ThreadsEngine
from holdstill.io.array import ArraySource
from holdstill.reference.contrast import Contrast, blur_finely
from holdstill.reference.learning import Alignment, align_sample
from holdstill.reference.noise import white_noise
from holdstill.reference.prepared import PreparedEstimator
from holdstill.reference.sample import Sample
from holdstill.reference.strategies import Template
from holdstill.reference.vote import TILE_PX, count_votes, cut_tiles
from holdstill.reference.widening import Widening
from holdstill.transforms.trajectory import Trajectory

__all__ = ["Answer", "Choice", "Choosing", "are_rows_uneven", "prefer"]

Images = NDArray[np.float32]

LEAST_FRAMES, MOST_FRAMES, MOST_BYTES = 8, 40, 128 << 20
# so many frames tell a typical error bar
TYPICAL = 9
# images are binned until their shorter side has less than twice so many px
WIDE_PX, LEAST_TILES = 128, 6
# Two views agree if less than so many frames lie further apart than a px and three standard deviations.
FEW, APART_PX, APART_SIGMAS = 0.05, 1.0, 3.0
# Flattened frames of clean movies have error bars 1.3 times as large: a view that agrees must be much surer.
SURER, MORE = 0.75, 0.1
# Where rows are uneven, what a row shares is not in the error bars of frames as they are: they were off by 2.3 bars.
LEVELLED = 1.1
# A view is taken for the frames that only it explains if it explains nearly all.
NEARLY_ALL = 0.9
# Votes decide by so many standard errors; else the view whose error bars are half as large; else, where so many frames
# lie apart, nobody.
SURELY, MUCH_SURER, MANY = 3.0, 0.5, 0.25
DARK, SOFTNESS = 0.01, 2.0
# Tiles are bright that shine so many times as much as all but a tenth of them; something does so in so many frames.
DIM_SHARE, BRIGHT, OFTEN = 0.9, 3.0, 0.25
N_BLOCKS, ROWS_AROUND, UNEVEN = 4, 15, 6.0
# A share of the motion is missing if it is so many of its own standard errors, and so much of an error bar on average.
LAGS_SIGMAS, LAGS_ERRORS = 4.0, 0.5


@dataclass(frozen=True)
class Choice:
    """How frames are to be looked at, None: as they are; and what is to be said of all of them.

    `widening` is what tiles said of the frames as they are, None: not asked; `outshone`: a few things outshine all
    else.
    """

    contrast: Contrast | None = None
    doubt: Verdict | None = None
    widening: float | None = None
    outshone: bool = False


@dataclass(frozen=True, eq=False)
class Answer:
    """What one view found: which frames, their motion in binned px, and a typical error bar, px."""

    contrast: Contrast | None
    rows: NDArray[np.intp]
    trajectory: Trajectory
    error: float
    widening: float | None = None


@dataclass(frozen=True, eq=False)
class Choosing:
    """Job that chooses how the frames of a sample, which were aligned as they are, are to be looked at."""

    sample: Sample
    found: Alignment
    estimator: Estimator
    device: Device

    def __call__(self, everything: Chunk) -> Choice:
        shape = self.sample.frame_shape
        factors = _choose_binning(shape)
        small = tuple(n // factor for n, factor in zip(shape, factors, strict=True))
        most = min(MOST_FRAMES, MOST_BYTES // (4 * int(np.prod(shape))), len(self.sample))
        tiles = int(np.prod([max(n // TILE_PX, 1) for n in small]))
        if most < LEAST_FRAMES or min(small[-2:]) < TILE_PX or tiles < LEAST_TILES:
            return Choice()
        rows = np.unique(np.linspace(0, len(self.sample) - 1, most).astype(np.int64))
        frames = np.concatenate([self._bin(row, factors) for row in rows])
        as_is, uneven = self._as_they_are(rows, factors, small), are_rows_uneven(frames)
        seen = Contrast(is_levelled=True)(frames) if uneven else frames
        noise = _measure_noise(seen)
        if noise <= 0:
            return Choice(widening=as_is.widening)
        best, doubt = as_is, False
        bright = _leave_out_bright(frames, uneven)
        for contrast in _make_rivals(seen, noise, uneven) + bright:
            rival = self._learn(frames, contrast)
            better = False if rival is None else prefer(rival, best, seen, noise, self.device)
            if rival is not None and better and contrast.ceiling is not None and _stands_still(rival):
                # beads on an uneven background that stands still: without the beads nothing tells the motion
                better = False if _stands_still(best) else None
            if rival is not None and better is False and self._speaks_against(rival, best, seen, noise):
                better = None
            if rival is not None and better:
                best = rival
            doubt = better is None or (doubt and not better)
        return Choice(best.contrast, Verdict.CONTENT_CHANGED if doubt else None, as_is.widening, bool(bright))

    def _bin(self, row: np.int64, factors: tuple[int, ...]) -> Images:
        return np.asarray(self.device.bin(self.sample.read(np.array([row])).astype(np.float32), factors), np.float32)

    def _speaks_against(self, rival: Answer, best: Answer, seen: Images, noise: float) -> bool:
        """Whether what outshines all else decided alone: the rest of the frame says, as surely, what the rival says."""
        if rival.contrast is None or rival.contrast.ceiling is None or not _lie_apart(rival, best).mean() > FEW:
            return False
        rest = replace(rival.contrast, is_levelled=False)(seen)
        return bool(prefer(rival, best, rest, noise, self.device))

    def _as_they_are(self, rows: NDArray[np.int64], factors: tuple[int, ...], small: tuple[int, ...]) -> Answer:
        """What was found already, of some rows of the sample."""
        if len(self.found.rows) < 2:
            nothing = Trajectory.of(self.estimator.motion, np.zeros((0, 0)), small)
            return Answer(None, np.zeros(0, np.intp), nothing, np.inf)
        among = np.flatnonzero(np.isin(self.found.rows, rows))
        chosen, shape = self.found.trajectory.part(among), np.array(self.sample.frame_shape)
        scale = np.array(factors, float)
        moved = chosen.rescale(scale, (np.array(small) * scale - shape) / 2, small)
        kept = np.flatnonzero(np.isin(rows, self.found.rows))
        error, widening = self._error(self.sample, self.found, self.found.rows[among])
        return Answer(None, kept, moved, error / max(factors), widening)

    def _learn(self, frames: Images, contrast: Contrast) -> Answer | None:
        """What the frames tell as a contrast shows them; None if too few fit."""
        axes = "TZYX" if frames.ndim == 4 else "TYX"
        sample = Sample(ArraySource(contrast(frames), axes=axes), np.arange(len(frames)))
        found = align_sample(Template(), sample, self.estimator, device=self.device, engine=ThreadsEngine(1))
        if len(found.rows) < LEAST_FRAMES:
            return None
        return Answer(contrast, found.rows, found.trajectory, *self._error(sample, found, found.rows))

    def _error(self, sample: Sample, found: Alignment, rows: NDArray[np.int64]) -> tuple[float, float | None]:
        """Median error of where corners come to lie, widened by what tiles show, and by how much that is."""
        if not len(rows):
            return np.inf, None
        widening = Widening(sample, found, self.device)(Chunk(0, 1))
        rows = rows[np.unique(np.linspace(0, len(rows) - 1, TYPICAL).astype(int))]
        prepared = found.prepared or PreparedEstimator(self.estimator, found.reference, self.device)
        estimates = prepared.estimate(sample.read(rows))
        trajectory = Trajectory.of(self.estimator.motion, estimates.parameters, sample.frame_shape)
        return widening * float(np.nanmedian(trajectory.corner_errors(estimates.covariance))), widening


def _choose_binning(shape: tuple[int, ...]) -> tuple[int, ...]:
    factor = max(1, min(shape[-2:]) // WIDE_PX)
    factor = 1 << (factor.bit_length() - 1)
    return tuple(factor if axis >= len(shape) - 2 else 1 for axis in range(len(shape)))


def _measure_noise(frames: Images) -> float:
    """Variance of a pixel: of what most pixels change by from frame to frame, or of what is white in that if more."""
    steps = np.diff(frames[:: max(1, len(frames) // 8)], axis=0)
    white = float(np.median([white_noise(step) for step in steps])) / 2
    return max(white, (1.4826 * float(np.nanmedian(np.abs(steps)))) ** 2 / 2)


def _make_rivals(seen: Images, noise: float, uneven: bool) -> list[Contrast]:
    some = seen[:: max(1, len(seen) // 8)]
    dark, softness = float(np.nanquantile(some, DARK)), SOFTNESS * float(np.sqrt(noise))
    flat = Contrast(is_levelled=uneven, dark=dark, softness=softness)
    return [Contrast(is_levelled=True), flat] if uneven else [flat]


def _leave_out_bright(frames: Images, uneven: bool) -> list[Contrast]:
    """A view without the few things that outshine all else, if there are any for a part of the movie."""
    dark = float(np.nanquantile(frames[:: max(1, len(frames) // 8)], DARK))
    tiles = cut_tiles(blur_finely(frames)).max(axis=2) - dark
    ceiling = BRIGHT * float(np.quantile(tiles, DIM_SHARE))
    if ceiling <= 0 or (tiles.max(axis=1) > ceiling).mean() < OFTEN:
        return []
    return [Contrast(is_levelled=uneven, ceiling=dark + ceiling)]


def prefer(rival: Answer, best: Answer, frames: Images, noise: float, device: Device) -> bool | None:
    """Whether a rival is to be preferred; None if one of them is wrong in many frames and nothing tells which."""
    both = np.intersect1d(rival.rows, best.rows)
    if len(both) < LEAST_FRAMES:
        votes = count_votes(frames[rival.rows], rival.trajectory, noise, device).sum(axis=1)
        return len(rival.rows) > max(len(best.rows), NEARLY_ALL * len(frames)) and _count_sigmas(votes) > SURELY
    if best.contrast is None and lags_behind(best, rival):
        return True
    apart = _lie_apart(rival, best)
    levels = best.contrast is None and rival.contrast == Contrast(is_levelled=True)
    surer = rival.error < (LEVELLED if levels else SURER) * best.error
    if apart.mean() <= FEW:
        more = len(rival.rows) - len(best.rows)
        if abs(more) > MORE * len(frames):
            return more > 0 and len(rival.rows) > NEARLY_ALL * len(frames)
        return surer
    gain = np.zeros(len(frames))
    for one, sign in ((rival, 1), (best, -1)):
        gain[one.rows] += sign * count_votes(frames[one.rows], one.trajectory, noise, device).sum(axis=1)
    telling = np.setxor1d(rival.rows, best.rows).tolist() + both[apart].tolist()
    surely = _count_sigmas(gain[telling], by_chance=gain[both[~apart]])
    if abs(surely) > SURELY:
        return surely > 0
    if max(rival.error, best.error) * MUCH_SURER > min(rival.error, best.error):
        return rival.error < best.error
    # a few frames that uneven rows carried away are too few for votes to tell
    return None if apart.mean() > MANY else levels and surer


def _lie_apart(rival: Answer, best: Answer) -> NDArray[np.bool_]:
    """Which of the frames that both found lie apart, the common part of their motion taken off."""
    both = np.intersect1d(rival.rows, best.rows)
    if not len(both):
        return np.zeros(1, bool)
    mine, other = (one.trajectory.part(np.isin(one.rows, both)) for one in (rival, best))
    apart = _place_corners(mine) - _place_corners(other)
    apart = np.abs(apart - np.median(apart, axis=0)).max(axis=(1, 2))
    return np.asarray(apart > max(APART_PX, APART_SIGMAS * float(np.hypot(rival.error, best.error))), bool)


def lags_behind(answer: Answer, other: Answer) -> bool:
    """Whether an answer has only a share of the motion that the other found.

    Shading that stands still in the frame, as that of a lamp or a lens, holds on to frames by what is smooth: of cells
    on a background half as bright, under shading that leaves a quarter in the corners, 0.78 of the motion were found,
    0.4 px off with error bars of 0.1; no single frame lies apart then. Detail is not held.
    """
    both = np.intersect1d(answer.rows, other.rows)
    mine, theirs = (one.trajectory.part(np.isin(one.rows, both)).shifts for one in (answer, other))
    mine, theirs = mine - np.median(mine, axis=0), theirs - np.median(theirs, axis=0)
    moved = float((mine**2).sum())
    stated = float(np.hypot(answer.error, other.error))
    # on the surer one, whose errors would make the share smaller than it is
    missing = float((mine * theirs).sum()) / max(moved, 1e-12) - 1
    left = theirs - (1 + missing) * mine
    explained = (np.abs(left).max(axis=1, initial=0.0) > max(APART_PX, APART_SIGMAS * stated)).mean() <= FEW
    # how they scatter around that says more than error bars do: detail of spots is 0.02 px off at bars of 0.004
    error = max(stated, float(np.sqrt((left**2).mean())))
    lag = missing * np.sqrt(moved / max(len(both), 1))
    return bool(explained and missing * np.sqrt(moved) > LAGS_SIGMAS * error and lag > LAGS_ERRORS * answer.error)


def _stands_still(answer: Answer) -> bool:
    moved = np.abs(answer.trajectory.shifts - np.median(answer.trajectory.shifts, axis=0)).max()
    return bool(moved <= max(APART_PX, APART_SIGMAS * answer.error))


def _count_sigmas(votes: FloatArray, by_chance: FloatArray | tuple[()] = ()) -> float:
    """By how many standard errors the mean is above zero, of votes that scatter as those `by_chance` do at least.

    Two frames whose votes were 15 and 16, where others' went from -73 to 86, were 45 standard errors of their own.
    """
    spread = max((float(np.std(some, ddof=1)) for some in (votes, by_chance) if len(some) > 1), default=np.inf)
    return float(votes.mean() / max(spread / np.sqrt(len(votes)), 1e-12))


def _place_corners(trajectory: Trajectory) -> FloatArray:
    """Where the corners of the frame come to lie, (n, corners, ndim)."""
    corners = np.array(list(product(*((0.0, n - 1.0) for n in trajectory.shape))))
    return np.stack([trajectory.transform(row).map(corners) for row in range(len(trajectory))])


def are_rows_uneven(frames: Images) -> bool:
    """Whether rows have offsets of their own in each frame, (n, [z,] y, x): parts of a row that lie apart vary alike.

    What a specimen shows in one part of a row tells nothing of what it shows in another.
    """
    planes = frames.reshape(-1, *frames.shape[-2:]) if frames.ndim == 3 else frames[:, frames.shape[1] // 2]
    width = planes.shape[-1] // N_BLOCKS * N_BLOCKS
    blocks = planes[..., :width].reshape(*planes.shape[:-1], N_BLOCKS, -1)
    known = np.isfinite(blocks)
    if known.all():  # less than half of the time
        medians = np.median(blocks, axis=-1)
    else:
        medians = np.nanmedian(np.where(known.any(axis=-1, keepdims=True), blocks, 0), axis=-1)
    medians = medians - medians.mean(axis=0)
    rest = medians - ndimage.uniform_filter1d(medians, ROWS_AROUND, axis=1, mode="nearest")
    scores = []
    for one, other in ((0, 2), (1, 3), (0, 3)):
        a, b = rest[..., one].ravel(), rest[..., other].ravel()
        scores.append(float((a * b).sum() / max(np.sqrt(float((a**2).sum() * (b**2).sum())), 1e-30)))
    return bool(np.median(scores) * np.sqrt(rest[..., 0].size) > UNEVEN)
