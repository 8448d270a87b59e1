"""Formats whose libraries are slow to import: each is loaded when a file of its kind is opened or written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from holdstill.io.bio_source import BioSource
    from holdstill.io.pyramids.levels import list_levels, read_level
    from holdstill.io.pyramids.slide import choose_codec, is_slide_name, write_slide
    from holdstill.io.pyramids.stack import check_stack, write_stack
    from holdstill.io.video_source import VideoSource
    from holdstill.io.volume_source import VolumeSource
    from holdstill.io.zarr.sink import ZarrSink
    from holdstill.io.zarr.source import ZarrSource

__all__ = ["BioSource", "VideoSource", "VolumeSource", "ZarrSink", "ZarrSource"]
__all__ += ["check_stack", "choose_codec", "is_slide_name", "list_levels", "read_level", "write_slide", "write_stack"]

__getattr__, __dir__, _ = lazy_loader.attach(
    "holdstill.io",
    submod_attrs={
        "bio_source": ["BioSource"],
        "pyramids.levels": ["list_levels", "read_level"],
        "pyramids.slide": ["choose_codec", "is_slide_name", "write_slide"],
        "pyramids.stack": ["check_stack", "write_stack"],
        "video_source": ["VideoSource"],
        "volume_source": ["VolumeSource"],
        "zarr.sink": ["ZarrSink"],
        "zarr.source": ["ZarrSource"],
    },
)
