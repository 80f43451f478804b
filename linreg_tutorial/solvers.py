"""Least squares without steps: what descent converges to, and how large its steps may be."""

import math

import torch
from torch import Tensor

from linreg_tutorial._bootstrap import bootstrap
from linreg_tutorial._checks import check_features
from linreg_tutorial._descent import descend_exactly
from linreg_tutorial._design import design
from linreg_tutorial._errors import RankDeficientError
from linreg_tutorial._fit import LeastSquaresFit
from linreg_tutorial._least_squares import solve_least_squares
from linreg_tutorial._polynomials import fit_polynomial
from linreg_tutorial._stream import LeastSquaresStream

__all__ = [
    "LeastSquaresFit",
    "LeastSquaresStream",
    "RankDeficientError",
    "bootstrap",
    "descend_exactly",
    "fit_polynomial",
    "largest_stable_lr",
    "solve_least_squares",
]


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
        beside a column of ones if there is an intercept. Infinite if every column is zero, or if
        it exceeds the largest float64; 0 if it is below the smallest.

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
    A = design(check_features(X, dtype=torch.float64), intercept)
    largest = torch.linalg.matrix_norm(A, ord=2).item()
    # divided twice: the square of a large singular value would overflow, of a small one vanish
    return math.inf if largest == 0 else len(A) / largest / largest
