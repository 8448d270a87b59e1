"""What a run that writes is known by, and where it keeps what is summed, so that it can go on or be read back."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.errors import FileInTheWay
from holdstill.integrity.channels import Channels
from holdstill.integrity.options import IntegrityOptions
from holdstill.integrity.recalling import recall, require_same
from holdstill.integrity.results import ALIGNMENT, LABELS, SUMMARY
from holdstill.integrity.value import Integrity
from holdstill.io import disk
from holdstill.io.inputs import check_apart, fingerprint, input_paths
from holdstill.io.workspace import Workspace
from holdstill.result.registration import Registration, load
from holdstill.run.checkpoint import Book, keep_book

__all__ = ["check_target", "describe_job", "open_job", "register_once"]

# what changes with these comes after the sums
AFTER_SUMS = ("threshold", "names")


def check_target(folder: Path, inputs: list[Any], replaces: bool) -> None:
    """Before any work: raise FileInTheWay where the folder is a file, holds an input or results, unless it replaces."""
    if folder.exists() and not folder.is_dir():
        raise FileInTheWay(f"{folder}: is a file; give a folder for the results")
    given = [path for each in inputs for path in input_paths(each)]
    check_apart([folder / name for name in ("integrity.csv", "cycles.csv", SUMMARY, LABELS)], given)
    if (folder / SUMMARY).exists() and not replaces:
        raise FileInTheWay(f"{folder}: holds results already; choose another folder or pass overwrite (--overwrite)")


def describe_job(
    inputs: list[Any], cycles: list[dict[str, Any]], options: IntegrityOptions, channels: Channels
) -> dict[str, Any]:
    """All that decides the result, as plain values.

    Parameters
    ----------
    inputs : list
        Cycles and labels as they were given.
    cycles : list of dict
        Which image of which file each cycle is.
    options : IntegrityOptions
    channels : tuple of tuple of str
        What was stained in each cycle.
    """
    job = {
        "files": fingerprint(input_paths(inputs)), "cycles": cycles,
        "arrays": _digest_arrays(inputs), "options": repr(replace(options, threshold=None)),
        "threshold": options.threshold, "names": channels, "version": version("holdstill"),
    }  # fmt: skip
    plain: dict[str, Any] = json.loads(json.dumps(job))
    return plain


@contextmanager
def open_job(
    folder: Path, job: dict[str, Any], *, resume: bool, overwrite: bool
) -> Iterator[tuple[Integrity | None, Book | None]]:
    """What this very job found, if it had finished, else the book of its sums, open while the block runs.

    Raises
    ------
    FileInTheWay, InputError, FileError
        Another process works there, another job is to be gone on with or has finished, or nothing can be written.
    """
    was_begun = Workspace(folder).folder.exists()
    with disk.explain_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
    with Workspace(folder) as workspace:
        with ExitStack() as stack:
            finished, book = recall(folder, job) if resume else None, None
            if finished is None:
                if resume and not (was_begun or overwrite):
                    require_same(folder, job)
                book = stack.enter_context(_keep_book(workspace, job, resume=resume, overwrite=overwrite))
            yield finished, book
        workspace.clear()


def register_once(folder: Path, book: Book | None, register: Callable[[], Registration]) -> Registration:
    """What this very job found before it was interrupted, else what is found now, kept for the next time."""
    if book is None:
        return register()
    path = Workspace(folder).folder / ALIGNMENT
    if not (book.is_worth_keeping and path.exists()):
        register().save(path)
        book.save_learned({"registered": np.array(True)})
    return load(path)


@contextmanager
def _keep_book(workspace: Workspace, job: dict[str, Any], *, resume: bool, overwrite: bool) -> Iterator[Book]:
    """What is summed so far; the folder of the results is there while the block runs."""
    folder = workspace.target
    summed = {name: value for name, value in job.items() if name not in AFTER_SUMS}
    with keep_book(workspace, summed, resume=resume, overwrite=overwrite) as book:
        was_there = folder.exists()
        with disk.explain_errors(folder):
            folder.mkdir(exist_ok=True)
        try:
            yield book
        except BaseException:
            if not was_there:
                with suppress(OSError):
                    folder.rmdir()  # only if it is empty
            raise


def _digest_arrays(images: Any) -> list[str]:
    """A text for each array in memory, another if a pixel changes; of what is lazy, one that never comes again."""
    if images is None or isinstance(images, str | os.PathLike):
        return []
    if isinstance(images, list | tuple):
        return [digest for part in images for digest in _digest_arrays(part)]
    if not isinstance(images, np.ndarray):
        return [uuid.uuid4().hex]
    return [f"{images.dtype} {images.shape} {hashlib.sha256(np.ascontiguousarray(images).data).hexdigest()}"]
