"""The HTML report. It only reads a finished result; drawing is loaded when a report is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from holdstill.result.report.page import render
    from holdstill.result.report.plotting import plot

__all__ = ["plot", "render"]

__getattr__, __dir__, _ = lazy_loader.attach(__name__, submod_attrs={"page": ["render"], "plotting": ["plot"]})
