"""Covariances of three kinds, all against the full matrices that they stand for."""

import io

import numpy as np
import pytest

from holdstill.contracts import Covariance, CovarianceKind, Estimates, Verdict
from holdstill.errors import InputError

N, P = 5, 4


def make(kind: str, seed: int = 0) -> Covariance:
    """Positive definite covariances of 5 frames and 4 parameters."""
    rng = np.random.default_rng(seed)
    roots = rng.normal(size=(N, P, P))
    full = roots @ np.swapaxes(roots, 1, 2) + 4 * np.eye(P)
    if kind == "full":
        return Covariance.of_matrices(full)
    if kind == "diagonal":
        return Covariance.of_errors(np.sqrt(np.diagonal(full, axis1=1, axis2=2)))
    bands = np.zeros((N, 2, P))
    bands[:, 0] = np.diagonal(full, axis1=1, axis2=2)
    bands[:, 1, :-1] = np.diagonal(full, 1, axis1=1, axis2=2)
    return Covariance.of_bands(bands)


KINDS = tuple(CovarianceKind)


@pytest.mark.parametrize("kind", KINDS)
def test_matrices_are_symmetric_and_have_the_variances(kind: str) -> None:
    one = make(kind)
    matrices = one.matrices
    np.testing.assert_array_equal(matrices, np.swapaxes(matrices, 1, 2))
    np.testing.assert_array_equal(one.variances, np.diagonal(matrices, axis1=1, axis2=2))
    np.testing.assert_array_equal(one.errors, np.sqrt(one.variances))
    assert (len(one), one.n_params, one.kind) == (N, P, kind)


def test_a_band_is_where_it_says() -> None:
    one = Covariance.of_bands([[[4.0, 5.0, 6.0], [1.0, 2.0, 0.0]]])
    assert one.matrices[0].tolist() == [[4, 1, 0], [1, 5, 2], [0, 2, 6]]


def test_errors_become_the_same_errors() -> None:
    errors = np.random.default_rng(1).uniform(1e-6, 1e3, (50, 3))
    np.testing.assert_array_equal(Covariance.of_errors(errors).errors, errors)


def test_a_variance_below_zero_is_no_error_bar() -> None:
    assert np.isnan(Covariance.of_matrices([[[-1e-20, 0.0], [0.0, 4.0]]]).errors[0]).tolist() == [True, False]


@pytest.mark.parametrize("kind", KINDS)
def test_rows(kind: str) -> None:
    one = make(kind)
    np.testing.assert_array_equal(one.take([3, 0]).matrices, one.matrices[[3, 0]])
    hidden = one.hide(np.arange(N) == 2)
    assert np.isnan(hidden.errors).all(axis=1).tolist() == [False, False, True, False, False]
    np.testing.assert_array_equal(hidden.take([0, 4]).values, one.take([0, 4]).values)
    assert np.isfinite(one.errors).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_join_and_sum_take_the_narrowest_kind_that_holds_both(kind: str, other: str) -> None:
    one, two = make(kind), make(other, seed=1)
    wider = max(one.kind, two.kind, key=["diagonal", "banded", "full"].index)
    joined, total = Covariance.join([one, two]), one + two
    assert joined.kind is total.kind is wider
    np.testing.assert_array_equal(joined.matrices, np.concatenate([one.matrices, two.matrices]))
    np.testing.assert_array_equal(total.matrices, one.matrices + two.matrices)


def test_bands_of_different_number_join() -> None:
    wide = Covariance.of_bands(np.ones((2, 3, P)))
    joined = Covariance.join([make("banded"), wide])
    assert joined.values.shape == (N + 2, 3, P)
    np.testing.assert_array_equal(joined.matrices[:N], make("banded").matrices)


@pytest.mark.parametrize("kind", KINDS)
def test_propagation_is_the_product_with_the_jacobian(kind: str) -> None:
    one, jacobians = make(kind), np.random.default_rng(2).normal(size=(N, 3, P))
    found = one.propagate(jacobians)
    expected = np.stack([j @ c @ j.T for j, c in zip(jacobians, one.matrices, strict=True)])
    np.testing.assert_allclose(found.matrices, expected, rtol=1e-12)
    np.testing.assert_allclose(one.propagate(jacobians[0]).matrices[2], jacobians[0] @ one.matrices[2] @ jacobians[0].T)


