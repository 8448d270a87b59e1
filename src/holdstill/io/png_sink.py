"""One image as PNG: grey or in colours, of 8 or 16 bits."""

from __future__ import annotations

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Frames
from holdstill.errors import FileError
from holdstill.io import disk
from holdstill.io.blocks import check_block
from holdstill.io.file_sink import FileSink

__all__ = ["PngSink"]

DTYPES = ("uint8", "uint16")
# grey, and colours with and without what is transparent
SAMPLES = (1, 3, 4)


class PngSink(FileSink):
    """Writes one plane, its channels as colours: what PNG can hold without loss; the same pixels come back."""

    _pixels: NDArray[np.uint8 | np.uint16] | None = None

    def write(self, start: int, frames: Frames) -> None:
        check_block(self.info, start, frames)
        self._pixels = np.array(frames[0])
        self._ledger.mark(start, start + len(frames))

    def sync(self) -> None:
        if self._part.exists():
            disk.sync_file(self._part)

    @property
    def _least_bytes(self) -> int:
        return 0  # how small an image becomes is not known before

    def _begin(self) -> None:
        self._pixels = None

    def _complete(self) -> None:
        assert self._pixels is not None  # the ledger saw it
        image = self._pixels[0] if len(self._pixels) == 1 else np.moveaxis(self._pixels, 0, -1)
        self._part.write_bytes(imagecodecs.png_encode(np.ascontiguousarray(image)))

    def _release(self) -> None:
        self._pixels = None

    def _check_target(self) -> None:
        info = self.info
        if info.n_frames != 1 or info.ndim != 2 or info.n_channels not in SAMPLES or str(info.dtype) not in DTYPES:
            raise FileError(
                f"{self._path}: PNG holds one plane of {' or '.join(DTYPES)}, grey or in colours, not {info.axes} of "
                f"shape {info.shape} and {info.dtype}; write OME-TIFF, as out.ome.tif"
            )
        super()._check_target()
