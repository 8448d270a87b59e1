"""Where the result of a movie stands, and the corrected movie of a result: beside it, under its name."""

from __future__ import annotations

from pathlib import Path

__all__ = ["find_movie_beside", "find_result_beside"]

ENDINGS = (".ome.tif", ".ome.tiff", ".ome.zarr", ".tif", ".tiff", ".btf", ".tf8", ".zarr")


def find_result_beside(movie: Path) -> Path | None:
    """The drift.json beside a corrected movie, or of a movie of that name; None where there is none."""
    name = movie.name or movie.resolve().name
    ending = next((end for end in ENDINGS if name.lower().endswith(end)), movie.suffix)
    found = movie.resolve().parent / f"{name[: len(name) - len(ending)]}.drift.json"
    return found if found.exists() else None


def find_movie_beside(result: Path) -> Path | None:
    """The corrected movie beside a drift.json; None where there is none."""
    name, folder = result.name.removesuffix(".drift.json"), result.resolve().parent
    if name == result.name:
        return None
    return next((movie for end in ENDINGS if (movie := folder / f"{name}{end}").exists()), None)
