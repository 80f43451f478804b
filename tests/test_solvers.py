"""The closed form: against exact arithmetic and statsmodels, with its refusals."""

import math
from fractions import Fraction

import numpy as np
import pytest
import statsmodels.api as sm
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from linreg_tutorial.datasets import load_doubling, load_exam_scores, load_height_weight, make_plane
from linreg_tutorial.solvers import RankDeficientError, largest_stable_lr, solve_least_squares


def exact_line(x, y):
    """Return slope and intercept in rational arithmetic."""
    x, y = [Fraction(v) for v in x], [Fraction(v) for v in y]
    n, sx, sy = len(x), sum(x), sum(y)
    sxx, sxy = sum(a * a for a in x), sum(a * b for a, b in zip(x, y))
    slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
    return float(slope), float((sy - slope * sx) / n)


def test_line_through_heights_and_weights_is_exact():
    """The fitted line is that of rational arithmetic, to ten digits."""
    data = load_height_weight()
    slope, intercept = exact_line(data.X.flatten().tolist(), data.y.flatten().tolist())
    fit = solve_least_squares(data.X, data.y)
    assert fit.weight.item() == pytest.approx(slope, rel=1e-10)
    assert fit.bias.item() == pytest.approx(intercept, rel=1e-10)
    assert fit.weight.dtype == torch.float64


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(-100, 100), st.integers(-100, 100)), min_size=3, max_size=20))
def test_any_line_is_exact(points):
    """For whole numbers the line is that of rational arithmetic, or no line is determined."""
    x, y = zip(*points)
    X, Y = (torch.tensor(v, dtype=torch.float64).unsqueeze(1) for v in (x, y))
    if len(set(x)) == 1:
        with pytest.raises(RankDeficientError):
            solve_least_squares(X, Y)
        return
    slope, intercept = exact_line(x, y)
    fit = solve_least_squares(X, Y)
    assert fit.weight.item() == pytest.approx(slope, rel=1e-9, abs=1e-11)
    assert fit.bias.item() == pytest.approx(intercept, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("intercept", [True, False])
def test_statistics_are_those_of_statsmodels(intercept):
    """Weights, standard errors, residual deviation and R² agree with statsmodels."""
    data = make_plane(40, generator=torch.Generator().manual_seed(5))
    fit = solve_least_squares(data.X, data.y, intercept=intercept)
    X, y = data.X.double().numpy(), data.y.double().numpy()[:, 0]
    peer = sm.OLS(y, np.column_stack([X, np.ones(40)]) if intercept else X).fit()
    ours = [*fit.weight.tolist(), fit.bias.item()] if intercept else fit.weight.tolist()
    assert ours == pytest.approx(peer.params.tolist(), rel=1e-9)
    assert fit.standard_errors.tolist() == pytest.approx(peer.bse.tolist(), rel=1e-9)
    assert fit.residual_sd.item() == pytest.approx(math.sqrt(peer.scale), rel=1e-9)
    assert fit.r_squared.item() == pytest.approx(peer.rsquared, rel=1e-9)
    assert fit.rank == 2 + intercept
    assert fit.predict(data.X).numpy()[:, 0] == pytest.approx(peer.fittedvalues, rel=1e-9)


def test_as_many_rows_as_unknowns_leave_no_deviation():
    """Two points fix a line; nothing is left to estimate its errors from."""
    fit = solve_least_squares(torch.tensor([[1.0], [2.0]]), torch.tensor([[1.0], [3.0]]))
    assert fit.weight.item() == pytest.approx(2)
    assert fit.residual_sd.isnan()
    assert fit.standard_errors.isnan().all()


def test_constant_targets_have_no_r_squared():
    """R² of targets that do not vary is undefined, not 0 or 1."""
    fit = solve_least_squares(torch.tensor([[1.0], [2.0], [4.0]]), torch.ones(3, 1))
    assert fit.r_squared.isnan()


@pytest.mark.parametrize(
    ("X", "columns"),
    [
        ([[0.0, 1.0], [0.0, 2.0], [0.0, 4.0]], (0,)),
        ([[1.0, 2.0], [2.0, 4.0], [4.0, 8.0]], (1,)),
        ([[3.0, 1.0], [3.0, 2.0], [3.0, 5.0]], (0,)),
        ([[1.0, 2.0], [3.0, 5.0]], (1,)),
    ],
    ids=["zero column", "multiple of a column", "constant beside the bias", "too few rows"],
)
def test_undetermined_weights_raise_and_name_the_columns(X, columns):
    """A zero, dependent or constant column, or too few rows, raise instead of guessing."""
    X = torch.tensor(X)
    with pytest.raises(RankDeficientError, match="drop") as caught:
        solve_least_squares(X, torch.ones(len(X), 1))
    assert caught.value.columns == columns


def test_badly_scaled_columns_are_no_deficiency():
    """Columns of very different size determine the weights all the same."""
    X = torch.tensor([[1e-12, 1e12], [2e-12, -1e12], [4e-12, 3e12]], dtype=torch.float64)
    y = X @ torch.tensor([[3e12], [2e-12]], dtype=torch.float64) + 1
    fit = solve_least_squares(X, y)
    assert fit.weight.tolist() == pytest.approx([3e12, 2e-12], rel=1e-9)


def test_bound_is_that_of_the_hessian():
    """The bound is 2 over the largest eigenvalue of 2/n·AᵀA, with and without an intercept."""
    X = load_exam_scores().X.double()
    for A, intercept in ((torch.cat([X, torch.ones(5, 1)], dim=1), True), (X, False)):
        largest = torch.linalg.eigvalsh(2 / 5 * A.T @ A).max().item()
        assert largest_stable_lr(X, intercept=intercept) == pytest.approx(2 / largest, rel=1e-12)


def test_bound_of_zero_and_of_extreme_columns():
    """No curvature allows any rate; sizes near the ends of float64 neither overflow nor vanish."""
    zero = torch.zeros(3, 1)
    assert largest_stable_lr(zero, intercept=False) == math.inf
    assert largest_stable_lr(zero) == pytest.approx(1)
    huge = torch.full((1, 1), 1e200, dtype=torch.float64)
    tiny = torch.full((1, 1), 1e-100, dtype=torch.float64)
    assert largest_stable_lr(huge, intercept=False) == 0
    assert largest_stable_lr(tiny, intercept=False) == pytest.approx(1e200)


BAD = [
    ({"X": [[1.0]]}, TypeError, "X must be a torch.Tensor"),
    ({"X": torch.ones(3, 1, dtype=torch.complex64)}, TypeError, "X must hold real numbers"),
    ({"X": torch.ones(3)}, ValueError, r"X must have shape \(n, d\)"),
    ({"X": torch.ones(0, 1)}, ValueError, "X has no rows"),
    ({"X": torch.full((3, 1), math.nan)}, ValueError, "X holds nan"),
]


@pytest.mark.parametrize(("changes", "error", "message"), BAD)
def test_bad_features_are_refused_by_both(changes, error, message):
    """Both functions name what is wrong with the features."""
    with pytest.raises(error, match=message):
        largest_stable_lr(changes["X"])
    with pytest.raises(error, match=message):
        solve_least_squares(changes["X"], torch.ones(3, 1))


@pytest.mark.parametrize(
    ("y", "error", "message"),
    [
        (torch.ones(3), ValueError, r"y must have shape \(3, 1\), got \(3,\); use y.unsqueeze"),
        (torch.full((3, 1), math.inf), ValueError, "y holds inf"),
        ([1.0, 2.0, 3.0], TypeError, "y must be a torch.Tensor"),
    ],
)
def test_bad_targets_are_refused(y, error, message):
    """The solver names what is wrong with the targets."""
    with pytest.raises(error, match=message):
        solve_least_squares(load_doubling().X, y)
