"""Displacements of control points all over the frame, solved together: the maximum of the likelihood of all pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import (
    ControlGrid,
    Covariance,
    Device,
    Estimates,
    Estimator,
    FloatArray,
    Frames,
    Reference,
)
from holdstill.errors import InputError
from holdstill.methods.direct import Direct, DirectState
from holdstill.methods.likelihood.bending import (
    check_size,
    find_candidates,
    find_pilot,
    list_near,
    make_prior,
)
from holdstill.methods.likelihood.cell_agreement import CellAgreement, Tell, make_agreement
from holdstill.methods.likelihood.cells import make_field_level
from holdstill.methods.likelihood.dispersion import measure_dispersion
from holdstill.methods.likelihood.field_newton import FieldFit, Solver, cover, make_solver, refine_fields, weigh
from holdstill.methods.likelihood.judged_field import (
    MOST_LOST,
    find_uncertainty_beyond,
    find_unfollowed,
    judge_fields,
    move_to_reference,
    spread_shifts,
)
from holdstill.methods.search.local_start import LocalStart, prepare_local_start
from holdstill.transforms.middle import find_middle, move_to_middle
from holdstill.transforms.motions import find_motion
from holdstill.transforms.motions.grid import GridMotion
from holdstill.transforms.motions.piecewise import PIECEWISE, name_piecewise
from holdstill.transforms.trajectory import Trajectory

__all__ = ["Piecewise"]

# log of the odds above which a movie bends
SURELY = 5.0
STEPS = {True: 3, False: 2}
# below this share of parts that do not agree none are searched for
NOT_WORTH = 0.02
LITTLE = 0.5
BLIND_ROUNDS = 4
# control points, and frames at least, that tell how much a movie bends
TELLING_POINTS, LEAST_TELLING = 2048, 4
# frames of those weighed together, and px of each, that tell how much more than noise pulls at parts; whole volumes
# took 13 s of processor each
MOST_MEASURED, MEASURED_PX = 4, 1 << 20


@dataclass(frozen=True, eq=False)
class PiecewiseState:
    """The reference, NaN where it does not count, and what is prepared of it, from coarse to fine.

    `excess` is what variances that are stated will be multiplied by, see `Reference.widening`.
    """

    pixels: NDArray[np.float32]
    rigid: DirectState
    motion: GridMotion
    solvers: tuple[Solver, ...]
    agreement: CellAgreement
    start: LocalStart | None
    excess: float


@dataclass(frozen=True, kw_only=True)
class Piecewise(Estimator):
    """Displacements on a grid of control points, to the accuracy that the photons allow.

    From the shift that `Direct` finds, the displacements of all control points are solved together by Gauss-Newton
    steps on the likelihood of all pixels; between control points displacements are linear. How stiff the specimen is,
    and over which distance it bends, is learned from a sample of the movie: where nothing bends the result is that of
    translation, to the bit. Control points that show nothing follow their neighbours, with the error bar that follows.

    Parameters
    ----------
    grid : float or tuple of float
        Distance of the control points, px, one number or one for each of ``([z,] y, x)``; 64 corresponds to
        half-overlapping blocks of 128 px. An axis shorter than that does not bend. Default 64.
    max_shift : float or tuple of float, optional
        Largest displacement of any control point in px, one for all axes or one each ``([z,] y, x)``.
        Default: 45 % of the frame.
    cutoff : float
        Residual, in standard deviations, at which a pixel's weight falls to a quarter. Default 6.
    max_iterations : int
        Most steps at full resolution. Default 8.
    accuracy : float
        Stop when a step was below this share of the error bars. Default 1: fields of 1 px at 2 photons come out as
        exactly as with 0.5, to the fourth digit, in two thirds of the time.

    Notes
    -----
    The prior of the displacements is a Gaussian process, smooth or rough, with a standard deviation and a distance over
    which displacements are alike; on grids of more than 128 points one of stiffness. What maximises the marginal
    likelihood of a sample is taken (MacKay, Neural Computation 4:415, 1992). Pixels count by so much less as what is
    left of the sample's frames, tile by tile, pulls more than noise would: parts that flash or fade do.

    Examples
    --------
    >>> from holdstill.estimators import Piecewise
    >>> Piecewise(grid=32).motion
    'piecewise:32'
    """

    motions: ClassVar[tuple[str, ...]] = (PIECEWISE,)
    bends: ClassVar[bool] = True
    motion: str = PIECEWISE
    grid: float | tuple[float, ...] = 64
    max_shift: float | tuple[float, ...] | None = None
    cutoff: float = 6.0
    max_iterations: int = 8
    accuracy: float = 1.0

    def __post_init__(self) -> None:
        """Name the motion after the grid."""
        wanted, name, family = self._name_motion(), type(self).__name__, self.motions[0]
        if self.motion not in (family, wanted):
            raise InputError(f"{name} does not estimate motion {self.motion!r}; it knows {family}, with grid=...")
        object.__setattr__(self, "motion", wanted)

    def prepare(self, reference: Reference, device: Device) -> PiecewiseState:
        """See `Estimator.prepare`. Raises InputError for more control points than memory holds."""
        shape = reference.image.shape
        motion: Any = find_motion(self.motion, shape)
        check_size(motion.grid)
        rigid = self._direct().prepare(reference, device)
        pixels = np.asarray(reference.image, np.float32)
        if reference.mask is not None:
            pixels = np.where(reference.mask, pixels, np.float32(np.nan))
        solvers = _make_solvers(rigid, motion.grid, reference.prior) if reference.prior else ()
        agreement, start = make_agreement(pixels, motion.grid, device), prepare_local_start(pixels, motion.grid, device)
        return PiecewiseState(pixels, rigid, motion, solvers, agreement, start, reference.widening**2)

    def estimate(self, state: PiecewiseState, frames: Frames, device: Device) -> Estimates:
        """See `Estimator.estimate`."""
        rigid = self._find_shifts(state, frames, device)
        found = spread_shifts(rigid, state.motion)
        if not state.solvers:
            return found
        rows = np.flatnonzero(np.isfinite(rigid.parameters).all(axis=1))
        if not len(rows):
            return found
        fit, lost = self._fit(state, frames[rows], rigid.parameters[rows], device)
        covariance, bound = cover(state.solvers[-1], fit, self.cutoff, state.excess)
        parameters, scores = found.parameters.copy(), found.scores.copy()
        parameters[rows], scores[rows] = move_to_reference(fit.nodes, fit.shifts, state.motion), fit.score
        beyond = find_uncertainty_beyond(state.motion, state.solvers[-1].prior, parameters[rows], fit.shifts)
        values = found.covariance.values.copy()
        values[rows] = covariance.weigh(state.rigid.variance_factor).values
        values[rows, 0] += (beyond + find_unfollowed(state.motion, parameters[rows]) ** 2) / state.excess
        bounds = np.full(parameters.shape, np.nan)
        bounds[rows] = np.sqrt(bound.variances + beyond)
        return Estimates(
            parameters=parameters, covariance=Covariance(found.covariance.kind, values), scores=scores,
            verdicts=judge_fields(
                found, rows, parameters, lost, state.motion, state.rigid.limits.max_shift, state.rigid.shape
            ),
            bound=Covariance.of_errors(bounds), light=self._gather(state, fit, rows, len(frames)),
        )  # fmt: skip

    def count_telling(self, shape: tuple[int, ...]) -> int:
        """See `Estimator.count_telling`; of fine grids a few frames tell it surely."""
        motion: Any = find_motion(self.motion, shape)
        return max(LEAST_TELLING, math.ceil(TELLING_POINTS / math.prod(motion.grid.counts)))

    def weigh_priors(self, state: PiecewiseState, frames: Frames, device: Device) -> FloatArray:
        """See `Estimator.weigh_priors`; where a prior is known only those near to it are weighed, others are -inf.

        Behind the evidence of all stands the dispersion that it was weighed with.
        """
        grid = state.motion.grid
        rigid = self._find_shifts(state, frames, device)
        rows = np.flatnonzero(rigid.good)
        if not len(rows):
            return np.zeros((0, len(find_candidates(grid)) + 1))
        bent = replace(state, solvers=state.solvers or _make_solvers(state.rigid, grid, find_pilot(grid)))
        fit, lost = self._fit(bent, frames[rows], rigid.parameters[rows], device)
        candidates = find_candidates(grid)
        near = list_near(grid, state.solvers[-1].prior.numbers) if state.solvers else np.ones(len(candidates), bool)
        priors = (make_prior(grid, *candidates[k]) for k in np.flatnonzero(near))
        found = np.full((len(rows), len(candidates) + 1), -np.inf)
        whole = np.flatnonzero(~(lost > MOST_LOST))  # what lies elsewhere pulls too
        dispersion = self._measure_dispersion(bent, frames[rows[whole]], fit.rows(whole), device)
        found[:, -1] = dispersion
        found[:, :-1][:, near] = weigh(
            device, bent.solvers[-1].field, frames[rows], fit, priors, self.cutoff, dispersion
        )
        return found

    def find_prior(self, state: PiecewiseState, evidence: FloatArray) -> tuple[float, ...]:
        """See `Estimator.find_prior`; what is not clearly better than rigid is rigid."""
        total = evidence[:, :-1].sum(axis=0)
        best = int(total.argmax())
        chosen = (*find_candidates(state.motion.grid)[best], float(np.median(evidence[:, -1])))
        return chosen if total[best] > total[-1] + SURELY else ()

    def _measure_dispersion(self, state: PiecewiseState, frames: Frames, fit: FieldFit, device: Device) -> float:
        """At least one, see `measure_dispersion`; the median of some frames, since others may not have settled."""
        if not len(frames):
            return 1.0
        box, level = find_middle(state.pixels.shape, MEASURED_PX), state.solvers[-1].field.level
        image = np.ascontiguousarray(state.pixels[box][None], np.float32)
        axes = [axis for axis, n in enumerate(image.shape[1:]) if n > 1]
        trajectory = Trajectory(state.motion, move_to_reference(fit.nodes, fit.shifts, state.motion), state.rigid.shape)
        moved, found = np.empty_like(image), []
        for t in np.unique(np.linspace(0, len(frames) - 1, min(len(frames), MOST_MEASURED)).astype(int)):
            move_to_middle(trajectory.part([t]), box).resample_back(device, image, fill=np.nan, out=moved)
            # slopes of what was moved, not moved slopes: they are told in a fourth of the time
            slopes = np.stack([np.gradient(moved[0], axis=axis) for axis in axes])
            pixels = np.asarray(frames[t][box], np.float64)
            found.append(measure_dispersion(pixels, moved[0], slopes, level.noise, self.cutoff))
        return max(float(np.median(found)), 1.0)

    def _name_motion(self) -> str:
        """Name of the motion with this grid."""
        return name_piecewise(self.grid)

    def _begin(self, state: PiecewiseState, shifts: FloatArray) -> FieldFit:
        """Where the steps begin: control points move with the frame as a whole, and not yet beside it."""
        return FieldFit.start(shifts, state.motion.grid, state.rigid.mean)

    def _gather(self, state: PiecewiseState, fit: FieldFit, rows: NDArray[np.intp], n_frames: int) -> FloatArray | None:
        """What frames tell by themselves, where they are to be joined with others; see `Estimates.light`."""
        return None

    def _find_shifts(self, state: PiecewiseState, frames: Frames, device: Device) -> Estimates:
        """Of whole frames; where what bends is found beside them, a hundredth of a px off is no worse a start."""
        direct = self._direct()
        if state.solvers:
            return replace(direct, accuracy=self.accuracy).estimate_roughly(state.rigid, frames, device)
        return direct.estimate(state.rigid, frames, device)

    def _direct(self) -> Direct:
        """What finds the shift of the whole frame."""
        return Direct(max_shift=self.max_shift, cutoff=self.cutoff)

    def _fit(
        self, state: PiecewiseState, frames: Frames, shifts: FloatArray, device: Device
    ) -> tuple[FieldFit, FloatArray]:
        """Displacements beside shifts, and the share of each frame that is lost, see `_blind_lost`.

        Where some parts do not agree, all are searched for; what does not agree even then has no say.
        """
        fit = self._begin(state, shifts)
        self._refine(state, frames, fit, device)
        told = self._tell(state, frames, fit, device)
        # where too little light tells nothing is lost for it; where next to nothing of the reference shows, all may be
        lost = np.where(np.isnan(told.share_lost), fit.gains < LITTLE, told.share_lost > NOT_WORTH)
        rows = np.flatnonzero(lost)
        if state.start is not None and len(rows):
            other = self._begin(state, shifts[rows])
            for k, row in enumerate(rows):
                moves = state.start.find(device, frames[row], shifts[row], other.shifts[k], state.motion.grid)
                other.nodes[k] = moves.ravel()
            self._refine(state, frames[rows], other, device, state.start.factors)
            again = self._tell(state, frames[rows], other, device)
            before, after = (np.nan_to_num(one, nan=2.0) for one in (told.share_lost[rows], again.share_lost))
            better = np.flatnonzero((after < before) | ((after == before) & (other.score > fit.score[rows])))
            fit.replace_rows(rows[better], other.rows(better))
            told.replace_rows(rows[better], again.rows(better))
        return fit, self._blind_lost(state, frames, fit, told, device)

    def _blind_lost(
        self, state: PiecewiseState, frames: Frames, fit: FieldFit, told: Tell, device: Device
    ) -> FloatArray:
        """Fit frames again without the cells that do not agree; returns the share of all that is lost, (n,).

        That is 1 where it cannot be told which cells are lost, and NaN where too few tell.
        """
        left = np.zeros(len(frames))
        rows = np.flatnonzero((told.share_lost > 0) & (told.share_lost <= MOST_LOST))
        for _ in range(BLIND_ROUNDS):
            if not len(rows):
                break
            blind, some = told.lost[rows], fit.rows(rows)
            pixels = _blind(frames[rows], fit.shifts[rows], blind, state.motion.grid)
            self._refine(state, pixels, some, device, (1,) * state.motion.grid.ndim)
            again = self._tell(state, frames[rows], some, device)
            fit.replace_rows(rows, some)
            told.replace_rows(rows, again)
            left[rows] = (again.lost & ~blind).any(axis=1)
            rows = rows[(left[rows] > 0) & (again.share_lost <= MOST_LOST)]
        return np.where(left > 0, 1.0, told.share_lost)

    def _tell(self, state: PiecewiseState, frames: Frames, fit: FieldFit, device: Device) -> Tell:
        trajectory = Trajectory(state.motion, move_to_reference(fit.nodes, fit.shifts, state.motion), state.rigid.shape)
        return state.agreement.measure(device, frames, trajectory, fit.gains)

    def _refine(
        self, state: PiecewiseState, frames: Frames, fit: FieldFit, device: Device, factors: tuple[int, ...] = ()
    ) -> None:
        """Improve `fit` in place, from coarse to fine; from images binned by no more than `factors`, if given."""
        solvers = [one for one in state.solvers if not factors or (one.factors <= factors).all()]
        pyramid: list[Frames] = [frames]
        for solver, finer in zip(solvers[-2::-1], solvers[:0:-1], strict=True):
            by = solver.factors // finer.factors
            pyramid.insert(0, device.bin(pyramid[0], tuple(int(factor) for factor in by)))
        for k, (solver, pixels) in enumerate(zip(solvers, pyramid, strict=True)):
            is_last = k == len(pyramid) - 1
            refine_fields(
                device, solver, pixels, fit, cutoff=self.cutoff, accuracy=self.accuracy,
                max_iterations=self.max_iterations if is_last else STEPS[k == 0],
            )  # fmt: skip


def _blind(frames: Frames, shifts: FloatArray, lost: NDArray[np.bool_], grid: ControlGrid) -> Frames:
    """Frames, (n, ...), NaN in the cells that are lost, (n, cells)."""
    found = np.array(frames, np.float32)
    for frame, shift, cells in zip(found, shifts, lost, strict=True):
        where = [
            np.minimum(grid.find_cells(axis, np.arange(n) - shift[axis])[0], grid.cells[axis] - 1)
            for axis, n in enumerate(frame.shape)
        ]
        frame[cells.reshape(grid.cells)[np.ix_(*where)]] = np.nan
    return found


def _make_solvers(rigid: DirectState, grid: ControlGrid, numbers: tuple[float, ...]) -> tuple[Solver, ...]:
    """One for each level, from coarse to fine, with the prior of the first numbers and the dispersion of the last."""
    prior, dispersion = make_prior(grid, *numbers[:3]), numbers[3] if len(numbers) > 3 else 1.0
    fields = (make_field_level(level, grid, rigid.mean) for level in rigid.levels)
    return tuple(make_solver(field, prior, dispersion=dispersion) for field in fields)
