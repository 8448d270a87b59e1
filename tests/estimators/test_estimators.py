"""Every estimator that the registry finds, held to the contract."""

import numpy as np
import pytest

from holdstill import registry
from holdstill.contracts import Device, Estimator, Reference, Verdict
from holdstill.errors import InputError
from holdstill.estimators import Direct
from holdstill.evaluation import trajectories
from holdstill.evaluation.accuracy import z_score_std
from holdstill.testing.estimators import EstimatorTests


class TestEstimator(EstimatorTests):
    @pytest.fixture(params=registry.names("estimators"))
    def estimator(self, request: pytest.FixtureRequest) -> Estimator:
        estimator: Estimator = registry.find("estimators", request.param)()
        return estimator

    @pytest.fixture
    def device(self, device_name: str) -> Device:
        device: Device = registry.find("devices", device_name)()
        return device

    def test_error_bars_are_calibrated(self, estimator: Estimator, device: Device) -> None:
        movie = self.movie(trajectories.uniform(150, 8.0, seed=6))
        found = self.run(estimator, device, movie)
        assert 0.85 < z_score_std(found.parameters, movie.shifts, found.errors) < 1.15

    def test_a_shift_beyond_the_limit_is_out_of_range(self, device: Device) -> None:
        movie = self.movie([(2.0, 12.0), (12.0, 2.0), (2.0, 2.0)])
        for limit, expected in ((9, (False, False, True)), ((20, 5), (False, True, True))):
            found = self.run(Direct(max_shift=limit), device, movie)
            assert tuple(verdict is Verdict.OK for verdict in found.verdicts) == expected

    def test_a_limit_that_does_not_fit_is_refused(self, device: Device) -> None:
        reference = Reference(image=np.zeros((32, 32), np.float32))
        for limit in ((1, 2, 3), -1.0):
            with pytest.raises(InputError, match="max_shift"):
                Direct(max_shift=limit).prepare(reference, device)
