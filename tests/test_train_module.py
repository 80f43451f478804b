"""Training any module: in place, in batches, with any loss, and what it refuses."""

import copy
import warnings

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from linreg_tutorial.datasets import load_doubling, make_plane
from linreg_tutorial.models import LinearRegressionModel
from linreg_tutorial.trainers import DivergenceError, train_module


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


def test_gradients_from_before_do_not_count():
    """What an earlier backward pass has left in the parameters is forgotten."""
    data, model = load_doubling(), LinearRegressionModel(1)
    other = copy.deepcopy(model)
    (100 * model(data.X)).sum().backward()
    costs = [run_module(m, data.X, data.y).history.cost for m in (model, other)]
    assert torch.equal(*costs)


def test_an_optimizer_may_forget_gradients_in_its_own_way():
    """The zero_grad of an optimizer that has its own is called before each update."""
    calls = []

    class Counting(torch.optim.SGD):
        def zero_grad(self, set_to_none=True):
            calls.append(set_to_none)
            super().zero_grad(set_to_none)

    data, model = load_doubling(), LinearRegressionModel(1)
    train_module(model, data.X, data.y, optimizer=Counting(model.parameters()), epochs=5)
    assert calls == [True] * 5


def test_module_that_is_not_one_linear_layer_has_no_weights_in_its_history():
    """Two layers, or two outputs, are no line: weight and bias are None."""
    data = load_doubling()
    two = nn.Sequential(nn.Linear(1, 2), nn.Linear(2, 1))
    for model, y in ((two, data.y), (nn.Linear(1, 2), data.y.expand(3, 2))):
        history = run_module(model, data.X, y).history
        assert history.weight is history.bias is history.start_weight is None
        assert history.cost.shape == (5,)


def test_parameters_of_a_curve_cannot_be_shown():
    """show_parameters needs one linear layer, and says so before any update."""
    model = nn.Sequential(nn.Linear(1, 2), nn.Linear(2, 1))
    data = load_doubling()
    with pytest.raises(ValueError, match="one linear layer"):
        run_module(model, data.X, data.y, show_parameters=True)


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
