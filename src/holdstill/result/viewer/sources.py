"""Which movies are shown: those of a result, one alone, or two side by side."""

from __future__ import annotations

import shlex
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from holdstill.contracts import ImagesInfo, ReadingOptions, Source
from holdstill.errors import InputError, MissingFile
from holdstill.io import open_images, open_source
from holdstill.resampling.lazy import CorrectedSource
from holdstill.result import devices
from holdstill.result.beside import find_movie_beside, find_result_beside
from holdstill.result.originals import find_images, is_input, recall_reading
from holdstill.result.recalling import recall_resampling
from holdstill.result.registration import Registration, load
from holdstill.result.viewer.written import show_written
from holdstill.result.wording import count

__all__ = ["check_pair", "correct_on_the_way", "describe_size", "open_sources"]

TABLES = (".json", ".csv", ".npz", ".tfm")
NAMING = "holdstill view {} MOVIE"
Sources = tuple[Registration | None, dict[str, Source]]


@dataclass(frozen=True, eq=False)
class _Known:
    """A result and its file; whether the two images of a pair are shown, not the moving one before and after.

    `naming` is the command that names another movie, with braces in place of the result.
    """

    path: Path
    found: Registration
    as_pair: bool
    naming: str

    @property
    def how(self) -> str:
        """The command, to be typed as it stands."""
        return self.naming.format(shlex.quote(str(self.path)))


def open_sources(
    paths: list[Path], axes: str | None, stack: ExitStack, *, raw: Path | None = None, trust: bool = False,
    as_pair: bool = False, naming: str = NAMING,
) -> Sources:  # fmt: skip
    """The registration, if there is one, and the sources ``raw`` and, where there are two, ``corrected``.

    Parameters
    ----------
    paths : list of Path
        A result, with its movie where that lies elsewhere; a corrected movie with its drift.json beside it, with or
        without the movie that it was made of, in any order; a movie; or two movies.
    axes : str or None
        Axes of the movie, where it does not say.
    stack : ExitStack
        Closes what was opened.
    raw : Path, optional
        The movie of a result; the same as naming it second.
    trust : bool
        Open files that unpack to far more than they are.
    as_pair : bool
        Of a pair that was aligned the fixed image and the aligned one, and no registration.
    naming : str
        The command that names the movie of a result, for errors to say; braces stand for the result.

    Raises
    ------
    HoldstillError
        A file cannot be read, the movie of a result is not where it was, or two do not fit together.
    """
    first, second = paths[0], raw or (paths[1] if len(paths) > 1 else None)
    reading = ReadingOptions(axes=axes, trust=trust)
    if _is_table(first):
        known = _Known(first, _load_table(first, second, reading, naming), as_pair, naming)
        return _open_result(known, second, None, reading, stack)
    if second is not None and _is_table(second):
        raise InputError(f"{second}: is a result; name it first, then its movie: holdstill view {second} {first}")
    if second is None or raw is not None:
        beside = _load_beside(first, as_pair, naming)
        if beside is not None and raw is None and is_input(beside.found, first):
            return _open_result(beside, first, None, reading, stack)
        if beside is not None:
            return _open_result(beside, second, first, reading, stack)
    else:
        for made, movie in ((first, second), (second, first)):
            beside = _load_beside(made, as_pair, naming)
            if beside is not None and is_input(beside.found, movie):
                return _open_result(beside, movie, made, reading, stack)
    return None, _open_plain(first, second, reading, stack)


def check_pair(first: Source, *others: Source) -> None:
    """Raise InputError unless movies that are shown side by side have one length, size and number of channels."""
    one = first.info
    for other in (source.info for source in others):
        if (one.n_frames, one.frame_shape, one.n_channels) != (other.n_frames, other.frame_shape, other.n_channels):
            pictures = one.n_frames == other.n_frames == 1 and one.frame_shape != other.frame_shape
            first_align = ", or align them first: holdstill align FIXED MOVING OUT" if pictures else ""
            raise InputError(
                f"{other.name}: has {_describe(other)}, {one.name} {_describe(one)}; give two movies of one length, "
                f"size and number of channels{first_align}"
            )


def correct_on_the_way(found: Registration, raw: Source) -> Source:
    """The movie of a result, corrected when it is looked at, as it was or would have been written."""
    return CorrectedSource(raw, found.trajectory, recall_resampling(found), lambda: devices.CpuDevice())


def describe_size(info: ImagesInfo) -> str:
    """Frames and their size in words: ``"1 frame of 64 x 80 px"``."""
    return f"{count(info.n_frames, 'frame')} of {_times(info.frame_shape)} px"


