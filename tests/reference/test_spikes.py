"""Tracks of particles in each frame outshine a dim specimen; spots, however narrow, are none."""

import numpy as np
import pytest
from scipy import ndimage

from holdstill.api import register
from holdstill.contracts import FloatArray, Verdict
from holdstill.evaluation.blobs import draw_blobs
from holdstill.evaluation.stress.base import Setting
from holdstill.evaluation.stress.score import score
from holdstill.evaluation.stress.suite import SCENES
from holdstill.reference.defects import Defects
from holdstill.reference.spikes import have_spikes, leave_out_spikes
from holdstill.reference.survey import find_defects

SHAPE = (64, 72)
NOTHING_MISSING = np.zeros(SHAPE, bool)


def draw_spots(width: float, *, together: bool = True, n_frames: int = 8) -> FloatArray:
    """Forty spots that move together, or others in each frame, in noise of one grey level."""
    rng = np.random.default_rng(0)
    places = rng.uniform(3, 60, (40, 2))
    frames = []
    for _ in range(n_frames):
        shown = places + rng.normal(0, 3, 2) if together else rng.uniform(3, 60, (40, 2))
        frames.append(draw_blobs(SHAPE, shown, np.full((40, 2), width), np.full(40, 200.0)))
    return np.stack(frames) + rng.normal(10, 1, (n_frames, *SHAPE))


def test_lines_of_single_pixels_are_left_out_with_what_is_beside_them() -> None:
    frames = np.random.default_rng(1).normal(100, 2, (6, *SHAPE)).astype(np.float32)
    hit = np.zeros(frames.shape, bool)
    along = np.arange(40)[:, None]
    for t, frame in enumerate(hit):
        line = np.rint((32, 36) + (along - 20) * (np.sin(0.5 * t), np.cos(0.5 * t))).astype(int)
        frame[tuple(line.T)] = True
    frames[hit] += 90
    assert have_spikes(frames, NOTHING_MISSING)
    assert find_defects(frames).spikes
    unknown = np.isnan(leave_out_spikes(frames))
    np.testing.assert_array_equal(unknown, ndimage.maximum_filter(hit, (1, 3, 3)))
    np.testing.assert_array_equal(np.isnan(Defects(spikes=True).view(frames)), unknown)
    # what is unknown stays so, and those of the camera are the same in all frames
    lacking = np.where(hit, np.float32(np.nan), frames)
    np.testing.assert_array_equal(np.isnan(leave_out_spikes(lacking)), hit)
    assert not have_spikes(frames, hit.any(axis=0))


@pytest.mark.parametrize("width", [0.4, 0.6, 0.8, 1.2])
def test_a_specimen_of_narrow_spots_is_none(width: float) -> None:
    assert not have_spikes(draw_spots(width).astype(np.float32), NOTHING_MISSING)


def test_molecules_that_blink_each_elsewhere_are_none() -> None:
    assert not have_spikes(draw_spots(0.8, together=False).astype(np.float32), NOTHING_MISSING)


def test_planes_of_volumes_and_tiny_frames() -> None:
    frames = np.random.default_rng(2).normal(100, 2, (6, 2, *SHAPE)).astype(np.float32)
    for t, frame in enumerate(frames):
        frame[t % 2, 5 + 7 * t, 8 * t : 8 * t + 20] += 90
    assert have_spikes(frames, np.zeros(frames.shape[1:], bool))
    assert not have_spikes(frames[:1], np.zeros(frames.shape[1:], bool))
    assert not have_spikes(frames[..., :8], np.zeros((*frames.shape[1:-1], 8), bool))
    assert np.isnan(leave_out_spikes(np.full((1, *SHAPE), np.nan, np.float32))).all()


def test_a_dim_specimen_under_tracks_is_found_as_well_as_without_them() -> None:
    scene = SCENES["moving/cosmic_tracks"](Setting(photons=5.0, n_frames=16, size=96, seed=4))
    found = register(scene.frames, **scene.options)
    ok = np.array([verdict is Verdict.OK for verdict in found.verdicts])
    told = score(scene, found.shifts, found.errors, ok)
    assert told.ok >= 15
    assert told.misses == 0
    assert told.rmse < 1.3 * told.bound
    assert any("accidents" in said for said in found.provenance["defects"])
