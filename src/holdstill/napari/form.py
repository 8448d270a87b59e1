"""What the form of the widget asks, from the fields of the options: no napari is needed to know it."""

from __future__ import annotations

from dataclasses import Field, dataclass, fields
from typing import Any

from holdstill.devices.choosing import DEVICES
from holdstill.errors import InputError
from holdstill.run import registry
from holdstill.run.limits import check_length
from holdstill.run.options import RegisteringOptions
from holdstill.transforms.motions import MOTIONS

__all__ = ["CURRENT", "Question", "list_questions", "parse_answers"]

ASKED = ("motion", "method", "reference", "channel", "max_shift", "repair", "device")
CURRENT = "frame on the slider"
REFERENCES = ("template", CURRENT, "first", "mean", "median", "previous", "rolling", "pairs")


@dataclass(frozen=True, kw_only=True)
class Question:
    """One row of the form.

    Attributes
    ----------
    name, label, help : str
    default : str
    choices : tuple of str
        Empty where text is typed.
    """

    name: str
    label: str
    help: str
    default: str
    choices: tuple[str, ...] = ()


def list_questions() -> list[Question]:
    """The rows of the form, in their order."""
    known = {each.name: each for each in fields(RegisteringOptions)}
    return [_ask(known[name]) for name in ASKED]


def parse_answers(answers: dict[str, str], *, frame: int = 0, n_frames: int = 1) -> RegisteringOptions:
    """Options from what stands in the form; an empty text is the default.

    Parameters
    ----------
    answers : dict of str to str
        By the names of the options.
    frame : int
        The one on the slider.
    n_frames : int
        Of the movie.

    Raises
    ------
    InputError
        The largest shift is not a length, nor one per axis; the slider stands where the movie has no frame.
    """
    values: dict[str, Any] = {name: text.strip() for name, text in answers.items() if text.strip()}
    if values.get("reference") == CURRENT:
        if not 0 <= frame < n_frames:
            raise InputError(
                f"the slider stands at frame {frame} of a movie of {n_frames}; move it to a frame of the movie"
            )
        values["reference"] = frame
    channel = values.get("channel", "")
    if channel.isascii() and channel.isdigit():
        values["channel"] = int(channel)
    if "max_shift" in values:
        values["max_shift"] = _parse_lengths(values["max_shift"])
    return RegisteringOptions.of(**values)


def _parse_lengths(text: str) -> float | tuple[float, ...] | str:
    """Numbers of px; a text with units as it is, for images tell how large a pixel is."""
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        check_length(text)
        return text
    return numbers[0] if len(numbers) == 1 else numbers


def _ask(each: Field[Any]) -> Question:
    choices: dict[str, tuple[str, ...]] = {
        "motion": tuple(MOTIONS), "method": ("auto", *registry.names("methods")), "reference": REFERENCES,
        "device": tuple(DEVICES),
    }  # fmt: skip
    unit = f" ({each.metadata['unit']})" if each.metadata["unit"] else ""
    default = "" if each.default is None else str(each.default)
    found = each.metadata["choices"] or choices.get(each.name, ())
    return Question(
        name=each.name, label=each.name.replace("_", " ") + unit, help=each.metadata["help"], default=default,
        choices=found,
    )  # fmt: skip
