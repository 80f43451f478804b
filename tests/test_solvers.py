"""The closed form: against exact arithmetic and statsmodels, with its refusals."""

import math
from fractions import Fraction

import numpy as np
import pytest
import statsmodels.api as sm
import torch
from exact import NIST, OTHERS, digits, exact_weights, unknowns
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


@pytest.mark.parametrize(("X", "y", "intercept"), NIST.values(), ids=NIST)
def test_nist_sets_keep_fourteen_digits(X, y, intercept):
    """On NIST's sets fourteen digits or more are those of rational arithmetic."""
    exact = exact_weights(X, y, intercept)
    assert digits(unknowns(solve_least_squares(X, y, intercept=intercept), intercept), exact) > 14


@pytest.mark.parametrize("name", NIST)
def test_nist_sets_without_refinement_keep_what_float64_can(name):
    """Ten digits without refinement, eight and six where the residual drowns the signal."""
    X, y, intercept = NIST[name]
    fit = solve_least_squares(X, y, intercept=intercept, refine=False)
    least = {"Wampler 4": 7, "Wampler 5": 5}.get(name, 9)  # 8, 6, 10 where we looked; they differ
    assert digits(unknowns(fit, intercept), exact_weights(X, y, intercept)) > least


def test_without_refinement_float64_does_better_than_lapack():
    """On a hundred tables that cost some three digits, those kept are more than LAPACK keeps."""
    generator, kept = torch.Generator().manual_seed(6), []
    for _ in range(100):
        X = torch.randint(1, 1000, (12, 3), generator=generator).double() ** torch.arange(1, 4)
        X[:, 2] = X[:, 1] + X[:, 0]
        y = X.sum(dim=1, keepdim=True) + torch.randint(-9, 9, (12, 1), generator=generator)
        X[:, 2] += torch.randint(-99, 99, (12,), generator=generator)
        exact = exact_weights(X, y, True)
        ours = unknowns(solve_least_squares(X, y, refine=False), True)
        A = np.column_stack([np.ones(12), X.numpy()])
        theirs = np.linalg.lstsq(A, y.numpy()[:, 0], rcond=None)[0].tolist()
        kept.append([digits(ours, exact), digits(theirs, exact)])
    ours, theirs = np.mean(kept, axis=0)
    assert ours > theirs + 0.6


@pytest.mark.parametrize(("X", "y", "intercept"), OTHERS.values(), ids=OTHERS)
def test_other_hard_sets_keep_fourteen_digits(X, y, intercept):
    """So do sets up to a condition number of 1e13 that nobody tuned for."""
    exact = exact_weights(X, y, intercept)
    fit = solve_least_squares(X, y, intercept=intercept)
    assert digits(unknowns(fit, intercept), exact) > 14


def test_condition_number_is_that_of_columns_of_unit_length():
    """It is the ratio of the singular values, whatever the columns are measured in."""
    data = make_plane(40, generator=torch.Generator().manual_seed(5))
    X = data.X.double() + 3
    A = torch.cat([torch.ones(40, 1), X], dim=1)
    values = torch.linalg.svdvals(A / A.norm(dim=0))
    units = torch.tensor([1e-150, 1e150], dtype=torch.float64)
    for table in (X, X * units):
        kappa = solve_least_squares(table, data.y).condition_number
        assert kappa.item() == pytest.approx((values[0] / values[-1]).item(), rel=1e-10)


