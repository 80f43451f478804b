"""How the answers move with the data: orders, repetitions, units, shifts, and single rows."""

import math

import pytest
import torch
from callables import DESCENTS, EVERY, LEAST_SQUARES, SOLVERS
from hypothesis import given, settings
from hypothesis import strategies as st

from linreg_tutorial.solvers import largest_stable_lr

FIXED = {"history.epoch", "rank", "r_squared", "condition_number", "lr"}  # whatever y is
few = settings(max_examples=15, deadline=None)
WELL_POSED = {"n": st.integers(8, 20), "d": st.integers(1, 3), "seed": st.integers(0, 2**20)}


def by_name(functions):
    """Go through functions by their names."""
    return pytest.mark.parametrize("name", functions)


def drawn(n, d, seed):
    """Return features, targets and another vector, in float64."""
    generator = torch.Generator().manual_seed(seed)
    table = torch.randn(n, d + 1, generator=generator, dtype=torch.float64)
    return table[:, :-1], table[:, -1:], torch.randn(d, generator=generator, dtype=torch.float64)


def assert_close(ours, expected, tolerance=1e-9):
    """Compare tensors, relative to the largest number of each."""
    assert ours.keys() == expected.keys()
    for name, value in expected.items():
        scale = tolerance * (1 + value.abs().max().item())
        assert torch.allclose(ours[name], value, rtol=0, atol=scale), name


def parameters(result):
    """Return what a fit or a run ends with."""
    return {"weight": result["weight"], "bias": result["bias"]}


@by_name([name for name in EVERY if name != "bootstrap"])  # which draws rows by their number
@few
@given(**WELL_POSED)
def test_the_order_of_the_rows_does_not_matter(name, n, d, seed):
    """Permuted rows give the same answer, and the predictions in their order."""
    X, y, _ = drawn(n, d, seed)
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    expected = EVERY[name](X, y)
    if "predictions" in expected:
        expected["predictions"] = expected["predictions"][order]
    assert_close(EVERY[name](X[order], y[order]), expected)


@by_name([*DESCENTS, "largest_stable_lr"])
@few
@given(times=st.integers(2, 5), **WELL_POSED)
def test_rows_that_are_repeated_weigh_no_more(name, times, n, d, seed):
    """A mean over each row several times is the mean over the rows, and so is the run."""
    X, y, _ = drawn(n, d, seed)
    expected = EVERY[name](X, y)
    if "predictions" in expected:
        expected["predictions"] = expected["predictions"].repeat(times, 1)
    assert_close(EVERY[name](X.repeat(times, 1), y.repeat(times, 1)), expected)


@by_name([*LEAST_SQUARES, "fit_polynomial"])
@few
@given(times=st.integers(2, 5), **WELL_POSED)
def test_rows_that_are_repeated_fit_the_same(name, times, n, d, seed):
    """Each row several times leaves the fit, and its residuals but for the degrees of freedom."""
    X, y, _ = drawn(n, d, seed)
    one, more = SOLVERS[name](X, y), SOLVERS[name](X.repeat(times, 1), y.repeat(times, 1))
    assert_close(parameters(more), parameters(one))
    if "rank" in one:
        p = d + 1
        assert more["r_squared"].item() == pytest.approx(one["r_squared"].item(), abs=1e-9)
        freedom = math.sqrt(times * (n - p) / (times * n - p))
        assert more["residual_sd"].item() == pytest.approx(
            one["residual_sd"].item() * freedom, rel=1e-9, abs=0
        )


@by_name(EVERY)
@few
@given(power=st.integers(-200, 200), **WELL_POSED)
def test_the_unit_of_the_targets_is_that_of_the_answer(name, power, n, d, seed):
    """In units 2ᵏ times smaller all answers are 2ᵏ times as large, costs 4ᵏ, to the last bit."""
    X, y, _ = drawn(n, d, seed)
    unit = 2.0**power
    ours = EVERY[name](X, y * unit)
    for key, value in EVERY[name](X, y).items():
        squared = unit**2 if key == "history.cost" else unit
        assert torch.equal(ours[key], value if key in FIXED else value * squared), key


@by_name(LEAST_SQUARES)
@few
@given(powers=st.lists(st.floats(-100, 100), min_size=3, max_size=3), **WELL_POSED)
def test_the_unit_of_a_column_is_that_of_its_weight(name, powers, n, d, seed):
    """A column c times as large has a weight and a standard error c times smaller."""
    X, y, _ = drawn(n, d, seed)
    c = 10 ** torch.tensor(powers[:d], dtype=torch.float64)
    ours, expected = LEAST_SQUARES[name](X * c, y), LEAST_SQUARES[name](X, y)
    ours["weight"] = ours["weight"] * c
    ours["standard_errors"][:-1] *= c
    assert_close(ours, expected)


