"""The rank: which columns add nothing, what is said of them, and the shortest answer."""

import math
from contextlib import nullcontext

import numpy as np
import pytest
import torch

from linreg_tutorial._design import tolerance
from linreg_tutorial.datasets import load_exam_scores
from linreg_tutorial.solvers import RankDeficientError, solve_least_squares


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


def test_equal_columns_share_the_weight():
    """Also where nothing at all is left of the second, not even rounding."""
    X, y = torch.tensor([[3.0, 3.0], [0.0, 0.0]]), torch.tensor([[6.0], [0.0]])
    fit = solve_least_squares(X, y, intercept=False, minimum_norm=True)
    assert fit.weight.tolist() == pytest.approx([1, 1])
