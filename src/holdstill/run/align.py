"""One image aligned with another, whatever their sizes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Estimator, ReadingOptions, Reference, Source, list_changed
from holdstill.errors import InputError
from holdstill.io import require_frames
from holdstill.io.colours import is_coloured
from holdstill.io.image import reading
from holdstill.io.workspace import Workspace
from holdstill.resampling.settings import Resampling
from holdstill.resampling.slide_options import SlideOptions
from holdstill.resampling.slides import is_plane, is_slide
from holdstill.result.applying import apply_to_file
from holdstill.result.registration import Registration
from holdstill.result.slides import write_aligned
from holdstill.run import registry
from holdstill.run.checkpoint import keep_book
from holdstill.run.noting import note_asked, note_fixed, note_inputs, note_resampling
from holdstill.run.options import CorrectingOptions, RegisteringOptions, SectionOptions
from holdstill.run.outcome import PICTURE_PX, make_picture
from holdstill.run.parts import estimator_of, mask_of, see
from holdstill.run.register import register
from holdstill.run.same_picture import register_same_picture
from holdstill.run.sections import align_sections, asks_for_sections, read_sections
from holdstill.run.sizes import register_sizes
from holdstill.run.targets import check_free, forget_arrays, list_results, save_parts

__all__ = ["align_files", "align_images"]

# nothing asked for of a slide
PLAIN = SlideOptions()


def align_images(
    fixed: Any,
    moving: Any,
    options: ReadingOptions,
    registering: RegisteringOptions,
    sections: SectionOptions = SectionOptions(),
) -> Registration:
    """Register one image to another, of the same or another size; the options are those of `holdstill.align`.

    Stained sections are prepared first, see `holdstill.run.sections`. Others of two sizes are registered on a canvas,
    see `holdstill.run.sizes`.
    """
    if registering.describe()["reference"] != RegisteringOptions().describe()["reference"]:
        raise InputError("align compares with its fixed image; leave reference out")
    with reading(moving, _name_axes(moving, options)) as source:
        if source.info.n_frames != 1:
            raise InputError(f"{source.info.name} has {source.info.n_frames} frames; align takes one, register a movie")
        with reading(fixed, _name_axes(fixed, ReadingOptions())) as opened:
            if opened.info.n_frames != 1:
                raise InputError(f"{opened.info.name} has {opened.info.n_frames} frames; the fixed image is one")
            require_frames(opened.info)
            found = note_fixed(_align(opened, source, registering, sections), opened)
            found = note_inputs(found, source, options)
    # what nobody asks for is affine here, and nothing but shifts elsewhere: so that it is always said
    return note_asked(found, {"motion": registering.motion, **list_changed(registering), **list_changed(sections)})


def _align(fixed: Source, moving: Source, registering: RegisteringOptions, sections: SectionOptions) -> Registration:
    """One open image registered to another."""
    pair = read_sections(fixed, moving, registering, sections)
    if pair is not None:
        is_guess = not asks_for_sections(registering, sections)
        same = _register_same(fixed, moving, registering) if is_guess else None
        return align_sections(*pair, registering, sections) if same is None else same
    reference, shape = _read_fixed(fixed, registering), moving.info.frame_shape
    if reference.ndim != len(shape):
        raise InputError(
            f"the fixed image has shape {reference.shape}, {moving.info.name} {shape}; align planes with planes "
            "and volumes with volumes, and name the axes of `moving` (axes=...) where they are taken for another"
        )
    given = replace(registering, reference=reference)
    if reference.shape == shape:
        found = register(moving, given, single=True)
    else:
        found = register_sizes(moving, given, _register_single)
    return _note_matches(found, reference, moving, registering)


def _register_same(fixed: Source, moving: Source, registering: RegisteringOptions) -> Registration | None:
    return register_same_picture(_read_fixed(fixed, registering), moving, registering)


def align_files(
    fixed: Path,
    moving: Path,
    target: Path,
    options: CorrectingOptions,
    sections: SectionOptions = SectionOptions(),
    slide: SlideOptions = PLAIN,
) -> Registration:
    """Align one file with another and write it, with what stands beside it: all of it, or nothing.

    A slide, and any plane of which another extent or compression is asked for, gets a pyramid.
    """
    overwrite = options.writing.overwrite
    with Workspace(target) as workspace:
        workspace.complete()  # what was killed while it gave results their names
        for taken in (fixed, moving):
            check_free(list_results(target, options.writing), overwrite, taken)
        found = align_images(fixed, moving, options.reading, options.registering, sections)
        found = _note_writing(found, options.resampling, slide)
        with keep_book(workspace, {"aligned": str(moving)}, resume=False, overwrite=overwrite):
            images = _write_moving(found, moving, target, options, slide, workspace)
            parts = save_parts(found, target, options, workspace.folder)
            workspace.publish([*parts, (images, Path(target))], overwrite=overwrite)
            forget_arrays(target, parts)
    return found


def _note_writing(found: Registration, resampling: Resampling, slide: SlideOptions) -> Registration:
    """The result with how its image is written."""
    return note_resampling(note_asked(found, {**found.provenance["asked"], **list_changed(slide)}), resampling)


def _register_single(source: Source, registering: RegisteringOptions) -> Registration:
    return register(source, registering, single=True)


def _write_moving(
    found: Registration, moving: Path, target: Path, options: CorrectingOptions, slide: SlideOptions,
    workspace: Workspace,
) -> Path:  # fmt: skip
    overwrite = options.writing.overwrite
    with reading(moving, options.reading) as source:
        cropped = options.resampling.crop is True
        # a plane in OME-Zarr has a pyramid, however small
        has_levels = slide.is_asked or cropped or is_slide(source) or Path(target).suffix.lower() == ".zarr"
        if is_plane(source) and has_levels:
            return write_aligned(
                found, source, target, options.resampling, slide, overwrite=overwrite,
                device=options.registering.device, workspace=workspace,
            )  # fmt: skip
        if slide.is_asked:
            raise InputError(f"{moving}: extent, compression and quality go with planes; leave them out")
    return apply_to_file(
        found, moving, target, options.reading, options.resampling, options.registering, overwrite=overwrite,
        workspace=workspace,
    )  # fmt: skip


def _note_matches(
    found: Registration, fixed: NDArray[Any], source: Source, registering: RegisteringOptions
) -> Registration:
    """The result with the places that were matched, for its report, where the method matches any."""
    method = registering.method
    kind = method if isinstance(method, Estimator) else None if method == "auto" else registry.find("methods", method)
    if kind is None or not kind.matches or not found.ok.all():
        return found
    estimator = estimator_of(method, registering.motion, None)
    mask = mask_of(registering.mask)
    seen, channel = see(source, registering.channel)
    frame = seen.read(0, 1, channel=channel)[0, 0]
    pixels = np.asarray(fixed, np.float32)
    matches = estimator.find_matches(Reference(image=pixels, mask=mask), frame)
    if not len(matches):
        return found
    known = {**found.images, "matches": matches.astype(np.float32)}
    if frame.shape != fixed.shape:  # the other pictures are of a canvas that holds both
        own = {"matched_fixed": pixels, "matched_moving": np.asarray(frame, np.float32)}
        known |= {name: make_picture(image, PICTURE_PX) for name, image in own.items()}
    return replace(found, images=known)


def _read_fixed(source: Source, registering: RegisteringOptions) -> NDArray[Any]:
    """The reference as an image of one channel: of several, the registration channel, or the mean of colours."""
    seen, number = see(source, registering.channel if source.info.n_channels > 1 else None)
    return np.asarray(seen.read(0, 1, channel=number)[0, 0])


def _name_axes(image: Any, options: ReadingOptions) -> ReadingOptions:
    """Axes of a plain array as one image: a plane, a volume, or a plane in colours."""
    if options.axes is not None or not isinstance(image, np.ndarray):
        return options
    if is_coloured(image.shape):
        return replace(options, axes="YXS")
    return replace(options, axes={2: "YX", 3: "ZYX", 4: "CZYX"}.get(image.ndim))
