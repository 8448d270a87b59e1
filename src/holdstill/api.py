"""The public verbs: open, register, correct. Each reads like the recipe that it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numpy.typing import ArrayLike

from holdstill.contracts import Estimator, Progress, ReadingOptions, Source, split_options
from holdstill.engines.records import is_records, refuse_options
from holdstill.errors import InputError
from holdstill.io import open_images
from holdstill.io.image import reading
from holdstill.resampling.settings import Resampling
from holdstill.resampling.slide_options import SlideOptions
from holdstill.result.registration import Registration
from holdstill.run import register as run
from holdstill.run.align import align_files, align_images
from holdstill.run.correct import correct_file
from holdstill.run.noting import note_inputs
from holdstill.run.options import CorrectingOptions, RegisteringOptions, SectionOptions, WritingOptions
from holdstill.run.register import register_collection
from holdstill.run.sections import choose_motion

__all__ = ["align", "correct", "open", "register"]


def open(
    images: Any, *, axes: str | None = None, scene: str | int | None = None, skip_bad: bool = False, trust: bool = False
) -> Source:
    """Open a sequence without reading its pixels.

    Parameters
    ----------
    images : path, array or list of paths
        A file, a folder or a pattern, the address of a Zarr; an array; parts of a movie.
    axes : str, optional
        What the axes are, such as ``"TZYX"``, where file or array do not say.
    scene : str or int, optional
        Name or number of one image of a file that holds several.
    skip_bad : bool
        Go on where frames of a file are damaged or cut off; their verdict is ``unreadable``.
    trust : bool
        Read a file even if it claims to unpack to more than a thousand times its size.

    Returns
    -------
    Source
        ``source.info`` says what it is; ``source.read(start, stop)`` reads frames.

    Raises
    ------
    HoldstillError
        It cannot be read; the text says what to do.

    Examples
    --------
    >>> import numpy as np, holdstill as hs
    >>> hs.open(np.zeros((5, 32, 32)), axes="TYX").info.n_frames
    5
    """
    return open_images(images, ReadingOptions(axes=axes, scene=scene, skip_bad=skip_bad, trust=trust))


def register(
    images: Any,
    *,
    axes: str | None = None,
    motion: str = "translation",
    method: str | Estimator = "auto",
    reference: Any = "template",
    channel: int | str | None = None,
    mask: ArrayLike | str | Path | None = None,
    max_shift: float | str | tuple[float | str, ...] | None = None,
    max_speed: float | str | tuple[float | str, ...] | None = None,
    repair: str = "interpolate",
    smooth: str | None = None,
    grid: float | tuple[float, ...] = 64,
    fine_grid: str = "tell",
    line_axis: str = "x",
    line_time: float | tuple[float, float] | None = None,
    device: str = "cpu",
    engine: Any = "threads",
    workers: int | None = None,
    refocus_at: int | tuple[int, ...] | None = None,
    scan: str | None = None,
    bin: int | None = None,
    average: int = 1,
    project: str | None = None,
    memory: str | int | None = None,
    progress: bool | Progress = False,
    scene: str | int | None = None,
    skip_bad: bool = False,
    trust: bool = False,
) -> Registration:
    """Find how each frame of a sequence moved.

    Parameters
    ----------
    images : path, array, list of paths, Source, or Spark collection of (key, array)
        A sequence of frames. A plain array of three axes is ``TYX``.
    axes : str, optional
        Axes, a subset of ``TCZYX`` in that order, where file or array do not say; of arrays, ``.npy`` and HDF5 in their
        own order, such as ``YXT``.
    motion : {"translation", "rigid", "similarity", "affine", "projective", "bilinear"}
        Family of the transforms; the last two for planes only. Of volumes also ``"planes-z"``, ``"planes-y"`` and
        ``"planes-x"``: a shift for each plane along that axis. ``"piecewise"`` bends, and ``"lines"`` moves while
        its rows are scanned; see `grid`. ``"dense"`` is the optical flow, see `OpticalFlow`. ``"auto"`` takes
        translation, rigid or affine, whichever predicts pixels that were not fitted to; if none does better than no
        motion, the movie is left alone.
    method : str or estimator
        Name of an estimator, such as ``"phase_correlation"``, or one with its settings, such as
        ``TemplateMatching(roi=...)``. "auto" takes "direct", which uses all light and knows all motions, and
        "cross_correlation" for motion of planes.
    reference : str, int, path or ndarray
        What frames are compared with: ``"template"``, learned from the movie (shifts are then relative to the first
        good frame), ``"first"``, ``"mean"``, ``"median"``, ``"previous"``, ``"previous:n"``, ``"rolling"``,
        ``"pairs"``, a frame number, an image or an image file.
    channel : int or str, optional
        The registration channel, by number or name; all are corrected alike. Default: the first; of pictures in colours
        (``S`` axes, PNG, JPEG, RGB in TIFF, films) the mean of red, green and blue, transparency left out.
    mask : ndarray of bool ([z,] y, x) or path, optional
        True, or above zero, where pixels of the reference count.
    max_shift : float, str or tuple of them, optional
        Largest shift in px, or text with its unit, ``"3um"``; one for all axes or one each ``([z,] y, x)``.
    max_speed : float, str or tuple of them, optional
        Largest speed in px per frame, or text with its unit, ``"0.2um/s"``. Frames beyond it are flagged, unless one of
        the two good frames before or after bears them out: a stage that jumps and stays is ok.
    repair : {"interpolate", "estimates", "identity", "drop"}
        What is done about flagged frames: their transform is interpolated between good neighbours in time; what was
        found is applied all the same; they are not moved; or they are left out of what is written, and listed.
    smooth : {"spline", "kalman"}, optional
        Weigh good frames against their neighbours in time by their error bars, as much as the movie itself says is
        right: for dim movies. What was found in each frame stays in ``reg.estimates``.
    grid : float or tuple of float
        For ``motion="piecewise"``: distance of the control points in px, one number or one each ``([z,] y, x)``.
        For ``"lines"``: lines from one control point to the next. Displacements are linear between them; how much they
        vary is learned from the movie.
    fine_grid : {"tell", "coarsen", "refuse"}
        Where light does not place most control points within half a px: a warning names a `grid` that would do; or 16
        frames from all over the movie are looked at first, and that grid is taken, or the movie refused.
    line_axis : {"x", "y"}
        For ``motion="lines"``: the axis that a scanned line runs along; ``"y"`` where columns are the lines.
    line_time : float or tuple of 2 float, optional
        For ``motion="lines"``: seconds from one line to the next, by which lines of consecutive frames are joined; or
        ``(line, frame)`` with the seconds from frame to frame, where the images do not say. Default: the frame interval
        over the number of lines, no pause between frames. 0, or no interval at all: each frame by itself.
    device : {"cpu", "gpu", "auto", "plain"}
        Where pixels are computed. "gpu" takes any graphics adapter (``pip install "holdstill[gpu]"``), "auto" the
        faster one for frames of this size.
    engine : {"threads", "dask", "spark"}, address, distributed.Client or SparkSession
        Who runs the chunks. A name starts workers on this machine; an address such as ``"tcp://host:8786"`` or
        ``"spark://host:7077"`` finds those of a cluster.
    workers : int, optional
        Chunks at a time; default: one for each core.
    refocus_at : int or tuple of int, optional
        Frames at which the focus was changed: from each on there is a new template, and the parts are joined by
        registering template to template. A part that cannot be joined starts at zero, with a warning.
    scan : {"bidirectional", "auto"}, optional
        "bidirectional": every second row was scanned backwards; how far these are displaced is measured in each frame
        and taken off in the same resampling. "auto" only reports it.
    bin : int, optional
        Estimate on a copy of which so many pixels along each spatial axis became one. Default: 1, or for huge frames
        what fits into the memory, with a warning.
    average : int
        Estimate on a copy of which so many frames became one; in between transforms are interpolated: for dark movies.
    project : {"max", "mean"}, optional
        Estimate on projections of volumes along z; all planes then move alike, sideways.
    memory : str or int, optional
        What the process may take, as ``"2GB"`` or bytes. Default: a quarter of the machine's.
    progress : bool or callable (stage, done, total)
        Show a bar, or tell a function, which stops the run by returning False.
    scene : str or int, optional
        Name or number of one image of a file that holds several.
    skip_bad : bool
        Go on where frames of a file are damaged or cut off; their verdict is ``unreadable``.
    trust : bool
        Read a file even if it claims to unpack to more than a thousand times its size.

    Returns
    -------
    Registration

    Raises
    ------
    HoldstillError
        The images cannot be read, or an option does not fit them; the text says what to do.

    Examples
    --------
    >>> import numpy as np, holdstill as hs
    >>> image = np.random.default_rng(0).random((96, 96)).cumsum(0).cumsum(1) % 50
    >>> movie = np.stack([np.roll(image, t, axis=0) for t in (0, 1, 2)])
    >>> hs.register(movie, reference="first").shifts.round().astype(int)
    array([[0, 0],
           [1, 0],
           [2, 0]])
    """
    options = RegisteringOptions(
        motion=motion, method=method, reference=reference, channel=channel, mask=mask, max_shift=max_shift,
        max_speed=max_speed, repair=repair, smooth=smooth, refocus_at=refocus_at, scan=scan, grid=grid,
        fine_grid=fine_grid, line_axis=line_axis, line_time=line_time, device=device, engine=engine, workers=workers,
        bin=bin, average=average, project=project, memory=memory, progress=progress,
    )  # fmt: skip
    if is_records(images):
        refuse_options(
            axes=axes, engine=engine, workers=workers, progress=progress, scene=scene, skip_bad=skip_bad, trust=trust
        )
        return register_collection(images, options)
    given = ReadingOptions(axes=axes, scene=scene, skip_bad=skip_bad, trust=trust)
    with reading(images, given) as source:
        return note_inputs(run.register(source, options), source, given)


def align(
    fixed: Any,
    moving: Any,
    *,
    motion: str | None = None,
    axes: str | None = None,
    out: str | Path | None = None,
    overwrite: bool = False,
    **options: Any,
) -> Registration:
    """Register one image to another; with `out` from file to file, slides of any size in bounded memory.

    Parameters
    ----------
    fixed : path or ndarray, ([z,] y, x) or (y, x, colours)
        The reference: a microscope's file, or TIFF, PNG, JPEG or ``.npy``. Its extent is that of the result.
    moving : path or ndarray, ([z,] y, x) or (y, x, colours)
        What moved against it; of the same or another size.
    motion : {"affine", "translation", "rigid", "similarity", "projective", "bilinear", "dense"}
        Family of the transforms, that of the method if an estimator is given, else affine; the last is affine and what
        bends beyond it, for sections and other unlike planes and volumes.
    axes : str, optional
        Axes of `moving`, where ambiguous.
    out : path, optional
        Write the moving file as the fixed one sees it, as OME-TIFF or OME-Zarr, with ``NAME.drift.json``, ``.csv`` and
        ``.report.html`` beside it. Slides are written with a pyramid, tile by tile.
    overwrite : bool
        Replace existing results.
    **options
        ``method, channel, mask, max_shift, device, workers`` as for `register`; where no channel is named, sections are
        compared by all of them, other pictures in colours by the mean of them, and other images by the first. Sections
        (stains on bright paper, in colours, which are not one picture that moved) are found at any angle, by
        ``method="auto"`` or ``"deformable"``. For these also ``prepare``, how images become grey (``"auto"``,
        ``"absorption"``, ``"fluorescence"``, ``"electron"``, ``"none"``),
        ``allow_flip``, where the moving section may be mirrored, and ``allow_scale``, where it may be up to twice
        larger or smaller, and ``level``, the resolution of the fixed slide's pyramid to align on, 0 the full one.
        With `out` also ``interpolation`` and ``fill``, and of planes ``extent`` (``"fixed"``, ``"overlap"``,
        ``"union"``), ``compression`` (``"jpeg"``, ``"deflate"``, ``"zstd"``, ``"none"``) and ``quality``.

    Returns
    -------
    Registration
        Of length 1; ``align(a, b).apply(b)`` looks like a.

    Raises
    ------
    HoldstillError
        An image cannot be read, or they do not fit together.

    Examples
    --------
    >>> import numpy as np, holdstill as hs
    >>> image = np.random.default_rng(0).random((96, 96)).cumsum(0).cumsum(1) % 50
    >>> hs.align(image, np.roll(image, 2, axis=1), motion="translation").shifts.round().astype(int)
    array([[0, 2]])
    """
    given = {"motion": choose_motion(motion, options.get("method")), "channel": None, **options}
    if out is None:
        registering, sections = split_options(given, RegisteringOptions, SectionOptions)
        return align_images(fixed, moving, ReadingOptions(axes=axes), registering, sections)
    if not all(isinstance(one, str | Path) for one in (fixed, moving)):
        raise InputError("out= writes from file to file; of arrays take align(a, b).apply(b)")
    kinds = (RegisteringOptions, SectionOptions, Resampling, SlideOptions)
    registering, sections, resampling, slide = split_options(given, *kinds)
    whole = CorrectingOptions(
        reading=ReadingOptions(axes=axes), registering=registering, resampling=resampling,
        writing=WritingOptions(overwrite=overwrite),
    )  # fmt: skip
    return align_files(Path(fixed), Path(moving), Path(out), whole, sections, slide)


def correct(
    source: str | Path | list[str | Path],
    target: str | Path,
    *,
    interpolation: str = "cubic",
    edge: str = "constant",
    fill: float = 0,
    crop: bool = False,
    dtype: str | None = None,
    coverage: str | Path | None = None,
    report: bool = True,
    overwrite: bool = False,
    resume: bool = False,
    axes: str | None = None,
    scene: str | int | None = None,
    skip_bad: bool = False,
    trust: bool = False,
    **options: Any,
) -> Registration:
    """Register a file and write it corrected, file to file, in memory that does not grow with its length.

    Parameters
    ----------
    source, target : path
        File to read, file to write (OME-TIFF). Beside the target go ``NAME.drift.json``, ``NAME.drift.csv`` and
        ``NAME.report.html``.
    interpolation : {"cubic", "nearest", "linear", "lanczos"}
    edge : {"constant", "nearest", "reflect", "wrap"}
        What stands where a frame shows nothing.
    fill : float
        Value for ``edge="constant"``.
    crop : bool
        Keep only the region that all good frames cover. Needs a second pass over the file.
    dtype : {"float32"}, optional
        Write values as interpolation makes them; default: in the movie's dtype, rounded, and clamped to its range.
    coverage : path, optional
        Write a TIFF there, uint8: 255 where every good frame shows something, 0 elsewhere.
    report : bool
        Write the HTML report.
    overwrite : bool
        Replace existing results, and start again where an earlier run was interrupted.
    resume : bool
        Go on where an interrupted run of the same job was, with identical bytes. What was done is kept in a hidden
        folder beside the target, ``.NAME.resume``.
    axes : str, optional
        Axes of the file, where it does not say.
    scene : str or int, optional
        Name or number of one image of a file that holds several.
    skip_bad : bool
        Go on where frames of a file are damaged or cut off; their verdict is ``unreadable``.
    trust : bool
        Read a file even if it claims to unpack to more than a thousand times its size.
    **options
        As for `register`.

    Returns
    -------
    Registration

    Raises
    ------
    HoldstillError
        A file is missing, damaged or in the way, or an option does not fit; nothing is written then.

    Examples
    --------
    >>> hs.correct("movie.tif", "still.ome.tif", reference="first")  # doctest: +SKIP
    """
    return correct_file(
        source,
        target,
        CorrectingOptions(
            reading=ReadingOptions(axes=axes, scene=scene, skip_bad=skip_bad, trust=trust),
            registering=RegisteringOptions.of(**options),
            resampling=Resampling(interpolation=interpolation, edge=edge, fill=fill, crop=crop, dtype=dtype),
            writing=WritingOptions(coverage=coverage, report=report, overwrite=overwrite, resume=resume),
        ),
    )
