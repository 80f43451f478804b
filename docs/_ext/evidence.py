"""What the book gets where a source prints a result; `claims.py` does the same for statements.

Training runs are repeated in float64, where no printed digit depends on rounding: so the page is
the same on every processor, and what float32 changed in a source can be told apart.
"""

from itertools import product
from types import SimpleNamespace

import matplotlib.figure
import matplotlib.lines
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from verdicts import ENTRIES, Book, numbers, printed

from linreg_tutorial import datasets
from linreg_tutorial.models import LinearRegressionModel
from linreg_tutorial.solvers import solve_least_squares
from linreg_tutorial.trainers import train_by_hand, train_module, train_with_optimizer

Found = dict[str, Book | bool | str]  # by the id of an entry; a string is the verdict itself

ROUNDING = 4 * 2.0**-24  # of float32: a few halves of the last bit, relative to what is rounded
UNIT = 5e-5  # half a unit of the last digit of a start that is printed with four


def result(entry: str) -> list[float]:
    """Return the numbers that a source printed."""
    return numbers(ENTRIES[entry]["printed"])


def double(data: datasets.Dataset) -> SimpleNamespace:
    """Return features and targets in float64."""
    return SimpleNamespace(X=data.X.double(), y=data.y.double())


def shown(*values: object) -> str:
    """Return what print() shows of each value; a format string would show bare numbers."""
    return " ".join(map(str, values))


def rows(last: int, every: int, *columns: Tensor) -> list[float]:
    """Return epoch, last epoch and the value in each column, for every line of a log."""
    epochs = range(0, last + 1, every)
    return [v for e in epochs for v in (e, last, *(column[e].item() for column in columns))]


def cost_rounding(cost: Tensor, y: Tensor) -> Tensor:
    """Return how far float32 moves a cost: an error is a difference of numbers as large as y."""
    return ROUNDING * (2 * cost.sqrt() * y.abs().max() + cost)


def drawn_by_linear(features: int, *starts: list[float]) -> bool:
    """Say whether nn.Linear may draw such a start: all numbers lie within 1 / sqrt(features)."""
    drawn = [v for p in nn.Linear(features, 1).parameters() for v in p.flatten().tolist()]
    return all(abs(v) <= features**-0.5 for start in (drawn, *starts) for v in start)


def doubling() -> Found:
    """Train y = 2x from two starts that were recovered from the printed costs."""
    data, found = double(datasets.load_doubling()), {}
    for name in ("layer", "class"):
        weight, bias = ENTRIES[f"{name}-log"]["start"]
        fit = train_by_hand(data.X, data.y, lr=0.01, epochs=2001, weight=weight, bias=bias)
        prediction = fit.predict(torch.tensor([[4.0]])).item()
        text = str(nn.Linear(1, 1)(torch.ones(1, 1)))
        found |= {
            f"{name}-log": Book(rows(2000, 100, fit.history.cost), recovered=True),
            f"{name}-prediction": Book([prediction], text, recovered=True),
            f"{name}-end": Book([fit.weight.item(), fit.bias.item()], recovered=True),
        }
    start = ENTRIES["layer-log"]["start"]
    fits = all(abs(a - b) <= UNIT for a, b in zip(start, result("layer-start"), strict=True))
    return {**found, "layer-start": fits and drawn_by_linear(1, start)}


def exam_scores() -> Found:
    """Train on the exam scores from two starts that were printed with four digits."""
    return {
        f"{name}-{part}": value
        for name in ("exam", "exam-class")
        for part, value in exam(result(f"{name}-start")).items()
    }


