"""The command that corrects while the microscope writes."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from holdstill.cli import options as o
from holdstill.cli import parts
from holdstill.cli.interruption import check
from holdstill.live.options import TrackingOptions
from holdstill.result.wording import count

__all__ = ["live"]


@o.take_options
def live(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Into which images are written; or an OME-Zarr.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="OME-Zarr that grows, NAME.ome.zarr.")],
    tracking: Annotated[
        TrackingOptions,
        o.only("motion", "method", "mask", "max_shift", "follow", "interpolation", "edge", "fill", "device"),
    ],
    reference: Annotated[
        Path | None, typer.Option(help="Image that frames are compared with; by default the first.", show_default=False)
    ] = None,
    channel: Annotated[
        int | None,
        typer.Option(
            help="The registration channel, by number. Default: the first; of pictures in colours the mean of them.",
            show_default=False,
        ),
    ] = None,
    pixel_size: Annotated[float | None, typer.Option(help="Size of a pixel in um.", show_default=False)] = None,
    order: Annotated[str, typer.Option(help="What says the place of a late frame: name or time.")] = "name",
    idle: Annotated[
        float | None, typer.Option(help="Stop when nothing came for so many seconds.", show_default=False)
    ] = None,
    as_json: o.Json = False,
) -> None:
    """Correct frames as they arrive in a folder, over restarts; Ctrl-C ends it. With --json a line for each frame."""
    began, n_frames, n_flagged = time.perf_counter(), 0, 0
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    arrivals = parts.watch.watch(
        folder, target, reference=reference, channel=channel, idle_s=idle, tick=check, order=order,
        options=replace(tracking, pixel_size_um=pixel_size),
    )  # fmt: skip
    status = console.status(f"waiting for frames in {folder}") if console.is_terminal and not as_json else None
    if status is not None:
        status.start()
    try:
        for name, tracked in arrivals:
            n_frames += 1
            n_flagged += tracked.verdict.value != "ok"
            told = {"name": name, "shift_px": _round_values(tracked.shift), "verdict": tracked.verdict.value}
            if as_json:
                sys.stdout.write(json.dumps({**told, "error_px": _round_values(tracked.error)}) + "\n")
                sys.stdout.flush()
            elif status is not None:
                moved = ", ".join(f"{value:+.2f}" for value in tracked.shift)
                so_far = f"{count(n_frames, 'frame')}, {n_flagged} flagged"
                status.update(f"{name}: {moved} px, {tracked.verdict.value}; {so_far}")
    finally:
        arrivals.close()
        if status is not None:
            status.stop()
        if not as_json:
            seconds = time.perf_counter() - began
            console.print(f"{count(n_frames, 'frame')} in {seconds:,.0f} s, {n_flagged} flagged, written to {target}")


def _round_values(values: Any) -> list[float | None]:
    return [round(float(value), 4) if value == value else None for value in values]
