"""The options that commands share, each with the name and the meaning of the Python argument."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from holdstill.errors import InputError

__all__ = [
    "Average", "Axes", "Bin", "Channel", "Coverage", "Crop", "Device", "Edge", "Engine", "Fill", "Interpolation",
    "Json", "Mask", "MaxShift", "Memory", "Method", "Motion", "Output", "Overwrite", "Project", "ReferenceOption",
    "Report", "Resume", "Scene", "Share", "SkipBad", "Trust", "Workers", "parse_max_shift", "parse_pair",
    "parse_reference",
]  # fmt: skip

Axes = Annotated[
    str | None, typer.Option(help="What the axes are, e.g. TYX or TCZYX, if the file does not say.", show_default=False)
]
Scene = Annotated[
    str | None, typer.Option(help="Name or number of one image of a file that holds several.", show_default=False)
]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Go on where frames are damaged or cut off, and mark them.")]
Trust = Annotated[bool, typer.Option("--trust", help="Read a file that claims to unpack to over 1,000 times its size.")]
Project = Annotated[
    str | None,
    typer.Option(help="Steer by projections of volumes along z: max or mean.", show_default=False),
]
Motion = Annotated[
    str,
    typer.Option(
        help="Family of transforms: translation, rigid, similarity, affine, projective, bilinear; planes-z of volumes."
    ),
]
Method = Annotated[
    str, typer.Option(help="Estimator: auto (that is, direct), phase_correlation ...; `holdstill info` lists them.")
]
ReferenceOption = Annotated[
    str,
    typer.Option(
        "--reference",
        help="template (learned), first, mean, median, previous, rolling, pairs, a frame number, or an image file.",
    ),
]
Channel = Annotated[str, typer.Option(help="The registration channel, by number or name; all are corrected.")]
Mask = Annotated[
    Path | None, typer.Option(help="Image file; above zero where pixels of the reference count.", show_default=False)
]
MaxShift = Annotated[
    str | None, typer.Option(help="Largest shift in px: one number, or one per axis as 20,40.", show_default=False)
]
Bin = Annotated[int, typer.Option(help="Estimate on a copy binned by so many px, for huge frames.")]
Average = Annotated[int, typer.Option(help="Estimate on means of so many frames, for dark movies.")]
Device = Annotated[str, typer.Option(help="Where pixels are computed: cpu, gpu, auto (the faster one), or plain.")]
Engine = Annotated[
    str, typer.Option(help="Who runs the chunks: threads, dask, spark, dask://HOST:8786, spark://HOST:7077, local[4].")
]
Workers = Annotated[int | None, typer.Option(help="Chunks at a time; by default one a core.", show_default=False)]
Memory = Annotated[
    str | None,
    typer.Option(help="What the process may take, as 2GB; by default a quarter of the machine.", show_default=False),
]
Interpolation = Annotated[str, typer.Option(help="cubic, nearest, linear or lanczos.")]
Edge = Annotated[str, typer.Option(help="What stands where a frame shows nothing: constant, nearest or reflect.")]
Fill = Annotated[float, typer.Option(help="Value for --edge constant.")]
Crop = Annotated[bool, typer.Option("--crop", help="Keep only the region that all good frames cover.")]
Coverage = Annotated[
    Path | None,
    typer.Option(help="Write an image: 255 where every good frame shows something, else 0.", show_default=False),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Folder for many movies; a bad one stops no other.", show_default=False),
]
Share = Annotated[bool, typer.Option("--share", help="With -o: the movies are positions that move together.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace existing results.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where an interrupted run of the same job was.")]
Report = Annotated[bool, typer.Option(help="Write the HTML report.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]


def parse_max_shift(text: str | None) -> float | tuple[float, ...] | None:
    """``"20"`` or ``"20,40"`` as numbers. Raises InputError for anything else."""
    if text is None:
        return None
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        raise InputError(f"--max-shift {text!r} is not a number; give one, or one per axis as 20,40") from None
    return numbers[0] if len(numbers) == 1 else numbers


def parse_reference(text: str) -> str | int:
    """A frame number as an int, anything else as it is."""
    return int(text) if text.lstrip("-").isdigit() else text


def parse_pair(paths: list[Path], share: bool) -> tuple[Path, Path]:
    """IN and OUT. Raises InputError for more or fewer, or for what needs a folder."""
    if len(paths) != 2 or share:
        raise InputError("give IN and OUT, or many movies and a folder for the results with --output")
    return paths[0], paths[1]
