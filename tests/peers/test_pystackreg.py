"""pystackreg: its stack against the outputs that come with it, and moving textures beside the package itself."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

import holdstill as hs
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture
from holdstill.evaluation.warped import make_warped_movie
from holdstill.transforms.motions import find_motion
from tests.peers.comparing import assert_no_worse, corner_error, mean_correlation, rms, to_yx

MOTIONS = {
    "translation": ("TRANSLATION", "translation"),
    "rigid": ("RIGID_BODY", "rigid-body"),
    "similarity": ("SCALED_ROTATION", "scaled-rotation"),
    "affine": ("AFFINE", "affine"),
    "bilinear": ("BILINEAR", "bilinear"),
}
BORDER_PX = 25


@pytest.mark.parametrize("motion", MOTIONS)
def test_its_stack(motion: str, shared_data: Path) -> None:
    """Five cells that drift: consecutive frames agree as well as in the output that StackReg's users compare with."""
    folder = shared_data / "pystackreg"
    movie = tifffile.imread(folder / "pc12-unreg.tif")
    theirs = tifffile.imread(folder / f"pc12-reg-{MOTIONS[motion][1]}.tif")
    reg = hs.register(movie, motion=motion, reference="previous" if motion != "bilinear" else "first")
    assert reg.ok.all()
    ours = mean_correlation(reg.apply(movie), BORDER_PX)
    assert ours > mean_correlation(movie, BORDER_PX)
    assert ours >= mean_correlation(theirs, BORDER_PX) - 0.005


@pytest.mark.parametrize("motion", [name for name in MOTIONS if name != "bilinear"])
def test_beside_it(motion: str) -> None:
    pystackreg = pytest.importorskip("pystackreg")
    family = find_motion(motion)
    spread = np.array([3.0 if "shift" in name else 0.01 for name in family.names(2)])
    steps = np.random.default_rng(3).normal(size=(4, len(spread))) * spread
    movie = make_warped_movie(texture((128, 144)), motion, family.identity(2) + steps, photons=300.0, seed=5)
    reg = hs.register(movie.frames, motion=motion, reference=movie.reference)
    assert reg.ok.all()
    engine = pystackreg.StackReg(getattr(pystackreg.StackReg, MOTIONS[motion][0]))
    theirs = [to_yx(engine.register(movie.reference.copy(), frame.astype(float))) for frame in movie.frames]
    assert_no_worse(corner_error([one.matrix for one in reg], movie.truth), corner_error(theirs, movie.truth))


def test_a_moving_average_of_a_slow_movie() -> None:
    """Its ``moving_average=5`` is for dim movies; ours weighs neighbours after, so that no two frames share noise."""
    pystackreg = pytest.importorskip("pystackreg")
    shifts = np.linspace(0, 1, 24)[:, None] * np.array([2.0, -3.0])
    movie = make_movie(texture((96, 104)), shifts, photons=100.0, seed=2)
    engine = pystackreg.StackReg(pystackreg.StackReg.TRANSLATION)
    theirs = engine.register_stack(movie.frames.astype(float), reference="first", moving_average=5)
    reg = hs.register(movie.frames, smooth="kalman")
    assert reg.ok.all()
    own, other = reg.shifts, np.array([(one[1, 2], one[0, 2]) for one in theirs])
    ours, peer = (rms(found - shifts - (found - shifts).mean(axis=0)) for found in (own, other))
    assert_no_worse(ours, peer)
