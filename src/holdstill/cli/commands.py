"""The commands."""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from holdstill.cli import information, many, parts
from holdstill.cli import options as o
from holdstill.cli.address import parse_place
from holdstill.cli.integrity import integrity
from holdstill.cli.live import live
from holdstill.cli.screen import progress_bar, show, show_result
from holdstill.cli.summary import summary
from holdstill.cli.view import view
from holdstill.errors import InputError

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
def correct(
    paths: Annotated[
        list[Path],
        typer.Argument(
            parser=parse_place, metavar="IN OUT | IN...", help="Movie and OME-TIFF to write; with -o, movies only."
        ),
    ],
    output: o.Output = None,
    share: o.Share = False,
    axes: o.Axes = None,
    scene: o.Scene = None,
    motion: o.Motion = "translation",
    method: o.Method = "auto",
    reference: o.ReferenceOption = "template",
    channel: o.Channel = "0",
    mask: o.Mask = None,
    max_shift: o.MaxShift = None,
    bin: o.Bin = 1,
    average: o.Average = 1,
    project: o.Project = None,
    memory: o.Memory = None,
    skip_bad: o.SkipBad = False,
    trust: o.Trust = False,
    interpolation: o.Interpolation = "cubic",
    edge: o.Edge = "constant",
    fill: o.Fill = 0,
    crop: o.Crop = False,
    coverage: o.Coverage = None,
    report: o.Report = True,
    overwrite: o.Overwrite = False,
    resume: o.Resume = False,
    device: o.Device = "cpu",
    engine: o.Engine = "threads",
    workers: o.Workers = None,
    as_json: o.Json = False,
) -> None:
    """Register a movie and write it corrected, with drift.json, drift.csv and report.html beside it."""
    options: dict[str, Any] = {
        "axes": axes, "motion": motion, "method": method, "reference": o.parse_reference(reference), "channel": channel,
        "mask": mask, "max_shift": o.parse_max_shift(max_shift), "bin": bin, "average": average, "memory": memory,
        "interpolation": interpolation, "edge": edge, "fill": fill, "crop": crop, "report": report,
        "overwrite": overwrite, "resume": resume, "device": device, "engine": engine, "workers": workers,
        "scene": scene, "skip_bad": skip_bad, "trust": trust, "project": project,
    }  # fmt: skip
    if output is not None and coverage is not None:
        raise InputError("--coverage is of one movie; leave it out with --output")
    if output is not None:
        many.correct_all(paths, output, share, options, as_json)
        return
    source, target = o.parse_pair(paths, share)
    api, began = parts.api, time.perf_counter()
    with progress_bar(not as_json) as progress:
        result = api.correct(source, target, coverage=coverage, progress=progress, **options)
    beside = parts.targets.sidecars(target)
    files = {"corrected": target, **{name: path for name, path in beside.items() if report or name != "report"}}
    if coverage is not None:
        files["coverage"] = coverage
    show_result({source.name: summary(result, time.perf_counter() - began, files)}, as_json)


