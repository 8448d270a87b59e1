"""The recipe: sections in, a stack, their transforms, a table and a page out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ImagesInfo, Progress, ReadingOptions, Verdict, heed
from holdstill.errors import FileInTheWay, InputError
from holdstill.io import disk, slow
from holdstill.io.image import reading
from holdstill.io.inputs import check_apart, fingerprint
from holdstill.io.workspace import Workspace
from holdstill.methods.deformable import Deformable
from holdstill.resampling.slides import is_plane
from holdstill.result.registration import Registration
from holdstill.run.options import RegisteringOptions, SectionOptions
from holdstill.run.parts import channel_of
from holdstill.run.section_images import WORKING_PX, Binned, read_binned
from holdstill.run.series.chain import Link, chain_sections, compose_ways, find_ways, order_middles
from holdstill.run.series.comparing import PairBook
from holdstill.run.series.form import check_form, keep_forms
from holdstill.run.series.page import correlate_neighbours
from holdstill.run.series.writing import write_beside, write_sections

__all__ = ["Series", "align_sections"]

PAIRS = ".pairs"


@dataclass(frozen=True, kw_only=True, eq=False)
class Series:
    """Sections in their places.

    Attributes
    ----------
    middle : int
        Number of the section that stays as it is; its extent is that of the stack.
    registrations : tuple of Registration
        One for each section, of length 1; a section that hangs on nothing is not ok, and not moved.
    rows : tuple of dict
        What ``sections.csv`` says.
    stack : Path
    """

    middle: int
    registrations: tuple[Registration, ...]
    rows: tuple[dict[str, Any], ...]
    stack: Path

    @property
    def ok(self) -> NDArray[np.bool_]:
        """Which sections have a place, (n,)."""
        return np.array([bool(one.ok.all()) for one in self.registrations])


def align_sections(
    sections: Sequence[str | Path],
    out: str | Path,
    *,
    motion: str = "dense",
    middle: int | None = None,
    keep_form: float | None = None,
    channel: int | str | None = None,
    prepare: str = "auto",
    allow_flip: bool = False,
    stack: str = "stack.ome.zarr",
    fill: float = 0,
    overwrite: bool = False,
    resume: bool = False,
    progress: Progress | None = None,
) -> Series:
    """Align serial sections with a common one in the middle, and write them as one stack.

    Each section is compared with its neighbour towards the middle, and with the next ones where that one is damaged;
    what follows against the middle section is composed, and each section is resampled once.

    Parameters
    ----------
    sections : sequence of path
        In their order; of any sizes, with the same number of channels and dtype.
    out : path
        Folder for the stack, ``transforms``, ``sections.csv`` and ``report.html``.
    motion : {"dense", "affine", "similarity", "rigid", "translation"}
    middle : int, optional
        Number of the section that stays, from 0; default: the one in the middle, or the next one if it is damaged.
    keep_form : float, optional
        Against the banana effect: what changes the form of sections evenly over so many of them is left as it is, for
        dense, affine and similarity motion. Neighbours then agree less, the middle section is moved as well, and jitter
        as slow as that stays. Default: neighbours agree as well as they can.
    channel : int or str, optional
        The channel that sections are compared by, by number or name; default: all of them together.
    prepare, allow_flip
        As for `holdstill.align`.
    stack : {"stack.ome.zarr", "stack.ome.tif"}
        Name of the stack.
    fill : float
        Value where a section shows nothing, and of sections that are left blank.
    overwrite, resume : bool
        Replace earlier results; keep those of pairs that were compared already.
    progress : callable (stage, done, total), optional

    Returns
    -------
    Series

    Raises
    ------
    HoldstillError
        A section cannot be read or does not fit the others, or results are in the way.

    Examples
    --------
    >>> series = hs.align_sections(["s1.tif", "s2.tif", "s3.tif"], "out")  # doctest: +SKIP
    """
    paths, target, tell = [Path(path) for path in sections], Path(out), heed(progress)
    check_form(keep_form, Deformable(motion=motion).keeps_size, motion)
    infos = _check_sections(paths, middle)
    check_apart([target], paths)
    _make_target(target, stack, overwrite=overwrite, resume=resume)
    registering = RegisteringOptions(motion=motion, method="deformable")
    options = SectionOptions(prepare=prepare, allow_flip=allow_flip)
    factor = max(1, max(max(info.frame_shape) for info in infos) // WORKING_PX)
    job = {
        "version": version("holdstill"), "files": fingerprint(paths), "registering": registering.describe(),
        "sections": options.describe(), "names": [str(path) for path in paths], "channel": channel,
    }  # fmt: skip

    def read(number: int) -> Binned:
        with reading(paths[number], ReadingOptions()) as source:
            return read_binned(source, factor, None if channel is None else channel_of(channel, source.info))

    with Workspace(target):
        book = PairBook(target / PAIRS, job, read, registering, options, resume=resume)

        def compare(fixed: int, moving: int) -> Link:
            tell("registering", min(len(book.links), len(paths) - 1), len(paths) - 1)
            return book.compare(fixed, moving)

        chosen, links = _choose_middle(len(paths), middle, compare)
        found = _place(chosen, links, motion, infos, keep_form)
        before, after = write_sections(found, paths, chosen, infos, target / stack, fill, overwrite or resume, tell)
        rows = _describe(found, links, chosen, paths, before, after)
        write_beside(target, found, rows, before, after)
    return Series(middle=chosen, registrations=tuple(found), rows=tuple(rows), stack=target / stack)


def _check_sections(paths: list[Path], middle: int | None) -> list[ImagesInfo]:
    """What the sections are, if they are two or more that can be one stack."""
    if len(paths) < 2:
        raise InputError(f"a series has at least two sections, not {len(paths)}")
    if middle is not None and not 0 <= middle < len(paths):
        raise InputError(f"middle={middle}: there are sections 0 to {len(paths) - 1}")
    infos = []
    for path in paths:
        with reading(path, ReadingOptions()) as source:
            if not is_plane(source):
                raise InputError(f"{path}: has axes {source.info.axes} of {source.info.shape}; a section is one plane")
            infos.append(source.info)
    for path, info in zip(paths, infos, strict=True):
        if (info.n_channels, info.dtype) != (infos[0].n_channels, infos[0].dtype):
            raise InputError(
                f"{path}: has {info.n_channels} channels of {info.dtype}, {paths[0]} {infos[0].n_channels} of "
                f"{infos[0].dtype}; sections of one stack have the same"
            )
    return infos


def _make_target(target: Path, stack: str, *, overwrite: bool, resume: bool) -> None:
    if Path(stack).name != stack:
        raise InputError(f"stack={stack!r} is a name within the folder of the results, such as stack.ome.tif")
    if target.exists() and not target.is_dir():
        raise FileInTheWay(f"{target}: is a file; give a folder for the results")
    if target.is_dir() and any(target.iterdir()):
        if not (overwrite or resume):
            raise FileInTheWay(f"{target}: holds something already; take --resume to go on, --overwrite to replace it")
        if not (target / PAIRS).is_dir():
            raise FileInTheWay(f"{target}: is a folder that was not made here; choose another name")
    with disk.explain_errors(target):
        target.mkdir(parents=True, exist_ok=True)
        disk.make_folder(target / PAIRS)
    slow.check_stack(target / stack, overwrite=overwrite or resume)


def _choose_middle(n: int, wanted: int | None, compare: Any) -> tuple[int, dict[int, Link]]:
    """The section to begin from, and the links of all others; the next one where nothing hangs on the first choice."""
    tried = {}
    for middle in order_middles(n, wanted):
        tried[middle] = chain_sections(n, middle, compare)
        if any(link.is_good for link in tried[middle].values()):
            return middle, tried[middle]
    first = next(iter(tried))
    return first, tried[first]


def _place(
    middle: int, links: dict[int, Link], motion: str, infos: list[ImagesInfo], kept: float | None
) -> list[Registration]:
    """Each section against the middle one."""
    shape = infos[middle].frame_shape
    ways = {number: compose_ways(parts, motion, shape) for number, parts in find_ways(middle, links).items()}
    ways = ways if kept is None else keep_forms(ways, kept)
    still = compose_ways([], motion, shape)
    found = []
    for number, info in enumerate(infos):
        is_placed, trajectory = number in ways, ways.get(number, still)
        verdict = Verdict.OK if is_placed else links[number].verdict
        provenance = {
            "version": version("holdstill"), "input": info.name, "axes": info.axes, "shape": list(info.shape),
            "dtype": str(info.dtype), "method": "Deformable", "reference": infos[middle].name, "device": "cpu",
            "moving_shape": list(info.frame_shape), "keep_form": kept,
        }  # fmt: skip
        score = links[number].score if number in links else 1.0
        found.append(
            Registration.of_trajectory(
                trajectory, (verdict,), scores=np.array([score]), provenance=provenance,
                pixel_size_um=info.pixel_size_um,
            )
        )  # fmt: skip
    return found


def _describe(
    found: list[Registration], links: dict[int, Link], middle: int, paths: list[Path],
    before: list[NDArray[np.float32]], after: list[NDArray[np.float32]],
) -> list[dict[str, Any]]:  # fmt: skip
    likeness = correlate_neighbours(before), correlate_neighbours(after)
    rows = []
    for number, (path, one) in enumerate(zip(paths, found, strict=True)):
        is_placed, link = bool(one.ok.all()), links.get(number)
        way = one[0]
        shift = one.shifts[0] if is_placed else np.full(2, np.nan)
        rows.append(
            {
                "section": number, "file": path.name, "verdict": one.verdicts[0].value,
                "hangs_on": link.fixed if link is not None and is_placed else None,
                "correlation": link.score if link is not None else None, "shift_y_px": float(shift[0]),
                "shift_x_px": float(shift[1]),
                "smallest_jacobian": float(getattr(way, "smallest_determinant", 1.0)) if is_placed else None,
                "neighbour_before": likeness[0][number], "neighbour_after": likeness[1][number],
            }
        )  # fmt: skip
    return rows
