"""Flags of the commands, made from the fields of options: a new field is a new flag."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import Field, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer

from holdstill.contracts import Options, ReadingOptions
from holdstill.engines.options import ComputingOptions
from holdstill.errors import InputError
from holdstill.resampling.settings import Resampling
from holdstill.run.options import RegisteringOptions, WritingOptions

__all__ = [
    "Axes", "Device", "Edge", "Fill", "Interpolation", "Json", "Mask", "MaxShift", "Method", "Motion", "Output",
    "Overwrite", "Resume", "Share", "Workers", "only", "parse_limit", "parse_pair", "parse_reference",
    "take_options",
]  # fmt: skip


@dataclass(frozen=True)
class _Only:
    """Some of the fields of options, perhaps with defaults of their own."""

    names: tuple[str, ...]
    defaults: dict[str, Any]


def only(*names: str, **defaults: Any) -> Any:
    """Which fields of options a command has flags for; ``Annotated[ReadingOptions, only("axes", "scene")]``."""
    return _Only((*names, *defaults), defaults)


def take_options(command: Callable[..., None]) -> Callable[..., None]:
    """A command of which each parameter that is a kind of options became a flag for each of its fields."""
    hints = get_type_hints(command, include_extras=True)
    groups = {name: _Group.of(hint) for name, hint in hints.items() if _Group.of(hint) is not None}
    shown: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command).parameters.items():
        group = groups.get(name)
        own = parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
        shown += [own] if group is None else group.parameters()

    def run(**flags: Any) -> None:
        values = {name: group.take(flags) for name, group in groups.items() if group is not None}
        command(**flags, **values)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in shown}
    vars(run)["__signature__"] = inspect.Signature(shown)
    return run


@dataclass(frozen=True)
class _Group:
    """The flags of one kind of options."""

    kind: type[Options]
    chosen: tuple[Field[Any], ...]
    defaults: dict[str, Any]

    @classmethod
    def of(cls, hint: Any) -> _Group | None:
        """Of the type of a parameter, None where that is no kind of options."""
        kind, *about = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        if not (isinstance(kind, type) and issubclass(kind, Options)):
            return None
        few = next((each for each in about if isinstance(each, _Only)), None)
        flagged = [each for each in fields(kind) if each.metadata["flag"]]
        chosen = flagged if few is None else [each for each in flagged if each.name in few.names]
        return cls(kind, tuple(chosen), {} if few is None else few.defaults)

    @cached_property
    def hints(self) -> dict[str, Any]:
        """Types of the fields: to ask for them field by field takes a tenth of the time until a command begins."""
        return get_type_hints(self.kind)

    def parameters(self) -> list[inspect.Parameter]:
        """One parameter for each field, as typer reads them."""
        return [
            inspect.Parameter(
                each.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=self._default(each),
                annotation=Annotated[_type_of(self.hints[each.name], each), flag(self.kind, each.name)],
            )
            for each in self.chosen
        ]

    def take(self, flags: dict[str, Any]) -> Options:
        """The options that the flags say; they are taken out of `flags`."""
        values = {each.name: flags.pop(each.name) for each in self.chosen}
        return self.kind(**{name: PARSERS.get(name, lambda value: value)(value) for name, value in values.items()})

    def _default(self, each: Field[Any]) -> Any:
        default = self.defaults.get(each.name, each.default)
        as_text = _type_of(self.hints[each.name], each) is str and default is not None
        return str(default) if as_text else default


def flag(kind: type[Options], name: str) -> Any:
    """How the flag of a field is written, and its help."""
    each = next(each for each in fields(kind) if each.name == name)
    written = [f"--{name.replace('_', '-')}"] if each.default is not True else []  # what is on has a --no- beside it
    return typer.Option(
        *written, help=each.metadata["help"], show_default=each.default is not None and each.default is not False
    )


def _type_of(hint: Any, each: Field[Any]) -> Any:
    """What a flag takes: a switch, a path, text or a number, whichever the field allows first in this order."""
    allowed = [part for part in get_args(hint) or (hint,) if part is not type(None)]
    found = next((plain for plain in (bool, Path, str, int, float) if plain in allowed), str)
    if Any in allowed or (found in (int, float) and len(allowed) > 1):
        found = str
    return found | None if each.default is None else found


Axes = Annotated[str | None, flag(ReadingOptions, "axes")]
Motion = Annotated[str, flag(RegisteringOptions, "motion")]
Method = Annotated[str, flag(RegisteringOptions, "method")]
Mask = Annotated[Path | None, flag(RegisteringOptions, "mask")]
MaxShift = Annotated[str | None, flag(RegisteringOptions, "max_shift")]
Device = Annotated[str, flag(ComputingOptions, "device")]
Workers = Annotated[int | None, flag(ComputingOptions, "workers")]
Interpolation = Annotated[str, flag(Resampling, "interpolation")]
Edge = Annotated[str, flag(Resampling, "edge")]
Fill = Annotated[float, flag(Resampling, "fill")]
Overwrite = Annotated[bool, flag(WritingOptions, "overwrite")]
Resume = Annotated[bool, flag(WritingOptions, "resume")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Folder for many movies; a bad one stops no other.", show_default=False),
]
Share = Annotated[bool, typer.Option("--share", help="With -o: the movies are positions that move together.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]


def parse_limit(text: str | None) -> float | tuple[float, ...] | str | None:
    """``"20"`` or ``"20,40"`` as numbers; text with a unit as it is."""
    if text is None:
        return None
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        return text
    return numbers[0] if len(numbers) == 1 else numbers


def parse_frames(text: str | None) -> tuple[int, ...] | None:
    """``"120,480"`` as numbers. Raises InputError for anything else."""
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() for part in parts):
        raise InputError(f"--refocus-at {text!r} is not a list of frame numbers; give it as 120,480")
    return tuple(int(part) for part in parts)


def parse_reference(text: str) -> str | int:
    """A frame number as an int, anything else as it is."""
    return int(text) if text.lstrip("-").isdigit() else text


def parse_pair(paths: list[Path], share: bool) -> tuple[Path, Path]:
    """IN and OUT. Raises InputError for more or fewer, or for what needs a folder."""
    if len(paths) != 2 or share:
        raise InputError("give IN and OUT, or many movies and a folder for the results with --output")
    return paths[0], paths[1]


def parse_grid(text: str) -> float | tuple[float, ...]:
    """``"64"`` or ``"16,64,64"`` as numbers. Raises InputError for anything else."""
    try:
        numbers = tuple(float(part) for part in str(text).split(","))
    except ValueError:
        raise InputError(f"--grid {text!r} is not a number; give one, or one per axis as 16,64,64") from None
    return numbers[0] if len(numbers) == 1 else numbers


def parse_times(text: str | None) -> float | tuple[float, ...] | None:
    """``"6e-5"`` or ``"6e-5,0.033"`` as numbers of seconds. Raises InputError for anything else."""
    if text is None:
        return None
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        raise InputError(f"--line-time {text!r} is not a number of seconds; give one, or two as 6e-5,0.033") from None
    return numbers[0] if len(numbers) == 1 else numbers


PARSERS: dict[str, Callable[[Any], Any]] = {
    "max_shift": parse_limit, "max_speed": parse_limit, "refocus_at": parse_frames, "reference": parse_reference,
    "grid": parse_grid, "line_time": parse_times,
}  # fmt: skip
