"""The images that a result is of: where they lie now, and how they are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from holdstill.contracts import ReadingOptions
from holdstill.errors import InputError, MissingFile
from holdstill.io.inputs import digest_contents, fingerprint, input_paths
from holdstill.result.value import RegistrationValue

__all__ = ["find_images", "is_input", "recall_reading"]


def find_images(found: RegistrationValue, folder: Path | None = None) -> str:
    """Where the images of a result lie: where they lay when they were registered, or in the folder of the result.

    A file counts if its content is what it was; where the result tells nothing of that (it was made by hand, or by an
    older version), only under its full name. A folder counts where it was; elsewhere as a file does.

    Parameters
    ----------
    found : RegistrationValue
    folder : path, optional
        Of the result.

    Raises
    ------
    InputError
        The result is of images in memory, or another file has taken the place of its images.
    MissingFile
        They are not there.
    """
    name = found.provenance.get("input")
    if not isinstance(name, str) or name == "array":
        raise InputError("the result does not say which file it is of")
    if "://" in name:
        return name
    there = [place for place in _list_places(found, name, folder) if _exists(place)]
    for place in there:
        if _is_right(found, place, recorded=place == _full_name(found)):
            return place
    if there:
        raise InputError(f"{there[0]} is not what was registered: it was changed since, or is another file")
    raise MissingFile(f"its images, {name}, are not there any more")


def is_input(found: RegistrationValue, path: Path) -> bool:
    """Whether a file is what a result is of: by its content, or by its name where the result tells nothing of that."""
    told = _list_recorded(found)
    if told and not path.is_dir():
        return _has_content(told, path)
    return path.name == Path(str(found.provenance.get("input", ""))).name


def recall_reading(found: RegistrationValue, axes: str | None = None, *, trust: bool = False) -> ReadingOptions:
    """How the images of a result were read; `axes` and `trust` may say otherwise."""
    told = found.provenance.get("reading")
    known: dict[str, Any] = told if isinstance(told, dict) else {}
    scene, named = known.get("scene"), found.provenance.get("axes")
    return ReadingOptions(
        axes=axes or (named if isinstance(named, str) else None),
        scene=scene if isinstance(scene, str | int) else None, skip_bad=known.get("skip_bad") is True,
        trust=trust or known.get("trust") is True,
    )  # fmt: skip


def _list_places(found: RegistrationValue, name: str, folder: Path | None) -> list[str]:
    """Where they may be, the likeliest first: never what the working folder happens to hold."""
    full = _full_name(found)
    beside = [] if folder is None else [str(folder / Path(name).name)]
    return list(dict.fromkeys([*([] if full is None else [full]), *beside]))


def _full_name(found: RegistrationValue) -> str | None:
    """The name with its folders, as it was recorded."""
    told, name = found.provenance.get("input_path"), str(found.provenance["input"])
    if isinstance(told, str):
        return told
    if Path(name).is_absolute():
        return name
    files = list(_list_recorded(found))
    return files[0] if len(files) == 1 and Path(files[0]).name == Path(name).name else None


def _list_recorded(found: RegistrationValue) -> dict[str, str]:
    """What the result says of the content of its files, by their full names."""
    told = found.provenance.get("input_files")
    return {str(name): str(text) for name, text in told.items()} if isinstance(told, dict) else {}


def _exists(place: str) -> bool:
    return any(path.exists() for path in input_paths(place))


def _is_right(found: RegistrationValue, place: str, *, recorded: bool) -> bool:
    told, path = _list_recorded(found), Path(place)
    # all that lies in a folder would have to be looked at: of a Zarr of 48,000 chunks for seconds
    if recorded and (not told or not path.is_file()):
        return True
    return bool(told) and _has_content(told, path)


def _has_content(told: dict[str, str], path: Path) -> bool:
    """Whether what lies behind a path is among what was recorded; results of older versions counted the time, too."""
    paths = input_paths(str(path))
    texts = set(told.values())
    return any(bool(now) and set(now.values()) <= texts for now in (digest_contents(paths), fingerprint(paths)))
