"""Least squares by QR decomposition, refined where it would lose digits; public in solvers."""

import torch
from torch import Tensor

from linreg_tutorial._checks import check_data, check_switch
from linreg_tutorial._design import dependent, design
from linreg_tutorial._doubles import power_of_two
from linreg_tutorial._fit import (
    LeastSquaresFit,
    System,
    condition_number,
    shortest,
    summary,
    system,
)
from linreg_tutorial._refine import by_pivoted_qr, refined, table
from linreg_tutorial._triangle import inverse, triangle

# Numbers in a table that is refined in a few milliseconds.
SMALL_TABLE = 2**16

# How many times its rounding an answer may be off before it is worth refining, in a table of
# that size and in a larger one, where it takes some ten times as long as the answer itself.
_LOSS, LARGE_LOSS = 10.0, 100.0


def solve_least_squares(
    X: Tensor,
    y: Tensor,
    *,
    intercept: bool = True,
    refine: bool | None = None,
    minimum_norm: bool = False,
) -> LeastSquaresFit:
    """Minimise the mean squared error by a QR decomposition, refined where it would lose digits.

    Parameters
    ----------
    X : torch.Tensor
        Features `(n, d)`.
    y : torch.Tensor
        Targets `(n, 1)`.
    intercept : bool
        Whether a bias is fitted too.
    refine : bool, optional
        Whether the answer is refined with residuals of about thirty digits until it stands still.
        By default it is if the condition number is above 100, and in a table of up to 65,536
        numbers, where that takes milliseconds, already if the condition number is above 10 or a
        single unknown would lose more than a digit. False leaves what float64 alone can give.
    minimum_norm : bool
        Whether an answer is wanted even if the data does not determine it: then, of all that fit
        best, the one in which the sum of the squares of weights and bias is smallest. Such an
        answer is not refined.

    Returns
    -------
    LeastSquaresFit

    Raises
    ------
    TypeError, ValueError
        If an argument has a wrong type or shape, or a value that is not finite, or if the answer
        exceeds the largest float64.
    RankDeficientError
        If rows are too few or columns are linearly dependent, unless `minimum_norm` is set.

    Notes
    -----
    Columns are scaled by powers of two, which rounds nothing. A column depends on those before it
    if they leave `10 √n ε` of its length, with `ε` the 2.2e-16 of float64: that much rounding
    alone may leave, so no solver can tell. Short of it the answer is computed, and with refinement
    as a rule correct to the last digit.

    The decomposition is Householder's, in blocks of rows; of a long table whose condition number
    is below 100 it is the Cholesky QR done twice, as accurate there and several times as fast.
    Golub and Van Loan, *Matrix Computations*, 4th edition, section 5.3; Björck, *Iterative
    refinement of linear least squares solutions*, BIT 7, 1967; Yamamoto, Nakatsukasa, Yanagisawa
    and Fukaya, *Roundoff error analysis of the CholeskyQR2 algorithm*, ETNA 44, 2015.

    Examples
    --------
    >>> from linreg_tutorial.datasets import load_doubling
    >>> data = load_doubling()
    >>> fit = solve_least_squares(data.X, data.y)
    >>> round(fit.weight.item(), 12), abs(round(fit.bias.item(), 12))
    (2.0, 0.0)
    """
    X, y = check_data(X, y, dtype=torch.float64)
    intercept = check_switch("intercept", intercept)
    minimum_norm = check_switch("minimum_norm", minimum_norm)
    if refine is not None:
        refine = check_switch("refine", refine)
    unit = power_of_two(y)
    s = system(triangle(X, y / unit, intercept), len(X), intercept, unit)
    if minimum_norm and dependent(s.R, s.rows):
        return shortest(s)
    s.require_determined()
    return summary(s, *_solve(s, X, y / unit, refine))


def _solve(s: System, X: Tensor, y: Tensor, refine: bool | None) -> tuple[Tensor, Tensor]:
    """Return the unknowns `(p,)` of the scaled columns and the sum of the squared residuals."""
    answer, small, kappa = s.answer(), X.numel() <= SMALL_TABLE, condition_number(s.R)
    if refine is None:
        loss = torch.maximum(kappa, _loss(s, answer)) if small else kappa
        refine = bool(loss > (_LOSS if small else LARGE_LOSS))
    if refine:
        return refined(table(X, y, s.intercept), s.unit, s.R, answer)
    if small and kappa > _LOSS:
        answer = by_pivoted_qr(design(X, s.intercept) / s.unit, y, s.R)
    return answer, s.rss


def _loss(s: System, answer: Tensor) -> Tensor:
    """Return how many times its own rounding the worst unknown may be off."""
    size = (s.right.square().sum() + s.rss).sqrt()
    loss: Tensor = (inverse(s.R).norm(dim=1) * size / answer.abs()).nan_to_num().max()
    return loss
