"""Sample data, and a drift.json with its movie by drag and drop."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path
from typing import Any

import tifffile

from holdstill.contracts import ImagesInfo
from holdstill.napari.layers import KEY
from holdstill.resampling.lazy import CorrectedImages
from holdstill.result.viewer.sources import open_sources

__all__ = ["get_reader", "load_lung", "load_mouse"]

Layers = list[tuple[Any, dict[str, Any], str]]


def get_reader(path: str | list[str]) -> Callable[[str], Layers] | None:
    """A reader of ``*.drift.json``, None for anything else."""
    return read_result if isinstance(path, str) and path.lower().endswith(".drift.json") else None


def read_result(path: str) -> Layers:
    """The movie of a result, raw and corrected, both lazily; the files stay open as long as the layers do."""
    registration, sources = open_sources([Path(path)], None, ExitStack())
    given = {"metadata": {KEY: registration}, "scale": _scale(sources["raw"].info)}
    return [
        (CorrectedImages(source), {"name": f"{Path(path).name}, {name}", **given}, "image")
        for name, source in sources.items()
    ]


def load_mouse() -> Layers:
    """The calcium movie that ships inside the package."""
    return _load("mouse_2p")


def load_lung() -> Layers:
    """The serial sections that ship inside the package."""
    return _load("lung_sem")


def _scale(info: ImagesInfo) -> tuple[float, ...]:
    """Length of a pixel along each axis, um where it is known, else 1."""
    sizes = [size or 1.0 for size in info.pixel_size_um[3 - info.ndim :]]
    return (*[1.0] * (len(info.shape) - info.ndim), *sizes)


def _load(name: str) -> Layers:
    with files("holdstill").joinpath("data", f"{name}.tif").open("rb") as file:
        return [(tifffile.imread(file), {"name": name}, "image")]
