"""The triangular factor of a table, which knows all that least squares asks of its rows.

For `A (n, p)` and `y (n, 1)` it is the upper triangle `T (p + 1, p + 1)` for which `TᵀT` is
`(A | y)ᵀ(A | y)`. Its last column holds `Qᵀy` and the length of the residual, but for the sign.
"""

import math

import torch
from torch import Tensor

from linreg_tutorial._design import blocks, powers_of_two, require_finite
from linreg_tutorial._doubles import Pair, add, dot, inverse_root, multiply, negative, reciprocal

# Numbers in a block, 2 MiB: what is made of it stays in the cache, and in memory that is reused.
_BLOCK = 2**18

# Rows in a piece of a product.
_PIECE = 2048

# Numbers from which a table is long, so that Cholesky QR may save time.
_LONG = 2**15

# Cholesky QR is as accurate as Householder's up to a condition number of 1e8 (Yamamoto et al.);
# this is the square of the inverse of the largest that is trusted to it.
_WELL_CONDITIONED = 1e-4

# A sum of squares below this counts as zero: it may have lost digits, and its inverse may overflow.
_VANISHED = 1e-280


def triangle(X: Tensor, y: Tensor, intercept: bool) -> Tensor:
    """Return the triangular factor of the design of `X (n, d)` and `y (n, 1)`."""
    p = X.shape[1] + intercept
    if X.numel() > _LONG and len(X) > 32 * p:
        T = _by_cholesky(X, y, intercept)
        if T is not None:
            return T
    T = X.new_zeros(p + 1, p + 1)  # of no rows: zeros add nothing
    for A, target in blocks(X, y, intercept, _BLOCK):
        T = with_rows(T, torch.cat([A, target], dim=1))
    return T


def with_rows(T: Tensor, rows: Tensor) -> Tensor:
    """Return the triangular factor of the rows of `T` and of more, `(m, p + 1)`."""
    R: Tensor = torch.linalg.qr(torch.cat([T, rows]), mode="r").R
    return R


def triangle_of_pairs(A: Pair) -> Pair:
    """Return the triangular factor `(q, q)` of a table of double-doubles `(m, q)`.

    It is that of modified Gram-Schmidt, as accurate as Householder's: Björck and Paige, *Loss and
    recapture of orthogonality in the modified Gram-Schmidt algorithm*, SIAM J. Matrix Anal. Appl.
    13, 1992.
    """
    unit = powers_of_two(A[0])
    left = A[0] / unit, A[1] / unit
    high, low = (unit.new_zeros(len(unit), len(unit)) for _ in range(2))
    for j in range(len(unit)):
        first, rest = ((left[0][:, k], left[1][:, k]) for k in (slice(1), slice(1, None)))
        products = dot(left, (first[0][:, 0], first[1][:, 0]))
        if products[0][0] > _VANISHED:
            high[j, j:], low[j, j:] = products
            scale = reciprocal((products[0][0], products[1][0]))
            shares = multiply((products[0][1:], products[1][1:]), scale)
            rest = add(rest, negative(multiply(first, shares)))
        left = rest
    squares = high.diagonal().unsqueeze(1), low.diagonal().unsqueeze(1)
    squares = torch.where(squares[0] == 0, 1.0, squares[0]), squares[1]
    high, low = multiply((high, low), inverse_root(squares))
    T = high * unit, low * unit
    require_finite(T[0])  # or the next factor takes the column for one of zeros
    return T


def _by_cholesky(X: Tensor, y: Tensor, intercept: bool) -> Tensor | None:
    """Return the triangular factor by Cholesky QR, done twice, if that costs no digits."""
    p = X.shape[1] + intercept
    gram = X.new_zeros(p, p)
    for A, _ in blocks(X, y, intercept, _BLOCK):
        gram += _gram(A)
    if not gram.isfinite().all() or gram.diagonal().min() < _VANISHED:
        return None  # squares overflowed or vanished, which Householder avoids
    length = gram.diagonal().sqrt()
    gram = gram / length / length.unsqueeze(1)
    spectrum = torch.linalg.eigvalsh(gram)
    if spectrum[0] < _WELL_CONDITIONED * spectrum[-1]:
        return None
    R = torch.linalg.cholesky(gram, upper=True)
    to_Q = inverse(R) / length.unsqueeze(1)
    gram, right = torch.zeros_like(gram), X.new_zeros(p, 1)
    for A, target in blocks(X, y, intercept, _BLOCK):
        Q = (to_Q.T @ A.T).T  # column after column, which is the faster layout
        gram += _gram(Q)
        right += Q.T @ target
    S = torch.linalg.cholesky(gram, upper=True)  # the identity, but for some 1e-14
    right = torch.linalg.solve_triangular(S.T, right, upper=False)
    theta = to_Q @ torch.linalg.solve_triangular(S, right, upper=True)
    rss = X.new_zeros(())
    for A, target in blocks(X, y, intercept, _BLOCK):
        rss += _squares(torch.addmm(target, A, theta, alpha=-1))
    if not _VANISHED < _squares(right) + rss < math.inf:
        return None
    T = X.new_zeros(p + 1, p + 1)
    T[:-1, :-1], T[:-1, -1:], T[-1, -1] = S @ R * length, right, rss.sqrt()
    return T


def _squares(column: Tensor) -> Tensor:
    return torch.dot(column.flatten(), column.flatten())


def _gram(A: Tensor) -> Tensor:
    """Return `AᵀA` for long `A`, by pieces that share one call."""
    pieces = len(A) // _PIECE
    cut = pieces * _PIECE
    gram = A[cut:].T @ A[cut:]
    if pieces:
        piece = A[:cut].unflatten(0, (pieces, _PIECE))
        gram = gram + torch.bmm(piece.mT, piece).sum(dim=0)
    return gram


def inverse(R: Tensor) -> Tensor:
    """Return the inverse `(p, p)` of a triangle."""
    result: Tensor = torch.linalg.solve_triangular(R, torch.eye(len(R)).to(R), upper=True)
    return result
