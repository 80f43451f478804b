"""The matrix of a least-squares problem, and the refusal of one without a single answer."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from linreg_tutorial._checks import all_finite
from linreg_tutorial._errors import RankDeficientError


def design(X: Tensor, intercept: bool) -> Tensor:
    """Return `X` in float64, behind a column of ones if there is an intercept."""
    X = X.double()
    return torch.cat([torch.ones_like(X[:, :1]), X], dim=1) if intercept else X


def blocks(X: Tensor, y: Tensor, intercept: bool, numbers: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the design `(m, p)` and the targets `(m, 1)` of rows that hold so many numbers."""
    p = X.shape[1] + intercept
    rows = max(4 * p, numbers // p)
    for start in range(0, len(X), rows):
        yield design(X[start : start + rows], intercept), y[start : start + rows]


def powers_of_two(A: Tensor) -> Tensor:
    """Return for each column of `A (m, q)` a power of two about as large as its largest number."""
    exponent = A.abs().amax(dim=0).frexp().exponent.clamp(-1022, 1023)  # of normal numbers
    return torch.ldexp(torch.ones_like(A[0]), exponent)


def tolerance(n: int, p: int) -> float:
    """Return the share of a column's length that the rounding of `n` rows may leave of nothing.

    Half or twice as much would do as well: no solver can tell what lies between.
    """
    return 10 * math.sqrt(max(n, p)) * torch.finfo(torch.float64).eps


def require_rows(n: int, p: int, intercept: bool) -> None:
    """Raise if `n` rows are too few for `p` unknowns."""
    if n < p:
        raise RankDeficientError(
            f"X has {n} rows for {p} unknowns, the bias included; add rows or drop columns"
            if intercept
            else f"X has {n} rows for {p} unknowns; add rows or drop columns",
            tuple(range(n - intercept, p - intercept)),
        )


def require_finite(*answer: Tensor) -> None:
    """Raise if a number on the way to an answer, or in it, has overflowed."""
    if not all_finite(*answer):
        raise ValueError(
            "X or y has a scale at which the answer exceeds the largest float64; rescale it"
        )


def dependent(R: Tensor, n: int) -> list[int]:
    """Return the columns that lie in the span of those before them, to the rounding of `n` rows.

    `R (p, p)` is their triangular factor.
    """
    R = R / powers_of_two(R)  # squares neither overflow nor vanish
    left = R.diagonal().abs()
    columns: list[int] = (left <= tolerance(n, len(R)) * R.norm(dim=0)).nonzero()[:, 0].tolist()
    return columns


def require_full_rank(R: Tensor, n: int, intercept: bool) -> None:
    """Raise if a column is dependent."""
    columns = tuple(i - int(intercept) for i in dependent(R, n))
    if columns:
        names = ", ".join(f"X[:, {i}]" for i in columns)
        before = "the columns before it and the bias" if intercept else "the columns before it"
        raise RankDeficientError(
            f"{names} adds nothing to {before}, so the weights are not determined; drop it",
            columns,
        )
