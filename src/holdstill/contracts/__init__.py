"""What each kind of part promises to the others, in one place.

Conventions, here and everywhere:

- Axes are a subset of ``T C Z Y X`` in that order; coordinates are array-index order ``(z, y, x)``, pixel centres at
  integers, float64.
- A block of frames has shape ``(n, c, y, x)`` or ``(n, c, z, y, x)``: frames first, then channels, then space, whatever
  axes the file lacks. A frame of one channel is ``(y, x)`` or ``(z, y, x)``.
- A transform maps a point of the reference to the point of the frame that shows the same content,
  ``frame(T(p)) = reference(p)``; a shift is ``T(p) - p``, so content that moved down by 3 rows has shift ``(+3, 0)``.
- Pixels are never rescaled; dtype in = dtype out.
"""

from holdstill.contracts.arrays import FloatArray, Frames
from holdstill.contracts.candidates import Candidate, Candidates
from holdstill.contracts.device import EDGES, INTERPOLATIONS, Device, DirectSums, FieldSums, NoiseModel, Spline
from holdstill.contracts.engine import FAN_IN, Engine
from holdstill.contracts.estimator import Estimates, Estimator, Reference, Treatment, Verdict
from holdstill.contracts.grid import ControlGrid
from holdstill.contracts.images import AXES, Chunk, ImagesInfo, Segment, Sink, Source
from holdstill.contracts.motion import AnyTransform, Motion
from holdstill.contracts.options import Options, as_plain, list_changed, option, repeat_option, split_options
from holdstill.contracts.progress import Progress, heed, ignore_progress
from holdstill.contracts.reading import ReadingOptions
from holdstill.contracts.uncertainty import Covariance, CovarianceKind

__all__ = [
    "AXES",
    "EDGES",
    "FAN_IN",
    "INTERPOLATIONS",
    "AnyTransform",
    "Candidate",
    "Candidates",
    "Chunk",
    "ControlGrid",
    "Covariance",
    "CovarianceKind",
    "Device",
    "DirectSums",
    "Engine",
    "Estimates",
    "Estimator",
    "FieldSums",
    "FloatArray",
    "Frames",
    "ImagesInfo",
    "Motion",
    "NoiseModel",
    "Options",
    "Progress",
    "ReadingOptions",
    "Reference",
    "Segment",
    "Sink",
    "Source",
    "Spline",
    "Treatment",
    "Verdict",
    "as_plain",
    "heed",
    "ignore_progress",
    "list_changed",
    "option",
    "repeat_option",
    "split_options",
]
