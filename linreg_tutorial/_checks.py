"""Checks of what a caller passes in; each failure is one sentence that says what to do."""

import math
from numbers import Integral, Real
from typing import Any

import torch
from torch import Tensor

# what a caller may give as a start
Numbers = Tensor | float | list[float] | tuple[float, ...]


def check_features(X: Any, *, dtype: torch.dtype | None = None) -> Tensor:
    """Return `X (n, d)` as a finite floating tensor, in its own dtype unless one is asked for.

    Integers become the default float dtype.

    Raises
    ------
    TypeError
        If `X` is no tensor, or holds complex numbers.
    ValueError
        If `X` is not two-dimensional, is empty, or holds NaN or infinity.
    """
    _check_tensor("X", X)
    if X.ndim != 2:
        hint = "; use X.unsqueeze(1) for a single feature" if X.ndim == 1 else ""
        raise ValueError(f"X must have shape (n, d), got {tuple(X.shape)}{hint}")
    if X.shape[0] == 0:
        raise ValueError("X has no rows; pass at least one sample")
    if X.shape[1] == 0:
        raise ValueError("X has no columns; pass at least one feature")
    if dtype is not None or not X.is_floating_point():
        X = X.to(dtype or torch.get_default_dtype())
    _check_finite("X", X)
    return _plain(X)


def check_column(name: str, value: Any) -> Tensor:
    """Return a single feature `(n, 1)`, of rows that are finite, in its own dtype.

    Raises
    ------
    TypeError
        If it is no tensor, or holds complex numbers.
    ValueError
        If its shape is another, there is no row, or a value is NaN or infinite.
    """
    _check_tensor(name, value)
    if value.ndim != 2 or value.shape[1] != 1:
        hint = f"; use {name}.unsqueeze(1)" if value.ndim == 1 else ""
        raise ValueError(f"{name} must have shape (n, 1), got {tuple(value.shape)}{hint}")
    if len(value) == 0:
        raise ValueError(f"{name} has no rows; pass at least one sample")
    _check_finite(name, value)
    return _plain(value)


def check_data(X: Any, y: Any, *, dtype: torch.dtype | None = None) -> tuple[Tensor, Tensor]:
    """Return features `X (n, d)` and targets `y (n, 1)` in a dtype, by default that of `X`.

    Raises
    ------
    TypeError
        If either is no tensor, or holds complex numbers.
    ValueError
        If a shape is wrong, there is no row, a value is NaN or infinite, or the devices differ.
    """
    X = check_features(X, dtype=dtype)
    _check_tensor("y", y)
    n = len(X)
    if y.shape != (n, 1):
        hint = "; use y.unsqueeze(1)" if y.shape == (n,) else f", one row for each of the {n} of X"
        raise ValueError(f"y must have shape ({n}, 1), got {tuple(y.shape)}{hint}")
    if y.device != X.device:
        raise ValueError(f"y is on {y.device} but X is on {X.device}; move one with .to(...)")
    y = y.to(X.dtype)
    _check_finite("y", y)
    return X, _plain(y)


def check_targets(y: Any, rows: int) -> Tensor:
    """Return the targets of any model: `rows` of them, of any shape and dtype, but finite.

    Raises
    ------
    TypeError
        If `y` is no tensor, or holds complex numbers.
    ValueError
        If `y` has another number of rows, or a value is NaN or infinite.
    """
    _check_tensor("y", y)
    if y.ndim == 0 or len(y) != rows:
        raise ValueError(f"y must have {rows} rows like X, got shape {tuple(y.shape)}")
    _check_finite("y", y)
    return _plain(y)


def all_finite(*values: Tensor) -> bool:
    """Say whether no value of these tensors is NaN or infinite."""
    # a sum is several times faster than a look at each, and NaN and infinity never leave it
    return all(math.isfinite(v.sum().item()) or bool(v.isfinite().all()) for v in values)


