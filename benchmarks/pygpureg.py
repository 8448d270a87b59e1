"""pyGPUreg in a process of its own: ``python -m benchmarks.pygpureg IN.npz OUT.npz``; it needs a display and OpenGL."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np

__all__ = ["measured", "why_not"]

# Mesa's software driver offers OpenGL 4.5 and says less
OPENGL = {"MESA_GL_VERSION_OVERRIDE": "4.5", "MESA_GLSL_VERSION_OVERRIDE": "450"}


def why_not() -> str:
    """Why it cannot be measured here; empty where it can."""
    if find_spec("pyGPUreg") is None:
        return "pyGPUreg is not installed"
    if not os.environ.get("DISPLAY") and shutil.which("xvfb-run") is None:
        return "pyGPUreg needs a display, and xvfb-run is not installed"
    return ""


def measured(reference: np.ndarray, frames: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Seconds for estimate and resample of all frames, the shifts found, and what it finds for the reference itself."""
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "in.npz", Path(folder) / "out.npz"
        np.savez(given, reference=reference, frames=frames)
        display = [] if os.environ.get("DISPLAY") else ["xvfb-run", "-a"]
        command = [*display, sys.executable, "-m", "benchmarks.pygpureg", str(given), str(made)]
        subprocess.run(command, check=True, env=os.environ | OPENGL, capture_output=True)
        with np.load(made) as found:
            return float(found["seconds"]), found["shifts"], found["itself"]


def _main(given: str, made: str) -> None:
    import pyGPUreg

    with np.load(given) as content:
        reference, frames = content["reference"].astype(np.float32), content["frames"].astype(np.float32)
    pyGPUreg.init()
    pyGPUreg.set_template(reference)
    for frame in frames[:2]:
        pyGPUreg.register_to_template(frame)
    began = time.perf_counter()
    shifts = [pyGPUreg.register_to_template(frame)[1] for frame in frames]
    seconds = time.perf_counter() - began
    np.savez(made, seconds=seconds, shifts=shifts, itself=pyGPUreg.register_to_template(reference)[1])


if __name__ == "__main__":
    _main(*sys.argv[1:])
