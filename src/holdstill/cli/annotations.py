"""The command that moves annotations."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from holdstill.cli import options as o
from holdstill.cli import parts

__all__ = ["move_annotations"]


def move_annotations(
    transforms: Annotated[Path, typer.Argument(metavar="DRIFT.JSON", help="What `align` or `correct` wrote.")],
    source: Annotated[
        Path, typer.Argument(metavar="IN", help="GeoJSON of QuPath, a .csv with x and y, or an image of labels.")
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="File of the same kind to write.")],
    to: Annotated[
        str, typer.Option(help="reference: from the moving image to the fixed one; frame: the other way.")
    ] = "reference",
    frame: Annotated[int, typer.Option(help="Number of the frame, where there are several.")] = 0,
    overwrite: o.Overwrite = False,
    as_json: o.Json = False,
) -> None:
    """Move annotations, points or labels from the moving image to the fixed one, or back."""
    found = parts.registration.load(transforms)
    written = found.move_annotations(source, target, to=to, frame=frame, overwrite=overwrite)
    if as_json:
        sys.stdout.write(json.dumps({"moved": str(written), "to": to}) + "\n")
    else:
        typer.echo(f"moved to the {to}  {written}")
