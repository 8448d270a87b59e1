"""Real movies of what is known to stand still, where their folder is there."""

from pathlib import Path

import numpy as np
import pytest

from holdstill.api import register
from holdstill.contracts import Verdict


@pytest.mark.parametrize("reference", ["first", "mean", "median", "template", "previous", "rolling", "pairs"])
def test_stuck_beads_stand_still_as_far_as_error_bars_say(shared_data: Path, reference: str) -> None:
    # the beads say 0.00 +- 0.025 px; the first frame ended 0.84 px off itself, with a bar of 0.03
    found = register(shared_data / "pims" / "stuck.tif", reference=reference)
    errors = np.maximum(found.errors, 0.1 / 3)
    assert (np.abs(found.shifts) < 3 * errors)[found.ok].all()
    if reference == "first":
        assert np.abs(found.shifts[0]).max() < 0.02


def test_frames_that_a_wireless_link_lost_are_told(shared_data: Path) -> None:
    """The numbers of the file that comes with the movie: rows and blocks of noise."""
    found = register(shared_data / "mio" / "wireless_corrupted.avi")
    corrupted = [t for t, verdict in enumerate(found.verdicts) if verdict is Verdict.CORRUPTED]
    assert corrupted == [7, 21, 23, 24, 32, 33, 34, 35]
    assert (~found.ok).sum() == len(corrupted)