def _is_table(path: Path) -> bool:
    return path.name.lower().endswith(TABLES)


def _load_beside(path: Path, as_pair: bool, naming: str) -> _Known | None:
    """The result beside a corrected movie, or of a movie of that name; None where there is none."""
    place = find_result_beside(path)
    return None if place is None else _Known(place, load(place), as_pair, naming)


def _open_plain(first: Path, second: Path | None, reading: ReadingOptions, stack: ExitStack) -> dict[str, Source]:
    sources = {"raw": stack.enter_context(open_images(str(first), reading))}
    if second is None:
        return sources
    sources["corrected"] = stack.enter_context(open_images(str(second), reading))
    check_pair(*sources.values())
    return sources


def _open_result(
    known: _Known, movie: Path | None, made: Path | None, reading: ReadingOptions, stack: ExitStack
) -> Sources:
    """A result with its movie and, where there is one, the corrected file; of a pair the fixed and the aligned one."""
    result, found = known.path, known.found
    of_two_sizes = found.provenance.get("moving_shape", [*found.frame_shape]) != [*found.frame_shape]
    if known.as_pair and "fixed" in found.provenance and (movie is None or of_two_sizes):
        pair = _open_pair(known, made, reading, stack)
        if pair is not None:
            return None, pair
    given = replace(recall_reading(found, reading.axes, trust=reading.trust), skip_bad=False)
    if movie is not None:
        given = replace(given, axes=reading.axes or given.axes)
    place = str(movie) if movie is not None else _place_of(known)
    raw = stack.enter_context(open_images(place, given))
    _check_fit(known, raw.info, place)
    if made is None or made.resolve() == Path(place).resolve():
        return found, {"raw": raw, "corrected": correct_on_the_way(found, raw)}
    opened = stack.enter_context(open_source(str(made), trust=reading.trust))
    written = show_written(found, opened, raw.info)
    if written is None:
        raise InputError(
            f"{made}: has {_describe(opened.info)}, which the result beside it, {result.name}, does not; correct the "
            f"movie again, or look at what the result says: holdstill view {shlex.quote(str(result))}"
        )
    return found, {"raw": raw, "corrected": written}


def _open_pair(known: _Known, made: Path | None, reading: ReadingOptions, stack: ExitStack) -> dict[str, Source] | None:
    """The fixed image of a pair, and the other one aligned with it; None where not both are there, or do not fit."""
    told = known.found.provenance
    of_fixed = {"input": told["fixed"], "input_files": told.get("fixed_files"), "axes": told.get("axes")}
    aligned = made or find_movie_beside(known.path)
    if aligned is None:
        return None
    with ExitStack() as opened:
        try:
            place = find_images(replace(known.found, provenance=of_fixed), known.path.resolve().parent)
            fixed = opened.enter_context(open_images(place, reading))
            other = opened.enter_context(open_images(str(aligned), reading))
            check_pair(fixed, other)
        except (InputError, MissingFile):
            return None
        stack.push(opened.pop_all())
    return {"raw": fixed, "corrected": other}


def _load_table(table: Path, movie: Path | None, reading: ReadingOptions, naming: str) -> Registration:
    """A result; other tables of transforms do not say the shape of a frame, their movie does."""
    if table.name.lower().endswith(".json"):
        return load(table)
    if movie is None:
        how = naming.format(shlex.quote(str(table)))
        raise InputError(f"{table}: does not say which movie it is of; name it: {how}")
    with open_images(str(movie), reading) as opened:
        return load(table, frame_shape=opened.info.frame_shape)


def _place_of(known: _Known) -> str:
    """Where the movie of a result lies; the errors say how it is named."""
    try:
        return find_images(known.found, known.path.resolve().parent)
    except (InputError, MissingFile) as error:
        raise type(error)(f"{known.path}: {error}; name it: {known.how}") from error


def _check_fit(known: _Known, info: ImagesInfo, place: str) -> None:
    found = known.found
    if info.n_frames == len(found) and info.frame_shape == tuple(found.frame_shape):
        return
    if info.frame_shape == tuple(found.provenance.get("moving_shape", ())):
        raise InputError(
            f"{known.path}: is of an image of another size than its reference, and the two that are seen beside each "
            "other are not both where they were; look at its report, or name them: holdstill view FIXED ALIGNED"
        )
    raise InputError(
        f"{place}: has {describe_size(info)}, the result {count(len(found), 'frame')} of "
        f"{_times(found.frame_shape)} px; name the movie that it is of: {known.how}"
    )


def _describe(info: ImagesInfo) -> str:
    more = f" in {info.n_channels} channels" if info.n_channels > 1 else ""
    return f"{describe_size(info)}{more}"


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))
