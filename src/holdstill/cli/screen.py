"""What a person sees: a progress bar while it runs, one small table at the end."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from holdstill.cli import parts
from holdstill.cli.interruption import go_on
from holdstill.cli.summary import advise, is_useless
from holdstill.engines.progress import draw_bars

USELESS = 1
SOME = 12
COMPILING = "compiling kernels for this processor; this happens once and takes about ten seconds"

__all__ = ["progress_bar", "show", "show_result"]


@contextmanager
def progress_bar(wanted: bool) -> Iterator[Any]:
    """A callable (stage, done, total) that draws a bar on a terminal, and heeds Ctrl-C."""
    console = Console(stderr=True)
    if not wanted:
        yield go_on
        return
    compiling = parts.compiling
    with compiling.announce_compilation(lambda: console.print(COMPILING, style="dim", highlight=False, soft_wrap=True)):
        if console.is_terminal:
            with draw_bars(console, go_on) as progress:
                yield progress
        else:
            yield go_on


def show(columns: dict[str, dict[str, Any]], as_json: bool) -> None:
    """Print summaries, one column each, or one JSON object: the summary itself, or all by name."""
    if as_json:
        content = next(iter(columns.values())) if len(columns) == 1 else columns
        sys.stdout.write(json.dumps(content) + "\n")
        return
    console = Console(highlight=False, markup=False, emoji=False)  # names of files are no markup
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for name in columns:
        table.add_column(name, overflow="fold")
    for label, value in ROWS.items():
        cells = [value(content) for content in columns.values()]
        if any(cells):
            table.add_row(label, *cells)
    console.print(table)
    for name, content in columns.items():
        console.print()
        for line in content.get("advice", ()):
            console.print(line, soft_wrap=True)
        if content.get("had_finished"):
            console.print(f"{name} had finished already; nothing was left to do", soft_wrap=True)
        for name, path in content["files"].items():
            console.print(f"{name:11}{path}", soft_wrap=True)


def show_result(columns: dict[str, dict[str, Any]], as_json: bool) -> None:
    """The same of results just found, and what would help where many frames are flagged.

    Exits with 1 where a movie had no frame that could be used.
    """
    show(columns, as_json)
    last = [(name, advice) for name, content in columns.items() if (advice := advise(content)) is not None]
    if last and not as_json:
        name, advice = last[0]
        Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False).print(
            f"holdstill: {name}: {advice}"
        )
    if any(is_useless(content) for content in columns.values()):
        raise typer.Exit(USELESS)


def _times(numbers: list[Any], form: str) -> str:
    return " x ".join(format(number, form) for number in numbers)


def _px_each(numbers: list[float] | None, between: str) -> str:
    return "" if numbers is None else f"{between.join(format(number, '.2f') for number in numbers)} px"


def _flag_counts(content: dict[str, Any]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in content["flagged"].items()) or "none"


def _list_some(numbers: list[int]) -> str:
    """The first of them, and how many more there are."""
    more = f" and {len(numbers) - SOME:,} more" if len(numbers) > SOME else ""
    return ", ".join(str(number) for number in numbers[:SOME]) + more


def _px(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.4f} px" if value >= 0.0001 else "< 0.0001 px"


ROWS: dict[str, Any] = {
    "frames": lambda content: f"{content['frames']:,}",
    "motion": lambda content: content["motion"],
    "size": lambda content: f"{_times(content['frame_shape'], 'd')} px",
    "shift of the centre": lambda content: _px_each(content.get("shift_px"), ", "),
    "angle": lambda content: f"{content['angle_deg']:.4f} degrees" if "angle_deg" in content else "",
    "scale": lambda content: f"{content['scale']:.5f}" if "scale" in content else "",
    "mirrored": lambda content: "yes" if content.get("mirrored") else "",
    "bent beyond that": lambda content: _px(content.get("bent_px")),
    "range of drift": lambda content: _px_each(content.get("range_px"), " x "),
    "median error bar": lambda content: _px(content["median_error_px"]) or "unknown",
    "error against added drift": lambda content: _px(content.get("truth_rmse_px")),
    "frames flagged": _flag_counts,
    "frames left out": lambda content: _list_some(content.get("dropped", [])),
    "pixels clamped": lambda content: f"{content['clamped']:,}",
    "device": lambda content: content["device"],
    "time": lambda content: f"{content['seconds']:.1f} s",
}
