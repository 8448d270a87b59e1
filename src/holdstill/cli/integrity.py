"""The command that tells which cells of cyclic imaging are still there."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from holdstill.cli import options as o
from holdstill.cli import parts
from holdstill.cli.screen import progress_bar
from holdstill.transforms.motions import CHAINED

__all__ = ["integrity"]


def integrity(
    cycles: Annotated[
        list[Path], typer.Argument(metavar="CYCLES", help="A movie of cycles, or one file each, in their order.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for tables, maps and regions.")],
    labels: Annotated[
        Path | None,
        typer.Option(help="Image of labels, integers, 0 for no cell; by default squares.", show_default=False),
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option(
            help="The nuclear channel by number or name, or one for each cycle, as DNA1,DNA2,DNA3. Default: the first; "
            "of pictures in colours the mean of them.",
            show_default=False,
        ),
    ] = None,
    axes: o.Axes = None,
    tile: Annotated[int, typer.Option(help="Side in px of the squares that stand for cells without labels.")] = 50,
    slack: Annotated[int, typer.Option(help="Each cell may lie off by so many px, 0 to 3; the best shift counts.")] = 0,
    register: Annotated[
        str | None,
        typer.Option(
            metavar="MOTION", help="Register cycles: translation, rigid, similarity, affine, projective, piecewise.",
            show_default=False,
        ),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(help="Correlation from which on a cell is kept; by default found.", show_default=False),
    ] = None,
    names: Annotated[
        str | None,
        typer.Option(
            help="What each cycle stained, as CD3,CD8,Ki67, or a CSV with columns cycle and marker_name; by default "
            "what the files say.",
            show_default=False,
        ),
    ] = None,
    overwrite: o.Overwrite = False,
    resume: o.Resume = False,
    workers: o.Workers = None,
    as_json: o.Json = False,
) -> None:  # fmt: skip
    """Measure which cells are lost or folded over the cycles of cyclic imaging."""
    began = time.perf_counter()
    with progress_bar(not as_json) as progress:
        found = parts.measuring.measure(
            cycles, labels=labels, out=output, channel=channel, axes=axes, tile=tile, slack=slack, register=register,
            threshold=threshold, names=names, overwrite=overwrite, resume=resume, workers=workers, progress=progress,
        )  # fmt: skip
    content = json.loads((output / "summary.json").read_text(encoding="utf-8"))
    content |= {"seconds": round(time.perf_counter() - began, 3), "had_finished": found.had_finished}
    if as_json:
        sys.stdout.write(json.dumps(content) + "\n")
        return
    _show(content, output)


def _show(content: dict[str, Any], folder: Path) -> None:
    """One row a cycle, then what was found and where it stands."""
    console = Console(highlight=False, markup=False, emoji=False)  # names of files are no markup
    console.print(_list_cycles(content))
    console.print()
    for line in _explain(content):
        console.print(line, soft_wrap=True)
    regions = "region" if content["regions"] == 1 else "regions"
    console.print(f"{content['regions']} {regions} where most cells were lost; results are in {folder}", soft_wrap=True)
    if content["had_finished"]:
        console.print(f"{folder} had finished already; nothing was left to do", soft_wrap=True)


def _list_cycles(content: dict[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    channels = [", ".join(names) for names in content["channels"]]
    for title in ("cycle", "kept", "kept so far", "first lost here", "unknown"):
        table.add_column(title, justify="right")
    table.add_column("image", overflow="fold")
    if any(channels):
        table.add_column("channels", overflow="fold")
    for k, name in enumerate(content["names"]):
        share = content["share_kept"][k]
        table.add_row(
            str(k + 1), "missing" if share is None else f"{share:.1%}", f"{content['share_kept_through'][k]:.1%}",
            f"{content['n_first_lost'][k]:,}", f"{content['n_unknown'][k]:,}", name,
            *([channels[k]] if any(channels) else []),
        )  # fmt: skip
    return table


def _explain(content: dict[str, Any]) -> Iterator[str]:
    """What the numbers rest on, a line each."""
    for k, verdict in enumerate(content["verdicts"], 1):
        if verdict != "ok":
            yield f"Cycle {k} is missing ({verdict}): its cells are unknown there, none counts as lost by it."
    yield from _tell_residuals(content)
    n_cells, n_unknown = content["n_cells"], content["n_unknown"][0]
    if n_unknown == n_cells:
        yield (
            "No cell can be measured: none shows a signal that varies in the first cycle, with which all are compared; "
            "check that cycle, the nuclear channel (--channel) and the labels."
        )
    if n_cells == 1 and content["inputs"]["tile"] is None:
        yield "The labels hold one cell alone; if they are a mask, number its cells first."
    if content["n_without_tissue"]:
        yield f"{content['n_without_tissue']:,} squares show no tissue in the first cycle, as glass does: left out."
    cells = "cell" if n_cells == 1 else "cells"
    yield f"{n_cells:,} {cells}, kept from a correlation of {content['threshold']:.3f} on:"
    yield f"{content['threshold_from']}."
    if content["slack"]:
        side = 2 * content["slack"] + 1
        yield f"Correlations are the best of {side} x {side} shifts of each cell."
    if content["not_written"]:
        yield f'Not written: {", ".join(content["not_written"])} (pip install "holdstill[tables]").'


def _tell_residuals(content: dict[str, Any]) -> Iterator[str]:
    """Cycles whose windows still lie off by what costs correlation, and what would help."""
    for k, residual in enumerate(content["residuals"] or (), 1):
        if residual and residual["off"] and content["verdicts"][k - 1] == "ok":
            motion = content["registration"]["motion"].partition(":")[0]
            advice = "; tissue that bends is registered by --register piecewise" if motion in CHAINED else ""
            yield (
                f"Cycle {k} still lies off after {motion}: by {residual['median_px']:.1f} px in the median of "
                f"{residual['tiles']} windows, by {residual['p90_px']:.1f} in a tenth of them{advice}."
            )
