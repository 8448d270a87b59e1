"""The images behind a result of `holdstill integrity`: where they lie now, and their pixels as the first sees them."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import AnyTransform, Source
from holdstill.errors import InputError, MissingFile
from holdstill.io import open_source
from holdstill.io.array import ArraySource
from holdstill.io.array_files import SEPARATOR
from holdstill.io.colours import see_colours
from holdstill.resampling.settings import Resampling
from holdstill.resampling.tiles import Tiles
from holdstill.result import devices
from holdstill.result.registration import load
from holdstill.result.viewer.regions import Region, read_corrected, read_region
from holdstill.transforms import Transform

__all__ = ["SlideImages"]

# float32, so that NaN can stand where a cycle shows nothing
SEEN = Resampling(fill=np.nan, dtype="float32")
LABELS, CYCLES = "the labels", "the cycles"
# stands for the file of what was an array in Python
ARRAY = "array:"


class SlideImages:
    """Cycles and labels that a result was measured from, opened when they are looked at.

    They are looked for where they were, then as they lay beside the result, then where somebody says that they are.

    Parameters
    ----------
    folder : Path
        Of the result.
    summary : dict
        What `holdstill integrity` says of it.
    """

    def __init__(self, folder: Path, summary: dict[str, Any]) -> None:
        self._folder, self._summary, self._inputs = folder, summary, summary["inputs"]
        self._ways = _read_ways(folder, summary["registration"], summary["n_cycles"])
        self._given: dict[str, Path] = {}
        self._around: list[Path] = []
        self._in_memory: dict[str, Source] = {}
        self._stack, self._lock = ExitStack(), Lock()
        self._sources: dict[str, Source] = {}

    def close(self) -> None:
        """Release the images."""
        self._stack.close()

    @property
    def has_labels(self) -> bool:
        """Whether cells had an image of labels; else squares stood for them."""
        return self._inputs["tile"] is None

    @property
    def labels(self) -> Source:
        """The image of labels. Raises MissingFile where it is not there, InputError where there was none."""
        if not self.has_labels:
            raise InputError("squares stood for cells; there is no image of labels to filter")
        return self._open(self._inputs["labels"] or ARRAY + LABELS, None, LABELS)

    def list_missing(self) -> list[str]:
        """One line for each file that is nowhere: what it is called and where it was."""
        return list(self._list_lacking().values())

    def look_in(self, place: str | Path) -> None:
        """Look for what is missing in a folder, or take a file for the one of its name, or for the only one missing.

        Raises
        ------
        InputError, MissingFile
            There is no such place, or nothing of what is missing.
        """
        path = Path(place).expanduser()
        if not path.exists():
            raise MissingFile(f"{path}: is not there; give the file, or the folder that it lies in now")
        lacking = list(self._list_lacking())
        names = [_name_of(file) for file in lacking]
        if path.name in names:
            self._given[lacking[names.index(path.name)]] = path
        elif len(lacking) == 1 and not (path.is_dir() and (path / names[0]).exists()):
            self._try(lacking[0], path)
        elif path.is_dir() and any((path / name).exists() for name in names):
            self._around.append(path)
        elif lacking:
            raise InputError(f"{path}: is none of {', '.join(names)}; give the folder that they lie in now")

    def take_cycles(self, images: Any, axes: str | None = None) -> None:
        """Take an array, or what `look_in` finds at a path, for the cycles."""
        if isinstance(images, str | os.PathLike):
            self.look_in(Path(images))
            return
        for each in self._inputs["cycles"]:
            self._in_memory[each["name"]] = ArraySource(images, axes=axes or each["axes"])

    def take_labels(self, labels: Any) -> None:
        """Take an array or a file, of whatever name, for the labels. Raises InputError where there were none."""
        if not self.has_labels:
            raise InputError(f"{self._folder}: squares stood for cells; leave labels out")
        if isinstance(labels, str | os.PathLike):
            self._try(self._inputs["labels"] or ARRAY + LABELS, Path(labels))
        else:
            self._in_memory[LABELS] = ArraySource(labels)

    def read_window(self, cycle: int, rows: slice, columns: slice) -> NDArray[np.float32]:
        """A window of a cycle as the first cycle sees it; NaN where it shows nothing."""
        source, frame, channel, way = self._cycle(cycle)
        if way is None:
            return source.read_window(frame, rows, columns, channel=channel).astype(np.float32)
        tiles = Tiles(
            source=source, way=way, box=(rows, columns), resampling=SEEN, device=devices.CpuDevice(), frame=frame
        )
        shape = (slice(0, rows.stop - rows.start), slice(0, columns.stop - columns.start))
        return np.asarray(tiles.resample(*shape, channel)[0], np.float32)

    def read_part(self, cycle: int, query: dict[str, str]) -> NDArray[np.float32]:
        """A part of a cycle in pixels as small as the screen's, 0 where the cycle shows nothing."""
        source, frame, channel, way = self._cycle(cycle)
        region = Region.of_query(query, source.info.frame_shape, 1)
        if way is None:
            return read_region(source, frame, channel, region)
        return read_corrected(source, way, frame, channel, region)

    def find_inside(self, label: Any, rows: slice, columns: slice) -> NDArray[np.bool_]:
        """Which pixels of a window are of a label."""
        if self.has_labels:
            return np.asarray(self.labels.read_window(0, rows, columns) == label)
        side, across = self._inputs["tile"], self._summary["shape"][1]
        down = np.arange(rows.start, rows.stop)[:, None] // side
        return np.asarray(down * -(-across // side) + np.arange(columns.start, columns.stop) // side + 1 == label)

    def find_label(self, point: NDArray[np.float64]) -> Any:
        """The label of the pixel at a point (y, x), in its dtype; None outside the slide or where it is not known."""
        y, x = (round(float(value)) for value in point)
        if not (0 <= y < self._summary["shape"][0] and 0 <= x < self._summary["shape"][1]) or not self.has_labels:
            return None
        try:
            return self.labels.read_window(0, slice(y, y + 1), slice(x, x + 1))[0, 0]
        except MissingFile:
            return None  # the page asks for the file; the nearest cell is as good meanwhile

    def _cycle(self, cycle: int) -> tuple[Source, int, int, AnyTransform | None]:
        """Source, frame, channel, and the way from the first cycle; None where pixels lie on pixels."""
        told = self._inputs["cycles"][cycle]
        way = self._ways[cycle]
        source = self._open(told["file"] or ARRAY + CYCLES, told["axes"], told["name"])
        return see_colours(source, told.get("colours", 0)), told["frame"], told["channel"], way

    def _list_lacking(self) -> dict[str, str]:
        """What is said of each file that is nowhere."""
        named = {each["file"] or ARRAY + CYCLES: each["name"] for each in self._inputs["cycles"]}
        named |= {self._inputs["labels"] or ARRAY + LABELS: LABELS} if self.has_labels else {}
        lacking = {}
        for file, name in named.items():
            try:
                self._find(file, name)
            except MissingFile as error:
                lacking[file] = str(error)
        return lacking

    def _try(self, file: str, path: Path) -> None:
        """Take a file of another name for one that is missing, if it is an image of the size of the slide."""
        with open_source(str(path)) as source:
            there, wanted = tuple(source.info.frame_shape), tuple(self._summary["shape"])
        if there != wanted:
            sizes = (" x ".join(map(str, size)) for size in (there, wanted))
            raise InputError("{}: is {} px and the slide {} px; give {}".format(path, *sizes, _name_of(file)))
        self._given[file] = path

    def _find(self, file: str, name: str) -> str:
        """Where a file lies now. Raises MissingFile where nobody knows."""
        if name in self._in_memory:
            return name
        if file.startswith(ARRAY) and file in self._given:
            return str(self._given[file])
        if file.startswith(ARRAY):
            raise MissingFile(f"{file.removeprefix(ARRAY)} were an array in Python; which file holds them now?")
        if "://" in file:
            return file
        bare, separator, inside = file.partition(SEPARATOR)
        beside = self._inputs.get("beside", {}).get(file)
        places = [self._given.get(file), Path(bare), None if beside is None else self._folder / beside]
        for place in (*places, *(folder / _name_of(file) for folder in self._around)):
            if place is not None and place.exists():
                return f"{place}{separator}{inside}"
        raise MissingFile(f"{_name_of(file)} is not at {bare} any more; where is it now?")

    def _open(self, file: str, axes: str | None, name: str) -> Source:
        """An image that a result was measured from, opened once."""
        with self._lock:
            if name in self._in_memory:
                return self._in_memory[name]
            path = self._find(file, name)
            if path not in self._sources:
                self._sources[path] = self._stack.enter_context(open_source(path, axes=axes))
            return self._sources[path]


def _read_ways(folder: Path, told: dict[str, Any] | None, n_cycles: int) -> list[AnyTransform | None]:
    """The way from the first cycle to each; None where pixels lie on pixels."""
    if told is None:
        return [None] * n_cycles
    if "matrices" in told:
        return [None, *(Transform(np.array(matrix)) for matrix in told["matrices"][1:])]
    found = load(folder / told["file"])
    return [None, *(found[t] for t in range(1, n_cycles))]


def _name_of(file: str) -> str:
    """The last part of a path, of another system's too."""
    return re.split(r"[\\/]", file.partition(SEPARATOR)[0].rstrip("\\/"))[-1]
