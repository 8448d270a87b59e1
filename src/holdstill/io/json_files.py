"""JSON from a disk, looked at before it is taken into memory: two bytes of it can become sixty-four."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from holdstill.errors import FileError, MissingFile
from holdstill.io.damage import explain_damage

__all__ = ["read_json", "refuse_large_json"]

LIMIT_BYTES = 400 << 20
BLOCK_BYTES = 1 << 20
# what CPython takes, at most, for what begins with each of these; a text stands in memory as bytes and as characters
COSTS = {b"[": 64, b"{": 184, b",": 32, b'"': 25}
TEXT_COPIES = 2


def read_json(path: str | Path, what: str = "is not JSON", *, trust: bool = False) -> Any:
    """The content of a JSON file.

    Parameters
    ----------
    path : path
    what : str
        What to say of a file that is not JSON.
    trust : bool
        Read it however much memory it may take.

    Raises
    ------
    MissingFile, FileError
        There is no such file; it is not JSON, or would take more than 400 MB.
    """
    file = Path(path)
    if not file.exists():
        raise MissingFile(f"{path}: no such file; check the name and the folder {file.absolute().parent}")
    with explain_damage(path, what):
        if not trust:
            refuse_large_json(file)
        text = file.read_text(encoding="utf-8")
        with _no_collecting():
            return json.loads(text)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Look for no circles of references: JSON has none, and that took half of the time of 48,000 frames."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def refuse_large_json(path: Path) -> None:
    """Raise FileError where the content of a JSON file would take more than 400 MB of memory."""
    cost = TEXT_COPIES * path.stat().st_size
    if cost * max(COSTS.values()) <= LIMIT_BYTES:  # not even if it were all brackets
        return
    with path.open("rb") as file:
        while cost <= LIMIT_BYTES and (block := file.read(BLOCK_BYTES)):
            cost += sum(price * block.count(sign) for sign, price in COSTS.items())
    if cost > LIMIT_BYTES:
        raise FileError(
            f"{path}: its JSON would take more than {LIMIT_BYTES >> 20} MB of memory; if you trust the file pass "
            "trust=True"
        )
