"""What graphics adapters do beside registration: Fourier transforms of any size.

::

    from holdstill import gpu
    spectrum = gpu.fft2(image)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdstill.devices.gpu.adapters import Adapter, adapters
from holdstill.devices.gpu.fft import fft2 as _fft2
from holdstill.devices.gpu.machine import machine

__all__ = ["Adapter", "adapters", "fft2", "ifft2"]


def fft2(images: ArrayLike, *, adapter: str | None = None) -> NDArray[np.complex64]:
    """Two-dimensional Fourier transform, as `numpy.fft.fft2` defines it, on a graphics adapter.

    Parameters
    ----------
    images : array_like, (..., y, x)
        Real or complex numbers, computed with as complex64. Any lengths; products of 2, 3 and 5 are the fastest.
    adapter : str, optional
        A part of its name; default: what the environment's ``HOLDSTILL_GPU`` says, else the one that is likely fastest.

    Returns
    -------
    ndarray of complex64, (..., y, x)
        Equal to NumPy's within 1e-5 of the largest value.

    Raises
    ------
    InputError
        It is not an image.
    DeviceError
        There is no adapter, or it cannot take the image.
    MissingExtra
        wgpu is not installed.

    Notes
    -----
    Stockham's self-sorting passes of radix 4, 2, 3 and 5 (Govindaraju et al., SC 2008), within the memory of a
    workgroup where a line fits; Bluestein's chirps (IEEE Trans. Audio Electroacoust. 18:451, 1970) for other lengths.
    """
    return _fft2(machine(adapter), images)


def ifft2(images: ArrayLike, *, adapter: str | None = None) -> NDArray[np.complex64]:
    """Inverse of `fft2`, as `numpy.fft.ifft2` defines it; parameters and errors are the same."""
    return _fft2(machine(adapter), images, inverse=True)
