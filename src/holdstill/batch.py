"""Many files at once: one bad file stops no other, and positions that move together may share one motion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.api import check_free, correct, register, sidecars
from holdstill.contracts import Covariance, Verdict
from holdstill.errors import FileError, HoldstillError, InputError
from holdstill.result.registration import Registration, load
from holdstill.result.value import treat
from holdstill.transforms.composition import shared

__all__ = ["correct_all", "target_of"]

# positions farther apart than so many of their error bars do not move together
APART = 6.0
SUFFIX = ".ome.tif"
# what writing needs to know as well as estimating
SHARED_BY_APPLY = ("axes", "scene", "skip_bad", "trust", "device", "workers")
RESAMPLING = ("interpolation", "edge", "fill", "crop")

Result = Registration | HoldstillError
Told = Callable[[Path, Result], None]


def target_of(source: Path, folder: Path) -> Path:
    """Where the corrected `source` goes: ``NAME.ome.tif`` in the folder."""
    name = source.name
    for suffix in (".ome.tif", ".ome.tiff", source.suffix):
        if suffix and name.lower().endswith(suffix):
            name = name[: -len(suffix)]
            break
    return folder / f"{name}{SUFFIX}"


def correct_all(
    sources: Sequence[str | Path], folder: str | Path, *, share: bool = False, told: Told | None = None, **options: Any
) -> dict[Path, Result]:
    """Correct many files into a folder.

    Parameters
    ----------
    sources : sequence of path
    folder : path
        Made if it does not exist.
    share : bool
        The files are positions that move together: each is registered, and all are corrected by the weighted mean.
    told : callable (source, result or error), optional
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
    """
    paths, target = [Path(source) for source in sources], Path(folder)
    targets = {path: target_of(path, target) for path in paths}
    if len(set(targets.values())) < len(targets):
        raise InputError(f"{target}: two of the files have the same name; correct them into different folders")
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{target}: cannot be made ({error.strerror}); choose another folder") from error
    tell = told or (lambda source, result: None)
    if share:
        return _correct_together(targets, tell, **options)
    results: dict[Path, Result] = {}
    for path, result in targets.items():
        try:
            if options.get("resume") and is_done(result):
                results[path] = load(sidecars(result)["transforms"])
            else:
                results[path] = correct(path, result, **options)
        except HoldstillError as error:
            results[path] = error
        tell(path, results[path])
    return results


def is_done(target: Path) -> bool:
    """Whether an earlier run completed a target, so that going on means leaving it."""
    workspace = target.with_name(f".{target.name}.resume")
    return target.exists() and sidecars(target)["transforms"].exists() and not workspace.exists()


def _correct_together(targets: dict[Path, Path], tell: Told, **options: Any) -> dict[Path, Result]:
    overwrite, report = options.pop("overwrite", False), options.pop("report", True)
    if options.pop("resume", False):
        raise InputError("positions that share one motion cannot be resumed; leave out --resume or --share")
    reading = {name: options[name] for name in SHARED_BY_APPLY if name in options}
    resampling = {name: options.pop(name) for name in RESAMPLING if name in options}
    results: dict[Path, Result] = {}
    for path, target in targets.items():
        try:
            check_free([target, *sidecars(target).values()], overwrite, path)
            results[path] = register(path, **options)
        except HoldstillError as error:
            results[path] = error
            tell(path, error)
    found = {path: result for path, result in results.items() if isinstance(result, Registration)}
    for path, one in _with_one_motion(found).items():
        try:
            one.apply(path, out=targets[path], overwrite=overwrite, **reading, **resampling)
        except HoldstillError as error:
            results[path] = error
            tell(path, error)
            continue
        files = sidecars(targets[path])
        one.save(files["transforms"])
        one.to_csv(files["table"])
        if report:
            one.report(files["report"])
        results[path] = one
        tell(path, one)
    return results


def _with_one_motion(found: dict[Path, Registration]) -> dict[Path, Registration]:
    """Each result with the motion that all share. Raises InputError if a position moves on its own."""
    if not found:
        return {}
    results = found.values()
    trajectory, errors, apart = shared([one.trajectory for one in results], [one.errors for one in results])
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
