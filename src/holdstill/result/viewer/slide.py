"""The integrity of tissue: what was measured of each cell, and its pixels in every cycle."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Source
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import FileError, HoldstillError, InputError, MissingFile
from holdstill.io import open_source
from holdstill.io.array import ArraySource
from holdstill.io.image import read_image
from holdstill.result.viewer.exports import filter_labels, format_kept
from holdstill.result.viewer.overview import draw_overview
from holdstill.result.viewer.pictures import encode_png, limits
from holdstill.result.viewer.regions import Region, read_corrected, read_region
from holdstill.result.viewer.server import Answer, Show
from holdstill.result.viewer.tiles import draw_outline, draw_tiles
from holdstill.transforms import Transform
from holdstill.transforms.trajectory import Trajectory

__all__ = ["SlideView", "show_slide"]

MEASURED = ("correlation_first", "correlation_previous", "mean")
ARRAYS = ("cells", "area", "centroid", *MEASURED, "overview_cells")
PICTURES = (".png", ".jpg", ".jpeg", ".bmp")
LEAST_SIDE, MOST_SIDE = 48, 400
MARGIN = 8
# cycles read at a time; more take longer to send than to read
MOST_TILES, READERS = 12, 4


def show_slide(folder: Path) -> Show:
    """A folder of results of `holdstill integrity`, opened.

    Raises
    ------
    FileError
        The folder is not such a result, or damaged.
    """
    view = SlideView(folder)
    names = ("summary", "overview", "points", "map", "column", "cell", "tiles", "at", "light", "part", "kept", "labels")
    handlers = {name: getattr(view, name) for name in names}
    return Show(title=f"{folder.name} - integrity", handlers=handlers, close=view.close)


class SlideView:
    """Answers the page's questions about one folder of results.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self._summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
            self._regions = json.loads((folder / "regions.geojson").read_text(encoding="utf-8"))
            self.arrays = {name: np.load(folder / "arrays" / f"{name}.npy", mmap_mode="r") for name in ARRAYS}
        except (OSError, ValueError) as error:
            raise FileError(
                f"{folder}: is not a result of holdstill integrity, or damaged ({error}); measure it again"
            ) from error
        self._stack, self._lock = ExitStack(), Lock()
        self._readers = self._stack.enter_context(ThreadPoolExecutor(READERS))
        self._sources: dict[str, Source] = {}

    def close(self) -> None:
        """Release the images."""
        self._stack.close()

    def summary(self, query: dict[str, str], body: bytes) -> Answer:
        """All that the page needs to begin with."""
        kept = {k: v for k, v in self._summary.items() if k != "registration"}
        verdicts = (self._summary.get("registration") or {}).get("verdicts")
        regions = self._regions["features"]
        return Answer.of_json({"kind": "integrity", "folder": self.folder.name, **kept, "verdicts": verdicts,
                               "regions": regions})  # fmt: skip

    def points(self, query: dict[str, str], body: bytes) -> Answer:
        """Centroids as float32 pairs x, y, in the order of the rows."""
        return Answer(body=self.arrays["centroid"][:, ::-1].astype("<f4").tobytes())

    def overview(self, query: dict[str, str], body: bytes) -> Answer:
        """What a cycle looks like before all cells are loaded: see `draw_overview`; counts in a header."""
        cycle = self._cycle(query)
        values = np.asarray(self.arrays["correlation_first"][:, : cycle + 1])
        picture, counts = draw_overview(values, float(query["threshold"]), np.asarray(self.arrays["overview_cells"]))
        size = {"X-Rows": str(picture.shape[0]), "X-Columns": str(picture.shape[1])}
        return Answer(body=picture.tobytes(), headers={**size, "X-Counts": json.dumps(counts)})

    def column(self, query: dict[str, str], body: bytes) -> Answer:
        """Correlations with the first cycle in one cycle, float64, and the least of the cycles up to it."""
        cycle = self._cycle(query)
        values = np.asarray(self.arrays["correlation_first"][:, : cycle + 1])
        least = values.min(axis=1)  # NaN where any is: such a cell was not kept through
        return Answer(body=np.stack([values[:, cycle], least]).astype("<f8").tobytes())

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
                return self._pixels(cycle, rows, columns)
            except HoldstillError as error:
                return " ".join(str(error).split())

        inside = self._readers.submit(self._inside, row, rows, columns)
        first, *windows = self._readers.map(read, [0, *range(max(begin, 1), end)])
        told = draw_tiles([*([first] if begin == 0 else []), *windows], first)
        return Answer.of_json({"tiles": told, "outline": draw_outline(inside.result())})

    def at(self, query: dict[str, str], body: bytes) -> Answer:
        """What was measured of the cell whose label lies at a point (x, y) of the slide, else of the nearest one."""
        return self._tell(self._find(query))

    def _find(self, query: dict[str, str]) -> int:
        """The row of the cell at a point, or nearest to it."""
        point = np.array([float(query["y"]), float(query["x"])])
        label = self._label_at(point)
        found = np.searchsorted(self.arrays["cells"], label) if label is not None else -1
        if label is None or found >= len(self.arrays["cells"]) or self.arrays["cells"][found] != label:
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
        told = self._summary["inputs"]["cycles"][cycle]
        source, registered = self._open(told["file"], told["axes"]), self._summary["registration"]
        region = Region.of_query(query, source.info.frame_shape, 1)
        if registered is None or cycle == 0:
            pixels = read_region(source, told["frame"], told["channel"], region)
        else:
            transform = Transform(np.array(registered["matrices"][cycle]))
            pixels = read_corrected(source, transform, told["frame"], told["channel"], region)
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
        text = format_kept(self.arrays, self._cycle(query), float(query["threshold"]), body)
        return Answer(body=text.encode(), kind="text/csv", headers=_download("kept.csv"))

    def labels(self, query: dict[str, str], body: bytes) -> Answer:
        """The image of labels with kept cells alone, as TIFF."""
        source = self._labels_source
        if source is None:
            raise InputError("squares stood for cells; there is no image of labels to filter")
        data = filter_labels(source, self.arrays, self._cycle(query), float(query["threshold"]), body)
        return Answer(body=data, kind="image/tiff", headers=_download("kept.tif"))

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
        name = query["id"]
        if not name.lstrip("-").isdigit():
            raise InputError(f"{name!r} is not the number of a cell")
        row = int(np.searchsorted(cells, np.array(int(name)).astype(cells.dtype)))
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

    def _pixels(self, cycle: int, rows: slice, columns: slice) -> NDArray[np.float32]:
        """A window of a cycle as the first cycle sees it; NaN where it shows nothing."""
        told = self._summary["inputs"]["cycles"][cycle]
        source = self._open(told["file"], told["axes"])
        registered = self._summary["registration"]
        if registered is None or cycle == 0:
            window = source.read_window(told["frame"], rows, columns, channel=told["channel"])
            return window.astype(np.float32)
        transform = Transform(np.array(registered["matrices"][cycle]))
        return _resample(source, told, transform, rows, columns)

    def _inside(self, row: int, rows: slice, columns: slice) -> NDArray[np.bool_]:
        """Which pixels of a window are the cell's."""
        source, label = self._labels_source, self.arrays["cells"][row]
        if source is not None:
            return np.asarray(source.read_window(0, rows, columns) == label)
        side, across = self._summary["inputs"]["tile"], self._summary["shape"][1]
        down = np.arange(rows.start, rows.stop)[:, None] // side
        return np.asarray(down * -(-across // side) + np.arange(columns.start, columns.stop) // side + 1 == label)

    def _label_at(self, point: NDArray[np.float64]) -> int | None:
        """The label of the pixel at a point, None outside the slide or where it is not known."""
        y, x = (round(float(value)) for value in point)
        if not (0 <= y < self._summary["shape"][0] and 0 <= x < self._summary["shape"][1]):
            return None
        source = self._labels_source
        if source is None:
            return None
        return int(source.read_window(0, slice(y, y + 1), slice(x, x + 1))[0, 0])

    @property
    def _labels_source(self) -> Source | None:
        path = self._summary["inputs"]["labels"]
        return None if path is None else self._open(path, None)

    def _open(self, path: str, axes: str | None) -> Source:
        """An image that a result was measured from, opened once."""
        with self._lock:
            if path not in self._sources:
                try:
                    source = _open_image(path, axes)
                except MissingFile as error:
                    raise MissingFile(f"{path}: is not there any more; put it back, or measure again") from error
                self._sources[path] = self._stack.enter_context(source)
            return self._sources[path]


def _open_image(path: str, axes: str | None) -> Source:
    if path.lower().endswith(PICTURES):
        return ArraySource(read_image(path), axes=axes, name=path)
    if path.endswith(f"{Path.cwd().name}/array"):
        raise MissingFile(f"{path}: an array of Python's was measured, not a file")
    return open_source(path, axes=axes)


def _resample(
    source: Source, told: dict[str, Any], transform: Transform, rows: slice, columns: slice
) -> NDArray[np.float32]:
    """A window of a registered cycle: the part of the frame that it needs is read, and resampled once."""
    corners = [[r, c] for r in (rows.start, rows.stop - 1) for c in (columns.start, columns.stop - 1)]
    mapped = transform.map(np.array(corners, np.float64))
    shape = (rows.stop - rows.start, columns.stop - columns.start)
    boxes = []
    for axis in (0, 1):
        length = source.info.frame_shape[axis]
        first = min(max(int(np.floor(mapped[:, axis].min())) - MARGIN, 0), max(length - shape[axis], 0))
        last = min(max(int(np.ceil(mapped[:, axis].max())) + MARGIN + 1, first + shape[axis]), length)
        boxes.append(slice(first, last))
    part = source.read_window(told["frame"], boxes[0], boxes[1], channel=told["channel"])
    window = np.ascontiguousarray(part, np.float32)[None]
    back = Transform.from_shift([-boxes[0].start, -boxes[1].start])
    moved = back.compose(transform).compose(Transform.from_shift([rows.start, columns.start]))
    out = np.empty_like(window)
    trajectory = Trajectory.of_matrices(np.asarray(moved.matrix)[None], window.shape[1:])
    trajectory.resample(CpuDevice(), window, interpolation="cubic", edge="constant", fill=np.nan, out=out)
    return out[0, : shape[0], : shape[1]]


def _plain(values: NDArray[np.float64]) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]


def _download(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
