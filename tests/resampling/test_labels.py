"""Label images move with the pixels that they name."""

import numpy as np
import pytest

from holdstill.devices.plain import PlainDevice
from holdstill.errors import InputError
from holdstill.resampling.labels import map_labels
from holdstill.transforms.trajectory import Trajectory

MOVES = Trajectory.of("translation", np.array([[0.0, 0], [2, -1], [0.4, 0]]), (7, 9))


@pytest.mark.parametrize("label", [True, 2**40 + 1])
def test_labels_lie_where_their_pixels_lie(label: int) -> None:
    labels = np.zeros((7, 9), bool if label is True else np.int64)
    labels[3, 4] = label
    found = map_labels(MOVES, labels, [2, 1, 0], PlainDevice())
    assert found.dtype == labels.dtype
    for image, place in zip(found, ((3, 4), (5, 3), (3, 4)), strict=True):
        assert np.argwhere(image).tolist() == [list(place)]
        assert image[place] == label


def test_a_label_image_for_each_frame() -> None:
    labels = np.zeros((2, 7, 9), int)
    labels[0, 3, 4], labels[1, 2, 2] = 5, 700
    found = map_labels(MOVES, labels, [1, 0], PlainDevice())
    assert [(image[image > 0].tolist(), np.argwhere(image).tolist()) for image in found] == [
        ([5], [[5, 3]]),
        ([700], [[2, 2]]),
    ]


def test_labels_that_do_not_fit() -> None:
    with pytest.raises(InputError, match=r"^there are 2 label images for 3 frames; give one for each, or one$"):
        map_labels(MOVES, np.zeros((2, 7, 9), int), [0, 1, 2], PlainDevice())
    with pytest.raises(InputError, match="whole numbers"):
        map_labels(MOVES, np.zeros((7, 9)), [0], PlainDevice())
    with pytest.raises(InputError, match="must agree"):
        map_labels(MOVES, np.zeros((3, 3), int), [0], PlainDevice())
