"""What an interrupted measurement had summed, so that it can go on where it was."""

from __future__ import annotations

import json
import shutil
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from holdstill.errors import FileError, InputError
from holdstill.io.disk import explain_errors, replacing

__all__ = ["SumsCheckpoint"]


class SumsCheckpoint:
    """A folder with the job and its latest sums.

    Parameters
    ----------
    folder : Path
    job : dict
        All that decides the sums, as plain values.
    resume : bool
        Go on with what the folder holds; else it is emptied.
    every_s : float
        Least seconds between two notes: sums of a million cells are 400 MB.

    Raises
    ------
    InputError
        The folder holds another job.
    """

    def __init__(self, folder: Path, job: dict[str, Any], *, resume: bool, every_s: float = 30.0) -> None:
        self.folder, self._every, self._noted = folder, every_s, time.monotonic()
        self._resume = resume and (folder / "job.json").exists()
        told = json.loads(json.dumps(job))
        with explain_errors(folder):
            if self._resume:
                self._require_same(told)
                return
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            (folder / "job.json").write_text(json.dumps(told), encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Where nothing was noted there is nothing to go on with, and nothing is left behind."""
        if not (self.folder / "sums.npz").exists():
            self.remove()
            with suppress(OSError):
                self.folder.parent.rmdir()  # only if it is empty

    def recall(self) -> dict[str, NDArray[Any]] | None:
        """What was noted last, None if nothing was. Raises FileError where it is damaged."""
        path = self.folder / "sums.npz"
        if not self._resume or not path.exists():
            return None
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return {name: arrays[name] for name in arrays.files}
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            raise FileError(f"{path}: is damaged ({error}); leave out --resume to begin anew") from error

    def is_due(self) -> bool:
        """Whether it is time for a note."""
        return time.monotonic() - self._noted >= self._every

    def note(self, state: dict[str, Any]) -> None:
        """Keep these arrays in place of those before."""
        with replacing(self.folder / "sums.npz") as temporary, open(temporary, "wb") as file:
            np.savez(file, **state)
        self._noted = time.monotonic()

    def remove(self) -> None:
        """The job is done: nothing is to be resumed."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _require_same(self, job: dict[str, Any]) -> None:
        try:
            before = json.loads((self.folder / "job.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise FileError(f"{self.folder}: is damaged ({error}); leave out --resume to begin anew") from error
        different = sorted(key for key in before.keys() | job.keys() if before.get(key) != job.get(key))
        if different:
            raise InputError(
                f"{self.folder}: the interrupted job differs in {', '.join(different)}; repeat its options, or leave "
                "out --resume to begin anew"
            )
