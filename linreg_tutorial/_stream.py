"""Least squares over data that comes in batches; the public name is in solvers."""

import torch
from torch import Tensor

from linreg_tutorial._checks import check_data, check_switch
from linreg_tutorial._design import blocks, require_finite
from linreg_tutorial._doubles import Pair, pair, power_of_two
from linreg_tutorial._fit import LeastSquaresFit, condition_number, summary, system
from linreg_tutorial._least_squares import LARGE_LOSS, SMALL_TABLE, solve_least_squares
from linreg_tutorial._refine import refined
from linreg_tutorial._triangle import triangle, triangle_of_pairs

# Numbers that are held before they are factored, 4 MiB, and in a batch that is factored at once.
_HELD, _LARGE = 2**19, 2**17

# Numbers in a block that is factored in double-doubles, 1 MiB.
_BLOCK = 2**17

# Triangular factors that are joined at once, which takes about as long as joining two.
_JOINED = 16


class LeastSquaresStream:
    """Least squares over batches of rows, which need not be kept.

    What it holds does not grow with the number of rows: at most fifteen triangular factors of the
    rows so far, which are then joined to one, and the latest rows until they are worth factoring,
    at most 4 MiB or four times as many rows as there are columns. A factor has about thirty
    digits; only large batches with a condition number of at most 100 are left to float64, which
    loses little there and is many times as fast. So the answer is that of
    :func:`~linreg_tutorial.solvers.solve_least_squares` on the whole, to rounding.

    Parameters
    ----------
    intercept : bool
        Whether a bias is fitted too.

    Raises
    ------
    TypeError
        If `intercept` is neither True nor False.

    Notes
    -----
    Golub and Van Loan, *Matrix Computations*, 4th edition, section 6.5.3; for what has thirty
    digits, the modified Gram-Schmidt process in double-doubles.

    Examples
    --------
    >>> from linreg_tutorial.datasets import load_doubling
    >>> data = load_doubling()
    >>> stream = LeastSquaresStream()
    >>> for X, y in zip(data.X.split(2), data.y.split(2)):
    ...     stream.update(X, y)
    >>> stream.rows, round(stream.solve().weight.item(), 12)
    (3, 2.0)
    """

    def __init__(self, *, intercept: bool = True) -> None:
        self._intercept = check_switch("intercept", intercept)
        self._rows = 0
        self._features: int | None = None
        self._held = 0
        self._buffer = torch.empty(0, 0)  # features and target of the rows held; of no shape yet
        self._triangles: list[Pair] = []  # of the rows before, not yet joined

    @property
    def rows(self) -> int:
        """Number of rows seen."""
        return self._rows

    def update(self, X: Tensor, y: Tensor) -> None:
        """Take in a batch of rows.

        Parameters
        ----------
        X : torch.Tensor
            Features `(n, d)`, with the `d` of the batches before.
        y : torch.Tensor
            Targets `(n, 1)`.

        Raises
        ------
        TypeError, ValueError
            If the batch has a wrong type, shape or number of columns, a value that is not finite,
            or a scale at which the answer exceeds the largest float64; the stream is then as it
            was.
        """
        X, y = check_data(X, y, dtype=torch.float64)
        self._require_features(X.shape[1], "X has")
        if X.numel() >= _LARGE and len(X) > 4 * X.shape[1]:
            self._factor(X, y)
        else:
            self._hold(X, y)
        self._features, self._rows = X.shape[1], self._rows + len(X)

    def merge(self, other: "LeastSquaresStream") -> None:
        """Take in all that another stream has seen, and leave that one as it is.

        Parameters
        ----------
        other : LeastSquaresStream
            A stream over the same columns.

        Raises
        ------
        TypeError
            If `other` is no stream.
        ValueError
            If it has another number of columns, or only one of the two has an intercept.
        """
        if not isinstance(other, LeastSquaresStream):
            raise TypeError(f"other must be a LeastSquaresStream, got {type(other).__name__}")
        if other._intercept != self._intercept:
            raise ValueError(
                f"other was made with intercept={other._intercept}, this stream with "
                f"intercept={self._intercept}; make both alike"
            )
        if other._features is None:
            return
        self._require_features(other._features, "other has")
        for T in list(other._triangles):
            self._append(T)
        if other._held:
            self._hold(*other._rows_held())
        self._features, self._rows = other._features, self._rows + other._rows

    def solve(self) -> LeastSquaresFit:
        """Return the fit to all rows so far; more may follow.

        Returns
        -------
        LeastSquaresFit

        Raises
        ------
        RankDeficientError
            If rows are too few or columns are linearly dependent.
        ValueError
            If there was no row, or the answer exceeds the largest float64.
        """
        if self._features is None:
            raise ValueError("the stream has seen no rows; call update(X, y) first")
        if not self._triangles:
            return solve_least_squares(*self._rows_held(), intercept=self._intercept)
        self._factor_held()
        self._join()
        [(high, low)] = self._triangles
        unit = power_of_two(high[:, -1])
        T = torch.cat([high[:, :-1], high[:, -1:] / unit], dim=1)
        s = system(T, self._rows, self._intercept, unit)
        s.require_determined()
        rows = (high[:, :-1], low[:, :-1]), (high[:, -1] / unit, low[:, -1] / unit)
        return summary(s, *refined(lambda: [rows], s.unit, s.R, s.answer()))

    def _require_features(self, features: int, subject: str) -> None:
        if self._features not in (None, features):
            raise ValueError(
                f"{subject} {features} columns but the stream's batches have {self._features}; "
                "pass the same columns in each"
            )

    def _hold(self, X: Tensor, y: Tensor) -> None:
        """Copy rows, fewer than the buffer has, behind those that are held."""
        if self._buffer.numel() == 0:
            columns = X.shape[1] + 1
            self._buffer = X.new_empty(max(4 * columns, _HELD // columns), columns)
        if self._held + len(X) > len(self._buffer):
            self._factor_held()
        free = self._buffer[self._held :]
        free[: len(X), :-1], free[: len(X), -1:] = X, y
        self._held += len(X)

    def _rows_held(self) -> tuple[Tensor, Tensor]:
        return self._buffer[: self._held, :-1], self._buffer[: self._held, -1:]

    def _factor_held(self) -> None:
        if self._held:
            self._factor(*self._rows_held())
            self._held = 0

    def _factor(self, X: Tensor, y: Tensor) -> None:
        """Take rows into the triangular factor, in as many digits as they need."""
        if X.numel() > SMALL_TABLE:
            T = triangle(X, y, self._intercept)
            require_finite(T)
            if condition_number(T[:-1, :-1]) <= LARGE_LOSS:
                self._append(pair(T))
                return
        for rows in blocks(X, y, self._intercept, _BLOCK):
            self._append(triangle_of_pairs(pair(torch.cat(rows, dim=1))))

    def _append(self, T: Pair) -> None:
        self._triangles.append(T)
        if len(self._triangles) == _JOINED:
            self._join()

    def _join(self) -> None:
        """Leave one triangular factor for all."""
        if len(self._triangles) > 1:  # joining one would change nothing
            high, low = (torch.cat(parts) for parts in zip(*self._triangles))
            self._triangles = [triangle_of_pairs((high, low))]
