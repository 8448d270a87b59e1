"""Transforms that map two points to one are told, with the place."""

import warnings

import numpy as np
import pytest

import holdstill as hs
from holdstill.contracts import Covariance, Estimates, Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.estimators import Piecewise
from holdstill.methods.likelihood.judged_field import judge_fields
from holdstill.result.folding import warn_of_fine_grid, warn_of_folds
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

SHAPE = (65, 65)


def make(crossing_px: float, n: int = 3) -> hs.Registration:
    """The middle frame has two control points, 16 px apart along y, that move towards each other by so many px each."""
    motion = find_motion("piecewise:16", SHAPE)
    nodes = np.zeros((n, 2, 5, 5))
    nodes[1, 0, 2, 3], nodes[1, 0, 3, 3] = crossing_px, -crossing_px
    parameters = motion.read_nodes(nodes)  # type: ignore[attr-defined]
    return hs.Registration.of_trajectory(Trajectory(motion, parameters, SHAPE))


def test_a_fold_is_told_with_its_place() -> None:
    reg = make(10.0)
    [fold] = reg.folds
    assert fold.frame == 1
    assert fold.point in ((32.0, 48.0), (48.0, 48.0))
    assert fold.area == pytest.approx(1 - 20 / 16)
    with pytest.warns(
        UserWarning, match=r"movie: .*two points to one in frame 1 at y (32|48), x 48 \(area left -0.25\); x"
    ):
        warn_of_folds(reg, "movie", "x")
    # the way back leads to one of the points that lie there
    there = np.array([[40.0, 48.0], [36.0, 47.0]])
    np.testing.assert_allclose(reg[1].map(reg[1].inverse.map(there)), there, atol=1e-5)


def test_what_does_not_fold_is_not_told() -> None:
    reg = make(3.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_folds(reg, "movie", "x")
        assert reg.inverse.folds == ()
    assert reg.folds == ()


def test_frames_that_fold_are_flagged() -> None:
    image = np.random.default_rng(0).poisson(50, SHAPE).astype(np.float32)
    estimator = Piecewise(grid=16)
    state = estimator.prepare(Reference(image=image), CpuDevice())
    parameters = make(10.0).parameters
    found = Estimates(
        parameters=parameters, covariance=Covariance.unknown(*parameters.shape), scores=np.ones(3),
        verdicts=(Verdict.OK,) * 3,
    )  # fmt: skip
    verdicts = judge_fields(
        found, np.arange(3), parameters, np.zeros(3), state.motion, state.rigid.limits.max_shift, state.rigid.shape
    )
    assert verdicts == (Verdict.OK, Verdict.FOLDED, Verdict.OK)
    assert Verdict.FOLDED.reason


def test_a_grid_finer_than_the_light_allows_is_told() -> None:
    plain = make(0.0)
    n, p = plain.parameters.shape
    bands = Covariance.of_bands(np.full((n, 2, p), 0.01))
    for bound, told in ((0.1, False), (1.2, True)):
        reg = hs.Registration.of_trajectory(
            plain.trajectory, covariance=bands, bound=Covariance.of_errors(np.full((n, p), bound))
        )
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            warn_of_fine_grid(reg, "movie", 16)
        assert [str(one.message) for one in seen] == (
            ["movie: 100 % of the control points follow their neighbours, as their own light does not place them "
             "within 0.5 px; grid=39 would have few such points, and be faster"] if told else []
        )  # fmt: skip
