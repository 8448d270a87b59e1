"""The recipe: pairs and methods in, a folder of tables and a page out; what was done once is not done again."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.contracts import Progress, heed
from holdstill.errors import FileInTheWay, InputError
from holdstill.evaluation.landmarks.cover import Pair, read_pairs, write_points
from holdstill.evaluation.landmarks.measures import measure_errors, summarise
from holdstill.evaluation.landmarks.methods import Command, Found, Method, Motion
from holdstill.evaluation.landmarks.page import render_page
from holdstill.evaluation.landmarks.rows import Evaluation, Row
from holdstill.evaluation.landmarks.turning import turn_pair
from holdstill.io import disk
from holdstill.io.inputs import check_apart, fingerprint
from holdstill.io.json_files import read_json
from holdstill.io.workspace import Workspace
from holdstill.transforms.motions.dense import DENSE

__all__ = ["evaluate"]

MOTIONS = ("affine", DENSE)
PAIRS, TURNED, RESULTS, SUMMARY, PAGE = "pairs", "turned", "results.csv", "summary.json", "report.html"


def evaluate(
    table: str | Path,
    out: str | Path,
    *,
    folder: str | Path | None = None,
    common: bool = False,
    motions: Sequence[str] = MOTIONS,
    commands: Mapping[str, str] | Sequence[Command] = (),
    prepare: str = "auto",
    allow_flip: bool = False,
    allow_scale: bool = False,
    turn: int = 0,
    overwrite: bool = False,
    resume: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Register pairs of images by several methods, and measure the errors at landmarks.

    Parameters
    ----------
    table : path
        BIRL's cover table: CSV with the columns ``Target image, Source image, Target landmarks, Source landmarks``;
        landmarks are tables with the columns ``X, Y``, px, in the same order for both images.
    out : path
        Folder for ``results.csv``, ``summary.json``, ``report.html``, and in ``pairs`` each pair's landmarks.
    folder : path, optional
        Where relative names in the table begin; default: its own folder.
    common : bool
        Where one image of a pair has more landmarks, take as many as the other has, the first ones, as BIRL does.
    motions : sequence of str
        Motions of `holdstill.align` to evaluate.
    commands : dict of str to str, or sequence of Command
        Other programs by name, see `holdstill.evaluation.landmarks.methods.Command`.
    prepare, allow_flip, allow_scale
        As for `holdstill.align`.
    turn : int
        So many randomly turned copies of each pair besides; with `allow_flip` every second one mirrored.
    overwrite, resume : bool
        Replace earlier results; keep those of pairs and methods that have not changed.
    progress : callable (stage, done, total), optional

    Returns
    -------
    Evaluation

    Raises
    ------
    HoldstillError
        The table, an image or landmarks cannot be used, with file and row; or results are in the way.
    """
    target = Path(out)
    methods = _make_methods(motions, commands, prepare, allow_flip, allow_scale)
    if turn < 0:
        raise InputError(f"turn={turn} is less than none; give how many turned copies of each pair there shall be")
    pairs = read_pairs(table, folder, common=common)
    check_apart([target], [Path(table), *(path for pair in pairs for path in (pair.fixed, pair.moving))])
    _make_target(target, overwrite or resume)
    with Workspace(target):
        if turn:
            disk.make_folder(target / TURNED)
        pairs += [
            turn_pair(pair, target / TURNED, number + 1, flips=allow_flip) for pair in pairs for number in range(turn)
        ]
        jobs = [(pair, method) for pair in pairs for method in methods]
        tell, rows = heed(progress), []
        for number, (pair, method) in enumerate(jobs):
            tell("registering", number, len(jobs))
            rows.append(_do(pair, method, target / PAIRS, resume))
        tell("registering", len(jobs), len(jobs))
        found = Evaluation(rows=tuple(rows), summary=_summarise(rows, methods))
        _write(found, target)
    return found


