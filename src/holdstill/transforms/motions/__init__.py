"""Families of motion, one file each. To add one: its file, a line here, and `MotionTests` of `holdstill.testing`."""

from holdstill.contracts import Motion
from holdstill.transforms.motions.affine import Affine
from holdstill.transforms.motions.bilinear import BilinearMotion
from holdstill.transforms.motions.dense import DENSE, make_dense
from holdstill.transforms.motions.lines import LINES, make_lines
from holdstill.transforms.motions.piecewise import PIECEWISE, make_piecewise
from holdstill.transforms.motions.planes import PLANES, make_planes
from holdstill.transforms.motions.projective import Projective
from holdstill.transforms.motions.registry import MADE_FOR_SHAPE, MOTIONS, find_motion
from holdstill.transforms.motions.rigid import Rigid, Similarity
from holdstill.transforms.motions.translation import Translation
from holdstill.transforms.motions.warp import MatrixFamily, WarpFamily, find_matrix_motion, find_warp_motion

__all__ = [
    "CHAINED",
    "MADE_FOR_SHAPE",
    "MOTIONS",
    "MatrixFamily",
    "Motion",
    "WarpFamily",
    "find_matrix_motion",
    "find_motion",
    "find_warp_motion",
]

# those of matrices may follow one another, each within the next
CHAINED = ("translation", "rigid", "similarity", "affine", "projective")

MOTIONS |= {m.name: m for m in (Translation(), Rigid(), Similarity(), Affine(), Projective(), BilinearMotion())}
MADE_FOR_SHAPE |= {name: make_planes(name) for name in PLANES}
MADE_FOR_SHAPE |= {PIECEWISE: make_piecewise, LINES: make_lines, DENSE: make_dense}
