"""Descent without the loop: the history is the loop's, at any rate and with any momentum."""

import math
from fractions import Fraction

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from linreg_tutorial.datasets import load_doubling, load_exam_scores
from linreg_tutorial.solvers import descend_exactly, largest_stable_lr, solve_least_squares
from linreg_tutorial.trainers import DivergenceError, train_by_hand, train_with_optimizer

MOMENTA = [{}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}]


def draw_data(n, d, seed, collinear=False):
    """Return features, targets and a start, drawn from a seed, in float64."""
    draw = torch.Generator().manual_seed(seed)
    X = torch.randn(n, d, generator=draw, dtype=torch.float64)
    if collinear:
        X[:, -1] = 3 - 2 * X[:, 0]
    y = torch.randn(n, 1, generator=draw, dtype=torch.float64)
    return X, y, torch.randn(d, generator=draw, dtype=torch.float64)


def assert_same(ours, loop, tolerance=1e-9):
    """Compare two histories, relative to the run's largest cost and largest parameters."""
    assert torch.equal(ours.epoch, loop.epoch)
    assert (ours.cost - loop.cost).abs().max() <= tolerance * loop.cost.max()
    scale = 1 + loop.weight.abs().max() + loop.bias.abs().max()
    assert (ours.weight - loop.weight).abs().max() <= tolerance * scale
    assert (ours.bias - loop.bias).abs().max() <= tolerance * scale
    assert torch.equal(ours.start_weight, loop.start_weight)
    assert torch.equal(ours.start_bias, loop.start_bias)


SHAPES = {
    "n": st.integers(1, 12),
    "d": st.integers(1, 5),
    "seed": st.integers(0, 2**20),
    "share": st.floats(0.001, 1.5),
    "record_every": st.integers(1, 50),
    "collinear": st.booleans(),
}


@settings(max_examples=60, deadline=None)
@given(**SHAPES)
def test_history_is_that_of_the_loop(n, d, seed, share, record_every, collinear):
    """Stable or not, with rows to spare or too few, each entry is that of train_by_hand."""
    assume(not collinear or d > 1)
    X, y, start = draw_data(n, d, seed, collinear)
    options = {"lr": share * largest_stable_lr(X), "weight": start, "bias": 0.5, "epochs": 200}
    loop = train_by_hand(X, y, **options, record_every=record_every).history
    assert_same(descend_exactly(X, y, **options, record_every=record_every), loop)


@settings(max_examples=60, deadline=None)
@given(momentum=st.floats(0.01, 1.1), nesterov=st.booleans(), **SHAPES)
def test_momentum_is_that_of_sgd(momentum, nesterov, n, d, seed, share, record_every, collinear):
    """With a momentum, Nesterov's or not, each entry is that of torch.optim.SGD."""
    assume(not collinear or d > 1)
    X, y, start = draw_data(n, d, seed, collinear)
    options = {
        "lr": share * largest_stable_lr(X),
        "weight": start,
        "epochs": 150,
        "record_every": record_every,
        "momentum": momentum,
        "nesterov": nesterov,
    }
    assert_same(descend_exactly(X, y, **options), train_with_optimizer(X, y, **options).history)


@pytest.mark.parametrize("momentum", [0.25, 0.81])
def test_critical_momentum_is_that_of_sgd(momentum):
    """Where a mode's matrix has only one eigenvector, powers of it are still the loop's."""
    X, y = load_doubling().X.double(), load_doubling().y.double()
    lr = (1 - math.sqrt(momentum)) ** 2 * largest_stable_lr(X) / 2
    options = {"lr": lr, "momentum": momentum, "epochs": 300}
    assert_same(descend_exactly(X, y, **options), train_with_optimizer(X, y, **options).history)


