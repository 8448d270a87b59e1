"""Where pixels are computed and who runs the chunks: what changes the time, and no pixel beyond rounding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from holdstill.contracts import Options, Progress, option

__all__ = ["ComputingOptions"]


@dataclass(frozen=True, kw_only=True, eq=False)
class ComputingOptions(Options):
    """Where pixels are computed and who runs the chunks.

    Attributes
    ----------
    device : str or Device
        Name of a device, ``"auto"``, or one that is open.
    engine : str, client, session or Engine
        Name or address of an engine, what stands for a running cluster, or one that is open.
    workers : int or None
        Chunks at a time; None: one for each core.
    memory : str or int or None
        What the process may take, as ``"2GB"`` or bytes; None: a quarter of the machine's.
    progress : bool or callable (stage, done, total)
        Whom to tell how far it is; it stops the run by returning False.
    """

    device: Any = option(
        "cpu", "Where pixels are computed: cpu, gpu, auto (the faster one), or plain.",
        choices=("cpu", "gpu", "auto", "plain"),
    )  # fmt: skip
    engine: Any = option(
        "threads", "Who runs the chunks: threads, dask, spark, dask://HOST:8786, spark://HOST:7077, local[4].",
        decides=False,
    )  # fmt: skip
    workers: int | None = option(None, "Chunks at a time; by default one a core.", decides=False)
    memory: str | int | None = option(
        None, "What the process may take, as 2GB; by default a quarter of the machine.", unit="bytes", decides=False
    )
    progress: bool | Progress = option(False, "Show a bar.", decides=False, flag=False)
