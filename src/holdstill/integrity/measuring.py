"""The recipe: cycles and labels in, a value and a folder of tables, maps and regions out."""

from __future__ import annotations

import hashlib
import math
import os
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Progress, Source
from holdstill.devices.cpu import CpuDevice
from holdstill.engines.choosing import check_workers
from holdstill.engines.threads import available_cores
from holdstill.errors import FileInTheWay, InputError
from holdstill.integrity.alignment import recall_verdicts, register_cycles
from holdstill.integrity.cycles import Cycle, check_labels, describe, open_cycles, open_plane
from holdstill.integrity.labels import label_rows
from holdstill.integrity.options import IntegrityOptions
from holdstill.integrity.overview import Overview
from holdstill.integrity.results import LABELS, SUMMARY, write_results
from holdstill.integrity.rows import AlignedRows, FileRows, Rows
from holdstill.integrity.streaming import add_all
from holdstill.integrity.sums import Sums
from holdstill.integrity.threshold import split_correlations
from holdstill.integrity.value import Integrity
from holdstill.io import disk
from holdstill.io.disk import replacing
from holdstill.io.inputs import check_apart, fingerprint, input_paths
from holdstill.io.workspace import Workspace
from holdstill.result.registration import Registration
from holdstill.result.viewer.exports import write_labels
from holdstill.run.checkpoint import Book, keep_book

__all__ = ["measure"]


