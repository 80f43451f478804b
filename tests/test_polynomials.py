"""Polynomials through data: against least squares in rational arithmetic, with its refusals."""

import math
from fractions import Fraction

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from linreg_tutorial._polynomials import _orthogonal_basis
from linreg_tutorial.solvers import RankDeficientError, fit_polynomial, solve_least_squares


def column(values):
    """Return the values as a float64 tensor of shape (n, 1)."""
    return torch.tensor(values, dtype=torch.float64).unsqueeze(1)


def exact_polynomial(x, y, degree):
    """Solve the normal equations of the powers of x in rational arithmetic, without pivoting."""
    x, y = [Fraction(v) for v in x], [Fraction(v) for v in y]
    sums = [sum(v**k for v in x) for k in range(2 * degree + 1)]
    rows = [
        [*sums[i : i + degree + 1], sum(b * a**i for a, b in zip(x, y))] for i in range(degree + 1)
    ]
    for i, pivot in enumerate(rows):
        for j, row in enumerate(rows):
            if i != j:
                factor = row[i] / pivot[i]
                rows[j] = [a - factor * b for a, b in zip(row, pivot)]
    return [row[-1] / row[i] for i, row in enumerate(rows)]


def digits(ours, exact):
    """Return the correct digits of the worst coefficient, at most 16."""
    errors = [abs(Fraction(a) - b) / (abs(b) or 1) for a, b in zip(ours, exact)]
    return min(-math.log10(max(float(e), 1e-16)) for e in errors)


GENERATOR = torch.Generator().manual_seed(3)
WHOLE = [float(i) for i in range(21)]
ONES = [float(sum(i**k for k in range(6))) for i in range(21)]
TENTHS = [sum((0.1 * i) ** k for k in range(6)) for i in range(21)]
ROUGH = torch.randint(-2500, 2501, (21,), generator=GENERATOR).double().tolist()
LEFT = (-3 - 6 * torch.rand(82, generator=GENERATOR, dtype=torch.float64)).tolist()
LOADS = [150000.0 * i for i in range(1, 21)] * 2
SMALL = torch.randn(82, generator=GENERATOR, dtype=torch.float64).tolist()
SETS = {
    "Wampler 1": (WHOLE, ONES, 5),
    "Wampler 2": (WHOLE, TENTHS, 5),
    "like Wampler 3": (WHOLE, [a + b for a, b in zip(ONES, ROUGH)], 5),
    "like Wampler 4": (WHOLE, [a + 100 * b for a, b in zip(ONES, ROUGH)], 5),
    "like Wampler 5": (WHOLE, [a + 10000 * b for a, b in zip(ONES, ROUGH)], 5),
    "noise drowns all": (WHOLE, [a + 1e8 * b for a, b in zip(ONES, ROUGH)], 5),
    "like Filip": (LEFT, [0.8 + math.sin(2 * a) + 0.003 * b for a, b in zip(LEFT, SMALL)], 10),
    "like Pontius": (LOADS, [a * 7e-7 - 3e-15 * a * a + 1e-4 * b for a, b in zip(LOADS, SMALL)], 2),
    "years": ([1900.0 + i for i in range(40)], [math.sin(i) for i in range(40)], 10),
    "far away": ([1e12 + i for i in range(30)], [math.sin(i) for i in range(30)], 10),
    "near the end of float64": ([1.6e308 - 1e292 * i for i in range(30)], SMALL[:30], 1),
    "a cluster": ([-1.0, 1.0, *(1e-14 * i for i in range(-3, 4))], SMALL[:9], 5),
    "interpolation": (WHOLE, [math.sin(3 * i) for i in range(21)], 20),
}


@pytest.mark.parametrize(("x", "y", "degree"), SETS.values(), ids=SETS)
def test_hard_sets_are_exact_to_the_last_digit(x, y, degree):
    """On sets that cost a QR decomposition most digits, all but rounding is correct."""
    ours = fit_polynomial(column(x), column(y), degree)
    assert ours.shape == (degree + 1,)
    assert ours.dtype == torch.float64
    assert digits(ours.tolist(), exact_polynomial(x, y, degree)) > 15


