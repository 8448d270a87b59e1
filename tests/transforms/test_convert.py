"""The same warp in scikit-image, OpenCV and SimpleITK."""

from typing import Any

import cv2
import numpy as np
import pytest
import SimpleITK
from numpy.typing import NDArray
from scipy import ndimage
from skimage import transform as skimage_transform

from holdstill.errors import InputError, MissingExtra
from holdstill.extras import require
from holdstill.transforms import Transform

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


def corrected(frame: NDArray[Any], transform: Transform) -> NDArray[np.float64]:
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
