"""Run all or some parts and renew ``docs/benchmarks.md``: ``python -m benchmarks [part ...] [--quick]``."""

from __future__ import annotations

import argparse
import platform
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks import (
    accuracy,
    bending_speed,
    classic,
    cluster,
    files,
    flow,
    gpu,
    integrity,
    lines,
    live,
    local,
    lost,
    motions,
    pictures,
    pyramid,
    scale_simulation,
    series,
    slides,
    speed,
    stress,
    syncing,
    tissue_page,
    viewer,
    views,
    volumes,
    warps,
)  # fmt: skip
from benchmarks.tables import Section, claims_table

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results"
PARTS: dict[str, tuple[Callable[..., Section], dict[str, Any]]] = {
    "known": (accuracy.known_reference, {"n_frames": 12, "size": 128, "scenes": ("sparse-100", "cells-50")}),
    "learned": (accuracy.learned_reference, {"n_frames": 20, "size": 128, "scenes": ("sparse-100", "cells-50")}),
    "trouble": (
        accuracy.trouble,
        {"n_frames": 9, "size": 64, "disturbances": ("all of these",), "scenes": ("sparse-100",)},
    ),
    "peers": (accuracy.peers, {"n_frames": 3, "size": 160}),
    "lost": (lost.lost, {"n_frames": 6, "size": 96}),
    "motions": (motions.motions, {"n_frames": 2, "size": 96, "repeats": 1, "scenes": ("texture",)}),
    "views": (views.homographies, {"n_views": 1, "size": 128, "tilts": (10, 50)}),
    "local": (local.piecewise, {"n_frames": 4, "size": 96, "light": (2.0,), "scenes": ("smooth", "flashing, rigid")}),
    "bending": (bending_speed.bending_speed, {"n_frames": 6, "size": 96, "volume": (12, 48, 48), "n_volumes": 2}),
    "lines": (lines.lines, {"n_frames": 3, "size": 96, "photons": (2.0,), "kinds": ("3 Hz", "random walk")}),
    "flow": (flow.flow, {"size": 96, "repeat": 1, "pictures": ("brick",)}),
    "changing": (series.changing, {"n_frames": 5, "size": 64}),
    "pictures": (pictures.pictures, {"n_frames": 2, "size": 64, "seeds": (0,)}),
    "warps": (warps.warps, {"n": 2, "pictures": ("camera", "retina")}),
    "sections": (series.sections, {"n_sections": 2}),
    "slide": (slides.slide, {"longer": 800}),
    "volumes": (volumes.volumes, {"size": (16, 64, 64), "repeat": 1}),
    "classic": (classic.classic, {"n_frames": 3, "size": 160, "repeat": 1, "scenes": ("cells-50",), "rest_s": 0.0}),
    "speed": (speed.in_memory, {"n_frames": 10, "size": 96, "repeat": 1, "n_long": 14}),
    "sizes": (speed.sizes, {"edges": (64, 96), "pixels": 6 * 96**2, "repeat": 1}),
    "files": (files.file_to_file, {"n_frames": 12, "size": 64, "repeat": 0, "times": (1,)}),
    "syncing": (syncing.syncing, {"n_frames": 12, "size": 64, "repeat": 1, "warm": False}),
    "memory": (files.memory, {"n_frames": 3, "size": 64}),
    "zarr": (files.zarr_to_zarr, {"n_frames": 12, "size": 64, "repeat": 0}),
    "long": (files.long_movies, {"n_frames": 64, "size": 96, "n_pages": 100}),
    "engines": (cluster.engines, {"n_frames": 12, "size": 64, "repeat": 1, "names": ("threads", "dask")}),
    "driver": (cluster.driver_memory, {"lengths": (50,), "names": ("threads",)}),
    "live": (live.latency, {"n_frames": 40, "size": 96}),
    "integrity": (integrity.integrity, {"size": 256, "n_cycles": 3, "part": 128, "few": 16, "repeat": 1}),
    "scale": (scale_simulation.scale, {"n_bytes": 1e10, "workers": (10, 1000)}),
    "stress": (
        stress.stress,
        {"n_frames": 6, "sizes": (48,), "seeds": (0,), "names": ("clean/spots", "still/dead_rows"), "levels": ("n20",)},
    ),
    "start": (files.start_up, {"repeat": 1}),
    "viewer": (viewer.viewer, {"n_frames": 40, "size": 96, "n_real": 6}),
    "pyramid": (pyramid.pyramid, {"size": 2304, "n_levels": 3, "n_real": 3, "suffixes": (".ome.zarr",)}),
    "tissue_page": (tissue_page.tissue_page, {"size": 256, "n_cycles": 3, "clicks": 2}),
    "gpu": (gpu.gpu_device, {"n_frames": 8, "sizes": (96,), "repeat": 1, "fft_size": 96}),
}
# asked for by name: four need what not every machine has, two take long
ASKED_FOR = {"gpu", "pyramid", "slide", "stress", "tissue_page", "viewer"}
PACKAGES = ("numpy", "scipy", "numba", "tifffile", "opencv-python-headless", "opencv-python", "pystackreg")
PACKAGES += ("scikit-image", "imreg_dft", "templatematchingpy", "wgpu", "pyGPUreg")


def machine() -> str:
    """The machine and the versions, in words."""
    names = [line.split(":")[1].strip() for line in _cpu_lines() if line.startswith("model name")]
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    processor = f"{len(names)} x {names[0]}" if names else platform.processor()
    return f"{processor}; {platform.system()}, Python {platform.python_version()}; {', '.join(found)}"


def _cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def page(sections: list[Section]) -> str:
    """The whole page as Markdown: claims first."""
    intro = "`make bench` makes this page anew. What was asked for and missed says so."
    lines = ["# Benchmarks", "", intro, "", *claims_table(sections), ""]
    return "\n".join([*lines, *(section.markdown() for section in sections)])


def publish() -> None:
    """Write ``docs/benchmarks.md`` from all kept results."""
    sections = [Section.load(RESULTS / f"{name}.json") for name in PARTS if (RESULTS / f"{name}.json").exists()]
    (ROOT / "docs" / "benchmarks.md").write_text(page(sections), encoding="utf-8")


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, and publish, unless ``--quick``."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], default=[])
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does it run at all?")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    for name in options.parts or [name for name in PARTS if name not in ASKED_FOR]:
        measure, quick = PARTS[name]
        section = measure(**quick) if options.quick else measure()
        section = replace(section, measured=f"{datetime.now(UTC):%Y-%m-%d} on {machine()}")
        sys.stdout.write(section.markdown() + "\n")
        for claim in section.claims:
            mark = "reached" if claim.reached else "MISSED"
            sys.stdout.write(f"{mark}: {claim.what}: {claim.measured} (asked: {claim.asked})\n")
        sys.stdout.flush()
        if not options.quick:
            section.save(RESULTS / f"{name}.json")
            publish()


if __name__ == "__main__":
    main()