@pytest.mark.parametrize(("block", "parts"), [(2 * 3 * P, [2, 2, 1]), (1, [1] * N), (1 << 22, [N])])
def test_propagation_in_parts_is_the_same(monkeypatch: pytest.MonkeyPatch, block: int, parts: list[int]) -> None:
    """What is taken at a time is bounded, whatever the number of frames."""
    one, jacobian = make("full"), np.random.default_rng(2).normal(size=(N, 3, P))
    whole, taken, take = one.propagate(jacobian).values, [], Covariance.take

    def count(self: Covariance, rows: slice) -> Covariance:
        part = take(self, rows)
        taken.append(len(part))
        return part

    monkeypatch.setattr("holdstill.contracts.uncertainty.BLOCK_VALUES", block)
    monkeypatch.setattr(Covariance, "take", count)
    np.testing.assert_array_equal(one.propagate(jacobian).values, whole)
    assert taken == parts


def test_independent_parameters_stay_so_where_each_enters_one_result() -> None:
    one, selection = make("diagonal"), np.array([[0.0, 2, 0, 0], [-3.0, 0, 0, 0]])
    found = one.propagate(selection)
    assert found.kind is CovarianceKind.DIAGONAL
    np.testing.assert_allclose(found.matrices, selection @ one.matrices @ selection.T)
    twice = np.array([[1.0, 0, 0, 0], [1.0, 0, 0, 0]])
    np.testing.assert_allclose(one.propagate(twice).matrices[0], np.full((2, 2), one.variances[0, 0]))


@pytest.mark.parametrize("kind", KINDS)
def test_scaled_parameters(kind: str) -> None:
    one, factors = make(kind), np.random.default_rng(3).normal(size=(N, P))
    found = one.scale(factors)
    assert found.kind is one.kind
    expected = one.matrices * factors[:, :, None] * factors[:, None, :]
    np.testing.assert_allclose(found.matrices, expected, rtol=1e-14)
    np.testing.assert_allclose(one.scale(-1.0).matrices, one.matrices)


@pytest.mark.parametrize("kind", KINDS)
def test_shares_and_running_sums(kind: str) -> None:
    one = make(kind)
    shares = np.array([0.0, 0.25, 0.5, 1.0, 2.0])
    np.testing.assert_allclose(one.weigh(shares).matrices, one.matrices * shares[:, None, None])
    np.testing.assert_allclose(one.weigh(0.25).matrices, one.matrices / 4)
    running = one.hide([1]).accumulate()
    expected = (one.matrices * np.array([1.0, 0, 1, 1, 1])[:, None, None]).cumsum(axis=0)
    np.testing.assert_allclose(running.matrices, expected)


def test_the_mean_error_is_over_what_is_known() -> None:
    errors = [[3.0, 4.0, np.nan], [np.nan] * 3, [2.0, 2.0, 2.0]]
    np.testing.assert_allclose(Covariance.of_errors(errors).mean_errors(), [np.sqrt(12.5), np.nan, 2.0])


@pytest.mark.parametrize("kind", KINDS)
def test_errors_and_correlations_hold_all(kind: str) -> None:
    one = make(kind)
    assert np.abs(one.correlations).max(initial=0) <= 1
    again = Covariance.of_correlations(one.kind, one.errors, one.correlations)
    assert again.kind is one.kind
    np.testing.assert_array_equal(again.errors, one.errors)
    np.testing.assert_allclose(again.matrices, one.matrices, rtol=1e-14)
    none = Covariance.of_correlations(one.kind, np.zeros((N, P)), one.scale(0.0).correlations)
    assert not none.matrices.any()


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("full", (N, P, P)), ("full", (N, 5)), ("full", (4, 6)),
        ("banded", (N, P)), ("banded", (N, P, P)), ("banded", (4, 1, P)), ("banded", (N, 1, 3)),
        ("banded", (N, 1, P, 1)),
    ],
)  # fmt: skip
def test_correlations_that_do_not_fit_are_refused(kind: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="do not fit"):
        Covariance.of_correlations(CovarianceKind(kind), np.ones((N, P)), np.ones(shape))


def test_what_drifts_without_bound_stays_so() -> None:
    assert Covariance.of_errors([[1.0], [np.inf], [np.nan]]).accumulate().errors[:, 0].tolist() == [1, np.inf, np.inf]


