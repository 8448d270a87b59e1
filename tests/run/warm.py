"""A process that has everything loaded and compiled, and forks one that runs a command: to be killed, many times."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType

import numpy as np

from holdstill.cli import run
from holdstill.engines import plan
from holdstill.io.zarr import sink, source

__all__ = ["CHUNK_FRAMES", "Job", "Warm"]

# short movies have many moments to be killed at, too
CHUNK_FRAMES = 16
LOADED = sink, source  # the command line loads formats when it needs them; here they are before it forks


class Job:
    """One command in a process of its own."""

    def __init__(self, warm: "Warm", pid: int) -> None:
        self.pid, self._warm = pid, warm

    def complete(self) -> tuple[int, bytes]:
        """Wait for its end: exit code, negative for the signal that killed it, and what it said on stderr."""
        self._warm.tell("")
        return int(self._warm.hear()), self._warm.said.read_bytes()


class Warm:
    """Starts commands one after the other, without a second's imports each."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.said = Path(self._folder.name) / "said"
        command = [sys.executable, "-m", "tests.run.warm", self._folder.name]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, *arguments: str) -> Job:
        """Run a command of the command line."""
        self.tell(json.dumps(arguments))
        return Job(self, int(self.hear()))

    def tell(self, line: str) -> None:
        """Write a line to the process."""
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hear(self) -> str:
        """The next line that the process writes."""
        assert self._process.stdout
        return self._process.stdout.readline()

    def __enter__(self) -> "Warm":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()
        self._folder.cleanup()


def serve(folder: Path) -> None:
    """Fork for each line of standard input; tell the process's number, and when it ended its exit code."""
    plan.MAX_CHUNK_FRAMES = CHUNK_FRAMES
    with os.fdopen(os.dup(1), "w") as tell:
        for number, place, mode in ((1, os.devnull, os.O_WRONLY), (2, folder / "said", os.O_CREAT | os.O_WRONLY)):
            os.dup2(os.open(place, mode), number)
        np.save(folder / "small.npy", np.random.default_rng(0).integers(0, 999, (1, 64, 64), np.uint16).repeat(20, 0))
        if run(["correct", str(folder / "small.npy"), str(folder / "small.ome.tif"), "--no-report"]):
            sys.exit("the small movie was not corrected")
        for line in sys.stdin:
            if pid := os.fork():
                tell.write(f"{pid}\n")
                tell.flush()
                sys.stdin.readline()  # until then the number is nobody else's, even if it ended
                tell.write(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")
                tell.flush()
            else:
                _run(json.loads(line), folder)


def _run(arguments: list[str], folder: Path) -> None:
    """The command, in the process that was forked for it, which ends here."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(folder / "said", os.O_TRUNC | os.O_WRONLY), 2)
    code = 70
    try:
        code = run(arguments)
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