@by_name(["fit_polynomial", "bootstrap"])
@few
@given(power=st.floats(-100, 100), **WELL_POSED)
def test_the_unit_of_a_feature_is_that_of_its_weight(name, power, n, d, seed):
    """The feature c times as large has weights c times smaller and the same bias."""
    X, y, _ = drawn(n, d, seed)
    ours, expected = SOLVERS[name](X * 10**power, y), SOLVERS[name](X, y)
    key = "weight" if "weight" in ours else "weights"
    assert_close({**ours, key: ours[key] * 10**power}, expected)


@by_name(DESCENTS)
@few
@given(power=st.floats(-50, 50), **WELL_POSED)
def test_a_rate_goes_with_the_square_of_the_features(name, power, n, d, seed):
    """Features c times as large are descended at a rate c² times smaller, where no bias moves."""
    X, y, _ = drawn(n, d, seed)
    X, y, c = torch.cat([X, -X]), torch.cat([y, -y]), 10 ** min(power, 0)
    one = DESCENTS[name](X, y, lr=0.01)
    ours = DESCENTS[name](X / c, y, lr=0.01 * c * c)
    assert_close({"cost": ours["history.cost"]}, {"cost": one["history.cost"]})
    assert_close({"weight": ours["weight"] / c}, {"weight": one["weight"]})


@given(power=st.integers(-200, 200), **WELL_POSED)
@few
def test_the_bound_goes_with_the_square_of_the_features(power, n, d, seed):
    """Without a bias, features 2ᵏ times as large allow a rate 4ᵏ times smaller."""
    X, _, _ = drawn(n, d, seed)
    expected = largest_stable_lr(X, intercept=False) / 4.0**power
    assert largest_stable_lr(X * 2.0**power, intercept=False) == pytest.approx(
        expected, rel=1e-12, abs=0
    )


@by_name([*LEAST_SQUARES, "bootstrap"])
@few
@given(shift=st.floats(-100, 100), **WELL_POSED)
def test_a_plane_that_is_added_is_found(name, shift, n, d, seed):
    """Targets with `X v + c` added move the weights by `v`, the bias by `c`, no error."""
    X, y, v = drawn(n, d, seed)
    ours, expected = (SOLVERS[name](X, t) for t in (y + (X @ v).unsqueeze(1) + shift, y))
    for key, amount in (("weight", v), ("weights", v), ("bias", shift), ("biases", shift)):
        if key in expected:
            moved = {key: expected[key] + amount}
            assert_close({key: ours[key]}, moved, 1e-7 if name == "bootstrap" else 1e-9)
    if "residual_sd" in expected:
        names = ("residual_sd", "standard_errors", "condition_number")
        assert_close({k: ours[k] for k in names}, {k: expected[k] for k in names}, 1e-8)


@by_name([name for name in DESCENTS if name != "sweep_learning_rates"])  # which starts at zeros
@few
@given(shift=st.floats(-10, 10), **WELL_POSED)
def test_a_start_is_a_plane_taken_from_the_targets(name, shift, n, d, seed):
    """To start at `v` and `c` with `X v + c` added to the targets moves the run by `v` and `c`."""
    X, y, v = drawn(n, d, seed)
    moved = y + (X @ v).unsqueeze(1) + shift
    ours, expected = DESCENTS[name](X, moved, weight=v, bias=shift), DESCENTS[name](X, y)
    cost, weight = "history.cost", "history.weight"
    assert_close({cost: ours[cost]}, {cost: expected[cost]})
    assert_close({weight: ours[weight]}, {weight: expected[weight] + v})
    assert_close(
        parameters(ours), {k: expected[k] + m for k, m in (("weight", v), ("bias", shift))}
    )


@by_name(DESCENTS)
@few
@given(d=st.integers(1, 6), seed=st.integers(0, 2**20), share=st.floats(0.01, 1.2))
def test_of_one_row_each_update_leaves_the_same_share(name, d, seed, share):
    """The residual of a single row falls geometrically, and the weights point along the row."""
    X, y, _ = drawn(1, d, seed)
    size = 1 + X.square().sum()
    history = DESCENTS[name](X, y, lr=share / size.item(), epochs=6)
    left = (1 - 2 * share) ** torch.arange(7.0, dtype=torch.float64)
    assert_close({"cost": history["history.cost"]}, {"cost": (y * left[:-1]).square()[0]})
    bias = y[0] / size * (1 - left[1:])
    assert_close({"bias": history["history.bias"]}, {"bias": bias})
    assert_close({"weight": history["history.weight"]}, {"weight": bias.unsqueeze(1) * X})


@by_name(DESCENTS)
@few
@given(n=st.integers(1, 4), more=st.integers(1, 5), seed=st.integers(0, 2**20))
def test_of_few_rows_the_weights_stay_in_their_span(name, n, more, seed):
    """With more features than rows a run from zeros never leaves the span of the rows."""
    X, y, _ = drawn(n, n + more, seed)
    weight = DESCENTS[name](X, y, epochs=9)["weight"].unsqueeze(1)
    fitted = X.T @ torch.linalg.lstsq(X.T, weight).solution
    assert_close({"weight": weight}, {"weight": fitted})
