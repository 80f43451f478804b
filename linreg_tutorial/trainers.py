"""The ladder: the same gradient descent, from the formula written out to any module."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from linreg_tutorial._checks import Numbers, check_data, check_rate, start_like
from linreg_tutorial._module import ModuleFit, train_module
from linreg_tutorial._predict import predict
from linreg_tutorial._run import Log, Reporter, Run
from linreg_tutorial._sweep import sweep_learning_rates
from linreg_tutorial._updates import bound, stepper
from linreg_tutorial.history import DivergenceError, History

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
    return Fit(w, b, run.history(lambda: bound(X, lr)))


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
    return Fit(w.detach(), b.detach(), run.history(lambda: bound(X, lr)))


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
    return Fit(w.detach(), b.detach(), run.history(lambda: bound(X, lr) if plain else None))


def _start(X: Tensor, weight: Numbers | None, bias: Numbers | None) -> tuple[Tensor, Tensor]:
    return start_like("weight", weight, X[0]), start_like("bias", bias, X[0, 0])
