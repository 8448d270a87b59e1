"""Transforms: values that map points. They know no images."""

from holdstill.geometry.transform import Transform

__all__ = ["Transform"]
