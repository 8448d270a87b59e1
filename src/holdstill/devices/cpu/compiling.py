"""How kernels are compiled: cached on disk, without the GIL, NaN-safe, free to reorder sums."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
from numba.core import types
from numba.core.cpu import CPUTargetOptions
from numba.core.event import Event, Listener, install_listener
from numba.core.options import TargetOptions
from numba.extending import intrinsic
from numpy.typing import NDArray

from holdstill.devices.cpu.sharing import compile_once

__all__ = [
    "DIRECT_DTYPES",
    "LANES",
    "announce_compilation",
    "divide",
    "inner",
    "kernel",
    "lanes",
    "lean_kernel",
    "own",
    "part",
    "pixels",
    "row_kernel",
    "widest_vectors",
]

LANES = 16

Function = TypeVar("Function", bound=Callable[..., Any])

# All of fastmath but `nnan` and `ninf`: sums may be reordered for vector units, NaN pixels are still seen.
FAST = {"reassoc", "contract", "nsz", "arcp", "afn"}
# What kernels take; other dtypes are converted before, which costs a copy and no compilation. Those that take both are
# compiled once, see `divide`: each type more is 1 to 4 s when a machine compiles for the first time.
DIRECT_DTYPES = (np.uint16, np.float32)


def kernel(function: Function) -> Function:
    """Compile a function as a kernel of the house."""
    compiled: Function = numba.njit(function, nogil=True, cache=True, fastmath=FAST, error_model="numpy")
    return _stamp(compiled, function)


def lean_kernel(function: Function) -> Function:
    """Compile a function as a `row_kernel` that allocates nothing, and counts no references to what it is given.

    Counting, by atomic instructions, took 50 ns for each row of a frame, a sixth of the time of resampling it.
    """
    return _compile_rows(function, _nrt=False)


def part(function: Function) -> Function:
    """Compile a function as a part that is copied into the kernels that call it.

    A call costs about 80 ns for each row of a frame, a third of the time of resampling it.
    """
    compiled: Function = numba.njit(function, nogil=True, fastmath=FAST, error_model="numpy", inline="always")
    return compiled


@intrinsic
def widest_vectors(typing: Any) -> Any:
    """Let the kernel that calls this use the widest vectors that the processor has: LLVM stops at 256 bit of 512.

    The sums of a step of 512 x 512 px take 0.40 ms instead of 0.46.
    """

    def add_attribute(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        # a set that knows the attributes without values alone
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.void(), add_attribute


@part
def lanes(n: int) -> int:
    """Length of a row, rounded up: what vectors leave over is done one by one, a quarter of the time."""
    return (n + LANES - 1) // LANES * LANES


def inner(function: Function) -> Function:
    """Compile a function that kernels call: inlined by force, see `row_kernel`."""
    compiled: Function = numba.njit(
        function, nogil=True, cache=True, fastmath=FAST, error_model="numpy", forceinline=True
    )
    return _stamp(compiled, function)


def row_kernel(function: Function) -> Function:
    """Compile a function that works on rows none of which overlaps another.

    Without that promise, loops that gather and store run pixel by pixel: resampling by a matrix takes 1.7 ms instead of
    1.2 for 512 x 512 px. Numba's lowering knows the flag, its decorator does not name it yet. Inlined by force: with a
    copy of its own beside that in the kernel, a process that compiled both and one that loaded both from the disk ran
    different copies, whose sums differed in the seventh digit.
    """
    return _compile_rows(function)


def _compile_rows(function: Function, **flags: bool) -> Function:
    if not hasattr(CPUTargetOptions, "noalias"):
        CPUTargetOptions.noalias = TargetOptions.Mapping("noalias")
    compiled: Function = numba.njit(
        function, nogil=True, cache=True, fastmath=FAST, error_model="numpy", noalias=True, forceinline=True, **flags
    )
    return _stamp(compiled, function)


def _stamp(compiled: Function, function: Callable[..., Any]) -> Function:
    """Let what is cached of a function count only while no file has changed whose parts it may hold inlined.

    Numba looks at the function's own file alone: an error mended in a part would live on in the kernels on disk.
    """
    folders = {Path(__file__).parent, Path(inspect.getfile(function)).parent}
    stamp = b"".join(_hash_sources(folder) for folder in sorted(folders))
    file: Any = compiled._cache._cache_file  # type: ignore[attr-defined]
    file._source_stamp = hashlib.sha256(repr(file._source_stamp).encode() + stamp).digest()
    compile_once(compiled, Path(f"{file._index_path}.lock"))
    return compiled


@cache
def _hash_sources(folder: Path) -> bytes:
    """Hash of the names and contents of all Python files of a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.digest()


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
def announce_compilation(tell: Callable[[], None]) -> Iterator[None]:
    """Call `tell`, once, if something has to be compiled within the block."""
    with install_listener("numba:compile", _Once(tell)):
        yield


def pixels(frames: NDArray[Any]) -> NDArray[Any]:
    """Frames as contiguous pixels of a dtype that kernels are compiled for, which holds what theirs does."""
    if frames.dtype not in DIRECT_DTYPES:
        frames = frames.astype(np.uint16 if frames.dtype == np.uint8 else np.float32)
    return own(frames)


def own(frames: NDArray[Any]) -> NDArray[Any]:
    """Contiguous pixels that may be written: for what is read-only, as a repeated image is, all is compiled anew."""
    return np.require(frames, requirements=["C", "W"])


def divide(frames: NDArray[Any]) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    """Frames of one of the two kinds of pixels as two arrays: as uint16 and as float32; none of the other kind.

    A kernel that takes both, and looks row by row which it has, is compiled once for all.
    """
    nothing = (0,) * frames.ndim
    if frames.dtype == np.uint16:
        return frames, np.empty(nothing, np.float32)
    return np.empty(nothing, np.uint16), frames
