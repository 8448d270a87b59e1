"""The Cramér-Rao bound: the least error that photons allow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdstill.errors import InputError

__all__ = ["cramer_rao", "overlap"]

FloatArray = NDArray[np.float64]


def cramer_rao(gradient: FloatArray, variance: FloatArray, *, nuisance: FloatArray | None = None) -> FloatArray:
    """Least covariance of any unbiased estimate of the shift of one noisy frame to a known reference.

    Parameters
    ----------
    gradient : ndarray of float64, (ndim, *shape)
        Derivative of the expected pixel values along ``([z,] y, x)``, grey levels per px.
    variance : ndarray of float64, (*shape)
        Variance of each pixel, grey levels squared; ``inf`` for pixels that tell nothing.
    nuisance : ndarray of float64, (k, *shape), optional
        Derivatives of the expected pixel values with respect to further unknowns that are estimated along with the
        shift: the scene itself for an unknown gain, ones for an unknown offset.

    Returns
    -------
    ndarray of float64, (ndim, ndim)
        Covariance, px squared, order ``([z,] y, x)``; the roots of its diagonal are the one-sigma bounds.

    Raises
    ------
    InputError
        The pixels do not determine the shift (no structure along some axis), or the shapes do not match.

    Notes
    -----
    ``inv(sum(grad grad^T / variance))`` for Gaussian noise of known variance [1]_. For Poisson light it is the exact
    bound too, with variance = mean; read noise makes it the usual approximation. The nuisance unknowns enter through
    the Schur complement of the joint information matrix.

    References
    ----------
    .. [1] D. Robinson, P. Milanfar, "Fundamental performance limits in image registration", IEEE Transactions on Image
       Processing 13(9), 1185-1199, 2004, https://doi.org/10.1109/TIP.2004.832923
    """
    if gradient.shape[1:] != variance.shape:
        raise InputError(f"gradient {gradient.shape} does not fit variance {variance.shape}: give (ndim, *shape)")
    weights = 1.0 / variance.ravel()
    columns = gradient.reshape(len(gradient), -1)
    information = (columns * weights) @ columns.T
    if nuisance is not None:
        others = nuisance.reshape(len(nuisance), -1)
        cross = (columns * weights) @ others.T
        information = information - cross @ np.linalg.solve((others * weights) @ others.T, cross.T)
    if not np.linalg.cond(information) < 1e12:
        raise InputError("the pixels do not determine the shift: they have no structure along at least one direction")
    return np.linalg.inv(information).astype(np.float64)


def overlap(shape: tuple[int, ...], shift: FloatArray) -> tuple[slice, ...]:
    """Region of a shifted frame that shows content which the unshifted frame shows too.

    Parameters
    ----------
    shape : tuple of int
        Shape ``([z,] y, x)`` of the frame.
    shift : ndarray of float64, (ndim,)
        Shift of the frame, px.

    Returns
    -------
    tuple of slice
        One slice for each axis, of pixels ``p`` with ``0 <= p - shift <= n - 1``; empty where there is none.
    """
    first = np.ceil(np.maximum(shift, 0.0)).astype(int)
    last = np.floor(np.minimum(shift, 0.0) + np.array(shape) - 1).astype(int)
    return tuple(slice(a, max(a, b + 1)) for a, b in zip(first.tolist(), last.tolist(), strict=True))
