"""NWB, the format of neurophysiology: image series in by their path, corrected image stacks out."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.contracts import FloatArray, Frames
from holdstill.errors import FileError, InputError
from holdstill.extras import require
from holdstill.io import disk
from holdstill.io.array_files import Hdf5Source
from holdstill.io.blocks import check_block
from holdstill.io.damage import explain_damage
from holdstill.io.file_sink import FileSink

__all__ = ["NwbSink", "NwbSource"]

SERIES = ("TwoPhotonSeries", "OnePhotonSeries", "ImageSeries")
METRES = {"meters": 1e6, "meter": 1e6, "m": 1e6, "micrometers": 1.0, "micrometer": 1.0, "microns": 1.0, "um": 1.0}


class NwbSource(Hdf5Source):
    """Frames of an image series: ``file.nwb::/acquisition/TwoPhotonSeries``, or the only one that there is.

    NWB stores a frame with x first, ``[frame, x, y(, z)]``; frames come as ``([z,] y, x)`` as everywhere else.

    Raises
    ------
    FileError
        There is no such series, there are several, or its frames are in other files.
    """

    def __init__(self, path: str | Path, *, axes: str | None = None) -> None:
        super().__init__(path, axes=axes)
        with explain_damage(path):
            self.info = replace(self.info, **self._describe())

    def _choose(self, handle: Any, file: Path, h5py: Any) -> tuple[Any, Any, str | None]:
        found: dict[str, Any] = {}
        handle.visititems(lambda name, item: _note(found, name, item, h5py))
        wanted = self._path.partition("::")[2].strip("/").removesuffix("/data")
        chosen = [wanted] if wanted else [name for name, one in found.items() if one["data"].size] or list(found)
        if len(chosen) != 1 or chosen[0] not in found:
            listed = ", ".join(f"::/{name} {one['data'].shape}" for name, one in list(found.items())[:8]) or "none"
            raise FileError(f"{file}: name one of its image series, as {file.name}::/path; it has {listed}")
        series = found[chosen[0]]
        if not series["data"].size and "external_file" in series:
            names = [name.decode() if isinstance(name, bytes) else str(name) for name in series["external_file"][:3]]
            raise FileError(f"{file}: the frames of {chosen[0]} are in other files; give these: {', '.join(names)}")
        self._note_storage(series["data"], h5py)
        self._series = series
        return handle, _Turned(series["data"]), "TYX" if series["data"].ndim == 3 else "TZYX"

    def _describe(self) -> dict[str, Any]:
        """What else the series says: the size of a pixel, and when frames were taken."""
        series = self._series
        said: dict[str, Any] = {}
        timestamps, start = series.get("timestamps"), series.get("starting_time")
        if timestamps is not None and timestamps.shape == series["data"].shape[:1]:
            said["times_s"] = tuple(np.asarray(timestamps, np.float64).tolist())
        rate = 0.0 if start is None else float(start.attrs.get("rate", 0.0))
        if np.isfinite(rate) and rate > 0:
            said["frame_interval_s"] = 1 / rate
        spacing = series["imaging_plane"].get("grid_spacing") if "imaging_plane" in series else None
        if spacing is not None and spacing.shape in ((2,), (3,)):
            factor = METRES.get(str(spacing.attrs.get("unit", "meters")), 0.0)
            x, y, z = [*(float(value) * factor or None for value in spacing[:]), None][:3]
            said["pixel_size_um"] = (z, y, x)
        return said


class _Turned:
    """A dataset ``[frame, x, y(, z)]`` as ``(t, [z,] y, x)``."""

    def __init__(self, dataset: Any) -> None:
        self._dataset = dataset
        self.shape = (dataset.shape[0], *dataset.shape[:0:-1])
        self.dtype = dataset.dtype

    def __getitem__(self, key: Any) -> Frames:
        frames = np.asarray(self._dataset[key[0]])
        return frames.transpose(0, *range(frames.ndim - 1, 0, -1))


class NwbSink(FileSink):
    """Writes a file with a `CorrectedImageStack` for each channel, their shifts among them, by pynwb.

    Frames are put in with x first, as NWB has them. ``xy_translation`` holds for each frame how far its content had
    moved, x before y, px; it is zero until `note_shifts`.
    """

    def note_shifts(self, shifts: FloatArray) -> None:
        translation = np.asarray(shifts)[:, :-3:-1]  # x, y
        for stack in self._stacks:
            stack["xy_translation"]["data"][...] = translation

    def write(self, start: int, frames: Frames) -> None:
        check_block(self.info, start, frames)
        turned = frames.transpose(0, 1, *range(frames.ndim - 1, 1, -1))
        with self._lock:
            for number, stack in enumerate(self._stacks):
                stack["corrected"]["data"][start : start + len(frames)] = turned[:, number]
        self._ledger.mark(start, start + len(frames))

    @property
    def _least_bytes(self) -> int:
        return self.info.n_frames * self.info.frame_bytes

    def _begin(self) -> None:
        pynwb = require("pynwb", "nwb", f"writing {self._path}")
        h5py = require("h5py", "nwb", f"writing {self._path}")
        self._lock = threading.Lock()
        file = self._lay_out(pynwb, require("hdmf.backends.hdf5", "nwb", "NWB"))
        draft = self._part.with_name("draft.nwb")  # pynwb warns of any other suffix
        with pynwb.NWBHDF5IO(str(draft), "w") as writer:
            writer.write(file)
        disk.rename(draft, self._part)
        self._handle = h5py.File(self._part, "r+")
        folder = self._handle["processing/ophys/MotionCorrection"]
        self._stacks = [folder[self._name(number)] for number in range(self.info.n_channels)]

    def _complete(self) -> None:
        self._handle.flush()

    def _release(self) -> None:
        if getattr(self, "_handle", None):
            self._handle.close()

    def _check_target(self) -> None:
        if "T" not in self.info.axes:
            raise InputError(f"{self._path}: a single image goes to a TIFF; choose OUT.ome.tif")
        super()._check_target()

    def _name(self, channel: int) -> str:
        if self.info.n_channels == 1:
            return "CorrectedImageStack"
        names = self.info.channel_names or [str(number) for number in range(self.info.n_channels)]
        return f"CorrectedImageStack_{channel}_{names[channel].replace('/', '_')}"

    def _lay_out(self, pynwb: Any, hdf5: Any) -> Any:
        """The file without its pixels."""
        info, now = self.info, datetime.now(UTC)
        file = pynwb.NWBFile(
            session_description=f"motion correction of {Path(info.name).name}", session_start_time=now,
            identifier=str(uuid.uuid4()),
        )  # fmt: skip
        is_timed = len(info.times_s) == info.n_frames
        times = info.times_s if is_timed else np.arange(info.n_frames) * (info.frame_interval_s or 1.0)
        timing: dict[str, Any] = {"rate": 1 / (info.frame_interval_s or 1.0), "starting_time": 0.0}
        timing = {"timestamps": list(times)} if is_timed else timing
        shape = (info.n_frames, *info.frame_shape[::-1])
        correction = pynwb.ophys.MotionCorrection(name="MotionCorrection")
        for number in range(info.n_channels):
            original = pynwb.image.ImageSeries(
                name=f"original_{number}", description="the movie as it was recorded", unit="n.a.", format="external",
                external_file=[str(info.name)], starting_frame=[0], timestamps=list(times),
            )  # fmt: skip
            file.add_acquisition(original)
            data = hdf5.H5DataIO(shape=shape, dtype=info.dtype, chunks=(1, *shape[1:]), fillvalue=0)
            corrected = pynwb.image.ImageSeries(
                name="corrected", description="every frame resampled once", data=data, unit="n.a.", **timing
            )
            moved = hdf5.H5DataIO(shape=(info.n_frames, 2), dtype=np.dtype(np.float64), fillvalue=0.0)
            translation = pynwb.TimeSeries(
                name="xy_translation", description="how far the content of each frame had moved: x, y", data=moved,
                unit="pixels", **timing,
            )  # fmt: skip
            correction.add_corrected_image_stack(
                pynwb.ophys.CorrectedImageStack(
                    name=self._name(number), corrected=corrected, original=original, xy_translation=translation
                )
            )
        file.create_processing_module("ophys", "motion correction").add(correction)
        return file


def _note(found: dict[str, Any], name: str, item: Any, h5py: Any) -> None:
    if not isinstance(item, h5py.Group) or item.attrs.get("neurodata_type") not in SERIES:
        return
    data = item.get("data")
    if isinstance(data, h5py.Dataset) and data.ndim in (3, 4):
        found[name] = item
