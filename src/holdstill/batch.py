"""Many files at once: one bad file stops no other, and positions that move together may share one motion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.contracts import Covariance, ReadingOptions, Verdict, split_options
from holdstill.errors import FileError, HoldstillError, InputError, Stopped
from holdstill.io import create_sink
from holdstill.io.formats import WRITERS
from holdstill.io.image import reading
from holdstill.io.inputs import check_apart
from holdstill.io.workspace import Workspace
from holdstill.resampling.settings import Resampling
from holdstill.result.applying import write_corrected
from holdstill.result.fields import treat
from holdstill.result.registration import Registration
from holdstill.run.checkpoint import keep_book
from holdstill.run.correct import correct_file
from holdstill.run.noting import note_inputs, note_resampling
from holdstill.run.options import CorrectingOptions, RegisteringOptions, WritingOptions
from holdstill.run.register import register
from holdstill.run.targets import check_free, list_results, review_written, save_parts
from holdstill.transforms.composition import share_motion

__all__ = ["correct_all", "correct_each", "target_of"]

# positions farther apart than so many of their error bars do not move together
APART = 6.0
SUFFIX = ".ome.tif"

Result = Registration | HoldstillError
Notify = Callable[[Path, Result], None]


def target_of(source: Path, folder: Path) -> Path:
    """Where the corrected `source` goes: ``NAME.ome.tif`` in the folder."""
    name = source.name
    for suffix in (".ome.tif", ".ome.tiff", source.suffix):
        if suffix and name.lower().endswith(suffix):
            name = name[: -len(suffix)]
            break
    return folder / f"{name}{SUFFIX}"


def correct_all(
    sources: Sequence[str | Path],
    folder: str | Path,
    *,
    share: bool = False,
    notify: Notify = lambda source, result: None,
    **options: Any,
) -> dict[Path, Result]:
    """Correct many files into a folder.

    Parameters
    ----------
    sources : sequence of path
    folder : path
        Made if it does not exist.
    share : bool
        The files are positions that move together: each is registered, and all are corrected by the weighted mean.
    notify : callable (source, result or error), optional
        Called after each file.
    **options
        As for `holdstill.correct`.

    Returns
    -------
    dict
        For each source its result, or the error that it ended with.

    Raises
    ------
    FileError, InputError
        The folder cannot be made, two sources have one name, or positions do not move together.
    Stopped
        The caller's `progress` returned False.
    """
    reading, registering, resampling, writing = split_options(
        options, ReadingOptions, RegisteringOptions, Resampling, WritingOptions
    )
    values = CorrectingOptions(reading=reading, registering=registering, resampling=resampling, writing=writing)
    return correct_each(sources, folder, values, share=share, notify=notify)


def correct_each(
    sources: Sequence[str | Path], folder: str | Path, options: CorrectingOptions, *, share: bool, notify: Notify
) -> dict[Path, Result]:
    """As `correct_all`, with the options as a value."""
    targets = _make_targets([Path(source) for source in sources], Path(folder))
    if share:
        return _correct_together(targets, notify, options)
    results: dict[Path, Result] = {}
    for path, target in targets.items():
        results[path] = _correct_one(path, target, options)
        notify(path, results[path])
    return results


def _make_targets(paths: list[Path], folder: Path) -> dict[Path, Path]:
    """Where each file goes, in a folder that is there."""
    if folder.suffix.lower() in WRITERS and not folder.is_dir():
        raise InputError(
            f"{folder}: has the name of a file, and many movies go into a folder; "
            f"for one: holdstill correct {paths[0] if paths else 'IN'} {folder}"
        )
    targets = {path: target_of(path, folder) for path in paths}
    if len(set(targets.values())) < len(targets):
        raise InputError(f"{folder}: two of the files have the same name; correct them into different folders")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{folder}: cannot be made ({error.strerror}); choose another folder") from error
    return targets


def _correct_one(path: Path, target: Path, options: CorrectingOptions) -> Result:
    try:
        return correct_file(path, target, options)
    except Stopped:
        raise
    except HoldstillError as error:
        return error


def _correct_together(targets: dict[Path, Path], notify: Notify, options: CorrectingOptions) -> dict[Path, Result]:
    """Register all, then correct each by the motion that they share."""
    if options.writing.resume:
        raise InputError("positions that share one motion cannot be resumed; leave out --resume or --share")
    if options.registering.repair != "interpolate":
        raise InputError("positions that share one motion are repaired by it; leave out --repair or --share")
    results: dict[Path, Result] = {}
    for path, target in targets.items():
        results[path] = _register_one(path, target, options)
        if not isinstance(results[path], Registration):
            notify(path, results[path])
    found = {path: result for path, result in results.items() if isinstance(result, Registration)}
    for path, together in _with_one_motion(found).items():
        results[path] = _apply_one(path, targets[path], together, options)
        notify(path, results[path])
    return results


def _register_one(path: Path, target: Path, options: CorrectingOptions) -> Result:
    try:
        check_free(list_results(target, options.writing), options.writing.overwrite, path)
        with reading(path, options.reading) as source:
            return note_inputs(register(source, options.registering), source, options.reading)
    except Stopped:
        raise
    except HoldstillError as error:
        return error


def _apply_one(path: Path, target: Path, result: Registration, options: CorrectingOptions) -> Result:
    resampling = options.resampling.crop_to(result.coverage) if options.resampling.crop else options.resampling
    results, overwrite = list_results(target, options.writing), options.writing.overwrite
    try:
        with Workspace(target) as workspace, reading(path, options.reading) as source:
            workspace.complete()
            check_apart(results, source.files)
            check_free(results, overwrite)
            resampling.check(source.info.dtype)
            with keep_book(workspace, {"shared": str(path)}, resume=False, overwrite=overwrite):
                info = resampling.result(source.info)
                with create_sink(target, info, overwrite=overwrite, workspace=workspace) as sink:
                    write_corrected(result, source, sink, resampling, options.registering)
                    sink.finish()
                result = note_resampling(result, resampling)
                review = review_written(result, source, sink.part, target) if options.writing.report else None
                parts = save_parts(result, target, options, workspace.folder, review)
                workspace.publish([*parts, (sink.part, target)], overwrite=overwrite)
    except Stopped:
        raise
    except HoldstillError as error:
        return error
    return result


def _with_one_motion(found: dict[Path, Registration]) -> dict[Path, Registration]:
    """Each result with the motion that all share. Raises InputError if a position moves on its own."""
    if not found:
        return {}
    results = found.values()
    trajectory, errors, apart = share_motion([one.trajectory for one in results], [one.errors for one in results])
    for path, off in zip(found, apart, strict=True):
        if off > APART:
            raise InputError(f"{path}: moves on its own, {off:.0f} error bars from the others; leave it or --share out")
    covariance = Covariance.of_errors(errors)
    good = [bool(np.isfinite(row).all()) for row in errors]
    together = {}
    for path, one in found.items():
        verdicts = tuple(Verdict.OK if ok else verdict for ok, verdict in zip(good, one.verdicts, strict=True))
        together[path] = replace(
            one, parameters=trajectory.parameters, covariance=covariance,
            corner_errors=trajectory.corner_errors(covariance), verdicts=verdicts, treatments=treat(verdicts),
            provenance={**one.provenance, "shared by": len(found)},
        )  # fmt: skip
    return together
