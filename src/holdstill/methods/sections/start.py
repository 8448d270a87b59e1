"""From thumbnails to one affine map, or a reason against it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, FloatArray, Verdict
from holdstill.methods.sections.affine_fit import Agreement, compare, fit_affine, to_level, to_whole
from holdstill.methods.sections.inside import find_inside, measure_detail
from holdstill.methods.sections.local import FloatImage, Picture, make_picture
from holdstill.methods.sections.manner import Manner
from holdstill.methods.sections.rotations import CLUSTER_DEG, find_shift, search_rotations
from holdstill.methods.sections.volume_rotations import measure_angle, search_volume_rotations
from holdstill.transforms.motions import MatrixFamily, find_matrix_motion

__all__ = ["Start", "Views", "find_start", "make_views", "read_verdict"]

# neighbourhoods within which contrast is normalised, px of the finer copies: detail and outline
FINE_SIZES = (4.0, 12.0)
# measured over sections that belong together and that do not: the first scored 0.42 to 0.84, and 1.5 to 2.6 times as
# much as the best wrong rotation; the others 0.16 to 0.27, 1.0 to 1.2 times
LEAST_SCORE, LEAST_MARGIN = 0.25, 1.25
LEAST_OVERLAP = 0.25
# outlines alone brought 24 pairs of like form and other content up to 0.29, and mirrored kidneys to 0.49. Below such a
# score detail inside must stand out: by 4.4 to 14 standard deviations where sections belong together, 3.4 at most else
SURE_SCORE, LEAST_DETAIL = 0.4, 3.8
# where mirrored images are not allowed one must not score so much better: 1.6 to 2.3 times where one was mirrored, 0.7
# at most where none was
MOST_MIRRORED = 1.25
N_MIRRORED = 2
# candidates that take the centre to places nearer than this share of the frame, turned alike, found the same
SAME = 0.08


@dataclass(frozen=True, eq=False)
class Views:
    """One image at the resolutions of the search: thumbnails blurred and sharp, then finer ones, coarse first.

    `inside` is what of the thumbnail of a plane is tissue away from its outline.
    """

    blurred: Picture
    thumbnail: Picture
    finer: tuple[Picture, ...]
    inside: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Start:
    """Where one section lies in another.

    Attributes
    ----------
    warp : ndarray of float64, (k,)
        Affine coefficients of the map of whole images, about their centre.
    agreement : Agreement
        Of the thumbnails.
    margin : float
        Its score over that of the best candidate that ends elsewhere.
    mirrored : bool
        Whether the map leads to the moving image mirrored along its last axis.
    rival : float
        Score of the best mirrored candidate over its own, where no mirrored one is allowed; else 0.
    detail : float
        By how many standard deviations detail inside agrees; infinite where the score alone is enough.
    """

    warp: FloatArray
    agreement: Agreement
    margin: float
    mirrored: bool
    rival: float = 0.0
    detail: float = np.inf


def make_views(image: FloatImage, length: float | None = None) -> Views:
    """Prepare an image, ([z,] y, x), NaN where unknown; finer copies as fine as one so long, px, instead of its own."""
    manner = Manner.of(image.ndim)
    coarse = max(1, int(np.ceil(max(image.shape) / manner.thumbnail_px)))
    fine = max(1, int(np.ceil((length or max(image.shape)) / manner.fine_px)))
    factors = sorted({factor for factor in (2 * fine, fine) if factor < coarse}, reverse=True) or [coarse]
    return Views(
        make_picture(image, coarse, manner.blurred_sizes),
        make_picture(image, coarse, manner.thumbnail_sizes),
        tuple(make_picture(image, factor, FINE_SIZES) for factor in factors),
        find_inside(image, coarse) if image.ndim == 2 else np.zeros(0, bool),
    )


def find_start(
    fixed: Views,
    moving: Views,
    motion: str,
    device: Device,
    *,
    mirrored: Views | None = None,
    may_mirror: bool = False,
    scales: tuple[float, ...] = (1.0,),
) -> Start:
    """The map of a family that scores best of all rotations, refined at increasing resolution.

    `mirrored` are views of the moving image mirrored along its last axis: as good as others where they may be, else
    what tells that it was mirrored; `scales` the sizes, those of the moving over those of the fixed image, that are
    tried.
    """
    family = find_matrix_motion(motion)
    ends = _end(fixed, moving, family, device, scales, False)
    others = (
        []
        if mirrored is None
        else _end(fixed, mirrored, family, device, scales, True, None if may_mirror else N_MIRRORED)
    )
    ends += others if may_mirror else []
    best = max(ends, key=lambda one: one.agreement.score)
    rival = 0.0 if may_mirror else max((one.agreement.score for one in others), default=0.0)
    rivals = [one.agreement.score for one in ends if not _is_same(best, one, fixed.thumbnail)]
    margin = best.agreement.score / max([*rivals, 1e-6])
    warp, seen = best.warp, mirrored if best.mirrored and mirrored is not None else moving
    detail = _look_inside(fixed, seen, best, device)
    for ours, theirs in zip(fixed.finer, seen.finer, strict=True):
        warp = to_whole(fit_affine(ours, theirs, to_level(warp, ours), family, device), ours)
    return Start(warp, best.agreement, float(margin), best.mirrored, rival / max(best.agreement.score, 1e-6), detail)


def _look_inside(fixed: Views, moving: Views, best: Start, device: Device) -> float:
    """See `Start.detail`."""
    if best.agreement.score >= SURE_SCORE:
        return np.inf
    if fixed.inside.ndim != 2:
        return -np.inf
    warp = to_level(best.warp, fixed.thumbnail)
    return measure_detail(fixed.thumbnail, moving.thumbnail, (fixed.inside, moving.inside), warp, device)


def _end(
    fixed: Views, moving: Views, family: MatrixFamily, device: Device, scales: tuple[float, ...], mirrored: bool,
    most: int | None = None,
) -> list[Start]:  # fmt: skip
    """Where each candidate, or the first so many, ends when it is fitted to the thumbnails."""
    ends = []
    for begun in _begin(fixed.thumbnail, moving.thumbnail, family, scales)[:most]:
        warp = begun
        for ours, theirs in ((fixed.blurred, moving.blurred), (fixed.thumbnail, moving.thumbnail)):
            warp = fit_affine(ours, theirs, warp, family, device)
        found = compare(fixed.thumbnail, moving.thumbnail, warp, device)
        ends.append(Start(to_whole(warp, fixed.thumbnail), found, np.nan, mirrored))
    return ends


def _begin(fixed: Picture, moving: Picture, family: MatrixFamily, scales: tuple[float, ...]) -> list[FloatArray]:
    """Coefficients to begin with: all rotations, unless the family knows none."""
    if len(fixed.shape) == 3:
        return search_volume_rotations(fixed, moving, scales, may_turn=not family.shifts_only)
    if family.shifts_only:
        return [find_shift(fixed, moving)]
    return [one.warp for one in search_rotations(fixed, moving, scales)]


def _is_same(one: Start, other: Start, picture: Picture) -> bool:
    """Whether two maps belong to one cluster: what is bent may be fitted by maps that differ by some degrees."""
    if one.mirrored != other.mirrored:
        return False
    ndim = len(picture.whole)
    maps = [each.warp.reshape(ndim, ndim + 1) for each in (one, other)]
    turns = [_find_rotation(rows[:, 1:]) for rows in maps]
    apart = np.abs(maps[0][:, 0] - maps[1][:, 0]).max()
    return bool(measure_angle(*turns) < CLUSTER_DEG and apart < SAME * max(picture.whole))


def _find_rotation(linear: FloatArray) -> FloatArray:
    """The rotation nearest to a linear map (Kabsch, 1976)."""
    left, _, right = np.linalg.svd(linear)
    ends = np.ones(len(linear))
    ends[-1] = np.linalg.det(left @ right)
    return np.asarray(left * ends @ right, np.float64)


def read_verdict(start: Start) -> Verdict:
    """What the agreement of the thumbnails says."""
    if start.agreement.overlap < LEAST_OVERLAP:
        return Verdict.OUT_OF_RANGE
    if start.agreement.score < LEAST_SCORE or start.detail < LEAST_DETAIL:
        return Verdict.MISMATCH
    return Verdict.AMBIGUOUS if start.margin < LEAST_MARGIN or start.rival > MOST_MIRRORED else Verdict.OK
