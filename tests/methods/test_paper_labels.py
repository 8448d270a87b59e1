"""Print on paper, told from tissue."""

import numpy as np
import pytest
from scipy import ndimage

from holdstill.evaluation.sections import make_sections
from holdstill.methods.sections.paper_labels import shows_print
from holdstill.methods.sections.staining import prepare_section

random = np.random.default_rng(0)
LETTERS = np.kron(random.random((14, 40)) < 0.5, np.ones((6, 6), bool))
LETTERS[np.arange(84) // 6 % 7 > 4] = False


def grey(colours: np.ndarray) -> np.ndarray:
    return prepare_section(np.moveaxis(colours.clip(0, 255), -1, 0), "absorption")


def make_print(ink: float, light: float = 0.0) -> np.ndarray:
    paper = np.full((300, 320, 3), 235.0) * (1 - light * np.linspace(0, 1, 320))[:, None]
    paper[40:124, 40:280][LETTERS] *= ink
    return paper + random.normal(0, 3, paper.shape)


@pytest.mark.parametrize("angle_deg", [0, 33])
@pytest.mark.parametrize(("ink", "light"), [(0.15, 0.0), (0.4, 0.1)])
def test_lines_of_letters_are_print_however_turned_and_lit(ink: float, light: float, angle_deg: float) -> None:
    turned = ndimage.rotate(make_print(ink, light), angle_deg, order=1, cval=235.0)
    assert shows_print(grey(turned))


def test_tissue_cells_fibres_and_empty_slides_are_none() -> None:
    for seed in range(3):
        assert not shows_print(grey(make_sections((240, 300), seed=seed).moving))
    rows, columns = np.indices((300, 320))
    cells = np.full((300, 320), 235.0)
    for y, x in random.uniform(10, 290, (120, 2)):
        cells[np.hypot(rows - y, columns - x) < 5] = 90
    fibres = np.where(np.abs(np.sin(rows / 4)) > 0.3, 110 + random.normal(0, 25, rows.shape), 235)
    for image in (cells, fibres, np.full((300, 320), 240.0) + random.normal(0, 2, rows.shape)):
        assert not shows_print(grey(np.stack([image] * 3, axis=-1)))
