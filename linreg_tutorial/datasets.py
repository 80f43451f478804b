"""Data sets as float32 tensors, with their names and origins; nothing here knows of models."""

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike, fspath

import torch
from torch import Tensor

from linreg_tutorial._checks import (
    check_count,
    check_generator,
    check_nonnegative,
    start_like,
)
from linreg_tutorial._csv import number, read_rows, read_text

__all__ = [
    "Dataset",
    "StandardizedDataset",
    "load_doubling",
    "load_exam_scores",
    "load_game_ability",
    "load_height_weight",
    "load_identity",
    "make_line",
    "make_plane",
    "read_csv",
]

_COURSE = "a Korean course handout on linear regression in PyTorch"
_LAB = "a Korean blog's notes on the PyTorch lab of Deep Learning Zero To All"
_NOTEBOOK = "a Korean notebook on linear regression in PyTorch"


@dataclass(frozen=True, eq=False)
class Dataset:
    """Features, targets and what they are called.

    Parameters
    ----------
    name : str
        A short ASCII name.
    X : torch.Tensor
        Features `(n, d)`, float32.
    y : torch.Tensor
        Targets `(n, 1)`, float32.
    feature_names : tuple of str
        One name a column of `X`, with its unit in brackets where it has one.
    target_name : str
        The name of the target, likewise.
    source : str
        Where the numbers come from.
    """

    name: str
    X: Tensor
    y: Tensor
    feature_names: tuple[str, ...]
    target_name: str
    source: str

    def __len__(self) -> int:
        """Return the number of rows, `n`."""
        return len(self.X)

    def standardized(self) -> "StandardizedDataset":
        """Return the data with each feature at mean 0 and standard deviation 1.

        The deviation divides by `n`, as the cost does; targets stay as they are.

        Raises
        ------
        ValueError
            If a feature is constant, so that it has no scale.

        Examples
        --------
        >>> data = load_exam_scores().standardized()
        >>> data.X.mean(dim=0).abs().max().item() < 1e-6
        True
        """
        X = self.X.double()
        mean = X.mean(dim=0)
        scale = (X - mean).square().mean(dim=0).sqrt()
        constant = [name for name, s in zip(self.feature_names, scale.tolist()) if s == 0]
        if constant:
            raise ValueError(f"feature {constant[0]!r} is constant; leave it out to standardize")
        return StandardizedDataset(
            name=f"{self.name}_standardized",
            X=((X - mean) / scale).to(self.X.dtype),
            y=self.y,
            feature_names=self.feature_names,
            target_name=self.target_name,
            source=self.source,
            mean=mean,
            scale=scale,
        )


