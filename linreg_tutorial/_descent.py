"""Gradient descent without its loop; the public name is in solvers."""

import torch
from torch import Tensor

from linreg_tutorial._checks import (
    Numbers,
    check_count,
    check_data,
    check_nonnegative,
    check_positive,
    check_switch,
    start_like,
)
from linreg_tutorial._design import design
from linreg_tutorial._run import checked, first
from linreg_tutorial.history import History


def descend_exactly(
    X: Tensor,
    y: Tensor,
    *,
    lr: float,
    epochs: int,
    weight: Numbers | None = None,
    bias: Numbers | None = None,
    momentum: float = 0.0,
    nesterov: bool = False,
    record_every: int = 1,
) -> History:
    """Return the course of gradient descent on the mean squared error, without descending.

    It is the course of :func:`~linreg_tutorial.trainers.train_by_hand`, and with a momentum that
    of :class:`torch.optim.SGD`, in float64 whatever the dtype of `X`. The time it takes grows with
    the number of recorded epochs, and with the number of updates only as its logarithm.

    Parameters
    ----------
    X : torch.Tensor
        Features `(n, d)`.
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
    momentum : float
        What is left of the velocity from one update to the next.
    nesterov : bool
        Whether the momentum is that of Nesterov.
    record_every : int
        Epochs between two entries of the history.

    Returns
    -------
    ~linreg_tutorial.trainers.History

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, shape or size.
    DivergenceError
        If the cost does not stay finite; with a momentum, `largest_lr` takes account of it.

    Notes
    -----
    Along each singular vector of `A`, which is `X` behind a column of ones, an update multiplies
    what is left of the residual by the same small matrix, and many updates by a power of it:
    O'Donoghue and Candès, *Adaptive restart for accelerated gradient schemes*, 2015. Where columns
    are collinear, neither descent nor its closed form moves the parameters.

    Examples
    --------
    >>> from linreg_tutorial.datasets import load_doubling
    >>> data = load_doubling()
    >>> history = descend_exactly(data.X, data.y, lr=0.1, epochs=201, record_every=100)
    >>> [round(cost, 6) for cost in history.cost.tolist()]
    [18.666667, 0.0006, 5e-06]
    """
    X, y = check_data(X, y, dtype=torch.float64)
    lr, epochs = check_positive("lr", lr), check_count("epochs", epochs)
    record_every = check_count("record_every", record_every)
    momentum = _check_momentum(momentum, nesterov)
    w, b = start_like("weight", weight, X[0]), start_like("bias", bias, X[0, 0])

    A, start, n = design(X, intercept=True), torch.cat([b.view(1), w]), len(X)
    residual = A @ start - y.squeeze(1)
    U, s, Vh = torch.linalg.svd(A, full_matrices=False)  # (n, p), (p,), (p, d + 1)
    error = U.T @ residual
    largest = s[0].item()
    # of collinear columns rounding leaves so little that no number of updates would move it
    moves = (s > largest * max(A.shape) * torch.finfo(s.dtype).eps) & (error != 0)
    s = torch.where(moves, s, 0.0)
    change = _change(lr, 2 / n * s.square(), momentum, nesterov)

    # the loop looks at its last epoch too, recorded or not
    recorded = torch.arange(0, epochs, record_every)
    times = torch.cat([recorded, torch.tensor([epochs - 1])])
    before = _modes(error, change, epochs, record_every)
    after = torch.baddbmm(before, change, before)
    directions = 2 / n * s.unsqueeze(1) * Vh  # (p, d + 1)
    theta = torch.addmm(start, after[:, 2].T, directions, alpha=-1)  # (k, d + 1)
    history = History(
        epoch=times,
        cost=((residual - U @ error).square().sum() + before[:, 0].square().sum(dim=0)) / n,
        weight=theta[:, 1:],
        bias=theta[:, 0],
        start_weight=w,
        start_bias=b,
    )
    bound = _largest_lr(n / largest / largest, momentum, nesterov)
    return first(
        checked(history, lambda: bound if bound is not None and lr >= bound else None),
        len(recorded),
    )


def _change(lr: float, curvature: Tensor, momentum: float, nesterov: bool) -> Tensor:
    """Return what an update adds to each mode's (error, velocity, way), as matrices `(p, 3, 3)`.

    velocity ← momentum · velocity + error,  way ← way + lr · step,  error ← error - curvature ·
    lr · step, where step is the velocity, and with Nesterov error + momentum · velocity.
    """
    ahead = (1 + momentum, momentum * momentum) if nesterov else (1.0, momentum)
    step, velocity = [lr * ahead[0], lr * ahead[1], 0.0], [1.0, momentum - 1, 0.0]
    changes = [[[-c * s for s in step], velocity, step] for c in curvature.tolist()]
    return curvature.new_tensor(changes)


def _modes(error: Tensor, change: Tensor, epochs: int, stride: int) -> Tensor:
    """Return each mode's (error, velocity, way) before every `stride`-th update and the last.

    The number of known states doubles with each pass, `(p, 3, 1)`, `(p, 3, 2)`, `(p, 3, 4)`, …
    """
    count, rest = divmod(epochs - 1, stride)
    states = torch.stack([error, 0 * error, 0 * error], dim=1).unsqueeze(2)
    leap = _repeat(change, stride)
    while states.shape[2] <= count:
        states = torch.cat([states, torch.baddbmm(states, leap, states)], dim=2)
        leap = _twice(leap)
    last = states[:, :, count : count + 1]
    after = torch.baddbmm(last, _repeat(change, rest), last)
    return torch.cat([states[:, :, : count + 1], after], dim=2)


def _repeat(change: Tensor, times: int) -> Tensor:
    """Return what `times` updates change, `(1 + change) ** times - 1`.

    Without the 1, a change of 1e-12 keeps all its digits over 1e12 updates.
    """
    total = torch.zeros_like(change)
    for digit in f"{times:b}":
        total = _twice(total)
        if digit == "1":
            total = torch.baddbmm(total + change, total, change)
    return total


def _twice(change: Tensor) -> Tensor:
    """Return what a change and the same again change, `(1 + change) ** 2 - 1`."""
    return torch.baddbmm(change, change, change, beta=2)


def _largest_lr(plain: float, momentum: float, nesterov: bool) -> float | None:
    """Return the largest stable rate with a momentum, given that without; None if there is none."""
    if momentum >= 1:
        return None
    return plain * (1 + momentum) / (1 + 2 * momentum if nesterov else 1)


def _check_momentum(momentum: float, nesterov: bool) -> float:
    """Return the momentum as a float, or say what is wrong with it."""
    momentum = check_nonnegative("momentum", momentum)
    if check_switch("nesterov", nesterov) and momentum == 0:
        raise ValueError("nesterov needs a momentum above 0, got 0.0; pass momentum=0.9 or so")
    return momentum
