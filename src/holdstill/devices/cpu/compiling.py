"""How kernels are compiled: cached on disk, without the GIL, NaN-safe, free to reorder sums."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import numba
import numpy as np
from numba.core.event import Event, Listener, install_listener
from numpy.typing import NDArray

__all__ = ["announced", "kernel", "part", "pixels"]

Function = TypeVar("Function", bound=Callable[..., Any])

# All of fastmath but `nnan` and `ninf`: sums may be reordered for vector units, NaN pixels are still seen.
FAST = {"reassoc", "contract", "nsz", "arcp", "afn"}
# What kernels are compiled for; other dtypes are converted before, which costs a copy and no compilation.
DIRECT_DTYPES = (np.uint8, np.uint16, np.int16, np.float32)


def kernel(function: Function) -> Function:
    """Compile a function as a kernel of the house."""
    compiled: Function = numba.njit(function, nogil=True, cache=True, fastmath=FAST, error_model="numpy")
    return compiled


def part(function: Function) -> Function:
    """Compile a function as a part that is copied into the kernels that call it.

    A call costs about 80 ns for each row of a frame, a third of the time of resampling it.
    """
    compiled: Function = numba.njit(function, nogil=True, fastmath=FAST, error_model="numpy", inline="always")
    return compiled


class _Once(Listener):  # type: ignore[misc]
    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell: Callable[[], None] | None = tell

    def on_start(self, event: Event) -> None:
        """The first kernel that is compiled, not loaded from the disk, is worth a word."""
        if self._tell is not None:
            tell, self._tell = self._tell, None
            tell()

    def on_end(self, event: Event) -> None:
        """Nothing to say."""


@contextmanager
def announced(tell: Callable[[], None]) -> Iterator[None]:
    """Call `tell`, once, if something has to be compiled within the block."""
    with install_listener("numba:compile", _Once(tell)):
        yield


def pixels(frames: NDArray[Any]) -> NDArray[Any]:
    """Frames as contiguous pixels of a dtype that kernels are compiled for, float32 if theirs is another."""
    if frames.dtype not in DIRECT_DTYPES:
        frames = frames.astype(np.float32)
    return np.ascontiguousarray(frames)
