"""The loop around every update rule: it counts, records, reports, and knows when to stop."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import torch
from torch import Tensor

from linreg_tutorial._checks import all_finite, check_count, check_nonnegative
from linreg_tutorial.history import DivergenceError, History

Log = Callable[[str], object]
Parameters = tuple[Tensor, Tensor]  # weight (d,) and bias ()

_CHECK_EVERY = 1000  # epochs between two looks at whether the cost is still finite


class Reporter:
    """Tell the reader how a run goes: lines of text, a progress bar, both or neither."""

    def __init__(
        self, log: Log | None, log_every: int, show_parameters: bool, progress: bool
    ) -> None:
        if log is not None and not callable(log):
            raise TypeError(f"log must be a function such as print, got {type(log).__name__}")
        self.log = log
        self.log_every = check_count("log_every", log_every)
        self.show_parameters = show_parameters
        self.progress = progress

    def steps(self, epochs: int) -> Iterable[int]:
        """Return the epochs to go through, behind a tqdm bar if one is asked for."""
        if not self.progress:
            return range(epochs)
        try:
            from tqdm.auto import trange
        except ModuleNotFoundError as error:
            raise ImportError(
                "progress=True needs tqdm; install it with: pip install tqdm"
            ) from error
        bar: Iterable[int] = trange(epochs)
        return bar

    def is_due(self, epoch: int) -> bool:
        """Say whether this epoch gets a line."""
        return self.log is not None and epoch % self.log_every == 0

    def report(self, epoch: int, last: int, cost: Tensor, parameters: Parameters | None) -> None:
        """Log the line of this epoch."""
        line = f"Epoch {epoch:4d}/{last}"
        if self.show_parameters and parameters is not None:
            numbers = ", ".join(f"{w:.3f}" for w in parameters[0].tolist())
            weight = numbers if len(parameters[0]) == 1 else f"[{numbers}]"
            line += f" W: {weight}, b: {parameters[1].item():.3f}"
        assert self.log is not None
        self.log(f"{line} Cost: {cost.item():.6f}")


class Run:
    """Count the epochs of one run and keep its record."""

    def __init__(
        self,
        epochs: int,
        start: Parameters | None,
        *,
        record_every: int,
        reporter: Reporter,
        patience: int | None,
        min_delta: float,
    ) -> None:
        self.epochs = check_count("epochs", epochs)
        self.record_every = check_count("record_every", record_every)
        self.patience = None if patience is None else check_count("patience", patience)
        self.min_delta = check_nonnegative("min_delta", min_delta)
        if reporter.show_parameters and start is None:
            raise ValueError("show_parameters needs a model that is one linear layer")
        self.reporter = reporter
        self.start = None if start is None else (start[0].clone(), start[1].clone())
        self.finished = False
        self.best, self.best_epoch = math.inf, 0  # until the first cost
        self.recorded: list[int] = []
        self.costs: list[Tensor] = []
        self.weights: list[Tensor] = []
        self.biases: list[Tensor] = []

    def __iter__(self) -> Iterator[bool]:
        """Yield once an epoch, and say whether `record` is to be called in it."""
        for epoch in self.reporter.steps(self.epochs):
            self.epoch = epoch
            yield (
                epoch % self.record_every == 0
                or epoch % _CHECK_EVERY == 0
                or epoch == self.epochs - 1
                or self.patience is not None
                or self.reporter.is_due(epoch)
            )
            if self.finished:
                return

    def record(self, cost: Tensor, parameters: Parameters | None) -> None:
        """Take the cost before this epoch's update, and weight and bias after it."""
        epoch = self.epoch
        if epoch % self.record_every == 0:
            self._keep(cost, parameters)
        if self.reporter.is_due(epoch):
            self.reporter.report(epoch, self.epochs - 1, cost, parameters)
        if self.patience is not None:
            value = cost.item()
            if value < self.best - self.min_delta:
                self.best, self.best_epoch = value, epoch
            self.finished = epoch - self.best_epoch >= self.patience
        if epoch % _CHECK_EVERY == 0 and not math.isfinite(cost.item()):
            self.finished = True
        if self.finished or epoch == self.epochs - 1:
            self.last = (epoch, cost.detach(), parameters)

    def history(self, largest_lr: Callable[[], float | None]) -> History:
        """Return the record, or raise DivergenceError if the run left the finite numbers.

        NaN and infinity never become finite again, so the record and the last epoch tell.
        """
        epoch, cost, parameters = self.last
        if epoch != self.recorded[-1] and not all_finite(cost, *(parameters or ())):
            self.epoch = epoch
            self._keep(cost, parameters)
        history = History(
            epoch=torch.tensor(self.recorded),
            cost=torch.stack(self.costs),
            weight=torch.stack(self.weights) if self.weights else None,
            bias=torch.stack(self.biases) if self.biases else None,
            start_weight=None if self.start is None else self.start[0],
            start_bias=None if self.start is None else self.start[1],
        )
        return checked(history, largest_lr)

    def _keep(self, cost: Tensor, parameters: Parameters | None) -> None:
        self.recorded.append(self.epoch)
        self.costs.append(cost.detach())
        if parameters is not None:
            self.weights.append(parameters[0].clone())
            self.biases.append(parameters[1].clone())


def checked(history: History, largest_lr: Callable[[], float | None]) -> History:
    """Return the history, or raise DivergenceError with what comes before it is not finite."""
    parts = [p for p in (history.cost, history.weight, history.bias) if p is not None]
    if all_finite(*parts):
        return history
    finite = torch.stack([p.isfinite().reshape(len(p), -1).all(dim=1) for p in parts]).all(dim=0)
    k = int((~finite).nonzero()[0])  # its cost may be finite, none behind it is
    costs = [c for c in history.cost[: k + 1].tolist() if math.isfinite(c)]
    last_cost = costs[-1] if costs else None
    raise DivergenceError(int(history.epoch[k]), last_cost, largest_lr(), first(history, k))


def first(history: History, k: int) -> History:
    """Return the first `k` entries of a history."""
    return replace(
        history,
        epoch=history.epoch[:k],
        cost=history.cost[:k],
        weight=None if history.weight is None else history.weight[:k],
        bias=None if history.bias is None else history.bias[:k],
    )
