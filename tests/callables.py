"""Every public trainer and solver as a function of `X` and `y` that returns tensors by name."""

import math
from dataclasses import fields
from functools import partial

import torch
from ladder import FLAT_RUNGS, train_linear_module
from torch import Tensor

from linreg_tutorial.solvers import (
    LeastSquaresStream,
    bootstrap,
    descend_exactly,
    fit_polynomial,
    largest_stable_lr,
    solve_least_squares,
)
from linreg_tutorial.trainers import DivergenceError, sweep_learning_rates


def tensors(result, prefix=""):
    """Return the tensors of a result and of what it holds, by their names."""
    if isinstance(result, Tensor | int):
        return {prefix: torch.as_tensor(result)}
    found = {}
    for field in fields(result) if hasattr(result, "__dataclass_fields__") else ():
        value = getattr(result, field.name)
        found |= tensors(value, f"{prefix}.{field.name}".strip("."))
    return found


def answer(fit, X):
    """Return the tensors of a fit, and its predictions unless it says that they overflow."""
    try:
        return {**tensors(fit), "predictions": fit.predict(X)}
    except ValueError as error:
        if "exceeds" not in str(error):
            raise
        return tensors(fit)


def flat(train):
    """Return a trainer that takes everything by keyword."""

    def run(X, y, lr=0.01, epochs=5, **options):
        fit = train(X, y, lr=lr, epochs=epochs, **options)
        return answer(fit, X)

    return run


def module(X, y, lr=0.01, epochs=5, **options):
    """Train a linear layer from zeros."""
    history = train_linear_module(X, y, lr=lr, epochs=epochs, **options).history
    return {"weight": history.weight[-1], "bias": history.bias[-1], **tensors(history, "history")}


def sweep(X, y, lr=0.01, epochs=5):
    """Sweep over one rate, as if it raised: an empty history has no last weight."""
    (history,) = sweep_learning_rates(X, y, [lr], epochs=epochs)
    last = {"weight": history.weight[-1:].squeeze(0), "bias": history.bias[-1:].squeeze(0)}
    return {**(last if len(history) else {}), **tensors(history, "history")}


def exact(X, y, lr=0.01, epochs=5, **options):
    """Descend without the loop."""
    history = descend_exactly(X, y, lr=lr, epochs=epochs, **options)
    return {"weight": history.weight[-1], "bias": history.bias[-1], **tensors(history, "history")}


def least_squares(**options):
    """Return the closed form with such options."""

    def solve(X, y):
        fit = solve_least_squares(X, y, **options)
        return answer(fit, X)

    return solve


def stream(X, y):
    """Solve from two streams of single rows and of the rest, merged."""
    first, second = LeastSquaresStream(), LeastSquaresStream()
    first.update(X[:1], y[:1])
    if len(X) > 1:
        second.update(X[1:], y[1:])
    first.merge(second)
    fit = first.solve()
    return answer(fit, X)


def polynomial(X, y):
    """Fit a line to the first column."""
    bias, weight = fit_polynomial(X[:, :1], y, 1)
    return {"weight": weight.unsqueeze(0), "bias": bias}


def parabola(X, y):
    """Fit a parabola to the first column."""
    return {"coefficients": fit_polynomial(X[:, :1], y, 2)}


def resampled(X, y):
    """Solve three resamples, always the same rows."""
    weights, biases = bootstrap(X, y, samples=3, generator=torch.Generator().manual_seed(0))
    return {"weights": weights, "biases": biases}


def bound(**options):
    """Return the largest stable rate with such options; the targets do not matter."""
    return lambda X, y: {"lr": torch.tensor(largest_stable_lr(X, **options), dtype=torch.float64)}


TRAINERS = {
    **{train.__name__: flat(train) for train in FLAT_RUNGS},
    "train_module": module,
    "sweep_learning_rates": sweep,
}
DESCENTS = {**TRAINERS, "descend_exactly": exact}
LEAST_SQUARES = {"solve_least_squares": least_squares(), "LeastSquaresStream": stream}
SOLVERS = {
    **LEAST_SQUARES,
    "descend_exactly": exact,
    "fit_polynomial": polynomial,
    "bootstrap": resampled,
    "largest_stable_lr": bound(),
}
EVERY = {**TRAINERS, **SOLVERS}
VARIANTS = {
    "Adam": partial(TRAINERS["train_with_optimizer"], optimizer=torch.optim.Adam),
    "momentum": partial(TRAINERS["train_with_optimizer"], momentum=0.9),
    "exact momentum": partial(exact, momentum=0.9),
    "exact Nesterov": partial(exact, momentum=0.9, nesterov=True),
    "every third": partial(TRAINERS["train_by_hand"], record_every=3),
    "mini-batches": partial(module, batch_size=2),
    "no intercept": least_squares(intercept=False),
    "unrefined": least_squares(refine=False),
    "refined": least_squares(refine=True),
    "shortest": least_squares(minimum_norm=True),
    "shortest, no intercept": least_squares(minimum_norm=True, intercept=False),
    "parabola": parabola,
    "bound, no intercept": bound(intercept=False),
}


def outcome(function, X, y, **options):
    """Return the tensors of a call by name, or the sentence with which it refuses."""
    try:
        return function(X, y, **options)
    except (ValueError, DivergenceError) as error:
        return sentence(error)


def sentence(error):
    """Return what an error says, in one line and with no number that is not finite."""
    text = str(error)
    assert text
    assert "\n" not in text
    assert "nan" not in text
    if isinstance(error, DivergenceError):
        history = error.history
        assert all(t.isfinite().all() for t in (history.cost, history.weight, history.bias))
        assert error.last_cost is None or math.isfinite(error.last_cost)
    return text
