"""The command line, thin over `holdstill.api`: each option carries the name of the Python argument."""

from __future__ import annotations

import errno
import json
import os
import platform
import signal
import sys
import tempfile
import traceback
import warnings
from contextlib import suppress
from importlib.metadata import version
from typing import Any, TextIO, cast

import typer
from rich.console import Console

from holdstill.cli.commands import app
from holdstill.cli.flags import name_flags
from holdstill.cli.interruption import check, heed_interrupts, last_signal
from holdstill.errors import HoldstillError, Stopped

__all__ = ["main"]

FAILED, INTERRUPTED = 2, 128
# commands that take what an earlier run of them did
GO_ON = ("correct", "sections", "evaluate", "integrity")
# typer brings its own click since 0.26, so the common base of usage errors is found through one that it shows
USAGE_ERROR: type[Exception] = cast(
    type[Exception], next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")
)


def main(arguments: list[str] | None = None) -> None:
    """Run a command and exit: 0 on success, 1 if no frame could be used, 2 with one line on any error.

    After a signal it is 128 and the signal's number, 130 after Ctrl-C.
    """
    given = sys.argv[1:] if arguments is None else arguments
    warnings.showwarning = _show_warning
    sys.exit(run(given))


def run(arguments: list[str]) -> int:
    """Run a command and return its exit code; whatever goes wrong is told in one line."""
    try:
        code = _run(arguments)
        sys.stdout.flush()  # here, where a full disk or a closed pipe can still be told
    except USAGE_ERROR as error:
        command = getattr(getattr(error, "ctx", None), "command_path", "holdstill")
        return _fail(f"{cast(Any, error).format_message()} (see: {command} --help)", arguments)
    except (KeyboardInterrupt, typer.Abort, Stopped):  # the last where a signal was swallowed, and progress told of it
        return _tell_interrupted(arguments)
    except (HoldstillError, MemoryError) as error:
        return _fail(str(error) or "out of memory; try fewer --workers", arguments)
    except OSError as error:
        return _tell_refused(error, arguments)
    except SystemExit:  # click's way with a pipe that was closed
        return _tell_mute("its reader is gone")
    except Exception as error:  # noqa: BLE001  # the last resort: whoever runs a command gets no traceback
        return _fail(f"unexpected {type(error).__name__}; {_keep_details(error, arguments)}", arguments)
    return code


def _run(arguments: list[str]) -> int:
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # names of files need not be text
    with heed_interrupts():
        code = app(args=arguments or ["--help"], prog_name="holdstill", standalone_mode=False)
        check()
    return code if isinstance(code, int) else 0


def _tell_interrupted(arguments: list[str]) -> int:
    number = last_signal()
    by = "" if number == signal.SIGINT else f" by {number.name}"
    name = next((one for one in arguments[:1] if one in GO_ON), "")
    how = f", and `{name}` goes on with --resume" if name else ""
    _fail(f"interrupted{by}; nothing unfinished looks whole{how}", arguments)
    return INTERRUPTED + number


def _tell_refused(error: OSError, arguments: list[str]) -> int:
    """What the system refused, where nobody else has put it into words: a name, or the place that stdout goes to."""
    reason = error.strerror or type(error).__name__
    if error.filename is not None:
        return _fail(f"{os.fsdecode(error.filename)}: {reason}; check the name", arguments)
    if error.errno in (errno.ENOSPC, errno.EPIPE):  # of files they are put into words where they happen
        return _tell_mute(reason)
    return _fail(f"the system refused ({reason}); {_keep_details(error, arguments)}", arguments)


def _tell_mute(reason: str) -> int:
    """The summary could not be printed."""
    with suppress(OSError, ValueError, AttributeError):  # what is left must not be told of again at the very end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _fail(f"standard output takes no more ({reason}); files that were asked for are complete", [])


def _keep_details(error: Exception, arguments: list[str]) -> str:
    """Write what a report of this error needs to a file, and say where it is."""
    told = [
        f"holdstill {version('holdstill')}, Python {sys.version.split()[0]}, {platform.platform()}",
        f"arguments: {arguments!r}",
        "".join(traceback.format_exception(error)),
    ]
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="holdstill-error-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as file:
            file.write("\n".join(told))
    except OSError:
        return f"please report it: {error}"
    return f"please report it, with {file.name}"


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """A warning in one line; where in the code it arose tells the user nothing."""
    with suppress(OSError):  # nobody listens
        _print_line(f"warning: {message}")


def _fail(text: str, arguments: list[str]) -> int:
    with suppress(OSError):  # nobody listens
        if "--json" in arguments:
            sys.stdout.write(json.dumps({"error": name_flags(" ".join(text.split()))}) + "\n")
        else:
            _print_line(text)
    return FAILED


def _print_line(text: str) -> None:
    line = name_flags(" ".join(text.split())).encode("utf-8", "backslashreplace").decode()
    Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False).print(f"holdstill: {line}")
