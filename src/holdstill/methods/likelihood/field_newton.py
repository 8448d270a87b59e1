"""Gauss-Newton steps for displacements on a grid of control points, all solved together, many frames at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ControlGrid, Covariance, Device, FieldSums, FloatArray, Frames
from holdstill.methods.likelihood.banded import cover_fields, multiply_cells, step_fields, weigh_band
from holdstill.methods.likelihood.bending import Prior
from holdstill.methods.likelihood.cells import FieldLevel
from holdstill.methods.likelihood.gauss_newton import cutoffs, inflation, stretch
from holdstill.methods.likelihood.joining import Light, gather_light
from holdstill.methods.likelihood.modes import Modes, cover_modes, find_uniform, make_modes, step_modes

__all__ = ["FieldFit", "Solver", "cover", "find_light", "make_solver", "refine_fields", "weigh"]

MAX_STEP_PX = 1.5
LEAST_GAIN = 0.02


@dataclass(eq=False)
class FieldFit:
    """Where n frames stand: displacements (n, p) in full-resolution px beside `shifts`; gain, offset, chi square.

    `ratios`, (n, cells), is the information of each cell over that of the reference at the last level; `score` the
    weighted correlation.
    """

    shifts: FloatArray
    nodes: FloatArray
    gains: FloatArray
    offsets: FloatArray
    chi_square: FloatArray
    score: FloatArray
    ratios: FloatArray

    @classmethod
    def start(cls, shifts: FloatArray, grid: ControlGrid, offset: float) -> FieldFit:
        """Without displacements; nothing known of the noise (chi square infinite)."""
        n = len(shifts)
        return cls(
            shifts.copy(), np.zeros((n, grid.n_parameters)), np.ones(n), np.full(n, offset), np.full(n, np.inf),
            np.zeros(n), np.zeros((n, int(np.prod(grid.cells)))),
        )  # fmt: skip

    def rows(self, chosen: NDArray[np.intp]) -> FieldFit:
        """A copy of some of the frames' fits."""
        return FieldFit(**{one.name: getattr(self, one.name)[chosen].copy() for one in fields(self)})

    def replace_rows(self, chosen: NDArray[np.intp], other: FieldFit) -> None:
        """Take over `other`, as it stands, for some frames."""
        for one in fields(self):
            getattr(self, one.name)[chosen] = getattr(other, one.name)


