"""A movie raw and corrected: frames on demand, corrected on the way where no corrected file exists."""

from __future__ import annotations

import base64
import json
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ImagesInfo, Source
from holdstill.errors import FileError, InputError
from holdstill.resampling.lazy import CorrectedSource
from holdstill.result.advice import advise
from holdstill.result.files import encode
from holdstill.result.packing import write_text
from holdstill.result.registration import Registration
from holdstill.result.viewer.drawn import Drawn, list_points, list_vectors, open_drawn, outline_labels
from holdstill.result.viewer.judging import Judged, parse_judgement
from holdstill.result.viewer.masks import mask_of_body, parse_rings, place_rings
from holdstill.result.viewer.pictures import limits
from holdstill.result.viewer.regions import Region, is_large, read_corrected, read_region
from holdstill.result.viewer.server import Answer, Handler, Show
from holdstill.result.viewer.sources import correct_on_the_way, open_sources
from holdstill.result.viewer.written import WrittenSource

__all__ = ["MovieView", "show_movie"]

LARGEST_PX = 1024
# where in a movie black and white are taken from, if the frame can be read
LOOKED_AT = (0.5, 0.0, 1.0, 0.25, 0.75)


def show_movie(
    paths: list[Path], *, axes: str | None = None, points: Path | None = None, labels: Path | None = None,
    trust: bool = False,
) -> Show:  # fmt: skip
    """A result with its movie, a movie alone, or two movies side by side; with points and labels drawn over it.

    Raises
    ------
    HoldstillError
        A file cannot be read, the movie of a result is not where it was, or two do not fit together.
    """
    with ExitStack() as stack:
        registration, sources = open_sources(paths, axes, stack, trust=trust, as_pair=True)
        drawn = open_drawn(points, labels, sources["raw"].info, stack)
        names = [path.name or path.resolve().name for path in paths]
        two = {view: Path(source.info.name).name for view, source in sources.items()}
        if registration is not None or len(sources) < 2:
            two = {}
        view = MovieView(sources, registration, " and ".join(two.values()) or names[0], drawn, names=two)
        view.files = stack.pop_all()
    return Show(title=names[0], handlers=view.handlers, close=view.close)


