"""A movie raw and corrected: frames on demand, corrected on the way where no corrected file exists."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ImagesInfo, Source
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import FileError, InputError, MissingFile
from holdstill.io import open_source
from holdstill.resampling.lazy import CorrectedSource
from holdstill.resampling.settings import Resampling
from holdstill.result.advice import advise
from holdstill.result.files import encode
from holdstill.result.registration import Registration, load
from holdstill.result.viewer.masks import mask_of_body
from holdstill.result.viewer.pictures import limits
from holdstill.result.viewer.server import Answer, Handler, Show

__all__ = ["MovieView", "open_sources", "show_movie"]

LARGEST_PX = 1024
TABLES = (".json", ".csv", ".npz", ".tfm")
ENDINGS = (".ome.tif", ".ome.tiff", ".ome.zarr", ".tif", ".tiff", ".btf", ".tf8", ".zarr")


def show_movie(paths: list[Path], *, axes: str | None = None) -> Show:
    """A result with its movie, a movie alone, or two movies side by side.

    Raises
    ------
    HoldstillError
        A file cannot be read, the movie of a result is not where it was, or two do not fit together.
    """
    with ExitStack() as stack:
        registration, sources = open_sources(paths, axes, stack)
        view = MovieView(sources, registration, str(paths[0].name))
        view.files = stack.pop_all()
    return Show(title=paths[0].name, handlers=view.handlers, close=view.close)


class MovieView:
    """Answers the page's questions about one movie.

    Parameters
    ----------
    sources : dict of str to Source
        ``raw`` and, if there is one, ``corrected``, of as many frames.
    registration : Registration or None
    name : str
        What to call it.
    """

    def __init__(self, sources: dict[str, Source], registration: Registration | None, name: str) -> None:
        self._sources, self._registration, self._name = sources, registration, name
        self.files, self._lock = ExitStack(), Lock()

    @property
    def handlers(self) -> dict[str, Handler]:
        """What the page can ask for, by name."""
        return {"summary": self.summary, "frame": self.frame, "judge": self.judge, "result": self.result,
                "mask": self.mask}  # fmt: skip

    def close(self) -> None:
        """Release files."""
        self.files.close()

    def summary(self, query: dict[str, str], body: bytes) -> Answer:
        """All that the page needs to begin with."""
        info = self._sources["raw"].info
        told: dict[str, Any] = {
            "kind": "movie", "name": self._name, "n_frames": info.n_frames, "shape": list(info.frame_shape),
            "n_channels": info.n_channels, "channel_names": list(info.channel_names), "dtype": str(info.dtype),
            "views": list(self._sources), "limits": self._limits(), "frame_interval_s": info.frame_interval_s,
            "factor": _factor(info),
        }  # fmt: skip
        return Answer.of_json(told | self._describe_result())

    def judge(self, query: dict[str, str], body: bytes) -> Answer:
        """Judge a frame by hand, ``{"frame": 12, "accept": false}`` or, of its places, ``"candidate": 1``.

        The answer is what the result says then.

        From then on corrected frames are computed from the changed result.
        """
        asked = json.loads(body)
        frame, said = asked["frame"], asked["candidate" if "candidate" in asked else "accept"]
        if type(frame) is not int or type(said) is not (int if "candidate" in asked else bool):
            raise InputError("a frame is judged by its number and true, false or the number of a candidate")
        with self._lock:
            found = self._find_result()
            if "candidate" in asked:
                self._registration = found.with_candidate(frame, said)
            else:
                self._registration = found.accepted(frame) if said else found.refused(frame)
            raw = self._sources["raw"]
            lazily = CorrectedSource(raw, self._registration.trajectory, Resampling(), CpuDevice())
            self._sources = {**self._sources, "corrected": lazily}
        return Answer.of_json(self._describe_result())

    def result(self, query: dict[str, str], body: bytes) -> Answer:
        """The result as JSON, with what was judged by hand; `holdstill apply` takes it."""
        content = json.dumps(encode(self._find_result()), allow_nan=False).encode()
        headers = {"Content-Disposition": 'attachment; filename="judged.drift.json"'}
        return Answer(body=content, kind="application/json", headers=headers)

    def mask(self, query: dict[str, str], body: bytes) -> Answer:
        """Regions drawn in the page as a TIFF for ``--mask``."""
        headers = {"Content-Disposition": 'attachment; filename="mask.tif"'}
        data = mask_of_body(body, self._sources["raw"].info.frame_shape)
        return Answer(body=data, kind="image/tiff", headers=headers)

    def _find_result(self) -> Registration:
        if self._registration is None:
            raise InputError("there is no result to judge; open a drift.json, or a corrected movie beside one")
        return self._registration

    def _describe_result(self) -> dict[str, Any]:
        found = self._registration
        if found is None:
            return {}
        return {
            "shifts": _plain(found.shifts), "errors": _plain(found.shift_errors), "scores": _plain(found.scores),
            "verdicts": [verdict.value for verdict in found.verdicts], "motion": found.motion,
            "advice": {each.verdict: f"{each.meaning} {each.remedy}" for each in advise(found)},
            "candidates": _list_candidates(found),
            "can_accept": np.isfinite(found.estimates).all(axis=1).tolist(),
        }  # fmt: skip

    def frame(self, query: dict[str, str], body: bytes) -> Answer:
        """One plane of a frame as 8 bits, rows and columns in the headers; black and white are ``low`` and ``high``."""
        name = query["view"]
        if name not in self._sources:
            raise InputError(f"there is no view {name!r}")
        source = self._sources[name]
        t, channel = int(query["t"]), int(query.get("channel", 0))
        if not 0 <= t < source.info.n_frames:
            raise InputError(f"there is no frame {t} of {source.info.n_frames}")
        low, high = float(query["low"]), float(query["high"])
        plane = self._plane(source, t, channel, query.get("z"))
        scale = 255 / max(high - low, 1e-9)
        values = np.clip(np.nan_to_num((plane - np.float32(low)) * np.float32(scale)), 0, 255).astype(np.uint8)
        size = {"X-Rows": str(values.shape[0]), "X-Columns": str(values.shape[1])}
        return Answer(body=np.ascontiguousarray(values).tobytes(), headers=size)

    def _plane(self, source: Source, t: int, channel: int, z: str | None) -> NDArray[np.float32]:
        """A plane, binned until it fits on a screen."""
        block = source.read(t, t + 1, channel=channel)[0, 0]
        if block.ndim == 3:
            block = block.max(axis=0) if z == "max" else block[_plane_number(z, len(block))]
        factor = _factor(source.info)
        if factor == 1:
            return block.astype(np.float32)
        return np.asarray(CpuDevice().bin(np.ascontiguousarray(block)[None], (factor, factor))[0], np.float32)

    def _limits(self) -> list[list[float]]:
        """Black and white for each channel, from a frame in the middle."""
        source = self._sources["raw"]
        found = []
        for channel in range(source.info.n_channels):
            try:
                found.append(list(limits(self._plane(source, source.info.n_frames // 2, channel, "max"))))
            except FileError:  # a damaged frame is shown as such when it is looked at
                found.append([0.0, 1.0])
        return found


def _list_candidates(found: Registration) -> dict[str, Any]:
    """Where else frames may lie, by number; those with one place only are left out."""
    if found.places is None:
        return {}
    taken = found.provenance.get("candidate by hand", {})
    listed = {int(t): found.candidates(int(t)) for t in np.unique(found.places.frames)}
    return {
        str(t): {
            "taken": taken.get(str(t)),
            "places": [
                {"parameters": each.parameters, "score": each.score, "log_likelihood": each.log_likelihood}
                for each in places
            ],
        }
        for t, places in listed.items()
        if len(places) > 1
    }  # fmt: skip


def _plane_number(z: str | None, n_planes: int) -> int:
    number = int(z or 0)
    if not 0 <= number < n_planes:
        raise InputError(f"there is no plane {number} of {n_planes}")
    return number


def _factor(info: ImagesInfo) -> int:
    return max(1, -(-max(info.frame_shape[-2:]) // LARGEST_PX))


def open_sources(
    paths: list[Path], axes: str | None, stack: ExitStack
) -> tuple[Registration | None, dict[str, Source]]:
    """The registration, if there is one, and the sources by name."""
    first = paths[0]
    if first.name.lower().endswith(TABLES):
        return _of_result(first, paths[1] if len(paths) > 1 else None, axes, stack)
    beside = _beside(first)
    if len(paths) == 1 and beside is not None:
        return _of_result(beside, None, axes, stack, corrected=first)
    raw = stack.enter_context(open_source(str(first), axes=axes))
    if len(paths) == 1:
        return None, {"raw": raw}
    second = stack.enter_context(open_source(str(paths[1]), axes=axes))
    if second.info.n_frames != raw.info.n_frames or second.info.frame_shape != raw.info.frame_shape:
        raise InputError(
            f"{paths[1]}: has {_size(second.info)}, {first} {_size(raw.info)}; give two movies of one length and size"
        )
    return None, {"raw": raw, "corrected": second}


def _size(info: ImagesInfo) -> str:
    return f"{info.n_frames} frames of {' x '.join(map(str, info.frame_shape))} px"


def _beside(path: Path) -> Path | None:
    """The drift.json beside a corrected movie."""
    ending = next((end for end in ENDINGS if path.name.lower().endswith(end)), path.suffix)
    found = path.with_name(path.name[: len(path.name) - len(ending)] + ".drift.json")
    return found if found.exists() else None


def _of_result(
    result: Path, movie: Path | None, axes: str | None, stack: ExitStack, corrected: Path | None = None
) -> tuple[Registration, dict[str, Source]]:
    registration = load(result)
    place = movie or _movie_of(result, registration)
    told = axes or registration.provenance.get("axes")
    raw = stack.enter_context(open_source(str(place), axes=told))
    if raw.info.n_frames != len(registration) or raw.info.frame_shape != tuple(registration.frame_shape):
        raise InputError(
            f"{place}: has {_size(raw.info)}, the result {len(registration)} of {registration.frame_shape}; name the "
            f"movie that it is of: holdstill view {result.name} MOVIE"
        )
    if corrected is not None:
        made = stack.enter_context(open_source(str(corrected)))
        if made.info.n_frames == raw.info.n_frames and made.info.frame_shape == raw.info.frame_shape:
            return registration, {"raw": raw, "corrected": made}
    lazily = CorrectedSource(raw, registration.trajectory, Resampling(), CpuDevice())
    return registration, {"raw": raw, "corrected": lazily}


def _movie_of(result: Path, registration: Registration) -> Path:
    """Where the movie of a result lies: where it was, or beside the result."""
    name = registration.provenance.get("input")
    if not isinstance(name, str) or name == "array":
        raise InputError(f"{result}: does not say which movie it is of; name it: holdstill view {result.name} MOVIE")
    for place in (Path(name), result.parent / Path(name).name):
        if place.exists():
            return place
    raise MissingFile(f"{result}: its movie {name} is not there any more; name it: holdstill view {result.name} MOVIE")


def _plain(values: NDArray[np.float64]) -> list[Any]:
    """Numbers for JSON, None where they are not finite."""
    known = np.isfinite(values)
    if known.all():
        return list(values.tolist())
    plain = values.astype(object)
    plain[~known] = None
    return list(plain.tolist())