@dataclass(frozen=True, eq=False)
class StandardizedDataset(Dataset):
    """A data set whose features were shifted by `mean (d,)` and divided by `scale (d,)`."""

    mean: Tensor
    scale: Tensor

    def original_units(self, weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
        """Return the weight `(d,)` and bias `()` that give the same predictions on the raw data.

        Parameters
        ----------
        weight : torch.Tensor
            Weights `(d,)` for the standardized features.
        bias : torch.Tensor
            The bias `()` that belongs to them.
        """
        raw_weight = weight.double() / self.scale
        return raw_weight, bias.double() - raw_weight @ self.mean


def _column(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float32).unsqueeze(1)


def load_identity() -> Dataset:
    """Return the three points of `y = x`: `X (3, 1)`, `y (3, 1)`.

    Examples
    --------
    >>> load_identity().y.flatten().tolist()
    [1.0, 2.0, 3.0]
    """
    return Dataset("identity", _column(1, 2, 3), _column(1, 2, 3), ("x",), "y", _LAB)


def load_doubling() -> Dataset:
    """Return the three points of `y = 2x`: `X (3, 1)`, `y (3, 1)`."""
    return Dataset("doubling", _column(1, 2, 3), _column(2, 4, 6), ("x",), "y", _COURSE)


def load_game_ability() -> Dataset:
    """Return hours of play and the ability gained: `X (3, 1)` in hours, `y (3, 1)` in points."""
    return Dataset(
        "game_ability", _column(1, 2, 3), _column(200, 400, 600), ("hours",), "ability", _NOTEBOOK
    )


def load_exam_scores() -> Dataset:
    """Return three quiz scores of five students and their exam: `X (5, 3)`, `y (5, 1)`, points."""
    X = [[73, 80, 75], [93, 88, 93], [89, 91, 90], [96, 98, 100], [73, 66, 70]]
    return Dataset(
        "exam_scores",
        torch.tensor(X, dtype=torch.float32),
        _column(152, 185, 180, 196, 142),
        ("quiz1", "quiz2", "quiz3"),
        "exam",
        _COURSE,
    )


def load_height_weight() -> Dataset:
    """Return the height and weight of five people: `X (5, 1)` in cm, `y (5, 1)` in kg."""
    return Dataset(
        "height_weight",
        _column(166, 176, 171, 173, 169),
        _column(58.7, 75.7, 62.1, 70.4, 60.1),
        ("height (cm)",),
        "weight (kg)",
        _NOTEBOOK,
    )


def make_line(
    n: int,
    *,
    generator: torch.Generator,
    weight: float = 2.0,
    bias: float = 1.0,
    noise: float = 0.5,
) -> Dataset:
    """Draw `n` points around a line, with `x` and the noise from normal distributions.

    Parameters
    ----------
    n : int
        Number of points.
    generator : torch.Generator
        The source of randomness; `x` is drawn first, then the noise.
    weight, bias : float
        The line.
    noise : float
        Standard deviation of the noise on `y`.

    Returns
    -------
    Dataset
        `X (n, 1)` with mean 0 and deviation 1, `y (n, 1)`.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or size.

    Examples
    --------
    >>> make_line(4, generator=torch.Generator().manual_seed(0)).X.shape
    torch.Size([4, 1])
    """
    return make_plane(n, weight=(weight,), bias=bias, noise=noise, generator=generator)


def make_plane(
    n: int,
    *,
    generator: torch.Generator,
    weight: Sequence[float] = (2.0, 3.0),
    bias: float = 1.0,
    noise: float = 0.5,
) -> Dataset:
    """Draw `n` points around a plane, with the features and the noise from normal distributions.

    Parameters
    ----------
    n : int
        Number of points.
    generator : torch.Generator
        The source of randomness; the features are drawn first, then the noise.
    weight : sequence of float
        One number a feature.
    bias : float
        Height of the plane at the origin.
    noise : float
        Standard deviation of the noise on `y`.

    Returns
    -------
    Dataset
        `X (n, d)`, `y (n, 1)` with `d = len(weight)`.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or size.

    Examples
    --------
    >>> make_plane(100, generator=torch.Generator().manual_seed(0)).X.shape
    torch.Size([100, 2])
    """
    n = check_count("n", n)
    noise = check_nonnegative("noise", noise)
    generator = check_generator(generator)
    d = check_count("len(weight)", len(weight))
    w = start_like("weight", weight, torch.empty(d))
    b = start_like("bias", bias, torch.empty(()))
    X = torch.randn(n, d, generator=generator, dtype=torch.float32)
    error = torch.randn(n, 1, generator=generator, dtype=torch.float32)
    y = X @ w.unsqueeze(1) + b + noise * error
    names = ("x",) if d == 1 else tuple(f"x{i + 1}" for i in range(d))
    return Dataset("line" if d == 1 else "plane", X, y, names, "y", "drawn at random")


def read_csv(
    path: str | PathLike[str],
    *,
    target: str,
    features: Sequence[str] | None = None,
    encoding: str | None = None,
) -> Dataset:
    r"""Read a comma-separated file whose first row names the columns.

    Parameters
    ----------
    path : str or path-like
        The file.
    target : str
        Name of the column to predict.
    features : sequence of str, optional
        Names of the columns to predict from, in this order; all others by default.
    encoding : str, optional
        By default UTF-8, with or without a byte order mark, and else cp949, which Korean
        spreadsheets write.

    Returns
    -------
    Dataset
        `X (n, d)` and `y (n, 1)`.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If a column is absent or named twice, a row has too many or too few cells, a cell is
        empty, no number, not finite or too large for float32, or there is no row; the message
        names the file and the line.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "shops.csv")
    ...     _ = path.write_text("area,rent\n10,3\n20,5\n")
    ...     data = read_csv(path, target="rent")
    >>> data.feature_names, data.X.flatten().tolist(), data.y.flatten().tolist()
    (('area',), [10.0, 20.0], [3.0, 5.0])
    """
    if isinstance(features, str):
        raise TypeError(f"features must be a list of names, got a string; use [{features!r}]")
    name = fspath(path)
    header, rows = read_rows(name, read_text(name, encoding))
    chosen = [c for c in header if c != target] if features is None else list(features)
    if not chosen:
        raise ValueError(f"{name}: no feature is left beside the target {target!r}")
    for column in [*chosen, target]:
        if header.count(column) != 1:
            problem = "no column" if column not in header else "more than one column"
            raise ValueError(f"{name}, line 1: {problem} named {column!r} among {header}")
    if target in chosen:
        raise ValueError(f"{name}: {target!r} is the target, so it cannot be a feature too")
    if not rows:
        raise ValueError(f"{name}: no row follows the header; add at least one")
    columns = [header.index(c) for c in [*chosen, target]]
    table = torch.tensor(
        [[number(name, line, header[i], cells[i]) for i in columns] for line, cells in rows],
        dtype=torch.float32,
    )
    return Dataset(name, table[:, :-1], table[:, -1:], tuple(chosen), target, name)
