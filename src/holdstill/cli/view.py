"""The command that opens the viewer."""

from __future__ import annotations

import json
import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from holdstill.cli import options as o
from holdstill.cli import parts

__all__ = ["view"]

PORT = 8765


def view(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="RESULT | MOVIE", help="A result (and its movie), a movie, or two of them."),
    ],
    axes: o.Axes = None,
    points: Annotated[
        Path | None, typer.Option(help="Table of points to draw: t or frame, [z,] y, x.", show_default=False)
    ] = None,
    labels: Annotated[
        Path | None, typer.Option(help="Labels to outline: of each frame, or of the reference.", show_default=False)
    ] = None,
    trust: Annotated[bool, typer.Option("--trust", help="Open files that unpack to far more than they are.")] = False,
    port: Annotated[int, typer.Option(help="To begin with; the next free one is taken.")] = PORT,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    as_json: o.Json = False,
) -> None:  # fmt: skip
    """Look at a result in the browser: movies raw and corrected, tissue cell by cell. Ctrl-C ends it."""
    server = parts.server.Server(
        parts.opening.open_show(paths, axes=axes, points=points, labels=labels, trust=trust), port=port
    )
    if as_json:
        sys.stdout.write(json.dumps({"address": server.address, "port": server.port}) + "\n")
        sys.stdout.flush()
    else:
        console = Console(highlight=False, markup=False, emoji=False)
        if server.moved:
            console.print(f"port {port} is taken; {server.port} is used")
        console.print(f"{server.address}\nonly this machine can open it; Ctrl-C ends it", soft_wrap=True)
    if browser and not as_json:
        webbrowser.open(server.address)
    try:
        server.serve()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