def test_costs_are_those_of_rational_arithmetic():
    """On three points the first forty costs are those of exact fractions, to twelve digits."""
    x, y, lr = [Fraction(v) for v in (1, 2, 4)], [Fraction(v) for v in (2, 3, 7)], Fraction(1, 16)
    w = b = Fraction(0)
    costs = []
    for _ in range(40):
        residual = [w * xi + b - yi for xi, yi in zip(x, y)]
        costs.append(float(sum(r * r for r in residual) / 3))
        w -= lr * Fraction(2, 3) * sum(r * xi for r, xi in zip(residual, x))
        b -= lr * Fraction(2, 3) * sum(residual)
    X, Y = (torch.tensor([float(v) for v in z]).unsqueeze(1) for z in (x, y))
    history = descend_exactly(X, Y, lr=1 / 16, epochs=40)
    assert history.cost.tolist() == pytest.approx(costs, rel=1e-12, abs=0)
    assert history.weight[-1].item() == pytest.approx(float(w), rel=1e-12, abs=0)
    assert history.bias[-1].item() == pytest.approx(float(b), rel=1e-12, abs=0)


@pytest.mark.parametrize("updates", [10**3, 10**9, 10**14])
def test_a_far_epoch_keeps_its_digits(updates):
    """After any number of updates a slow mode has gone as far as the logarithm says."""
    X, y = torch.tensor([[-1.0], [1.0]]), torch.tensor([[-3.0], [3.0]])
    lr = 1 / updates
    history = descend_exactly(X, y, lr=lr, epochs=updates + 1, record_every=updates)
    left = updates * math.log1p(-2 * lr)
    assert history.epoch.tolist() == [0, updates]
    assert history.cost.tolist() == pytest.approx([9, 9 * math.exp(2 * left)], rel=1e-13, abs=0)
    after = left + math.log1p(-2 * lr)
    assert history.weight[-1].item() == pytest.approx(-3 * math.expm1(after), rel=1e-13, abs=0)


def test_a_run_goes_on_where_another_stopped():
    """Descending 300 epochs and then 700 from there is descending 1000."""
    X, y = load_exam_scores().X, load_exam_scores().y
    lr = 0.9 * largest_stable_lr(X)
    whole, half = (descend_exactly(X, y, lr=lr, epochs=epochs) for epochs in (1000, 300))
    rest = descend_exactly(X, y, lr=lr, epochs=700, weight=half.weight[-1], bias=half.bias[-1])
    assert torch.allclose(torch.cat([half.cost, rest.cost]), whole.cost, rtol=1e-9, atol=0)
    assert torch.allclose(torch.cat([half.weight, rest.weight]), whole.weight, rtol=1e-9, atol=0)


def test_in_the_end_it_is_the_closed_form():
    """After 1e12 updates the raw exam scores are fitted like by least squares."""
    X, y = load_exam_scores().X, load_exam_scores().y
    exact = solve_least_squares(X, y)
    for options in MOMENTA:
        far = descend_exactly(X, y, lr=1e-5, epochs=10**12 + 1, record_every=10**12, **options)
        assert torch.allclose(far.weight[1], exact.weight, rtol=1e-8, atol=0)
        assert torch.allclose(far.bias[1], exact.bias, rtol=1e-8, atol=0)


@pytest.mark.parametrize("options", MOMENTA)
@pytest.mark.parametrize("record_every", [1, 7, 999])
@pytest.mark.parametrize("share", [3, 1000, 1e200])
def test_divergence_is_that_of_the_loop(options, record_every, share):
    """Where the loop raises, so does the closed form, at the same epoch with the same record."""
    X, y = load_doubling().X.double(), load_doubling().y.double()
    arguments = {"lr": share * largest_stable_lr(X), "epochs": 900, "record_every": record_every}
    with pytest.raises(DivergenceError) as loop:
        train_with_optimizer(X, y, **arguments, **options)
    with pytest.raises(DivergenceError) as ours:
        descend_exactly(X, y, **arguments, **options)
    assert ours.value.epoch == loop.value.epoch
    assert ours.value.last_cost == pytest.approx(loop.value.last_cost, rel=1e-9, abs=0)
    assert len(ours.value.history) == len(loop.value.history)
    if len(loop.value.history):
        assert_same(ours.value.history, loop.value.history)
    if not options:
        assert ours.value.largest_lr == pytest.approx(loop.value.largest_lr, rel=1e-12, abs=0)


