"""Optical flow: a displacement for each pixel, from frame to reference."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import (
    Covariance,
    Device,
    Estimates,
    Estimator,
    FloatArray,
    Frames,
    NoiseModel,
    Reference,
    Verdict,
)
from holdstill.errors import InputError, UnknownName
from holdstill.extras import require
from holdstill.methods.direct import Direct, DirectState
from holdstill.methods.flow.confidence import WindowLight, make_window_light
from holdstill.methods.flow.following import (
    SLOPE_OF_NOISE,
    follow,
    measure_noise,
    measure_slope,
    pair_pixels,
    spread_on,
    unfold,
)
from holdstill.methods.flow.inverse_search import search_inverse
from holdstill.methods.flow.levels import Level, make_level, make_pyramid
from holdstill.methods.flow.tvl1 import TotalVariation
from holdstill.methods.flow.windows import Windows
from holdstill.methods.likelihood.cell_agreement import CellAgreement, make_agreement
from holdstill.methods.likelihood.judged import reference_pixels
from holdstill.transforms.folds import find_least_areas
from holdstill.transforms.motions import find_motion
from holdstill.transforms.motions.dense import DENSE, DenseMotion
from holdstill.transforms.motions.piecewise import PIECEWISE
from holdstill.transforms.trajectory import Trajectory

__all__ = ["OpticalFlow"]

METHODS = ("tvl1", "ilk", "dis")
# warps of binned images and of whole ones: the first bring the flow to a fraction of a pixel, at a quarter of the work
TV_WARPS, TV_ITERATIONS = (6, 2), 15
ILK_WARPS, STIFFNESS = (5, 2), 1e-4
LEAST_PX, LEAST_ACROSS = 24, 3
MOST_STEPS = 6
# frames of which a larger share of the parts does not agree are refused, see `Piecewise`
MOST_LOST = 0.25
# correlation that noise allows, and the share of it that a bent frame reaches, where the frame as a whole was doubted
BRIGHT_ENOUGH, AS_ALIKE = 0.9, 0.95
APART = (Verdict.MISMATCH, Verdict.AMBIGUOUS)


@dataclass(frozen=True, eq=False)
class _State:
    """The prepared reference."""

    rigid: DirectState
    motion: DenseMotion
    image: NDArray[np.float32]
    levels: tuple[Level, ...]
    slope: float
    noise: NoiseModel | None
    n_averaged: float
    agreement: CellAgreement
    light: WindowLight


@dataclass(frozen=True, kw_only=True)
class OpticalFlow(Estimator):
    """A displacement for each pixel, by optical flow; for tissue that flows, in planes and volumes.

    From the shift that `Direct` finds, the flow is followed from coarse to fine. Total variation (``"tvl1"``) keeps
    edges between what moves differently and fills in what shows nothing; windows (``"ilk"``) are faster; ``"dis"`` is
    OpenCV's dense inverse search. The flow is kept at control points; where it would map two points to one it is
    smoothed until it does not. Frames of which more than a quarter of the parts does not agree with the reference, once
    bent, are a mismatch; a frame that the flow does not bring nearer to the reference keeps its shift.

    Parameters
    ----------
    method : {"tvl1", "ilk", "dis"}
        Default "tvl1".
    spacing : float
        Distance of the control points that the flow is kept at, px; 1 keeps that of each pixel. A frame of y * x px
        takes about ``64 * y * x / spacing**2`` bytes of the result, one of z * y * x px ``96 * z * y * x /
        spacing**3``. Default 4.
    attachment : float
        Of "tvl1": weight of the pixels against the variation of the flow, for a reference whose slope is one and that
        has no noise; noise r times as large as the slope divides it by 1 + r. Default 5.
    radius : int
        Px on either side of the middle of a window: of those of "ilk", and of those that tell how sure the flow is.
        Default 5.
    max_shift : float or tuple of float, optional
        Largest displacement of any control point in px, one for all axes or one each ``([z,] y, x)``.
        Default: 45 % of the frame.

    Raises
    ------
    MissingExtra
        "dis", and OpenCV is not installed: ``pip install "holdstill[features]"``.

    Notes
    -----
    TV-L1: Zach, Pock and Bischof, DAGM 2007; windows: Lucas and Kanade, IJCAI 1981, iterated as by Le Besnerais and
    Champagnat, ICIP 2005; dense inverse search: Kroeger et al., ECCV 2016.

    No error bars: flow is not a likelihood. How sure it is at each control point stands in ``reg.bounds``, px: what the
    slopes of the reference in a window there tell against what is left of the frame's difference from it. NaN where the
    reference shows nothing; large where the two show different things.

    Examples
    --------
    >>> from holdstill.estimators import OpticalFlow
    >>> OpticalFlow(spacing=8).motion
    'dense:8px'
    """

    motions: ClassVar[tuple[str, ...]] = (DENSE,)
    motion: str = DENSE
    method: str = "tvl1"
    spacing: float = 4.0
    attachment: float = 5.0
    radius: int = 5
    max_shift: float | tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        """Name the motion after the distance of its control points."""
        if self.method not in METHODS:
            raise UnknownName(f"there is no flow method {self.method!r}; choose one of {', '.join(METHODS)}")
        for name, least in (("spacing", 1), ("attachment", 0), ("radius", 1)):
            value = getattr(self, name)
            if not isinstance(value, int | float | np.number) or not least <= value < np.inf:
                raise InputError(f"{name} is a number of at least {least}, not {value!r}")
        wanted = f"{DENSE}:{float(self.spacing):g}px"
        if self.motion not in (DENSE, wanted):
            raise InputError(
                f"OpticalFlow does not estimate motion {self.motion!r}; it knows {DENSE}, with spacing=..."
            )
        object.__setattr__(self, "motion", wanted)

    def prepare(self, reference: Reference, device: Device) -> _State:
        """See `Estimator.prepare`. Raises InputError for too few px, and MissingExtra without a needed OpenCV."""
        pixels = reference_pixels(reference)
        self._check(pixels.shape)
        motion: Any = find_motion(self.motion, pixels.shape)
        whole, noise = make_level(pixels), reference.noise
        variance = 0.0
        if noise is not None:
            variance = float(np.nanmean(noise.variance(pixels.astype(np.float64)))) / max(reference.n_averaged, 1.0)
        slope = measure_slope(whole, variance)
        levels = tuple(make_level(image / np.float32(slope)) for image in make_pyramid(pixels))
        cells: Any = find_motion(PIECEWISE, pixels.shape)
        return _State(
            self._direct().prepare(reference, device), motion, pixels, levels, slope, noise, reference.n_averaged,
            make_agreement(pixels, cells.grid, device),
            make_window_light(whole, motion.grid, int(self.radius), 2 * SLOPE_OF_NOISE * variance),
        )  # fmt: skip

    def _check(self, shape: tuple[int, ...]) -> None:
        """Refuse what the method cannot follow."""
        name = f"{' x '.join(map(str, shape))} px"
        if min(shape) < LEAST_ACROSS:
            raise InputError(f"optical flow takes {LEAST_ACROSS} px and more along each axis, not {name}")
        if self.method != "dis":
            return
        if len(shape) != 2:
            raise InputError("dense inverse search is for planes (y, x) only; take method='tvl1' or 'ilk'")
        if min(shape) < LEAST_PX:  # OpenCV 5.0.0 ends the process on 12 x 40 px
            raise InputError(f"dense inverse search takes frames of {LEAST_PX} px and more; take method='tvl1'")
        require("cv2", "features", "dense inverse search")

    def estimate(self, state: _State, frames: Frames, device: Device) -> Estimates:
        """See `Estimator.estimate`."""
        rigid = self._direct().estimate_roughly(state.rigid, frames, device)
        return Estimates.join([self._one(state, frames[n], rigid.take([n]), device) for n in range(len(frames))])

    def _direct(self) -> Direct:
        """What finds the shift of the whole frame; of those that bend none is the last, and they would go on for it."""
        return Direct(max_shift=self.max_shift, max_iterations=MOST_STEPS)

    def _one(self, state: _State, frame: NDArray[Any], rigid: Estimates, device: Device) -> Estimates:
        shift, motion = rigid.parameters[0], state.motion
        ndim = motion.grid.ndim
        nodes, whole = np.zeros((1, ndim, *motion.grid.counts)), shift.reshape(ndim, *(1,) * ndim)
        if not np.isfinite(shift).all():
            return self._tell(np.full(motion.count_parameters(ndim), np.nan), np.nan, rigid.verdicts[0])
        image = np.asarray(frame, np.float32)
        # a shift of the whole is what bent parts make of it: a frame in another light would begin elsewhere
        start = np.rint(shift)
        gain, offset, noise = self._match(state, image, start)
        flow = self._follow(state, (image - offset) / gain, start, noise)
        before, after = (_compare(state.image, image, one) for one in (_fill(shift, image.shape), flow))
        score, kept = before.correlation, _fill(shift, image.shape)
        if after.residual < before.residual:
            score, kept = after.correlation, flow
            nodes[0] = unfold(motion.grid, spread_on(flow, motion.grid) - whole)
        affine = np.concatenate([shift, np.zeros(ndim**2)])[None]
        parameters = np.concatenate([affine, np.moveaxis(nodes, 1, -1).reshape(1, -1)], axis=1)
        told = state.agreement.measure(
            device, frame[None], Trajectory(motion, parameters, state.image.shape), np.array([gain])
        )
        verdict = rigid.verdicts[0]
        if verdict in APART and self._explains(state, image, flow, score):
            verdict = Verdict.OK
        verdict = self._judge(verdict, float(told.share_lost[0]), whole + nodes[0], state)
        bounds = state.light.measure(np.asarray((image - offset) / gain, np.float32), kept)
        return self._tell(parameters[0], score, verdict, bounds)

    def _match(self, state: _State, image: NDArray[np.float32], shift: FloatArray) -> tuple[float, float, float]:
        """Gain and offset of a frame against the reference, and the noise of its pixels over the reference's slope."""
        a, b = pair_pixels(state.image, image, _fill(shift, image.shape))
        if not a.size:
            return 1.0, 0.0, 0.0
        sd = _find_noise(state, image)
        left = max(a.var() - sd**2, 0.01 * a.var()), max(b.var() - sd**2 / max(state.n_averaged, 1.0), 0.01 * b.var())
        gain = (left[0] / left[1]) ** 0.5 if min(left) > 0 else 1.0
        return gain, float(a.mean() - gain * b.mean()), sd / gain / state.slope

    def _follow(
        self, state: _State, frame: NDArray[np.float32], shift: FloatArray, noise: float
    ) -> NDArray[np.float32]:
        if self.method == "dis":
            return search_inverse(state.image, frame, _fill(shift, state.image.shape))
        coarse: TotalVariation | Windows = Windows(
            radius=int(self.radius), n_warps=ILK_WARPS[0], stiffness=STIFFNESS + noise**2 * STIFFNESS
        )
        fine: TotalVariation | Windows = replace(coarse, n_warps=ILK_WARPS[1])
        if self.method == "tvl1":
            weight = self.attachment / (1 + noise)
            coarse = TotalVariation(attachment=weight, n_warps=TV_WARPS[0], n_iterations=TV_ITERATIONS)
            fine = replace(coarse, n_warps=TV_WARPS[1])
        return follow(state.levels, frame / np.float32(state.slope), shift, coarse, fine)

    def _explains(self, state: _State, frame: NDArray[np.float32], flow: NDArray[np.float32], score: float) -> bool:
        """Whether a frame, bent, is as like the reference as noise allows, where noise allows nearly everything.

        A flow makes any two pictures alike to 0.5 - 0.8, and follows noise where there is more of it than of light.
        """
        a, b = pair_pixels(state.image, frame, flow)
        if not a.size:
            return False
        variances = _find_noise(state, frame) ** 2 * np.array([1.0, 1.0 / max(state.n_averaged, 1.0)])
        shares = 1 - variances / np.maximum([a.var(), b.var()], 1e-12)
        allowed = float(np.sqrt(np.maximum(shares, 0).prod()))
        return allowed > BRIGHT_ENOUGH and score > AS_ALIKE * allowed

    def _judge(self, verdict: Verdict, lost: float, field: FloatArray, state: _State) -> Verdict:
        """That of the frame as a whole, and against parts that do not agree, lie too far or fold."""
        if verdict is not Verdict.OK:
            return verdict
        limits = np.reshape(np.broadcast_to(state.rigid.limits.max_shift, len(field)), (-1, *(1,) * len(field)))
        if (np.abs(field) > limits).any():
            return Verdict.OUT_OF_RANGE
        if lost > MOST_LOST:
            return Verdict.MISMATCH
        # what is still folded once it was smoothed as often as that is worth
        return Verdict.FOLDED if find_least_areas(state.motion.grid, field[None])[0][0] <= 0 else verdict

    def _tell(
        self, parameters: FloatArray, score: float, verdict: Verdict, bounds: FloatArray | None = None
    ) -> Estimates:
        """One frame's estimates; `bounds`, (points, ndim) px, are those of its control points."""
        errors = np.full(parameters.shape, np.nan)
        if bounds is not None:
            errors[-bounds.size :] = bounds.ravel()
        return Estimates(
            parameters=parameters[None], covariance=Covariance.unknown(1, len(parameters)), scores=np.array([score]),
            verdicts=(verdict,), bound=Covariance.of_errors(errors[None]),
        )  # fmt: skip


@dataclass(frozen=True)
class _Likeness:
    """How a warped frame and the reference compare where both are known: a straight line between them is free."""

    residual: float
    correlation: float


def _find_noise(state: _State, frame: NDArray[np.float32]) -> float:
    """Standard deviation of the noise of a frame's pixels."""
    if state.noise is None:
        return measure_noise(frame)
    return float(np.mean(state.noise.variance(frame[np.isfinite(frame)].astype(np.float64)))) ** 0.5


def _compare(image: NDArray[np.float32], frame: NDArray[np.float32], flow: NDArray[np.float32]) -> _Likeness:
    a, b = pair_pixels(image, frame, flow)
    spread = float(a.std() * b.std()) if a.size else 0.0
    if not spread:
        return _Likeness(np.inf, np.nan)
    correlation = float(((a - a.mean()) * (b - b.mean())).mean() / spread)
    return _Likeness(1 - correlation, correlation)


def _fill(shift: FloatArray, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """A shift as a flow."""
    ndim = len(shape)
    flow = np.empty((ndim, *shape), np.float32)
    flow[:] = np.asarray(shift, np.float32).reshape(ndim, *(1,) * ndim)
    return flow
