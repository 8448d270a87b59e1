"""Motion that principal components show: by how far the frames at both ends of each differ, as suite2p's metric."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from holdstill.contracts import Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.methods.direct import Direct

__all__ = ["N_COMPONENTS", "measure_pc_shifts"]

# as suite2p: so many components, so many frames at each end
N_COMPONENTS, N_ENDS = 30, 300


def measure_pc_shifts(frames: Iterable[NDArray[np.float32]]) -> NDArray[np.float64]:
    """By how far the ends of each principal component are displaced against each other.

    A movie that holds still has components of changing light, whose ends lie on top of each other; one that does not
    has components of motion. The metric is that of suite2p (Pachitariu et al., bioRxiv 061507), but for the shift:
    it is found to fractions of a pixel by `Direct`.

    Parameters
    ----------
    frames : iterable of ndarray of float32, (y, x)
        At least two.

    Returns
    -------
    ndarray of float64, (30,)
        Px, the strongest component first; NaN where the ends do not show the same thing, and beyond the components
        that so few frames have.
    """
    stack = np.stack(list(frames))
    pixels, shape = stack.reshape(len(stack), -1), stack.shape[1:]
    mean = pixels.mean(axis=0, dtype=np.float64).astype(np.float32)
    pixels -= mean
    products = (pixels @ pixels.T).astype(np.float64)
    n = len(pixels)
    first = max(0, n - N_COMPONENTS)
    courses = linalg.eigh(products, subset_by_index=(first, n - 1))[1][:, ::-1]
    m = max(1, min(N_ENDS, n // 2))
    found = np.full(N_COMPONENTS, np.nan)
    for k, course in enumerate(courses.T):
        order = np.argsort(course, kind="stable")
        ends = [(pixels[rows].mean(axis=0) + mean).reshape(shape) for rows in (order[:m], order[-m:])]
        found[k] = _find_distance(*ends)
    return found


def _find_distance(low: NDArray[np.float32], high: NDArray[np.float32]) -> float:
    method, device = Direct(), CpuDevice()
    state = method.prepare(Reference(image=low, n_averaged=1), device)
    found = method.estimate(state, high[None], device)
    if found.verdicts[0] is not Verdict.OK:
        return float("nan")
    return float(np.linalg.norm(found.parameters[0]))
