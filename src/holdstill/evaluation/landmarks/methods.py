"""What is evaluated: our own motions, and any program that maps landmarks."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from holdstill.api import align
from holdstill.contracts import FloatArray
from holdstill.errors import FileError, HoldstillError, InputError
from holdstill.evaluation.landmarks.cover import Pair, read_points, write_points

__all__ = ["Command", "Found", "Method", "Motion", "read_command"]

PLACEHOLDERS = ("fixed", "moving", "fixed_points", "moving_points", "out")
LAST_WORDS = 200
# motions of which sections may be mirrored; see `holdstill.methods.deformable.Deformable`
MIRRORS = ("affine", "dense")


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """Where a method says that landmarks lie.

    Attributes
    ----------
    points : ndarray of float64, (n, 2), or None
        px, (y, x); None where it found nothing.
    on_fixed : bool
        Whether these are the moving image's landmarks on the fixed image, or the other way round.
    seconds : float
    status : str
        ``"ok"``, or why there is nothing.
    """

    points: FloatArray | None
    on_fixed: bool = True
    seconds: float
    status: str = "ok"


class Method(ABC):
    """One way to register a pair."""

    name: str

    @abstractmethod
    def register(self, pair: Pair) -> Found:
        """Find where the landmarks of one image lie on the other; what fails is told in the status."""

    @abstractmethod
    def describe(self) -> str:
        """All that decides the result, in words."""


@dataclass(frozen=True, kw_only=True)
class Motion(Method):
    """`holdstill.align` with a motion."""

    motion: str
    prepare: str = "auto"
    allow_flip: bool = False
    allow_scale: bool = False

    @property
    def name(self) -> str:  # type: ignore[override]
        """Of the motion."""
        return self.motion

    def register(self, pair: Pair) -> Found:
        began = time.perf_counter()
        try:
            found = align(
                pair.fixed, pair.moving, motion=self.motion, prepare=self.prepare, method="deformable",
                allow_flip=self.allow_flip and self.motion in MIRRORS, allow_scale=self.allow_scale,
            )  # fmt: skip
            points = found[0].inverse.map(pair.moving_points) if found.ok.all() else None
        except HoldstillError as error:
            return Found(points=None, seconds=time.perf_counter() - began, status=f"failed: {error}")
        return Found(points=points, seconds=time.perf_counter() - began, status=found.verdicts[0].value)

    def describe(self) -> str:
        return repr(self)


@dataclass(frozen=True, kw_only=True)
class Command(Method):
    """Another program: a command line in which words in braces stand for files.

    Attributes
    ----------
    name : str
    template : str
        With ``{fixed}`` and ``{moving}``, the images; ``{moving_points}`` or ``{fixed_points}``, a table of landmarks,
        columns X and Y; and ``{out}``, the table to write: where these lie on the other image.
    timeout_s : float or None
    """

    name: str
    template: str
    timeout_s: float | None = None

    def __post_init__(self) -> None:
        """Raise InputError where the template lacks a place, or has one that means nothing."""
        used = set(re.findall(r"\{(\w*)\}", self.template))
        unknown = sorted(used - set(PLACEHOLDERS))
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        if unknown:
            raise InputError(f"{self.name}: {{{unknown[0]}}} means nothing in a command; known are {known}")
        points = used & {"fixed_points", "moving_points"}
        if not {"fixed", "moving", "out"} <= used or len(points) != 1:
            raise InputError(
                f"{self.name}: a command needs {{fixed}}, {{moving}}, {{out}} and one of {{moving_points}} and "
                f"{{fixed_points}}; it is {self.template!r}"
            )

    def register(self, pair: Pair) -> Found:
        on_fixed = "{moving_points}" in self.template
        with tempfile.TemporaryDirectory(prefix="holdstill-evaluate-") as folder:
            places = {name: Path(folder, f"{name}.csv") for name in ("fixed_points", "moving_points", "out")}
            write_points(places["fixed_points"], pair.fixed_points)
            write_points(places["moving_points"], pair.moving_points)
            places |= {"fixed": pair.fixed.absolute(), "moving": pair.moving.absolute()}
            began = time.perf_counter()
            status = self._run(places)
            seconds = time.perf_counter() - began
            if status != "ok":
                return Found(points=None, on_fixed=on_fixed, seconds=seconds, status=status)
            try:
                points = read_points(places["out"])
            except HoldstillError as error:
                return Found(points=None, on_fixed=on_fixed, seconds=seconds, status=f"failed: {error}")
        if len(points) != len(pair.fixed_points):
            told = f"failed: wrote {len(points)} landmarks for {len(pair.fixed_points)}"
            return Found(points=None, on_fixed=on_fixed, seconds=seconds, status=told)
        return Found(points=points, on_fixed=on_fixed, seconds=seconds)

    def _run(self, places: dict[str, Path]) -> str:
        words = []
        for word in shlex.split(self.template, posix=os.name != "nt"):
            for name, path in places.items():
                word = word.replace(f"{{{name}}}", str(path))
            words.append(word)
        try:
            ended = subprocess.run(words, capture_output=True, timeout=self.timeout_s, check=False)
        except subprocess.TimeoutExpired:
            return f"failed: not done after {self.timeout_s:g} s"
        except OSError as error:
            raise FileError(f"{words[0]}: cannot be started ({error.strerror}); check the command") from error
        if ended.returncode:
            last = ended.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [""]
            return f"failed: exit code {ended.returncode} {last[0]}"[:LAST_WORDS].strip()
        return "ok"

    def describe(self) -> str:
        return repr(self)


def read_command(text: str, timeout_s: float | None = None) -> Command:
    """A command from ``NAME=TEMPLATE``. Raises InputError for anything else."""
    name, sign, template = text.partition("=")
    if not sign or not re.fullmatch(r"[\w.-]+", name.strip()):
        raise InputError(f"--command {text!r} has no name; write it as NAME=COMMAND, such as sift='python sift.py ...'")
    if timeout_s is not None and not (np.isfinite(timeout_s) and timeout_s > 0):
        raise InputError(f"--timeout {timeout_s} is not a number of seconds above zero")
    return Command(name=name.strip(), template=template.strip(), timeout_s=timeout_s)
