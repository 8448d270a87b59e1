"""Transforms: values that map points. They know no images."""

from holdstill.geometry.bilinear import Bilinear
from holdstill.geometry.coverage import covered_box
from holdstill.geometry.transform import Transform

__all__ = ["Bilinear", "Transform", "covered_box"]
