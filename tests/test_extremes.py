"""Huge and tiny numbers: what is returned is finite, and what cannot be is refused."""

import inspect

import pytest
import torch
from callables import DESCENTS, EVERY, VARIANTS, outcome
from hypothesis import given, settings
from hypothesis import strategies as st
from ladder import FLAT_RUNGS

from linreg_tutorial.solvers import solve_least_squares
from linreg_tutorial.trainers import DivergenceError

CALLS = {**EVERY, **VARIANTS}


def numbers(width):
    """Return a strategy for numbers of any size that so many bits can hold."""
    bounds = torch.finfo(getattr(torch, f"float{width}"))
    extremes = [bounds.tiny, bounds.max, bounds.smallest_normal * bounds.eps, 0.0, 1.0]
    return st.one_of(
        st.sampled_from([sign * v for v in extremes for sign in (1, -1)]),
        st.floats(allow_nan=False, allow_infinity=False, width=width),
        st.floats(-10, 10, width=width),
    )


@st.composite
def tables(draw):
    """Draw a table in which each column has a size of its own, anywhere in the range."""
    width = draw(st.sampled_from([64, 32]))
    n, q = draw(st.integers(1, 8)), draw(st.integers(2, 5))
    dtype = getattr(torch, f"float{width}")
    limit = {64: 1070, 32: 145}[width]
    if draw(st.booleans()):
        rows = draw(
            st.lists(st.lists(numbers(width), min_size=q, max_size=q), min_size=n, max_size=n)
        )
        table = torch.tensor(rows, dtype=dtype)
    else:
        generator = torch.Generator().manual_seed(draw(st.integers(0, 2**20)))
        sizes = draw(st.lists(st.integers(-limit, limit - 50), min_size=q, max_size=q))
        powers = torch.tensor([2.0**s for s in sizes], dtype=torch.float64)
        table = (torch.randn(n, q, generator=generator).double() * powers).to(dtype)
    return table[:, :-1], table[:, -1:]


def undefined(X, y, result, intercept):
    """Return which numbers of a result the documentation says are not finite."""
    names, table = set(), torch.cat([X, y], dim=1).double()
    if "rank" in result and len(X) == result["rank"]:
        names |= {"residual_sd", "standard_errors"}
    largest = table[:, -1].abs().max().item()
    spread = table[:, -1].max().item() / 2 - table[:, -1].min().item() / 2 if intercept else largest
    if spread <= 1e-13 * largest:
        names.add("r_squared")
    if not intercept and not X.any():
        names.add("condition_number")
    if not intercept and table[:, :-1].abs().max() < 1e-150:
        names.add("lr")
    return names


@pytest.mark.parametrize("name", CALLS)
@settings(max_examples=25, deadline=None)
@given(
    table=tables(), rate=st.integers(-1074, 1023) | st.integers(-12, 1), epochs=st.integers(1, 9)
)
def test_nothing_that_is_not_finite_is_returned(name, table, rate, epochs):
    """At any size of the data and the rate each number is finite, or one sentence is raised."""
    function = CALLS[name]
    descends = name in DESCENTS or "lr" in inspect.signature(function).parameters
    options = {"lr": 2.0**rate, "epochs": epochs} if descends else {}
    result = outcome(function, *table, **options)
    if isinstance(result, dict):
        allowed = undefined(*table, result, intercept="no intercept" not in name)
        for key, value in result.items():
            assert value.isfinite().all() or key in allowed, key


def test_a_prediction_that_overflows_is_refused():
    """Predictions are finite, or the row is named; so are rows of another number of columns."""
    X = torch.arange(8.0).unsqueeze(1)
    y = 100 * X
    fits = [train(X, y, lr=0.01, epochs=5) for train in FLAT_RUNGS]
    for fit in [*fits, solve_least_squares(X, y)]:
        size = torch.finfo(fit.weight.dtype).max / fit.weight.abs().item()
        rows = torch.tensor([[0.5], [2.0]], dtype=torch.float64) * size
        assert fit.predict(rows[:1]).isfinite().all()
        with pytest.raises(ValueError, match=r"X holds inf|prediction for row 1 of X exceeds"):
            fit.predict(rows)
        with pytest.raises(ValueError, match="X must have 1 columns, got 3"):
            fit.predict(torch.zeros(2, 3))


@pytest.mark.parametrize(
    "name", [n for n in DESCENTS if n not in ("descend_exactly", "sweep_learning_rates")]
)
def test_a_rate_beyond_the_dtype_is_refused(name):
    """A rate that float32 cannot hold is named before any update."""
    X = torch.ones(3, 1)
    with pytest.raises(ValueError, match="lr must be at most 3"):
        DESCENTS[name](X, X, lr=1e39)


def test_a_count_beyond_int64_is_refused():
    """More epochs than torch can number are named."""
    with pytest.raises(ValueError, match="epochs must be less than 2"):
        DESCENTS["descend_exactly"](torch.ones(3, 1), torch.ones(3, 1), epochs=2**63)


def test_no_rate_is_promised_where_none_is_small_enough():
    """Where the largest stable rate is 0 in float64, the advice is another."""
    X = torch.tensor([[1e200], [-1e200]], dtype=torch.float64)
    with pytest.raises(DivergenceError, match="; standardize the data"):
        DESCENTS["train_by_hand"](X, X.sign(), lr=1e-300)
