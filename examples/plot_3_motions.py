"""
How wide a motion?
==================

A motion that is too narrow leaves content misplaced; one that is too wide costs
exactness. The scores and the error bars of the corners tell which.
"""

import matplotlib.pyplot as plt
import numpy as np

import holdstill as hs
from holdstill.evaluation.presets import texture
from holdstill.evaluation.warped import make_warped_movie

# %%
# Two frames: the second is turned by 4 degrees, 3 % larger, and sheared.

truth = np.array([[0.0, 0, 0, 1, 1, 0], [6.0, -9.0, np.radians(4), 1.03, 1.01, 0.02]])
movie = make_warped_movie(texture((192, 192)), "affine", truth, photons=400.0, seed=1)
fixed, moving = movie.frames

# %%
# Every family on the same pair
# -----------------------------

results = {
    motion: hs.align(fixed, moving, motion=motion)
    for motion in ("translation", "rigid", "similarity", "affine", "projective")
}
for motion, reg in results.items():
    score, error = reg.scores[0], reg.corner_errors[0]
    print(
        f"{motion:12} score {score:.4f}   corners +- {error:.4f} px   {reg.verdicts[0]}"
    )

# %%
# The score rises until the family holds the motion, at ``affine``; beyond, only the
# error bar grows. Differences to the fixed image show the same.

figure, panels = plt.subplots(1, 5, figsize=(12, 2.8), layout="constrained")
for panel, (motion, reg) in zip(panels, results.items(), strict=True):
    aligned = reg.apply(moving[None])[0].astype(float)
    panel.imshow(aligned - fixed, cmap="RdBu", vmin=-300, vmax=300)
    panel.set_title(motion)
    panel.set_axis_off()
plt.show()

# %%
# The affine parameters beside the truth
# --------------------------------------

reg = results["affine"]
for name, value, error, true in zip(
    reg.parameter_names, reg.parameters[0], reg.errors[0], truth[1], strict=True
):
    print(f"{name:14} {value:+.5f} +- {error:.5f}   truth {true:+.5f}")
