"""What every family of motion must do: map points, and keep its word about them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from holdstill.contracts import Covariance, FloatArray, Motion
from holdstill.devices.plain import PlainDevice
from holdstill.errors import InputError
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["MotionTests", "draw_parameters"]

N_FRAMES = 4


def draw_parameters(motion: Motion, ndim: int, seed: int = 0, n: int = N_FRAMES) -> FloatArray:
    """Random parameters near the identity: px are some, angles, scales and shears some hundredths."""
    names = motion.names(ndim)
    spread = np.array([3.0 if name.endswith("_px") and "per_px" not in name else 0.04 for name in names])
    spread[[("per_px" in name) for name in names]] = 1e-4
    return motion.identity(ndim) + np.random.default_rng(seed).uniform(-1, 1, (n, len(names))) * spread


class MotionTests:
    """Inherit, and give fixtures `motion` and `shape`; say what the family lacks."""

    inverts = True
    composes = True

    @pytest.fixture
    def motion(self) -> Motion:
        """The family under test."""
        raise NotImplementedError

    @pytest.fixture
    def shape(self) -> tuple[int, ...]:
        """Shape of a frame."""
        raise NotImplementedError

    @pytest.fixture
    def points(self, shape: tuple[int, ...]) -> FloatArray:
        """Points of the frame, (m, ndim) px."""
        return np.random.default_rng(5).uniform(0, 1, (12, len(shape))) * (np.array(shape) - 1)

    @pytest.fixture
    def exact_points(self, points: FloatArray) -> FloatArray:
        """Points where one transform after another, and the inverse, are exact; `points` unless it says otherwise."""
        return points

    @pytest.fixture
    def one(self, motion: Motion, shape: tuple[int, ...]) -> Trajectory:
        """Some transforms."""
        return Trajectory(motion, draw_parameters(motion, len(shape), 1), shape)

    @pytest.fixture
    def other(self, motion: Motion, shape: tuple[int, ...]) -> Trajectory:
        """As many others."""
        return Trajectory(motion, draw_parameters(motion, len(shape), 2), shape)

    def test_parameters_have_names(self, motion: Motion, shape: tuple[int, ...]) -> None:
        """One name for each parameter, each of its own."""
        names = motion.names(len(shape))
        assert len(set(names)) == len(names) == motion.count_parameters(len(shape)) == len(motion.identity(len(shape)))
        motion.check(len(shape))

    def test_the_identity_moves_nothing(self, motion: Motion, shape: tuple[int, ...], points: FloatArray) -> None:
        """Its parameters map each point to itself, and show all of the reference."""
        still = Trajectory(motion, motion.identity(len(shape))[None], shape)
        np.testing.assert_allclose(still.transform(0).map(points), points, atol=1e-12)
        np.testing.assert_allclose(still.shifts, 0, atol=1e-12)
        assert still.overlaps().tolist() == [1.0]

    def test_many_frames_are_as_one(self, one: Trajectory, points: FloatArray) -> None:
        """Points, shifts and overlap of all frames are those of each."""
        mapped = one.motion.map_points(one.parameters, points, one.shape)
        centre = (np.array(one.shape) - 1) / 2
        for t in range(len(one)):
            transform = one.transform(t)
            assert transform.ndim == one.ndim
            np.testing.assert_allclose(mapped[t], transform.map(points), atol=1e-10)
            np.testing.assert_allclose(one.shifts[t], transform.map(centre[None])[0] - centre, atol=1e-10)
            np.testing.assert_allclose(one.shifts[t], transform.shift, atol=1e-10)
            np.testing.assert_allclose(one.part([t]).overlaps(), one.overlaps()[t])

    def test_no_frames_at_all(self, one: Trajectory) -> None:
        """Where no frame fits, what is known of none keeps its columns."""
        none = one.part([])
        ndim = none.ndim
        assert none.parameters.shape == none.rescale(np.ones(ndim), np.zeros(ndim), none.shape).parameters.shape
        assert none.parameters.shape == none.shift_reference(self.choose_shift(one)).parameters.shape
        assert (none.shifts.shape, none.overlaps().shape) == ((0, ndim), (0,))

    def test_the_way_back(self, one: Trajectory, points: FloatArray) -> None:
        """The inverse of one frame's transform undoes it, to a millionth of a px."""
        for t in range(len(one)):
            transform = one.transform(t)
            np.testing.assert_allclose(transform.inverse.map(transform.map(points)), points, atol=2e-6)
            np.testing.assert_allclose(transform.inverse.inverse.map(points), transform.map(points), atol=1e-9)

    def test_inverses_are_of_the_family(self, one: Trajectory, exact_points: FloatArray) -> None:
        """Inverted parameters map as the inverse does, or are refused."""
        if not self.inverts:
            with pytest.raises(InputError, match="inverse"):
                one.invert()
            return
        for t, transform in enumerate(_transforms(one.invert())):
            np.testing.assert_allclose(
                transform.map(exact_points), one.transform(t).inverse.map(exact_points), atol=2e-6
            )

    def test_one_after_another(self, one: Trajectory, other: Trajectory, exact_points: FloatArray) -> None:
        """``one o other`` maps by `other` first; or is refused."""
        if not self.composes:
            with pytest.raises(InputError, match="chained"):
                one.compose(other)
            with pytest.raises(InputError):
                one.motion.check_sequential("previous")
            return
        for t, both in enumerate(_transforms(one.compose(other))):
            expected = one.transform(t).map(other.transform(t).map(exact_points))
            np.testing.assert_allclose(both.map(exact_points), expected, atol=1e-9)

    def test_relative_to_an_origin(self, one: Trajectory, other: Trajectory, exact_points: FloatArray) -> None:
        """``T o O^-1``: first back to the reference, then to the frame; one origin for all, or one each."""
        if not self.composes:
            np.testing.assert_array_equal(one.relative_to(other.parameters[0]).parameters, one.parameters)
            return
        each, single = one.relative_to(other.parameters), one.relative_to(other.parameters[0])
        for t in range(len(one)):
            for found, origin in ((each, other.transform(t)), (single, other.transform(0))):
                expected = one.transform(t).map(origin.inverse.map(exact_points))
                np.testing.assert_allclose(found.transform(t).map(exact_points), expected, atol=2e-6)

    def test_a_reference_that_was_moved(self, one: Trajectory, exact_points: FloatArray) -> None:
        """``p -> T(p - shift)``."""
        if not self.composes:
            return
        shift = self.choose_shift(one)
        for t, moved in enumerate(_transforms(one.shift_reference(shift))):
            expected = one.transform(t).map(exact_points - shift)
            np.testing.assert_allclose(moved.map(exact_points), expected, atol=1e-9)

    def choose_shift(self, one: Trajectory) -> FloatArray:
        """A shift of the reference along the axes that move."""
        return np.array([2.0, -3.0, 4.0])[-one.ndim :]

    def test_frames_of_another_size(self, one: Trajectory, points: FloatArray) -> None:
        """Pixel d of the smaller frames lies at ``factors * d + offset`` of these, from the centres; and back again."""
        factors = self.choose_factors(one)
        target = tuple(int(n // f) for n, f in zip(one.shape, factors, strict=True))
        offset = (np.array(target) * factors - np.array(one.shape)) / 2  # what is left over at the far end
        small = one.rescale(factors, offset, target)
        centres = (np.array(one.shape) - 1) / 2, (np.array(target) - 1) / 2

        def shrink(positions: FloatArray) -> FloatArray:
            return (positions - centres[0] - offset) / factors + centres[1]

        for t in range(len(one)):
            expected = shrink(one.transform(t).map(points))
            np.testing.assert_allclose(small.transform(t).map(shrink(points)), expected, atol=1e-9)
            again = small.rescale(1 / factors, -offset / factors, one.shape).transform(t)
            np.testing.assert_allclose(again.map(points), one.transform(t).map(points), atol=1e-9)

    def choose_factors(self, one: Trajectory) -> FloatArray:
        """By how much frames may shrink along each axis."""
        return np.array([2.0, 4.0, 3.0])[-one.ndim :]

    def test_between_two_transforms(self, one: Trajectory, other: Trajectory) -> None:
        """At the ends these themselves; between two that are the same, that one."""
        before, after = one.parameters, other.parameters
        shares = np.array([0.0, 1.0, 0.0, 1.0])
        found = one.motion.interpolate(before, after, shares, one.ndim)
        np.testing.assert_allclose(found, np.where(shares[:, None] == 1, after, before), atol=1e-12)
        still = one.motion.interpolate(before, before, np.array([0.3, 0.5, -1.0, 2.0]), one.ndim)
        np.testing.assert_allclose(still, before, atol=1e-12)

    def test_parameters_near_to_others_mean_the_same(
        self, one: Trajectory, other: Trajectory, points: FloatArray
    ) -> None:
        """Told by other parameters, transforms stay what they are; those that are near already stay to the bit."""
        near = other.parameters + [2 * np.pi * ("rad" in name) for name in one.motion.names(one.ndim)]
        found = Trajectory(one.motion, one.motion.approach(one.parameters, near, one.ndim), one.shape)
        for t, again in enumerate(_transforms(found)):
            np.testing.assert_allclose(again.map(points), one.transform(t).map(points), atol=1e-9)
        same = one.motion.approach(one.parameters, one.parameters, one.ndim)
        np.testing.assert_array_equal(same, one.parameters)

    def test_narrower_families_are_held(self, motion: Motion, shape: tuple[int, ...], points: FloatArray) -> None:
        """Their transforms are the same as members of this family; others are refused."""
        ndim = len(shape)
        for name in motion.holds:
            narrow = find_motion(name)
            given = Trajectory(narrow, draw_parameters(narrow, ndim, 3), shape)
            for t, wide in enumerate(_transforms(given.widen(motion))):
                np.testing.assert_allclose(wide.map(points), given.transform(t).map(points), atol=1e-9)
        stranger = next(name for name in ("bilinear", "translation") if name not in (motion.name, *motion.holds))
        with pytest.raises(InputError, match="cannot be written as"):
            motion.embed(find_motion(stranger), np.zeros((1, 8)), ndim)

    def test_overlap(self, motion: Motion, shape: tuple[int, ...]) -> None:
        """What a frame shows lies between all and nothing, and is nothing far away."""
        parameters = draw_parameters(motion, len(shape), 4)
        shares = motion.overlaps(parameters, shape)
        assert ((shares > 0.3) & (shares <= 1)).all()
        far = parameters + [1e4 * ("shift" in name) for name in motion.names(len(shape))]
        assert not motion.overlaps(far, shape).any()

    def test_errors_of_corners(self, one: Trajectory) -> None:
        """The error of each parameter alone moves the corners as far as the parameter itself does."""
        corners = np.stack(np.meshgrid(*((0, n - 1) for n in one.shape), indexing="ij"), -1).reshape(-1, one.ndim)
        n_params, step = one.parameters.shape[1], 1e-5
        for k in self.corner_parameters(one):
            moved = one.parameters + step * np.eye(n_params)[k]
            ways = one.motion.map_points(moved, corners.astype(float), one.shape)
            ways = ways - one.motion.map_points(one.parameters, corners.astype(float), one.shape)
            expected = np.sqrt((ways**2).sum(axis=2).mean(axis=1)) / step
            covariance = Covariance.of_errors(np.tile(np.eye(n_params)[k], (len(one), 1)))
            np.testing.assert_allclose(one.corner_errors(covariance), expected, rtol=1e-3, atol=1e-9)

    def corner_parameters(self, one: Trajectory) -> Any:
        """Numbers of the parameters to try."""
        return range(min(one.parameters.shape[1], 12))

    def test_errors_follow_what_is_done_to_the_parameters(self, one: Trajectory) -> None:
        """Twice the parameters have four times their covariance."""
        n_params = one.parameters.shape[1]
        root = np.random.default_rng(6).normal(size=(len(one), n_params, n_params))
        full = Covariance.of_matrices(root @ root.transpose(0, 2, 1))
        (found,) = one.propagate(lambda t: Trajectory(t.motion, 2 * t.parameters, t.shape), full)
        np.testing.assert_allclose(found.matrices, 4 * full.matrices, rtol=1e-6, atol=1e-6)

    def test_pixels_go_where_points_go(self, one: Trajectory) -> None:
        """A ramp along each axis, corrected, shows where each pixel was; moved back, where it comes from."""
        ramps = np.indices(one.shape).astype(np.float32)
        grid = np.moveaxis(np.indices(one.shape), 0, -1).reshape(-1, one.ndim).astype(float)
        single, out = one.part([1]), np.empty((1, *one.shape), np.float32)
        there, back = single.transform(0).map(grid), single.transform(0).inverse.map(grid)
        settings: dict[str, Any] = {"interpolation": "linear", "fill": np.nan, "out": out}
        for axis, ramp in enumerate(ramps):
            for places, resample in ((there, single.resample), (back, single.resample_back)):
                extra: dict[str, Any] = {"edge": "constant"} if resample == single.resample else {}
                resample(PlainDevice(), ramp[None], **settings, **extra)
                known = np.isfinite(out[0])
                assert known.mean() > 0.3
                expected = places[:, axis].reshape(one.shape)
                np.testing.assert_allclose(out[0][known], expected[known], atol=self.pixel_accuracy)

    # the way back of a bilinear map is not bilinear
    pixel_accuracy = 2e-3

    def test_nothing_that_is_given_is_changed(self, one: Trajectory, points: FloatArray) -> None:
        """Parameters and points stay as they were."""
        parameters, places = one.parameters.copy(), points.copy()
        one.motion.map_points(one.parameters, points, one.shape)
        one.transform(0).map(points)
        one.transform(0).inverse.map(points)
        one.relative_to(one.parameters[1])
        np.testing.assert_array_equal(one.parameters, parameters)
        np.testing.assert_array_equal(points, places)


def _transforms(trajectory: Trajectory) -> Any:
    return [trajectory.transform(t) for t in range(len(trajectory))]
