"""A part of a slide in pixels as small as the screen's: what the files hold, in the contrast of the small picture."""

import json

import imagecodecs
import numpy as np
import pytest
import tifffile

from holdstill.errors import InputError
from holdstill.result.viewer.opening import open_show

WHERE = {"y": "64", "x": "80", "rows": "40", "columns": "50", "factor": "1"}


@pytest.fixture
def show(slide_folder):
    opened = open_show([slide_folder])
    yield opened
    opened.close()


def read_part(show, **more):
    answer = show.handlers["part"]({"cycle": "1", **WHERE, **more}, b"")
    assert answer.kind == "image/png"
    return imagecodecs.png_decode(answer.body)


def stretch(pixels, limits):
    low, high = limits
    return np.clip((pixels.astype(float) - low) * 255 / (high - low), 0, 255).astype(int)


def test_a_part_is_what_the_file_holds(show, slide_folder) -> None:
    limits = json.loads((slide_folder / "summary.json").read_text())["light_limits"]
    image = tifffile.imread(slide_folder.parent / "cycles.ome.tif")[0]
    assert np.abs(read_part(show) - stretch(image[64:104, 80:130], limits[0])).max() <= 1
    means = image[64:144, 80:180].reshape(40, 2, 50, 2).mean(axis=(1, 3))
    assert np.abs(read_part(show, factor="2") - stretch(means, limits[0])).max() <= 1


def test_a_registered_cycle_lies_on_the_first(show, slide_folder) -> None:
    """It moved by up to 3 px: what is shown of it agrees with the first cycle, its own pixels do not as well."""
    images = tifffile.imread(slide_folder.parent / "cycles.ome.tif")
    shifts = json.loads((slide_folder / "summary.json").read_text())["registration"]["shifts_px"]
    cycle = int(np.abs(shifts).sum(axis=1).argmax())
    first, shown = read_part(show), read_part(show, cycle=str(cycle + 1))
    raw = images[cycle, 64:104, 80:130]
    agreement, as_it_is = (np.corrcoef(first.ravel(), each.ravel())[0, 1] for each in (shown, raw))
    assert agreement > as_it_is + 0.03


def test_what_is_not_there_is_told(show) -> None:
    for wrong in ({"cycle": "9"}, {"rows": "9999", "y": "9999"}, {"factor": "0"}):
        with pytest.raises(InputError):
            show.handlers["part"]({"cycle": "1", **WHERE, **wrong}, b"")
