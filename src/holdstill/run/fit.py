"""What every public estimator can do besides its two steps: fit a whole sequence and give a result."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, Engine, Estimator, ImagesInfo, Sink
from holdstill.devices.cpu import CpuDevice
from holdstill.engines.plan import make_plan
from holdstill.engines.records import Records, is_records
from holdstill.engines.threads import engine_or_threads
from holdstill.errors import InputError
from holdstill.io.image import reading
from holdstill.reference.sequential import is_sequential
from holdstill.resampling.write import Progress, Resampling
from holdstill.result.registration import Registration
from holdstill.result.value import treat
from holdstill.run import pipeline
from holdstill.run.checkpoint import Checkpoint
from holdstill.run.pipeline import Outcome
from holdstill.run.records import register_records

__all__ = ["FittingEstimator"]

PICTURE_PX = 512


@dataclass(frozen=True, kw_only=True)
class FittingEstimator(Estimator):
    """An estimator that hands itself to the pipeline; `holdstill.estimators` joins it with each method."""

    def fit(
        self,
        images: Any,
        reference: Any = "template",
        *,
        axes: str | None = None,
        channel: int = 0,
        mask: NDArray[np.bool_] | None = None,
        device: Device | None = None,
        engine: Engine | None = None,
        progress: Progress | None = None,
        sink: Sink | None = None,
        resampling: Resampling | None = None,
        checkpoint: Checkpoint | None = None,
        memory: int | None = None,
    ) -> Registration:
        """Estimate the motion of every frame.

        Parameters
        ----------
        images : path, ndarray, Source or pyspark.RDD
            A sequence of frames; or records (key, array) of Spark, a frame each, in the order of their keys.
        reference : {"template", "first", "mean", "median"}, int or ndarray
            Strategy, frame number, or an image ``([z,] y, x)``.
        axes : str, optional
            Axes of an array, such as ``"TZYX"``, where they are ambiguous.
        channel : int
            The registration channel.
        mask : ndarray of bool, ([z,] y, x), optional
            True where pixels of the reference count.
        device : Device, optional
            Default: the cpu.
        engine : Engine, optional
            Default: threads, one for each core.
        progress : callable (stage, done, total), optional
        sink : Sink, optional
            Write the corrected images there in the same pass; the caller finishes it.
        resampling : Resampling, optional
            How, with `sink`.
        checkpoint : Checkpoint, optional
            Where to note what is done, to go on there after an interruption.
        memory : int, optional
            Bytes that the process may take. Default: a quarter of the machine's.

        Returns
        -------
        Registration

        Raises
        ------
        InputError
            Reference, mask or channel do not fit the images.
        """
        began = datetime.now(UTC)
        device = device or CpuDevice()
        if is_records(images):
            return self._fit_records(Records(images), reference, channel, mask, device, memory)
        engine = engine_or_threads(engine)
        with reading(images, axes) as source:
            plan = make_plan(source.info, getattr(engine, "workers", 1), memory)
            engine = engine.limit(plan.workers)
            outcome = pipeline.register(
                source, self, plan=plan, reference=reference, channel=channel, mask=_check_mask(mask, source.info),
                device=device, engine=engine, progress=progress or _silent, sink=sink,
                resampling=resampling or Resampling(), checkpoint=checkpoint,
            )  # fmt: skip
            return self._result(source.info, outcome, reference, channel, device, began, resampling if sink else None)

    def _fit_records(
        self,
        records: Records,
        reference: Any,
        channel: int,
        mask: NDArray[np.bool_] | None,
        device: Device,
        memory: int | None,
    ) -> Registration:
        """As `fit`, of a Spark collection."""
        began, info = datetime.now(UTC), records.info
        if channel != 0 or is_sequential(reference):
            raise InputError(
                f"records have one channel, not {channel}, and know no reference {reference!r}; take template or first"
            )
        outcome = register_records(
            records, self, reference, plan=make_plan(info, 1, memory), mask=_check_mask(mask, info), device=device
        )
        return self._result(info, outcome, reference, channel, device, began, None)

    def _result(
        self,
        info: ImagesInfo,
        outcome: Outcome,
        reference: Any,
        channel: int,
        device: Device,
        began: datetime,
        resampling: Resampling | None,
    ) -> Registration:
        learned = outcome.learned
        noise = learned.reference.noise
        provenance = {
            "version": version("holdstill"),
            "input": info.name,
            "axes": info.axes,
            "shape": list(info.shape),
            "dtype": str(info.dtype),
            "method": type(self).__name__,
            "settings": _plain(asdict(self)),
            "reference": reference if isinstance(reference, (str, int)) else "image",
            "channel": channel,
            "device": device.description or device.name,
            "template": {"n_good": learned.n_good, "rounds": learned.rounds},
            "noise": asdict(noise) if noise else None,
            "resampling": _plain(asdict(resampling)) if resampling else None,
            "created": began.isoformat(timespec="seconds"),
            "seconds": {stage: round(value, 4) for stage, value in outcome.seconds.items()},
        }
        images = {"reference": learned.reference.image, "mean_before": learned.before, "mean_after": learned.after}
        return Registration(
            motion=self.motion,
            frame_shape=info.frame_shape,
            parameters=outcome.trajectory.parameters,
            covariance=outcome.covariance,
            corner_errors=outcome.corner_errors,
            scores=outcome.estimates.scores,
            verdicts=outcome.estimates.verdicts,
            treatments=treat(outcome.estimates.verdicts),
            estimates=outcome.estimated.parameters,
            bound=outcome.bound,
            pixel_size_um=info.pixel_size_um,
            frame_interval_s=info.frame_interval_s,
            clamped=outcome.clamped,
            images={name: _picture(image) for name, image in images.items()},
            provenance=provenance,
        )


def _silent(stage: str, done: int, total: int) -> None:
    """No progress wanted."""


def _plain(value: Any) -> Any:
    """Settings as plain JSON values."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, slice):
        return [value.start, value.stop]
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value


def _check_mask(mask: NDArray[np.bool_] | None, info: ImagesInfo) -> NDArray[np.bool_] | None:
    if mask is None:
        return None
    checked = np.asarray(mask).astype(bool)
    if checked.shape != info.frame_shape:
        raise InputError(f"the mask has shape {checked.shape}, a frame of {info.name} {info.frame_shape}")
    if not checked.any():
        raise InputError("the mask excludes every pixel; True marks the pixels that count")
    return checked


def _picture(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Maximum projection, binned to at most `PICTURE_PX`: a picture for the report."""
    if image.ndim == 3:
        image = np.where(np.isfinite(image), image, -np.inf).max(axis=0)
        image = np.where(np.isfinite(image), image, np.nan)
    factor = -(-max(image.shape) // PICTURE_PX)
    if factor > 1 and min(image.shape) >= factor:
        image = CpuDevice().bin(image[None], (factor, factor))[0]
    return image.astype(np.float32)
