"""The JSON and the table of a result."""

from __future__ import annotations

import base64
import csv
import json
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Verdict
from holdstill.errors import FileError
from holdstill.io.disk import replacing
from holdstill.io.json_files import read_json
from holdstill.transforms.motions import find_motion

__all__ = ["SCHEMA", "decode", "encode", "write_csv", "write_json"]

FORMAT = "holdstill registration"
SCHEMA = 1
MAX_PX = 1 << 31
ARRAYS = ("parameters", "errors", "corner_errors", "scores")


def write_json(path: str | Path, content: dict[str, Any]) -> Path:
    """Write JSON, complete or not at all. NaN is not JSON and must have become null before."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content, allow_nan=False), encoding="utf-8")
    return Path(path)


def write_csv(path: str | Path, header: list[str], rows: Iterable[tuple[Any, ...]]) -> Path:
    """Write a table, complete or not at all: a number for each row, time, then parameters and what else there is."""
    with replacing(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for t, (time, parameters, errors, corner_error, score, verdict) in enumerate(rows):
            numbers = [*parameters, *errors, corner_error, score]
            shown = "" if np.isnan(time) else f"{time:.6g}"
            writer.writerow([t, shown, *(f"{value:.8g}" for value in numbers), verdict.value])
    return Path(path)


def encode(registration: Any) -> dict[str, Any]:
    """A `Registration` as plain values."""
    return {
        "format": FORMAT,
        "schema": SCHEMA,
        "motion": registration.motion,
        "frame_shape": list(registration.frame_shape),
        "pixel_size_um": list(registration.pixel_size_um),
        "frame_interval_s": registration.frame_interval_s,
        "clamped": registration.clamped,
        **{name: _numbers(getattr(registration, name)) for name in ARRAYS},
        "verdicts": [verdict.value for verdict in registration.verdicts],
        "provenance": registration.provenance,
        "images": {name: _pack(image) for name, image in registration.images.items()},
    }


def decode(path: str | Path, *, trust: bool = False) -> dict[str, Any]:
    """The fields of a `Registration` from a file that `encode` and `write_json` made.

    Raises
    ------
    MissingFile, FileError
        There is no such file; it is not JSON, not such a result, of a newer schema, inconsistent, or would take more
        than 400 MB of memory and `trust` is False.
    """
    content = _read(path, trust)
    schema = content.get("schema")
    if content.get("format") != FORMAT or not isinstance(schema, int):
        raise FileError(f"{path}: not a result of holdstill; expected JSON with format {FORMAT!r}")
    if schema > SCHEMA:
        raise FileError(
            f"{path}: written by a newer holdstill (schema {schema}, this one reads {SCHEMA}); please update"
        )
    try:
        fields = _fields(content)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, LookupError, zlib.error) as error:
        raise FileError(f"{path}: damaged result ({type(error).__name__}: {error})") from error
    n = len(fields["verdicts"])
    lengths = {fields[name].shape for name in ("corner_errors", "scores")} | {fields["parameters"].shape[:1]}
    if lengths != {(n,)} or fields["parameters"].shape != fields["errors"].shape:
        raise FileError(f"{path}: damaged result (its tables differ in length)")
    return fields


def _read(path: str | Path, trust: bool) -> dict[str, Any]:
    content = read_json(path, "is not a result of holdstill, which is JSON", trust=trust)
    if not isinstance(content, dict):
        raise FileError(f"{path}: not a result of holdstill; expected a JSON object")
    return content


def _fields(content: dict[str, Any]) -> dict[str, Any]:
    shape = tuple(int(n) for n in content["frame_shape"])
    size = tuple(None if value is None else float(value) for value in content["pixel_size_um"])
    interval = content["frame_interval_s"]
    if len(shape) not in (2, 3) or len(size) != 3:
        raise ValueError("frame_shape or pixel_size_um has the wrong length")
    arrays = {name: np.array(content[name], np.float64) for name in ARRAYS}  # null becomes NaN
    columns = arrays["parameters"].shape[1] if arrays["parameters"].ndim == 2 else len(shape)
    arrays["parameters"], arrays["errors"] = (arrays[n].reshape(-1, columns) for n in ("parameters", "errors"))
    motion = str(content["motion"])
    if min(shape) < 1 or max(shape) > MAX_PX or columns != len(find_motion(motion, shape).names(len(shape))):
        raise ValueError(f"{columns} parameters are not those of {motion} of frames of {shape} px")
    return {
        "motion": motion,
        "frame_shape": shape,
        "pixel_size_um": size,
        "frame_interval_s": None if interval is None else float(interval),
        "clamped": int(content["clamped"]),
        **arrays,
        "verdicts": tuple(Verdict(value) for value in content["verdicts"]),
        "provenance": dict(content["provenance"]),
        "images": {str(name): _unpack(packed) for name, packed in content["images"].items()},
    }


def _numbers(array: NDArray[np.float64]) -> list[Any]:
    values = array.astype(object)
    values[~np.isfinite(array)] = None
    plain: list[Any] = values.tolist()
    return plain


def _pack(image: NDArray[np.float32]) -> dict[str, Any]:
    """Image as 16-bit levels, compressed: a picture for a report, not a measurement."""
    finite = np.isfinite(image)
    low = float(image[finite].min()) if finite.any() else 0.0
    high = float(image[finite].max()) if finite.any() else 1.0
    levels = np.where(finite, (np.nan_to_num(image) - low) / max(high - low, 1e-30) * 65534 + 1, 0).astype("<u2")
    data = base64.b64encode(zlib.compress(levels.tobytes(), 6)).decode("ascii")
    return {"shape": list(image.shape), "low": low, "high": high, "levels": data}


def _unpack(packed: dict[str, Any]) -> NDArray[np.float32]:
    height, width = (int(n) for n in packed["shape"])
    if not 0 < height * width <= 1 << 22:
        raise ValueError("a picture is too large")
    decompressor = zlib.decompressobj()
    data = decompressor.decompress(base64.b64decode(packed["levels"]), 2 * height * width)
    levels = np.frombuffer(data, "<u2").reshape(height, width).astype(np.float32)
    low, high = float(packed["low"]), float(packed["high"])
    return np.where(levels > 0, (levels - 1) / 65534 * (high - low) + low, np.nan).astype(np.float32)
