"""The JSON and the table of a result.

Schema 2, a JSON object: ``format``, ``schema``, ``checksum``; ``motion``, ``frame_shape``, ``pixel_size_um``,
``frame_interval_s``, ``clamped``, perhaps ``times_s``, ``phases`` and ``candidates`` (places of flagged frames, the
best of each first, with ``frames``, their numbers); for each frame ``parameters``, ``errors``,
``corner_errors``, ``scores``, ``verdicts``, ``treatments``, ``estimates`` (parameters before repair) and ``bounds``;
``correlations`` of errors and of bounds; ``provenance`` and ``images``. Null stands for what is not known; what takes
the place of long rows says `holdstill.result.packing`, and where those of control points stand
`holdstill.result.archive`. The checksum is that of the other fields as compact JSON with sorted keys, arrays in their
place, so that it does not mind how the text is laid out. Schema 1 lacked checksum, treatments, estimates, bounds and
correlations.
"""

from __future__ import annotations

import csv
import hashlib
import operator
import warnings
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Candidates, Covariance, CovarianceKind, Motion, Treatment, Verdict
from holdstill.errors import FileError
from holdstill.io.disk import replacing
from holdstill.io.json_files import read_json
from holdstill.result.archive import move_in, move_out, write_archive
from holdstill.result.fields import treat
from holdstill.result.packing import (
    make_plain,
    pack_array,
    pack_lazily,
    pack_picture,
    unpack_array,
    unpack_picture,
    write_text,
)
from holdstill.result.value import RegistrationValue
from holdstill.transforms.motions import find_motion
from holdstill.transforms.motions.dense import DenseMotion

__all__ = ["SCHEMA", "decode", "encode", "is_result", "write_csv", "write_json", "write_result"]

# results with more parameters a frame, as displacements of each pixel, have their arrays beside the JSON
MANY = 1000

FORMAT = "holdstill registration"
# of a file, in which the format stands
HEAD_BYTES = 256
SCHEMA = 2
MAX_PX = 1 << 31
ARRAYS = ("parameters", "errors", "corner_errors", "scores")
# by word: to ask the enumeration for each frame takes four times as long
VERDICTS = {each.value: each for each in Verdict}
TREATMENTS = {each.value: each for each in Treatment}


def write_json(path: str | Path, content: dict[str, Any]) -> Path:
    """Write JSON, complete or not at all. NaN is not JSON and must have become null before."""
    with replacing(path) as temporary, open(temporary, "w", encoding="utf-8") as file:
        file.writelines(write_text(content, allow_nan=False))
    return Path(path)


def write_result(path: str | Path, registration: RegistrationValue) -> Path:
    """Write a result as JSON; arrays of motion by control points go into an archive beside it, written first."""
    content = encode(registration)
    if registration.covariance.kind is CovarianceKind.BANDED or registration.parameters.shape[1] > MANY:
        content, arrays = move_out(content)
        write_archive(path, arrays)
    return write_json(path, content)


