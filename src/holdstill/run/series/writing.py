"""What a series becomes: the stack, transforms, a table and a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import AnyTransform, Frames, ImagesInfo, Progress, ReadingOptions
from holdstill.io import disk, slow
from holdstill.io.image import reading
from holdstill.methods.sections.local import bin_picture
from holdstill.result.registration import Registration
from holdstill.run.series.page import write_page, write_table

__all__ = ["write_beside", "write_sections"]

TRANSFORMS, TABLE, PAGE = "transforms", "sections.csv", "report.html"
SMALL_PX = 256


def write_sections(
    found: list[Registration], paths: list[Path], middle: int, infos: list[ImagesInfo], target: Path, fill: float,
    overwrite: bool, tell: Progress,
) -> tuple[list[NDArray[np.float32]], list[NDArray[np.float32]]]:  # fmt: skip
    """Write the stack; small copies of the sections before and after, NaN where a section is left blank."""
    info, shape = infos[middle], infos[middle].frame_shape
    axes = "CZYX" if info.n_channels > 1 else "ZYX"
    lengths = {"C": info.n_channels, "Z": len(paths), "Y": shape[0], "X": shape[1]}
    written = replace(
        info, name=str(target), axes=axes, shape=tuple(lengths[axis] for axis in axes), ome_xml="", times_s=(),
        bare_scales=(), frame_interval_s=None,
    )  # fmt: skip
    before: list[NDArray[np.float32]] = []
    after: list[NDArray[np.float32]] = []

    def planes() -> Iterator[Frames]:
        for number, (path, one) in enumerate(zip(paths, found, strict=True)):
            tell("writing", number, len(paths))
            with reading(path, ReadingOptions()) as source:
                image = source.read(0, 1)[0]
                before.append(_shrink(image, shape))
                if not one.ok.all():
                    plane = np.full((info.n_channels, *shape), fill, info.dtype)
                    after.append(np.full_like(_shrink(plane, shape), np.nan))
                elif number == middle and one.provenance["keep_form"] is None:
                    plane = image
                    after.append(_shrink(plane, shape))
                else:
                    plane = np.asarray(one.apply(source, fill=fill)).reshape(info.n_channels, *shape)
                    after.append(_shrink(plane, shape, _find_covered(one[0], shape, source.info.frame_shape)))
            yield plane
        tell("writing", len(paths), len(paths))

    slow.write_stack(target, written, planes(), overwrite=overwrite)
    return before, after


def write_beside(
    target: Path, found: list[Registration], rows: list[dict[str, Any]], before: list[NDArray[np.float32]],
    after: list[NDArray[np.float32]],
) -> None:  # fmt: skip
    """Transforms, table and page."""
    disk.remove(target / TRANSFORMS)  # of an earlier, longer series
    disk.make_folder(target / TRANSFORMS)
    for number, one in enumerate(found):
        one.save(target / TRANSFORMS / f"{number:04d}.json")
    write_table(target / TABLE, rows)
    write_page(target / PAGE, rows, before, after)


def _find_covered(way: AnyTransform, shape: tuple[int, ...], own: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which pixels of a small copy of the stack's extent a section of the shape `own` shows."""
    step = _choose_step(shape)
    grid = np.indices([n // step for n in shape], dtype=np.float64) * step + (step - 1) / 2
    places = way.map(grid.reshape(2, -1).T)
    inside = ((places >= step) & (places <= np.array(own) - 1 - step)).all(axis=1)
    return np.asarray(inside.reshape(grid.shape[1:]))


def _choose_step(shape: tuple[int, ...]) -> int:
    return max(1, -(-max(shape) // SMALL_PX))


def _shrink(image: Frames, shape: tuple[int, ...], covered: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
    """A grey copy of at most some hundred px, in the extent of the stack; NaN where that is not `covered`."""
    step = _choose_step(shape)
    out = np.full([n // step for n in shape], np.nan, np.float32)
    grey = bin_picture(image[:, : shape[0], : shape[1]].mean(axis=0, dtype=np.float32), step)
    out[: grey.shape[0], : grey.shape[1]] = grey
    return out if covered is None else np.where(covered, out, np.nan).astype(np.float32)
