"""The closed form: against exact arithmetic and statsmodels, with its refusals."""

import math
from contextlib import nullcontext
from fractions import Fraction

import numpy as np
import pytest
import scipy.linalg
import statsmodels.api as sm
import torch
from exact import NIST, OTHERS, digits, exact_weights, unknowns
from hypothesis import given, settings
from hypothesis import strategies as st

from linreg_tutorial import _refine, _triangle
from linreg_tutorial._design import tolerance
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


@pytest.mark.parametrize(
    ("n", "close", "trace", "spent"),
    [
        (100, 0.04, 1.0, True),
        (100, 1.0, 1e-6, True),
        (10_000, 1.0, 0.02, True),
        (10_000, 1.0, 0.14, False),
        (40_000, 0.04, 1.0, False),
        (40_000, 0.004, 1.0, True),
        (40_000, 1.0, 1e-6, False),
    ],
)
def test_refinement_is_spent_where_it_pays(n, close, trace, spent):
    """By default a small table is refined from a condition number of 10 on, a large one of 100."""
    generator = torch.Generator().manual_seed(9)
    X = torch.randn(n, 2, generator=generator, dtype=torch.float64)
    X[:, 1] = X[:, 0] + close * X[:, 1]
    y = X @ torch.tensor([[1.0], [trace]], dtype=torch.float64) + 0.5
    by_default, yes, no = (
        solve_least_squares(X, y, refine=refine).weight for refine in (None, True, False)
    )
    assert not torch.equal(yes, no)
    assert torch.equal(by_default, yes if spent else no)


