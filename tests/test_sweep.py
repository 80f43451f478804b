"""A sweep of learning rates: each history is that of its own run, and divergence cuts it short."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from linreg_tutorial.datasets import load_doubling, load_exam_scores
from linreg_tutorial.solvers import largest_stable_lr
from linreg_tutorial.trainers import DivergenceError, sweep_learning_rates, train_by_hand

RATES = [0.01, 0.1]


@settings(max_examples=25, deadline=None)
@given(
    n=st.integers(1, 12),
    d=st.integers(1, 4),
    seed=st.integers(0, 2**20),
    shares=st.lists(st.floats(0.01, 0.99), min_size=1, max_size=6),
    double=st.booleans(),
)
def test_each_history_is_that_of_its_own_run(n, d, seed, shares, double):
    """Every stable rate gives what train_by_hand gives: to rounding, in float64 to 1e-12."""
    dtype, tolerance = (torch.float64, 1e-12) if double else (torch.float32, 5e-6)
    draw = torch.Generator().manual_seed(seed)
    X = torch.randn(n, d, generator=draw, dtype=dtype)
    y = torch.randn(n, 1, generator=draw, dtype=dtype)
    lrs = [share * largest_stable_lr(X) for share in shares]
    histories = sweep_learning_rates(X, y, lrs, epochs=30)
    assert len(histories) == len(lrs)
    for lr, history in zip(lrs, histories):
        alone = train_by_hand(X, y, lr=lr, epochs=30).history
        assert torch.equal(history.epoch, alone.epoch)
        assert history.cost.dtype == history.weight.dtype == history.bias.dtype == dtype
        assert (history.weight.shape, history.bias.shape) == ((30, d), (30,))
        assert (history.cost - alone.cost).abs().max() <= tolerance * alone.cost.max()
        scale = 1 + alone.weight.abs().max()
        assert (history.weight - alone.weight).abs().max() <= 10 * tolerance * scale
        assert (history.bias - alone.bias).abs().max() <= 10 * tolerance * scale
        assert torch.equal(history.start_weight, torch.zeros(d, dtype=dtype))
        assert torch.equal(history.start_bias, torch.zeros((), dtype=dtype))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("load", [load_doubling, load_exam_scores])
def test_a_diverging_rate_is_cut_where_its_own_run_stops(load, dtype):
    """Beyond the limit a history ends before DivergenceError.epoch; its neighbours go on."""
    X, y = load().X.to(dtype), load().y.to(dtype)
    limit = largest_stable_lr(X)
    lrs = [3 * limit, 0.5 * limit, 1000 * limit]
    histories = sweep_learning_rates(X, y, lrs, epochs=600)
    for lr, history in zip(lrs[::2], histories[::2]):
        with pytest.raises(DivergenceError) as caught:
            train_by_hand(X, y, lr=lr, epochs=600)
        expected = caught.value.history
        assert 0 < len(history) == caught.value.epoch < 600
        assert len(history.weight) == len(history.bias) == len(history.cost) == len(history)
        assert all(t.isfinite().all() for t in (history.cost, history.weight, history.bias))
        assert torch.allclose(history.cost, expected.cost, rtol=1e-3)
    alone = train_by_hand(X, y, lr=lrs[1], epochs=600).history
    assert len(histories[1]) == 600
    assert (histories[1].cost - alone.cost).abs().max() <= 5e-6 * alone.cost.max()


def test_a_first_cost_that_overflows_leaves_empty_histories():
    """Where no rate can help, every history is empty, and its weights keep their shape."""
    y = torch.full((3, 1), 1e30)
    for history in sweep_learning_rates(load_doubling().X, y, RATES, epochs=5):
        assert len(history) == 0
        assert (history.cost.shape, history.weight.shape) == ((0,), (0, 1))


@pytest.mark.parametrize(
    "lrs",
    [
        (0.01, 0.1),
        torch.tensor(RATES, dtype=torch.float64),
        torch.tensor(RATES, dtype=torch.float64, requires_grad=True),
        [np.float64(0.01), np.float64(0.1)],
    ],
    ids=["tuple", "tensor", "tensor with gradient", "numpy numbers"],
)
def test_rates_come_as_a_sequence_or_a_tensor(lrs):
    """However the rates are written, the histories are the same and carry no gradient."""
    data = load_doubling()
    expected = sweep_learning_rates(data.X, data.y, RATES, epochs=20)
    for history, same in zip(sweep_learning_rates(data.X, data.y, lrs, epochs=20), expected):
        assert torch.equal(history.cost, same.cost)
        assert not history.weight.requires_grad


@pytest.mark.parametrize(
    ("lrs", "error", "message"),
    [
        (0.1, TypeError, r"lrs must be a list .* got float; use \[lr\]"),
        ("0.1", TypeError, "lrs must be a list .* got str"),
        (None, TypeError, "lrs must be a list .* got NoneType"),
        (iter(RATES), TypeError, "lrs must be a list .* got list_iterator"),
        ([0.1, "0.2"], TypeError, r"lrs\[1\] must be a number, got str"),
        ([True], TypeError, r"lrs\[0\] must be a number, got bool"),
        ([0.1, [0.2]], TypeError, r"lrs\[1\] must be a number, got list"),
        (torch.tensor([True]), TypeError, r"lrs\[0\] must be a number, got bool"),
        (torch.tensor([0.1j]), TypeError, r"lrs\[0\] must be a number, got complex"),
        ([], ValueError, "at least one learning rate, got none"),
        (torch.empty(0), ValueError, "at least one learning rate, got none"),
        (torch.tensor(0.1), ValueError, r"lrs must have shape \(L,\), got \(\)"),
        (torch.ones(2, 1), ValueError, r"lrs must have shape \(L,\), got \(2, 1\)"),
        ([0.1, 0.0], ValueError, r"lrs\[1\] must be positive and finite, got 0.0"),
        ([-0.1], ValueError, r"lrs\[0\] must be positive and finite, got -0.1"),
        ([0.1, float("nan")], ValueError, r"lrs\[1\] must be positive and finite, got nan"),
        (torch.tensor([float("inf")]), ValueError, r"lrs\[0\] must be .* finite, got inf"),
    ],
)
def test_bad_rates_are_refused(lrs, error, message):
    """A rate that is no positive finite number is named, with what it is, in one sentence."""
    data = load_doubling()
    with pytest.raises(error, match=message) as caught:
        sweep_learning_rates(data.X, data.y, lrs, epochs=5)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"epochs": 0}, ValueError, "epochs must be at least 1, got 0"),
        ({"epochs": 2.0}, TypeError, "epochs must be an integer, got float"),
        ({"y": torch.ones(3)}, ValueError, r"y must have shape \(3, 1\), got \(3,\)"),
        ({"X": torch.full((3, 1), torch.nan)}, ValueError, "X holds nan at index"),
        ({"X": [[1.0], [2.0], [3.0]]}, TypeError, "X must be a torch.Tensor, got list"),
    ],
)
def test_bad_data_is_refused(change, error, message):
    """Data and epochs are checked as the other trainers check them."""
    data = load_doubling()
    arguments = {"X": data.X, "y": data.y, "lrs": RATES, "epochs": 5, **change}
    with pytest.raises(error, match=message):
        sweep_learning_rates(**arguments)


def test_nothing_else_is_touched():
    """Data, rates, random numbers and defaults stay as they were, and histories share no memory."""
    data, lrs = load_doubling(), torch.tensor(RATES)
    before = torch.get_rng_state(), torch.get_default_dtype(), torch.is_grad_enabled()
    first, second = sweep_learning_rates(data.X, data.y, lrs, epochs=5)
    assert torch.equal(torch.get_rng_state(), before[0])
    assert (torch.get_default_dtype(), torch.is_grad_enabled()) == before[1:]
    assert torch.equal(lrs, torch.tensor(RATES))
    assert torch.equal(data.X, load_doubling().X)
    assert torch.equal(data.y, load_doubling().y)
    kept = second.cost.clone(), second.weight.clone(), second.start_weight.clone()
    for tensor in (first.cost, first.weight, first.bias, first.start_weight):
        tensor.fill_(-1)
    now = second.cost, second.weight, second.start_weight
    assert all(torch.equal(a, b) for a, b in zip(kept, now))


def test_integers_are_converted():
    """Whole-number data is trained in the default float dtype, as elsewhere."""
    data = load_doubling()
    whole = sweep_learning_rates(data.X.long(), data.y.long(), RATES, epochs=5)
    assert torch.equal(whole[1].cost, sweep_learning_rates(data.X, data.y, RATES, epochs=5)[1].cost)
