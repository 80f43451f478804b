"""The triangular factor of a table: of long tables by Cholesky QR, of blocks, and when."""

import pytest
import torch
from exact import digits, exact_weights, unknowns

from linreg_tutorial import _triangle
from linreg_tutorial.solvers import solve_least_squares


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
