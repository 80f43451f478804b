"""Ratios of our running times to those of others, both measured here and now: `nox -s bench`.

Each row runs its two sides in turns, after one turn that does not count, and compares medians. A
ratio below 1 means that ours is faster. Nothing here fails: the machine decides the numbers.
"""

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from sklearn.linear_model import LinearRegression
from torch import nn

from linreg_tutorial.datasets import load_doubling
from linreg_tutorial.solvers import LeastSquaresStream, descend_exactly, solve_least_squares
from linreg_tutorial.trainers import train_by_hand, train_module

TURNS = 15
REST = 0.2  # seconds: the threads of a library wait in a loop for a while before they sleep
UPDATES, RATE = 2001, 0.01


class Row(NamedTuple):
    """Two ways to do one job, and the ratio of times that ours is meant to reach.

    Where the two sides have threads of different libraries, there is a rest before each run.
    """

    job: str
    ours: Callable[[], object]
    theirs: Callable[[], object]
    target: float
    rest: float = 0.0


def seconds(run: Callable[[], object], rest: float) -> float:
    """Return the time that one run takes, after a rest."""
    time.sleep(rest)
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def measure(row: Row) -> str:
    """Return the line of the table for a row."""
    row.ours(), row.theirs()
    pairs = [(seconds(row.ours, row.rest), seconds(row.theirs, row.rest)) for _ in range(TURNS)]
    ours, theirs = (statistics.median(times) for times in zip(*pairs))
    ratios = sorted(a / b for a, b in pairs)
    met = "met" if ours / theirs <= row.target else "missed"
    return (
        f"{row.job:44} {ours * 1e3:10.1f} {theirs * 1e3:10.1f} {ours / theirs:7.3f} "
        f"{ratios[0]:6.3f}…{ratios[-1]:.3f} {row.target:7.2f} {met}"
    )


def plain_loop() -> list[float]:
    """Train nn.Linear on three points as the sources do, and keep every hundredth cost."""
    data, costs = load_doubling(), []
    model = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    for epoch in range(UPDATES):
        cost = F.mse_loss(model(data.X), data.y)
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()
        if epoch % 100 == 0:
            costs.append(cost.item())
    return costs


def by_module() -> object:
    """Do the same with train_module."""
    data, model = load_doubling(), nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    return train_module(
        model, data.X, data.y, optimizer=optimizer, epochs=UPDATES, record_every=100
    )


def by_hand() -> object:
    """Do the same with the formula of the gradient."""
    data = load_doubling()
    return train_by_hand(data.X, data.y, lr=RATE, epochs=UPDATES, record_every=100)


def exactly() -> object:
    """Get every epoch's cost and weights without the loop."""
    data = load_doubling()
    return descend_exactly(data.X, data.y, lr=RATE, epochs=UPDATES)


def rows() -> list[Row]:
    """Return the rows of the table."""
    draw = torch.Generator().manual_seed(0)
    X = torch.randn(1_000_000, 10, generator=draw, dtype=torch.float64)
    y = X.sum(dim=1, keepdim=True) + torch.randn(len(X), 1, generator=draw, dtype=torch.float64)
    X_numpy, y_numpy = X.numpy(), y.numpy()

    def sklearn() -> object:
        return LinearRegression(fit_intercept=False).fit(X_numpy, y_numpy)

    def stream() -> object:
        stream = LeastSquaresStream(intercept=False)
        for rows, targets in zip(X.split(100_000), y.split(100_000)):
            stream.update(rows, targets)
        return stream.solve()

    return [
        Row(
            "solve_least_squares / scikit-learn, 1e6 × 10",
            lambda: solve_least_squares(X, y, intercept=False),
            sklearn,
            0.5,
            REST,
        ),
        Row("LeastSquaresStream / scikit-learn, 1e6 × 10", stream, sklearn, 0.5, REST),
        Row("train_module / the sources' loop", by_module, plain_loop, 1.05),
        Row("train_by_hand / the sources' loop", by_hand, plain_loop, 0.35),
        Row("descend_exactly / the sources' loop", exactly, plain_loop, 0.01),
    ]


if __name__ == "__main__":
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, {TURNS} turns")
    print(f"{'ours / theirs':44} {'ours ms':>10} {'theirs ms':>10} {'ratio':>7} spread target")
    for row in rows():
        print(measure(row), flush=True)
