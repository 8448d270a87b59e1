"""What Spark's records of (key, array) are not, and what does not go with them."""

from typing import Any

import numpy as np
import pytest

import holdstill as hs
from holdstill.errors import InputError
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
