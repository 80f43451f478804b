"""The ladder: every rung is the same descent, tells what it did, and refuses what is wrong."""

import copy
import inspect
import math
import warnings
from fractions import Fraction

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from ladder import FLAT_RUNGS, RUNGS, train_linear_module
from torch import nn

from linreg_tutorial.datasets import load_doubling, load_exam_scores, load_identity, make_plane
from linreg_tutorial.models import LinearRegressionModel
from linreg_tutorial.solvers import largest_stable_lr, solve_least_squares
from linreg_tutorial.trainers import DivergenceError, train_by_hand, train_module

names = {"ids": lambda f: f.__name__}
every_rung = pytest.mark.parametrize("train", RUNGS, **names)
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
    """A line holds epoch, last epoch and cost, and W and b if asked for."""
    data = load_identity()
    lines = []
    train(data.X, data.y, lr=0.01, epochs=1001, log=lines.append, log_every=500)
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
    data, seen = load_doubling(), []
    with pytest.raises(DivergenceError):
        train(data.X, data.y, lr=1.0, epochs=50_000, log=seen.append, log_every=100)
    assert len(seen) < 20


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


def test_overflow_at_the_first_epoch_is_explained():
    """Data too large for float32 costs is told apart from a rate too high."""
    X = torch.tensor([[1e30], [2e30]])
    with pytest.raises(DivergenceError, match="first cost is not finite; standardize") as caught:
        train_by_hand(X, X, lr=0.1, epochs=3)
    assert caught.value.last_cost is None


def test_optimizer_options_are_passed_on():
    """Momentum reaches the optimizer, and an unknown option is its error."""
    data = load_doubling()
    train = FLAT_RUNGS[-1]
    plain = train(data.X, data.y, lr=0.01, epochs=100).history.cost[-1]
    momentum = train(data.X, data.y, lr=0.01, epochs=100, momentum=0.9).history.cost[-1]
    assert momentum < plain
    with pytest.raises(TypeError, match="momentun"):
        train(data.X, data.y, lr=0.01, epochs=1, momentun=0.9)


def test_divergence_with_momentum_promises_no_rate():
    """The bound of plain descent is not claimed for another optimizer."""
    data = load_doubling()
    with pytest.raises(DivergenceError, match="use a smaller lr") as caught:
        FLAT_RUNGS[-1](data.X, data.y, lr=2.0, epochs=500, momentum=0.5)
    assert caught.value.largest_lr is None


def test_optimizers_with_a_closure_work():
    """LBFGS, which evaluates the cost several times a step, arrives in a few epochs."""
    data = load_exam_scores().standardized()
    exact = solve_least_squares(data.X, data.y)
    fit = FLAT_RUNGS[-1](data.X, data.y, lr=1.0, epochs=5, optimizer=torch.optim.LBFGS)
    assert torch.allclose(fit.weight.double(), exact.weight, atol=1e-2)


def run_module(model, X, y, epochs=5, **options):
    """Train a module with plain SGD."""
    sgd = torch.optim.SGD(model.parameters(), lr=0.01)
    return train_module(model, X, y, optimizer=sgd, epochs=epochs, **options)


def test_module_is_trained_in_place():
    """The model that comes back is the one that went in, trained."""
    data, model = load_doubling(), LinearRegressionModel(1)
    before = copy.deepcopy(model.state_dict())
    fit = run_module(model, data.X, data.y)
    assert fit.model is model
    assert not torch.equal(before["linear.weight"], model.linear.weight)
    assert torch.equal(fit.history.weight[-1], model.linear.weight.detach()[0])


def test_module_that_is_not_one_linear_layer_has_no_weights_in_its_history():
    """Two layers, or two outputs, are no line: weight and bias are None."""
    data = load_doubling()
    two = nn.Sequential(nn.Linear(1, 2), nn.Linear(2, 1))
    for model, y in ((two, data.y), (nn.Linear(1, 2), data.y.expand(3, 2))):
        history = run_module(model, data.X, y).history
        assert history.weight is history.bias is history.start_weight is None
        assert history.cost.shape == (5,)


