"""Options as values: the doors of the package offer what the fields say, no more and no less."""

import inspect
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Annotated, Any, get_args

import numpy as np
import pytest

import holdstill as hs
from holdstill.cli import options as flags
from holdstill.contracts import Options, ReadingOptions, split_options
from holdstill.engines.options import ComputingOptions
from holdstill.errors import InputError
from holdstill.resampling.settings import Resampling
from holdstill.run.options import RegisteringOptions, WritingOptions

KINDS = (ReadingOptions, ComputingOptions, RegisteringOptions, Resampling, WritingOptions)
# keywords of a door that are no options: what is worked on and where it goes
OBJECTS = {"self", "images", "fixed", "moving", "source", "target", "out", "sink", "resampling", "repeat", "options"}
DOORS: list[tuple[Callable[..., Any], tuple[type[Options], ...]]] = [
    (hs.open, (ReadingOptions,)),
    (hs.register, (ReadingOptions, RegisteringOptions)),
    (hs.correct, (ReadingOptions, Resampling, WritingOptions)),
    (hs.Registration.apply, (ReadingOptions, ComputingOptions, Resampling)),
]


def keywords(door: Callable[..., Any]) -> dict[str, Any]:
    found = inspect.signature(door).parameters.values()
    return {each.name: each.default for each in found if each.name not in OBJECTS}


@pytest.mark.parametrize(("door", "kinds"), DOORS)
def test_doors_offer_the_fields_with_their_defaults(door: Callable[..., Any], kinds: tuple[type[Options], ...]) -> None:
    expected = {each.name: each.default for kind in kinds for each in fields(kind)}
    offered = keywords(door)
    offered = {
        name: default for name, default in offered.items() if door is not hs.Registration.apply or name != "overwrite"
    }
    assert offered == expected
    text = inspect.getdoc(door) or ""
    assert all(f"\n{name} : " in text or f"{name}, " in text for name in expected)


def test_fit_offers_what_is_not_a_setting_of_the_estimator() -> None:
    offered = keywords(hs.estimators.Direct.fit)
    known = {each.name: each.default for kind in (ReadingOptions, RegisteringOptions) for each in fields(kind)}
    assert offered.items() <= known.items()
    assert known.keys() - offered.keys() == {
        "motion", "method", "max_shift", "max_speed", "repair", "smooth", "refocus_at", "scan", "grid",
        "fine_grid", "line_axis", "line_time", "bin", "average", "project", "scene", "skip_bad", "trust"
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_says_what_it_means(kind: type[Options]) -> None:
    for each in fields(kind):
        assert each.metadata["help"].endswith("."), each.name
        assert all(choice in each.metadata["help"] for choice in each.metadata["choices"]), each.name
        assert f"{each.name}" in (kind.__doc__ or "") or each.name in (kind.__mro__[1].__doc__ or "")


def test_a_new_field_is_a_new_flag() -> None:
    def command(registering: RegisteringOptions, few: Annotated[Resampling, flags.only("edge", fill=3)]) -> None:
        taken.append((registering, few))

    taken: list[Any] = []
    made = flags.take_options(command)
    shown = inspect.signature(made).parameters
    assert list(shown) == [each.name for each in fields(RegisteringOptions) if each.name != "progress"] + [
        "edge",
        "fill",
    ]
    assert shown["max_shift"].default is None
    assert get_args(shown["max_shift"].annotation)[0] == str | None
    given = {name: parameter.default for name, parameter in shown.items()}
    made(**given | {"max_shift": "20,40", "reference": "-1"})
    assert taken[0] == (RegisteringOptions(max_shift=(20.0, 40.0), reference=-1), Resampling(fill=3))


def test_values_are_equal_by_content() -> None:
    mask = np.eye(4)
    assert RegisteringOptions(mask=mask) == RegisteringOptions(mask=mask.copy())
    assert RegisteringOptions(mask=mask) != RegisteringOptions(mask=mask + 1)
    assert hash(Resampling(fill=1)) == hash(Resampling(fill=1.0))
    assert Resampling() != WritingOptions()


def test_what_only_takes_time_is_not_part_of_a_job() -> None:
    job = RegisteringOptions().describe()
    slower = RegisteringOptions(workers=1, memory="1GB", engine="dask", progress=True)
    assert slower.describe() == job
    assert replace(slower, motion="rigid").describe() != job
    assert ReadingOptions(trust=True, axes="TYX").describe() == ReadingOptions().describe()
    assert ReadingOptions(skip_bad=True).describe() != ReadingOptions().describe()


def test_a_slip_of_the_pen_is_named() -> None:
    movie = np.zeros((2, 16, 16))
    with pytest.raises(TypeError, match=r"there is no option .max_sift.; known are device, .*max_shift"):
        hs.align(movie[0], movie[1], max_sift=3)
    with pytest.raises(TypeError, match="there is no option 'egde'"):
        split_options({"egde": 1}, Resampling, WritingOptions)


def test_a_result_says_what_it_was_asked_for() -> None:
    frames = np.random.default_rng(0).random((3, 48, 48)).cumsum(1).cumsum(2)
    found = hs.register(frames, reference=0, max_shift=(5, 7), engine="threads")
    options = RegisteringOptions(reference=0, max_shift=(5, 7), bin=1)  # what None came to
    assert found.provenance["options"] == options.describe()
    assert "engine" not in options.describe()  # which changes nothing


def test_a_method_that_lacks_a_motion_names_those_that_have_it() -> None:
    frames = np.random.default_rng(0).poisson(5, (3, 48, 48)).astype(np.uint16)
    with pytest.raises(InputError, match=r"Direct does not estimate motion 'dense'; take method=.*'optical_flow'"):
        hs.register(frames, motion="dense", method="direct")
