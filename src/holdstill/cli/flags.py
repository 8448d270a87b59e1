"""Messages of the package in the words of the command line: ``axes='TYX'`` is ``--axes TYX`` there."""

from __future__ import annotations

import re
from dataclasses import fields
from functools import cache

from holdstill.contracts import ReadingOptions
from holdstill.resampling.settings import Resampling
from holdstill.resampling.slide_options import SlideOptions
from holdstill.run.options import RegisteringOptions, SectionOptions, WritingOptions

__all__ = ["name_flags"]

KINDS = (ReadingOptions, RegisteringOptions, Resampling, SectionOptions, SlideOptions, WritingOptions)
# after a blank or a bracket only: names of files are left as they are
VALUE = r"(?:'(?P<text>[^']*)'|(?P<switch>True)|\((?P<several>[\d., ]+)\)|(?P<plain>\.\.\.|-?\d+(?:\.\d+)?))"
TWICE = re.compile(r"(--[a-z-]+(?: [^\s()]+)?) \(\1\)")


@cache
def _arguments() -> re.Pattern[str]:
    names = {each.name for kind in KINDS for each in fields(kind) if each.metadata.get("flag")}
    return re.compile(rf"(?<=[\s(])(?P<name>{'|'.join(sorted(names, key=len, reverse=True))})={VALUE}")


def name_flags(text: str) -> str:
    """A message that names flags where it named arguments of Python; what it says twice then, it says once."""
    return TWICE.sub(r"\1", _arguments().sub(_flag, text))


def _flag(match: re.Match[str]) -> str:
    flag = f"--{match['name'].replace('_', '-')}"
    if match["switch"]:
        return flag
    several = match["several"]
    value = several.replace(" ", "") if several else match["text"] or match["plain"] or "''"
    return f"{flag} {value}"
