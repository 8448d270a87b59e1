"""What the peers' cases have in common: how far off matrices are, and that ours are no worse than theirs."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from holdstill.transforms.trajectory import Trajectory

WORSE, WORSE_PX = 1.05, 0.005
XY = [1, 0, 2]


def to_yx(matrix: np.ndarray) -> np.ndarray:
    """A matrix on (x, y, 1) as one on (y, x, 1)."""
    return np.asarray(matrix, float)[XY][:, XY]


def corner_error(matrices: Iterable[np.ndarray], truth: Trajectory) -> float:
    """Root mean square distance of the corners, px, of matrices on (y, x, 1) from reference to frame."""
    height, width = (n - 1.0 for n in truth.shape)
    corners = np.array([(0, 0, 1), (0, width, 1), (height, 0, 1), (height, width, 1)])
    off = []
    for t, matrix in enumerate(matrices):
        found, true = (corners @ one.T for one in (matrix, truth.transform(t).matrix))  # type: ignore[union-attr]
        off.append(found[:, :2] / found[:, 2:] - true[:, :2] / true[:, 2:])
    return float(np.sqrt(np.mean(np.sum(np.square(off), axis=-1))))


def rms(errors: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(errors))))


def assert_no_worse(ours: float, theirs: float) -> None:
    assert ours <= max(WORSE * theirs, theirs + WORSE_PX), (ours, theirs)


def mean_correlation(frames: np.ndarray, border: int) -> float:
    """Mean correlation of each frame with the one before, px at the borders left out."""
    inner = frames[:, border:-border, border:-border].reshape(len(frames), -1).astype(float)
    return float(np.mean([np.corrcoef(a, b)[0, 1] for a, b in pairwise(inner)]))
