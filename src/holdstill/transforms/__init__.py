"""Transforms: values that map points. They know no images."""

from holdstill.contracts import AnyTransform
from holdstill.transforms.bilinear import Bilinear
from holdstill.transforms.coverage import find_covered_box
from holdstill.transforms.grids import DisplacementGrid
from holdstill.transforms.transform import Transform

__all__ = ["AnyTransform", "Bilinear", "DisplacementGrid", "Transform", "find_covered_box"]
