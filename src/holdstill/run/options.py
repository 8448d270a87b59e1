"""How a sequence is registered, and what `correct` writes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from numpy.typing import ArrayLike

from holdstill.contracts import Options, Progress, ReadingOptions, option
from holdstill.engines.options import ComputingOptions
from holdstill.errors import UnknownName
from holdstill.resampling.settings import Resampling
from holdstill.transforms.motions import MOTIONS
from holdstill.transforms.motions.planes import PLANES
from holdstill.transforms.repair import REPAIRS
from holdstill.transforms.smoothing import SMOOTHERS
from holdstill.transforms.speed import Speed
from holdstill.transforms.treatment import Treating

__all__ = [
    "FINE_GRIDS", "GRID_PX", "LINE_AXIS", "SCANS",
    "CorrectingOptions", "RegisteringOptions", "SectionOptions", "WritingOptions",
]  # fmt: skip

# where nobody says how far apart control points are
GRID_PX = 64
# what is done where the light allows fewer control points, see `holdstill.run.fineness`
FINE_GRIDS = ("tell", "coarsen", "refuse")
# rows are the lines
LINE_AXIS = "x"

# how rows were scanned, see `holdstill.run.scanning`
SCANS = ("bidirectional", "auto")

# the kinds of `holdstill.methods.sections.staining`, which would take long to import here
PREPARATIONS = ("auto", "absorption", "fluorescence", "electron", "none")


@dataclass(frozen=True, kw_only=True, eq=False)
class RegisteringOptions(ComputingOptions):
    """How a sequence is registered. What each option means in full stands at `holdstill.register`.

    Attributes
    ----------
    motion : str
        Family of the transforms.
    method : str or Estimator
        Name of an estimator, ``"auto"``, or one with its settings.
    reference : str, int, path or ndarray
        What frames are compared with.
    channel : int, str or None
        The registration channel, by number, from 0, or name; None: the mean of the colours of pictures in colours, all
        channels of two sections, the first one of others.
    mask : ndarray of bool ([z,] y, x), path or None
        Where pixels of the reference count.
    max_shift : float, tuple of float or None
        Largest shift, px, or text with a unit, as ``"3um"``.
    max_speed : float, str, tuple or None
        Largest speed, px per frame, or text with a unit, as ``"0.2um/s"``.
    repair : {"interpolate", "estimates", "identity", "drop"}
        What is done about flagged frames.
    smooth : {"spline", "kalman"} or None
        How good frames are weighed against their neighbours in time.
    refocus_at : tuple of int or None
        Frames from which on there is a new template.
    grid : float or tuple of float
        Distance of control points of motion that bends, px.
    fine_grid : {"tell", "coarsen", "refuse"}
        What is done where most control points are too close for their light.
    line_axis : {"x", "y"}
        The axis that a scanned line runs along, of motion ``"lines"``.
    line_time : float, tuple of 2 float, or None
        Seconds from one scanned line to the next, of motion ``"lines"``; with those from frame to frame where the file
        says none. None: the frame interval over the number of lines. 0: frames are not joined.
    scan : {"bidirectional", "auto"} or None
        How rows were scanned.
    bin : int or None
        Pixels along each spatial axis that become one of the copy that is estimated on; None: as memory allows.
    average : int
        Frames that become one of that copy.
    project : {"max", "mean"} or None
        Projection of volumes that is estimated on.
    """

    motion: str = option(
        "translation",
        f"Family of transforms: {', '.join(MOTIONS)}; piecewise, lines, dense (flow; sections); "
        f"of volumes {', '.join(PLANES)}; auto chooses.",
    )
    method: Any = option(
        "auto", "Estimator: auto (that is, direct), phase_correlation ...; `holdstill info` lists them."
    )
    reference: Any = option(
        "template",
        "template (learned), first, mean, median, previous, rolling, pairs, a frame number, or an image file; auto.",
    )
    channel: int | str | None = option(
        None,
        "The registration channel, by number or name; all are corrected. Default: the first, of pictures in colours "
        "the mean of red, green and blue.",
    )
    mask: ArrayLike | str | Path | None = option(None, "Image file; above zero where pixels of the reference count.")
    max_shift: float | str | tuple[float | str, ...] | None = option(
        None, "Largest shift in px, or with a unit as 3um: one, or one per axis as 20,40.", unit="px"
    )
    max_speed: float | str | tuple[float | str, ...] | Speed | None = option(
        None, "Largest speed in px per frame, or with a unit as 0.2um/s; beyond it frames are flagged.", unit="px/frame"
    )
    repair: str = option(
        "interpolate",
        "What is done about flagged frames: interpolate, estimates (apply what was found), identity, or drop.",
        choices=REPAIRS,
    )
    smooth: str | None = option(
        None, "Weigh good frames against their neighbours in time: spline or kalman; for dim movies.", choices=SMOOTHERS
    )
    refocus_at: int | tuple[int, ...] | None = option(
        None, "Frames from which on there is a new template, as 120,480; the parts are joined by their templates."
    )
    bin: int | None = option(
        None, "Estimate on a copy binned by so many px; 1, or what huge frames need to fit into memory.", unit="px"
    )
    scan: str | None = option(
        None, "How rows were scanned: bidirectional corrects the phase of every second row, auto only reports it.",
        choices=SCANS,
    )  # fmt: skip
    grid: float | tuple[float, ...] = option(
        GRID_PX,
        "Distance of control points of piecewise motion and of lines in px: one number, or one per axis as 16,64,64.",
        unit="px",
    )
    fine_grid: str = option(
        FINE_GRIDS[0],
        "Where most control points are too close for their light, as some frames show: tell, coarsen the grid, refuse.",
        choices=FINE_GRIDS,
    )
    line_axis: str = option(
        LINE_AXIS,
        "Of motion lines: the axis that a scanned line runs along, x (rows) or y (columns).",
        choices=("x", "y"),
    )
    line_time: float | tuple[float, ...] | None = option(
        None,
        "Of motion lines: from one line to the next, or LINE,FRAME with the frame interval where the file says none; "
        "default: the interval over the lines; 0: each frame by itself.",
        unit="s",
    )
    average: int = option(1, "Estimate on means of so many frames, for dark movies.", unit="frames")
    project: str | None = option(
        None, "Estimate on projections of volumes along z: max or mean.", choices=("max", "mean")
    )

    @property
    def treating(self) -> Treating:
        """What is done with estimates once all are known. Raises UnknownName where there is no such thing."""
        return Treating(repair=self.repair, smooth=self.smooth)

    @property
    def is_reduced(self) -> bool:
        """Whether motion is estimated on a copy, before anything can be written."""
        return self.bin not in (None, 1) or self.average != 1 or self.project is not None

    @property
    def is_decided_later(self) -> bool:
        """Whether what is written is known only once all frames are: of a copy, of parts, without some."""
        parted = self.repair == "drop" or self.refocus_at is not None
        chosen = "auto" in (self.motion, self.reference if isinstance(self.reference, str) else "")
        return self.is_reduced or parted or chosen or self.scan is not None


@dataclass(frozen=True, kw_only=True, eq=False)
class SectionOptions(Options):
    """How unlike images are prepared and searched. What each option means in full stands at `holdstill.align`.

    Attributes
    ----------
    prepare : {"auto", "absorption", "fluorescence", "electron", "none"}
        How an image becomes one grey image.
    allow_flip, allow_scale : bool
        Whether the moving image may be mirrored, or up to twice larger or smaller.
    level : int or None
        Resolution of the fixed image's pyramid on which they are aligned, 0 the full one; None: a copy of 1,024 px and
        more.
    """

    prepare: str = option(
        "auto",
        "How images in colours become grey: absorption (stains on bright paper), fluorescence, electron, none.",
        choices=PREPARATIONS,
    )
    allow_flip: bool = option(False, "The moving section may be mirrored.")
    allow_scale: bool = option(False, "The moving section may be up to twice larger or smaller.")
    level: int | None = option(
        None, "Level of the pyramid to align on, 0 the full one; default: a copy of 1,024 px and more."
    )

    def __post_init__(self) -> None:
        """Raise UnknownName for a preparation that there is not."""
        if self.prepare not in PREPARATIONS:
            raise UnknownName(f"there is no prepare={self.prepare!r}; choose one of {', '.join(PREPARATIONS)}")


@dataclass(frozen=True, kw_only=True, eq=False)
class WritingOptions(Options):
    """What `correct` writes beside the corrected images, and over what.

    Attributes
    ----------
    coverage : path or None
        A TIFF of the pixels that every good frame shows.
    report : bool
        Write the HTML report.
    overwrite : bool
        Replace existing results.
    resume : bool
        Go on where an interrupted run of the same job was.
    """

    coverage: str | Path | None = option(
        None, "Write an image: 255 where every good frame shows something, else 0.", decides=False
    )
    report: bool = option(True, "Write the HTML report.", decides=False)
    overwrite: bool = option(False, "Replace existing results.", decides=False)
    resume: bool = option(False, "Go on where an interrupted run of the same job was.", decides=False)


@dataclass(frozen=True, kw_only=True, eq=False)
class CorrectingOptions(Options):
    """All that `correct` is asked for."""

    reading: ReadingOptions = ReadingOptions()
    registering: RegisteringOptions = RegisteringOptions()
    resampling: Resampling = Resampling()
    writing: WritingOptions = WritingOptions()

    def report_to(self, progress: Progress) -> CorrectingOptions:
        """The same with whom to tell how far it is."""
        return replace(self, registering=replace(self.registering, progress=progress))
