"""Pictures turned, scaled and sheared at random: whether each is found to half a pixel at the corners, or flagged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage import color, data

import holdstill as hs
from benchmarks.tables import Claim, Section
from holdstill.evaluation.pictures import warp_picture
from holdstill.evaluation.warped import corner_distances
from holdstill.transforms import Transform
from holdstill.transforms.motions import find_matrix_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["PICTURES", "Warp", "align", "count_outcomes", "random_warps", "read_picture", "warps"]

# photographs, micrographs and textures inside scikit-image; bricks are periodic
PICTURES = ("astronaut", "brick", "camera", "cell", "chelsea", "coffee")
PICTURES += ("coins", "grass", "gravel", "hubble_deep_field", "moon", "retina")
MOTIONS = ("rigid", "similarity", "affine")
NOISE = (0.0, 3.0, 10.0)
SIDE, LONGEST, WINDOW = 300, 360, 200
LEAST_OVERLAP, RIGHT_PX = 0.6, 0.5
ASKED_RIGHT = 0.97


@dataclass(frozen=True, kw_only=True, eq=False)
class Warp:
    """A fixed and a moving picture, (y, x) grey levels, and how the one became the other."""

    picture: str
    noise: float
    fixed: NDArray[np.uint8]
    moving: NDArray[np.uint8]
    truth: Trajectory


def read_picture(name: str) -> NDArray[np.float64]:
    """Grey levels 0 to 255; the shorter side has `SIDE` px."""
    pixels = getattr(data, name)()
    grey = color.rgb2gray(pixels) * 255.0 if pixels.ndim == 3 else pixels.astype(np.float64)
    factor = min(1.0, SIDE / min(grey.shape))
    blurred = ndimage.gaussian_filter(grey, 0.4 * np.sqrt(1 / factor**2 - 1))
    return np.clip(ndimage.zoom(blurred, factor, order=3), 0, 255)


def random_warps(n: int, seed: int = 0, pictures: tuple[str, ...] = PICTURES) -> Iterator[Warp]:
    """Pictures, motions and noise in turn; every other one shows the whole picture, dark where it was turned out."""
    rng = np.random.default_rng(seed)
    known = {name: read_picture(name) for name in pictures}
    for k in range(n):
        name, noise = pictures[k % len(pictures)], NOISE[(k // len(pictures)) % len(NOISE)]
        picture = known[name]
        whole = (min(picture.shape[0], LONGEST), min(picture.shape[1], LONGEST))
        shape = whole if k % 2 else (min(WINDOW, picture.shape[0] * 2 // 3), WINDOW)
        truth = _random_truth(MOTIONS[(k // 2) % len(MOTIONS)], shape, rng)
        images = [warp_picture(picture, one, shape) for one in (Transform(np.eye(3)), truth.transform(0))]
        noisy = [np.clip(np.rint(image + noise * rng.normal(size=shape)), 0, 255).astype(np.uint8) for image in images]
        yield Warp(picture=name, noise=noise, fixed=noisy[0], moving=noisy[1], truth=truth)


def _random_truth(motion: str, shape: tuple[int, ...], rng: np.random.Generator) -> Trajectory:
    """Rigid by any angle, similar by any angle and 0.7 to 1.4, affine by 10 %; at least 60 % of either is in both."""
    family = find_matrix_motion(motion)
    while True:
        shift = rng.uniform(-0.25, 0.25, 2) * np.array(shape)
        angle = rng.uniform(-np.pi, np.pi)
        if motion == "affine":
            matrix = np.eye(3)
            matrix[:2, :2] += rng.uniform(-0.1, 0.1, (2, 2))
            matrix[:2, 2] = shift
            parameters = family.of_matrices(matrix[None])[0]
        else:
            scale = [np.exp(rng.uniform(np.log(0.7), np.log(1.4)))] if motion == "similarity" else []
            parameters = np.array([*shift, angle, *scale])
        truth = Trajectory(family, parameters[None], shape)
        if max(truth.overlaps()[0], truth.invert().overlaps()[0]) >= LEAST_OVERLAP:
            return truth


def align(method: str, warp: Warp) -> tuple[bool, str]:
    """Whether corners lie within half a pixel, and the verdict; of the noise nothing is told."""
    found = hs.align(warp.fixed, warp.moving, motion=warp.truth.motion.name, method=method)
    estimated = Trajectory(warp.truth.motion, found.estimates, warp.truth.shape)
    return bool(corner_distances(estimated, warp.truth)[0] < RIGHT_PX), str(found.verdicts[0])


def warps(n: int = 500, seed: int = 0, pictures: tuple[str, ...] = PICTURES) -> Section:
    """Direct on all warps, LogPolar on those without shear: right, flagged, or wrong and yet called ok."""
    rows, claims = [], []
    made = list(random_warps(n, seed, pictures))
    for name, method in (("Direct", "direct"), ("LogPolar", "log_polar")):
        chosen = [warp for warp in made if method == "direct" or warp.truth.motion.name != "affine"]
        results = [align(method, warp) for warp in chosen]
        for picture in pictures:
            own = [result for warp, result in zip(chosen, results, strict=True) if warp.picture == picture]
            rows.append((name, picture, str(len(own)), *(str(count) for count in count_outcomes(own))))
        right, _, silent = count_outcomes(results)
        claims.append(
            Claim(f"{name}: random warps that are wrong, yet ok", "none", f"{silent} of {len(results)}", silent == 0)
        )
        if method == "direct":
            share = right / len(results)
            claims.append(
                Claim(
                    "Direct: random warps that are right", f">= {ASKED_RIGHT:.0%}", f"{share:.1%}", share >= ASKED_RIGHT
                )
            )
    note = (
        f"{n} pairs of pictures, seed {seed}: rigid and similar (0.7 to 1.4) by any angle, affine by 10 %; at least "
        f"60 % in both; noise of 0, 3 and 10 grey levels; whole pictures, dark where they were turned out, and windows "
        f"of {WINDOW} px. Right: corners within {RIGHT_PX} px and ok, or ambiguous. Nothing is told of the noise."
    )
    return Section(
        "Random warps", ("method", "picture", "pairs", "right", "flagged", "wrong, yet ok"), rows, note, tuple(claims)
    )


def count_outcomes(results: list[tuple[bool, str]]) -> tuple[int, int, int]:
    """How many are right or ambiguous, flagged, and wrong yet ok."""
    right = sum((close and verdict == "ok") or verdict == "ambiguous" for close, verdict in results)
    silent = sum(not close and verdict == "ok" for close, verdict in results)
    return right, len(results) - right - silent, silent