def test_numbers_are_float64_whatever_is_given() -> None:
    ones = np.ones((2, 3, 3), np.float32)
    made = [
        Covariance.of_matrices(ones), Covariance.of_bands(ones.astype(int)), Covariance.of_errors(ones[0]),
        Covariance.unknown(2, 3), Covariance.of_errors(ones[0]).hide([0]), Covariance.of_errors(ones[0]).weigh("1"),
        Covariance.of_errors(ones[0]).scale(["1", "2", "3"]),
        Covariance.unpack({"kind": np.array("full"), "values": ones}),
    ]  # fmt: skip
    assert {one.values.dtype for one in made} == {np.dtype(np.float64)}


@pytest.mark.parametrize("n_bands", [1, 2, P])
def test_any_number_of_bands_up_to_all(n_bands: int) -> None:
    one = Covariance.of_bands(np.ones((N, n_bands, P)))
    again = Covariance.of_correlations(one.kind, one.errors, one.correlations)
    np.testing.assert_array_equal(again.matrices, one.matrices)
    assert Covariance.of_bands(np.ones((N, 1, 0))).n_params == 0


@pytest.mark.parametrize(
    ("kind", "shape"),
    [("full", (5, 4, 3)), ("full", (5, 4)), ("diagonal", (5,)), ("banded", (5, 5, 4)), ("banded", (5, 0, 4))],
)
def test_values_of_another_shape_are_refused(kind: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match=kind):
        Covariance(CovarianceKind(kind), np.zeros(shape))


@pytest.mark.parametrize("kind", KINDS)
def test_estimates_are_packed_bit_for_bit(kind: str) -> None:
    one = make(kind)
    bound = one.scale(0.1).hide([1])
    verdicts = (Verdict.OK, Verdict.BLANK, Verdict.LOW_CONTRAST, Verdict.OK, Verdict.OK)
    parameters = np.where(np.arange(N)[:, None] == 1, np.nan, np.random.default_rng(4).normal(size=(N, P)) / 3)
    estimates = Estimates(
        parameters=parameters, covariance=one, scores=np.full(N, 1 / 3), verdicts=verdicts, bound=bound
    )
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **estimates.pack())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        again = Estimates.unpack(dict(arrays))
    for mine, theirs in ((again.parameters, parameters), (again.scores, estimates.scores)):
        assert mine.tobytes() == theirs.tobytes()
    assert again.covariance.values.tobytes() == one.values.tobytes()
    assert again.bound is not None
    assert again.bound.values.tobytes() == bound.values.tobytes()
    assert (again.verdicts, again.covariance.kind) == (verdicts, one.kind)
    with pytest.raises(ValueError, match="length"):
        Estimates.unpack({**estimates.pack(), "scores": np.zeros(2)})


def test_estimates_join_and_take_rows() -> None:
    one, two = (
        Estimates(
            parameters=np.full((N, P), float(seed)), covariance=make(kind, seed), scores=np.full(N, seed / 10),
            verdicts=(Verdict.OK,) * 4 + (Verdict.BLANK,), bound=bound,
        )
        for seed, kind, bound in ((0, "full", make("full", 7)), (1, "diagonal", None))
    )  # fmt: skip
    both = Estimates.join([one, two])
    assert both.good.tolist() == [True] * 4 + [False] + [True] * 4 + [False]
    assert np.isnan(both.known_bound.errors).all(axis=1).tolist() == [False] * N + [True] * N
    part = both.take([6, 0])
    assert part.parameters[:, 0].tolist() == [1, 0]
    np.testing.assert_array_equal(part.errors, [two.errors[1], one.errors[0]])


def test_many_independent_parameters_stay_small() -> None:
    """500 volumes of 60 planes with two shifts each: 0.5 MB and not 55."""
    estimates = Estimates(
        parameters=np.zeros((500, 120)), covariance=Covariance.of_errors(np.ones((500, 120))), scores=np.ones(500),
        verdicts=(Verdict.OK,) * 500,
    )  # fmt: skip
    joined = Estimates.join([estimates.take(np.arange(250)), estimates.take(np.arange(250, 500))])
    assert sum(array.nbytes for array in joined.pack().values()) < 1.5e6
    assert (joined.covariance + joined.covariance.scale(2.0)).values.nbytes == joined.parameters.nbytes
