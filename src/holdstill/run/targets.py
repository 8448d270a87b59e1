"""What `correct` writes and where, and whether the places are free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from holdstill.contracts import Source
from holdstill.errors import FileError, MissingFile
from holdstill.io.formats import open_part
from holdstill.io.image import write_mask
from holdstill.io.inputs import check_apart, check_replaceable, input_paths
from holdstill.result.archive import find_archive
from holdstill.result.files import write_result
from holdstill.result.registration import Registration, load
from holdstill.result.review import Review, review_images, review_sources
from holdstill.run.job import digest_job
from holdstill.run.options import CorrectingOptions, WritingOptions

__all__ = [
    "FINISHED", "SUFFIXES", "check_free", "find_finished", "forget_arrays", "list_results", "list_saved", "mark_job",
    "review_written", "save_parts", "save_results", "sidecars",
]  # fmt: skip

FINISHED = "had finished"  # in the provenance of a result that was only read
SUFFIXES = (".ome.tif", ".ome.tiff", ".ome.zarr", ".tif", ".tiff", ".btf", ".tf8", ".zarr")
ENDINGS = {"transforms": "drift.json", "table": "drift.csv", "report": "report.html"}


def sidecars(target: str | Path, *, report: bool = True) -> dict[str, Path]:
    """Paths of what `correct` writes beside its target: ``transforms``, ``table`` and, if wanted, ``report``."""
    path = Path(target)
    suffix = next((s for s in SUFFIXES if path.name.lower().endswith(s)), path.suffix)
    stem = path.name[: len(path.name) - len(suffix)] or path.name
    return {name: path.with_name(f"{stem}.{ending}") for name, ending in ENDINGS.items() if report or name != "report"}


def list_results(target: str | Path, writing: WritingOptions) -> list[Path]:
    """All files that `correct` may give their names at the end: arrays before the text that names them."""
    beside = sidecars(target, report=writing.report)
    arrays = find_archive(beside["transforms"])
    return [Path(target), arrays, *beside.values(), *([] if writing.coverage is None else [Path(writing.coverage)])]


def list_saved(path: str | Path) -> list[Path]:
    """All files that saving a result may write: the text, and arrays beside one that is JSON."""
    return [Path(path), *([find_archive(path)] if str(path).lower().endswith(".json") else [])]


def save_results(
    result: Registration, target: str | Path, options: CorrectingOptions, review: Review | None = None
) -> None:
    """Write what stands beside the corrected images; the report with what was seen of their pixels."""
    files, writing = sidecars(target), options.writing
    write_result(files["transforms"], result)
    result.to_csv(files["table"])
    if writing.report:
        result.write_report(files["report"], review)
    if writing.coverage is not None:
        write_mask(writing.coverage, result.coverage_mask()[result.coverage if options.resampling.crop else ...])


def review_written(result: Registration, opened: Source, images: Path, target: str | Path) -> Review | None:
    """What a movie shows as it was read and as it was written, before that has its name; None for a single frame."""
    if len(result) < 2:
        return None
    written = open_part(images, target, opened.info.axes)
    if written is None:
        return review_images(result, opened, thorough=True)
    with written:
        return review_sources(result, opened, written, thorough=True)


def save_parts(
    result: Registration,
    target: str | Path,
    options: CorrectingOptions,
    folder: Path,
    review: Review | None = None,
) -> list[tuple[Path, Path]]:
    """Write what stands beside the corrected images into a folder; each with the name that it gets in the end."""
    coverage = options.writing.coverage
    parts = replace(options, writing=replace(options.writing, coverage=coverage and folder / "coverage.tif"))
    inside = folder / f"images{SUFFIXES[0]}"
    save_results(result, inside, parts, review)
    named = list(zip(list_results(inside, parts.writing)[1:], list_results(target, options.writing)[1:], strict=True))
    return [(part, final) for part, final in named if part.exists()]


def forget_arrays(target: str | Path, parts: Sequence[tuple[Path, Path]]) -> None:
    """Remove the arrays of a result that was overwritten by one without any."""
    arrays = find_archive(sidecars(target)["transforms"])
    if arrays not in [final for _, final in parts]:
        arrays.unlink(missing_ok=True)


def mark_job(result: Registration, job: dict[str, Any]) -> Registration:
    """The result with a short text that tells its job from others."""
    return replace(result, provenance={**result.provenance, "job": digest_job(job)})


def find_finished(target: str | Path, job: dict[str, Any]) -> Registration | None:
    """The result of this very job, if it is there with its images; its provenance tells that it was only read."""
    path = sidecars(target)["transforms"]
    if not Path(target).exists() or not path.exists():
        return None
    try:
        found = load(path)
    except MissingFile:
        raise  # it had finished, and a part of it was moved away
    except FileError:
        return None  # somebody else's, and in the way
    if found.provenance.get("job") != digest_job(job):
        return None
    return replace(found, provenance={**found.provenance, FINISHED: True})


def check_free(targets: Sequence[str | Path], overwrite: bool, source: str | Path | None = None) -> None:
    """Before any work: no target is the source, and nothing that exists is overwritten unasked.

    Raises
    ------
    FileInTheWay
        One of them is, or exists and `overwrite` is False.
    """
    check_apart(targets, [] if source is None else input_paths(source))
    for target in targets:
        check_replaceable(target, overwrite)