def test_basis_is_orthogonal_and_knows_its_coefficients():
    """The polynomials have lengths about 1, nothing in common, and the values that are said."""
    basis, powers = _orthogonal_basis(torch.tensor(LEFT, dtype=torch.float64), 10)
    values = [
        [Fraction(h) + Fraction(e) for h, e in zip(*map(torch.Tensor.tolist, q))] for q in basis
    ]
    for i, (q, p) in enumerate(zip(values, powers)):
        assert 0.4 < math.sqrt(sum(v * v for v in q)) < 1.1
        assert all(abs(sum(a * b for a, b in zip(q, other))) < 1e-15 for other in values[:i])
        exact = [sum(c * Fraction(x) ** k for k, c in enumerate(p)) for x in LEFT]
        assert max(abs(a - b) for a, b in zip(q, exact)) < 1e-27


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-1e3, 1e3), st.integers(-100, 100)), min_size=1, max_size=12),
    st.integers(0, 5),
)
def test_any_points_are_exact_or_refused(points, degree):
    """Any points give the exact polynomial, or too few distinct values, or values too close."""
    x, y = ([float(v) for v in values] for values in zip(*points))
    distinct = len(set(x))
    if distinct <= degree:
        with pytest.raises(RankDeficientError, match=f"{distinct}, and {degree + 1} are needed"):
            fit_polynomial(column(x), column(y), degree)
        return
    try:
        ours = fit_polynomial(column(x), column(y), degree)
        refusal = None
    except ValueError as error:
        refusal = error
    if isinstance(refusal, RankDeficientError):
        assert "too close together" in str(refusal)
        gaps = [b - a for a, b in zip(sorted(set(x)), sorted(set(x))[1:])]
        assert min(gaps) < 1e-6 * max(map(abs, x))
        return
    if refusal:
        assert "rescale" in str(refusal)
        return
    exact = exact_polynomial(x, y, degree)
    size = max(map(abs, x), default=1) or 1
    largest = max(abs(c) * Fraction(size) ** k for k, c in enumerate(exact))
    for k, (a, b) in enumerate(zip(ours.tolist(), exact)):
        error = abs(Fraction(a) - b) * Fraction(size) ** k
        assert error <= Fraction(1e-12) * largest + Fraction(1e-300)


def test_degree_one_is_the_line_and_degree_zero_the_mean():
    """The line is that of solve_least_squares, and the constant is the mean."""
    x, y = column(LEFT), column(SMALL)
    line = solve_least_squares(x, y)
    bias, slope = fit_polynomial(x, y, 1).tolist()
    assert (bias, slope) == pytest.approx((line.bias.item(), line.weight.item()), rel=1e-11)
    assert fit_polynomial(x, y, 0).tolist() == pytest.approx([sum(SMALL) / 82])


def test_scale_and_type_of_the_data_do_not_matter():
    """Powers of two move through unchanged; whole numbers and float32 are taken as they are."""
    x, y = column(WHOLE), column(TENTHS)
    plain = fit_polynomial(x, y, 5)
    powers = 2.0 ** (20 * torch.arange(6, dtype=torch.float64))
    assert torch.equal(fit_polynomial(x * 2.0**-20, y * 2.0**900, 5), plain * powers * 2.0**900)
    assert torch.equal(fit_polynomial(x.long(), y, 5), plain)
    assert fit_polynomial(x.float(), y.float(), 2).dtype == torch.float64


def test_values_that_thirty_digits_do_not_tell_apart_are_refused():
    """Distinct values so close that double-doubles cannot separate their powers raise."""
    tiny = [0.0, 1e-40, 1.0]
    with pytest.raises(RankDeficientError, match="lie too close together for degree 2") as caught:
        fit_polynomial(column(tiny), column([1.0, 2.0, 3.0]), 2)
    assert caught.value.columns == (1,)
    assert len(fit_polynomial(column(tiny), column([1.0, 2.0, 3.0]), 1)) == 2


@pytest.mark.parametrize(
    ("x", "y", "degree", "error", "message"),
    [
        ([1.0, 2.0], torch.ones(2, 1), 1, TypeError, "x must be a torch.Tensor"),
        (torch.ones(3), torch.ones(3, 1), 1, ValueError, r"x must have .* use x.unsqueeze\(1\)"),
        (torch.ones(3, 2), torch.ones(3, 1), 1, ValueError, r"x must have shape \(n, 1\)"),
        (torch.ones(0, 1), torch.ones(0, 1), 0, ValueError, "x has no rows"),
        (torch.full((3, 1), math.nan), torch.ones(3, 1), 0, ValueError, "x holds nan"),
        (torch.ones(3, 1), torch.ones(3), 0, ValueError, r"y must have .* use y.unsqueeze\(1\)"),
        (torch.ones(3, 1), torch.full((3, 1), math.inf), 0, ValueError, "y holds inf"),
        (torch.ones(3, 1), torch.ones(3, 1), -1, ValueError, "degree must be at least 0, got -1"),
        (torch.ones(3, 1), torch.ones(3, 1), 1.0, TypeError, "degree must be an integer"),
        (torch.ones(3, 1), torch.ones(3, 1), 2, RankDeficientError, "1, and 3 are needed"),
        (column([0.0, 1e-200, 2e-200]), torch.eye(3)[:, :1], 2, ValueError, "rescale"),
    ],
)
def test_bad_arguments_are_refused(x, y, degree, error, message):
    """Each mistake raises a sentence that names the argument."""
    with pytest.raises(error, match=message):
        fit_polynomial(x, y, degree)
