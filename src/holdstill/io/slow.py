"""Formats whose libraries are slow to import: each is loaded when a file of its kind is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from holdstill.io.bio_source import BioSource
    from holdstill.io.video_source import VideoSource
    from holdstill.io.volume_source import VolumeSource
    from holdstill.io.zarr.sink import ZarrSink
    from holdstill.io.zarr.source import ZarrSource

__all__ = ["BioSource", "VideoSource", "VolumeSource", "ZarrSink", "ZarrSource"]

__getattr__, __dir__, _ = lazy_loader.attach(
    "holdstill.io",
    submod_attrs={
        "bio_source": ["BioSource"],
        "video_source": ["VideoSource"],
        "volume_source": ["VolumeSource"],
        "zarr.sink": ["ZarrSink"],
        "zarr.source": ["ZarrSource"],
    },
)
