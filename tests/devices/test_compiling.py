"""What is kept of compiled kernels follows every edit."""

import subprocess
import sys
from pathlib import Path

PART = """
from holdstill.devices.cpu.compiling import part

@part
def scale(value):
    return value * {factor}
"""
KERNEL = """
from holdstill.devices.cpu.compiling import kernel
from parts import scale

@kernel
def apply(value):
    return scale(value)

print(apply(10.0), sum(apply.stats.cache_hits.values()))
"""
AGAIN = """
import numpy as np
import holdstill as hs
from holdstill.devices.cpu.compiling import announce_compilation

image = np.random.default_rng(0).random((48, 48)).cumsum(0).cumsum(1) % 50 * 100
movie = np.stack([np.roll(image, t, axis=0) for t in range(4)])
with announce_compilation(lambda: print("compiling")):
    for images in (movie.astype(np.uint16), movie.astype(np.float32)):
        for motion in ("translation", "rigid"):
            hs.register(images, motion=motion).apply(images)
"""


def run(folder: Path) -> str:
    done = subprocess.run([sys.executable, "kernels.py"], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_an_edited_part_is_compiled_anew(tmp_path: Path) -> None:
    (tmp_path / "parts.py").write_text(PART.format(factor=2.0), encoding="utf-8")
    (tmp_path / "kernels.py").write_text(KERNEL, encoding="utf-8")
    assert run(tmp_path) == "20.0 0"
    assert run(tmp_path) == "20.0 1"
    (tmp_path / "parts.py").write_text(PART.format(factor=3.0), encoding="utf-8")
    assert run(tmp_path) == "30.0 0"


def test_processes_that_want_a_kernel_at_once_compile_it_once(tmp_path: Path) -> None:
    """Each compiled it, and what one of them had kept was lost to the others."""
    (tmp_path / "parts.py").write_text(PART.format(factor=2.0), encoding="utf-8")
    (tmp_path / "kernels.py").write_text(KERNEL, encoding="utf-8")
    command = [sys.executable, "kernels.py"]
    begun = [subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    told = sorted(process.communicate(timeout=120)[0].strip() for process in begun)
    assert told == ["20.0 0", "20.0 1", "20.0 1"]


def test_nothing_is_compiled_twice(tmp_path: Path) -> None:
    """A part that Python itself called was compiled by each process, and each told of kernels compiled "once"."""
    (tmp_path / "again.py").write_text(AGAIN, encoding="utf-8")
    command = [sys.executable, "again.py"]
    told = [subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True) for _ in range(2)]
    assert told[1].stdout == ""
