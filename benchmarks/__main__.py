"""Run everything and write ``docs/benchmarks.md``: ``python -m benchmarks [part ...] [--quick]``."""

from __future__ import annotations

import argparse
import platform
import sys
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks import accuracy, files, speed
from benchmarks.tables import Section

PARTS: dict[str, tuple[Callable[..., Section], dict[str, int]]] = {
    "known": (accuracy.known_reference, {"n_frames": 12, "size": 160}),
    "learned": (accuracy.learned_reference, {"n_frames": 30, "size": 160}),
    "trouble": (accuracy.trouble, {"n_frames": 40, "size": 160}),
    "peers": (accuracy.peers, {"n_frames": 3, "size": 160}),
    "speed": (speed.in_memory, {"n_frames": 60, "size": 160, "repeat": 1}),
    "files": (files.file_to_file, {"n_frames": 20, "size": 160, "repeat": 1}),
    "memory": (files.memory, {"n_frames": 20, "size": 160}),
    "start": (files.start_up, {"repeat": 1}),
}
PACKAGES = ("numpy", "scipy", "numba", "tifffile", "opencv-python-headless", "opencv-python", "pystackreg")
PACKAGES += ("scikit-image", "imreg_dft", "templatematchingpy")


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
    """The whole page as Markdown: claims first, misses included."""
    lines = ["# Benchmarks", "", f"Measured {datetime.now(UTC):%Y-%m-%d} on {machine()}.", ""]
    lines += ["`make bench` makes this page anew. What was asked for and missed says so.", ""]
    lines += ["| figure | asked for | measured | |", "|---|---|---|---|"]
    for section in sections:
        for claim in section.claims:
            lines.append(
                f"| {claim.what} | {claim.asked} | {claim.measured} | {'reached' if claim.reached else '**missed**'} |"
            )
    return "\n".join([*lines, "", *(section.markdown() for section in sections)])


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, and write the page unless ``--quick`` or some parts only were asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], default=[])
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does it run at all?")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    sections = []
    for name in options.parts or PARTS:
        measure, quick = PARTS[name]
        sections.append(measure(**quick) if options.quick else measure())
        sys.stdout.write(sections[-1].markdown() + "\n")
        for claim in sections[-1].claims:
            mark = "reached" if claim.reached else "MISSED"
            sys.stdout.write(f"{mark}: {claim.what}: {claim.measured} (asked: {claim.asked})\n")
        sys.stdout.flush()
    if not options.parts and not options.quick:
        Path(__file__).parents[1].joinpath("docs", "benchmarks.md").write_text(page(sections), encoding="utf-8")


if __name__ == "__main__":
    main()
