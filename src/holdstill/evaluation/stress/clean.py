"""Nothing disturbs: the bound must be kept."""

from __future__ import annotations

from holdstill.evaluation.presets import cells, texture
from holdstill.evaluation.stress.base import Setting, StressScene

__all__ = ["soft_cells", "spots", "tissue"]


def spots(setting: Setting) -> StressScene:
    """Sparse spots."""
    light, path = setting.move()
    return setting.scene(setting.record(light), path)


def soft_cells(setting: Setting) -> StressScene:
    """Soft cells with puncta."""
    scene, path = cells(setting.shape, seed=setting.seed), setting.path()
    return setting.scene(setting.record(setting.show(scene, path)), path, bound=setting.bound(scene))


def tissue(setting: Setting) -> StressScene:
    """Dense texture of 15 % contrast, ten times as bright as a spot."""
    scene, path = texture(setting.shape, seed=setting.seed), setting.path()
    frames = setting.record(10 * setting.show(scene, path))
    return setting.scene(frames, path, bound=setting.bound(scene, 10.0))
