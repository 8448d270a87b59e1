"""All scenes by name, those marked as hard before anything was measured, and the levels of light."""

from __future__ import annotations

from collections.abc import Callable

from holdstill.evaluation.stress import beyond, calcium, clean, correlated, moving, refused, still, turnover
from holdstill.evaluation.stress.base import Setting, StressScene

__all__ = ["HARD", "LEVELS", "SCENES", "family"]

LEVELS = {"n5": 5.0, "n20": 20.0, "n100": 100.0}
FAMILIES = {
    "clean": clean,
    "still": still,
    "moving": moving,
    "calcium": calcium,
    "correlated": correlated,
    "refused": refused,
    "turnover": turnover,
    "beyond": beyond,
}
SCENES: dict[str, Callable[[Setting], StressScene]] = {
    f"{family}/{name}": getattr(module, name) for family, module in FAMILIES.items() for name in module.__all__
}
# Specimen and disturbance cannot be told apart there, or the model does not hold: frames may be refused, never wrong.
HARD = frozenset(
    {
        "still/smooth_pattern", "still/bright_blobs", "still/column_pattern", "moving/bright_speck",
        "moving/two_specks", "moving/swinging_light", "moving/hum", "calcium/dim_between", "calcium/neuropil",
        "turnover/exchange", "turnover/stuck_beads", "beyond/rotation", "beyond/non_rigid",
        "beyond/light_times_eight", "beyond/too_dark", "beyond/no_specimen", "refused/nearly_periodic",
    }
)  # fmt: skip


def family(name: str) -> str:
    """First part of a scene's name."""
    return name.partition("/")[0]
