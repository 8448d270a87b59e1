"""The command line, thin over `holdstill.api`: each option carries the name of the Python argument."""

from __future__ import annotations

import json
import sys
from typing import Any, cast

import typer
from rich.console import Console

from holdstill.cli.commands import app
from holdstill.cli.interruption import check, heed_interrupts
from holdstill.errors import HoldstillError

__all__ = ["main"]

FAILED, INTERRUPTED = 2, 130
# typer brings its own click since 0.26, so the common base of usage errors is found through one that it shows
USAGE_ERROR: type[Exception] = cast(
    type[Exception], next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")
)


def main(arguments: list[str] | None = None) -> None:
    """Run a command and exit: 0 on success, 2 with one line on any error, 130 after Ctrl-C."""
    given = sys.argv[1:] if arguments is None else arguments
    sys.exit(run(given))


def run(arguments: list[str]) -> int:
    """Run a command and return its exit code."""
    try:
        with heed_interrupts():
            code = app(args=arguments or ["--help"], prog_name="holdstill", standalone_mode=False)
            check()
    except USAGE_ERROR as error:
        return _fail(f"{cast(Any, error).format_message()} (see: holdstill --help)", arguments)
    except (HoldstillError, MemoryError) as error:
        return _fail(str(error) or "out of memory; try fewer --workers", arguments)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    if code == INTERRUPTED:
        _fail("interrupted; nothing unfinished looks whole, and `correct` goes on with --resume", arguments)
    return code if isinstance(code, int) else 0


def _fail(text: str, arguments: list[str]) -> int:
    line = " ".join(text.split())
    if "--json" in arguments:
        sys.stdout.write(json.dumps({"error": line}) + "\n")
    else:
        Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False).print(f"holdstill: {line}")
    return FAILED
