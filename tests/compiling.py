"""A kernel is compiled by one of the processes that run the tests; the others wait, and take it from the disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # Windows: each process compiles what it needs
    fcntl = None  # type: ignore[assignment]

__all__ = ["compile_once"]


def compile_once() -> None:
    """Let Numba compile a function, or load it, while no other process does so."""
    if fcntl is None:
        return
    from numba.core.compiler_lock import global_compiler_lock
    from numba.core.dispatcher import Dispatcher

    compile_function = Dispatcher.compile

    def compile_alone(self: Any, signature: Any) -> Any:
        files = getattr(self._cache, "_cache_file", None)
        if files is None:
            return compile_function(self, signature)
        # Numba's own lock first: a thread that waits for it must hold no file that the one within it may ask for
        with global_compiler_lock, _hold(Path(files._index_path).with_suffix(".lock")):
            return compile_function(self, signature)

    Dispatcher.compile = compile_alone


@contextmanager
def _hold(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
