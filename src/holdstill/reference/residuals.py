"""What models leave of frames, gain and offset fitted to each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray
from holdstill.devices.cpu.compiling import kernel

__all__ = ["CAP", "loss", "residuals"]

Images = NDArray[np.float32]

# a pixel further off than five standard deviations tells no more than that
CAP = 25.0


def residuals(frames: Images, models: Images) -> Images:
    """Frames less models, (n, ...) or one for all, gain and offset fitted to each; NaN where either is unknown."""
    found = np.empty(frames.shape, np.float32)
    for n, frame in enumerate(frames):
        model = models[n % len(models)]
        seen, shown = (np.ascontiguousarray(image, np.float32).ravel() for image in (frame, model))
        _leave(seen, shown, found[n].ravel())
    return found


@kernel
def _leave(frame: Any, model: Any, found: Any) -> None:
    """Sums in float64, of pixels less their mean: a camera's offset may be a thousand times its signal."""
    infinite = np.float32(np.inf)
    count = total_x = total_y = 0.0
    for i in range(frame.size):
        if abs(frame[i] - model[i]) < infinite:
            count += 1.0
            total_x += model[i]
            total_y += frame[i]
    mean_x, mean_y = total_x / max(count, 1.0), total_y / max(count, 1.0)
    spread = common = 0.0
    for i in range(frame.size):
        if abs(frame[i] - model[i]) < infinite:
            x = model[i] - mean_x
            spread += x * x
            common += x * (frame[i] - mean_y)
    gain = common / spread if spread > 0 else 0.0
    offset = mean_y - gain * mean_x
    for i in range(frame.size):
        is_known = abs(frame[i] - model[i]) < infinite
        found[i] = np.float32(frame[i] - gain * model[i] - offset) if is_known else np.float32(np.nan)


def loss(left: Images, noise: float) -> FloatArray:
    """Mean square of residuals, (n,), in units of the noise's variance, outliers capped; NaN where none is known."""
    found = np.full(len(left), np.nan)
    for n, one in enumerate(left):
        capped = np.fmin(np.square(one, dtype=np.float64) / noise, CAP)  # what is unknown as far as the cap
        unknown = one.size - int(np.count_nonzero(np.isfinite(one)))
        if unknown < one.size:
            found[n] = (float(capped.sum()) - CAP * unknown) / (one.size - unknown)
    return found