def test_layer_without_bias_has_bias_zero():
    """A layer without a bias is recorded with bias 0, and bounded without one."""
    data = load_doubling()
    model = nn.Linear(1, 1, bias=False)
    assert run_module(model, data.X, data.y).history.bias.tolist() == [0.0] * 5
    sgd = torch.optim.SGD(model.parameters(), lr=1.0)
    with pytest.raises(DivergenceError) as caught:
        train_module(model, data.X, data.y, optimizer=sgd, epochs=500)
    assert caught.value.largest_lr == pytest.approx(3 / 14)


def test_batches_cover_every_row_once_an_epoch():
    """Mini-batches are shuffled by the generator, and the last, short one is used too."""
    data = make_plane(10, generator=torch.Generator().manual_seed(0))
    seen = []

    def loss(prediction, y):
        seen.append(y.flatten().tolist())
        return F.mse_loss(prediction, y)

    model = nn.Linear(2, 1)
    order = torch.Generator().manual_seed(1)
    run_module(model, data.X, data.y, epochs=2, loss=loss, batch_size=4, generator=order)
    assert [len(batch) for batch in seen] == [4, 4, 2, 4, 4, 2]
    used = [[value for batch in epoch for value in batch] for epoch in (seen[:3], seen[3:])]
    same = torch.Generator().manual_seed(1)
    shuffled = [data.y[torch.randperm(10, generator=same)].flatten().tolist() for _ in used]
    assert used == shuffled
    assert used[0] != used[1]


def test_cost_of_an_epoch_is_the_mean_over_rows_as_used():
    """With mini-batches the recorded cost weighs each batch by its rows."""
    data = make_plane(5, generator=torch.Generator().manual_seed(0))
    model = nn.Linear(2, 1)
    values = []

    def loss(prediction, y):
        values.append((len(y), F.mse_loss(prediction, y)))
        return values[-1][1]

    cost = run_module(model, data.X, data.y, epochs=1, loss=loss, batch_size=2).history.cost
    expected = sum(n * value.item() for n, value in values) / 5
    assert cost.item() == pytest.approx(expected, rel=1e-6)


def test_shapes_that_would_broadcast_are_refused_before_any_update():
    """Targets (n,) against predictions (n, 1) raise, and the model is as it was."""
    data, model = load_doubling(), nn.Linear(1, 1)
    before = copy.deepcopy(model.state_dict())
    for y in (data.y.flatten(), data.y.flatten().long(), data.y.expand(3, 2)):
        with pytest.raises(ValueError, match=r"y must have the shape of the predictions, \(3, 1\)"):
            run_module(model, data.X, y)
    assert all(torch.equal(before[k], v) for k, v in model.state_dict().items())


@pytest.mark.parametrize(
    ("outputs", "dtype"), [(1, torch.float32), (1, torch.int64), (3, torch.float32)]
)
def test_a_loss_that_broadcasts_without_a_warning_is_not_called(outputs, dtype):
    """Targets (3,) against (3, 1) or (3, 3) raise before a loss of one's own sees them."""
    data, seen = load_doubling(), []
    with pytest.raises(ValueError, match="y must have the shape of the predictions"):
        run_module(
            nn.Linear(1, outputs),
            data.X,
            data.y.flatten().to(dtype),
            loss=lambda p, y: seen.append(y) or (p - y).square().mean(),
        )
    assert seen == []


def test_class_targets_reach_the_loss():
    """Whole numbers as targets are left to cross-entropy."""
    data = make_plane(30, generator=torch.Generator().manual_seed(0))
    y = (data.y.flatten() > 0).long()
    cost = run_module(nn.Linear(2, 2), data.X, y, loss=F.cross_entropy, epochs=50).history.cost
    assert cost[-1] < cost[0]


