"""
Two stained sections, and their landmarks
=========================================

A neighbouring section in another stain lies turned on its slide, of another size, and
it bends. How well the two fit is told by landmarks that somebody marked in both: the
yardstick of the field.
"""

import matplotlib.pyplot as plt
import numpy as np

import holdstill as hs
from holdstill.evaluation.landmarks.measures import measure_errors
from holdstill.evaluation.sections import make_sections

# %%
# A pair with 60 landmarks, of which the truth is known: the second section is turned by
# 140 degrees and bent by 4 px.

pair = make_sections(
    (300, 380), moving_shape=(400, 360), angle_deg=140, bend_px=4, seed=7
)
diagonal = float(np.hypot(*pair.fixed.shape[:2]))

# %%
# Stains on bright paper are told by themselves, at any angle
# -----------------------------------------------------------
#
# ``affine`` turns, stretches and shears; ``dense`` follows what bends beyond that, as
# far as it predicts pixels that were not fitted to.

results = {
    motion: hs.align(pair.fixed, pair.moving, motion=motion)
    for motion in ("affine", "dense")
}
for motion, reg in results.items():
    found = measure_errors(pair.moved, reg[0].map(pair.points), pair.points, diagonal)
    px = found.median * diagonal
    print(f"{motion:7} {reg.verdicts[0]}  median {px:.2f} px, rTRE {found.median:.4f}")

# %%
# Where the map shrinks an area most, so much of it is left; below zero it would fold.

print(f"smallest Jacobian {results['dense'][0].smallest_determinant:.2f}")

# %%
# Both, and the second as it comes to lie on the first
# ----------------------------------------------------
#
# Landmarks of the first section are green. Those of the second, brought back by the
# inverse map, are red.

aligned = results["dense"].apply(pair.moving, fill=243)
back = results["dense"][0].inverse.map(pair.moved)
figure, panels = plt.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
shown = {"fixed": pair.fixed, "moving": pair.moving, "moving, aligned": aligned}
for panel, (title, image) in zip(panels, shown.items(), strict=True):
    panel.imshow(image)
    panel.set_title(title)
    panel.set_axis_off()
green, red = {"color": "green", "fillstyle": "none"}, {"color": "red"}
panels[0].plot(pair.points[:, 1], pair.points[:, 0], "o", **green)
panels[1].plot(pair.moved[:, 1], pair.moved[:, 0], "+", **red)
panels[2].plot(pair.points[:, 1], pair.points[:, 0], "o", **green)
panels[2].plot(back[:, 1], back[:, 0], "+", **red)
plt.show()

# %%
# ``holdstill evaluate pairs.csv`` does the same for a table of pairs with landmarks of
# your own, turned copies and other programs beside.
