"""Every family of motion is held to the contract."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from holdstill.contracts import ControlGrid, Covariance, Motion
from holdstill.errors import InputError, UnknownName
from holdstill.testing.motions import MotionTests, draw_parameters
from holdstill.transforms.motions import MADE_FOR_SHAPE, MOTIONS, find_matrix_motion, find_motion, find_warp_motion
from holdstill.transforms.motions.dense import make_dense
from holdstill.transforms.motions.grid import GridMotion
from holdstill.transforms.motions.planes import PLANES
from holdstill.transforms.trajectory import Trajectory

# odd and even, and no side a multiple of the factors by which frames shrink
SHAPES = {2: (23, 38), 3: (9, 22, 31)}
CHAINED = [(name, ndim) for name, family in MOTIONS.items() for ndim in family.ndims if name != "bilinear"]


CHAINED_2D = [name for name, ndim in CHAINED if ndim == 2]


class TestMatrices(MotionTests):
    @pytest.fixture(params=CHAINED, ids=str)
    def case(self, request: pytest.FixtureRequest) -> tuple[str, int]:
        found: tuple[str, int] = request.param
        return found

    @pytest.fixture
    def motion(self, case: tuple[str, int]) -> Motion:
        return find_motion(case[0])

    @pytest.fixture
    def shape(self, case: tuple[str, int]) -> tuple[int, ...]:
        return SHAPES[case[1]]


class TestBilinear(MotionTests):
    inverts = composes = False
    pixel_accuracy = 2e-2

    @pytest.fixture
    def motion(self) -> Motion:
        return find_motion("bilinear")

    @pytest.fixture
    def shape(self) -> tuple[int, ...]:
        return SHAPES[2]


class TestDense(MotionTests):
    @pytest.fixture(params=[2, 3])
    def shape(self, request: pytest.FixtureRequest) -> tuple[int, ...]:
        return {2: SHAPES[2], 3: (30, 40, 50)}[request.param]  # so large that a few px fold nothing

    @pytest.fixture
    def motion(self, shape: tuple[int, ...]) -> Motion:
        return make_dense(shape, "3x4" if len(shape) == 2 else "2x3x2")

    @pytest.fixture
    def exact_points(self, motion: Motion) -> np.ndarray:
        return motion.grid.points()  # type: ignore[attr-defined]


class TestPlanes(MotionTests):
    @pytest.fixture(params=PLANES)
    def motion(self, request: pytest.FixtureRequest) -> Motion:
        return find_motion(request.param, SHAPES[3])

    @pytest.fixture
    def shape(self) -> tuple[int, ...]:
        return SHAPES[3]

    def test_one_after_another(self, one: Trajectory, other: Trajectory, exact_points: np.ndarray) -> None:
        super().test_one_after_another(one, other, exact_points)
        with pytest.raises(InputError, match="knows no reference 'pairs'"):
            one.motion.check_sequential("pairs")

    def choose_shift(self, one: Trajectory) -> np.ndarray:
        shift = super().choose_shift(one)
        shift[[axis for axis in range(3) if one.motion.name == f"planes-{'zyx'[axis]}"]] = 0
        return shift

    def choose_factors(self, one: Trajectory) -> np.ndarray:
        factors = super().choose_factors(one)
        factors[[axis for axis in range(3) if one.motion.name == f"planes-{'zyx'[axis]}"]] = 1
        return factors

    def corner_parameters(self, one: Trajectory) -> list[int]:
        return []  # the mean over all planes stands for the corners, which only the outermost planes have

    def test_errors_of_corners(self, one: Trajectory) -> None:
        variances = np.full(one.parameters.shape[1], 9.0)
        variances[:2] = np.nan  # a dark plane
        covariance = Covariance.of_errors(np.tile(np.sqrt(variances), (len(one), 1)))
        np.testing.assert_allclose(one.corner_errors(covariance), 3 * np.sqrt(2))

    def test_planes_cannot_be_binned_along_the_stack(self, one: Trajectory) -> None:
        smaller = tuple(n // 2 for n in one.shape)
        with pytest.raises(InputError, match="is of single planes; leave out bin"):
            one.rescale(np.full(3, 2.0), np.zeros(3), smaller)


GRIDS = {
    "blocks": ((23, 38), (6, 12), (0, 1)),
    "lines": ((23, 38), (1, None), (0, 1)),
    "sideways": ((23, 38), (8, 8), (1,)),
    "volume": ((9, 22, 31), (4, 8, None), (0, 1, 2)),
}


class TestGrids(MotionTests):
    @pytest.fixture(params=GRIDS)
    def case(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.fixture
    def shape(self, case: str) -> tuple[int, ...]:
        return GRIDS[case][0]

    @pytest.fixture
    def motion(self, case: str) -> Motion:
        shape, spacing, moved = GRIDS[case]
        return GridMotion(case, ControlGrid.from_spacing(shape, spacing, moved))

    @pytest.fixture
    def one(self, motion: GridMotion, shape: tuple[int, ...]) -> Trajectory:
        """Displacements that do not fold: neighbours differ by less than their distance."""
        return self.make(motion, shape, 1)

    @pytest.fixture
    def other(self, motion: GridMotion, shape: tuple[int, ...]) -> Trajectory:
        return self.make(motion, shape, 2)

    @staticmethod
    def make(motion: GridMotion, shape: tuple[int, ...], seed: int) -> Trajectory:
        size = 0.15 * min(
            step for step, count in zip(motion.grid.spacings, motion.grid.counts, strict=True) if count > 1
        )
        parameters = np.random.default_rng(seed).uniform(-size, size, (4, motion.grid.n_parameters)) + 1.3
        return Trajectory(motion, parameters, shape)

    @pytest.fixture
    def exact_points(self, motion: GridMotion) -> np.ndarray:
        return motion.grid.points()

    def choose_shift(self, one: Trajectory) -> np.ndarray:
        shift = np.zeros(one.ndim)
        shift[list(one.transform(0).grid.moved)] = 2.5
        return shift


def test_names_say_which_point_moves_along_which_axis() -> None:
    grid = ControlGrid(counts=(2, 1, 3), origins=(0, 0, 0), spacings=(1, 1, 1), moved=(1, 2))
    names = GridMotion("piecewise", grid).names(3)
    assert names[:3] == ("node_0_0_0_shift_y_px", "node_0_0_0_shift_x_px", "node_0_0_1_shift_y_px")
    assert names[-1] == "node_1_0_2_shift_x_px"


def test_a_family_is_entered_by_its_name_and_a_detail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A spacing after a colon: what is saved by name opens with the same control points."""

    def make(shape: tuple[int, ...], detail: str) -> Motion:
        spacing = (float(detail),) * len(shape)
        return GridMotion(f"patches:{detail}", ControlGrid.from_spacing(shape, spacing))

    monkeypatch.setitem(MADE_FOR_SHAPE, "patches", make)
    moves = Trajectory.of("patches:8", np.ones((1, 30)), (23, 38))
    assert moves.motion == find_motion(moves.motion.name, (23, 38))
    assert (moves.motion.name, moves.shifts.tolist()) == ("patches:8", [[1, 1]])


