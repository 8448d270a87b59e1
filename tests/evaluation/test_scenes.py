import numpy as np
import pytest

from holdstill.errors import InputError
from holdstill.evaluation.scenes import Cells, Scene, Spots, Texture

SCENES = [
    Spots(shape=(64, 90), n_spots=12),
    Cells(shape=(64, 90), n_cells=3, radius_px=5),
    Texture(shape=(64, 90), n_waves=60),
    Spots(shape=(20, 40, 48), n_spots=10, sigma_px=(1.2, 2.0, 1.5)),
    Texture(shape=(20, 40, 48), n_waves=60),
]
each_scene = pytest.mark.parametrize("scene", SCENES, ids=lambda scene: f"{type(scene).__name__}{scene.ndim}d")


def shift_of(scene: Scene) -> np.ndarray:
    return np.array([0.7, -4.3, 2.45])[-scene.ndim :]


@each_scene
def test_gradient_is_the_derivative(scene: Scene):
    shift, step = shift_of(scene), 1e-4
    for axis, slope in enumerate(scene.gradient(shift)):
        nudge = step * np.eye(scene.ndim)[axis]
        numeric = (scene.intensity(shift - nudge) - scene.intensity(shift + nudge)) / (2 * step)
        np.testing.assert_allclose(slope, numeric, atol=2e-6)


@each_scene
def test_integer_shift_moves_whole_pixels(scene: Scene):
    moves = (2, 3, -5)[-scene.ndim :]
    start = shift_of(scene)
    rolled = np.roll(scene.intensity(start), moves, axis=tuple(range(scene.ndim)))
    inside = (slice(6, -6),) * scene.ndim
    np.testing.assert_allclose(scene.intensity(start + moves)[inside], rolled[inside], atol=1e-9)


def test_content_moves_down_with_positive_shift():
    scene = Spots(shape=(40, 40), n_spots=1, margin=0.0, background=0.0)
    (centre,), *_ = scene.blobs
    shift = np.array([19.0, 21.0]) - centre
    assert np.unravel_index(scene.intensity(shift).argmax(), scene.shape) == (19, 21)
    np.testing.assert_allclose(
        scene.intensity(shift)[19 - 8 : 28], scene.intensity(shift)[19 - 8 : 28][::-1], atol=1e-12
    )


@each_scene
def test_content_enters_the_frame(scene: Scene):
    far = 0.4 * np.array(scene.shape)
    for shift in (far, -far):
        moved = scene.intensity(shift)
        assert 0.3 < moved.mean() / scene.intensity(0 * far).mean() < 3
        assert moved.std() > 0.3 * scene.intensity(0 * far).std()


@each_scene
def test_light_is_never_negative(scene: Scene):
    assert scene.intensity(shift_of(scene)).min() >= 0


def test_settings_decide_everything():
    scene = Spots(shape=(32, 32), seed=3)
    assert scene == Spots(shape=(32, 32), seed=3)
    np.testing.assert_array_equal(scene.intensity((1, 2)), Spots(shape=(32, 32), seed=3).intensity((1, 2)))
    assert not np.array_equal(scene.intensity((1, 2)), Spots(shape=(32, 32), seed=4).intensity((1, 2)))


def test_texture_has_the_asked_contrast_and_band():
    values = Texture(shape=(256, 256), contrast=0.1, shortest_px=8.0).intensity((0, 0))
    assert values.std() == pytest.approx(0.1, rel=0.15)
    window = np.hanning(256)
    power = np.abs(np.fft.fft2((values - values.mean()) * window[:, None] * window)) ** 2
    radius = np.hypot(*np.meshgrid(np.fft.fftfreq(256), np.fft.fftfreq(256)))
    assert power[radius > 1 / 7].sum() < 1e-6 * power.sum()


def test_bad_settings_are_refused():
    with pytest.raises(InputError, match="is not a frame"):
        Spots(shape=(64,))
    with pytest.raises(InputError, match="exceed 2 px"):
        Texture(shortest_px=1.5)
    with pytest.raises(InputError, match="contrast"):
        Texture(contrast=0.5)
    with pytest.raises(InputError, match="one number for each"):
        SCENES[0].intensity((1.0, 2.0, 3.0))
