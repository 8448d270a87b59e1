"""Unlike volumes: turned by any angle, bent, of another contrast; what does not belong together is refused."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from scipy import ndimage
from scipy.spatial.transform import Rotation

import holdstill as hs
from holdstill.cli import run
from holdstill.contracts import Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError
from holdstill.estimators import Deformable
from holdstill.methods.sections.affine_fit import fit_affine, to_level, to_whole
from holdstill.methods.sections.local import make_picture
from holdstill.methods.sections.volume_rotations import list_rotations, measure_angle
from holdstill.transforms.motions import find_matrix_motion

SHAPE = (40, 52, 46)
CENTRE = (np.array(SHAPE) - 1) / 2


def smooth(size: float, seed: int, shape: tuple[int, ...] = SHAPE) -> np.ndarray:
    made = ndimage.gaussian_filter(np.random.default_rng(seed).standard_normal(shape), size, mode="reflect")
    return (made - made.mean()) / made.std()


def make_organ(seed: int) -> np.ndarray:
    """Light with structure of two sizes, within an uneven outline."""
    away = np.stack([(axis - c) / (0.4 * n) for axis, c, n in zip(np.indices(SHAPE), CENTRE, SHAPE, strict=True)])
    inside = 1 / (1 + np.exp(12 * (np.linalg.norm(away, axis=0) + 0.15 * smooth(6, seed) - 1)))
    return np.maximum(1 + 0.35 * smooth(1.5, seed + 1) + 0.4 * smooth(4, seed + 2), 0.05) * inside


def show(volume: np.ndarray, places: np.ndarray, seed: int = 0) -> np.ndarray:
    """What lies at places, (3, z, y, x), with another contrast and noise: uint16."""
    light = np.maximum(ndimage.map_coordinates(volume, places, order=3), 0)
    noise = np.random.default_rng(seed).normal(0, 20, light.shape)
    return np.clip(2000 * light**0.7 + 100 + noise, 0, 65535).astype(np.uint16)


def bend(seed: int, height_px: float) -> np.ndarray:
    return height_px * np.stack([smooth(9, seed + axis) for axis in range(3)])


def test_volumes_bend_there_and_back(tmp_path: Path) -> None:
    organ, field = make_organ(1), bend(20, 1.2)
    pixels = np.indices(SHAPE, dtype=float)
    # the moving volume shows at q what the fixed one shows at q + field(q)
    fixed, moving = show(organ, pixels, 1), show(organ, pixels + field, 2)
    found = hs.align(fixed, moving, motion="dense")
    assert found.ok.all()
    inside = np.argwhere(organ > 0.5)[::11].astype(float)

    places = found[0].map(inside)
    back = places + np.stack([ndimage.map_coordinates(one, places.T, order=1) for one in field], axis=1)
    assert np.median(np.linalg.norm(back - inside, axis=1)) < 0.25  # 1.7 px as they lie
    assert found.provenance["smallest_jacobian"] > 0.3
    np.testing.assert_allclose(found[0].inverse.map(found[0].map(inside)), inside, atol=1e-6)
    again = hs.load(found.save(tmp_path / "drift.json"))
    np.testing.assert_array_equal(again[0].map(inside), found[0].map(inside))
    aligned = found.apply(moving)
    assert aligned.shape == SHAPE
    inner = organ > 0.5
    likeness = [np.corrcoef(one[inner], fixed[inner])[0, 1] for one in (moving, aligned)]
    assert likeness[1] > 0.94
    assert likeness[0] < 0.8


@pytest.mark.parametrize("vector_deg", [(70, -50, 140)])
def test_volumes_are_found_at_any_angle(vector_deg: tuple[float, ...]) -> None:
    organ, turn = make_organ(5), Rotation.from_rotvec(np.deg2rad(vector_deg)).as_matrix()
    away = np.indices((56, 56, 56)) - 27.5
    moving = show(organ, np.tensordot(turn, away, 1) + CENTRE[:, None, None, None] + np.ones((3, 1, 1, 1)))
    found = hs.align(show(organ, np.indices(SHAPE), 3), moving, method="deformable", motion="rigid")
    assert found.ok.all()
    corners = np.array([[10.0, 10, 10], [30, 40, 12], [12, 40, 35], [30, 12, 35]])
    np.testing.assert_allclose(found[0].map(corners), (corners - CENTRE - 1) @ turn + 27.5, atol=0.3)


@pytest.mark.parametrize("seed", [30])
def test_unrelated_volumes_are_refused(seed: int) -> None:
    pixels = np.indices(SHAPE)
    found = hs.align(show(make_organ(seed), pixels), show(make_organ(seed + 9), pixels), motion="dense")
    assert not found.ok.any()


def test_volumes_without_content_are_blank() -> None:
    estimator, blank = Deformable(motion="affine"), np.zeros((1, *SHAPE), np.float32)
    state = estimator.prepare(Reference(image=show(make_organ(2), np.indices(SHAPE)).astype(np.float32)), CpuDevice())
    assert estimator.estimate(state, blank, CpuDevice()).verdicts == (Verdict.BLANK,)
    found = hs.align(show(make_organ(2), np.indices(SHAPE)), blank[0].astype(np.uint16), motion="dense")
    assert list(found.verdicts) == [Verdict.BLANK]
    assert not found.apply(blank[0]).any()


def test_rotations_lie_evenly() -> None:
    turns = list_rotations()
    np.testing.assert_allclose(turns @ turns.swapaxes(1, 2), np.broadcast_to(np.eye(3), turns.shape), atol=1e-12)
    some = Rotation.random(40, random_state=0).as_matrix()
    assert max(min(measure_angle(one, turn) for turn in turns) for one in some) < 25


def test_thin_volumes_keep_their_planes_and_turn_as_they_are() -> None:
    thin = make_organ(8)[14:26]
    picture = make_picture(thin.astype(np.float32), 4, (2.0,))
    assert picture.factors == (1, 4, 4)
    warp = np.column_stack([[0.4, 2.0, -3.0], Rotation.from_rotvec([0.1, 0, 0]).as_matrix()]).ravel()
    np.testing.assert_allclose(to_whole(to_level(warp, picture), picture), warp, atol=1e-12)
    fitted = fit_affine(picture, picture, to_level(warp, picture), find_matrix_motion("rigid"), CpuDevice())
    linear = to_whole(fitted, picture).reshape(3, 4)[:, 1:]
    np.testing.assert_allclose(linear @ linear.T, np.eye(3), atol=1e-9)
    with pytest.raises(InputError, match="too thin for Deformable"):
        hs.align(thin[:6], thin[:6], motion="dense")


def test_volumes_of_two_sizes_and_masks_from_the_command_line(tmp_path: Path) -> None:
    organ = make_organ(11)
    fixed, moving = show(organ, np.indices(SHAPE)), show(np.pad(organ, 3), np.indices((46, 58, 52)), 4)
    for name, volume in (("fixed", fixed), ("moving", moving)):
        tifffile.imwrite(tmp_path / f"{name}.ome.tif", volume, metadata={"axes": "ZYX"})
    names = [str(tmp_path / name) for name in ("fixed.ome.tif", "moving.ome.tif", "out.ome.tif")]
    assert run(["align", *names, "--motion", "affine", "--method", "deformable"]) == 0
    assert tifffile.imread(names[2]).shape == SHAPE
    np.testing.assert_allclose(hs.load(tmp_path / "out.drift.json")[0].map(CENTRE[None]), CENTRE[None] + 3, atol=0.2)
    mask = np.ones(SHAPE, bool)
    mask[:, :8] = False
    masked = hs.align(fixed, moving, method="deformable", motion="translation", mask=mask)
    np.testing.assert_allclose(masked.shifts, [[3, 3, 3]], atol=0.2)
    with pytest.raises(InputError, match="no levels"):
        hs.align(fixed, moving, level=0)
    with pytest.raises(InputError, match="single planes"):
        hs.align(fixed, moving[0], motion="dense")


def test_flat_volumes_keep_their_planes_and_bins_that_leave_none_are_refused() -> None:
    flat = smooth(2, 40, (9, 270, 40)).astype(np.float32)
    moving = np.roll(flat, (0, 3, -4), (0, 1, 2))
    found = hs.align(flat, moving, method="deformable", motion="rigid")
    np.testing.assert_allclose(found.shifts, [[0, 3, -4]], atol=0.2)
    with pytest.raises(InputError, match="bin=2 makes these volumes too thin"):
        hs.align(flat, moving, motion="dense", bin=2)
    single = hs.align(flat[:1, :40], np.concatenate([flat] * 29)[:, :40], method="deformable", motion="translation")
    assert not single.ok.any()  # one plane among 261, of which two became one