def test_lifted_transforms_move_each_plane_alike() -> None:
    points = np.random.default_rng(0).uniform(0, 20, (9, 2))
    for name in ("translation", "rigid", "similarity", "affine"):
        motion = find_motion(name)
        flat = Trajectory(motion, motion.identity(2)[None] + 0.03, (23, 38))
        volume = flat.lift((9, 23, 38))
        found = volume.transform(0).map(np.column_stack([np.full(9, 7.0), points]))
        np.testing.assert_allclose(found[:, 0], 7.0, atol=1e-12)
        np.testing.assert_allclose(found[:, 1:], flat.transform(0).map(points), atol=1e-9)
    for name in ("projective", "bilinear", "planes-z"):
        motion = find_motion(name, (9, 23, 38))
        with pytest.raises(InputError, match="does not go with project; choose translation"):
            motion.lift(motion.identity(2)[None])


def test_what_there_is_not() -> None:
    with pytest.raises(UnknownName, match=r"choose one of translation, rigid, .*planes-x"):
        find_motion("wobble")
    with pytest.raises(UnknownName, match="take 'planes-z'"):
        find_motion("planes-z:8", SHAPES[3])
    for name, ndim, text in (
        ("planes-z", 2, "only; here choose one of translation"),
        ("bilinear", 3, "for volumes choose one of translation"),
    ):
        with pytest.raises(InputError, match=text):
            find_motion(name).check(ndim)


@given(name=st.sampled_from(CHAINED_2D), rows=hnp.arrays(np.float64, (2, 9), elements=st.floats(-1, 1)))
def test_transforms_and_their_inverses_cancel(name: str, rows: np.ndarray) -> None:
    motion = find_motion(name)
    spread = [30.0 if k < 2 else 0.3 if "per_px" not in n else 1e-3 for k, n in enumerate(motion.names(2))]
    one = Trajectory(motion, motion.identity(2) + rows[:, : len(spread)] * spread, SHAPES[2])
    points = np.array([[0.0, 0], [22, 37], [3, 30]])
    for both in (one.compose(one.invert()), one.invert().compose(one), one.relative_to(one.parameters)):
        for t in range(2):
            np.testing.assert_allclose(both.transform(t).map(points), points, atol=1e-8)


