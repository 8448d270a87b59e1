"""Slides written as a registration sees them, in bounded memory."""

from __future__ import annotations

from pathlib import Path

from holdstill.contracts import Device, Source
from holdstill.devices.choosing import find_device
from holdstill.errors import InputError
from holdstill.io.inputs import check_apart, check_replaceable
from holdstill.io.workspace import Workspace
from holdstill.resampling.settings import Resampling
from holdstill.resampling.slide_options import SlideOptions
from holdstill.resampling.slides import write_resampled
from holdstill.resampling.tiles import BLOCK_PX
from holdstill.result.value import RegistrationValue
from holdstill.transforms.extents import find_extent

__all__ = ["write_aligned"]


def write_aligned(
    found: RegistrationValue,
    source: Source,
    out: str | Path,
    resampling: Resampling,
    options: SlideOptions,
    *,
    overwrite: bool,
    device: str | Device = "cpu",
    workspace: Workspace | None = None,
) -> Path:
    """Write the plane that was aligned, with a pyramid; where it is, as in `holdstill.result.applying.apply_to_file`.

    Raises
    ------
    InputError
        The edge is one that a part of an image does not know.
    """
    target = Path(out)
    check_apart([target], source.files)
    check_replaceable(target, overwrite)
    resampling.check(source.info.dtype)
    if resampling.edge != "constant":
        raise InputError(f"{source.info.name}: what lies beyond a slide is filled; leave edge={resampling.edge!r} out")
    by = find_device(device, (BLOCK_PX, BLOCK_PX), source.info.dtype)
    if workspace is not None:
        part = workspace.folder / f"slide{_find_suffix(target)}"
        _write(found, source, part, target, resampling, options, by)
        return part
    with Workspace(target) as own:
        part = own.folder / f"slide{_find_suffix(target)}"
        try:
            _write(found, source, part, target, resampling, options, by)
        except BaseException:
            own.clear()
            raise
        own.publish([(part, target)], overwrite=overwrite)
    return target


def _write(
    found: RegistrationValue, source: Source, part: Path, target: Path, resampling: Resampling, options: SlideOptions,
    device: Device,
) -> None:  # fmt: skip
    way = found[0]
    extent = "overlap" if resampling.crop is True else options.extent
    box = find_extent(way, found.frame_shape, source.info.frame_shape, extent)
    plain = Resampling(
        interpolation=resampling.interpolation, edge=resampling.edge, fill=resampling.fill, dtype=resampling.dtype
    )
    said = found.provenance.get("fixed_pixel_size_um")
    write_resampled(
        source, way, (box[0], box[1]), part, name=target, resampling=plain, options=options, device=device,
        pixel_size_um=None if said is None else (said[0], said[1], said[2]),
    )  # fmt: skip


def _find_suffix(target: Path) -> str:
    return ".ome.zarr" if target.name.lower().endswith(".zarr") else ".ome.tif"
