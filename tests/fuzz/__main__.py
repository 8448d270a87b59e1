"""The long form, ``python -m tests.fuzz [CASES [SEED]]``: every case in a process that may crash, hang or swell.

Prints what became of all, and fails if one ended in a traceback, took over 60 s or 600 MB, or was silently wrong.
"""

import collections
import json
import random
import resource
import select
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

from tests.fuzz.corpus import SEEDS, mutate_copy, write_seeds
from tests.fuzz.judge import judge

MOST_SECONDS, MOST_MB = 60, 600
ROOT = Path(__file__).parents[2]


def work(start: int, stop: int, seed: int, folder: Path) -> None:
    """The cases from `start` to `stop`, one line of JSON each."""
    seeds = write_seeds(folder / "seeds")
    kinds = list(SEEDS)
    for number in range(start, stop):
        chance = random.Random(f"{seed}/{number}")
        kind = kinds[number % len(kinds)]
        (folder / "case").mkdir(exist_ok=True)
        path = mutate_copy(seeds[kind], folder / "case", chance)
        began, where = time.perf_counter(), ""
        try:
            outcome = judge(kind, seeds[kind], path)
        except BaseException as error:  # noqa: BLE001  # whatever it is, it is what is looked for
            outcome = f"{type(error).__name__}: {error}"[:200]
            where = next(
                (line.strip() for line in reversed(traceback.format_exc().splitlines()) if "holdstill" in line), ""
            )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        seconds = time.perf_counter() - began
        row = {"n": number, "kind": kind, "outcome": outcome, "where": where, "s": seconds, "mb": peak}
        sys.stdout.write(json.dumps(row) + "\n")
        sys.stdout.flush()


def run(n_cases: int, seed: int) -> list[dict[str, Any]]:
    """All cases; one that ends its process, or takes too long, is noted as that, and the next one begins another."""
    rows: list[dict[str, Any]] = []
    while len(rows) < n_cases:
        with tempfile.TemporaryDirectory() as folder:
            command = [
                sys.executable,
                "-W",
                "ignore",
                "-m",
                "tests.fuzz",
                "--work",
                str(len(rows)),
                str(n_cases),
                str(seed),
                folder,
            ]
            with subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            ) as process:
                outcome = follow(process, rows, n_cases)
                process.kill()
        if outcome and len(rows) < n_cases:
            rows.append(
                {"n": len(rows), "kind": list(SEEDS)[len(rows) % len(SEEDS)], "outcome": outcome, "s": 0, "mb": 0}
            )
    return rows


def follow(process: subprocess.Popen[str], rows: list[dict[str, Any]], n_cases: int) -> str:
    """Take the lines of a process as long as they come; why they ended, if one case is to blame."""
    assert process.stdout is not None
    while len(rows) < n_cases:
        if not select.select([process.stdout], [], [], MOST_SECONDS + 30)[0]:
            return "took more than 60 s"
        line = process.stdout.readline()
        if not line:
            return f"ended its process: {process.wait()}"
        rows.append(json.loads(line))
        if rows[-1]["mb"] > MOST_MB:
            return ""  # the next ones are measured in a process of their own
    return ""


def main(n_cases: int, seed: int) -> int:
    """Run, tell, and return 1 if something is bad."""
    rows = run(n_cases, seed)
    table = collections.Counter((row["kind"], row["outcome"][:40]) for row in rows)
    for (kind, outcome), count in sorted(table.items()):
        sys.stdout.write(f"{kind:14}{outcome:42}{count}\n")
    bad = [row for row in rows if row["outcome"] not in ("refused", "read", "warned")]
    bad += [row for row in rows if row not in bad and (row["s"] > MOST_SECONDS or row["mb"] > MOST_MB)]
    for row in bad:
        sys.stdout.write(f"BAD {json.dumps(row)}\n")
    slowest, largest = max(row["s"] for row in rows), max(row["mb"] for row in rows)
    sys.stdout.write(f"{len(rows)} cases, {len(bad)} bad; slowest {slowest:.1f} s, largest {largest} MB\n")
    return 1 if bad else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work(int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
    else:
        given = [int(text) for text in sys.argv[1:]]
        sys.exit(main(*given, *(2000, 0)[len(given) :]))
