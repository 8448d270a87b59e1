"""The HTML report. It only reads a finished result; drawing is loaded when a report is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["render"]


def render(registration: Any) -> str:
    """One self-contained HTML page about a `Registration`."""
    page: str = import_module("holdstill.report.page").render(registration)
    return page