@app.command(epilog="Example: holdstill register movie.tif -o drift.json --max-shift 40")
def register(
    source: Annotated[Path, typer.Argument(parser=parse_place, metavar="IN", help="Movie to register.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="JSON to write; or .csv, .npz, .tfm, .ngff.json.")],
    axes: o.Axes = None,
    scene: o.Scene = None,
    motion: o.Motion = "translation",
    method: o.Method = "auto",
    reference: o.ReferenceOption = "template",
    channel: o.Channel = "0",
    mask: o.Mask = None,
    max_shift: o.MaxShift = None,
    bin: o.Bin = 1,
    average: o.Average = 1,
    project: o.Project = None,
    memory: o.Memory = None,
    skip_bad: o.SkipBad = False,
    trust: o.Trust = False,
    overwrite: o.Overwrite = False,
    device: o.Device = "cpu",
    engine: o.Engine = "threads",
    workers: o.Workers = None,
    as_json: o.Json = False,
) -> None:
    """Estimate the motion only; apply it later with `holdstill apply`."""
    api, began = parts.api, time.perf_counter()
    parts.targets.check_free([output], overwrite, source)
    formats = (".json", *parts.exchange.FORMATS)
    if not output.name.lower().endswith(formats):
        raise InputError(f"{output}: no format of transforms has this suffix; known are {', '.join(formats)}")
    with progress_bar(not as_json) as progress, parts.workspace.Workspace(output):
        result = api.register(
            source, axes=axes, motion=motion, method=method, reference=o.parse_reference(reference), channel=channel,
            mask=mask, max_shift=o.parse_max_shift(max_shift), device=device, engine=engine, workers=workers,
            bin=bin, average=average, project=project, memory=memory, progress=progress, scene=scene,
            skip_bad=skip_bad, trust=trust,
        )  # fmt: skip
        if any(output.name.endswith(suffix) for suffix in parts.exchange.FORMATS):
            files = {f"transforms {t}" if t else "transforms": path for t, path in enumerate(result.export(output))}
        else:
            files = {"transforms": result.save(output)}
    show_result({source.name: summary(result, time.perf_counter() - began, files)}, as_json)


@app.command(epilog="Example: holdstill align fixed.tif moving.tif aligned.ome.tif --motion rigid")
def align(
    fixed: Annotated[Path, typer.Argument(metavar="FIXED", help="Image that stays: the reference.")],
    moving: Annotated[Path, typer.Argument(metavar="MOVING", help="Image to be aligned with it.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="OME-TIFF to write.")],
    axes: o.Axes = None,
    motion: o.Motion = "affine",
    method: o.Method = "auto",
    channel: o.Channel = "0",
    mask: o.Mask = None,
    max_shift: o.MaxShift = None,
    interpolation: o.Interpolation = "cubic",
    edge: o.Edge = "constant",
    fill: o.Fill = 0,
    overwrite: o.Overwrite = False,
    device: o.Device = "cpu",
    as_json: o.Json = False,
) -> None:
    """Align one image with another, with drift.json beside the result."""
    api, began = parts.api, time.perf_counter()
    transforms = parts.targets.sidecars(target)["transforms"]
    for taken in (fixed, moving):
        parts.targets.check_free([target, transforms], overwrite, taken)
    result = api.align(
        fixed, moving, axes=axes, motion=motion, method=method, channel=channel, mask=mask,
        max_shift=o.parse_max_shift(max_shift), device=device,
    )  # fmt: skip
    result.apply(
        moving, axes=axes, interpolation=interpolation, edge=edge, fill=fill, out=target, overwrite=overwrite,
        device=device,
    )  # fmt: skip
    result.save(transforms)
    files = {"corrected": target, "transforms": transforms}
    show_result({moving.name: summary(result, time.perf_counter() - began, files)}, as_json)


@app.command(epilog="Example: holdstill apply drift.json other-channel.tif still.ome.tif")
def apply(
    transforms: Annotated[
        Path, typer.Argument(metavar="DRIFT.JSON", help="What `register` or `correct` wrote; also .csv, .npz, .tfm.")
    ],
    source: Annotated[Path, typer.Argument(parser=parse_place, metavar="IN", help="Movie to correct.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="OME-TIFF or OME-Zarr to write.")],
    axes: o.Axes = None,
    scene: o.Scene = None,
    interpolation: o.Interpolation = "cubic",
    edge: o.Edge = "constant",
    fill: o.Fill = 0,
    crop: o.Crop = False,
    overwrite: o.Overwrite = False,
    device: o.Device = "cpu",
    engine: o.Engine = "threads",
    workers: o.Workers = None,
    skip_bad: o.SkipBad = False,
    trust: o.Trust = False,
    as_json: o.Json = False,
) -> None:
    """Correct a movie with known transforms."""
    api, began = parts.api, time.perf_counter()
    for taken in (source, transforms):
        parts.targets.check_free([target], overwrite, taken)
    reading: dict[str, Any] = {"axes": axes, "scene": scene, "skip_bad": skip_bad, "trust": trust}
    with api.open(source, **reading) as opened:
        frame_shape = opened.info.frame_shape
    result = parts.registration.load(transforms, frame_shape=frame_shape)
    open_engine = parts.choosing.open_engine
    with progress_bar(not as_json) as progress, open_engine(engine, workers) as running:
        result.apply(
            source, **reading, interpolation=interpolation, edge=edge, fill=fill, crop=crop, out=target,
            overwrite=overwrite, device=device, engine=running, progress=progress,
        )  # fmt: skip
    show({source.name: summary(result, time.perf_counter() - began, {"corrected": target})}, as_json)


@app.command(epilog="Example: holdstill report drift.json -o report.html")
def report(
    transforms: Annotated[Path, typer.Argument(metavar="DRIFT.JSON", help="What `register` or `correct` wrote.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="HTML file to write.", show_default=False)
    ] = None,
    overwrite: o.Overwrite = False,
    as_json: o.Json = False,
) -> None:
    """Write the HTML report of a result."""
    began = time.perf_counter()
    target = output or transforms.with_suffix(".html")
    parts.targets.check_free([target], overwrite, transforms)
    result = parts.registration.load(transforms)
    result.report(target)
    show({transforms.name: summary(result, time.perf_counter() - began, {"report": target})}, as_json)


@app.command(epilog="Example: holdstill info movie.tif")
def info(
    file: Annotated[
        Path | None, typer.Argument(parser=parse_place, metavar="[FILE]", help="Movie to look at.", show_default=False)
    ] = None,
    axes: o.Axes = None,
    scene: o.Scene = None,
    skip_bad: o.SkipBad = False,
    memory: o.Memory = None,
    as_json: o.Json = False,
) -> None:
    """Tell what a file holds and how it would be walked through; without a file, what this machine offers."""
    if file is None:
        content = information.of_machine()
    else:
        content = information.of_file(file, memory, axes=axes, scene=scene, skip_bad=skip_bad)
    if as_json:
        sys.stdout.write(json.dumps(content) + "\n")
        return
    console = Console(highlight=False, markup=False, emoji=False)
    for label, value in content.items():
        text = ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
        console.print(f"{label.replace('_', ' '):18}{text}", soft_wrap=True)


app.command(epilog="Example: holdstill live /data/run7 still.ome.zarr --follow 0.01")(live)
app.command(epilog="Example: holdstill integrity cycles.ome.tif --labels cells.tif -o result")(integrity)
app.command(epilog="Example: holdstill view still.ome.tif")(view)


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
