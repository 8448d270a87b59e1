"""What this machine offers and what a file holds, as plain values."""

from __future__ import annotations

import platform
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from holdstill.cli import parts
from holdstill.contracts import ImagesInfo, ReadingOptions
from holdstill.errors import HoldstillError
from holdstill.result.wording import count

__all__ = ["of_file", "of_machine"]


def _adapters() -> list[str]:
    """Graphics adapters with their limits, or why there is none."""
    try:
        found = parts.adapters.adapters()
    except HoldstillError as error:
        return [str(error)]
    return [
        f"{adapter}: {adapter.driver}; buffers to {adapter.buffer_bytes >> 20:,} MB, of which a kernel sees "
        f"{adapter.binding_bytes >> 20:,} MB"
        for adapter in found
    ] or ["none found; a graphics driver with Vulkan, Metal or DirectX 12 brings one"]


def of_machine() -> dict[str, Any]:
    """Versions, devices, engines, estimators and formats of this machine."""
    registry, cores = parts.registry, parts.threads.available_cores()
    return {
        "holdstill": version("holdstill"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": cores,
        "devices": registry.names("devices"),
        "adapters": _adapters(),
        "engines": registry.names("engines"),
        "estimators": registry.names("methods"),
        "reads": sorted(parts.formats.READERS),
        "writes": sorted(parts.formats.WRITERS),
    }


def _bytes_of(path: Path) -> int:
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*"))
    return path.stat().st_size if path.exists() else 0  # a pattern, or a part of a file


def _describe_compared(found: ImagesInfo) -> str:
    """What motion is estimated on unless somebody names a channel."""
    if found.n_colours:
        return "the mean of red, green and blue; --channel takes one of them"
    if found.n_channels == 1:
        return "its only channel"
    first = found.channel_names[0] if found.channel_names else "0"
    return f"channel {first}; --channel takes another"


def _describe_single(found: ImagesInfo, is_picture: bool) -> str:
    """What is to be done with what is no movie, or is not taken for one.

    TIFF of three or four frames of 8 bit looks like one in colours; PNG and JPEG are single pictures.
    """
    told = "one image, not a movie: holdstill align FIXED MOVING OUT aligns a pair"
    for axis, members in (("Z", "planes"), ("C", "channels")):
        if found.length(axis) > 1 and "T" not in found.axes and not is_picture:
            wanted = parts.axes.sort_axes(found.axes.replace(axis, "T"))
            return f"{told}; if its {found.length(axis)} {members} are frames, pass --axes {wanted}"
    return told


def of_file(file: Path, reading: ReadingOptions, memory: str | int | None) -> dict[str, Any]:
    """What a file holds and how it would be walked through."""
    with parts.formats.open_images(file, replace(reading, trust=True)) as source:
        found, block = source.info, source.block_bytes
    cores = parts.threads.available_cores()
    plan = parts.plan.make_plan(found, cores, parts.plan.parse_memory(memory), block_bytes=block)
    sizes = zip("zyx", found.pixel_size_um, strict=True)
    return {
        "file": str(file),
        "axes": found.axes,
        "shape": list(found.shape),
        "dtype": str(found.dtype),
        "pixel_size_um": [f"{name} {size:g}" for name, size in sizes if size is not None] or "unknown",
        "frame_interval_s": found.frame_interval_s or "unknown",
        "channels": list(found.channel_names) or found.n_channels,
        "compared": _describe_compared(found),
        "on_disk": f"{_bytes_of(file) / 2**20:,.1f} MB" if _bytes_of(file) else "unknown",
        "plan": f"{count(plan.n_chunks, 'chunk')} of {count(plan.chunk_frames, 'frame')}, "
        f"template from {count(plan.sample_frames, 'frame')}"
        if found.n_frames > 1
        else _describe_single(found, file.suffix.lower() in parts.formats.PICTURES),
        "peak_memory": f"about {plan.memory_bytes / 2**20:,.0f} MB",
    }
