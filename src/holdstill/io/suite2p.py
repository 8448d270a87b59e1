"""A folder from which suite2p goes on with registration off: one binary for each plane, and its small files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from holdstill.contracts import FloatArray, Frames
from holdstill.errors import FileError, InputError
from holdstill.io import disk
from holdstill.io.blocks import check_block
from holdstill.io.file_sink import FileSink
from holdstill.io.handles import HandlePool

__all__ = ["Suite2pSink"]

DTYPES = ("uint8", "int8", "int16", "uint16")
BINARIES = ("data.bin", "data_chan2.bin")
OPS = {"align_by_chan": 1, "do_registration": 0, "nonrigid": False}
TAU_S = 1.0  # suite2p's own default for the decay of an indicator


class Suite2pSink(FileSink):
    """Writes ``plane0/data.bin``, int16, and beside it shape, rate and offsets; more planes of volumes.

    suite2p 0.14 finds these in ``ops.npy``, suite2p 1 in ``db.npy``, ``settings.npy`` and ``reg_outputs.npy``. A plane
    that has offsets counts as registered for either.

    The small files are pickles, since suite2p's are: they are written here and never read. Pixels of uint16 are halved,
    as suite2p itself does with them, for its binary holds no more than 32,767.
    """

    def note_shifts(self, shifts: FloatArray) -> None:
        self._shifts = np.asarray(shifts, np.float64)

    def write(self, start: int, frames: Frames) -> None:
        check_block(self.info, start, frames)
        halved = frames // 2 if frames.dtype == np.uint16 else frames
        volumes = (halved if frames.ndim == 5 else halved[:, :, None]).astype(np.int16)
        offset = start * self._plane_bytes
        for channel in range(self.info.n_channels):
            for plane in range(volumes.shape[2]):
                with disk.explain_errors(self._path), self._handles.borrow(self._place(plane, channel)) as handle:
                    disk.write(handle, offset, np.ascontiguousarray(volumes[:, channel, plane]))
        self._ledger.mark(start, start + len(frames))

    def sync(self) -> None:
        if self._part.is_dir():
            disk.sync_tree(self._part)

    @property
    def _least_bytes(self) -> int:
        return self._plane_bytes * self.info.n_frames * self.info.n_channels * self.info.length("Z")

    @property
    def _plane_bytes(self) -> int:
        height, width = self.info.frame_shape[-2:]
        return 2 * height * width

    def _place(self, plane: int, channel: int) -> Path:
        return self._part / f"plane{plane}" / BINARIES[channel]

    def _begin(self) -> None:
        self._handles = HandlePool("r+b")
        self._shifts = np.zeros((self.info.n_frames, self.info.ndim))
        disk.remove(self._part)
        for plane in range(self.info.length("Z")):
            (self._part / f"plane{plane}").mkdir(parents=True)
            for channel in range(self.info.n_channels):
                self._place(plane, channel).touch()

    def _complete(self) -> None:
        self._handles.close()
        for plane in range(self.info.length("Z")):
            place, settings, found = self._describe(plane)
            told = {
                "ops": {**OPS, **settings, **place, **found},
                "db": place,
                "settings": settings,
                "reg_outputs": found,
            }
            for name, values in told.items():
                np.save(self._part / f"plane{plane}" / f"{name}.npy", np.array(values, object), allow_pickle=True)

    def _release(self) -> None:
        if hasattr(self, "_handles"):
            self._handles.close()

    def _check_target(self) -> None:
        if self.info.dtype.name not in DTYPES or self.info.n_channels > len(BINARIES) or "T" not in self.info.axes:
            raise InputError(
                f"{self._path}: suite2p takes movies of integers of at most 16 bits and two channels, not "
                f"{self.info.dtype} with {self.info.n_channels}; write OME-TIFF"
            )
        if self._path.exists():
            raise FileError(f"{self._path}: exists already; move it away, or choose another folder")
        super()._check_target()

    def _describe(self, plane: int) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """What suite2p's steps after registration ask of a plane: where and how large it is, settings, and offsets."""
        height, width = self.info.frame_shape[-2:]
        parent = str(self._path.absolute().parent)
        folder = str(self._path.absolute() / f"plane{plane}")
        whole = np.rint(self._shifts[:, -2:]).astype(np.int32)  # as its own registration: how far content had moved
        place: dict[str, Any] = {
            "Ly": height, "Lx": width, "nframes": self.info.n_frames, "nplanes": self.info.length("Z"), "iplane": plane,
            "nchannels": self.info.n_channels, "functional_chan": 1, "data_path": [parent], "save_path0": parent,
            "save_folder": self._path.name, "save_path": folder, "fast_disk": folder, "keep_movie_raw": False,
            "reg_file": f"{folder}/{BINARIES[0]}", "ops_path": f"{folder}/ops.npy", "db_path": f"{folder}/db.npy",
            "settings_path": f"{folder}/settings.npy",
        }  # fmt: skip
        if self.info.n_channels == len(BINARIES):
            place["reg_file_chan2"] = f"{folder}/{BINARIES[1]}"
        settings = {"tau": TAU_S, "fs": 1 / (self.info.frame_interval_s or 1.0)}
        mean = self._mean(plane)
        found = {
            "yoff": whole[:, 0], "xoff": whole[:, 1], "corrXY": np.zeros(self.info.n_frames, np.float32),
            "badframes": np.zeros(self.info.n_frames, bool), "yrange": [0, height], "xrange": [0, width],
            "meanImg": mean, "refImg": mean, "bidiphase": 0,
        }  # fmt: skip
        return place, settings, found

    def _mean(self, plane: int) -> Frames:
        """Mean over frames all over the movie, from what was written."""
        height, width = self.info.frame_shape[-2:]
        stored = np.memmap(self._place(plane, 0), np.int16, "r", shape=(self.info.n_frames, height, width))
        chosen = np.unique(np.linspace(0, self.info.n_frames - 1, 100).astype(int))
        return np.asarray(np.mean(stored[chosen], axis=0, dtype=np.float64), np.float32)
