"""What stands still in the frame while the specimen moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.evaluation.disturbances import static_pattern
from holdstill.evaluation.presets import cells
from holdstill.evaluation.stress.base import Setting, StressScene

__all__ = [
    "bright_blobs", "caption", "column_pattern", "dead_rows", "dust_on_bright", "fringes", "hot_column", "hot_pixels",
    "odd_even_rows", "shading", "smooth_pattern", "striped_shading", "time_stamp", "warming", "zero_border",
]  # fmt: skip

# three by five dots of each digit, a row after the other, as bits
_FONT = (31599, 9362, 31183, 29647, 18925, 31694, 31695, 18728, 31727, 29679)


def dead_rows(setting: Setting) -> StressScene:
    """Three rows that read zero."""
    light, path = setting.move()
    frames = setting.record(light)
    frames[:, setting.rng(2).choice(np.arange(8, setting.size - 8), 3, replace=False)] = 0
    return setting.scene(frames, path)


def zero_border(setting: Setting) -> StressScene:
    """A border of zeros, as a cropped or already registered movie has."""
    light, path = setting.move()
    frames = setting.record(light)
    top, bottom, left, right = setting.rng(2).integers(2, setting.size // 12 + 3, 4)
    inside = np.zeros(setting.shape, bool)
    inside[top : setting.size - bottom, left : setting.size - right] = True
    return setting.scene(np.where(inside, frames, 0).astype(np.uint16), path)


def caption(setting: Setting) -> StressScene:
    """A burnt-in scale bar at the brightest grey level, with ticks."""
    light, path = setting.move()
    frames = setting.record(light)
    row, length = setting.size - 14, setting.size // 4
    frames[:, row : row + 3, 10 : 10 + length] = frames.max()
    frames[:, row - 3 : row + 3, 10 : 10 + length : length // 4] = frames.max()
    return setting.scene(frames, path)


def time_stamp(setting: Setting) -> StressScene:
    """Four digits that count the frames, burnt in at the brightest grey level."""
    light, path = setting.move()
    frames = setting.record(light)
    top = frames.max()
    for t, frame in enumerate(frames):
        frame[6:16, 6:46][_text(f"{t:04d}")] = top
    return setting.scene(frames, path)


def _text(digits: str) -> NDArray[np.bool_]:
    """Digits of 6 x 10 px with gaps of 4, (10, 10 n)."""
    glyphs = []
    for digit in digits:
        bits = np.array([int(bit) for bit in f"{_FONT[int(digit)]:015b}"], bool).reshape(5, 3)
        glyphs.append(np.pad(np.kron(bits, np.ones((2, 2), bool)), ((0, 0), (0, 4))))
    return np.hstack(glyphs)


def odd_even_rows(setting: Setting) -> StressScene:
    """Odd rows stand half a typical peak above even ones."""
    light, path = setting.move()
    light[:, 1::2] += 0.5 * setting.photons
    return setting.scene(setting.record(light), path)


def column_pattern(setting: Setting) -> StressScene:
    """Each column has an offset of its own, half a typical peak in standard deviation."""
    light, path = setting.move()
    offsets = 0.5 * setting.photons * setting.rng(2).standard_normal(setting.size)
    return setting.scene(setting.record(light + offsets - offsets.min()), path)


def smooth_pattern(setting: Setting) -> StressScene:
    """A smooth light of its own, standard deviation a typical peak, wavelengths above 15 px."""
    light, path = setting.move()
    pattern = ndimage.gaussian_filter(setting.rng(2).standard_normal(setting.shape), 5.0, mode="wrap")
    pattern *= setting.photons / pattern.std()
    return setting.scene(setting.record(light + pattern - pattern.min()), path)


def bright_blobs(setting: Setting) -> StressScene:
    """Ten spots on the camera's window, five times as bright as the specimen's."""
    light, path = setting.move()
    rng, ground = setting.rng(2), np.zeros(setting.shape)
    ground[tuple(rng.integers(4, setting.size - 4, (2, 10)))] = 1.0
    spots = ndimage.gaussian_filter(ground, 2.0)
    return setting.scene(setting.record(light + 5 * setting.photons * spots / spots.max()), path)


def dust_on_bright(setting: Setting) -> StressScene:
    """Vignetting and dust that shade a ground five times as bright as a spot, on which the specimen stands."""
    light, path = setting.move()
    shade = static_pattern(setting.shape, 0.3, setting.rng(2))
    return setting.scene(setting.record((light + 5 * setting.photons) * shade), path)


def shading(setting: Setting) -> StressScene:
    """A lamp that leaves a fifth of its light in the corners, on soft cells and a ground twice as bright."""
    scene, path = cells(setting.shape, seed=setting.seed), setting.path()
    y, x = np.indices(setting.shape) / (setting.size - 1) - 0.5
    shade = np.exp(-3.2 * (y**2 + x**2))
    frames = setting.record((setting.show(scene, path) + 2 * setting.photons) * shade)
    return setting.scene(frames, path, bound=setting.bound(scene))


def hot_pixels(setting: Setting) -> StressScene:
    """1.5 % of the pixels are hot, 3 to 30 typical peaks each."""
    light, path = setting.move()
    rng = setting.rng(2)
    hot = rng.choice(setting.size**2, round(0.015 * setting.size**2), replace=False)
    light.reshape(len(light), -1)[:, hot] += setting.photons * rng.uniform(3, 30, len(hot))
    return setting.scene(setting.record(light), path)


def hot_column(setting: Setting) -> StressScene:
    """One column stands ten peaks above the others."""
    light, path = setting.move()
    light[:, :, int(setting.rng(2).integers(10, setting.size - 10))] += 10 * setting.photons
    return setting.scene(setting.record(light), path)


def fringes(setting: Setting) -> StressScene:
    """Interference fringes, 9 to 25 px wide, that take up to 0.4 of the light of specimen and ground."""
    light, path = setting.move()
    y, x = np.indices(setting.shape)
    angle, period = setting.rng(2).uniform([0, 9], [np.pi, 25])
    straight = 2 * np.pi * (y * np.sin(angle) + x * np.cos(angle))
    bent = 0.002 * ((y - 0.3 * setting.size) ** 2 + (x - 0.5 * setting.size) ** 2)
    waves = np.sin((straight + bent) / period)
    return setting.scene(setting.record((light + 0.5 * setting.photons) * (1 + 0.4 * waves)), path)


def striped_shading(setting: Setting) -> StressScene:
    """A lamp that leaves a quarter of its light in the corners, striped by 0.15, on a ground of three peaks."""
    light, path = setting.move()
    y, x = np.indices(setting.shape) / (setting.size - 1) - 0.5
    stripes = 1 + 0.15 * np.sin(2 * np.pi * np.arange(setting.size)[:, None] / 11.3 + 1)
    shade = np.exp(-2.5 * (y**2 + x**2)) * stripes
    return setting.scene(setting.record((light + 3 * setting.photons) * shade), path)


def warming(setting: Setting) -> StressScene:
    """A pattern, half a peak in standard deviation, that grows to twice its height as the sensor warms."""
    light, path = setting.move()
    pattern = ndimage.gaussian_filter(setting.rng(2).standard_normal(setting.shape), 1.5)
    pattern *= 0.5 * setting.photons / pattern.std()
    heights = np.linspace(0.7, 1.4, setting.n_frames)[:, None, None]
    return setting.scene(setting.record(light + (pattern - pattern.min()) * heights), path)
