"""A film of a result: raw and corrected side by side, with the drift, a scale bar and the time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from holdstill.contracts import Progress, Source, ignore_progress
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import FileError, InputError
from holdstill.extras import require
from holdstill.io.disk import replacing
from holdstill.result.value import RegistrationValue
from holdstill.result.viewer.pictures import limits

__all__ = ["KINDS", "FilmOptions", "choose_step", "load_font", "write_film"]

KINDS = (".mp4", ".gif")
PANEL_PX, LEAST_PX, GAP, HEAD, TRACE = 512, 256, 8, 24, 84
LEAST_WIDTH = 320  # of a page: room for the trace and its numbers, however narrow frames are
MOST_FRAMES = 600
PAPER, INK, SOFT = (16, 18, 20), (236, 238, 240), (150, 158, 164)
COLOURS = ((98, 180, 207), (233, 138, 117), (179, 195, 92))  # y, x, z
ROUND_UM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, kw_only=True)
class FilmOptions:
    """How a film is made.

    Attributes
    ----------
    fps : float
        Frames a second.
    step : int or None
        Every how many frames one is shown; None: so many that the film has at most 600.
    channel : int
    """

    fps: float = 15.0
    step: int | None = None
    channel: int = 0


def load_font() -> ImageFont.FreeTypeFont:
    """DejaVu Sans, as it comes with Matplotlib: the font that comes with Pillow has no micro sign for the scale bar."""
    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf", 12)


def choose_step(n_frames: int, step: int | None) -> int:
    """Every how many frames one is shown. Raises InputError for a step below 1."""
    if step is not None and step < 1:
        raise InputError(f"--step {step} is not a number of frames; give 1 or more")
    return step or max(1, -(-n_frames // MOST_FRAMES))


def write_film(
    found: RegistrationValue,
    raw: Source,
    corrected: Source,
    path: Path,
    options: FilmOptions,
    progress: Progress = ignore_progress,
) -> Path:
    """Write raw and corrected frames side by side; volumes as their maximum along z.

    Raises
    ------
    InputError
        The suffix is neither ``.mp4`` nor ``.gif``, or an option does not fit.
    MissingExtra
        mp4 needs the extra ``video``.
    FileError
        It cannot be written.
    """
    if path.suffix.lower() not in KINDS:
        raise InputError(f"{path}: a film is written as {' or '.join(KINDS)}; choose one of these suffixes")
    if not 0 < options.fps <= 120:
        raise InputError(f"--fps {options.fps:g} is not a rate of frames; give more than 0 and at most 120")
    if not 0 <= options.channel < raw.info.n_channels:
        raise InputError(f"there is no channel {options.channel} of {raw.info.n_channels}")
    frames = list(range(0, len(found), choose_step(len(found), options.step)))
    pictures = _Pages(found, raw, corrected, options.channel).make(frames, progress)
    write = _write_mp4 if path.suffix.lower() == ".mp4" else _write_gif
    with replacing(path) as temporary:
        write(pictures, temporary, options.fps)
    return path


def _write_gif(pictures: Iterator[Image.Image], path: Path, fps: float) -> None:
    first = next(pictures).quantize(128)
    rest = (picture.quantize(128) for picture in pictures)
    first.save(path, format="GIF", save_all=True, append_images=rest, duration=round(1000 / fps), loop=0)


def _write_mp4(pictures: Iterator[Image.Image], path: Path, fps: float) -> None:
    av = require("av", "video", "a film as mp4")
    with av.open(str(path), "w", format="mp4") as container:
        stream = None
        for picture in pictures:
            if stream is None:
                stream = container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001))
                stream.width, stream.height, stream.pix_fmt = *picture.size, "yuv420p"
                stream.options = {"crf": "18"}
            for packet in stream.encode(av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")):
                container.mux(packet)
        for packet in () if stream is None else stream.encode():
            container.mux(packet)


class _Pages:
    """Makes the pages of a film."""

    def __init__(self, found: RegistrationValue, raw: Source, corrected: Source, channel: int) -> None:
        self._found, self._sources, self._channel = found, (raw, corrected), channel
        height, width = corrected.info.frame_shape[-2:]
        self._bin = max(1, -(-max(height, width) // PANEL_PX))
        self._enlarge = max(1, LEAST_PX // max(height, width))
        self._font: Any = load_font()
        self._unreadable: set[int] = set()
        self._low, self._high = self._find_limits()
        times = found.times
        self._times: list[float] | None = None if times is None else [float(t) for t in times]

    def make(self, frames: list[int], progress: Progress) -> Iterator[Image.Image]:
        for number, t in enumerate(frames):
            yield self._page(t)
            progress("film", number + 1, len(frames))

    def _find_limits(self) -> tuple[float, float]:
        """Black and white, from the frame nearest to the middle that can be read, if possible one that is ok."""
        n, ok = len(self._found), self._found.ok
        for t in sorted(range(n), key=lambda t: (not ok[t], abs(t - n // 2))):
            with suppress(FileError):
                return limits(self._plane(self._sources[0], t))
        return 0.0, 1.0

    def _page(self, t: int) -> Image.Image:
        panels = [self._panel(source, t) for source in self._sources]
        heights, widths = zip(*(panel.shape for panel in panels), strict=True)
        width = max(sum(widths) + GAP, LEAST_WIDTH)
        width, height = width + width % 2, HEAD + max(heights) + GAP + TRACE
        page = Image.new("RGB", (width, height + height % 2), PAPER)
        draw, left = ImageDraw.Draw(page), 0
        for panel, name in zip(panels, ("raw", "corrected"), strict=True):
            page.paste(Image.fromarray(panel), (left, HEAD))
            draw.text((left + 4, 3), name, fill=INK, font=self._font)
            if t in self._unreadable:
                draw.text((left + 4, HEAD + 4), "cannot be read", fill=SOFT, font=self._font)
            left += max(panel.shape[1] + GAP, LEAST_WIDTH // 4)
        verdict = self._found.verdict_names[t].replace("_", " ")
        told = f"frame {t}" if self._times is None else f"{self._times[t]:.1f} s"
        told += "" if verdict == "ok" else f", {verdict}"
        draw.text((width - 4, 3), told, fill=INK, font=self._font, anchor="ra")
        self._draw_bar(draw, widths[0], HEAD + heights[0])
        self._draw_trace(draw, t, (0, HEAD + max(heights) + GAP, width, height))
        return page

    def _draw_bar(self, draw: ImageDraw.ImageDraw, width: int, bottom: int) -> None:
        """A scale bar of a round length, about a fifth of the raw panel; none where the pixel size is not known."""
        size = self._found.pixel_size_um[-1]
        if not size:
            return
        shown = size * self._bin / self._enlarge  # um of a pixel of the panel
        length = max((each for each in ROUND_UM if each / shown <= width / 4), default=None)
        if length is None:
            return
        right = width - 10
        draw.rectangle((right - length / shown, bottom - 14, right, bottom - 10), fill=INK)
        draw.text((right, bottom - 18), f"{length:g} \N{MICRO SIGN}m", fill=INK, font=self._font, anchor="rs")

    def _draw_trace(self, draw: ImageDraw.ImageDraw, t: int, box: tuple[int, int, int, int]) -> None:
        """Drift along y and x, with the place of the frame."""
        left, top, right, bottom = box[0] + 60, box[1] + 6, box[2] - 10, box[3] - 8
        shifts = self._found.shifts[:, ::-1]
        known = shifts[np.isfinite(shifts).all(axis=1)]
        low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
        high = max(high, low + 0.1)
        n = len(shifts)
        chosen = np.unique(np.linspace(0, n - 1, right - left).round().astype(int))

        def at(frame: int, value: float) -> tuple[float, float]:
            return left + frame / max(n - 1, 1) * (right - left), bottom - (value - low) / (high - low) * (bottom - top)

        for axis, name in reversed(list(enumerate("xyz"[: shifts.shape[1]]))):
            colour = COLOURS[(1, 0, 2)[axis]]
            points = [at(int(f), float(shifts[f, axis])) for f in chosen if np.isfinite(shifts[f, axis])]
            draw.line(points, fill=colour, width=2)
            draw.text((left - 8 - 14 * axis, (top + bottom) / 2), name, fill=colour, font=self._font, anchor="rm")
        for value, place in ((high, top), (low, bottom)):
            draw.text((left - 6, place), f"{value:.1f} px", fill=SOFT, font=self._font, anchor="rm")
        x = at(t, low)[0]
        draw.line([(x, top), (x, bottom)], fill=INK, width=1)

    def _panel(self, source: Source, t: int) -> NDArray[np.uint8]:
        """The levels of a frame; all black where it cannot be read, or was left out."""
        try:
            return self._levels(self._plane(source, t))
        except FileError:
            self._unreadable.add(t)
            height, width = (length // self._bin for length in source.info.frame_shape[-2:])
            return np.zeros((height * self._enlarge, width * self._enlarge), np.uint8)

    def _plane(self, source: Source, t: int) -> NDArray[np.float32]:
        block = source.read(t, t + 1, channel=self._channel)[0, 0]
        plane = block.max(axis=0) if block.ndim == 3 else block
        if self._bin > 1:
            plane = CpuDevice().bin(np.ascontiguousarray(plane)[None], (self._bin, self._bin))[0]
        return np.asarray(plane, np.float32)

    def _levels(self, plane: NDArray[np.float32]) -> NDArray[np.uint8]:
        scale = 255 / max(self._high - self._low, 1e-9)
        levels = np.clip((np.where(np.isfinite(plane), plane, self._low) - self._low) * scale, 0, 255).astype(np.uint8)
        return levels.repeat(self._enlarge, axis=0).repeat(self._enlarge, axis=1)
