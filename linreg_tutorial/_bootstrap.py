"""How far least squares would vary with the rows it was given; the public name is in solvers."""

import torch
from torch import Tensor

from linreg_tutorial._checks import check_count, check_data, check_generator
from linreg_tutorial._design import (
    design,
    powers_of_two,
    require_finite,
    require_full_rank,
    require_rows,
)
from linreg_tutorial._errors import RankDeficientError

# Numbers held by the resamples that are solved together: 16 MiB in float64.
_CHUNK = 2**21

# Below this share of a column's length, what the columns before it leave is rounding.
_NOTHING = 1e-12

# Before so many resamples have failed, chance alone may have made them more than the others.
_PATIENCE = 100


def bootstrap(
    X: Tensor, y: Tensor, *, samples: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Solve least squares anew on rows drawn from the data with replacement, many times.

    The spread of the answers estimates how far the weights and the bias would vary from one set
    of data to another. It does not assume that the noise is normal or equally large everywhere,
    only that the rows are independent draws.

    Parameters
    ----------
    X : torch.Tensor
        Features `(n, d)`.
    y : torch.Tensor
        Targets `(n, 1)`.
    samples : int
        Number of resamples, of `n` rows each.
    generator : torch.Generator
        The source of randomness; the rows of one resample are drawn after those of another.

    Returns
    -------
    weights : torch.Tensor
        Weights `(samples, d)` in float64, a row for each resample.
    biases : torch.Tensor
        The biases `(samples,)` that belong to them.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, shape or size, or if `X` has no more rows than there
        are unknowns, so that all resamples that have an answer would have the same, or if an answer
        exceeds the largest float64.
    RankDeficientError
        If the data does not determine the weights, or more than half of its resamples do not.

    Notes
    -----
    Efron, *Bootstrap methods: another look at the jackknife*, Annals of Statistics 7, 1979; for
    rows of a regression, Freedman, *Bootstrapping regression models*, Annals of Statistics 9,
    1981. A resample whose rows do not determine the weights, such as one row `n` times, is drawn
    again, as by `bootCase` in the R package car: the result is the spread among the resamples
    that have an answer. Each is solved by a Householder QR decomposition.

    Examples
    --------
    >>> from linreg_tutorial.datasets import make_line
    >>> rng = torch.Generator().manual_seed(0)
    >>> data = make_line(100, weight=2.0, noise=0.5, generator=rng)
    >>> weights, biases = bootstrap(data.X, data.y, samples=1000, generator=rng)
    >>> weights.shape, biases.shape
    (torch.Size([1000, 1]), torch.Size([1000]))
    >>> 0.03 < weights.std().item() < 0.07  # about 0.5 / sqrt(100)
    True
    """
    X, y = check_data(X, y, dtype=torch.float64)
    samples = check_count("samples", samples)
    generator = check_generator(generator)
    table = _table(X, y)
    unit = powers_of_two(table)
    table = table / unit
    n, p = len(table), table.shape[1] - 1
    theta = table.new_empty(samples, p)
    done = failed = 0
    while done < samples:
        size = min(samples - done, max(1, _CHUNK // table.numel()))
        rows = torch.randint(n, (size, n), generator=generator, device=generator.device)
        answers, dependent = _solve(table[rows.to(table.device)])
        theta[done : done + len(answers)] = answers
        done += len(answers)
        failed += size - len(answers)
        if failed > max(samples, _PATIENCE):
            raise RankDeficientError(
                f"more than half of the resamples of X, of {n} rows for {p} unknowns, do not "
                "determine the weights; add rows or drop columns",
                tuple(i - 1 for i in dependent),
            )
    theta = theta / unit[:-1] * unit[-1]
    require_finite(theta)
    return theta[:, 1:], theta[:, 0]


def _table(X: Tensor, y: Tensor) -> Tensor:
    """Return ones, features and target side by side, `(n, d + 2)`, if they fix the weights."""
    A = design(X, intercept=True)
    n, p = A.shape
    require_rows(n, p, intercept=True)
    R = torch.linalg.qr(A, mode="r").R
    require_full_rank(R, n, intercept=True)
    if n == p:
        raise ValueError(
            f"X has {n} rows for {p} unknowns, the bias included, so the resamples cannot differ "
            "in their answers; add rows or drop columns"
        )
    return torch.cat([A, y], dim=1)


def _solve(tables: Tensor) -> tuple[Tensor, list[int]]:
    """Return the answers `(m, p)` where there is one, and the columns that are to blame elsewhere.

    Factoring `(A | y)` of shape `(k, n, p + 1)` gives `R` and, in its last column, `Qᵀy`.
    """
    R = torch.linalg.qr(tables, mode="r").R
    R, right = R[:, :-1, :-1], R[:, :-1, -1:]
    dependent = R.diagonal(dim1=1, dim2=2).abs() <= _NOTHING * R.norm(dim=1)
    full = ~dependent.any(dim=1)
    answers = torch.linalg.solve_triangular(R[full], right[full], upper=True)
    return answers.squeeze(2), dependent.any(dim=0).nonzero().flatten().tolist()
