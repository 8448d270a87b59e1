"""The files that a job reads: which they are, whether they changed, and that no target is among them."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from holdstill.errors import FileInTheWay
from holdstill.io.array_files import SEPARATOR

__all__ = ["check_apart", "fingerprint", "input_paths"]


def input_paths(images: Any) -> list[Path]:
    """Files and folders that stand behind images: those of a pattern or a list each; none for arrays and addresses."""
    if isinstance(images, list | tuple):
        return [path for part in images for path in input_paths(part)]
    if not isinstance(images, str | os.PathLike) or "://" in str(images):
        return []
    path = Path(str(images).partition(SEPARATOR)[0])
    if not path.exists() and glob.has_magic(str(path)):
        return [Path(name) for name in sorted(glob.glob(str(path)))]
    return [path]


def fingerprint(paths: Iterable[Path]) -> str:
    """Names, sizes and times of all files behind `paths`, as one short text: another if one of them changes."""
    digest = hashlib.sha256()
    for path in paths:
        for file in _files(path):
            status = file.stat()
            digest.update(
                f"{file.resolve()}|{status.st_size}|{status.st_mtime_ns}\n".encode("utf-8", "backslashreplace")
            )
    return digest.hexdigest()[:32]


def check_apart(targets: Sequence[str | Path], inputs: Sequence[Path]) -> None:
    """Raise FileInTheWay where a target is an input, holds one, lies within one that is a folder, or is named twice."""
    written = [Path(target).resolve() for target in targets]
    doubled = next((path for number, path in enumerate(written) if path in written[:number]), None)
    if doubled is not None:
        raise FileInTheWay(f"{doubled}: two results would have this name; choose another for one of them")
    for target, place in zip(targets, written, strict=True):
        for path in inputs:
            read = path.resolve()
            if place == read:
                raise FileInTheWay(f"{target}: input and output are the same file; choose another name for the output")
            if read.is_relative_to(place):
                raise FileInTheWay(f"{target}: the input {path} lies within it and would be lost; choose another name")
            if path.is_dir() and place.is_relative_to(read):
                raise FileInTheWay(f"{target}: lies within the input {path}; choose a place outside")


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        if path.exists():
            yield path
        return
    for folder, inner, names in os.walk(path):
        inner.sort()
        for name in sorted(names):
            yield Path(folder) / name
