"""Training of any module; the public names are in trainers."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from linreg_tutorial._checks import check_count, check_features, check_generator, check_targets
from linreg_tutorial._run import Log, Reporter, Run
from linreg_tutorial._updates import (
    Loss,
    bound,
    check_model,
    epoch_of,
    guarded,
    only_linear_layer,
    parameters,
)
from linreg_tutorial.history import History


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


def _sgd_bound(X: Tensor, optimizer: torch.optim.Optimizer, intercept: bool) -> float | None:
    """Return the largest stable rate if plain SGD went beyond it, or None."""
    group = optimizer.param_groups[0]
    altered = any(group.get(name) for name in ("momentum", "weight_decay", "maximize"))
    if not isinstance(optimizer, torch.optim.SGD) or altered or len(optimizer.param_groups) > 1:
        return None
    return bound(X, float(group["lr"]), intercept)