@dataclass(frozen=True, eq=False)
class Solver:
    """A level with the prior that its displacements are found with; `blocks` are Hessians in full-resolution px.

    `dispersion` is by how much more what is left of a fit pulls than independent noise, see `measure_dispersion`.
    """

    field: FieldLevel
    prior: Prior
    blocks: FloatArray
    modes: Modes | None
    dispersion: float = 1.0

    @property
    def factors(self) -> FloatArray:
        """Pixels that became one along each axis."""
        return np.array(self.field.level.factors, float)

    @property
    def per_px(self) -> FloatArray:
        """Full-resolution px in one of the level, for each unknown."""
        moved = list(self.field.grid.moved)
        return np.tile(self.factors[moved], self.field.grid.n_parameters // len(moved))


def make_solver(field: FieldLevel, prior: Prior, *, dispersion: float = 1.0) -> Solver:
    """Prepared for many frames."""
    moved = list(field.grid.moved)
    per_px = np.tile(np.array(field.level.factors, float)[moved], field.grid.n_parameters // len(moved))
    by = per_px[field.unknowns]
    blocks = np.ascontiguousarray(field.blocks / (by[:, :, None] * by[:, None, :]))
    return Solver(field, prior, blocks, make_modes(field, prior, blocks), dispersion)


def refine_fields(
    device: Device, solver: Solver, frames: Frames, fit: FieldFit, *, cutoff: float, max_iterations: int,
    accuracy: float
) -> None:  # fmt: skip
    """Improve `fit` in place until steps are below `accuracy` error bars; `frames` are at the solver's resolution."""
    field, factors = solver.field, solver.factors
    active: NDArray[np.intp] = np.arange(len(frames))
    for _ in range(max_iterations):
        chosen = frames if len(active) == len(frames) else frames[active]
        sums = _sum(device, field, chosen, fit, active, cutoff, factors)
        was_known = np.isfinite(fit.chi_square[active])
        _update_brightness(fit, active, sums, field)
        right = _gradient(fit, active, sums) / solver.per_px
        decrement = _step(solver, fit, active, right, _weights(fit, active, cutoff, was_known, solver.dispersion))
        active = active[~was_known | (decrement > accuracy**2)]
        if not len(active):
            return


def _step(
    solver: Solver, fit: FieldFit, rows: NDArray[np.intp], right: FloatArray, weights: tuple[FloatArray, FloatArray]
) -> FloatArray:
    """Move some frames; returns the mean square of their steps in units of the error bars, (n,)."""
    field, most, (scales, shares) = solver.field, MAX_STEP_PX * float(solver.factors.max()), weights
    nodes, decrement, modes = fit.nodes[rows], np.empty(len(rows)), solver.modes
    share, alike = find_uniform(field, fit.ratios[rows])
    even = np.flatnonzero(alike & (modes is not None))
    uneven = np.setdiff1d(np.arange(len(rows)), even)
    if modes is not None and len(even):
        some, told = nodes[even], decrement[even]
        step_modes(
            right[even], scales[even] * share[even], shares[even], modes.vectors, modes.values, modes.precision, some,
            most, told,
        )  # fmt: skip
        nodes[even], decrement[even] = some, told
    if len(uneven):
        some, told = nodes[uneven], decrement[uneven]
        step_fields(
            fit.ratios[rows][uneven], right[uneven], scales[uneven], shares[uneven], solver.blocks, field.unknowns,
            solver.prior.band, some, most, told,
        )  # fmt: skip
        nodes[uneven], decrement[uneven] = some, told
    fit.nodes[rows] = nodes
    return decrement


def _sum(
    device: Device, field: FieldLevel, frames: Frames, fit: FieldFit, rows: NDArray[np.intp], cutoff: float,
    factors: FloatArray
) -> FieldSums:  # fmt: skip
    """The sums of some frames where they stand."""
    grid, n_moved = field.grid, len(field.grid.moved)
    nodes = np.moveaxis(fit.nodes[rows].reshape(len(rows), *grid.counts, n_moved), -1, 1)
    by = factors[list(grid.moved)].reshape(-1, *(1 for _ in grid.counts))
    # pixel q of binned images lies at f q + (f - 1) / 2; shifts are differences, which know no offset
    return device.field_sums(
        frames, field.level.spline, grid, fit.shifts[rows] / factors, nodes / by, fit.gains[rows], fit.offsets[rows],
        field.level.noise, cutoffs(cutoff, np.ones(len(rows)), fit.chi_square[rows]),
    )  # fmt: skip


def _gradient(fit: FieldFit, rows: NDArray[np.intp], sums: FieldSums) -> FloatArray:
    """Of the likelihood by the displacements, (n, p): content that moves further shows what lay before it."""
    right = np.moveaxis(sums.right, 1, -1).reshape(len(rows), -1)
    return np.asarray(-fit.gains[rows][:, None] * right, np.float64)


def _weights(
    fit: FieldFit, rows: NDArray[np.intp], cutoff: float, was_known: NDArray[np.bool_], dispersion: float
) -> tuple[FloatArray, FloatArray]:
    """By how much the Hessian of the reference and the gradient count beside the prior, each (n,).

    Precision is what the estimate's variance says, see `inflation`; the step that the data alone would take is
    stretched as that of shifts is.
    """
    variances = inflation(cutoff) * fit.chi_square[rows] * dispersion
    return fit.gains[rows] ** 2 / variances, np.where(was_known, stretch(cutoff), 1.0) / variances


def _update_brightness(fit: FieldFit, rows: NDArray[np.intp], sums: FieldSums, field: FieldLevel) -> None:
    """Gain, offset, chi square, score and ratios of some frames, in place."""
    vv, v1, one, rv, r1 = sums.brightness.T
    gains = fit.gains[rows]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = v1 / one
        spread, cross, own = vv - mean * v1, rv - mean * r1, sums.squares - r1 * r1 / one
        fit.score[rows] = np.clip(
            np.nan_to_num((cross + gains * spread) / np.sqrt(spread * (own + 2 * gains * cross + gains**2 * spread))),
            -1, 1,
        )  # fmt: skip
        step = np.nan_to_num(cross / spread)
        new = gains + step
        fit.gains[rows] = np.where(new > LEAST_GAIN, new, LEAST_GAIN)
        fit.offsets[rows] += np.nan_to_num((r1 - (fit.gains[rows] - gains) * v1) / one)
    fit.chi_square[rows] = np.maximum(sums.squares / np.maximum(sums.count - 2, 1.0), 1e-12)
    told = np.where(field.information > 0, field.information, np.inf)
    fit.ratios[rows] = sums.information.reshape(len(rows), -1) / told


def cover(solver: Solver, fit: FieldFit, cutoff: float, excess: float = 1.0) -> tuple[Covariance, Covariance]:
    """Covariances of the displacements, and what each would have from its own light, were its neighbours known.

    Over the `excess`, by which variances of whole movies are widened, whatever the motion: noise grows by it, what is
    expected of displacements does not. Where neurons flash, bars were too wide while both did (z-scores of 0.65).
    """
    field, rows = solver.field, np.arange(len(fit.nodes))
    scales, _ = _weights(fit, rows, cutoff, np.ones(len(rows), bool), excess)
    p, modes = field.grid.n_parameters, solver.modes
    bands, own = np.full((len(rows), min(len(field.grid.moved), p), p), np.nan), np.empty((len(rows), p))
    share, alike = find_uniform(field, fit.ratios)
    even = np.flatnonzero(alike & (modes is not None))
    uneven = np.setdiff1d(rows, even)
    for chosen in (even, uneven):
        some, known = bands[chosen], own[chosen]
        if modes is not None and chosen is even:
            cover_modes(scales[even] * share[even], modes.vectors, modes.values, modes.own, some, known)
        else:
            cover_fields(
                fit.ratios[chosen], scales[chosen], solver.blocks, field.unknowns, solver.prior.band, some, known
            )
        bands[chosen], own[chosen] = some, known
    with np.errstate(divide="ignore"):
        alone = 1 / np.sqrt(own * excess * inflation(cutoff) * fit.chi_square[:, None])
    return Covariance.of_bands(bands / excess), Covariance.of_errors(np.where(np.isfinite(alone), alone, np.nan))


def find_light(solver: Solver, fit: FieldFit, cutoff: float) -> Light:
    """What frames tell by themselves, without the prior, where the steps have ended."""
    rows = np.arange(len(fit.nodes))
    scales, _ = _weights(fit, rows, cutoff, np.ones(len(rows), bool), solver.dispersion)
    return gather_light(fit.nodes, fit.ratios, scales, solver.blocks, solver.field.unknowns, solver.prior)


def weigh(
    device: Device, field: FieldLevel, frames: Frames, fit: FieldFit, priors: Iterable[Prior], cutoff: float,
    dispersion: float = 1.0
) -> FloatArray:  # fmt: skip
    """Log evidence of each prior, (n, n_priors), but for what is the same for all; `fit` is where frames are best.

    Priors are taken one at a time: of fine grids each takes tens of MB.
    """
    rows = np.arange(len(frames))
    sums = _sum(device, field, frames, fit, rows, cutoff, np.array(field.level.factors, float))
    _update_brightness(fit, rows, sums, field)
    scales, shares = _weights(fit, rows, cutoff, np.ones(len(rows), bool), dispersion)
    known = shares[:, None] * _gradient(fit, rows, sums)
    for t in rows:
        multiply_cells(fit.ratios[t], scales[t], field.blocks, field.unknowns, fit.nodes[t], known[t])
    columns = []
    for prior in priors:
        told = np.empty(len(rows))
        for t in rows:
            told[t] = weigh_band(fit.ratios[t], scales[t], field.blocks, field.unknowns, prior.band, known[t])
        columns.append(0.5 * (told + prior.log_determinant))
    return np.stack(columns, axis=1)
