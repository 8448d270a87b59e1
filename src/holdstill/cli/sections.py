"""The command that aligns serial sections."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from holdstill.cli import options as o
from holdstill.cli import parts
from holdstill.cli.screen import USELESS, progress_bar
from holdstill.result.wording import count
from holdstill.run.options import SectionOptions

if TYPE_CHECKING:
    from holdstill.run.series.recipe import Series

__all__ = ["sections"]


@o.take_options
def sections(
    paths: Annotated[list[Path], typer.Argument(metavar="SECTIONS", help="Images, one each, in their order.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for stack, transforms, table and page.")],
    preparing: Annotated[SectionOptions, o.only("prepare", "allow_flip")],
    motion: Annotated[
        str, typer.Option(help="Family of transforms: dense, affine, similarity, rigid, translation.")
    ] = "dense",
    middle: Annotated[
        int | None,
        typer.Option(help="Number of the section that stays, from 0; by default the middle one.", show_default=False),
    ] = None,
    keep_form: Annotated[
        float | None,
        typer.Option(
            help="Leave forms that change evenly over so many sections as they are, against the banana effect.",
            show_default=False,
        ),
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option(help="Channel that sections are compared by, number or name; default: all.", show_default=False),
    ] = None,
    stack: Annotated[str, typer.Option(help="Name of the stack: stack.ome.zarr or stack.ome.tif.")] = "stack.ome.zarr",
    fill: o.Fill = 0,
    overwrite: o.Overwrite = False,
    resume: o.Resume = False,
    as_json: o.Json = False,
) -> None:
    """Align serial sections with the one in their middle, and write them as one stack."""
    began = time.perf_counter()
    with progress_bar(not as_json) as progress:
        found = parts.recipe.align_sections(
            paths, output, motion=motion, middle=middle, keep_form=keep_form, channel=channel,
            prepare=preparing.prepare, allow_flip=preparing.allow_flip, stack=stack, fill=fill, overwrite=overwrite,
            resume=resume, progress=progress,
        )  # fmt: skip
    left = {str(row["section"]): row["verdict"] for row in found.rows if row["verdict"] != "ok"}
    if as_json:
        content = {
            "sections": len(found.rows), "middle": found.middle, "left_blank": left, "stack": str(found.stack),
            "seconds": round(time.perf_counter() - began, 3),
        }  # fmt: skip
        sys.stdout.write(json.dumps(content) + "\n")
    else:
        _show(found, left, output)
    if len(left) == len(found.rows) - 1:
        raise typer.Exit(USELESS)


def _show(found: Series, left: dict[str, str], folder: Path) -> None:
    console = Console(highlight=False, markup=False, emoji=False)
    blank = f"{len(left)} {'is' if len(left) == 1 else 'are'} left blank" if left else "none is left blank"
    console.print(f"{count(len(found.rows), 'section')}, of which {found.middle} stays; {blank}")
    for number, verdict in left.items():
        console.print(f"section {number}: {verdict}")
    for name in ("sections.csv", "report.html"):
        console.print(f"{'':11}{folder / name}", soft_wrap=True)
    console.print(f"stack      {found.stack}", soft_wrap=True)
