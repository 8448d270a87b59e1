"""Options that travel as values: frozen dataclasses whose fields say what they mean.

Flags of the command line, the description of a job and a form in a viewer are made from the fields, so that a new
option is one more field.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

import numpy as np

__all__ = ["Options", "as_plain", "list_changed", "option", "repeat_option", "split_options"]


def option(
    default: Any, text: str, *, unit: str = "", choices: tuple[str, ...] = (), decides: bool = True, flag: bool = True
) -> Any:
    """A field of options.

    Parameters
    ----------
    default : object
        Value where nothing is asked for.
    text : str
        What it means, one line: the help of its flag.
    unit : str
        Such as ``"px"``; empty for plain numbers, names and switches.
    choices : tuple of str
        The names it may have; empty where it may be anything.
    decides : bool
        Whether the result depends on it, so that an interrupted job cannot go on with another value.
    flag : bool
        Whether the command line has a flag for it.
    """
    about = {"help": text, "unit": unit, "choices": choices, "decides": decides, "flag": flag}
    return field(default=default, metadata=about)


def repeat_option(kind: type[Any], name: str, **changes: Any) -> Any:
    """A field like that of another kind of options, for options that mean the same; `changes` to what is said of it."""
    each = next(each for each in fields(kind) if each.name == name)
    return field(default=each.default, metadata={**each.metadata, **changes})


@dataclass(frozen=True, kw_only=True, eq=False)
class Options:
    """Base of all options. Two are equal where their fields are; arrays are compared by their content."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and _describe_fields(self) == _describe_fields(other)

    def __hash__(self) -> int:
        return hash(tuple(_describe_fields(self).values()))

    @classmethod
    def of(cls, **keywords: Any) -> Self:
        """Options from keywords; TypeError for one that is not a field lists those that are."""
        [options] = split_options(keywords, cls)
        return options

    def describe(self) -> dict[str, str]:
        """What the result depends on, as text by the names of the fields; arrays by their content."""
        decisive = [each.name for each in fields(self) if each.metadata.get("decides", True)]
        return {name: _describe(getattr(self, name)) for name in decisive}


def split_options(keywords: dict[str, Any], *kinds: type[Any]) -> list[Any]:
    """Keywords as values of several kinds of options, each with the keywords that are its fields.

    Raises
    ------
    TypeError
        A keyword is a field of none; the text lists those that are.
    """
    names = [[each.name for each in fields(kind)] for kind in kinds]
    known = [name for each in names for name in each]
    for keyword in keywords:
        if keyword not in known:
            raise TypeError(f"there is no option {keyword!r}; known are {', '.join(known)}")
    return [
        kind(**{name: keywords[name] for name in each if name in keywords})
        for kind, each in zip(kinds, names, strict=True)
    ]


def list_changed(options: Options) -> dict[str, Any]:
    """Fields that decide the result and are not at their defaults, for JSON; ``"... of ndarray"`` for an image."""
    decisive = [each for each in fields(options) if each.metadata.get("decides", True)]
    values = {each.name: (getattr(options, each.name), each.default) for each in decisive}
    return {name: _tell(value) for name, (value, default) in values.items() if _describe(value) != _describe(default)}


def _tell(value: Any) -> Any:
    plain = as_plain(value)
    if isinstance(plain, list) and not all(isinstance(item, bool | int | float | str) for item in plain):
        return "... of several"
    if plain is None or isinstance(plain, bool | int | float | str | list):
        return plain
    return str(value) if isinstance(value, Path) else f"... of {type(value).__name__}"


def as_plain(value: Any) -> Any:
    """Settings as plain JSON values."""
    if isinstance(value, dict):
        return {key: as_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_plain(item) for item in value]
    if isinstance(value, slice):
        return [value.start, value.stop]
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value


def _describe_fields(options: Options) -> dict[str, str]:
    return {each.name: _describe(getattr(options, each.name)) for each in fields(options)}


def _describe(value: Any) -> str:
    """A setting in words; arrays by their content."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape} {hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # 0.0 is what a flag makes of 0
    return repr(value)
