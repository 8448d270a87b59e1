"""The JSON of a result, damaged in every way."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import holdstill as hs
from holdstill.contracts import Covariance
from holdstill.errors import FileError, HoldstillError
from holdstill.result.packing import PIECE, make_plain, pack_array, unpack_array, write_text
from holdstill.result.registration import Registration
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

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


@pytest.mark.filterwarnings("ignore:.*changed after it was written")
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


GOLDEN = Path(__file__).parent / "golden"


def load_truth(name: str) -> dict[str, np.ndarray]:
    """What a golden result held when it was written, and a movie before and after it was applied."""
    with np.load(GOLDEN / f"{name}.npz", allow_pickle=False) as arrays:
        return dict(arrays)


@pytest.mark.parametrize(("name", "axes"), [("schema1-translation", "TYX"), ("schema1-planes", "TZYX")])
def test_results_of_schema_1_open_and_apply_as_before(name: str, axes: str) -> None:
    reg, before = hs.load(GOLDEN / f"{name}.json"), load_truth(name)
    np.testing.assert_array_equal(reg.parameters, before["parameters"])
    np.testing.assert_array_equal(reg.errors, before["errors"])
    corrected = reg.apply(before["movie"], axes=axes).astype(float)
    assert np.abs(corrected - before["corrected"]).max() <= 1  # a grey level, for other processors
    np.testing.assert_array_equal(reg.estimates[reg.ok], reg.parameters[reg.ok])
    assert np.isnan(reg.estimates[~reg.ok]).all()
    assert np.isnan(reg.bounds).all()
    assert [one == "estimated" for one in reg.treatments] == reg.ok.tolist()
    again = reg.inverse.inverse
    np.testing.assert_array_equal(again.parameters, reg.parameters)
    np.testing.assert_array_equal(again.errors, reg.errors)


def test_a_result_of_schema_2_opens_as_it_was_written(tmp_path: Path) -> None:
    path = GOLDEN / "schema2-rigid.json"
    reg, before = hs.load(path), load_truth("schema2-rigid")
    for name in ("parameters", "errors", "bounds", "estimates"):
        np.testing.assert_array_equal(getattr(reg, name), before[name])
    np.testing.assert_allclose(reg.covariance.matrices, before["matrices"], rtol=1e-14)
    assert reg.treatments == ("estimated", "estimated", "interpolated", "estimated")
    assert (reg.frame_interval_s, reg.pixel_size_um) == (0.5, (None, 0.25, 0.25))
    again = hs.load(reg.save(tmp_path / "again.json"))
    np.testing.assert_array_equal(again.errors, reg.errors)
    np.testing.assert_allclose(again.covariance.matrices, reg.covariance.matrices, rtol=1e-14)


def rewrite(path: Path, text: str, **changes: Any) -> Path:
    """The golden result with some fields changed, laid out as `text` says."""
    content = json.loads((GOLDEN / "schema2-rigid.json").read_text()) | changes
    path.write_text(json.dumps(content, indent=2 if text == "wide" else None))
    return path


def test_a_result_that_was_edited_opens_with_a_warning(tmp_path: Path) -> None:
    path = rewrite(tmp_path / "drift.json", "wide")
    assert len(hs.load(path)) == 4  # how it is laid out does not matter
    moved = [[0.0, 0.0, 0.0], [9.0, -0.5, 0.01], [1.75, -0.75, 0.015], [2.25, -1.0, 0.02]]
    with pytest.warns(UserWarning, match=r"drift\.json: was changed after it was written") as told:
        reg = hs.load(rewrite(path, "wide", parameters=moved))
    assert reg.shifts[1, 0] == 9
    assert "\n" not in str(told[0].message)


@pytest.mark.filterwarnings("ignore:.*changed after it was written")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("parameters", None),
        ("parameters", [[None] * 3] * 4),
        ("parameters", [[0.0, 0.0, 1e300]] * 4),
        ("parameters", [["0", "0", "0"]] * 4),
        ("parameters", [[True, False, True]] * 4),
        ("parameters", [[0.0] * 3] * 3),
        ("parameters", [[0.0] * 2] * 4),
        ("errors", [[-1.0] * 3] * 4),
        ("estimates", [[0.0] * 3] * 2),
        ("bounds", {"shape": [4, 3], "float64": "AAAA"}),
        ("bounds", {"shape": [1 << 40, 1 << 40], "float64": "AAAA"}),
        ("bounds", {"shape": [-4, 3], "float64": ""}),
        ("correlations", {"errors": {"kind": "full", "values": [[0.0]] * 4}, "bounds": None}),
        ("correlations", {"errors": {"kind": "round", "values": []}, "bounds": None}),
        ("scores", [1, 2]),
        ("treatments", ["estimated"] * 3),
        ("treatments", ["guessed"] * 4),
        ("verdicts", ["ok"] * 5),
        ("frame_shape", [24.5, 32]),
        ("frame_shape", [1 << 40, 32]),
        ("clamped", -1),
        ("clamped", None),
    ],
)
def test_numbers_that_cannot_be_are_refused_in_one_line(tmp_path: Path, field: str, value: Any) -> None:
    path = rewrite(tmp_path / "drift.json", "narrow", **{field: value})
    with pytest.raises(FileError, match=r"drift\.json") as told:
        hs.load(path)
    assert "\n" not in str(told.value)


def test_a_huge_plane_count_takes_no_memory(tmp_path: Path) -> None:
    content = json.loads((GOLDEN / "schema1-planes.json").read_text())
    (tmp_path / "drift.json").write_text(json.dumps(content | {"frame_shape": [1 << 30, 40, 48]}))
    with pytest.raises(FileError, match="6 parameters are not those of planes-z"):
        hs.load(tmp_path / "drift.json")


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="newer holdstill"):
        hs.load(rewrite(tmp_path / "drift.json", "narrow", schema=3))
    for schema in (0, True, "2", None):
        with pytest.raises(FileError, match="not a result"):
            hs.load(rewrite(tmp_path / "drift.json", "narrow", schema=schema))


def test_a_damaged_result_is_refused(tmp_path: Path) -> None:
    whole = (GOLDEN / "schema2-rigid.json").read_text()
    for text in (whole[: len(whole) // 2], whole.replace("float64", "float46"), whole.replace('64": "', '64": "~')):
        (tmp_path / "drift.json").write_text(text)
        with pytest.raises(FileError, match=r"drift\.json"):
            hs.load(tmp_path / "drift.json")


def test_shifts_are_readable_and_long_rows_are_packed(tmp_path: Path) -> None:
    shape = (60, 32, 32)
    parameters = np.random.default_rng(0).normal(size=(500, 120))
    covariance = Covariance.of_errors(np.full((500, 120), 0.01))
    reg = Registration.of_trajectory(Trajectory.of("planes-z", parameters, shape), covariance=covariance)
    path = reg.save(tmp_path / "planes.json")
    assert path.stat().st_size < 2.7e6  # 4 x 500 x 120 numbers
    np.testing.assert_array_equal(hs.load(path).parameters, parameters)
    np.testing.assert_array_equal(hs.load(path).errors, reg.errors)
    reg = Registration.of_trajectory(Trajectory.of("translation", parameters[:, :2], shape[1:]))
    assert json.loads(reg.save(path).read_text())["parameters"] == parameters[:, :2].tolist()


@pytest.mark.parametrize("values", [np.zeros(0), np.zeros((0, 3)), np.array([[np.nan, np.inf], [1 / 3, -0.0]])])
@pytest.mark.parametrize("readable", [True, False])
def test_arrays_come_back(values: np.ndarray, readable: bool) -> None:
    again = unpack_array(json.loads("".join(write_text(pack_array(values, readable=readable), allow_nan=False))))
    expected = np.where(np.isfinite(values), values, np.nan) if readable else values
    np.testing.assert_array_equal(again.reshape(values.shape), expected)


@pytest.mark.parametrize(("n_frames", "kind"), [(16_384, list), (16_385, dict)])
def test_shifts_of_so_many_frames_that_nobody_reads_them_are_packed(tmp_path: Path, n_frames: int, kind: type) -> None:
    """Digits of 48,000 frames took four times as long to open, and the viewer waited for them."""
    shifts = np.random.default_rng(0).normal(0, 3, (n_frames, 2))
    path = Registration.from_shifts(shifts, (64, 64)).save(tmp_path / "long.drift.json")
    content = json.loads(path.read_text())
    assert type(content["parameters"]) is kind
    assert type(content["scores"]) is list
    np.testing.assert_array_equal(hs.load(path).shifts, shifts)


def test_long_arrays_are_put_together_from_pieces() -> None:
    values = np.random.default_rng(0).normal(size=2 * PIECE + 7)
    content = {"a": pack_array(values), 7: (1, "text"), "b": pack_array(values[:5], readable=False)}
    plain = make_plain(content)
    assert plain["7"] == [1, "text"]
    again = json.loads("".join(write_text(plain, sort_keys=True)))
    np.testing.assert_array_equal(unpack_array(again["a"]), values)
    np.testing.assert_array_equal(unpack_array(again["b"]), values[:5])
    np.testing.assert_array_equal(unpack_array(plain["a"]), values)


def test_results_of_many_control_points_are_saved_array_by_array(tmp_path: Path) -> None:
    shape, n = (257, 257), 60
    motion = find_motion("piecewise:8", shape)
    p = motion.count_parameters(2)
    rng = np.random.default_rng(0)
    bands = np.stack([rng.uniform(0.1, 0.2, (n, p)) ** 2, np.full((n, p), 1e-3)], axis=1)
    reg = Registration.of_trajectory(
        Trajectory(motion, rng.normal(size=(n, p)), shape), covariance=Covariance.of_bands(bands),
        corner_errors=np.ones(n), scores=np.ones(n),
    )  # fmt: skip
    one = 8 * n * p
    tracemalloc.start()
    reg.save(tmp_path / "drift.json")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 7 * one
    again = hs.load(tmp_path / "drift.json")
    np.testing.assert_array_equal(again.parameters, reg.parameters)
    np.testing.assert_allclose(again.covariance.values[..., :-1], bands[..., :-1], rtol=1e-12)
