"""Real movies of what is known to stand still, where their folder is there."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import holdstill as hs
from holdstill.contracts import ReadingOptions, Source, Verdict
from holdstill.evaluation import copies
from holdstill.io.image import reading
from holdstill.result.registration import Registration
from holdstill.run.options import RegisteringOptions
from holdstill.run.register import register


@pytest.mark.parametrize("reference", ["first", 1, 2, 4, "mean", "median", "template", "previous", "rolling", "pairs"])
def test_stuck_beads_stand_still_as_far_as_error_bars_say(shared_data: Path, reference: str | int) -> None:
    # the beads say 0.00 +- 0.025 px; the first frame ended 0.84 px off itself, with a bar of 0.03
    found = hs.register(shared_data / "pims" / "stuck.tif", reference=reference)
    assert (np.abs(found.shifts) < 3 * np.maximum(found.errors, 0.1 / 3))[found.ok].all()
    # all slopes of one noisy frame, most of them of noise, led up to 0.2 px away
    assert np.abs(found.shifts[found.ok]).max() < 0.1
    if reference == "first":
        assert np.abs(found.shifts[0]).max() < 0.02


@cache
def learn_and_copy(path: Path) -> tuple[Registration, np.ndarray, np.ndarray]:
    """A movie registered, and a copy of it that moves in a known way, frames and shifts, made of the same."""
    found = []

    def note(source: Source, options: RegisteringOptions) -> Registration:
        found.append(register(source, options))
        return found[0]

    with reading(path, ReadingOptions()) as source, pytest.MonkeyPatch.context() as patch:
        patch.setattr(copies, "register", note)
        patch.setattr(copies, "LEARNED_FRAMES", 64 if source.info.n_frames <= 64 else 32)
        frames, truth, _ = copies.make_copy(source, RegisteringOptions(), 24)
    return found[0], frames, truth


def test_frames_that_a_wireless_link_lost_are_told(shared_data: Path) -> None:
    """The numbers of the file that comes with the movie: rows and blocks of noise."""
    found, _, _ = learn_and_copy(shared_data / "mio" / "wireless_corrupted.avi")
    assert len(found) == 60
    corrupted = [t for t, verdict in enumerate(found.verdicts) if verdict is Verdict.CORRUPTED]
    assert corrupted == [7, 21, 23, 24, 32, 33, 34, 35]
    assert (~found.ok).sum() == len(corrupted)


@pytest.mark.parametrize("name", ["thunder/mouse_2p.tif", "pystackreg/pc12-unreg.tif", "mio/wireless_corrupted.avi"])
def test_motion_injected_into_real_movies_is_found_and_its_error_bars_hold(shared_data: Path, name: str) -> None:
    # copies of movies that are compared by their detail were black, and all were too fine: 2.4 to 3.7 error bars off
    _, frames, truth = learn_and_copy(shared_data / name)
    found = hs.register(frames)
    assert found.ok.all()
    off = found.shifts - truth
    z = (off - off.mean(axis=0)) / found.shift_errors
    assert np.abs(off - off.mean(axis=0)).max() < 0.3
    assert 0.8 < np.sqrt(np.mean(z**2)) < 1.25
