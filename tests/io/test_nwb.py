"""Neurophysiology: series of NWB files in, corrected stacks out; a folder from which suite2p goes on."""

import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import h5py
import lazy_loader
import numpy as np
import pytest

import holdstill as hs
from holdstill.contracts import ImagesInfo
from holdstill.errors import FileError, InputError, MissingExtra
from holdstill.io import create_sink, open_source

pynwb = lazy_loader.load("pynwb")  # only the process that needs it
FRAMES = np.random.default_rng(0).integers(0, 900, (7, 24, 32)).astype(np.uint16)
SHIFTS = np.random.default_rng(1).normal(size=(7, 2))


def write_series(path: Path, names: tuple[str, ...] = ("calcium",), **options: Any) -> None:
    file = pynwb.NWBFile(session_description="a", identifier="a", session_start_time=datetime(2024, 1, 1, tzinfo=UTC))
    device = file.create_device(name="scope")
    channel = pynwb.ophys.OpticalChannel(name="green", description="a", emission_lambda=510.0)
    plane = file.create_imaging_plane(
        name="plane", optical_channel=channel, description="a", device=device, excitation_lambda=920.0, indicator="a",
        location="a", grid_spacing=[2.5e-7, 5e-7], grid_spacing_unit="meters",
    )  # fmt: skip
    for name in names:
        timing = options or {"rate": 4.0}
        file.add_acquisition(
            pynwb.ophys.TwoPhotonSeries(
                name=name, data=FRAMES.transpose(0, 2, 1), imaging_plane=plane, unit="n.a.", **timing
            )
        )
    with pynwb.NWBHDF5IO(str(path), "w") as writer:
        writer.write(file)


def test_a_series_is_read(tmp_path: Path) -> None:
    write_series(tmp_path / "a.nwb")
    with open_source(tmp_path / "a.nwb") as source, pickle.loads(pickle.dumps(source)) as again:
        np.testing.assert_array_equal(again.read(2, 7)[:, 0], FRAMES[2:])
        assert source.info.axes == "TYX"
        assert source.info.shape == FRAMES.shape
        assert source.info.frame_interval_s == 0.25
        assert source.info.pixel_size_um == (None, 0.5, 0.25)


def test_times_of_their_own(tmp_path: Path) -> None:
    times = [0.0, 0.2, 0.5, 0.6, 1.0, 1.5, 3.0]
    write_series(tmp_path / "a.nwb", timestamps=times)
    with open_source(tmp_path / "a.nwb") as source:
        assert list(source.info.times_s) == times


def test_series_are_told_by_their_path(tmp_path: Path) -> None:
    write_series(tmp_path / "a.nwb", ("green", "red"))
    with pytest.raises(
        FileError, match=r"a\.nwb: name one of its image series.*::/acquisition/green .*::/acquisition/red"
    ):
        open_source(tmp_path / "a.nwb")
    for place in ("acquisition/red", "acquisition/red/data"):
        with open_source(f"{tmp_path / 'a.nwb'}::/{place}") as source:
            np.testing.assert_array_equal(source.read(0, 7)[:, 0], FRAMES)
    with h5py.File(tmp_path / "none.nwb", "w") as file:
        file["x"] = 1
    with pytest.raises(FileError, match="it has none"):
        open_source(tmp_path / "none.nwb")
    (tmp_path / "bad.nwb").write_bytes(b"nothing")
    with pytest.raises(FileError, match=r"bad\.nwb: is not an HDF5 file"):
        open_source(tmp_path / "bad.nwb")


@pytest.mark.parametrize("axes", ["TYX", "TCYX", "TZYX"])
def test_a_corrected_stack_is_valid(tmp_path: Path, axes: str) -> None:
    shape = tuple({"T": 7, "C": 2, "Z": 3, "Y": 24, "X": 32}[axis] for axis in axes)
    info = ImagesInfo(name="in.tif", axes=axes, shape=shape, dtype=np.dtype(np.uint16), frame_interval_s=0.5)
    block = np.random.default_rng(2).integers(0, 900, (7, info.n_channels, *info.frame_shape)).astype(np.uint16)
    path = tmp_path / "out.nwb"
    shifts = np.concatenate([np.full((7, info.ndim - 2), 9.0), SHIFTS], axis=1)
    with create_sink(path, info) as sink:
        sink.write(3, block[3:])
        sink.write(0, block[:3])
        sink.note_shifts(shifts)
        sink.finish()
    assert not pynwb.validate(path=str(path)), "its own validator finds nothing"
    with pynwb.NWBHDF5IO(str(path), "r") as reader:
        stacks = reader.read().processing["ophys"]["MotionCorrection"].corrected_image_stacks
        assert len(stacks) == info.n_channels
        for number, stack in enumerate(stacks.values()):
            data = stack.corrected.data[:]
            np.testing.assert_array_equal(data.transpose(0, *range(data.ndim - 1, 0, -1)), block[:, number])
            np.testing.assert_array_equal(stack.xy_translation.data[:], SHIFTS[:, ::-1])
            assert stack.original.external_file[0] == "in.tif"
    name = list(stacks)[-1]
    with open_source(f"{path}::/processing/ophys/MotionCorrection/{name}/corrected") as source:
        np.testing.assert_array_equal(source.read(0, 7)[:, 0], block[:, -1])


