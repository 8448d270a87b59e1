"""suite2p's non-rigid registration of frames to a known reference, in a process of its own: it brings torch.

``python suite2p_peer.py FOLDER`` reads ``frames.npy`` and ``reference.npy`` there, and writes the displacement of each
pixel to ``field.npy``, (T, 2, y, x) px, and the processor time of the whole call, s, to ``seconds.txt``.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator
from suite2p.registration.register import register_frames


def spread(blocks: Any, yoff: NDArray[Any], xoff: NDArray[Any], shape: tuple[int, int]) -> NDArray[Any]:
    """What the shifts of blocks, (T, blocks), make of each pixel, (T, 2, y, x) px, as suite2p says that it bends.

    Linear between the middles of blocks, constant beyond the outermost.
    """
    yblock, xblock, counts = blocks[:3]
    ys, xs = (np.unique([int(np.mean(one)) for one in ends]) for ends in (yblock, xblock))
    rows, columns = (np.clip(np.arange(n), c[0], c[-1]) for n, c in zip(shape, (ys, xs), strict=True))
    points = np.stack(np.meshgrid(rows, columns, indexing="ij"), -1)
    shifts = np.stack([yoff, xoff], axis=1).reshape(len(yoff), 2, *counts)
    return np.array([[RegularGridInterpolator((ys, xs), one)(points) for one in both] for both in shifts])


def main(folder: Path) -> None:
    """Register what lies in a folder."""
    frames = np.load(folder / "frames.npy").astype(np.int16)
    reference = np.load(folder / "reference.npy").astype(np.int16)
    settings = {"block_size": (128, 128), "nonrigid": True, "device": torch.device("cpu")}
    register_frames(frames[:4].copy(), reference, f_align_out=np.empty_like(frames[:4]), **settings)
    out = np.empty_like(frames)
    began = time.process_time()
    _, _, _, offsets, blocks, *_ = register_frames(frames, reference, f_align_out=out, **settings)
    seconds = time.process_time() - began
    yoff, xoff, _, yoff1, xoff1 = (np.asarray(one) for one in offsets[:5])
    field = spread(blocks, yoff1, xoff1, frames.shape[1:])
    field += np.stack([yoff, xoff], axis=1)[:, :, None, None]
    np.save(folder / "field.npy", field.astype(np.float32))
    (folder / "seconds.txt").write_text(f"{seconds:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
