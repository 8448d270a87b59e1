"""The commands."""

from __future__ import annotations

import json
import shlex
import sys
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from holdstill.cli import information, many, parts
from holdstill.cli import options as o
from holdstill.cli.address import parse_place
from holdstill.cli.annotations import move_annotations
from holdstill.cli.evaluate import evaluate
from holdstill.cli.integrity import integrity
from holdstill.cli.live import live
from holdstill.cli.movie import movie
from holdstill.cli.screen import progress_bar, show, show_result
from holdstill.cli.sections import sections
from holdstill.cli.selftest import selftest
from holdstill.cli.summary import summary
from holdstill.cli.view import view
from holdstill.contracts import ReadingOptions
from holdstill.engines.options import ComputingOptions
from holdstill.errors import HoldstillError, InputError
from holdstill.resampling.settings import Resampling
from holdstill.resampling.slide_options import SlideOptions
from holdstill.run.options import CorrectingOptions, RegisteringOptions, SectionOptions, WritingOptions

__all__ = ["app"]

app = typer.Typer(
    help="Make pictures of the same thing hold still.", add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"holdstill {version('holdstill')}")
        raise typer.Exit


@app.callback()
def root(
    wanted: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Make pictures of the same thing hold still."""


@app.command(
    epilog="Example: holdstill correct movie.tif still.ome.tif --reference first (many: holdstill correct *.tif -o out)"
)
@o.take_options
def correct(
    paths: Annotated[
        list[Path],
        typer.Argument(
            parser=parse_place, metavar="IN OUT | IN...", help="Movie and OME-TIFF to write; with -o, movies only."
        ),
    ],
    reading: ReadingOptions,
    registering: RegisteringOptions,
    resampling: Resampling,
    writing: WritingOptions,
    output: o.Output = None,
    share: o.Share = False,
    as_json: o.Json = False,
) -> None:
    """Register a movie and write it corrected, with drift.json, drift.csv and report.html beside it."""
    options = CorrectingOptions(reading=reading, registering=registering, resampling=resampling, writing=writing)
    if output is not None and writing.coverage is not None:
        raise InputError("--coverage is of one movie; leave it out with --output")
    if output is not None:
        many.correct_all(paths, output, share, options, as_json)
        return
    source, target = o.parse_pair(paths, share)
    run, targets, began = parts.correct, parts.targets, time.perf_counter()
    with progress_bar(not as_json) as progress:
        result = run.correct_file(source, target, options.report_to(progress))
    files = {"corrected": target, **targets.sidecars(target, report=writing.report)}
    if writing.coverage is not None:
        files["coverage"] = Path(writing.coverage)
    show_result({source.name: summary(result, time.perf_counter() - began, files)}, as_json)


@app.command(epilog="Example: holdstill register movie.tif -o drift.json --max-shift 40")
@o.take_options
def register(
    source: Annotated[Path, typer.Argument(parser=parse_place, metavar="IN", help="Movie to register.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="JSON to write; or .csv, .npz, .tfm, .ngff.json.")],
    reading: ReadingOptions,
    registering: RegisteringOptions,
    overwrite: o.Overwrite = False,
    as_json: o.Json = False,
) -> None:
    """Estimate the motion only; apply it later with `holdstill apply`."""
    image, run, began = parts.image, parts.register, time.perf_counter()
    parts.targets.check_free(parts.targets.list_saved(output), overwrite, source)
    formats = (".json", *parts.exchange.FORMATS)
    if not output.name.lower().endswith(formats):
        raise InputError(f"{output}: no format of transforms has this suffix; known are {', '.join(formats)}")
    workspace = parts.workspace.Workspace(output)
    with workspace, progress_bar(not as_json) as progress, image.reading(source, reading) as opened:
        result = run.register(opened, replace(registering, progress=progress))
        result = parts.noting.note_inputs(result, opened, reading)
        if any(output.name.endswith(suffix) for suffix in parts.exchange.FORMATS):
            files = {f"transforms {t}" if t else "transforms": path for t, path in enumerate(result.export(output))}
        else:
            files = {"transforms": result.save(output)}
    show_result({source.name: summary(result, time.perf_counter() - began, files)}, as_json)


@app.command(epilog="Example: holdstill align fixed.svs moving.svs -o aligned.ome.tif --motion dense")
@o.take_options
def align(
    fixed: Annotated[Path, typer.Argument(metavar="FIXED", help="Image that stays: the reference.")],
    moving: Annotated[Path, typer.Argument(metavar="MOVING", help="Image to be aligned with it.")],
    reading: Annotated[ReadingOptions, o.only("axes")],
    registering: Annotated[
        RegisteringOptions, o.only("method", "mask", "max_shift", "device", motion="affine", channel=None)
    ],
    sections: SectionOptions,
    resampling: Annotated[Resampling, o.only("interpolation", "edge", "fill", "crop")],
    writing: Annotated[WritingOptions, o.only("report", "overwrite")],
    slide: SlideOptions,
    place: Annotated[
        Path | None, typer.Argument(metavar="[OUT]", help="OME-TIFF or OME-Zarr to write.", show_default=False)
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The same.", show_default=False)] = None,
    as_json: o.Json = False,
) -> None:
    """Align one image with another, with drift.json, drift.csv and report.html beside the result; slides too."""
    if (place is None) == (output is None):
        raise InputError("give the file to write once: holdstill align FIXED MOVING OUT, or -o OUT")
    target = place or output
    assert target is not None
    run, targets, began = parts.align, parts.targets, time.perf_counter()
    for taken in (fixed, moving):
        targets.check_free(targets.list_results(target, writing), writing.overwrite, taken)
    options = CorrectingOptions(reading=reading, registering=registering, resampling=resampling, writing=writing)
    result = run.align_files(fixed, moving, target, options, sections, slide)
    files = {"corrected": target, **targets.sidecars(target, report=writing.report)}
    show_result({moving.name: summary(result, time.perf_counter() - began, files)}, as_json)


@app.command(epilog="Example: holdstill apply drift.json other-channel.tif still.ome.tif")
@o.take_options
def apply(
    transforms: Annotated[
        Path, typer.Argument(metavar="DRIFT.JSON", help="What `register` or `correct` wrote; also .csv, .npz, .tfm.")
    ],
    source: Annotated[Path, typer.Argument(parser=parse_place, metavar="IN", help="Movie to correct.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="OME-TIFF or OME-Zarr to write.")],
    reading: ReadingOptions,
    resampling: Resampling,
    computing: Annotated[ComputingOptions, o.only("device", "engine", "workers")],
    overwrite: o.Overwrite = False,
    as_json: o.Json = False,
) -> None:
    """Correct a movie with known transforms."""
    image, applying, began = parts.image, parts.applying, time.perf_counter()
    for taken in (source, transforms):
        parts.targets.check_free([target], overwrite, taken)
    with image.reading(source, reading) as opened:
        frame_shape = opened.info.frame_shape
    result = parts.registration.load(transforms, frame_shape=frame_shape)
    with progress_bar(not as_json) as progress:
        computing = replace(computing, progress=progress)
        applying.apply_to_file(result, source, target, reading, resampling, computing, overwrite=overwrite)
    show({source.name: summary(result, time.perf_counter() - began, {"corrected": target})}, as_json)


@app.command(epilog="Example: holdstill report drift.json -o report.html")
def report(
    transforms: Annotated[Path, typer.Argument(metavar="DRIFT.JSON", help="What `register` or `correct` wrote.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="HTML file to write.", show_default=False)
    ] = None,
    raw: Annotated[
        Path | None, typer.Option("--raw", help="The movie, where it is not any more where it was.", show_default=False)
    ] = None,
    overwrite: o.Overwrite = False,
    as_json: o.Json = False,
) -> None:
    """Write the HTML report of a result."""
    began = time.perf_counter()
    # where `correct` writes it: a second one beside it would be another answer to the same question
    beside = transforms.with_name(f"{transforms.name.removesuffix('.drift.json')}.report.html")
    target = output or (beside if transforms.name.endswith(".drift.json") else transforms.with_suffix(".html"))
    parts.targets.check_free([target], overwrite, transforms)
    result = parts.registration.load(transforms)
    movie, why_not = (raw, "") if raw is not None else _find_movie(transforms, result)
    result.report(target, movie)
    content = summary(result, time.perf_counter() - began, {"report": target})
    if why_not and len(result) > 1:
        how = f"holdstill report {shlex.quote(str(transforms))} --raw MOVIE"
        content["advice"].append(f"The report shows no frame of the movie: {why_not}; name it: {how}")
    show({transforms.name: content}, as_json)


def _find_movie(transforms: Path, result: Any) -> tuple[str | None, str]:
    """The movie of a result that was moved with it, None where the report itself finds it; or why nobody does."""
    told = ""
    for folder in (None, transforms.resolve().parent):
        try:
            place: str = parts.originals.find_images(result, folder)
        except HoldstillError as error:
            told = str(error)
        else:
            return (None if folder is None else place), ""
    return None, told


@app.command(epilog="Example: holdstill info movie.tif")
@o.take_options
def info(
    reading: Annotated[ReadingOptions, o.only("axes", "scene", "skip_bad")],
    computing: Annotated[ComputingOptions, o.only("memory")],
    file: Annotated[
        Path | None, typer.Argument(parser=parse_place, metavar="[FILE]", help="Movie to look at.", show_default=False)
    ] = None,
    as_json: o.Json = False,
) -> None:
    """Tell what a file holds and how it would be walked through; without a file, what this machine offers."""
    if file is None:
        content = information.of_machine()
    else:
        content = information.of_file(file, reading, computing.memory)
    if as_json:
        sys.stdout.write(json.dumps(content) + "\n")
        return
    console = Console(highlight=False, markup=False, emoji=False)
    for label, value in content.items():
        text = ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
        console.print(f"{label.replace('_', ' '):18}{text}", soft_wrap=True)


app.command(name="annotations", epilog="Example: holdstill annotations aligned.drift.json cells.geojson moved.geojson")(
    move_annotations
)
app.command(epilog="Example: holdstill live /data/run7 still.ome.zarr --follow 0.01")(live)
app.command(epilog="Example: holdstill integrity cycles.ome.tif --labels cells.tif -o result")(integrity)
app.command(epilog="Example: holdstill evaluate pairs.csv -o evaluation --turn 2")(evaluate)
app.command(epilog="Example: holdstill sections slice-*.tif -o aligned")(sections)
app.command(epilog="Example: holdstill selftest movie.tif")(selftest)
app.command(epilog="Example: holdstill view still.ome.tif")(view)
app.command(epilog="Example: holdstill movie still.ome.tif film.mp4")(movie)


@app.command(epilog="Example: holdstill demo --out holdstill-demo")
def demo(
    out: Annotated[Path, typer.Option(help="Folder to write to; results of an earlier demo are replaced.")] = Path(
        "holdstill-demo"
    ),
    as_json: o.Json = False,
) -> None:
    """Correct the two movies that ship inside the package, and show how well."""
    with progress_bar(not as_json) as progress:
        columns = parts.demo.run(out, progress)
    show(columns, as_json)
