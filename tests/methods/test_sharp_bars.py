"""Error bars of sharp pictures are as wide as their errors, and not wider."""

import numpy as np
import pytest

import holdstill as hs
from holdstill.contracts import NoiseModel, Reference
from holdstill.devices.cpu import CpuDevice
from holdstill.evaluation.pictures import make_pictures
from holdstill.methods.direct import Direct


def test_bars_of_sharp_pictures_are_true() -> None:
    """Errors over bars had a standard deviation of 0.2 at this noise."""
    z = []
    for seed in (5, 6, 7):
        shifts = np.random.default_rng(seed).uniform(-4, 4, (7, 2))
        frames = make_pictures("sharp", shifts, (160, 160), 1.0, seed)
        reg = hs.register(frames[1:], reference=frames[0])
        assert reg.ok.all()
        z.append((reg.estimates - shifts) / reg.errors)
    assert 0.5 < float(np.sqrt(np.mean(np.square(z)))) < 1.5


@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_a_template_of_sharp_pictures_is_as_sharp(noise: float) -> None:
    """0.004 px off, twice what was stated, when the four taps of a cubic made the mean."""
    shifts = np.random.default_rng(1).uniform(-4, 4, (9, 2))
    reg = hs.register(make_pictures("sharp", shifts, (144, 144), noise, 1))
    assert reg.ok.all()
    error = reg.estimates[1:] - shifts
    assert np.sqrt(np.mean((error - error.mean(axis=0)) ** 2)) < 0.002


def test_what_interpolation_leaves_of_pictures_without_noise_is_no_pattern() -> None:
    """It explained frames as well, put them 0.018 px elsewhere, and all were refused."""
    shifts = np.random.default_rng(2).uniform(-4, 4, (12, 2))
    frames = make_pictures("sharp", shifts, (160, 160), 0.0, 2)
    reg = hs.register(frames[1:], reference=frames[0])
    assert reg.ok.all()
    assert np.sqrt(np.mean((reg.estimates - shifts) ** 2)) <= 0.002


def test_what_is_sharp_beside_what_is_blurred_has_true_bars() -> None:
    """Of such a picture three times its noise is guessed; with the reference that suits that they were 0.012 px off."""
    off, z = [], []
    for seed in (1, 2):
        shifts = np.random.default_rng(seed).uniform(-4, 4, (12, 2))
        frames = make_pictures("mixed", shifts, (160, 160), 3.0, seed)
        found = hs.register(frames[1:], reference=frames[0])
        assert found.ok.all()
        off.append(found.estimates - shifts)
        z.append(off[-1] / found.errors)
    assert np.sqrt(np.mean(np.square(off))) < 0.006
    assert np.sqrt(np.mean(np.square(z))) < 1.4


def test_a_reference_that_is_mostly_noise_is_not_taken_as_it_is() -> None:
    """Dim beads were half a px off, where interpolation leaves least of a reference's noise, at bars of 0.1 px."""
    rng = np.random.default_rng(2)
    y, x = np.mgrid[:96, :96]
    beads = sum(np.exp(-((y - a) ** 2 + (x - b) ** 2) / 4.5) for a, b in rng.uniform(6, 90, (30, 2)))
    frames = (1.5 * beads + rng.normal(size=(13, 96, 96))).astype(np.float32)
    reference = Reference(image=frames[0], noise=NoiseModel(read_variance=1.0), n_averaged=1.0)
    direct = Direct()
    found = direct.estimate(direct.prepare(reference, CpuDevice()), frames[1:], CpuDevice())
    known = np.isfinite(found.parameters) & np.isfinite(found.errors)
    assert np.sqrt(np.mean(np.square(found.parameters[known]))) < 0.4
    assert np.sqrt(np.mean(np.square((found.parameters / found.errors)[known]))) < 1.5