@pytest.mark.parametrize("dtype", [torch.float32, torch.int64])
def test_features_of_few_digits_do_not_round_the_targets(dtype):
    """Targets in float64 keep their digits beside whole numbers or float32."""
    X, y = torch.tensor([[1], [2], [3]], dtype=dtype), torch.tensor([[0.1], [0.2], [0.3]]).double()
    y = y + 1e-9
    fit = solve_least_squares(X, y)
    assert [fit.weight.item(), fit.bias.item()] == pytest.approx(
        exact_line([1, 2, 3], y.flatten().tolist()), rel=1e-14
    )
    large = torch.tensor([[2**30], [2**30 + 1], [2**30 + 2]])
    fit = solve_least_squares(large, torch.tensor([[1.0], [2.0], [3.0]]))
    assert fit.weight.item() == 1


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_size_of_the_data_does_not_matter(size):
    """Numbers whose squares would overflow or vanish are solved as others are."""
    X = torch.randn(50, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    y = X.sum(dim=1, keepdim=True) + X[:, :1] ** 2
    plain = solve_least_squares(X, y, intercept=False)
    for table, target, factor in ((X * size, y, 1 / size), (X, y * size, size)):
        for long in (1, 400):
            fit = solve_least_squares(
                table.repeat(long, 1), target.repeat(long, 1), intercept=False
            )
            assert fit.weight.tolist() == pytest.approx(
                (plain.weight * factor).tolist(), rel=1e-12, abs=0
            )
            assert fit.r_squared.item() == pytest.approx(plain.r_squared.item(), rel=1e-12)


@pytest.mark.parametrize("name", ["intercept", "refine", "minimum_norm"])
def test_switches_are_true_or_false(name):
    """A switch that is neither True nor False is named."""
    with pytest.raises(TypeError, match=f"{name} must be True or False, got int"):
        solve_least_squares(torch.ones(3, 1), torch.ones(3, 1), **{name: 2})


def test_constant_targets_have_no_r_squared():
    """R² of targets that do not vary is undefined, not 0 or 1."""
    fit = solve_least_squares(torch.tensor([[1.0], [2.0], [4.0]]), torch.ones(3, 1))
    assert fit.r_squared.isnan()


def test_what_rounding_leaves_of_constant_targets_has_no_r_squared():
    """Nor has what the rounding of many rows leaves of such targets."""
    X = torch.randn(100000, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64) + 5
    X[:, 1] = X[:, 0] + 1e-6 * X[:, 1]
    fit = solve_least_squares(X, torch.full((100000, 1), 0.1))
    assert fit.r_squared.isnan()


@pytest.mark.parametrize("change", [1e-3, 1e-9, 1e-14])
def test_targets_that_vary_a_little_have_an_r_squared(change):
    """It is that of the changes alone, as long as float64 can hold them."""
    X, changes = (torch.tensor([v], dtype=torch.float64).T for v in ([1, 2, 3, 5], [1, 2, 2, 3]))
    whole = solve_least_squares(X, changes).r_squared.item()
    y = 1 + 2.0 ** round(math.log2(change)) * changes
    assert solve_least_squares(X, y).r_squared.item() == pytest.approx(whole, rel=1e-9)


@pytest.mark.parametrize(
    ("X", "y", "intercept"),
    [
        ([1e-300, -1e-300], [1e300, -1e300], True),
        ([1e10, 1e10 + 1], [0.0, 1e300], True),
        ([1e10, 1e10], [1.7e308, -1.7e308], False),
        ([1e-10, 1e-10], [1e300, -1e300], False),
    ],
    ids=["weight", "bias", "residual_sd", "standard_errors"],
)
def test_an_answer_beyond_float64_raises(X, y, intercept):
    """Whichever of its numbers is the only one that float64 cannot hold."""
    X, y = (torch.tensor(values, dtype=torch.float64).unsqueeze(1) for values in (X, y))
    with pytest.raises(ValueError, match="exceeds the largest float64; rescale it"):
        solve_least_squares(X, y, intercept=intercept)


def test_a_weight_of_zero_has_no_scale():
    """It is zero though features are tiny and targets huge."""
    X = torch.tensor([[1e-300, 0.0], [0.0, 1.0]], dtype=torch.float64)
    y = torch.tensor([[0.0], [1e300]], dtype=torch.float64)
    assert solve_least_squares(X, y, intercept=False).weight.tolist() == [0, 1e300]


@pytest.mark.parametrize(("feature", "target"), [(1.7e308, 1e100), (1e-310, 1e-100)])
def test_features_at_the_ends_of_float64(feature, target):
    """The largest number that float64 holds, and one too small for all its digits, are scaled."""
    X = torch.tensor([[feature, 0.0], [0.0, 1.0]], dtype=torch.float64)
    y = torch.full((2, 1), target, dtype=torch.float64)
    fit = solve_least_squares(X, y, intercept=False)
    assert fit.weight.tolist() == pytest.approx([target / feature, target], rel=1e-15, abs=0)


def test_bound_is_that_of_the_hessian():
    """The bound is 2 over the largest eigenvalue of 2/n·AᵀA, with and without an intercept."""
    X = load_exam_scores().X.double()
    for A, intercept in ((torch.cat([X, torch.ones(5, 1)], dim=1), True), (X, False)):
        largest = torch.linalg.eigvalsh(2 / 5 * A.T @ A).max().item()
        assert largest_stable_lr(X, intercept=intercept) == pytest.approx(
            2 / largest, rel=1e-12, abs=0
        )


def test_bound_of_zero_and_of_extreme_columns():
    """No curvature allows any rate; sizes near the ends of float64 neither overflow nor vanish."""
    zero = torch.zeros(3, 1)
    assert largest_stable_lr(zero, intercept=False) == math.inf
    assert largest_stable_lr(zero) == pytest.approx(1)
    huge = torch.full((1, 1), 1e200, dtype=torch.float64)
    tiny = torch.full((1, 1), 1e-100, dtype=torch.float64)
    assert largest_stable_lr(huge, intercept=False) == 0
    assert largest_stable_lr(tiny, intercept=False) == pytest.approx(1e200)
    whole = 2**24 + 1  # one more than float32 holds
    bound = largest_stable_lr(torch.tensor([[whole]]), intercept=False)
    assert bound * whole**2 == pytest.approx(1, rel=1e-12)


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
