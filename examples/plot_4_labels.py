"""
Measure raw pixels: labels and tracks that move with the specimen
=================================================================

Resampling mixes neighbouring pixels. Where that matters, leave the pixels alone and
move the regions of interest instead.
"""

from importlib.resources import files

import matplotlib.pyplot as plt
import numpy as np

import holdstill as hs
from holdstill.devices.cpu import CpuDevice

# %%
# A calcium movie that ships inside the package (Thunder, Apache-2.0), made to shake
# by a known motion.

with hs.open(str(files("holdstill") / "data" / "mouse_2p.tif")) as source:
    still = source.read(0, 200)[:, 0]
t = np.arange(len(still))
shaking = np.stack([5 * np.sin(t / 9), 3 * np.sin(t / 5 + 1)], axis=1)
shaking -= shaking[0]
movie = np.empty_like(still)
CpuDevice().resample_shift(
    still, -shaking, interpolation="lanczos", edge="reflect", fill=0, out=movie
)

reg = hs.register(movie)
print(reg)

# %%
# A region drawn on the corrected mean
# ------------------------------------

mean = reg.apply(movie).mean(axis=0)
y, x = np.unravel_index(
    mean[12:-12, 12:-12].argmax(), (mean.shape[0] - 24, mean.shape[1] - 24)
)
y, x = y + 12, x + 12
rows, columns = np.indices(mean.shape)
cell = ((rows - y) ** 2 + (columns - x) ** 2 < 4**2).astype(int)

on_frames = reg.map_labels(cell)  # (T, y, x)
moving = [
    frame[region == 1].mean() for frame, region in zip(movie, on_frames, strict=True)
]
fixed = [frame[cell == 1].mean() for frame in movie]

figure, (picture, traces) = plt.subplots(
    1, 2, figsize=(10, 3.2), width_ratios=(1, 2.4), layout="constrained"
)
picture.imshow(mean, cmap="gray")
picture.contour(cell, [0.5], colors="tab:red")
picture.set_axis_off()
traces.plot(fixed, color="0.7", label="region stays: motion looks like activity")
traces.plot(moving, color="tab:red", label="region moves with the cell")
traces.set(xlabel="frame", ylabel="mean of raw pixels")
traces.legend(frameon=False)
plt.show()

# %%
# Tracks found in raw frames move the other way, into the corrected movie:
# ``reg.map_tracks(table)`` takes columns t, y, x.

centre = np.column_stack([t, reg.map([[float(y), float(x)]])[:, 0]])
back = reg.map_tracks(centre)
print(
    "a track of the cell's centre, corrected, stays within",
    np.abs(back[:, 1:] - (y, x)).max(),
    "px",
)
