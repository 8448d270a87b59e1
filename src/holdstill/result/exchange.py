"""Transforms in the files of others: CSV, matrices of scikit-image and OpenCV, ITK, OME-Zarr's transformations."""

from __future__ import annotations

import csv
import glob
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray, Verdict
from holdstill.errors import FileError, InputError, MissingFile
from holdstill.extras import require
from holdstill.io.disk import replacing
from holdstill.io.json_files import read_json
from holdstill.io.npz import read_npz
from holdstill.result.files import write_json
from holdstill.result.ngff_scene import write_scene
from holdstill.transforms import Transform
from holdstill.transforms.convert.itk import list_displacements
from holdstill.transforms.motions import MOTIONS
from holdstill.transforms.motions.dense import DenseMotion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["FORMATS", "export", "read", "read_verdicts"]

NGFF_VERSION = "0.6"
ITK_HEAD = "#Insight Transform File V1.0\n#Transform 0\n"


def export(trajectory: Trajectory, path: Path) -> list[Path]:
    """Write transforms in the format that the suffix says, one of `FORMATS`; returns the files.

    Raises
    ------
    FileError
        There is no such format, or the file cannot be written.
    InputError
        The format cannot hold such transforms.
    """
    try:
        return _format_of(path)[0](trajectory, path)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def read(path: Path, frame_shape: Sequence[int] | None) -> Trajectory:
    """Read transforms that `export`, or the program itself, wrote.

    Raises
    ------
    MissingFile, FileError, InputError
        There is no such file, it is damaged, or `frame_shape` is missing or does not fit.
    """
    if not path.exists() and not (path.suffix.lower() == ".tfm" and _number_names(path)):
        raise MissingFile(f"{path}: no such file; check the name and the folder {path.absolute().parent}")
    if frame_shape is None:
        raise InputError(f"{path}: does not say the shape of a frame; pass frame_shape=([z,] y, x)")
    try:
        return _format_of(path)[1](path, tuple(int(n) for n in frame_shape))
    except (OSError, EOFError, ValueError, LookupError, TypeError, ArithmeticError, zipfile.BadZipFile) as error:
        if isinstance(error, FileError | InputError):
            raise
        raise FileError(f"{path}: no transforms that can be read ({type(error).__name__}: {error})") from error


def _format_of(path: Path) -> tuple[Callable[..., list[Path]], Callable[..., Trajectory]]:
    for suffix, functions in FORMATS.items():
        if path.name.lower().endswith(suffix):
            return functions
    raise FileError(f"{path}: no format of transforms has this suffix; known are {', '.join(FORMATS)} and .json")


def _matrices(trajectory: Trajectory, what: str) -> FloatArray:
    """Homogeneous matrices on ``([z,] y, x, 1)``, (T, ndim + 1, ndim + 1)."""
    found = [trajectory.transform(t) for t in range(len(trajectory))]
    if not all(isinstance(one, Transform) for one in found):
        raise InputError(
            f"{what} holds matrices, and {trajectory.motion.name} transforms have none; save them as .json, or export "
            "displacements as .zarr or .mha"
        )
    return np.array([one.matrix for one in found if isinstance(one, Transform)])


def _reorder(matrices: FloatArray) -> FloatArray:
    """Axes x first, or back."""
    order = [*range(matrices.shape[1] - 2, -1, -1), matrices.shape[1] - 1]
    return np.asarray(matrices[:, order][:, :, order])


def _write_csv(trajectory: Trajectory, path: Path) -> list[Path]:
    if isinstance(trajectory.motion, DenseMotion):
        raise InputError("a table does not hold dense transforms, which have thousands of numbers; save them as .json")
    with replacing(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["frame", *trajectory.motion.names(trajectory.ndim)])
        writer.writerows([t, *(repr(float(value)) for value in row)] for t, row in enumerate(trajectory.parameters))
    return [path]


def _read_csv(path: Path, shape: tuple[int, ...]) -> Trajectory:
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0]) if rows else []
    for motion, family in reversed(MOTIONS.items()):  # those with the most columns first
        names = family.names(len(shape)) if len(shape) in family.ndims else ()
        if names and set(names) <= set(columns):
            values = np.array([[float(row[name]) for name in names] for row in rows])
            if not np.isfinite(values).all():
                raise FileError(f"{path}: holds numbers that are not finite; give each frame a transform")
            return Trajectory.of(motion, values[_order_of(path, rows)], shape)
    raise FileError(f"{path}: has no columns of transforms; at least shift_y_px and shift_x_px are needed")


