"""
Serial sections: rigid and affine motion, previous and pairs
============================================================

Twelve sections of lung, really misaligned, under an electron microscope (ITKElastix,
Apache-2.0; they ship inside the package). Each section shows something else than the
one before, so there is no template to learn: sections follow one another.
"""

from importlib.resources import files
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

import holdstill as hs

path = str(files("holdstill") / "data" / "lung_sem.tif")
with hs.open(path) as source:
    sections = source.read(0, 12)[:, 0]
numbers = np.arange(len(sections))
print(sections.shape, sections.dtype)


# %%
# What counts here is how alike neighbours are, where both show something.


def likeness(reg: hs.Registration) -> float:
    """Mean correlation of neighbouring sections in the box that all of them cover."""
    box = reg.coverage
    still = (
        reg.apply(sections)[(slice(None), *box)]
        .reshape(len(sections), -1)
        .astype(float)
    )
    pairs = pairwise(still)
    return float(np.mean([np.corrcoef(a, b)[0, 1] for a, b in pairs]))


found = {
    (motion, reference): hs.register(sections, motion=motion, reference=reference)
    for motion in ("translation", "rigid", "affine")
    for reference in ("previous", "pairs")
}
for (motion, reference), reg in found.items():
    print(
        f"{motion:12} {reference:9} {likeness(reg):.4f}  flagged {int((~reg.ok).sum())}"
    )

# %%
# ``pairs`` measures near and far pairs of sections and solves for all of them at
# once, so errors do not add up along the series.

reg = found["rigid", "pairs"]
figure, (shifts, angles) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
shifts.errorbar(numbers, reg.shifts[:, 0], reg.errors[:, 0], label="y", capsize=2)
shifts.errorbar(numbers, reg.shifts[:, 1], reg.errors[:, 1], label="x", capsize=2)
shifts.set(xlabel="section", ylabel="shift (px)")
shifts.legend(frameon=False)
angles.errorbar(
    numbers,
    np.degrees(reg.parameters[:, 2]),
    np.degrees(reg.errors[:, 2]),
    color="tab:green",
    capsize=2,
)
angles.set(xlabel="section", ylabel="rotation (degrees)")
plt.show()

# %%
# Cut through the series: a column of all sections, one beside the other, before and
# after.

still = reg.apply(sections, edge="nearest")
figure, panels = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
for panel, stack, title in zip(
    panels, (sections, still), ("before", "after"), strict=True
):
    cut = np.repeat(stack[:, :, stack.shape[2] // 2], 24, axis=0)
    panel.imshow(cut.T, cmap="gray", aspect="auto")
    panel.set(
        title=title,
        xticks=numbers * 24 + 12,
        xticklabels=numbers,
        xlabel="section",
        yticks=[],
    )
plt.show()
