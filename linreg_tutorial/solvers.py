"""Least squares without steps: what descent converges to, and how large its steps may be."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from linreg_tutorial._bootstrap import bootstrap
from linreg_tutorial._checks import check_data, check_features
from linreg_tutorial._descent import descend_exactly
from linreg_tutorial._design import design, require_full_rank, require_rows
from linreg_tutorial._errors import RankDeficientError
from linreg_tutorial._polynomials import fit_polynomial

__all__ = [
    "LeastSquaresFit",
    "RankDeficientError",
    "bootstrap",
    "descend_exactly",
    "fit_polynomial",
    "largest_stable_lr",
    "solve_least_squares",
]


@dataclass(frozen=True, eq=False)
class LeastSquaresFit:
    """The least-squares solution, in float64.

    Parameters
    ----------
    weight : torch.Tensor
        Weights `(d,)`.
    bias : torch.Tensor
        The bias `()`; 0 without an intercept.
    rank : int
        Number of columns, the intercept included.
    residual_sd : torch.Tensor
        Standard deviation `()` of the residuals, in the target's unit, with `n - rank` in the
        denominator; NaN if there are no more rows than columns.
    standard_errors : torch.Tensor
        Standard errors `(d,)` of the weights, and that of the bias at the end, `(d + 1,)`, if
        there is an intercept; NaN where `residual_sd` is.
    r_squared : torch.Tensor
        Coefficient of determination `()`; about the mean with an intercept, about zero without;
        NaN if the targets do not vary.
    """

    weight: Tensor
    bias: Tensor
    rank: int
    residual_sd: Tensor
    standard_errors: Tensor
    r_squared: Tensor

    def predict(self, X: Tensor) -> Tensor:
        """Return the predictions `(n, 1)` in float64 for `X (n, d)`."""
        return (check_features(X).double() @ self.weight + self.bias).unsqueeze(1)


def solve_least_squares(X: Tensor, y: Tensor, *, intercept: bool = True) -> LeastSquaresFit:
    """Minimise the mean squared error by a Householder QR decomposition.

    Parameters
    ----------
    X : torch.Tensor
        Features `(n, d)`.
    y : torch.Tensor
        Targets `(n, 1)`.
    intercept : bool
        Whether a bias is fitted too.

    Returns
    -------
    LeastSquaresFit

    Raises
    ------
    TypeError, ValueError
        If the data has a wrong type, shape or a value that is not finite.
    RankDeficientError
        If rows are too few or columns are linearly dependent.

    Notes
    -----
    Golub and Van Loan, *Matrix Computations*, 4th edition, section 5.3.3.

    Examples
    --------
    >>> from linreg_tutorial.datasets import load_doubling
    >>> data = load_doubling()
    >>> fit = solve_least_squares(data.X, data.y)
    >>> round(fit.weight.item(), 12), abs(round(fit.bias.item(), 12))
    (2.0, 0.0)
    """
    X, y = check_data(X, y)
    A, target = design(X, intercept), y.double().squeeze(1)
    n, p = A.shape
    require_rows(n, p, intercept)
    scale = A.norm(dim=0)
    scale = torch.where(scale == 0, 1.0, scale)
    Q, R = torch.linalg.qr(A / scale)
    require_full_rank(R, n, intercept)
    theta = torch.linalg.solve_triangular(R, (Q.T @ target).unsqueeze(1), upper=True).squeeze(1)
    residual = target - A / scale @ theta
    rss = residual.square().sum()
    centred = target - target.mean() if intercept else target
    tss = centred.square().sum()
    residual_sd = (rss / (n - p)).sqrt() if n > p else torch.full_like(rss, math.nan)
    inverse = torch.linalg.solve_triangular(R, torch.eye(p, dtype=R.dtype), upper=True)
    errors = residual_sd * inverse.norm(dim=1) / scale
    theta = theta / scale
    return LeastSquaresFit(
        weight=theta[int(intercept) :],
        bias=theta[0] if intercept else torch.zeros_like(rss),
        rank=p,
        residual_sd=residual_sd,
        standard_errors=errors.roll(-1) if intercept else errors,
        r_squared=1 - rss / tss if tss > 0 else torch.full_like(rss, math.nan),
    )


def largest_stable_lr(X: Tensor, *, intercept: bool = True) -> float:
    """Return the learning rate above which gradient descent on the mean squared error diverges.

    Parameters
    ----------
    X : torch.Tensor
        Features `(n, d)`.
    intercept : bool
        Whether a bias is trained too.

    Returns
    -------
    float
        `2 / λ`, with `λ` the largest eigenvalue of the Hessian `2/n · AᵀA`, where `A` is `X`,
        beside a column of ones if there is an intercept. Infinite if every column is zero.

    Raises
    ------
    TypeError, ValueError
        If `X` has a wrong type, shape or a value that is not finite.

    Examples
    --------
    >>> from linreg_tutorial.datasets import load_doubling
    >>> round(largest_stable_lr(load_doubling().X), 4)
    0.1803
    """
    A = design(check_features(X), intercept)
    largest = torch.linalg.matrix_norm(A, ord=2).item()
    # divided twice: the square of a large singular value would overflow, of a small one vanish
    return math.inf if largest == 0 else len(A) / largest / largest
