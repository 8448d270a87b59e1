"""The command that makes a film."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from holdstill.cli import options as o
from holdstill.cli import parts
from holdstill.cli.screen import progress_bar
from holdstill.errors import InputError

__all__ = ["movie"]


def movie(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="A corrected movie, or its drift.json.")],
    output: Annotated[Path, typer.Argument(metavar="OUT", help="Film to write: .mp4 or .gif.")],
    raw: Annotated[
        Path | None, typer.Option("--raw", help="The movie, where it is not any more where it was.", show_default=False)
    ] = None,
    fps: Annotated[float, typer.Option(help="Frames a second.")] = 15.0,
    step: Annotated[
        int | None, typer.Option(help="Show every so many frames; by default at most 600.", show_default=False)
    ] = None,
    channel: Annotated[int, typer.Option(help="Number of the channel that is shown.")] = 0,
    axes: o.Axes = None,
    overwrite: o.Overwrite = False,
    as_json: o.Json = False,
) -> None:  # fmt: skip
    """Make a film of a result: raw and corrected side by side, with the drift, a scale bar and the time."""
    film = parts.film
    parts.targets.check_free([output], overwrite, result)
    options = film.FilmOptions(fps=fps, step=step, channel=channel)
    naming = "holdstill movie {} OUT --raw MOVIE"
    with (
        parts.opening.open_movies(result, axes, raw, naming=naming) as (registration, sources),
        progress_bar(not as_json) as progress,
    ):
        if registration is None:
            raise InputError(
                f"{result}: is not a result; give a drift.json, or a corrected movie that has one beside it"
            )
        film.write_film(registration, sources["raw"], sources["corrected"], output, options, progress)
        every = film.choose_step(len(registration), step)
    if as_json:
        sys.stdout.write(json.dumps({"film": str(output), "step": every}) + "\n")
        return
    shown = "" if every == 1 else f", one frame in {every}"
    Console(highlight=False, markup=False, emoji=False).print(f"film       {output}{shown}", soft_wrap=True)
