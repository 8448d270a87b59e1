"""`holdstill selftest`: the user's own movie against all methods."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from holdstill.cli import options as o
from holdstill.cli import parts
from holdstill.cli.address import parse_place
from holdstill.contracts import ReadingOptions
from holdstill.run.options import RegisteringOptions

__all__ = ["draw_scores", "selftest"]


@o.take_options
def selftest(
    source: Annotated[Path, typer.Argument(parser=parse_place, metavar="FILE", help="Movie of planes.")],
    reading: ReadingOptions,
    registering: Annotated[RegisteringOptions, o.only("method", "channel", "max_shift", "device")],
    frames: Annotated[int, typer.Option(help="Length of the copy that moves in a known way.", min=8)] = 40,
    as_json: o.Json = False,
) -> None:
    """Move a copy of a movie in a known way, with its own noise, and see how well each installed method finds it."""
    with parts.image.reading(source, reading) as opened:
        found = parts.selftest.try_methods(opened, registering, frames)
    if as_json:
        sys.stdout.write(json.dumps(_make_plain(asdict(found))) + "\n")
        return
    console = Console(highlight=False, markup=False, emoji=False)
    size = " x ".join(str(n) for n in found.shape)
    console.print(
        f"{found.frames} frames of {size} px with the noise of {source.name}, moved by {found.raw_px:.2f} px RMS"
    )
    console.print(draw_scores(found.scores))
    console.print(found.recommendation, soft_wrap=True)


def draw_scores(scores: Any) -> Table:
    """Scores as a table that fits a screen of 80 columns."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("", no_wrap=True)
    for column in ("error (px)", "stated (px)", "error / stated", "lost", "refused", "ms / frame", "MB"):
        # on a narrow screen headers break between words, not within them
        table.add_column(column, justify="right", min_width=max(map(len, column.split())))
    for one in scores:
        table.add_row(
            one.method, f"{one.error_px:.4f}", "" if one.stated_px is None else f"{one.stated_px:.4f}",
            "" if one.z_score is None else f"{one.z_score:.2f}", f"{100 * one.lost:.0f} %",
            f"{100 * one.flagged:.0f} %",            f"{one.ms_per_frame:.1f}", f"{one.memory_mb:.0f}",
        )  # fmt: skip
    return table


def _make_plain(value: Any) -> Any:
    """Without NaN, which is not JSON."""
    if isinstance(value, dict):
        return {key: _make_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_make_plain(item) for item in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
