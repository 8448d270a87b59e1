"""Options of a tracker: a value whose fields are what the tracker offers."""

import inspect
from dataclasses import fields

import numpy as np
import pytest

import holdstill as hs
from holdstill.errors import InputError
from holdstill.live.options import TrackingOptions
from holdstill.run.options import RegisteringOptions


def test_a_tracker_offers_what_the_fields_say() -> None:
    offered = {each.name: each.default for each in inspect.signature(hs.Tracker).parameters.values()}
    assert {name: offered[name] for name in offered.keys() - {"reference", "record"}} == {
        each.name: each.default for each in fields(TrackingOptions)
    }


def test_fields_mean_what_they_mean_elsewhere() -> None:
    here, there = ({each.name: each for each in fields(kind)} for kind in (TrackingOptions, RegisteringOptions))
    assert here["mask"].metadata == there["mask"].metadata
    assert here["device"].metadata == {**there["device"].metadata, "decides": False}
    assert here["max_shift"].default == there["max_shift"].default


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"follow": 1}, "follow is a share"),
        ({"follow": "0.1"}, "follow is a share"),
        ({"pixel_size_um": 0}, "pixel_size_um is a length"),
        ({"pixel_size_um": "0.1"}, "pixel_size_um is a length"),
        ({"on_shift": print}, "say how large a pixel is"),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        TrackingOptions(**options)


def test_pixel_sizes_are_plain_numbers() -> None:
    assert TrackingOptions(pixel_size_um=np.float32(0.5)).pixel_size_um == 0.5
    assert TrackingOptions(pixel_size_um=np.array([1, 2.0])).pixel_size_um == (1.0, 2.0)
