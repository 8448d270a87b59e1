"""Other programs as commands of `holdstill evaluate`: landmarks of one image on the other, in a table.

    holdstill evaluate pairs.csv -o out \
        --command "sift=python -m benchmarks.landmark_peers sift {fixed} {moving} {moving_points} {out}" \
        --command "simpleitk=python -m benchmarks.landmark_peers simpleitk {fixed} {moving} {fixed_points} {out}" \
        --command "elastix=python -m benchmarks.landmark_peers elastix {fixed} {moving} {fixed_points} {out}" \
        --command "ants=python -m benchmarks.landmark_peers ants {fixed} {moving} {fixed_points} {out}"
"""

from __future__ import annotations

import contextlib
import csv
import sys
import tempfile
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

ANGLES_DEG, WORKING_PX = (0.0, 90.0, 180.0, 270.0), 1024


def read(path: str) -> NDArray[np.float32]:
    """Grey, dark where there is stain."""
    image = imagecodecs.imread(path)
    return np.asarray(image[..., :3].mean(axis=-1) if image.ndim == 3 else image, np.float32)


def read_table(path: str) -> NDArray[np.float64]:
    with open(path, newline="", encoding="utf-8") as file:
        return np.array([[float(row["X"]), float(row["Y"])] for row in csv.DictReader(file)])


def sift(fixed: NDArray[np.float32], moving: NDArray[np.float32], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """OpenCV's SIFT, ratio test 0.8, affine by RANSAC: points of the moving image on the fixed one, (x, y)."""
    detector = cv2.SIFT_create()
    keys, words = zip(
        *(detector.detectAndCompute(image.astype(np.uint8), None) for image in (moving, fixed)), strict=True
    )
    pairs = [one for one, two in cv2.BFMatcher().knnMatch(*words, k=2) if one.distance < 0.8 * two.distance]
    source, target = (
        np.float64([keys[0][one.queryIdx].pt for one in pairs]), np.float64([keys[1][one.trainIdx].pt for one in pairs])
    )  # fmt: skip
    matrix, _ = cv2.estimateAffine2D(source, target, ransacReprojThreshold=5.0)
    if matrix is None:
        raise SystemExit("no affine transform found")
    return points @ matrix[:, :2].T + matrix[:, 2]


def simpleitk(
    fixed: NDArray[np.float32], moving: NDArray[np.float32], points: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Affine from several angles and B-spline by mutual information: points of the fixed image on the moving one."""
    import SimpleITK as sitk  # noqa: N813

    step = max(1, max(*fixed.shape, *moving.shape) // WORKING_PX)
    images = [sitk.GetImageFromArray(np.ascontiguousarray(image[::step, ::step])) for image in (fixed, moving)]

    def make(levels: tuple[int, ...], shrink: tuple[int, ...]) -> sitk.ImageRegistrationMethod:
        method = sitk.ImageRegistrationMethod()
        method.SetMetricAsMattesMutualInformation(32)
        method.SetMetricSamplingStrategy(method.RANDOM)
        method.SetMetricSamplingPercentage(0.2, 1)
        method.SetInterpolator(sitk.sitkLinear)
        method.SetShrinkFactorsPerLevel(shrink)
        method.SetSmoothingSigmasPerLevel(levels)
        return method

    ends = []
    for angle in ANGLES_DEG:
        start = sitk.CenteredTransformInitializer(*images, sitk.AffineTransform(2))
        begun = sitk.AffineTransform(start)
        begun.Rotate(0, 1, np.deg2rad(angle))
        method = make((4, 2, 1), (8, 4, 2))
        method.SetOptimizerAsRegularStepGradientDescent(1.0, 1e-3, 100)
        method.SetOptimizerScalesFromPhysicalShift()
        method.SetInitialTransform(begun, inPlace=True)
        method.Execute(*images)
        ends.append((method.GetMetricValue(), begun))
    affine = min(ends, key=lambda end: end[0])[1]
    spline = sitk.BSplineTransformInitializer(images[0], [8, 8])
    method = make((2, 1), (4, 2))
    method.SetOptimizerAsLBFGSB(numberOfIterations=60)
    method.SetMovingInitialTransform(affine)
    method.SetInitialTransform(spline, inPlace=True)
    method.Execute(*images)
    both = sitk.CompositeTransform([affine, spline])
    return np.array([both.TransformPoint((point / step).tolist()) for point in points]) * step


def elastix(
    fixed: NDArray[np.float32], moving: NDArray[np.float32], points: NDArray[np.float64]
) -> NDArray[np.float64]:
    """itk-elastix's own affine and B-spline maps: points of the fixed image on the moving one."""
    import itk

    images = [itk.image_from_array(np.ascontiguousarray(image)) for image in (fixed, moving)]
    settings = itk.ParameterObject.New()
    for kind in ("affine", "bspline"):
        settings.AddParameterMap(settings.GetDefaultParameterMap(kind, 4))
    _, way = itk.elastix_registration_method(*images, parameter_object=settings, log_to_console=False)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):  # it leaves a file where it runs
        field = itk.array_from_image(itk.transformix_deformation_field(images[1], way))
    moves = [map_coordinates(field[..., axis], points.T[::-1], order=1, mode="nearest") for axis in range(2)]
    return points + np.stack(moves, axis=1)


def ants(fixed: NDArray[np.float32], moving: NDArray[np.float32], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """ANTsPy's SyN, affine first: points of the fixed image on the moving one."""
    import ants
    import pandas

    images = [ants.from_numpy(np.ascontiguousarray(image.T)) for image in (fixed, moving)]
    found = ants.registration(*images, type_of_transform="SyN", random_seed=1)
    table = pandas.DataFrame(points, columns=["x", "y"])
    moved = ants.apply_transforms_to_points(2, table, found["fwdtransforms"])
    return np.asarray(moved[["x", "y"]], np.float64)


def main() -> None:
    name, fixed, moving, points, out = sys.argv[1:]
    programs = {"sift": sift, "simpleitk": simpleitk, "elastix": elastix, "ants": ants}
    found = programs[name](read(fixed), read(moving), read_table(points))
    rows = "".join(f"{number},{x:.4f},{y:.4f}\n" for number, (x, y) in enumerate(found))
    Path(out).write_text(",X,Y\n" + rows, encoding="utf-8")


if __name__ == "__main__":
    main()
