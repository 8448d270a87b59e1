"""The integrity of tissue: what was measured of each cell, and its pixels in every cycle."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.errors import FileError, HoldstillError, InputError, MissingFile
from holdstill.result.viewer.exports import filter_labels, find_kept, format_kept
from holdstill.result.viewer.overview import draw_overview
from holdstill.result.viewer.pictures import encode_png, limits
from holdstill.result.viewer.server import Answer, Show
from holdstill.result.viewer.slide_images import SlideImages
from holdstill.result.viewer.tiles import draw_outline, draw_tiles

__all__ = ["SlideView", "show_slide"]

MEASURED = ("correlation_first", "correlation_previous", "mean")
ARRAYS = ("cells", "area", "centroid", *MEASURED, "overview_cells")
LEAST_SIDE, MOST_SIDE = 48, 400
# cycles read at a time; more take longer to send than to read
MOST_TILES, READERS = 12, 4


def show_slide(folder: Path, images: Any = None, labels: Any = None, axes: str | None = None) -> Show:
    """A folder of results of `holdstill integrity`, opened.

    Parameters
    ----------
    folder : Path
    images : path or array, optional
        The cycles, or the folder of all images, where they are not where they were.
    labels : path or array, optional
        The image of labels, where it is not where it was.
    axes : str, optional
        Of an array of cycles, where it has others than the one that was measured.

    Raises
    ------
    FileError
        The folder is not such a result, or damaged.
    InputError, MissingFile
        What is given is not what is missing.
    """
    view = SlideView(folder)
    if images is not None:
        view.images.take_cycles(images, axes)
    if labels is not None:
        view.images.take_labels(labels)
    names = ("summary", "overview", "points", "map", "column", "cell", "tiles", "at", "light", "part", "kept", "labels",
             "place")  # fmt: skip
    handlers = {name: getattr(view, name) for name in names}
    return Show(title=f"{folder.name} - integrity", handlers=handlers, close=view.close)


class SlideView:
    """Answers the page's questions about one folder of results.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder = folder.absolute()
        try:
            self._summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
            self._regions = json.loads((folder / "regions.geojson").read_text(encoding="utf-8"))
            self.arrays = {name: np.load(folder / "arrays" / f"{name}.npy", mmap_mode="r") for name in ARRAYS}
        except (OSError, ValueError) as error:
            raise FileError(
                f"{folder}: is not a result of holdstill integrity, or damaged ({error}); measure it again"
            ) from error
        self.images = SlideImages(folder, self._summary)
        verdicts = self._summary.get("verdicts") or ["ok"] * self._summary["n_cycles"]
        self._known = np.array([verdict == "ok" for verdict in verdicts])
        self._readers = ThreadPoolExecutor(READERS)
        # counted and opened while the browser loads the page: what it asks for first, unless a link says otherwise
        self._first_asked = (min(1, self._summary["n_cycles"] - 1), float(self._summary["threshold"]))
        self._first = self._readers.submit(self._draw_overview, *self._first_asked)
        self._readers.submit(self._read_first)

    def close(self) -> None:
        """Release the images."""
        self._readers.shutdown()
        self.images.close()

    def summary(self, query: dict[str, str], body: bytes) -> Answer:
        """All that the page needs to begin with."""
        told = {k: v for k, v in self._summary.items() if k not in ("registration", "job")}
        asks = self.images.list_missing()
        return Answer.of_json({
            "kind": "integrity", "folder": self.folder.name, **told, "has_labels": self.images.has_labels,
            "regions": self._regions["features"], "asks": asks,
        })  # fmt: skip

    def place(self, query: dict[str, str], body: bytes) -> Answer:
        """Look for missing images in a place, ``{"place": "/new/folder"}``; what is still missing, one line each."""
        place = json.loads(body)["place"]
        if not isinstance(place, str) or not place.strip():
            raise InputError("give the file, or the folder that it lies in now")
        self.images.look_in(place.strip())
        return Answer.of_json({"asks": self.images.list_missing()})

    def points(self, query: dict[str, str], body: bytes) -> Answer:
        """Centroids as float32 pairs x, y, in the order of the rows."""
        return Answer(body=self.arrays["centroid"][:, ::-1].astype("<f4").tobytes())

    def overview(self, query: dict[str, str], body: bytes) -> Answer:
        """What a cycle looks like before all cells are loaded: see `draw_overview`; counts in a header."""
        asked = (self._cycle(query), float(query["threshold"]))
        picture, counts = self._first.result() if asked == self._first_asked else self._draw_overview(*asked)
        size = {"X-Rows": str(picture.shape[0]), "X-Columns": str(picture.shape[1])}
        return Answer(body=picture.tobytes(), headers={**size, "X-Counts": json.dumps(counts)})

    def _draw_overview(self, cycle: int, threshold: float) -> tuple[NDArray[np.uint8], dict[str, Any]]:
        now = self.arrays["correlation_first"][:, cycle]
        return draw_overview(now, self._so_far(cycle), threshold, self.arrays["overview_cells"])

    def _read_first(self) -> None:
        """Open the images, and load what resamples them."""
        _, rows, columns = self._box(0)
        for cycle in range(min(MOST_TILES, self._summary["n_cycles"])):
            with suppress(HoldstillError):
                self.images.read_window(cycle, rows, columns)

    def column(self, query: dict[str, str], body: bytes) -> Answer:
        """Correlations with the first cycle in one cycle, float64, and the least of the cycles up to it."""
        cycle = self._cycle(query)
        least = self._so_far(cycle).min(axis=1)  # NaN where any is: such a cell was not kept through
        return Answer(body=np.stack([self.arrays["correlation_first"][:, cycle], least]).astype("<f8").tobytes())

    def cell(self, query: dict[str, str], body: bytes) -> Answer:
        """What was measured of one cell, named by its label ``id``, or by its ``row`` in the table."""
        return self._tell(self._row(query))

    def tiles(self, query: dict[str, str], body: bytes) -> Answer:
        """Pixels around a cell in cycles from ``from`` on, twelve at most; one answer is sent faster than twenty.

        The cell is named, or lies at a point as in `at`, so that the page can ask for both at once.
        """
        row = self._row(query) if "x" not in query else self._find(query)
        begin = self._cycle({"cycle": query.get("from", "1")})
        _, rows, columns = self._box(row)
        end = min(begin + MOST_TILES, self._summary["n_cycles"])

        def read(cycle: int) -> NDArray[np.float32] | str:
            try:
                return self.images.read_window(cycle, rows, columns)
            except HoldstillError as error:
                return " ".join(str(error).split())

        outline = self._readers.submit(self._outline, row, rows, columns)
        first, *windows = self._readers.map(read, [0, *range(max(begin, 1), end)])
        told = draw_tiles([*([first] if begin == 0 else []), *windows], first)
        unread = outline.result() is None or any("error" in each for each in told)
        asks = self.images.list_missing() if unread else []
        return Answer.of_json({"tiles": told, "outline": outline.result(), "asks": asks})

    def _outline(self, row: int, rows: slice, columns: slice) -> str | None:
        """The border of a cell as a picture, None where the labels are not there."""
        try:
            return draw_outline(self.images.find_inside(self.arrays["cells"][row], rows, columns))
        except MissingFile:
            return None

    def at(self, query: dict[str, str], body: bytes) -> Answer:
        """What was measured of the cell whose label lies at a point (x, y) of the slide, else of the nearest one."""
        return self._tell(self._find(query))

    def _find(self, query: dict[str, str]) -> int:
        """The row of the cell at a point, or nearest to it."""
        point = np.array([float(query["y"]), float(query["x"])])
        cells, label = self.arrays["cells"], self.images.find_label(point)
        # in the dtype of the labels: as floats, 2**53 and its neighbour are one cell
        found = -1 if label is None else np.searchsorted(cells, np.asarray(label, cells.dtype))
        if label is None or found >= len(cells) or cells[found] != label:
            # all distances: 20 ms for a million cells, where a tree took a second to grow at the first click
            found = int(((self.arrays["centroid"] - point) ** 2).sum(axis=1).argmin())
        return int(found)

    def light(self, query: dict[str, str], body: bytes) -> Answer:
        """The small picture of a cycle's nuclear channel."""
        path = self.folder / "maps" / f"light_{self._cycle(query) + 1:02d}.png"
        if not path.exists():
            raise MissingFile(f"{path}: no such file; measure again")
        return Answer(body=path.read_bytes(), kind="image/png")

    def part(self, query: dict[str, str], body: bytes) -> Answer:
        """A part of a cycle in pixels as small as the screen's, in the contrast of the small picture, PNG.

        It is read from the level of a pyramid that fits; NaN and what a cycle does not show are black.
        """
        cycle = self._cycle(query)
        pixels = self.images.read_part(cycle, query)
        low, high = self._summary.get("light_limits", [limits(pixels)] * (cycle + 1))[cycle]
        scale = 255 / max(high - low, 1e-9)
        grey = np.clip(np.nan_to_num((pixels - np.float32(low)) * np.float32(scale)), 0, 255).astype(np.uint8)
        return Answer(body=encode_png(grey), kind="image/png")

    def map(self, query: dict[str, str], body: bytes) -> Answer:
        """Row of the cell in each pixel of the small picture, int32, -1 for none; rows and columns in the headers."""
        cells = np.asarray(self.arrays["overview_cells"])
        size = {"X-Rows": str(cells.shape[0]), "X-Columns": str(cells.shape[1])}
        return Answer(body=cells.astype("<i4").tobytes(), headers=size)

    def kept(self, query: dict[str, str], body: bytes) -> Answer:
        """Kept cells as CSV."""
        text = format_kept(self.arrays, self._so_far(self._cycle(query)), float(query["threshold"]), body)
        return Answer(body=text.encode(), kind="text/csv", headers=_download("kept.csv"))

    def labels(self, query: dict[str, str], body: bytes) -> Answer:
        """The image of labels with kept cells alone, as TIFF."""
        rows = find_kept(self._so_far(self._cycle(query)), float(query["threshold"]), body)
        data = filter_labels(self.images.labels, self.arrays["cells"][rows])
        return Answer(body=data, kind="image/tiff", headers=_download("kept.tif"))

    def _so_far(self, cycle: int) -> NDArray[np.float64]:
        """Correlations with the first cycle in all cycles up to one, but for those of which nothing is known."""
        chosen = np.flatnonzero(self._known[: cycle + 1])
        values = self.arrays["correlation_first"]
        return np.asarray(values[:, : cycle + 1] if len(chosen) == cycle + 1 else values[:, chosen])

    def _tell(self, row: int) -> Answer:
        y, x = self.arrays["centroid"][row]
        told: dict[str, Any] = {
            "cell": str(self.arrays["cells"][row]), "row": row, "area": int(self.arrays["area"][row]),
            "y": float(y), "x": float(x), "side": self._box(row)[0],
        }  # fmt: skip
        for name in MEASURED:
            told[name] = _plain(self.arrays[name][row])
        return Answer.of_json(told)

    def _cycle(self, query: dict[str, str]) -> int:
        cycle = int(query["cycle"]) - 1
        if not 0 <= cycle < self._summary["n_cycles"]:
            raise InputError(f"there is no cycle {cycle + 1} of {self._summary['n_cycles']}")
        return cycle

    def _row(self, query: dict[str, str]) -> int:
        cells = self.arrays["cells"]
        if "row" in query:
            place = int(query["row"])
            if not 0 <= place < len(cells):
                raise InputError(f"there is no row {place} of {len(cells)}")
            return place
        name = query.get("id", "")
        if not (name.isascii() and name.isdecimal()):
            raise InputError(f"{name!r} is not the number of a cell" if name else "give the number of a cell")
        # numbers that the labels cannot hold are beyond all of them
        held = int(name) <= np.iinfo(cells.dtype).max
        row = int(np.searchsorted(cells, np.array(int(name), cells.dtype))) if held else len(cells)
        if row >= len(cells) or int(cells[row]) != int(name):
            raise InputError(f"there is no cell {name}; the labels go from {cells[0]} to {cells[-1]}")
        return row

    def _box(self, row: int) -> tuple[int, slice, slice]:
        """Side of the window around a cell, and its rows and columns within the slide."""
        side = int(np.clip(3 * np.sqrt(float(self.arrays["area"][row])), LEAST_SIDE, MOST_SIDE))
        starts = [round(float(c)) - side // 2 for c in self.arrays["centroid"][row]]
        boxes = [
            slice(max(start, 0), min(start + side, length))
            for start, length in zip(starts, self._summary["shape"], strict=True)
        ]
        return side, boxes[0], boxes[1]


def _plain(values: NDArray[np.float64]) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]


def _download(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
