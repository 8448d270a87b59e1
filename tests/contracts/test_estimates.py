"""What frames tell by themselves travels with their estimates."""

import numpy as np

from holdstill.contracts import Covariance, Estimates, Verdict


def make(n: int, light: bool) -> Estimates:
    parameters = np.arange(2.0 * n).reshape(n, 2)
    return Estimates(
        parameters=parameters, covariance=Covariance.of_errors(parameters), scores=np.ones(n),
        verdicts=(Verdict.OK,) * n, light=np.arange(3.0 * n).reshape(n, 3) if light else None,
    )  # fmt: skip


def test_light_is_joined_taken_and_packed() -> None:
    both = Estimates.join([make(2, True), make(1, False)])
    np.testing.assert_array_equal(both.light, [[0, 1, 2], [3, 4, 5], [0, 0, 0]])
    np.testing.assert_array_equal(both.take([1, 2]).light, [[3, 4, 5], [0, 0, 0]])
    again = Estimates.unpack(both.pack())
    np.testing.assert_array_equal(again.light, both.light)
    without = Estimates.join([make(2, False), make(1, False)])
    assert without.light is None
    assert Estimates.unpack(without.pack()).light is None
