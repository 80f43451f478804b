"""Polynomials through data, accurate to the last digits; the public name is in solvers."""

import math
from fractions import Fraction

import torch
from torch import Tensor

from linreg_tutorial._checks import check_column, check_count, check_data
from linreg_tutorial._doubles import (
    Pair,
    dot,
    multiply,
    pair,
    power_of_two,
    subtract_multiple,
    two_sum,
)
from linreg_tutorial._errors import RankDeficientError

# Below this share of its length, what is left of a power of x is rounding of double-doubles.
_NOTHING = 2.0**-80


def fit_polynomial(x: Tensor, y: Tensor, degree: int) -> Tensor:
    """Minimise the mean squared error over the polynomials of a degree.

    About thirty digits are carried, so the answer is as a rule that of exact arithmetic on the
    values of `x` and `y`, rounded once to float64; a coefficient that is exactly 0 may come out
    as a number some thirty digits below the others.

    Parameters
    ----------
    x : torch.Tensor
        The feature `(n, 1)`.
    y : torch.Tensor
        Targets `(n, 1)`.
    degree : int
        The highest power of `x`, 0 or more.

    Returns
    -------
    torch.Tensor
        Coefficients `(degree + 1,)` in float64, ascending: that of `x**k` at index `k`.

    Raises
    ------
    TypeError, ValueError
        If an argument has a wrong type, shape or a value that is not finite, or if a coefficient
        exceeds the largest float64.
    RankDeficientError
        If `x` has fewer than `degree + 1` distinct values, or they lie too close together. Its
        columns are those of the matrix `(n, degree)` of the powers from `x` on.

    Notes
    -----
    Polynomials orthogonal on the values of `x` are built by the Arnoldi process and evaluated in
    double-doubles; three rounds of projection leave a residual orthogonal to them. The way back
    to powers of `x` is taken in rational arithmetic. Brubeck, Nakatsukasa and Trefethen,
    *Vandermonde with Arnoldi*, SIAM Review 63, 2021; Dekker, *A floating-point technique for
    extending the available precision*, Numerische Mathematik 18, 1971.

    Examples
    --------
    >>> x = torch.arange(21.0, dtype=torch.float64).unsqueeze(1)
    >>> fit_polynomial(x, 1 + x + x**2 + x**3 + x**4 + x**5, 5)
    tensor([1., 1., 1., 1., 1., 1.], dtype=torch.float64)
    """
    x, y = check_data(check_column("x", x), y, dtype=torch.float64)
    degree = check_count("degree", degree, least=0)
    distinct = len(x.unique())
    if distinct <= degree:
        raise RankDeficientError(
            f"x has too few distinct values for degree {degree}: {distinct}, and {degree + 1} are "
            "needed; add points or lower the degree",
            tuple(range(distinct - 1, degree)),
        )
    y_unit = power_of_two(y)
    r = pair(y.squeeze(1) / y_unit)
    basis, powers = _orthogonal_basis(x.squeeze(1), degree)
    Q = torch.stack([high for high, _ in basis], 1), torch.stack([low for _, low in basis], 1)
    coefficients = [Fraction(0) for _ in powers]
    for _ in range(3):  # each wins some fifteen digits, of the thirty there are
        step = dot(Q, r)[0] / Q[0].square().sum(dim=0)
        for a, q, p in zip(step.tolist(), basis, powers):
            r = subtract_multiple(r, a, q)
            coefficients = _plus_multiple(coefficients, Fraction(a) * Fraction(y_unit), p)
    return x.new_tensor(_rounded(coefficients))


def _orthogonal_basis(x: Tensor, degree: int) -> tuple[list[Pair], list[list[Fraction]]]:
    """Return polynomials orthogonal on `x (n,)`: their values `(n,)` and their coefficients.

    Their lengths are about 1. The values are double-doubles, the coefficients exact: each number
    that the process multiplies or subtracts is a float64, so the same steps in fractions say
    which polynomials the values belong to.
    """
    # the middle leaves most of the thirty digits; the answer needs half of them, so any would do
    centre = x.min().item() / 2 + x.max().item() / 2
    x_unit = power_of_two(x - centre)
    t = two_sum(x / x_unit, x.new_tensor(-centre / x_unit))
    one, unit = torch.ones_like(x), power_of_two(x.new_tensor(math.sqrt(len(x))))
    basis, powers = [pair(one / unit)], [[1 / Fraction(unit)] + [Fraction(0)] * degree]
    for k in range(1, degree + 1):
        v = multiply(t, basis[-1])
        length = v[0].norm().item()
        p = _times_map(powers[-1], Fraction(centre), Fraction(x_unit))
        for _ in range(2):  # twice is enough to be orthogonal to rounding
            for q, q_powers in zip(basis, powers):
                h = ((q[0] @ v[0]) / (q[0] @ q[0])).item()
                v = subtract_multiple(v, h, q)
                p = _plus_multiple(p, -Fraction(h), q_powers)
        if not v[0].norm().item() > _NOTHING * length:
            raise RankDeficientError(
                f"the values of x lie too close together for degree {degree}; lower it to {k - 1}",
                tuple(range(k - 1, degree)),
            )
        unit = power_of_two(v[0].norm())
        basis.append((v[0] / unit, v[1] / unit))
        powers.append([c / Fraction(unit) for c in p])
    return basis, powers


def _times_map(p: list[Fraction], centre: Fraction, unit: Fraction) -> list[Fraction]:
    """Return the coefficients of `p(x) * (x - centre) / unit`; the last of `p` must be 0."""
    return [(before - centre * c) / unit for before, c in zip([Fraction(0), *p], p)]


def _plus_multiple(p: list[Fraction], a: Fraction, q: list[Fraction]) -> list[Fraction]:
    return [c + a * d for c, d in zip(p, q)]


def _rounded(coefficients: list[Fraction]) -> list[float]:
    try:
        return [float(c) for c in coefficients]
    except OverflowError as error:
        raise ValueError(
            "x or y has a scale at which a coefficient exceeds the largest float64; rescale it"
        ) from error
