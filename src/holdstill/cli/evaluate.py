"""The command that measures registration at landmarks."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from holdstill.cli import options as o
from holdstill.cli import parts
from holdstill.cli.screen import USELESS, progress_bar
from holdstill.run.options import SectionOptions

__all__ = ["evaluate"]

COLUMNS = {
    "median_of_median": "median", "median_of_mean": "mean", "median_of_largest": "largest", "robustness": "robustness",
}  # fmt: skip


@o.take_options
def evaluate(
    table: Annotated[
        Path,
        typer.Argument(
            metavar="PAIRS.csv",
            help="Columns: Target image, Source image, Target landmarks, Source landmarks; as BIRL's cover table.",
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for tables and the report page.")],
    sections: SectionOptions,
    folder: Annotated[
        Path | None,
        typer.Option(help="Where names in the table begin; by default its own folder.", show_default=False),
    ] = None,
    common: Annotated[
        bool, typer.Option("--common", help="Of unlike numbers of landmarks take the first ones, as BIRL does.")
    ] = False,
    motion: Annotated[
        str, typer.Option(help="Motions to evaluate, as affine,dense; none for commands alone.")
    ] = "affine,dense",
    command: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=COMMAND",
            help="Another program, with {fixed} {moving} {moving_points} {out} in it; may be given several times.",
            show_default=False,
        ),
    ] = None,
    timeout: Annotated[
        float | None, typer.Option(help="Seconds that a command may take for a pair.", show_default=False)
    ] = None,
    turn: Annotated[int, typer.Option(help="Add so many randomly turned copies of each pair.")] = 0,
    overwrite: o.Overwrite = False,
    resume: o.Resume = False,
    as_json: o.Json = False,
) -> None:
    """Register pairs of images by several methods, and measure the errors at landmarks.

    Exits with 1 where no method could register any pair.
    """
    evaluating, methods = parts.evaluating, parts.methods
    motions = [part.strip() for part in motion.split(",") if part.strip() not in ("", "none")]
    commands = [methods.read_command(text, timeout) for text in command or ()]
    with progress_bar(not as_json) as progress:
        found = evaluating.evaluate(
            table, output, folder=folder, common=common, motions=motions, commands=commands, prepare=sections.prepare,
            allow_flip=sections.allow_flip, allow_scale=sections.allow_scale, turn=turn, overwrite=overwrite,
            resume=resume, progress=progress,
        )  # fmt: skip
    if as_json:
        sys.stdout.write(json.dumps({"summary": found.summary, "folder": str(output)}) + "\n")
    else:
        _show(found.summary, output)
    if all(values["failed"] == values["pairs"] for values in found.summary.values()):
        raise typer.Exit(USELESS)


def _show(summary: dict[str, Any], folder: Path) -> None:
    """One row a method: medians over the pairs."""
    console = Console(highlight=False, markup=False, emoji=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("method")
    for title in ("pairs", "not ok", *COLUMNS.values(), "s a pair"):
        table.add_column(title, justify="right")
    for name, values in summary.items():
        numbers = [f"{values[key]:.4f}" for key in COLUMNS]
        table.add_row(
            name, f"{values['pairs']:.0f}", f"{values['failed']:.0f}", *numbers, f"{values['median_seconds']:.1f}"
        )
    console.print(table)
    console.print("\nErrors at landmarks over the diagonal: median, mean and largest of a pair, median over the pairs.")
    console.print(f"report     {folder / 'report.html'}", soft_wrap=True)
