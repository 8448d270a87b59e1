"""What tests of clusters share: a movie in a file, and what makes two results equal."""

from pathlib import Path

import numpy as np

import holdstill as hs
from holdstill.contracts import ImagesInfo
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture
from holdstill.io import create_sink, open_source

__all__ = ["N_FRAMES", "equal", "pixels", "small_movie", "write"]

SHAPE = (72, 80)
N_FRAMES = 54


def write(path: Path, frames: np.ndarray) -> Path:
    """An OME-Zarr of frames (t, y, x)."""
    info = ImagesInfo(name="movie", axes="TYX", shape=frames.shape, dtype=frames.dtype)
    with create_sink(path, info) as sink:
        sink.write(0, frames[:, None])
        sink.finish()
    return path


def small_movie(path: Path, repeats: int = 1) -> Path:
    """54 frames that drift, two of them blank, once or several times."""
    shifts = trajectories.walk(N_FRAMES, 0.4, seed=1)
    frames = make_movie(texture(SHAPE), shifts, photons=300.0, seed=2, blank_frames=(5, 41)).frames
    return write(path, np.concatenate([frames] * repeats))


def pixels(path: Path) -> np.ndarray:
    """All frames of a file."""
    with open_source(path) as source:
        return source.read(0, source.info.n_frames)


def equal(found: hs.Registration, expected: hs.Registration) -> None:
    """Raise AssertionError unless two results are the same to the last bit."""
    for name in ("parameters", "errors", "corner_errors", "scores"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    assert found.verdicts == expected.verdicts
    assert found.clamped == expected.clamped
    for name, image in expected.images.items():
        np.testing.assert_array_equal(found.images[name], image)