def measure(
    images: Any,
    *,
    labels: Any = None,
    out: str | Path | None = None,
    channel: str | int | Sequence[str | int] = 0,
    axes: str | None = None,
    tile: int = 50,
    slack: int = 0,
    register: str | None = None,
    threshold: float | None = None,
    overwrite: bool = False,
    resume: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Integrity:
    """Measure how each cell's nuclear stain correlates over the cycles of cyclic imaging.

    Every pixel is read once, in order, in memory that does not grow with the slide: about 400 MB for a million cells in
    ten cycles, ``(2 slack + 1)^2`` times that with `slack`.

    Parameters
    ----------
    images : path, array, or list of paths
        A movie ``T(C)YX`` whose frames are cycles, a stack ``CYX`` of which several channels are cycles, a folder or
        pattern in natural order, or files in the order of the cycles.
    labels : path or array, (y, x), optional
        Integers of any dtype, a cell's label in each of its pixels; 0 and below is no cell. By default squares of
        `tile` px stand for cells.
    out : path, optional
        Folder for the tables, maps and regions; without it nothing is written.
    channel : str, int or sequence of them
        The nuclear channel by number or name: one for all cycles, or one each.
    axes : str, optional
        Axes of each file, where it does not say.
    tile : int
        Side of the squares, px.
    slack : {0, 1, 2, 3}
        Each cell may have moved by so many px along each axis; the best of ``(2 slack + 1)^2`` shifts counts.
    register : {"translation", "rigid", "similarity", "affine", "projective", "piecewise"}, optional
        Register each cycle to the first in this family, on the nuclear channel, and compare what lies over each other
        then; ``"piecewise"`` bends, tile by tile. Cells that a cycle does not show have NaN there, and so have
        all in a cycle that could not be registered, and in one that `holdstill correct` flagged when it wrote `images`.
    threshold : float, optional
        Correlation with the first cycle from which on a cell counts as kept; by default the split of the distribution
        into two components.
    overwrite, resume : bool
        Replace earlier results; go on where an interrupted run was, with identical bytes.
    workers : int, optional
        Threads; default: one a core. The result does not depend on it.
    progress : callable (stage, done, total), optional

    Returns
    -------
    Integrity

    Raises
    ------
    HoldstillError
        Cycles or labels cannot be read, do not fit together, or results are in the way; the text says what to do.

    Examples
    --------
    >>> import numpy as np
    >>> from holdstill import integrity
    >>> cycles = np.random.default_rng(0).random((2, 40, 40))
    >>> cycles[1, :, :20] = cycles[0, :, :20]
    >>> integrity.measure(cycles, tile=20, threshold=0.5).kept[:, 1]
    array([ True, False,  True, False])
    """
    options = IntegrityOptions(tile=tile, slack=slack, motion=register, threshold=threshold)
    check_workers(workers)
    folder = None if out is None else Path(out)
    with ExitStack() as stack:
        if folder is not None:
            _check_target(folder, [images, labels], overwrite or (resume and Workspace(folder).folder.exists()))
        check_labels(images, labels)
        cycles = stack.enter_context(open_cycles(images, channel=channel, axes=axes))
        source = None if labels is None else stack.enter_context(open_plane(labels))
        rows = label_rows(source, cycles[0].shape, options.tile)
        pool = stack.enter_context(ThreadPoolExecutor(workers or available_cores()))
        book = None
        if folder is not None:
            job = {
                "files": fingerprint(input_paths(images) + input_paths(labels)), "cycles": describe(cycles),
                "arrays": _digest_arrays([images, labels]), "options": repr(replace(options, threshold=None)),
                "version": version("holdstill"),
            }  # fmt: skip
            book = stack.enter_context(_keep_book(folder, job, resume=resume, overwrite=overwrite))
        registration = register_cycles(cycles, options.motion, pool) if options.motion else None
        verdicts = recall_verdicts(images, len(cycles)) if registration is None else _name_verdicts(registration)
        sums = Sums(len(cycles), options.slack, rows.dtype, math.prod(rows.shape))
        overview = None if folder is None else Overview(rows.shape, len(cycles))
        add_all(sums, overview, rows, _cycle_rows(cycles, registration), pool, book, progress)
        found, order = _conclude(sums, options, cycles, verdicts)
        del sums  # 400 MB for a million cells, which the tables need
        if folder is not None and overview is not None:
            overview.renumber(order)
            inputs = _describe_inputs(folder, cycles, labels, source, options)
            write_results(folder, found, overview, inputs, registration)
    return found


def _digest_arrays(images: Any) -> list[str]:
    """A text for each array in memory, another if a pixel changes; of what is lazy, one that never comes again."""
    if images is None or isinstance(images, str | os.PathLike):
        return []
    if isinstance(images, list | tuple):
        return [digest for part in images for digest in _digest_arrays(part)]
    if not isinstance(images, np.ndarray):
        return [uuid.uuid4().hex]
    return [f"{images.dtype} {images.shape} {hashlib.sha256(np.ascontiguousarray(images).data).hexdigest()}"]


@contextmanager
def _keep_book(folder: Path, job: dict[str, Any], *, resume: bool, overwrite: bool) -> Iterator[Book]:
    """What is summed so far, beside the folder of the results, which is there while the block runs."""
    with disk.explain_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
    with Workspace(folder) as workspace:
        with keep_book(workspace, job, resume=resume, overwrite=overwrite) as book:
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
        workspace.clear()


def _describe_inputs(
    folder: Path, cycles: list[Cycle], labels: Any, source: Source | None, options: IntegrityOptions
) -> dict[str, Any]:
    """Where the images are, and where they lie beside the results; labels of an array are kept among these."""
    told = describe(cycles)
    place = os.path.abspath(labels) if isinstance(labels, str | os.PathLike) else None
    (folder / LABELS).unlink(missing_ok=True)
    if source is not None and place is None:
        (folder / LABELS).parent.mkdir(exist_ok=True)
        with replacing(folder / LABELS) as temporary:
            write_labels(temporary, source)
        place = os.path.abspath(folder / LABELS)
    files = {file for file in (place, *(each["file"] for each in told)) if file is not None and "://" not in file}
    return {
        "cycles": told, "labels": place, "tile": None if source else options.tile,
        "beside": {file: beside for file in sorted(files) if (beside := _relate(file, folder)) is not None},
    }  # fmt: skip


def _relate(file: str, folder: Path) -> str | None:
    """The way from a folder to a file, None where there is none, as between drives."""
    try:
        return os.path.relpath(file, folder.absolute())
    except ValueError:
        return None


def _name_verdicts(registration: Registration) -> tuple[str, ...]:
    return tuple(verdict.value for verdict in registration.verdicts)


def _check_target(folder: Path, inputs: list[Any], replaces: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise FileInTheWay(f"{folder}: is a file; give a folder for the results")
    given = [path for each in inputs for path in input_paths(each)]
    check_apart([folder / name for name in ("integrity.csv", SUMMARY, LABELS)], given)
    if (folder / SUMMARY).exists() and not replaces:
        raise FileInTheWay(f"{folder}: holds results already; choose another folder or pass overwrite (--overwrite)")


def _cycle_rows(cycles: list[Cycle], registration: Registration | None) -> list[Rows]:
    rows: list[Rows] = [FileRows(cycle.source, cycle.frame, cycle.channel) for cycle in cycles]
    if registration is None:
        return rows
    device = CpuDevice()
    return [rows[0], *(AlignedRows(r, registration[t], device) for t, r in enumerate(rows[1:], 1))]


def _conclude(
    sums: Sums, options: IntegrityOptions, cycles: list[Cycle], verdicts: tuple[str, ...]
) -> tuple[Integrity, NDArray[np.intp]]:
    """The value, and which of the cells as they were first seen each of its rows is."""
    if not sums.n_cells:
        raise InputError("the labels hold no cell: all are 0 or below; check that this is the image of labels")
    measured = sums.correlations()
    for k in [k for k, verdict in enumerate(verdicts) if verdict != "ok"]:
        measured.first[:, k] = measured.mean[:, k] = np.nan
        measured.previous[:, k : k + 2] = np.nan
    order = np.argsort(measured.labels, kind="stable")
    first = measured.first[order]
    if options.threshold is None:
        split = split_correlations(first[:, 1:], float(np.median(measured.area)))
        value, how = split.threshold, split.how
    else:
        value, how = options.threshold, "as given"
    found = Integrity(
        cells=measured.labels[order], area=measured.area[order], centroid=measured.centroid[order],
        correlation_first=first, correlation_previous=measured.previous[order], mean=measured.mean[order],
        threshold=value, threshold_from=how, names=tuple(cycle.name for cycle in cycles), slack=options.slack,
        shape=(int(cycles[0].shape[0]), int(cycles[0].shape[1])), verdicts=verdicts,
    )  # fmt: skip
    return found, order
