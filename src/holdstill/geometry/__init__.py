"""Transforms: values that map points. They know no images."""

from holdstill.geometry.bilinear import Bilinear
from holdstill.geometry.coverage import AnyTransform, covered_box
from holdstill.geometry.planes import PlaneShifts
from holdstill.geometry.transform import Transform

__all__ = ["AnyTransform", "Bilinear", "PlaneShifts", "Transform", "covered_box"]
