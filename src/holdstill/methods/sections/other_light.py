"""What bends beyond an affine map between images in two lights: greys are translated, and bent, in turn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from holdstill.contracts import Covariance, Device, Estimates, FloatArray, Verdict
from holdstill.methods.likelihood.greys import divide_greys, translate_greys
from holdstill.methods.sections.bending import bend_sections, make_pyramid, spread_on
from holdstill.methods.sections.local import FloatImage
from holdstill.transforms.motions import find_matrix_motion, find_motion
from holdstill.transforms.motions.dense import DENSE, DenseMotion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["bend_in_other_light"]

# what the affine map leaves unaligned blurs what greys mean; once bent they are learned again
ROUNDS = 2
# Where things bend halves of an affine map differ, so that it is not sure; then so much detail must agree in tiles
# that nothing was fitted to. In planes 0.73 to 1.0 of eight bent pairs, 0.24 at most of four that have nothing in
# common, 0.53 where dark surround outlines both. In volumes outlines fill more: up to 0.72, and 0.97 to 0.99 of pairs.
LEAST_HELD = {2: 0.6, 3: 0.85}


def bend_in_other_light(
    straight: Estimates, image: FloatImage, frame: FloatImage, levels: int, device: Device
) -> Estimates:
    """Dense estimates, of one frame, from affine ones; what these take for another place does not bend.

    No error bars are known.

    One image is translated, of so many `levels` of grey, into what the other shows there: the one that is then more
    alike.
    """
    ndim, family, motion = image.ndim, find_matrix_motion("affine"), find_motion(DENSE, image.shape)
    assert isinstance(motion, DenseMotion)
    warps = family.warps(straight.parameters, ndim)
    parameters, verdict = motion.embed(family, straight.parameters, ndim), straight.verdicts[0]
    if verdict in (Verdict.OK, Verdict.LOW_CONTRAST):
        for _ in range(ROUNDS):
            fixed, moving = _share_light(image, frame, parameters, levels, device)
            bent = bend_sections(make_pyramid(fixed), make_pyramid(moving), warps[0], device)
            parameters = motion.read(warps, spread_on(bent, motion.grid.counts, image.shape)[None])
            if bent.bending is None:
                break
        if bent.held > LEAST_HELD[ndim]:
            verdict = Verdict.OK
        if motion.transform(parameters[0], image.shape).smallest_determinant <= 0:
            verdict = Verdict.MISMATCH
    unknown = Covariance.unknown(1, parameters.shape[1])
    return replace(straight, parameters=parameters, covariance=unknown, verdicts=(verdict,), bound=None)


def _share_light(
    image: FloatImage, frame: FloatImage, parameters: FloatArray, levels: int, device: Device
) -> tuple[FloatImage, FloatImage]:
    """Both images in the light of one of them."""
    there = np.empty((1, *image.shape), np.float32)
    Trajectory.of(DENSE, parameters, image.shape).resample(
        device, frame[None], interpolation="linear", edge="constant", fill=np.nan, out=there
    )
    aligned = there[0]
    own, other = (divide_greys(one[np.isfinite(one)], levels) for one in (image, frame))
    as_frame, as_image = translate_greys(own, image, aligned), translate_greys(other, aligned, image)
    if _correlate(as_image, image) > _correlate(as_frame, aligned):
        return image, translate_greys(other, aligned, image, frame)
    return as_frame, frame


def _correlate(one: FloatImage, other: FloatImage) -> float:
    both = np.isfinite(one) & np.isfinite(other)
    if not both.any() or min(one[both].std(), other[both].std()) == 0:
        return 0.0
    return float(np.corrcoef(one[both], other[both])[0, 1])
