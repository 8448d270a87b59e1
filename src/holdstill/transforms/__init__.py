"""Transforms: values that map points. They know no images."""

from holdstill.transforms.bilinear import Bilinear
from holdstill.transforms.coverage import AnyTransform, find_covered_box
from holdstill.transforms.planes import PlaneShifts
from holdstill.transforms.transform import Transform

__all__ = ["AnyTransform", "Bilinear", "PlaneShifts", "Transform", "find_covered_box"]
