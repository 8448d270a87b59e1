"""What is done about control points that lie closer than the light allows: told, put further apart, or refused."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from holdstill.contracts import Estimator, Source
from holdstill.errors import InputError, UnknownName
from holdstill.io.chosen import ChosenSource
from holdstill.result.folding import describe_fine_grid
from holdstill.result.registration import Registration
from holdstill.run.options import FINE_GRIDS, RegisteringOptions
from holdstill.run.parts import estimator_for

__all__ = ["settle_grid"]

# so many frames from all over the movie are looked at
SAMPLE_FRAMES = 16
TELL, COARSEN, _ = FINE_GRIDS
AUTO = "auto"


def settle_grid(
    source: Source, options: RegisteringOptions, register: Callable[[Source, RegisteringOptions], Registration]
) -> RegisteringOptions:
    """The options with a grid that the light allows, where that is asked for; nothing is read otherwise.

    Parameters
    ----------
    source : Source
    options : RegisteringOptions
    register : callable
        Registers some of the frames.

    Raises
    ------
    InputError
        The motion has no control points, or they are too close and that is to be refused.
    """
    asked = options.fine_grid
    if asked not in FINE_GRIDS:
        raise UnknownName(f"there is no fine_grid={asked!r}; choose one of {', '.join(FINE_GRIDS)}")
    if asked == TELL:
        return options
    few, plain = _draw(source, options)
    grid = None if options.motion == AUTO else getattr(estimator_for(plain, source.info), "grid", None)
    if grid is None:
        raise InputError(f"fine_grid is about the control points of piecewise motion and lines, not {options.motion!r}")
    told = describe_fine_grid(register(few, plain), grid)
    settled = replace(options, fine_grid=TELL)
    if told is None:
        return settled
    about, wider = told
    if asked != COARSEN:
        raise InputError(f"{source.info.name}: {about}{'' if wider is None else f'; take grid={wider}'}")
    if wider is None:  # no grid would do; the result tells
        return settled
    warnings.warn(f"{source.info.name}: {about}; grid={wider} is taken", stacklevel=2)
    if isinstance(options.method, Estimator):
        return replace(settled, method=_put_apart(options.method, wider))
    return replace(settled, grid=wider)


def _draw(source: Source, options: RegisteringOptions) -> tuple[Source, RegisteringOptions]:
    """Some frames, and how they are registered: by themselves, with their own template where no image is given."""
    n = source.info.n_frames
    chosen = np.unique(np.linspace(0, n - 1, min(n, SAMPLE_FRAMES)).astype(int))
    reference = "template" if isinstance(options.reference, str | int | np.integer) else options.reference
    plain = replace(
        options, fine_grid=TELL, reference=reference, max_speed=None, smooth=None, refocus_at=None,
        line_time=0,
    )  # fmt: skip
    return ChosenSource(source, chosen), plain


def _put_apart(estimator: Any, grid: float | tuple[float, ...]) -> Any:
    """The estimator with control points further apart, which name its motion."""
    return replace(estimator, grid=grid, motion=estimator.motions[0])