def write_csv(path: str | Path, registration: RegistrationValue) -> Path:
    """Write a table, complete or not at all: a row for each frame; see `Registration.to_csv`."""
    columns, names = _choose_columns(registration.trajectory.motion, registration.parameter_names)
    short = [name.removeprefix("shift_") for name in names]
    header = ["frame", "time_s", *names, *(f"error_{name}" for name in short), "corner_error_px", "score", "verdict"]
    header += [
        "reason",
        "treatment",
        "jump",
        *(f"estimate_{name}" for name in short),
        *(f"bound_{name}" for name in short),
    ]
    errors, bounds, times = registration.errors, registration.bounds, registration.times
    jumps, phases, reasons = registration.jumps, registration.phases, registration.reasons
    header += [] if phases is None else ["scan_phase_px"]
    with replacing(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for t in range(len(registration)):
            time = "" if times is None else f"{times[t]:.9g}"
            middle = registration.corner_errors[t], registration.scores[t]
            used = (*registration.parameters[t, columns], *errors[t, columns], *middle)
            words = (
                registration.verdicts[t].value,
                reasons[t],
                registration.treatments[t].value,
                int(jumps[t]),
            )
            raw = (*registration.estimates[t, columns], *bounds[t, columns])
            raw += () if phases is None else (phases[t],)
            writer.writerow([t, time, *_shorten(used), *words, *_shorten(raw)])
    return Path(path)


def _choose_columns(motion: Motion, names: tuple[str, ...]) -> tuple[NDArray[np.intp], list[str]]:
    """Which parameters a table shows, and under which names.

    Of dense motion these are the thousands of control points not; what is left has names of its own, since it is not
    the transform.
    """
    if not isinstance(motion, DenseMotion):
        return np.arange(len(names)), list(names)
    n_affine = len(names) - motion.grid.n_parameters
    return np.arange(n_affine), [f"affine_{name}" for name in names[:n_affine]]


def _shorten(values: tuple[float, ...]) -> list[str]:
    return [f"{value:.8g}" for value in values]


def is_result(path: str | Path) -> bool:
    """Whether a file begins as results do; others may have been written by anybody."""
    try:
        with open(path, "rb") as file:
            return FORMAT.encode() in file.read(HEAD_BYTES)
    except OSError:
        return False


def encode(registration: RegistrationValue) -> dict[str, Any]:
    """A result as plain values."""
    content = {
        "format": FORMAT,
        "schema": SCHEMA,
        "motion": registration.motion,
        "frame_shape": list(registration.frame_shape),
        "pixel_size_um": list(registration.pixel_size_um),
        "frame_interval_s": registration.frame_interval_s,
        "clamped": registration.clamped,
        **({} if registration.phases is None else {"phases": pack_array(registration.phases)}),
        **({"times_s": pack_array(np.array(registration.times_s))} if registration.times_s else {}),
        **{name: _pack_attribute(registration, name) for name in (*ARRAYS, "estimates", "bounds")},
        "correlations": {
            "errors": _pack_correlations(registration.covariance),
            "bounds": _pack_correlations(registration.bound),
        },
        **({} if registration.places is None else {"candidates": _pack_places(registration.places)}),
        "verdicts": [verdict.value for verdict in registration.verdicts],
        "treatments": [treatment.value for treatment in registration.treatments],
        "provenance": registration.provenance,
        "images": {name: pack_picture(image) for name, image in registration.images.items()},
    }
    plain: dict[str, Any] = make_plain(content)
    return {**plain, "checksum": _sum(plain)}


def _pack_attribute(registration: RegistrationValue, name: str) -> Any:
    """An array of the result, which may be made anew each time: of many control points each takes GB."""
    table = registration.parameters.shape
    shape = table[:1] if name in ("corner_errors", "scores") else table
    return pack_lazily(lambda: getattr(registration, name), shape)


def decode(path: str | Path, *, trust: bool = False) -> dict[str, Any]:
    """The fields of a `Registration` from a file that `encode` and `write_json` made, of this schema or an older one.

    Warns where the file was changed since.

    Raises
    ------
    MissingFile, FileError
        There is no such file; it is not JSON, not such a result, of a newer schema, inconsistent, or would take more
        than 400 MB of memory and `trust` is False.
    """
    content = _read(path, trust)
    schema = content.get("schema")
    if content.get("format") != FORMAT or type(schema) is not int or schema < 1:
        raise FileError(f"{path}: not a result of holdstill; expected JSON with format {FORMAT!r}")
    if schema > SCHEMA:
        raise FileError(
            f"{path}: written by a newer holdstill (schema {schema}, this one reads {SCHEMA}); please update"
        )
    try:
        content = move_in(content, path, trust=trust)
        fields = _fields(content, schema)
        _check(fields)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, LookupError, zlib.error) as error:
        raise FileError(f"{path}: damaged result ({type(error).__name__}: {error}); register again") from error
    if schema > 1 and content.pop("checksum", None) != _sum(content):
        warnings.warn(f"{path}: was changed after it was written; its numbers are taken as they stand", stacklevel=3)
    return fields


def _read(path: str | Path, trust: bool) -> dict[str, Any]:
    content = read_json(path, "is not a result of holdstill, which is JSON", trust=trust)
    if not isinstance(content, dict):
        raise FileError(f"{path}: not a result of holdstill; expected a JSON object")
    return content


def _sum(content: dict[str, Any]) -> str:
    """Of all fields, whatever their order and the space between them."""
    digest = hashlib.sha256()
    for piece in write_text(content, sort_keys=True, separators=(",", ":")):
        digest.update(piece.encode())
    return f"sha256:{digest.hexdigest()}"


def _fields(content: dict[str, Any], schema: int) -> dict[str, Any]:
    shape = tuple(operator.index(n) for n in content["frame_shape"])
    size = tuple(None if value is None else float(value) for value in content["pixel_size_um"])
    interval = content["frame_interval_s"]
    if len(shape) not in (2, 3) or len(size) != 3:
        raise ValueError("frame_shape or pixel_size_um has the wrong length")
    arrays = {name: unpack_array(content[name]) for name in ARRAYS}
    columns = arrays["parameters"].shape[1] if arrays["parameters"].ndim == 2 else len(shape)
    parameters, errors = (arrays[n].reshape(-1, columns) for n in ("parameters", "errors"))
    if (errors < 0).any():
        raise ValueError("an error bar is below zero")
    motion, verdicts = str(content["motion"]), tuple(VERDICTS[value] for value in content["verdicts"])
    _check_columns(motion, shape, columns)
    return {
        "motion": motion,
        "frame_shape": shape,
        "pixel_size_um": size,
        "frame_interval_s": None if interval is None else float(interval),
        "times_s": tuple(unpack_array(content["times_s"]).ravel().tolist()) if "times_s" in content else (),
        "phases": unpack_array(content["phases"]).ravel() if "phases" in content else None,
        "places": _unpack_places(content["candidates"], columns) if "candidates" in content else None,
        "clamped": operator.index(content["clamped"]),
        "parameters": parameters,
        "corner_errors": arrays["corner_errors"],
        "scores": arrays["scores"],
        "verdicts": verdicts,
        "provenance": dict(content["provenance"]),
        "images": {str(name): unpack_picture(packed) for name, packed in content["images"].items()},
        **(_newer_fields(content, errors) if schema > 1 else _missing_fields(parameters, errors, verdicts)),
    }


