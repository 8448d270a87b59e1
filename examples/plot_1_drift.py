"""
Drift correction from start to end
==================================

A movie drifts. How far, how sure is that, and how does it look when it holds still?
"""

# %%
# A movie whose truth is known
# ----------------------------
# :mod:`holdstill.evaluation` records scenes at any sub-pixel shift, without
# interpolation, with photon and read noise. This one drifts, bleaches, and goes dark
# for three frames.

import matplotlib.pyplot as plt
import numpy as np

import holdstill as hs
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import cells

truth = trajectories.walk(150, 0.4, seed=4)
recording = make_movie(
    cells((192, 192)),
    truth,
    photons=50.0,
    seed=5,
    bleaching=0.3,
    blank_frames=(60, 61, 62),
)
movie = recording.frames
print(movie.shape, movie.dtype)

# %%
# Register
# --------
# Without any setting: translation, by :class:`~holdstill.estimators.Direct`, against
# a template that is learned from the movie. Shifts are relative to the first good
# frame.

reg = hs.register(movie)
print(reg)

# %%
# Traces against the truth
# ------------------------
# The band is three standard deviations, from ``reg.errors``. Flagged frames have
# none: their shift lies between their neighbours.

figure, (traces, residuals) = plt.subplots(
    2, 1, figsize=(9, 6), sharex=True, layout="constrained"
)
for axis, (name, colour) in enumerate({"y": "tab:blue", "x": "tab:orange"}.items()):
    traces.plot(
        truth[:, axis] - truth[0, axis],
        color=colour,
        linewidth=5,
        alpha=0.3,
        label=f"{name}, truth",
    )
    traces.plot(reg.shifts[:, axis], color=colour, linewidth=1, label=f"{name}, found")
    off = reg.shifts[:, axis] - (truth[:, axis] - truth[0, axis])
    off -= np.median(off[reg.ok])
    residuals.plot(np.where(reg.ok, off, np.nan), ".", color=colour)
    residuals.fill_between(
        range(len(off)),
        -3 * reg.errors[:, axis],
        3 * reg.errors[:, axis],
        color=colour,
        alpha=0.15,
    )
for panel in (traces, residuals):
    for t in np.flatnonzero(~reg.ok):
        panel.axvspan(t - 0.5, t + 0.5, color="0.85", zorder=0)
traces.set(
    ylabel="shift (px)",
    title="What was added, and what was found; grey: flagged frames",
)
traces.legend(ncols=2, frameon=False)
residuals.set(xlabel="frame", ylabel="found - truth (px)")
plt.show()

# %%
# Is the error bar honest?
# ------------------------
# Estimate minus truth, divided by the error bar, should have a standard deviation of
# one.

off = (reg.shifts - truth)[reg.ok]
z = (off - np.median(off, axis=0)) / reg.errors[reg.ok]
rms = np.sqrt(np.mean((off - np.median(off, axis=0)) ** 2))
print(f"root mean square error {rms:.4f} px")
print(f"standard deviation of z {np.nanstd(z):.2f}")
print("flagged:", {int(t): str(reg.verdicts[t]) for t in np.flatnonzero(~reg.ok)})

# %%
# Means before and after
# ----------------------
# One resampling, same dtype; ``crop=True`` keeps what every good frame covers.

still = reg.apply(movie)
figure, panels = plt.subplots(1, 3, figsize=(9, 3.2), layout="constrained")
low, high = np.percentile(still[reg.ok].mean(axis=0), (1, 99.7))
for panel, image, title in zip(
    panels,
    (movie[0], movie[reg.ok].mean(axis=0), still[reg.ok].mean(axis=0)),
    ("one frame", "mean before", "mean after"),
    strict=True,
):
    panel.imshow(image, cmap="gray", vmin=low, vmax=high)
    panel.set_title(title)
    panel.set_axis_off()
plt.show()

# %%
# Keep it
# -------
# ``reg.save("drift.json")``, ``reg.to_csv("drift.csv")`` and
# ``reg.report("report.html")`` keep the result; ``hs.correct("movie.tif",
# "still.ome.tif")`` does all of this from file to file, in memory that does not grow
# with the movie.
