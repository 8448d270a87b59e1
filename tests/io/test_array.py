import numpy as np
import pytest

from holdstill.contracts import ImagesInfo
from holdstill.errors import AxesError, InputError
from holdstill.io import open_source
from holdstill.io.array import ArraySink, ArraySource
from holdstill.testing.sources import SourceTests

RNG = np.random.default_rng(5)


class Named:
    """Like an xarray: an array with names of dimensions."""

    def __init__(self, values, dims):
        self.values, self.dims, self.shape, self.dtype = values, dims, values.shape, values.dtype

    def __getitem__(self, key):
        return self.values[key]


class TestArraySource(SourceTests):
    is_file = False

    @pytest.fixture(params=["TYX", "TCYX", "TZYX", "TCZYX"])
    def axes(self, request):
        return request.param

    @pytest.fixture
    def images(self, axes):
        lengths = {"T": 5, "C": 2, "Z": 3, "Y": 6, "X": 7}
        return RNG.integers(-9, 9, [lengths[a] if a in axes else 1 for a in "TCZYX"]).astype(np.int16)

    @pytest.fixture
    def source(self, images, axes):
        lacking = tuple(i for i, axis in enumerate("TCZYX") if axis not in axes)
        return open_source(images.squeeze(lacking), axes=axes)


def test_source_is_returned_as_it_is():
    source = open_source(np.zeros((2, 3, 4)))
    assert open_source(source) is source
    assert open_source(source, axes="TYX") is source
    with pytest.raises(InputError, match="open already with axes TYX"):
        open_source(source, axes="ZYX")


def test_foreign_byte_order_becomes_native():
    images = np.arange(24, dtype=">i4").reshape(2, 3, 4)
    block = open_source(images).read(0, 2)
    assert block.dtype == np.dtype(np.int32)
    np.testing.assert_array_equal(block[:, 0], images)


def test_single_frame_and_volume():
    assert open_source(np.ones((3, 4))).read(0, 1).shape == (1, 1, 3, 4)
    assert open_source(np.ones((3, 4))).read(1, 1).shape == (0, 1, 3, 4)
    assert open_source(np.ones((2, 3, 4)), axes="ZYX").read(0, 1).shape == (1, 1, 2, 3, 4)


def test_names_of_dimensions_are_axes():
    values = RNG.random((4, 2, 3, 5))
    assert open_source(Named(values, ("t", "c", "y", "x"))).info.axes == "TCYX"
    assert open_source(Named(values, ("time", "channel", "y", "x"))).info.axes == "TCYX"
    with pytest.raises(AxesError, match=r"dimensions .*'trial'"):
        open_source(Named(values, ("trial", "c", "y", "x")))
    assert open_source(Named(values, ("c", "t", "y", "x"))).info.shape == (2, 4, 3, 5)
    with pytest.raises(AxesError, match="each once"):
        open_source(Named(values, ("t", "time", "y", "x")))


@pytest.mark.parametrize("images", [[1, 2], 3, None])
def test_what_is_no_image_is_refused(images):
    with pytest.raises(InputError, match=f"cannot read images from {type(images).__name__}"):
        open_source(images)


@pytest.mark.parametrize("dtype", [complex, object])
def test_pixels_are_real_numbers(dtype):
    with pytest.raises(InputError, match="convert them"):
        open_source(np.zeros((2, 3, 4), dtype))


@pytest.mark.parametrize("axes", ["TYX", "TCYX"])
def test_frames_are_looked_at_where_they_lie(axes):
    images = RNG.integers(0, 99, (6, 2, 5, 7), "u2")[:, : 1 if axes == "TYX" else 2]
    images = np.ascontiguousarray(images[:, 0] if axes == "TYX" else images)
    source = ArraySource(images, axes=axes)
    seen = source.peek(1, 4)
    np.testing.assert_array_equal(seen, source.read(1, 4))
    assert np.shares_memory(seen, images)
    assert not np.shares_memory(source.read(1, 4), images)
    for start, stop in ((0, 6), (2, 2)):
        np.testing.assert_array_equal(source.peek(start, stop, channel=0), source.read(start, stop, channel=0))
    with pytest.raises(InputError, match="not the range"):
        source.peek(3, 9)


def test_what_does_not_lie_as_kernels_want_it_is_copied():
    images = RNG.integers(0, 99, (6, 5, 7), "u2")
    fixed = images.copy()
    fixed.flags.writeable = False
    for strange in (images[:, :, ::2], images.astype(">u2"), fixed, np.ma.masked_array(images), images > 50):
        source = ArraySource(strange, axes="TYX")
        seen = source.peek(0, 4)
        np.testing.assert_array_equal(seen, source.read(0, 4))
        assert seen.flags.carray
        assert seen.dtype == source.info.dtype


class TestArraySink:
    info = ImagesInfo(name="array", axes="TZYX", shape=(4, 2, 5, 6), dtype=np.dtype(np.float32))
    block = RNG.random((4, 1, 2, 5, 6)).astype(np.float32)

    def test_collects_in_any_order(self):
        sink = ArraySink(self.info)
        sink.write(2, self.block[2:])
        with pytest.raises(InputError, match="finish"):
            _ = sink.array
        sink.write(0, self.block[:2])
        sink.finish()
        np.testing.assert_array_equal(sink.array, self.block[:, 0])

    def test_fills_a_given_array_of_any_strides(self):
        out = np.zeros((6, 5, 2, 4), np.float32).T
        with ArraySink(self.info, out) as sink:
            sink.write(0, self.block)
            sink.finish()
        assert sink.array is out
        np.testing.assert_array_equal(out, self.block[:, 0])

    def test_frames_that_were_made_where_they_belong_are_not_copied(self):
        out = np.zeros((4, 2, 5, 6), np.float32)
        with ArraySink(self.info, out) as sink:
            for start, stop in ((2, 4), (0, 2)):
                room = sink.lend(start, stop)
                assert room is not None
                assert np.shares_memory(room, out)
                room[:] = self.block[start:stop]
                sink.write(start, room)
            sink.finish()
        np.testing.assert_array_equal(out, self.block[:, 0])

    def test_lends_nothing_where_frames_do_not_lie_together(self):
        assert ArraySink(self.info, np.zeros((6, 5, 2, 4), np.float32).T).lend(0, 2) is None

    def test_refuses_another_shape_or_dtype(self):
        for out in (np.zeros((4, 5, 6), np.float32), np.zeros((4, 2, 5, 6))):
            with pytest.raises(InputError, match="out: is float"):
                ArraySink(self.info, out)

    def test_misses_frames(self):
        sink = ArraySink(self.info)
        sink.write(0, self.block[:3])
        with pytest.raises(OSError, match="1 of 4 frames"):
            sink.finish()
