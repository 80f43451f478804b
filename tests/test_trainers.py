"""The ladder: every rung is the same descent, tells what it did, and refuses what is wrong."""

import inspect
import math
from fractions import Fraction

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from ladder import FLAT_RUNGS, RUNGS, every_rung

from linreg_tutorial.datasets import load_doubling, load_exam_scores, load_identity, make_plane
from linreg_tutorial.solvers import largest_stable_lr, solve_least_squares
from linreg_tutorial.trainers import train_by_hand, train_module

names = {"ids": lambda f: f.__name__}
flat_rung = pytest.mark.parametrize("train", FLAT_RUNGS, **names)


def exact_descent(x, y, lr, epochs):
    """Descend from zero in rational arithmetic: no rounding, no torch."""
    x, y = [Fraction(v) for v in x], [Fraction(v) for v in y]
    n, w, b = len(x), Fraction(0), Fraction(0)
    costs = []
    for _ in range(epochs):
        error = [w * xi + b - yi for xi, yi in zip(x, y)]
        costs.append(float(sum(e * e for e in error) / n))
        step = Fraction(lr) * 2 / n
        w, b = w - step * sum(e * xi for e, xi in zip(error, x)), b - step * sum(error)
    return costs, float(w), float(b)


@every_rung
def test_every_rung_follows_exact_arithmetic(train):
    """In float64, cost, weight and bias are those of rational arithmetic."""
    costs, w, b = exact_descent([1, 2, 3], [2, 4, 6], 0.0625, 40)
    data = load_doubling()
    fit = train(data.X.double(), data.y.double(), lr=0.0625, epochs=40)
    assert fit.history.cost.tolist() == pytest.approx(costs, rel=1e-12)
    assert fit.history.weight[-1].item() == pytest.approx(w, rel=1e-12)
    assert fit.history.bias[-1].item() == pytest.approx(b, rel=1e-12)


@settings(max_examples=25, deadline=None)
@given(
    n=st.integers(1, 12),
    d=st.integers(1, 4),
    seed=st.integers(0, 2**20),
    share=st.floats(0.05, 0.95),
    double=st.booleans(),
)
def test_all_rungs_give_the_same_history(n, d, seed, share, double):
    """From one start, all rungs agree: to rounding of float32, in float64 to 1e-12."""
    dtype, tolerance = (torch.float64, 1e-12) if double else (torch.float32, 5e-6)
    draw = torch.Generator().manual_seed(seed)
    X = torch.randn(n, d, generator=draw, dtype=dtype)
    y = torch.randn(n, 1, generator=draw, dtype=dtype)
    start = {"weight": torch.randn(d, generator=draw, dtype=dtype), "bias": 0.5}
    lr = share * largest_stable_lr(X)
    histories = [train(X, y, lr=lr, epochs=30, **start).history for train in RUNGS]
    largest = histories[0].cost.max()
    for history in histories[1:]:
        assert (history.cost - histories[0].cost).abs().max() <= tolerance * largest
        scale = 1 + histories[0].weight.abs().max()
        assert (history.weight - histories[0].weight).abs().max() <= 10 * tolerance * scale
        assert torch.equal(history.start_weight, start["weight"])
        assert history.start_bias == 0.5


@every_rung
def test_every_rung_meets_least_squares(train):
    """After enough epochs the weights are those of the closed form."""
    data = make_plane(60, generator=torch.Generator().manual_seed(2))
    X, y = data.X.double(), data.y.double()
    exact = solve_least_squares(X, y)
    history = train(X, y, lr=0.5 * largest_stable_lr(X), epochs=500).history
    assert torch.allclose(history.weight[-1], exact.weight, atol=1e-10)
    assert torch.allclose(history.bias[-1], exact.bias, atol=1e-10)


@every_rung
def test_history_says_what_happened(train):
    """Costs stand before the update of their epoch, weights after it, the start beside them."""
    data = load_identity()
    history = train(data.X, data.y, lr=0.01, epochs=5).history
    assert history.epoch.tolist() == [0, 1, 2, 3, 4]
    assert (history.weight.shape, history.bias.shape) == ((5, 1), (5,))
    assert (history.start_weight.tolist(), history.start_bias.item()) == ([0.0], 0.0)
    assert len(history) == 5
    for e in range(1, 5):
        prediction = data.X * history.weight[e - 1] + history.bias[e - 1]
        cost = (prediction - data.y).square().mean()
        assert history.cost[e].item() == pytest.approx(cost.item(), rel=1e-5)


@every_rung
def test_recording_less_often_changes_nothing_else(train):
    """With record_every=10, every tenth epoch of the same run is kept."""
    data = load_identity()
    full = train(data.X, data.y, lr=0.01, epochs=35).history
    some = train(data.X, data.y, lr=0.01, epochs=35, record_every=10).history
    assert some.epoch.tolist() == [0, 10, 20, 30]
    assert torch.equal(some.cost, full.cost[::10])
    assert torch.equal(some.weight, full.weight[::10])


