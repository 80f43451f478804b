"""The ladder: the same gradient descent, from the formula written out to any module."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from linreg_tutorial._checks import (
    Numbers,
    check_count,
    check_data,
    check_features,
    check_generator,
    check_rate,
    check_targets,
    start_like,
)
from linreg_tutorial._predict import predict
from linreg_tutorial._run import Log, Reporter, Run
from linreg_tutorial._sweep import sweep_learning_rates
from linreg_tutorial._updates import (
    Loss,
    check_model,
    epoch_of,
    guarded,
    only_linear_layer,
    parameters,
    stepper,
)
from linreg_tutorial.history import DivergenceError, History
from linreg_tutorial.solvers import largest_stable_lr

__all__ = [
    "DivergenceError",
    "Fit",
    "History",
    "ModuleFit",
    "sweep_learning_rates",
    "train_by_hand",
    "train_module",
    "train_with_autograd",
    "train_with_optimizer",
]


@dataclass(frozen=True, eq=False)
class Fit:
    """A trained line or plane.

    Parameters
    ----------
    weight : torch.Tensor
        Weights `(d,)` after the last update, in the target's unit per feature's unit.
    bias : torch.Tensor
        The bias `()` after it, in the target's unit.
    history : History
        How it came to them.
    """

    weight: Tensor
    bias: Tensor
    history: History

    def predict(self, X: Tensor) -> Tensor:
        """Return the predictions `(n, 1)` for `X (n, d)`.

        Raises
        ------
        TypeError, ValueError
            If `X` is not a finite tensor of that shape, or a prediction is not finite.
        """
        return predict(X, self.weight, self.bias)


@dataclass(frozen=True, eq=False)
class ModuleFit:
    """A trained module and its history.

    Parameters
    ----------
    model : torch.nn.Module
        The module that was passed in, trained.
    history : History
        How it was trained.
    """

    model: nn.Module
    history: History


def train_by_hand(
    X: Tensor,
    y: Tensor,
    *,
    lr: float,
    epochs: int,
    weight: Numbers | None = None,
    bias: Numbers | None = None,
    record_every: int = 1,
    log: Log | None = None,
    log_every: int = 100,
    show_parameters: bool = False,
    progress: bool = False,
    patience: int | None = None,
    min_delta: float = 0.0,
) -> Fit:
    """Descend along the gradient of the mean squared error, its formula written out.

    Parameters
    ----------
    X : torch.Tensor
        Features `(n, d)`; integers become the default float dtype.
    y : torch.Tensor
        Targets `(n, 1)`.
    lr : float
        Learning rate.
    epochs : int
        Number of updates, each with all rows.
    weight : torch.Tensor, float or list of float, optional
        Where to start, `(d,)`; zeros by default.
    bias : torch.Tensor or float, optional
        Where to start, `()`; zero by default.
    record_every : int
        Epochs between two entries of the history.
    log : callable, optional
        Called with a line of text, as `print` is.
    log_every : int
        Epochs between two lines.
    show_parameters : bool
        Whether a line holds the weights and the bias too.
    progress : bool
        Whether a tqdm bar is shown.
    patience : int, optional
        Stop after this many epochs without a cost lower than the best by more than `min_delta`.
    min_delta : float
        See `patience`; in the unit of the cost.

    Returns
    -------
    Fit

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, shape or size, before any update.
    DivergenceError
        If the cost does not stay finite.

    Notes
    -----
    Cauchy, *Méthode générale pour la résolution des systèmes d'équations simultanées*, 1847.

    Examples
    --------
    >>> from linreg_tutorial.datasets import load_doubling
    >>> data = load_doubling()
    >>> fit = train_by_hand(data.X, data.y, lr=0.1, epochs=201, log=print, show_parameters=True)
    Epoch    0/200 W: 1.867, b: 0.800 Cost: 18.666666
    Epoch  100/200 W: 1.972, b: 0.063 Cost: 0.000600
    Epoch  200/200 W: 1.998, b: 0.006 Cost: 0.000005
    >>> fit.predict(torch.tensor([[4.0]])).shape
    torch.Size([1, 1])
    """
    X, y = check_data(X, y)
    lr = check_rate(lr, X.dtype)
    w, b = _start(X, weight, bias)
    run = Run(
        epochs,
        (w, b),
        record_every=record_every,
        reporter=Reporter(log, log_every, show_parameters, progress),
        patience=patience,
        min_delta=min_delta,
    )
    n, target = len(X), y.squeeze(1)
    for due in run:
        residual = X @ w + b - target
        w = w - lr * (2 / n * (X.T @ residual))
        b = b - lr * (2 / n * residual.sum())
        if due:
            run.record(residual.square().mean(), (w, b))
    return Fit(w, b, run.history(lambda: _bound(X, lr)))


@torch.inference_mode(False)
def train_with_autograd(
    X: Tensor,
    y: Tensor,
    *,
    lr: float,
    epochs: int,
    weight: Numbers | None = None,
    bias: Numbers | None = None,
    record_every: int = 1,
    log: Log | None = None,
    log_every: int = 100,
    show_parameters: bool = False,
    progress: bool = False,
    patience: int | None = None,
    min_delta: float = 0.0,
) -> Fit:
    """Descend along the gradient that `backward()` computes, the update written out.

    Parameters, result and errors are those of :func:`train_by_hand`.

    Examples
    --------
    >>> from linreg_tutorial.datasets import load_doubling
    >>> data = load_doubling()
    >>> train_with_autograd(data.X, data.y, lr=0.1, epochs=500).weight
    tensor([2.0000])
    """
    X, y = check_data(X, y)
    lr = check_rate(lr, X.dtype)
    w, b = _start(X, weight, bias)
    run = Run(
        epochs,
        (w, b),
        record_every=record_every,
        reporter=Reporter(log, log_every, show_parameters, progress),
        patience=patience,
        min_delta=min_delta,
    )
    target = y.squeeze(1)
    w.requires_grad_()
    b.requires_grad_()
    for due in run:
        cost = (X @ w + b - target).square().mean()
        cost.backward()
        with torch.no_grad():
            for parameter in (w, b):
                assert parameter.grad is not None
                parameter -= lr * parameter.grad
                parameter.grad = None
        if due:
            run.record(cost, (w.detach(), b.detach()))
    return Fit(w.detach(), b.detach(), run.history(lambda: _bound(X, lr)))


@torch.inference_mode(False)
def train_with_optimizer(
    X: Tensor,
    y: Tensor,
    *,
    lr: float,
    epochs: int,
    optimizer: Callable[..., torch.optim.Optimizer] = torch.optim.SGD,
    weight: Numbers | None = None,
    bias: Numbers | None = None,
    record_every: int = 1,
    log: Log | None = None,
    log_every: int = 100,
    show_parameters: bool = False,
    progress: bool = False,
    patience: int | None = None,
    min_delta: float = 0.0,
    **options: Any,
) -> Fit:
    """Leave the update to an optimizer of :mod:`torch.optim`.

    The other parameters, result and errors are those of :func:`train_by_hand`.

    Parameters
    ----------
    optimizer : type
        A class such as :class:`torch.optim.SGD`; those that need a closure work too.
    **options
        Passed to it beside `lr`, for example `momentum=0.9`.

    Examples
    --------
    >>> from linreg_tutorial.datasets import load_doubling
    >>> data = load_doubling()
    >>> train_with_optimizer(data.X, data.y, lr=0.1, epochs=500, momentum=0.5).weight
    tensor([2.])
    """
    X, y = check_data(X, y)
    lr = check_rate(lr, X.dtype)
    w, b = _start(X, weight, bias)
    run = Run(
        epochs,
        (w, b),
        record_every=record_every,
        reporter=Reporter(log, log_every, show_parameters, progress),
        patience=patience,
        min_delta=min_delta,
    )
    target = y.squeeze(1)
    instance = optimizer([w.requires_grad_(), b.requires_grad_()], lr=lr, **options)
    step = stepper(instance)

    def closure() -> Tensor:
        instance.zero_grad()
        cost = (X @ w + b - target).square().mean()
        cost.backward()
        return cost

    for due in run:
        cost = step(closure)
        if due:
            run.record(cost, (w.detach(), b.detach()))
    plain = optimizer is torch.optim.SGD and not options
    return Fit(w.detach(), b.detach(), run.history(lambda: _bound(X, lr) if plain else None))


@torch.inference_mode(False)
def train_module(
    model: nn.Module,
    X: Tensor,
    y: Tensor,
    *,
    optimizer: torch.optim.Optimizer,
    epochs: int,
    loss: Loss = F.mse_loss,
    batch_size: int | None = None,
    generator: torch.Generator | None = None,
    record_every: int = 1,
    log: Log | None = None,
    log_every: int = 100,
    show_parameters: bool = False,
    progress: bool = False,
    patience: int | None = None,
    min_delta: float = 0.0,
) -> ModuleFit:
    """Train any module in place.

    The parameters from `record_every` on are those of :func:`train_by_hand`.

    Parameters
    ----------
    model : torch.nn.Module
        Maps features `(n, d)` to predictions. Its training mode is left as it is.
    X : torch.Tensor
        Features `(n, d)`, in the dtype of the model.
    y : torch.Tensor
        Targets of the shape of the predictions, or class numbers `(n,)` for a loss that takes them.
    optimizer : torch.optim.Optimizer
        An instance that holds parameters of the model.
    epochs : int
        Number of passes over the rows.
    loss : callable
        Maps predictions and targets to a scalar.
    batch_size : int, optional
        Rows an update; all by default.
    generator : torch.Generator, optional
        Shuffles the rows anew in each epoch; without it, batches are taken in order.

    Returns
    -------
    ModuleFit

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, shape or size, before any update.
    DivergenceError
        If the loss does not stay finite.

    Examples
    --------
    >>> from linreg_tutorial.datasets import load_doubling
    >>> data, model = load_doubling(), nn.Linear(1, 1)
    >>> sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> fit = train_module(model, data.X, data.y, optimizer=sgd, epochs=500)
    >>> fit.history.weight[-1]
    tensor([2.0000])
    """
    X = check_features(X)
    y = check_targets(y, len(X))
    check_model(model, optimizer, X)
    if batch_size is not None:
        batch_size = check_count("batch_size", batch_size)
    elif generator is not None:
        raise ValueError("generator shuffles mini-batches; pass batch_size too")
    if generator is not None:
        check_generator(generator)
    linear = only_linear_layer(model)
    run = Run(
        epochs,
        parameters(linear),
        record_every=record_every,
        reporter=Reporter(log, log_every, show_parameters, progress),
        patience=patience,
        min_delta=min_delta,
    )
    epoch = epoch_of(model, X, y, optimizer, guarded(loss), batch_size, generator)
    for due in run:
        cost = epoch()
        if due:
            run.record(cost, parameters(linear))
    mean_squares = loss is F.mse_loss or isinstance(loss, nn.MSELoss)
    if linear is None or batch_size is not None or not mean_squares:
        return ModuleFit(model, run.history(lambda: None))
    intercept = linear.bias is not None
    return ModuleFit(model, run.history(lambda: _sgd_bound(X, optimizer, intercept)))


def _start(X: Tensor, weight: Numbers | None, bias: Numbers | None) -> tuple[Tensor, Tensor]:
    return start_like("weight", weight, X[0]), start_like("bias", bias, X[0, 0])


def _bound(X: Tensor, lr: float, intercept: bool = True) -> float | None:
    """Return the largest stable learning rate, or None if `lr` lies below it."""
    bound = largest_stable_lr(X, intercept=intercept)
    return bound if lr >= bound else None


def _sgd_bound(X: Tensor, optimizer: torch.optim.Optimizer, intercept: bool) -> float | None:
    """Return the largest stable rate if plain SGD went beyond it, or None."""
    group = optimizer.param_groups[0]
    altered = any(group.get(name) for name in ("momentum", "weight_decay", "maximize"))
    if not isinstance(optimizer, torch.optim.SGD) or altered or len(optimizer.param_groups) > 1:
        return None
    return _bound(X, float(group["lr"]), intercept)
