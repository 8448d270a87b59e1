"""The middle of large frames, on which questions are decided that need not see all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from holdstill.contracts import Frames
from holdstill.io.array import ArraySource
from holdstill.reference.learning import Alignment
from holdstill.reference.sample import Sample
from holdstill.transforms.middle import Box, find_middle, move_to_middle

__all__ = ["crop_to_middle"]


def crop_to_middle(
    sample: Sample, found: Alignment, most_px: int, n_rows: int | None = None
) -> tuple[Sample, Alignment, Box]:
    """Sample and alignment of the middle of frames of more px than that, and of so many of them, all by default."""
    shape = sample.frame_shape
    box = find_middle(shape, most_px)
    if np.prod(shape) <= most_px:
        return sample, found, box
    rows = np.unique(np.linspace(0, len(sample) - 1, min(n_rows or len(sample), len(sample))).astype(np.int64))
    frames = np.stack([_crop(sample, int(row), box) for row in rows])
    among, reference = np.isin(found.rows, rows), found.reference
    mask = None if reference.mask is None else reference.mask[box]
    return (
        Sample(ArraySource(frames, axes="TZYX" if len(shape) == 3 else "TYX"), np.arange(len(frames))),
        replace(
            found,
            reference=replace(reference, image=reference.image[box], mask=mask),
            after=found.after[box],
            rows=np.flatnonzero(np.isin(rows, found.rows)),
            trajectory=move_to_middle(found.trajectory.part(np.flatnonzero(among)), box),
        ),
        box,
    )


def _crop(sample: Sample, row: int, box: Box) -> Frames:
    """The middle of one frame; where nothing is taken out of frames, without a copy of the rest."""
    return sample.read(np.array([row]))[0][box] if sample.defects else sample.look(row)[box]