def check_positive(name: str, value: Any) -> float:
    """Return `value` as a float, or say why it is no positive finite number."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, got {type(value).__name__}")
    number = float(value)
    if not (math.isfinite(number) and number > 0):
        raise ValueError(f"{name} must be positive and finite, got {value}")
    return number


def check_rate(value: Any, dtype: torch.dtype) -> float:
    """Return a learning rate as a float, or say why it is no positive number of that dtype."""
    lr = check_positive("lr", value)
    largest = torch.finfo(dtype).max
    if lr > largest:
        raise ValueError(f"lr must be at most {largest:g} in {dtype}, got {value}")
    return lr


def check_nonnegative(name: str, value: Any) -> float:
    """Return `value` as a float, or say why it is no finite number of at least 0."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, got {type(value).__name__}")
    number = float(value)
    if not (math.isfinite(number) and number >= 0):
        raise ValueError(f"{name} must be 0 or more and finite, got {value}")
    return number


def check_count(name: str, value: Any, *, least: int = 1) -> int:
    """Return `value` as an int, or say why it is no count of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be an integer, got {type(value).__name__}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value}")
    count = int(value)
    if count >= 2**63:
        raise ValueError(f"{name} must be less than 2**63, got {count}")
    return count


def check_switch(name: str, value: Any) -> bool:
    """Return `value`, or say why it is neither True nor False."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, got {type(value).__name__}")
    return value


def check_generator(generator: Any) -> torch.Generator:
    """Return `generator`, or say how to make one."""
    if not isinstance(generator, torch.Generator):
        raise TypeError(
            f"generator must be a torch.Generator, got {type(generator).__name__}; "
            "make one with torch.Generator().manual_seed(0)"
        )
    return generator


def start_like(name: str, value: Any, like: Tensor) -> Tensor:
    """Return a start value with the shape, dtype and device of `like`: zeros for None.

    Raises
    ------
    TypeError
        If `value` is not made of real numbers.
    ValueError
        If it has another number of elements, or NaN or infinity among them.
    """
    if value is None:
        return torch.zeros_like(like)
    try:
        start = torch.as_tensor(value)
        if start.is_floating_point() and not isinstance(value, Tensor):
            start = torch.as_tensor(value, dtype=torch.float64)  # as Python's numbers are
    except (TypeError, ValueError, RuntimeError) as error:
        raise TypeError(f"{name} must be numbers, got {type(value).__name__}") from error
    _check_tensor(name, start)
    if start.numel() != like.numel():
        raise ValueError(f"{name} must have shape {tuple(like.shape)}, got {tuple(start.shape)}")
    start = _plain(start).to(dtype=like.dtype, device=like.device)
    _check_finite(name, start)
    return start.reshape(like.shape).clone()


def _check_tensor(name: str, value: Any) -> None:
    if not isinstance(value, Tensor):
        raise TypeError(
            f"{name} must be a torch.Tensor, got {type(value).__name__}; "
            f"convert it with torch.tensor(...)"
        )
    if value.is_complex():
        raise TypeError(f"{name} must hold real numbers, got {value.dtype}")
    if value.dtype == torch.bool:
        raise TypeError(f"{name} must hold numbers, got torch.bool; convert it with .float()")
    if value.is_floating_point() and value.itemsize < 2:
        raise TypeError(
            f"{name} must hold numbers of 16 bits or more, got {value.dtype}; "
            "convert it with .float()"
        )
    if value.layout != torch.strided:
        raise TypeError(f"{name} must be dense, got {value.layout}; convert it with .to_dense()")


def _plain(value: Tensor) -> Tensor:
    """Return the values without a graph, in a tensor that a graph of another may hold."""
    return value.clone() if value.is_inference() else value.detach()


def _check_finite(name: str, value: Tensor) -> None:
    if not all_finite(value):
        where = tuple(torch.nonzero(~torch.isfinite(value))[0].tolist())
        raise ValueError(
            f"{name} holds {value[where].item()} at index {list(where)}; "
            "remove or replace it before the call"
        )
