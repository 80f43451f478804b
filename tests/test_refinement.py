"""Refinement: spent where it wins digits, and at an end where it wins no more."""

import pytest
import scipy.linalg
import torch
from exact import digits, exact_weights, unknowns

from linreg_tutorial import _refine
from linreg_tutorial.solvers import solve_least_squares


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


def test_pivots_are_those_of_lapack():
    """Each column is the farthest from the span of those before it."""
    for d in (1, 2, 5, 8):
        A = torch.randn(d, d, generator=torch.Generator().manual_seed(d), dtype=torch.float64)
        A = A * 10.0 ** torch.randint(-1, 2, (d,), generator=torch.Generator().manual_seed(d))
        assert _refine._pivots(A) == scipy.linalg.qr(A.numpy(), pivoting=True)[2].tolist()
