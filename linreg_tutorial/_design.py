"""The matrix of a least-squares problem, and the refusal of one without a single answer."""

import torch
from torch import Tensor

from linreg_tutorial._errors import RankDeficientError


def design(X: Tensor, intercept: bool) -> Tensor:
    """Return `X` in float64, behind a column of ones if there is an intercept."""
    X = X.double()
    return torch.cat([torch.ones_like(X[:, :1]), X], dim=1) if intercept else X


def require_rows(n: int, p: int, intercept: bool) -> None:
    """Raise if `n` rows are too few for `p` unknowns."""
    if n < p:
        raise RankDeficientError(
            f"X has {n} rows for {p} unknowns, the bias included; add rows or drop columns"
            if intercept
            else f"X has {n} rows for {p} unknowns; add rows or drop columns",
            tuple(range(n - intercept, p - intercept)),
        )


def require_full_rank(R: Tensor, n: int, intercept: bool) -> None:
    """Raise if a column of unit length lies in the span of those before it, to rounding."""
    tolerance = max(n, len(R)) * torch.finfo(R.dtype).eps
    dependent = (R.diagonal().abs() <= tolerance).nonzero().flatten().tolist()
    columns = tuple(i - int(intercept) for i in dependent)
    if columns:
        names = ", ".join(f"X[:, {i}]" for i in columns)
        before = "the columns before it and the bias" if intercept else "the columns before it"
        raise RankDeficientError(
            f"{names} adds nothing to {before}, so the weights are not determined; drop it",
            columns,
        )
