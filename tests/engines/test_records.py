"""What Spark's records of (key, array) are not, and what does not go with them."""

from typing import Any

import numpy as np
import pytest

import holdstill as hs
from holdstill.errors import EngineError, InputError
from tests.engines.movies import equal, pixels, small_movie


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    return pixels(small_movie(tmp_path_factory.mktemp("movie") / "movie.ome.zarr"))[:12, 0]


@pytest.fixture(scope="module")
def records(spark_session: Any, frames: np.ndarray) -> Any:
    return spark_session.sparkContext.parallelize(list(enumerate(frames)), 2)


@pytest.fixture(scope="module")
def found(frames: np.ndarray) -> hs.Registration:
    return hs.register(frames, reference="first")


def test_an_image_as_reference(records: Any, frames: np.ndarray) -> None:
    image = frames[3].astype(np.float32)
    equal(hs.register(records, reference=image), hs.register(frames, reference=image))


def test_a_reference_that_does_not_fit(records: Any) -> None:
    with pytest.raises(InputError, match=r"the reference has shape \(9, 9\), a frame .*; they must agree"):
        hs.register(records, reference=np.zeros((9, 9)))
    for index in (500, -500):
        with pytest.raises(InputError, match=f"records has 12 frames; there is no frame {index} to be the reference"):
            hs.register(records, reference=index)


@pytest.mark.parametrize(
    "option", [{"axes": "TYX"}, {"engine": "dask"}, {"workers": 2}, {"progress": True}, {"skip_bad": True}], ids=str
)
def test_options_that_register_would_not_heed(records: Any, option: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=f"stay records.*; {next(iter(option))} does not go with them"):
        hs.register(records, **option)


@pytest.mark.parametrize(
    "option",
    [{"out": "still.ome.zarr"}, {"overwrite": True}, {"device": "gpu"}, {"workers": 2}, {"trust": True}],
    ids=str,
)
def test_options_that_apply_would_not_heed(records: Any, found: hs.Registration, option: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=f"stay records.*; {next(iter(option))} does not go with them"):
        found.apply(records, **option)


FRAME = np.arange(256, dtype=np.uint16).reshape(16, 16)


@pytest.mark.parametrize(
    ("collection", "message"),
    [
        ([(0, FRAME), (1, FRAME[:9])], r"the frame of key 1 is uint16 of shape \(9, 16\), that of 0 uint16 of shape"),
        ([(0, FRAME), (1, FRAME.astype(float))], "the frame of key 1 is float64 of shape .* make all of one shape"),
        ([(0.0, FRAME), (float("nan"), FRAME)], r"1 keys are not a number \(NaN\)"),
        ([((0, float("nan")), FRAME), ((1, 0.0), FRAME)], r"1 keys are not a number \(NaN\)"),
        ([([0], FRAME), ([1], FRAME)], r"keys cannot be put in order \(unhashable type: 'list'\); make them all"),
        ([(np.zeros(2), FRAME), (np.ones(2), FRAME)], "keys cannot be put in order"),
        ([(0, FRAME), ("1", FRAME)], "keys cannot be put in order .*; make them all numbers or tuples"),
        ([1, 2, 3], r"records: 1 is not a record; each should be \(key, array\)"),
        ([FRAME, FRAME], r"records: array\(\[\[.*\.\.\. is not a record; each should be \(key, array\)"),
        ([(0, FRAME), (1, None)], r"what key 1 stands for is not an array but NoneType; each should be \(key, array\)"),
        ([(0, FRAME), (1, [[1], [1, 2]])], "what key 1 stands for is not an array but list"),
        ([(0, 3), (1, 4)], r"an array of shape \(\) is not a frame"),
    ],
)
def test_what_is_no_movie(spark_session: Any, found: hs.Registration, collection: list[Any], message: str) -> None:
    records = spark_session.sparkContext.parallelize(collection, 1)
    for verb in (hs.register, found.apply):
        with pytest.raises(InputError, match=message) as told:
            verb(records)
        assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "movie",
    [
        np.zeros((3, 16, 16), np.float16),
        np.zeros((3, 16, 16), bool),
        np.zeros((3, 16, 16), np.complex64),
        FRAME[None],
        np.stack([FRAME[:2]] * 3),
        np.full((3, 16, 16), 7, np.uint8),
        np.full((3, 16, 16), np.nan, np.float32),
    ],
    ids=["float16", "bool", "complex", "alone", "small", "equal", "unknown"],
)
def test_what_cannot_be_registered_is_told_as_of_arrays(spark_session: Any, movie: np.ndarray) -> None:
    with pytest.raises(InputError) as expected:
        hs.register(movie, axes="TYX")
    with pytest.raises(InputError) as told:
        hs.register(spark_session.sparkContext.parallelize(list(enumerate(movie)), 1))
    assert str(told.value) == str(expected.value).replace("array:", "records:")


def test_records_of_another_movie(spark_session: Any, found: hs.Registration) -> None:
    other = spark_session.sparkContext.parallelize([(t, FRAME) for t in range(12)], 1)
    with pytest.raises(InputError, match="records has 12 frames of 16 x 16 px, this result 12 of 72 x 80"):
        found.transform(other)


def test_the_other_byte_order(spark_session: Any, frames: np.ndarray, found: hs.Registration) -> None:
    swapped = frames.astype(frames.dtype.newbyteorder(">"))
    records = spark_session.sparkContext.parallelize(list(enumerate(swapped)), 2)
    equal(hs.register(records, reference="first"), found)
    still = dict(found.apply(records).collect())
    np.testing.assert_array_equal(np.stack([still[t] for t in range(12)]), found.apply(frames))


def test_a_collection_that_cannot_be_computed(spark_session: Any, frames: np.ndarray) -> None:
    def spoil(t: int) -> tuple[int, np.ndarray]:
        raise OSError("frame 3 is\nnot there")

    context = spark_session.sparkContext
    for records, reason in (
        (context.parallelize([0, 1], 1).map(spoil), "a worker stopped with OSError: frame 3 is; mend what"),
        (context.textFile("/nowhere/at/all").map(lambda line: (line, line)), "Input path does not exist.*; mend what"),
    ):
        with pytest.raises(EngineError, match=reason) as told:
            hs.register(records)
        assert "\n" not in str(told.value)
