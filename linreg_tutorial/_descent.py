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
    # of collinear columns rounding leaves so little that no number of updates would move it
    moves = (s > s[0] * max(A.shape) * torch.finfo(s.dtype).eps) & (error != 0)
    change = _change(lr, torch.where(moves, 2 / n * s.square(), 0), momentum, nesterov)

    # the loop looks at its last epoch too, recorded or not
    times = torch.cat([torch.arange(0, epochs - 1, record_every), torch.tensor([epochs - 1])])
    before = _modes(error, change, epochs, record_every)
    after = before + change @ before
    theta = start - 2 / n * (torch.where(moves, s, 0) * after[:, 2].T) @ Vh  # (k, d + 1)
    history = History(
        epoch=times,
        cost=((residual - U @ error).square().sum() + before[:, 0].square().sum(dim=0)) / n,
        weight=theta[:, 1:],
        bias=theta[:, 0],
        start_weight=w,
        start_bias=b,
    )
    bound = _largest_lr(n / s[0].item() / s[0].item(), momentum, nesterov)
    kept = (epochs - 1) // record_every + 1
    return first(
        checked(history, lambda: bound if bound is not None and lr >= bound else None), kept
    )


def _change(lr: float, curvature: Tensor, momentum: float, nesterov: bool) -> Tensor:
    """Return what an update adds to each mode's (error, velocity, way), as matrices `(p, 3, 3)`.

    velocity ← momentum · velocity + error,  way ← way + lr · step,  error ← error - curvature ·
    lr · step, where step is the velocity, and with Nesterov error + momentum · velocity.
    """
    velocity = curvature.new_tensor([1.0, momentum, 0.0])
    old = torch.eye(3).to(curvature)
    step = lr * (old[0] + momentum * velocity if nesterov else velocity)
    rows = [-curvature.unsqueeze(1) * step, (velocity - old[1]).expand(len(curvature), 3)]
    return torch.stack([*rows, step.expand(len(curvature), 3)], dim=1)


def _modes(error: Tensor, change: Tensor, epochs: int, stride: int) -> Tensor:
    """Return each mode's (error, velocity, way) before every `stride`-th update and the last.

    The number of known states doubles with each pass, `(p, 3, 1)`, `(p, 3, 2)`, `(p, 3, 4)`, …
    """
    state = torch.stack([error, 0 * error, 0 * error], dim=1).unsqueeze(2)
    count = len(range(0, epochs - 1, stride))
    last = state + _repeat(change, epochs - 1) @ state
    states, leap = state, _repeat(change, stride)
    while states.shape[2] < count:
        states = torch.cat([states, states + leap @ states], dim=2)
        leap = _repeat(leap, 2)
    return torch.cat([states[:, :, :count], last], dim=2)


def _repeat(change: Tensor, times: int) -> Tensor:
    """Return what `times` updates change, `(1 + change) ** times - 1`.

    Without the 1, a change of 1e-12 keeps all its digits over 1e12 updates.
    """
    total = torch.zeros_like(change)
    while times:
        if times % 2:
            total = total + change + total @ change
        change, times = 2 * change + change @ change, times // 2
    return total


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
