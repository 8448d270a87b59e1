"""
From cycles to kept cells: tissue that comes off
================================================

In cyclic imaging tissue is lost and folds between cycles. The nuclear stain of each
cell, compared with that of the first cycle, tells which cells are still there.
"""

import matplotlib.pyplot as plt
import numpy as np

from holdstill import integrity
from holdstill.evaluation.slides import area_under_curve, make_slide

# %%
# A generated slide: 200 photons a pixel, each cycle loses 5 % of the cells, lies off by
# up to 3 px and bleaches; from the fourth on a corner is folded.

slide = make_slide((420, 440), 6, fold_from=3, seed=1)

found = integrity.measure(slide.images, labels=slide.labels, register="translation")
print(f"kept from a correlation of {found.threshold:.2f} on: {found.threshold_from}")
print("share kept in each cycle:", found.kept.mean(axis=0).round(3))

# %%
# What was kept, what was lost
# ----------------------------

figure, axes = plt.subplots(2, 3, figsize=(10, 6.8), layout="constrained")
for cycle, (image, panel) in enumerate(zip(slide.images, axes.flat, strict=True)):
    panel.imshow(image, cmap="gray", vmax=np.percentile(image, 99.8))
    lost = ~found.kept[:, cycle]
    y, x = found.centroid[lost].T
    panel.scatter(x, y, s=30, facecolors="none", edgecolors="tab:orange")
    panel.set_title(f"cycle {cycle + 1}: {found.kept[:, cycle].mean():.0%} kept")
    panel.set_axis_off()
plt.show()

# %%
# Why the cycles are registered first
# -----------------------------------
#
# Two pixels of motion look like lost tissue.

as_they_are = integrity.measure(slide.images, labels=slide.labels)
figure, panels = plt.subplots(1, 2, figsize=(10, 3.2), layout="constrained")
for panel, (name, each) in zip(
    panels, {"registered": found, "as they are": as_they_are}.items(), strict=True
):
    area = area_under_curve(each.correlation_first[:, 1:], slide.present[:, 1:])
    values, there = each.correlation_first[:, 1:], slide.present[:, 1:]
    bins = np.linspace(-0.5, 1, 61)
    panel.hist(values[there], bins, color="tab:green", alpha=0.7, label="there")
    panel.hist(
        values[~there], bins, color="tab:orange", alpha=0.7, label="lost, folded"
    )
    panel.axvline(each.threshold, color="k", lw=1, label="threshold found")
    panel.set(title=f"{name}: area under the curve {area:.3f}", xlabel="correlation")
    panel.legend(frameon=False)
plt.show()
