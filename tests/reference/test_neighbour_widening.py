"""Error bars of frames that are compared with each other follow what neighbouring pixels share."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from holdstill.contracts import Chunk, Covariance, Estimates, NoiseModel, Reference, Verdict
from holdstill.devices.plain import PlainDevice
from holdstill.evaluation.presets import sparse
from holdstill.reference.neighbour_widening import LEAST_PAIRS, NeighbourWidening, widen_pairs
from holdstill.reference.pose_graph import Pairs

LIGHT = 30.0


@dataclass(frozen=True, eq=False)
class Movie:
    """Frames that stand still."""

    frames: np.ndarray
    device = PlainDevice()

    def read(self, start: int, stop: int) -> Any:
        """Some frames."""
        return self.frames[start:stop]

    def reference(self, image: Any) -> Reference:
        """A frame as the reference of others."""
        return Reference(image=np.asarray(image, np.float32), noise=NoiseModel(read_variance=1.0), n_averaged=1.0)


def make_pairs(earlier: list[int], later: list[int]) -> Pairs:
    n = len(later)
    estimates = Estimates(
        parameters=np.zeros((n, 2)), covariance=Covariance.of_errors(np.full((n, 2), 0.1)), scores=np.ones(n),
        verdicts=(Verdict.OK,) * n,
    )  # fmt: skip
    return Pairs(np.array(earlier), np.array(later), estimates)


def measure(sigma: float, n: int = 16) -> dict[int, float]:
    light = LIGHT * sparse((96, 96), seed=1).intensity((0.0, 0.0))
    noise = np.random.default_rng(2).standard_normal((n, 96, 96))
    if sigma:
        noise = ndimage.gaussian_filter(noise, (0, sigma, sigma), mode="wrap")
        noise /= noise.std()
    pairs = make_pairs(list(range(n - 1)), list(range(1, n)))
    return NeighbourWidening(Movie((light + noise).astype(np.float32)), "translation", pairs)(Chunk(0, n))


def test_independent_pixels_leave_them_as_they_are() -> None:
    assert measure(0.0)[1] == pytest.approx(1.0, abs=0.1)


def test_smoothed_noise_widens_them() -> None:
    """Z-scores of smoothed movies were 1.7 with `previous`: noise smoothed by 1.2 px makes errors 2.5 times larger."""
    assert 1.8 < measure(1.2)[1] < 3.5


def test_too_few_pairs_tell_nothing() -> None:
    assert measure(1.2, LEAST_PAIRS) == {}


def test_a_distance_that_was_not_measured_is_as_the_next() -> None:
    pairs = widen_pairs(make_pairs([0, 0, 0], [1, 3, 9]), {1: 2.0, 8: 3.0})
    np.testing.assert_allclose(pairs.estimates.errors[:, 0], [0.2, 0.2, 0.3])
    same = make_pairs([0], [1])
    assert widen_pairs(same, {}) is same
