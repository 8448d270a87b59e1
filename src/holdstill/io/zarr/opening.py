"""Find the array that a Zarr is opened for, and what is said of it; nothing outside of the store is ever touched."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import zarr
from zarr.storage import ZipStore

from holdstill.errors import FileError, MissingFile
from holdstill.extras import require
from holdstill.io.damage import ErrorTypes, explain_damage
from holdstill.io.guards import no_scenes, pick_scene
from holdstill.io.json_files import refuse_large_json
from holdstill.io.zarr.metadata import Found, find_images, find_scenes, read_ome_xml

__all__ = ["inner_path", "is_archive", "network_errors", "open_array", "open_coarser"]

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
        root = ZipStore(path, mode="r") if is_archive(path) else path
        try:
            return _open_node(root, path, "", scene)
        except BaseException:
            if isinstance(root, ZipStore):
                root.close()
            raise


def open_coarser(finest: Any, found: Found, name: str) -> list[Any]:
    """The arrays that an image's metadata name as the same in fewer pixels; those that are not there are left out.

    Without them the image is read from its finest level: slower, and the same.
    """
    folder, arrays = finest.path.removesuffix(found.path).rstrip("/"), []
    for said in found.coarser if found.path else ():
        try:
            inside = "/".join(filter(None, (folder, inner_path(said, name))))
            with explain_damage(name, "a level of its pyramid cannot be read", "copy it again", also=network_errors()):
                arrays.append(zarr.open_array(finest.store, path=inside, mode="r"))
        except FileError:
            continue
    return arrays


def is_archive(path: str) -> bool:
    """Whether a Zarr lies in a single file."""
    return path.endswith(".zip") and "://" not in path


def _open_node(root: Any, name: str, inner: str, scene: str | int | None) -> tuple[Any, Found]:
    """The array of one node; a scene, which is inside, is an image, and never a list of scenes again."""
    is_folder = isinstance(root, str) and "://" not in root
    if is_folder:
        _check_metadata_size(Path(root) / inner)
    node = zarr.open(root, path=inner, mode="r")
    if isinstance(node, zarr.Array):
        no_scenes(name, scene)
        return node, Found("", None)
    scenes = [] if inner else [inner_path(one, name) for one in find_scenes(node, inner_path)]
    if scenes:
        chosen = scenes[pick_scene(name, scenes, scene)]
        if chosen not in node:
            raise FileError(f"{name}: its metadata name an image {chosen!r} that is not there; copy it again")
        array, inside = _open_node(root, f"{name.rstrip('/')}/{chosen}", chosen, None)
        xml = read_ome_xml(Path(root), scenes.index(chosen)) if is_folder else ""
        return array, replace(inside, ome_xml=inside.ome_xml or xml)
    no_scenes(name, scene)
    found = find_images(dict(node.attrs), name)
    if found is not None:
        array = node.get(inner_path(found.path, name))
        if not isinstance(array, zarr.Array):
            raise FileError(f"{name}: its metadata name an array {found.path!r} that is not there; copy it again")
        return array, replace(found, ome_xml=read_ome_xml(Path(root) / inner, 0)) if is_folder else found
    return _only_array(node, name)


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


def _check_metadata_size(folder: Path) -> None:
    """Raise FileError where the metadata of a local node would fill the memory."""
    for file in (folder / name for name in METADATA):
        if file.is_file():
            refuse_large_json(file)


def network_errors() -> ErrorTypes:
    """What a transport raises that is not an OSError; it is imported by now if it is used."""
    aiohttp = sys.modules.get("aiohttp")
    return () if aiohttp is None else (aiohttp.ClientError,)
