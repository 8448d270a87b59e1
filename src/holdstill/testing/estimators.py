"""What every estimator of translations must do."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from holdstill.contracts import Device, Estimates, Estimator, Reference, Verdict
from holdstill.evaluation import trajectories
from holdstill.evaluation.accuracy import ratio_to_bound
from holdstill.evaluation.movies import Movie, make_movie
from holdstill.evaluation.presets import sparse, texture

__all__ = ["EstimatorTests"]

SHAPE = (120, 144)


class EstimatorTests:
    """Inherit, and give the fixtures `estimator` and `device`.

    What a method is not made for, a subclass says by these attributes.
    """

    accuracy = 1.3  # RMSE over the bound, on 40 shifts
    tolerance_px = 0.05  # of single shifts at high signal
    identity_px = 1e-3  # of the reference registered to itself
    reach = 0.4  # largest shift over the length of the frame

    @pytest.fixture
    def estimator(self) -> Estimator:
        """The estimator under test, with its default settings."""
        raise NotImplementedError

    @pytest.fixture
    def device(self) -> Device:
        """The device to run it on."""
        raise NotImplementedError

    @staticmethod
    def movie(shifts: Any, shape: tuple[int, ...] = SHAPE, photons: float = 400.0, **settings: Any) -> Movie:
        """A movie of a texture with exact truth."""
        return make_movie(texture(shape), np.asarray(shifts, float), photons=photons, seed=3, **settings)

    @staticmethod
    def run(estimator: Estimator, device: Device, movie: Movie, frames: Any = None, mask: Any = None) -> Estimates:
        """Estimate against the noise-free reference."""
        reference = Reference(image=movie.reference.astype(np.float32), noise=movie.noise, mask=mask)
        return estimator.estimate(
            estimator.prepare(reference, device), movie.frames if frames is None else frames, device
        )

    def test_sign_and_unit(self, estimator: Estimator, device: Device) -> None:
        """Content that moved down by 3 rows has shift (+3, 0), in pixels."""
        movie = self.movie([(3.0, 0.0), (0.0, -7.0), (-11.5, 4.25)])
        found = self.run(estimator, device, movie)
        np.testing.assert_allclose(found.parameters, movie.shifts, atol=self.tolerance_px)

    @pytest.mark.parametrize("shape", [SHAPE, (61, 97), (128, 96)])
    def test_accuracy_beside_the_bound(self, estimator: Estimator, device: Device, shape: tuple[int, ...]) -> None:
        """Sub-pixel errors stay near the bound, on odd sizes too."""
        movie = self.movie(trajectories.uniform(40, 8.0, seed=4), shape)
        found = self.run(estimator, device, movie)
        assert set(found.verdicts) == {Verdict.OK}
        assert ratio_to_bound(found.parameters, movie.shifts, movie.bounds) < self.accuracy

    def test_large_shifts(self, estimator: Estimator, device: Device) -> None:
        """Shifts up to `reach` are found; larger ones are found or flagged, never called ok where they are not."""
        for reach in (self.reach, 0.4):
            shares = np.array([(reach, 0.0), (0.0, -reach), (-0.75 * reach, 0.75 * reach)])
            movie = self.movie(shares * np.array(SHAPE))
            found = self.run(estimator, device, movie)
            off = np.abs(found.parameters - movie.shifts).max(axis=1)
            claimed = np.array([verdict is Verdict.OK for verdict in found.verdicts])
            assert claimed.all() or reach > self.reach
            assert (off[claimed] < 2 * self.tolerance_px).all()

    def test_volumes(self, estimator: Estimator, device: Device) -> None:
        """Volumes have shifts (z, y, x)."""
        shifts = [(1.5, -3.0, 2.25), (0.0, 0.0, 0.0), (-2.0, 4.0, -5.5)]
        movie = make_movie(sparse((24, 48, 56)), np.array(shifts), photons=200.0, seed=3)
        np.testing.assert_allclose(self.run(estimator, device, movie).parameters, shifts, atol=2 * self.tolerance_px)

    def test_reference_registers_to_identity(self, estimator: Estimator, device: Device) -> None:
        """The reference itself has no shift."""
        movie = self.movie([(0.0, 0.0)])
        found = self.run(estimator, device, movie, movie.reference[None].astype(np.float32))
        np.testing.assert_allclose(found.parameters, 0, atol=self.identity_px)

    def test_gain_and_offset_move_nothing(self, estimator: Estimator, device: Device) -> None:
        """Bleaching and flicker do not shift the estimate."""
        movie = self.movie([(2.3, -1.7), (5.0, 5.5)])
        plain = self.run(estimator, device, movie, movie.frames.astype(np.float32))
        changed = self.run(estimator, device, movie, movie.frames.astype(np.float32) * 0.5 + 300)
        np.testing.assert_allclose(changed.parameters, plain.parameters, atol=0.02)

    def test_float_and_integer_agree(self, estimator: Estimator, device: Device) -> None:
        """The dtype makes no difference."""
        movie = self.movie([(2.3, -1.7), (5.0, 5.5)])
        one = self.run(estimator, device, movie).parameters
        for dtype in (np.int32, np.float32, np.float64):
            other = self.run(estimator, device, movie, movie.frames.astype(dtype)).parameters
            np.testing.assert_allclose(other, one, atol=1e-4)

    def test_frames_do_not_depend_on_each_other(self, estimator: Estimator, device: Device) -> None:
        """Permuted or lone frames give the same rows, to the bit."""
        movie = self.movie(trajectories.uniform(7, 6.0, seed=1))
        whole = self.run(estimator, device, movie).parameters
        turned = self.run(estimator, device, movie, movie.frames[::-1].copy()).parameters
        np.testing.assert_array_equal(turned[::-1], whole)
        np.testing.assert_array_equal(self.run(estimator, device, movie, movie.frames[3:4]).parameters, whole[3:4])

    def test_inputs_are_left_alone_and_the_state_pickles(self, estimator: Estimator, device: Device) -> None:
        """Frames stay as they were, and the prepared state travels."""
        movie = self.movie([(1.0, 2.0)])
        frames, image = movie.frames.copy(), movie.reference.astype(np.float32)
        state = estimator.prepare(Reference(image=image.copy(), noise=movie.noise), device)
        found = estimator.estimate(pickle.loads(pickle.dumps(state)), frames, device)
        np.testing.assert_array_equal(frames, movie.frames)
        np.testing.assert_array_equal(found.parameters, estimator.estimate(state, frames, device).parameters)

    def test_masked_pixels_do_not_count(self, estimator: Estimator, device: Device) -> None:
        """What a mask leaves out may hold anything."""
        self.check_masked(estimator, device, 2 * self.tolerance_px)

    def check_masked(self, estimator: Estimator, device: Device, tolerance_px: float) -> None:
        """A third of the reference is masked, and what it shows is too bright in the frame."""
        movie = self.movie([(2.3, -1.7)])
        mask = np.ones(SHAPE, bool)
        mask[:, : SHAPE[1] // 3] = False
        frames = movie.frames.copy()
        frames[:, :, : SHAPE[1] // 3 - 8] = 5000
        found = self.run(estimator, device, movie, frames, mask)
        np.testing.assert_allclose(found.parameters, movie.shifts, atol=tolerance_px)

    def test_nan_pixels_do_not_count(self, estimator: Estimator, device: Device) -> None:
        """NaN in a frame is left out."""
        movie = self.movie([(2.3, -1.7)])
        frames = movie.frames.astype(np.float32)
        frames[:, 20:40, 30:70] = np.nan
        np.testing.assert_allclose(
            self.run(estimator, device, movie, frames).parameters, movie.shifts, atol=2 * self.tolerance_px
        )

    @pytest.mark.parametrize("value", [0.0, 100.0, np.nan, np.inf])
    def test_a_flat_frame_is_a_verdict(self, estimator: Estimator, device: Device, value: float) -> None:
        """A frame without content is blank, not an exception, and harms no other; no place is made up for it."""
        movie = self.movie([(0.0, 0.0)])
        frames = np.concatenate([np.full((1, *SHAPE), value), movie.frames]).astype(np.float32)
        found = self.run(estimator, device, movie, frames)
        assert found.verdicts == (Verdict.BLANK, Verdict.OK)
        assert np.isnan(found.parameters[0]).all()
        assert np.isfinite(found.parameters[1]).all()

    def test_pure_noise_is_refused(self, estimator: Estimator, device: Device) -> None:
        """Noise is never called ok."""
        movie = self.movie([(0.0, 0.0)])
        noise = np.random.default_rng(5).poisson(movie.reference.mean(), (200, *SHAPE)).astype(np.uint16)
        assert Verdict.OK not in self.run(estimator, device, movie, noise).verdicts

    def test_saturated_frames_are_flagged(self, estimator: Estimator, device: Device) -> None:
        """A clipped frame is called saturated."""
        movie = self.movie([(0.0, 0.0)])
        frames = np.minimum(movie.frames.astype(np.int64) * 140, 65535).astype(np.uint16)
        assert self.run(estimator, device, movie, frames).verdicts == (Verdict.SATURATED,)
