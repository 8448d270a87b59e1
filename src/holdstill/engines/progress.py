"""Who is told how far a run is: nobody, a function of the caller, or a bar on the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.text import Text

from holdstill.contracts import Progress, heed

__all__ = ["draw_bars", "open_progress"]


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        """Frames per second."""
        return Text(f"{task.speed:,.0f} frames/s" if task.speed else "", style="cyan")


@contextmanager
def open_progress(progress: bool | Progress) -> Iterator[Progress]:
    """What a run calls: nothing, a bar for True, or the caller's function, which stops it by returning False."""
    if progress is True:
        with draw_bars(Console(stderr=True)) as bars:
            yield bars
    else:
        yield heed(progress or None)


@contextmanager
def draw_bars(console: Console, go_on: Callable[[], bool] = lambda: True) -> Iterator[Progress]:
    """A function that draws a bar for each stage, and answers what `go_on` says."""
    columns: tuple[Any, ...] = (
        TextColumn("{task.description:9}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), _Rate(),
        TimeRemainingColumn(compact=True),
    )  # fmt: skip
    with Bars(*columns, console=console, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def report(stage: str, done: int, total: int) -> bool:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)
            return go_on()

        yield report
