"""Every error that holdstill raises on purpose, in one tree.

::

    HoldstillError
    ├── InputError       (ValueError)         an argument or the data do not fit; the text says what to do
    │   └── AxesError                         axes are missing, doubled or ambiguous
    ├── FileError        (OSError)            a file is missing, damaged, not of the format, or in the way
    │   ├── MissingFile  (FileNotFoundError)  there is no such file
    │   ├── FileInTheWay (FileExistsError)    the target exists and ``overwrite`` was not asked for
    │   └── NoSpace                           the target's disk cannot hold the result
    ├── EngineError      (ConnectionError)    a scheduler is out of reach, or its workers cannot do the job
    ├── MissingExtra     (ImportError)        an optional package is absent; the text is the pip command
    ├── DeviceError      (RuntimeError)       no graphics adapter, a lost one, or an image beyond its limits
    │   └── DeviceFull   (MemoryError)        its memory cannot hold a single frame
    ├── UnknownName      (LookupError)        no method, motion, device or engine of that name
    └── Stopped                               the caller's `progress` returned False

Each one is also the builtin that a caller would expect, so that ``except FileNotFoundError`` works too.
A text is one line: what was wrong (with the file, frame or axis), the value, and what to do next.
"""

from __future__ import annotations

__all__ = [
    "AxesError",
    "DeviceError",
    "DeviceFull",
    "EngineError",
    "FileError",
    "FileInTheWay",
    "HoldstillError",
    "InputError",
    "MissingExtra",
    "MissingFile",
    "NoSpace",
    "Stopped",
    "UnknownName",
]


class HoldstillError(Exception):
    """Base of all errors that holdstill raises on purpose."""


class InputError(HoldstillError, ValueError):
    """An argument or the data do not fit what was asked for."""


class AxesError(InputError):
    """The axes of the images are missing, doubled or ambiguous."""


class FileError(HoldstillError, OSError):
    """A file is damaged, of another format, or cannot be written."""


class MissingFile(FileError, FileNotFoundError):
    """There is no such file."""


class FileInTheWay(FileError, FileExistsError):
    """The target exists already and overwriting was not asked for."""


class NoSpace(FileError):
    """The target's disk cannot hold the result."""


class EngineError(HoldstillError, ConnectionError):
    """A scheduler is out of reach, or its workers cannot do the job; the text names the host and the reason."""


class MissingExtra(HoldstillError, ImportError):
    """An optional package is needed and not installed."""


class DeviceError(HoldstillError, RuntimeError):
    """A graphics adapter is not there, was lost, or cannot take what was asked of it."""


class DeviceFull(DeviceError, MemoryError):
    """The memory of a graphics adapter is too small."""


class UnknownName(HoldstillError, LookupError):
    """No method, motion, device or engine carries the name."""


class Stopped(HoldstillError):
    """A run was stopped by its caller: `progress` returned False. What is done can be resumed."""