@every_rung
def test_log_lines_have_the_form_of_the_sources(train):
    """A line holds epoch, last epoch and cost, recorded or not, and W and b if asked for."""
    data = load_identity()
    lines = []
    train(data.X, data.y, lr=0.01, epochs=1001, record_every=300, log=lines.append, log_every=500)
    assert lines[0] == "Epoch    0/1000 Cost: 4.666667"
    assert [line.split(" Cost")[0] for line in lines] == [
        "Epoch    0/1000",
        "Epoch  500/1000",
        "Epoch 1000/1000",
    ]
    lines.clear()
    train(data.X, data.y, lr=0.01, epochs=1, log=lines.append, show_parameters=True)
    assert lines == ["Epoch    0/0 W: 0.093, b: 0.040 Cost: 4.666667"]


def test_log_line_of_several_weights():
    """Several weights stand in brackets."""
    data, lines = load_exam_scores(), []
    start = {"weight": [1.0, 2.0, 3.0], "bias": 0.25}
    train_by_hand(
        data.X, data.y, lr=1e-9, epochs=1, log=lines.append, show_parameters=True, **start
    )
    assert lines[0].startswith("Epoch    0/0 W: [1.000, 2.000, 3.000], b: 0.250 Cost: ")


@every_rung
def test_progress_bar_counts_the_epochs(train, capsys):
    """The bar goes to standard error and counts to the number of epochs."""
    data = load_identity()
    train(data.X, data.y, lr=0.01, epochs=7, progress=True)
    out, err = capsys.readouterr()
    assert "7/7" in err
    assert out == ""


@every_rung
@pytest.mark.parametrize(("patience", "min_delta"), [(1, 1e-2), (3, 1e-3), (20, 0.0)])
def test_early_stop(train, patience, min_delta):
    """A run stops after `patience` epochs without progress, not before and not later."""
    data = load_identity()
    cost = train(data.X, data.y, lr=0.1, epochs=2000).history.cost
    best, since = math.inf, 0
    for epoch, value in enumerate(cost.tolist()):
        if value < best - min_delta:
            best, since = value, epoch
        if epoch - since == patience:
            break
    options = {"patience": patience, "min_delta": min_delta}
    short = train(data.X, data.y, lr=0.1, epochs=2000, **options).history
    assert patience < epoch < 1999
    assert torch.equal(short.cost, cost[: epoch + 1])
    rare = train(data.X, data.y, lr=0.1, epochs=2000, record_every=7, **options).history
    assert torch.equal(rare.cost, short.cost[::7])
    full = train(data.X, data.y, lr=0.1, epochs=200, patience=1000).history
    assert len(full) == 200


@flat_rung
def test_fit_predicts(train):
    """A fit predicts (n, 1) from (n, d), and refuses other columns."""
    data = load_doubling()
    fit = train(data.X, data.y, lr=0.1, epochs=500)
    assert fit.predict(torch.tensor([[4.0], [5.0]])).flatten().tolist() == pytest.approx([8, 10])
    assert fit.weight.requires_grad is False
    with pytest.raises(ValueError, match="X must have 1 columns, got 2"):
        fit.predict(torch.zeros(2, 2))


@every_rung
def test_inputs_are_left_alone(train):
    """Data and start are not changed, and neither is the global generator."""
    data = load_doubling()
    start = torch.tensor([0.5])
    train(data.X, data.y, lr=0.01, epochs=3, weight=start, bias=0.0)
    assert torch.equal(data.X, load_doubling().X)
    assert torch.equal(data.y, load_doubling().y)
    assert start.item() == 0.5


@every_rung
def test_integer_features_are_converted(train):
    """Whole numbers give the same run as the same numbers in float32."""
    data = load_doubling()
    expected = train(data.X, data.y, lr=0.01, epochs=3).history.cost
    assert torch.equal(train(data.X.long(), data.y, lr=0.01, epochs=3).history.cost, expected)