def exam(start: list[float]) -> Found:
    """Train from a start, and from all corners of the box that its rounding leaves open."""
    data = double(datasets.load_exam_scores())
    fit = train_by_hand(data.X, data.y, lr=1e-5, epochs=2001, weight=start[:3], bias=start[3])
    corners = torch.tensor(list(product((-UNIT, UNIT), repeat=4))).double()
    theta = (torch.tensor(start).double() + corners).T  # (4, 16)
    A = torch.cat([data.X, torch.ones(5, 1)], dim=1)
    costs = []
    for _ in range(2001):
        error = A @ theta - data.y
        costs.append(error.square().mean(dim=0))
        theta = theta - 1e-5 * 2 / 5 * A.T @ error
    near = torch.stack(costs)
    slack = rows(2000, 100, cost_rounding(fit.history.cost, data.y))
    end = torch.cat([fit.weight, fit.bias.reshape(1)])
    text = str(nn.Linear(3, 1)(data.X[:1].float()))
    size = ROUNDING * data.y.max().item()
    return {
        "start": drawn_by_linear(3, start),
        "log": Book(
            rows(2000, 100, fit.history.cost),
            rounding=[value if i % 3 == 2 else 0 for i, value in enumerate(slack)],
            low=rows(2000, 100, near.amin(dim=1)),
            high=rows(2000, 100, near.amax(dim=1)),
        ),
        "end": spread(end, theta, size),
        "prediction": spread(A[:1] @ end, A[:1] @ theta, size, text),
    }


def spread(value: Tensor, near: Tensor, size: float, text: str | None = None) -> Book:
    """Return values with the least and the greatest of those from nearby starts."""
    low, high = near.amin(dim=1).tolist(), near.amax(dim=1).tolist()
    return Book(value.tolist(), text, [size] * len(value), low, high)


def identity() -> Found:
    """Train y = x by an optimizer, from zeros."""
    data = datasets.load_identity()
    W, b = torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([W, b], lr=0.01)
    found: Found = {
        "identity-data": printed(shown(data.X, data.X.shape)),
        "zero-parameters": printed(shown(W, b)),
    }
    for name in ("zero", "stepped"):
        hypothesis = data.X * W + b
        error = hypothesis - data.y
        cost = torch.mean(error**2)
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()
        found[f"{name}-hypothesis"] = printed(str(hypothesis))
        found[f"{name}-cost"] = printed(str(cost))
        if name == "zero":
            found["zero-errors"] = printed(shown(error, error**2))
            found["stepped-parameters"] = printed(shown(W, b))
    exact = double(data)
    course = train_with_optimizer(exact.X, exact.y, lr=0.01, epochs=1001).history
    lines = rows(1000, 100, course.weight[:, 0], course.bias, course.cost)
    return {**found, "identity-log": Book(lines)}


def seed_one() -> Found:
    """Make two models after one seed, look at the first and train the second."""
    data = datasets.load_identity()
    with torch.random.fork_rng():
        generator = torch.manual_seed(1)
        first, second = LinearRegressionModel(1), LinearRegressionModel(1).double()
    hypothesis, exact = first(data.X), double(data)
    sgd = torch.optim.SGD(second.parameters(), lr=0.01)
    course = train_module(second, exact.X, exact.y, optimizer=sgd, epochs=1001).history
    return {
        "generator-address": repr(generator).startswith("<torch._C.Generator object at 0x"),
        "seeded-hypothesis": printed(str(hypothesis)),
        "seeded-cost": printed(str(F.mse_loss(hypothesis, data.y))),
        "seeded-log": Book(rows(1000, 100, course.weight[:, 0], course.bias, course.cost)),
        "cost-decreases": bool((course.cost.diff() < 0).all()),
    }


def height_weight() -> Found:
    """Take one step on centred heights and weights."""
    data = datasets.load_height_weight()
    x = data.X.flatten().long().numpy()
    y = np.array([float(f"{value:.1f}") for value in data.y.flatten().tolist()])
    X, Y = torch.tensor(x - x.mean()).float(), torch.tensor(y - y.mean()).float()
    W, B = torch.tensor(1.0, requires_grad=True), torch.tensor(1.0, requires_grad=True)
    prediction = W * X + B
    loss = ((prediction - Y) ** 2).mean()
    before = shown(W.grad, B.grad)
    loss.backward()
    return {
        "scatter-axes": printed(repr(matplotlib.figure.Figure().add_subplot())),
        "height-arrays": printed(f"({x!r}, {y!r})"),
        "height-stack": printed(repr(np.dstack([x, y]))),
        "height-centred": printed(shown(X, Y)),
        "height-prediction": printed(str(prediction)),
        "height-loss": printed(str(loss)),
        "height-no-gradient": printed(before),
        "height-gradient": printed(shown(W.grad, B.grad)),
        "height-stepped": printed(shown(W - 0.001 * W.grad, B - 0.001 * B.grad)),
    }


