"""The recipe: cycles and labels in, a value and a folder of tables, maps and regions out."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray, Progress, Source, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.engines.choosing import check_workers
from holdstill.engines.threads import available_cores
from holdstill.errors import InputError
from holdstill.integrity.alignment import recall_verdicts, register_cycles
from holdstill.integrity.channels import Channels, find_table, read_channels
from holdstill.integrity.cycles import Cycle, describe, open_cycles
from holdstill.integrity.glass import find_tissue
from holdstill.integrity.job import check_target, describe_job, open_job, register_once
from holdstill.integrity.labels import check_labels, label_rows, open_labels
from holdstill.integrity.options import IntegrityOptions
from holdstill.integrity.overview import Overview
from holdstill.integrity.results import LABELS, write_results
from holdstill.integrity.rows import AlignedRows, FileRows, Rows
from holdstill.integrity.streaming import add_all
from holdstill.integrity.sums import Sums
from holdstill.integrity.threshold import split_correlations
from holdstill.integrity.value import Integrity
from holdstill.io.disk import replacing
from holdstill.result.registration import Registration
from holdstill.result.viewer.exports import write_labels
from holdstill.run.checkpoint import Book

__all__ = ["measure"]


def measure(
    images: Any,
    *,
    labels: Any = None,
    out: str | Path | None = None,
    channel: str | int | Sequence[str | int] | None = None,
    axes: str | None = None,
    tile: int = 50,
    slack: int = 0,
    register: str | None = None,
    threshold: float | None = None,
    names: Any = None,
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
    channel : str, int or sequence of them, optional
        The nuclear channel by number or name: one for all cycles, or one each. Default: the first; of pictures in
        colours the mean of them.
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
    names : sequence, str or path, optional
        What was stained in each cycle: a text, or several, for each; texts with commas between; or a table (CSV) with
        one row for each channel, of which the columns ``cycle`` and ``marker_name`` count. By default what the files
        say: names of all channels of each file, and of a stack those from one nuclear channel up to the next.
    overwrite, resume : bool
        Replace earlier results; go on where an interrupted run was, with identical bytes. Of a job that had finished
        already the result is read back.
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
    check_labels(images, labels)
    folder = None if out is None else Path(out)
    if folder is not None:
        check_target(folder, [images, labels, find_table(names)], overwrite or resume)
    with ExitStack() as stack:
        cycles = stack.enter_context(open_cycles(images, channel=channel, axes=axes))
        channels = _name_channels(cycles, names)
        source = stack.enter_context(open_labels(labels))
        rows = label_rows(source, cycles[0].shape, options.tile)
        pool = stack.enter_context(ThreadPoolExecutor(workers or available_cores()))

        def compute(book: Book | None, overview: Overview | None) -> tuple[Integrity, Registration | None]:
            registration = _register(folder, cycles, options.motion, pool, book, progress)
            verdicts = recall_verdicts(images, len(cycles)) if registration is None else _name_verdicts(registration)
            sums = Sums(len(cycles), options.slack, rows.dtype, math.prod(rows.shape))
            add_all(sums, overview, rows, _cycle_rows(cycles, registration), pool, book, progress)
            off = _find_off(registration, len(cycles))
            found, order = _conclude(sums, options, cycles, verdicts, channels, off, source is not None)
            if overview is not None:
                overview.renumber(order)
            return found, registration

        if folder is None:
            return compute(None, None)[0]
        job = describe_job([images, labels], describe(cycles), options, channels)
        finished, book = stack.enter_context(open_job(folder, job, resume=resume, overwrite=overwrite))
        if finished is not None:
            return finished
        overview = Overview(rows.shape, len(cycles))
        found, registration = compute(book, overview)
        inputs = _describe_inputs(folder, cycles, labels, source, options)
        write_results(folder, found, overview, inputs, registration, job)
    return found


def _name_channels(cycles: list[Cycle], names: Any) -> Channels:
    """What was stained in each cycle: as it is given, else as the files say."""
    return tuple(cycle.channels for cycle in cycles) if names is None else read_channels(names, len(cycles))


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


def _register(
    folder: Path | None,
    cycles: list[Cycle],
    motion: str | None,
    pool: ThreadPoolExecutor,
    book: Book | None,
    progress: Progress | None,
) -> Registration | None:
    """Transforms from the first cycle to each, None where they are not asked for."""
    if motion is None:
        return None
    register = partial(register_cycles, cycles, motion, pool, progress)
    return register() if folder is None else register_once(folder, book, register)


def _cycle_rows(cycles: list[Cycle], registration: Registration | None) -> list[Rows]:
    rows: list[Rows] = [FileRows(cycle.source, cycle.frame, cycle.channel) for cycle in cycles]
    if registration is None:
        return rows
    device = CpuDevice()
    return [rows[0], *(AlignedRows(r, registration[t], device) for t, r in enumerate(rows[1:], 1))]


def _find_off(registration: Registration | None, n_cycles: int) -> NDArray[np.bool_]:
    """Which cycles still lie off by what costs correlation, (n_cycles,): they would raise the threshold of all."""
    told = [None] * n_cycles if registration is None else registration.provenance["residuals"]
    return np.array([residual is not None and residual["off"] for residual in told])


def _conclude(
    sums: Sums,
    options: IntegrityOptions,
    cycles: list[Cycle],
    verdicts: tuple[str, ...],
    channels: Channels,
    off: NDArray[np.bool_],
    is_labelled: bool,
) -> tuple[Integrity, NDArray[np.intp]]:
    """The value, and which of the cells as they were first seen each of its rows is."""
    if not sums.n_cells:
        raise InputError("the labels hold no cell: all are 0 or below; check that this is the image of labels")
    measured = sums.correlations()
    verdicts = _find_blank(measured.first, verdicts)
    for k in [k for k, verdict in enumerate(verdicts) if verdict != "ok"]:
        measured.first[:, k] = measured.mean[:, k] = np.nan
        measured.previous[:, k : k + 2] = np.nan
    order = np.argsort(measured.labels, kind="stable")
    if not is_labelled:
        order = order[find_tissue(measured.first[order, 1:], measured.mean[order, 0], measured.area[order])]
    first = measured.first[order]
    if options.threshold is None:
        telling = ~off[1:] & np.isfinite(first[:, 1:]).any(axis=0)
        split = split_correlations(first[:, 1:][:, telling if telling.any() else ...], measured.area[order])
        value, how = split.threshold, split.how
    else:
        value, how = options.threshold, "as given"
    found = Integrity(
        cells=measured.labels[order], area=measured.area[order], centroid=measured.centroid[order],
        correlation_first=first, correlation_previous=measured.previous[order], mean=measured.mean[order],
        threshold=value, threshold_from=how, names=tuple(cycle.name for cycle in cycles), slack=options.slack,
        shape=(int(cycles[0].shape[0]), int(cycles[0].shape[1])), verdicts=verdicts, channels=channels,
        n_without_tissue=len(measured.labels) - len(order),
    )  # fmt: skip
    return found, order


def _find_blank(first: FloatArray, verdicts: tuple[str, ...]) -> tuple[str, ...]:
    """Verdicts in which a cycle without a signal in any cell is blank: missing, rather than all of its tissue lost."""
    shows = [bool(np.isfinite(column).any()) for column in first.T]
    if all(shows) or not shows[0]:
        return verdicts
    told = verdicts or ("ok",) * len(shows)
    return tuple(
        Verdict.BLANK.value if verdict == "ok" and not seen else verdict
        for verdict, seen in zip(told, shows, strict=True)
    )
