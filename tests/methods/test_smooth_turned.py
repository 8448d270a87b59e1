"""Smooth pictures in noise, turned: the slopes of the noise are not taken for those of the picture."""

import numpy as np
from scipy import ndimage

from holdstill.contracts import NoiseModel, Reference
from holdstill.devices.cpu import CpuDevice
from holdstill.evaluation.pictures import warp_picture
from holdstill.evaluation.warped import corner_distances
from holdstill.methods.likelihood.judged_warp import judge_warps, make_warp_judge
from holdstill.transforms import Transform
from holdstill.transforms.motions import find_matrix_motion
from holdstill.transforms.trajectory import Trajectory


def test_a_smooth_picture_that_turned_is_refined_to_the_end() -> None:
    """Steps were a twentieth as long as they should be: pictures of a cell ended 1 to 4 px off, and were called ok."""
    rng, shape = np.random.default_rng(4), (180, 190)
    picture = 100 + 900 * ndimage.gaussian_filter(rng.normal(size=(220, 230)), 9)
    truth = Trajectory(find_matrix_motion("similarity"), np.array([[5.3, -3.6, 0.4, 1.05]]), shape)
    images = [warp_picture(picture, one, shape) for one in (Transform(np.eye(3)), truth.transform(0))]
    fixed, moving = (image + 15 * rng.normal(size=shape) for image in images)
    reference = Reference(image=fixed.astype(np.float32), noise=NoiseModel(read_variance=225.0), n_averaged=1)
    device, start = CpuDevice(), truth.parameters + np.array([[1.2, -0.8, 0.004, 0.003]])
    judge = make_warp_judge(reference, None, device)
    found = judge_warps(judge, "similarity", start, np.full(1, 9.0), moving[None].astype(np.float32), device, 10)
    off = corner_distances(Trajectory(truth.motion, found.parameters, shape), truth)[0]
    assert off < 0.3
