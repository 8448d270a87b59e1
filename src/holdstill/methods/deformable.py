"""Sections, volumes and other unlike pictures of the same thing: any rotation, then what bends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Covariance, Device, Estimates, Estimator, FloatArray, Frames, Reference, Verdict
from holdstill.errors import InputError
from holdstill.methods.likelihood.judged import reference_pixels
from holdstill.methods.likelihood.verdicts import make_limits
from holdstill.methods.sections.bending import Pyramid, bend_sections, make_pyramid, spread_on
from holdstill.methods.sections.local import FloatImage
from holdstill.methods.sections.rotations import SCALES
from holdstill.methods.sections.start import Start, Views, find_start, make_views, read_verdict
from holdstill.transforms.motions import MatrixFamily, find_matrix_motion, find_motion
from holdstill.transforms.motions.dense import DENSE, DenseMotion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["LEAST_PX", "Deformable"]

MIRRORED = np.array([[0.0, 1, 0, 0, 0, -1]])
# so much finer than they are alone the copies of the larger image are at most
MOST_FINER = 1.5
# of volumes along each axis, px
LEAST_PX = 8


@dataclass(frozen=True, kw_only=True)
class Deformable(Estimator):
    """Pictures of the same thing that look unlike: neighbouring sections, other stains; turned by any angle.

    Planes and volumes. All rotations of thumbnails compete. The best clusters of them are fitted, and what agrees best,
    by correlation of locally normalised images times overlap, is refined. A frame whose second best rotation agrees
    nearly as well, or which agrees with the reference nowhere, is not ok; nor is one that would have to be folded.

    Parameters
    ----------
    motion : {"dense", "affine", "similarity", "rigid", "translation"}
        Default "dense": affine, and what bends beyond it, as far as that predicts pixels which were not fitted to.
    allow_flip : bool
        Frames may be mirrored, as a section that was mounted upside down; for dense and affine motion. Default False.
    allow_scale : bool
        Frames may be up to twice larger or smaller; for dense, affine and similarity motion. Default False.
    scales : tuple of float
        Sizes of frames over that of the reference that are tried. Default: the same size alone; `allow_scale` tries all
        from a half to twice, and these.
    max_shift : float or tuple of float, optional
        Largest shift of the centre in px. Default: any that leaves a quarter of the reference in view.

    Raises
    ------
    InputError
        `allow_flip`, `allow_scale` or `scales` with a motion that has none.

    Notes
    -----
    Normalised correlation in the overlap: Padfield, IEEE TIP 21:2706 (2012); weights of residuals: Geman and McClure,
    Bull. ISI 52:5 (1987).

    Examples
    --------
    >>> from holdstill.estimators import Deformable
    >>> Deformable(motion="rigid").allow_flip
    False
    """

    motions: ClassVar[tuple[str, ...]] = (DENSE, "affine", "similarity", "rigid", "translation")
    motion: str = DENSE
    allow_flip: bool = False
    allow_scale: bool = False
    scales: tuple[float, ...] = (1.0,)
    max_shift: float | tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        if not self._is_dense:
            super().__post_init__()
        family = self._straight
        if self.allow_flip and not np.allclose(family.warps(family.parameters(MIRRORED, 2), 2), MIRRORED):
            raise InputError(f"{self.motion} motion mirrors nothing; allow_flip goes with dense and affine motion")
        if (self.allow_scale or self.scales != (1.0,)) and family.keeps_size:
            raise InputError(
                f"{self.motion} motion keeps sizes; allow_scale and scales go with affine and similarity motion"
            )
        if not self.scales or not all(0 < scale < np.inf for scale in self.scales):
            raise InputError(f"scales={self.scales} are not sizes above zero; (1.0,) is the same size")

    @property
    def _is_dense(self) -> bool:
        """Whether anything bends; after a colon the motion may say where control points stand."""
        return self.motion.split(":")[0] == DENSE

    @property
    def keeps_size(self) -> bool:
        """Whether no transform of its motion makes anything larger or smaller."""
        return self._straight.keeps_size

    @property
    def _straight(self) -> MatrixFamily:
        """The family that is searched before anything bends."""
        return find_matrix_motion(self.motions[1] if self._is_dense else self.motion)

    def prepare(self, reference: Reference, device: Device) -> Any:
        """See `Estimator.prepare`. Raises InputError for volumes too thin, or a `max_shift` that does not fit."""
        pixels = reference_pixels(reference)
        if pixels.ndim == 3 and min(pixels.shape) < LEAST_PX:
            raise InputError(
                f"volumes of {' x '.join(map(str, pixels.shape))} px are too thin for Deformable, which takes "
                f"{LEAST_PX} and more along each axis; take method='optical_flow', or 'direct'"
            )
        if self.max_shift is not None:
            make_limits(pixels, self.max_shift)  # refused before anything is computed
        return self._view(pixels, max(pixels.shape))

    def estimate(self, state: Any, frames: Frames, device: Device) -> Estimates:
        """See `Estimator.estimate`."""
        return Estimates.join([self._one(state, frame, device) for frame in frames])

    def _view(self, image: FloatImage, length: float) -> _Fixed:
        return _Fixed(image, make_views(image, length), make_pyramid(image, length) if self._is_dense else None)

    def _one(self, fixed: _Fixed, frame: NDArray[Any], device: Device) -> Estimates:
        motion, image = find_motion(self.motion, frame.shape), np.asarray(frame, np.float32)
        length, family = _find_length(fixed.image, image), self._straight
        fixed = fixed if length == max(image.shape) else self._view(fixed.image, length)
        moving = make_views(image, length)
        if moving.thumbnail.is_blank or fixed.views.thumbnail.is_blank:
            return self._tell(np.full(motion.count_parameters(image.ndim), np.nan), np.nan, Verdict.BLANK)
        flipped = np.ascontiguousarray(image[..., ::-1])
        # a section may lie upside down on the glass without anybody's knowing; volumes do not
        mirrored = make_views(flipped, length) if image.ndim == 2 or self.allow_flip else None
        scales = tuple(dict.fromkeys((*SCALES, *self.scales))) if self.allow_scale else self.scales
        start = find_start(
            fixed.views, moving, family.name, device, mirrored=mirrored, may_mirror=self.allow_flip, scales=scales
        )
        parameters = family.parameters(_unmirror(start)[None], image.ndim)[0]
        verdict = self._judge(start, parameters, image.shape)
        if isinstance(motion, DenseMotion):
            parameters = motion.embed(family, parameters[None], image.ndim)[0]
        if isinstance(motion, DenseMotion) and fixed.pyramid is not None and verdict is Verdict.OK:
            seen = make_pyramid(flipped if start.mirrored else image, length)
            bent = bend_sections(fixed.pyramid, seen, start.warp, device)
            nodes = spread_on(bent, motion.grid.counts, image.shape)
            nodes[-1] *= -1 if start.mirrored else 1
            parameters = motion.read(motion.warps(parameters[None]), nodes[None])[0]
            if motion.transform(parameters, image.shape).smallest_determinant <= 0:
                verdict = Verdict.MISMATCH
        return self._tell(parameters, start.agreement.correlation, verdict)

    def _judge(self, start: Start, parameters: FloatArray, shape: tuple[int, ...]) -> Verdict:
        trajectory = Trajectory(self._straight, parameters[None], shape)
        limit = np.inf if self.max_shift is None else np.asarray(self.max_shift, np.float64)
        if (np.abs(trajectory.shifts) > limit).any():
            return Verdict.OUT_OF_RANGE
        return read_verdict(start)

    def _tell(self, parameters: FloatArray, score: float, verdict: Verdict) -> Estimates:
        """What was found of one frame; what two stains do not share is no noise, and error bars are not known."""
        return Estimates(
            parameters=parameters[None], covariance=Covariance.unknown(1, len(parameters)), scores=np.array([score]),
            verdicts=(verdict,),
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Fixed:
    """The reference, and it at the resolutions of the search and, for dense motion, of the fit."""

    image: FloatImage
    views: Views
    pyramid: Pyramid | None


def _find_length(one: FloatImage, other: FloatImage) -> float:
    """The length, px, that says how fine the copies are: that of the shorter of two images on one canvas.

    Canvas around a turned image is not to make them coarser: it made turned copies of one pair 1.17 times worse.
    """
    lengths = sorted(_measure_known(image) for image in (one, other))
    return max(lengths[0], lengths[1] / MOST_FINER, 1.0)


def _measure_known(image: FloatImage) -> float:
    """The longest side, px, of the box around what is known of an image."""
    known = np.isfinite(image)
    return float(max(np.ptp(places) + 1 for places in np.nonzero(known))) if known.any() else float(max(image.shape))


def _unmirror(start: Start) -> FloatArray:
    """Coefficients of the map to the frame as it is."""
    if not start.mirrored:
        return start.warp
    ndim = int(np.sqrt(len(start.warp)))
    rows = start.warp.reshape(ndim, ndim + 1).copy()
    rows[-1] = -rows[-1]
    return rows.ravel()
