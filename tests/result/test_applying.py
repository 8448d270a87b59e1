"""What `apply` takes, and what it gives back."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import holdstill as hs
from holdstill.errors import InputError
from holdstill.transforms.trajectory import Trajectory

MOVIE = (np.random.default_rng(0).random((4, 24, 26)) * 200).astype(np.uint8)


def shifted(n: int, axes: str = "TYX") -> hs.Registration:
    """A result of n frames that move by whole px."""
    shifts = np.arange(n, dtype=float)[:, None] * [1, -2]
    trajectory = Trajectory.of("translation", shifts, (24, 26))
    return hs.Registration.of_trajectory(trajectory, provenance={"axes": axes})


def test_into_an_array_or_a_memory_map(tmp_path: object) -> None:
    found, out = shifted(4), np.zeros_like(MOVIE)
    assert found.apply(MOVIE, out=out) is out
    assert np.array_equal(out, found.apply(MOVIE))
    mapped = np.lib.format.open_memmap(f"{tmp_path}/out.npy", "w+", MOVIE.dtype, MOVIE.shape)
    assert found.apply(MOVIE, out=mapped) is mapped
    assert np.array_equal(mapped, out)
    with pytest.raises(InputError, match="out: is float64 of shape"):
        found.apply(MOVIE, out=np.zeros(MOVIE.shape))


def test_one_transform_for_a_whole_movie_on_request() -> None:
    found = shifted(1)
    with pytest.raises(InputError, match="repeat=True applies one transform to all frames"):
        found.apply(MOVIE)
    assert np.array_equal(found.apply(MOVIE, repeat=True), MOVIE)
    with pytest.raises(InputError, match=r"4 frames .* this result 3"):
        shifted(3).apply(MOVIE, repeat=True)
    with pytest.raises(InputError, match="has 1 frame of"):
        shifted(3).apply(MOVIE[:1])


def test_axes_are_those_that_were_registered() -> None:
    two = np.stack([MOVIE, MOVIE + 1], axis=1)
    found = shifted(4, axes="TCYX")
    assert np.array_equal(found.apply(two)[:, 0], found.apply(MOVIE))
    assert found.transform(two).shape == two.shape
    with pytest.raises(InputError, match="does not say what its axes are"):
        found.apply(np.zeros((4, 2, 25, 26)))


@pytest.mark.parametrize("dtype", [bool, np.float16])
def test_types_that_are_computed_as_others_come_back(dtype: type) -> None:
    movie = (MOVIE > 100).astype(dtype)
    still = shifted(4).apply(movie)
    assert still.dtype == movie.dtype
    assert np.array_equal(still[1, :-1, 2:], movie[1, 1:, :-2])


def test_lists_of_arrays() -> None:
    found = hs.register(list(MOVIE), reference="first")
    assert len(found) == 4
    assert np.array_equal(shifted(4).apply(list(MOVIE)), shifted(4).apply(MOVIE))
    with pytest.raises(InputError, match="images of one shape, not"):
        hs.register([MOVIE[0], MOVIE[1, :-1]])


def with_flags(n: int = 4) -> hs.Registration:
    """Two of its frames are flagged, and were found elsewhere."""
    reg, flagged = shifted(n), (hs.Verdict.OK, hs.Verdict.MISMATCH, hs.Verdict.OK, hs.Verdict.BLANK)
    estimates = reg.estimates.copy()
    estimates[1], estimates[3] = [7, 7], np.nan
    return replace(reg, verdicts=flagged, estimates=estimates)


def test_flagged_frames_are_treated_anew() -> None:
    reg = with_flags()
    assert reg.repair("identity").parameters.tolist() == [[0, 0], [0, 0], [2, -4], [0, 0]]
    assert reg.repair("estimates").parameters.tolist() == [[0, 0], [7, 7], [2, -4], [2, -4]]
    again = reg.repair("identity").repair("interpolate")
    assert again.parameters.tolist() == [[0, 0], [1, -2], [2, -4], [2, -4]]
    assert again.treatments == ("estimated", "interpolated") * 2
    assert again.provenance["repair"] == "interpolate"
    assert np.array_equal(again.estimates, reg.estimates, equal_nan=True)


def test_dropped_frames_are_left_out(tmp_path: Path) -> None:
    reg = with_flags().repair("drop")
    assert reg.kept.tolist() == [True, False, True, False]
    expected = shifted(4).apply(MOVIE)[[0, 2]]
    assert np.array_equal(reg.apply(MOVIE), expected)
    out = np.zeros_like(expected)
    assert np.array_equal(reg.apply(MOVIE, out=out), expected)
    written = reg.apply(MOVIE, out=tmp_path / "still.ome.tif")
    with hs.open(written) as source:
        assert np.array_equal(source.read(0, 2)[:, 0], expected)
    assert np.array_equal(hs.load(reg.save(tmp_path / "drift.json")).apply(MOVIE), expected)
    lines = reg.to_csv(tmp_path / "drift.csv").read_text().splitlines()
    head = lines[0].split(",")
    assert head[head.index("verdict") :][:4] == ["verdict", "reason", "treatment", "jump"]
    reason = "It shows something else than the reference, or lies where no neighbouring frame bears it out."
    assert f',mismatch,"{reason}",dropped,0,' in lines[2]
    assert reg.reasons[1] == reason
    assert reg.reasons[0] == ""


def test_dropped_frames_are_left_out_of_lazy_images() -> None:
    arrays, labelled = pytest.importorskip("dask.array"), pytest.importorskip("xarray")
    reg, expected = with_flags().repair("drop"), shifted(4).apply(MOVIE)[[0, 2]]
    lazy = reg.apply(arrays.from_array(MOVIE, chunks=(2, 24, 26)))
    assert np.array_equal(lazy.compute(), expected)
    times = {"T": [0.0, 1, 2, 3]}
    named = reg.apply(labelled.DataArray(MOVIE, dims=("T", "Y", "X"), coords=times))
    assert np.array_equal(named, expected)
    assert named["T"].values.tolist() == [0, 2]


def test_when_all_are_dropped_nothing_is_left() -> None:
    reg = replace(shifted(4), verdicts=(hs.Verdict.BLANK,) * 4).repair("drop")
    with pytest.raises(InputError, match="all its frames are flagged, and repair='drop' leaves out all of them"):
        reg.apply(MOVIE)


def test_axes_in_another_order_are_asked_for_again() -> None:
    """Frames last, as MATLAB keeps them: named while registering, forgotten while applying."""
    frames = np.moveaxis(np.random.default_rng(0).random((3, 20, 24)), 0, -1)
    reg = hs.Registration.from_shifts(np.zeros((3, 2)), (20, 24))
    with pytest.raises(InputError, match="name them again, as in axes='YXT'"):
        reg.apply(frames)
    assert reg.apply(frames, axes="YXT").shape == frames.shape


def test_axes_that_were_named_are_remembered() -> None:
    """They were asked for again, and of as many frames as rows and columns the axes of another array were taken."""
    frames = np.moveaxis(np.stack([np.roll(MOVIE[0], (t, -t), (0, 1)) for t in range(3)]), 0, -1)
    cube = np.random.default_rng(1).random((16, 16, 16)).cumsum(0).cumsum(1)
    for images, axes in ((frames, "YXT"), (cube, "YXT"), (frames.transpose(1, 0, 2), "XYT")):
        for reg in (hs.register(images, axes=axes), hs.estimators.Direct().fit(images, axes=axes)):
            assert np.array_equal(reg.apply(images), reg.apply(images, axes=axes))
    assert hs.register(frames, axes="YXT").apply(np.moveaxis(frames, -1, 0)).shape == (3, *MOVIE.shape[1:])


def test_arrays_to_write_to_that_do_not_fit() -> None:
    reg, movie = hs.Registration.from_shifts(np.zeros((3, 2)), (20, 24)), np.zeros((3, 20, 24), np.uint16)
    fixed = np.zeros(movie.shape, movie.dtype)
    fixed.flags.writeable = False
    for out, told in (
        (movie.tolist(), "out: is list; give an array of uint16"),
        (fixed, "cannot be written; give a copy"),
        (np.zeros((3, 20, 23), np.uint16), r"shape \(3, 20, 23\), but the result is uint16 of shape \(3, 20, 24\)"),
        (np.zeros(movie.shape, np.float32), "is float32 of shape .* but the result is uint16"),
        (np.zeros(movie.shape, bool), "is bool of shape .* but the result is uint16"),
    ):
        with pytest.raises(InputError, match=told):
            reg.apply(movie, out=out)


@pytest.mark.parametrize("dtype", [bool, np.float16])
def test_arrays_of_types_that_are_computed_as_others_are_written_to(dtype: type) -> None:
    """A mask could not be corrected into one: bool is computed as uint8."""
    movie = (np.random.default_rng(0).random((3, 20, 24)) * 2).astype(dtype)
    reg = hs.Registration.from_shifts([[0, 0], [1, 2], [0.3, -0.4]], (20, 24))
    out = np.ones(movie.shape, dtype)
    assert reg.apply(movie, out=out) is out
    np.testing.assert_array_equal(out, reg.apply(movie))
    with pytest.raises(InputError, match=f"the result is {np.dtype(dtype)}"):
        reg.apply(movie, out=np.zeros(movie.shape, np.int32))
