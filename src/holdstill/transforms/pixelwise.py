"""Transforms without a matrix, as other programs take them: what each pixel of the reference is displaced by."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdstill.contracts import AnyTransform, FloatArray
from holdstill.transforms.convert.itk import field_to_itk
from holdstill.transforms.convert.opencv import maps_to_opencv
from holdstill.transforms.convert.pixels import map_pixels

__all__ = ["PixelwiseTransform"]


class PixelwiseTransform(AnyTransform):
    """A map that others know pixel by pixel alone; `centre`, ``([z,] y, x)`` px, is the middle of the reference."""

    centre: FloatArray

    @property
    def _shape(self) -> tuple[int, ...]:
        """Of the reference."""
        return tuple(int(n) for n in np.rint(2 * self.centre + 1))

    def to_skimage(self) -> FloatArray:
        """Coordinates (ndim, [z,] y, x): ``skimage.transform.warp(frame, t.to_skimage())`` corrects the frame."""
        return map_pixels(self, self._shape)

    def to_opencv(self) -> NDArray[np.float32]:
        """``map_x, map_y``, (2, y, x): ``cv2.remap(frame, *t.to_opencv(), cv2.INTER_LINEAR)`` corrects the frame."""
        return maps_to_opencv(self, self._shape)

    def to_itk(self, spacing: ArrayLike | None = None) -> Any:
        """SimpleITK displacement field, fixed to moving; `spacing` is the size of a pixel, ``([z,] y, x)``."""
        return field_to_itk(self, self._shape, spacing)
