"""Find the array that a Zarr is opened for, and what is said of it; nothing outside of the store is ever touched."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import zarr

from holdstill.errors import FileError, MissingFile
from holdstill.extras import require
from holdstill.io.damage import ErrorTypes, explain_damage
from holdstill.io.guards import no_scenes, pick_scene
from holdstill.io.json_files import refuse_large_json
from holdstill.io.zarr.metadata import Found, find_images, find_scenes, read_ome_xml

__all__ = ["inner_path", "network_errors", "open_array"]

METADATA = ("zarr.json", ".zmetadata", ".zattrs", ".zarray", ".zgroup")


def open_array(path: str, scene: str | int | None) -> tuple[Any, Found]:
    """The array of full resolution, open for reading, and what is said of it.

    Parameters
    ----------
    path : str
        A folder or an address, or what is inside of one.
    scene : str, int or None
        Name or number of one image of several.

    Raises
    ------
    MissingFile, FileError
        There is nothing, it is not a Zarr, its metadata are damaged or lead out of it, or it holds several arrays.
    InputError
        It holds several images, of which none or an unknown one was asked for.
    MissingExtra
        An address needs fsspec.
    """
    if "://" in path:
        require("fsspec", "remote", f"reading {path}")
    elif not Path(path).exists():
        raise MissingFile(f"{path}: no such file; check the name and the folder {Path(path).absolute().parent}")
    with explain_damage(path, "is not a Zarr that can be read", "copy it again", also=network_errors()):
        return _open_node(path, scene, is_scene=False)


def _open_node(path: str, scene: str | int | None, *, is_scene: bool) -> tuple[Any, Found]:
    """The array of one node; a scene is an image, and never a list of scenes again."""
    _check_metadata_size(path)
    node = zarr.open(path, mode="r")
    if isinstance(node, zarr.Array):
        no_scenes(path, scene)
        return node, Found("", None)
    scenes = [] if is_scene else [inner_path(one, path) for one in find_scenes(node, inner_path)]
    if scenes:
        chosen = scenes[pick_scene(path, scenes, scene)]
        if chosen not in node:
            raise FileError(f"{path}: its metadata name an image {chosen!r} that is not there; copy it again")
        array, inside = _open_node(f"{path.rstrip('/')}/{chosen}", None, is_scene=True)
        xml = "" if "://" in path else read_ome_xml(Path(path), scenes.index(chosen))
        return array, replace(inside, ome_xml=inside.ome_xml or xml)
    no_scenes(path, scene)
    found = find_images(dict(node.attrs), path)
    if found is not None:
        inner = node.get(inner_path(found.path, path))
        if not isinstance(inner, zarr.Array):
            raise FileError(f"{path}: its metadata name an array {found.path!r} that is not there; copy it again")
        return inner, found if "://" in path else replace(found, ome_xml=read_ome_xml(Path(path), 0))
    return _only_array(node, path)


def _only_array(node: Any, path: str) -> tuple[Any, Found]:
    arrays = [name for name, _ in node.arrays()]
    if len(arrays) == 1:
        return node[arrays[0]], Found(arrays[0], None)
    inside = sorted([*arrays, *(name for name, _ in node.groups())])
    listed = ", ".join(f"{path.rstrip('/')}/{name}" for name in inside[:8]) or "nothing"
    raise FileError(f"{path}: holds no single image; name one of what is inside: {listed}")


def inner_path(said: Any, name: str) -> str:
    """A path that metadata name, if it stays inside of the group.

    Raises
    ------
    FileError
        It is empty, absolute, an address, or climbs: zarr follows each of these out of the store.
    """
    parts = said.split("/") if isinstance(said, str) else [""]
    if any(part in ("", ".", "..") for part in parts) or re.search(r"[\\:\0]", str(said)):
        raise FileError(
            f"{name}: its metadata name {str(said)[:80]!r}, which is not a path inside of it; name the array itself, "
            f"as {name}/0 with axes=..."
        )
    return str(said)


def _check_metadata_size(path: str) -> None:
    """Raise FileError where the metadata of a local node would fill the memory."""
    if "://" in path:
        return
    for file in (Path(path) / name for name in METADATA):
        if file.is_file():
            refuse_large_json(file)


def network_errors() -> ErrorTypes:
    """What a transport raises that is not an OSError; it is imported by now if it is used."""
    aiohttp = sys.modules.get("aiohttp")
    return () if aiohttp is None else (aiohttp.ClientError,)
