"""How each cycle lies over the first: registered on copies that fit into memory."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import ControlGrid, FloatArray, ImagesInfo, Progress, Treatment, Verdict, ignore_progress
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError
from holdstill.integrity.agreement import Tissue, fill_nodes
from holdstill.integrity.cycles import Cycle
from holdstill.integrity.refining import FAR, PASSES, TILE_PX, find_bright, refine
from holdstill.integrity.rows import SETTINGS, FileRows
from holdstill.io.array import ArraySource
from holdstill.result.beside import find_result_beside
from holdstill.result.originals import is_input
from holdstill.result.registration import Registration, load
from holdstill.run.options import RegisteringOptions
from holdstill.run.reduction import expand
from holdstill.run.register import register
from holdstill.transforms.motions.piecewise import PIECEWISE
from holdstill.transforms.trajectory import Trajectory

__all__ = ["recall_verdicts", "register_cycles"]

# cells are ten pixels wide and more: a copy of 2,048 x 2,048 px places a slide of 20,000 to a tenth of its own pixels
COPY_PX = 1 << 22
BAND_ROWS = 256
STAGE = "registering"
# of the first matrices that the displacements of tiles are found beside
BEFORE_TILES = "rigid"
# of copies with so many tiles across, and of those alone, windows tell where tiles lie
LEAST_ACROSS = 8


def register_cycles(
    cycles: list[Cycle], motion: str, pool: ThreadPoolExecutor, progress: Progress | None = None
) -> Registration:
    """The transforms from the first cycle to each, estimated on copies binned to 4 million pixels at most.

    Shifts come first, of all pairs of cycles: the tenth resembles the ninth more than it does the first, of which it
    lost half. Then each cycle is compared with the first in the wider family, and with ``piecewise`` in tiles of 64 px
    of the copy. Windows of the slide itself mend what copies leave, see `refine`. The verdicts of the methods are on
    frames that show the same; here tissue gets lost, and a cycle is ok, too, whose tiles agree with the first where
    they show anything, see `Tissue.judge`, and none of which hardly a tile agrees, or, once bent, less than most.

    Raises
    ------
    InputError
        The first cycle shows nothing, or no other could be registered.
    """
    height, width = cycles[0].shape
    factor = int(np.ceil(np.sqrt(height * width / COPY_PX)))
    progress = progress or ignore_progress
    passes = PASSES if factor > 1 else 0
    steps = len(cycles) + 1 + max(passes, 1)  # cycles that were read, all placed, passes over their windows
    copies = np.empty((len(cycles), height // factor, width // factor), np.float32)
    for k, copy in enumerate(pool.map(lambda cycle: _bin(cycle, factor), cycles)):
        copies[k] = copy
        progress(STAGE, k + 1, steps)
    first = copies[0][np.isfinite(copies[0])]
    if not first.size or first.min() == first.max():
        raise InputError(
            f"{cycles[0].source.info.name}: its first cycle shows nothing, and all are compared with it; check the "
            "nuclear channel (--channel), or leave that cycle out"
        )
    found = _place(copies, motion, pool if factor > 1 else None)
    progress(STAGE, len(cycles) + 1, steps)
    if not found.ok[1:].any():
        reasons = ", ".join(sorted({verdict.value for verdict in found.verdicts} - {"ok"}))
        raise InputError(
            f"no cycle could be registered to the first ({reasons}); check the nuclear channel (--channel), try "
            "another motion, as --register piecewise, or leave it out"
        )
    info = ImagesInfo(
        name=cycles[0].source.info.name, axes="TYX", shape=(len(cycles), height, width), dtype=cycles[0].dtype,
        pixel_size_um=cycles[0].source.info.pixel_size_um,
    )  # fmt: skip
    expanded = expand(found, info, bin=factor, average=1)
    return refine(
        lambda: [FileRows(cycle.source, cycle.frame, cycle.channel) for cycle in cycles], expanded, motion, pool,
        tile_px=TILE_PX * factor, passes=passes,
        tell=lambda done: progress(STAGE, len(cycles) + 1 + done, steps),
    )  # fmt: skip


def recall_verdicts(images: Any, n_cycles: int) -> tuple[str, ...]:
    """What `holdstill correct` said of each cycle of a movie that it wrote; nothing where there is no such result.

    Raises InputError where it flagged the first.
    """
    path = images[0] if isinstance(images, list | tuple) and len(images) == 1 else images
    beside = find_result_beside(Path(path)) if isinstance(path, str | os.PathLike) else None
    if beside is None:
        return ()
    found = load(beside)
    is_of_this = is_input(found, Path(path))  # and beside a raw movie, not beside what was made of it
    written = [v.value for v, t in zip(found.verdicts, found.treatments, strict=True) if t is not Treatment.DROPPED]
    if is_of_this or len(written) != n_cycles:
        return ()
    if written[0] != Verdict.OK.value:
        raise InputError(
            f"{path}: its first cycle was flagged ({written[0]}, in {beside.name}) and all are compared with it; "
            "correct the cycles anew, with reference='first', or leave that one out"
        )
    return tuple(written)


def _bin(cycle: Cycle, factor: int) -> NDArray[np.float32]:
    """A copy of which blocks of pixels became one, read row by row; NaN where a pixel is not finite."""
    rows, device = FileRows(cycle.source, cycle.frame, cycle.channel), CpuDevice()
    height, width = (n // factor for n in cycle.shape)
    out = np.empty((height, width), np.float32)
    step = max(1, BAND_ROWS // factor)
    for top in range(0, height, step):
        stop = min(top + step, height)
        band = rows.read(top * factor, stop * factor)[None]
        out[top:stop] = device.bin(np.ascontiguousarray(band), (factor, factor))[0] if factor > 1 else band[0]
    out[~np.isfinite(out)] = np.nan
    return _clip(out)


def _clip(copy: NDArray[np.float32]) -> NDArray[np.float32]:
    """A copy without what is far brighter than nuclei, as dust and clots, nor lone pixels: they stand still."""
    known = copy[np.isfinite(copy)]
    if not known.size:
        return copy
    middle, bright = find_bright(known)
    if bright <= middle:
        return copy
    around = ndimage.median_filter(np.where(np.isfinite(copy), copy, middle), 3)
    lone = copy - around > bright - middle
    return np.minimum(np.where(lone, around, copy), np.float32(middle + FAR * (bright - middle)))


def _place(copies: NDArray[np.float32], motion: str, pool: ThreadPoolExecutor | None = None) -> Registration:
    """The ways from the first copy to each, the first of which is none; `pool` where these are of larger slides."""
    side = _find_tile_px(copies.shape[1:])
    grid = ControlGrid.spanning(copies.shape[1:], (side, side))
    tissue = Tissue(copies[0], grid)
    plain = _register(copies, "translation", "pairs")
    plain = plain.change(lambda trajectory: trajectory.relative_to(trajectory.parameters[0]))
    matrices = np.stack([_matrix(plain.trajectory, t) for t in range(len(plain))])
    verdicts, placed_by = list(plain.verdicts), ["translation"] * len(plain)
    # estimates are from cycle to cycle
    chained = replace(plain.trajectory, parameters=np.cumsum(plain.estimates, axis=0))
    for t in np.flatnonzero(~plain.ok & np.isfinite(chained.parameters).all(axis=1)).tolist():
        own = _matrix(chained, t)
        if _judge(copies, tissue, t, own):
            matrices[t], verdicts[t] = own, Verdict.OK
    if not plain.ok[
        0
    ]:  # the others lie where they should beside each other, and beside the first only if it shows them
        verdicts = [Verdict.MISMATCH if v is Verdict.OK and not _judge(copies, tissue, t, matrices[t]) else v
                    for t, v in enumerate(verdicts)]  # fmt: skip
    wanted = BEFORE_TILES if motion == PIECEWISE else motion
    if wanted != "translation":
        matrices, verdicts, placed_by = _widen(copies, tissue, matrices, verdicts, wanted)
    trajectory = Trajectory.of_matrices(matrices, copies.shape[1:])
    for t in [t for t in range(1, len(copies)) if verdicts[t] is Verdict.OK]:
        if tissue.denies(_resample(copies[[t]], trajectory.part([t]))[0]):
            verdicts[t] = Verdict.MISMATCH
    if Verdict.OK in verdicts[1:]:
        verdicts[0] = Verdict.OK
    if motion == PIECEWISE:
        if pool is not None and min(grid.counts) >= LEAST_ACROSS:
            matched = Registration.of_trajectory(trajectory, verdicts)
            trajectory = _bend_by_windows(copies, matched, placed_by, pool)
        else:
            trajectory = _bend(copies, tissue, trajectory, placed_by)
        for t in [t for t in range(1, len(copies)) if verdicts[t] is Verdict.OK]:
            if not tissue.judge(_resample(copies[[t]], trajectory.part([t]))[0]):
                verdicts[t] = Verdict.MISMATCH  # what bends tile by tile has no excuse
    return Registration.of_trajectory(trajectory, verdicts, provenance={"placed by": placed_by})


def _widen(
    copies: NDArray[np.float32], tissue: Tissue, matrices: FloatArray, verdicts: list[Verdict], motion: str
) -> tuple[FloatArray, list[Verdict], list[str]]:
    """Matrices of a wider family: beside the shifts, or anew where these have no place; the shifts if neither."""
    moved = _resample(copies, Trajectory.of_matrices(matrices, copies.shape[1:]))
    finer, anew = _find_matrices(moved, motion), None
    best, judged, placed_by = matrices.copy(), list(verdicts), ["translation"] * len(copies)
    for t in range(1, len(copies)):
        shifted = matrices[t]
        trials = [shifted] if finer[t] is None else [shifted @ finer[t], shifted]
        judged_by = [_judge(copies, tissue, t, matrix) for matrix in trials]
        if not any(judged_by):
            anew = _find_matrices(copies, motion) if anew is None else anew
            trials = [] if anew[t] is None else [anew[t]]
            judged_by = [_judge(copies, tissue, t, matrix) for matrix in trials]
        if any(judged_by):
            taken = trials[int(np.argmax(judged_by))]
            best[t], judged[t], placed_by[t] = taken, Verdict.OK, "translation" if taken is shifted else motion
    return best, judged, placed_by


def _judge(copies: NDArray[np.float32], tissue: Tissue, t: int, matrix: FloatArray) -> int:
    """How many tiles of a copy agree with the first by a matrix, see `Tissue.judge`."""
    seen = _resample(copies[[t]], Trajectory.of_matrices(matrix[None], copies.shape[1:]))[0]
    return tissue.judge(seen)


def _find_matrices(images: NDArray[np.float32], motion: str) -> list[FloatArray | None]:
    """Matrices from the first image to each as they were estimated, whatever the verdict; None where none was."""
    found = _register(images, motion, "first")
    known = np.asarray(np.isfinite(found.estimates).all(axis=1))
    trajectory = replace(found.trajectory, parameters=np.where(known[:, None], found.estimates, found.parameters))
    return [_matrix(trajectory, t) if known[t] else None for t in range(len(images))]


def _find_tile_px(shape: tuple[int, ...]) -> float:
    """Edge of tiles; of copies that are smaller, so much that they have corners of their own."""
    return min(TILE_PX, max(shape) - 1)


def _bend(copies: NDArray[np.float32], tissue: Tissue, before: Trajectory, placed_by: list[str]) -> Trajectory:
    """The same ways with the displacements of tiles beside them; tiles that do not agree follow those around them."""
    moved = _resample(copies, before)
    found = _register(moved, PIECEWISE, "first", grid=_find_tile_px(copies.shape[1:]))
    motion, grid = found.trajectory.motion, tissue.grid
    points, bent = grid.points(), []
    for t in range(len(copies)):
        moves = found.estimates[t].reshape(*grid.counts, 2) if t else np.zeros((*grid.counts, 2))
        if t and np.isfinite(moves).all():
            seen = _resample(moved[[t]], Trajectory(motion, found.estimates[[t]], copies.shape[1:]))[0]
            moves = fill_nodes(moves, tissue.find_agreeing(seen)[0])
            placed_by[t] = PIECEWISE if moves.any() else placed_by[t]
        ends = before.transform(t).map(points + np.nan_to_num(moves).reshape(-1, 2))
        bent.append((ends - points).ravel())
    return Trajectory(motion, np.stack(bent), copies.shape[1:])


def _bend_by_windows(
    copies: NDArray[np.float32], before: Registration, placed_by: list[str], pool: ThreadPoolExecutor
) -> Trajectory:
    """As `_bend`, by windows of the copies: a twentieth of the time, as exact as needs be before `refine`."""
    shape = copies.shape[1:]
    flat = Trajectory.of(f"{PIECEWISE}:{TILE_PX:g}", np.zeros((1, 0)), shape).motion
    points = ControlGrid.spanning(shape, (TILE_PX, TILE_PX)).points()
    ways = np.stack([(before[t].map(points) - points).ravel() for t in range(len(before))])
    bent = Registration.of_trajectory(Trajectory(flat, ways, shape), before.verdicts)
    sources = [ArraySource(copy, axes="YX") for copy in copies]
    found = refine(lambda: [FileRows(source, 0, 0) for source in sources], bent, PIECEWISE, pool, passes=PASSES)
    for t in np.flatnonzero((found.parameters != ways).any(axis=1)).tolist():
        placed_by[t] = PIECEWISE
    return found.trajectory


def _matrix(trajectory: Trajectory, t: int) -> FloatArray:
    way: Any = trajectory.transform(t)  # of the families of matrices
    return np.asarray(way.matrix, np.float64)


def _register(images: NDArray[np.float32], motion: str, reference: str, **options: Any) -> Registration:
    source = ArraySource(images, axes="TYX", name="the cycles")
    return register(source, RegisteringOptions(motion=motion, reference=reference, **options))


def _resample(images: NDArray[np.float32], trajectory: Trajectory) -> NDArray[np.float32]:
    out = np.empty_like(images)
    trajectory.resample(CpuDevice(), images, **SETTINGS, out=out)
    return out
