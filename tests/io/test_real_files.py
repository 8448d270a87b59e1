"""Files that real programs wrote, read as tifffile reads them."""

import numpy as np
import pytest
import tifffile

from holdstill.io import open_source

FILES = {
    "pystackreg/pc12-unreg.tif": ("TYX", (5, 201, 199)),
    "pystackreg/pc12-reg-bilinear.tif": ("ZYX", (5, 201, 199)),
    "pims/stuck.tif": ("TYX", (5, 512, 512)),
    "cellprofiler/drosophila_seq1.tif": ("TYX", (21, 264, 542)),
    "sima/example.tif": ("TYX", (20, 128, 256)),
    "thunder/mouse_2p.tif": ("TYX", (500, 64, 64)),
    "brainreg/downsampled.tiff": ("ZYX", (135, 77, 108)),
    "bnsreenu/test_image.ome.tif": ("CYX", (3, 513, 639)),
    "pyimagej/test_still_stack.tif": ("CYX", (3, 300, 300)),
    "wsireg/mc_im_8bit.tiff": ("CYX", (3, 2048, 2048)),
}


@pytest.mark.parametrize("name", FILES)
def test_real_file(shared_data, name):
    path = shared_data / name
    with open_source(path) as source:
        assert (source.info.axes, source.info.shape) == FILES[name]
        pixels = source.read(0, source.info.n_frames)
    np.testing.assert_array_equal(pixels.reshape(source.info.shape), tifffile.imread(path))


def test_interleaved_composite(shared_data):
    path = shared_data / "bioimagenotebooks/hela-cells.tif"
    with open_source(path) as source:
        assert source.info.pixel_size_um == pytest.approx((0.0515,) * 3, abs=1e-4)
        np.testing.assert_array_equal(source.read(0, 1, channel=2)[0, 0], tifffile.imread(path)[..., 2])
