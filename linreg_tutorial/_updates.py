"""What trainers share: any module, optimizer and loss treated alike, and the stable rate."""

import inspect
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from linreg_tutorial._checks import check_rate
from linreg_tutorial._run import Parameters
from linreg_tutorial.solvers import largest_stable_lr

Loss = Callable[[Tensor, Tensor], Tensor]
Closure = Callable[[], Tensor]


def stepper(optimizer: torch.optim.Optimizer) -> Callable[[Closure], Tensor]:
    """Return what updates once and returns the cost before the update.

    An optimizer of torch's that can do without the closure is not given it: that costs time.
    """

    def evaluate_and_step(closure: Closure) -> Tensor:
        cost = closure()
        optimizer.step()
        return cost

    def step(closure: Closure) -> Tensor:
        cost: Tensor = optimizer.step(closure)  # type: ignore[arg-type, assignment]  # says float
        return cost

    torchs = type(optimizer).__module__.startswith("torch.optim.")
    if torchs and inspect.signature(optimizer.step).parameters["closure"].default is None:
        return evaluate_and_step
    return step


def clearer(optimizer: torch.optim.Optimizer) -> Callable[[], None]:
    """Return what forgets the gradients, as `zero_grad` does unless an optimizer has its own.

    That of torch also tells a profiler, which takes a tenth of the time of a small update.
    """

    def clear() -> None:
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                parameter.grad = None

    is_torchs = type(optimizer).zero_grad is torch.optim.Optimizer.zero_grad
    return clear if is_torchs else optimizer.zero_grad


def epoch_of(
    model: nn.Module,
    X: Tensor,
    y: Tensor,
    optimizer: torch.optim.Optimizer,
    loss: Loss,
    size: int | None,
    generator: torch.Generator | None,
) -> Closure:
    """Return what updates with all rows, by batches of a size, and returns their mean cost."""
    step, clear = stepper(optimizer), clearer(optimizer)

    def closure(rows: Tensor = X, targets: Tensor = y) -> Tensor:
        clear()
        value = loss(model(rows), targets)
        value.backward()
        return value

    if size is None:
        return partial(step, closure)

    def epoch() -> Tensor:
        costs = [
            len(rows) * step(partial(closure, rows, targets)).detach()
            for rows, targets in batches(X, y, size, generator)
        ]
        return torch.stack(costs).sum() / len(X)

    return epoch


def batches(
    X: Tensor, y: Tensor, size: int, generator: torch.Generator | None
) -> Iterator[tuple[Tensor, Tensor]]:
    if generator is None:
        yield from zip(X.split(size), y.split(size))
    else:
        order = torch.randperm(len(X), generator=generator, device=generator.device)
        for index in order.to(X.device).split(size):
            yield X[index], y[index]


def only_linear_layer(model: nn.Module) -> nn.Linear | None:
    """Return the layer with one output that holds all parameters of the model, if there is one."""
    for layer in model.modules():
        if isinstance(layer, nn.Linear) and layer.out_features == 1:
            same = {id(p) for p in layer.parameters()} == {id(p) for p in model.parameters()}
            return layer if same else None
    return None


def parameters(layer: nn.Linear | None) -> Parameters | None:
    if layer is None:
        return None
    weight = layer.weight.detach()[0]
    bias = torch.zeros_like(weight[0]) if layer.bias is None else layer.bias.detach()[0]
    return weight, bias


def check_model(model: Any, optimizer: Any, X: Tensor) -> None:
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a torch.nn.Module, got {type(model).__name__}")
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise TypeError(
            f"optimizer must be an instance of torch.optim.Optimizer, got {optimizer!r}; "
            "make one with torch.optim.SGD(model.parameters(), lr=0.01)"
        )
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    if not any(id(p) in held for p in model.parameters()):
        raise ValueError("optimizer holds no parameter of this model; make it from this model's")
    for group in optimizer.param_groups:
        if group.get("lr"):
            check_rate(float(group["lr"]), X.dtype)
    for name, parameter in model.named_parameters():
        if parameter.dtype != X.dtype or parameter.device != X.device:
            raise ValueError(
                f"X is {X.dtype} on {X.device} but the model's {name} is {parameter.dtype} on "
                f"{parameter.device}; convert one with .to(...)"
            )


def guarded(loss: Loss) -> Loss:
    """Return the loss, made to refuse at its first call to broadcast targets and predictions."""
    trusted = False

    def guarded(prediction: Tensor, y: Tensor) -> Tensor:
        nonlocal trusted
        if trusted:
            return loss(prediction, y)
        classes = not y.is_floating_point() and prediction.ndim == y.ndim + 1
        mismatch = (
            f"y must have the shape of the predictions, {tuple(prediction.shape)}, got "
            f"{tuple(y.shape)}; the loss would broadcast one against the other"
        )
        if prediction.shape != y.shape and not (classes and prediction.shape[1] > 1):
            raise ValueError(mismatch)
        # torch warns where it broadcasts; the pattern is compared whatever its case
        with warnings.catch_warnings():
            warnings.filterwarnings("error", message="Using a target size")
            try:
                value = loss(prediction, y)
            except UserWarning as warning:
                raise ValueError(mismatch) from warning
        if value.ndim != 0:
            raise ValueError(f"loss must return a scalar, got {tuple(value.shape)}; take its mean")
        trusted = True
        return value

    return guarded


def bound(X: Tensor, lr: float, intercept: bool = True) -> float | None:
    """Return the largest stable learning rate, or None if `lr` lies below it."""
    largest = largest_stable_lr(X, intercept=intercept)
    return largest if lr >= largest else None
