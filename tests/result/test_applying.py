"""What `apply` takes, and what it gives back."""

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
