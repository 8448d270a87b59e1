"""The picture of the README: mean before, mean after and the drift of the demo's movie, made by the project."""

from pathlib import Path

import numpy as np
import tifffile
from matplotlib.figure import Figure

from holdstill.api import register
from holdstill.cli.demo import imposed_drift
from holdstill.devices.cpu import CpuDevice

ROOT = Path(__file__).parents[1]
INK, SOFT, Y, X = "#1d2326", "#667078", "#1f6f8b", "#c8553d"


def main() -> None:
    frames = tifffile.imread(ROOT / "src" / "holdstill" / "data" / "mouse_2p.tif")
    truth = imposed_drift(len(frames))
    moved = np.empty_like(frames)
    CpuDevice().resample_shift(frames, -truth, interpolation="lanczos", edge="reflect", fill=0, out=moved)
    moved = np.ascontiguousarray(moved[:, 6:-6, 6:-6])
    found = register(moved)
    still = found.apply(moved, edge="nearest")
    figure = Figure(figsize=(11, 3.5), dpi=110, layout="constrained", facecolor="white")
    before, after, trace = figure.subplots(1, 3, width_ratios=(1, 1, 1.7))
    low, high = np.percentile(still.mean(axis=0), [0.5, 99.7])
    for axes, images, title in ((before, moved, "mean of 200 frames, before"), (after, still, "after holdstill")):
        axes.imshow(images.mean(axis=0), cmap="gray", vmin=low, vmax=high, interpolation="bicubic")
        axes.set_title(title, fontsize=10, color=INK, loc="left")
        axes.set_axis_off()
    shifts = found.shifts - np.median(found.shifts - truth, axis=0)
    for axis, colour in enumerate((Y, X)):
        trace.plot(truth[:, axis], color=colour, alpha=0.3, linewidth=5, label=f"{'yx'[axis]}, added")
        trace.plot(shifts[:, axis], color=colour, linewidth=1.2, label=f"{'yx'[axis]}, found")
    trace.set_title("drift (px)", fontsize=10, color=INK, loc="left")
    trace.set_xlabel("frame", color=SOFT)
    trace.legend(frameon=False, fontsize=8, ncols=2, labelcolor=SOFT)
    trace.tick_params(colors=SOFT, labelsize=8)
    for side in ("top", "right"):
        trace.spines[side].set_visible(False)
    figure.savefig(ROOT / "docs" / "before-after.png")


if __name__ == "__main__":
    main()
