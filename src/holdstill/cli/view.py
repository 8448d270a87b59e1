"""The command that opens the viewer."""

from __future__ import annotations

import json
import sys
import webbrowser
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from typing import Annotated, Any

import typer
from rich.console import Console

from holdstill.cli import options as o
from holdstill.cli import parts
from holdstill.cli.interruption import forget
from holdstill.errors import HoldstillError, MissingFile

__all__ = ["view"]

PORT = 8765
TELL_S = 5.0


def view(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="RESULT | MOVIE", help="A result (and its movie), a movie, or two of them; RESULT#cell=17 one cell."
        ),
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
    paths[0], place = _split_place(paths[0])
    for path in paths:
        if "://" not in str(path) and not path.exists():  # before any page is opened
            raise MissingFile(f"{path}: no such file; check the name and the folder {path.absolute().parent}")
    server = parts.server.Server(port=port)
    # the browser starts, and loads the page, while all that is needed to read and to correct files is imported
    server.start()
    try:
        opened = _open_browser(server.address + place) if browser and not as_json else None
        try:
            server.present(lambda: parts.opening.open_show(paths, axes=axes, points=points, labels=labels, trust=trust))
        except HoldstillError:
            if opened is not None and opened.result():
                server.wait_told(TELL_S)  # the page that comes says what is wrong, in place of nothing
            raise
        _announce(server, place, port, as_json=as_json)
        server.wait()
    except KeyboardInterrupt:
        forget()
    finally:
        server.stop()


def _open_browser(address: str) -> Future[bool]:
    """Open the page on a thread: finding out which browser there is takes a tenth of a second."""
    opened: Future[bool] = Future()

    def open_() -> None:
        try:
            opened.set_result(webbrowser.open(address))
        except (OSError, webbrowser.Error):
            opened.set_result(False)

    Thread(target=open_, daemon=True).start()
    return opened


def _announce(server: Any, place: str, port: int, *, as_json: bool) -> None:
    """Say where the page is: not before there is something to be seen."""
    address, console = server.address + place, Console(highlight=False, markup=False, emoji=False)
    if as_json:
        sys.stdout.write(json.dumps({"address": address, "port": server.port}) + "\n")
        sys.stdout.flush()
        return
    if server.moved:
        console.print(f"port {port} is taken; {server.port} is used")
    console.print(f"{address}\nonly this machine can open it; Ctrl-C ends it", soft_wrap=True)


def _split_place(path: Path) -> tuple[Path, str]:
    """A path and where in the page to begin: ``result#cell=17&cycle=3`` as the page names it, unless it is a file."""
    name, mark, place = str(path).rpartition("#")
    return (path, "") if path.exists() or not mark or "=" not in place else (Path(name), mark + place)
