"""What is left between each registered cycle and the first at full resolution, window by window, and ways mended by it.

Copies of a large slide place it to a tenth of their own pixels, which is one of the slide's: correlations of nuclei of
fine texture fell from 0.9 to 0.4. Windows of the slide itself tell what is left, to a twentieth of a pixel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from holdstill.contracts import ControlGrid, FloatArray
from holdstill.devices.cpu import CpuDevice
from holdstill.integrity.agreement import fill_nodes
from holdstill.integrity.rows import AlignedRows, FileRows, Rows
from holdstill.result.registration import Registration
from holdstill.transforms import Transform
from holdstill.transforms.motions.grid import GridMotion
from holdstill.transforms.motions.warp import centre_of, find_matrix_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["FAR", "Residuals", "find_bright", "measure_residuals", "refine"]

# edge of windows, px, some thirty cells; how far content may lie off in them: an eighth, so that little is cut off
WINDOW_PX, FARTHEST_PX = 128, 16
# the least correlation of content with itself, and how many times that is the best one beyond the peak's own width: 1.5
# to 3 where up to 60 % of the cells were lost, 1.0 to 1.45 beside other cells of other distances
LEAST, ABOVE, PEAK_PX = 0.3, 1.5, 6
# the percentile of lit pixels that bright nuclei reach, told by every so-manyth pixel, and how many times as bright
# little of them is: with the percentile 99.9 and 4 times, 40 specks held cycles that had moved by 8 px, and were ok.
# Of all pixels the percentile 99 lies on the ground where tissue covers less than a hundredth: 1.9 px off, and ok
BRIGHT, FAR, SPARSE, LIT_SIGMAS = 95.0, 1.5, 7, 4.0
# windows that determine any of the motions, with some to spare
LEAST_TILES = 12
# passes: the first peak lies off the middle, where a parabola is biased by up to a tenth of a pixel
PASSES = 2
# windows that do not lie where most say are left out, as of tissue that was torn: beyond so many robust deviations of
# a family's fit, or so many px from the middle of those around them
TRIMS, FAR_SIGMAS, MAD_TO_SIGMA, LEAST_FAR_PX, TORN_PX = 3, 4.0, 1.4826, 0.3, 2.0
# what a tenth of a cycle may lie off; nuclei of fine texture lose half of their correlation by one px
MUCH_PX = 1.0
# windows lie so many px of the copies from each other
TILE_PX = 64.0


@dataclass(frozen=True, eq=False)
class Residuals:
    """How far content lies off, (n_cycles, tiles, 2) px in y and x of the first cycle; NaN where no window tells it.

    Attributes
    ----------
    points : ndarray of float64, (tiles, 2)
        Middles of the windows.
    moves : ndarray of float64, (n_cycles, tiles, 2)
    """

    points: FloatArray
    moves: FloatArray

    def is_known(self, cycle: int) -> NDArray[np.bool_]:
        """Which windows tell it, (tiles,)."""
        return np.asarray(np.isfinite(self.moves[cycle]).all(axis=1))


def measure_residuals(
    sources: Sequence[FileRows], registration: Registration, grid: ControlGrid, pool: ThreadPoolExecutor
) -> Residuals:
    """What is left of each cycle that is ok, in windows around the points of a grid; read once, from top to bottom."""
    device, shape = CpuDevice(), sources[0].shape
    side = min(WINDOW_PX, *shape)
    rows: list[Rows | None] = [sources[0]]
    rows += [AlignedRows(each, registration[t], device) if registration.ok[t] else None
             for t, each in enumerate(sources[1:], 1)]  # fmt: skip
    tops, lefts = (
        np.clip(np.rint(grid.positions(axis)).astype(int) - side // 2, 0, shape[axis] - side) for axis in (0, 1)
    )
    weight = np.hanning(side + 2)[1:-1].astype(np.float32)
    weights = weight[:, None] * weight
    found = np.full((len(sources), len(tops), len(lefts), 2), np.nan)
    for number, top in enumerate(tops.tolist()):
        first = _transform(sources[0].read(top, top + side), lefts, weights)

        def compare(t: int, top: int = top, first: NDArray[Any] = first) -> FloatArray:
            present = rows[t]
            assert present is not None
            return _compare(first, _transform(present.read(top, top + side), lefts, weights), side)

        known = [t for t in range(1, len(sources)) if rows[t] is not None]
        for t, moves in zip(known, pool.map(compare, known), strict=True):
            found[t, number] = moves
    middles = np.stack(np.meshgrid(tops, lefts, indexing="ij"), axis=-1).reshape(-1, 2) + (side - 1) / 2
    return Residuals(middles, found.reshape(len(sources), -1, 2))


def _transform(band: NDArray[Any], lefts: NDArray[Any], weights: NDArray[np.float32]) -> NDArray[np.complex64]:
    """Fourier transforms of the windows of a band, about their means and of one length; zeros of what is not known."""
    side = len(weights)
    windows = np.stack([band[:, left : left + side] for left in lefts.tolist()]).astype(np.float32)
    _clip_bright(windows)
    known = np.isfinite(windows)
    counts = np.maximum(known.sum(axis=(1, 2), keepdims=True), 1)
    windows[~known] = 0
    windows -= windows.sum(axis=(1, 2), keepdims=True) / counts
    windows *= weights * known
    lengths = np.sqrt((windows**2).sum(axis=(1, 2), keepdims=True))
    windows /= np.where(lengths > 0, lengths, np.inf)
    return np.asarray(fft.rfft2(windows))


def find_bright(values: NDArray[np.float32]) -> tuple[float, float]:
    """The middle, and what bright nuclei reach: of what is lit alone, as tissue may cover a hundredth of a slide."""
    middle = float(np.median(values))
    lit = values[values > middle + LIT_SIGMAS * MAD_TO_SIGMA * float(np.median(np.abs(values - middle)))]
    return middle, float(np.percentile(lit, BRIGHT)) if lit.size else middle


def _clip_bright(windows: NDArray[np.float32]) -> None:
    """Take from windows, in place, what is far brighter than their nuclei: dust and hot pixels stand still."""
    for window in windows:
        some = window.ravel()[::SPARSE]
        some = some[np.isfinite(some)]
        if some.size:
            middle, bright = find_bright(some)
            if bright > middle:  # else nuclei are few on a ground without light
                np.minimum(window, np.float32(middle + FAR * (bright - middle)), out=window)


def _compare(first: NDArray[np.complex64], other: NDArray[np.complex64], side: int) -> FloatArray:
    """Where the other windows show what the first ones do, (n, 2) px; NaN where that is not plain."""
    products = fft.irfft2(np.conj(first) * other, s=(side, side))
    far = min(FARTHEST_PX, side // 4)
    near = np.arange(-far - 1, far + 2)
    maps = products[:, near[:, None], near]
    return np.stack([_find_peak(each, far) for each in maps])


def _find_peak(values: NDArray[np.float32], far: int) -> FloatArray:
    """The highest place of a map of correlations around no move, to a part of a pixel."""
    inner = values[1:-1, 1:-1]
    y, x = (int(i) + 1 for i in np.unravel_index(int(np.argmax(inner)), inner.shape))
    peak = float(values[y, x])
    down, across = np.ogrid[: values.shape[0], : values.shape[1]]
    beside = values[(down - y) ** 2 + (across - x) ** 2 > PEAK_PX**2]
    if not beside.size:  # of a window so small nothing is plain
        return np.full(2, np.nan)
    if peak < LEAST or peak < ABOVE * float(beside.max()) or max(abs(y - far - 1), abs(x - far - 1)) == far:
        return np.full(2, np.nan)
    return np.array([
        place - far - 1 + (after - before) / (2 * max(2 * peak - before - after, 1e-9))
        for place, before, after in ((y, values[y - 1, x], values[y + 1, x]), (x, values[y, x - 1], values[y, x + 1]))
    ])  # fmt: skip


def refine(
    open_rows: Callable[[], Sequence[FileRows]],
    found: Registration,
    motion: str,
    pool: ThreadPoolExecutor,
    *,
    tile_px: float = TILE_PX,
    passes: int = 0,
    tell: Callable[[int], object] = lambda done: None,
) -> Registration:
    """The same ways, mended by what windows of the images tell.

    What is left is told in the provenance, under ``"residuals"``, for each cycle: `median_px` and `p90_px` of the
    distances, `tiles`, how many windows told them, and `off`, whether that costs correlation; None where too few did.

    Parameters
    ----------
    open_rows : callable
        Rows of each cycle, from the first on.
    found : Registration
    motion : str
        The family that matrices are mended in; what bends is mended at each control point.
    pool : ThreadPoolExecutor
    tile_px : float
        From window to window, where there are no control points.
    passes : int
        How often they are mended; with 0 what is left is told alone.
    tell : callable
        Called with how often the windows were looked through.
    """
    bends = found.trajectory.motion
    spacing = (tile_px, tile_px)
    grid = bends.grid if isinstance(bends, GridMotion) else ControlGrid.spanning(found.frame_shape, spacing)
    left = np.empty(0)
    for k in range(max(passes, 1)):
        residuals = measure_residuals(open_rows(), found, grid, pool)
        mended, left = _mend(found, residuals, motion)
        found, left = (mended, left) if passes else (found, residuals.moves)
        tell(k + 1)
    told = [None, *(_describe(left[t]) for t in range(1, len(found)))]
    return replace(found, provenance={**found.provenance, "residuals": told})


def _describe(moves: FloatArray) -> dict[str, Any] | None:
    far = np.linalg.norm(moves[np.isfinite(moves).all(axis=1)], axis=1)
    if len(far) < LEAST_TILES:
        return None
    median, p90 = np.percentile(far, [50, 90])
    return {
        "median_px": round(float(median), 3), "p90_px": round(float(p90), 3), "tiles": len(far),
        "off": bool(p90 > MUCH_PX),
    }  # fmt: skip


def _mend(found: Registration, residuals: Residuals, motion: str) -> tuple[Registration, FloatArray]:
    """Ways by what windows tell, and what they leave of it, (n_cycles, tiles, 2) px."""
    moves = residuals.moves.copy()
    told = [t for t in range(1, len(found)) if residuals.is_known(t).sum() >= LEAST_TILES]
    if isinstance(found.trajectory.motion, GridMotion):
        parameters = found.parameters.copy()
        for t in told:
            parameters[t] = _bend_on(found, t, moves[t], found.trajectory.motion.grid)
        trajectory = replace(found.trajectory, parameters=parameters)
    else:
        ways: list[Any] = [found[t] for t in range(len(found))]
        matrices = np.stack([np.asarray(way.matrix, np.float64) for way in ways])
        for t in told:
            change = _fit(residuals.points, moves[t], motion, found.frame_shape)
            matrices[t] = matrices[t] @ change
            moves[t] -= Transform(change).map(residuals.points) - residuals.points
        trajectory = Trajectory.of_matrices(matrices, found.frame_shape)
    mended = Registration.of_trajectory(
        trajectory, found.verdicts, provenance=found.provenance, pixel_size_um=found.pixel_size_um
    )
    return mended, moves


def _bend_on(found: Registration, t: int, moves: FloatArray, grid: ControlGrid) -> FloatArray:
    """Displacements of the control points, (n_params,), by what the windows around them tell."""
    nodes = moves.reshape(*grid.counts, 2)
    smooth = np.stack([ndimage.generic_filter(nodes[..., axis], _middle, size=3, mode="constant", cval=np.nan)
                       for axis in (0, 1)], axis=-1)  # fmt: skip
    with np.errstate(invalid="ignore"):
        known = np.linalg.norm(nodes - smooth, axis=-1) <= TORN_PX
    points = grid.points()
    ends = found[t].map(points + fill_nodes(nodes, known).reshape(-1, 2))
    return np.asarray((ends - points).ravel())


def _middle(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else np.nan


def _fit(points: FloatArray, moves: FloatArray, motion: str, shape: tuple[int, ...]) -> FloatArray:
    """The matrix of a family, (3, 3), by which points go nearest to where most windows say."""
    family, centre = find_matrix_motion(motion), centre_of(shape)
    there, back = np.eye(3), np.eye(3)
    there[:2, 2], back[:2, 2] = centre, -centre
    known = np.isfinite(moves).all(axis=1)
    fixed, moving, near = points[known] - centre, (points + moves)[known] - centre, np.ones(int(known.sum()), bool)
    matrix = np.eye(3)
    for _ in range(TRIMS):
        matrix = family.fit_points(fixed[near], moving[near])
        ends = np.column_stack([fixed, np.ones(len(fixed))]) @ matrix.T
        far = np.linalg.norm(ends[:, :2] / ends[:, 2:] - moving, axis=1)
        near = far <= max(FAR_SIGMAS * MAD_TO_SIGMA * float(np.median(far)), LEAST_FAR_PX)
    return np.asarray(there @ matrix @ back)
