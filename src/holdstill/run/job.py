"""What decides the result of a job, so that only the same job is gone on with."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from typing import Any

from holdstill.contracts import Source
from holdstill.io.inputs import fingerprint, input_paths
from holdstill.run.options import CorrectingOptions

__all__ = ["describe_job", "digest_job", "explain_differences"]


def describe_job(source: Source, options: CorrectingOptions) -> dict[str, Any]:
    """All that decides the result of correcting a file, as plain values; what only decides how fast is left out."""
    info = source.info
    job: dict[str, Any] = {"input": info.name, "axes": info.axes, "shape": list(info.shape), "dtype": str(info.dtype)}
    job["input files"] = fingerprint(source.files)
    for name in ("mask", "reference"):
        job[f"{name} file"] = fingerprint(input_paths(getattr(options.registering, name)))
    for part in (options.reading, options.registering, options.resampling, options.writing):
        job |= part.describe()
    plain: dict[str, Any] = json.loads(json.dumps({**job, "version": version("holdstill")}))
    return plain


def digest_job(job: dict[str, Any]) -> str:
    """A short text that tells a job from others."""
    return hashlib.sha256(json.dumps(job, sort_keys=True).encode("ascii")).hexdigest()[:32]


def explain_differences(before: dict[str, Any], now: dict[str, Any]) -> str:
    """What differs between two jobs, files by name; empty where nothing does."""
    different = sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
    return ", ".join(_explain_difference(key, before.get(key), now.get(key)) for key in different)


def _explain_difference(key: str, before: Any, now: Any) -> str:
    """What of a job is different, with the files by name."""
    if not isinstance(before, dict) or not isinstance(now, dict):
        return key
    changed = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    return f"{key} ({', '.join(changed[:3])}{' ...' if len(changed) > 3 else ''})"
