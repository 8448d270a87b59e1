"""The picture of the README: mean of the demo's serial sections before and after, at real size."""

from pathlib import Path

import numpy as np
import tifffile
from matplotlib.figure import Figure

from holdstill.api import register

ROOT = Path(__file__).parents[1]
INK, DPI, GAP, HEAD = "#1d2326", 100, 16, 24


def main() -> None:
    frames = tifffile.imread(ROOT / "src" / "holdstill" / "data" / "lung_sem.tif")
    found = register(frames, motion="rigid", reference="pairs")
    still = found.apply(frames, edge="nearest")
    height, width = frames.shape[1:]
    total = 2 * width + GAP, height + HEAD
    figure = Figure(figsize=(total[0] / DPI, total[1] / DPI), dpi=DPI, facecolor="white")
    low, high = np.percentile(still.mean(axis=0), [0.5, 99.7])
    for left, images, title in ((0, frames, "before"), (width + GAP, still, "after")):
        axes = figure.add_axes((left / total[0], 0, width / total[0], height / total[1]))
        axes.imshow(images.mean(axis=0), cmap="gray", vmin=low, vmax=high, interpolation="none")
        axes.set_axis_off()
        axes.set_title(title, fontsize=10, color=INK, loc="left", pad=4)
    figure.savefig(ROOT / "docs" / "before-after.png")


if __name__ == "__main__":
    main()
