"""How frames are best looked at: as they are, with their rows levelled, or flattened.

Something bright that moves on its own carries every frame with it, and the result looks well. So the sample is aligned
once more by its flattened frames. Where both views agree nothing changes, unless the other is much surer; where they
do not, the tiles of the frames themselves decide by vote. Where they cannot, the movie is doubtful.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import Chunk, Device, Estimator, Verdict
from holdstill.engines.threads import ThreadsEngine
from holdstill.io.array import ArraySource
from holdstill.reference.ceilings import find_ceiling
from holdstill.reference.contrast import Contrast, blur_finely
from holdstill.reference.learning import Alignment, align_sample
from holdstill.reference.noise import white_noise
from holdstill.reference.preferring import FEW, LEAST_FRAMES, SURER, Answer, lie_apart, prefer, stands_still
from holdstill.reference.prepared import PreparedEstimator
from holdstill.reference.sample import Sample
from holdstill.reference.strategies import Template
from holdstill.reference.vote import TILE_PX, cut_tiles
from holdstill.reference.widening import Widening
from holdstill.transforms.trajectory import Trajectory

__all__ = ["Choice", "Choosing", "Outvoting", "are_rows_uneven"]

Images = NDArray[np.float32]

MOST_FRAMES, MOST_BYTES = 40, 128 << 20
# so many frames tell a typical error bar
TYPICAL = 9
# images are binned until their shorter side has less than twice so many px
WIDE_PX, LEAST_TILES = 128, 6
DARK, SOFTNESS = 0.01, 2.0
# Tiles are bright that shine so many times as much as all but a tenth of them; something does so in so many frames.
DIM_SHARE, BRIGHT, OFTEN = 0.9, 3.0, 0.25
N_BLOCKS, ROWS_AROUND, UNEVEN = 4, 15, 6.0


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
class Choosing:
    """Job that chooses how the frames of a sample, which were aligned as they are, are to be looked at."""

    sample: Sample
    found: Alignment
    estimator: Estimator
    device: Device

    def __call__(self, everything: Chunk) -> Choice:
        frames = self.read()
        if frames is None:
            return Choice()
        as_is, uneven = self.answer(), are_rows_uneven(frames)
        seen = Contrast(is_levelled=True)(frames) if uneven else frames
        noise = _measure_noise(seen)
        if noise <= 0:
            return Choice(widening=as_is.widening)
        best, doubt = as_is, False
        bright = _leave_out_bright(frames, uneven)
        for contrast in _make_rivals(seen, noise, uneven) + bright:
            rival = self._learn(frames, contrast)
            better = False if rival is None else prefer(rival, best, seen, noise, self.device)
            if rival is not None and better and contrast.ceiling is not None and stands_still(rival):
                # beads on an uneven background that stands still: without the beads nothing tells the motion
                better = False if stands_still(best) else None
            if rival is not None and better is False and self._speaks_against(rival, best, seen, noise):
                better = None
            if rival is not None and better:
                best = rival
            doubt = better is None or (doubt and not better)
        best = self._look_around(frames, best, noise, uneven)
        return Choice(best.contrast, Verdict.CONTENT_CHANGED if doubt else None, as_is.widening, bool(bright))

    def _look_around(self, frames: Images, best: Answer, noise: float, uneven: bool) -> Answer:
        """What frames tell where nothing passes through them, if that is surer than flattened ones, which agree."""
        if best.contrast is None or not best.contrast.flattens or len(best.rows) < LEAST_FRAMES:
            return best
        if stands_still(best):  # what goes its own way may be the specimen
            return best
        factors, _ = _choose_binning(self.sample.frame_shape)
        ceiling = find_ceiling(frames[best.rows], best.trajectory, noise * math.prod(factors), best.error, self.device)
        if (blur_finely(frames) > ceiling).any(axis=tuple(range(1, frames.ndim))).mean() < OFTEN:
            return best
        around = self._learn(frames, Contrast(is_levelled=uneven, ceiling=ceiling))
        if around is None or len(around.rows) < len(best.rows) or lie_apart(around, best).mean() > FEW:
            return best
        return around if around.error < SURER * best.error else best

    def read(self) -> Images | None:
        """Some frames of the sample, binned; None if they are too few or too small to be asked."""
        shape, rows = self.sample.frame_shape, self._rows
        factors, small = _choose_binning(shape)
        tiles = int(np.prod([max(n // TILE_PX, 1) for n in small]))
        if len(rows) < LEAST_FRAMES or min(small[-2:]) < TILE_PX or tiles < LEAST_TILES:
            return None
        return np.concatenate([self._bin(row, factors) for row in rows])

    @property
    def _rows(self) -> NDArray[np.int64]:
        """Which frames are looked at."""
        most = min(MOST_FRAMES, MOST_BYTES // (4 * int(np.prod(self.sample.frame_shape))), len(self.sample))
        return np.unique(np.linspace(0, len(self.sample) - 1, max(most, 1)).astype(np.int64))

    def _bin(self, row: np.int64, factors: tuple[int, ...]) -> Images:
        return np.asarray(self.device.bin(self.sample.read(np.array([row])).astype(np.float32), factors), np.float32)

    def _speaks_against(self, rival: Answer, best: Answer, seen: Images, noise: float) -> bool:
        """Whether what outshines all else decided alone: the rest of the frame says, as surely, what the rival says."""
        if rival.contrast is None or rival.contrast.ceiling is None or not lie_apart(rival, best).mean() > FEW:
            return False
        rest = replace(rival.contrast, is_levelled=False)(seen)
        return bool(prefer(rival, best, rest, noise, self.device))

    def answer(self) -> Answer:
        """What was found already, of these frames."""
        rows, (factors, small) = self._rows, _choose_binning(self.sample.frame_shape)
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


@dataclass(frozen=True, eq=False)
class Outvoting:
    """Job that tells whether frames less their pattern surely show a motion other than that of another view."""

    less: Choosing
    other: Choosing

    def __call__(self, everything: Chunk) -> bool:
        frames = self.less.read()
        noise = 0.0 if frames is None else _measure_noise(frames)
        if frames is None or noise <= 0:
            return False
        rival = self.less.answer()
        best = replace(self.other.answer(), contrast=self.other.sample.defects.contrast)
        # where nothing moves, what stands still is the specimen
        return bool(not stands_still(best) and prefer(rival, best, frames, noise, self.less.device))


def _choose_binning(shape: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """By how much frames are binned along each axis, and their shape then."""
    factor = max(1, min(shape[-2:]) // WIDE_PX)
    factor = 1 << (factor.bit_length() - 1)
    factors = tuple(factor if axis >= len(shape) - 2 else 1 for axis in range(len(shape)))
    return factors, tuple(n // factor for n, factor in zip(shape, factors, strict=True))


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