def _make_methods(
    motions: Sequence[str], commands: Mapping[str, str] | Sequence[Command], prepare: str, flip: bool, scale: bool
) -> list[Method]:
    given = list(commands.items()) if isinstance(commands, Mapping) else list(commands)
    others = [one if isinstance(one, Command) else Command(name=one[0], template=one[1]) for one in given]
    own = [Motion(motion=motion, prepare=prepare, allow_flip=flip, allow_scale=scale) for motion in motions]
    methods: list[Method] = [*own, *others]
    names = [method.name for method in methods]
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled is not None:
        raise InputError(f"two methods are called {doubled!r}; give one of them another name")
    if not methods:
        raise InputError("there is no method to evaluate; give a motion or a command")
    return methods


def _make_target(target: Path, is_allowed: bool) -> None:
    if target.exists() and not target.is_dir():
        raise FileInTheWay(f"{target}: is a file; give a folder for the results")
    if target.is_dir() and any(target.iterdir()):
        if not is_allowed:
            raise FileInTheWay(f"{target}: holds something already; take --resume to go on, --overwrite to replace it")
        if not (target / PAIRS).is_dir():
            raise FileInTheWay(f"{target}: is a folder that was not made here; choose another name")
    with disk.explain_errors(target):
        target.mkdir(parents=True, exist_ok=True)
        disk.make_folder(target / PAIRS)


def _do(pair: Pair, method: Method, folder: Path, resume: bool) -> Row:
    """The result of one method for one pair: what was kept, where that is still true, or a new one."""
    kept = folder / f"{pair.name}.{method.name}.json"
    points = hashlib.sha256(pair.fixed_points.tobytes() + pair.moving_points.tobytes()).hexdigest()
    job = {
        "version": version("holdstill"), "method": method.describe(), "points": points,
        "files": sorted(fingerprint([pair.fixed, pair.moving]).values()),
    }  # fmt: skip
    if resume and kept.exists():
        content = read_json(kept)
        if content.get("job") == job:
            return _tell(pair, method, _unpack(content))
    found = method.register(pair)
    points_found = None if found.points is None else np.asarray(found.points).tolist()
    content = {"job": job, **asdict(found), "points": points_found}
    disk.write_file(kept, json.dumps(content).encode("utf-8"))
    if found.points is not None:
        write_points(kept.with_suffix(".csv"), found.points)
    return _tell(pair, method, found)


def _unpack(content: dict[str, Any]) -> Found:
    points = None if content["points"] is None else np.array(content["points"], np.float64)
    return Found(points=points, **{name: content[name] for name in ("on_fixed", "seconds", "status")})


def _tell(pair: Pair, method: Method, found: Found) -> Row:
    truth, before = pair.fixed_points, pair.moving_points
    truth, before = (truth, before) if found.on_fixed else (before, truth)
    points = before if found.points is None else found.points
    errors = measure_errors(truth, points, before, pair.diagonal)
    return Row(
        pair=pair, method=method.name, errors=errors, seconds=found.seconds, status=found.status,
        on_fixed=found.on_fixed, points=found.points,
    )  # fmt: skip


def _summarise(rows: Sequence[Row], methods: Sequence[Method]) -> dict[str, dict[str, float]]:
    summary = {}
    for method in methods:
        own = [row for row in rows if row.method == method.name]
        n_failed = sum(row.status != "ok" for row in own)
        measured = summarise([row.errors for row in own], [row.seconds for row in own])
        summary[method.name] = {"pairs": len(own), "failed": n_failed, **measured}
    return summary


def _write(found: Evaluation, target: Path) -> None:
    with disk.replacing(target / RESULTS) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["pair", "method", "status", "landmarks", "median_rtre", "mean_rtre", "max_rtre", "initial_median_rtre",
             "robustness", "seconds"]
        )  # fmt: skip
        for row in found.rows:
            told = row.errors
            numbers = (told.median, told.mean, told.largest, told.initial, told.robustness)
            writer.writerow(
                [row.pair.name, row.method, row.status, len(row.pair.fixed_points), *(f"{n:.6f}" for n in numbers),
                 f"{row.seconds:.3f}"]
            )  # fmt: skip
    for name, text in ((SUMMARY, json.dumps(found.summary, indent=1)), (PAGE, render_page(found.rows, found.summary))):
        with disk.replacing(target / name) as temporary:
            temporary.write_text(text, encoding="utf-8", errors="backslashreplace")
