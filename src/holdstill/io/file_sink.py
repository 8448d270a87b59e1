"""What sinks that write files share: a part in a workspace that becomes the target when all frames are there."""

from __future__ import annotations

import os
import shutil
from abc import abstractmethod
from pathlib import Path

from holdstill.contracts import ImagesInfo, Sink
from holdstill.errors import FileError, InputError, NoSpace
from holdstill.io import disk
from holdstill.io.blocks import FrameLedger
from holdstill.io.inputs import check_replaceable
from holdstill.io.workspace import Workspace

__all__ = ["FileSink"]


class FileSink(Sink):
    """Locks the target, unless the caller did so, and publishes it in the end.

    Parameters
    ----------
    path : path
        The target.
    info : ImagesInfo
        Axes, shape, dtype, pixel size, frame interval and channel names of it.
    overwrite : bool
        Replace a target that exists.
    workspace : Workspace, optional
        Open; it keeps the unfinished pixels when the sink is closed, for `recall`. Default: one of its own.

    Raises
    ------
    FileInTheWay
        The target exists and `overwrite` is False, is a folder that was not made here, or another process writes it.
    NoSpace
        The disk cannot hold the result.
    FileError
        The folder is missing or read-only, or the format has no such pixel type.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        info: ImagesInfo,
        *,
        overwrite: bool = False,
        workspace: Workspace | None = None,
    ) -> None:
        self._prepare(path, info, overwrite, workspace)
        if self._is_own:
            self._workspace.__enter__()
        try:
            if self._is_own:
                if self._workspace.complete():
                    self._check_target()
                self._remove_parts()
            with disk.explain_errors(self._path):
                self._begin()
        except BaseException:
            self.close()
            raise

    @classmethod
    def check(
        cls,
        path: str | os.PathLike[str],
        info: ImagesInfo,
        *,
        overwrite: bool = False,
        workspace: Workspace | None = None,
    ) -> None:
        """Raise what making such a sink would, and lay nothing out: before its final shape is known."""
        cls.__new__(cls)._prepare(path, info, overwrite, workspace)

    def _prepare(
        self, path: str | os.PathLike[str], info: ImagesInfo, overwrite: bool, workspace: Workspace | None
    ) -> None:
        self.info, self._path, self._overwrite = info, Path(path), overwrite
        self._is_own = workspace is None
        self._workspace = Workspace(self._path) if workspace is None else workspace
        self._part = self._workspace.folder / ("whole.part" if self._is_own else "pixels.part")
        self._ledger = FrameLedger(info)
        self._check_target()

    def finish(self) -> None:
        self._ledger.require_all()
        with disk.explain_errors(self._path):
            self._complete()
            self.sync()
        self._release()
        if self._is_own:
            self._workspace.publish([(self._part, self._path)], overwrite=self._overwrite, clear=False)

    def close(self) -> None:
        self._release()
        if self._is_own:
            self._remove_parts()
            self._workspace.close()

    @property
    def part(self) -> Path:
        """Where the images are until they have their name."""
        return self._part

    @property
    @abstractmethod
    def _least_bytes(self) -> int:
        """What the target takes at least."""

    @abstractmethod
    def _begin(self) -> None:
        """Lay the part out, or find it again."""

    @abstractmethod
    def _complete(self) -> None:
        """Store what is left."""

    @abstractmethod
    def _release(self) -> None:
        """Close what is open; calling it twice does no harm."""

    def _remove_parts(self) -> None:
        for left in (self._part, self._part.with_suffix(".draft")):
            disk.remove(left)

    def _check_target(self) -> None:
        folder = self._path.absolute().parent
        if not folder.is_dir():
            raise FileError(f"{self._path}: there is no folder {folder}; make it first")
        if 0 in self.info.shape:
            raise InputError(f"{self._path}: nothing to write: the images have shape {self.info.shape}")
        check_replaceable(self._path, self._overwrite)
        free = shutil.disk_usage(folder).free
        if not self._part.exists() and free < self._least_bytes:
            raise NoSpace(
                f"{self._path}: no space left: it needs {self._least_bytes} bytes and {free} are free; clear some, or "
                "use another disk"
            )
