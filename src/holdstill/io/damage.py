"""What parsers raise on bytes that nobody meant, said in one line."""

from __future__ import annotations

import lzma
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from holdstill.errors import FileError, HoldstillError

__all__ = ["PARSER_ERRORS", "ErrorTypes", "explain_damage"]

ErrorTypes = tuple[type[BaseException], ...]

# Libraries of formats promise no errors of their own for damaged files: what they met of a list, a number or a
# dictionary escapes as it is. `struct`, `zlib` and `lzma` derive theirs from Exception itself,
# as does `tokenize`, by which NumPy reads heads; XML from SyntaxError.
PARSER_ERRORS: ErrorTypes = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError,
    TypeError, ValueError, lzma.LZMAError, struct.error, tokenize.TokenError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
LONGEST = 160


@contextmanager
def explain_damage(
    name: Any,
    what: str = "is damaged",
    remedy: str = "copy or export it again",
    *,
    also: ErrorTypes = (),
) -> Iterator[None]:
    """Errors of a parser within the block as a FileError that names the file; our own pass as they are.

    Parameters
    ----------
    name : str or path
        Of the file.
    what : str
        Is wrong with it, for the message.
    remedy : str
        What the user may do.
    also : tuple of exception types
        Others to be told, such as those of a network.
    """
    try:
        yield
    except HoldstillError:
        raise
    except PARSER_ERRORS + also as error:
        raise FileError(f"{name}: {what} ({describe_error(error)}); {remedy}") from error


def describe_error(error: BaseException) -> str:
    """Kind and text of an error on one line, cut where a library quotes half of the file."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:LONGEST]}..." if len(text) > LONGEST else f"{type(error).__name__}: {text}"
