"""How bright a specimen is from frame to frame is measured where it varies, and followed."""

import numpy as np

from holdstill.reference.light import Light


def _show(gains: np.ndarray, noise: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Frames of a specimen that is as bright as that, and the specimen."""
    rng = np.random.default_rng(seed)
    specimen = rng.standard_normal((len(gains), 40, 40)).astype(np.float32)
    offsets = np.linspace(5, 9, len(gains))[:, None, None]
    frames = gains[:, None, None] * specimen + offsets + noise * rng.standard_normal(specimen.shape)
    return frames.astype(np.float32), specimen


def test_gains_and_offsets_are_found_where_light_varies() -> None:
    gains = np.linspace(1.5, 0.5, 12)
    frames, specimen = _show(gains, 0.3)
    light = Light.measure(frames, specimen, 0.09)
    assert light is not None
    np.testing.assert_allclose(light.gains, gains / gains.mean(), atol=0.05)
    np.testing.assert_allclose(light.offsets, np.linspace(-2, 2, 12), atol=0.05)
    np.testing.assert_allclose(light.apply(specimen) + 7, frames, atol=6 * 0.3)


def test_where_all_are_alike_nothing_is_followed() -> None:
    for seed in range(5):
        frames, specimen = _show(np.ones(12), 1.0, seed)
        assert Light.measure(frames, specimen, 1.0) is None


def test_a_specimen_that_shows_nothing_has_no_light() -> None:
    frames, specimen = _show(np.linspace(1, 2, 12), 0.1)
    assert Light.measure(frames, np.zeros_like(specimen), 0.01) is None
    assert Light.measure(frames, np.full_like(specimen, np.nan), 0.01) is None


def test_bright_frames_tell_more_of_the_specimen() -> None:
    gains = np.array([1.8, 0.2])
    light = Light(gains, np.zeros(2))
    specimen = np.arange(12.0, dtype=np.float32).reshape(3, 4)
    aligned = (gains[:, None, None] * specimen).astype(np.float32)
    aligned[1] += 1
    aligned[0, 0, 0] = np.nan
    found = light.average(aligned)
    np.testing.assert_allclose(found.ravel()[1:], specimen.ravel()[1:] + 0.2 / (1.8**2 + 0.2**2), rtol=1e-5)
    np.testing.assert_allclose(found[0, 0], 5.0, rtol=1e-5)  # known from the dim one alone
