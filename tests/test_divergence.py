"""Divergence: seen wherever it happens, told with epoch, cost and, where one is known, a rate."""

import math

import pytest
import torch
from ladder import FLAT_RUNGS, every_rung, train_linear_module
from torch import nn

from linreg_tutorial.datasets import load_doubling
from linreg_tutorial.solvers import largest_stable_lr
from linreg_tutorial.trainers import DivergenceError, train_by_hand, train_module


@every_rung
def test_divergence_names_epoch_cost_and_rate(train):
    """A rate beyond the bound ends in an error that knows how far it came, and keeps the record."""
    data = load_doubling()
    bound = largest_stable_lr(data.X)
    with pytest.raises(DivergenceError, match=f"use an lr below {bound:g}") as caught:
        train(data.X, data.y, lr=2 * bound, epochs=500)
    error = caught.value
    assert error.largest_lr == pytest.approx(bound)
    assert math.isfinite(error.last_cost)
    assert 10 < error.epoch < 500
    assert len(error.history) == error.epoch
    assert torch.isfinite(error.history.cost).all()
    assert torch.isfinite(error.history.weight).all()


@every_rung
def test_rates_below_the_bound_converge_and_above_it_do_not(train):
    """The bound is met from both sides."""
    data = load_doubling()
    X, y = data.X.double(), data.y.double()
    bound = largest_stable_lr(X)
    below = train(X, y, lr=0.99 * bound, epochs=400).history.cost
    above = train(X, y, lr=1.01 * bound, epochs=400).history.cost
    assert below[-1] < below[0] * 1e-3
    assert above[-1] > above[0]


@every_rung
def test_divergence_between_two_records_is_seen(train):
    """A run that diverges after its last record raises all the same."""
    data = load_doubling()
    with pytest.raises(DivergenceError) as caught:
        train(data.X, data.y, lr=1.0, epochs=90, record_every=1000)
    assert caught.value.epoch == 89
    assert caught.value.last_cost == pytest.approx(56 / 3)


@every_rung
def test_a_long_divergent_run_ends_early(train):
    """A run that left the finite numbers does not go on for the rest of its epochs."""
    data, seen, rarely = load_doubling(), [], {"log_every": 999, "record_every": 50_000}
    with pytest.raises(DivergenceError):
        train(data.X, data.y, lr=1.0, epochs=50_000, log=seen.append, **rarely)
    assert len(seen) < 5


@every_rung
def test_an_overflow_after_the_last_record_raises(train):
    """The last update is looked at though the history leaves its epoch out."""
    x = torch.tensor([[1.0]])
    with pytest.raises(DivergenceError) as caught:
        train(x, x / 1000, lr=1e21, epochs=2, record_every=2)
    assert caught.value.epoch == 1
    assert caught.value.history.cost.isfinite().all()
    assert len(caught.value.history) == 1


@every_rung
@pytest.mark.parametrize(
    ("x", "y", "lr"), [(1e18, 1e18, 1e5), (1e-19, 1e18, 1e21)], ids=["weight", "bias"]
)
def test_the_overflow_of_one_parameter_raises(train, x, y, lr):
    """Though the cost and the other are finite, and nothing follows that would show it."""
    with pytest.raises(DivergenceError) as caught:
        train(torch.tensor([[x]]), torch.tensor([[y]]), lr=lr, epochs=1)
    assert caught.value.epoch == 0
    assert math.isfinite(caught.value.last_cost)


def test_a_model_without_a_history_of_weights_is_looked_at_too():
    """So is the last cost of a model that is more than one linear layer."""
    data, model = load_doubling(), nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e30)
    with pytest.raises(DivergenceError) as caught:
        train_module(model, data.X, data.y, optimizer=optimizer, epochs=2, record_every=2)
    assert caught.value.epoch == 1
    assert caught.value.history.weight is None


def test_overflow_at_the_first_epoch_is_explained():
    """Data too large for float32 costs is told apart from a rate too high."""
    X = torch.tensor([[1e30], [2e30]])
    with pytest.raises(DivergenceError, match="first cost is not finite; standardize") as caught:
        train_by_hand(X, X, lr=0.1, epochs=3)
    assert caught.value.last_cost is None


def test_an_overflow_below_the_bound_names_no_rate():
    """Where the gradient overflows though the rate is small, no rate is promised."""
    X = torch.tensor([[1e30], [2e30]])
    y = torch.tensor([[1e9], [1e9]])
    lr = 0.1 * largest_stable_lr(X)
    with pytest.raises(DivergenceError) as caught:
        train_by_hand(X, y, lr=lr, epochs=3)
    assert caught.value.largest_lr is None
    assert math.isfinite(caught.value.last_cost)


def test_divergence_with_momentum_promises_no_rate():
    """The bound of plain descent is not claimed for another optimizer."""
    data = load_doubling()
    with pytest.raises(DivergenceError, match="use a smaller lr") as caught:
        FLAT_RUNGS[-1](data.X, data.y, lr=2.0, epochs=500, momentum=0.5)
    assert caught.value.largest_lr is None


@pytest.mark.parametrize(
    "make",
    [
        lambda layer: torch.optim.SGD(layer.parameters(), lr=1.0, momentum=0.5),
        lambda layer: torch.optim.SGD(layer.parameters(), lr=1.0, weight_decay=0.5),
        lambda layer: torch.optim.SGD(layer.parameters(), lr=1.0, maximize=True),
        lambda layer: torch.optim.SGD([{"params": p, "lr": 1.0} for p in layer.parameters()]),
        lambda layer: torch.optim.Adam(layer.parameters(), lr=1e30),
    ],
    ids=["momentum", "weight decay", "upwards", "two groups", "another optimizer"],
)
def test_only_plain_descent_is_promised_a_rate(make):
    """The bound is that of plain SGD with one rate, and is claimed for nothing else."""
    data, layer = load_doubling(), nn.Linear(1, 1)
    with pytest.raises(DivergenceError, match="use a smaller lr") as caught:
        train_module(layer, data.X, data.y, optimizer=make(layer), epochs=1000)
    assert caught.value.largest_lr is None


def test_a_loss_that_is_not_mean_squares_promises_no_rate():
    """The bound is that of the mean squared error, and is claimed for nothing else."""
    data = load_doubling()
    with pytest.raises(DivergenceError) as caught:
        train_linear_module(
            data.X, data.y, lr=1.0, epochs=500, loss=lambda p, y: (p - y).square().sum()
        )
    assert caught.value.largest_lr is None
