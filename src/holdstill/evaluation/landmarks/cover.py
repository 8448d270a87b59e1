"""Tables of pairs, as BIRL has them: two images and the landmarks on each."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from holdstill.contracts import FloatArray, ReadingOptions
from holdstill.errors import FileError, HoldstillError, InputError, MissingFile
from holdstill.io.image import reading
from holdstill.io.inputs import check_readable

__all__ = ["Pair", "read_pairs", "read_points", "write_points"]

COLUMNS = ("Target image", "Source image", "Target landmarks", "Source landmarks")
# spreadsheets of countries that write 1,5 separate columns by semicolons
SEPARATORS = (",", ";", "\t")
# people click a little beside the image
BESIDE_PX = 1.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Pair:
    """Two images with landmarks.

    Attributes
    ----------
    name : str
        Unlike those of the other pairs of a table.
    fixed, moving : Path
        Files of the images; BIRL's target and source.
    fixed_points, moving_points : ndarray of float64, (n, 2)
        Landmarks, px, (y, x), in the same order.
    fixed_shape, moving_shape : tuple of int
        ``(y, x)`` px.
    """

    name: str
    fixed: Path
    moving: Path
    fixed_points: FloatArray
    moving_points: FloatArray
    fixed_shape: tuple[int, ...]
    moving_shape: tuple[int, ...]

    @property
    def diagonal(self) -> float:
        """Of the fixed image, px: what errors are told relative to."""
        return float(np.hypot(self.fixed_shape[0], self.fixed_shape[1]))


def read_pairs(table: str | Path, folder: str | Path | None = None, *, common: bool = False) -> list[Pair]:
    """The pairs of a cover table, CSV with the columns Target image, Source image, Target and Source landmarks.

    Columns are separated by commas, semicolons or tabs.

    Parameters
    ----------
    table : path
    folder : path, optional
        Where its relative names begin; default: the folder of the table.
    common : bool
        Where one image of a pair has more landmarks, take as many as the other has, the first ones, as BIRL does.

    Raises
    ------
    FileError, InputError
        The table, or what one of its rows names, cannot be used; the text says which row.
    """
    path = Path(table)
    rows = _read_rows(path, COLUMNS)
    base, pairs, names = Path(folder or path.parent), [], set[str]()
    for line, row in rows:
        try:
            pair = _read_pair(row, base, common)
        except HoldstillError as error:
            raise type(error)(f"{path}: row {line}: {error}") from error
        name = pair.name if pair.name not in names else f"{pair.name}-row{line}"
        names.add(name)
        pairs.append(Pair(**{**vars(pair), "name": name}))
    return pairs


def _read_pair(row: dict[str, str], base: Path, common: bool) -> Pair:
    fixed, moving, own, other = (base / (row[column] or "").strip() for column in COLUMNS)
    shapes = _read_shape(fixed), _read_shape(moving)
    points = read_points(own, shapes[0]), read_points(other, shapes[1])
    n = min(len(points[0]), len(points[1]))
    if len(points[0]) != len(points[1]) and not common:
        raise InputError(
            f"{own} has {len(points[0])} landmarks, {other} {len(points[1])}; give both the same in the same order, or "
            "take the first ones that both have with common=True (--common)"
        )
    return Pair(
        name=f"{fixed.stem}--{moving.stem}", fixed=fixed, moving=moving, fixed_points=points[0][:n],
        moving_points=points[1][:n], fixed_shape=shapes[0], moving_shape=shapes[1],
    )  # fmt: skip


def _read_shape(path: Path) -> tuple[int, ...]:
    with reading(path, ReadingOptions()) as source:
        info = source.info
    if info.n_frames != 1 or info.ndim != 2:
        raise InputError(f"{path}: has axes {info.axes} of {info.shape}; landmarks go with single planes")
    return info.frame_shape


def read_points(path: Path, shape: tuple[int, ...] | None = None) -> FloatArray:
    """Landmarks, (n, 2) px, (y, x), of a table with the columns X and Y; on an image of a shape, if that is given.

    Raises
    ------
    MissingFile, FileError, InputError
        There is no such file; it holds no landmarks; one lies outside the image.
    """
    found = []
    for line, row in _read_rows(path, ("X", "Y")):
        try:
            point = _read_number(row["Y"]), _read_number(row["X"])
        except ValueError:
            raise FileError(f"{path}: row {line}: X={row['X']!r}, Y={row['Y']!r} are not numbers") from None
        if not np.isfinite(point).all():
            raise FileError(f"{path}: row {line}: X={row['X']!r}, Y={row['Y']!r} are not finite")
        if shape is not None and not all(-BESIDE_PX <= at <= n for at, n in zip(point, shape, strict=True)):
            raise InputError(
                f"{path}: row {line}: the landmark X={point[1]:g}, Y={point[0]:g} lies outside the image of "
                f"{shape[1]} x {shape[0]} px (width x height); is the table that of another image, or of another scale?"
            )
        found.append(point)
    if not found:
        raise FileError(f"{path}: holds no landmarks")
    return np.array(found, np.float64)


def _read_number(text: str | None) -> float:
    """A number, also with the comma that many countries write. Raises ValueError."""
    return float((text or "").replace(",", "."))


def _read_rows(path: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Rows of a table with these columns, each with the number of its line."""
    check_readable(path)
    if not path.is_file():
        raise MissingFile(f"{path}: no such file; check the name and the folder {path.absolute().parent}")
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            head = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, delimiter=max(SEPARATORS, key=head.count))
            rows = [(reader.line_num, row) for row in reader]
            known = list(reader.fieldnames or ())
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileError(f"{path}: is not a table of text ({error})") from error
    missing = [column for column in columns if column not in known]
    if missing:
        raise FileError(f"{path}: has no column {missing[0]!r}; its first line says {', '.join(known) or 'nothing'}")
    if not rows:
        raise FileError(f"{path}: has no rows")
    return rows


def write_points(path: Path, points: FloatArray) -> None:
    """Write landmarks, (n, 2) px, (y, x), as a CSV with the columns X and Y."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["", "X", "Y"])
        writer.writerows([number, f"{x:.6f}", f"{y:.6f}"] for number, (y, x) in enumerate(points))
