"""Matching of features, then direct alignment: for large changes of view."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, Estimates, Estimator, FloatArray, Frames, Reference, Verdict
from holdstill.errors import InputError, MissingExtra, UnknownName
from holdstill.extras import require
from holdstill.methods.likelihood.judged import reference_pixels
from holdstill.methods.likelihood.judged_warp import WarpJudge, judge_warps, make_warp_judge
from holdstill.transforms.motions import MatrixFamily, find_matrix_motion

__all__ = ["Features"]

DETECTORS = {"sift": "SIFT_create", "orb": "ORB_create", "akaze": "AKAZE_create"}
RATIO = 0.8
REACH_PX = 3.0
MIN_MATCHES = 8
MAX_ROUNDS, MISSED = 5000, 1e-3
REFINING_STEPS = 15
GREY_RANGE = (0.5, 99.8)


@dataclass(frozen=True, eq=False)
class _State:
    """Places (k, 2) as (y, x) px about the centre, and descriptors, of the reference."""

    places: FloatArray
    descriptors: Any
    judge: WarpJudge


@dataclass(frozen=True, kw_only=True)
class Features(Estimator):
    """Local features matched by OpenCV, a robust fit of the motion, and direct alignment from there; planes only.

    For views so different that no correlation of whole frames finds the way: turned, scaled, tilted. A frame with fewer
    than 8 agreeing matches is a mismatch.

    Parameters
    ----------
    motion : {"projective", "translation", "rigid", "similarity", "affine"}
        Default "projective".
    detector : {"sift", "orb", "akaze"}
        Default "sift".
    max_features : int
        Most features in each image, for SIFT and ORB. Default 3000.
    refine : bool
        Go on to the likeliest transform by direct alignment. Default True.
    max_shift : float or tuple of float, optional
        Largest shift of the centre in px. Default: 45 % of the frame.

    Raises
    ------
    MissingExtra
        OpenCV is not installed: ``pip install "holdstill[features]"``.

    Notes
    -----
    SIFT: Lowe, IJCV 60:91 (2004); robust fit by random samples: Fischler and Bolles, Comm. ACM 24:381 (1981).

    Examples
    --------
    >>> from holdstill.estimators import Features
    >>> Features(motion="affine", detector="orb").detector
    'orb'
    """

    matches: ClassVar[bool] = True
    motions: ClassVar[tuple[str, ...]] = ("projective", "translation", "rigid", "similarity", "affine")
    motion: str = "projective"
    detector: str = "sift"
    max_features: int = 3000
    refine: bool = True
    max_shift: float | tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse what is not known."""
        super().__post_init__()
        if self.detector not in DETECTORS:
            raise UnknownName(f"there is no detector {self.detector!r}; choose one of {', '.join(DETECTORS)}")

    def prepare(self, reference: Reference, device: Device) -> Any:
        """See `Estimator.prepare`. Raises InputError for volumes, or a reference with too few features."""
        pixels = reference_pixels(reference)
        if pixels.ndim != 2:
            raise InputError("Features is for planes (y, x) only; Direct registers volumes")
        grey = _find_grey(pixels)
        places, descriptors = self._detect(pixels, grey)
        if len(places) < MIN_MATCHES:
            raise InputError(
                f"the reference has {len(places)} features of {self.detector}, at least {MIN_MATCHES} are needed; "
                "try another detector, or Direct"
            )
        return _State(places, descriptors, make_warp_judge(reference, self.max_shift, device))

    def _detect(self, image: NDArray[Any], grey: tuple[float, float]) -> tuple[FloatArray, Any]:
        cv2 = require("cv2", "features", "Features")
        limit = {"sift": {"nfeatures": self.max_features}, "orb": {"nfeatures": self.max_features}}
        if not hasattr(cv2, DETECTORS[self.detector]):
            raise MissingExtra(f"this OpenCV ({cv2.__version__}) has no {self.detector}; choose sift or orb")
        detector = getattr(cv2, DETECTORS[self.detector])(**limit.get(self.detector, {}))
        known = np.isfinite(image)
        scaled = (np.where(known, image, grey[0]) - grey[0]) / max(grey[1] - grey[0], 1e-12)
        keypoints, descriptors = detector.detectAndCompute(
            (255 * np.clip(scaled, 0, 1)).astype(np.uint8), known.astype(np.uint8)
        )
        places = np.array([point.pt[::-1] for point in keypoints], np.float64).reshape(-1, 2)
        return places - (np.array(image.shape) - 1) / 2, descriptors

    def estimate(self, state: Any, frames: Frames, device: Device) -> Estimates:
        """See `Estimator.estimate`."""
        motion = find_matrix_motion(self.motion)
        parameters, agreeing = np.tile(motion.identity(2), (len(frames), 1)), np.zeros(len(frames))
        for n, frame in enumerate(frames):
            parameters[n], agreeing[n] = self._fit(state, frame, motion)
        steps = REFINING_STEPS if self.refine else 0
        found = judge_warps(state.judge, self.motion, parameters, agreeing, frames, device, steps)
        few = agreeing < MIN_MATCHES
        verdicts = tuple(
            Verdict.MISMATCH if few[n] and verdict is Verdict.OK else verdict
            for n, verdict in enumerate(found.verdicts)
        )
        # with too few matches no transform was found, only one that changes nothing to start from
        return replace(found, parameters=np.where(few[:, None], np.nan, found.parameters), verdicts=verdicts)

    def find_matches(self, reference: Reference, frame: NDArray[Any]) -> FloatArray:
        """See `Estimator.find_matches`: those that agree with the transform, before it is refined."""
        pixels = reference_pixels(reference)
        fixed, moving = self._match(*self._detect(pixels, _find_grey(pixels)), frame)
        agree = _robust_fit(fixed, moving, find_matrix_motion(self.motion))[1]
        middles = [(np.array(image.shape) - 1) / 2 for image in (pixels, frame)]
        return np.hstack([fixed[agree] + middles[0], moving[agree] + middles[1]])

    def _fit(self, state: _State, frame: NDArray[Any], motion: MatrixFamily) -> tuple[FloatArray, int]:
        """Parameters and how many matches agree with them; the identity and 0 where too few match."""
        parameters, agree = _robust_fit(*self._match(state.places, state.descriptors, frame), motion)
        return parameters, int(agree.sum())

    def _match(self, places: FloatArray, descriptors: Any, frame: NDArray[Any]) -> tuple[FloatArray, FloatArray]:
        """Places about the centre, (n, 2) each, of features of the reference that a frame has too."""
        pixels = frame.astype(np.float32)
        there, found = self._detect(pixels, _find_grey(pixels))
        if descriptors is None or found is None or len(there) < MIN_MATCHES:
            return np.zeros((0, 2)), np.zeros((0, 2))
        cv2 = require("cv2", "features", "Features")
        matcher = cv2.BFMatcher(cv2.NORM_L2 if self.detector == "sift" else cv2.NORM_HAMMING)
        pairs = [pair for pair in matcher.knnMatch(descriptors, found, k=2) if len(pair) == 2]
        good = [first for first, second in pairs if first.distance < RATIO * second.distance]
        return places[[match.queryIdx for match in good]], there[[match.trainIdx for match in good]]