def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pynwb", None)
    info = ImagesInfo(name="a", axes="TYX", shape=FRAMES.shape, dtype=FRAMES.dtype)
    with pytest.raises(MissingExtra, match=r'pip install "holdstill\[nwb\]"'):
        create_sink(tmp_path / "a.nwb", info)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("axes", "dtype"), [("TYX", np.uint16), ("TCYX", np.int16), ("TZYX", np.uint8)])
def test_a_folder_for_suite2p(tmp_path: Path, axes: str, dtype: type) -> None:
    shape = tuple({"T": 7, "C": 2, "Z": 3, "Y": 24, "X": 32}[axis] for axis in axes)
    info = ImagesInfo(name="in.tif", axes=axes, shape=shape, dtype=np.dtype(dtype), frame_interval_s=0.125)
    high = 250 if dtype is np.uint8 else 30000
    block = np.random.default_rng(2).integers(0, high, (7, info.n_channels, *info.frame_shape)).astype(dtype)
    with create_sink(tmp_path / "suite2p", info) as sink:
        sink.write(4, block[4:])
        sink.write(0, block[:4])
        sink.note_shifts(np.concatenate([np.zeros((7, info.ndim - 2)), SHIFTS * 5], axis=1))
        sink.finish()
    volumes = (block if axes == "TZYX" else block[:, :, None]) // (2 if dtype is np.uint16 else 1)
    for plane in range(info.length("Z")):
        folder = tmp_path / "suite2p" / f"plane{plane}"
        ops = np.load(folder / "ops.npy", allow_pickle=True).item()
        stored = np.fromfile(ops["reg_file"], np.int16).reshape(ops["nframes"], ops["Ly"], ops["Lx"])
        np.testing.assert_array_equal(stored, volumes[:, 0, plane])
        np.testing.assert_array_equal(ops["yoff"], np.rint(SHIFTS[:, 0] * 5))
        np.testing.assert_array_equal(ops["xoff"], np.rint(SHIFTS[:, 1] * 5))
        assert ops["fs"] == 8
        assert (ops["do_registration"], ops["nplanes"]) == (0, info.length("Z"))
        np.testing.assert_allclose(ops["meanImg"], stored.mean(axis=0))
        db, settings, found = (
            np.load(folder / f"{name}.npy", allow_pickle=True).item() for name in ("db", "settings", "reg_outputs")
        )
        assert (db["reg_file"], db["Ly"], db["Lx"], db["nframes"]) == (str(folder / "data.bin"), 24, 32, 7)
        assert (db["save_path"], db["save_path0"], db["save_folder"]) == (str(folder), str(tmp_path), "suite2p")
        assert settings["fs"] == 8
        assert "yoff" in found, "what suite2p 1 knows a registered plane by"
        assert "refImg" in ops, "and suite2p 0.14, with yoff"
        np.testing.assert_array_equal(found["yoff"], ops["yoff"])
        if axes == "TCYX":
            second = np.fromfile(ops["reg_file_chan2"], np.int16).reshape(stored.shape)
            np.testing.assert_array_equal(second, volumes[:, 1, plane])
    with pytest.raises(FileError, match="exists already"):
        create_sink(tmp_path / "suite2p", info)
    with pytest.raises(InputError, match="integers of at most 16 bits"):
        create_sink(tmp_path / "b" / "suite2p", ImagesInfo(**{**info.__dict__, "dtype": np.dtype(np.float32)}))


def test_file_to_file(tmp_path: Path) -> None:
    image = np.random.default_rng(0).random((64, 72)).cumsum(0).cumsum(1) % 50 * 100
    movie = np.stack([np.roll(image, (t, -t), axis=(0, 1)) for t in range(8)]).astype(np.uint16)
    np.save(tmp_path / "in.npy", movie)
    result = hs.correct(tmp_path / "in.npy", tmp_path / "out.nwb", reference=0, report=False)
    with h5py.File(tmp_path / "out.nwb") as file:
        moved = file["processing/ophys/MotionCorrection/CorrectedImageStack/xy_translation/data"][:]
    np.testing.assert_array_equal(moved, result.shifts[:, ::-1])
    with open_source(f"{tmp_path / 'out.nwb'}") as source:
        np.testing.assert_array_equal(source.read(0, 8)[:, 0], result.apply(movie))
    hs.correct(tmp_path / "in.npy", tmp_path / "suite2p", reference=0, report=False)
    ops = np.load(tmp_path / "suite2p" / "plane0" / "ops.npy", allow_pickle=True).item()
    np.testing.assert_array_equal(ops["yoff"], result.shifts[:, 0].round())
