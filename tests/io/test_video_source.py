"""Videos: every frame by its number, whatever the codec keeps."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import holdstill as hs
from holdstill.errors import AxesError, FileError, MissingExtra
from holdstill.io import open_source
from holdstill.testing.sources import SourceTests

av = pytest.importorskip("av")


def write_video(path: Path, images: np.ndarray, codec: str, pix_fmt: str, layout: str, **options: str) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=20, options=options)
        stream.width, stream.height, stream.pix_fmt = images.shape[-1], images.shape[-2], pix_fmt
        for image in images:
            pixels = image[0, 0] if image.shape[0] == 1 else np.ascontiguousarray(np.moveaxis(image[:, 0], 0, -1))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format=layout)))
        container.mux(stream.encode(None))


KINDS = {
    "raw grey avi": ("a.avi", 1, ("rawvideo", "gray", "gray")),
    "ffv1 grey mkv": ("a.mkv", 1, ("ffv1", "gray", "gray")),
    "ffv1 16 bit mkv": ("a.mkv", 1, ("ffv1", "gray16le", "gray16le")),
    "raw coloured avi": ("a.avi", 3, ("rawvideo", "bgr24", "rgb24")),
}


class TestVideo(SourceTests):
    @pytest.fixture(params=KINDS)
    def kind(self, request: pytest.FixtureRequest) -> Any:
        return KINDS[request.param]

    @pytest.fixture
    def images(self, kind: Any) -> np.ndarray:
        dtype = np.uint16 if "16" in kind[2][1] else np.uint8
        return np.random.default_rng(2).integers(0, 250, (30, kind[1], 1, 32, 48)).astype(dtype)

    @pytest.fixture
    def source(self, kind: Any, images: np.ndarray, tmp_path: Path) -> Iterator[Any]:
        write_video(tmp_path / kind[0], images, *kind[2])
        with open_source(tmp_path / kind[0]) as source:
            yield source

    def test_frame_interval(self, source: Any) -> None:
        assert source.info.frame_interval_s == pytest.approx(0.05)


@pytest.fixture
def long_groups(tmp_path: Path) -> Path:
    """A video with frames that refer to later ones, 12 to a key frame, each of another grey."""
    images = np.broadcast_to((4 * np.arange(50, dtype=np.uint8) + 20)[:, None, None, None, None], (50, 1, 1, 64, 64))
    path = tmp_path / "long groups ü.mp4"
    write_video(
        path, np.ascontiguousarray(images), "mpeg4", "yuv420p", "gray", g="12", bf="2", sc_threshold="1000000000"
    )
    return path


def in_order(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        return np.stack([frame.to_ndarray(format="gray") for frame in container.decode(video=0)])


def test_any_order_gives_the_frame_of_that_number(long_groups: Path) -> None:
    with open_source(long_groups, axes="TYX") as source:
        assert source.info.shape == (50, 64, 64)
        truth = in_order(long_groups)
        for number in (0, 49, 7, 8, 9, 30, 11, 12, 13, 1, 48):
            np.testing.assert_array_equal(source.read(number, number + 1)[0, 0], truth[number])
    with open_source(long_groups) as source:
        assert source.info.axes == "TCYX"
        assert source.read(3, 5).shape == (2, 3, 64, 64)


def test_seeks_find_the_same_frames_without_anything_kept(long_groups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdstill.io.video_source.CACHE_BYTES", 0)
    truth = in_order(long_groups)
    with open_source(long_groups, axes="TYX") as source:
        for number in (20, 3, 40, 39, 38):
            np.testing.assert_array_equal(source.read(number, number + 1)[0, 0], truth[number])


def test_the_whole_way(tmp_path: Path) -> None:
    image = np.random.default_rng(0).random((64, 64)).cumsum(0).cumsum(1) % 50
    movie = np.stack([np.roll(image, t, axis=0) for t in range(8)]).astype(np.uint8)[:, None, None]
    write_video(tmp_path / "0.avi", movie[:4], "rawvideo", "gray", "gray")
    write_video(tmp_path / "1.avi", movie[4:], "rawvideo", "gray", "gray")
    reg = hs.register(tmp_path, reference="first")  # a folder of parts
    np.testing.assert_allclose(reg.shifts[:, 0], range(8), atol=0.01)


def test_bad_ones(tmp_path: Path, long_groups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "no.avi").write_bytes(b"RIFF no video")
    with pytest.raises(FileError, match=r"no\.avi: holds no video"):
        open_source(tmp_path / "no.avi")
    with pytest.raises(AxesError, match="does not fit a video"):
        open_source(long_groups, axes="TZYX")
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    with pytest.raises(MissingExtra, match=r"pip install \"holdstill\[video\]\""):
        open_source(long_groups)


def test_a_real_one(shared_data: Path) -> None:
    with open_source(shared_data / "mio" / "wireless_corrupted.avi") as source:
        assert source.info.shape == (60, 200, 200)
        whole = source.read(0, 60)
        np.testing.assert_array_equal(source.read(17, 19), whole[17:19])
