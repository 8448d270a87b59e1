"""What of a frame tells nothing about the specimen: taken out of the frames while motion is estimated.

Pixels that shine or stay dark by themselves stand still while the specimen moves, so that a few of them outweigh a dim
movie and pull every shift to zero. The corrected pixels keep them: what was recorded is not retouched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Estimates, Frames, Verdict
from holdstill.reference.broken_rows import find_broken
from holdstill.reference.contrast import Contrast
from holdstill.reference.residuals import residuals
from holdstill.reference.spikes import leave_out_spikes
from holdstill.resampling.scratch import Scratch

__all__ = ["NO_DEFECTS", "Defects", "subtract_level"]

# a frame that cannot be used, and of which so much stands at a rail, is called saturated
SATURATED_SHARE = 0.05


@dataclass(frozen=True, kw_only=True, eq=False)
class Defects:
    """What is to be taken out of frames before they are compared with a reference.

    Attributes
    ----------
    missing : ndarray of bool, ([z,] y, x), or None
        Pixels that tell nothing in any frame: dead, hot, blinking, drawn over.
    rails : tuple of float
        Grey levels at which pixels were filled in or drawn over: a pixel there tells nothing in that frame.
    clipped : float or None
        Grey level at which light is cut off. Such pixels stay: the reference is cut off there as well, so that they
        agree with it where they should. Left out, noise would choose which of a bright spot's pixels count.
    spikes : bool
        Whether each frame holds accidents of its own, sharper than a lens draws; they are left out.
    level : int
        Taken off integers too large for float32 to tell apart.
    contrast : Contrast or None
        How the rest is evened out; None: it is compared as it is.
    pattern : ndarray of float32, ([z,] y, x), or None
        What stands still in all frames while the specimen moves, to be subtracted.
    varying : ndarray of float32, ([z,] y, x), or None
        What stands still as well, but in each frame at a height of its own: it is subtracted as high as it fits.
    widening : float
        Factor by which error bars are to grow: neighbouring pixels share what is taken for independent noise.
    steps : tuple of 2 float, or None
        By how much neighbouring pixels differ, see `measure_steps`; frames with rows of noise are told by it.
    doubt : Verdict or None
        What is to be said of every frame that would be ok.
    """

    missing: NDArray[np.bool_] | None = None
    rails: tuple[float, ...] = ()
    clipped: float | None = None
    spikes: bool = False
    level: int = 0
    contrast: Contrast | None = None
    pattern: NDArray[np.float32] | None = None
    varying: NDArray[np.float32] | None = None
    widening: float = 1.0
    steps: tuple[float, float] | None = None
    doubt: Verdict | None = None

    def __bool__(self) -> bool:
        return (
            self.missing is not None
            or bool(self.rails)
            or self.clipped is not None
            or self.spikes
            or self.level != 0
            or self.contrast is not None
            or self.pattern is not None
            or self.varying is not None
        )

    def view(self, frames: Frames, scratch: Scratch | None = None) -> Frames:
        """`frames`, (n, [z,] y, x), as they are to be compared: NaN where they tell nothing.

        Without defects the very same array; else a float32 copy, whether or not these frames are affected, so that it
        does not matter in which chunks a movie is read. It lies in the `scratch` where one is given.
        """
        if not self:
            return _hide_infinite(frames)
        dtype = np.dtype(np.float32)
        values = np.empty(frames.shape, dtype) if scratch is None else scratch.get(frames.shape, dtype)
        np.copyto(values, subtract_level(frames, self.level), casting="unsafe")
        if frames.dtype.kind == "f":  # before anything is left out: what is not known hides what is infinite
            values = _hide_infinite(values)
        for rail in self.rails:
            values[frames == rail] = np.nan
        if self.missing is not None:
            values[:, self.missing] = np.nan
        if self.spikes:
            values = leave_out_spikes(values)
        if self.contrast is not None:
            values = self.contrast(values)
        if self.varying is not None:
            values = residuals(values, self.varying[None])
        if self.pattern is not None:
            values -= self.pattern
        return values

    def judge(self, frames: Frames, estimates: Estimates) -> Estimates:
        """What estimates of recorded frames are worth: error bars widened, doubt told.

        A frame that failed and is cut off in many places is called saturated.
        """
        verdicts = list(estimates.verdicts)
        if self.clipped is not None and not estimates.good.all():
            at_top = (frames == self.clipped).mean(axis=tuple(range(1, frames.ndim)))
            for n in np.flatnonzero(~estimates.good & (at_top > SATURATED_SHARE)):
                verdicts[n] = Verdict.SATURATED
        if self.doubt is not None:
            verdicts = [self.doubt if verdict is Verdict.OK else verdict for verdict in verdicts]
        if self.steps is not None:
            broken = find_broken(frames, self.steps)
            verdicts = [Verdict.CORRUPTED if bad else one for bad, one in zip(broken, verdicts, strict=True)]
        covariance = estimates.covariance if self.widening == 1 else estimates.covariance.weigh(self.widening**2)
        return replace(estimates, verdicts=tuple(verdicts), covariance=covariance)

    def describe(self) -> list[str]:
        """What was found, in words."""
        said = []
        if self.missing is not None:
            n = int(self.missing.sum())
            said.append(f"{n:,} {'pixel' if n == 1 else 'pixels'} left out: dead, hot, blinking or drawn over")
        said += [f"pixels at grey level {rail:g} left out: filled in or drawn over" for rail in self.rails]
        if self.clipped is not None:
            said.append(f"light is cut off at grey level {self.clipped:g}")
        if self.spikes:
            said.append("sharp accidents in single frames left out: tracks of particles, impulses")
        if self.contrast is not None:
            said += self.contrast.describe()
        if self.pattern is not None:
            still = "a pattern that stands still in the frame"
            still += ", in each at a height of its own," if self.varying is not None else ""
            said.append(f"{still} was told from the specimen and subtracted")
        if self.widening != 1:
            said.append(
                f"error bars widened by {self.widening:.2g}: neighbouring pixels share noise, or not all moves alike"
            )
        return said

    def pack(self) -> dict[str, Any]:
        """As plain arrays, to be kept; what is None is left out."""
        packed: dict[str, Any] = {"rails": np.array(self.rails, np.float64), "level": np.array(self.level)}
        packed |= {"widening": np.float64(self.widening), "doubt": np.str_(self.doubt.value if self.doubt else "")}
        packed["spikes"] = np.bool_(self.spikes)
        for name in ("missing", "clipped", "pattern", "varying", "steps"):
            if getattr(self, name) is not None:
                packed[name] = np.asarray(getattr(self, name))
        if self.contrast is not None:
            seen = self.contrast
            numbers = (seen.is_levelled, seen.dark, seen.softness)
            packed["contrast"] = np.array([np.nan if number is None else number for number in numbers], np.float64)
            if seen.ceiling is not None:
                packed["ceiling"] = np.asarray(seen.ceiling, np.float32)
        return packed

    @classmethod
    def unpack(cls, arrays: Mapping[str, NDArray[Any]]) -> Defects:
        """What `pack` packed."""
        rails = tuple(float(rail) for rail in arrays["rails"])
        clipped = float(arrays["clipped"]) if "clipped" in arrays else None
        doubt, contrast = str(arrays["doubt"]), None
        if "contrast" in arrays:
            levelled, *flat = (float(number) for number in arrays["contrast"])
            # templates that were kept earlier have their ceiling, one number, here
            dark, softness, ceiling = (None if np.isnan(number) else number for number in [*flat, np.nan][:3])
            most = arrays.get("ceiling", ceiling)
            contrast = Contrast(is_levelled=bool(levelled), dark=dark, softness=softness, ceiling=most)
        still = {name: arrays.get(name) for name in ("missing", "pattern", "varying")}
        return cls(
            **still, rails=rails, clipped=clipped, level=int(arrays["level"]),
            spikes=bool(arrays.get("spikes", False)),
            contrast=contrast, widening=float(arrays["widening"]),
            steps=(float(arrays["steps"][0]), float(arrays["steps"][1])) if "steps" in arrays else None,
            doubt=Verdict(doubt) if doubt else None,
        )  # fmt: skip


NO_DEFECTS = Defects()


def _hide_infinite(frames: Frames) -> Frames:
    """Frames of floats in which nothing infinite stands: it is NaN, which tells nothing; without any the very same."""
    if frames.dtype.kind != "f":
        return frames
    with np.errstate(over="ignore", invalid="ignore"):
        # one sum in place of a mask as large as the frames
        if np.isfinite(frames.sum()):
            return frames
    infinite = np.isinf(frames)
    return np.where(infinite, frames.dtype.type(np.nan), frames) if infinite.any() else frames


def subtract_level(images: NDArray[Any], level: int) -> NDArray[Any]:
    """Images less a whole number: of integers exactly, as far from zero as they may be; of others in float64."""
    if not level:
        return images
    if images.dtype.kind not in "iu":
        return np.asarray(images.astype(np.float64) - level)
    # both wrap around alike beyond the range of int64, so that their difference is right
    return np.asarray(images.astype(np.int64) - np.uint64(level % (1 << 64)).astype(np.int64))