def _order_of(path: Path, rows: list[dict[str, str]]) -> NDArray[np.intp]:
    """Which row is frame 0, 1, 2 ...: by the column `frame` if there is one, else as they stand."""
    if "frame" not in rows[0]:
        return np.arange(len(rows))
    frames = np.array([int(row["frame"]) for row in rows])
    if sorted(frames.tolist()) != list(range(len(frames))):
        raise FileError(f"{path}: its frames are not 0, 1, 2 ... once each; one is missing or doubled")
    return np.argsort(frames)


def read_verdicts(path: Path) -> tuple[Verdict, ...] | None:
    """Verdicts of a table that has them, as `Registration.to_csv` writes it; else None."""
    if path.suffix.lower() != ".csv":
        return None
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    if not rows or "verdict" not in rows[0]:
        return None
    try:
        return tuple(Verdict(rows[int(row)]["verdict"]) for row in _order_of(path, rows))
    except ValueError as error:
        raise FileError(f"{path}: {error}; verdicts are {', '.join(Verdict)}") from error


def _write_npz(trajectory: Trajectory, path: Path) -> list[Path]:
    found = _matrices(trajectory, "npz")
    flipped = _reorder(found)
    affine = not found[:, -1, :-1].any()
    arrays = {"matrices": found, "skimage": flipped, "opencv": flipped[:, :-1] if affine else flipped}
    with replacing(path) as temporary, open(temporary, "wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    return [path]


def _read_npz(path: Path, shape: tuple[int, ...]) -> Trajectory:
    arrays = read_npz(path)
    if "matrices" in arrays:
        return _of_matrices(np.asarray(arrays["matrices"], np.float64), shape, path)
    given = np.asarray(arrays["skimage" if "skimage" in arrays else "opencv"], np.float64)
    if given.shape[1] == len(shape):
        last = np.broadcast_to([*[0.0] * len(shape), 1.0], (len(given), 1, len(shape) + 1))
        given = np.concatenate([given, last], axis=1)
    return _of_matrices(_reorder(given), shape, path)


def _write_itk(trajectory: Trajectory, path: Path) -> list[Path]:
    """ITK's text file of an affine transform in px, x first; one for each frame, numbered where there are several."""
    found = _matrices(trajectory, "ITK")
    if found[:, -1, :-1].any():
        raise InputError("ITK has no projective transform of points; export an affine one, or as .npz")
    ndim, paths = trajectory.ndim, []
    for t, matrix in enumerate(_reorder(found)):
        target = path if len(found) == 1 else path.with_name(f"{path.stem}.{t:06d}{path.suffix}")
        numbers = " ".join(repr(float(value)) for value in (*matrix[:-1, :-1].ravel(), *matrix[:-1, -1]))
        centre = " ".join("0" * ndim)
        text = f"Transform: AffineTransform_double_{ndim}_{ndim}\nParameters: {numbers}\nFixedParameters: {centre}\n"
        with replacing(target) as temporary:
            temporary.write_text(ITK_HEAD + text, encoding="ascii")
        paths.append(target)
    return paths


def _read_itk(path: Path, shape: tuple[int, ...]) -> Trajectory:
    """One file, or the numbered ones of all frames."""
    files = [path] if path.exists() else _number_names(path)
    return _of_matrices(_reorder(np.array([_itk_matrix(file) for file in files])), shape, path)


def _number_names(path: Path) -> list[Path]:
    return sorted(
        path.parent.glob(f"{glob.escape(path.stem)}.[0-9][0-9][0-9][0-9][0-9][0-9]{glob.escape(path.suffix)}")
    )


def _itk_matrix(path: Path) -> FloatArray:
    text = path.read_text(encoding="ascii", errors="replace")
    if len(re.findall(r"^Transform: ", text, re.MULTILINE)) > 1:
        raise FileError(f"{path}: holds several transforms; compose them into one, or give a file for each frame")
    kind = re.search(r"^Transform: (\w+?)_double_(\d)", text, re.MULTILINE)
    lines = {name: re.search(rf"^{name}: ?(.*)$", text, re.MULTILINE) for name in ("Parameters", "FixedParameters")}
    if kind is None or kind[1] not in ("AffineTransform", "TranslationTransform") or lines["Parameters"] is None:
        raise FileError(f"{path}: holds no affine transform of ITK; convert it to an AffineTransform first")
    ndim, numbers = int(kind[2]), np.array(lines["Parameters"][1].split(), np.float64)
    matrix = np.eye(ndim + 1)
    if kind[1] == "AffineTransform":
        fixed = lines["FixedParameters"]
        centre = np.array(fixed[1].split() if fixed else [], np.float64)
        centre = centre if len(centre) == ndim else np.zeros(ndim)
        matrix[:-1, :-1] = numbers[: ndim * ndim].reshape(ndim, ndim)
        matrix[:-1, -1] = numbers[ndim * ndim :] + centre - matrix[:-1, :-1] @ centre
    else:
        matrix[:-1, -1] = numbers
    return matrix


def _write_ngff(trajectory: Trajectory, path: Path) -> list[Path]:
    """Coordinate systems and transformations as RFC-5 has them, from the reference to each frame, in px."""
    axes = [{"name": name, "type": "space", "unit": "pixel"} for name in "zyx"[-trajectory.ndim :]]
    found = _matrices(trajectory, "OME-Zarr")
    if found[:, -1, :-1].any():
        raise InputError("OME-Zarr has no projective transformation; export an affine one, or as .npz")
    frames = [f"frame_{t}" for t in range(len(found))]
    systems = [{"name": name, "axes": axes} for name in ("reference", *frames)]
    transformations = [
        {
            "type": "affine",
            "name": f"reference to {name}",
            "input": "reference",
            "output": name,
            "affine": rows.tolist(),
        }
        for name, rows in zip(frames, found[:, :-1], strict=True)
    ]
    ome = {"version": NGFF_VERSION, "coordinateSystems": systems, "coordinateTransformations": transformations}
    return [write_json(path, {"ome": ome})]


def _read_ngff(path: Path, shape: tuple[int, ...]) -> Trajectory:
    ome = read_json(path)["ome"]
    by_frame: dict[int, Any] = {}
    for system in ome.get("coordinateSystems", ()):
        names = "".join(str(axis["name"]) for axis in system["axes"])
        if names != "zyx"[-len(shape) :]:
            raise FileError(f"{path}: its axes are {names}; write them in the order {'zyx'[-len(shape) :]}")
    for one in ome["coordinateTransformations"]:
        number = re.fullmatch(r"frame_(\d+)", str(one["output"]))
        if number and one["type"] == "affine":
            by_frame[int(number[1])] = [*one["affine"], [*[0.0] * len(shape), 1.0]]
        elif number and one["type"] == "translation":
            matrix = np.eye(len(shape) + 1)
            matrix[:-1, -1] = one["translation"]
            by_frame[int(number[1])] = matrix.tolist()
        elif number:
            raise FileError(f"{path}: {one['output']} has a transformation of type {one['type']!r}; write it as affine")
    if sorted(by_frame) != list(range(len(by_frame))) or not by_frame:
        raise FileError(
            f"{path}: the transformations are not those of frames 0, 1, 2 ... (outputs frame_0, frame_1 ...)"
        )
    return _of_matrices(np.array([by_frame[t] for t in range(len(by_frame))], np.float64), shape, path)


def _of_matrices(matrices: NDArray[np.float64], shape: tuple[int, ...], path: Path) -> Trajectory:
    """The narrowest family that holds all of the matrices on ``([z,] y, x, 1)``."""
    side = len(shape) + 1
    if matrices.ndim != 3 or matrices.shape[1:] != (side, side) or not np.isfinite(matrices).all():
        raise InputError(f"{path}: holds matrices of shape {matrices.shape}; frames {shape} need (T, {side}, {side})")
    return Trajectory.of_matrices(matrices, shape)


def _write_field(trajectory: Trajectory, path: Path) -> list[Path]:
    """A displacement field of ITK for each frame, px, x first: of any motion, at each pixel of the reference."""
    itk = require("SimpleITK", "itk", f"writing {path.name}")
    paths = []
    for t in range(len(trajectory)):
        target = path if len(trajectory) == 1 else path.with_name(f"{path.stem}.{t:06d}{path.suffix}")
        field = list_displacements(trajectory.transform(t), trajectory.shape, np.float32)
        with replacing(target) as temporary:
            whole = temporary.with_name(f"{temporary.name}{path.suffix}")
            try:
                itk.WriteImage(itk.GetImageFromArray(field, isVector=True), str(whole), True)
                whole.replace(temporary)
            finally:
                whole.unlink(missing_ok=True)
        paths.append(target)
    return paths


def _read_field(path: Path, shape: tuple[int, ...]) -> Trajectory:
    raise FileError(f"{path}: holds displacements, which are written for ITK and not read; load the .json beside it")


def _read_scene(path: Path, shape: tuple[int, ...]) -> Trajectory:
    raise FileError(f"{path}: a Zarr of transforms is written for others and not read; load the .json beside it")


FORMATS: dict[str, tuple[Callable[..., list[Path]], Callable[..., Trajectory]]] = {
    ".csv": (_write_csv, _read_csv),
    ".npz": (_write_npz, _read_npz),
    ".tfm": (_write_itk, _read_itk),
    ".ngff.json": (_write_ngff, _read_ngff),
    ".mha": (_write_field, _read_field),
    ".zarr": (write_scene, _read_scene),
}
