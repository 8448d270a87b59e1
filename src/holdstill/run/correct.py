"""File to file: registered, written corrected, resumed where it was interrupted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from holdstill.contracts import Source
from holdstill.engines.choosing import engine_class, open_engine
from holdstill.errors import InputError
from holdstill.io import check_shared, create_sink
from holdstill.io.image import reading
from holdstill.io.inputs import check_apart, input_paths
from holdstill.io.workspace import Workspace
from holdstill.result.registration import Registration
from holdstill.run.checkpoint import Checkpoint, describe_job
from holdstill.run.options import CorrectingOptions
from holdstill.run.pipeline import Target
from holdstill.run.register import register
from holdstill.run.targets import check_free, list_results, save_results

__all__ = ["correct_file", "keep_checkpoint"]

Files = str | Path | list[str | Path]


def correct_file(source: Files, target: str | Path, options: CorrectingOptions) -> Registration:
    """Register a file and write it corrected; the options are those of `holdstill.correct`.

    Raises
    ------
    HoldstillError
        A file is missing, damaged or in the way, or an option does not fit; nothing is written then.
    """
    _check_kinds(source, target)
    workspace, registering = Workspace(target), options.registering
    _check_places(source, target, options, workspace)
    if engine_class(registering.engine).is_distributed:
        check_shared(target)
    with (
        workspace,
        reading(source, options.reading) as opened,
        open_engine(registering.engine, registering.workers) as engine,
    ):
        options = replace(options, registering=replace(registering, engine=engine))
        check_apart(list_results(target, options.writing), opened.files)
        options.resampling.check(opened.info.dtype)
        with keep_checkpoint(workspace, opened, options) as checkpoint:
            return _write_all(opened, target, options, workspace, checkpoint)


@contextmanager
def keep_checkpoint(workspace: Workspace, source: Source, options: CorrectingOptions) -> Iterator[Checkpoint]:
    """What a job has done so far; it stays where the job ends early, if there is anything worth going on with."""
    job, writing = describe_job(source, options), options.writing
    checkpoint = Checkpoint(workspace, job, resume=writing.resume, overwrite=writing.overwrite)
    try:
        yield checkpoint
    except BaseException:
        if not checkpoint.is_worth_keeping:
            checkpoint.remove()
        raise
    checkpoint.remove()


def _check_kinds(source: Files, target: str | Path) -> None:
    if not isinstance(source, str | Path | list | tuple):
        raise InputError(f"correct takes files, not {type(source).__name__}; register arrays, and apply what is found")
    if "://" in str(target):
        raise InputError(f"{target}: addresses are read, not written; choose a name on this machine")


def _check_places(source: Files, target: str | Path, options: CorrectingOptions, workspace: Workspace) -> None:
    """Raise FileInTheWay where a result would replace an input, or what is there unasked."""
    results, registering = list_results(target, options.writing), options.registering
    inputs = [path for each in (source, registering.mask, registering.reference) for path in input_paths(each)]
    check_apart(results, inputs)
    check_free(results, _may_replace(options, workspace))


def _may_replace(options: CorrectingOptions, workspace: Workspace) -> bool:
    """Whether results may replace what is there: as asked for, or because the job that goes on wrote it."""
    return options.writing.overwrite or (options.writing.resume and Checkpoint.was_finishing(workspace.folder))


def _write_all(
    opened: Source, target: str | Path, options: CorrectingOptions, workspace: Workspace, checkpoint: Checkpoint
) -> Registration:
    """The corrected images and what stands beside them: in one pass, or in two where the first must end before."""
    resampling, registering, result = options.resampling, options.registering, None
    overwrite = _may_replace(options, workspace)
    if resampling.crop is True or registering.is_reduced:
        result = register(opened, registering, Target(checkpoint=checkpoint))
        resampling = resampling.crop_to(result.coverage)
    info = resampling.result(opened.info)
    with create_sink(target, info, overwrite=overwrite, workspace=workspace) as sink:
        if result is None:
            result = register(opened, registering, Target(sink=sink, resampling=resampling, checkpoint=checkpoint))
        else:
            result.write(opened, sink, resampling, registering)
        checkpoint.note_finishing()
        save_results(result, target, options)
        sink.finish()
    return result
