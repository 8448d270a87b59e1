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
    """Frames less models, (n, ...) or one for all, gain and offset fitted to each; not finite where either is not."""
    found, fit = np.empty(frames.shape, np.float32), np.zeros(2)
    for n, frame in enumerate(frames):
        seen, shown = (np.ascontiguousarray(image, np.float32) for image in (frame, models[n % len(models)]))
        _fit(seen.ravel(), shown.ravel(), fit)
        gain, offset = fit.tolist()
        # rounded as pixels are: of frames without noise nothing is left then but rounding, in which nothing is slow
        found[n] = seen - gain * shown - offset
    return found


@kernel
def _fit(frame: Any, model: Any, fit: Any) -> None:
    """Gain and offset; sums in float64, of pixels less their mean: an offset may be a thousand times the signal."""
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
    fit[0] = common / spread if spread > 0 else 0.0
    fit[1] = mean_y - fit[0] * mean_x


def loss(left: Images, noise: float) -> FloatArray:
    """Mean square of residuals, (n,), in units of the noise's variance, outliers capped; NaN where none is known."""
    found = np.full(len(left), np.nan)
    for n, one in enumerate(left):
        capped = np.fmin(np.square(one, dtype=np.float64) / noise, CAP)  # what is unknown as far as the cap
        unknown = one.size - int(np.count_nonzero(np.isfinite(one)))
        if unknown < one.size:
            found[n] = (float(capped.sum()) - CAP * unknown) / (one.size - unknown)
    return found
