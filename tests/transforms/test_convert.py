"""The same warp in scikit-image, OpenCV and SimpleITK."""

from typing import Any

import cv2
import numpy as np
import pytest
import SimpleITK
from numpy.typing import NDArray
from scipy import ndimage
from skimage import transform as skimage_transform

from holdstill.contracts import AnyTransform
from holdstill.devices.cpu.device import CpuDevice
from holdstill.errors import InputError, MissingExtra
from holdstill.extras import require
from holdstill.transforms import Transform
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

C, S = np.cos(0.1), np.sin(0.1)
PLANES = {
    "shift": [[1, 0, 3.25], [0, 1, -7.5], [0, 0, 1]],
    "turned": [[C, -S, 6.0], [S, C, -2.0], [0, 0, 1]],
    "affine": [[1.1, -0.07, 3.0], [0.15, 0.92, -4.0], [0, 0, 1]],
    "projective": [[1.02, -0.05, 3.0], [0.04, 0.97, 2.0], [2e-4, -3e-4, 1]],
}
VOLUME = [[1.02, 0.03, -0.02, 1.5], [-0.04, 0.98, 0.05, -2.25], [0.01, -0.06, 1.03, 3.0], [0, 0, 0, 1]]


def scene(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Blobs that no symmetry maps to themselves."""
    rng, grid = np.random.default_rng(2), np.indices(shape).astype(float)
    made = np.zeros(shape)
    for _ in range(25):
        centre, size = rng.uniform(0, shape), rng.uniform(3, 6)
        made += rng.uniform(0.3, 1) * np.exp(
            -0.5 * sum((g - c) ** 2 for g, c in zip(grid, centre, strict=True)) / size**2
        )
    return made


def corrected(frame: NDArray[Any], transform: AnyTransform) -> NDArray[np.float64]:
    """The frame at T(p), by linear interpolation; NaN outside."""
    points = np.indices(frame.shape).reshape(frame.ndim, -1).T
    values = ndimage.map_coordinates(frame, transform.map(points).T, order=1, cval=np.nan)
    return values.reshape(frame.shape)


def assert_same(found: NDArray[Any], expected: NDArray[Any], atol: float) -> None:
    inside = ndimage.binary_erosion(np.isfinite(expected), iterations=2)
    assert inside.mean() > 0.4
    np.testing.assert_allclose(found[inside], expected[inside], atol=atol)


@pytest.mark.parametrize("name", PLANES)
def test_planes(name: str) -> None:
    frame, transform = scene((90, 120)), Transform(np.array(PLANES[name], float))
    expected = corrected(frame, transform)
    assert_same(skimage_transform.warp(frame, transform.to_skimage(), order=1), expected, 1e-9)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    matrix = transform.to_opencv()
    warp = cv2.warpAffine if len(matrix) == 2 else cv2.warpPerspective
    assert_same(warp(frame, matrix, (120, 90), flags=flags), expected, 0.02)  # coordinates in steps of 1/32 px
    for again in (Transform.from_skimage(transform.to_skimage()), Transform.from_opencv(matrix)):
        np.testing.assert_allclose(again.matrix, transform.matrix, atol=1e-12)


@pytest.mark.parametrize(
    ("matrix", "shape", "spacing"),
    [
        *(
            (PLANES[name], (90, 120), spacing)
            for name in ("shift", "turned", "affine")
            for spacing in (None, (0.5, 0.2))
        ),
        (VOLUME, (20, 40, 50), (2.0, 0.5, 0.25)),
    ],
)
def test_itk(matrix: Any, shape: tuple[int, ...], spacing: tuple[float, ...] | None) -> None:
    frame, transform = scene(shape), Transform(np.array(matrix, float))
    image = SimpleITK.GetImageFromArray(frame)
    image.SetSpacing((spacing or (1.0,) * len(shape))[::-1])
    found = SimpleITK.Resample(image, image, transform.to_itk(spacing), SimpleITK.sitkLinear, 0.0)
    assert_same(SimpleITK.GetArrayFromImage(found), corrected(frame, transform), 1e-6)
    again = Transform.from_itk(transform.to_itk(spacing), spacing)
    np.testing.assert_allclose(again.matrix, transform.matrix, atol=1e-9)


def bend(name: str, shape: tuple[int, ...]) -> Trajectory:
    """One frame of a motion that has no matrix, by 3 px at most."""
    motion = find_motion(name, shape)
    start = motion.identity(len(shape))
    by = np.random.default_rng(4).uniform(-3, 3, start.size)
    if name == "bilinear":
        by *= np.array((1, 1, *(0.01, 0.01, 2e-4) * 2))
    elif name == "dense":
        by[2:6] *= 0.01  # the affine part
    return Trajectory(motion, (start + by)[None], shape)


@pytest.mark.parametrize("name", ["piecewise:32", "lines:16", "dense", "bilinear"])
def test_planes_without_a_matrix(name: str) -> None:
    frame, trajectory = scene((90, 120)), bend(name, (90, 120))
    way, ours = trajectory.transform(0), np.empty((1, 90, 120), np.float32)
    trajectory.resample(
        CpuDevice(), frame[None].astype(np.float32), interpolation="linear", edge="constant", fill=np.nan, out=ours
    )
    expected = corrected(frame, way)
    points = np.indices(frame.shape).reshape(2, -1).T
    np.testing.assert_allclose(way.to_skimage().reshape(2, -1).T, way.map(points), rtol=0, atol=1e-10)
    assert_same(ours[0], expected, 1e-5)
    assert_same(skimage_transform.warp(frame, way.to_skimage(), order=1), expected, 1e-9)
    assert_same(cv2.remap(frame, *way.to_opencv(), cv2.INTER_LINEAR), expected, 0.02)  # in steps of 1/32 px


@pytest.mark.parametrize(
    ("name", "shape", "spacing"),
    [
        ("piecewise:32", (90, 120), None),
        ("lines:16", (90, 120), (0.5, 0.2)),
        ("dense", (90, 120), (0.5, 0.2)),
        ("bilinear", (90, 120), None),
        ("piecewise:8x20x20", (20, 40, 50), (2.0, 0.5, 0.25)),
        ("planes-z", (20, 40, 50), None),
    ],
)
def test_fields_of_itk(name: str, shape: tuple[int, ...], spacing: tuple[float, ...] | None) -> None:
    frame, way = scene(shape), bend(name, shape).transform(0)
    sizes = np.array(spacing or (1.0,) * len(shape))
    image = SimpleITK.GetImageFromArray(frame)
    image.SetSpacing(sizes[::-1].tolist())
    field = way.to_itk(spacing)
    point = np.array(shape) // 2
    found = np.array(field.TransformPoint((point * sizes)[::-1].tolist()))[::-1] / sizes
    np.testing.assert_allclose(found, way.map(point[None])[0], rtol=0, atol=1e-9)
    still = SimpleITK.Resample(image, image, field, SimpleITK.sitkLinear, 0.0)
    assert_same(SimpleITK.GetArrayFromImage(still), corrected(frame, way), 1e-6)
    if len(shape) == 3:
        assert_same(skimage_transform.warp(frame, way.to_skimage(), order=1), corrected(frame, way), 1e-9)
        with pytest.raises(InputError, match=r"^OpenCV warps planes; .*to_skimage"):
            way.to_opencv()


def test_other_classes_of_itk() -> None:
    shift = SimpleITK.TranslationTransform(2, (4.0, -3.0))
    np.testing.assert_allclose(Transform.from_itk(shift).shift, (-3.0, 4.0), atol=1e-12)


def test_what_has_no_counterpart_is_refused() -> None:
    volume, tilted = Transform(np.array(VOLUME, float)), Transform(np.array(PLANES["projective"], float))
    for call in (volume.to_skimage, volume.to_opencv, tilted.to_itk, lambda: volume.to_itk((1, 2))):
        with pytest.raises(InputError):
            call()
    with pytest.raises(InputError):
        Transform.from_skimage(np.eye(4))


def test_a_missing_package_is_one_line() -> None:
    with pytest.raises(MissingExtra, match=r'^this needs no_such_package: pip install "holdstill\[some\]"$'):
        require("no_such_package", "some", "this")