class MovieView:
    """Answers the page's questions about one movie.

    Parameters
    ----------
    sources : dict of str to Source
        ``raw`` and, if there is one, ``corrected``, of as many frames.
    registration : Registration or None
    name : str
        What to call it.
    drawn : Drawn, optional
        What files hold to be drawn over it.
    names : dict of str to str, optional
        What to call the sources, where they are not what their keys say.
    """

    def __init__(
        self,
        sources: dict[str, Source],
        registration: Registration | None,
        name: str,
        drawn: Drawn | None = None,
        *,
        names: dict[str, str] | None = None,
    ) -> None:
        self._sources, self._name, self._drawn, self._names = sources, name, drawn or Drawn(), names or {}
        self._judged = None if registration is None else Judged(registration)
        self._made = sources.get("corrected")
        self.files, self._lock = ExitStack(), Lock()

    @property
    def handlers(self) -> dict[str, Handler]:
        """What the page can ask for, by name."""
        return {"summary": self.summary, "drift": self.drift, "frame": self.frame, "judge": self.judge,
                "times": self.times, "result": self.result, "mask": self.mask, "place": self.place, "drawn": self.drawn,
                "outlines": self.outlines}  # fmt: skip

    def close(self) -> None:
        """Release files."""
        self.files.close()

    def summary(self, query: dict[str, str], body: bytes) -> Answer:
        """All that the page needs to begin with."""
        info = self._sources["raw"].info
        told: dict[str, Any] = {
            "kind": "movie", "name": self._name, "n_frames": info.n_frames, "shape": list(info.frame_shape),
            "n_channels": info.n_channels, "channel_names": list(info.channel_names), "dtype": str(info.dtype),
            "views": list(self._sources), "names": self._names, "written": _tell_written(self._made),
            "has_result": self._judged is not None, "limits": self._limits(), "factor": _factor(info),
            "frame_interval_s": info.frame_interval_s,
            "drawn": {"points": self._drawn.points is not None, "labels": self._drawn.labels is not None},
        }  # fmt: skip
        return Answer.of_json(told)

    def drift(self, query: dict[str, str], body: bytes) -> Answer:
        """What the result says of all frames: asked for beside the first pictures, which need not wait for it."""
        return Answer.of_json(self._describe_result())

    def judge(self, query: dict[str, str], body: bytes) -> Answer:
        """Judge a frame by hand, see `parse_judgement`. The answer is what the result says then.

        From then on corrected frames are computed from the changed result, until all is as it was.
        """
        frame, said = parse_judgement(body, self._sources["raw"].info.n_frames)
        with self._lock:
            judged, made = self._find_judged(), self._made
            judged.say(frame, said)
            if judged.is_changed or made is None:
                made = correct_on_the_way(judged.found, self._sources["raw"])
            self._sources = {**self._sources, "corrected": made}
        return Answer.of_json(self._describe_result())

    def times(self, query: dict[str, str], body: bytes) -> Answer:
        """How often frames were judged, on any page: asked for every other second."""
        return Answer.of_json({"judged": self._find_judged().times})

    def result(self, query: dict[str, str], body: bytes) -> Answer:
        """The result as JSON, with what was judged by hand; `holdstill apply` takes it."""
        content = "".join(write_text(encode(self._find_judged().found), allow_nan=False)).encode()
        headers = {"Content-Disposition": 'attachment; filename="judged.drift.json"'}
        return Answer(body=content, kind="application/json", headers=headers)

    def mask(self, query: dict[str, str], body: bytes) -> Answer:
        """Regions drawn in the page as a TIFF for ``--mask``."""
        headers = {"Content-Disposition": 'attachment; filename="mask.tif"'}
        data = mask_of_body(body, self._sources["raw"].info.frame_shape)
        return Answer(body=data, kind="image/tiff", headers=headers)

    def place(self, query: dict[str, str], body: bytes) -> Answer:
        """Regions drawn on a frame as the reference has them, or with ``"on_frame": true`` the other way round.

        The body is ``{"polygons": [[[y, x], ...], ...], "on_frame": false}``.
        """
        asked, z = json.loads(body), float(query["z"]) if "z" in query else None
        rings, on_frame = parse_rings(asked["polygons"]), asked["on_frame"] is True
        placed = place_rings(rings, self._registration, self._number(query), z, on_frame=on_frame)
        return Answer.of_json({"polygons": placed})

    @property
    def _registration(self) -> Registration | None:
        """The result as it is now."""
        return None if self._judged is None else self._judged.found

    def _find_judged(self) -> Judged:
        if self._judged is None:
            raise InputError("there is no result to judge; open a drift.json, or a corrected movie beside one")
        return self._judged

    def _describe_result(self) -> dict[str, Any]:
        judged = self._find_judged()
        found = judged.found
        return {
            "is_changed": judged.is_changed, "judged": judged.times,
            "shifts": _pack(found.shifts), "errors": _pack(found.shift_errors), "scores": _pack(found.scores),
            "verdicts": list(found.verdict_names), "motion": found.motion,
            "advice": {each.verdict: f"{each.meaning} {each.remedy}" for each in advise(found)},
            "candidates": _list_candidates(found),
            "without_estimate": np.flatnonzero(~np.isfinite(found.estimates).all(axis=1)).tolist(),
        }  # fmt: skip

    def frame(self, query: dict[str, str], body: bytes) -> Answer:
        """One plane of a frame as 8 bits, rows and columns in the headers; black and white are ``low`` and ``high``."""
        name = query["view"]
        if name not in self._sources:
            raise InputError(f"there is no view {name!r}")
        source = self._sources[name]
        t, channel = self._number(query), int(query.get("channel", 0))
        low, high = float(query["low"]), float(query["high"])
        region = Region.of_query(query, source.info.frame_shape, _factor(source.info))
        part = self._part(name, t, channel, query.get("z"), region)
        scale = 255 / max(high - low, 1e-9)
        values = np.clip(np.nan_to_num((part - np.float32(low)) * np.float32(scale)), 0, 255).astype(np.uint8)
        size = {"X-Rows": str(values.shape[0]), "X-Columns": str(values.shape[1])}
        return Answer(body=np.ascontiguousarray(values).tobytes(), headers=size)

    def drawn(self, query: dict[str, str], body: bytes) -> Answer:
        """Points of a frame in both views, and with ``vectors`` how far places of a region moved; px of the frame."""
        t, z = self._number(query), float(query["z"]) if "z" in query else None
        told = list_points(self._drawn, self._registration, t, z)
        if "vectors" in query and self._registration is not None:
            info = self._sources["raw"].info
            region = Region.of_query(query, info.frame_shape, _factor(info))
            told["vectors"] = list_vectors(self._registration, t, region, z)
        return Answer.of_json(told)

    def outlines(self, query: dict[str, str], body: bytes) -> Answer:
        """Borders of labels in a region of a view, 1 byte a pixel; rows and columns in the headers."""
        info = self._sources["raw"].info
        region = Region.of_query(query, info.frame_shape, _factor(info))
        z = int(query["z"]) if "z" in query else None
        seen = outline_labels(self._drawn, self._registration, query["view"], self._number(query), region, z)
        size = {"X-Rows": str(seen.shape[0]), "X-Columns": str(seen.shape[1])}
        return Answer(body=seen.tobytes(), headers=size)

    def _number(self, query: dict[str, str]) -> int:
        """The frame that is asked for."""
        t, n_frames = int(query["t"]), self._sources["raw"].info.n_frames
        if not 0 <= t < n_frames:
            raise InputError(f"there is no frame {t} of {n_frames}")
        return t

    def _part(self, name: str, t: int, channel: int, z: str | None, region: Region) -> NDArray[np.float32]:
        """A part of a plane of a frame."""
        source = self._sources[name]
        if not is_large(source.info):
            return region.cut(self._plane(source, t, channel, z))
        if isinstance(source, CorrectedSource) and self._registration is not None:
            return read_corrected(self._sources["raw"], self._registration[t], t, channel, region)
        return read_region(source, t, channel, region)

    def _plane(self, source: Source, t: int, channel: int, z: str | None) -> NDArray[Any]:
        """A plane of a frame that is read whole."""
        block: NDArray[Any] = source.read(t, t + 1, channel=channel)[0, 0]
        if block.ndim == 3:
            block = block.max(axis=0) if z == "max" else block[_plane_number(z, len(block))]
        return block

    def _choose_looked_at(self) -> list[int]:
        """Frames to take black and white from: a blank one would show all others white."""
        found = self._registration
        good = (
            np.arange(self._sources["raw"].info.n_frames)
            if found is None or not found.ok.any()
            else found.ok.nonzero()[0]
        )
        return list(dict.fromkeys(int(good[min(int(share * len(good)), len(good) - 1)]) for share in LOOKED_AT))

    def _limits(self) -> list[list[float]]:
        """Black and white for each channel, from a good frame in the middle; of a large one from its coarsest level.

        Without a result nobody knows which are good: then it is the middle of what several frames ask for.
        """
        info = self._sources["raw"].info
        region = Region.of_query({}, info.frame_shape, _factor(info))
        if is_large(info) and not self._sources["raw"].coarser:
            middle = {name: str(length // 2) for name, length in zip("yx", info.frame_shape, strict=True)}
            region = Region.of_query(middle | {"rows": "1024", "columns": "1024", "factor": "1"}, info.frame_shape, 1)
        most = len(LOOKED_AT) if self._registration is None else 1
        return [self._find_limits(channel, region, most) for channel in range(info.n_channels)]

    def _find_limits(self, channel: int, region: Region, most: int) -> list[float]:
        """Black and white of a channel, the medians of at most so many frames that can be read."""
        asked: list[tuple[float, float]] = []
        for t in self._choose_looked_at():
            if len(asked) < most:
                with suppress(FileError):  # a damaged frame is shown as such when it is looked at
                    asked.append(limits(self._part("raw", t, channel, "max", region)))
        return [float(np.median(each)) for each in zip(*asked, strict=True)] if asked else [0.0, 1.0]


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


def _tell_written(made: Source | None) -> dict[str, Any] | None:
    """What of the movie a corrected file holds, where that is not all of it."""
    if not isinstance(made, WrittenSource):
        return None
    sides = [[side.start, side.stop] for side in made.box]
    return {"box": sides, "n_frames": made.n_written}


def _plane_number(z: str | None, n_planes: int) -> int:
    number = int(z or 0)
    if not 0 <= number < n_planes:
        raise InputError(f"there is no plane {number} of {n_planes}")
    return number


def _factor(info: ImagesInfo) -> int:
    """Means of so many px show a frame whole; of large frames a power of two, as the levels of pyramids."""
    least = max(1, -(-max(info.frame_shape[-2:]) // LARGEST_PX))
    return 1 << (least - 1).bit_length() if is_large(info) else least


def _pack(values: NDArray[np.float64]) -> str:
    """Numbers for the page, NaN where they are not known: digits of 48,000 frames took 0.2 s, and the page as long."""
    return base64.b64encode(np.ascontiguousarray(values, "<f8").tobytes()).decode("ascii")
