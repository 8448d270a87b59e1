"""What is wrong with a file is said in one line, with its name, the place and what to do."""

import errno
import pickle
import warnings

import numpy as np
import pytest
import tifffile

from holdstill.errors import FileError, InputError, MissingFile
from holdstill.io import create_sink, open_source, require_sequence
from holdstill.io.formats import PICTURES, READERS, WRITERS

FRAMES = np.random.default_rng(3).integers(1, 999, (20, 32, 48)).astype(np.uint16)
FRAME_BYTES = FRAMES[0].nbytes


def page_by_page(path, frames, **options):
    with tifffile.TiffWriter(path) as tif:
        for frame in frames:
            tif.write(frame, metadata=None, **options)


WRITE = {
    "contiguous": lambda path: tifffile.imwrite(path, FRAMES),
    "page by page": lambda path: page_by_page(path, FRAMES),
    "encoded page by page": lambda path: page_by_page(path, FRAMES, compression="zlib"),
    "encoded": lambda path: tifffile.imwrite(path, FRAMES, compression="zlib"),
    "imagej": lambda path: tifffile.imwrite(path, FRAMES, imagej=True, metadata={"axes": "TYX"}),
    "ome": lambda path: tifffile.imwrite(path, FRAMES, ome=True, metadata={"axes": "TYX"}),
    "ome encoded": lambda path: tifffile.imwrite(path, FRAMES, ome=True, compression="zlib", metadata={"axes": "TYX"}),
}


def test_missing_file(tmp_path):
    with pytest.raises(MissingFile, match=r"none\.tif: no such file; check"):
        open_source(tmp_path / "none.tif")
    with pytest.raises(FileNotFoundError):
        open_source(str(tmp_path / "none.tif"))


def test_unknown_suffix(tmp_path):
    path = tmp_path / "movie.xyz"
    path.write_text("x")
    with pytest.raises(FileError, match=r"movie\.xyz: no format of the suffix '\.xyz' is read; known are \.tif"):
        open_source(path)
    with pytest.raises(FileError, match=r"is written; known are \.tif"):
        create_sink(path, open_source(FRAMES).info)
    assert WRITERS.keys() <= READERS.keys() | set(PICTURES)


@pytest.mark.parametrize("content", [b"", b"II", b"II*\0", b"this is no picture at all", b"II*\0\xff\xff\xff\x7f"])
def test_not_a_tiff(tmp_path, content):
    path = tmp_path / "movie.tif"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"movie\.tif: .*(not a TIFF|no image|cut short or damaged)"):
        open_source(path)


def test_folder_is_not_a_tiff(tmp_path):
    path = tmp_path / "movie.tif"
    path.mkdir()
    with pytest.raises(FileError, match=r"movie\.tif"):
        open_source(path)


@pytest.mark.parametrize("kind", WRITE)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.97])
def test_truncated_file_is_never_read_as_whole(tmp_path, kind, share):
    path = tmp_path / "movie.tif"
    WRITE[kind](path)
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * share))
    with pytest.raises(FileError, match=r"movie\.tif: is cut short"):
        open_source(path)


@pytest.mark.parametrize("kind", ["contiguous", "page by page", "imagej", "encoded", "encoded page by page"])
def test_truncated_file_names_the_frame(tmp_path, kind):
    path = tmp_path / "movie.tif"
    WRITE[kind](path)
    with open_source(path) as source:
        offset = int(source._layout.stack.offsets[13, 0])
    with path.open("r+b") as file:
        file.truncate(offset + 100)
    with pytest.raises(FileError, match=r"data end in (frame|page) 13"):
        open_source(path)


def test_file_that_shrinks_after_it_was_opened(tmp_path):
    path = tmp_path / "movie.tif"
    WRITE["contiguous"](path)
    with open_source(path) as source:
        offset = int(source._layout.stack.offsets[7, 0])
        with path.open("r+b") as file:
            file.truncate(offset + 5)
        np.testing.assert_array_equal(source.read(2, 7)[:, 0], FRAMES[2:7])
        with pytest.raises(FileError, match="data end in frame 7"):
            source.read(2, 12)


