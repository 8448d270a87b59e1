"""Correction while the microscope runs: frame by frame, as fast as they come."""

from __future__ import annotations

import asyncio
import threading
from array import array
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Covariance, Estimates, FloatArray, Frames, Verdict
from holdstill.devices.choosing import find_device
from holdstill.errors import InputError
from holdstill.io.array import compute_as
from holdstill.io.blocks import check_dtype
from holdstill.io.colours import is_coloured, see_image, split_samples
from holdstill.io.image import read_image
from holdstill.live.frames import describe_frames
from holdstill.live.options import PixelSize, TrackingOptions
from holdstill.live.recorder import Recorder, stem_of
from holdstill.live.template import LiveTemplate
from holdstill.result.registration import Registration
from holdstill.run.parts import estimator_of, mask_of
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["TrackedFrame", "Tracker"]

# of so many frames what was found is joined, since thousands of small arrays take ten times their numbers' memory
BLOCK_FRAMES = 256


@dataclass(frozen=True, eq=False)
class TrackedFrame:
    """What became of one frame.

    Attributes
    ----------
    index : int
        How many came before.
    shift : ndarray of float64, (ndim,)
        Shift of the frame's centre, ``([z,] y, x)`` in px; that of the last good frame where this one is not ``ok``.
    error : ndarray of float64, (ndim,)
        One standard deviation of it; NaN where the frame is not ``ok``.
    score : float
        Correlation with the template after alignment.
    verdict : Verdict
        ``ok``, or why the frame's own estimate is not used.
    parameters : ndarray of float64, (n_params,)
        Of the transform.
    image : ndarray, of the frame's shape
        The frame corrected, in its dtype.
    """

    index: int
    shift: FloatArray
    error: FloatArray
    score: float
    verdict: Verdict
    parameters: FloatArray
    image: NDArray[Any]


