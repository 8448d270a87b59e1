"""The template of a tracker: what it takes in, and whose noise it then has."""

import numpy as np
import pytest

from holdstill.devices.plain import PlainDevice
from holdstill.live.template import LiveTemplate
from tests.reference.stubs import Reader

SHAPE = (24, 26)


def make_frames(n: int, sigma: float) -> np.ndarray:
    return (100 + sigma * np.random.default_rng(0).standard_normal((n, *SHAPE))).astype(np.float32)


@pytest.mark.parametrize("follow", [0.1, 0.5])
@pytest.mark.parametrize("n", [1, 5, 12])
def test_a_template_that_follows_has_the_noise_of_what_it_took_in(follow: float, n: int) -> None:
    """Old image and mean of n frames, each with its share; in units of one frame's variance."""
    template = LiveTemplate(Reader(), PlainDevice(), make_frames(1, 5.0)[0], follow=follow)
    frames = [(np.full(SHAPE, 150.0, np.float32), np.zeros(2))] * n
    before = template._reference
    after = template._follow_frames(before, frames)
    template.close()
    share = 1 - (1 - follow) ** n
    np.testing.assert_allclose(after.image, (1 - share) * before.image + share * 150, rtol=1e-5)
    assert after.n_averaged == pytest.approx(1 / ((1 - share) ** 2 / before.n_averaged + share**2 / n))
    assert after.noise == before.noise


def test_where_a_frame_shows_nothing_the_template_stays() -> None:
    template = LiveTemplate(Reader(), PlainDevice(), make_frames(1, 5.0)[0], follow=0.5)
    before = template._reference
    after = template._follow_frames(before, [(np.full(SHAPE, 150.0, np.float32), np.array([3.0, 0.0]))])
    template.close()
    np.testing.assert_array_equal(after.image[-3:], before.image[-3:])
    np.testing.assert_allclose(after.image[:-3], (before.image[:-3] + 150) / 2, rtol=1e-5)