def test_damaged_page_names_the_frame(tmp_path):
    path = tmp_path / "movie.tif"
    WRITE["encoded"](path)
    with open_source(path) as source:
        stack = source._layout.stack
        with path.open("r+b") as file:
            file.seek(int(stack.offsets[4, 0]))
            file.write(b"\xff" * int(stack.counts[4, 0]))
        np.testing.assert_array_equal(source.read(5, 7)[:, 0], FRAMES[5:7])
        with pytest.raises(FileError, match=r"movie\.tif: frame 4 cannot be decoded"):
            source.read(0, 10)


def test_single_frame(tmp_path):
    path = tmp_path / "movie.tif"
    tifffile.imwrite(path, FRAMES[0])
    with (
        open_source(path) as source,
        pytest.raises(InputError, match=r"movie\.tif: only one frame: nothing to register"),
    ):
        require_sequence(source.info)


@pytest.mark.parametrize("metadata", [None, {}])
@pytest.mark.parametrize("crop", [np.s_[:-1], np.s_[:, :-8]])
def test_frames_of_different_size(tmp_path, metadata, crop):
    path = tmp_path / "movie.tif"
    with tifffile.TiffWriter(path) as tif:
        for t, frame in enumerate(FRAMES):
            tif.write(frame[crop] if t == 11 else frame, metadata=metadata)
    with pytest.raises(
        FileError, match=r"movie\.tif: frames of different size or kind: page 11 is \d+ x \d+ px and page 0"
    ):
        open_source(path)


def test_frames_of_different_kind(tmp_path):
    path = tmp_path / "movie.tif"
    with tifffile.TiffWriter(path) as tif:
        for dtype in (np.uint16, np.uint16, np.uint8):
            tif.write(FRAMES[0].astype(dtype), metadata=None)
    with pytest.raises(FileError, match="page 2 differs from page 0 in bits"):
        open_source(path)


def test_file_that_is_gone(tmp_path):
    path = tmp_path / "movie.tif"
    WRITE["contiguous"](path)
    with open_source(path) as source:
        message = pickle.dumps(source)
        path.unlink()
        with pytest.raises(MissingFile, match="any more"):
            source.read(0, 1)
    with pytest.raises(FileError, match=r"movie\.tif"):
        pickle.loads(message)


def test_file_without_the_right_to_read(tmp_path, monkeypatch):
    path = tmp_path / "movie.tif"
    WRITE["contiguous"](path)

    def refuse(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tifffile, "TiffFile", refuse)
    with pytest.raises(FileError, match="Permission denied; check"):
        open_source(path)


@pytest.mark.parametrize(("name", "named"), [("imagej.tif", None), ("plain.tif", None), ("movie.ome.tif", "TYX")])
def test_a_file_that_is_cut_short_says_how_to_read_on(tmp_path, name, named):
    path = tmp_path / name
    page_by_page(path, FRAMES) if name == "plain.tif" else tifffile.imwrite(path, FRAMES, imagej=name == "imagej.tif")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with pytest.raises(FileError, match=r"cut short.*copy or export it again.*skip_bad=True \(--.*skip-bad\)") as told:
        open_source(path)
    assert ("axes='TYX'" in str(told.value)) == (named is not None)
    with warnings.catch_warnings(action="ignore"), open_source(path, skip_bad=True, axes=named) as source:
        assert source.read(0, 1).shape[0] == 1


def test_an_empty_file_is_called_so(tmp_path):
    (tmp_path / "a.tif").touch()
    with pytest.raises(FileError, match=r"a\.tif: is empty, not a TIFF file; copy or export it again"):
        open_source(tmp_path / "a.tif")
