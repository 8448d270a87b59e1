"""Pictures of slides as grey images."""

import numpy as np
import pytest

from holdstill.errors import UnknownName
from holdstill.evaluation.sections import make_sections
from holdstill.methods.sections.staining import KINDS, find_kind, prepare_section
from holdstill.run.options import PREPARATIONS

PAIR = make_sections((120, 150), seed=1)
PLANES = np.moveaxis(PAIR.fixed, -1, 0)


def test_kinds_are_told_apart() -> None:
    assert ("auto", *KINDS, "none") == PREPARATIONS
    assert find_kind(PLANES, 255) == "absorption"
    assert find_kind(255 - PLANES, 255) == "fluorescence"
    assert find_kind(PLANES[:1], 255) == "electron"


def test_stain_is_measured_against_the_paper_of_each_colour() -> None:
    planes = np.full((3, 60, 60), 240.0)
    planes[:, 20:30, 20:30] = 240 * np.exp(-0.5)
    tinted = planes * np.array([1.0, 0.9, 0.8])[:, None, None]
    for image in (planes, tinted):
        grey = prepare_section(image, "absorption")
        assert grey[25, 25] == pytest.approx(np.sqrt(0.5), rel=0.02)
        assert grey[5, 5] == 0


@pytest.mark.parametrize("level", [0, 128])
def test_canvas_beside_the_slide_is_unknown(level: int) -> None:
    image = PLANES.copy()
    image[:, :, :25] = level
    grey = prepare_section(image, "absorption")
    assert np.isnan(grey[:, :25]).all()
    assert np.isfinite(grey[:, 30:]).all()


def test_canvas_decides_nothing_about_the_kind() -> None:
    image = PLANES.copy()
    image[:, :, :90] = 0
    assert find_kind(image, 255) == "absorption"


def test_background_that_was_cut_out_is_known() -> None:
    image = PLANES.copy()
    image[:, PLANES.min(axis=0) > 225] = 255
    assert np.isfinite(prepare_section(image, "absorption")).all()


def test_electrons_stay_as_they_are_and_an_unknown_kind_is_refused() -> None:
    plane = np.random.default_rng(0).random((1, 40, 40)).astype(np.float32)
    np.testing.assert_array_equal(prepare_section(plane, "electron"), plane[0])
    with pytest.raises(UnknownName, match="choose one of absorption"):
        prepare_section(plane, "x-ray")


def test_stain_does_not_depend_on_the_range_of_the_pixels() -> None:
    whole = prepare_section(PLANES, "absorption")
    for scale in (1 / 255, 257.0):
        np.testing.assert_allclose(prepare_section(PLANES * scale, "absorption"), whole, rtol=1e-4, atol=1e-4)
