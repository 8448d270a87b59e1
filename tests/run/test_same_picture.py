"""Pairs in colours that nobody called sections: one picture that moved is no pair of stains, however bright it is."""

import numpy as np
import pytest
from scipy import ndimage

import holdstill as hs
from holdstill.evaluation.pictures import MARGIN_PX, dead_leaves, move_picture
from holdstill.evaluation.sections import make_sections

SIZE = (96, 112)
WIDE = (SIZE[0] + 2 * MARGIN_PX, SIZE[1] + 2 * MARGIN_PX)


def make_pair(blur: float, shift: tuple[float, float]) -> list[np.ndarray]:
    """A bright picture in colours, and the same moved, with noise of three grey levels."""
    planes = [225 - 0.7 * ndimage.gaussian_filter(dead_leaves(WIDE, seed), blur) for seed in (0, 0, 1)]
    random = np.random.default_rng(1)
    pair = []
    for where in ((0.0, 0.0), shift):
        frame = np.stack([move_picture(plane, np.array(where), SIZE) for plane in planes], axis=-1)
        pair.append(np.clip(np.rint(frame + 3 * random.normal(size=frame.shape)), 0, 255).astype(np.uint8))
    return pair


@pytest.mark.parametrize(("blur", "most"), [(0.0, 0.01), (6.0, 0.05)])
@pytest.mark.parametrize("motion", ["translation", "affine"])
def test_a_bright_picture_is_compared_as_it_is(blur: float, most: float, motion: str) -> None:
    """Prepared as stains it was 0.02 px off, and a smooth one 1.7 px, without an error bar."""
    fixed, moving = make_pair(blur, (2.3, -1.6))
    found = hs.align(fixed, moving, motion=motion)
    assert found.ok.all()
    assert np.abs(found.shifts[0] - (2.3, -1.6)).max() < most
    assert np.isfinite(found.errors).all()


def test_what_is_called_a_stain_is_prepared_as_one() -> None:
    fixed, moving = make_pair(0.0, (2.3, -1.6))
    assert hs.align(fixed, moving, motion="translation", prepare="absorption").provenance["prepared"]


def test_neighbouring_sections_are_aligned_as_sections() -> None:
    pair = make_sections((120, 140), shift_px=(3, -4), seed=1)
    found = hs.align(pair.fixed, pair.moving)
    assert found.provenance["prepared"] == ["absorption", "absorption"]