def game_ability() -> Found:
    """Train as the cells read, and beside the B that an earlier cell left behind."""
    data = datasets.load_game_ability()
    exact, epochs = double(data), range(0, 201, 10)
    fresh = train_with_optimizer(exact.X, exact.y, lr=0.01, epochs=201).history.cost
    # W alone is trained, and has taken a step before the first epoch counts
    alone = nn.Linear(1, 1, bias=False).double()
    nn.init.zeros_(alone.weight)
    sgd = torch.optim.SGD(alone.parameters(), lr=0.01)
    stale = train_module(alone, exact.X, exact.y - 0.998, optimizer=sgd, epochs=202).history
    cost, slack = stale.cost[1:], cost_rounding(stale.cost[1:], exact.y)
    size = ROUNDING * data.y.max().item()
    return {
        "game-data": printed(f"({data.X}, {data.y})"),
        "game-log": Book([v for e in epochs for v in (e, fresh[e].item())]),
        "game-history": Book(
            [v for e in epochs for v in (e, cost[e].item())],
            rounding=[v for e in epochs for v in (0, slack[e].item())],
        ),
        "game-end": Book([stale.weight[-1].item(), 0.998], rounding=[size, 0]),
        "game-losses": Book([fresh[0].item(), fresh[-1].item()]),
        "line-address": "Line2D" in repr(matplotlib.lines.Line2D([], [])),
    }


def drawn_data() -> Found:
    """Differentiate by autograd, and learn a plane from data of the book's own seed."""
    w = torch.tensor(2.0, requires_grad=True)
    (2 * w**2 + 5).backward()
    generator = torch.Generator().manual_seed(0)
    x, a = torch.randn(100, 3, generator=generator), torch.ones(3, requires_grad=True)
    torch.mv(x, a).sum().backward()
    sums = result("column-sums")
    plane = datasets.make_plane(100, generator=generator)
    by_hand = train_by_hand(plane.X, plane.y, lr=0.1, epochs=100)
    layer, ones = nn.Linear(3, 1, bias=False), torch.ones(100, 1)
    train_module(
        layer,
        torch.cat([ones, plane.X], dim=1),
        plane.y,
        optimizer=torch.optim.SGD(layer.parameters(), lr=0.1),
        epochs=100,
    )
    exact = solve_least_squares(plane.X, plane.y)
    off = torch.tensor(result("plane-by-hand")) - torch.tensor([1.0, 2.0, 3.0])
    near = bool((off.abs() < 2 * exact.standard_errors.roll(1)).all())
    learned = torch.cat([by_hand.weight, by_hand.bias.reshape(1)])
    least = torch.cat([exact.weight, exact.bias.reshape(1)]).float()
    same = torch.allclose(learned.roll(1), layer.weight[0], atol=1e-4)
    return {
        "square-gradient": printed(str(w.grad.item())),
        # a sum of a hundred such numbers has standard deviation 10
        "column-sums": sums[:3] == sums[3:]
        and all(abs(v) < 40 for v in sums)
        and torch.allclose(a.grad, x.sum(dim=0), atol=1e-4),
        "plane-by-hand": near and torch.allclose(learned, least, atol=1e-4),
        "plane-by-layer": same and result("plane-by-layer") == result("plane-by-hand"),
        "similar-to-truth": near,
    }


RESULTS = (doubling, exam_scores, identity, seed_one, height_weight, game_ability, drawn_data)
