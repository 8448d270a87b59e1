"""What type checkers see of the public names, which are made when they are first asked for; `make types` checks it.

No test: mypy fails on a type that is another one, and on a mistake that it no longer sees (an ignore without use).
"""

from typing import Any, assert_type

import numpy as np
from numpy.typing import NDArray

import holdstill as hs
from holdstill.estimators import Direct


def register(movie: NDArray[np.float32]) -> None:
    """Doors, methods joined with `fit`, results; then a name and an argument that are misspelt."""
    assert_type(hs.estimators.Direct(motion="rigid").max_shift, float | tuple[float, ...] | None)
    assert_type(Direct().fit(movie, reference=0), hs.Registration)
    assert_type(hs.register(movie), hs.Registration)
    assert_type(hs.Tracker(movie[0]).update(movie[1]).shift, np.ndarray[tuple[Any, ...], np.dtype[np.float64]])
    Direct(max_shifts=3)  # type: ignore[call-arg]
    hs.estimators.Dircet  # type: ignore[attr-defined]  # noqa: B018