@pytest.mark.parametrize("record_every", [1, 2, 3, 7])
def test_the_last_epoch_is_looked_at(record_every):
    """A run raises from the epoch on whose cost overflows, recorded or not, and not before."""
    X, y = load_doubling().X.double(), load_doubling().y.double()
    lr = 3 * largest_stable_lr(X)
    with pytest.raises(DivergenceError) as caught:
        descend_exactly(X, y, lr=lr, epochs=999)
    end = caught.value.epoch
    for epochs in range(end - 7, end + 1):
        history = descend_exactly(X, y, lr=lr, epochs=epochs, record_every=record_every)
        assert history.epoch.tolist() == list(range(0, epochs, record_every))
    for epochs in range(end + 1, end + 8):
        with pytest.raises(DivergenceError) as caught:
            descend_exactly(X, y, lr=lr, epochs=epochs, record_every=record_every)
        looked_at = [*range(0, epochs, record_every), epochs - 1]
        assert caught.value.epoch == next(epoch for epoch in looked_at if epoch >= end)


@pytest.mark.parametrize("options", MOMENTA)
def test_the_named_rate_is_the_limit(options):
    """Just below the rate that a DivergenceError names costs fall, just above it they grow."""
    X, y = load_exam_scores().X, load_exam_scores().y
    with pytest.raises(DivergenceError) as caught:
        descend_exactly(X, y, lr=1.0, epochs=1000, **options)
    limit = caught.value.largest_lr
    inside = descend_exactly(X, y, lr=0.999 * limit, epochs=8000, **options).cost
    outside = descend_exactly(X, y, lr=1.001 * limit, epochs=8000, **options).cost
    assert inside[-1] < inside[0] / 100
    assert outside[-1] > 1e6 * outside[0]


@pytest.mark.parametrize("momentum", [1.0, 1.5])
def test_a_momentum_that_does_not_fade_has_no_limit(momentum):
    """From a momentum of 1 on no rate converges, and the error names none."""
    with pytest.raises(DivergenceError) as caught:
        descend_exactly(torch.eye(2), torch.ones(2, 1), lr=99.0, epochs=9999, momentum=momentum)
    assert caught.value.largest_lr is None


def test_a_first_cost_beyond_float64_is_named():
    """A start whose cost overflows is told apart from a run that diverges, and no rate is named."""
    huge = torch.tensor(1e200, dtype=torch.float64)
    with pytest.raises(DivergenceError, match="the first cost is not finite") as caught:
        descend_exactly(torch.eye(2), torch.ones(2, 1), lr=0.1, epochs=5, bias=huge)
    assert caught.value.largest_lr is None


def test_nothing_to_learn_stays_at_rest():
    """Without an error no rate is too large, as in the loop."""
    X, y = load_doubling().X, torch.zeros(3, 1)
    history = descend_exactly(X, y, lr=1e3, epochs=2000)
    assert (history.cost == 0).all()
    assert (history.weight == 0).all()


def test_the_result_is_in_float64():
    """Whatever the dtype of the data, the history is in float64 and flat."""
    for dtype in (torch.float32, torch.float64, torch.int64):
        X, y = load_doubling().X.to(dtype), load_doubling().y
        history = descend_exactly(X, y, lr=0.01, epochs=5)
        tensors = history.cost, history.weight, history.bias, history.start_weight
        assert {t.dtype for t in tensors} == {torch.float64}
        assert [tuple(t.shape) for t in tensors] == [(5,), (5, 1), (5,), (1,)]
        assert len(history) == 5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lr": 0}, "lr must be positive"),
        ({"epochs": 0}, "epochs must be at least 1"),
        ({"record_every": 0}, "record_every must be at least 1"),
        ({"momentum": -0.1}, "momentum must be 0 or more"),
        ({"nesterov": True}, "nesterov needs a momentum above 0"),
        ({"nesterov": 1, "momentum": 0.9}, "nesterov must be True or False"),
        ({"weight": [1.0, 2.0]}, "weight must have shape"),
        ({"bias": "zero"}, "bias must be numbers"),
        ({"y": torch.ones(3)}, "y must have shape"),
        ({"X": torch.ones(3)}, "X must have shape"),
    ],
)
def test_a_bad_argument_is_named(options, message):
    """A wrong argument is refused before any work, with its name."""
    arguments = {"X": torch.ones(3, 1), "y": torch.ones(3, 1), "lr": 0.1, "epochs": 5, **options}
    with pytest.raises((TypeError, ValueError), match=message):
        descend_exactly(**arguments)
