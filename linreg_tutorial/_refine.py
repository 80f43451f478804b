"""Least squares to the last digit, and as many digits as float64 alone leaves."""

import math
from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from linreg_tutorial._design import blocks
from linreg_tutorial._doubles import Pair, add, dot, negative, pair

Table = Callable[[], Iterable[tuple[Pair, Pair]]]  # designs (m, p) and targets (m,), by blocks

# Numbers in a block, 256 KiB: so many an operation takes on one thread and in its cache.
_BLOCK = 2**15

# More rounds than a matrix that is told from a singular one ever needs.
_ROUNDS = 30

# What share of a number is below its last digit.
_SMALL = 2.0**-58


def table(X: Tensor, y: Tensor, intercept: bool) -> Table:
    """Return the rows of `X (n, d)` and `y (n, 1)` as `refined` asks for them."""
    return lambda: (
        (pair(A), pair(target.squeeze(1))) for A, target in blocks(X, y, intercept, _BLOCK)
    )


def refined(rows: Table, unit: Tensor, R: Tensor, theta: Tensor) -> tuple[Tensor, Tensor]:
    """Improve an answer `(p,)` by its residual in double-doubles until it stands still.

    `unit` holds the powers of two that the columns of the design are divided by, and `R` is the
    triangular factor of that. Return the answer and the sum of its squared residuals.
    """
    answer, before, best = pair(theta), math.inf, (theta, theta.new_zeros(()))
    for _ in range(_ROUNDS):
        gradient, rss = _gradient(rows, unit, answer)
        half = torch.linalg.solve_triangular(R.T, gradient.unsqueeze(1), upper=False)
        step = torch.linalg.solve_triangular(R, half, upper=True).squeeze(1)
        length = half.norm().item()
        if length < before:
            best = answer[0], rss
        if not length < before / 2:
            break
        # a step shrinks the next as it was shrunk itself: where that is enough, a round is saved
        rate = 1.0 if before == math.inf else length / before
        answer, before = add(answer, pair(step)), length
        if (rate * step.abs() <= _SMALL * answer[0].abs()).all():
            return answer[0], rss
    return best


def _gradient(rows: Table, unit: Tensor, answer: Pair) -> tuple[Tensor, Tensor]:
    """Return `Aᵀ(y - A answer) (p,)`, rounded once, and the sum of the squared residuals."""
    total, rss = pair(torch.zeros_like(unit)), unit.new_zeros(())
    for (high, low), target in rows():
        A = high / unit, low / unit
        residual = add(target, negative(dot((A[0].T, A[1].T), answer)))
        total = add(total, dot(A, residual))
        rss = rss + residual[0].square().sum()
    return total[0], rss


def by_pivoted_qr(A: Tensor, y: Tensor, R: Tensor) -> Tensor:
    """Return the answer `(p,)` by Householder QR with the columns in the order of pivoting.

    It is corrected once by its residual in float64, which wins some tenths of a digit and is as far
    as float64 goes. `R` is a triangular factor of `A (n, p)`.
    """
    order = _pivots(R)
    A = A[:, order]
    theta = _by_qr(A, y)
    answer = torch.empty_like(theta)
    answer[order] = theta + _by_qr(A, y - A @ theta)
    return answer.squeeze(1)


def _by_qr(A: Tensor, y: Tensor) -> Tensor:
    p = A.shape[1]
    T = torch.linalg.qr(torch.cat([A, y], dim=1), mode="r").R
    theta: Tensor = torch.linalg.solve_triangular(T[:p, :p], T[:p, p:], upper=True)
    return theta


def _pivots(R: Tensor) -> list[int]:
    """Return the columns such that each is the farthest from the span of those before it."""
    left = R
    order: list[int] = []
    for _ in range(len(R)):
        length = left.norm(dim=0)
        length[order] = -1.0  # below all others
        order.append(int(length.argmax()))
        q = left[:, order[-1]] / length[order[-1]]
        left = left - torch.outer(q, q @ left)
    return order