@pytest.mark.parametrize("name", ["affine", "projective", "bilinear"])
def test_affine_coefficients_are_also_those_of_wider_kinds(name: str) -> None:
    affine, wide = find_warp_motion("affine"), find_warp_motion(name)
    points = np.array([[0.0, 0], [7, -3], [-11, 5]])
    warps = affine.warps(draw_parameters(affine, 2), 2)
    found = wide.map_about_centre(wide.widen_affine(warps), points)
    np.testing.assert_allclose(found, affine.map_about_centre(warps, points), atol=1e-12)


@pytest.mark.parametrize(("name", "ndim"), CHAINED)
def test_matrices_are_told_by_the_narrowest_motion(name: str, ndim: int) -> None:
    motion = find_motion(name)
    given = Trajectory(motion, draw_parameters(motion, ndim), SHAPES[ndim])
    matrices = np.array([given.transform(t).matrix for t in range(4)]) * np.array([1.0, 2, -3, 0.5])[:, None, None]
    found = Trajectory.of_matrices(matrices, SHAPES[ndim])
    assert found.motion.name == name
    np.testing.assert_allclose(found.parameters, given.parameters, atol=1e-9)


def test_mirrored_frames_are_of_no_motion() -> None:
    with pytest.raises(InputError, match="mirrored"):
        Trajectory.of_matrices(np.diag([-1.0, 1, 1])[None], SHAPES[2])


def test_angles_near_to_others() -> None:
    """A whole turn more or less, about the same axis."""
    rigid, axis = find_motion("rigid"), np.array([2.0, -1, 2]) / 3
    flat = rigid.approach(np.array([[5, 6, -3.1]]), np.array([[0, 0, 3.1]]), 2)
    np.testing.assert_allclose(flat, [[5, 6, 2 * np.pi - 3.1]])
    for turned, near in ((-3.1, 3.1), (3.1, -3.1), (0.5, 0.4)):
        rows = [np.concatenate([[1.0, 2, 3], angle * axis])[None] for angle in (turned, near)]
        whole = 2 * np.pi * np.rint((near - turned) / (2 * np.pi))
        found = rigid.approach(rows[0], rows[1], 3)
        np.testing.assert_allclose(found[0, 3:], (turned + whole) * axis)


def test_order_of_a_quarter_turn() -> None:
    """A turn and a shift do not commute: in whole numbers, by hand."""
    turn, shift = (Trajectory.of("rigid", np.array([row]), (5, 5)) for row in ([0, 0, np.pi / 2], [1, 0, 0]))
    # y turns towards x: (1, 0) about the centre goes to (0, 1)
    np.testing.assert_allclose(turn.transform(0).map([[3.0, 2.0]]), [[2.0, 3.0]], atol=1e-12)
    np.testing.assert_allclose(turn.compose(shift).parameters, [[0, 1, np.pi / 2]], atol=1e-12)
    np.testing.assert_allclose(shift.compose(turn).parameters, [[1, 0, np.pi / 2]], atol=1e-12)
    np.testing.assert_allclose(turn.relative_to(shift.parameters[0]).parameters, [[0, -1, np.pi / 2]], atol=1e-12)
    np.testing.assert_allclose(shift.relative_to(turn.parameters[0]).parameters, [[1, 0, -np.pi / 2]], atol=1e-12)