def _find_grey(pixels: NDArray[Any]) -> tuple[float, float]:
    """What becomes black and white for the detector."""
    known = pixels[np.isfinite(pixels)]
    low, high = np.percentile(known, GREY_RANGE) if known.size else (0.0, 1.0)
    return float(low), float(high)


def _robust_fit(fixed: FloatArray, moving: FloatArray, motion: MatrixFamily) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Parameters of the motion that takes most of `fixed` to within 3 px of `moving`, fitted to those, and which."""
    needed = (motion.count_parameters(2) + 1) // 2
    best: NDArray[np.bool_] = np.zeros(len(fixed), bool)
    if len(fixed) < MIN_MATCHES:
        return motion.identity(2), best
    rng, most = np.random.default_rng(0), 0
    rounds, done = MAX_ROUNDS, 0
    while done < rounds:
        done += 1
        chosen = rng.choice(len(fixed), needed, replace=False)
        agree = _distances(motion.fit_points(fixed[chosen], moving[chosen]), fixed, moving) < REACH_PX
        if agree.sum() > most:
            best, most = agree, int(agree.sum())
            # so many that one of them has none but true matches, but for one chance in a thousand
            lucky = min((most / len(fixed)) ** needed, 1 - 1e-9)
            rounds = min(MAX_ROUNDS, int(np.log(MISSED) / np.log(1 - lucky)) + 1)
    if most < MIN_MATCHES:
        return motion.identity(2), best
    for _ in range(3):
        matrix = motion.fit_points(fixed[best], moving[best])
        best = _distances(matrix, fixed, moving) < REACH_PX
    return motion.of_matrices(matrix[None])[0], best


def _distances(matrix: FloatArray, fixed: FloatArray, moving: FloatArray) -> FloatArray:
    mapped = fixed @ matrix[:2, :2].T + matrix[:2, 2]
    with np.errstate(invalid="ignore", divide="ignore"):
        mapped = mapped / (fixed @ matrix[2, :2] + matrix[2, 2])[:, None]
    return np.nan_to_num(np.sqrt(((mapped - moving) ** 2).sum(axis=1)), nan=np.inf)
