"""`holdstill correct` for many movies: a line for each, a table at the end, and an exit code that tells of failures."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from holdstill.cli import parts
from holdstill.cli.screen import progress_bar
from holdstill.cli.summary import is_useless, summary
from holdstill.run.options import CorrectingOptions

__all__ = ["correct_all"]

SOME_FAILED = 1


def correct_all(paths: list[Path], folder: Path, share: bool, options: CorrectingOptions, as_json: bool) -> None:
    """Correct all, tell of each, and exit with 1 if some failed."""
    batch = parts.batch
    console = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)

    def report_result(source: Path, result: Any) -> None:
        if isinstance(result, Exception) and not as_json:
            console.print(f"holdstill: {result}")

    with progress_bar(not as_json) as progress:
        values = options.report_to(progress)
        results = batch.correct_each(paths, folder, values, share=share, notify=report_result)
    content = {str(path): _describe(path, result, batch.target_of(path, folder)) for path, result in results.items()}
    if as_json:
        sys.stdout.write(json.dumps(content) + "\n")
    else:
        Console(highlight=False, markup=False, emoji=False).print(_table(content))
    if any("error" in one or is_useless(one) for one in content.values()):
        raise typer.Exit(SOME_FAILED)


def _describe(source: Path, result: Any, target: Path) -> dict[str, Any]:
    if isinstance(result, Exception):
        return {"error": str(result)}
    seconds = sum(result.provenance.get("seconds", {}).values())
    return summary(result, seconds, {"corrected": target})


def _table(content: dict[str, dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("movie", "frames", "range (px)", "error bar (px)", "flagged", ""):
        table.add_column(column, overflow="fold")
    for path, one in content.items():
        if "error" in one:
            table.add_row(Path(path).name, "", "", "", "", "failed")
            continue
        error = one["median_error_px"]
        table.add_row(
            Path(path).name, str(one["frames"]), " x ".join(f"{span:.2f}" for span in one.get("range_px", [])),
            "" if error is None else f"{error:.4f}", str(sum(one["flagged"].values())),
            "of no use" if is_useless(one) else "corrected",
        )  # fmt: skip
    return table
