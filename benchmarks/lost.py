"""Frames that show light but no specimen: what each package makes of what cannot be registered."""

from __future__ import annotations

import numpy as np

import holdstill as hs
from benchmarks.tables import Claim, Section
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.peers import available_peers
from holdstill.evaluation.presets import sparse

__all__ = ["lost"]

EVERY = 5  # of the frames one is lost


def lost(n_frames: int = 40, size: int = 512) -> Section:
    """A fifth of the frames are noise of the same mean; the reference is the first frame."""
    random = np.random.default_rng(0)
    shifts = random.normal(0, 2, (n_frames, 2))
    shifts[0] = 0
    movie = make_movie(sparse((size, size)), shifts, photons=100)
    frames = np.array(movie.frames)
    bad = np.arange(2, n_frames, EVERY)
    frames[bad] = random.poisson(frames[0].mean(), frames[bad].shape)
    good = np.setdiff1d(np.arange(n_frames), bad)

    found = hs.register(frames, reference="first")
    is_flagged = ~found.ok
    rows = [("holdstill", f"{is_flagged[bad].sum()} of {len(bad)}", f"{is_flagged[good].sum()} of {len(good)}",
             *_far(found.shifts, shifts, bad))]  # fmt: skip
    for name, peer in available_peers().items():
        estimated = peer.estimate(frames[0], frames)
        given_up = ~np.isfinite(estimated).all(axis=1)
        rows.append((name, f"{given_up[bad].sum()} of {len(bad)}", f"{given_up[good].sum()} of {len(good)}",
                     *_far(estimated, shifts, bad)))  # fmt: skip
    claims = [
        Claim("frames without a specimen are flagged, the others are not", "all",
              f"{is_flagged[bad].sum()} of {len(bad)}, and {is_flagged[good].sum()} of the others",
              bool(is_flagged[bad].all() and not is_flagged[good].any()))
    ]  # fmt: skip
    note = (
        f"{len(bad)} of {n_frames} frames of {size} x {size} px hold noise of the same mean and no specimen; 100 "
        "photons, jitter of 2 px. Given up: flagged, or no shift returned. Off: distance of the shift applied to "
        "lost frames from where the specimen would have been; ours is interpolated between the neighbours."
    )
    columns = ("package", "lost frames given up", "good frames given up", "off, median (px)", "at most (px)")
    return Section("Frames without a specimen", columns, rows, note, claims)


def _far(found: np.ndarray, truth: np.ndarray, bad: np.ndarray) -> tuple[str, str]:
    far = np.linalg.norm(found[bad] - truth[bad], axis=1)
    far = far[np.isfinite(far)]
    return (f"{np.median(far):.1f}", f"{far.max():.1f}") if len(far) else ("", "")