BAD_DATA = [
    ({"X": [[1.0], [2.0]]}, TypeError, r"X must be a torch.Tensor, got list"),
    ({"y": None}, TypeError, r"y must be a torch.Tensor, got NoneType"),
    ({"X": torch.ones(3, 1, dtype=torch.complex64)}, TypeError, "X must hold real numbers"),
    ({"y": torch.ones(3, 1, dtype=torch.complex64)}, TypeError, "y must hold real numbers"),
    ({"X": torch.ones(3, 1, dtype=torch.bool)}, TypeError, "X must hold numbers, got torch.bool"),
    ({"X": torch.ones(3)}, ValueError, r"X must have shape \(n, d\), got \(3,\); use X.unsqueeze"),
    ({"X": torch.ones(3, 1, 1)}, ValueError, r"X must have shape \(n, d\)"),
    ({"X": torch.ones(0, 1), "y": torch.ones(0, 1)}, ValueError, "X has no rows"),
    ({"X": torch.ones(3, 0)}, ValueError, "X has no columns"),
    ({"X": torch.tensor([[1.0], [math.nan], [3.0]])}, ValueError, r"X holds nan at index \[1, 0\]"),
    ({"X": torch.tensor([[1.0], [2.0], [math.inf]])}, ValueError, r"X holds inf at index \[2, 0\]"),
    ({"y": torch.tensor([[1.0], [-math.inf], [3.0]])}, ValueError, r"y holds -inf at index \[1"),
]
BAD_SETTINGS = [
    ({"epochs": 0}, ValueError, "epochs must be at least 1, got 0"),
    ({"epochs": -1}, ValueError, "epochs must be at least 1, got -1"),
    ({"epochs": 1.5}, TypeError, "epochs must be an integer, got float"),
    ({"epochs": True}, TypeError, "epochs must be an integer, got bool"),
    ({"record_every": 0}, ValueError, "record_every must be at least 1"),
    ({"log_every": 0}, ValueError, "log_every must be at least 1"),
    ({"log": "print"}, TypeError, "log must be a function such as print, got str"),
    ({"patience": 0}, ValueError, "patience must be at least 1"),
    ({"min_delta": -1.0}, ValueError, "min_delta must be 0 or more"),
]


@every_rung
@pytest.mark.parametrize(("changes", "error", "message"), [*BAD_DATA, *BAD_SETTINGS])
def test_bad_data_and_settings_are_refused(train, changes, error, message):
    """Every rung names the argument, what it got and what to do."""
    data = load_doubling()
    good = {"X": data.X, "y": data.y, "lr": 0.01, "epochs": 3}
    with pytest.raises(error, match=message):
        train(**{**good, **changes})


@flat_rung
@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"y": torch.ones(3)}, ValueError, r"y must have shape \(3, 1\), got \(3,\); use y.unsq"),
        ({"y": torch.ones(2, 1)}, ValueError, r"y must have shape \(3, 1\), got \(2, 1\)"),
        ({"y": torch.ones(3, 2)}, ValueError, r"y must have shape \(3, 1\), got \(3, 2\)"),
        ({"lr": 0}, ValueError, "lr must be positive and finite, got 0"),
        ({"lr": -0.1}, ValueError, "lr must be positive and finite"),
        ({"lr": math.nan}, ValueError, "lr must be positive and finite, got nan"),
        ({"lr": math.inf}, ValueError, "lr must be positive and finite"),
        ({"lr": "0.1"}, TypeError, "lr must be a number, got str"),
        ({"lr": True}, TypeError, "lr must be a number, got bool"),
        ({"weight": [1.0, 2.0]}, ValueError, r"weight must have shape \(1,\), got \(2,\)"),
        ({"weight": math.nan}, ValueError, "weight holds nan"),
        ({"weight": "one"}, TypeError, "weight must be numbers, got str"),
        ({"bias": [0.0, 1.0]}, ValueError, r"bias must have shape \(\), got \(2,\)"),
        ({"bias": math.inf}, ValueError, "bias holds inf"),
    ],
)
def test_bad_targets_rates_and_starts_are_refused(train, changes, error, message):
    """The first three rungs also check the shape of y, the rate and the start."""
    data = load_doubling()
    good = {"X": data.X, "y": data.y, "lr": 0.01, "epochs": 3}
    with pytest.raises(error, match=message):
        train(**{**good, **changes})


def test_optimizer_options_are_passed_on():
    """Momentum reaches the optimizer, and an unknown option is its error."""
    data = load_doubling()
    train = FLAT_RUNGS[-1]
    plain = train(data.X, data.y, lr=0.01, epochs=100).history.cost[-1]
    momentum = train(data.X, data.y, lr=0.01, epochs=100, momentum=0.9).history.cost[-1]
    assert momentum < plain
    with pytest.raises(TypeError, match="momentun"):
        train(data.X, data.y, lr=0.01, epochs=1, momentun=0.9)


def test_optimizers_with_a_closure_work():
    """LBFGS, which evaluates the cost several times a step, arrives in a few epochs."""
    data = load_exam_scores().standardized()
    exact = solve_least_squares(data.X, data.y)
    fit = FLAT_RUNGS[-1](data.X, data.y, lr=1.0, epochs=5, optimizer=torch.optim.LBFGS)
    assert torch.allclose(fit.weight.double(), exact.weight, atol=1e-2)


@pytest.mark.parametrize("train", [*FLAT_RUNGS, train_module], **names)
def test_defaults_are_quiet_and_keep_every_epoch(train):
    """What all rungs share has the same defaults everywhere."""
    shared = {
        "record_every": 1,
        "log": None,
        "log_every": 100,
        "show_parameters": False,
        "progress": False,
        "patience": None,
        "min_delta": 0.0,
    }
    defaults = {k: p.default for k, p in inspect.signature(train).parameters.items()}
    assert {name: defaults[name] for name in shared} == shared