class Tracker:
    """Corrects frames as they come. Safe to call from any thread, such as a camera's; frames take turns.

    Frames are planes, volumes, or in colours, of which the mean of red, green and blue is compared.

    Parameters
    ----------
    reference : ndarray, ([z,] y, x) or (y, x, samples), or path, optional
        What frames are compared with. Default: the first frame.
    motion : str
        Family of the transforms, as for `holdstill.register`.
    method : str or estimator
        As for `holdstill.register`.
    mask : ndarray of bool, ([z,] y, x), or path, optional
        True where pixels of the reference count.
    max_shift : float or tuple of float, optional
        Largest shift, px.
    device : str
        Where pixels are computed, as for `holdstill.register`.
    interpolation, edge, fill
        How frames are resampled, as for `holdstill.correct`.
    follow : float
        Share of each good frame in the template, 0 to 1: 0.01 lets it follow what changes over hundreds of frames.
    pixel_size_um : float or tuple of float, optional
        Size of a pixel, one for all axes or one each ``([z,] y, x)``.
    on_shift : callable, optional
        Told the shift of each good frame, ``([z,] y, x)`` in um: to move the stage back. Called from the thread that
        brought the frame; what it raises, `update` raises, after the frame was noted and recorded.
    record : path, optional
        A new OME-Zarr for all frames, as they came (scene ``raw``) and corrected (scene ``corrected``). Beside it
        ``NAME.drift.csv`` grows with it, and ``NAME.drift.json`` is written when the tracker is closed.

    Raises
    ------
    HoldstillError
        An option does not fit, or `record` exists.

    Examples
    --------
    >>> import numpy as np, holdstill as hs
    >>> image = np.random.default_rng(0).random((96, 96)).cumsum(0).cumsum(1) % 50
    >>> with hs.Tracker(image) as tracker:
    ...     tracker.update(np.roll(image, 3, axis=0)).shift.round().astype(int)
    array([3, 0])
    """

    def __init__(
        self,
        reference: NDArray[Any] | str | Path | None = None,
        *,
        motion: str = "translation",
        method: Any = "auto",
        mask: Any = None,
        max_shift: float | tuple[float, ...] | None = None,
        device: str = "cpu",
        interpolation: str = "cubic",
        edge: str = "constant",
        fill: float = 0,
        follow: float = 0.0,
        pixel_size_um: PixelSize = None,
        on_shift: Callable[[FloatArray], None] | None = None,
        record: str | Path | None = None,
    ) -> None:
        self._options = options = TrackingOptions(
            motion=motion, method=method, mask=mask, max_shift=max_shift, device=device, interpolation=interpolation,
            edge=edge, fill=fill, follow=follow, pixel_size_um=pixel_size_um, on_shift=on_shift,
        )  # fmt: skip
        self._estimator = estimator_of(options.method, options.motion, options.max_shift)
        if self._estimator.bends:
            raise InputError(
                f"{options.motion} motion is learned from many frames, not live; take translation or rigid"
            )
        image = read_image(reference, coloured=True) if isinstance(reference, str | Path) else reference
        self._image = None if image is None else see_image(_as_computed(np.asarray(image)))
        self._mask, self._resampling = mask_of(options.mask), options.resampling
        self._record = None if record is None else Path(record)
        self._recorder: Recorder | None = None
        self._lock = threading.RLock()
        self._template: LiveTemplate | None = None
        self._parameters = array("d")
        self._found: list[Estimates] = []
        self._blocks: list[Estimates] = []
        self._count = 0
        self._is_closed = False
        self._last: FloatArray = np.zeros(0)
        self._sizes: FloatArray = np.ones(1)

    @classmethod
    def of(cls, reference: NDArray[Any] | str | Path | None, options: TrackingOptions) -> Self:
        """A tracker with options as a value."""
        return cls(reference, **{each.name: getattr(options, each.name) for each in fields(options)})

    def update(self, frame: NDArray[Any]) -> TrackedFrame:
        """Correct one frame, ([z,] y, x), or (y, x, samples) in colours.

        Raises
        ------
        InputError
            It differs from the first in shape or dtype, or the tracker is closed.
        """
        given = np.asarray(frame)
        pixels = _as_computed(given)
        with self._lock:
            if self._is_closed:
                raise InputError("the tracker is closed; make a new one")
            if self._template is None:
                self.begin(pixels)
            self._check(pixels)
            assert self._template is not None  # made by _begin
            found = self._template.estimate(see_image(pixels))
            good = found.verdicts[0] is Verdict.OK
            self._last = found.parameters[0] if good else self._last
            trajectory = Trajectory(self._motion, self._last[None], self._shape)
            image = self._correct(pixels, trajectory)
            tracked = self._note(trajectory, found, image)
            self._keep(tracked, pixels)
            if image.dtype != (own := given.dtype.newbyteorder("=")):
                tracked = replace(tracked, image=image.astype(own))
            if good and self._options.on_shift is not None:
                self._options.on_shift(tracked.shift * self._sizes)
            return tracked

    def apply(self, tracked: TrackedFrame, pixels: NDArray[Any]) -> NDArray[Any]:
        """Another channel of a tracked frame, ([z,] y, x), corrected by the same motion."""
        given = np.asarray(pixels)
        image = self._correct(_as_computed(given), Trajectory(self._motion, tracked.parameters[None], self._shape))
        return image.astype(given.dtype.newbyteorder("="), copy=False)

    def skip(self, verdict: Verdict = Verdict.UNREADABLE) -> TrackedFrame:
        """Note a frame that could not be read, or is not like the others: it is blank. The first cannot be."""
        with self._lock:
            if self._template is None:
                raise InputError("the first frame cannot be read; there is nothing to begin with")
            blank = np.zeros(self._given_shape, self._dtype)
            trajectory = Trajectory(self._motion, self._last[None], self._shape)
            unknown = np.full((1, self._last.size), np.nan)
            found = Estimates(
                parameters=unknown, covariance=Covariance.of_errors(unknown), scores=unknown[:, 0], verdicts=(verdict,)
            )
            tracked = self._note(trajectory, found, blank)
            self._keep(tracked, blank)
            return tracked

    async def track(self, frames: Iterable[Any] | AsyncIterable[Any]) -> AsyncIterator[TrackedFrame]:
        """Correct frames as an asynchronous iterator; the event loop stays free meanwhile."""
        async for frame in _as_async(frames):
            yield await asyncio.to_thread(self.update, frame)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Name and unit of each parameter, once the first frame came."""
        return self._motion.names(len(self._shape))

    @property
    def template(self) -> NDArray[np.float32] | None:
        """What frames are compared with now, ([z,] y, x); None before the first."""
        return None if self._template is None else self._template.image

    @property
    def registration(self) -> Registration:
        """All frames so far as one result. Raises InputError before the first."""
        with self._lock:
            if self._template is None:
                raise InputError("no frame came yet; there is nothing to tell")
            found = Estimates.join([*self._blocks, *self._found])
            trajectory = Trajectory(self._motion, np.array(self._parameters).reshape(len(found), -1), self._shape)
            covariance = found.covariance.hide(~found.good)
            return Registration.of_trajectory(
                trajectory, found.verdicts, covariance=covariance, corner_errors=trajectory.corner_errors(covariance),
                estimates=found.parameters, bound=found.known_bound, scores=found.scores,
                pixel_size_um=self._info.pixel_size_um,
                images={"reference": self._template.image}, template_image=self._template.image,
                provenance={"live": True, "follow": self._options.follow},
            )  # fmt: skip

    def close(self) -> None:
        """End the threads and complete what is recorded; calling it twice does no harm."""
        with self._lock:
            self._is_closed = True
            if self._template is None:
                return
            self._template.close()
            recorder, self._recorder = self._recorder, None
            if recorder is not None and self._record is not None:
                recorder.close()
                self.registration.save(self._record.with_name(f"{stem_of(self._record)}.drift.json"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin(self, first: NDArray[Any]) -> None:
        """Make ready for frames like `first`, which is not noted; otherwise the first update does it.

        Raises
        ------
        InputError
            Frames like it cannot be tracked with these options.
        """
        if first.ndim not in (2, 3) or not first.size:
            raise InputError(f"a frame is (y, x) or (z, y, x), in colours (y, x, 3), not of shape {first.shape}")
        first = _as_computed(first)
        check_dtype(first.dtype, "frame")
        self._resampling.check(first.dtype)
        self._given_shape, self._dtype, first = first.shape, first.dtype, see_image(first)
        seen = first if self._image is None else self._image
        check_dtype(seen.dtype, "reference")
        _check_shapes(seen.shape, first.shape)
        if not np.fmax.reduce(seen, axis=None) > np.fmin.reduce(seen, axis=None):
            raise InputError("the reference, or without one the first frame, is blank; begin when the light is on")
        if self._mask is not None and (self._mask.shape != first.shape or not self._mask.any()):
            raise InputError(
                f"the mask has shape {self._mask.shape} and {self._mask.sum()} pixels; frames {first.shape}"
            )
        size = self._options.pixel_size_um
        if isinstance(size, tuple) and len(size) != first.ndim:
            raise InputError(f"pixel_size_um={size} does not fit frames of {first.ndim} axes")
        self._shape = first.shape
        self._motion = find_motion(self._estimator.motion, self._shape)
        self._motion.check(len(self._shape))
        self._last = self._motion.identity(len(self._shape))
        self._sizes = np.broadcast_to(1.0 if size is None else size, (len(self._shape),))
        sizes = [None] * 3 if size is None else [*[None] * (3 - len(self._sizes)), *self._sizes.tolist()]
        n_samples = self._given_shape[-1] if is_coloured(self._given_shape) else 1
        info = describe_frames((n_samples, *self._shape), self._dtype, are_colours=n_samples > 1)
        self._info = replace(info, pixel_size_um=(sizes[0], sizes[1], sizes[2]))
        self._device = find_device(self._options.device, first.shape, first.dtype)
        template = LiveTemplate(
            self._estimator, self._device, first, image=self._image, mask=self._mask, follow=self._options.follow
        )
        if self._record is not None:
            recorder = Recorder(self._record, {"tracker": repr(self._estimator)}, is_new=True)
            names = self.parameter_names
            errors = [f"error_{axis}_px" for axis in "zyx"[-len(self._shape) :]]
            recorder.begin(
                {"corrected": self._info, "raw": self._info}, ["score", "verdict", *names, *errors], template.image
            )
            self._recorder = recorder
        self._template = template

    def _correct(self, pixels: NDArray[Any], trajectory: Trajectory) -> NDArray[Any]:
        image, settings = np.empty(pixels.shape, pixels.dtype), self._resampling
        for sample, still in zip(split_samples(pixels), split_samples(image), strict=True):
            out = np.empty((1, *sample.shape), sample.dtype)
            trajectory.resample(
                self._device, np.ascontiguousarray(sample)[None], interpolation=settings.interpolation,
                edge=settings.edge, fill=settings.fill, out=out,
            )  # fmt: skip
            still[...] = out[0]
        return image

    def _check(self, pixels: NDArray[Any]) -> None:
        if (pixels.shape, pixels.dtype) != (self._given_shape, self._dtype):
            raise InputError(
                f"this frame is {pixels.dtype} of shape {pixels.shape}, the first was {self._dtype} of "
                f"{self._given_shape}; make a new tracker for other frames"
            )

    def _keep(self, tracked: TrackedFrame, pixels: NDArray[Any]) -> None:
        """Record a frame, if that was asked for."""
        if self._recorder is not None:
            values = [tracked.score, tracked.verdict.value, *tracked.parameters, *tracked.error]
            kept = {"raw": split_samples(pixels), "corrected": split_samples(tracked.image)}
            self._recorder.add(str(tracked.index), values, kept)

    def _note(self, trajectory: Trajectory, found: Estimates, image: Frames) -> TrackedFrame:
        self._parameters.extend(trajectory.parameters[0])
        self._found.append(found)
        self._count += 1
        if len(self._found) == BLOCK_FRAMES:
            self._blocks.append(Estimates.join(self._found))
            self._found = []
        errors = found.covariance.hide(~found.good).errors
        return TrackedFrame(
            index=self._count - 1, shift=trajectory.shifts[0], error=trajectory.shift_errors(errors)[0],
            score=float(found.scores[0]), verdict=found.verdicts[0], parameters=trajectory.parameters[0], image=image,
        )  # fmt: skip


def _check_shapes(reference: tuple[int, ...], frame: tuple[int, ...]) -> None:
    """Raise InputError where a reference and a frame differ, which says how where one of them is a movie."""
    if reference == frame:
        return
    remedy = "they must agree"
    if frame[1:] == reference:
        remedy = "give a movie frame by frame, as `for frame in movie`, or all of it to holdstill.register"
    if reference[1:] == frame:
        remedy = "give one image, as movie[0]"
    if reference == frame[::-1]:
        remedy = "rows and columns seem to have changed places: give reference.T"
    raise InputError(f"the reference has shape {reference}, a frame {frame}; {remedy}")


def _as_computed(pixels: NDArray[Any]) -> NDArray[Any]:
    return pixels.astype(compute_as(pixels.dtype), copy=False)


async def _as_async(frames: Iterable[Any] | AsyncIterable[Any]) -> AsyncIterator[Any]:
    if isinstance(frames, AsyncIterable):
        async for frame in frames:
            yield frame
        return
    for frame in frames:
        yield frame
