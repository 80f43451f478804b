"""Gradient descent at many learning rates at once; the public name is in trainers."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from linreg_tutorial._checks import check_count, check_data, check_positive
from linreg_tutorial.history import History


def sweep_learning_rates(
    X: Tensor, y: Tensor, lrs: Sequence[float] | Tensor, *, epochs: int
) -> list[History]:
    """Descend from zeros on the mean squared error once for each learning rate, all together.

    Each run is that of :func:`train_by_hand`, but a rate that diverges does not raise.

    Parameters
    ----------
    X : torch.Tensor
        Features `(n, d)`; integers become the default float dtype.
    y : torch.Tensor
        Targets `(n, 1)`.
    lrs : sequence of float or torch.Tensor
        The `L` learning rates, in any order; a tensor has shape `(L,)`.
    epochs : int
        Number of updates at each rate, each with all rows.

    Returns
    -------
    list
        One :class:`History` a rate, in the order of `lrs`. It ends before the first epoch whose
        cost, weight or bias is not finite: it then has fewer than `epochs` entries, and none if
        the first cost is not finite already.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, shape or size, before any update.

    Notes
    -----
    The residuals of one epoch take `(L, n)` numbers, the record `(epochs, L, d + 2)`.

    Examples
    --------
    >>> from linreg_tutorial.datasets import load_doubling
    >>> data = load_doubling()
    >>> slow, fast, wild = sweep_learning_rates(data.X, data.y, [0.01, 0.1, 1.0], epochs=100)
    >>> [round(history.cost[-1].item(), 4) for history in (slow, fast)]
    [0.0484, 0.0006]
    >>> len(slow), len(fast), len(wild)
    (100, 100, 19)
    """
    X, y = check_data(X, y)
    rates = X.new_tensor(_check_rates(lrs))
    epochs = check_count("epochs", epochs)
    n, target = len(X), y.squeeze(1)
    w, b = X.new_zeros(len(rates), X.shape[1]), X.new_zeros(len(rates))
    costs, biases = X.new_empty(epochs, len(rates)), X.new_empty(epochs, len(rates))
    weights = X.new_empty(epochs, *w.shape)
    for epoch in range(epochs):
        residual = w @ X.T + b.unsqueeze(1) - target
        costs[epoch] = residual.square().mean(dim=1)
        w = w - rates.unsqueeze(1) * (2 / n * (residual @ X))
        b = b - rates * (2 / n * residual.sum(dim=1))
        weights[epoch], biases[epoch] = w, b
    finite = costs.isfinite() & weights.isfinite().all(dim=2) & biases.isfinite()
    lengths: list[int] = finite.cummin(dim=0).values.sum(dim=0).tolist()
    return [
        History(
            epoch=torch.arange(k),
            cost=costs[:k, i].clone(),
            weight=weights[:k, i].clone(),
            bias=biases[:k, i].clone(),
            start_weight=X.new_zeros(X.shape[1]),
            start_bias=X.new_zeros(()),
        )
        for i, k in enumerate(lengths)
    ]


def _check_rates(lrs: Any) -> list[float]:
    """Return the learning rates as floats, or say which of them is no positive finite number."""
    if isinstance(lrs, Tensor):
        if lrs.ndim != 1:
            raise ValueError(f"lrs must have shape (L,), got {tuple(lrs.shape)}")
        lrs = lrs.tolist()
    elif isinstance(lrs, str | bytes) or not isinstance(lrs, Sequence):
        raise TypeError(
            f"lrs must be a list of numbers or a 1-D tensor, got {type(lrs).__name__}; "
            "use [lr] for a single rate"
        )
    if len(lrs) == 0:
        raise ValueError("lrs must hold at least one learning rate, got none")
    return [check_positive(f"lrs[{i}]", lr) for i, lr in enumerate(lrs)]
