"""File to file: registered, written corrected, resumed where it was interrupted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from holdstill.contracts import Source, list_changed
from holdstill.engines.choosing import engine_class, open_engine
from holdstill.errors import InputError
from holdstill.io import check_shared, check_target, create_sink
from holdstill.io.image import reading
from holdstill.io.inputs import check_apart, check_readable, input_paths
from holdstill.io.workspace import Workspace
from holdstill.result.applying import leave_out, write_corrected
from holdstill.result.registration import Registration
from holdstill.run.checkpoint import Book, keep_book
from holdstill.run.job import describe_job
from holdstill.run.noting import note_asked, note_inputs, note_resampling
from holdstill.run.options import CorrectingOptions
from holdstill.run.register import register_settled, settle_bin
from holdstill.run.setup import Target
from holdstill.run.targets import (
    check_free,
    find_finished,
    forget_arrays,
    list_results,
    mark_job,
    review_written,
    save_parts,
)  # fmt: skip

__all__ = ["correct_file"]

Files = str | Path | list[str | Path]


def correct_file(source: Files, target: str | Path, options: CorrectingOptions) -> Registration:
    """Register a file and write it corrected; the options are those of `holdstill.correct`.

    Raises
    ------
    HoldstillError
        A file is missing, damaged or in the way, or an option does not fit; nothing is written then.
    """
    _check_kinds(source, target)
    results, registering = list_results(target, options.writing), options.registering
    asked = list_changed(registering)
    inputs = [path for each in (source, registering.mask, registering.reference) for path in input_paths(each)]
    check_apart(results, inputs)
    for each in (registering.mask, registering.reference):
        for path in input_paths(each):
            check_readable(path)
    if engine_class(registering.engine).is_distributed:
        check_shared(target)
    with (
        Workspace(target) as workspace,
        reading(source, options.reading) as opened,
        open_engine(registering.engine, registering.workers) as engine,
    ):
        options = replace(options, registering=settle_bin(replace(registering, engine=engine), opened))
        workspace.complete()  # what was killed while it gave results their names
        check_apart(results, opened.files)
        options.resampling.check(opened.info.dtype)
        job = describe_job(opened, options)
        finished = find_finished(target, job) if options.writing.resume else None
        if finished is not None:
            workspace.clear()
            return finished
        check_free(results, options.writing.overwrite)
        with keep_book(workspace, job, resume=options.writing.resume, overwrite=options.writing.overwrite) as book:
            result, images = _write_all(opened, target, options, workspace, book)
            result = note_asked(note_inputs(mark_job(result, job), opened, options.reading), asked)
            review = review_written(result, opened, images, target) if options.writing.report else None
            parts = save_parts(result, target, options, workspace.folder, review)
            workspace.publish([*parts, (images, Path(target))], overwrite=options.writing.overwrite)
            forget_arrays(target, parts)
    return result


def _check_kinds(source: Files, target: str | Path) -> None:
    if not isinstance(source, str | Path | list | tuple):
        raise InputError(f"correct takes files, not {type(source).__name__}; register arrays, and apply what is found")
    if "://" in str(target):
        raise InputError(f"{target}: addresses are read, not written; choose a name on this machine")


def _write_all(
    opened: Source, target: str | Path, options: CorrectingOptions, workspace: Workspace, book: Book
) -> tuple[Registration, Path]:
    """The result, and where the corrected images are: in one pass, or in two where the first must end before."""
    resampling, registering, result = options.resampling, options.registering, None
    if resampling.crop is True or registering.is_decided_later:
        # what stands in the way of the target is told before any work; how much a crop leaves is not known yet
        whole = replace(resampling, crop=False) if resampling.crop is True else resampling
        check_target(target, whole.result(opened.info), overwrite=options.writing.overwrite, workspace=workspace)
        result = register_settled(opened, registering, Target(book=book))
        resampling, opened = resampling.crop_to(result.coverage), leave_out(result, opened)
    info = resampling.result(opened.info)
    with create_sink(target, info, overwrite=options.writing.overwrite, workspace=workspace) as sink:
        if result is None:
            result = register_settled(opened, registering, Target(sink=sink, resampling=resampling, book=book))
        else:
            write_corrected(result, opened, sink, resampling, registering)
            result = note_resampling(result, resampling)
        sink.note_shifts(result.shifts[result.kept])
        sink.finish()
    return result, sink.part