@pytest.mark.parametrize(
    ("factor", "size", "left", "rounds"),
    [
        (1.0, 1.0, 0.0, 2),
        (1.25, 1.0, 0.0, 30),
        (1.25, 1e-12, 0.0, 30),
        (1.5, 1.0, 1 - 1 / 1.5**2, 2),
        (0.5, 1.0, 1.0, 2),
    ],
)
def test_refinement_stops_when_it_gets_no_further(factor, size, left, rounds):
    """It ends at the last digit, or with the best so far where a step does not halve what is left.

    The triangle is made too large, for steps too short, or too small, for steps too long.
    """
    A = torch.randn(20, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    y = size * A.sum(dim=1, keepdim=True) ** 2
    R, asked = torch.linalg.qr(A).R, []
    exact = torch.tensor([float(v) for v in exact_weights(A, y, False)], dtype=torch.float64)
    rows = _refine.table(A, y, False)
    start = exact + size * torch.tensor([1.0, -2.0, 3.0])
    unit = torch.ones(3, dtype=torch.float64)
    answer, rss = _refine.refined(lambda: asked.append(1) or rows(), unit, factor * R, start)
    assert len(asked) == rounds
    assert torch.allclose(answer, exact + left * (start - exact), rtol=1e-12, atol=0)
    residual = A @ answer - y.squeeze(1)
    assert rss.item() == pytest.approx(residual.square().sum().item(), rel=1e-12, abs=0)


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


def test_pivots_are_those_of_lapack():
    """Each column is the farthest from the span of those before it."""
    for d in (1, 2, 5, 8):
        A = torch.randn(d, d, generator=torch.Generator().manual_seed(d), dtype=torch.float64)
        A = A * 10.0 ** torch.randint(-1, 2, (d,), generator=torch.Generator().manual_seed(d))
        assert _refine._pivots(A) == scipy.linalg.qr(A.numpy(), pivoting=True)[2].tolist()


@pytest.mark.parametrize(("X", "y", "intercept"), OTHERS.values(), ids=OTHERS)
def test_other_hard_sets_keep_fourteen_digits(X, y, intercept):
    """So do sets up to a condition number of 1e13 that nobody tuned for."""
    exact = exact_weights(X, y, intercept)
    fit = solve_least_squares(X, y, intercept=intercept)
    assert digits(unknowns(fit, intercept), exact) > 14


def test_long_tables_are_as_exact_as_short_ones():
    """Cholesky QR, which long tables take, keeps fourteen digits, and Householder what it can."""
    generator = torch.Generator().manual_seed(2)
    X = torch.randn(20000, 2, generator=generator, dtype=torch.float64)
    y = X.sum(dim=1, keepdim=True) + torch.randn(20000, 1, generator=generator).double()
    fit = solve_least_squares(X, y)
    assert digits(fit.weight.tolist(), exact_weights(X, y, True)[1:]) > 14
    X[:, 1] = X[:, 0] + 1e-6 * X[:, 1]
    exact = exact_weights(X, y, True)
    assert digits(unknowns(solve_least_squares(X, y), True), exact) > 14
    assert digits(unknowns(solve_least_squares(X, y, refine=False), True), exact) > 5


@pytest.mark.parametrize(
    ("close", "size", "trusted"),
    [
        (1.0, 1.0, True),
        (0.05, 1.0, True),
        (0.05, 1e-120, True),
        (0.005, 1.0, False),
        (1e-6, 1.0, False),
        (1.0, 1e-150, False),
        (1.0, 0.0, False),
    ],
)
def test_cholesky_is_trusted_where_it_costs_no_digits(close, size, trusted):
    """Up to a condition number of 100 its factor is Householder's; else it is not used."""
    generator = torch.Generator().manual_seed(2)
    X = torch.randn(3000, 3, generator=generator, dtype=torch.float64)
    y = size * (X[:, :1] + 9 * torch.randn(3000, 1, generator=generator, dtype=torch.float64))
    X[:, 1] = X[:, 0] + close * X[:, 1]
    X = X * torch.tensor([1e-3, 1.0, 1e3])
    T = _triangle._by_cholesky(X, y, True)
    if not trusted:
        assert T is None
        return
    rows = torch.cat([torch.ones(3000, 1), X, y], dim=1)
    H = _triangle.with_rows(torch.zeros(5, 5, dtype=torch.float64), rows)
    H = H * H.diagonal().sign().unsqueeze(1)
    assert T[:4, :4].diagonal().min() > 0
    assert torch.equal(T, T.triu())
    assert ((T - H).abs() <= 1e-13 * H.norm(dim=0)).all()


def test_cholesky_is_not_trusted_with_many_columns_side_by_side():
    """Of ten such columns the largest singular value is √10, and counts."""
    generator = torch.Generator().manual_seed(2)
    X = torch.randn(3000, 11, generator=generator, dtype=torch.float64)
    X = X[:, :1] + 0.025 * X[:, 1:]
    assert _triangle._by_cholesky(X, X[:, :1], False) is None
    assert _triangle._by_cholesky(X[:, :3], X[:, :1], False) is not None


def test_cholesky_is_not_trusted_for_its_last_block(monkeypatch):
    """A table that is badly conditioned is so though its last rows alone are not."""
    monkeypatch.setattr(_triangle, "_BLOCK", 2000)
    X = torch.randn(3000, 2, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    X[:2000, 1] = X[:2000, 0] + 1e-6 * X[:2000, 1]
    X[:2000] *= 1e6
    assert _triangle._by_cholesky(X[2000:], X[2000:, :1], False) is not None
    assert _triangle._by_cholesky(X, X[:, :1], False) is None


@pytest.mark.parametrize("close", [1.0, 1e-6], ids=["Cholesky", "Householder"])
def test_blocks_change_nothing(close, monkeypatch):
    """A long table that is taken in blocks gives the triangular factor of the whole."""
    X = torch.randn(20000, 2, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    y = X.sum(dim=1, keepdim=True) ** 2
    X[:, 1] = X[:, 0] + close * X[:, 1]
    whole = _triangle.triangle(X, y, True)
    monkeypatch.setattr(_triangle, "_BLOCK", 7000)
    blocks = _triangle.triangle(X, y, True)
    product = whole.T @ whole
    assert torch.allclose(blocks.T @ blocks, product, rtol=1e-12, atol=1e-10)
    A = torch.cat([torch.ones(20000, 1), X, y], dim=1)
    assert torch.allclose(A.T @ A, product, rtol=1e-12, atol=1e-10)


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


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("case", ["duplicate", "zero", "constant", "few rows", "nothing"])
def test_shortest_answer_is_that_of_the_pseudo_inverse(case, intercept):
    """The shortest of all best answers and its errors are those of the pseudo-inverse."""
    X = torch.randn(12, 4, generator=torch.Generator().manual_seed(4), dtype=torch.float64)
    X = X * torch.tensor([1.0, 10.0, 0.1, 3.0])
    if case == "duplicate":
        X[:, 3] = 2 * X[:, 0]
    elif case in ("zero", "constant"):
        X[:, 1] = float(case == "constant")
    X = X[:3] if case == "few rows" else X * (case != "nothing")
    y = torch.arange(1.0, len(X) + 1).unsqueeze(1) ** 2
    fit = solve_least_squares(X, y, intercept=intercept, minimum_norm=True)
    A = np.column_stack([X.numpy(), np.ones(len(X))]) if intercept else X.numpy()
    inverse = np.zeros(A.T.shape)
    inverse[A.any(axis=0)] = np.linalg.pinv(A[:, A.any(axis=0)])  # zeros have no weight
    theta = inverse @ y.double().numpy()[:, 0]
    ours = [*fit.weight.tolist(), *([fit.bias.item()] if intercept else [])]
    assert ours == pytest.approx(theta.tolist(), rel=1e-10, abs=1e-12)
    assert [weight == 0 for weight in ours] == (theta == 0).tolist()
    assert fit.rank == np.linalg.matrix_rank(A)
    lengths = np.linalg.norm(A, axis=0)
    values = np.linalg.svd(A / np.where(lengths == 0, 1, lengths), compute_uv=False)[: fit.rank]
    kappa = values[0] / values[-1] if fit.rank else math.inf
    assert fit.condition_number.item() == pytest.approx(kappa, rel=1e-9)
    rss = ((y.numpy()[:, 0] - A @ theta) ** 2).sum()
    if len(X) > fit.rank:
        sd = math.sqrt(rss / (len(X) - fit.rank))
        assert fit.residual_sd.item() == pytest.approx(sd, rel=1e-9)
        errors = (sd * np.linalg.norm(inverse, axis=1)).tolist()
        assert fit.standard_errors.tolist() == pytest.approx(errors, rel=1e-9, abs=1e-12)
    else:
        assert fit.residual_sd.isnan()


def test_shortest_answer_of_a_determined_problem_is_the_answer():
    """Where the data determines the answer, asking for the shortest changes nothing."""
    data = load_exam_scores()
    for n in (5, 4):  # one row to spare, and as many rows as unknowns
        fits = [solve_least_squares(data.X[:n], data.y[:n], minimum_norm=m) for m in (False, True)]
        assert torch.equal(fits[0].weight, fits[1].weight)
        assert torch.equal(fits[0].condition_number, fits[1].condition_number)


@pytest.mark.parametrize(("trace", "noise"), [(1e-6, 1.0), (1e-2, 1e6)])
def test_an_unknown_that_drowns_is_refined_though_the_columns_are_fine(trace, noise):
    """A weight much smaller than what surrounds it is correct to the last digit by default."""
    generator = torch.Generator().manual_seed(8)
    X = torch.randn(30, 2, generator=generator, dtype=torch.float64)
    y = X @ torch.tensor([[1.0], [trace]], dtype=torch.float64)
    y = y + noise * torch.randn(30, 1, generator=generator, dtype=torch.float64)
    plain = solve_least_squares(X, y, refine=False)
    y = y - (plain.weight[1] - trace) * X[:, 1:]
    exact = exact_weights(X, y, True)
    fits = {refine: solve_least_squares(X, y, refine=refine) for refine in (None, False)}
    assert fits[None].condition_number < 10
    assert digits(unknowns(fits[None], True), exact) > 15.5
    assert digits(unknowns(fits[False], True), exact) < 15


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


@pytest.mark.parametrize(
    ("intercept", "names", "before"),
    [
        (True, "X[:, 1], X[:, 2]", "the columns before it and the bias"),
        (False, "X[:, 1]", "the columns before it"),
    ],
)
def test_the_error_says_which_columns_to_drop(intercept, names, before):
    """All of them, and beside what they add nothing."""
    X = torch.tensor([[1.0, 2.0, 3.0], [2.0, 4.0, 3.0], [4.0, 8.0, 3.0], [5.0, 10.0, 3.0]])
    with pytest.raises(RankDeficientError) as caught:
        solve_least_squares(X, torch.ones(4, 1), intercept=intercept)
    assert str(caught.value) == (
        f"{names} adds nothing to {before}, so the weights are not determined; drop it"
    )


@pytest.mark.parametrize(("share", "determined"), [(0.9, False), (1.2, True)])
def test_what_counts_as_dependent_is_a_share_of_the_length(share, determined):
    """A long column is dependent if all but that share of it lies in the span of the others."""
    X = torch.eye(50, dtype=torch.float64)
    X[:, 49] = 1.0  # of length 7, but for the last
    X[49, 49] = share * 7 * 10 * math.sqrt(50) * 2**-52
    fit = solve_least_squares(X, X[:, :1], intercept=False, minimum_norm=True)
    assert fit.rank == (50 if determined else 49)
    with nullcontext() if determined else pytest.raises(RankDeficientError, match=r":, 49\] adds"):
        solve_least_squares(X, X[:, :1], intercept=False)


@pytest.mark.parametrize(("share", "rank"), [(1.5, 1), (3.0, 2)])
def test_rank_is_counted_against_the_largest_singular_value(share, rank):
    """Three columns side by side have a singular value of √3, and rounding is as much larger."""
    x, z = torch.tensor([[1.0, 1, 1, 1], [1, -1, 1, -1]], dtype=torch.float64)
    X = torch.stack([x, x + share * tolerance(4, 3) * z, x], dim=1)
    fit = solve_least_squares(X, x.unsqueeze(1), intercept=False, minimum_norm=True)
    assert fit.rank == rank


def test_badly_scaled_columns_are_no_deficiency():
    """Columns of very different size determine the weights all the same."""
    X = torch.tensor([[1e-12, 1e12], [2e-12, -1e12], [4e-12, 3e12]], dtype=torch.float64)
    y = X @ torch.tensor([[3e12], [2e-12]], dtype=torch.float64) + 1
    fit = solve_least_squares(X, y)
    assert fit.weight.tolist() == pytest.approx([3e12, 2e-12], rel=1e-9, abs=0)


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
