"""What least squares finds, from the triangular factor on; the public name is in solvers."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from linreg_tutorial._design import (
    powers_of_two,
    require_finite,
    require_full_rank,
    require_rows,
    tolerance,
)
from linreg_tutorial._predict import predict
from linreg_tutorial._triangle import inverse


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
        Number of linearly independent columns, the intercept included.
    residual_sd : torch.Tensor
        Standard deviation `()` of the residuals, in the target's unit, with `n - rank` in the
        denominator; NaN if there are no more rows than independent columns.
    standard_errors : torch.Tensor
        Standard errors `(d,)` of the weights, and that of the bias at the end, `(d + 1,)`, if
        there is an intercept; NaN where `residual_sd` is.
    r_squared : torch.Tensor
        Coefficient of determination `()`; about the mean with an intercept, about zero without;
        NaN if the targets do not vary.
    condition_number : torch.Tensor
        Condition number `()` in the 2-norm of the columns, the ones of the intercept included,
        each divided by its length; of the singular values up to `rank` if columns are dependent.
        Infinite if every column is zero. Its logarithm to base 10 is about how many digits float64
        alone loses.
    """

    weight: Tensor
    bias: Tensor
    rank: int
    residual_sd: Tensor
    standard_errors: Tensor
    r_squared: Tensor
    condition_number: Tensor

    def __post_init__(self) -> None:
        require_finite(self.weight, self.bias)
        if not self.residual_sd.isnan():
            require_finite(self.residual_sd, self.standard_errors)

    def predict(self, X: Tensor) -> Tensor:
        """Return the predictions `(n, 1)` in float64 for `X (n, d)`.

        Raises
        ------
        TypeError, ValueError
            If `X` is not a finite tensor of that shape, or a prediction is not finite.
        """
        return predict(X, self.weight, self.bias)


@dataclass(frozen=True, eq=False)
class System:
    """The triangular factor of a design whose columns are divided by powers of two.

    Parameters
    ----------
    R, right : torch.Tensor
        The triangle `(p, p)` and the rotated targets `(p,)`.
    unit : torch.Tensor
        The powers of two `(p,)`.
    target : float
        The power of two that the targets are divided by.
    rss : torch.Tensor
        The sum `()` of the squared residuals.
    rows : int
        Number of rows.
    intercept : bool
        Whether the first column is that of ones.
    """

    R: Tensor
    right: Tensor
    unit: Tensor
    target: float
    rss: Tensor
    rows: int
    intercept: bool

    def answer(self) -> Tensor:
        """Return the unknowns `(p,)` of the scaled columns."""
        right = self.right.unsqueeze(1)
        answer: Tensor = torch.linalg.solve_triangular(self.R, right, upper=True).squeeze(1)
        return answer

    def require_determined(self) -> None:
        """Raise RankDeficientError unless the columns determine the unknowns."""
        require_rows(self.rows, len(self.R), self.intercept)
        require_full_rank(self.R, self.rows, self.intercept)


def condition_number(R: Tensor) -> Tensor:
    """Return the condition number `()` of the columns of `R (p, p)`, each divided by its length."""
    columns, _ = _unit_columns(R / powers_of_two(R))  # squares neither overflow nor vanish
    values = torch.linalg.svdvals(columns)
    kappa: Tensor = values[0] / values[-1]
    return kappa


def _unit_columns(R: Tensor) -> tuple[Tensor, Tensor]:
    """Return the columns divided by their lengths `(p,)`, and these; zeros stay as they are."""
    lengths = R.norm(dim=0)
    lengths = torch.where(lengths == 0, 1.0, lengths)
    return R / lengths, lengths


def system(T: Tensor, rows: int, intercept: bool, target: float) -> System:
    """Return the system of a triangular factor `T (p + 1, p + 1)` of targets so divided."""
    require_finite(T)
    R = T[:-1, :-1]
    unit = powers_of_two(R)
    return System(R / unit, T[:-1, -1], unit, target, T[-1, -1].square(), rows, intercept)


def summary(s: System, answer: Tensor, rss: Tensor) -> LeastSquaresFit:
    """Return the fit of a determined system, from its scaled answer `(p,)`."""
    spread = inverse(s.R).norm(dim=1)
    return _fit(s, answer, rss, len(s.R), condition_number(s.R), spread, s.unit)


def shortest(s: System) -> LeastSquaresFit:
    """Return the fit whose weights and bias together are shortest among those that fit best."""
    columns, lengths = _unit_columns(s.R)
    U, values, Vh = torch.linalg.svd(columns)
    rank = int((values > tolerance(s.rows, len(s.R)) * values[0]).sum())
    U, values, V, size = U[:, :rank], values[:rank], Vh[:rank].T, lengths * s.unit
    rotated = U.T @ s.right
    nothing = torch.linalg.qr(Vh[rank:].T / size.unsqueeze(1)).Q  # weights that predict 0
    pseudo_inverse = V / values / size.unsqueeze(1)
    pseudo_inverse = pseudo_inverse - nothing @ (nothing.T @ pseudo_inverse)
    pseudo_inverse[(columns == 0).all(dim=0)] = 0.0  # and not what rounding leaves there
    rss = s.rss + (s.right - U @ rotated).square().sum()
    kappa = values[0] / values[-1] if rank else torch.full_like(rss, math.inf)
    spread = pseudo_inverse.norm(dim=1)
    ones = torch.ones_like(s.unit)
    return _fit(s, pseudo_inverse @ rotated, rss, rank, kappa, spread, ones)


def _fit(
    s: System,
    theta: Tensor,
    rss: Tensor,
    rank: int,
    kappa: Tensor,
    spread: Tensor,
    unit: Tensor,
) -> LeastSquaresFit:
    n, first = s.rows, int(s.intercept)
    none = torch.full_like(rss, math.nan)
    residual_sd = (rss / (n - rank)).sqrt() if n > rank else none
    # behind the rotation of the ones, what is left of the targets is their spread
    about_mean, about_zero = (s.right[k:].square().sum() + s.rss for k in (first, 0))
    varies = about_mean > tolerance(n, len(s.R)) ** 2 * about_zero
    theta = _times_ratio(theta, s.target, unit)
    errors = _times_ratio(residual_sd * spread, s.target, unit)
    return LeastSquaresFit(
        weight=theta[first:],
        bias=theta[0] if s.intercept else torch.zeros_like(rss),
        rank=rank,
        residual_sd=residual_sd * s.target,
        standard_errors=errors.roll(-1) if s.intercept else errors,
        r_squared=1 - rss / about_mean if varies else none,
        condition_number=kappa,
    )


def _times_ratio(values: Tensor, target: float, unit: Tensor) -> Tensor:
    """Return `values * target / unit` for powers of two, of which neither step overflows."""
    exponent = math.frexp(target)[1] - unit.frexp().exponent
    half = exponent // 2
    one = torch.ones_like(values)
    return values * torch.ldexp(one, half) * torch.ldexp(one, exponent - half)
