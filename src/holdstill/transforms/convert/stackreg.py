"""The matrices of StackReg's bilinear model, as pystackreg gives them."""

from __future__ import annotations

import numpy as np

from holdstill.contracts import FloatArray
from holdstill.errors import InputError
from holdstill.transforms.motions.bilinear import BilinearMotion
from holdstill.transforms.motions.warp import centre_of
from holdstill.transforms.trajectory import Trajectory

__all__ = ["from_stackreg_bilinear"]


def from_stackreg_bilinear(matrices: FloatArray, shape: tuple[int, ...]) -> Trajectory:
    """Transforms of frames of a shape (y, x) from matrices (T, 4, 4) on columns ``(x, y, x y, 1)``, px from the corner.

    Raises
    ------
    InputError
        The last two rows are not those of the identity.
    """
    if not np.allclose(matrices[:, 2:], np.eye(4)[2:]):
        raise InputError(
            "matrices (T, 4, 4) of planes are those of StackReg's BILINEAR, whose last two rows are (0, 0, 1, 0) and "
            "(0, 0, 0, 1); for volumes give the shape of one, (z, y, x), as frame_shape"
        )
    rows = matrices[:, [1, 0]][:, :, [3, 1, 0, 2]]  # of y and x: constant, y, x, y x
    c0, c1 = centre_of(shape)
    centre, mixed = np.array([c0, c1]), rows[:, :, 3:]
    about = rows.copy()  # the same in px from the centre
    about[:, :, 0] += rows[:, :, 1:3] @ centre + mixed[:, :, 0] * (c0 * c1) - centre
    about[:, :, 1:3] += mixed * np.array([c1, c0])
    return Trajectory(BilinearMotion(), BilinearMotion().parameters(about.reshape(-1, 8), 2), shape)
