"""Sources read ranges of frames and sinks write them; one file per format, one line each in the suffix table."""

from holdstill.io.axes import require_frames, require_sequence
from holdstill.io.formats import check_shared, check_target, create_sink, open_images, open_source

__all__ = [
    "check_shared",
    "check_target",
    "create_sink",
    "open_images",
    "open_source",
    "require_frames",
    "require_sequence",
]
