"""A disk whose power can be cut: it records what is done to files, and builds what could be left at any moment.

Data that were not synced are dropped, torn or there; names that were not synced, in folders, are there up to some point
that differs from folder to folder. A rename is there whole or not at all.
"""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
import zarr.storage._local as zarr_local

from holdstill.io import disk

BLOCK = 512


@dataclass(eq=False)
class Node:
    """A file or a folder."""

    is_folder: bool = False
    data: bytes = b""  # on the disk
    pending: list[tuple[int, bytes]] = field(default_factory=list)
    names: dict[str, Node] = field(default_factory=dict)  # as programs see it
    kept: dict[str, Node] = field(default_factory=dict)  # on the disk


Change = list[tuple[Node, str, Node | None]]


class Disk:
    """Replays what was recorded up to a step."""

    def __init__(self) -> None:
        self.root = Node(is_folder=True)
        self.changes: list[Change] = []

    def find(self, path: str) -> Node | None:
        node: Node | None = self.root
        for name in Path(path).parts:
            node = node.names.get(name) if node else None
        return node

    def link(self, path: str, node: Node) -> None:
        self.change([(self.folder(path), Path(path).name, node)])

    def folder(self, path: str) -> Node:
        """The folder that a path is in; made if it is not there."""
        above = str(Path(path).parent)
        found = self.find(above)
        if found is None:
            found = Node(is_folder=True)
            self.link(above, found)
        return found

    def change(self, change: Change) -> None:
        for folder, name, node in change:
            if node is None:
                folder.names.pop(name, None)
            else:
                folder.names[name] = node
        self.changes.append(change)

    def step(self, verb: str, path: str, *what: Any) -> None:
        node = self.find(path)
        if verb == "write":
            if node is None:
                node = Node()
                self.link(path, node)
            node.pending.append(what)
        elif verb == "put":
            self.link(path, Node(pending=[(0, what[0])]))
        elif verb == "sync":
            if node is None:
                node = Node()
                self.link(path, node)
            node.data, node.pending = what[0], []
        elif verb == "make" and node is None:
            self.link(path, Node(is_folder=True))
        elif verb == "remove" and node is not None:
            self.change([(self.folder(path), Path(path).name, None)])
        elif verb == "rename":
            if node is None:  # written by a library, and never synced
                node = Node(pending=[(0, what[1])])
            self.change([(self.folder(path), Path(path).name, None), (self.folder(what[0]), Path(what[0]).name, node)])
        elif verb == "sync folder" and node is not None:
            self.keep([change for change in self.changes if any(folder is node for folder, _, _ in change)])

    def keep(self, changes: list[Change]) -> None:
        for change in changes:
            for folder, name, node in change:
                if node is None:
                    folder.kept.pop(name, None)
                else:
                    folder.kept[name] = node
        self.changes = [change for change in self.changes if change not in changes]

    def cut(self, rng: random.Random) -> None:
        """Decide what of that which was not synced is on the disk."""
        last: dict[int, int] = {}
        kept = []
        for number, change in enumerate(self.changes):
            ends = [last.setdefault(id(folder), rng.choice((0, len(self.changes), rng.randint(0, len(self.changes)))))
                    for folder, _, _ in change]  # fmt: skip
            if all(number < end for end in ends):
                kept.append(change)
            else:
                last.update({id(folder): 0 for folder, _, _ in change})
        self.keep(kept)

    def build(self, place: Path, rng: random.Random, node: Node | None = None) -> None:
        """Make what is left into real files."""
        node = node or self.root
        place.mkdir()
        for name, inner in node.kept.items():
            if inner.is_folder:
                self.build(place / name, rng, inner)
            else:
                (place / name).write_bytes(remains(inner, rng))


def remains(node: Node, rng: random.Random) -> bytes:
    """What a file holds after the cut."""
    data = bytearray(node.data)
    for offset, new in node.pending:
        fate = rng.choice(("there", "dropped", "torn", "zeros"))
        if fate == "dropped":
            continue
        if len(data) < offset + len(new):
            data.extend(bytes(offset + len(new) - len(data)))
        for start in range(0, len(new), BLOCK):
            if fate == "there" or (fate == "torn" and rng.random() < 0.5):
                data[offset + start : offset + start + BLOCK] = new[start : start + BLOCK]
    return bytes(data)


class Recorder:
    """Notes what is done below a folder."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.root, self.steps = root, []
        self.steps: list[tuple[Any, ...]] = []
        real = {
            name: getattr(disk, name) for name in ("write", "sync", "sync_folder", "rename", "remove", "make_folder")
        }

        def write(handle: FileIO, offset: int, data: Any) -> None:
            self.note("write", handle.name, offset, bytes(data))
            real["write"](handle, offset, data)

        def sync(handle: FileIO) -> None:
            self.note("sync", handle.name, Path(str(handle.name)).read_bytes())

        def sync_folder(path: Path) -> None:
            self.note("sync folder", path)

        def rename(source: Path, target: Path) -> None:
            self.note("rename", source, self.below(target), b"" if source.is_dir() else source.read_bytes())
            real["rename"](source, target)

        def remove(path: Path) -> None:
            self.note("remove", path)
            real["remove"](path)

        def make_folder(path: Path) -> None:
            self.note("make", path)
            real["make_folder"](path)

        def put(path: Path, value: Any, exclusive: bool = False) -> Any:
            self.note("put", path, bytes(value.to_bytes()))
            return real_put(path, value, exclusive=exclusive)

        for function in (write, sync, sync_folder, rename, remove, make_folder):
            patch.setattr(disk, function.__name__, function)
        real_put = zarr_local._put
        patch.setattr(zarr_local, "_put", put)

    def below(self, path: Any) -> str:
        return str(Path(str(path)).relative_to(self.root))

    def note(self, verb: str, path: Any, *what: Any) -> None:
        self.steps.append((verb, self.below(path), *what))

    def cut(self, step: int, place: Path, seed: int) -> None:
        """Build what a disk could hold if power failed after so many steps."""
        rng, replayed = random.Random(seed), Disk()
        for each in self.steps[:step]:
            replayed.step(*each)
        replayed.cut(rng)
        if place.exists():
            shutil.rmtree(place)
        replayed.build(place, rng)
