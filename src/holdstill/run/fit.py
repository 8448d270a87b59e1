"""What every public estimator can do besides its two steps: fit a whole sequence and give a result."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from holdstill.contracts import Estimator, Progress, ReadingOptions, Sink
from holdstill.engines.records import is_records
from holdstill.io.image import reading
from holdstill.resampling.settings import Resampling
from holdstill.result.registration import Registration
from holdstill.run.noting import note_inputs
from holdstill.run.options import RegisteringOptions
from holdstill.run.register import register, register_collection
from holdstill.run.setup import Target

__all__ = ["FittingEstimator"]

# what an estimator or a registrar of other packages applies itself by
APPLYING = (
    "apply", "fit_transform", "predict", "register", "register_stack", "register_transform",
    "register_transform_stack", "transform", "transform_stack",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FittingEstimator(Estimator):
    """An estimator that hands itself to the pipeline; `holdstill.estimators` joins it with each method."""

    if not TYPE_CHECKING:  # it would make every misspelt name fine

        def __getattr__(self, name: str) -> Any:
            """Called for what is not there: say who has what transformers elsewhere have."""
            kind = type(self).__name__
            hint = f"; reg = {kind}(...).fit(images) gives what reg.apply(images) moves by" if name in APPLYING else ""
            raise AttributeError(f"{kind!r} object has no attribute {name!r}{hint}")

    def fit(
        self,
        images: Any,
        reference: Any = "template",
        *,
        axes: str | None = None,
        channel: int | str | None = None,
        mask: ArrayLike | str | Path | None = None,
        device: Any = "cpu",
        engine: Any = "threads",
        workers: int | None = None,
        memory: str | int | None = None,
        progress: bool | Progress = False,
        sink: Sink | None = None,
        resampling: Resampling | None = None,
    ) -> Registration:
        """Estimate the motion of every frame.

        Parameters
        ----------
        images : path, ndarray, Source or pyspark.RDD
            A sequence of frames; or records (key, array) of Spark, a frame each, in the order of their keys.
        reference : {"template", "first", "mean", "median"}, int, path or ndarray
            Strategy, frame number, or an image ``([z,] y, x)``.
        axes : str, optional
            Axes of an array, such as ``"TZYX"``, where they are ambiguous.
        channel : int or str, optional
            The registration channel, by number or name. Default: the first; of pictures in colours the mean of them.
        mask : ndarray of bool, ([z,] y, x), or path, optional
            True, or above zero, where pixels of the reference count.
        device : {"cpu", "gpu", "auto", "plain"} or Device
            Where pixels are computed.
        engine : {"threads", "dask", "spark"}, address, distributed.Client, SparkSession or Engine
            Who runs the chunks, as for `holdstill.register`.
        workers : int, optional
            Chunks at a time; default: one for each core.
        memory : str or int, optional
            What the process may take, as ``"2GB"`` or bytes. Default: a quarter of the machine's.
        progress : bool or callable (stage, done, total)
            Show a bar, or tell a function, which stops the run by returning False.
        sink : Sink, optional
            Write the corrected images there in the same pass; the caller finishes it.
        resampling : Resampling, optional
            How, with `sink`.

        Returns
        -------
        Registration

        Raises
        ------
        InputError
            Reference, mask or channel do not fit the images.
        """
        options = RegisteringOptions(
            motion=self.motion, method=self, reference=reference, channel=channel, mask=mask, device=device,
            engine=engine, workers=workers, memory=memory, progress=progress,
        )  # fmt: skip
        if is_records(images):
            return register_collection(images, options)
        how = ReadingOptions(axes=axes)
        with reading(images, how) as source:
            found = register(source, options, Target(sink=sink, resampling=resampling or Resampling()), single=True)
            return note_inputs(found, source, how)
