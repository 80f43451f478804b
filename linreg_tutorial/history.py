"""What a training run leaves behind; nothing here knows how it was trained."""

from dataclasses import dataclass

from torch import Tensor

__all__ = ["DivergenceError", "History"]


@dataclass(frozen=True, eq=False)
class History:
    """The course of one training run, `k` recorded epochs long.

    Parameters
    ----------
    epoch : torch.Tensor
        Numbers of the recorded epochs `(k,)`, from 0.
    cost : torch.Tensor
        The cost `(k,)` before the update of that epoch, in the target's unit squared; with
        mini-batches, the mean over the rows as they were used.
    weight : torch.Tensor or None
        Weights `(k, d)` after that update; None if the model is not one linear layer.
    bias : torch.Tensor or None
        Biases `(k,)` after it, likewise.
    start_weight : torch.Tensor or None
        Weights `(d,)` before the first update.
    start_bias : torch.Tensor or None
        The bias `()` before it.
    """

    epoch: Tensor
    cost: Tensor
    weight: Tensor | None
    bias: Tensor | None
    start_weight: Tensor | None
    start_bias: Tensor | None

    def __len__(self) -> int:
        """Return the number of recorded epochs, `k`."""
        return len(self.epoch)


class DivergenceError(ArithmeticError):
    """The cost of a run stopped being finite.

    Attributes
    ----------
    epoch : int
        First recorded epoch whose cost, or whose weight after the update, is not finite.
    last_cost : float or None
        The last finite cost on record; None if the first was not finite already.
    largest_lr : float or None
        The largest learning rate with which the run would have converged, where known.
    history : History
        What was recorded before `epoch`.
    """

    def __init__(
        self, epoch: int, last_cost: float | None, largest_lr: float | None, history: History
    ) -> None:
        self.epoch, self.last_cost = epoch, last_cost
        self.largest_lr, self.history = largest_lr, history
        if last_cost is None:
            message = "the first cost is not finite; standardize the data or use float64"
        elif largest_lr is None:
            message = (
                f"the run diverged: the cost {last_cost:g} was the last finite one, before "
                f"epoch {epoch}; use a smaller lr"
            )
        else:
            message = (
                f"the run diverged: the cost {last_cost:g} was the last finite one, before "
                f"epoch {epoch}; "
                + (f"use an lr below {largest_lr:g}" if largest_lr else "standardize the data")
            )
        super().__init__(message)
