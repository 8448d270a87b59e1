"""The JSON of a result, damaged in every way."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import holdstill as hs
from holdstill.errors import HoldstillError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2**70) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    image = np.random.default_rng(0).random((48, 48)).cumsum(0).cumsum(1) % 50
    reg = hs.register(np.stack([np.roll(image, t, axis=0) for t in range(3)]), reference="first", motion="rigid")
    path = reg.save(tmp_path_factory.mktemp("fuzz") / "drift.json")
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_fuzzed_result(tmp_path_factory: pytest.TempPathFactory, content: dict[str, Any], data: st.DataObject) -> None:
    """A result with any of its fields replaced or removed is read, or refused in our words."""
    damaged = json.loads(json.dumps(content))
    place, key = damaged, data.draw(st.sampled_from(sorted(damaged)))
    while isinstance(place[key], dict) and place[key] and data.draw(st.booleans()):
        place, key = place[key], data.draw(st.sampled_from(sorted(place[key])))
    if data.draw(st.booleans()):
        place[key] = data.draw(VALUES)
    else:
        del place[key]
    path = tmp_path_factory.getbasetemp() / "fuzz.json"
    path.write_text(json.dumps(damaged))
    try:
        reg = hs.load(path)
        reg.shifts, reg.coverage, repr(reg), reg.to_csv(path.with_suffix(".csv"))
    except HoldstillError:
        return
