"""From what a run found to the result that callers hold."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ImagesInfo, as_plain
from holdstill.devices.cpu import CpuDevice
from holdstill.reference.kinds import is_sequential
from holdstill.reference.learned import LearnedReference
from holdstill.resampling.settings import Resampling
from holdstill.result.registration import Registration
from holdstill.run.options import RegisteringOptions
from holdstill.run.settling import Outcome
from holdstill.run.setup import Setup
from holdstill.transforms.trajectory import Trajectory

__all__ = ["PICTURE_PX", "make_picture", "make_registration"]

PICTURE_PX, MAP_PX = 512, 256


def make_registration(
    info: ImagesInfo,
    outcome: Outcome,
    setup: Setup,
    options: RegisteringOptions,
    began: datetime,
    resampling: Resampling | None,
) -> Registration:
    """The result of a run over images like `info`; `resampling` is how they were written, if they were."""
    learned = outcome.learned
    images = {"reference": learned.reference.image, "mean_before": learned.before, "mean_after": learned.after}
    pictures = {name: make_picture(image, PICTURE_PX) for name, image in images.items()}
    pictures["weights"] = make_picture(_weigh(learned), MAP_PX)
    still = learned.defects.pattern if learned.defects.varying is None else learned.defects.varying
    if still is not None:
        pictures["pattern"] = make_picture(still, MAP_PX)
    return Registration(
        motion=setup.estimator.motion,
        frame_shape=info.frame_shape,
        parameters=outcome.trajectory.parameters,
        covariance=outcome.covariance,
        corner_errors=outcome.corner_errors,
        scores=outcome.estimates.scores,
        verdicts=outcome.estimates.verdicts,
        treatments=outcome.treatments,
        estimates=outcome.estimated.parameters,
        bound=outcome.bound,
        places=outcome.candidates,
        pixel_size_um=info.pixel_size_um,
        frame_interval_s=info.frame_interval_s,
        times_s=info.times_s,
        clamped=outcome.clamped,
        images=pictures,
        template_image=None if is_sequential(setup.reference) else _place_template(info, outcome, setup),
        provenance={**_describe_run(info, outcome, setup, began, resampling), "options": options.describe()},
    )


def _place_template(info: ImagesInfo, outcome: Outcome, setup: Setup) -> NDArray[np.float32]:
    """The template where corrected frames lie: frames are relative to one of them, to which it was learned near."""
    image = np.asarray(outcome.learned.reference.image, np.float32)
    motion = outcome.trajectory.motion
    still = Trajectory(motion, motion.identity(info.ndim)[None], info.frame_shape)
    placed = still.relative_to(outcome.origin)
    if np.array_equal(placed.parameters, still.parameters):
        return image
    out = np.empty((1, *image.shape), np.float32)
    placed.resample(setup.device, image[None], interpolation="cubic", edge="constant", fill=np.nan, out=out)
    return out[0]


def _describe_run(
    info: ImagesInfo, outcome: Outcome, setup: Setup, began: datetime, resampling: Resampling | None
) -> dict[str, Any]:
    """What came of the options: parts that were chosen, what was learned, where and when."""
    learned, noise = outcome.learned, outcome.learned.reference.noise
    return {
        "version": version("holdstill"),
        "input": info.name,
        "axes": info.axes,
        "shape": list(info.shape),
        "dtype": str(info.dtype),
        "method": type(setup.estimator).__name__,
        "settings": as_plain(asdict(setup.estimator)),
        "reference": setup.reference if isinstance(setup.reference, (str, int)) else "image",
        "channel": setup.channel,
        **({"colours": setup.colours} if info.n_colours else {}),
        "device": setup.device.description or setup.device.name,
        **setup.treating.describe(),
        "template": {"n_good": learned.n_good, "rounds": learned.rounds}
        | ({"stands_for": "the mean of the frames as they are"} if learned.place else {}),
        "noise": asdict(noise) if noise else None,
        "defects": learned.defects.describe(),
        "resampling": as_plain(asdict(resampling)) if resampling else None,
        "created": began.isoformat(timespec="seconds"),
        "seconds": {stage: round(value, 4) for stage, value in outcome.seconds.items()},
    }


def _weigh(learned: LearnedReference) -> NDArray[np.float32]:
    """How much each pixel tells of a shift: slope of the reference over the noise; NaN where it does not count."""
    reference = learned.reference
    image = np.asarray(reference.image, np.float32)
    known = np.isfinite(image)
    filled = np.where(known, image, 0)
    slopes = (np.gradient(filled, axis=axis) for axis in range(image.ndim) if image.shape[axis] > 1)
    steep = np.sqrt(sum((slope**2 for slope in slopes), np.zeros_like(filled)))
    if reference.noise is not None:
        steep /= np.sqrt(np.maximum(reference.noise.variance(filled), 1e-12))
    for kept in (reference.mask, None if learned.defects.missing is None else ~learned.defects.missing):
        known = known if kept is None else known & kept
    return np.where(known, steep, np.nan).astype(np.float32)


def make_picture(image: NDArray[np.float32], largest: int) -> NDArray[np.float32]:
    """Maximum projection, binned to at most `largest` px: a picture for the report."""
    if image.ndim == 3:
        image = np.where(np.isfinite(image), image, -np.inf).max(axis=0)
        image = np.where(np.isfinite(image), image, np.nan)
    factor = -(-max(image.shape) // largest)
    if factor > 1 and min(image.shape) >= factor:
        image = CpuDevice().bin(image[None], (factor, factor))[0]
    return image.astype(np.float32)
