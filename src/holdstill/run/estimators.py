"""The public estimators, known as `holdstill.estimators`: each joins a method of `holdstill.methods` with `fit`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from holdstill.run.fit import FittingEstimator
from holdstill.run.registry import class_name_of, find, names

if TYPE_CHECKING:
    from holdstill.contracts import Estimator

__all__ = sorted(class_name_of("methods", name) for name in names("methods"))

PUBLIC_NAME = "holdstill.estimators"


def __getattr__(name: str) -> type[FittingEstimator]:
    """Join a method when it is first asked for: the others are not imported."""
    if name not in __all__:
        raise AttributeError(f"module {PUBLIC_NAME!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    method = next(each for each in names("methods") if class_name_of("methods", each) == name)
    return find_estimator(method)


def __dir__() -> list[str]:
    return __all__


def find_estimator(name: str) -> Any:
    """The public estimator of a method's name, such as ``"direct"``. Raises UnknownName where there is none."""
    return _join(find("methods", name))


@cache
def _join(method: type[Estimator]) -> type[FittingEstimator]:
    """A class that is the method and can fit; equal settings are equal, and it is pickled by its public name."""
    fields: dict[str, Any] = {"__doc__": method.__doc__, "__module__": PUBLIC_NAME}
    return type(method.__name__, (method, FittingEstimator), fields)