def test_class_targets_under_squares_are_refused():
    """Whole numbers (n,) against predictions (n, 2) under mse_loss would broadcast: refused."""
    data = make_plane(2, generator=torch.Generator().manual_seed(0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as some readers do
        with pytest.raises(ValueError, match="y must have the shape of the predictions"):
            run_module(nn.Linear(2, 2), data.X, torch.tensor([0, 1]))


def test_other_warnings_of_a_loss_stay_warnings():
    """What a loss has to say about something else reaches the reader, and the run goes on."""
    data = load_doubling()

    def loss(prediction, y):
        warnings.warn("a word from the loss", UserWarning, stacklevel=2)
        return F.mse_loss(prediction, y)

    with pytest.warns(UserWarning, match="a word from the loss"):
        assert len(run_module(nn.Linear(1, 1), data.X, data.y, loss=loss).history) == 5


def module_case(**changes):
    """Return good arguments of train_module, but for the changes."""
    data = load_doubling()
    model = nn.Linear(1, 1)
    sgd = torch.optim.SGD(model.parameters(), lr=0.01)
    good = {"model": model, "X": data.X, "y": data.y, "optimizer": sgd, "epochs": 1}
    return {**good, **changes}


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"model": "line"}, TypeError, "model must be a torch.nn.Module, got str"),
        ({"optimizer": torch.optim.SGD}, TypeError, "optimizer must be an instance of"),
        ({"model": nn.Linear(1, 1)}, ValueError, "optimizer holds no parameter of this model"),
        ({"X": torch.ones(3, 1, dtype=torch.float64)}, ValueError, "convert one with .to"),
        ({"y": torch.ones(2, 1)}, ValueError, "y must have 3 rows like X"),
        ({"y": torch.tensor(1.0)}, ValueError, "y must have 3 rows like X"),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1"),
        ({"batch_size": 1, "generator": 1}, TypeError, "generator must be a torch.Generator"),
        ({"generator": torch.Generator()}, ValueError, "pass batch_size too"),
        ({"loss": nn.MSELoss(reduction="none")}, ValueError, "loss must return a scalar"),
    ],
)
def test_bad_arguments_of_train_module_are_refused(changes, error, message):
    """What only a module can get wrong is named too."""
    with pytest.raises(error, match=message):
        train_module(**module_case(**changes))


def test_a_rate_beyond_the_dtype_is_refused():
    """An optimizer whose rate float32 cannot hold is named before any update."""
    model = nn.Linear(1, 1)
    with pytest.raises(ValueError, match=r"lr must be at most 3\.4.* in torch\.float32"):
        train_module(
            **module_case(model=model, optimizer=torch.optim.SGD(model.parameters(), 1e39))
        )


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


def test_an_overflow_below_the_bound_names_no_rate():
    """Where the gradient overflows though the rate is small, no rate is promised."""
    X = torch.tensor([[1e30], [2e30]])
    y = torch.tensor([[1e9], [1e9]])
    lr = 0.1 * largest_stable_lr(X)
    with pytest.raises(DivergenceError) as caught:
        train_by_hand(X, y, lr=lr, epochs=3)
    assert caught.value.largest_lr is None
    assert math.isfinite(caught.value.last_cost)


def test_parameters_of_a_curve_cannot_be_shown():
    """show_parameters needs one linear layer, and says so before any update."""
    model = nn.Sequential(nn.Linear(1, 2), nn.Linear(2, 1))
    data = load_doubling()
    with pytest.raises(ValueError, match="one linear layer"):
        run_module(model, data.X, data.y, show_parameters=True)


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
    model = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e30)
    with pytest.raises(DivergenceError) as caught:
        train_module(**module_case(model=model, optimizer=optimizer, epochs=2, record_every=2))
    assert caught.value.epoch == 1
    assert caught.value.history.weight is None