@pytest.mark.parametrize("name", ["translation", "rigid", "similarity", "affine", "projective"])
def test_points_that_moved_tell_the_motion(name: str) -> None:
    """As many points as it takes are met exactly; more of them, with errors, in the mean."""
    motion = find_matrix_motion(name)
    n_parameters = motion.count_parameters(2)
    parameters = motion.identity(2) + np.array([0.3, -0.2, 0.04, 0.05, -0.03, 0.02, 4e-4, -5e-4])[:n_parameters]
    matrix = motion.matrices(parameters[None], 2)[0]
    fixed = np.array([[-30.0, 4.0], [25.0, -8.0], [2.0, 40.0], [-11.0, -17.0]])
    for k in ((n_parameters + 1) // 2, 4):
        there = np.column_stack([fixed[:k], np.ones(k)]) @ matrix.T
        found = motion.fit_points(fixed[:k], there[:, :2] / there[:, 2:])
        np.testing.assert_allclose(found / found[2, 2], matrix / matrix[2, 2], atol=1e-9)


@pytest.mark.parametrize(("name", "ndim"), [(name, ndim) for name, family in MOTIONS.items() for ndim in family.ndims])
def test_the_tangent_is_the_derivative_of_a_step(name: str, ndim: int) -> None:
    """Central differences about coefficients that are not those of the identity."""
    motion = find_warp_motion(name)
    start = motion.identity(ndim) + np.random.default_rng(3).uniform(-0.02, 0.02, motion.count_parameters(ndim))
    warps = motion.warps(start[None], ndim)
    tangent = motion.tangent(warps, ndim)[0]
    steps = 1e-5 * np.eye(tangent.shape[1])[:, None]
    slopes = [(motion.step(warps, step, ndim) - motion.step(warps, -step, ndim))[0] / 2e-5 for step in steps]
    np.testing.assert_allclose(tangent, np.stack(slopes, axis=-1), atol=1e-8)


@pytest.mark.parametrize(
    ("shift", "share"), [((3, 0), 12 / 15), ((-3, 0), 12 / 15), ((0, 14), 8 / 15), ((-2, 4), 13 / 15 * 13 / 15)]
)
@pytest.mark.parametrize("motion", ["affine", "projective", "bilinear"])
def test_the_overlap_is_the_share_of_a_grid_that_is_shown(motion: str, shift: tuple[int, int], share: float) -> None:
    """Fifteen points along each axis, here 1 and 2 px apart; what lies on the border is shown."""
    family = find_motion(motion)
    parameters = family.identity(2)[None].copy()
    parameters[0, :2] = shift
    assert family.overlaps(parameters, (15, 29)).tolist() == pytest.approx([share], abs=1e-12)


def test_which_families_keep_distances() -> None:
    known = [name for name in MOTIONS if find_warp_motion(name).keeps_size]
    assert known == ["translation", "rigid"]
    assert [name for name in MOTIONS if find_warp_motion(name).shifts_only] == ["translation"]


class TestPiecewise(MotionTests):
    # the way back is linear between control points: of these, 20 px apart and 6 px from their neighbours, within 1.5 px
    pixel_accuracy = 1.5

    @pytest.fixture(params=[(60, 81), (24, 40, 44)])
    def shape(self, request: pytest.FixtureRequest) -> tuple[int, ...]:
        shape: tuple[int, ...] = request.param
        return shape

    @pytest.fixture
    def motion(self, shape: tuple[int, ...]) -> Motion:
        return find_motion("piecewise:20", shape)

    @pytest.fixture
    def exact_points(self, motion: Motion) -> np.ndarray:
        assert isinstance(motion, GridMotion)
        return motion.grid.points()

    def corner_parameters(self, one: Trajectory) -> list[int]:
        return [0, one.ndim - 1, one.parameters.shape[1] - 1, one.ndim]

    def test_relative_to_a_shift(self, one: Trajectory, exact_points: np.ndarray) -> None:
        shift = np.array([2.0, -3.0, 4.0])[-one.ndim :]
        found = one.relative_to(np.tile(shift, one.parameters.shape[1] // one.ndim))
        for t in range(len(one)):
            expected = one.transform(t).map(exact_points - shift)
            np.testing.assert_allclose(found.transform(t).map(exact_points), expected, atol=1e-9)


def test_names_of_grids_make_the_same_grid_again() -> None:
    motion = find_motion("piecewise:20", (61, 81))
    small, _ = motion.rescale(np.zeros((1, 40)), np.array([2.0, 3.0]), np.zeros(2), (61, 81), (30, 27))
    assert find_motion(small.name, (30, 27)) == small
    assert isinstance(motion, GridMotion)
    assert motion.grid.counts == (4, 5)
    assert motion.grid.positions(1)[[0, -1]].tolist() == [0, 80]
    assert find_motion("piecewise", (40, 200)).names(2)[:2] == ("node_0_0_shift_y_px", "node_0_0_shift_x_px")
    for name in ("piecewise:1", "piecewise:x", "piecewise:8x8x8", "piecewise:3x3@0/1"):
        with pytest.raises(UnknownName, match="there is no motion"):
            find_motion(name, (60, 60))


def test_control_points_are_read_as_they_are_laid_out() -> None:
    """Two displacements for each of 3 x 4 points, side by side in the row of parameters."""
    grid = ControlGrid(counts=(3, 4), origins=(0.0, 0.0), spacings=(8.0, 9.0), moved=(0, 1))
    motion = GridMotion("grid", grid)
    parameters = np.arange(48.0).reshape(2, 24)
    nodes = motion.nodes(parameters)
    assert nodes.shape == (2, 2, 3, 4)
    assert nodes[1, :, 0, 1].tolist() == [26, 27]
    assert nodes[0, :, 1, 0].tolist() == [8, 9]
    np.testing.assert_array_equal(motion.read_nodes(nodes), parameters)


@pytest.mark.parametrize(
    ("name", "here"),
    [("rigid_body", "rigid"), ("RIGID_BODY", "rigid"), ("euclidean", "rigid"), ("scaled_rotation", "similarity"),
     ("homography", "projective"), ("Translation", "translation"), ("Dense", "dense")],
)  # fmt: skip
def test_what_others_call_a_motion_is_answered_with_its_name_here(name: str, here: str) -> None:
    with pytest.raises(UnknownName, match=f"there is no motion '{name}'; here it is called '{here}'"):
        find_motion(name)
