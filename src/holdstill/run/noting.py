"""What a result says of the files that it came from, how they were read, and the memory that it took."""

from __future__ import annotations

import os
from dataclasses import asdict, fields, replace
from typing import Any

from holdstill.contracts import ReadingOptions, Source, as_plain
from holdstill.io.inputs import digest_contents
from holdstill.io.processes import peak_memory_mb
from holdstill.resampling.settings import Resampling
from holdstill.result.registration import Registration

__all__ = ["note_asked", "note_fixed", "note_inputs", "note_resampling"]


def note_inputs(found: Registration, source: Source, reading: ReadingOptions) -> Registration:
    """The result with the full name and the content of its files, how they were read, and the most memory so far."""
    known: dict[str, Any] = {**found.provenance}
    if source.files:
        known |= {"input_path": os.path.abspath(source.info.name), "input_files": digest_contents(source.files)}
    told = {each.name: getattr(reading, each.name) for each in fields(reading)}
    changed = {each.name: as_plain(told[each.name]) for each in fields(reading) if told[each.name] != each.default}
    known |= {"reading": changed} if changed else {}
    taken = peak_memory_mb()
    return replace(found, provenance=known if taken is None else {**known, "peak_memory_mb": taken})


def note_asked(found: Registration, asked: dict[str, Any]) -> Registration:
    """The result with the options that were asked for, before any was settled by what the files are."""
    return replace(found, provenance={**found.provenance, "asked": asked})


def note_fixed(found: Registration, fixed: Source) -> Registration:
    """The result of a pair with the name and the content of its fixed image."""
    files = {"fixed_files": digest_contents(fixed.files)} if fixed.files else {}
    return replace(found, provenance={**found.provenance, "fixed": fixed.info.name, **files})


def note_resampling(found: Registration, resampling: Resampling) -> Registration:
    """The result with how its frames were written."""
    return replace(found, provenance={**found.provenance, "resampling": as_plain(asdict(resampling))})
