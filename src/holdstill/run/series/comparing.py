"""Sections compared in pairs, each pair once, and kept on the disk to be gone on with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from holdstill.io import disk
from holdstill.io.json_files import read_json
from holdstill.result.registration import Registration, load
from holdstill.run.options import RegisteringOptions, SectionOptions
from holdstill.run.section_images import Binned
from holdstill.run.sections import align_sections
from holdstill.run.series.chain import Link

__all__ = ["PairBook"]

# sections that stay in memory, binned
KEPT = 4


class PairBook:
    """Compares sections and remembers the results.

    Parameters
    ----------
    folder : Path
        Where results are kept.
    job : dict
        All that decides them, plain JSON values.
    read : callable
        From the number of a section to its binned image.
    registering, options
        How pairs are aligned.
    resume : bool
        Take what the folder holds, if it is of this job.
    """

    def __init__(
        self, folder: Path, job: dict[str, Any], read: Callable[[int], Binned], registering: RegisteringOptions,
        options: SectionOptions, *, resume: bool,
    ) -> None:  # fmt: skip
        self._folder, self._read, self._registering, self._options = folder, read, registering, options
        self._images: dict[int, Binned] = {}
        self.links: dict[tuple[int, int], Link] = {}
        note = folder / "job.json"
        self._is_resumed = resume and note.exists() and read_json(note) == json.loads(json.dumps(job))
        if not self._is_resumed:
            disk.remove(folder)
            disk.make_folder(folder)
            disk.write_file(note, json.dumps(job).encode("utf-8"))

    def compare(self, fixed: int, moving: int) -> Link:
        """The one section registered to the other."""
        if (fixed, moving) not in self.links:
            found = self._find(fixed, moving)
            self.links[fixed, moving] = Link(
                fixed=fixed, moving=moving, way=found[0], verdict=found.verdicts[0], score=float(found.scores[0])
            )
        return self.links[fixed, moving]

    def _find(self, fixed: int, moving: int) -> Registration:
        path = self._folder / f"{fixed:04d}-{moving:04d}.json"
        if self._is_resumed and path.exists():
            return load(path)
        found = align_sections(self._take(fixed), self._take(moving), self._registering, self._options)
        found.save(path)
        return found

    def _take(self, number: int) -> Binned:
        if number not in self._images:
            while len(self._images) >= KEPT:
                del self._images[next(iter(self._images))]
            self._images[number] = self._read(number)
        return self._images[number]
