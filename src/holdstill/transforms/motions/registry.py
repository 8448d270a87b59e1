"""Which families of motion there are. The package's `__init__` enters them."""

from __future__ import annotations

from collections.abc import Callable

from holdstill.contracts import Motion
from holdstill.errors import InputError, UnknownName

__all__ = ["MADE_FOR_SHAPE", "MOTIONS", "check_axes", "find_motion"]

# families of any frames
MOTIONS: dict[str, Motion] = {}
# families made for frames of one shape and, after a colon in their name, with a detail such as a spacing; without a
# shape what they make still knows its name and its axes
MADE_FOR_SHAPE: dict[str, Callable[[tuple[int, ...], str], Motion]] = {}

# what StackReg, OpenCV and scikit-image call them
ELSEWHERE = {"rigid_body": "rigid", "euclidean": "rigid", "scaled_rotation": "similarity", "homography": "projective"}


def find_motion(name: str, shape: tuple[int, ...] = ()) -> Motion:
    """The family of that name, where it depends on it for frames of that shape.

    A name says all that tells one family from another, after a colon what a maker in `MADE_FOR_SHAPE` takes as its
    detail: so results that are saved by the name of their motion open again. Raises UnknownName, naming those that
    exist.
    """
    if not isinstance(name, str):
        raise UnknownName(f"a motion is a name, not {name!r}; choose one of {', '.join([*MOTIONS, *MADE_FOR_SHAPE])}")
    family, _, detail = name.partition(":")
    if family in MADE_FOR_SHAPE:
        return MADE_FOR_SHAPE[family](tuple(shape), detail)
    if name not in MOTIONS:
        meant = name.lower()
        if (here := ELSEWHERE.get(meant, meant)) in MOTIONS or here in MADE_FOR_SHAPE:
            raise UnknownName(f"there is no motion {name!r}; here it is called {here!r}")
        raise UnknownName(f"there is no motion {name!r}; choose one of {', '.join([*MOTIONS, *MADE_FOR_SHAPE])}")
    return MOTIONS[name]


def check_axes(motion: Motion, ndim: int) -> None:
    """Raise InputError if there is no such motion in `ndim` dimensions."""
    if ndim in motion.ndims:
        return
    known = ", ".join(name for name, other in MOTIONS.items() if ndim in other.ndims)
    if 3 in motion.ndims:
        raise InputError(f"motion {motion.name!r} is for volumes (z, y, x) only; here choose one of {known}")
    raise InputError(f"motion {motion.name!r} is for planes (y, x) only; for volumes choose one of {known}")