def _newer_fields(content: dict[str, Any], errors: NDArray[np.float64]) -> dict[str, Any]:
    """What schema 2 added."""
    estimates, bounds = (unpack_array(content[name]).reshape(-1, errors.shape[1]) for name in ("estimates", "bounds"))
    return {
        "treatments": tuple(TREATMENTS[value] for value in content["treatments"]),
        "estimates": estimates,
        "covariance": _unpack_correlations(content["correlations"]["errors"], errors),
        "bound": _unpack_correlations(content["correlations"]["bounds"], bounds),
    }


def _missing_fields(
    parameters: NDArray[np.float64], errors: NDArray[np.float64], verdicts: tuple[Verdict, ...]
) -> dict[str, Any]:
    """The same of a result of schema 1: of flagged frames the estimates were not kept."""
    good = np.array([verdict is Verdict.OK for verdict in verdicts], bool)
    if len(good) != len(parameters):
        raise ValueError("its tables differ in length")
    return {
        "treatments": treat(verdicts),
        "estimates": np.where(good[:, None], parameters, np.nan),
        "covariance": Covariance.of_errors(errors),
        "bound": Covariance.unknown(*parameters.shape),
    }


def _pack_places(places: Candidates) -> dict[str, Any]:
    columns = {"parameters": places.parameters, "scores": places.scores, "evidence": places.evidence}
    return {"frames": places.frames.tolist(), **{name: pack_array(column) for name, column in columns.items()}}


def _unpack_places(packed: dict[str, Any], columns: int) -> Candidates:
    """What `_pack_places` made. Raises ValueError where it cannot be."""
    frames = np.array([operator.index(t) for t in packed["frames"]], np.int64)
    parameters = unpack_array(packed["parameters"]).reshape(-1, columns)
    scores, evidence = (unpack_array(packed[name]) for name in ("scores", "evidence"))
    if not (len(frames),) == scores.shape == evidence.shape == parameters.shape[:1]:
        raise ValueError("its tables of candidates differ in length")
    known = np.isfinite(evidence).all() and np.isfinite(parameters).all() and (np.abs(parameters) < MAX_PX).all()
    if not known or (np.diff(frames) < 0).any():
        raise ValueError("a candidate cannot be")
    return Candidates(frames=frames, parameters=parameters, scores=scores, evidence=evidence)


def _pack_correlations(covariance: Covariance) -> dict[str, Any] | None:
    if covariance.kind is CovarianceKind.DIAGONAL:
        return None
    if covariance.kind is CovarianceKind.FULL:
        values = pack_array(covariance.correlations, readable=False)
    else:
        n, n_bands, p = covariance.values.shape
        values = pack_lazily(lambda: covariance.correlations, (n, n_bands - 1, p), readable=False)
    return {"kind": covariance.kind.value, "values": values}


def _unpack_correlations(packed: dict[str, Any] | None, errors: NDArray[np.float64]) -> Covariance:
    if packed is None:
        return Covariance.of_errors(errors)
    return Covariance.of_correlations(CovarianceKind(packed["kind"]), errors, unpack_array(packed["values"]))


def _check_columns(motion: str, shape: tuple[int, ...], columns: int) -> None:
    """Raise ValueError unless a motion has so many parameters; before any list of them is made."""
    if min(shape) < 1 or max(shape) > MAX_PX or columns != find_motion(motion, shape).count_parameters(len(shape)):
        raise ValueError(f"{columns} parameters are not those of {motion} of frames of {shape} px")


def _check(fields: dict[str, Any]) -> None:
    """Raise ValueError where fields do not fit together, or a number cannot be one."""
    table = fields["parameters"].shape
    one_each = [fields[name] for name in ("corner_errors", "scores", "verdicts", "treatments")]
    if any(np.shape(column) != table[:1] for column in one_each):
        raise ValueError("its tables differ in length")
    if fields["phases"] is not None and fields["phases"].shape != table[:1]:
        raise ValueError("its tables differ in length")
    covariances = (fields["covariance"], fields["bound"])
    if fields["estimates"].shape != table or any(one.variances.shape != table for one in covariances):
        raise ValueError("its tables differ in length")
    if not (np.isfinite(fields["parameters"]).all() and np.abs(fields["parameters"]).max(initial=0) < MAX_PX):
        raise ValueError("a frame has parameters that cannot be")
    places = fields["places"]
    if places is not None and len(places) and not 0 <= places.frames[0] <= places.frames[-1] < table[0]:
        raise ValueError("a candidate is of no frame")
    if fields["clamped"] < 0:
        raise ValueError("fewer than no pixels were clamped")
