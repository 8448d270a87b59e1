"""All scenes by name, those marked as hard before anything was measured, and the levels of light."""

from __future__ import annotations

from collections.abc import Callable

from holdstill.evaluation.stress import beyond, calcium, clean, correlated, moving, refused, still, turnover
from holdstill.evaluation.stress.base import Setting, StressScene

__all__ = ["HARD", "HARD_AT", "LEVELS", "SCENES", "family", "is_hard"]

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
        "moving/flashes_on_dust",
        "moving/two_specks", "moving/swinging_light", "moving/hum", "calcium/dim_between", "calcium/neuropil",
        "turnover/exchange", "turnover/stuck_beads", "beyond/rotation", "beyond/non_rigid",
        "beyond/light_times_eight", "beyond/too_dark", "beyond/no_specimen", "refused/nearly_periodic",
    }
)  # fmt: skip
# With little light only: specimen and shading, even with the true shifts, explain frames of 5 photons by 13 to 26
# standard errors worse than rest does (flashes on dust at 5 and 20 photons by 0 to 6); the best peer is 1.8 px off.
HARD_AT = frozenset({("still/shading", "n5")})


def is_hard(name: str, level: str) -> bool:
    """Whether frames of a scene may be refused at that light."""
    return name in HARD or (name, level) in HARD_AT


def family(name: str) -> str:
    """First part of a scene's name."""
    return name.partition("/")[0]
